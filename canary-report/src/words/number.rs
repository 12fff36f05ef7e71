//! Numbers as text: rounded, and never so that they contradict what was decided.

use canary_core::config::Thresholds;

/// Significant digits of a measured number.
const DIGITS: usize = 4;
/// Digits that tell every two doubles apart.
const ALL_DIGITS: usize = 17;
/// Powers of ten outside this range are written in scientific notation.
const PLAIN_EXPONENTS: std::ops::Range<i32> = -4..6;

/// A measured number: four significant digits, whole numbers as they are.
#[must_use]
pub fn number(value: f64) -> String {
    let text = exact(value);
    if text.len() <= DIGITS || (value.fract() == 0.0 && !text.contains('e')) {
        return text;
    }
    significant(value, DIGITS)
}

/// A number that someone wrote, such as a bound: every digit.
#[must_use]
pub fn exact(value: f64) -> String {
    let scientific = format!("{value:e}");
    let is_plain = exponent(&scientific).is_none_or(|exponent| PLAIN_EXPONENTS.contains(&exponent));
    if value == 0.0 {
        "0".to_owned()
    } else if is_plain {
        value.to_string()
    } else {
        scientific
    }
}

/// A number that was held against `fences`: four significant digits, and as many more as it takes to
/// stand on the same side of each fence as the number itself.
#[must_use]
pub fn beside(value: f64, fences: &[f64]) -> String {
    (DIGITS..=ALL_DIGITS)
        .map(|digits| significant(value, digits))
        .find(|text| same_sides(text, value, fences))
        .unwrap_or_else(|| exact(value))
}

/// A share as a percentage.
#[must_use]
pub fn percent(share: f64) -> String {
    let text = significant(share * 100.0, DIGITS);
    format!("{} %", without_trailing_zeros(&text))
}

/// A share as a percentage that stands on the same side of `limit` as the share itself.
#[must_use]
pub fn percent_beside(share: f64, limit: f64) -> String {
    let text = beside(share * 100.0, &[limit * 100.0]);
    format!("{} %", without_trailing_zeros(&text))
}

/// A score, rounded down to one decimal, or to as many as the thresholds have: so it reads as above or
/// below each threshold exactly when it is. `-` where there is none.
#[must_use]
pub fn score(score: Option<f64>, thresholds: Thresholds) -> String {
    let decimals = [thresholds.pass(), thresholds.marginal()].map(decimals).into_iter().fold(1, usize::max);
    score.map_or_else(|| "-".to_owned(), |score| floored(score, decimals))
}

/// Rounded down in the decimals that the number is written with, not in binary: 86.1 stays 86.1.
fn floored(value: f64, decimals: usize) -> String {
    // Display never uses an exponent and is the shortest text that reads back as the number.
    let text = value.to_string();
    let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
    let kept: String = fraction.chars().chain(std::iter::repeat('0')).take(decimals).collect();
    format!("{whole}.{kept}")
}

fn decimals(value: f64) -> usize {
    value.to_string().split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

fn significant(value: f64, digits: usize) -> String {
    let last = digits.saturating_sub(1);
    let scientific = format!("{value:.last$e}");
    match exponent(&scientific) {
        _ if value == 0.0 => "0".to_owned(),
        Some(exponent) if PLAIN_EXPONENTS.contains(&exponent) => {
            let last = i32::try_from(last).unwrap_or(i32::MAX);
            let decimals = usize::try_from(last.saturating_sub(exponent)).unwrap_or(0);
            format!("{value:.decimals$}")
        }
        _ => scientific,
    }
}

/// The power of ten of a number in scientific notation; `None` for infinities and NaN.
fn exponent(scientific: &str) -> Option<i32> {
    scientific.split_once('e').and_then(|(_, exponent)| exponent.parse().ok())
}

fn same_sides(text: &str, value: f64, fences: &[f64]) -> bool {
    text.parse::<f64>()
        .is_ok_and(|shown| fences.iter().all(|fence| shown.partial_cmp(fence) == value.partial_cmp(fence)))
}

fn without_trailing_zeros(text: &str) -> &str {
    if text.contains('.') && !text.contains('e') { text.trim_end_matches('0').trim_end_matches('.') } else { text }
}

#[cfg(test)]
mod tests {
    use canary_core::scalar::Score;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn four_significant_digits() {
        let texts =
            [0.0, 0.383_04, 0.5, 12.0, 1234.567, 999.96, 123_456.7, 1_000_000.0, 2.5e9, 0.000_123_45, 1.23e-7, -5.0]
                .map(number);
        assert_eq!(
            texts,
            ["0", "0.3830", "0.5", "12", "1235", "1000", "123457", "1e6", "2.500e9", "0.0001234", "1.230e-7", "-5"]
        );
    }

    #[test]
    fn a_number_beside_a_fence_stays_on_its_side() {
        assert_eq!(beside(1.200_04, &[0.8, 1.2]), "1.20004");
        assert_eq!(beside(1.2, &[0.8, 1.2]), "1.200");
        assert_eq!(beside(0.799_999_9, &[0.8, 1.2]), "0.7999999");
        assert_eq!(percent_beside(0.200_04, 0.2), "20.004 %");
        assert_eq!(percent_beside(0.99999, 1.0), "99.999 %");
        assert_eq!(percent(0.2), "20 %");
        assert_eq!(percent(0.07), "7 %");
    }

    fn thresholds(pass: f64, marginal: f64) -> Thresholds {
        Thresholds::new(Score::new(pass).unwrap(), Score::new(marginal).unwrap()).unwrap()
    }

    #[test]
    fn scores_are_rounded_down() {
        let texts = [94.96, 86.1, 100.0, 0.0, 74.999_999, 1e-9].map(|x| score(Some(x), thresholds(95.0, 75.0)));
        assert_eq!(texts, ["94.9", "86.1", "100.0", "0.0", "74.9", "0.0"]);
        assert_eq!(score(Some(95.06), thresholds(95.05, 75.0)), "95.06");
        assert_eq!(score(None, thresholds(95.0, 75.0)), "-");
    }

    proptest! {
        #[test]
        fn a_printed_score_stands_on_its_side_of_each_threshold(x in 0.0..=100.0, a in 0.0..=100.0, b in 0.0..=100.0) {
            let thresholds = thresholds(f64::max(a, b), f64::min(a, b));
            let shown: f64 = score(Some(x), thresholds).parse().unwrap();
            prop_assert!(shown <= x);
            prop_assert_eq!(shown >= thresholds.pass(), x >= thresholds.pass());
            prop_assert_eq!(shown >= thresholds.marginal(), x >= thresholds.marginal());
        }
    }
}
