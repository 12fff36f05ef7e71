//! What moved together, in the formats of text.

use canary_core::report::{Finding, Interval, Member, MetricKey, Onset, Report, Size, State, Tipping, Verdict};
use canary_report::{TableOptions, github, markdown, table};
use insta::assert_snapshot;

use crate::sample;

/// A failing report in which two metrics moved together and another one alone.
fn report() -> Report {
    let member = |name: &str, state, ratio| Member {
        metric: name.into(),
        state,
        counts_against: true,
        ratio: Some(ratio),
        onset_tick: 120,
    };
    let finding = |component: Option<&str>, members: Vec<Member>| Finding {
        region: Some("eu-west-1".into()),
        component: component.map(Into::into),
        onset: Onset { tick: 120, minutes: 120.0, at: Some("2026-08-22T12:00:00Z".to_owned()) },
        first_mover: members[0].metric.clone(),
        size: Size { factor: Some(1.75), interval: Some(Interval { level: 0.95, lower: Some(1.5), upper: Some(2.0) }) },
        score_loss: Some(25.0),
        members,
    };
    let together = vec![member("http_errors_total", State::Hot, 1.5), member("requests_per_second", State::Cold, 0.5)];
    let alone = vec![member("ParNew_CollectionCount", State::Hot, 1.3)];
    let key = |name: &str| MetricKey { name: name.into(), region: Some("eu-west-1".into()) };
    Report {
        findings: vec![finding(Some("http"), together), finding(None, alone)],
        tipping: Some(Tipping { verdict: Verdict::Marginal, metrics: vec![key("http_errors_total")] }),
        ..sample::fail()
    }
}

fn part(text: &str, from: &str, to: &str) -> String {
    let start = text.find(from).expect("where it starts");
    let length = text[start..].find(to).expect("where it ends");
    text[start..start + length].trim_end().to_owned()
}

#[test]
fn the_table_tells_of_several_metrics_before_it_lists_them() {
    let table = table(&report(), &TableOptions { width: 100, ..TableOptions::default() });
    assert_snapshot!(part(&table, "Moved together", "\n\n"), @r#"
Moved together
http in eu-west-1: 2 metrics moved together by a factor of 1.750 [1.500, 2.000], from 2026-08-22
  12:00 UTC on (minute 120). First to move: http_errors_total. 1 hot, 1 cold; all count against the
  canary. Without them the score would be 25 higher.
Without this metric the verdict would be MARGINAL instead of FAIL: http_errors_total.
"#);
}

#[test]
fn markdown_has_them_as_a_list() {
    assert_snapshot!(part(&markdown(&report()), "### Moved together", "### Regions"), @r#"
### Moved together

- **http in eu-west-1**: 2 metrics moved together by a factor of 1.750 &#91;1.500, 2.000], from 2026-08-22 12:00 UTC on (minute 120). First to move: http&#95;errors&#95;total. 1 hot, 1 cold; all count against the canary. Without them the score would be 25 higher.

Without this metric the verdict would be MARGINAL instead of FAIL: http&#95;errors&#95;total.
"#);
}

#[test]
fn an_annotation_tells_of_several_metrics_and_none_of_them_has_another() {
    assert_snapshot!(github(&report()), @r#"
::error title=canary FAIL%3A do not roll out::score 33.3 (pass >= 95, marginal >= 75). In eu-west-1: critical metric http_errors_total is too high: ratio 1.500 > 1.25; the score is below the marginal threshold 75. 10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok.
::error title=http in eu-west-1::2 metrics moved together by a factor of 1.750 [1.500, 2.000], from 2026-08-22 12:00 UTC on (minute 120). First to move: http_errors_total. 1 hot, 1 cold; all count against the canary. Without them the score would be 25 higher.
::error title=HOT ParNew_CollectionCount in eu-west-1::too high: the interval [1.287, 1.313] lies above the upper bound 1.25
::error title=HOT dropped_events in eu-west-1::too high: the baseline is zero throughout and the canary is not
"#);
}

#[test]
fn without_findings_nothing_is_said_of_them() {
    let none = sample::fail();
    assert!(!table(&none, &TableOptions::default()).contains("together"));
    assert!(!markdown(&none).contains("together"));
}
