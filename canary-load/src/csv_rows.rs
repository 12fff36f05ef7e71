//! Rows of a CSV stream, columns by name.

use std::io::Read;

use csv::{ByteRecord, ReaderBuilder, StringRecord};

use crate::error::{Fault, Place};

/// Bytes taken at a time; csv's own 8 KiB costs a tenth of the speed.
const BUFFER: usize = 1 << 16;

/// A CSV stream with a header.
pub(crate) struct Rows<R> {
    reader: csv::Reader<R>,
    header: Vec<String>,
    row: ByteRecord,
}

impl<R: Read> Rows<R> {
    /// Reads the header.
    pub(crate) fn new(reader: R) -> Result<Self, Fault> {
        let mut reader = ReaderBuilder::new().flexible(true).buffer_capacity(BUFFER).from_reader(reader);
        let clean = |name: &str| name.trim().to_owned();
        let header: &StringRecord = reader.headers()?;
        let header = header.iter().map(clean).collect();
        Ok(Self { reader, header, row: ByteRecord::new() })
    }

    /// The columns' names.
    pub(crate) fn header(&self) -> &[String] {
        &self.header
    }

    /// Where a column stands, if it does.
    pub(crate) fn find(&self, name: &str) -> Option<usize> {
        self.header.iter().position(|column| column == name)
    }

    /// Where a column stands.
    pub(crate) fn column(&self, name: &'static str) -> Result<usize, Fault> {
        self.find(name).ok_or_else(|| {
            let found = format!("no column `{name}` among {}", self.header.join(", "));
            Fault::new(Place::Header, found, "the columns of the tool; another version of it?")
        })
    }

    /// The next row, with its line; `None` at the end. Empty lines are left out.
    pub(crate) fn next(&mut self) -> Result<Option<(u64, &ByteRecord)>, Fault> {
        let more = self.reader.read_byte_record(&mut self.row)?;
        let line = self.row.position().map_or(0, csv::Position::line);
        Ok(more.then_some((line, &self.row)))
    }
}

/// A field without blanks around it; empty where the row ends before it.
pub(crate) fn field(row: &ByteRecord, column: usize) -> &[u8] {
    row.get(column).unwrap_or_default().trim_ascii()
}

/// The text of a field; empty where it is no UTF-8.
pub(crate) fn text(row: &ByteRecord, column: usize) -> &str {
    std::str::from_utf8(field(row, column)).unwrap_or_default()
}

/// The number in a field.
pub(crate) fn number(row: &ByteRecord, line: u64, column: usize, expected: &'static str) -> Result<f64, Fault> {
    let number = fast_float2::parse::<f64, _>(field(row, column)).ok().filter(|number| number.is_finite());
    number.ok_or_else(|| missing(row, line, column, expected))
}

fn missing(row: &ByteRecord, line: u64, column: usize, expected: &'static str) -> Fault {
    let found = match row.get(column) {
        None => format!("{} fields, so that the row ends too early", row.len()),
        Some(field) => format!("`{}`", String::from_utf8_lossy(field)),
    };
    Fault::new(Place::Line(line), found, expected)
}
