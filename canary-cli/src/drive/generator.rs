//! The load generator: oha, or any command.

use std::io;
use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context, bail};
use canary_core::squeeze::{Load, LoadRun, LoadStep};
use canary_load::ReadOptions;
use canary_load::drive::StepPlan;

use super::job::{Job, shell};
use super::stop::{Cause, Stop};

/// The longest that oha waits for a reply.
const OHA_TIMEOUT: &str = "10s";
/// From this share of its connections under way on average, oha had none free to send with.
const BUSY: f64 = 0.9;
/// Characters of a tool's complaint that an error shows.
const SHOWN: usize = 300;

/// What loads the server.
#[derive(Clone, Debug)]
pub(crate) enum Generator {
    /// oha, on the PATH.
    Oha {
        /// The URL.
        target: String,
        /// Most requests under way.
        connections: u32,
    },
    /// A command with {rate} and {seconds}.
    Command(String),
}

impl Generator {
    /// What can be known before any load.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        match self {
            Self::Oha { .. } => match Command::new("oha").arg("--version").output() {
                Ok(_) => Ok(()),
                Err(error) if error.kind() == io::ErrorKind::NotFound => bail!(
                    "found no load generator: oha is not on the PATH; `cargo install oha` installs it, and --exec runs \
                     any other"
                ),
                Err(error) => Err(error).context("cannot run oha"),
            },
            Self::Command(line) => {
                for part in ["{rate}", "{seconds}"] {
                    if !line.contains(part) {
                        bail!("--exec {line}: found no {part}, expected a command with {{rate}} and {{seconds}}");
                    }
                }
                Ok(())
            }
        }
    }

    /// Runs one step. The raw output comes with it.
    pub(crate) fn run(
        &self,
        plan: StepPlan,
        limits_ms: &[f64],
        stop: &Stop,
    ) -> anyhow::Result<Result<(LoadRun, Vec<u8>), Cause>> {
        let began = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis();
        let job = Job::start(self.command(plan)).with_context(|| format!("cannot run {}", self.name()))?;
        let ended = match job.wait(|| stop.cause())? {
            Ok(ended) => ended,
            Err(cause) => return Ok(Err(cause)),
        };
        if !ended.status.success() && ended.output.is_empty() {
            let said: String = ended.errors.trim().chars().take(SHOWN).collect();
            bail!("{}: {}: {said}", self.name(), ended.status);
        }
        let options =
            ReadOptions { limits_ms: limits_ms.to_vec(), step_seconds: Some(plan.seconds), ..ReadOptions::default() };
        let raw = ended.output.clone();
        let run = canary_load::output(self.name(), ended.output, Load::Open { rate: plan.rate }, &options);
        let mut run = run.with_context(|| match ended.errors.trim() {
            "" => "what the load tool printed cannot be read".to_owned(),
            said => format!(
                "what the load tool printed cannot be read; it complained: {}",
                said.chars().take(SHOWN).collect::<String>()
            ),
        })?;
        for step in &mut run.steps {
            step.started_ms = step.started_ms.or_else(|| i64::try_from(began).ok());
            if let Self::Oha { connections, .. } = self {
                add_unanswered(step, plan, *connections);
            }
        }
        Ok(Ok((run, raw)))
    }

    fn name(&self) -> &str {
        match self {
            Self::Oha { .. } => "oha",
            Self::Command(line) => line,
        }
    }

    fn command(&self, plan: StepPlan) -> Command {
        match self {
            Self::Oha { target, connections } => {
                let mut command = Command::new("oha");
                command
                    .args(["--no-tui", "--no-color", "--output-format", "csv", "--latency-correction", "-w"])
                    .args(["-t", OHA_TIMEOUT, "-z", &format!("{:.0}ms", plan.seconds * 1000.0)])
                    .args(["-q", &plan.rate.to_string(), "-c", &connections.to_string(), "--", target]);
                command
            }
            Self::Command(line) => {
                let line = line.replace("{rate}", &plan.rate.to_string());
                shell(&line.replace("{seconds}", &plan.seconds.to_string()))
            }
        }
    }
}

/// oha's CSV has no row for a request without a reply. By Little's law its connections were busy or not: busy, the
/// rest was never sent for want of one; else it failed.
fn add_unanswered(step: &mut LoadStep, plan: StepPlan, connections: u32) {
    step.generator.max_in_flight = Some(u64::from(connections));
    let expected = (plan.rate * plan.seconds).floor();
    let missing = expected - step.sent as f64;
    if missing.is_nan() || missing < 1.0 {
        return;
    }
    let under_way = step.latency.mean_ms.unwrap_or_default() / 1000.0 * step.sent as f64 / plan.seconds;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least 1, at most rate × seconds")]
    let missing = missing as u64;
    if under_way < BUSY * f64::from(connections) {
        step.errors.connection += missing;
    } else {
        step.unfinished += missing;
    }
    step.sent += missing;
}
