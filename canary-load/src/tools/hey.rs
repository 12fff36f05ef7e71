//! hey's text. A rate is per worker, and each worker waits for its reply; `Total` holds the time after the end.

use canary_core::squeeze::{Latency, LoadNoteCode, LoadStep, Omission, Quantile, Replies};

use crate::bounded::positive;
use crate::error::{Fault, Place};
use crate::parsed::{Found, Parsed};
use crate::status;

/// Parses one report or several behind each other.
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let mut parsed = Parsed::default();
    for (number, report) in text.split("Summary:").skip(1).enumerate() {
        parsed.steps.push(step(report, number + 1)?);
    }
    Ok(parsed)
}

fn step(report: &str, number: usize) -> Result<Found, Fault> {
    let seconds = value(report, "Total:").ok_or_else(|| missing(number, "Total"))?;
    let mut found = Found::new(positive("Total", seconds)?);
    let step = &mut found.step;
    count(report, number, step)?;
    step.latency = latency(report, number)?;
    found.note(LoadNoteCode::DrainInRate, 0);
    found.note(LoadNoteCode::CoordinatedOmission, 0);
    if found.step.errors.total() > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total());
    }
    Ok(found)
}

/// The seconds behind a title: `Total: 6.5292 secs`.
fn value(report: &str, title: &str) -> Option<f64> {
    let line = report.lines().find_map(|line| line.trim().strip_prefix(title))?;
    let number = line.trim().strip_suffix("secs").unwrap_or(line).trim();
    number.parse().ok()
}

fn missing(number: usize, title: &'static str) -> Fault {
    Fault::new(Place::Report(number, title), "nothing", "the line of hey's summary; is the file complete?")
}

/// `[200] 360 responses`, and below `Error distribution:` `[15] Get …: context deadline exceeded`.
fn count(report: &str, number: usize, step: &mut LoadStep) -> Result<(), Fault> {
    let statuses = report.split_once("Status code distribution:").map(|(_, rest)| rest);
    let errors = report.split_once("Error distribution:").map(|(_, rest)| rest);
    if statuses.is_none() && errors.is_none() {
        return Err(missing(number, "Status code distribution"));
    }
    let statuses = statuses.map(|rest| rest.split("Error distribution:").next().unwrap_or_default());
    for (status, words) in statuses.into_iter().flat_map(bracketed) {
        let count = words.split_whitespace().next().and_then(|count| count.parse::<u64>().ok());
        let code = status.parse::<u16>().ok();
        let (Some(count), Some(code)) = (count, code) else {
            let found = format!("`[{status}] {words}`");
            return Err(Fault::new(Place::Report(number, "Status code distribution"), found, "a status and its count"));
        };
        match status::outcome(code) {
            canary_core::squeeze::Outcome::Ok => step.ok = step.ok.saturating_add(count),
            bad => status::add(&mut step.errors, bad, count),
        }
    }
    for (count, words) in errors.into_iter().flat_map(bracketed) {
        let count = count
            .parse::<u64>()
            .map_err(|_| Fault::new(Place::Report(number, "Error distribution"), format!("`[{count}]`"), "a count"))?;
        status::add(&mut step.errors, status::failure(words), count);
    }
    step.sent = step.ok.saturating_add(step.errors.total());
    Ok(())
}

/// The lines `[…] …`, up to the first that is none.
fn bracketed(text: &str) -> impl Iterator<Item = (&str, &str)> {
    let lines = text.lines().map(str::trim).skip_while(|line| line.is_empty());
    lines.map_while(|line| line.strip_prefix('[')?.split_once(']')).map(|(key, words)| (key, words.trim()))
}

/// `Average: 0.5208 secs`, and below `Latency distribution:` `99% in 0.5611 secs`. Without replies an average is NaN,
/// and a percentile for which there are too few requests is 0.0000: neither is known then.
fn latency(report: &str, number: usize) -> Result<Latency, Fault> {
    let ms = |title: &'static str| match value(report, title) {
        Some(seconds) if !seconds.is_nan() => known_ms(seconds, number, title).map(Some),
        _ => Ok(None),
    };
    let mut quantiles = Vec::new();
    for line in report.lines() {
        let Some((percent, seconds)) = percentile(line).filter(|(_, seconds)| *seconds > 0.0) else { continue };
        quantiles.push(Quantile { quantile: percent / 100.0, ms: known_ms(seconds, number, "Latency distribution")? });
    }
    Ok(Latency {
        of: Replies::All,
        mean_ms: ms("Average:")?,
        min_ms: ms("Fastest:")?,
        max_ms: ms("Slowest:")?,
        quantiles,
        omission: Omission::Uncorrected,
        ..Latency::default()
    })
}

/// Percent and seconds of `99% in 0.5611 secs`.
fn percentile(line: &str) -> Option<(f64, f64)> {
    let (percent, rest) = line.trim().split_once("% in ")?;
    let seconds = rest.trim().strip_suffix("secs")?.trim().parse().ok()?;
    let percent = percent.parse::<f64>().ok().filter(|percent| *percent > 0.0 && *percent < 100.0)?;
    Some((percent, seconds))
}

/// Milliseconds of what stands behind a title.
fn known_ms(seconds: f64, number: usize, title: &'static str) -> Result<f64, Fault> {
    let ms = seconds * 1000.0;
    if ms >= 0.0 && ms.is_finite() {
        Ok(ms)
    } else {
        Err(Fault::new(
            Place::Report(number, title.trim_end_matches(':')),
            format!("{seconds} s"),
            "a number of 0 or more",
        ))
    }
}
