#![no_main]

use canary_load::Format;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| canary_load_fuzz::parse(Format::LocustHistory, bytes));
