//! The peer's configuration, read and carried over.

use canary_core::config::{Direction, Outliers, Resolver, Settings};
use canary_core::kayenta::{Config, ConfigError, ImportNote, Measure, NanStrategy, OutlierStrategy, Rule};
use serde_json::{Value, json};

/// Queries, scopes and time stamps as an installation writes them; unknown keys at every level.
fn text() -> String {
    let metric = |name: &str, groups: Value, canary: Value| {
        json!({
            "name": name, "groups": groups, "scopeName": "default", "unknown": [1],
            "query": {"type": "prometheus", "serviceType": "prometheus", "metricName": "x", "labelBindings": []},
            "analysisConfigurations": {"canary": canary, "other": {"x": 1}},
        })
    };
    json!({
        "name": "shop", "description": null, "configVersion": "1", "createdTimestamp": 1_500_000_000_000_i64,
        "applications": ["shop"], "templates": {}, "judge": {"name": "NetflixACAJudge-v1.0", "judgeConfigurations": {}},
        "metrics": [
            metric("latency p99", json!(["web"]), json!({"direction": "increase", "effectSize": {"allowedIncrease": 1.1}})),
            metric("latency p50", json!(["web"]), json!({"direction": "increase", "effectSize": {"allowedIncrease": 1.1}})),
            metric("errors*", json!(["web", "errors"]), json!({
                "direction": "increase", "critical": true, "mustHaveData": true, "nanStrategy": "replace",
                "effectSize": {"criticalIncrease": 2}, "outliers": {"strategy": "remove", "outlierFactor": 4},
            })),
            metric("requests", json!(["load"]), json!({"direction": "decrease", "effectSize": {"allowedDecrease": 0.9}})),
            metric("queue", json!(["load"]), json!({"effectSize": {"measure": "cles", "allowedIncrease": 0.6}})),
            metric("muted", json!(["load"]), json!({"muted": true, "critical": true, "mustHaveData": true})),
            metric("typo", json!(["load"]), json!({"direction": "up", "effectSize": {"allowedIncrease": 0.7}})),
            metric("plain", json!([]), json!(null)),
        ],
        "classifier": {"groupWeights": {"web": 60.0, "absent": 10}, "scoreThresholds": {"pass": 90, "marginal": 60.0}},
    })
    .to_string()
}

fn imported(text: &str, metric: &str) -> Settings {
    Resolver::new(&Config::from_json(text).unwrap().import().config).unwrap().settings(metric)
}

#[test]
fn the_rule_has_the_judges_defaults() {
    let config = Config::from_json(&text()).unwrap();
    assert_eq!(config.metric("plain").unwrap().rule(), Rule::default());
    assert_eq!(config.metric("typo").unwrap().rule().direction, Direction::Either, "unknown words are the default");
    let errors = config.metric("errors*").unwrap().rule();
    assert_eq!((errors.nan_strategy, errors.outliers), (NanStrategy::Replace, OutlierStrategy::Remove { factor: 4.0 }));
    assert!(errors.critical && errors.must_have_data && !errors.muted);
    let queue = config.metric("queue").unwrap().rule().effect_size;
    assert_eq!((queue.measure, queue.allowed_increase, queue.allowed_decrease), (Measure::Cles, 0.6, 0.5));
}

#[test]
fn every_metric_has_its_settings() {
    let settings = |metric| imported(&text(), metric);
    let latency = settings("latency p99");
    assert_eq!((latency.bounds.lower(), latency.bounds.upper()), (0.8, 1.1), "the end that is left out is ours");
    assert_eq!((latency.direction, latency.group.as_deref()), (Direction::Increase, Some("web")));
    let errors = settings("errors*");
    assert!(errors.critical && errors.must_have_data && errors.outliers == Outliers::Drop);
    assert_eq!(settings("errors and more").group, None, "a star in a name is no pattern");
    assert_eq!(settings("requests").bounds.lower(), 0.9);
    assert_eq!(settings("queue").bounds, canary_core::config::Bounds::default());
    let muted = settings("muted");
    assert_eq!((muted.weight.get(), muted.critical, muted.must_have_data), (0.0, false, false));
}

#[test]
fn thresholds_and_weights_are_carried_over() {
    let config = Config::from_json(&text()).unwrap().import().config;
    assert_eq!((config.thresholds.pass(), config.thresholds.marginal()), (90.0, 60.0));
    let weight = |group: &str| config.groups.get(group).map(|group| group.weight.get());
    // 100 - 60 - 10 is left for the one group without a weight.
    assert_eq!((weight("web"), weight("load"), weight("absent")), (Some(60.0), Some(30.0), None));
}

#[test]
fn what_is_lost_is_said() {
    let notes = Config::from_json(&text()).unwrap().import().notes;
    let found: Vec<(&str, Vec<&str>)> =
        notes.iter().map(|note| (note.key, note.metrics.iter().map(String::as_str).collect())).collect();
    let expected = [
        ("classifier.groupWeights", vec![]),
        ("classifier.groupWeights", vec![]),
        ("nanStrategy", vec!["errors*"]),
        ("groups", vec!["errors*"]),
        ("effectSize.criticalIncrease", vec!["errors*"]),
        ("outliers.strategy", vec!["errors*"]),
        ("effectSize.measure", vec!["queue"]),
        ("direction", vec!["typo"]),
        ("effectSize.allowedIncrease", vec!["typo"]),
        ("groups", vec!["plain"]),
    ];
    assert_eq!(found, expected, "{notes:#?}");
}

#[test]
fn many_metrics_become_few_rules_and_few_notes() {
    let metric = |index: usize| {
        let direction = if index.is_multiple_of(2) { "increase" } else { "decrease" };
        json!({
            "name": format!("metric {index}"), "groups": ["all", "more"],
            "analysisConfigurations": {"canary": {"direction": direction}},
        })
    };
    let metrics: Vec<Value> = (0..1500).map(metric).collect();
    let import = Config::from_json(&json!({ "metrics": metrics }).to_string()).unwrap().import();
    assert_eq!(import.config.rules.iter().map(|rule| rule.patterns.len()).collect::<Vec<_>>(), [750, 750]);
    assert!(matches!(import.notes.as_slice(), [ImportNote { key: "groups", metrics, .. }] if metrics.len() == 1500));
    let settings = Resolver::new(&import.config).unwrap().settings("metric 1499");
    assert_eq!(settings.direction, Direction::Decrease);
}

#[test]
fn a_group_without_weight_is_shown_and_not_scored() {
    let metric = |name: &str, group: &str| json!({"name": name, "groups": [group]});
    let text = json!({
        "metrics": [metric("a", "web"), metric("b", "rest")],
        "classifier": {"groupWeights": {"web": 100}},
    });
    let text = text.to_string();
    assert_eq!((imported(&text, "a").weight.get(), imported(&text, "b").weight.get()), (1.0, 0.0));
}

#[test]
fn values_of_the_wrong_type_name_their_place() {
    let text = "{\"metrics\":[\n{\"name\":\"m\",\"analysisConfigurations\":{\"canary\":{\"critical\":\"true\"}}}]}";
    match Config::from_json(text).unwrap_err() {
        ConfigError::Json { line: 2, message, .. } => assert!(message.contains("boolean"), "{message}"),
        other => panic!("{other:?}"),
    }
    assert_eq!(Config::from_json("{\"metrics\":[{}]}"), Err(ConfigError::NoName { index: 0 }));
}
