//! What would change the state of a metric.

use canary_core::config::{Direction, Settings};
use canary_core::report::{Evidence, MetricResult, Reason, Report, State};

use super::super::note::side_name;
use super::super::reason::is_measured;
use super::{exact, number, percent_beside, sentences};

/// What it would take for another state.
pub(super) fn change(report: &Report, metric: &MetricResult, settings: Option<&Settings>) -> String {
    let clauses = match (metric.state, metric.evidence) {
        (State::Hot | State::Cold, _) => flagged(metric, settings),
        (State::Ok, Evidence::Certified) => certified(metric),
        (State::Ok, Evidence::Undecided) => undecided(metric),
        (State::NoData, _) => nodata(report, metric),
    };
    sentences(&clauses)
}

/// A bound that someone writes: three significant digits, rounded away from 1 so that it still holds.
fn written(bound: f64) -> String {
    const DIGITS: i32 = 3;
    if bound <= 0.0 || !bound.is_finite() {
        return exact(bound);
    }
    #[allow(clippy::cast_possible_truncation, reason = "the exponent of a double")]
    let exponent = bound.log10().floor() as i32;
    let decimals = DIGITS - 1 - exponent;
    let unit = 10f64.powi(decimals);
    let rounded = if bound > 1.0 { (bound * unit).ceil() } else { (bound * unit).floor() } / unit;
    let decimals = usize::try_from(decimals).unwrap_or(0);
    let text = format!("{rounded:.decimals$}");
    text.parse().map_or(text, exact)
}

fn flagged(metric: &MetricResult, settings: Option<&Settings>) -> Vec<String> {
    let hot = metric.state == State::Hot;
    let mut clauses = Vec::new();
    match &metric.reason {
        Reason::Shape { .. } => clauses.push("it is `shapes` of its rule that makes the shape count".to_owned()),
        Reason::Kayenta { .. } => clauses.extend(metric.ratio.map(|ratio| {
            let key = if hot { "upper" } else { "lower" };
            let bound = format!("`bounds = {{ {key} = {} }}`", written(ratio));
            format!("{bound} is a change of the means that it would allow; it takes our defaults for none")
        })),
        Reason::BaselineZero => clauses.push("no upper bound allows a change from nothing to something".to_owned()),
        _ => clauses.extend(bounds_that_would_do(metric, hot)),
    }
    let change = metric.average.baseline.zip(metric.average.canary).map(|(baseline, canary)| (canary - baseline).abs());
    if let Some(change) = change.filter(|change| *change > 0.0) {
        clauses.push(format!("a `floor` above {}, the change of the average, would mute it", number(change)));
    }
    let either = settings.is_some_and(|settings| settings.direction == Direction::Either);
    if metric.counts_against && either {
        let direction = if hot { "decrease" } else { "increase" };
        clauses.push(format!("with `direction = \"{direction}\"` it would be shown and not counted"));
    }
    clauses
}

/// The bound from which on it would no longer be flagged, and the one from which on it would be certified.
fn bounds_that_would_do(metric: &MetricResult, hot: bool) -> Option<String> {
    let (key, near, far) = match (metric.interval, metric.ratio) {
        (Some(interval), _) if hot => ("upper", interval.lower?, interval.upper),
        (Some(interval), _) => ("lower", interval.upper?, interval.lower),
        (None, Some(ratio)) => (if hot { "upper" } else { "lower" }, ratio, None),
        (None, None) => return None,
    };
    if near <= 0.0 {
        return Some("only `bounds = { lower = 0 }`, no lower bound at all, allows a fall to nothing".to_owned());
    }
    let state = if hot { "hot" } else { "cold" };
    let certified = far
        .filter(|far| *far > 0.0)
        .map(|far| format!(", and certified from about {}", written(far)))
        .unwrap_or_default();
    Some(format!("`bounds = {{ {key} = {} }}` is where it would just not be {state}{certified}", written(near)))
}

fn certified(metric: &MetricResult) -> Vec<String> {
    let ends = metric.interval.and_then(|interval| Some((interval.lower?, interval.upper?)));
    let tighter = ends.filter(|(lower, upper)| lower < upper && *lower > 0.0).map(|(lower, upper)| {
        format!("it would still be certified within {} to {}", written_out(lower, upper).0, written_out(lower, upper).1)
    });
    let floor = match metric.reason {
        Reason::BelowFloor { change, .. } => {
            Some(format!("with a `floor` of {} or less its change would count", number(change.abs())))
        }
        _ => None,
    };
    let idle = (metric.reason == Reason::BothZero).then(|| "any value that is not zero on one side only".to_owned());
    let tighter = tighter.filter(|_| floor.is_none() && idle.is_none());
    [tighter, floor, idle].into_iter().flatten().collect()
}

/// Both ends of an interval as bounds that hold it.
fn written_out(lower: f64, upper: f64) -> (String, String) {
    let down = |end: f64| if end > 1.0 { number(end) } else { written(end) };
    let up = |end: f64| if end < 1.0 { number(end) } else { written(end) };
    (down(lower), up(upper))
}

fn undecided(metric: &MetricResult) -> Vec<String> {
    let Some(interval) = metric.interval else { return vec!["a longer run".to_owned()] };
    let bounds = metric.bounds;
    let mut clauses = Vec::new();
    match (interval.lower, interval.upper) {
        (Some(lower), Some(upper)) if lower > 0.0 => {
            let (lower, upper) = (lower.min(bounds.lower()), upper.max(bounds.upper()));
            let (lower, upper) = written_out(lower, upper);
            clauses.push(format!("bounds of {lower} to {upper} would certify it as it is"));
        }
        _ => clauses.push("no bounds would certify it: its interval has no end on one side".to_owned()),
    }
    let minutes = metric.minutes_to_decide.is_some();
    clauses.push(if is_measured(metric) {
        "more steps near what it sustains, or repeats of the test, narrow its interval".to_owned()
    } else if minutes {
        "so would a longer run, or more traffic: an interval narrows with the root of its data".to_owned()
    } else {
        "a longer run narrows its interval, by how much cannot be said".to_owned()
    });
    clauses
}

fn nodata(report: &Report, metric: &MetricResult) -> Vec<String> {
    let missing = match &metric.reason {
        Reason::MissingInCanary => "the canary would have to report it: is its name still the same?".to_owned(),
        Reason::MissingInBaseline => "it is new: a baseline that reports it too".to_owned(),
        Reason::NoValues => "at least one value that is a number, on each side".to_owned(),
        Reason::NoCommonTimes => "values of both sides at the same time; do the clocks agree?".to_owned(),
        Reason::TooFewPoints { found, needed } => {
            let minutes = report.inputs.step_seconds.map(|step| needed.saturating_sub(*found) as f64 * step / 60.0);
            let length = minutes.map(|minutes| format!(", {} minutes of data", number(minutes))).unwrap_or_default();
            format!("{} more usable points{length}; or a lower `min_points`", needed.saturating_sub(*found))
        }
        Reason::LowCoverage { share, needed } => format!(
            "the side with fewer points to have {} of the other's instead of {}; or a lower `min_coverage`",
            percent_beside(*needed, 1.0),
            percent_beside(*share, *needed)
        ),
        Reason::NotMeasured { side } => format!("a test of the {} that ends in a number", side_name(*side)),
        Reason::OnlyBounds => "tests that press both builds beyond what they sustain".to_owned(),
        Reason::DifferentTests => "two tests with the same objectives, unit and loop".to_owned(),
        Reason::NameTaken => "another name for one of the two".to_owned(),
        Reason::NotFinite { .. } => "finite values: something divides by zero".to_owned(),
        Reason::OppositeAverages | Reason::MixedSigns { .. } => {
            "values on one side of zero; `judge = \"interval\"` judges differences where signs are mixed".to_owned()
        }
        _ => String::new(),
    };
    vec![missing]
}
