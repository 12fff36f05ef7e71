//! Timestamp columns: date-times, dates, whole numbers with a unit, or text, to integers and their unit.

use arrow_array::cast::AsArray;
use arrow_array::types::{
    Date32Type, Date64Type, Int8Type, Int16Type, Int32Type, Int64Type, TimestampMicrosecondType,
    TimestampMillisecondType, TimestampNanosecondType, TimestampSecondType, UInt8Type, UInt16Type, UInt32Type,
    UInt64Type,
};
use arrow_array::{Array, ArrowPrimitiveType};
use arrow_buffer::ScalarBuffer;
use arrow_schema::{DataType, TimeUnit as ArrowUnit};
use canary_core::columns::{Moment, Zone, whole_number};
use canary_core::{NO_LABEL, TimeUnit};

use super::error::{Origin, TableError};
use super::text::{self, Encoded};

const MS_PER_DAY: i64 = 86_400_000;
const ANY_TIME: &str =
    "a time such as 2025-03-03T08:00:00Z, or whole numbers with time_unit=\"s\"|\"ms\"|\"us\"|\"ns\"";
const WHOLE_NUMBER: &str = "a whole number, as in the rows before it";

/// A column of times.
pub(crate) struct Times {
    pub(crate) ticks: ScalarBuffer<i64>,
    pub(crate) unit: TimeUnit,
    /// `None` for counts of a unit, which the caller declared to be instants.
    pub(crate) zone: Option<Zone>,
}

/// A timestamp column by its name.
#[derive(Clone, Copy)]
struct Column<'a> {
    cells: &'a dyn Array,
    name: &'a str,
    origin: &'a Origin<'a>,
}

/// The times of a column; `unit` is that of whole numbers.
pub(crate) fn times(
    cells: &dyn Array,
    name: &str,
    unit: Option<TimeUnit>,
    origin: &Origin<'_>,
) -> Result<Times, TableError> {
    let column = Column { cells, name, origin };
    if let Some(text) = text::encoded(cells) {
        return column.texts(&text, unit);
    }
    if let Some(nulls) = cells.nulls().filter(|nulls| nulls.null_count() > 0) {
        return Err(column.missing(nulls.iter().position(|valid| !valid).unwrap_or_default()));
    }
    if cells.data_type().is_integer() {
        let ticks = column.integers()?;
        let found = ticks.first().map(ToString::to_string).unwrap_or_default();
        return Ok(Times { unit: column.stated(unit, &found)?, ticks, zone: None });
    }
    column.date_times()
}

impl Column<'_> {
    fn date_times(self) -> Result<Times, TableError> {
        let zone = |zone: &Option<_>| Some(if zone.is_some() { Zone::Given } else { Zone::None });
        let whole_days =
            |days: Vec<i64>| Times { ticks: days.into(), unit: TimeUnit::Milliseconds, zone: Some(Zone::None) };
        Ok(match self.cells.data_type() {
            DataType::Timestamp(unit, tz) => {
                let (ticks, unit) = match unit {
                    ArrowUnit::Second => (self.shared::<TimestampSecondType>(), TimeUnit::Seconds),
                    ArrowUnit::Millisecond => (self.shared::<TimestampMillisecondType>(), TimeUnit::Milliseconds),
                    ArrowUnit::Microsecond => (self.shared::<TimestampMicrosecondType>(), TimeUnit::Microseconds),
                    ArrowUnit::Nanosecond => (self.shared::<TimestampNanosecondType>(), TimeUnit::Nanoseconds),
                };
                Times { ticks, unit, zone: zone(tz) }
            }
            DataType::Date32 => {
                let days = self.cells.as_primitive::<Date32Type>().values();
                whole_days(days.iter().map(|&day| i64::from(day) * MS_PER_DAY).collect())
            }
            DataType::Date64 => {
                let ticks = self.cells.as_primitive::<Date64Type>().values().clone();
                Times { ticks, unit: TimeUnit::Milliseconds, zone: Some(Zone::None) }
            }
            other => return Err(self.origin.column_type(self.name, other, ANY_TIME)),
        })
    }

    fn shared<T: ArrowPrimitiveType<Native = i64>>(self) -> ScalarBuffer<i64> {
        self.cells.as_primitive::<T>().values().clone()
    }

    fn integers(self) -> Result<ScalarBuffer<i64>, TableError> {
        Ok(match self.cells.data_type() {
            DataType::Int64 => self.shared::<Int64Type>(),
            DataType::Int8 => self.widened::<Int8Type>(),
            DataType::Int16 => self.widened::<Int16Type>(),
            DataType::Int32 => self.widened::<Int32Type>(),
            DataType::UInt8 => self.widened::<UInt8Type>(),
            DataType::UInt16 => self.widened::<UInt16Type>(),
            DataType::UInt32 => self.widened::<UInt32Type>(),
            _ => {
                let fits = |(row, &tick): (usize, &u64)| {
                    let place = || self.origin.place(self.name, row);
                    i64::try_from(tick)
                        .map_err(|_| TableError::TimeTooLarge { place: place(), found: tick.to_string() })
                };
                let ticks = self.cells.as_primitive::<UInt64Type>().values();
                ticks.iter().enumerate().map(fits).collect::<Result<Vec<_>, _>>()?.into()
            }
        })
    }

    fn widened<T: ArrowPrimitiveType>(self) -> ScalarBuffer<i64>
    where
        i64: From<T::Native>,
    {
        self.cells.as_primitive::<T>().values().iter().map(|&tick| i64::from(tick)).collect::<Vec<_>>().into()
    }

    /// Text is parsed once a distinct text: the same times repeat for each metric.
    fn texts(self, text: &Encoded<'_>, unit: Option<TimeUnit>) -> Result<Times, TableError> {
        let Encoded { texts, codes, .. } = text;
        if let Some(row) = codes.iter().position(|&code| code == NO_LABEL) {
            return Err(self.missing(row));
        }
        let mut parsed: Vec<Option<Moment>> = vec![None; texts.len()];
        let first = codes.first().and_then(|&code| texts.get(code as usize)).copied().unwrap_or_default();
        let counts = whole_number(first).is_some();
        let unit = if counts { self.stated(unit, first)? } else { TimeUnit::Microseconds };
        let mut zone = None;
        let mut ticks = Vec::with_capacity(codes.len());
        for (row, &code) in codes.iter().enumerate() {
            let (Some(slot), Some(text)) = (parsed.get_mut(code as usize), texts.get(code as usize)) else { continue };
            if slot.is_none() {
                *slot = Some(self.moment(text, row, counts, &mut zone)?);
            }
            ticks.extend(slot.map(|moment| moment.microseconds));
        }
        Ok(Times { ticks: ticks.into(), unit, zone })
    }

    /// A count as a moment of its own number, or a time; its zone must be that of the rows before.
    fn moment(self, text: &str, row: usize, counts: bool, zone: &mut Option<Zone>) -> Result<Moment, TableError> {
        let (place, found) = (|| self.origin.place(self.name, row), || text.to_owned());
        if counts {
            let failed = || TableError::Time { place: place(), found: found(), expected: WHOLE_NUMBER };
            let microseconds = whole_number(text).ok_or_else(failed)?;
            return Ok(Moment { microseconds, zone: Zone::Given });
        }
        let failed = || TableError::Time { place: place(), found: found(), expected: ANY_TIME };
        let moment = Moment::parse(text).ok_or_else(failed)?;
        if *zone.get_or_insert(moment.zone) != moment.zone {
            let zoned = moment.zone == Zone::Given;
            return Err(TableError::MixedZonesInColumn { place: place(), found: found(), zoned });
        }
        Ok(moment)
    }

    fn missing(self, row: usize) -> TableError {
        TableError::Missing { place: self.origin.place(self.name, row), role: "timestamp" }
    }

    fn stated(self, unit: Option<TimeUnit>, found: &str) -> Result<TimeUnit, TableError> {
        let (table, column) = (|| self.origin.table.to_owned(), || self.name.to_owned());
        unit.ok_or_else(|| TableError::NoTimeUnit { table: table(), column: column(), found: found.to_owned() })
    }
}
