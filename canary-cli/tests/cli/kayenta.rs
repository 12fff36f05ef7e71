//! The peer: its configuration imported, its rule beside ours and in place of ours.

use crate::harness::{DEMO, FAIL, FAILING, Folder, PASS, array, canary, report, score};

const THEIRS: &str = r#"{
  "name": "shop",
  "metrics": [
    {"name": "shop/latency \"p99\"", "groups": ["web"],
     "analysisConfigurations": {"canary": {"direction": "increase", "effectSize": {"allowedIncrease": 1.1}}}},
    {"name": "shop/errors*", "groups": ["web"],
     "analysisConfigurations": {"canary": {"direction": "increase", "critical": true, "nanStrategy": "replace"}}}
  ],
  "classifier": {"groupWeights": {"web": 100}, "scoreThresholds": {"pass": 90, "marginal": 60}}
}"#;

#[test]
fn their_configuration_becomes_ours_with_what_was_lost() {
    let folder = Folder::new();
    let theirs = folder.write("config.json", THEIRS);
    let run = canary(&["import", "kayenta", &theirs]).exits(PASS);
    let run = run.prints(&["# Made by `canary import kayenta` from config.json, \"shop\": 2 metrics.", "pass = 90"]);
    let run = run.prints(&["# - nanStrategy: missing values are left out here", "[[rules]]", "upper = 1.1"]);
    run.warns(&["warning: nanStrategy: missing values", "(shop/errors*)"]);
    let ours = folder.path("canary.toml");
    let run = canary(&["import", "kayenta", &theirs, "-o", &ours]).exits(PASS);
    assert_eq!(run.stdout, "");
    canary(&["check", &ours]).exits(PASS).prints(&["pass from 90, fail below 60, 2 rules", "critical=true"]);
}

#[test]
fn what_is_no_configuration_of_theirs_is_an_error() {
    let folder = Folder::new();
    let empty = folder.write("config.json", "{}");
    canary(&["import", "kayenta", &empty]).complains(&["config.json", "found no metrics"]);
    let broken = folder.write("broken.json", "{\n  \"metrics\": 3\n}");
    canary(&["import", "kayenta", &broken]).complains(&["broken.json", "line 2"]);
    canary(&["import", "kayenta", "nowhere.json"]).complains(&["cannot read nowhere.json"]);
}

#[test]
fn compare_says_what_the_peer_says_and_why_it_differs() {
    let run = score(&DEMO, &["--compare", "kayenta"]).exits(PASS);
    let run = run.prints(&["✓ PASS", "Kayenta itself would say: ", " of 2955 metrics.", " here, Pass there: "]);
    assert!(run.stdout.contains("more, in the JSON report"), "{}", run.stdout);
    let report = report(&DEMO, &["--compare", "kayenta"]);
    let differences = array(&report, "/peer/differences");
    assert!(run.stdout.contains(&format!("it differs on {} of", differences.len())), "{}", run.stdout);
    let explained = differences.iter().filter(|found| !array(found, "/weaknesses").is_empty()).count();
    assert!(explained * 5 >= differences.len() * 4, "{explained} of {} are explained", differences.len());
}

#[test]
fn the_peers_rule_in_place_of_ours_brings_its_own_verdict() {
    let run = score(&FAILING, &["--judge", "kayenta"]).exits(FAIL);
    let line = run.stdout.lines().find(|line| line.starts_with("Kayenta itself would say: ")).expect("its verdict");
    assert!(line.starts_with("Kayenta itself would say: FAIL, score 66.67"), "{line}");
    assert!(!line.contains("agrees") && !line.contains("differs"), "there is nothing to compare it with: {line}");
}
