//! The distinct texts of a column, found without hashing a row where rows repeat or cycle.

use std::collections::HashMap;

use arrow_array::cast::AsArray;
use arrow_array::types::{
    ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type, Int64Type, UInt8Type, UInt16Type, UInt32Type, UInt64Type,
};
use arrow_array::{Array, ArrayAccessor, GenericStringArray, OffsetSizeTrait, StringViewArray};
use arrow_buffer::ScalarBuffer;
use arrow_schema::DataType;
use canary_core::NO_LABEL;

/// A column of text, dictionary-encoded: row `i` holds `texts[codes[i]]`, or nothing at [`NO_LABEL`].
pub(crate) struct Encoded<'a> {
    pub(crate) texts: Vec<&'a str>,
    pub(crate) codes: ScalarBuffer<u32>,
    /// Whether a row may hold nothing.
    pub(crate) gaps: bool,
}

/// Whether a column of this type holds text, plain or in a dictionary.
pub(crate) fn is_text(dtype: &DataType) -> bool {
    match dtype {
        DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View => true,
        DataType::Dictionary(_, values) => is_text(values),
        _ => false,
    }
}

/// The texts of a column; `None` where it holds none. A dictionary stays one.
pub(crate) fn encoded(column: &dyn Array) -> Option<Encoded<'_>> {
    match column.data_type() {
        DataType::Utf8 => Some(distinct(column.as_string::<i32>())),
        DataType::LargeUtf8 => Some(distinct(column.as_string::<i64>())),
        DataType::Utf8View => Some(distinct(column.as_string_view())),
        DataType::Dictionary(key, values) if is_text(values) => match key.as_ref() {
            DataType::Int8 => dictionary::<Int8Type>(column),
            DataType::Int16 => dictionary::<Int16Type>(column),
            DataType::Int32 => dictionary::<Int32Type>(column),
            DataType::Int64 => dictionary::<Int64Type>(column),
            DataType::UInt8 => dictionary::<UInt8Type>(column),
            DataType::UInt16 => dictionary::<UInt16Type>(column),
            DataType::UInt32 => dictionary::<UInt32Type>(column),
            DataType::UInt64 => dictionary::<UInt64Type>(column),
            _ => None,
        },
        _ => None,
    }
}

/// The dictionary's own codes; shared where they are 32 bits wide, without a sign and without nulls.
fn dictionary<K: ArrowDictionaryKeyType>(column: &dyn Array) -> Option<Encoded<'_>> {
    let column = column.as_dictionary::<K>();
    let Encoded { texts, codes: of_values, gaps } = encoded(column.values().as_ref())?;
    // The values of a dictionary may repeat or be null; then codes go through the codes of its values.
    let plain = !gaps && texts.len() == of_values.len();
    let keys = column.keys();
    if plain
        && keys.null_count() == 0
        && let Some(keys) = (keys as &dyn Array).as_primitive_opt::<UInt32Type>()
    {
        return Some(Encoded { texts, codes: keys.values().clone(), gaps: false });
    }
    let codes: Vec<u32> =
        column.keys_iter().map(|key| key.and_then(|key| of_values.get(key)).copied().unwrap_or(NO_LABEL)).collect();
    Some(Encoded { texts, codes: codes.into(), gaps: gaps || keys.null_count() > 0 })
}

/// A text and the code that followed it last time.
struct Known<'a> {
    text: &'a str,
    next: u32,
}

/// So many rows are looked at together for a text that goes on.
const AT_ONCE: usize = 32;

/// Plain text, row by row or many rows at once.
trait Texts<'a>: ArrayAccessor<Item = &'a str> {
    /// Whether the [`AT_ONCE`] rows after `row` hold the same text as `row`. Asked only where no row is null; `false`
    /// where that is not seen at a glance.
    fn goes_on(&self, row: usize) -> bool;
}

impl<'a, Offset: OffsetSizeTrait> Texts<'a> for &'a GenericStringArray<Offset> {
    fn goes_on(&self, row: usize) -> bool {
        let Some(offsets) = self.value_offsets().get(row..row + AT_ONCE + 2) else { return false };
        let at = |place: usize| offsets.get(place).map_or(0, |offset| offset.as_usize());
        let (start, length, end) = (at(0), at(1) - at(0), at(AT_ONCE + 1));
        let even = offsets.windows(2).all(|pair| matches!(pair, [a, b] if b.as_usize() - a.as_usize() == length));
        // One after the other they repeat themselves: what is a text further on is the same.
        let bytes = self.value_data();
        even && bytes.get(start..end - length) == bytes.get(start + length..end)
    }
}

impl<'a> Texts<'a> for &'a StringViewArray {
    fn goes_on(&self, row: usize) -> bool {
        let views = self.views().get(row..=row + AT_ONCE).unwrap_or_default();
        views.first().is_some_and(|first| views.iter().all(|view| view == first))
    }
}

/// Encodes plain text. Rows come sorted by metric or by time: a row is first tried as the text of the row before,
/// then as what followed that text last time; a comparison is cheaper than a hash, and one of many rows cheapest.
fn distinct<'a>(column: impl Texts<'a>) -> Encoded<'a> {
    let mut known: Vec<Known<'a>> = Vec::new();
    let mut by_text: HashMap<&'a str, u32> = HashMap::new();
    let mut codes = Vec::with_capacity(column.len());
    let mut last = NO_LABEL;
    let gaps = column.null_count() > 0;
    // Where a text was seen to end soon it is not asked again whether it goes on.
    let mut ends_soon = false;
    while codes.len() < column.len() {
        let row = codes.len();
        if gaps && column.is_null(row) {
            codes.push(NO_LABEL);
            continue;
        }
        let text = column.value(row);
        let is = |code: u32| known.get(code as usize).is_some_and(|known| known.text == text);
        let next = known.get(last as usize).map_or(NO_LABEL, |last| last.next);
        let code = if is(last) {
            last
        } else if is(next) {
            next
        } else {
            let fresh = u32::try_from(known.len()).unwrap_or(NO_LABEL);
            let code = *by_text.entry(text).or_insert(fresh);
            if code == fresh {
                known.push(Known { text, next: NO_LABEL });
            }
            if let Some(last) = known.get_mut(last as usize) {
                last.next = code;
            }
            code
        };
        codes.push(code);
        if code != last {
            ends_soon = false;
        } else if !gaps && !ends_soon {
            ends_soon = !column.goes_on(row);
            codes.extend(std::iter::repeat_n(code, if ends_soon { 0 } else { AT_ONCE }));
        }
        last = code;
    }
    let texts = known.iter().map(|known| known.text).collect();
    Encoded { texts, codes: codes.into(), gaps }
}
