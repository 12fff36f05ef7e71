//! The default judge: the confidence interval of the ratio, honest under autocorrelation.
//!
//! Pairs are taken minute by minute, so that the load which both sides share cancels. The location is a
//! Huber M-estimate of the log ratios; its standard error is made of the long-run variance of the scores.
//! Series full of zeros have no log ratio: there the ratio of the sums, with an interval by block sign
//! flips. Values on both sides of zero have no ratio at all: there the difference, over the level of
//! both. Each is done over several windows. `docs/method.md` has sources, reasons and measured error rates.

mod location;
mod orientation;
pub(super) mod windows;

use super::comparison::{Comparison, View, Workspace, paired_averages};
use super::estimate::{Estimate, Scale};
use crate::preprocess::Prepared;
use crate::report::{Average, Flag, Method, Reason, Window};
use crate::stats::{Located, huber_location, median, sign_flips};
use location::{Part, line_end, located};
use orientation::{Orientation, log_ratios, magnitudes, orientation};
use windows::{length, windows};

/// Above this share of one-sided zeros the log ratio says too little.
const MAX_ONE_SIDED_SHARE: f64 = 0.25;
/// Fewer usable log ratios than this, or than half of the pairs, are too few.
const MIN_LOG_RATIOS: usize = 12;
const MIN_USABLE_SHARE: f64 = 0.5;
/// A past of fewer pairs is no past.
const MIN_PAST: usize = 30;

/// Compares the pairs of `prepared`. Cost: O(n × degrees of freedom) a window; 25 degrees at 480 points.
pub(super) fn compare(prepared: &Prepared, workspace: &mut Workspace) -> Result<Comparison, Reason> {
    let pairs = prepared.pairs.as_slice();
    workspace.persistence = 0.0;
    let oriented = match orientation(pairs) {
        Ok(oriented) => oriented,
        Err(share) => return differences(pairs, share, workspace),
    };
    let Orientation { sign, odd } = oriented;
    magnitudes(pairs, sign, &mut workspace.magnitudes);
    log_ratios(&workspace.magnitudes, &mut workspace.log_ratios);
    let usable = Usable::of(&workspace.log_ratios);
    let mut comparison = Comparison::of(paired_averages(pairs, &mut workspace.scratch));
    if usable.total() == 0 {
        comparison.method = Some(Method::Deterministic);
        comparison.special = Some(Reason::BothZero);
        comparison.views = vec![View::full(Estimate::Exact(1.0), comparison.average)];
    } else {
        by_windows(pairs, workspace, &mut comparison);
        comparison.before = before(&prepared.before, sign, workspace);
    }
    comparison.odd_signs = odd as u64;
    if sign < 0.0 {
        comparison.flags.push(Flag::NegativeLevel);
    }
    Ok(comparison)
}

/// How many log ratios there are of which kind.
struct Usable {
    pairs: usize,
    finite: usize,
    one_sided: usize,
}

impl Usable {
    fn of(log_ratios: &[f64]) -> Self {
        let one_sided = log_ratios.iter().map(|value| usize::from(value.is_infinite())).sum();
        let finite = log_ratios.iter().map(|value| usize::from(value.is_finite())).sum();
        Self { pairs: log_ratios.len(), finite, one_sided }
    }

    fn total(&self) -> usize {
        self.finite + self.one_sided
    }

    fn enough_for_logs(&self) -> bool {
        let total = self.total() as f64;
        self.total() >= MIN_LOG_RATIOS
            && total >= MIN_USABLE_SHARE * self.pairs as f64
            && self.one_sided as f64 <= MAX_ONE_SIDED_SHARE * total
    }
}

/// Every window by what its own values allow: logarithms, else sign flips.
fn by_windows(pairs: &[(f64, f64)], workspace: &mut Workspace, comparison: &mut Comparison) {
    for (window, part) in windows(pairs.len()) {
        let first = pairs.len() - length(window, pairs.len());
        let Some(shown) = ratio_over(window, first, workspace) else { continue };
        if window == Window::Full {
            comparison.effective = Some(shown.effective);
            comparison.method = Some(shown.method);
            if shown.method == Method::Deterministic {
                comparison.flags.push(Flag::Deterministic);
            }
            comparison.special = by_zero(shown.estimate.ratio());
        }
        let average = averages_over(window, pairs, comparison.average, &mut workspace.scratch);
        comparison.views.push(View { window, part, estimate: shown.estimate, average });
    }
    comparison.share_out();
}

/// Both sides' averages over a window; the end of a trend is shown by the last eighth.
fn averages_over(window: Window, pairs: &[(f64, f64)], full: Average, scratch: &mut Vec<f64>) -> Average {
    let shown = match window {
        Window::Full => return full,
        Window::End => Window::LastEighth,
        part => part,
    };
    let first = pairs.len() - length(shown, pairs.len()).max(1);
    paired_averages(pairs.get(first..).unwrap_or_default(), scratch)
}

/// The log ratio of the time before the deployment; `None` where that is too short or too full of zeros.
fn before(pairs: &[(f64, f64)], sign: f64, workspace: &mut Workspace) -> Option<Located> {
    if pairs.len() < MIN_PAST {
        return None;
    }
    magnitudes(pairs, sign, &mut workspace.magnitudes);
    log_ratios(&workspace.magnitudes, &mut workspace.log_ratios);
    if !Usable::of(&workspace.log_ratios).enough_for_logs() {
        return None;
    }
    workspace.values.clear();
    workspace.values.extend(workspace.log_ratios.iter().filter(|value| !value.is_nan()));
    let found = huber_location(&workspace.values, &mut workspace.scratch).filter(|found| found.scale > 0.0)?;
    let student = located(&found, Scale::Log, Part::Whole, workspace).student;
    Some(Located { estimate: student.location, error: student.error, degrees: student.degrees })
}

fn by_zero(ratio: f64) -> Option<Reason> {
    if ratio.is_infinite() {
        Some(Reason::BaselineZero)
    } else if ratio == 0.0 {
        Some(Reason::CanaryZero)
    } else {
        None
    }
}

/// What one window says.
struct Seen {
    estimate: Estimate,
    effective: f64,
    method: Method,
}

/// The ratio over the pairs from `first` on; `None` where this window has nothing to say.
fn ratio_over(window: Window, first: usize, workspace: &mut Workspace) -> Option<Seen> {
    let part = workspace.log_ratios.get(first..).unwrap_or_default();
    let usable = Usable::of(part);
    if usable.total() == 0 {
        return None;
    }
    workspace.values.clear();
    if usable.total() == part.len() {
        workspace.values.extend_from_slice(part);
    } else {
        workspace.values.extend(part.iter().filter(|value| !value.is_nan()));
    }
    if usable.enough_for_logs() {
        if window == Window::End {
            let estimate = Estimate::Student(line_end(Scale::Log, workspace)?);
            return Some(Seen { estimate, effective: 0.0, method: Method::PairedHuber });
        }
        match huber_location(&workspace.values, &mut workspace.scratch) {
            Some(found) if found.scale > 0.0 => {
                let part = if window == Window::Full { Part::Whole } else { Part::Part };
                let located = located(&found, Scale::Log, part, workspace);
                let estimate = Estimate::Student(located.student);
                return Some(Seen { estimate, effective: located.effective, method: Method::PairedHuber });
            }
            Some(found) if usable.one_sided == 0 => {
                let estimate = Estimate::Exact(found.location.exp());
                return Some(Seen { estimate, effective: usable.finite as f64, method: Method::Deterministic });
            }
            _ => {}
        }
    }
    if window == Window::End {
        return None;
    }
    let flips = sign_flips(workspace.magnitudes.get(first..).unwrap_or_default());
    let effective = flips.blocks as f64;
    Some(Seen { estimate: Estimate::Flips(flips), effective, method: Method::SignFlip })
}

/// Values on both sides of zero: the location of the differences over the median magnitude of both sides.
/// Where that is zero nothing says how much is much.
fn differences(pairs: &[(f64, f64)], share: f64, workspace: &mut Workspace) -> Result<Comparison, Reason> {
    workspace.scratch.clear();
    workspace.scratch.extend(pairs.iter().flat_map(|(b, c)| [b.abs(), c.abs()]));
    let level = median(&mut workspace.scratch).filter(|level| *level > 0.0).ok_or(Reason::MixedSigns { share })?;
    let mut comparison = Comparison::of(paired_averages(pairs, &mut workspace.scratch));
    comparison.method = Some(Method::PairedDifference);
    comparison.flags.push(Flag::MixedSigns);
    for (window, part) in windows(pairs.len()) {
        let first = pairs.len() - length(window, pairs.len());
        let seen = pairs.get(first..).unwrap_or_default();
        workspace.values.clear();
        // Over the level before the difference is taken: no unit overflows.
        workspace.values.extend(seen.iter().map(|(baseline, canary)| canary / level - baseline / level));
        let scale = Scale::Difference;
        let estimate = if window == Window::End {
            line_end(scale, workspace).map(Estimate::Student)
        } else {
            difference_over(scale, workspace, (window == Window::Full).then_some(&mut comparison))
        };
        let Some(estimate) = estimate else { continue };
        let average = averages_over(window, pairs, comparison.average, &mut workspace.scratch);
        comparison.views.push(View { window, part, estimate, average });
    }
    comparison.share_out();
    Ok(comparison)
}

fn difference_over(scale: Scale, workspace: &mut Workspace, full: Option<&mut Comparison>) -> Option<Estimate> {
    let found = huber_location(&workspace.values, &mut workspace.scratch)?;
    if found.scale <= 0.0 {
        return Some(Estimate::Exact(scale.ratio(found.location)));
    }
    let part = if full.is_some() { Part::Whole } else { Part::Part };
    let located = located(&found, scale, part, workspace);
    if let Some(full) = full {
        full.effective = Some(located.effective);
    }
    Some(Estimate::Student(located.student))
}
