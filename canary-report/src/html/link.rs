//! Links to a place in the page: `#metric=…&region=…`.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// As JavaScript's `encodeURIComponent`, and its four quotes and brackets too.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// To a metric in a region.
pub(super) fn metric(name: &str, region: Option<&str>) -> String {
    let region = region.map(|region| format!("&region={}", encoded(region))).unwrap_or_default();
    format!("#metric={}{region}", encoded(name))
}

/// To the table of all metrics, filtered by one key.
pub(super) fn details(key: &str, value: &str) -> String {
    format!("#tab=details&{key}={}", encoded(value))
}

fn encoded(text: &str) -> impl std::fmt::Display {
    utf8_percent_encode(text, COMPONENT)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_means_something_in_a_link_is_encoded() {
        assert_eq!(super::metric("a&b=c#d \"'<é", Some("x y")), "#metric=a%26b%3Dc%23d%20%22%27%3C%C3%A9&region=x%20y");
        assert_eq!(super::metric("", None), "#metric=");
    }
}
