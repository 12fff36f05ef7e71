//! Both sides are the same data: a wiring error, not agreement.

use canary_core::report::Verdict;

use super::{Case, SILENCE, Side, healthy};

const SAME: Case = Case { reasons: &["identical_sides"], ..SILENCE };

pub(crate) const CASES: &[Case] = &[
    Case {
        id: "same-data",
        silent: "the canary is a copy of the baseline",
        seen: &["Kayenta's judge: identical sides pass"],
        scene: || healthy(60).copy("*"),
        metrics: &[("cpu", "within_bounds")],
        ..SAME
    },
    Case {
        id: "same-data-classical",
        silent: "the canary is a copy of the baseline, under the classical judge",
        seen: &["Kayenta's judge: identical sides pass"],
        scene: || healthy(60).copy("*"),
        config: "[defaults]\njudge = \"bounds\"",
        ..SAME
    },
    Case {
        id: "same-data-with-holes",
        silent: "the canary is a copy of the baseline that lacks every third value",
        scene: || {
            let holes = |tick: usize, value| if tick.is_multiple_of(3) { f64::NAN } else { value };
            healthy(60).copy("*").change(Side::Canary, "*", holes)
        },
        ..SAME
    },
    Case {
        id: "same-data-short",
        silent: "thirteen minutes of one metric, copied",
        scene: || healthy(13).keep("cpu").copy("*"),
        ..SAME
    },
    Case {
        id: "same-data-in-one-region",
        silent: "the canary is a copy of the baseline in one of two regions",
        scene: || healthy(60).in_two_regions().copy("@us"),
        ..SAME
    },
    Case {
        id: "same-data-but-for-the-weightless",
        silent: "all that counts is a copy; a metric of no weight is not",
        scene: || healthy(60).copy("errors").copy("latency_ms").copy("memory").copy("requests"),
        config: "[[rules]]\nmatch = \"cpu\"\nweight = 0",
        ..SAME
    },
    Case {
        id: "same-counters",
        silent: "the canary's counters are a copy of the baseline's",
        scene: || healthy(60).summed().copy("*"),
        config: "[[rules]]\nmatch = \"*\"\nkind = \"counter\"",
        ..SAME
    },
    Case {
        id: "same-zeros-and-few-events",
        silent: "a copy that is zero but for ten bursts",
        scene: || {
            let bursts = |tick: usize, value| if tick % 6 == 3 { value } else { 0.0 };
            healthy(60).change(Side::Both, "*", bursts).copy("*")
        },
        ..SAME
    },
    Case {
        id: "control-one-metric-the-same",
        silent: "one metric of five is the same on both sides, as mirrored traffic makes it",
        scene: || healthy(60).copy("requests"),
        verdict: Verdict::Pass,
        reasons: &["score_passes"],
        ..SILENCE
    },
];
