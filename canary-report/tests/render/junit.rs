use canary_report::junit;
use insta::assert_snapshot;
use quick_junit::{NonSuccessKind, Report, TestCaseStatus};

use crate::sample;

#[test]
fn fail() {
    assert_snapshot!(junit(&sample::fail()).unwrap(), @r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="canary" tests="11" skipped="2" failures="5" errors="0">
    <testsuite name="canary" tests="1" skipped="0" errors="0" failures="1">
        <testcase name="verdict" classname="canary">
            <failure message="FAIL: do not roll out. In eu-west-1: critical metric http_errors_total is too high: ratio 1.500 &gt; 1.25; the score is below the marginal threshold 75." type="fail"/>
            <system-out>score 33.3 (pass &gt;= 95, marginal &gt;= 75)
10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline v1.41.0, canary v1.42.0-rc1</system-out>
        </testcase>
    </testsuite>
    <testsuite name="eu-west-1" tests="6" skipped="1" errors="0" failures="4">
        <testcase name="http_errors_total" classname="eu-west-1.errors">
            <failure message="too high: the interval [1.485, 1.515] lies above the upper bound 1.25" type="hot">ratio 1.500 (bounds 0.8 to 1.25)
interval [1.485, 1.515] at 98 %
average 100 -&gt; 150
points 480 -&gt; 480
weight 1
effective points 96.2
p-value 1.200e-9</failure>
        </testcase>
        <testcase name="ParNew_CollectionCount" classname="eu-west-1.jvm">
            <failure message="too high: the interval [1.287, 1.313] lies above the upper bound 1.25" type="hot">ratio 1.300 (bounds 0.8 to 1.25)
interval [1.287, 1.313] at 98 %
average 100 -&gt; 130
points 480 -&gt; 480
weight 1
effective points 96.2
p-value 1.200e-9</failure>
        </testcase>
        <testcase name="requests_per_second" classname="eu-west-1.traffic">
            <failure message="too low: the interval [0.4950, 0.5050] lies below the lower bound 0.8" type="cold">ratio 0.5000 (bounds 0.8 to 1.25)
interval [0.4950, 0.5050] at 98 %
average 100 -&gt; 50
points 480 -&gt; 480
weight 1
effective points 96.2
p-value 1.200e-9</failure>
        </testcase>
        <testcase name="dropped_events" classname="eu-west-1.errors">
            <failure message="too high: the baseline is zero throughout and the canary is not" type="hot">ratio inf (bounds 0.8 to 1.25)
average 0 -&gt; 3.25
points 480 -&gt; 480
weight 1
effective points 96.2
p-value 1.200e-9</failure>
        </testcase>
        <testcase name="heap_used_bytes" classname="eu-west-1.jvm"/>
        <testcase name="disk_queue" classname="eu-west-1.system">
            <skipped message="no data in the canary" type="nodata">ratio - (bounds 0.8 to 1.25)
average 12.5 -&gt; -
points 480 -&gt; 0
weight 1</skipped>
        </testcase>
    </testsuite>
    <testsuite name="us-east-1" tests="4" skipped="1" errors="0" failures="0">
        <testcase name="disk_queue" classname="us-east-1.system">
            <skipped message="7 usable points of 12 needed" type="nodata">ratio - (bounds 0.8 to 1.25)
average 12.5 -&gt; -
points 480 -&gt; 0
weight 1</skipped>
        </testcase>
        <testcase name="p99_ms" classname="us-east-1.latency"/>
        <testcase name="http_errors_total" classname="us-east-1.errors"/>
        <testcase name="cpu" classname="us-east-1.system"/>
    </testsuite>
</testsuites>
"#);
}

#[test]
fn inconclusive() {
    assert_snapshot!(junit(&sample::inconclusive()).unwrap(), @r#"
<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="canary" tests="5" skipped="1" failures="0" errors="3">
    <testsuite name="canary" tests="1" skipped="0" errors="1" failures="0">
        <testcase name="verdict" classname="canary">
            <error message="INCONCLUSIVE: too little evidence to decide. 2 required metrics have no data: http_errors_total, logins; 75 % of the weight has no data, 20 % is allowed." type="inconclusive"/>
            <system-out>no score (pass &gt;= 95, marginal &gt;= 75)
4 metrics: 3 nodata, 1 ok
480 ticks of 1m, 2026-08-22 10:00 to 18:00 UTC
baseline baseline.parquet, canary canary.parquet</system-out>
        </testcase>
    </testsuite>
    <testsuite name="metrics" tests="4" skipped="1" errors="2" failures="0">
        <testcase name="http_errors_total" classname="metrics.errors">
            <error message="no data in the canary" type="nodata">ratio - (bounds 0.8 to 1.25)
average 12.5 -&gt; -
points 480 -&gt; 0
weight 1</error>
        </testcase>
        <testcase name="logins" classname="metrics.traffic">
            <error message="no usable value on either side" type="nodata">ratio - (bounds 0.8 to 1.25)
average 12.5 -&gt; -
points 480 -&gt; 0
weight 1</error>
        </testcase>
        <testcase name="disk_queue" classname="metrics.system">
            <skipped message="one side has 31 % of the other&apos;s points, 50 % needed" type="nodata">ratio - (bounds 0.8 to 1.25)
average 12.5 -&gt; -
points 480 -&gt; 0
weight 1</skipped>
        </testcase>
        <testcase name="cpu" classname="metrics.system"/>
    </testsuite>
</testsuites>
"#);
}

#[test]
fn only_a_pass_is_green() {
    let kinds = sample::all().map(|report| {
        let parsed = Report::deserialize_from_str(&junit(&report).unwrap()).unwrap();
        let verdict = parsed.test_suites.first().and_then(|suite| suite.test_cases.first()).unwrap();
        assert_eq!(verdict.name.as_str(), "verdict");
        match verdict.status {
            TestCaseStatus::NonSuccess { kind, .. } => Some(kind),
            _ => None,
        }
    });
    let [pass, fail, marginal, inconclusive, _] = kinds;
    assert_eq!(pass, None);
    assert_eq!(fail, Some(NonSuccessKind::Failure));
    assert_eq!(marginal, Some(NonSuccessKind::Failure));
    assert_eq!(inconclusive, Some(NonSuccessKind::Error));
}

#[test]
fn every_metric_is_a_test_case() {
    let report = sample::three_thousand();
    let parsed = Report::deserialize_from_str(&junit(&report).unwrap()).unwrap();
    assert_eq!(parsed.tests, report.metrics.len() + 1);
    assert_eq!(parsed.test_suites.len(), 3);
    assert_eq!(parsed.failures as u64, report.counts.against + 1);
    // The one critical metric without data is an error, not skipped.
    assert_eq!((parsed.errors, parsed.skipped as u64), (1, report.counts.nodata - 1));
}
