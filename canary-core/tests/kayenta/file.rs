//! The vectors as they stand in the files.

use std::collections::BTreeMap;

use canary_core::config::Direction;
use canary_core::kayenta::{EffectSize, Measure, NanStrategy, Rule};
use serde::Deserialize;
use serde_json::Value;

const OWN_TESTS: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/vectors/kayenta.json"));
const EDGE_CASES: &str =
    include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/vectors/kayenta_edge_cases.json"));

#[derive(Deserialize)]
pub(crate) struct File {
    samples: BTreeMap<String, Vec<f64>>,
    pub(crate) vectors: Vec<Vector>,
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    #[serde(default)]
    pub(crate) id: String,
    pub(crate) case: String,
    pub(crate) kind: String,
    pub(crate) input: Value,
    pub(crate) params: Value,
    pub(crate) expect: Value,
    /// One number, or one a key; 0 is exact.
    #[serde(default)]
    pub(crate) tolerance: Value,
}

pub(crate) fn own_tests() -> File {
    serde_json::from_str(OWN_TESTS).unwrap()
}

pub(crate) fn edge_cases() -> File {
    serde_json::from_str(EDGE_CASES).unwrap()
}

impl File {
    /// The values under `key`, or of the sample that stands there.
    pub(crate) fn values(&self, vector: &Vector, key: &str) -> Vec<f64> {
        match &vector.input[key] {
            Value::String(name) => self.samples[name].clone(),
            values => values.as_array().unwrap().iter().map(number).collect(),
        }
    }

    pub(crate) fn baseline(&self, vector: &Vector) -> Vec<f64> {
        self.values(vector, "control")
    }

    pub(crate) fn canary(&self, vector: &Vector) -> Vec<f64> {
        self.values(vector, "experiment")
    }

    pub(crate) fn edge_case(&self, case: &str) -> &Vector {
        self.vectors.iter().find(|vector| vector.case == case).unwrap()
    }
}

/// A number, or one of the words `NaN`, `Infinity`.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

impl Vector {
    pub(crate) fn param(&self, key: &str) -> f64 {
        self.params.get(key).map_or_else(|| panic!("{} {key}", self.id), number)
    }

    fn tolerance(&self, key: &str) -> f64 {
        self.tolerance.as_f64().or_else(|| self.tolerance[key].as_f64()).unwrap_or(0.0)
    }

    /// Whether `found` is the expected `key`, at the vector's own absolute tolerance and 1e-12 relative: sums of the
    /// reference run in another order. What is not expected is not checked.
    pub(crate) fn agrees(&self, key: &str, found: f64) {
        let Some(expected) = self.expect.get(key).map(number) else { return };
        let close = (found - expected).abs() <= self.tolerance(key) + 1e-12 * expected.abs();
        assert!(close || found.is_nan() && expected.is_nan(), "{} {}: {key} {found} {expected}", self.id, self.case);
    }

    pub(crate) fn rule(&self) -> Rule {
        let word = |key: &str| self.params[key].as_str().unwrap_or_default().to_owned();
        let flag = |key: &str| self.params[key].as_bool().unwrap();
        let threshold = |key: &str| self.params.get(key).map_or(1.0, number);
        Rule {
            direction: serde_json::from_value(self.params["direction"].clone()).unwrap(),
            nan_strategy: if word("nanStrategy") == "replace" { NanStrategy::Replace } else { NanStrategy::Remove },
            critical: flag("critical"),
            must_have_data: flag("mustHaveData"),
            effect_size: EffectSize {
                measure: if word("measure") == "cles" { Measure::Cles } else { Measure::MeanRatio },
                allowed_increase: threshold("allowedIncrease"),
                allowed_decrease: threshold("allowedDecrease"),
                critical_increase: threshold("criticalIncrease"),
                critical_decrease: threshold("criticalDecrease"),
            },
            tolerance: self.params.get("tolerance").map_or(0.25, number),
            confidence: self.params.get("confidence").map_or(0.98, number),
            ..Rule::default()
        }
    }
}

#[test]
fn the_words_for_a_direction_are_shared() {
    let read: Direction = serde_json::from_str("\"increase\"").unwrap();
    assert_eq!(read, Direction::Increase);
}
