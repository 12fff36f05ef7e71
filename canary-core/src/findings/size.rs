//! How large a change is from its onset on.

use super::deviation::{Deviations, Scale};
use crate::report::{Interval, Size};
use crate::stats::{huber_location, huber_scores, long_run, power_of_two_scale, sign_flips, student_quantile};

/// The level of the interval of a finding's size.
const LEVEL: f64 = 0.95;

/// Canary over baseline of one member from its onset on: the ratio and its interval.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Shift {
    pub(crate) ratio: f64,
    pub(crate) lower: f64,
    pub(crate) upper: f64,
}

/// The ratio of one member from tick `onset` on, with the interval that leaves `alpha`, half on each side; the
/// judge's own methods on what is left of the series: Huber's location with its long-run error on Student's t, and
/// block sign flips where logarithms do not exist. `None` without a value.
pub(crate) fn shift(deviations: &Deviations, onset: usize, alpha: f64) -> Option<Shift> {
    if let Scale::Roots(magnitudes) = &deviations.scale {
        let mut seen: Vec<(f64, f64)> =
            magnitudes.iter().skip(onset).filter(|(b, c)| !b.is_nan() && !c.is_nan()).copied().collect();
        if seen.iter().all(|(b, c)| *b == 0.0 && *c == 0.0) {
            return None;
        }
        // What is left may be far below the rest.
        let unit = power_of_two_scale(seen.iter().flat_map(|(b, c)| [b, c]));
        for (baseline, canary) in &mut seen {
            (*baseline, *canary) = (*baseline * unit, *canary * unit);
        }
        let flips = sign_flips(&seen);
        let (lower, upper) = flips.interval(alpha);
        return Some(Shift { ratio: flips.ratio, lower, upper });
    }
    let values: Vec<f64> = deviations.values.iter().skip(onset).filter(|value| !value.is_nan()).copied().collect();
    let found = location(&values)?;
    let margin = student_quantile(alpha / 2.0, found.degrees) * found.error.hypot(deviations.past_error);
    let margin = if margin.is_nan() { 0.0 } else { margin };
    let ratio = |location: f64| match deviations.scale {
        // As the judge has it: m + d/2 over m − d/2.
        Scale::Difference if location >= 2.0 => f64::INFINITY,
        Scale::Difference if location <= -2.0 => 0.0,
        Scale::Difference => (2.0 + location) / (2.0 - location),
        Scale::LogRatio | Scale::Roots(_) => location.exp(),
    };
    let at = found.at;
    Some(Shift { ratio: ratio(at), lower: ratio(at - margin), upper: ratio(at + margin) })
}

/// Huber's location with its long-run standard error.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Location {
    pub(crate) at: f64,
    pub(crate) error: f64,
    pub(crate) degrees: f64,
}

/// `None` without a value, or where most are infinite. Cost: that of the long-run variance.
pub(crate) fn location(values: &[f64]) -> Option<Location> {
    let found = huber_location(values, &mut Vec::new())?;
    if found.scale <= 0.0 {
        return Some(Location { at: found.location, error: 0.0, degrees: values.len() as f64 });
    }
    let mut scores = Vec::new();
    huber_scores(values, &found, &mut scores);
    let spread = long_run(&scores);
    let count = scores.len() as f64;
    let error = found.scale * (spread.variance / count).sqrt() * count / found.inliers.max(1) as f64;
    Some(Location { at: found.location, error, degrees: spread.degrees })
}

/// Which part of the chance each of `members` intervals may spend.
pub(crate) fn part_of(members: usize) -> f64 {
    (1.0 - LEVEL) / members.max(1) as f64
}

/// The median factor over the members, and its interval: from the median of the lower ends to the median of the upper
/// ones. With each member's interval at 1 − α/k all of them hold at once in 1 − α of all runs, whatever they have in
/// common (Bonferroni), and then the median of the true factors lies between the two medians.
pub(crate) fn size(shifts: &[Shift]) -> Size {
    let factors: Vec<Shift> = shifts.iter().map(factor).collect();
    let over = |end: fn(&Shift) -> f64| {
        let mut ends: Vec<f64> = factors.iter().map(end).collect();
        ends.sort_unstable_by(f64::total_cmp);
        middle(&ends).filter(|value| value.is_finite())
    };
    let interval = Interval { level: LEVEL, lower: over(|shift| shift.lower), upper: over(|shift| shift.upper) };
    let known = interval.lower.is_some();
    Size { factor: over(|shift| shift.ratio), interval: known.then_some(interval) }
}

/// The factor of a ratio, whatever its direction, 1 or more.
fn factor(shift: &Shift) -> Shift {
    let Shift { ratio, lower, upper } = *shift;
    if ratio >= 1.0 {
        return Shift { ratio, lower: lower.max(1.0), upper: upper.max(1.0) };
    }
    Shift { ratio: 1.0 / ratio, lower: (1.0 / upper).max(1.0), upper: (1.0 / lower).max(1.0) }
}

/// The median; of an even number the mean of the two in the middle, infinite where one of them is.
fn middle(sorted: &[f64]) -> Option<f64> {
    let half = sorted.len() / 2;
    let upper = *sorted.get(half)?;
    if sorted.len() % 2 == 1 { Some(upper) } else { Some(f64::midpoint(*sorted.get(half.checked_sub(1)?)?, upper)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(ratio: f64, lower: f64, upper: f64) -> Shift {
        Shift { ratio, lower, upper }
    }

    #[test]
    fn a_factor_has_no_direction() {
        let found = size(&[all(2.0, 1.6, 2.5), all(0.5, 0.4, 0.625), all(4.0, 3.0, 5.0)]);
        assert_eq!(found.factor, Some(2.0));
        assert_eq!(found.interval, Some(Interval { level: LEVEL, lower: Some(1.6), upper: Some(2.5) }));
        // Two in the middle; an end on the other side of 1 is no change.
        let found = size(&[all(1.2, 0.9, 1.5), all(1.4, 1.1, 1.7)]);
        assert_eq!(found.factor, Some(f64::midpoint(1.2, 1.4)));
        assert_eq!(found.interval.and_then(|ends| ends.lower), Some(f64::midpoint(1.0, 1.1)));
    }

    #[test]
    fn what_is_infinite_is_not_told() {
        let gone = all(0.0, 0.0, 0.0);
        assert_eq!(size(&[gone]), Size { factor: None, interval: None });
        assert_eq!(size(&[gone, all(2.0, 1.5, 3.0), all(2.0, 1.5, 3.0)]).factor, Some(2.0));
        assert_eq!(size(&[]), Size { factor: None, interval: None });
    }

    /// The definition of its level: with every interval holding its truth, the medians hold the median.
    #[test]
    fn the_medians_of_the_ends_hold_the_median() {
        for seed in 0..200_u32 {
            let draw = |place: u32| f64::from((seed * 31 + place * 17) * 7919 % 1009) / 1009.0;
            let truths: Vec<f64> = (0..7).map(|place| 1.0 + 3.0 * draw(place)).collect();
            let shift = |(place, truth): (u32, &f64)| {
                let (below, above) = (draw(place + 20), draw(place + 40));
                all(*truth, (truth - below).max(1.0), truth + above)
            };
            let shifts: Vec<Shift> = (0..).zip(&truths).map(shift).collect();
            let mut sorted = truths.clone();
            sorted.sort_by(f64::total_cmp);
            let interval = size(&shifts).interval.unwrap();
            assert!(interval.lower.unwrap() <= sorted[3] && sorted[3] <= interval.upper.unwrap());
        }
    }
}
