//! The schemas say what the library reads and writes, and the copies in docs/schema are theirs.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "a test, which reads what is written")]

#[path = "../examples/squeeze_accuracy/recorded.rs"]
#[allow(dead_code, reason = "their truth matters elsewhere")]
mod recorded;

use std::path::Path;
use std::{env, fs};

use canary_core::config::Bounds;
use canary_core::scaling::{Growth, Redundancy, ScalingInput, StartTime, plan};
use canary_core::schema;
use canary_core::squeeze::{Slo, SqueezeComparison, SqueezeOptions, SqueezeReport, Status, analyze, compare};
use canary_core::trend::{BuildResult, TrendOptions, Value as BuildValue, trend};
use jsonschema::Validator;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

fn named(name: &str) -> Validator {
    let (_, schema) = schema::NAMED.iter().find(|(known, _)| *known == name).unwrap();
    jsonschema::validator_for(&serde_json::to_value(schema()).unwrap()).unwrap()
}

/// Its JSON follows the schema, and reads as the same value.
#[track_caller]
fn follows<T: Serialize + DeserializeOwned + PartialEq + std::fmt::Debug>(schema: &Validator, value: &T) -> Value {
    let json = serde_json::to_value(value).unwrap();
    let errors: Vec<String> =
        schema.iter_errors(&json).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{errors:#?} in {json:#}");
    assert_eq!(&serde_json::from_value::<T>(json.clone()).unwrap(), value);
    json
}

#[track_caller]
fn refused(schema: &Validator, good: &Value, pointer: &str, wrong: Value) {
    let mut bad = good.clone();
    *bad.pointer_mut(pointer).unwrap() = wrong;
    assert!(schema.is_valid(good) && !schema.is_valid(&bad), "{pointer}");
}

/// Recorded runs of ten tools, with and without objectives, and a run of nothing: every status but one.
fn reports() -> Vec<SqueezeReport> {
    let options = SqueezeOptions { draws: 40, ..SqueezeOptions::default() };
    let mut reports = vec![analyze(&canary_core::squeeze::LoadRun::default(), &Slo::default(), &options)];
    for known in recorded::recorded() {
        reports.push(analyze(&known.run, &known.slo, &options));
        let mut twice = known.run.clone();
        twice.steps.iter_mut().for_each(|step| step.repeat = Some(0));
        twice.steps.extend(known.run.steps.iter().cloned().map(|mut step| {
            (step.repeat, step.instance) = (Some(1), Some("a".to_owned()));
            step
        }));
        reports.push(analyze(&twice, &Slo::default(), &options));
    }
    reports
}

#[test]
fn squeeze_tests_and_their_comparisons() {
    let (report_schema, comparison_schema) = (named("squeeze"), named("squeeze-comparison"));
    let reports = reports();
    let mut states = Vec::new();
    for canary in &reports {
        let json = follows(&report_schema, canary);
        refused(&report_schema, &json, "/status", json!("perhaps"));
        for baseline in &reports {
            let comparison: SqueezeComparison = compare(baseline, canary, Bounds::default());
            let json = follows(&comparison_schema, &comparison);
            refused(&comparison_schema, &json, "/state", json!("warm"));
            states.push(comparison.state.name());
            let together = SqueezeReport { comparison: Some(comparison), ..canary.clone() };
            follows(&report_schema, &together);
        }
    }
    states.sort_unstable();
    states.dedup();
    assert_eq!(states, ["cold", "hot", "nodata", "ok"]);
    let statuses =
        [Status::Measured, Status::LowerBound, Status::SaturatedFromStart, Status::Unstable, Status::Unusable];
    assert!(statuses.iter().all(|status| reports.iter().any(|report| report.status == *status)));
}

#[test]
fn scaling_plans_and_what_they_are_made_of() {
    let (input_schema, plan_schema) = (named("scaling-input"), named("scaling-plan"));
    let start = StartTime::from_samples(&[30.0, 40.0]).unwrap();
    let mut inputs: Vec<ScalingInput> = reports()
        .iter()
        .filter_map(|report| ScalingInput::from_report(report, &start, Growth::Linear(0.02)).ok())
        .collect();
    assert!(inputs.len() > 10);
    for redundancy in [Redundancy::None, Redundancy::Zones(3), Redundancy::Spares(2)] {
        let input = ScalingInput::new(200.0, 60.0, Growth::Exponential(0.03));
        inputs.push(ScalingInput { redundancy, peak_rps: Some(9000.0), trough_rps: Some(500.0), ..input });
    }
    for input in &inputs {
        let json = follows(&input_schema, input);
        refused(&input_schema, &json, "/growth", json!({"steep": 1.0}));
        let json = follows(&plan_schema, &plan(input).unwrap());
        refused(&plan_schema, &json, "/target_rps", json!("many"));
    }
}

#[test]
fn trends() {
    let schema = named("trend");
    let build = |place: u32, value| BuildResult { build: format!("1.{place}"), series: "api".to_owned(), value };
    let measured = |place: u32, level: f64| {
        let value = level * (1.0 + f64::from(place * 7 % 5) / 200.0);
        let (lower, upper) =
            ((!place.is_multiple_of(3)).then_some(0.98 * value), (place % 3 > 1).then_some(1.02 * value));
        build(place, BuildValue::Measured { value, lower, upper })
    };
    let mut history: Vec<BuildResult> = (0..30).map(|place| measured(place, 400.0)).collect();
    history.push(build(30, BuildValue::AtLeast(380.0)));
    history.push(build(31, BuildValue::Missing));
    history.extend((32..50).map(|place| measured(place, 300.0)));
    history.push(build(50, BuildValue::AtMost(200.0)));
    let options = TrendOptions { peak_rps: Some(9000.0), ..TrendOptions::default() };
    let mut seen = (false, false);
    for length in 0..=history.len() {
        let report = trend(&history[..length], &options);
        seen = (seen.0 || !report.changes.is_empty(), seen.1 || report.suspect.is_some());
        let json = follows(&schema, &report);
        refused(&schema, &json, "/builds", json!("many"));
    }
    assert_eq!(seen, (true, true), "a change and a suspect");
}

/// `CANARY_UPDATE_SCHEMA=1 cargo test -p canary-core --test schemas` writes them anew.
#[test]
fn the_copies_in_docs_are_fresh() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema");
    for (name, schema) in schema::NAMED {
        let generated = serde_json::to_string_pretty(&schema()).unwrap() + "\n";
        let path = folder.join(format!("{name}.json"));
        if env::var_os("CANARY_UPDATE_SCHEMA").is_some() {
            fs::write(&path, &generated).unwrap();
        }
        let copy = fs::read_to_string(&path).unwrap_or_default();
        assert!(copy == generated, "{} is stale: run this test with CANARY_UPDATE_SCHEMA=1", path.display());
    }
}
