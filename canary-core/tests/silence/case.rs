//! What a case of the suite is.
#![allow(dead_code, reason = "the library's suite and the command line's each use a part of it")]

use canary_core::report::Verdict;
use serde_json::Value;

use super::scene::Scene;

/// One case: a run in which something is silent, and the only right answer.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    /// Its name in the table; of a control it starts with `control-`.
    pub(crate) id: &'static str,
    /// What is silent, in a few words.
    pub(crate) silent: &'static str,
    /// Where it was met: public threads, or a tool whose code does it.
    pub(crate) seen: &'static [&'static str],
    pub(crate) scene: fn() -> Scene,
    /// In TOML.
    pub(crate) config: &'static str,
    pub(crate) verdict: Verdict,
    /// The codes of the run's reasons, all of them, in order.
    pub(crate) reasons: &'static [&'static str],
    /// Metrics, as `name` or `name@region`, and the code of each one's reason.
    pub(crate) metrics: &'static [(&'static str, &'static str)],
    /// Whether a file can say it: a metric without a row, or without a tick, leaves nothing in one.
    pub(crate) in_files: bool,
}

/// What most cases share: a run without data.
pub(crate) const SILENCE: Case = Case {
    id: "",
    silent: "",
    seen: &[],
    scene: || super::scene::healthy(60),
    config: "",
    verdict: Verdict::Inconclusive,
    reasons: &["no_data"],
    metrics: &[],
    in_files: true,
};

impl Case {
    /// Whether the case is one that must pass, so that always refusing does not do.
    pub(crate) fn is_control(&self) -> bool {
        self.id.starts_with("control-")
    }

    /// Holds a report, as JSON, against the answer.
    pub(crate) fn check(&self, report: &Value) {
        assert_eq!(report["verdict"], self.verdict.name(), "{}: {}", self.id, report["reasons"]);
        assert_eq!(codes(&report["reasons"]), self.reasons, "{}", self.id);
        for (which, code) in self.metrics {
            let (name, region) = which.split_once('@').map_or((*which, None), |(name, region)| (name, Some(region)));
            let metrics = report["metrics"].as_array().expect("metrics");
            let found = metrics.iter().find(|metric| metric["name"] == name && metric["region"].as_str() == region);
            let found = found.unwrap_or_else(|| panic!("{}: no metric {which}", self.id));
            assert_eq!(found["reason"]["code"], *code, "{}: {which}", self.id);
        }
    }
}

/// The `code` of each.
pub(crate) fn codes(list: &Value) -> Vec<&str> {
    list.as_array().into_iter().flatten().filter_map(|entry| entry["code"].as_str()).collect()
}
