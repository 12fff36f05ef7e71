//! The distinct texts of a column, found without hashing a row where rows repeat or cycle.

use canary_core::NO_LABEL;
use polars::prelude::{PlHashMap, PolarsDataType, StringChunked, StringType};

/// Views remembered per distinct text, and in any case. A file that stores each row's text anew (CSV, Parquet
/// without dictionary pages) makes a view a row; beyond this many they are not looked up any more.
const VIEWS_PER_TEXT: usize = 4;
const FIRST_VIEWS: usize = 1024;

type Texts = <StringType as PolarsDataType>::Array;

/// A column of text, dictionary-encoded: row `i` holds `texts[codes[i]]`, or nothing at [`NO_LABEL`].
pub(crate) struct Distinct<'a> {
    pub(crate) texts: Vec<&'a str>,
    pub(crate) codes: Vec<u32>,
}

/// Encodes a column, chunk after chunk.
pub(crate) fn distinct(column: &StringChunked) -> Distinct<'_> {
    let mut seen = Seen::default();
    let mut codes = Vec::with_capacity(column.len());
    for (array, chunk) in column.downcast_iter().zip(column.chunks()) {
        seen.by_view.clear();
        seen.views_repeat = true;
        seen.known.iter_mut().for_each(|known| known.view = None);
        let first = codes.len();
        let mut last = None;
        codes.extend(array.views().iter().enumerate().map(|(row, view)| {
            let view = view.as_u128();
            if last != Some(view) {
                seen.last = seen.code(array, row, view);
                last = (seen.last != NO_LABEL).then_some(view);
            }
            seen.last
        }));
        // A null row has some view, which may well be that of a text.
        if let Some(validity) = chunk.validity().filter(|_| chunk.null_count() > 0) {
            let gaps = codes.iter_mut().skip(first).zip(validity.iter()).filter(|(_, valid)| !valid);
            gaps.for_each(|(code, _)| *code = NO_LABEL);
        }
    }
    Distinct { texts: seen.known.iter().map(|known| known.text).collect(), codes }
}

/// A text, a view that stands for it in the current chunk, and the code that followed it last time.
struct Known<'a> {
    text: &'a str,
    view: Option<u128>,
    next: u32,
}

/// Equal views of one chunk are equal texts: short texts lie in the view, long ones at the address it
/// holds. Unequal views may still be equal texts, so the text decides in the end.
#[derive(Default)]
struct Seen<'a> {
    known: Vec<Known<'a>>,
    by_view: PlHashMap<u128, u32>,
    by_text: PlHashMap<&'a str, u32>,
    last: u32,
    /// Whether the current chunk has few enough views for looking them up to pay.
    views_repeat: bool,
}

impl<'a> Seen<'a> {
    /// The code of a row, tried first as the one that followed the row before it last time.
    #[inline]
    fn code(&mut self, array: &'a Texts, row: usize, view: u128) -> u32 {
        let next = self.known.get(self.last as usize).map_or(NO_LABEL, |last| last.next);
        if self.known.get(next as usize).is_some_and(|known| known.view == Some(view)) {
            return next;
        }
        let code = self.find(array, row, view);
        if let Some(last) = self.known.get_mut(self.last as usize) {
            last.next = code;
        }
        code
    }

    fn find(&mut self, array: &'a Texts, row: usize, view: u128) -> u32 {
        if self.views_repeat
            && let Some(&code) = self.by_view.get(&view)
        {
            return code;
        }
        let Some(text) = array.get(row) else { return NO_LABEL };
        let code = self.guess(text).unwrap_or_else(|| self.code_of(text));
        if self.views_repeat {
            self.remember(view, code);
        }
        code
    }

    fn remember(&mut self, view: u128, code: u32) {
        if let Some(known) = self.known.get_mut(code as usize) {
            known.view.get_or_insert(view);
        }
        self.by_view.insert(view, code);
        self.views_repeat = self.by_view.len() < FIRST_VIEWS + VIEWS_PER_TEXT * self.known.len();
    }

    /// The row before, or what followed it last time: a comparison is cheaper than a hash.
    fn guess(&self, text: &str) -> Option<u32> {
        let last = self.known.get(self.last as usize)?;
        if last.text == text {
            return Some(self.last);
        }
        self.known.get(last.next as usize).filter(|known| known.text == text).map(|_| last.next)
    }

    fn code_of(&mut self, text: &'a str) -> u32 {
        // A chunk has fewer than 2^32 rows, as polars indexes them with 32 bits.
        let fresh = u32::try_from(self.known.len()).unwrap_or(NO_LABEL);
        let code = *self.by_text.entry(text).or_insert(fresh);
        if code == fresh {
            self.known.push(Known { text, view: None, next: NO_LABEL });
        }
        code
    }
}
