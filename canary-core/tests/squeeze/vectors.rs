//! The reference vectors as they stand in the file.

use serde_json::Value;

const VECTORS: &str = include_str!("../../../fixtures/vectors/squeeze.json");

pub(crate) fn vectors() -> Value {
    serde_json::from_str(VECTORS).unwrap()
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

pub(crate) fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}

/// Relative.
#[track_caller]
pub(crate) fn near(found: f64, expected: f64, tolerance: f64, name: &Value) {
    assert!((found - expected).abs() <= tolerance * expected.abs(), "{name}: found {found}, expected {expected}");
}
