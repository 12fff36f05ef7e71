//! The commands beside `score`.

use crate::harness::{FAILING, Folder, PASS, canary};

const CONFIG: &str = "\
[thresholds]
pass = 90

[[rules]]
match = [\"*latency_p50*\"]
group = \"latency\"
direction = \"increase\"
bounds = { upper = 1.1 }
floor = 5
critical = true
weight = 3

[[rules]]
match = [\"nothing_*\"]
must_have_data = true
";

fn check(options: &[&str]) -> crate::harness::Run {
    let folder = Folder::new();
    let path = folder.write("canary.toml", CONFIG);
    canary(&[&["check", &path], options].concat())
}

#[test]
fn check_lists_the_rules_with_their_lines_and_what_they_set() {
    let run = check(&[]).exits(PASS).prints(&["fine; pass from 90, fail below 75, 2 rules"]);
    let rule = |line: &str| run.stdout.lines().find(|text| text.starts_with(line)).expect("the rule").to_owned();
    let words = ["*latency_p50*", "group=\"latency\"", "direction=\"increase\"", "critical=true", "floor=5.0"];
    for word in words {
        assert!(rule("line 4 ").contains(word), "{word}: {}", run.stdout);
    }
    assert!(rule("line 13 ").contains("must_have_data=true"), "{}", run.stdout);
}

#[test]
fn check_of_an_empty_configuration_says_so_in_one_line() {
    let folder = Folder::new();
    let path = folder.write("canary.toml", "");
    let run = canary(&["check", &path]).exits(PASS);
    assert_eq!(run.stdout, format!("{path}: fine; pass from 95, fail below 75, no rules\n"));
    let path = folder.write("canary.json", r#"{"rules": [{"match": ["a*"], "weight": 2}]}"#);
    canary(&["check", &path]).exits(PASS).prints(&["1 rule\n", "rules[0]  a*     weight=2.0"]);
}

#[test]
fn check_with_data_says_by_which_rule_each_metric_would_be_judged() {
    let run = check(&["--data", FAILING[0]]).exits(PASS);
    let metric = |name: &str| run.stdout.lines().find(|line| line.starts_with(name)).expect("the metric").to_owned();
    let by_rule = metric("ob/currencyservice|");
    for word in ["latency ", "0.8 to 1.1 ", "increase of 5 or more", "3, critical", "interval", "line 4"] {
        assert!(by_rule.contains(word), "{word}: {by_rule}");
    }
    let by_defaults = metric("machine-3-3/m25");
    assert!(by_defaults.contains("0.8 to 1.25") && by_defaults.ends_with("defaults"), "{by_defaults}");
    assert_eq!(run.stdout.lines().count(), 2 + 6, "a summary, a head and six metrics");
    assert!(run.stdout.lines().all(|line| line == line.trim_end()), "{}", run.stdout);
    run.warns(&["warning", "line 13", "nothing_*", "matches no metric"]);
}

#[test]
fn check_reads_data_as_score_does() {
    let renamed = "fixtures/layouts/long_renamed/baseline.parquet";
    check(&["--data", renamed]).complains(&["no column `metric`"]);
    let mapped = ["--column", "metric=name", "--column", "timestamp=ts", "--column", "value=val"];
    check(&[&["--data", renamed], &mapped[..]].concat()).exits(PASS).prints(&["machine-3-3/m25"]);
    check(&["--data", "nowhere.parquet"]).complains(&["nowhere.parquet"]);
    canary(&["check"]).complains(&["<CONFIG>"]);
}

#[test]
fn schemas_are_json_and_name_their_subject() {
    let config = canary(&["schema", "config"]).exits(PASS).json();
    assert_eq!(config["title"], "Config");
    assert!(config["properties"]["thresholds"].is_object());
    let report = canary(&["schema", "report"]).exits(PASS).json();
    assert_eq!(report["title"], "Report");
    assert!(report["properties"]["metrics"].is_object());
    let replay = canary(&["schema", "replay"]).exits(PASS).json();
    assert_eq!(replay["title"], "Replay");
    canary(&["schema", "verdict"]).complains(&["verdict", "config, report, replay"]);
}

#[test]
fn completions_for_the_common_shells() {
    for (shell, word) in [("bash", "complete "), ("zsh", "#compdef canary"), ("fish", "complete -c canary")] {
        let run = canary(&["completions", shell]).exits(PASS).prints(&[word, "score", "with-series", "nodata"]);
        assert_eq!(run.stderr, "");
    }
    canary(&["completions", "cmd"]).complains(&["cmd", "bash", "fish", "zsh"]);
}

#[test]
fn the_manual_holds_every_command_and_the_exit_codes() {
    let run = canary(&["man"]).exits(PASS).prints(&[".TH canary 1", ".TH canary-score 1", ".SH \"EXIT STATUS\""]);
    for command in ["score", "replay", "check", "schema", "completions", "man"] {
        assert!(run.stdout.contains(&format!("canary\\-{command}")), "{command}");
    }
    assert!(run.stdout.contains("\\-\\-with\\-series") && run.stdout.contains("marginal or inconclusive"));
}
