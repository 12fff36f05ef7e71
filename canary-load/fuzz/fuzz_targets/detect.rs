#![no_main]

use canary_core::squeeze::Load;
use canary_load::{ReadOptions, output};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let _ = output("fuzzed", bytes.to_vec(), Load::Open { rate: 100.0 }, &ReadOptions::default());
});
