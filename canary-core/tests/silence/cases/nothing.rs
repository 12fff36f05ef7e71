//! Nothing to judge: no values, no numbers, too few of them, or none at the same time.

use canary_core::report::Verdict;

use super::{Case, SILENCE, Side, healthy};

const NAN: f64 = f64::NAN;
const INFINITE: f64 = f64::INFINITY;

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "no-metric",
        silent: "there is no metric at all",
        seen: &["keptn/keptn#9198", "keptn/keptn#1212"],
        scene: || healthy(60).remove("*"),
        ..SILENCE
    },
    Case {
        id: "no-metric-no-threshold",
        silent: "there is no metric at all, and both thresholds are 0",
        seen: &["keptn/keptn#9198"],
        scene: || healthy(60).remove("*"),
        config: "[thresholds]\npass = 0\nmarginal = 0",
        ..SILENCE
    },
    Case {
        id: "no-tick",
        silent: "the window has no length",
        scene: || healthy(0),
        metrics: &[("cpu", "no_values")],
        in_files: false,
        ..SILENCE
    },
    Case {
        id: "no-series",
        silent: "metrics are named, and neither side has a series",
        seen: &["pipe-cd/pipecd#1771", "argoproj/argo-rollouts#1466"],
        scene: || healthy(60).lose(Side::Both, "*"),
        metrics: &[("cpu", "no_values")],
        in_files: false,
        ..SILENCE
    },
    Case {
        id: "canary-empty",
        silent: "the canary has no series at all",
        seen: &["argoproj/argo-rollouts#2101", "argoproj/argo-rollouts#3562", "pipe-cd/pipecd#3661"],
        scene: || healthy(60).lose(Side::Canary, "*"),
        metrics: &[("cpu", "missing_in_canary"), ("requests", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "baseline-empty",
        silent: "the baseline has no series at all",
        seen: &["argoproj/argo-rollouts#4680"],
        scene: || healthy(60).lose(Side::Baseline, "*"),
        metrics: &[("cpu", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "canary-nan",
        silent: "every value of the canary is NaN",
        seen: &["fluxcd/flagger#1095", "fluxcd/flagger#1098", "argoproj/argo-rollouts#2758"],
        scene: || healthy(60).change(Side::Canary, "*", |_, _| NAN),
        metrics: &[("cpu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "baseline-nan",
        silent: "every value of the baseline is NaN",
        seen: &["fluxcd/flagger#1098"],
        scene: || healthy(60).change(Side::Baseline, "*", |_, _| NAN),
        metrics: &[("cpu", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "both-nan",
        silent: "every value of both sides is NaN",
        seen: &["fluxcd/flagger#1095", "spinnaker/kayenta#700"],
        scene: || healthy(60).change(Side::Both, "*", |_, _| NAN),
        metrics: &[("cpu", "no_values")],
        ..SILENCE
    },
    Case {
        id: "both-nan-classical",
        silent: "every value of both sides is NaN, under the classical judge",
        seen: &["spinnaker/kayenta#700"],
        scene: || healthy(60).change(Side::Both, "*", |_, _| NAN),
        config: "[defaults]\njudge = \"bounds\"",
        metrics: &[("cpu", "no_values")],
        ..SILENCE
    },
    Case {
        id: "canary-nan-classical",
        silent: "every value of the canary is NaN, under the classical judge",
        scene: || healthy(60).change(Side::Canary, "*", |_, _| NAN),
        config: "[defaults]\njudge = \"bounds\"",
        metrics: &[("cpu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "canary-infinite",
        silent: "every value of the canary is infinite",
        seen: &["Kayenta's judge: infinities survive its NaN handling and pass"],
        scene: || healthy(60).change(Side::Canary, "*", |_, _| INFINITE),
        metrics: &[("cpu", "not_finite")],
        ..SILENCE
    },
    Case {
        id: "baseline-infinite",
        silent: "every value of the baseline is infinite",
        seen: &["Kayenta's judge: infinities survive its NaN handling and pass"],
        scene: || healthy(60).change(Side::Baseline, "*", |_, _| INFINITE),
        metrics: &[("cpu", "not_finite")],
        ..SILENCE
    },
    Case {
        id: "both-infinite",
        silent: "every value of both sides is minus infinity",
        scene: || healthy(60).change(Side::Both, "*", |_, _| -INFINITE),
        metrics: &[("cpu", "not_finite")],
        ..SILENCE
    },
    Case {
        id: "half-infinite",
        silent: "every second value of the canary is infinite",
        scene: || {
            healthy(60).change(Side::Canary, "*", |tick, value| if tick.is_multiple_of(2) { INFINITE } else { value })
        },
        metrics: &[("cpu", "not_finite")],
        ..SILENCE
    },
    Case {
        id: "one-point",
        silent: "one minute of data on each side",
        seen: &["spinnaker/kayenta#633", "spinnaker/kayenta#283"],
        scene: || healthy(1),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "two-points",
        silent: "two minutes of data on each side",
        seen: &["Kayenta's judge: 2 points a side give a verdict, 25 % of them false alarms"],
        scene: || healthy(2),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "eleven-points",
        silent: "eleven minutes of data, one fewer than `min_points`",
        seen: &["spinnaker/kayenta#283", "spinnaker/spinnaker.github.io#1292", "spinnaker/orca#2299"],
        scene: || healthy(11),
        metrics: &[("cpu", "too_few_points"), ("requests", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "two-points-classical",
        silent: "two minutes of data on each side, under the classical judge",
        seen: &["spinnaker/kayenta#633"],
        scene: || healthy(2),
        config: "[defaults]\njudge = \"bounds\"",
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "one-canary-point",
        silent: "one value of the canary beside an hour of the baseline",
        seen: &["Kayenta's judge: a single point of the canary can decide"],
        scene: || healthy(60).change(Side::Canary, "*", |tick, value| if tick == 0 { value } else { NAN }),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "never-enough-points",
        silent: "an hour of data where the config asks for a thousand points",
        seen: &["spinnaker/kayenta#283"],
        scene: || healthy(60),
        config: "[defaults]\nmin_points = 1000",
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "alternating-minutes",
        silent: "both sides report every second minute, never the same one",
        scene: || {
            let even = |tick: usize, value| if tick.is_multiple_of(2) { value } else { NAN };
            let odd = |tick: usize, value| if tick % 2 == 1 { value } else { NAN };
            healthy(60).change(Side::Baseline, "*", even).change(Side::Canary, "*", odd)
        },
        metrics: &[("cpu", "no_common_times")],
        ..SILENCE
    },
    Case {
        id: "bursts-apart",
        silent: "both sides report ten minutes of each hour, never the same ones",
        scene: || {
            let early = |tick: usize, value| if tick % 60 < 10 { value } else { NAN };
            let late = |tick: usize, value| if tick % 60 >= 50 { value } else { NAN };
            healthy(240).change(Side::Baseline, "*", early).change(Side::Canary, "*", late)
        },
        reasons: &["no_data"],
        metrics: &[("cpu", "no_common_times")],
        ..SILENCE
    },
    Case {
        id: "hours-apart",
        silent: "the canary's clock runs two hours after the baseline's",
        scene: || {
            let first = |tick: usize, value| if tick < 60 { value } else { NAN };
            let last = |tick: usize, value| if tick >= 120 { value } else { NAN };
            healthy(180).change(Side::Baseline, "*", first).change(Side::Canary, "*", last)
        },
        metrics: &[("cpu", "missing_in_baseline")],
        ..SILENCE
    },
    Case {
        id: "coverage-of-a-tenth",
        silent: "the canary reports every tenth minute of four hours",
        seen: &["fluxcd/flagger#1035"],
        scene: || {
            healthy(240).change(Side::Canary, "*", |tick, value| if tick.is_multiple_of(10) { value } else { NAN })
        },
        metrics: &[("cpu", "low_coverage")],
        ..SILENCE
    },
    Case {
        id: "bursts-of-the-canary",
        silent: "the canary reports five minutes of each hour",
        seen: &["fluxcd/flagger#1689"],
        scene: || healthy(240).change(Side::Canary, "*", |tick, value| if tick % 60 < 5 { value } else { NAN }),
        metrics: &[("cpu", "low_coverage")],
        ..SILENCE
    },
    Case {
        id: "bursts-of-both",
        silent: "both sides report five minutes of each of two hours",
        seen: &["fluxcd/flagger#1330", "fluxcd/flagger#1633"],
        scene: || healthy(120).change(Side::Both, "*", |tick, value| if tick % 60 < 5 { value } else { NAN }),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "warm-up-longer-than-the-run",
        silent: "the warm-up takes two hours of an hour",
        seen: &["argoproj/argo-rollouts#1360"],
        scene: || healthy(60),
        config: "[defaults]\nwarmup = \"2h\"",
        metrics: &[("cpu", "no_values")],
        ..SILENCE
    },
    Case {
        id: "warm-up-leaves-eleven-minutes",
        silent: "the warm-up takes 49 minutes of an hour",
        scene: || healthy(60),
        config: "[defaults]\nwarmup = \"49m\"",
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "opposite-signs",
        silent: "averages of opposite sign have no ratio under the classical judge",
        scene: || healthy(60).change(Side::Canary, "*", |_, value| -value),
        config: "[defaults]\njudge = \"bounds\"",
        metrics: &[("cpu", "opposite_averages")],
        ..SILENCE
    },
    Case {
        id: "counter-resets-on-the-canary",
        silent: "a counter of the canary falls at every tick, so no increase is known",
        scene: || healthy(60).summed().change(Side::Canary, "*", |tick, _| 1000.0 - tick as f64),
        config: "[[rules]]\nmatch = \"*\"\nkind = \"counter\"",
        metrics: &[("requests", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "counter-resets-on-both",
        silent: "every counter of both sides falls at every tick",
        scene: || healthy(60).change(Side::Both, "*", |tick, _| 1000.0 - tick as f64),
        config: "[[rules]]\nmatch = \"*\"\nkind = \"counter\"",
        metrics: &[("requests", "no_values")],
        ..SILENCE
    },
    Case {
        id: "all-missing-allowed",
        silent: "all data are missing, and the config allows all to be missing",
        seen: &["pipe-cd/pipecd#3661"],
        scene: || healthy(60).lose(Side::Canary, "*"),
        config: "[evidence]\nmax_nodata = 1\nmax_undecided = 1",
        metrics: &[("cpu", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "control-healthy",
        silent: "nothing: a healthy hour",
        scene: || healthy(60),
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        metrics: &[("cpu", "within_bounds"), ("requests", "within_bounds")],
        ..SILENCE
    },
    Case {
        id: "control-twelve-points",
        silent: "nothing: twelve minutes are enough",
        scene: || healthy(12),
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        metrics: &[("cpu", "within_bounds")],
        ..SILENCE
    },
];
