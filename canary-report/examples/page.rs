//! Makes the HTML page of a stored report: `cargo run --example page -- report.json report.html`.

#![allow(clippy::print_stdout, reason = "it says how large a page is and how long it took")]

use std::error::Error;
use std::io;
use std::time::Instant;

use canary_core::Report;
use canary_report::html;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(from), Some(to)) = (arguments.next(), arguments.next()) else {
        return Err("which report, and into which file? page -- report.json report.html".into());
    };
    let report: Report = serde_json::from_reader(io::BufReader::new(std::fs::File::open(from)?))?;
    let began = Instant::now();
    let page = html(&report)?;
    let took = began.elapsed();
    std::fs::write(&to, &page)?;
    println!("{to}: {} KiB in {} ms", page.len().div_ceil(1024), took.as_millis());
    Ok(())
}
