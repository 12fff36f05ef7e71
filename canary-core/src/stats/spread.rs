//! Do the sides spread alike? Tests on distances from the medians.

use super::describe::Moments;
use super::describe::power_of_two_scale;
use super::sample::{StatisticError, TwoSamples};
use super::tails::{normal_quantile, normal_sf, student_sf};

/// A test of equal spreads.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SpreadTest {
    /// F, or a chi-squared with one degree of freedom: 0 for equal spreads; infinite where the sides'
    /// distances differ and each side's do not vary.
    pub statistic: f64,
    /// The two-sided p-value.
    pub p_value: f64,
}

/// Brown & Forsythe's (1974) test: analysis of variance of the distances from each side's median, as
/// R's `car::leveneTest` and `scipy.stats.levene(center="median")`.
///
/// Assumes independent values. Unlike R it answers where the squares leave the range of doubles. At
/// least three values in all. Cost: O(n log n).
pub fn brown_forsythe(sides: &TwoSamples) -> Result<SpreadTest, StatisticError> {
    let total = enough(sides)?;
    let (baseline, canary) = (sides.baseline.deviations(), sides.canary.deviations());
    let scale = power_of_two_scale(baseline.values().iter().chain(canary.values()));
    let (baseline, canary) = (Moments::of(baseline.values(), scale), Moments::of(canary.values(), scale));
    // One value has no variance, and no degree of freedom to count it with.
    let squares = |side: Moments| if side.count > 1.0 { side.variance * (side.count - 1.0) } else { 0.0 };
    let within = (squares(baseline) + squares(canary)) / (total - 2.0);
    let between = (canary.mean - baseline.mean).powi(2) / (1.0 / baseline.count + 1.0 / canary.count);
    let statistic = if between == 0.0 { 0.0 } else { between / within };
    // F with one degree of freedom is the square of Student's t.
    Ok(SpreadTest { statistic, p_value: (2.0 * student_sf(statistic.sqrt(), total - 2.0)).min(1.0) })
}

/// The test of Fligner & Killeen (1976) on normal scores of the distances from each side's median (Conover,
/// Johnson & Johnson 1981), as R's `fligner.test`: robust where [`brown_forsythe`] is not.
///
/// Assumes independent values. Ties share their mean rank. At least three values in all. Cost: O(n log n).
pub fn fligner_killeen(sides: &TwoSamples) -> Result<SpreadTest, StatisticError> {
    let total = enough(sides)?;
    let deviations = TwoSamples { baseline: sides.baseline.deviations(), canary: sides.canary.deviations() };
    let mut below = 0.0;
    let scored: Vec<(f64, f64, f64)> = deviations
        .groups()
        .map(|group| {
            let mean_rank = below + f64::midpoint(group.size() as f64, 1.0);
            below += group.size() as f64;
            (normal_quantile(0.5 + mean_rank / (total + 1.0) / 2.0), group.baseline as f64, group.canary as f64)
        })
        .collect();
    let mean = scored.iter().map(|(score, baseline, canary)| score * (baseline + canary)).sum::<f64>() / total;
    let excess =
        |side: fn(&(f64, f64, f64)) -> f64| -> f64 { scored.iter().map(|group| (group.0 - mean) * side(group)).sum() };
    let between = excess(|group| group.1).powi(2) / sides.baseline.count()
        + excess(|group| group.2).powi(2) / sides.canary.count();
    let squares: f64 =
        scored.iter().map(|(score, baseline, canary)| (score - mean).powi(2) * (baseline + canary)).sum();
    // One group: every distance is the same, and rounding is not evidence.
    let statistic = if scored.len() > 1 { between / (squares / (total - 1.0)) } else { 0.0 };
    // Chi-squared with one degree of freedom is the square of a normal.
    Ok(SpreadTest { statistic, p_value: (2.0 * normal_sf(statistic.sqrt())).min(1.0) })
}

/// The number of values, where it leaves a degree of freedom.
fn enough(sides: &TwoSamples) -> Result<f64, StatisticError> {
    let total = sides.total();
    if total >= 3 { Ok(total as f64) } else { Err(StatisticError::TooFew { found: total, expected: 3 }) }
}

#[cfg(test)]
#[allow(clippy::float_cmp, reason = "edges are exact")]
mod tests {
    use super::*;
    use crate::stats::Sample;

    #[test]
    fn constants_spread_alike() {
        let constant =
            TwoSamples { baseline: Sample::new(&[0.1; 3]).unwrap(), canary: Sample::new(&[0.7; 4]).unwrap() };
        for test in [brown_forsythe, fligner_killeen] {
            assert_eq!(test(&constant), Ok(SpreadTest { statistic: 0.0, p_value: 1.0 }));
        }
    }

    #[test]
    fn two_values_leave_no_degree_of_freedom() {
        let two = TwoSamples { baseline: Sample::new(&[1.0]).unwrap(), canary: Sample::new(&[2.0]).unwrap() };
        assert_eq!(brown_forsythe(&two), Err(StatisticError::TooFew { found: 2, expected: 3 }));
    }
}
