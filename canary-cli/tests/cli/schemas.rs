//! The schemas say what the program reads and writes, and the copies in docs/schema are theirs.

use std::fs;

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::harness::{DEMO, FAILING, Folder, GOOD, PASS, SILENT, canary, report, root};

const HEALTHY: [&str; 2] = ["fixtures/healthy/baseline.parquet", "fixtures/healthy/canary.parquet"];
const NO_ROWS: [&str; 2] = ["fixtures/bad/good_baseline.parquet", "fixtures/bad/no_rows.parquet"];

fn schema(of: &str) -> Validator {
    let schema = canary(&["schema", of]).exits(PASS).json();
    jsonschema::validator_for(&schema).unwrap_or_else(|error| panic!("{of}: {error}"))
}

#[track_caller]
fn validates(schema: &Validator, value: &Value, what: &str) {
    let errors: Vec<String> =
        schema.iter_errors(value).take(5).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(errors.is_empty(), "{what}: {errors:#?}");
}

#[test]
fn reports_follow_the_schema() {
    let schema = schema("report");
    for inputs in [&DEMO, &HEALTHY, &FAILING, &GOOD, &NO_ROWS, &SILENT] {
        for options in [&[][..], &["--judge", "bounds"]] {
            validates(&schema, &report(inputs, options), inputs[1]);
        }
    }
    validates(&schema, &report(&FAILING, &["--with-series"]), "with series");
    let mut wrong = report(&FAILING, &[]);
    wrong["verdict"] = json!("perhaps");
    assert!(!schema.is_valid(&wrong), "the schema tells right from wrong");
}

#[test]
fn replays_follow_the_schema() {
    let schema = schema("replay");
    for inputs in [&HEALTHY, &FAILING, &NO_ROWS, &SILENT] {
        for options in [&["--every", "40m"][..], &["--every", "7m", "--judge", "bounds"]] {
            let options = [&["replay"], &inputs[..], options, &["--format", "json"]].concat();
            validates(&schema, &canary(&options).json(), inputs[1]);
        }
    }
    let mut wrong = canary(&[&["replay"], &FAILING[..], &["--every", "7m", "--format", "json"]].concat()).json();
    wrong["stopped"]["because"] = json!([{"code": "critical_failed"}]);
    assert!(!schema.is_valid(&wrong), "the schema tells right from wrong");
}

const USUAL: &str = r#"
[thresholds]
pass = 95
marginal = 75

[defaults]
bounds = { lower = 0.8, upper = 1.25 }
direction = "either"
judge = "interval"
level = 0.98
min_points = 12
min_coverage = 0.5
outliers = "keep"
warmup = "5m"
weight = 1

[[rules]]
match = ["*latency_*", "/_p99$/"]
group = "latency"
direction = "increase"
bounds = { upper = 1.1 }
floor = 5.0
critical = true
weight = 3

[[rules]]
match = ["*_total"]
kind = "counter"
judge = "bounds"
outliers = "drop"
level = 0.95
min_points = 20
min_coverage = 0.8
must_have_data = false

[[rules]]
preset = "throughput"

[groups.latency]
weight = 2

[evidence]
require = false
max_nodata = 0.3
max_undecided = 0.4
"#;

#[test]
fn configurations_follow_the_schema() {
    let schema = schema("config");
    let folder = Folder::new();
    for (name, config) in [("empty.toml", ""), ("usual.toml", USUAL)] {
        let echo = report(&FAILING, &["-c", &folder.write(name, config)])["config"].clone();
        validates(&schema, &echo, name);
        let again = report(&FAILING, &["-c", &folder.write("echo.json", echo.to_string())])["config"].clone();
        assert_eq!(again, echo, "{name}: the report's copy is a configuration that says the same");
    }
    for example in examples() {
        validates(&schema, &report(&FAILING, &["-c", &example])["config"], &example);
    }
}

/// The configurations among the examples, if there are any.
fn examples() -> Vec<String> {
    let entries = fs::read_dir(root().join("examples")).into_iter().flatten();
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let is_config = |path: &std::path::PathBuf| path.extension().is_some_and(|suffix| suffix == "toml");
    let text = |path: std::path::PathBuf| path.to_str().expect("a path in UTF-8").to_owned();
    paths.filter(is_config).filter(|path| !path.ends_with("Cargo.toml")).map(text).collect()
}

#[test]
fn the_schema_refuses_wrong_keys_words_and_types_as_the_program_does() {
    let schema = schema("config");
    let folder = Folder::new();
    for config in [
        json!({"tresholds": {}}),
        json!({"thresholds": {"pass": "95"}}),
        json!({"defaults": {"direction": "up"}}),
        json!({"thresholds": {"pass": 120}}),
        json!({"defaults": {"level": 1.5}}),
        json!({"rules": [{"match": 5}]}),
        json!({"rules": [{"match": ["*"], "directon": "increase"}]}),
        json!({"groups": {"cpu": {"wieght": 2}}}),
    ] {
        assert!(!schema.is_valid(&config), "{config} by the schema");
        let path = folder.write("canary.json", config.to_string());
        canary(&["check", &path]).complains(&[&path]);
    }
}

/// Those of the library, which has them checked to be fresh.
#[test]
fn every_schema_is_printed_as_it_stands_in_docs() {
    for (of, _) in canary_core::schema::NAMED {
        let printed = canary(&["schema", of]).exits(PASS).stdout;
        let copy = fs::read_to_string(root().join(format!("docs/schema/{of}.json"))).expect("a copy");
        assert_eq!(printed, copy, "{of}");
    }
}
