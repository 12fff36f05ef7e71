//! The tools, one file a form.

mod autocannon;
mod hey;
mod hey_csv;
mod k6_csv;
mod k6_summary;
mod locust;
mod oha;
mod oha_csv;
mod requests;
mod vegeta_hdr;
mod vegeta_json;
mod vegeta_results;
mod vegeta_text;
mod wrk;

use std::io::{self, Read};

use canary_core::squeeze::Histogram;

use crate::error::Fault;
use crate::format::Format;
use crate::parsed::Parsed;

/// Reports are kilobytes; what is longer is not one.
const LONGEST_REPORT: u64 = 64 << 20;

/// Parses a stream of a known format. `duration_seconds` is what each step was meant to last, where that is known.
pub(crate) fn parse(
    format: Format,
    mut reader: impl Read,
    limits_ms: &[f64],
    duration_seconds: Option<f64>,
) -> Result<Parsed, Fault> {
    match format {
        Format::VegetaJson => vegeta_json::parse(reader.take(LONGEST_REPORT)),
        Format::OhaJson => oha::parse(reader.take(LONGEST_REPORT)),
        Format::Autocannon => autocannon::parse(reader.take(LONGEST_REPORT)),
        Format::K6Summary => k6_summary::parse(reader.take(LONGEST_REPORT)),
        Format::VegetaText => vegeta_text::parse(&text(&mut reader)?),
        Format::Wrk => wrk::parse(&text(&mut reader)?),
        Format::HeyText => hey::parse(&text(&mut reader)?),
        Format::VegetaResults => vegeta_results::parse(reader, limits_ms, duration_seconds),
        Format::K6Csv => k6_csv::parse(reader, limits_ms, duration_seconds),
        Format::OhaCsv => oha_csv::parse(reader, limits_ms, duration_seconds),
        Format::HeyCsv => hey_csv::parse(reader, limits_ms, duration_seconds),
        Format::Requests => requests::parse(reader, limits_ms, duration_seconds),
        Format::LocustHistory => locust::parse(reader),
        Format::Table => crate::table::parse(reader),
        Format::VegetaHdr | Format::VegetaHist | Format::LocustOther | Format::Parquet => Ok(Parsed::default()),
    }
}

/// The distribution of vegeta's `hdrplot`, which stands beside a report.
pub(crate) fn hdr(mut reader: impl Read) -> Result<Histogram, Fault> {
    vegeta_hdr::parse(&text(&mut reader)?)
}

/// A report's text; what is no UTF-8 in it is of no interest.
fn text(reader: &mut impl Read) -> io::Result<String> {
    let mut bytes = Vec::new();
    reader.take(LONGEST_REPORT).read_to_end(&mut bytes)?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
