//! A line a step: the same cells in every format.

use canary_core::squeeze::{SqueezeReport, StepResult};

use super::curve::load;
use crate::words::{number, percent, printable, rate, step_reason_text};

/// The titles of the cells.
pub(super) fn titles(report: &SqueezeReport) -> Vec<&'static str> {
    let closed = report.steps.iter().all(|step| step.offered.is_none());
    let mut titles = vec![if closed { "clients" } else { "offered/s" }, "good/s", "errors", "bad"];
    if has_units(report) {
        titles.push("of");
    }
    titles.push("");
    titles
}

/// The cells of a step.
pub(super) fn cells(report: &SqueezeReport, step: &StepResult) -> Vec<String> {
    let missing = || "-".to_owned();
    let mut cells = vec![
        load(step).map_or_else(missing, number),
        step.goodput.map_or_else(missing, rate),
        step.errors.to_string(),
        step.bad_share.map_or_else(missing, percent),
    ];
    if has_units(report) {
        let parts = [step.instance.as_deref().map(printable), step.repeat.map(|repeat| format!("repeat {repeat}"))];
        cells.push(parts.into_iter().flatten().collect::<Vec<_>>().join(", "));
    }
    cells.push(said(step));
    cells
}

fn has_units(report: &SqueezeReport) -> bool {
    report.steps.iter().any(|step| step.instance.is_some() || step.repeat.is_some())
}

fn said(step: &StepResult) -> String {
    match (step.used, step.reason) {
        (true, None) => String::new(),
        (true, Some(reason)) => step_reason_text(reason),
        (false, None) => "left out".to_owned(),
        (false, Some(reason)) => format!("left out: {}", step_reason_text(reason)),
    }
}
