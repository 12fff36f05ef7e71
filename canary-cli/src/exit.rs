//! Exit codes: 0 pass, 1 fail, 2 no verdict, 3 marginal or inconclusive.

use std::process::ExitCode;

use canary_core::report::Verdict;

/// How a run ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The verdict is pass, or one that `--allow` names; or a command without a verdict has done its work.
    Pass,
    /// The verdict is fail.
    Fail,
    /// There is no verdict: usage, configuration, input or output.
    NoVerdict,
    /// The verdict is marginal or inconclusive.
    Undecided,
}

impl Exit {
    /// The exit of a verdict; `allowed` verdicts are taken for a pass.
    pub(crate) fn of(verdict: Verdict, allowed: &[Verdict]) -> Self {
        match verdict {
            Verdict::Pass => Self::Pass,
            Verdict::Fail => Self::Fail,
            Verdict::Marginal | Verdict::Inconclusive if allowed.contains(&verdict) => Self::Pass,
            Verdict::Marginal | Verdict::Inconclusive => Self::Undecided,
        }
    }
}

impl Exit {
    /// Of two answers the one that forbids more: a failure, then no answer, then a doubtful one.
    pub(crate) fn or(self, other: Self) -> Self {
        let worst_first = [Self::Fail, Self::NoVerdict, Self::Undecided];
        worst_first.into_iter().find(|exit| [self, other].contains(exit)).unwrap_or(Self::Pass)
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Pass => 0,
            Exit::Fail => 1,
            Exit::NoVerdict => 2,
            Exit::Undecided => 3,
        })
    }
}
