//! How fast logs of requests are read, and in how much memory: writes a log of each form into a temporary folder,
//! reads it three times, and says the bytes a second of the fastest time and the most memory that the process has had.
//!
//! `cargo run --release -p canary-load --example log_speed [MEGABYTES [FORM]]`; the forms are vegeta, k6, requests.
#![allow(clippy::print_stdout, reason = "a program")]

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

use canary_load::{ReadOptions, read};

/// Requests a second of the log: an hour at this rate is 360 MB of vegeta's rows.
const RATE: u64 = 2000;
const EPOCH_US: u64 = 1_795_333_520_000_000;

/// vegeta keeps the reply's headers in each row.
const HEADERS: &str = "Q29ubmVjdGlvbjoga2VlcC1hbGl2ZQ0KQ29udGVudC1MZW5ndGg6IDMNCg==";

type Row = fn(&mut dyn Write, u64, u64, u64) -> std::io::Result<()>;

fn main() -> Result<(), Box<dyn Error>> {
    let megabytes: u64 = std::env::args().nth(1).map_or(Ok(200), |text| text.parse())?;
    let wanted = std::env::args().nth(2);
    let folder = tempfile::tempdir()?;
    let forms: [(&str, &str, Row); 3] = [
        ("vegeta_rps_2000.csv", "", |out, sent_us, latency_us, status| {
            let (sent, latency) = (sent_us * 1000, latency_us * 1000);
            writeln!(out, "{sent},{status},{latency},0,3,,b2sK,run,0,GET,http://127.0.0.1:8080/,{HEADERS}")
        }),
        (
            "k6.csv",
            "metric_name,timestamp,metric_value,check,error,error_code,expected_response,method,scenario,status\n",
            |out, sent_us, latency_us, status| {
                let (ended, ms) = (sent_us + latency_us, latency_us as f64 / 1000.0);
                for metric in ["http_reqs", "http_req_duration", "http_req_blocked", "http_req_waiting"] {
                    writeln!(out, "{metric},{ended},{ms},,,,{},GET,rps_2000,{status}", status == 200)?;
                }
                Ok(())
            },
        ),
        ("requests.csv", "timestamp,latency_ms,status,offered_rps\n", |out, sent_us, latency_us, status| {
            writeln!(out, "{sent_us},{},{status},{RATE}", latency_us as f64 / 1000.0)
        }),
    ];
    for (name, header, row) in forms {
        if wanted.as_ref().is_some_and(|form| !name.starts_with(form.as_str())) {
            continue;
        }
        let path = folder.path().join(name);
        let bytes = write(&path, header, row, megabytes * 1_000_000)?;
        let (mut seconds, mut requests) = (f64::INFINITY, 0_u64);
        for _ in 0..3 {
            let began = Instant::now();
            let run = read(&path, &ReadOptions { limits_ms: vec![120.0], ..ReadOptions::default() })?;
            seconds = seconds.min(began.elapsed().as_secs_f64());
            requests = run.steps.iter().map(|step| step.sent).sum();
        }
        let rate = bytes as f64 / 1e6 / seconds;
        println!(
            "{name}: {requests} requests, {} MB in {seconds:.2} s: {rate:.0} MB/s; {}",
            bytes / 1_000_000,
            memory()
        );
        std::fs::remove_file(&path)?;
    }
    Ok(())
}

fn write(path: &Path, header: &str, row: Row, bytes: u64) -> std::io::Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    out.write_all(header.as_bytes())?;
    let mut request = 0_u64;
    loop {
        for _ in 0..10_000 {
            // Latencies from 5 to 205 ms, every fiftieth request shed.
            let latency_us = 5_000 + (request * 7_919) % 200_000;
            let status = if request % 50 == 49 { 503 } else { 200 };
            row(&mut out, EPOCH_US + request * 1_000_000 / RATE, latency_us, status)?;
            request += 1;
        }
        out.flush()?;
        let written = out.get_ref().metadata()?.len();
        if written >= bytes {
            return Ok(written);
        }
    }
}

/// The most memory so far, where the system tells.
fn memory() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).map(str::trim);
    peak.map_or_else(|| "memory unknown".to_owned(), |peak| format!("{peak} of memory at most"))
}
