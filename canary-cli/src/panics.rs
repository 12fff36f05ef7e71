//! Panics of the decoders: canary-io makes errors of them; here they are kept off standard error.

use std::panic;
use std::sync::atomic::{AtomicBool, Ordering};

static EXPECTED: AtomicBool = AtomicBool::new(false);

/// Panics are printed as ever, except while [`quietly`] runs.
pub(crate) fn install() {
    let print = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        if !EXPECTED.load(Ordering::Relaxed) {
            print(panicked);
        }
    }));
}

/// Runs work whose panics become errors: what they would print is said in the error.
pub(crate) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    EXPECTED.store(true, Ordering::Relaxed);
    let done = work();
    EXPECTED.store(false, Ordering::Relaxed);
    done
}
