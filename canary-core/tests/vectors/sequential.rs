//! Many tests at once, and tests that are looked at while they run.

use canary_core::stats::{Adjustment, Spending, adjusted_p_values, spending_bounds};

use crate::file::{Case, Degenerate, number, numbers};

impl Case<'_> {
    /// Checks a vector of this theme; false where it is none.
    pub(crate) fn check_sequential(&self) -> bool {
        match self.vector.function.as_str() {
            "p_adjust" => self.check_adjustments(),
            "alpha_spending_bounds" => self.check_boundaries(),
            _ => return false,
        }
        true
    }

    fn check_boundaries(&self) {
        let spending = spending(self.vector.args["spending"].as_str().unwrap());
        let fractions = numbers(&self.vector.args["fractions"]);
        let found = spending_bounds(spending, number(&self.vector.args["alpha_one_sided"]), &fractions).unwrap();
        let expected = numbers(&self.vector.expected);
        assert_eq!(found.len(), expected.len(), "{}", self.vector.id);
        for (found, expected) in found.into_iter().zip(expected) {
            self.agrees("z", found.z, expected);
        }
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

/// The names of the file: `hsd` is followed by gamma.
fn spending(name: &str) -> Spending {
    match name {
        "obf" => Spending::ObrienFleming,
        "pocock" => Spending::Pocock,
        other => Spending::HwangShihDeCani { gamma: other.strip_prefix("hsd").unwrap().parse().unwrap() },
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
            "alpha_spending_bounds" => {
                let spending = spending(self.args["spending"].as_str().unwrap());
                let refused =
                    spending_bounds(spending, number(&self.args["alpha_one_sided"]), &numbers(&self.args["fractions"]));
                let message = self.expected["error"].as_str().unwrap();
                assert!(refused.unwrap_err().to_string().contains(message), "{}", self.id);
            }
            _ => return false,
        }
        true
    }
}
