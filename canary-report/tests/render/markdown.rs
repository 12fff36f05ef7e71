use canary_core::report::{Verdict, VerdictReason};
use canary_report::markdown;
use insta::assert_snapshot;

use crate::sample;

#[test]
fn fail() {
    assert_snapshot!(markdown(&sample::fail()), @r#"
## ❌ Canary FAIL: do not roll out

- **score 33.3 (pass >= 95, marginal >= 75)**
- In eu-west-1: critical metric http&#95;errors&#95;total is too high: ratio 1.500 > 1.25; the score is below the marginal threshold 75.
- 10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok
- 480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
- baseline v1.41.0, canary v1.42.0-rc1

### Regions

| region | verdict | score | hot | cold | nodata | ok |
|---|---|--:|--:|--:|--:|--:|
| `eu-west-1` | ❌ FAIL | 33.3 | 3 | 2 | 1 | 0 |
| `us-east-1` | ✅ PASS | 100.0 | 0 | 0 | 1 | 3 |

### Groups

| group | weight | score | hot | cold | nodata | ok |
|---|--:|--:|--:|--:|--:|--:|
| `traffic` | 1 | 0.0 | 0 | 1 | 0 | 0 |
| `errors` | 1 | 33.3 | 2 | 0 | 0 | 1 |
| `jvm` | 1 | 50.0 | 1 | 1 | 0 | 0 |
| `latency` | 1 | 100.0 | 0 | 0 | 0 | 1 |
| `system` | 1 | 100.0 | 0 | 0 | 2 | 1 |

### Against the canary, most important first

HOT: the canary is too high. COLD: too low.

| state | metric | region | group | ratio | interval | bound | baseline | canary |
|---|---|---|---|--:|---|---|--:|--:|
| **HOT**, critical | `http_errors_total` | `eu-west-1` | `errors` | 1.500 | [1.485, 1.515] | > 1.25 | 100 | 150 |
| HOT | `ParNew_CollectionCount` | `eu-west-1` | `jvm` | 1.300 | [1.287, 1.313] | > 1.25 | 100 | 130 |
| COLD | `requests_per_second` | `eu-west-1` | `traffic` | 0.5000 | [0.4950, 0.5050] | < 0.8 | 100 | 50 |
| HOT | `dropped_events` | `eu-west-1` | `errors` | inf | - | > 1.25 | 0 | 3.25 |

### Without data

| state | metric | region | group | why |
|---|---|---|---|---|
| NODATA | `disk_queue` | `eu-west-1` | `system` | no data in the canary |
| NODATA | `disk_queue` | `us-east-1` | `system` | 7 usable points of 12 needed |

Other metrics: 1 cold not held against the canary; 1 ok but undecided; 2 ok.

### Notes

- rule 3 matches no metric (latency&#95;&#42;)
- 17 values of the canary empty or NaN, taken as missing
"#);
}

#[test]
fn pass() {
    assert_snapshot!(markdown(&sample::pass()), @r#"
## ✅ Canary PASS: roll out

- **score 100.0 (pass >= 95, marginal >= 75)**
- The score reaches the pass threshold 95.
- 3 metrics: 3 ok
- 480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
- baseline baseline.parquet, canary canary.parquet

### Groups

| group | weight | score | hot | cold | nodata | ok |
|---|--:|--:|--:|--:|--:|--:|
| `latency` | 1 | 100.0 | 0 | 0 | 0 | 2 |
| `system` | 1 | 100.0 | 0 | 0 | 0 | 1 |

Other metrics: 3 ok.
"#);
}

#[test]
fn inconclusive() {
    assert_snapshot!(markdown(&sample::inconclusive()), @r#"
## ❔ Canary INCONCLUSIVE: too little evidence to decide

- **no score (pass >= 95, marginal >= 75)**
- 2 required metrics have no data: http&#95;errors&#95;total, logins; 75 % of the weight has no data, 20 % is allowed.
- 4 metrics: 3 nodata, 1 ok
- 480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
- baseline baseline.parquet, canary canary.parquet

### Groups

| group | weight | score | hot | cold | nodata | ok |
|---|--:|--:|--:|--:|--:|--:|
| `errors` | 1 | - | 0 | 0 | 1 | 0 |
| `traffic` | 1 | - | 0 | 0 | 1 | 0 |
| `system` | 1 | 100.0 | 0 | 0 | 1 | 1 |

### Without data

| state | metric | region | group | why |
|---|---|---|---|---|
| **NODATA**, critical | `http_errors_total` | - | `errors` | no data in the canary |
| **NODATA**, required | `logins` | - | `traffic` | no usable value on either side |
| NODATA | `disk_queue` | - | `system` | one side has 31 % of the other's points, 50 % needed |

Other metrics: 1 ok.
"#);
}

/// 1024 KiB is what GitHub takes a step, above it everything is dropped.
#[test]
fn the_largest_report_fits_a_job_summary() {
    for unit in ["|`", "é\u{301}\u{301}\u{301}", "\u{1b}"] {
        let long = unit.repeat(4096 / unit.len());
        let metrics: Vec<_> = (0..10_000)
            .map(|index| {
                let name = format!("{long}{index}");
                sample::within(&name, sample::critical(sample::against(&name, &name, 1.5)))
            })
            .collect();
        let reasons: Vec<_> =
            metrics.iter().map(|metric| VerdictReason::CriticalFailed { metric: metric.name.clone() }).collect();
        let regions = metrics
            .iter()
            .map(|metric| {
                let region = metric.region.as_deref();
                let alone = std::slice::from_ref(metric);
                sample::region(region, (Verdict::Fail, Some(0.0)), reasons.iter().take(1).cloned().collect(), alone)
            })
            .collect();
        let mut report = sample::report(regions, metrics);
        report.reasons = reasons;
        let text = markdown(&report);
        assert!(text.len() < 900 * 1024, "{} bytes of {unit:?}", text.len());
        assert!(text.contains("of 10000 metrics left out here"), "{unit:?}");
    }
}
