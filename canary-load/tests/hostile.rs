//! The real files with bytes changed, cut and doubled: whatever comes, a run or an error, never a panic. The fuzz
//! targets in `fuzz/` do the same for longer, guided by coverage. Some two seconds here, the same cases each time; more
//! or others with `PROPTEST_CASES` and `PROPTEST_RNG_SEED`.

use std::fs;
use std::path::{Path, PathBuf};

use canary_load::Format;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// What the fuzz targets check.
#[path = "../fuzz/src/lib.rs"]
#[allow(unreachable_pub, reason = "a library of its own there")]
mod every_run;

/// A real file of each form of which there is one.
const FILES: [&str; 13] = [
    "d07_vegeta_unsaturated_c10_s20/raw/step_03_rps_100.json",
    "d01_vegeta_det_c4_s20/raw/step_14_rps_280.report.txt",
    "d01_vegeta_det_c4_s20/raw/step_14_rps_280.hdr.txt",
    "d01_vegeta_det_c4_s20/raw/step_00_rps_40.results.csv.gz",
    "d02_wrk2_logn_c8_s25/raw/step_09_rps_380.txt",
    "d03_oha_nginx_150/raw/step_11_rps_220.json",
    "d04_k6_exp_c3_s25/raw/k6_summary.json",
    "d05_locust_usl_s10/raw/locust_stats_history.csv",
    "d06_autocannon_closed_c4_s10/raw/step_05_conc_6.json",
    "d08_hey_saturated_c3_s50/raw/step_00_rps_100.txt",
    "d09_wrk_usl_s8/raw/step_04_conc_12.txt",
    "d04_k6_exp_c3_s25/raw/k6.csv.gz",
    "d01_vegeta_det_c4_s20/steps.csv",
];

/// The other forms, as their tools write them.
const TEXTS: [&str; 3] = [
    "response-time,DNS+dialup,DNS,Request-write,Response-delay,Response-read,status-code,offset\n\
     0.0519,0.0013,0.0000,0.0001,0.0504,0.0001,200,0.0007\n0.1021,0.0013,0.0000,0.0001,0.1006,0.0001,503,0.0009\n\
     0.1520,0.0000,0.0000,0.0000,0.1518,0.0001,200,1.0513\n",
    "request-start,DNS,DNS+dialup,Response-delay,request-duration,bytes,status\n\
     0.001,0,0.0004,0.02,0.0203,3,200\n0.011,0,0,0.02,0.0201,3,503\n1.021,0,0,0.0199,0.02,3,200\n",
    "step,timestamp,latency_ms,status,offered_rps\n0,1795333520.000,12.5,200,100\n0,1795333520.010,13.5,timeout,100\n\
     1,1795333530.000,12.5,200,200\n1,1795333531.005,14.5,503,200\n",
];
const SEEDS: usize = FILES.len() + TEXTS.len();

fn seed(index: usize) -> Vec<u8> {
    let Some(file) = FILES.get(index) else { return TEXTS[index - FILES.len()].as_bytes().to_vec() };
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fixtures/squeeze").join(file);
    let bytes = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    if path.extension().is_some_and(|suffix| suffix == "gz") { inflated(&bytes) } else { bytes }
}

/// As much of a long file as a case needs.
fn inflated(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    let reader = flate2::read::MultiGzDecoder::new(bytes);
    std::io::Read::read_to_end(&mut std::io::Read::take(reader, 20_000), &mut text).expect("gzip");
    text
}

/// What a hostile or broken tool may have written in place of something.
const PIECES: [&str; 24] = [
    "0",
    "-1",
    "1e400",
    "NaN",
    "-nan",
    "inf",
    "18446744073709551616",
    "9999999999999999999",
    "1e-300",
    "null",
    "\"\"",
    "{}",
    "[]",
    ",",
    "\n",
    "\"",
    "\u{0}",
    "ß",
    "s",
    "ms",
    "%",
    "2026-01-01T00:00:00Z",
    "0001-01-01T00:00:00Z",
    "\u{feff}",
];

#[derive(Clone, Debug)]
enum Change {
    Cut(prop::sample::Index),
    Byte(prop::sample::Index, u8),
    Insert(prop::sample::Index, usize),
    Number(prop::sample::Index, usize),
    Double(prop::sample::Index, prop::sample::Index),
}

fn change() -> impl Strategy<Value = Change> {
    let place = any::<prop::sample::Index>;
    prop_oneof![
        1 => place().prop_map(Change::Cut),
        2 => (place(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        2 => (place(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Insert(at, piece)),
        4 => (place(), 0..PIECES.len()).prop_map(|(at, piece)| Change::Number(at, piece)),
        1 => (place(), place()).prop_map(|(from, to)| Change::Double(from, to)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    if bytes.is_empty() {
        return;
    }
    match change {
        Change::Cut(at) => bytes.truncate(at.index(bytes.len())),
        Change::Byte(at, byte) => {
            let at = at.index(bytes.len());
            bytes[at] = *byte;
        }
        Change::Insert(at, piece) => {
            let at = at.index(bytes.len());
            bytes.splice(at..at, PIECES[*piece].bytes());
        }
        Change::Number(at, piece) => {
            // A whole number of the file becomes something else.
            let from = at.index(bytes.len());
            let is_number = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
            let Some(start) = bytes.iter().skip(from).position(is_number).map(|offset| from + offset) else { return };
            let length = bytes.iter().skip(start).take_while(|byte| is_number(byte)).count();
            bytes.splice(start..start + length, PIECES[*piece].bytes());
        }
        Change::Double(from, to) => {
            let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
            let part = bytes[from.min(to)..from.max(to)].to_vec();
            bytes.splice(from..from, part);
        }
    }
}

/// The fuzz targets' forms, so that none goes without a test on a stable compiler.
const FORMS: [Format; 15] = [
    Format::VegetaJson,
    Format::VegetaText,
    Format::VegetaHdr,
    Format::VegetaResults,
    Format::K6Csv,
    Format::K6Summary,
    Format::OhaJson,
    Format::OhaCsv,
    Format::Wrk,
    Format::HeyText,
    Format::HeyCsv,
    Format::Autocannon,
    Format::LocustHistory,
    Format::Table,
    Format::Requests,
];

fn config() -> ProptestConfig {
    let mut config = ProptestConfig { failure_persistence: None, ..ProptestConfig::default() };
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = 1000;
    }
    if std::env::var_os("PROPTEST_RNG_SEED").is_none() {
        config.rng_seed = RngSeed::Fixed(20_260_301);
    }
    config
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn changed_output_is_a_run_or_an_error(index in 0..SEEDS, changes in prop::collection::vec(change(), 1..6)) {
        let mut bytes = seed(index);
        for change in &changes {
            apply(&mut bytes, change);
        }
        every_run::detect(&bytes);
    }

    #[test]
    fn any_file_as_any_form_is_a_run_or_an_error(index in 0..SEEDS, form in 0..FORMS.len(), changes in prop::collection::vec(change(), 0..3)) {
        let mut bytes = seed(index);
        for change in &changes {
            apply(&mut bytes, change);
        }
        every_run::parse(FORMS[form], &bytes);
    }
}
