//! The result format.

use canary_core::kayenta::{JudgeResult, MetricEntry, Rule, ScoreRule, classify};
use serde_json::json;

fn entry(name: &str, baseline: &[f64], canary: &[f64], rule: &Rule) -> MetricEntry {
    MetricEntry::new(name, &["web".to_owned()], rule, &classify(baseline, canary, rule, 0))
}

#[test]
fn has_the_keys_that_tools_read() {
    let result = JudgeResult::new(
        vec![
            entry("errors", &[0.0; 5], &[1.0, 4.0, 2.0, 3.0, 1.0], &Rule::default()),
            entry("one", &[5.0], &[6.0], &Rule { muted: true, ..Rule::default() }),
            entry("silent", &[], &[1.0, 2.0], &Rule::default()),
        ],
        &ScoreRule::default(),
    );
    let found = serde_json::to_value(&result).unwrap();
    // By hand: the standard deviation of 1, 4, 2, 3, 1 is sqrt(6.8 / 4).
    let deviation = 1.7_f64.sqrt();
    let empty = json!({"stats": {"min": 0.0, "max": 0.0, "mean": 0.0, "std": 0.0, "count": 0}});
    assert_eq!(
        found["results"][0],
        json!({
            "name": "errors", "id": "errors", "tags": {}, "groups": ["web"],
            "classification": "High", "classificationReason": "the canary's values lie above the baseline's",
            "critical": false, "muted": false,
            "experimentMetadata": {"stats": {"min": 1.0, "max": 4.0, "mean": 2.2, "std": deviation, "count": 5}},
            "controlMetadata": {"stats": {"min": 0.0, "max": 0.0, "mean": 0.0, "std": 0.0, "count": 5}},
            "resultMetadata": {"ratio": "NaN"}
        })
    );
    assert_eq!(found["results"][1]["classification"], "Error");
    assert!(found["results"][1].get("resultMetadata").is_none());
    assert_eq!(
        (&found["results"][2]["controlMetadata"], found["results"][2]["resultMetadata"]["ratio"].as_f64()),
        (&empty, Some(1.0))
    );
    assert_eq!(found["judgeName"], "NetflixACAJudge-v1.0");
    // Half of the two that count have no data: that alone sets the score to 0.
    assert_eq!(
        found["groupScores"],
        json!([{"name": "web", "score": 0.0, "classification": "", "classificationReason": ""}])
    );
    assert_eq!(found["score"]["classification"], "Fail");
    assert_eq!(found["score"]["classificationReason"], "1 of 2 metrics have no data");
}

#[test]
fn reads_what_it_writes() {
    let infinite = entry("infinite", &[1.0, 2.0, f64::INFINITY], &[1.0, 2.0, 3.0], &Rule::default());
    let result = JudgeResult::new(vec![infinite], &ScoreRule::default());
    let text = serde_json::to_string(&result).unwrap();
    assert!(text.contains(r#""max":"Infinity""#), "{text}");
    // Written again, because NaN does not equal itself.
    let read: JudgeResult = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), text);
}
