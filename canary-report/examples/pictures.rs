//! Writes the pictures of a stored report: `cargo run --example pictures -- report.json out/`.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;
use std::{env, fs};

use canary_core::Report;
use canary_report::{grid_png, grid_svg};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let (Some(report), Some(folder)) = (arguments.next(), arguments.next()) else {
        return Err("usage: pictures REPORT.json FOLDER".into());
    };
    let report: Report = serde_json::from_str(&fs::read_to_string(report)?)?;
    let folder = PathBuf::from(folder);
    fs::create_dir_all(&folder)?;
    let began = Instant::now();
    fs::write(folder.join("grid.svg"), grid_svg(&report)?)?;
    eprintln!("svg {:?}", began.elapsed());
    let began = Instant::now();
    fs::write(folder.join("grid.png"), grid_png(&report)?)?;
    eprintln!("png {:?}", began.elapsed());
    Ok(())
}
