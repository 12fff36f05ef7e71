//! What is said of several metrics at once.

use canary_core::report::{Finding, Onset, Report, Size, State, Tipping};

use super::compared::moment_text;
use super::{beside, counted, in_prose, listed, number, verdict_word};

/// Names listed of the metrics that tip the verdict; the rest are counted.
const NAMES: usize = 3;

/// What a finding is about, in a few words: `checkout/ in us-east-1`.
#[must_use]
pub fn finding_title(finding: &Finding) -> String {
    let count = counted(finding.members.len() as u64, "metric");
    let what = finding.component.as_deref().map_or(count, in_prose);
    let place = finding.region.as_deref().map(|region| format!(" in {}", in_prose(region))).unwrap_or_default();
    what + &place
}

/// A finding in sentences: how many metrics moved together, by how much, from when on, which one first, and what
/// that costs.
#[must_use]
pub fn finding_text(finding: &Finding) -> String {
    let members = finding.members.len() as u64;
    let together = if members == 1 { "" } else { " together" };
    let moved = format!(
        "{} moved{together} {}, {}.",
        counted(members, "metric"),
        size_text(&finding.size),
        onset_text(&finding.onset)
    );
    let first = (members > 1).then(|| format!("First to move: {}.", in_prose(&finding.first_mover)));
    let states = (members > 1).then(|| format!("{}.", states_text(finding)));
    let loss = finding.score_loss.filter(|loss| *loss > 0.0);
    let loss = loss.map(|loss| format!("Without {} the score would be {} higher.", them(members), number(loss)));
    [Some(moved), first, states, loss].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// When a change began: `from 2026-08-22 11:04 UTC on (minute 64)`.
#[must_use]
pub fn onset_text(onset: &Onset) -> String {
    match onset.at.as_deref() {
        Some(at) => format!("from {} on (minute {})", moment_text(at), number(onset.minutes)),
        None => format!("from minute {} on", number(onset.minutes)),
    }
}

/// How large a change is: `by a factor of 1.52 [1.40, 1.66]`.
#[must_use]
pub fn size_text(size: &Size) -> String {
    let Some(factor) = size.factor else { return "from or to zero".to_owned() };
    // An interval end on the other side of 1 says that the direction is open: it must not round to 1.
    let end = |end: Option<f64>, open: &str| end.map_or_else(|| open.to_owned(), |end| beside(end, &[1.0]));
    let interval =
        size.interval.map(|interval| format!(" [{}, {}]", end(interval.lower, "0"), end(interval.upper, "inf")));
    format!("by a factor of {}{}", beside(factor, &[1.0]), interval.unwrap_or_default())
}

fn states_text(finding: &Finding) -> String {
    let with = |state| finding.members.iter().filter(|member| member.state == state).count();
    let states =
        [(State::Hot, "hot"), (State::Cold, "cold"), (State::Ok, "within bounds"), (State::NoData, "without data")];
    let states: Vec<String> = states
        .into_iter()
        .map(|(state, word)| (with(state), word))
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let against = finding.members.iter().filter(|member| member.counts_against).count();
    let counts = match against {
        0 => "none counts against the canary".to_owned(),
        all if all == finding.members.len() => "all count against the canary".to_owned(),
        1 => "1 counts against the canary".to_owned(),
        some => format!("{some} count against the canary"),
    };
    format!("{}; {counts}", states.join(", "))
}

/// Which metrics decide the verdict, in a sentence.
#[must_use]
pub fn tipping_text(report: &Report, tipping: &Tipping) -> String {
    let names: Vec<&str> = tipping.metrics.iter().map(|metric| metric.name.as_ref()).collect();
    let these = match names.len() {
        1 => "this metric".to_owned(),
        several => format!("these {several} metrics"),
    };
    let (would, is) = (verdict_word(tipping.verdict), verdict_word(report.verdict));
    format!("Without {these} the verdict would be {would} instead of {is}: {}.", listed(&names, NAMES))
}

fn them(members: u64) -> &'static str {
    if members == 1 { "it" } else { "them" }
}

#[cfg(test)]
mod tests {
    use canary_core::report::{Interval, Member};

    use super::*;

    fn member(name: &str, state: State, counts_against: bool) -> Member {
        Member { metric: name.into(), state, counts_against, ratio: Some(1.5), onset_tick: 64 }
    }

    fn finding() -> Finding {
        Finding {
            region: Some("us-east-1".into()),
            component: Some("checkout/".into()),
            onset: Onset { tick: 64, minutes: 64.0, at: Some("2026-08-22T11:04:00Z".to_owned()) },
            first_mover: "checkout/p99".into(),
            size: Size {
                factor: Some(1.5234),
                interval: Some(Interval { level: 0.95, lower: Some(1.4), upper: Some(1.66) }),
            },
            score_loss: Some(3.25),
            members: vec![
                member("checkout/p99", State::Hot, true),
                member("checkout/rps", State::Cold, true),
                member("checkout/cpu", State::Ok, false),
            ],
        }
    }

    #[test]
    fn a_finding_says_what_when_how_much_and_what_it_costs() {
        assert_eq!(finding_title(&finding()), "checkout/ in us-east-1");
        assert_eq!(
            finding_text(&finding()),
            "3 metrics moved together by a factor of 1.523 [1.400, 1.660], from 2026-08-22 11:04 UTC on (minute 64). \
             First to move: checkout/p99. 1 hot, 1 cold, 1 within bounds; 2 count against the canary. Without them \
             the score would be 3.25 higher."
        );
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let alone = Finding {
            region: None,
            component: None,
            onset: Onset { tick: 3, minutes: 3.0, at: None },
            size: Size { factor: None, interval: None },
            score_loss: None,
            members: vec![member("a\u{202e}b", State::Hot, true)],
            ..finding()
        };
        assert_eq!(finding_title(&alone), "1 metric");
        assert_eq!(finding_text(&alone), "1 metric moved from or to zero, from minute 3 on.");
    }
}
