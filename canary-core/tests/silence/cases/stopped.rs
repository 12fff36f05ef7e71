//! Something stopped: a side died, froze or fell to zero, at once or on the way.

use canary_core::report::Verdict;

use super::{Case, SILENCE, Side, healthy};

const NAN: f64 = f64::NAN;

const COUNTERS: &str = "[[rules]]\nmatch = \"*\"\nkind = \"counter\"";
const ONLY_MORE_IS_WORSE: &str = "[defaults]\ndirection = \"increase\"";
const ONLY_LESS_IS_WORSE: &str = "[defaults]\ndirection = \"decrease\"";

const ENDS: Case = Case { reasons: &["ends_early"], ..SILENCE };
const STILL: Case = Case { reasons: &["stands_still"], ..SILENCE };
const BOTH_STILL: Case = Case { reasons: &["stands_still", "stands_still"], ..SILENCE };
const ONE_IDLE: Case = Case { reasons: &["one_side_idle"], ..SILENCE };
const ALL_IDLE: Case = Case { reasons: &["all_idle"], ..SILENCE };
const CONTROL: Case = Case { verdict: Verdict::Pass, reasons: &["score_passes"], ..SILENCE };

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "canary-dies-half-way",
        silent: "the canary's data end half-way",
        seen: &["fluxcd/flagger#1011", "argoproj/argo-rollouts#521"],
        scene: || healthy(60).change(Side::Canary, "*", |tick, value| if tick < 30 { value } else { NAN }),
        ..ENDS
    },
    Case {
        id: "canary-dies-late",
        silent: "the canary's data end after four fifths",
        seen: &["argoproj/argo-rollouts#1329"],
        scene: || healthy(120).change(Side::Canary, "*", |tick, value| if tick < 96 { value } else { NAN }),
        ..ENDS
    },
    Case {
        id: "baseline-dies-half-way",
        silent: "the baseline's data end half-way",
        scene: || healthy(60).change(Side::Baseline, "*", |tick, value| if tick < 30 { value } else { NAN }),
        ..ENDS
    },
    Case {
        id: "canary-dies-in-one-region",
        silent: "the canary's data end half-way in one of two regions",
        seen: &["fluxcd/flagger#250"],
        scene: || {
            healthy(60).in_two_regions().change(Side::Canary, "@us", |tick, value| if tick < 30 { value } else { NAN })
        },
        ..ENDS
    },
    Case {
        id: "critical-dies-half-way",
        silent: "a critical metric of the canary ends half-way, the others go on",
        seen: &["fluxcd/flagger#1011", "argoproj/argo-rollouts#2158"],
        scene: || healthy(60).change(Side::Canary, "errors", |tick, value| if tick < 30 { value } else { NAN }),
        config: "[[rules]]\nmatch = \"errors\"\ncritical = true",
        reasons: &["required_ends_early"],
        ..SILENCE
    },
    Case {
        id: "must-have-dies-half-way",
        silent: "a metric of the baseline that must have data ends half-way, the others go on",
        scene: || healthy(60).change(Side::Baseline, "errors", |tick, value| if tick < 30 { value } else { NAN }),
        config: "[[rules]]\nmatch = \"errors\"\nmust_have_data = true",
        reasons: &["required_ends_early"],
        ..SILENCE
    },
    Case {
        id: "all-but-one-die-half-way",
        silent: "four of five metrics of the canary end half-way",
        seen: &["fluxcd/flagger#1011", "argoproj/argo-rollouts#2158"],
        scene: || {
            let dies = |tick: usize, value| if tick < 30 { value } else { NAN };
            let metrics = ["errors", "latency_ms", "memory", "requests"];
            metrics.into_iter().fold(healthy(60), |scene, name| scene.change(Side::Canary, name, dies))
        },
        reasons: &["too_much_ends_early"],
        ..SILENCE
    },
    Case {
        id: "one-dies-and-one-is-missing",
        silent: "one of five metrics of the canary ends half-way, one has no data",
        scene: || {
            let dies = |tick: usize, value| if tick < 30 { value } else { NAN };
            healthy(60).change(Side::Canary, "requests", dies).lose(Side::Canary, "errors")
        },
        reasons: &["too_much_ends_early"],
        metrics: &[("errors", "missing_in_canary")],
        ..SILENCE
    },
    Case {
        id: "canary-dies-at-once",
        silent: "the canary's data end after five minutes",
        seen: &["argoproj/argo-rollouts#4393"],
        scene: || healthy(60).change(Side::Canary, "*", |tick, value| if tick < 5 { value } else { NAN }),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "canary-starts-late",
        silent: "the canary's data start eight minutes before the end",
        seen: &["argoproj/argo-rollouts#1905", "argoproj/argo-rollouts#1360"],
        scene: || healthy(60).change(Side::Canary, "*", |tick, value| if tick >= 52 { value } else { NAN }),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "baseline-starts-late",
        silent: "the baseline's data start eight minutes before the end",
        scene: || healthy(60).change(Side::Baseline, "*", |tick, value| if tick >= 52 { value } else { NAN }),
        metrics: &[("cpu", "too_few_points")],
        ..SILENCE
    },
    Case {
        id: "overlap-of-half-an-hour",
        silent: "the clocks are half an hour apart: the baseline ends half-way through the canary",
        scene: || {
            let early = |tick: usize, value| if tick < 60 { value } else { NAN };
            let late = |tick: usize, value| if tick >= 30 { value } else { NAN };
            healthy(90).change(Side::Baseline, "*", early).change(Side::Canary, "*", late)
        },
        ..ENDS
    },
    Case {
        id: "canary-frozen",
        silent: "every metric of the canary repeats its first value",
        scene: || healthy(60).freeze(Side::Canary, "*", 0),
        metrics: &[("cpu", "within_bounds")],
        ..STILL
    },
    Case {
        id: "canary-freezes-half-way",
        silent: "every metric of the canary repeats one value from half-way on",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).freeze(Side::Canary, "*", 30),
        metrics: &[("cpu", "within_bounds")],
        ..STILL
    },
    Case {
        id: "canary-freezes-late",
        silent: "every metric of the canary repeats one value for the last fifth",
        scene: || healthy(120).freeze(Side::Canary, "*", 96),
        ..STILL
    },
    Case {
        id: "canary-frozen-classical",
        silent: "every metric of the canary repeats its first value, under the classical judge",
        scene: || healthy(60).freeze(Side::Canary, "*", 0),
        config: "[defaults]\njudge = \"bounds\"",
        ..STILL
    },
    Case {
        id: "baseline-frozen",
        silent: "every metric of the baseline repeats its first value",
        scene: || healthy(60).freeze(Side::Baseline, "*", 0),
        ..STILL
    },
    Case {
        id: "baseline-freezes-half-way",
        silent: "every metric of the baseline repeats one value from half-way on",
        scene: || healthy(60).freeze(Side::Baseline, "*", 30),
        ..STILL
    },
    Case {
        id: "canary-frozen-in-one-region",
        silent: "the canary is frozen in one of two regions",
        seen: &["fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().freeze(Side::Canary, "@us", 0),
        ..STILL
    },
    Case {
        id: "both-freeze-half-way",
        silent: "every metric of both sides repeats one value from half-way on",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).freeze(Side::Both, "*", 30),
        ..BOTH_STILL
    },
    Case {
        id: "what-counts-is-frozen",
        silent: "the canary is frozen, but for a metric of no weight",
        scene: || healthy(60).freeze(Side::Canary, "*", 0).thaw("cpu"),
        config: "[[rules]]\nmatch = \"cpu\"\nweight = 0",
        ..STILL
    },
    Case {
        id: "traffic-stops-on-both",
        silent: "everything falls to zero half-way, on both sides",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).change(Side::Both, "*", |tick, value| if tick < 30 { value } else { 0.0 }),
        ..BOTH_STILL
    },
    Case {
        id: "traffic-stops-on-the-canary",
        silent: "everything falls to zero half-way on the canary, where only an increase counts",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).change(Side::Canary, "*", |tick, value| if tick < 30 { value } else { 0.0 }),
        config: ONLY_MORE_IS_WORSE,
        ..STILL
    },
    Case {
        id: "canary-zero",
        silent: "the canary reports zeros, where only an increase counts",
        seen: &["Kayenta's judge: a silent canary filled up with zeros passes", "spinnaker/kayenta#700"],
        scene: || healthy(60).change(Side::Canary, "*", |_, _| 0.0),
        config: ONLY_MORE_IS_WORSE,
        metrics: &[("requests", "canary_zero")],
        ..ONE_IDLE
    },
    Case {
        id: "canary-zero-classical",
        silent: "the same under the classical judge",
        seen: &["spinnaker/kayenta#700"],
        scene: || healthy(60).change(Side::Canary, "*", |_, _| 0.0),
        config: "[defaults]\njudge = \"bounds\"\ndirection = \"increase\"",
        metrics: &[("requests", "canary_zero")],
        ..ONE_IDLE
    },
    Case {
        id: "baseline-zero",
        silent: "the baseline reports zeros, where only a decrease counts",
        seen: &["spinnaker/kayenta#426"],
        scene: || healthy(60).change(Side::Baseline, "*", |_, _| 0.0),
        config: ONLY_LESS_IS_WORSE,
        metrics: &[("requests", "baseline_zero")],
        ..ONE_IDLE
    },
    Case {
        id: "canary-zero-either-way",
        silent: "the canary reports zeros, where either change counts: a failure",
        scene: || healthy(60).change(Side::Canary, "*", |_, _| 0.0),
        verdict: Verdict::Fail,
        reasons: &["score_below_marginal"],
        metrics: &[("requests", "canary_zero")],
        ..SILENCE
    },
    Case {
        id: "errors-over-silent-baseline",
        silent: "the baseline's errors are zero throughout, the canary's are not: a failure",
        seen: &["spinnaker/kayenta#426"],
        scene: || healthy(60).change(Side::Baseline, "errors", |_, _| 0.0),
        config: "[[rules]]\nmatch = \"errors\"\ncritical = true\ndirection = \"increase\"",
        verdict: Verdict::Fail,
        reasons: &["critical_failed"],
        metrics: &[("errors", "baseline_zero")],
        ..SILENCE
    },
    Case {
        id: "both-zero",
        silent: "every metric is zero on both sides",
        seen: &["pipe-cd/pipecd#1771", "fluxcd/flagger#1330"],
        scene: || healthy(60).change(Side::Both, "*", |_, _| 0.0),
        metrics: &[("requests", "both_zero")],
        ..ALL_IDLE
    },
    Case {
        id: "only-errors-and-none",
        silent: "errors are all that is judged, and there are none on either side",
        seen: &["argoproj/argo-rollouts#3503"],
        scene: || healthy(60).keep("errors").change(Side::Both, "*", |_, _| 0.0),
        metrics: &[("errors", "both_zero")],
        ..ALL_IDLE
    },
    Case {
        id: "only-errors-and-none-on-the-canary",
        silent: "errors are all that is judged, and the canary has none: perhaps it has no traffic",
        seen: &["argoproj/argo-rollouts#3503"],
        scene: || healthy(60).keep("errors").change(Side::Canary, "*", |_, _| 0.0),
        config: ONLY_MORE_IS_WORSE,
        metrics: &[("errors", "canary_zero")],
        ..ONE_IDLE
    },
    Case {
        id: "idle-in-one-region",
        silent: "every metric is zero on both sides of one of two regions",
        seen: &["fluxcd/flagger#250"],
        scene: || healthy(60).in_two_regions().change(Side::Both, "@us", |_, _| 0.0),
        metrics: &[("requests@us", "both_zero")],
        ..ALL_IDLE
    },
    Case {
        id: "idle-but-for-the-weightless",
        silent: "every metric that counts is zero on both sides; one of no weight lives",
        scene: || healthy(60).change(Side::Both, "*", |_, _| 0.0).thaw("cpu"),
        config: "[[rules]]\nmatch = \"cpu\"\nweight = 0",
        metrics: &[("requests", "both_zero"), ("cpu", "within_bounds")],
        ..ALL_IDLE
    },
    Case {
        id: "counters-never-move",
        silent: "no counter of either side ever moves",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).change(Side::Both, "*", |_, _| 5000.0),
        config: COUNTERS,
        metrics: &[("requests", "both_zero")],
        ..ALL_IDLE
    },
    Case {
        id: "counters-of-the-canary-never-move",
        silent: "no counter of the canary ever moves, where only an increase counts",
        scene: || healthy(60).summed().change(Side::Canary, "*", |_, _| 5000.0),
        config: "[defaults]\ndirection = \"increase\"\n[[rules]]\nmatch = \"*\"\nkind = \"counter\"",
        metrics: &[("requests", "canary_zero")],
        ..ONE_IDLE
    },
    Case {
        id: "counters-stop-half-way",
        silent: "every counter of both sides stops half-way",
        seen: &["fluxcd/flagger#1011"],
        scene: || healthy(60).summed().freeze(Side::Both, "*", 30),
        config: COUNTERS,
        ..BOTH_STILL
    },
    Case {
        id: "control-starts-late-and-lives",
        silent: "the canary is half an hour old, the baseline has run for two hours",
        scene: || healthy(120).change(Side::Canary, "*", |tick, value| if tick >= 90 { value } else { NAN }),
        ..CONTROL
    },
    Case {
        id: "control-ends-a-little-early",
        silent: "the canary's data end after 95 % of the time",
        scene: || healthy(120).change(Side::Canary, "*", |tick, value| if tick < 114 { value } else { NAN }),
        ..CONTROL
    },
    Case {
        id: "control-one-of-five-dies",
        silent: "one of five metrics of the canary ends half-way, which the default allows as if it had no data",
        scene: || healthy(60).change(Side::Canary, "errors", |tick, value| if tick < 30 { value } else { NAN }),
        ..CONTROL
    },
    Case {
        id: "control-one-metric-still",
        silent: "one metric of five stands still on both sides, as a limit does",
        scene: || healthy(60).change(Side::Both, "memory", |_, _| 4.0e9),
        ..CONTROL
    },
    Case {
        id: "control-slow-updates",
        silent: "every value is renewed every tenth minute only",
        scene: || healthy(240).stepwise(10),
        ..CONTROL
    },
    Case {
        id: "control-no-errors",
        silent: "no errors on either side, and traffic on both",
        seen: &["argoproj/argo-rollouts#3503"],
        scene: || healthy(60).change(Side::Both, "errors", |_, _| 0.0),
        metrics: &[("errors", "both_zero")],
        ..CONTROL
    },
    Case {
        id: "control-counters",
        silent: "counters that grow on both sides",
        scene: || healthy(60).summed(),
        config: COUNTERS,
        ..CONTROL
    },
];
