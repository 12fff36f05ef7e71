//! Progress on standard error, for work that takes longer than half a second on a terminal.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Work shorter than this shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);
const TICK: Duration = Duration::from_millis(100);

/// Shows what is being done, from half a second on, until it is dropped.
#[derive(Debug)]
pub(crate) struct Progress {
    message: Arc<Mutex<String>>,
    done: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Progress {
    /// Starts to wait. Shows nothing at all where standard error is no terminal, or with `quiet`.
    pub(crate) fn new(quiet: bool) -> Self {
        let message = Arc::new(Mutex::new(String::new()));
        if quiet || !console::Term::stderr().is_term() {
            return Self { message, done: None, thread: None };
        }
        let (done, waiting) = mpsc::channel();
        let shown = Arc::clone(&message);
        let thread = std::thread::spawn(move || {
            if waiting.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                show(&waiting, &shown);
            }
        });
        Self { message, done: Some(done), thread: Some(thread) }
    }

    /// Says what is being done now.
    pub(crate) fn say(&self, message: String) {
        *self.message.lock().unwrap_or_else(PoisonError::into_inner) = message;
    }
}

fn show(waiting: &mpsc::Receiver<()>, message: &Mutex<String>) {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {msg} ({elapsed})") {
        bar.set_style(style);
    }
    while waiting.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
        bar.set_message(message.lock().unwrap_or_else(PoisonError::into_inner).clone());
        bar.tick();
    }
    bar.finish_and_clear();
}

impl Drop for Progress {
    fn drop(&mut self) {
        drop(self.done.take());
        if let Some(thread) = self.thread.take() {
            // The thread only draws; that it ended badly changes no result.
            let _ = thread.join();
        }
    }
}
