//! What is said of one metric.

use canary_core::config::Bounds;
use canary_core::report::{Evidence, Flag, Interval, Method, MetricResult, Reason, State, Window};
use canary_core::shape::{Shape, ShapeDirection, ShapeFinding};

use super::note::side_name;
use super::{beside, exact, in_prose, label_word, number, percent, percent_beside, spelled_out};

/// The state as a word that stands out.
#[must_use]
pub fn state_word(state: State) -> &'static str {
    match state {
        State::Hot => "HOT",
        State::Cold => "COLD",
        State::Ok => "OK",
        State::NoData => "NODATA",
    }
}

/// Whether it was measured by a test of its own, beside the series.
pub(crate) fn is_measured(metric: &MetricResult) -> bool {
    metric.method == Some(Method::Measured)
        || matches!(
            metric.reason,
            Reason::NotMeasured { .. } | Reason::OnlyBounds | Reason::DifferentTests | Reason::NameTaken
        )
}

/// Why a metric has its state, with the numbers that decided: a clause without a capital or a full stop.
#[must_use]
pub fn reason_text(metric: &MetricResult) -> String {
    let (lower, upper) = (exact(metric.bounds.lower()), exact(metric.bounds.upper()));
    let found = found(metric);
    match &metric.reason {
        Reason::AboveUpperBound => format!("too high: {found} lies above the upper bound {upper}"),
        Reason::BelowLowerBound => format!("too low: {found} lies below the lower bound {lower}"),
        Reason::WithinBounds => format!("{found} lies within the bounds {lower} to {upper}"),
        Reason::OverlapsBound => format!("undecided: {found} reaches over a bound of {lower} to {upper}"),
        Reason::BelowFloor { change, floor } => format!(
            "{found} lies outside the bounds {lower} to {upper}, but the change of {} is smaller than the floor {}",
            number(*change),
            exact(*floor)
        ),
        Reason::BaselineZero => "too high: the baseline is zero throughout and the canary is not".to_owned(),
        Reason::CanaryZero => "too low: the canary is zero throughout and the baseline is not".to_owned(),
        Reason::BothZero => "both sides are zero throughout".to_owned(),
        Reason::MissingInCanary => "no data in the canary".to_owned(),
        Reason::MissingInBaseline => "no data in the baseline".to_owned(),
        Reason::NoValues => "no usable value on either side".to_owned(),
        Reason::NoCommonTimes => "no time in common".to_owned(),
        Reason::TooFewPoints { found, needed } => format!("{found} usable points of {needed} needed"),
        Reason::LowCoverage { share, needed } => format!(
            "one side has {} of the other's points, {} needed",
            percent_beside(*share, *needed),
            percent(*needed)
        ),
        Reason::NotFinite { share, limit } => format!(
            "{} of one side's values are infinite, at most {} are taken for stray",
            percent_beside(*share, *limit),
            percent(*limit)
        ),
        Reason::RelatedMissing { key, metric } => {
            format!("no metric `{}` in the region, which the key {} names", in_prose(metric), key.name())
        }
        Reason::RelatedWithoutValues { key, metric, side } => format!(
            "`{}`, which the key {} names, has no values of the {} at these times",
            in_prose(metric),
            key.name(),
            side_name(*side)
        ),
        Reason::NoTraffic { side } => format!("no traffic on the {} to count events in", side_name(*side)),
        Reason::NoEvents { baseline, canary } => {
            format!("no event on either side, in {} -> {} of the denominator", number(*baseline), number(*canary))
        }
        Reason::SampleSizeBias { quantile, requests, needed } => format!(
            "{} requests in a usual tick of the smaller side, {} needed beside far more on the other: a quantile of {} is \
             biased, not worse",
            number(*requests),
            number(*needed),
            exact(*quantile)
        ),
        Reason::NotMeasured { side } => format!("the test of the {} gave no number", side_name(*side)),
        Reason::OnlyBounds => "both tests gave only bounds, from which no ratio follows".to_owned(),
        Reason::DifferentTests => "the two tests ask for different things: their numbers have no ratio".to_owned(),
        Reason::NameTaken => "another metric has this name".to_owned(),
        Reason::OppositeAverages => "one average lies above zero and the other below".to_owned(),
        Reason::MixedSigns { share } => {
            format!("values above and below zero ({} of the pairs disagree)", percent(*share))
        }
        Reason::Shape { shape } => {
            let found = metric.shapes.iter().find(|found| found.shape == *shape);
            found.map_or_else(|| format!("its shape: {}", spelled_out(shape)), shape_text)
        }
        Reason::Kayenta { label, lower, upper, estimate } => {
            let shift = lower.zip(*upper).zip(*estimate).map(|((lower, upper), estimate)| {
                format!(": shift {} in [{}, {}]", number(estimate), number(lower), number(upper))
            });
            format!("{} by the rule of Kayenta{}", label_word(*label), shift.unwrap_or_default())
        }
        other => spelled_out(other),
    }
}

/// What was held against the bounds: the interval, or the ratio where there is none.
fn found(metric: &MetricResult) -> String {
    let shown = metric.interval.map_or_else(
        || format!("the ratio {}", ratio_text(metric)),
        |interval| format!("the interval {}", interval_text(interval, metric.bounds)),
    );
    match metric.window.and_then(window_text) {
        Some(window) => format!("{shown} {window}"),
        None => shown,
    }
}

/// Where the window that decided is not all of the run, which part it is.
#[must_use]
pub(crate) fn window_text(window: Window) -> Option<&'static str> {
    match window {
        Window::LastHalf => Some("of the last half"),
        Window::LastQuarter => Some("of the last quarter"),
        Window::LastEighth => Some("of the last eighth"),
        Window::End => Some("at the end of the trend"),
        _ => None,
    }
}

/// A shape in a word.
fn shape_label(shape: Shape) -> &'static str {
    match shape {
        Shape::Spread => "another spread",
        Shape::Tail => "another tail",
        Shape::Spikes => "spikes",
        Shape::Stuck => "stuck",
        Shape::Zeroed => "zeroed",
        _ => "another shape",
    }
}

/// The reason in two or three words, for a tally.
#[must_use]
pub fn reason_label(reason: &Reason) -> String {
    let label = match reason {
        Reason::AboveUpperBound => "above the upper bound",
        Reason::BelowLowerBound => "below the lower bound",
        Reason::WithinBounds => "within the bounds",
        Reason::OverlapsBound => "overlapping a bound",
        Reason::BelowFloor { .. } => "change below the floor",
        Reason::Shape { shape } => shape_label(*shape),
        Reason::Kayenta { .. } => "by Kayenta's rule",
        Reason::BaselineZero => "zero in baseline",
        Reason::CanaryZero => "zero in canary",
        Reason::BothZero => "zero on both sides",
        Reason::MissingInCanary => "missing in canary",
        Reason::MissingInBaseline => "missing in baseline",
        Reason::NoValues => "without values",
        Reason::NoCommonTimes => "without common times",
        Reason::TooFewPoints { .. } => "too few points",
        Reason::LowCoverage { .. } => "low coverage",
        Reason::NotFinite { .. } => "infinite values",
        Reason::RelatedMissing { .. } => "without the metric that a rule names",
        Reason::RelatedWithoutValues { .. } | Reason::NoTraffic { .. } => "without traffic",
        Reason::NoEvents { .. } => "without events",
        Reason::SampleSizeBias { .. } => "quantiles of too few requests",
        Reason::NotMeasured { .. } => "not measured",
        Reason::OnlyBounds => "only bounds",
        Reason::DifferentTests => "different tests",
        Reason::NameTaken => "name taken",
        Reason::OppositeAverages => "opposite averages",
        Reason::MixedSigns { .. } => "mixed signs",
        other => return spelled_out(other),
    };
    label.to_owned()
}

/// The ratio canary/baseline; `inf` over a baseline of zero, `-` where there is none.
#[must_use]
pub fn ratio_text(metric: &MetricResult) -> String {
    match (metric.ratio, &metric.reason) {
        (Some(ratio), _) => beside(ratio, &[metric.bounds.lower(), metric.bounds.upper()]),
        (None, Reason::BaselineZero) => "inf".to_owned(),
        (None, _) => "-".to_owned(),
    }
}

/// The interval, with the digits that it takes to see on which side of the bounds it lies.
#[must_use]
pub fn interval_text(interval: Interval, bounds: Bounds) -> String {
    let fences = [bounds.lower(), bounds.upper()];
    let lower = interval.lower.map_or_else(|| "(-inf".to_owned(), |end| format!("[{}", beside(end, &fences)));
    let upper = interval.upper.map_or_else(|| "inf)".to_owned(), |end| format!("{}]", beside(end, &fences)));
    format!("{lower}, {upper}")
}

/// How the metric stands to its bounds, in a few columns: `> 1.25`.
#[must_use]
pub fn bound_text(metric: &MetricResult) -> String {
    let (lower, upper) = (exact(metric.bounds.lower()), exact(metric.bounds.upper()));
    match (&metric.reason, metric.state, metric.evidence) {
        (Reason::BelowFloor { floor, .. }, ..) => format!("change < {}", exact(*floor)),
        (Reason::BothZero | Reason::NoEvents { .. }, ..) => "both 0".to_owned(),
        (_, State::Hot, _) => format!("> {upper}"),
        (_, State::Cold, _) => format!("< {lower}"),
        (_, State::Ok, Evidence::Certified) => format!("in {lower}..{upper}"),
        (_, State::Ok, Evidence::Undecided) => format!("over {}", overlapped(metric)),
        (_, State::NoData, _) => "-".to_owned(),
    }
}

/// The bound that the interval reaches over; both where it does, or where there is no interval.
fn overlapped(metric: &MetricResult) -> String {
    let bounds = metric.bounds;
    let reaches_below = metric.interval.is_none_or(|interval| interval.lower.is_none_or(|end| end < bounds.lower()));
    let reaches_above = metric.interval.is_none_or(|interval| interval.upper.is_none_or(|end| end > bounds.upper()));
    match (reaches_below, reaches_above) {
        (true, false) => exact(bounds.lower()),
        (false, true) => exact(bounds.upper()),
        _ => format!("{}..{}", exact(bounds.lower()), exact(bounds.upper())),
    }
}

/// An advisory finding on one metric.
#[must_use]
pub fn flag_text(flag: Flag) -> String {
    match flag {
        Flag::Deterministic => "every pair has the same ratio".to_owned(),
        Flag::NegativeLevel => "all values are negative, so hot means further below zero".to_owned(),
        Flag::MixedSigns => {
            "values on both sides of zero: the difference is judged against the usual magnitude".to_owned()
        }
        Flag::LateOnset => "the change began late".to_owned(),
        Flag::Drift => "the change grows over the run".to_owned(),
        Flag::Spread => "the noise about the level is wider or narrower".to_owned(),
        Flag::Tail => "high values are more or less frequent".to_owned(),
        Flag::Spikes => "a few values far beyond all others on one side only".to_owned(),
        Flag::Stuck => "the canary repeats one value while the baseline moves".to_owned(),
        Flag::Zeroed => "the canary is zero where the baseline is not".to_owned(),
        Flag::AdjustedByPast => "what separated the sides before the deployment was taken off".to_owned(),
        Flag::SampleSizeBias => "one side's quantile is of far fewer requests".to_owned(),
        Flag::UnequalMissing => "one side lacks values more often than chance explains".to_owned(),
        other => spelled_out(&other),
    }
}

/// A change that leaves the level where it is, with its size.
#[must_use]
pub fn shape_text(found: &ShapeFinding) -> String {
    let more = found.direction != Some(ShapeDirection::Down);
    let size = |text: &str| found.size.map(|size| format!(" ({} {text})", number(size))).unwrap_or_default();
    let onset = found.onset_tick.map(|tick| format!(", first at tick {tick}")).unwrap_or_default();
    let text = match found.shape {
        Shape::Spread if more => format!("the noise about the level is wider{}", size("times")),
        Shape::Spread => format!("the noise about the level is narrower{}", size("times")),
        Shape::Tail if more => format!("high values are more frequent{}", size("times")),
        Shape::Tail => format!("high values are less frequent{}", size("times")),
        Shape::Spikes if more => format!("spikes of the canary beyond everything else{}", size("of them")),
        Shape::Spikes => format!("spikes of the baseline beyond everything else{}", size("of them")),
        Shape::Stuck => format!("the canary repeats one value while the baseline moves{}", size("times")),
        Shape::Zeroed => format!("the canary is zero where the baseline is not{}", size("times")),
        other => spelled_out(&other),
    };
    format!("{text}{onset}")
}

/// The numbers behind a metric, one a line.
#[must_use]
pub fn numbers_text(metric: &MetricResult) -> String {
    let average = |side: Option<f64>| side.map_or_else(|| "-".to_owned(), number);
    let bounds = metric.bounds;
    let mut lines = vec![
        format!("ratio {} (bounds {} to {})", ratio_text(metric), exact(bounds.lower()), exact(bounds.upper())),
        format!("average {} -> {}", average(metric.average.baseline), average(metric.average.canary)),
        format!("weight {}", exact(metric.weight)),
    ];
    if !is_measured(metric) {
        lines.insert(2, format!("points {} -> {}", metric.points.baseline, metric.points.canary));
    }
    if let Some(interval) = metric.interval {
        let level = percent_beside(interval.level, 1.0);
        lines.insert(1, format!("interval {} at {level}", interval_text(interval, bounds)));
    }
    if let Some(effective) = metric.points.effective {
        lines.push(format!("effective points {}", number(effective)));
    }
    if let Some(p_value) = metric.p_value {
        lines.push(format!("p-value {}", number(p_value)));
    }
    if let Some(instances) = metric.instances_to_decide {
        lines.push(format!("{instances} instances a side would decide"));
    }
    lines.extend(metric.flags.iter().map(|flag| flag_text(*flag)));
    lines.join("\n")
}
