//! A side's own past as a covariate: what differed before the deployment was not the canary's doing.

/// A location with its standard error, on Student's t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Located {
    /// The estimate: a mean log ratio, canary over baseline.
    pub estimate: f64,
    /// Its standard error over time.
    pub error: f64,
    /// Degrees of freedom of the error.
    pub degrees: f64,
}

/// A location freed of what was there before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Adjusted {
    /// The adjusted location with its error.
    pub located: Located,
    /// How much of the earlier location was subtracted: 0 to 1.
    pub coefficient: f64,
}

/// Subtracts from the log ratio `after` a deployment a share of the one `before` it (CUPED: Deng, Xu,
/// Kohavi & Walker 2013; at a share of 1 the difference in differences).
///
/// Both hold what always differs between the sides, with mean zero over the choice of machines and variance
/// τ², `persistent_variance`; each has its own error over time. The error of `after - β before` about the
/// effect has the variance e₁² + (1-β)² τ² + β² e₀², least at β = τ² / (τ² + e₀²): e₁² + β e₀². That is never
/// more than e₁² + τ², what it is without a past. Where τ² is unknown (`None`) all is subtracted, which is
/// right for any τ. Degrees by Satterthwaite (1946), at least 1.
///
/// The two windows must not overlap, and their errors are taken for independent. Values that are not
/// finite or negative variances: `None`.
#[must_use]
pub fn adjust_by_past(after: Located, before: Located, persistent_variance: Option<f64>) -> Option<Adjusted> {
    let coefficient = coefficient(before.error, persistent_variance)?;
    let variance = after.error * after.error + coefficient * before.error * before.error;
    let valid = [after.error, before.error, after.degrees, before.degrees].iter().all(|value| *value >= 0.0);
    let estimate = after.estimate - coefficient * before.estimate;
    if !valid || !estimate.is_finite() || !variance.is_finite() {
        return None;
    }
    let degrees = degrees(after, before, coefficient);
    Some(Adjusted { located: Located { estimate, error: variance.sqrt(), degrees }, coefficient })
}

fn coefficient(error: f64, persistent_variance: Option<f64>) -> Option<f64> {
    let Some(persistent) = persistent_variance else { return Some(1.0) };
    let valid = persistent >= 0.0 && error.is_finite();
    // An infinite variance between the sides is an unknown one; none, and no error, leave nothing to subtract.
    let share = 1.0 / (1.0 + error * error / persistent);
    valid.then_some(if share.is_nan() { 0.0 } else { share })
}

/// The squared sum of variances over the sum of their squares per degree.
fn degrees(after: Located, before: Located, coefficient: f64) -> f64 {
    // Relative to the larger, so that no square leaves the range.
    let largest = after.error.max(before.error);
    if largest == 0.0 {
        return after.degrees.max(1.0);
    }
    let of_after = (after.error / largest).powi(2);
    let of_before = coefficient * (before.error / largest).powi(2);
    let per_degree = |variance: f64, degrees: f64| if variance == 0.0 { 0.0 } else { variance * variance / degrees };
    let sum = per_degree(of_after, after.degrees) + per_degree(of_before, before.degrees);
    ((of_after + of_before).powi(2) / sum).max(1.0)
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges and small cases are exact")]
mod tests {
    use super::*;

    fn located(estimate: f64, error: f64, degrees: f64) -> Located {
        Located { estimate, error, degrees }
    }

    #[test]
    fn all_is_subtracted_where_the_variance_is_unknown() {
        let found = adjust_by_past(located(0.5, 0.3, 10.0), located(0.2, 0.4, 20.0), None).unwrap();
        // √(0.09 + 0.16); (0.25)² / (0.0081/10 + 0.0256/20).
        assert_eq!((found.located.estimate, found.coefficient), (0.3, 1.0));
        assert!((found.located.error - 0.5).abs() < 1e-15);
        assert!((found.located.degrees - 0.0625 / 0.002_09).abs() < 1e-12);
        assert_eq!(adjust_by_past(located(0.5, 0.3, 10.0), located(0.2, 0.4, 20.0), Some(f64::INFINITY)), Some(found));
    }

    #[test]
    fn nothing_is_subtracted_where_the_sides_never_differ() {
        let after = located(0.5, 0.3, 10.0);
        let found = adjust_by_past(after, located(0.2, 0.4, 20.0), Some(0.0)).unwrap();
        assert_eq!((found.located.estimate, found.coefficient, found.located.error), (0.5, 0.0, 0.3));
        assert!((found.located.degrees - 10.0).abs() < 1e-12);
    }

    #[test]
    fn the_coefficient_has_the_least_variance() {
        // τ² = e₀² = 0.04: half. Variance 0.01 + 0.02, and more at any other share of the past.
        let found = adjust_by_past(located(0.0, 0.1, 9.0), located(1.0, 0.2, 9.0), Some(0.04)).unwrap();
        let variance = |share: f64| 0.01 + (1.0 - share).powi(2) * 0.04 + share * share * 0.04;
        assert!((found.coefficient - 0.5).abs() < 1e-15);
        assert!((found.located.error.powi(2) - variance(0.5)).abs() < 1e-15);
        assert!((0..=10).all(|tenth| variance(f64::from(tenth) / 10.0) >= variance(0.5)));
    }

    #[test]
    fn edges() {
        let certain = located(0.1, 0.0, 5.0);
        let both = adjust_by_past(certain, located(0.1, 0.0, 3.0), None).unwrap();
        assert_eq!((both.located.estimate, both.located.error, both.located.degrees), (0.0, 0.0, 5.0));
        assert_eq!(adjust_by_past(certain, certain, Some(0.0)).unwrap().coefficient, 0.0);
        assert_eq!(adjust_by_past(certain, located(f64::NAN, 1.0, 1.0), None), None);
        assert_eq!(adjust_by_past(certain, located(0.0, f64::NAN, 1.0), None), None);
        assert_eq!(adjust_by_past(certain, certain, Some(-1.0)), None);
        // Fewer than one degree count as one.
        let few = adjust_by_past(located(0.0, 1.0, 0.5), located(0.0, 1.0, 0.5), None).unwrap();
        assert_eq!(few.located.degrees, 1.0);
    }
}
