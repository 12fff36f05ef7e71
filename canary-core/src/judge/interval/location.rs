//! The location of the log ratios, or of the differences, with its standard error.

use crate::judge::comparison::Workspace;
use crate::judge::estimate::{Scale, Student};
use crate::stats::{HuberLocation, LongRun, huber_line, huber_line_scores, huber_scores, long_run_given, persistence};

/// What the scores of a location say.
pub(super) struct Located {
    pub(super) student: Student,
    pub(super) effective: f64,
}

/// How much of a series a location is taken of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: how persistent its noise is holds for its parts as well.
    Whole,
    /// A part.
    Part,
}

/// A location of `workspace.values` with a standard error that knows of autocorrelation.
pub(super) fn located(found: &HuberLocation, scale: Scale, part: Part, workspace: &mut Workspace) -> Located {
    let Workspace { values, scores, .. } = workspace;
    huber_scores(values, found, scores);
    if part == Part::Whole {
        workspace.persistence = persistence(scores);
    }
    let spread = long_run_given(scores, workspace.persistence, 1);
    let error = standard_error(found.scale, found.inliers, scores.len(), spread);
    let student = Student { location: found.location, error, degrees: spread.degrees, scale };
    Located { student, effective: spread.effective }
}

/// The height at the end of a robust line through `workspace.values`; `None` where there is no such line.
/// The end of a line is twice as uncertain as its middle: Var(a + b/2) = V/n + 12 V/n / 4.
pub(super) fn line_end(scale: Scale, workspace: &mut Workspace) -> Option<Student> {
    let Workspace { values, scores, scratch, .. } = workspace;
    let line = huber_line(values, scratch)?;
    huber_line_scores(values, &line, scores);
    let spread = long_run_given(scores, workspace.persistence, 2);
    let error = 2.0 * standard_error(line.scale, line.inliers, scores.len(), spread);
    Some(Student { location: line.end(), error, degrees: spread.degrees, scale })
}

fn standard_error(scale: f64, inliers: usize, count: usize, spread: LongRun) -> f64 {
    let count = count as f64;
    scale * (spread.variance / count).sqrt() * count / inliers.max(1) as f64
}
