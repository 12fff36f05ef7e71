//! A part is missing: a metric, a required one, a region, a share of the weight, a rule's metric.

use canary_core::report::Verdict;

use super::{Case, SILENCE, Scene, Side, healthy};

const NAN: f64 = f64::NAN;

const CRITICAL_ERRORS: &str = "[[rules]]\nmatch = \"errors\"\ncritical = true\ndirection = \"increase\"";
const ERRORS_MUST_HAVE_DATA: &str = "[[rules]]\nmatch = \"errors\"\nmust_have_data = true";

/// What the cases of a required metric share.
const REQUIRED: Case = Case { reasons: &["required_without_data"], config: CRITICAL_ERRORS, ..SILENCE };
/// What the cases of a rule without a metric share.
const UNMATCHED: Case = Case { reasons: &["required_rule_without_metric"], config: CRITICAL_ERRORS, ..SILENCE };

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "critical-missing-in-baseline",
        silent: "the baseline has no errors and hence no series; the canary has errors",
        seen: &["spinnaker/kayenta#799", "spinnaker/kayenta#377"],
        scene: || healthy(60).lose(Side::Baseline, "errors"),
        metrics: &[("errors", "missing_in_baseline")],
        ..REQUIRED
    },
    Case {
        id: "must-have-missing-in-baseline",
        silent: "the same, where errors must have data",
        seen: &["spinnaker/kayenta#799", "spinnaker/spinnaker#7063"],
        scene: || healthy(60).lose(Side::Baseline, "errors"),
        config: ERRORS_MUST_HAVE_DATA,
        metrics: &[("errors", "missing_in_baseline")],
        ..REQUIRED
    },
    Case {
        id: "critical-missing-in-canary",
        silent: "the canary lacks a critical metric",
        seen: &["spinnaker/kayenta#325", "fluxcd/flagger#1035"],
        scene: || healthy(60).lose(Side::Canary, "errors"),
        metrics: &[("errors", "missing_in_canary")],
        ..REQUIRED
    },
    Case {
        id: "must-have-missing-in-canary",
        silent: "the canary lacks a metric that must have data",
        seen: &["spinnaker/kayenta#330", "spinnaker/kayenta#421"],
        scene: || healthy(60).lose(Side::Canary, "errors"),
        config: ERRORS_MUST_HAVE_DATA,
        metrics: &[("errors", "missing_in_canary")],
        ..REQUIRED
    },
    Case {
        id: "critical-and-must-have-missing",
        silent: "the canary lacks a metric that is critical and must have data",
        seen: &["Kayenta's judge: `mustHaveData` does nothing on a critical metric"],
        scene: || healthy(60).lose(Side::Canary, "errors"),
        config: "[[rules]]\nmatch = \"errors\"\ncritical = true\nmust_have_data = true",
        metrics: &[("errors", "missing_in_canary")],
        ..REQUIRED
    },
    Case {
        id: "critical-nan",
        silent: "a critical metric of the canary is NaN throughout",
        seen: &["spinnaker/kayenta#700", "fluxcd/flagger#1095"],
        scene: || healthy(60).change(Side::Canary, "errors", |_, _| NAN),
        metrics: &[("errors", "missing_in_canary")],
        ..REQUIRED
    },
    Case {
        id: "critical-nan-on-both",
        silent: "a critical metric is NaN throughout on both sides",
        seen: &["spinnaker/kayenta#700"],
        scene: || healthy(60).change(Side::Both, "errors", |_, _| NAN),
        metrics: &[("errors", "no_values")],
        ..REQUIRED
    },
    Case {
        id: "critical-infinite",
        silent: "a critical metric of the canary is infinite throughout",
        seen: &["Kayenta's judge: a critical metric whose classification fails is not critical any more"],
        scene: || healthy(60).change(Side::Canary, "errors", |_, _| f64::INFINITY),
        metrics: &[("errors", "not_finite")],
        ..REQUIRED
    },
    Case {
        id: "critical-of-too-few-points",
        silent: "a critical metric of the canary has eleven values",
        seen: &["spinnaker/kayenta#633"],
        scene: || healthy(60).change(Side::Canary, "errors", |tick, value| if tick < 11 { value } else { NAN }),
        metrics: &[("errors", "too_few_points")],
        ..REQUIRED
    },
    Case {
        id: "critical-of-low-coverage",
        silent: "a critical metric of the canary has a quarter of the values",
        seen: &["fluxcd/flagger#1689"],
        scene: || {
            healthy(60).change(Side::Canary, "errors", |tick, value| if tick.is_multiple_of(4) { value } else { NAN })
        },
        metrics: &[("errors", "low_coverage")],
        ..REQUIRED
    },
    Case {
        id: "critical-at-other-times",
        silent: "a critical metric is never reported by both sides at the same time",
        scene: || {
            let even = |tick: usize, value| if tick.is_multiple_of(2) { value } else { NAN };
            let odd = |tick: usize, value| if tick % 2 == 1 { value } else { NAN };
            healthy(60).change(Side::Baseline, "errors", even).change(Side::Canary, "errors", odd)
        },
        metrics: &[("errors", "no_common_times")],
        ..REQUIRED
    },
    Case {
        id: "two-required-missing",
        silent: "the canary lacks two critical metrics, of no weight",
        scene: || healthy(60).lose(Side::Canary, "errors").lose(Side::Canary, "requests"),
        config: "[[rules]]\nmatch = [\"errors\", \"requests\"]\ncritical = true\nweight = 0",
        reasons: &["required_without_data", "required_without_data"],
        metrics: &[("errors", "missing_in_canary"), ("requests", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "critical-on-neither-side",
        silent: "neither side has the critical metric",
        seen: &["spinnaker/kayenta#377", "keptn/keptn#6096"],
        scene: || healthy(60).remove("errors"),
        ..UNMATCHED
    },
    Case {
        id: "must-have-on-neither-side",
        silent: "neither side has the metric that must have data",
        seen: &["spinnaker/kayenta#421"],
        scene: || healthy(60).remove("errors"),
        config: ERRORS_MUST_HAVE_DATA,
        ..UNMATCHED
    },
    Case {
        id: "critical-rule-misspelt",
        silent: "the critical rule's pattern is misspelt and matches nothing",
        seen: &["fluxcd/flagger#1581"],
        scene: || healthy(60),
        config: "[[rules]]\nmatch = \"erors\"\ncritical = true",
        ..UNMATCHED
    },
    Case {
        id: "critical-rule-of-other-case",
        silent: "the critical rule's regular expression matches nothing",
        seen: &["fluxcd/flagger#1581"],
        scene: || healthy(60),
        config: "[[rules]]\nmatch = \"/^Errors$/\"\ncritical = true",
        ..UNMATCHED
    },
    Case {
        id: "critical-preset-matches-nothing",
        silent: "the critical preset `errors` finds no metric of errors",
        scene: || healthy(60).remove("errors"),
        config: "[[rules]]\npreset = \"errors\"\ncritical = true",
        ..UNMATCHED
    },
    Case {
        id: "two-required-rules-match-nothing",
        silent: "two rules that must have data match nothing",
        scene: || healthy(60),
        config: "[[rules]]\nmatch = \"orders\"\ncritical = true\n[[rules]]\nmatch = \"payments\"\nmust_have_data = true",
        reasons: &["required_rule_without_metric", "required_rule_without_metric"],
        ..SILENCE
    },
    Case {
        id: "required-in-every-region",
        silent: "one of two regions has lost the critical metric on both sides",
        seen: &["fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().remove("errors@us"),
        ..UNMATCHED
    },
    Case {
        id: "critical-missing-in-one-region",
        silent: "the canary lacks the critical metric in one of two regions",
        seen: &["fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().lose(Side::Canary, "errors@us"),
        metrics: &[("errors@us", "missing_in_canary"), ("errors@eu", "within_bounds")],
        ..REQUIRED
    },
    Case {
        id: "region-missing-in-canary",
        silent: "the canary has nothing in one of two regions",
        seen: &["fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().lose(Side::Canary, "@us"),
        metrics: &[("cpu@us", "missing_in_canary"), ("cpu@eu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "region-missing-in-baseline",
        silent: "the baseline has nothing in one of two regions",
        scene: || healthy(60).in_two_regions().lose(Side::Baseline, "@us"),
        metrics: &[("cpu@us", "missing_in_baseline"), ("cpu@eu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "regions-apart",
        silent: "the baseline stands in one region, the canary in another",
        scene: || healthy(60).in_two_regions().lose(Side::Baseline, "@us").lose(Side::Canary, "@eu"),
        metrics: &[("cpu@us", "missing_in_baseline"), ("cpu@eu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "region-of-nan",
        silent: "every value of the canary is NaN in one of two regions",
        scene: || healthy(60).in_two_regions().change(Side::Canary, "@us", |_, _| NAN),
        metrics: &[("cpu@us", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "two-of-five-missing",
        silent: "the canary lacks two of five metrics",
        seen: &["argoproj/argo-rollouts#2158"],
        scene: || healthy(60).lose(Side::Canary, "errors").lose(Side::Canary, "requests"),
        reasons: &["too_much_without_data"],
        metrics: &[("errors", "missing_in_canary"), ("cpu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "two-of-five-missing-in-baseline",
        silent: "the baseline lacks two of five metrics",
        scene: || healthy(60).lose(Side::Baseline, "errors").lose(Side::Baseline, "requests"),
        reasons: &["too_much_without_data"],
        metrics: &[("errors", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "four-of-five-missing",
        silent: "one of five metrics is left, and it is fine",
        seen: &["argoproj/argo-rollouts#4479", "keptn/keptn#6096"],
        scene: || {
            let one_less = |scene: Scene, name| scene.lose(Side::Canary, name);
            ["errors", "latency_ms", "memory", "requests"].into_iter().fold(healthy(60), one_less)
        },
        reasons: &["too_much_without_data"],
        metrics: &[("cpu", "within_bounds"), ("errors", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "a-heavy-one-missing",
        silent: "the canary lacks one metric of five, with most of the weight",
        scene: || healthy(60).lose(Side::Canary, "requests"),
        config: "[[rules]]\nmatch = \"requests\"\nweight = 10",
        reasons: &["too_much_without_data"],
        metrics: &[("requests", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "a-group-missing",
        silent: "the canary lacks every metric of a heavy group",
        seen: &["Kayenta's judge: a group without data counts 100", "spinnaker/kayenta#326"],
        scene: || healthy(60).lose(Side::Canary, "errors"),
        config: "[[rules]]\nmatch = \"errors\"\ngroup = \"errors\"\n[groups.errors]\nweight = 5",
        reasons: &["too_much_without_data"],
        metrics: &[("errors", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "every-group-missing",
        silent: "two groups, and the canary has data for neither",
        seen: &["spinnaker/kayenta#325"],
        scene: || healthy(60).lose(Side::Canary, "*"),
        config: "[[rules]]\nmatch = \"errors\"\ngroup = \"errors\"\n[groups.errors]\nweight = 5",
        metrics: &[("errors", "missing_in_canary"), ("cpu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "none-may-be-missing",
        silent: "the canary lacks one of five metrics, and the config allows none",
        seen: &["pipe-cd/pipecd#1771"],
        scene: || healthy(60).lose(Side::Canary, "errors"),
        config: "[evidence]\nmax_nodata = 0",
        reasons: &["too_much_without_data"],
        metrics: &[("errors", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "metrics-renamed",
        silent: "the canary reports every metric by another name",
        scene: || healthy(60).rename_canary(),
        metrics: &[("cpu", "missing_in_canary"), ("cpu_v2", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "metrics-apart",
        silent: "each side has metrics that the other lacks, and none in common",
        scene: || {
            let canary = |scene: Scene, name| scene.lose(Side::Canary, name);
            let baseline = |scene: Scene, name| scene.lose(Side::Baseline, name);
            let half = ["cpu", "memory"].into_iter().fold(healthy(60), canary);
            ["errors", "latency_ms", "requests"].into_iter().fold(half, baseline)
        },
        metrics: &[("cpu", "missing_in_canary"), ("errors", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "rules-match-nothing-and-no-data",
        silent: "no rule matches, none is required, and the canary is empty",
        seen: &["fluxcd/flagger#1581"],
        scene: || healthy(60).lose(Side::Canary, "*"),
        config: "[[rules]]\nmatch = \"orders\"\nweight = 2",
        metrics: &[("cpu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "every-weight-zero",
        silent: "every metric has weight 0, so that none counts",
        seen: &["keptn/keptn#9198", "Kayenta's judge: metrics without a group are ignored"],
        scene: || healthy(60),
        config: "[defaults]\nweight = 0",
        metrics: &[("cpu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "only-informational",
        silent: "every metric is informational by its preset",
        seen: &["keptn/keptn#9198"],
        scene: || healthy(60),
        config: "[[rules]]\npreset = \"informational\"\nmatch = \"*\"",
        metrics: &[("cpu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "what-counts-is-missing",
        silent: "the one metric that counts has no data, the weightless ones do",
        scene: || healthy(60).lose(Side::Canary, "requests"),
        config: "[[rules]]\nmatch = \"requests\"\nweight = 1\n[[rules]]\nmatch = \"*\"\nweight = 0",
        reasons: &["too_much_without_data"],
        metrics: &[("requests", "missing_in_canary"), ("cpu", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "control-one-of-five-missing",
        silent: "one of five metrics has no data, which the default allows",
        scene: || healthy(60).lose(Side::Canary, "errors"),
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        metrics: &[("errors", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "control-required-and-there",
        silent: "nothing: the critical metric is there, in both regions",
        scene: || healthy(60).in_two_regions(),
        config: CRITICAL_ERRORS,
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        metrics: &[("errors@eu", "within_bounds"), ("errors@us", "within_bounds")],
        ..SILENCE
    },
];
