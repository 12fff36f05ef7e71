//! `canary scale`: from a sweet spot to a policy.

use super::raw;
use crate::harness::{Folder, PASS, canary, root};

/// The inputs of `fixtures/scaling/worked_example.json`.
const WORKED: [&str; 18] = [
    "scale",
    "--sweet-spot",
    "197",
    "--start",
    "140s",
    "--warm",
    "30s",
    "--metric-period",
    "60s",
    "--evaluation",
    "60s",
    "--growth",
    "0.03",
    "--zones",
    "3",
    "--peak",
    "9000",
    "--trough=1500",
];

#[test]
fn the_worked_example_comes_out() {
    let text = std::fs::read_to_string(root().join("fixtures/scaling/worked_example.json")).expect("the example");
    let expected: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    let plan = canary(&[&WORKED[..], &["--format", "json"]].concat()).exits(PASS).json();
    for (ours, theirs) in [
        ("lag_seconds", "lag_s"),
        ("growth_over_lag", "growth_over_lag"),
        ("target_rps", "target_rps_per_instance"),
        ("target_utilisation", "target_utilisation"),
        ("instances_at_peak", "instances_at_peak"),
        ("min_instances", "min_instances"),
        ("max_instances", "max_instances"),
    ] {
        let expected = expected["outputs"][theirs].as_f64().expect("a number");
        let found = plan[ours].as_f64().unwrap_or_else(|| panic!("{ours} in {plan}"));
        // The example is rounded to six digits.
        assert!((found / expected - 1.0).abs() < 1e-5, "{ours}: {found}, expected {expected}");
    }
}

#[test]
fn documents_are_ready_to_apply() {
    let of = |more: &[&str]| canary(&[&WORKED[..], more].concat()).exits(PASS).json();
    let hpa = of(&["--format", "hpa", "--name", "checkout"]);
    assert_eq!((&hpa["apiVersion"], &hpa["kind"]), (&"autoscaling/v2".into(), &"HorizontalPodAutoscaler".into()));
    assert_eq!(hpa["spec"]["scaleTargetRef"]["name"], "checkout");
    let keda = of(&["--format", "keda", "--prometheus", "http://prometheus:9090", "--query", "sum(rate(x[1m]))"]);
    assert_eq!(keda["kind"], "ScaledObject");
    let label = "app/api/1/targetgroup/api/2";
    let aws = of(&["--format", "aws-target-tracking", "--resource-label", label]);
    assert_eq!(aws["PolicyType"], "TargetTrackingScaling");
    assert_eq!(of(&["--format", "aws-step"])["PolicyType"], "StepScaling");
}

#[test]
fn what_a_document_needs_is_asked_for() {
    canary(&[&WORKED[..], &["--format", "keda"]].concat()).complains(&["--prometheus", "--query"]);
    canary(&[&WORKED[..], &["--format", "aws-target-tracking"]].concat()).complains(&["--resource-label"]);
    let (_, without_peak) = WORKED.split_at(1);
    let arguments: Vec<&str> =
        std::iter::once("scale").chain(without_peak.iter().copied().take(14)).chain(["--format", "hpa"]).collect();
    canary(&arguments).complains(&["peak"]);
    canary(&["scale", "--sweet-spot", "100", "--start", "140s", "--spares", "1"]).complains(&["spares", "peak"]);
    canary(&["scale", "--start", "140s"]).complains(&["SQUEEZE"]);
}

#[test]
fn a_squeeze_test_is_what_it_is_for() {
    let folder = Folder::new();
    let path = folder.path("squeeze.json");
    canary(&["squeeze", &raw("d03_oha_nginx_150"), "-q", "-o", &path]).exits(PASS);
    let squeeze: serde_json::Value = serde_json::from_str(&folder.read("squeeze.json")).expect("JSON");
    let plan = canary(&["scale", &path, "--start", "30s", "--format", "json"]).exits(PASS).json();
    assert_eq!(plan["sweet_spot_rps"], squeeze["sweet_spot"]["lower"], "the lower end is what is sure");
    canary(&["squeeze", &raw("d10_vegeta_flip_c6_s20"), "-q", "-o", &path]);
    canary(&["scale", &path, "--start", "30s"]).complains(&["unstable"]);
}
