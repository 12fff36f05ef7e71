//! Many tests at once, and tests that are looked at while they run.

use canary_core::stats::{
    Adjustment, BetaBinomialMixture, GammaExponentialMixture, GammaPoissonMixture, NormalMixture, PolyStitching, Sides,
    Spending, adjusted_p_values, double_stitching_bound, empirical_process_lil_bound, lambert_w_m1, quantile_ab_p,
    spending_bounds,
};

use crate::file::{Case, Degenerate, number, numbers};

impl Case<'_> {
    /// Checks a vector of this theme; false where it is none.
    pub(crate) fn check_sequential(&self) -> bool {
        match self.vector.function.as_str() {
            "p_adjust" => self.check_adjustments(),
            "alpha_spending_bounds" => self.check_boundaries(),
            "lambert_w_m1" => self.agrees_with(lambert_w_m1(self.arg("x"))),
            "confseq_normal_rho" => self.check_sides(|sides| self.normal(sides, "alpha").rho()),
            "confseq_normal_log_mixture" => {
                self.check_sides(|sides| self.normal(sides, "alpha_opt").log_mixture(self.arg("s"), self.arg("v")));
            }
            "confseq_normal_mixture_bound" => {
                self.check_sides(|sides| self.normal(sides, "alpha_opt").bound(self.arg("v"), self.arg("alpha")));
            }
            "confseq_beta_binomial_mixture_bound" => self.check_sides(|sides| {
                let [v_opt, alpha_opt, g, h] = ["v_opt", "alpha_opt", "g", "h"].map(|key| self.arg(key));
                BetaBinomialMixture::tuned(v_opt, alpha_opt, g, h, sides).bound(self.arg("v"), self.arg("alpha"))
            }),
            "confseq_gamma_exponential_mixture_bound" => {
                let [v_opt, alpha_opt, c] = ["v_opt", "alpha_opt", "c"].map(|key| self.arg(key));
                let mixture = GammaExponentialMixture::tuned(v_opt, alpha_opt, c);
                self.agrees_with(mixture.bound(self.arg("v"), self.arg("alpha")));
            }
            "confseq_gamma_poisson_mixture_bound" => {
                let [v_opt, alpha_opt, c] = ["v_opt", "alpha_opt", "c"].map(|key| self.arg(key));
                let mixture = GammaPoissonMixture::tuned(v_opt, alpha_opt, c);
                self.agrees_with(mixture.bound(self.arg("v"), self.arg("alpha")));
            }
            "confseq_poly_stitching_bound" => {
                let [v_min, c, s, eta] = ["v_min", "c", "s", "eta"].map(|key| self.arg(key));
                let stitching = PolyStitching { v_min, c, s, eta };
                self.agrees_with(stitching.bound(self.arg("v"), self.arg("alpha")));
            }
            "confseq_double_stitching_bound" => {
                let [p, t, alpha, t_opt] = ["p", "t", "alpha", "t_opt"].map(|key| self.arg(key));
                self.agrees_with(double_stitching_bound(p, t, alpha, t_opt));
            }
            "confseq_empirical_process_lil_bound" => {
                let [t, alpha, t_min, a] = ["t", "alpha", "t_min", "A"].map(|key| self.arg(key));
                self.agrees_with(empirical_process_lil_bound(t, alpha, t_min, a));
            }
            "confseq_quantile_ab_p" => self.check_quantiles(),
            _ => return false,
        }
        true
    }

    fn normal(&self, sides: Sides, alpha: &str) -> NormalMixture {
        NormalMixture::tuned(self.arg("v_opt"), self.arg(alpha), sides)
    }

    fn check_sides(&self, found: impl Fn(Sides) -> f64) {
        self.agrees_at("one", found(Sides::One));
        self.agrees_at("two", found(Sides::Two));
    }

    /// The sides are 1 to n, and the same moved by an offset.
    fn check_quantiles(&self) {
        let [n, offset, q, t_opt, alpha_opt] = ["n", "offset", "q", "t_opt", "alpha_opt"].map(|key| self.arg(key));
        let values = |offset: f64| -> Vec<f64> {
            std::iter::successors(Some(1.0), |&i| Some(i + 1.0)).take_while(|&i| i <= n).map(|i| i + offset).collect()
        };
        self.agrees_with(quantile_ab_p(&values(0.0), &values(offset), q, t_opt, alpha_opt));
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
