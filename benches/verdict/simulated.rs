//! Tables over drawn runs: false alarms, and whether the score's interval holds the score.

use std::error::Error;

use canary_benches::alarms::{Size, alarms as count};
use canary_benches::coverage::{Effects, coverage as measure};
use canary_benches::recording::Recording;
use canary_benches::simulate::Family;
use canary_benches::truth::metrics;

use super::Pace;
use super::table::{head, row, share};

/// False alarms where every ratio is 1, and where every ratio lies on its bound.
pub(crate) fn alarms(pace: Pace) -> Result<(), Box<dyn Error>> {
    let runs = if pace == Pace::Full { 100 } else { 40 };
    let size = Size { runs, metrics: 20, ticks: 480, every: 30 };
    head(
        "Simulated runs of 20 metrics and 8 hours without a change beyond the bounds",
        &[
            "metrics",
            "true ratio",
            "p ≤ 0.02",
            "flagged",
            "runs flagged at the end",
            "runs flagged at any of 16 looks",
            "first alarms by",
        ],
    );
    for family in Family::ALL {
        for ratio in [1.0, 1.25] {
            let found = count(family, ratio, size)?;
            let sources: Vec<String> =
                found.sources.iter().map(|(source, count)| format!("{source} {count}")).collect();
            row(&[
                family.to_string(),
                ratio.to_string(),
                share(found.early, found.metrics),
                share(found.flagged, found.metrics),
                share(found.flagged_runs, found.runs),
                share(found.alarmed_runs, found.runs),
                sources.join(", "),
            ]);
        }
    }
    Ok(())
}

/// True ratios put on real data in which nothing changed.
pub(crate) fn coverage(pace: Pace) -> Result<(), Box<dyn Error>> {
    let draws = if pace == Pace::Full { 30 } else { 6 };
    let effects = [(0.0, 0.0), (0.05, 0.5), (0.2, 0.3), (0.5, 0.2)];
    head(
        "The score's 95 % interval, true ratios drawn onto real data",
        &["run", "metrics changed", "log spread", "true score", "width", "interval holds it", "score below it"],
    );
    for run in ["aa_request_split_5050", "aa_same_vm_interleaved", "aa_same_series_interleaved"] {
        let recording = Recording::of(&metrics(run)?);
        for (share_changed, spread) in effects {
            // Where nothing changes every draw is the same one.
            let draws = if share_changed > 0.0 { draws } else { 1 };
            let found = measure(&recording, Effects { share: share_changed, spread }, draws)?;
            row(&[
                run.to_owned(),
                format!("{:.0} %", 100.0 * share_changed),
                spread.to_string(),
                format!("{:.1}", found.truth),
                format!("{:.1}", found.width),
                share(found.held, found.runs),
                found.below.to_string(),
            ]);
        }
    }
    Ok(())
}
