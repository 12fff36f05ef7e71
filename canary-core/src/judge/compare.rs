//! One metric's two sides compared, by the judge that its settings name.

use super::comparison::{Comparison, Workspace};
use super::{bounds, interval};
use crate::config::{JudgeKind, Settings};
use crate::preprocess::Prepared;
use crate::report::Reason;

/// Compares, or says why that cannot be done.
pub(crate) fn compare(
    prepared: &Prepared,
    settings: &Settings,
    workspace: &mut Workspace,
) -> Result<Comparison, Reason> {
    match settings.judge {
        JudgeKind::Interval => interval::compare(prepared, workspace),
        JudgeKind::Bounds => bounds::compare(prepared),
    }
}
