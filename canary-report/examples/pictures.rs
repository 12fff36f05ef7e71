//! Writes the pictures, the mail and the notebook's fragment of a stored report, or of a made-up one: `cargo run --example pictures -- report.json out/`, or
//! `-- pass out/`, or `-- 10000 out/` for so many metrics.

#[path = "../tests/render/sample.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod sample;

use std::error::Error;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;
use std::{env, fs, io};

use canary_core::Report;
use canary_report::{Envelope, RenderError, email, fragment, grid_png, grid_svg};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(report), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: pictures REPORT.json|pass|marginal|fail|inconclusive|hostile|COUNT FOLDER".into());
    };
    let report = report_of(&report)?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let envelope = Envelope { to: vec!["team@example.org".parse()?], ..Envelope::default() };
    timed(&folder.join("grid.svg"), || Ok(grid_svg(&report)?.into_bytes()))?;
    timed(&folder.join("grid.png"), || grid_png(&report))?;
    timed(&folder.join("report.eml"), || Ok(email(&report, &envelope)?.into_bytes()))?;
    timed(&folder.join("fragment.html"), || Ok(fragment(&report)?.into_bytes()))
}

/// Writes a file, and says how large it is and how long making it took.
fn timed(path: &Path, make: impl FnOnce() -> Result<Vec<u8>, RenderError>) -> Result<(), Box<dyn Error>> {
    let began = Instant::now();
    let bytes = make()?;
    let took = began.elapsed();
    writeln!(io::stdout(), "{}: {} bytes, {took:?}", path.display(), bytes.len())?;
    fs::write(path, bytes)?;
    Ok(())
}

fn report_of(name: &str) -> Result<Report, Box<dyn Error>> {
    Ok(match name {
        "pass" => sample::pass(),
        "fail" => sample::fail(),
        "marginal" => sample::marginal(),
        "inconclusive" => sample::inconclusive(),
        "hostile" => sample::hostile(),
        "large" => sample::three_thousand(),
        _ => match name.parse() {
            Ok(count) => sample::service(count),
            Err(_) => serde_json::from_str(&fs::read_to_string(name)?)?,
        },
    })
}
