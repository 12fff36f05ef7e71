//! Data that decide nothing: too much noise for the bounds, and configs that ask for more.

use canary_core::report::Verdict;

use super::{Case, SILENCE, Side, healthy};

const UNDECIDED: Case = Case { reasons: &["too_much_undecided"], ..SILENCE };
const REQUIRED: Case = Case { reasons: &["evidence_required"], config: "[evidence]\nrequire = true", ..SILENCE };

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "undecided-everywhere",
        silent: "every metric is so noisy that its bounds stay undecided",
        seen: &["spinnaker/kayenta#633", "spinnaker/spinnaker.github.io#962"],
        scene: || healthy(60).wild("*"),
        metrics: &[("cpu", "overlaps_bound"), ("requests", "overlaps_bound")],
        ..UNDECIDED
    },
    Case {
        id: "undecided-by-half",
        silent: "three of five metrics are undecided",
        scene: || healthy(60).wild("cpu").wild("errors").wild("latency_ms"),
        metrics: &[("cpu", "overlaps_bound"), ("requests", "within_bounds")],
        ..UNDECIDED
    },
    Case {
        id: "undecided-by-weight",
        silent: "one metric of five is undecided, and it has most of the weight",
        scene: || healthy(60).wild("requests"),
        config: "[[rules]]\nmatch = \"requests\"\nweight = 10",
        metrics: &[("requests", "overlaps_bound")],
        ..UNDECIDED
    },
    Case {
        id: "undecided-in-one-region",
        silent: "every metric is undecided in one of two regions",
        seen: &["spinnaker/kayenta#633", "fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().wild("@us"),
        metrics: &[("cpu@us", "overlaps_bound"), ("cpu@eu", "within_bounds")],
        ..UNDECIDED
    },
    Case {
        id: "undecided-beside-idle",
        silent: "all that is not idle is undecided",
        scene: || healthy(60).change(Side::Both, "*", |_, _| 0.0).thaw("cpu").wild("cpu"),
        metrics: &[("cpu", "overlaps_bound"), ("errors", "both_zero")],
        ..UNDECIDED
    },
    Case {
        id: "bounds-too-narrow-to-decide",
        silent: "healthy data, and bounds of a tenth of a percent",
        scene: || healthy(60),
        config: "[defaults]\nbounds = { lower = 0.999, upper = 1.001 }",
        metrics: &[("cpu", "overlaps_bound")],
        ..UNDECIDED
    },
    Case {
        id: "none-may-be-undecided",
        silent: "one metric of five is undecided, and the config allows none",
        scene: || healthy(60).wild("requests"),
        config: "[evidence]\nmax_undecided = 0",
        metrics: &[("requests", "overlaps_bound")],
        ..UNDECIDED
    },
    Case {
        id: "evidence-required",
        silent: "one metric of five is undecided, and the config requires evidence",
        scene: || healthy(60).wild("requests"),
        metrics: &[("requests", "overlaps_bound")],
        ..REQUIRED
    },
    Case {
        id: "evidence-required-everywhere",
        silent: "every metric is undecided, the config allows that and requires evidence",
        scene: || healthy(60).wild("*"),
        config: "[evidence]\nrequire = true\nmax_undecided = 1",
        ..REQUIRED
    },
    Case {
        id: "evidence-required-of-the-weightless",
        silent: "a metric of no weight is undecided, and the config requires evidence",
        scene: || healthy(60).wild("requests"),
        config: "[evidence]\nrequire = true\n[[rules]]\nmatch = \"requests\"\nweight = 0",
        metrics: &[("requests", "overlaps_bound")],
        ..REQUIRED
    },
    Case {
        id: "undecided-and-missing",
        silent: "three metrics are undecided and two missing",
        seen: &["argoproj/argo-rollouts#4479"],
        scene: || healthy(60).wild("*").lose(Side::Canary, "errors").lose(Side::Canary, "requests"),
        reasons: &["too_much_without_data", "too_much_undecided"],
        ..SILENCE
    },
    Case {
        id: "control-evidence-required-and-there",
        silent: "nothing: evidence is required, and every metric is decided",
        scene: || healthy(60),
        config: "[evidence]\nrequire = true\nmax_undecided = 0\nmax_nodata = 0",
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        ..SILENCE
    },
];
