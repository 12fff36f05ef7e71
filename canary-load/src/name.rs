//! The intended load as file and scenario names say it: `step_00_rps_40.json`, `40rps.txt`, `conc-16`.

use canary_core::squeeze::Load;

/// Words before or after a rate.
const RATE_WORDS: &[&str] = &["rps", "qps", "rate"];
/// Words before or after a number of clients.
const CLIENT_WORDS: &[&str] = &["conc", "concurrency", "connections", "conns", "clients", "users", "vus"];

/// What a name says.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Named {
    /// Requests a second.
    pub(crate) rate: Option<f64>,
    /// Clients.
    pub(crate) clients: Option<u64>,
}

impl Named {
    /// Of a name without its suffix.
    pub(crate) fn of(name: &str) -> Self {
        let words = words(name);
        let rate = beside(&words, RATE_WORDS).filter(|rate| *rate > 0.0 && rate.is_finite());
        let clients = beside(&words, CLIENT_WORDS).and_then(crate::bounded::count).filter(|clients| *clients > 0);
        Self { rate, clients }
    }

    /// The load; a rate wins, as a rate limit goes with a number of connections.
    pub(crate) fn load(self) -> Option<Load> {
        let open = self.rate.map(|rate| Load::Open { rate });
        open.or_else(|| self.clients.map(|clients| Load::Closed { clients }))
    }
}

/// The number beside one of the words, behind it where numbers stand on both sides.
fn beside(words: &[Word], wanted: &[&str]) -> Option<f64> {
    let number = |at: Option<usize>| match words.get(at?) {
        Some(Word::Number(number)) => Some(*number),
        _ => None,
    };
    let is_wanted = |word: &Word| matches!(word, Word::Text(text) if wanted.contains(&text.as_str()));
    let at = words.iter().position(is_wanted)?;
    number(at.checked_add(1)).or_else(|| number(at.checked_sub(1)))
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    Text(String),
    Number(f64),
}

/// Runs of letters and of digits; a point between digits is of the number.
fn words(name: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let digits = first.is_ascii_digit();
        let belongs = |character: char| {
            if digits { character.is_ascii_digit() || character == '.' } else { character.is_alphabetic() }
        };
        let end = rest.find(|character: char| !belongs(character)).unwrap_or(rest.len()).max(first.len_utf8());
        let (word, after) = rest.split_at(end);
        if digits {
            words.extend(word.trim_end_matches('.').parse().ok().map(Word::Number));
        } else if first.is_alphabetic() {
            words.push(Word::Text(word.to_lowercase()));
        }
        rest = after;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::Named;

    #[test]
    fn loads_as_names_say_them() {
        for (name, rate, clients) in [
            ("step_00_rps_40", Some(40.0), None),
            ("40rps", Some(40.0), None),
            ("rate-12.5", Some(12.5), None),
            ("run2_qps300_conns64", Some(300.0), Some(64)),
            ("step_03_conc_4", None, Some(4)),
            ("c16-clients", None, Some(16)),
            ("report", None, None),
            ("step_2", None, None),
            ("rps", None, None),
            ("rps_0", None, None),
            ("ünïcode_rps_7", Some(7.0), None),
            ("", None, None),
        ] {
            let found = Named::of(name);
            assert_eq!((found.rate, found.clients), (rate, clients), "{name}");
        }
    }
}
