//! What looks may be planned.

use super::function::Spending;

/// More looks cost seconds, and gain nothing over fewer.
pub const MOST_LOOKS: usize = 256;
/// Looks that add less than this share of the information would need a finer integration.
const LEAST_STEP: f64 = 1e-4;
/// Beyond it everything is spent at the first look, or at the last.
const STEEPEST: f64 = 100.0;

/// Why looks cannot be planned.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LooksError {
    /// No error rate.
    #[error("alpha: found {found}, expected 0 < alpha < 1")]
    Alpha {
        /// The alpha.
        found: f64,
    },
    /// No spending function.
    #[error("gamma: found {found}, expected -100 to 100")]
    Gamma {
        /// The gamma.
        found: f64,
    },
    /// Fractions stay or fall, are not positive, or are too close together.
    #[error(
        "fractions must increase: found {found} after {previous} at look {look}, \
         expected at least 0.01 % more, from above 0"
    )]
    Order {
        /// From 1.
        look: usize,
        /// The fraction before; 0 at the first look.
        previous: f64,
        /// The fraction.
        found: f64,
    },
    /// Too many looks.
    #[error("found {found} looks, expected {MOST_LOOKS} or fewer")]
    Count {
        /// The number of fractions.
        found: usize,
    },
}

pub(super) fn check(spending: Spending, fractions: &[f64]) -> Result<(), LooksError> {
    if let Spending::HwangShihDeCani { gamma } = spending
        && !(-STEEPEST..=STEEPEST).contains(&gamma)
    {
        return Err(LooksError::Gamma { found: gamma });
    }
    if fractions.len() > MOST_LOOKS {
        return Err(LooksError::Count { found: fractions.len() });
    }
    let mut previous = 0.0;
    for (index, &found) in fractions.iter().enumerate() {
        let increases = found.is_finite() && found > 0.0 && (found - previous) / found >= LEAST_STEP;
        if !increases {
            return Err(LooksError::Order { look: index + 1, previous, found });
        }
        previous = found;
    }
    Ok(())
}
