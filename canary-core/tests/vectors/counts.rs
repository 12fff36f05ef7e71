//! Counts, rates and the normal distribution.

use canary_core::stats::{
    Atom, Events, RateRatio, normal_cdf, normal_isf_ln, normal_quantile, normal_sf, student_ln_sf, student_sf, t_to_z,
};

use super::file::{Case, Degenerate, number, numbers};

/// The two p-values of a doubled test.
fn doubled(ratio: &RateRatio) -> f64 {
    (2.0 * ratio.p_above(1.0).min(ratio.p_below(1.0))).min(1.0)
}

/// `k` of `n` as a split of events at equal exposure: its odds are the ratio.
fn split(k: f64, n: f64) -> RateRatio {
    let events = |count| Events::new(count, 1.0).unwrap();
    RateRatio::new(events(n - k), events(k)).with_atom(Atom::Whole)
}

fn share(odds: f64) -> f64 {
    1.0 / (1.0 + 1.0 / odds)
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
            "binomial_ci" => self.check_clopper_pearson(),
            "poisson_rate_ratio" => self.check_rate_ratio(),
            _ => return false,
        }
        true
    }

    fn check_clopper_pearson(&self) {
        let (lower, upper) = split(self.arg("k"), self.arg("n")).interval(self.arg("level"));
        let expected = numbers(&self.vector.expected["clopper_pearson"]);
        self.agrees("lower", share(lower), expected[0]);
        self.agrees("upper", share(upper), expected[1]);
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
        let (lower, upper) = whole.interval(self.arg("level"));
        same("ratio", half.ratio);
        same("lo", lower);
        same("hi", upper);
        same("p_greater", whole.p_above(1.0));
        same("p_less", whole.p_below(1.0));
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
                assert_eq!((found.interval(at("level")), doubled(&found)), (ends, number(&self.expected["p"])));
                assert!(found.ratio.is_nan() && number(&self.expected["ratio"]).is_nan());
            }
            "binomial_ci" => {
                let (lower, upper) = split(at("k"), at("n")).interval(at("level"));
                assert_eq!(vec![share(lower), share(upper)], numbers(&self.expected["clopper_pearson"]));
            }
            _ => return false,
        }
        true
    }
}
