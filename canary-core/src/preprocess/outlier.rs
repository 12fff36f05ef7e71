//! Outliers: Tukey's far-out fences.

use crate::stats::quantile;

/// Far out is beyond three interquartile ranges from the quartiles (Tukey 1977).
const FAR_OUT: f64 = 3.0;

/// Takes values outside the far-out fences away; answers how many. Where more than half of the values
/// are tied the fences have no width and would drop everything else, so nothing is dropped.
pub(super) fn drop_far_out(series: &mut [f64], scratch: &mut Vec<f64>) -> u64 {
    scratch.clear();
    scratch.extend(series.iter().filter(|value| !value.is_nan()));
    let (Some(lower), Some(upper)) = (quantile(scratch, 0.25), quantile(scratch, 0.75)) else { return 0 };
    let range = upper - lower;
    if range <= 0.0 {
        return 0;
    }
    let fences = lower - FAR_OUT * range..=upper + FAR_OUT * range;
    let mut dropped = 0;
    for value in series.iter_mut().filter(|value| !value.is_nan()) {
        if !fences.contains(value) {
            *value = f64::NAN;
            dropped += 1;
        }
    }
    dropped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drops_what_is_far_out_and_nothing_where_the_fences_collapse() {
        let mut series: Vec<f64> = (0..20).map(f64::from).collect();
        series.push(1000.0);
        assert_eq!(drop_far_out(&mut series, &mut Vec::new()), 1);
        assert!(series[20].is_nan());
        let mut tied = [1.0, 1.0, 1.0, 1.0, 50.0];
        assert_eq!(drop_far_out(&mut tied, &mut Vec::new()), 0);
    }
}
