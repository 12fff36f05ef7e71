//! Writes the pictures, the mail and the notebook's fragment of a stored report, or of a made-up one: `cargo run --example pictures -- report.json out/`, or
//! `-- pass out/`, or `-- 10000 out/` for so many metrics.

#[path = "../tests/render/sample.rs"]
#[allow(dead_code, reason = "the tests use the rest")]
mod sample;

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use canary_core::Report;
use canary_report::{Envelope, email, fragment, grid_png, grid_svg};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(report), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: pictures REPORT.json|pass|marginal|fail|inconclusive|hostile|COUNT FOLDER".into());
    };
    let report = report_of(&report)?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let began = Instant::now();
    let svg = grid_svg(&report)?;
    eprintln!("svg: {} bytes, {:?}", svg.len(), began.elapsed());
    fs::write(folder.join("grid.svg"), svg)?;
    let began = Instant::now();
    let png = grid_png(&report)?;
    eprintln!("png: {} bytes, {:?}", png.len(), began.elapsed());
    fs::write(folder.join("grid.png"), png)?;
    let began = Instant::now();
    let envelope = Envelope { to: vec!["team@example.org".parse()?], ..Envelope::default() };
    let mail = email(&report, &envelope)?;
    eprintln!("mail: {} bytes, {:?}", mail.len(), began.elapsed());
    fs::write(folder.join("report.eml"), mail)?;
    let began = Instant::now();
    let notebook = fragment(&report)?;
    eprintln!("fragment: {} bytes, {:?}", notebook.len(), began.elapsed());
    fs::write(folder.join("fragment.html"), notebook)?;
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
