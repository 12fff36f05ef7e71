//! Prints a report as it looks on a bad day: `cargo run --example demo -- table 100 fail`.

#[path = "../tests/render/sample.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod sample;

use std::error::Error;
use std::io::{self, Write};

use canary_core::Report;
use canary_core::report::State;
use canary_report::{Format, TableOptions, render};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let format = arguments.next().as_deref().and_then(Format::from_name).unwrap_or(Format::Table);
    let width = arguments.next().and_then(|width| width.parse().ok()).unwrap_or(100);
    let report = report(&arguments.next().unwrap_or_default());
    let extra: Vec<String> = arguments.collect();
    let only = extra.iter().any(|word| word == "only").then(|| vec![State::Cold, State::NoData, State::Ok]);
    let color = extra.iter().any(|word| word == "color");
    let options = TableOptions { width, color, only, ..TableOptions::default() };
    io::stdout().write_all(&render(&report, format, &options)?)?;
    Ok(())
}

/// One of the small reports by name, otherwise the large one.
fn report(name: &str) -> Report {
    match name {
        "pass" => sample::pass(),
        "fail" => sample::fail(),
        "marginal" => sample::marginal(),
        "inconclusive" => sample::inconclusive(),
        "hostile" => sample::hostile(),
        _ => sample::three_thousand(),
    }
}
