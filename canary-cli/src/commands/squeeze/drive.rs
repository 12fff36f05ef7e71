//! `canary squeeze drive`: look for the limit of a running server.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use canary_core::squeeze::{LoadNote, LoadRun, LoadStep, Reason, Slo, Status as Outcome, analyze};
use canary_load::drive::{Action, Controller, Ending, Measured, Plan, StepPlan};

use super::answer::exit;
use crate::args::squeeze::DriveArgs;
use crate::drive::{Cause, Generator, Guard, Status, Stop, ending_text};
use crate::exit::Exit;
use crate::throughput::Outputs;

/// The first rate, as a share of the highest: five climbs below it.
const FIRST: f64 = 1.0 / 16.0;
/// Between steps, so that the server is idle again: so many of the slowest replies, and at least and at most so long.
const PAUSE_LATENCIES: f64 = 1.5;
const PAUSES: std::ops::RangeInclusive<f64> = 0.2..=10.0;

/// Runs the command.
pub(super) fn run(args: &DriveArgs) -> anyhow::Result<Exit> {
    let outputs = Outputs::prepare(&args.output)?;
    let slo = args.judging.slo();
    let mut controller = Controller::new(plan(args, slo.clone())).context("the limits of the drive")?;
    let generator = generator(args)?;
    generator.check()?;
    if let Some(folder) = &args.keep {
        empty_folder(folder)?;
    }
    let began = Instant::now();
    let stop = Stop::at(began + Duration::from_secs_f64(seconds(args.max_time)))?;
    let guard = Guard::start(args.guard.as_deref(), &stop);
    let status = Status::new(args.output.quiet);
    let driver = Driver { generator, slo: &slo, stop: &stop, status: &status, keep: args.keep.as_deref() };
    let (run, ended) = driver.drive(&mut controller, began)?;
    drop(guard);
    status.line(&format!("ended: {}", ended.text()));
    drop(status);
    if run.steps.is_empty() {
        bail!("no step was completed: {}", ended.text());
    }
    let mut report = analyze(&run, &slo, &args.judging.options());
    if let Some((status, reason)) = ended.spoils() {
        report.withdraw(status, reason);
    }
    report.required = args.judging.min;
    outputs.deliver(|format, options| canary_report::squeeze(&report, format, options))?;
    Ok(exit(&report))
}

/// A folder for one drive: steps of two would be read as one test.
fn empty_folder(folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut files = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    if files.next().is_some() {
        bail!("--keep {}: found files in the folder, expected a new or an empty one", folder.display());
    }
    Ok(())
}

fn seconds(span: canary_core::config::Span) -> f64 {
    span.ms() as f64 / 1000.0
}

fn plan(args: &DriveArgs, slo: Slo) -> Plan {
    Plan {
        start_rate: args.start_rate.unwrap_or(args.max_rate * FIRST),
        max_rate: args.max_rate,
        max_seconds: seconds(args.max_time),
        step_seconds: args.step.map(seconds),
        slo,
        overload: !args.gentle,
    }
}

fn generator(args: &DriveArgs) -> anyhow::Result<Generator> {
    match (&args.exec, &args.target) {
        (Some(line), _) => Ok(Generator::Command(line.clone())),
        (None, Some(target)) => Ok(Generator::Oha { target: target.clone(), connections: args.connections }),
        (None, None) => bail!("expected --target or --exec"),
    }
}

/// How a drive came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Ended {
    /// The search is over.
    Search(Ending),
    /// Something stopped it.
    Early(Cause),
}

impl Ended {
    /// What it makes of the test, where no number of it counts: two answers to one rate, a server that went away, or a
    /// hand that stopped it. At the time limit what was measured stands.
    fn spoils(&self) -> Option<(Outcome, Reason)> {
        match self {
            Self::Search(Ending::SurroundingsChanged) => Some((Outcome::Unstable, Reason::ContradictingSteps)),
            Self::Search(Ending::TargetFailed) => Some((Outcome::Unusable, Reason::TargetFailed)),
            Self::Early(Cause::Interrupted) => Some((Outcome::Unusable, Reason::Interrupted)),
            Self::Early(Cause::Guard(_)) => Some((Outcome::Unusable, Reason::GuardFailed)),
            Self::Search(_) | Self::Early(Cause::TimeLimit) => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Self::Search(ending) => ending_text(*ending).to_owned(),
            Self::Early(Cause::Interrupted) => "interrupted".to_owned(),
            Self::Early(Cause::Guard(said)) => format!("the guard failed: {said}"),
            Self::Early(Cause::TimeLimit) => "--max-time is over".to_owned(),
        }
    }
}

struct Driver<'a> {
    generator: Generator,
    slo: &'a Slo,
    stop: &'a Stop,
    status: &'a Status,
    keep: Option<&'a Path>,
}

impl Driver<'_> {
    /// Step after step, until the search is over or something stops it.
    fn drive(&self, controller: &mut Controller, began: Instant) -> anyhow::Result<(LoadRun, Ended)> {
        let mut run = LoadRun::default();
        loop {
            let plan = match controller.next(began.elapsed().as_secs_f64()) {
                Action::Done(ending) => return Ok((run, Ended::Search(ending))),
                Action::Step(plan) => plan,
            };
            let number = run.steps.len() + 1;
            self.status.begin(number, plan, controller.bracket());
            let (part, raw) = match self.generator.run(plan, &self.slo.limits_ms(), self.stop)? {
                Ok(done) => done,
                Err(cause) => return Ok((run, Ended::Early(cause))),
            };
            self.store(number, plan, &raw)?;
            let Some(step) = append(&mut run, part) else { bail!("the load tool printed no step") };
            let measured = Measured::of(step, self.slo);
            let pause = pause(step);
            self.status.done(number, plan, &measured);
            controller.record(plan, measured);
            if let Some(cause) = self.pause(pause) {
                return Ok((run, Ended::Early(cause)));
            }
        }
    }

    fn store(&self, number: usize, plan: StepPlan, raw: &[u8]) -> anyhow::Result<()> {
        let Some(folder) = self.keep else { return Ok(()) };
        let path = folder.join(format!("step_{number:02}_rps_{:.3}.out", plan.rate));
        fs::write(&path, raw).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Lets the server come to rest.
    fn pause(&self, seconds: f64) -> Option<Cause> {
        let until = Instant::now() + Duration::from_secs_f64(seconds);
        while Instant::now() < until {
            if let Some(cause) = self.stop.cause() {
                return Some(cause);
            }
            thread::sleep(Duration::from_millis(20));
        }
        self.stop.cause()
    }
}

fn pause(step: &LoadStep) -> f64 {
    let slowest = step.latency.max_ms.or_else(|| step.latency.quantile_ms(0.99)).unwrap_or_default() / 1000.0;
    (PAUSE_LATENCIES * slowest).clamp(*PAUSES.start(), *PAUSES.end())
}

/// Moves a step and its notes to the end of the run.
fn append(run: &mut LoadRun, part: LoadRun) -> Option<&LoadStep> {
    let before = run.steps.len();
    run.tool = run.tool.take().or(part.tool);
    run.notes.extend(part.notes.into_iter().map(|note| LoadNote { step: note.step.map(|step| step + before), ..note }));
    run.steps.extend(part.steps);
    run.steps.last().filter(|_| run.steps.len() > before)
}
