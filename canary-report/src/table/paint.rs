//! Colour. It is never the only sign: every coloured word says the same without.

use canary_core::report::{State, Verdict};

/// A colour of the terminal's own palette.
#[derive(Clone, Copy)]
pub(crate) enum Paint {
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Dim,
}

impl Paint {
    pub(super) fn of_verdict(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Pass => Self::Green,
            Verdict::Marginal => Self::Yellow,
            Verdict::Fail => Self::Red,
            Verdict::Inconclusive => Self::Magenta,
        }
    }

    pub(super) fn of_state(state: State, counts_against: bool) -> Self {
        match state {
            State::Hot if counts_against => Self::Red,
            State::Cold if counts_against => Self::Blue,
            State::NoData => Self::Magenta,
            State::Hot | State::Cold | State::Ok => Self::Dim,
        }
    }

    /// The SGR parameters.
    fn code(self) -> &'static str {
        match self {
            Self::Red => "1;31",
            Self::Green => "1;32",
            Self::Yellow => "1;33",
            Self::Blue => "1;34",
            Self::Magenta => "1;35",
            Self::Dim => "2",
        }
    }

    /// The line with the text that it starts with in this colour.
    pub(super) fn start_of(self, line: &str, start: &str) -> String {
        match line.strip_prefix(start) {
            Some(rest) if !start.is_empty() => format!("\u{1b}[{}m{start}\u{1b}[0m{rest}", self.code()),
            _ => line.to_owned(),
        }
    }
}
