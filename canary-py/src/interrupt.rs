//! Long work that Ctrl-C can leave.
//!
//! Python handles a signal only where its main thread asks for it. So the work is done on a thread of its own, which
//! owns all it needs and never touches Python, while the calling thread waits without holding the interpreter and
//! asks for signals now and then. On Ctrl-C the call returns at once. What was begun is told to stop, and does at
//! its next step; a step that is under way (one run of the judge: 0.06 s for 1,500 metrics of a day's third, seconds
//! for 100,000) goes on to its end, and its result is dropped. Nothing runs for longer than the call would have.

use std::panic;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use pyo3::prelude::*;

/// How long a signal may wait.
const PATIENCE: Duration = Duration::from_millis(50);

/// Whether anyone still waits for the result.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted(Arc<AtomicBool>);

/// Nobody waits any more: the end of a thread, never seen by anyone.
struct Unwanted;

impl Wanted {
    /// Ends the thread where nobody waits any more. Between two steps only: what a step has borrowed is dropped.
    pub(crate) fn go_on(&self) {
        if self.0.load(Ordering::Relaxed) {
            // Unwinds without a message; nothing is left half-made, as the thread owns all it works on.
            panic::resume_unwind(Box::new(Unwanted));
        }
    }
}

/// Does `work` elsewhere and waits for it; `Err` where a signal handler raised, as Ctrl-C does.
pub(crate) fn interruptible<T: Send + 'static>(
    py: Python<'_>,
    work: impl FnOnce(&Wanted) -> T + Send + 'static,
) -> PyResult<T> {
    let wanted = Wanted::default();
    let of_worker = wanted.clone();
    let (send, mut receive) = mpsc::sync_channel(1);
    let worker = thread::Builder::new().name("canary".to_owned()).spawn(move || {
        // Nobody to send to means that nobody waits.
        let _ = send.send(work(&of_worker));
    });
    let worker = worker.map_err(|error| {
        let message = format!("the system gives no thread: {error}");
        super::errors::CanaryError::new_err(message)
    })?;
    loop {
        // The receiver goes along, as it may not be shared between threads.
        let received;
        (received, receive) = py.detach(move || (receive.recv_timeout(PATIENCE), receive));
        match received {
            Ok(result) => return Ok(result),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(raised) = py.check_signals() {
                    wanted.0.store(true, Ordering::Relaxed);
                    return Err(raised);
                }
            }
            // The thread is gone and sent nothing: it panicked, and so does the caller.
            Err(RecvTimeoutError::Disconnected) => match worker.join() {
                Err(panicked) => panic::resume_unwind(panicked),
                Ok(()) => return Err(super::errors::CanaryError::new_err("the work ended without a result")),
            },
        }
    }
}
