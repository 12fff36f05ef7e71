//! `canary calibrate`: a configuration proposed by healthy runs of the past.

use anyhow::{Context, bail};
use canary_core::calibrate::{Split, calibrate};
use canary_core::config::Format;
use canary_core::{Config, MetricSet};

use super::import::write;
use crate::args::CalibrateArgs;
use crate::exit::Exit;
use crate::input;
use crate::output::{self, Pending};
use crate::past::Past;
use crate::progress::Progress;

/// Runs the command.
pub(crate) fn run(args: &CalibrateArgs) -> anyhow::Result<Exit> {
    let pending = args.out.as_deref().map(Pending::new).transpose()?;
    let history: Vec<Past> = args.history.iter().map(|path| Past::find(path)).collect::<anyhow::Result<_>>()?;
    let progress = Progress::new(false);
    let (sets, sources) = read(&history, args, &progress)?;
    progress.say(format!("judging {} runs at ever wider bounds", sets.len()));
    let mut calibration = calibrate(&sets)?;
    drop(progress);
    if calibration.metrics == 0 {
        bail!("{}: found no metrics to learn from", args.history.join(", "));
    }
    let mut head = vec!["Proposed by `canary calibrate` from runs taken for healthy:".to_owned()];
    head.extend(sources);
    head.append(&mut calibration.comments.head);
    calibration.comments.head = head;
    let toml = calibration.config.to_toml(&calibration.comments)?;
    let again = Config::from_text(&toml, Format::Toml).context("the configuration as written")?;
    if again != calibration.config {
        bail!("the configuration as written differs from the one meant; this is a mistake of canary");
    }
    write(pending, &toml)?;
    Ok(Exit::Pass)
}

/// Every run, and a line about each for the head of the configuration.
fn read(history: &[Past], args: &CalibrateArgs, progress: &Progress) -> anyhow::Result<(Vec<MetricSet>, Vec<String>)> {
    let options = input::read_options(&args.reading);
    let (mut sets, mut sources) = (Vec::new(), Vec::new());
    for (index, past) in history.iter().enumerate() {
        progress.say(format!("reading run {} of {}", index + 1, history.len()));
        let (set, split) = past.read(&options, args.seed)?;
        let how = match split {
            None => "baseline against canary",
            Some(Split::Instances) => "one side: every other instance against the rest",
            Some(Split::Ticks) => {
                output::warn(&format!(
                    "{}: one side without instances: its ticks were dealt out to two sides, which shows less than two \
                     machines would differ; give pairs where you can",
                    past.path
                ));
                "one side: of each two ticks one to either side, so these bounds are rather too narrow"
            }
        };
        sources.push(format!("- {}: {how}", past.name));
        sets.push(set);
    }
    Ok((sets, sources))
}
