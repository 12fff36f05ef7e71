#![no_main]

use canary_load::{Format, parse_as};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = parse_as(Format::HeyCsv, bytes, &[100.0]);
});
