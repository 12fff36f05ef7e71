//! The reference vectors as they stand in the file.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

const STAT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/vectors/stat.json"));

#[derive(Deserialize)]
pub(crate) struct File {
    pub(crate) vectors: Vectors,
}

#[derive(Deserialize)]
pub(crate) struct Vectors {
    pub(crate) samples: BTreeMap<String, BTreeMap<String, Vec<Value>>>,
    #[serde(rename = "vectors")]
    pub(crate) regular: Vec<Vector>,
    pub(crate) degenerate: Vec<Degenerate>,
}

#[derive(Deserialize)]
pub(crate) struct Vector {
    pub(crate) id: String,
    #[serde(rename = "fn")]
    pub(crate) function: String,
    pub(crate) args: Value,
    pub(crate) expected: Value,
    pub(crate) rtol: f64,
    pub(crate) atol: f64,
}

#[derive(Deserialize)]
pub(crate) struct Degenerate {
    pub(crate) id: String,
    #[serde(rename = "fn")]
    pub(crate) function: String,
    pub(crate) args: Value,
    pub(crate) expected: Value,
}

pub(crate) fn file() -> Vectors {
    serde_json::from_str::<File>(STAT).unwrap().vectors
}

/// A number, or one of the words `NaN`, `Inf`, `-Inf`.
pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

pub(crate) fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

pub(crate) fn numbers(values: &Value) -> Vec<f64> {
    values.as_array().unwrap().iter().map(number).collect()
}

/// A vector with the samples that it names.
pub(crate) struct Case<'a> {
    pub(crate) vector: &'a Vector,
    pub(crate) samples: &'a BTreeMap<String, BTreeMap<String, Vec<Value>>>,
}

impl Case<'_> {
    pub(crate) fn side(&self, side: &str) -> Vec<f64> {
        let sample = self.vector.args["sample"].as_str().unwrap();
        self.samples[sample][side].iter().map(number).collect()
    }

    /// The sample that `arm` names; the canary where it is left out.
    pub(crate) fn values(&self) -> Vec<f64> {
        self.side(self.vector.args["arm"].as_str().unwrap_or("canary"))
    }

    pub(crate) fn log_ratios(&self) -> Vec<f64> {
        self.side("baseline").iter().zip(self.side("canary")).map(|(b, c)| (c / b).ln()).collect()
    }

    pub(crate) fn agrees(&self, what: &str, found: f64, expected: f64) {
        let Vector { id, function, rtol, atol, .. } = self.vector;
        let close = (found - expected).abs() <= atol + rtol * expected.abs();
        assert!(close, "{id} {function} {what}: found {found:e}, expected {expected:e}, rtol {rtol:e}, atol {atol:e}");
    }

    pub(crate) fn agrees_at(&self, key: &str, found: f64) {
        self.agrees(key, found, number(&self.vector.expected[key]));
    }

    pub(crate) fn agrees_with(&self, found: f64) {
        self.agrees("value", found, number(&self.vector.expected));
    }
}
