//! What separates the sides besides their builds.

use canary_core::report::{Check, Fairness, Outcome, Report};

use super::{number, percent, spelled_out};

/// What is wrong with a comparison, with both sides' numbers: a clause without a capital or a full stop.
#[must_use]
pub fn unfair_text(check: Check, baseline: Option<f64>, canary: Option<f64>) -> String {
    let plain = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), number);
    let share = |value: Option<f64>| value.map_or_else(|| "none".to_owned(), percent);
    match check {
        Check::Traffic => {
            format!("the traffic differs: {} -> {} requests a tick", plain(baseline), plain(canary))
        }
        Check::Instances => format!("{} -> {} instances", plain(baseline), plain(canary)),
        Check::Restarts => {
            format!("instances that started during the run: {} -> {}", share(baseline), share(canary))
        }
        Check::ClockSkew => match (baseline, canary) {
            (Some(late), _) if late > 0.0 => format!("the clock of the baseline is {} ticks late", number(late)),
            _ => format!("the clock of the canary is {} ticks late", plain(canary)),
        },
        Check::Step => "the sides have different steps".to_owned(),
        Check::WarmUp => {
            format!(
                "{} of the metrics differ in the first 10 minutes (leave them out with --warmup 10m)",
                share(canary)
            )
        }
        Check::Coverage => format!("values at {} -> {} of the common time", share(baseline), share(canary)),
        Check::Control => format!(
            "equal machines do not pass: {} of the metrics differ between the control and the baseline",
            share(canary)
        ),
        other => spelled_out(&other),
    }
}

/// A check as the cells of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckWords {
    /// What was looked at, and what its numbers are.
    pub what: &'static str,
    /// The baseline's number; `-` where it has none.
    pub baseline: String,
    /// The canary's number; `-` where it has none.
    pub canary: String,
    /// What was found.
    pub outcome: &'static str,
}

/// One check for a table of all of them, those that found nothing too.
#[must_use]
pub fn check_words(found: &Fairness) -> CheckWords {
    let (what, text): (_, fn(f64) -> String) = match found.check {
        Check::Traffic => ("traffic, requests a tick", number),
        Check::Instances => ("instances", number),
        Check::Restarts => ("instances that started during the run", percent),
        Check::ClockSkew => ("clocks, ticks late", number),
        Check::Step => ("seconds between values", number),
        Check::WarmUp => ("metrics that differ in the first 10 minutes", percent),
        Check::Coverage => ("common time with values", percent),
        Check::Control => ("metrics that differ between equal machines", percent),
        other => (other.name(), number),
    };
    let outcome = match found.outcome {
        Outcome::Alike => "alike",
        Outcome::Odd => "odd",
        Outcome::NotComparable => "not comparable",
    };
    let shown = |side: Option<f64>| side.map_or_else(|| "-".to_owned(), text);
    CheckWords { what, baseline: shown(found.baseline), canary: shown(found.canary), outcome }
}

/// What is odd about the comparison, though it stands; one clause each.
#[must_use]
pub fn odd_texts(report: &Report) -> Vec<String> {
    // Different steps are told by their own note.
    let odd = report.fairness.iter().filter(|found| found.outcome == Outcome::Odd && found.check != Check::Step);
    let mut texts: Vec<String> =
        odd.map(|&Fairness { check, baseline, canary, .. }| unfair_text(check, baseline, canary)).collect();
    let noise = report.noise;
    if noise.widening > 1.0 {
        texts.push(format!("intervals are {} times as wide: equal machines differ that much", number(noise.widening)));
    }
    texts
}
