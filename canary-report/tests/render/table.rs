use canary_core::config::Thresholds;
use canary_core::report::{Report, State};
use canary_core::scalar::Score;
use canary_report::{TableOptions, table};
use insta::assert_snapshot;
use unicode_width::UnicodeWidthStr;

use crate::sample;

fn plain(report: &Report, width: usize) -> String {
    table(report, &TableOptions { width, ..TableOptions::default() })
}

#[test]
fn pass() {
    assert_snapshot!(plain(&sample::pass(), 80), @r#"
✓ PASS: roll out   score 100.0 (pass >= 95, marginal >= 75)
The score reaches the pass threshold 95.
3 metrics: 3 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline baseline.parquet, canary canary.parquet

   group    score  hot  cold  nodata  ok
✓  latency  100.0    0     0       0   2
✓  system   100.0    0     0       0   1

No metric counts against the canary; 3 ok
"#);
}

#[test]
fn fail() {
    assert_snapshot!(plain(&sample::fail(), 100), @r#"
✗ FAIL: do not roll out   score 33.3 (pass >= 95, marginal >= 75)
In eu-west-1: critical metric http_errors_total is too high: ratio 1.500 > 1.25; the score is below
  the marginal threshold 75.
10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline v1.41.0, canary v1.42.0-rc1

        region     score  hot  cold  nodata  ok
✗ FAIL  eu-west-1   33.3    3     2       1   0
✓ PASS  us-east-1  100.0    0     0       1   3
        group
✗       traffic      0.0    0     1       0   0
✗       errors      33.3    2     0       0   1
✗       jvm         50.0    1     1       0   0
✓       latency    100.0    0     0       0   1
✓       system     100.0    0     0       2   1

Against the canary, worst first (HOT too high, COLD too low, ! critical)
        metric                  region      ratio  98 % interval     bound   baseline  -> canary
! HOT   http_errors_total       eu-west-1   1.500  [1.485, 1.515]    > 1.25       100  -> 150
  HOT   ParNew_CollectionCount  eu-west-1   1.300  [1.287, 1.313]    > 1.25       100  -> 130
  COLD  requests_per_second     eu-west-1  0.5000  [0.4950, 0.5050]  < 0.8        100  -> 50
  HOT   dropped_events          eu-west-1     inf  p 1.200e-9        > 1.25         0  -> 3.25
not shown: 1 cold not held against the canary; 2 nodata (1 missing in canary, 1 too few points);
  1 ok but undecided; 2 ok

note: rule 3 matches no metric (latency_*)
note: 17 values of the canary empty or NaN, taken as missing
"#);
}

#[test]
fn fail_on_a_narrow_terminal() {
    assert_snapshot!(plain(&sample::fail(), 60), @r#"
✗ FAIL: do not roll out
score 33.3 (pass >= 95, marginal >= 75)
In eu-west-1: critical metric http_errors_total is too high:
  ratio 1.500 > 1.25; the score is below the marginal
  threshold 75.
10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline v1.41.0, canary v1.42.0-rc1

        region     score  hot  cold  nodata  ok
✗ FAIL  eu-west-1   33.3    3     2       1   0
✓ PASS  us-east-1  100.0    0     0       1   3
        group
✗       traffic      0.0    0     1       0   0
✗       errors      33.3    2     0       0   1
✗       jvm         50.0    1     1       0   0
✓       latency    100.0    0     0       0   1
✓       system     100.0    0     0       2   1

Against the canary, worst first (HOT too high, COLD too low,
  ! critical)
        metric                  region      ratio  bound
! HOT   http_errors_total       eu-west-1   1.500  > 1.25
  HOT   ParNew_CollectionCount  eu-west-1   1.300  > 1.25
  COLD  requests_per_second     eu-west-1  0.5000  < 0.8
  HOT   dropped_events          eu-west-1     inf  > 1.25
not shown: 1 cold not held against the canary; 2 nodata
  (1 missing in canary, 1 too few points); 1 ok but
  undecided; 2 ok

note: rule 3 matches no metric (latency_*)
note: 17 values of the canary empty or NaN, taken as missing
"#);
}

#[test]
fn marginal() {
    assert_snapshot!(plain(&sample::marginal(), 80), @r#"
~ MARGINAL: a person decides   score 94.9 (pass >= 95, marginal >= 75)
The score is below the pass threshold 95.
3 metrics: 1 hot, 2 ok
480 ticks of 1m
baseline baseline.parquet, canary canary.parquet

   group    score  hot  cold  nodata  ok
✗  jvm        0.0    1     0       0   0
✓  latency  100.0    0     0       0   1
✓  system   100.0    0     0       0   1

Against the canary, worst first (HOT too high)
       metric       ratio  98 % interval   bound   baseline  -> canary
  HOT  gc_pause_ms  1.400  [1.386, 1.414]  > 1.25       100  -> 140
not shown: 2 ok
"#);
}

#[test]
fn inconclusive() {
    assert_snapshot!(plain(&sample::inconclusive(), 80), @r#"
? INCONCLUSIVE: too little evidence to decide
no score (pass >= 95, marginal >= 75)
2 required metrics have no data: http_errors_total, logins; 75 % of the weight
  has no data, 20 % is allowed.
4 metrics: 3 nodata, 1 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline baseline.parquet, canary canary.parquet

   group    score  hot  cold  nodata  ok
?  errors       -    0     0       1   0
?  traffic      -    0     0       1   0
✓  system   100.0    0     0       1   1

Required, but without data (! critical)
! NODATA  http_errors_total  no data in the canary
  NODATA  logins             no usable value on either side
No metric counts against the canary; 1 nodata (1 low coverage); 1 ok
"#);
}

#[test]
fn three_thousand_metrics_on_one_screen() {
    let text = plain(&sample::three_thousand(), 80);
    assert!(text.lines().count() <= 40, "{text}");
    assert_snapshot!(text, @r#"
✗ FAIL: do not roll out
score 74.9, capped from 87.4 (pass >= 95, marginal >= 75)
In eu-west-1: critical metric http/server/requests/5xx is too high: ratio
  1.873 > 1.25.
3000 metrics in 2 regions: 42 hot, 40 cold, 71 nodata, 2847 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline v1.41.0, canary v1.42.0-rc1

            region     score  hot  cold  nodata    ok
✗ FAIL      eu-west-1   74.9   42    20      36  1402
~ MARGINAL  us-east-1   93.2    0    20      35  1445
            group
~           network     90.9    3    16       5   190
~           jvm         91.4    2    16       5   192
✓           errors      98.0    4     1       6   205
✓           queue       98.0    4     1       5   205
✓           db          98.5    3     1       5   204
and 9 more groups: scores 98.5 to 99.0

Against the canary, worst first (HOT too high, COLD too low, ! critical)
        metric                       region      ratio  98 % interval     bound
! HOT   http/server/requests/5xx     eu-west-1   1.873  [1.854, 1.892]    > 1.25
  HOT   dropped_events               eu-west-1     inf  p 1.200e-9        > 1.25
  COLD  service/check…_group_84/p84  us-east-1  0.2950  [0.2920, 0.2980]  < 0.8
  COLD  service/check…_group_91/p91  eu-west-1  0.2950  [0.2920, 0.2980]  < 0.8
  HOT   service/check…roup_1258/p58  eu-west-1   3.160  [3.128, 3.192]    > 1.25
  HOT   service/check…group_481/p81  eu-west-1   3.140  [3.109, 3.171]    > 1.25
  COLD  service/check…group_182/p82  eu-west-1  0.3250  [0.3218, 0.3283]  < 0.8
  COLD  service/check…group_175/p75  us-east-1  0.3250  [0.3218, 0.3283]  < 0.8
  HOT   service/check…group_962/p62  eu-west-1   3.060  [3.029, 3.091]    > 1.25
  HOT   service/check…group_185/p85  eu-west-1   3.040  [3.010, 3.070]    > 1.25
  HOT   service/check…roup_1443/p93  eu-west-1   2.980  [2.950, 3.010]    > 1.25
Required, but without data (! critical)
! NODATA  payments/authorised  eu-west-1  no data in the canary
not shown: 35 hot, 28 cold; 8 cold not held against the canary; 70 nodata
  (42 missing in canary, 28 too few points); 191 ok but undecided; 2656 ok

note: rule 4 matches no metric (kafka_*)
note: 1204 values of the canary empty or NaN, taken as missing
note: 3 values of the baseline not finite, taken as missing
"#);
}

#[test]
fn what_is_not_listed_is_counted() {
    let report = sample::three_thousand();
    for max_rows in [0, 1, 3, 100, usize::MAX] {
        let text = table(&report, &TableOptions { max_rows, width: 200, ..TableOptions::default() });
        let rows = text.lines().filter(|line| line.contains("  HOT ") || line.contains("! HOT ")).count();
        let rest = text.split_once("not shown: ").unwrap().1;
        let counted: u64 = rest.split_once(" hot").map_or(0, |(count, _)| count.parse().unwrap_or(0));
        assert_eq!(rows as u64 + counted, report.counts.hot, "{max_rows}");
    }
}

#[test]
fn only_some_states_lists_all_of_them() {
    assert_snapshot!(table(&sample::fail(), &TableOptions {
        only: Some(vec![State::Cold, State::NoData, State::Ok]),
        ..TableOptions::default()
    }), @r#"
✗ FAIL: do not roll out   score 33.3 (pass >= 95, marginal >= 75)
In eu-west-1: critical metric http_errors_total is too high: ratio 1.500 > 1.25;
  the score is below the marginal threshold 75.
10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline v1.41.0, canary v1.42.0-rc1

Most important first (COLD too low, in brackets: not held against the canary,
  OK? undecided)
          metric               region      ratio  98 % interval     bound
  COLD    requests_per_second  eu-west-1  0.5000  [0.4950, 0.5050]  < 0.8
  (COLD)  heap_used_bytes      eu-west-1  0.6000  [0.5940, 0.6060]  < 0.8
  OK?     p99_ms               us-east-1   1.000  [0.7000, 1.100]   over 0.8
  OK      http_errors_total    us-east-1   1.010  [0.9999, 1.020]   in 0.8..1.25
  OK      cpu                  us-east-1   1.020  [1.010, 1.030]    in 0.8..1.25

Without data
  NODATA  disk_queue  eu-west-1  no data in the canary
  NODATA  disk_queue  us-east-1  7 usable points of 12 needed

not shown: 3 hot
"#);
    let report = sample::three_thousand();
    for (state, word, count) in
        [(State::Hot, "HOT", report.counts.hot), (State::NoData, "NODATA", report.counts.nodata)]
    {
        let text = table(&report, &TableOptions { only: Some(vec![state]), ..TableOptions::default() });
        let rows = text.lines().filter(|line| line.get(2..).is_some_and(|line| line.starts_with(word))).count();
        assert_eq!(rows as u64, count, "{word}");
    }
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut reports = sample::all().to_vec();
    reports.push(sample::three_thousand());
    for (index, report) in reports.iter().enumerate() {
        for width in 60..=200 {
            for only in [None, Some(vec![State::Hot, State::Cold, State::NoData])] {
                let text = table(report, &TableOptions { width, only, ..TableOptions::default() });
                let widest = text.lines().map(UnicodeWidthStr::width).max().unwrap_or(0);
                assert!(widest <= width, "report {index}: {widest} columns at {width}\n{text}");
            }
        }
    }
}

#[test]
fn colour_adds_nothing_but_colour() {
    for report in sample::all() {
        let coloured = table(&report, &TableOptions { color: true, ..TableOptions::default() });
        let mut parts = coloured.split("\u{1b}[");
        let mut stripped = parts.next().unwrap_or_default().to_owned();
        stripped.extend(parts.map(|part| part.split_once('m').unwrap().1));
        assert_eq!(stripped, plain(&report, 80));
        assert!(coloured.starts_with("\u{1b}[1;3"));
    }
}

#[test]
fn a_score_never_reads_as_reaching_a_threshold_that_it_misses() {
    let mut report = sample::marginal();
    let score = |score| Score::new(score).unwrap();
    for (shown, pass) in [("score 94.9 (pass >= 95,", 95.0), ("score 94.960 (pass >= 94.961,", 94.961)] {
        report.thresholds = Thresholds::new(score(pass), score(75.0)).unwrap();
        assert!(plain(&report, 80).contains(shown), "{}", plain(&report, 80));
    }
}
