//! Every kind of metric by what fits it. Expected numbers are worked out by hand, by `SciPy` or come from theory.
#![allow(clippy::unwrap_used, reason = "a test")]

mod support;

use canary_core::config::Span;
use canary_core::ndarray::{Array2, array};
use canary_core::report::{
    Evidence, Flag, Method, MetricResult, Reason, RelatedKey, Report, State, Verdict, VerdictReason,
};
use canary_core::{Config, Judge, MetricData, MetricSet, NoteCode, Side, TimeGrid};
use support::{Pair, Random, config, minutes, report, set};

/// Errors per request, by the metric beside it.
const ERRORS: &str = "[[rules]]\nmatch = [\"*/errors\"]\ndenominator = \"$1/requests\"\n";

fn flat(value: f64) -> Vec<f64> {
    vec![value; 60]
}

/// `events` spread over the hour, one in every so many minutes.
fn events(events: u32) -> Vec<f64> {
    (0..60).map(|minute| f64::from((minute + 1) * events / 60 - minute * events / 60)).collect()
}

fn find<'a>(report: &'a Report, name: &str) -> &'a MetricResult {
    report.metrics.iter().find(|result| *result.name == *name).unwrap()
}

fn judged(toml: &str, metrics: &[Pair<'_>], name: &str) -> MetricResult {
    find(&report(config(toml), &set(metrics)), name).clone()
}

fn close(found: Option<f64>, expected: f64) {
    // Sums of sixty numbers and a few operations.
    assert!((found.unwrap() - expected).abs() <= 1e-11 * expected.abs(), "{found:?} {expected}");
}

#[test]
fn errors_are_counted_per_request_by_the_exact_test() {
    let traffic = flat(100.0);
    let metrics: [Pair<'_>; 2] = [("cart/errors", &events(6), &events(30)), ("cart/requests", &traffic, &traffic)];
    let line = judged(ERRORS, &metrics, "cart/errors");
    assert_eq!((line.state, line.method), (State::Hot, Some(Method::RateRatio)));
    close(line.ratio, 5.0);
    close(line.average.baseline, 0.001);
    close(line.average.canary, 0.005);
    // SciPy: 2 (binom.sf(29, 36, 1.25/2.25) + binom.pmf(30, 36, 1.25/2.25) / 2), over the whole window's part of
    // 0.35 / 0.5. The incomplete beta is good to 1e-10.
    assert!((line.p_value.unwrap() / 0.000_751_223_947_437_777_1 - 1.0).abs() < 1e-9, "{:?}", line.p_value);
}

#[test]
fn a_ninth_of_the_traffic_is_not_a_ninth_of_the_errors() {
    let metrics: [Pair<'_>; 2] =
        [("cart/errors", &events(540), &events(60)), ("cart/requests", &flat(900.0), &flat(100.0))];
    close(judged(ERRORS, &metrics, "cart/errors").ratio, 1.0);
    assert_eq!(judged(ERRORS, &metrics, "cart/errors").state, State::Ok);
    assert_eq!(judged("", &metrics, "cart/errors").state, State::Cold);
    let classical = format!("[defaults]\njudge = \"bounds\"\n{ERRORS}");
    close(judged(&classical, &metrics, "cart/errors").ratio, 1.0);
}

#[test]
fn a_count_without_denominator_is_per_minute_and_instance() {
    let kind = "[[rules]]\nmatch = [\"restarts\"]\nkind = \"count\"";
    let mut builder = MetricSet::builder(minutes(60));
    let three = Array2::from_elem((3, 60), 1.0);
    builder.add(&MetricData::new("restarts").baseline_instances(three.view()).canary(&flat(1.0))).unwrap();
    let result = report(config(kind), &builder.build().unwrap());
    close(find(&result, "restarts").ratio, 1.0);
    assert_eq!(find(&result, "restarts").average.baseline, Some(1.0));
}

#[test]
fn counters_of_events_have_denominators_too() {
    let sums = |step: f64| -> Vec<f64> { (0..60).map(|minute| 5.0 + step * f64::from(minute)).collect() };
    let rules = "[[rules]]\nmatch = [\"*_total\"]\nkind = \"counter\"\n[[rules]]\nmatch = [\"*_errors_total\"]\ndenominator = \"$1_requests_total\"";
    let metrics: [Pair<'_>; 2] =
        [("a_errors_total", &sums(1.0), &sums(6.0)), ("a_requests_total", &sums(100.0), &sums(200.0))];
    let line = judged(rules, &metrics, "a_errors_total");
    assert_eq!(line.state, State::Hot);
    close(line.ratio, 3.0);
    close(line.average.canary, 0.03);
}

#[test]
fn no_error_in_many_requests_is_not_idle() {
    let metrics: [Pair<'_>; 1] = [("errors", &flat(0.0), &flat(0.0))];
    let idle = report(Config::default(), &set(&metrics));
    assert_eq!((idle.verdict, idle.reasons), (Verdict::Inconclusive, vec![VerdictReason::AllIdle]));
    let metrics: [Pair<'_>; 2] = [("a/errors", &flat(0.0), &flat(0.0)), ("a/requests", &flat(50.0), &flat(50.0))];
    let busy = report(config(ERRORS), &set(&metrics));
    let line = find(&busy, "a/errors");
    assert_eq!((line.state, line.evidence, line.interval), (State::Ok, Evidence::Certified, None));
    assert_eq!(line.reason, Reason::NoEvents { baseline: 3000.0, canary: 3000.0 });
    assert_eq!(busy.verdict, Verdict::Pass);
}

#[test]
fn a_floor_on_a_count_is_a_rate() {
    let traffic = flat(10_000.0);
    let metrics: [Pair<'_>; 2] = [("a/errors", &events(6), &events(60)), ("a/requests", &traffic, &traffic)];
    let line = judged(&format!("{ERRORS}floor = 0.001"), &metrics, "a/errors");
    // 60 and 6 events in 600,000 requests.
    assert!(
        matches!(line.reason, Reason::BelowFloor { change, .. } if (change - 9e-5).abs() < 1e-15),
        "{:?}",
        line.reason
    );
    assert_eq!(judged(&format!("{ERRORS}floor = 0.00005"), &metrics, "a/errors").state, State::Hot);
}

#[test]
fn a_denominator_that_is_missing_is_named() {
    let metrics: [Pair<'_>; 1] = [("a/errors", &events(6), &events(6))];
    let result = report(config(ERRORS), &set(&metrics));
    let (key, metric) = (RelatedKey::Denominator, "a/requests".into());
    assert_eq!(find(&result, "a/errors").reason, Reason::RelatedMissing { key, metric });
    let note = result.notes.iter().find(|note| note.code == NoteCode::RelatedMetricMissing).unwrap();
    assert_eq!((note.count, note.detail.as_deref()), (1, Some("denominator = a/requests")));

    let gone = flat(f64::NAN);
    let metrics: [Pair<'_>; 2] = [("a/errors", &events(6), &events(6)), ("a/requests", &flat(9.0), &gone)];
    let (key, metric, side) = (RelatedKey::Denominator, "a/requests".into(), Side::Canary);
    assert_eq!(judged(ERRORS, &metrics, "a/errors").reason, Reason::RelatedWithoutValues { key, metric, side });

    let metrics: [Pair<'_>; 2] = [("a/errors", &events(6), &events(6)), ("a/requests", &flat(9.0), &flat(0.0))];
    assert_eq!(judged(ERRORS, &metrics, "a/errors").reason, Reason::NoTraffic { side: Side::Canary });
}

#[test]
fn the_same_region_only() {
    let mut builder = MetricSet::builder(minutes(60));
    let (few, many) = (events(6), flat(100.0));
    for region in ["eu", "us"] {
        builder.add(&MetricData::new("a/errors").region(region).baseline(&few).canary(&few)).unwrap();
    }
    builder.add(&MetricData::new("a/requests").region("us").baseline(&many).canary(&many)).unwrap();
    let result = report(config(ERRORS), &builder.build().unwrap());
    let lines: Vec<_> = result.metrics.iter().filter(|line| &*line.name == "a/errors").collect();
    let state = |region: &str| lines.iter().find(|line| line.region.as_deref() == Some(region)).unwrap().state;
    assert_eq!((state("eu"), state("us")), (State::NoData, State::Ok));
}

#[test]
fn bursts_that_the_sides_do_not_share_widen_the_interval() {
    const METRICS: u64 = 300;
    let settings =
        "[defaults.bounds]\nlower = 0.999999\nupper = 1.000001\n[[rules]]\nmatch = [\"*\"]\nkind = \"count\"";
    let mut flagged = 0_u32;
    for seed in 0..METRICS {
        let mut random = Random::new(500 + seed);
        let mut side =
            || -> Vec<f64> { random.ar1(480, 0.8).iter().map(|burst| (20.0 * (0.5 * burst).exp()).round()).collect() };
        let (baseline, canary) = (side(), side());
        flagged += u32::from(judged(settings, &[("m", &baseline, &canary)], "m").p_value.unwrap() < 0.02);
    }
    // docs/method.md: at this autocorrelation 2.2 % of windows of 480 minutes, 4.2 % of those of 60. 3 % of 300 and
    // 2.5 standard errors; with the normal quantile instead of Student's it is 9 %.
    assert!(flagged <= 16, "{flagged} of {METRICS}");
}

#[test]
fn what_grows_with_the_traffic_is_divided_by_it() {
    let mut random = Random::new(3);
    let load: Vec<f64> = random.noisy(60, 900.0, 0.1);
    let of = |share: f64| -> Vec<f64> { load.iter().map(|load| load * share).collect() };
    let metrics: [Pair<'_>; 3] =
        [("a/requests", &of(0.6), &of(0.06)), ("b/requests", &of(0.3), &of(0.04)), ("db_rows", &of(90.0), &of(10.0))];
    let rules = "[[rules]]\nmatch = [\"*\"]\nnormalise_by = \"*/requests\"";
    assert_eq!(judged("", &metrics, "db_rows").state, State::Cold);
    close(judged(rules, &metrics, "db_rows").ratio, 1.0);
    // Six tenths of the canary's requests against two thirds of the baseline's.
    close(judged(rules, &metrics, "a/requests").ratio, 0.9);
    close(judged(rules, &metrics, "db_rows").average.canary, 100.0);
}

#[test]
fn means_are_weighted_by_their_requests() {
    let turn =
        |even: f64, odd: f64| -> Vec<f64> { (0..60).map(|minute| if minute % 2 == 0 { even } else { odd }).collect() };
    let metrics: [Pair<'_>; 2] =
        [("a_ms", &turn(10.0, 20.0), &turn(12.0, 30.0)), ("a_count", &turn(30.0, 30.0), &turn(15.0, 60.0))];
    let rules = "[[rules]]\nmatch = [\"*_ms\"]\nrequests = \"$1_count\"";
    let line = judged(rules, &metrics, "a_ms");
    // Weights nm / (n + m): 10 and 20. (10·12 + 20·30) / (10·10 + 20·20).
    close(line.ratio, 720.0 / 500.0);
    assert_eq!(line.method, Some(Method::WeightedMean));
    close(line.average.baseline, 500.0 / 30.0);
}

#[test]
fn a_quantile_of_three_requests_is_not_one_of_thirty() {
    let mut random = Random::new(4);
    let (slow, fast) = (random.noisy(60, 900.0, 0.2), random.noisy(60, 400.0, 0.2));
    let rules = "[[rules]]\nmatch = [\"*_p99\"]\nquantile = 0.99\nrequests = \"$1_count\"";
    let with = |baseline: f64, canary: f64| {
        judged(rules, &[("a_p99", &slow, &fast), ("a_count", &flat(baseline), &flat(canary))], "a_p99")
    };
    let biased = with(30.0, 3.0);
    assert_eq!((biased.state, biased.flags.as_slice()), (State::NoData, [Flag::SampleSizeBias].as_slice()));
    assert!(
        matches!(biased.reason, Reason::SampleSizeBias { quantile: 0.99, requests: 3.0, needed } if (needed - 1000.0).abs() < 1e-9),
        "{:?}",
        biased.reason
    );
    assert_eq!(with(3.0, 3.0).state, State::Cold, "biased alike");
    assert_eq!(with(30_000.0, 3_000.0).state, State::Cold, "enough on both sides");
}

/// Machines that differ by `spread` for good, and by 1 % from minute to minute.
fn machines(random: &mut Random, count: usize, level: f64, spread: f64) -> Array2<f64> {
    let levels: Vec<f64> = (0..count).map(|_| level * (spread * random.normal()).exp()).collect();
    Array2::from_shape_fn((count, 120), |(machine, _)| levels[machine] * (0.01 * random.normal()).exp())
}

fn by_instance(toml: &str, baseline: &Array2<f64>, canary: &Array2<f64>) -> MetricResult {
    let mut builder = MetricSet::builder(minutes(120));
    let metric = MetricData::new("cpu").baseline_instances(baseline.view()).canary_instances(canary.view());
    builder.add(&metric).unwrap();
    report(config(toml), &builder.build().unwrap()).metrics.remove(0)
}

const BY_MINUTE: &str = "[[rules]]\nmatch = [\"cpu\"]\nunit = \"minute\"\n";

#[test]
fn machines_that_differ_are_no_regression() {
    const RUNS: u64 = 200;
    let narrow = "[defaults.bounds]\nlower = 0.99\nupper = 1.01\n";
    for (canaries, baselines) in [(1, 2), (1, 8), (3, 3), (10, 10)] {
        let (mut flagged, mut by_minute) = (0, 0);
        for seed in 0..RUNS {
            let mut random = Random::new(9000 + seed);
            let baseline = machines(&mut random, baselines, 100.0, 0.05);
            let canary = machines(&mut random, canaries, 100.0, 0.05);
            flagged += u32::from(by_instance(narrow, &baseline, &canary).state != State::Ok);
            let minute = format!("{narrow}{BY_MINUTE}");
            by_minute += u32::from(by_instance(&minute, &baseline, &canary).state != State::Ok);
        }
        // A level of 2 %, and 2.8 standard errors of 200 runs; minutes flag more than a third.
        assert!(flagged <= 9, "{canaries} v {baselines}: {flagged} of {RUNS}");
        assert!(by_minute > 70, "{canaries} v {baselines}: {by_minute} of {RUNS} by minutes");
    }
}

#[test]
fn many_instances_decide_by_ranks_and_few_say_how_many_it_takes() {
    let mut random = Random::new(12);
    let (many, slower) = (machines(&mut random, 12, 100.0, 0.02), machines(&mut random, 12, 140.0, 0.02));
    let line = by_instance("", &many, &slower);
    assert_eq!((line.state, line.method), (State::Hot, Some(Method::InstanceRank)));
    assert_eq!(line.points.effective, Some(24.0));
    let at = |levels: &[f64]| Array2::from_shape_fn((levels.len(), 120), |(machine, _)| levels[machine]);
    let line = by_instance("", &at(&[100.0, 110.0]), &at(&[108.0]));
    assert_eq!((line.evidence, line.method), (Evidence::Undecided, Some(Method::InstanceMeans)));
    assert_eq!(line.minutes_to_decide, None, "more minutes do not tell machines apart");
    // ln(1.25) - ln(108/sqrt(11000)) = 0.194 to the bound, a spread of ln(1.1)/sqrt(2) = 0.0674, and SciPy's
    // t.isf(0.01, 2k - 2) 0.0674 sqrt(2/k) = 0.469, 0.206, 0.150 for k = 2, 3, 4.
    assert_eq!(line.instances_to_decide, Some(4));
}

/// Swapped sides invert every ratio and swap hot and cold.
#[test]
fn swapping_the_sides_mirrors_every_kind() {
    let mut random = Random::new(21);
    let rules = "[[rules]]\nmatch = [\"*/errors\"]\ndenominator = \"$1/requests\"\n[[rules]]\nmatch = [\"*/ms\"]\nrequests = \"$1/requests\"\n[[rules]]\nmatch = [\"*/rows\"]\nnormalise_by = \"*/requests\"";
    let (requests, fewer) = (random.noisy(60, 900.0, 0.1), random.noisy(60, 90.0, 0.1));
    let (rows, less) = (random.noisy(60, 100.0, 0.05), random.noisy(60, 40.0, 0.05));
    let there: [Pair<'_>; 4] = [
        ("a/errors", &events(20), &events(10)),
        ("a/requests", &requests, &fewer),
        ("a/ms", &rows, &less),
        ("a/rows", &rows, &less),
    ];
    let back: Vec<Pair<'_>> = there.iter().map(|&(name, baseline, canary)| (name, canary, baseline)).collect();
    for name in ["a/errors", "a/ms", "a/rows"] {
        let (one, other) = (judged(rules, &there, name), judged(rules, &back, name));
        let mirrored = match one.state {
            State::Hot => State::Cold,
            State::Cold => State::Hot,
            same => same,
        };
        assert_eq!(other.state, mirrored, "{name}");
        close(other.ratio, 1.0 / one.ratio.unwrap());
    }
}

#[test]
fn the_band_of_a_side_is_its_least_and_greatest_instance() {
    let grid = TimeGrid::new(Span::from_ms(60_000), 3);
    let baseline = array![[1.0, 5.0, f64::NAN], [3.0, 2.0, f64::NAN]];
    let mut metrics = MetricSet::builder(grid);
    metrics.add(&MetricData::new("cpu").baseline_instances(baseline.view()).canary(&[2.0, 2.0, 2.0])).unwrap();
    let report = Judge::new(Config::default()).unwrap().with_series(true).judge(&metrics.build().unwrap());
    let series = report.metrics[0].series.as_ref().unwrap();
    let band = series.baseline_band.as_ref().expect("two instances");
    assert_eq!(band.lower, [Some(1.0), Some(2.0), None]);
    assert_eq!(band.upper, [Some(3.0), Some(5.0), None]);
    assert_eq!(series.canary_band, None, "one instance is no band");
}
