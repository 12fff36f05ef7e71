//! What a status code says of a request.

use std::collections::BTreeMap;

use canary_core::squeeze::{ErrorCounts, Outcome};

/// The outcome of a reply with this status. Redirects are good; 1xx and what is no status are other errors.
pub(crate) fn outcome(status: u16) -> Outcome {
    match status {
        200..=399 => Outcome::Ok,
        429 | 503 => Outcome::Rejected,
        400..=499 => Outcome::Client,
        500..=599 => Outcome::Server,
        _ => Outcome::Other,
    }
}

/// The code in a field; `None` for anything but digits.
pub(crate) fn code(field: &[u8]) -> Option<u16> {
    let digit = |code: u16, byte: &u8| match byte {
        b'0'..=b'9' => code.checked_mul(10)?.checked_add(u16::from(byte - b'0')),
        _ => None,
    };
    field.iter().try_fold(0, digit).filter(|_| !field.is_empty())
}

/// The outcome of a request that got no reply, from the tool's words for it.
pub(crate) fn failure(words: &str) -> Outcome {
    let words = words.to_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
    if has(&["timeout", "timed out", "deadline exceeded"]) {
        Outcome::Timeout
    } else if has(&["refused", "reset", "broken pipe", "eof", "closed", "connect", "dial"]) {
        Outcome::Connection
    } else {
        Outcome::Other
    }
}

/// Adds `count` requests of this outcome; good and unfinished ones are no errors.
pub(crate) fn add(errors: &mut ErrorCounts, outcome: Outcome, count: u64) {
    let class = match outcome {
        Outcome::Ok | Outcome::Unfinished => return,
        Outcome::Rejected => &mut errors.rejected,
        Outcome::Server => &mut errors.server,
        Outcome::Client => &mut errors.client,
        Outcome::Timeout => &mut errors.timeout,
        Outcome::Connection => &mut errors.connection,
        Outcome::Other => &mut errors.other,
    };
    *class = class.saturating_add(count);
}

/// Good replies and errors of a map from status to count; a key that is no status counts as an error.
pub(crate) fn tally(statuses: &BTreeMap<String, u64>) -> (u64, ErrorCounts) {
    let mut ok = 0_u64;
    let mut errors = ErrorCounts::default();
    for (status, &count) in statuses {
        match status.parse().map_or(Outcome::Other, outcome) {
            Outcome::Ok => ok = ok.saturating_add(count),
            bad => add(&mut errors, bad, count),
        }
    }
    (ok, errors)
}
