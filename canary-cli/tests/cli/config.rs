//! Configurations: what is wrong is named with its place; what the command line says wins.

use serde_json::{Value, json};

use crate::harness::{
    FAIL, FAILING, Folder, GOOD, PASS, UNDECIDED, array, canary, command, metric, note_codes, report, run, score,
};

const HOT: &str = "ob/currencyservice|hipstershop.CurrencyService/GetCurrencyData/latency_p50_us";

/// `score` and `check` say the same of a bad configuration.
#[track_caller]
fn is_refused(name: &str, text: &str, words: &[&str]) {
    let folder = Folder::new();
    let path = folder.write(name, text);
    let words = [words, &[&path]].concat();
    score(&GOOD, &["-c", &path]).complains(&words);
    canary(&["check", &path]).complains(&words);
}

#[test]
fn an_unknown_key_is_named_with_its_line_and_the_nearest_right_one() {
    let words = ["`directon`", "`direction`", "min_points"];
    let with_line = |line| [&[line], &words[..]].concat();
    let toml = "[[rules]]\nmatch = [\"*\"]\ndirecton = \"increase\"\n";
    is_refused("canary.toml", toml, &with_line("TOML line 3"));
    let yaml = "rules:\n  - match: [\"*\"]\n    directon: increase\n";
    is_refused("canary.yaml", yaml, &with_line("YAML line 3"));
    is_refused("canary.yml", yaml, &with_line("YAML line 3"));
    let json = "{\"rules\": [{\"match\": [\"*\"],\n\"directon\": \"increase\"}]}\n";
    is_refused("canary.json", json, &with_line("JSON line 2"));
    is_refused("canary.toml", "[tresholds]\npass = 90\n", &["line 1", "`tresholds`", "`thresholds`"]);
    is_refused("canary.toml", "[groups.cpu]\nwieght = 2\n", &["line 2", "`wieght`", "`weight`"]);
}

#[test]
fn impossible_values_are_refused() {
    for (text, words) in [
        ("[thresholds]\npass = 50\nmarginal = 75\n", &["marginal 75", "pass 50"][..]),
        ("[thresholds]\npass = 120\n", &["line 2", "120", "0 to 100"]),
        ("[thresholds]\npass = nan\n", &["line 2", "NaN"]),
        ("[defaults.bounds]\nlower = 1.3\n", &["lower 1.3, upper 1.25"]),
        ("[defaults.bounds]\nlower = nan\n", &["line"]),
        ("[defaults]\nbounds = { lower = -0.5 }\n", &["lower -0.5"]),
        ("[defaults]\ndirection = \"up\"\n", &["line 2", "`up`", "`increase`"]),
        ("[defaults]\njudge = \"oracle\"\n", &["line 2", "`oracle`", "`interval`", "`bounds`"]),
        ("[defaults]\nlevel = 1.5\n", &["line 2", "1.5"]),
        ("[defaults]\nwarmup = \"10x\"\n", &["line 2", "`10x`", "10m"]),
        ("[defaults]\nweight = -1\n", &["line 2", "-1"]),
        ("[[rules]]\nmatch = 5\n", &["line 2", "a pattern such as"]),
        ("[[rules\n", &["line 1"]),
    ] {
        is_refused("canary.toml", text, words);
    }
}

#[test]
fn what_is_wrong_with_a_rule_is_said_with_its_line() {
    let fine = "[[rules]]\nmatch = [\"a*\"]\n\n";
    for (rule, words) in [
        ("[[rules]]\nmatch = [\"b*\"]\nbounds = { upper = 0.5 }\n", &["rules[1].bounds", "lower 0.8, upper 0.5"][..]),
        ("[[rules]]\nmatch = [\"/(/\"]\n", &["rules[1].match", "`/(/`", "unclosed group"]),
        ("[[rules]]\ncritical = true\n", &["rules[1]", "`match`", "`preset`"]),
    ] {
        is_refused("canary.toml", &format!("{fine}{rule}"), &[words, &["line 4"]].concat());
    }
}

#[test]
fn a_file_that_is_no_configuration_is_refused() {
    let folder = Folder::new();
    let missing = folder.path("canary.toml");
    score(&GOOD, &["-c", &missing]).complains(&["cannot read", &missing]);
    canary(&["check", &missing]).complains(&["cannot read", &missing]);
    let other = folder.write("canary.ini", "");
    score(&GOOD, &["-c", &other]).complains(&["`ini`", ".toml, .yaml or .json"]);
    let binary = folder.write("canary.toml", [0xff, 0xfe, 0x00]);
    score(&GOOD, &["-c", &binary]).complains(&["canary.toml"]);
}

#[test]
fn the_three_languages_give_the_same_report() {
    let folder = Folder::new();
    let toml = "[thresholds]\npass = 90\n[[rules]]\nmatch = [\"*latency*\"]\nbounds = { upper = 1.6 }\n";
    let yaml = "thresholds:\n  pass: 90\nrules:\n  - match: [\"*latency*\"]\n    bounds: { upper: 1.6 }\n";
    let json = r#"{"thresholds": {"pass": 90}, "rules": [{"match": ["*latency*"], "bounds": {"upper": 1.6}}]}"#;
    let [toml, yaml, json] = [("a.toml", toml), ("a.yaml", yaml), ("a.json", json)].map(|(name, text)| {
        let path = folder.write(name, text);
        report(&FAILING, &["-c", &path])
    });
    assert_eq!(metric(&toml, HOT)["state"], "ok", "1.5 lies within 0.8 to 1.6");
    assert_eq!((&yaml, &json), (&toml, &toml));
}

/// The report on the failing pair under a configuration in TOML.
fn under(config: &str, options: &[&str]) -> Value {
    let folder = Folder::new();
    let path = folder.write("canary.toml", config);
    report(&FAILING, &[&["-c", &path], options].concat())
}

#[test]
fn what_the_command_line_says_wins() {
    let config = "[thresholds]\npass = 60\nmarginal = 50\n[defaults]\njudge = \"bounds\"\nwarmup = \"5m\"\n";
    let by_file = under(config, &[]);
    assert_eq!(by_file["thresholds"], json!({"pass": 60.0, "marginal": 50.0}));
    assert_eq!(by_file["verdict"], "pass");
    assert_eq!(by_file["config"]["defaults"]["warmup"], "5m");
    let by_both = under(config, &["--pass", "70", "--judge", "interval", "--warmup", "0s"]);
    assert_eq!(by_both["thresholds"], json!({"pass": 70.0, "marginal": 50.0}));
    assert_eq!(by_both["verdict"], "marginal");
    assert_eq!(metric(&by_both, HOT)["method"], "paired_huber/2");
    assert_eq!(by_both["config"]["defaults"]["warmup"], "0s");
}

#[test]
fn a_pass_threshold_below_the_default_marginal_one_is_the_only_threshold() {
    assert_eq!(under("", &[])["thresholds"], json!({"pass": 95.0, "marginal": 75.0}));
    let alone = report(&FAILING, &["--pass", "60"]);
    assert_eq!(alone["thresholds"], json!({"pass": 60.0, "marginal": 60.0}));
    assert_eq!(alone["verdict"], "pass");
    let folder = Folder::new();
    let path = folder.write("canary.toml", "[thresholds]\nmarginal = 75\n");
    score(&FAILING, &["-c", &path, "--pass", "60"]).complains(&["marginal 75", "pass 60"]);
}

#[test]
fn a_critical_metric_fails_the_run_alone() {
    let folder = Folder::new();
    let path = folder.write("canary.toml", "[[rules]]\nmatch = [\"*GetCurrencyData*\"]\ncritical = true\n");
    let run = score(&FAILING, &["-c", &path, "--marginal", "0", "--pass", "0"]).exits(FAIL);
    run.prints(&["Critical metric", "GetCurrencyData"]);
}

#[test]
fn a_rule_that_matches_nothing_is_noted() {
    let folder = Folder::new();
    let path = folder.write("canary.toml", "[[rules]]\nmatch = [\"*\"]\n[[rules]]\nmatch = [\"latency_*\"]\n");
    score(&GOOD, &["-c", &path]).exits(PASS).prints(&["rule 2 matches no metric (line 3: latency_*)"]);
    let report = report(&GOOD, &["-c", &path]);
    assert_eq!(note_codes(&report), ["rule_matches_nothing"]);
}

#[test]
fn a_single_pattern_needs_no_list() {
    let folder = Folder::new();
    let path = folder.write("canary.toml", "[[rules]]\nmatch = \"*\"\ngroup = \"all of them\"\n");
    let report = report(&GOOD, &["-c", &path]);
    assert_eq!(report["groups"][0]["name"], "all of them");
    assert_eq!(report["config"]["rules"][0]["match"], serde_json::json!(["*"]));
}

#[test]
fn a_required_rule_that_matches_nothing_is_inconclusive() {
    for key in ["critical", "must_have_data"] {
        let folder = Folder::new();
        let path = folder.write("canary.toml", format!("[[rules]]\nmatch = [\"latency_*\"]\n{key} = true\n"));
        score(&GOOD, &["-c", &path]).exits(UNDECIDED).prints(&["INCONCLUSIVE", "latency_*"]);
        let report = report(&GOOD, &["-c", &path]);
        let codes: Vec<_> = array(&report, "/reasons").iter().map(|reason| &reason["code"]).collect();
        assert_eq!(codes, ["required_rule_without_metric"], "{key}");
        let score = report["score"].as_f64().expect("a score");
        assert!(score < 95.0, "{score}: a score that no caller takes for a pass");
    }
}

#[test]
fn a_config_is_never_looked_for() {
    let folder = Folder::new();
    folder.write("canary.toml", "this is no TOML");
    let absolute = GOOD.map(|path| crate::harness::root().join(path).to_str().expect("a path in UTF-8").to_owned());
    let args = ["score", &absolute[0], &absolute[1]];
    run(command(&args).current_dir(folder.as_path())).exits(PASS);
}
