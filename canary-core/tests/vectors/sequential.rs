//! Many tests at once, and tests that are looked at while they run.

use canary_core::stats::{Adjustment, adjusted_p_values};

use crate::file::{Case, Degenerate, number, numbers};

impl Case<'_> {
    /// Checks a vector of this theme; false where it is none.
    pub(crate) fn check_sequential(&self) -> bool {
        match self.vector.function.as_str() {
            "p_adjust" => self.check_adjustments(),
            _ => return false,
        }
        true
    }

    fn check_adjustments(&self) {
        let list = |value: &serde_json::Value| value.as_array().map_or_else(|| vec![number(value)], |_| numbers(value));
        let p_values = list(&self.vector.args["p"]);
        for (name, expected) in self.vector.expected.as_object().unwrap() {
            let found = adjusted_p_values(&p_values, adjustment(name));
            let expected = list(expected);
            assert_eq!(found.len(), expected.len(), "{}", self.vector.id);
            for (found, expected) in found.into_iter().zip(expected) {
                self.agrees(name, found, expected);
            }
        }
    }
}

/// R's names.
fn adjustment(name: &str) -> Adjustment {
    match name {
        "BH" => Adjustment::BenjaminiHochberg,
        "BY" => Adjustment::BenjaminiYekutieli,
        "holm" => Adjustment::Holm,
        "hochberg" => Adjustment::Hochberg,
        "bonferroni" => Adjustment::Bonferroni,
        other => panic!("unknown adjustment {other}"),
    }
}

impl Degenerate {
    /// Checks a case of this theme; false where it is none.
    pub(crate) fn check_sequential(&self) -> bool {
        match self.function.as_str() {
            "p_adjust" => {
                for (name, expected) in self.expected.as_object().unwrap() {
                    let found = adjusted_p_values(&numbers(&self.args["p"]), adjustment(name));
                    assert_eq!(found, numbers(expected), "{} {name}", self.id);
                }
            }
            _ => return false,
        }
        true
    }
}
