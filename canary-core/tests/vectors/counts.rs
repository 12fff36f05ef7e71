//! Counts, rates and the normal distribution.

use canary_core::stats::{
    Atom, Events, Proportion, RateRatio, TwoProportions, normal_cdf, normal_isf_ln, normal_quantile, normal_sf,
    student_ln_sf, student_sf, t_to_z,
};

use serde_json::Value;
use statrs::function::gamma::{checked_gamma_lr, checked_gamma_ur};

use super::file::{Case, Degenerate, count, number, numbers};

/// The two p-values of a doubled test.
fn doubled(ratio: &RateRatio) -> f64 {
    (2.0 * ratio.p_above(1.0).min(ratio.p_below(1.0))).min(1.0)
}

/// `k` of `n` as a split of events at equal exposure: its odds are the ratio.
fn split(k: f64, n: f64) -> RateRatio {
    let events = |count| Events::new(count, 1.0).unwrap();
    RateRatio::new(events(n - k), events(k)).with_atom(Atom::Whole)
}

fn proportion(successes: &Value, trials: &Value) -> Proportion {
    Proportion::new(successes.as_u64().unwrap(), trials.as_u64().unwrap()).unwrap()
}

impl Case<'_> {
    /// Checks the vector; false where it is none of these.
    pub(crate) fn check_counts(&self) -> bool {
        match self.vector.function.as_str() {
            "normal_cdf" => {
                self.agrees_with(normal_cdf(self.arg("z")));
                self.agrees_with(normal_sf(-self.arg("z")));
            }
            "normal_quantile" => {
                let p = self.arg("p");
                self.agrees_with(normal_quantile(p));
                if p < 0.5 {
                    self.agrees_with(-normal_isf_ln(p.ln()));
                }
            }
            "t_to_z" => self.agrees_with(t_to_z(self.arg("t"), self.arg("df"))),
            "binomial_cdf" => {
                let (k, p) = (self.arg("k"), self.arg("p"));
                self.agrees_with(split(k, self.arg("n")).p_below(p / (1.0 - p)));
            }
            "binomial_ci" => self.check_proportion(),
            "two_proportions" => self.check_two_proportions(),
            "poisson_rate_ratio" => self.check_rate_ratio(),
            // The gamma mixtures take it from this library.
            "gamma_p_regularised" => {
                let (a, x) = (self.arg("a"), self.arg("x"));
                self.agrees_with(checked_gamma_lr(a, x).unwrap());
                self.agrees_with(1.0 - checked_gamma_ur(a, x).unwrap());
            }
            _ => return false,
        }
        true
    }

    /// The two-sided error that the level leaves.
    fn alpha(&self) -> f64 {
        1.0 - self.arg("level")
    }

    fn agrees_in_ends(&self, key: &str, (lower, upper): (f64, f64)) {
        let expected = numbers(&self.vector.expected[key]);
        self.agrees(key, lower, expected[0]);
        self.agrees(key, upper, expected[1]);
    }

    fn check_proportion(&self) {
        let found = proportion(&self.vector.args["k"], &self.vector.args["n"]);
        self.agrees_in_ends("clopper_pearson", found.clopper_pearson(self.alpha()));
        self.agrees_in_ends("wilson", found.wilson(self.alpha()));
        self.agrees_at("p_half", found.p_value(0.5));
    }

    fn check_two_proportions(&self) {
        let args = &self.vector.args;
        let baseline = proportion(&args["k_base"], &args["n_base"]);
        let sides = TwoProportions { baseline, canary: proportion(&args["k_can"], &args["n_can"]) };
        self.agrees_in_ends("newcombe_diff", sides.difference_interval(self.alpha()));
        let found = sides.ratio_interval(self.alpha());
        if self.vector.expected["score_ratio"].is_null() {
            // statsmodels has no interval without successes of the baseline: the root of the score in Python
            // (`scipy.optimize.brentq`), and no upper end.
            assert_eq!(args["k_base"], 0);
            self.agrees("score_ratio", found.0, 0.666_965_934_143_331_7);
            return assert_eq!(found.1, f64::INFINITY);
        }
        self.agrees_in_ends("score_ratio", found);
    }

    fn check_rate_ratio(&self) {
        let events = |count: &str, exposure: &str| Events::new(self.arg(count), self.arg(exposure)).unwrap();
        let half = RateRatio::new(events("x_base", "T_base"), events("x_can", "T_can"));
        let whole = half.with_atom(Atom::Whole);
        let same = |what: &str, found: f64| {
            let expected = number(&self.vector.expected[what]);
            // NaN and infinite are equal to themselves here; else the vector's tolerance.
            if !(found.is_nan() && expected.is_nan() || found == expected) {
                self.agrees(what, found, expected);
            }
        };
        let (lower, upper) = whole.interval(self.alpha());
        same("ratio", half.ratio);
        same("lo", lower);
        same("hi", upper);
        same("p_greater", whole.p_above(1.0));
        same("p_less", whole.p_below(1.0));
        let (of_canary, args) = (&self.vector.args["x_can"], &self.vector.args);
        let exposure = self.arg("T_can") / (self.arg("T_base") + self.arg("T_can"));
        let all = serde_json::json!(count(&args["x_base"]) + count(of_canary));
        same("p_two_sided_minlike", proportion(of_canary, &all).p_value(exposure));
        same("p_two_sided_doubled", doubled(&whole));
        same("p_two_sided_midp", doubled(&half));
    }

    /// The logarithm of the tail against the tail itself, beside the vector of `student_t_sf`.
    pub(crate) fn check_student_in_logarithms(&self) {
        let (t, degrees) = (self.arg("t"), self.arg("df"));
        self.agrees_with(student_ln_sf(t, degrees).exp());
        self.agrees_with(student_sf(t, degrees));
    }
}

impl Degenerate {
    /// Checks the case; false where it is none of these.
    pub(crate) fn check_counts(&self) -> bool {
        let at = |key: &str| number(&self.args[key]);
        match self.function.as_str() {
            "poisson_rate_ratio" => {
                let events = |count: &str, exposure: &str| Events::new(at(count), at(exposure)).unwrap();
                let found = RateRatio::new(events("x_base", "T_base"), events("x_can", "T_can"));
                let ends = (number(&self.expected["lo"]), number(&self.expected["hi"]));
                assert_eq!((found.interval(1.0 - at("level")), doubled(&found)), (ends, number(&self.expected["p"])));
                assert!(found.ratio.is_nan() && number(&self.expected["ratio"]).is_nan());
            }
            "binomial_ci" => {
                let found = proportion(&self.args["k"], &self.args["n"]).clopper_pearson(1.0 - at("level"));
                assert_eq!(vec![found.0, found.1], numbers(&self.expected["clopper_pearson"]));
            }
            _ => return false,
        }
        true
    }
}
