//! Timestamp columns: date-times, dates, whole numbers with a unit, or text, to integers and their unit.

use canary_core::columns::{Moment, Zone, whole_number};
use canary_core::{NO_LABEL, TimeUnit};
use polars::prelude::{DataType, Int64Type, PolarsError, Series, StringChunked, TimeUnit as PolarsUnit};

use crate::cells::Cells;
use crate::error::ReadError;
use crate::origin::Origin;
use crate::text;

const MS_PER_DAY: i64 = 86_400_000;
const ANY_TIME: &str = "a time such as 2025-03-03T08:00:00Z, or whole numbers with --time-unit s|ms|us|ns";
const DATE_TIME: &str = "a date and time, as in the rows before it";
const WHOLE_NUMBER: &str = "a whole number, as in the rows before it";

/// A column of times.
pub(crate) struct Times {
    pub(crate) ticks: Cells<Int64Type>,
    pub(crate) unit: TimeUnit,
    /// `None` for counts of a unit, which the caller declared to be instants.
    pub(crate) zone: Option<Zone>,
}

/// The times of a column; `unit` is that of whole numbers.
pub(crate) fn times(column: &Series, unit: Option<TimeUnit>, origin: &Origin<'_>) -> Result<Times, ReadError> {
    let malformed = |error: PolarsError| ReadError::malformed(origin.path, "timestamps", &error);
    let name = column.name();
    if let DataType::String = column.dtype() {
        return from_text(column.str().map_err(malformed)?, unit, origin);
    }
    if let Some(row) = first_null(column) {
        return Err(missing(name, row, origin));
    }
    match column.dtype() {
        DataType::Datetime(unit, zone) => {
            let ticks = Cells::new(column.datetime().map_err(malformed)?.physical(), 0);
            let zone = if zone.is_some() { Zone::Given } else { Zone::None };
            Ok(Times { ticks, unit: unit_of(*unit), zone: Some(zone) })
        }
        DataType::Date => {
            let days = column.date().map_err(malformed)?.physical();
            let ticks = days.iter().flatten().map(|day| i64::from(day) * MS_PER_DAY).collect();
            Ok(Times { ticks: Cells::Owned(ticks), unit: TimeUnit::Milliseconds, zone: Some(Zone::None) })
        }
        dtype if dtype.is_integer() => {
            let counts = column.strict_cast(&DataType::Int64).map_err(malformed)?;
            let counts = counts.i64().map_err(malformed)?;
            let ticks = Cells::new(counts, 0);
            let found = ticks.as_slice().first().map(ToString::to_string).unwrap_or_default();
            Ok(Times { unit: stated(unit, name, &found, origin)?, ticks, zone: None })
        }
        dtype => Err(ReadError::ColumnType {
            path: origin.path.to_owned(),
            column: name.to_string(),
            found: dtype.to_string(),
            expected: ANY_TIME,
        }),
    }
}

/// The error for a column whose first row is of another kind than the rows before it.
pub(crate) fn other_kind(column: &Series, before: Option<Zone>, here: Option<Zone>, origin: &Origin<'_>) -> ReadError {
    let place = origin.place(column.name(), 0);
    let found = column.str().ok().and_then(|texts| texts.get(0)).unwrap_or_default().to_owned();
    match (before, here) {
        (None, _) => ReadError::Time { place, found, expected: WHOLE_NUMBER },
        (Some(_), None) => ReadError::Time { place, found, expected: DATE_TIME },
        (Some(_), Some(zone)) => ReadError::MixedZonesInColumn { place, found, zoned: zone == Zone::Given },
    }
}

fn first_null(column: &Series) -> Option<usize> {
    if column.null_count() == 0 {
        return None;
    }
    column.is_null().iter().position(|null| null == Some(true))
}

fn missing(column: &str, row: usize, origin: &Origin<'_>) -> ReadError {
    ReadError::Missing { place: origin.place(column, row), role: "timestamp" }
}

fn stated(unit: Option<TimeUnit>, column: &str, found: &str, origin: &Origin<'_>) -> Result<TimeUnit, ReadError> {
    unit.ok_or_else(|| ReadError::NoTimeUnit {
        path: origin.path.to_owned(),
        column: column.to_owned(),
        found: found.to_owned(),
    })
}

fn unit_of(unit: PolarsUnit) -> TimeUnit {
    match unit {
        PolarsUnit::Milliseconds => TimeUnit::Milliseconds,
        PolarsUnit::Microseconds => TimeUnit::Microseconds,
        PolarsUnit::Nanoseconds => TimeUnit::Nanoseconds,
    }
}

/// Text is parsed once a distinct text: the same times repeat for each metric.
fn from_text(column: &StringChunked, unit: Option<TimeUnit>, origin: &Origin<'_>) -> Result<Times, ReadError> {
    let name = column.name();
    let text::Distinct { texts, codes } = text::distinct(column);
    if let Some(row) = codes.iter().position(|&code| code == NO_LABEL) {
        return Err(missing(name, row, origin));
    }
    // Texts are listed in the order in which they first occur, so this finds the first bad row.
    let row_of = |bad: usize| codes.iter().position(|&code| code as usize == bad).unwrap_or_default();
    let failed = |bad: usize, found: &str, expected| ReadError::Time {
        place: origin.place(name, row_of(bad)),
        found: found.to_owned(),
        expected,
    };
    if let Some(first) = texts.first().filter(|text| whole_number(text).is_some()) {
        let unit = stated(unit, name, first, origin)?;
        let parsed =
            texts.iter().enumerate().map(|(i, text)| whole_number(text).ok_or_else(|| failed(i, text, WHOLE_NUMBER)));
        let ticks = gathered(&codes, &parsed.collect::<Result<Vec<_>, _>>()?);
        return Ok(Times { ticks, unit, zone: None });
    }
    let mut zone = None;
    let mut parsed = Vec::with_capacity(texts.len());
    for (i, text) in texts.iter().enumerate() {
        let moment = Moment::parse(text).ok_or_else(|| failed(i, text, ANY_TIME))?;
        if *zone.get_or_insert(moment.zone) != moment.zone {
            let (place, found) = (origin.place(name, row_of(i)), (*text).to_owned());
            return Err(ReadError::MixedZonesInColumn { place, found, zoned: moment.zone == Zone::Given });
        }
        parsed.push(moment.microseconds);
    }
    Ok(Times { ticks: gathered(&codes, &parsed), unit: TimeUnit::Microseconds, zone })
}

fn gathered(codes: &[u32], ticks: &[i64]) -> Cells<Int64Type> {
    Cells::Owned(codes.iter().filter_map(|&code| ticks.get(code as usize).copied()).collect())
}
