//! Lengths of time as tools write them for people: `12.45ms`, `265.768µs`, `1m2.5s`.

/// Milliseconds; `None` for anything else, a bare number included.
pub(crate) fn milliseconds(text: &str) -> Option<f64> {
    let mut rest = text.trim();
    let mut sum = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|character: char| !(character.is_ascii_digit() || character == '.'))?;
        let (number, after) = rest.split_at(digits);
        let unit = after.find(|character: char| character.is_ascii_digit()).unwrap_or(after.len());
        let (unit, after) = after.split_at(unit);
        sum += number.parse::<f64>().ok()? * in_ms(unit)?;
        rest = after;
    }
    sum.is_finite().then_some(sum)
}

fn in_ms(unit: &str) -> Option<f64> {
    Some(match unit {
        "ns" => 1e-6,
        "us" | "µs" | "μs" => 1e-3,
        "ms" => 1.0,
        "s" => 1e3,
        "m" => 6e4,
        "h" => 3.6e6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::milliseconds;

    #[test]
    fn lengths_of_go_and_of_wrk() {
        for (text, expected) in [
            ("265.768µs", Some(0.265_768)),
            ("662.228ms", Some(662.228)),
            ("1.019s", Some(1019.0)),
            ("1m2.5s", Some(62_500.0)),
            ("1.02m", Some(61_200.0)),
            ("90us", Some(0.09)),
            ("0s", Some(0.0)),
            ("12", None),
            ("", None),
            ("ms", None),
            ("1.2.3s", None),
            ("-nan", None),
            ("3 parsecs", None),
        ] {
            let found = milliseconds(text);
            assert_eq!(found.is_some(), expected.is_some(), "{text}");
            // A rounding of the last bit by the product.
            assert!((found.unwrap_or_default() - expected.unwrap_or_default()).abs() < 1e-9, "{text}: {found:?}");
        }
    }
}
