//! One pair in every layout: the same data give the same result.

use serde_json::{Value, json};

use crate::harness::{FAIL, FAILING, array, field_of_metrics, metric, report, root, score};

/// States as fixtures/layouts/README.md has them.
const STATES: [(&str, &str); 6] = [
    ("ob/currencyservice|hipstershop.CurrencyService/GetCurrencyData/latency_p50_us", "hot"),
    ("B8ms/vm2/PostgreSQL/Scaling_Factor:_25_-_Clients:_25_-_Mode:_Read_Write_(TPC-B_Like)/TPS", "cold"),
    ("D8s_v5/vm1/Sysbench/Test:_CPU/Events Per Second", "ok"),
    ("machine-3-3/m25", "ok"),
    ("d2s7/k16", "ok"),
    ("ob/productcatalogservice|sql.rows/latency_p95_us", "ok"),
];

/// Folder, suffix of the two files, options.
const LAYOUTS: [(&str, &str, &[&str]); 17] = [
    ("long", ".parquet", &[]),
    ("long_csv", ".csv", &[]),
    ("long_csv_gz", ".csv.gz", &[]),
    ("long_csv_zst", ".csv.zst", &[]),
    ("long_dictionary", ".parquet", &[]),
    ("long_float32_shuffled", ".parquet", &[]),
    ("long_instance", ".parquet", &[]),
    ("long_parts", "", &[]),
    ("long_region", ".parquet", &[]),
    ("long_renamed", ".parquet", &["--column", "metric=name", "--column", "timestamp=ts", "--column", "value=val"]),
    ("time_berlin", ".parquet", &[]),
    ("time_epoch_milliseconds", ".parquet", &["--time-unit", "ms"]),
    ("time_epoch_seconds", ".parquet", &["--time-unit", "s"]),
    ("time_naive", ".parquet", &[]),
    ("time_nanoseconds", ".parquet", &[]),
    ("wide", ".parquet", &[]),
    ("wide_csv", ".csv", &[]),
];

fn judged(folder: &str, suffix: &str, options: &[&str]) -> Value {
    let side = |side: &str| format!("fixtures/layouts/{folder}/{side}{suffix}");
    report(&[&side("baseline"), &side("canary")], options)
}

/// What must be the same: all that is said of each metric but its region, and its notes, for an absent row
/// and an explicit null are told apart.
fn numbers(report: &Value) -> Vec<Value> {
    let mut metrics = array(report, "/metrics").clone();
    for metric in metrics.iter_mut().filter_map(Value::as_object_mut) {
        metric.remove("region");
        metric.remove("notes");
    }
    metrics
}

#[track_caller]
fn is_the_same(folder: &str, report: &Value, long: &Value) {
    for field in ["verdict", "score"] {
        assert_eq!(report[field], long[field], "{folder}: {field}");
    }
    for field in ["start", "end", "step_seconds", "ticks"] {
        assert_eq!(report["inputs"][field], long["inputs"][field], "{folder}: {field}");
    }
    assert_eq!(field_of_metrics(report, "state"), field_of_metrics(long, "state"), "{folder}");
    // Two instances lie 1/64 above and below the values of `long`, exactly: their mean is the same number.
    assert_eq!(field_of_metrics(report, "average"), field_of_metrics(long, "average"), "{folder}");
    // With instances the instance is the unit: two a side decide less than sixty minutes seem to.
    if folder != "long_instance" {
        for field in ["reasons", "counts", "groups"] {
            assert_eq!(report[field], long[field], "{folder}: {field}");
        }
        assert_eq!(numbers(report), numbers(long), "{folder}");
    }
}

#[test]
fn the_states_are_the_labelled_ones() {
    let long = report(&FAILING, &[]);
    assert_eq!(array(&long, "/metrics").len(), STATES.len());
    for (name, state) in STATES {
        assert_eq!(metric(&long, name)["state"], state, "{name}");
    }
    assert_eq!(long["verdict"], "fail");
}

#[test]
fn every_layout_gives_the_same_report() {
    let long = report(&FAILING, &[]);
    for (folder, suffix, options) in LAYOUTS {
        is_the_same(folder, &judged(folder, suffix, options), &long);
    }
}

#[test]
fn every_layout_is_tried() {
    let folders = std::fs::read_dir(root().join("fixtures/layouts")).expect("the fixtures");
    for folder in folders.map(|entry| entry.expect("an entry")).filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name();
        let known = LAYOUTS.iter().any(|(folder, ..)| *folder == name) || name == "both_sides";
        assert!(known, "{} has no test", name.display());
    }
}

#[test]
fn one_file_for_both_sides() {
    let long = report(&FAILING, &[]);
    for file in ["both.parquet", "both.csv"] {
        let path = format!("fixtures/layouts/both_sides/{file}");
        is_the_same(file, &report(&[&path], &[]), &long);
        score(&[&path], &[]).exits(FAIL);
    }
}

#[test]
fn a_glob_a_folder_and_a_list_of_parts_are_the_same() {
    let long = report(&FAILING, &[]);
    let glob = report(&["fixtures/layouts/long_parts/baseline/*.parquet", "fixtures/layouts/long_parts/canary/"], &[]);
    is_the_same("long_parts", &glob, &long);
    let expected = [0, 1].map(|part| format!("fixtures/layouts/long_parts/baseline/part-{part}.parquet"));
    assert_eq!(glob["inputs"]["baseline"]["sources"], json!(expected));
}

#[test]
fn the_report_says_what_was_read() {
    let side = |folder: &str, suffix, side: &str| judged(folder, suffix, &[])["inputs"][side].clone();
    let source = |folder: &str, suffix: &str| json!([format!("fixtures/layouts/{folder}/canary{suffix}")]);
    let expected = |folder, suffix, rows, instances| json!({"sources": source(folder, suffix), "rows": rows, "metrics": 6, "instances": instances});
    assert_eq!(side("long", ".parquet", "canary"), expected("long", ".parquet", 237, 0));
    assert_eq!(side("long_csv_gz", ".csv.gz", "canary"), expected("long_csv_gz", ".csv.gz", 237, 0));
    assert_eq!(side("long_instance", ".parquet", "canary"), expected("long_instance", ".parquet", 474, 2));
    let region = judged("long_region", ".parquet", &[]);
    assert_eq!(region["worst_region"], "us-east-1");
    assert!(field_of_metrics(&region, "region").iter().all(|region| region == "us-east-1"));
}
