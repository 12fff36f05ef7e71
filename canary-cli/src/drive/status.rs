//! What a person sees while a drive runs.

use std::time::Duration;

use canary_load::drive::{Ending, Measured, Purpose, StepPlan};
use console::Term;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output;

/// Shows the step that runs on a terminal, and a line a step that is done.
#[derive(Debug)]
pub(crate) struct Status {
    bar: Option<ProgressBar>,
    quiet: bool,
}

impl Status {
    /// Nothing is shown with `quiet`; without a terminal only lines of steps that are done.
    pub(crate) fn new(quiet: bool) -> Self {
        let live = !quiet && Term::stderr().is_term();
        let bar = live.then(|| ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr()));
        if let Some(bar) = &bar {
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed} {msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(100));
        }
        Self { bar, quiet }
    }

    /// A step begins.
    pub(crate) fn begin(&self, number: usize, plan: StepPlan, bracket: (Option<f64>, Option<f64>)) {
        if let Some(bar) = &self.bar {
            let text = format!(
                "step {number}: {:.1}/s for {:.0} s, {}; holds {}, fails {}",
                plan.rate,
                plan.seconds,
                why(plan.purpose),
                shown(bracket.0),
                shown(bracket.1),
            );
            bar.set_message(text);
        }
    }

    /// A step is done.
    pub(crate) fn done(&self, number: usize, plan: StepPlan, measured: &Measured) {
        let p99 = measured.p99_ms.map_or_else(|| "-".to_owned(), |ms| format!("{ms:.1} ms"));
        let errors = 100.0 * measured.error_share;
        self.line(&format!(
            "step {number}: {:.1}/s offered, {:.1}/s good, {errors:.2} % errors, p99 {p99} ({})",
            plan.rate,
            measured.goodput,
            why(plan.purpose)
        ));
    }

    /// A line that stays.
    pub(crate) fn line(&self, text: &str) {
        match &self.bar {
            _ if self.quiet => {}
            Some(bar) => bar.println(text),
            None => output::say(text),
        }
    }
}

impl Drop for Status {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn shown(rate: Option<f64>) -> String {
    rate.map_or_else(|| "?".to_owned(), |rate| format!("{rate:.1}/s"))
}

fn why(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Ramp => "climbing",
        Purpose::Bisect => "halving",
        Purpose::Plateau => "beyond the limit",
        Purpose::Repeat => "an edge again",
        Purpose::Verify => "a low rate again",
    }
}

/// How a drive ended, for a person.
pub(crate) fn ending_text(ending: Ending) -> &'static str {
    match ending {
        Ending::Found => "the limit is found",
        Ending::RateCap => "the server holds --max-rate; the limit lies higher",
        Ending::NothingHolds => "not even low rates hold",
        Ending::TimeLimit => "the time is over before the limit is narrow",
        Ending::SurroundingsChanged => {
            "a low rate that held before fails now or is slower: something else than the load changed, so no number counts"
        }
        Ending::GeneratorLimited => "the load tool could not send more",
        Ending::TargetFailed => "no request was answered well",
        _ => "ended",
    }
}
