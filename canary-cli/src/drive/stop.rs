//! What ends a drive before its time.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// Why everything stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Cause {
    /// Ctrl-C, or the system asked to end.
    Interrupted,
    /// The guard failed; what it said.
    Guard(String),
    /// The time is over.
    TimeLimit,
}

/// Asked by everything that waits.
#[derive(Clone, Debug)]
pub(crate) struct Stop {
    interrupted: Arc<AtomicBool>,
    guard: Arc<Mutex<Option<String>>>,
    deadline: Instant,
}

impl Stop {
    /// Stops at `deadline`, and from now on at signals that would otherwise end this program.
    pub(crate) fn at(deadline: Instant) -> io::Result<Self> {
        let interrupted = Arc::new(AtomicBool::new(false));
        #[cfg(unix)]
        for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM, signal_hook::consts::SIGHUP] {
            signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
        }
        Ok(Self { interrupted, guard: Arc::default(), deadline })
    }

    /// Why to stop now, if so.
    pub(crate) fn cause(&self) -> Option<Cause> {
        if self.interrupted.load(Ordering::Relaxed) {
            return Some(Cause::Interrupted);
        }
        if let Some(said) = self.guard.lock().unwrap_or_else(PoisonError::into_inner).clone() {
            return Some(Cause::Guard(said));
        }
        (Instant::now() >= self.deadline).then_some(Cause::TimeLimit)
    }

    /// The guard failed.
    pub(crate) fn guard_failed(&self, said: String) {
        self.guard.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(said);
    }
}
