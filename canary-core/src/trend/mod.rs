//! A number over builds: where it changed, by how much, how sure that is, and whether the newest build looks bad.
//!
//! Two signals. A *confirmed change* needs three builds on either side, or more. A *suspect* is the newest build alone,
//! held against the level it should have: run it again before it is believed.

mod censored;
mod history;
mod rank_cusum;
mod report;

pub use history::{Better, BuildResult, TrendOptions, Value};
pub use report::{Change, Level, Moved, SCHEMA_VERSION, Suspect, TrendReport};

use censored::{Known, level};
use rank_cusum::{LEAST_SPREAD, RankCusum, SHORTEST};

use crate::report::Interval;
use crate::scalar::Fraction;
use crate::stats::{
    Continuity, IntervalMethod, MAD_TO_SD, Sample, TwoSamples, hodges_lehmann_shift_interval, mad, median,
    student_quantile,
};

/// Coverage of the intervals.
const LEVEL: f64 = 0.95;

/// Two-sided error of the suspect.
const SUSPECT_ALPHA: f64 = 0.01;

/// Fewer builds have no level that a new one could be held against.
const SHORTEST_LEVEL: usize = 5;

/// Judges a history in the order of its builds. Only builds of the newest one's series count.
///
/// Confirmed changes: binary segmentation by cumulative sums of ranks at 1 %, guarded against persistence; changes
/// below [`TrendOptions::min_magnitude`] are not reported, and do not split the series. A level has three builds at
/// least, and the interval of a change does not hold 0. Never fails: a history that is too short has no change, which
/// [`TrendReport::needed`] tells from one that is steady. Cost: O(n log n) a change; with bounds O(n²).
#[must_use]
pub fn trend(history: &[BuildResult], options: &TrendOptions) -> TrendReport {
    let series = history.last().map(|newest| newest.series.clone()).unwrap_or_default();
    let own = history.iter().enumerate().filter(|(_, build)| build.series == series);
    let rows: Vec<Row> = own.clone().filter_map(|(index, build)| Row::of(index, build)).collect();
    let builds = own.clone().count();
    let mut found = Vec::new();
    let values: Vec<Known> = rows.iter().map(|row| row.value).collect();
    segment(&values, 0, options, &mut found);
    found.sort_by_key(|change| change.0.index);
    let levels = settled(&mut found, &values, options);
    let changes = found.iter().zip(levels.windows(2)).filter_map(|(change, pair)| match pair {
        [before, after] => described(change, *before, *after, &values, &rows, options),
        _ => None,
    });
    let place = |at: usize| rows.get(at).map_or(0, |row| row.index);
    let current = levels.last().map_or(0, |last| last.0);
    let newest_unknown = history.last().filter(|newest| Row::of(0, newest).is_none());
    let mut report = TrendReport {
        schema_version: SCHEMA_VERSION,
        changes: changes.collect(),
        regressed: false,
        suspect: suspect(&rows, current, options),
        levels: levels
            .iter()
            .map(|&(from, end, ln)| Level { from: place(from), to: place(end.saturating_sub(1)), median: ln.exp() })
            .collect(),
        builds: rows.len(),
        needed: SHORTEST,
        newest_unknown: newest_unknown.map(|newest| newest.build.clone()),
        missing: builds - rows.len(),
        other_series: history.len() - builds,
        series,
    };
    report.regressed = report.latest_fall().zip(report.levels.last()).is_some_and(|(fall, newest)| {
        let apart = newest.median / fall.before - 1.0;
        (apart < 0.0) == (fall.direction == Moved::Down) && is_enough(apart, options)
    });
    report
}

/// A build with a number, as a logarithm.
struct Row<'a> {
    index: usize,
    build: &'a str,
    value: Known,
    /// Standard error of the logarithm that its own interval shows.
    error: f64,
}

impl<'a> Row<'a> {
    fn of(index: usize, build: &'a BuildResult) -> Option<Self> {
        let good = |value: f64| (value > 0.0 && value.is_finite()).then(|| value.ln());
        let mut error = 0.0;
        let value = match build.value {
            Value::Measured { value, lower, upper } => {
                if let (Some(lower), Some(upper)) = (lower.and_then(good), upper.and_then(good)) {
                    error = ((upper - lower) / (2.0 * Z_95)).max(0.0);
                }
                Known::Exactly(good(value)?)
            }
            Value::AtLeast(value) => Known::AtLeast(good(value)?),
            Value::AtMost(value) => Known::AtMost(good(value)?),
            Value::Missing => return None,
        };
        Some(Self { index, build: &build.build, value, error })
    }
}

/// The 97.5 % point of the normal.
const Z_95: f64 = 1.959_963_984_540_054;

/// From, up to but without, and the logarithm of the median.
type Stretch = (usize, usize, f64);

/// The levels between the changes, without the changes that do not stand between them: a change was found between
/// segments, which later ones may have cut, and is one only between the levels that are left.
fn settled(found: &mut Vec<(RankCusum, f64)>, values: &[Known], options: &TrendOptions) -> Vec<Stretch> {
    loop {
        let levels = levels(found, values);
        let pairs = found.iter().zip(levels.windows(2)).enumerate();
        let fallen = pairs.filter(|(_, (change, pair))| !holds(&change.0, pair, values, options));
        // One at a time, as it makes a longer level for its neighbours.
        let least = fallen.min_by(|one, other| one.1.0.1.total_cmp(&other.1.0.1)).map(|(at, _)| at);
        let Some(at) = least else { return levels };
        found.remove(at);
    }
}

fn levels(found: &[(RankCusum, f64)], values: &[Known]) -> Vec<Stretch> {
    let starts = std::iter::once(0).chain(found.iter().map(|change| change.0.index));
    let ends = found.iter().map(|change| change.0.index).chain([values.len()]);
    let stretch = |(from, end): (usize, usize)| Some((from, end, level(values.get(from..end).unwrap_or_default())?.0));
    starts.zip(ends).filter_map(stretch).collect()
}

/// Whether a change is large enough, and its interval without 0. An end that bounds leave open speaks for nothing.
fn holds(change: &RankCusum, pair: &[Stretch], values: &[Known], options: &TrendOptions) -> bool {
    let [before, after] = pair else { return true };
    let side = |level: &Stretch| values.get(level.0..level.1).unwrap_or_default();
    let apart = (after.2 - before.2).exp_m1();
    let interval = interval(side(before), side(after), change.inflation);
    let beyond = if apart < 0.0 { interval.upper.map(|end| -end) } else { interval.lower };
    is_enough(apart, options) && beyond.is_none_or(|end| end > 0.0)
}

fn is_enough(apart: f64, options: &TrendOptions) -> bool {
    apart.abs() >= options.min_magnitude
}

/// Finds the changes of a segment that begins at `from`, and of the segments on either side of each.
fn segment(values: &[Known], from: usize, options: &TrendOptions, found: &mut Vec<(RankCusum, f64)>) {
    if values.len() < SHORTEST {
        return;
    }
    let Some(change) = RankCusum::of(values).filter(|change| change.clearness(values) > 1.0) else {
        return;
    };
    let (before, after) = values.split_at(change.index);
    let apart = level(before).zip(level(after)).map_or(0.0, |(before, after)| (after.0 - before.0).exp_m1().abs());
    if !is_enough(apart, options) {
        return;
    }
    segment(before, from, options, found);
    segment(after, from + change.index, options, found);
    let clearness = change.clearness(values);
    let (first, last) = (from + change.first, from + change.last);
    found.push((RankCusum { index: from + change.index, first, last, ..change }, clearness));
}

fn described(
    (change, clearness): &(RankCusum, f64),
    before: Stretch,
    after: Stretch,
    values: &[Known],
    rows: &[Row],
    options: &TrendOptions,
) -> Option<Change> {
    let side = |level: Stretch| values.get(level.0..level.1).unwrap_or_default();
    let place = |at: usize| rows.get(at.min(rows.len().saturating_sub(1))).map(|row| row.index);
    let (_, is_bound) = level(side(after))?;
    let ratio = (after.2 - before.2).exp();
    let direction = if ratio < 1.0 { Moved::Down } else { Moved::Up };
    Some(Change {
        index: place(change.index)?,
        build: rows.get(change.index)?.build.to_owned(),
        range: [place(change.first)?, place(change.last)?],
        direction,
        regression: is_worse(direction, options.better),
        before: before.2.exp(),
        after: after.2.exp(),
        change: ratio - 1.0,
        interval: interval(side(before), side(after), change.inflation),
        after_is_bound: is_bound,
        clearness: *clearness,
        builds_since: after.1 - change.index,
        instances: instances(before.2, after.2, options),
    })
}

fn is_worse(direction: Moved, better: Better) -> bool {
    matches!((direction, better), (Moved::Down, Better::Higher) | (Moved::Up, Better::Lower))
}

/// The interval of the change by Hodges and Lehmann on logarithms, wider by the root of the inflation. Bounds count as
/// their value, and leave the end open that they do not limit.
fn interval(before: &[Known], after: &[Known], inflation: f64) -> Interval {
    let open = Interval { level: LEVEL, lower: None, upper: None };
    let sample = |side: &[Known]| Sample::new(&side.iter().map(|value| value.place()).collect::<Vec<f64>>()).ok();
    let (Some(baseline), Some(canary)) = (sample(before), sample(after)) else { return open };
    let sides = TwoSamples { baseline, canary };
    let method = IntervalMethod::Normal(Continuity::Corrected);
    let Ok(found) = hodges_lehmann_shift_interval(&sides, Fraction::literal(1.0 - LEVEL), method) else { return open };
    let any = |side: &[Known], kind: fn(&Known) -> bool| side.iter().any(kind);
    let at_least = |value: &Known| matches!(value, Known::AtLeast(_));
    let at_most = |value: &Known| matches!(value, Known::AtMost(_));
    let end = |ln: f64| {
        Some((found.estimate + (ln - found.estimate) * inflation.sqrt()).exp_m1()).filter(|end| end.is_finite())
    };
    Interval {
        level: LEVEL,
        lower: end(found.lower).filter(|_| !any(before, at_least) && !any(after, at_most)),
        upper: end(found.upper).filter(|_| !any(after, at_least) && !any(before, at_most)),
    }
}

/// Instances more at the peak.
fn instances(before: f64, after: f64, options: &TrendOptions) -> Option<i64> {
    let peak = options.peak_rps.filter(|peak| *peak > 0.0 && peak.is_finite())?;
    let needed = (peak / after.exp()).ceil() - (peak / before.exp()).ceil();
    #[allow(clippy::cast_possible_truncation, reason = "a cast of floats saturates")]
    needed.is_finite().then_some(needed as i64)
}

/// The newest build against the others of its level.
fn suspect(rows: &[Row], from: usize, options: &TrendOptions) -> Option<Suspect> {
    let (newest, others) = rows.get(from..)?.split_last()?;
    let is_bound = match newest.value {
        Known::Exactly(_) => false,
        // A bound on the side of the worse is as good as the number; one on the other side says nothing.
        Known::AtMost(_) if options.better == Better::Higher => true,
        Known::AtLeast(_) if options.better == Better::Lower => true,
        Known::AtMost(_) | Known::AtLeast(_) => return None,
    };
    if others.len() < SHORTEST_LEVEL {
        return None;
    }
    let mut places: Vec<f64> = others.iter().map(|row| row.value.place()).collect();
    let expected = median(&mut places)?;
    let spread = (MAD_TO_SD * mad(&mut places)?).max(LEAST_SPREAD);
    let count = others.len() as f64;
    let error = (spread * spread * (1.0 + 1.0 / count) + newest.error * newest.error).sqrt();
    let apart = newest.value.place() - expected;
    let z = apart / error;
    let direction = if apart < 0.0 { Moved::Down } else { Moved::Up };
    let t = student_quantile(SUSPECT_ALPHA / 2.0, count - 1.0);
    if !is_worse(direction, options.better) || z.abs() <= t || apart.exp_m1().abs() < options.min_magnitude {
        return None;
    }
    let half = student_quantile((1.0 - LEVEL) / 2.0, count - 1.0) * error;
    let open = |lower: bool| is_bound && (lower == (options.better == Better::Higher));
    let end = |ln: f64, lower: bool| Some(ln.exp_m1()).filter(|end| end.is_finite() && !open(lower));
    Some(Suspect {
        index: newest.index,
        build: newest.build.to_owned(),
        direction,
        expected: expected.exp(),
        value: newest.value.place().exp(),
        is_bound,
        change: apart.exp_m1(),
        interval: Interval { level: LEVEL, lower: end(apart - half, true), upper: end(apart + half, false) },
        z,
        instances: instances(expected, newest.value.place(), options),
    })
}
