//! Makes the pages that the tests in `web/tests` open: `cargo run --example pages -- directory`. Every one is of seeded
//! simulated data; nothing is read.

#![allow(clippy::print_stdout, reason = "it says how large a page is and how long it took")]

mod drawn;
#[path = "../../tests/render/sample.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod sample;
mod service;

use std::error::Error;
use std::path::Path;
use std::time::Instant;

use canary_core::Report;
use canary_report::html;

fn main() -> Result<(), Box<dyn Error>> {
    let directory = std::env::args().nth(1).ok_or("into which directory?")?;
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory)?;
    let service = service::report()?;
    write(directory, "service", &service)?;
    let mut without_series = service;
    for metric in &mut without_series.metrics {
        metric.series = None;
    }
    without_series.findings.clear();
    without_series.tipping = None;
    without_series.inputs.command = None;
    write(directory, "without-series", &without_series)?;
    write(directory, "hostile", &drawn::hostile())?;
    write(directory, "pass", &sample::pass())?;
    write(directory, "marginal", &sample::marginal())?;
    write(directory, "inconclusive", &sample::inconclusive())?;
    write(directory, "large", &drawn::noise(1_500, 480))?;
    write(directory, "huge", &drawn::noise(10_000, 480))?;
    Ok(())
}

/// The page of a report, and how long it took.
fn write(directory: &Path, name: &str, report: &Report) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let page = html(report)?;
    let took = began.elapsed();
    std::fs::write(directory.join(name).with_extension("html"), &page)?;
    println!("{name}: {} metrics, {} KiB in {} ms", report.metrics.len(), page.len().div_ceil(1024), took.as_millis());
    Ok(())
}
