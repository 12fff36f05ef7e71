//! The page's own script and style, and the policy that lets them and nothing else run.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

/// Built from `web/`; `web/check` proves that it is fresh.
pub(super) const SCRIPT: &str = include_str!("assets/report.js");
/// Built from `web/`.
pub(super) const STYLE: &str = include_str!("assets/report.css");

/// The page's content security policy: the script and the style above, by their hashes; no request, no form, no
/// other base. Markup is never made from text (`require-trusted-types-for`).
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; script-src '{}'; style-src '{}'; img-src data:; base-uri 'none'; form-action 'none'; \
         require-trusted-types-for 'script'; trusted-types 'none'",
        source_hash(SCRIPT),
        source_hash(STYLE)
    )
}

/// A hash as a policy names it. It is of the bytes between the tags, so the template adds none.
fn source_hash(source: &str) -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(source.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::{SCRIPT, STYLE, source_hash};

    /// From FIPS 180-2, appendix B.1, in base64 by coreutils.
    #[test]
    fn hashes_are_sha256_in_base64() {
        assert_eq!(source_hash("abc"), "sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=");
    }

    /// A hash holds for the very bytes of an element, which end at its closing tag; browsers read CRLF as LF.
    #[test]
    fn nothing_ends_them_early() {
        for text in [SCRIPT, STYLE] {
            let lower = text.to_lowercase();
            assert!(!["</script", "</style", "<!--", "\r"].iter().any(|end| lower.contains(end)));
        }
    }
}
