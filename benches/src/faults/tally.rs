//! What findings say of a scenario, against what was built.

use std::collections::BTreeSet;

use canary_core::Report;
use canary_core::report::{Finding, State};

use super::Scenario;

/// What the findings of one scenario say.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// Metrics of the component that moved, and those of them that are hot or cold.
    pub moved: usize,
    /// See `moved`.
    pub flagged: usize,
    /// Findings in all.
    pub findings: usize,
    /// The place of the component's finding, from 1; `None` where there is none.
    pub place: Option<usize>,
    /// Whether the first mover is right.
    pub first_mover: bool,
    /// By how many ticks the onset is off.
    pub onset_error: Option<usize>,
    /// Of the finding's members, those that moved with the component.
    pub right_members: usize,
    /// All of its members.
    pub members: usize,
    /// Whether the interval of the size holds the median factor of the members; `None` without an interval.
    pub size_holds: Option<bool>,
    /// What the finding calls the component.
    pub called: Option<String>,
}

impl Told {
    /// Compares. A finding is the component's where at least half of its members are, and at least half of the
    /// component's flagged metrics are in it.
    #[must_use]
    pub fn new(scenario: &Scenario, report: &Report) -> Self {
        let moved: BTreeSet<&str> = scenario.members.iter().map(|member| member.metric.as_str()).collect();
        let is_flagged = |state: State| matches!(state, State::Hot | State::Cold);
        let flagged = report.metrics.iter().filter(|metric| is_flagged(metric.state) && moved.contains(&*metric.name));
        let mut told =
            Self { moved: moved.len(), flagged: flagged.count(), findings: report.findings.len(), ..Self::default() };
        let right = |finding: &Finding| finding.members.iter().filter(|member| moved.contains(&*member.metric)).count();
        let is_it = |finding: &&Finding| {
            let right = right(finding);
            right > 0 && 2 * right >= finding.members.len() && 2 * right >= told.flagged
        };
        let Some(place) = report.findings.iter().position(|finding| is_it(&finding)) else { return told };
        let finding = &report.findings[place];
        told.place = Some(place + 1);
        told.first_mover = scenario.members.first().is_some_and(|first| first.metric == *finding.first_mover);
        told.onset_error = usize::try_from(finding.onset.tick).ok().map(|tick| tick.abs_diff(scenario.onset));
        told.right_members = right(finding);
        told.members = finding.members.len();
        told.called = finding.component.as_ref().map(ToString::to_string);
        told.size_holds = size_holds(scenario, finding);
        told
    }
}

/// Whether the interval holds the median of the members' true factors: 1 for one that did not move.
fn size_holds(scenario: &Scenario, finding: &Finding) -> Option<bool> {
    let interval = finding.size.interval?;
    let truth = |name: &str| {
        let injected = scenario.members.iter().chain(&scenario.unrelated).find(|member| member.metric == name);
        injected.map_or(1.0, |injected| injected.ratio.max(1.0 / injected.ratio))
    };
    let mut factors: Vec<f64> = finding.members.iter().map(|member| truth(&member.metric)).collect();
    factors.sort_by(f64::total_cmp);
    let (low, high) = (factors[(factors.len() - 1) / 2], factors[factors.len() / 2]);
    let median = f64::midpoint(low, high);
    Some(interval.lower.is_none_or(|lower| lower <= median) && interval.upper.is_none_or(|upper| median <= upper))
}

/// What the findings of several scenarios say.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Scenarios.
    pub scenarios: usize,
    /// Those with the component among the first three findings.
    pub found: usize,
    /// Those with it as the very first.
    pub found_first: usize,
    /// Those with the right first mover.
    pub first_mover: usize,
    /// How many would have it by a blind choice among the finding's members.
    pub by_chance: f64,
    /// The most findings of any.
    pub most_findings: usize,
    /// Members of the components' findings, and those of them that belong there.
    pub members: usize,
    /// See `members`.
    pub right_members: usize,
    /// Metrics that moved with a component that was found.
    pub moved: usize,
    /// By how many ticks onsets are off, rising.
    pub onset_errors: Vec<usize>,
    /// Intervals of the size, and those that hold it.
    pub sizes: usize,
    /// See `sizes`.
    pub sizes_held: usize,
}

impl Tally {
    /// Adds up.
    #[must_use]
    pub fn of<'a>(told: impl IntoIterator<Item = &'a Told>) -> Self {
        let mut tally = Self::default();
        for told in told {
            tally.scenarios += 1;
            tally.found += usize::from(told.place.is_some_and(|place| place <= 3));
            tally.found_first += usize::from(told.place == Some(1));
            tally.first_mover += usize::from(told.first_mover);
            tally.by_chance += if told.members > 0 { 1.0 / told.members as f64 } else { 0.0 };
            tally.most_findings = tally.most_findings.max(told.findings);
            tally.members += told.members;
            tally.right_members += told.right_members;
            tally.moved += if told.place.is_some() { told.moved } else { 0 };
            tally.onset_errors.extend(told.onset_error);
            tally.sizes += usize::from(told.size_holds.is_some());
            tally.sizes_held += usize::from(told.size_holds == Some(true));
        }
        tally.onset_errors.sort_unstable();
        tally
    }

    /// The median of the onset errors, in ticks.
    #[must_use]
    pub fn onset_error(&self) -> Option<usize> {
        self.onset_errors.get(self.onset_errors.len() / 2).copied()
    }
}
