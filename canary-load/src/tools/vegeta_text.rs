//! `vegeta report`: the same numbers as its JSON, for people.

use std::collections::BTreeMap;

use canary_core::squeeze::{Latency, LoadNoteCode, Pacing, Quantile};

use crate::bounded::{count, positive};
use crate::error::{Fault, Place};
use crate::length;
use crate::parsed::{Found, Parsed};
use crate::status;

/// Parses one report or several behind each other.
pub(super) fn parse(text: &str) -> Result<Parsed, Fault> {
    let mut parsed = Parsed::default();
    let lines: Vec<&str> = text.lines().collect();
    let starts = lines.iter().enumerate().filter(|(_, line)| line.starts_with("Requests")).map(|(at, _)| at);
    for (number, start) in starts.enumerate() {
        let of_this = lines.iter().skip(start).enumerate();
        let report: Vec<&str> =
            of_this.take_while(|(at, line)| *at == 0 || !line.starts_with("Requests")).map(|(_, line)| *line).collect();
        parsed.steps.push(step(&report, number + 1)?);
    }
    Ok(parsed)
}

fn step(lines: &[&str], number: usize) -> Result<Found, Fault> {
    let row = |title: &'static str| {
        let line = lines.iter().find_map(|line| line.strip_prefix(title)?.split_once(']'));
        line.map(|(titles, values)| (titles.trim_start_matches([' ', '[']).to_owned(), values.trim().to_owned()))
            .ok_or_else(|| Fault::new(Place::Report(number, title), "nothing", "the line of vegeta's report"))
    };
    let wrong = |title: &'static str, found: &str| {
        Fault::new(Place::Report(number, title), format!("`{found}`"), "the values that the line's title names")
    };
    let (_, requests) = row("Requests")?;
    let sent = requests.split(',').next().and_then(|total| total.trim().parse::<f64>().ok()).and_then(count);
    let sent = sent.filter(|&sent| sent > 1).ok_or_else(|| wrong("Requests", &requests))?;
    let (_, durations) = row("Duration")?;
    let parts: Vec<f64> = durations.split(',').map_while(length::milliseconds).collect();
    let [_, attack, wait] = parts[..] else { return Err(wrong("Duration", &durations)) };
    let seconds = positive("Duration", attack)? / 1000.0 * sent as f64 / (sent as f64 - 1.0);
    let mut found = Found::new(seconds);
    found.sent_rate = Some(sent as f64 / seconds);
    let (_, codes) = row("Status Codes")?;
    let codes: Option<BTreeMap<String, u64>> = codes
        .split_whitespace()
        .map(|pair| pair.split_once(':').and_then(|(code, count)| Some((code.to_owned(), count.parse().ok()?))))
        .collect();
    let codes = codes.filter(|codes| codes.values().fold(0, |sum: u64, &count| sum.saturating_add(count)) == sent);
    let codes = codes.ok_or_else(|| wrong("Status Codes", "codes that do not sum to the requests"))?;
    let step = &mut found.step;
    step.sent = sent;
    (step.ok, step.errors) = status::tally(&codes);
    step.drain_seconds = Some(((attack + wait) / 1000.0 - seconds).max(0.0));
    step.generator.pacing = Pacing::Even;
    let (titles, values) = row("Latencies")?;
    step.latency = latency(&titles, &values).ok_or_else(|| wrong("Latencies", &values))?;
    if step.errors.total() > 0 {
        found.note(LoadNoteCode::LatencyIncludesErrors, found.step.errors.total());
    }
    Ok(found)
}

fn latency(titles: &str, values: &str) -> Option<Latency> {
    let mut latency = Latency::default();
    let mut titles = titles.split(',');
    for value in values.split(',') {
        let ms = length::milliseconds(value)?;
        match titles.next()?.trim() {
            "min" => latency.min_ms = Some(ms),
            "mean" => latency.mean_ms = Some(ms),
            "max" => latency.max_ms = Some(ms),
            percent => {
                let quantile =
                    percent.parse::<f64>().ok().filter(|percent| *percent > 0.0 && *percent < 100.0)? / 100.0;
                latency.quantiles.push(Quantile { quantile, ms });
            }
        }
    }
    Some(latency)
}
