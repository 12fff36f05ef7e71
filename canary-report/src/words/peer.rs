//! What the peer's rule says, and why it differs.

use canary_core::kayenta::{Label, Outcome, Weakness};
use canary_core::report::{PeerDifference, Reason, Report};

use super::{counted, exact, in_prose, spelled_out, state_word};

/// The peer's label, as it writes it.
#[must_use]
pub fn label_word(label: Label) -> &'static str {
    match label {
        Label::Pass => "Pass",
        Label::High => "High",
        Label::Low => "Low",
        Label::Nodata => "Nodata",
        Label::NodataFailMetric => "NodataFailMetric",
        Label::Error => "Error",
    }
}

/// The peer's own verdict, and on how many metrics it differs; `None` where it was not asked.
#[must_use]
pub fn peer_text(report: &Report) -> Option<String> {
    let peer = report.peer.as_ref()?;
    let verdict = match peer.classification {
        Outcome::Pass => "PASS",
        Outcome::Marginal => "MARGINAL",
        Outcome::Fail => "FAIL",
    };
    let reason = peer.reason.as_deref().map(|reason| format!(" ({})", in_prose(reason))).unwrap_or_default();
    let said = format!("Kayenta itself would say: {verdict}, score {}{reason}", exact(peer.score));
    let asked = report.metrics.iter().filter(|metric| metric.peer.is_some());
    // Where its rule is the judge, there is nothing that it could differ from.
    let compared = asked.filter(|metric| !matches!(metric.reason, Reason::Kayenta { .. })).count() as u64;
    Some(match (compared, peer.differences.len() as u64) {
        (0, 0) => said,
        (compared, 0) => format!("{said}; it agrees on all {}", counted(compared, "metric")),
        (compared, differing) => format!("{said}; it differs on {differing} of {}", counted(compared, "metric")),
    })
}

/// The differences that matter most to a reader, first: a change that only one of the two sees, by whether it
/// counts here; then in the order of the report.
#[must_use]
pub fn worst_differences(report: &Report) -> Vec<&PeerDifference> {
    let Some(peer) = &report.peer else { return Vec::new() };
    let rank = |difference: &PeerDifference| {
        report
            .metrics
            .iter()
            .position(|metric| metric.name == difference.metric && metric.region == difference.region)
            .map_or((3, usize::MAX), |index| {
                let counts = report.metrics.get(index).is_some_and(|metric| metric.counts_against);
                (if counts { 0 } else { 1 + u8::from(!difference.label.is_flagged()) }, index)
            })
    };
    let mut ranked: Vec<_> = peer.differences.iter().map(|difference| (rank(difference), difference)).collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, difference)| difference).collect()
}

/// What each says of one metric, and at most `limit` reasons why they differ: `HOT here, Pass there: it pools ...`.
#[must_use]
pub fn difference_text(difference: &PeerDifference, limit: usize) -> String {
    let said = format!("{} here, {} there", state_word(difference.state), label_word(difference.label));
    let weaknesses = &difference.weaknesses;
    let mut why: Vec<String> = weaknesses.iter().take(limit).map(|weakness| weakness_text(*weakness)).collect();
    let more = weaknesses.len().saturating_sub(limit);
    if more > 0 {
        why.push(counted(more as u64, "more reason"));
    }
    if why.is_empty() {
        format!("{said}; none of the known weaknesses of that rule explains it")
    } else {
        format!("{said}: {}", why.join("; "))
    }
}

/// A known weakness of the peer's rule as a clause.
#[must_use]
pub fn weakness_text(weakness: Weakness) -> String {
    let text = match weakness {
        Weakness::IndependentMinutes => "it takes minutes that follow each other for independent",
        Weakness::ZeroInflated => "most values of both sides are the same one, and its interval sticks to it",
        Weakness::UnitDependent => "its tolerance is absolute: another unit would give another label",
        Weakness::LateOnset => "it pools the whole run, which dilutes a late change",
        Weakness::OnlyLocation => "it looks at the location only, not at spread and tail",
        Weakness::NegativeMean => "a mean is negative, where its ratio of means loses its sense",
        Weakness::ZeroMean => "a mean is zero, so that its allowed changes are ignored",
        Weakness::TinySamples => "there are too few values for any result at its level",
        Weakness::NoPairing => "it does not pair the sides in time, and what moves both blurs the shift",
        Weakness::NoPracticalMargin => "every provable shift counts there, however small",
        Weakness::ToleranceBand => "its interval must stay clear of zero by a quarter of the shift",
        Weakness::MissingAsZero => "it takes missing values for zeros",
        Weakness::InfiniteValues => "an infinite value makes its interval no number, which passes",
        Weakness::OutliersTrimmed => "it removes outliers, and with them the canary's new tail",
        other => return spelled_out(&other),
    };
    text.to_owned()
}
