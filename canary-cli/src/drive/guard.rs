//! A command of the user's that says whether the load may go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::job::{Job, shell};
use super::stop::Stop;

/// From the start of one run to the next.
const EVERY: Duration = Duration::from_secs(1);
/// A guard that takes longer has failed: nobody watches meanwhile.
const LONGEST: Duration = Duration::from_secs(10);
const LOOK: Duration = Duration::from_millis(20);
/// Most characters of what it said.
const SHOWN: usize = 200;

/// Runs the guard every second until dropped.
#[derive(Debug)]
pub(crate) struct Guard {
    done: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Guard {
    /// Starts; without a command nothing is watched.
    pub(crate) fn start(command: Option<&str>, stop: &Stop) -> Self {
        let done = Arc::new(AtomicBool::new(false));
        let watch = |line: String, done: Arc<AtomicBool>, stop: Stop| {
            thread::spawn(move || {
                while !done.load(Ordering::Relaxed) {
                    let began = Instant::now();
                    if let Some(said) = failure(&line, &done) {
                        return stop.guard_failed(said);
                    }
                    while began.elapsed() < EVERY && !done.load(Ordering::Relaxed) {
                        thread::sleep(LOOK);
                    }
                }
            })
        };
        let thread = command.map(|line| watch(line.to_owned(), Arc::clone(&done), stop.clone()));
        Self { done, thread }
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.done.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// What is wrong, if anything is. A guard that cannot run has failed: it was asked for.
fn failure(line: &str, done: &AtomicBool) -> Option<String> {
    let began = Instant::now();
    let late = || {
        let over = began.elapsed() > LONGEST;
        (over || done.load(Ordering::Relaxed)).then_some(over)
    };
    match Job::start(shell(line)).and_then(|job| job.wait(late)) {
        Ok(Ok(ended)) if ended.status.success() => None,
        Ok(Ok(ended)) => {
            let said = String::from_utf8_lossy(&ended.output).into_owned() + &ended.errors;
            let said: String = said.trim().chars().filter(|character| !character.is_control()).take(SHOWN).collect();
            Some(if said.is_empty() { ended.status.to_string() } else { said })
        }
        Ok(Err(true)) => Some(format!("no answer in {} s", LONGEST.as_secs())),
        Ok(Err(false)) => None,
        Err(error) => Some(error.to_string()),
    }
}
