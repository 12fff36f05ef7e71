//! How long it takes: to flag a change, and to certify that there is none.

use std::error::Error;

use canary_benches::detection::{Change, Delay, to_certainty, to_flag};
use canary_benches::recording::Recording;
use canary_benches::truth::metrics;
use canary_core::config::Bounds;

use super::Pace;
use super::table::{head, row, share};

const RUNS: [&str; 3] = ["aa_request_split_5050", "aa_same_vm_interleaved", "aa_same_series_interleaved"];

/// Both tables. Bounds are half of the change, so that each size is held against bounds that should see it.
pub(crate) fn delays(pace: Pace) -> Result<(), Box<dyn Error>> {
    let runs: Vec<(&str, Recording)> = recordings(if pace == Pace::Full { &RUNS } else { &RUNS[..1] })?;
    let changes = [(1.5, Bounds::new(0.8, 1.25)?), (1.2, Bounds::new(0.9, 1.1)?), (1.1, Bounds::new(0.95, 1.05)?)];
    let distances = if pace == Pace::Full { &[10, 30][..] } else { &[30] };
    head(
        "Minutes from a change in one metric of twenty to its first flag",
        &["run", "canary", "from", "bounds", "look every", "flagged by the end", "median", "others flagged"],
    );
    for (name, recording) in &runs {
        for (ratio, bounds) in changes {
            for onset in [0.0, 0.4] {
                for &every in distances {
                    let delay = to_flag(recording, Change { ratio, onset, bounds }, every)?;
                    row(&[
                        (*name).to_owned(),
                        format!("× {ratio}"),
                        if onset > 0.0 { format!("{:.0} %", 100.0 * onset) } else { "start".to_owned() },
                        format!("{} to {}", bounds.lower(), bounds.upper()),
                        format!("{every} min"),
                        seen(&delay),
                        median(&delay),
                        counts(delay.alarms, delay.others),
                    ]);
                }
            }
        }
    }
    head(
        "Minutes to a certified ok where nothing changed",
        &["run", "bounds", "look every", "certified by the end", "median"],
    );
    for (name, recording) in &runs {
        for (_, bounds) in changes {
            for &every in distances {
                let delay = to_certainty(recording, bounds, every)?;
                row(&[
                    (*name).to_owned(),
                    format!("{} to {}", bounds.lower(), bounds.upper()),
                    format!("{every} min"),
                    seen(&delay),
                    median(&delay),
                ]);
            }
        }
    }
    Ok(())
}

fn recordings(runs: &[&'static str]) -> Result<Vec<(&'static str, Recording)>, Box<dyn Error>> {
    runs.iter().map(|run| Ok((*run, Recording::of(&metrics(run)?)))).collect()
}

fn seen(delay: &Delay) -> String {
    counts(delay.minutes.len(), delay.metrics)
}

fn counts(part: usize, whole: usize) -> String {
    let count = |value: usize| u32::try_from(value).unwrap_or(u32::MAX);
    share(count(part), count(whole))
}

fn median(delay: &Delay) -> String {
    delay.median().map_or_else(|| "-".to_owned(), |minutes| minutes.to_string())
}
