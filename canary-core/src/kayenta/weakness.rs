//! Why the peer's rule and our judge differ on a metric: which of the rule's known weaknesses decided.

use super::classify::Label;
use super::repair::mended;
use super::rule::Rule;
use crate::config::{Bounds, Direction};
use crate::report::State;

/// A known weakness of the rule. Each is found by mending it alone and judging again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Weakness {
    /// It takes successive values for independent. Where they follow each other, the interval is too narrow.
    ///
    /// Mended: the standard deviation of the statistic grows by what an AR(1) fit of either side says. Looked
    /// for where the lag-1 autocorrelation exceeds 0.3.
    IndependentMinutes,
    /// Where both sides share one value at most times (no errors at all, say), the end of the interval sticks
    /// to it, and the error of the root finder decides.
    ///
    /// Mended: ends within that error of "no shift" are set to it; where nothing was flagged, the rank
    /// statistic at "no shift" decides. Looked for where a tenth of all pairs is tied at one value.
    ZeroInflated,
    /// The root finder's tolerance is absolute, so that another unit gives another label.
    ///
    /// Mended: both sides are scaled until the tolerance is negligible.
    UnitDependent,
    /// It pools the whole window, so that a change late in it is diluted.
    ///
    /// Mended: the last quarter is judged alone.
    LateOnset,
    /// It looks at the location only: a wider spread or a heavier tail leaves it where it was.
    ///
    /// Mended: the distances from each side's median are compared; or the mean ratio decides, where it lies beyond
    /// the bounds while the estimated shift does not.
    OnlyLocation,
    /// A ratio of means loses its sense where a mean is negative: an increase has a ratio below 1.
    ///
    /// Mended: the effect is the probability that a canary value exceeds a baseline value.
    NegativeMean,
    /// Where a mean is exactly zero there is no ratio, and the allowed changes are ignored.
    ///
    /// Mended: without an effect nothing is flagged.
    ZeroMean,
    /// The samples are so small that no result whatever could be shown at its level; it takes the ends of the range
    /// for the interval, or fails.
    ///
    /// Mended: no result.
    TinySamples,
    /// It does not pair the sides in time. What moves both (load, time of day) blurs the shift between them.
    ///
    /// Mended: the mean of both sides at each time is taken out, and the interval widened by √2 for what that
    /// takes from the spread of unrelated sides.
    NoPairing,
    /// By default every provable shift counts, however small.
    ///
    /// Mended: shifts within our bounds are allowed.
    NoPracticalMargin,
    /// The interval must stay clear of zero by a quarter of the estimate: a clear but imprecise shift passes.
    ///
    /// Mended: it must only exclude zero.
    ToleranceBand,
    /// Told to replace missing values, it takes silence for zeros.
    ///
    /// Mended: missing values are left out.
    MissingAsZero,
    /// One infinite value makes the interval no number, which passes.
    ///
    /// Mended: infinite values are left out.
    InfiniteValues,
    /// Told to remove outliers, it does so on each side by itself, and with them the canary's new tail.
    ///
    /// Mended: they are kept.
    OutliersTrimmed,
}

impl Weakness {
    /// Every weakness, in the order in which they are named.
    pub const ALL: [Self; 14] = [
        Self::InfiniteValues,
        Self::MissingAsZero,
        Self::TinySamples,
        Self::UnitDependent,
        Self::ZeroInflated,
        Self::ZeroMean,
        Self::NegativeMean,
        Self::IndependentMinutes,
        Self::NoPracticalMargin,
        Self::NoPairing,
        Self::OutliersTrimmed,
        Self::LateOnset,
        Self::OnlyLocation,
        Self::ToleranceBand,
    ];

    /// The word for reports.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::IndependentMinutes => "independent_minutes",
            Self::ZeroInflated => "zero_inflated",
            Self::UnitDependent => "unit_dependent",
            Self::LateOnset => "late_onset",
            Self::OnlyLocation => "only_location",
            Self::NegativeMean => "negative_mean",
            Self::ZeroMean => "zero_mean",
            Self::TinySamples => "tiny_samples",
            Self::NoPairing => "no_pairing",
            Self::NoPracticalMargin => "no_practical_margin",
            Self::ToleranceBand => "tolerance_band",
            Self::MissingAsZero => "missing_as_zero",
            Self::InfiniteValues => "infinite_values",
            Self::OutliersTrimmed => "outliers_trimmed",
        }
    }
}

/// A metric on which the two may differ.
#[derive(Clone, Copy, Debug)]
pub struct Difference<'a> {
    /// The baseline's value at each tick; NaN where there is none.
    pub baseline: &'a [f64],
    /// The canary's value at the same ticks; NaN where there is none.
    pub canary: &'a [f64],
    /// The peer's rule.
    pub rule: &'a Rule,
    /// What that rule says.
    pub label: Label,
    /// What our judge says.
    pub state: State,
    /// The bounds that our judge held the ratio against.
    pub bounds: Bounds,
    /// The seed of the noise on constant series.
    pub seed: u64,
}

impl Difference<'_> {
    /// Whether `label` says what our judge says, as far as the rule's direction lets it.
    pub(super) fn agrees(&self, label: Label) -> bool {
        label
            == match (self.state, self.rule.direction) {
                (State::Hot, Direction::Increase | Direction::Either) => Label::High,
                (State::Cold, Direction::Decrease | Direction::Either) => Label::Low,
                (State::Hot | State::Cold | State::Ok, _) => Label::Pass,
                (State::NoData, _) => return matches!(label, Label::Nodata | Label::NodataFailMetric | Label::Error),
            }
    }
}

/// The weaknesses of the rule each of which, mended alone, would have made it agree with our judge. Empty where the
/// two agree, and where none of them explains the difference. Cost: up to 14 classifications.
#[must_use]
pub fn weaknesses(difference: &Difference<'_>) -> Vec<Weakness> {
    if difference.agrees(difference.label) {
        return Vec::new();
    }
    let decides = |weakness: &Weakness| mended(*weakness, difference).into_iter().any(|label| difference.agrees(label));
    Weakness::ALL.into_iter().filter(decides).collect()
}
