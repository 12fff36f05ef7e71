//! A command in a process group of its own, which ends with all that it started.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// Between two looks at whether it ended.
const LOOK: Duration = Duration::from_millis(20);
/// Between asking to end and ending by force.
const PATIENCE: Duration = Duration::from_millis(500);
/// Bytes kept of what a command prints: a day of oha's rows at a thousand requests a second.
const MOST_OUTPUT: u64 = 8 << 30;

/// What a command that ended by itself left.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: String,
}

/// A running command. Dropped, it is ended with its whole group.
#[derive(Debug)]
pub(crate) struct Job {
    child: Child,
    output: Option<JoinHandle<Vec<u8>>>,
    errors: Option<JoinHandle<Vec<u8>>>,
    running: bool,
}

impl Job {
    /// Starts a command. What it prints is kept; it reads nothing.
    pub(crate) fn start(mut command: Command) -> io::Result<Self> {
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let output = child.stdout.take().map(collected);
        let errors = child.stderr.take().map(collected);
        Ok(Self { child, output, errors, running: true })
    }

    /// Waits until it ends or `stop` gives a cause; then it is ended, and the cause is the error.
    pub(crate) fn wait<C>(mut self, stop: impl Fn() -> Option<C>) -> io::Result<Result<Ended, C>> {
        loop {
            if let Some(status) = self.child.try_wait()? {
                self.running = false;
                // Whatever it left in the background goes with it, or its output would never end.
                self.signal(true);
                let output = self.output.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
                let errors = self.errors.take().and_then(|thread| thread.join().ok()).unwrap_or_default();
                let errors = String::from_utf8_lossy(&errors).into_owned();
                return Ok(Ok(Ended { status, output, errors }));
            }
            if let Some(cause) = stop() {
                return Ok(Err(cause));
            }
            thread::sleep(LOOK);
        }
    }

    /// Signals the whole group.
    #[cfg(unix)]
    fn signal(&self, by_force: bool) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let group = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        if let Some(group) = group {
            // An error means that nobody is left.
            let _ = kill_process_group(group, if by_force { Signal::KILL } else { Signal::TERM });
        }
    }

    #[cfg(not(unix))]
    fn signal(&self, _by_force: bool) {}
}

impl Drop for Job {
    fn drop(&mut self) {
        if !self.running {
            return;
        }
        self.signal(false);
        let asked = Instant::now();
        while asked.elapsed() < PATIENCE && matches!(self.child.try_wait(), Ok(None)) {
            thread::sleep(LOOK);
        }
        self.signal(true);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads all that a command prints, beside it: a full pipe would stop it.
fn collected(pipe: impl Read + Send + 'static) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read until an error is judged by whoever parses it.
        let _ = pipe.take(MOST_OUTPUT).read_to_end(&mut bytes);
        bytes
    })
}

/// A line for a shell as a command.
pub(crate) fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.args(["-c", line]);
    command
}
