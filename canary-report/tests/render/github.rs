use canary_report::github;
use insta::assert_snapshot;

use crate::sample;

#[test]
fn fail() {
    assert_snapshot!(github(&sample::fail()), @r#"
::error title=canary FAIL%3A do not roll out::score 33.3 (pass >= 95, marginal >= 75). In eu-west-1: critical metric http_errors_total is too high: ratio 1.500 > 1.25; the score is below the marginal threshold 75. 10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok.
::error title=critical HOT http_errors_total in eu-west-1::too high: the interval [1.485, 1.515] lies above the upper bound 1.25
::error title=HOT ParNew_CollectionCount in eu-west-1::too high: the interval [1.287, 1.313] lies above the upper bound 1.25
::error title=COLD requests_per_second in eu-west-1::too low: the interval [0.4950, 0.5050] lies below the lower bound 0.8
::error title=HOT dropped_events in eu-west-1::too high: the baseline is zero throughout and the canary is not
"#);
}

#[test]
fn pass() {
    assert_snapshot!(github(&sample::pass()), @r#"
::notice title=canary PASS%3A roll out::score 100.0 (pass >= 95, marginal >= 75). The score reaches the pass threshold 95. 3 metrics: 3 ok.
"#);
}

#[test]
fn inconclusive() {
    assert_snapshot!(github(&sample::inconclusive()), @r#"
::warning title=canary INCONCLUSIVE%3A too little evidence to decide::no score (pass >= 95, marginal >= 75). 2 required metrics have no data: http_errors_total, logins; 75 %25 of the weight has no data, 20 %25 is allowed. 4 metrics: 3 nodata, 1 ok.
::warning title=critical NODATA http_errors_total::no data in the canary
::warning title=NODATA logins::no usable value on either side
"#);
}

#[test]
fn as_many_as_github_shows() {
    let text = github(&sample::three_thousand());
    assert_eq!(text.lines().count(), 11);
    assert!(text.lines().all(|line| line.starts_with("::error title=")));
}
