//! Rows of a table as steps.

use canary_core::squeeze::{Latency, Load, LoadNoteCode, LoadStep, Quantile};

use super::columns::{Column, Columns, Named};
use super::error::TableError;
use super::{CLIENT_NAMES, RATE_NAMES};
use crate::parsed::{Found, Parsed};

/// Every column that is read.
struct Known<'table> {
    rate: Option<Named<'table>>,
    clients: Option<Named<'table>>,
    kind: Option<Named<'table>>,
    duration: Named<'table>,
    started: Option<Named<'table>>,
    sent: Option<Named<'table>>,
    ok: Option<Named<'table>>,
    errors: Option<Named<'table>>,
    unfinished: Option<Named<'table>>,
    goodput: Option<Named<'table>>,
    dropped: Option<Named<'table>>,
    max_in_flight: Option<Named<'table>>,
    mean: Option<Named<'table>>,
    min: Option<Named<'table>>,
    max: Option<Named<'table>>,
    percentiles: Vec<(f64, Named<'table>)>,
    server_cpu: Option<Named<'table>>,
    host_cpu: Option<Named<'table>>,
    generator_cpu: Option<Named<'table>>,
    instance: Option<Named<'table>>,
    repeat: Option<Named<'table>>,
    tool: Option<Named<'table>>,
}

impl<'table> Known<'table> {
    fn of(columns: Columns<'table>) -> Result<Self, TableError> {
        let missing = |expected| TableError::Missing { found: columns.names(), expected };
        let known = Self {
            rate: columns.any(RATE_NAMES)?,
            clients: columns.any(CLIENT_NAMES)?,
            kind: columns.any(&["loop"])?,
            duration: columns.time("duration")?.ok_or_else(|| missing("a column `duration_s`"))?,
            started: columns.time("start_epoch")?,
            sent: columns.any(&["sent", "requests"])?,
            ok: columns.any(&["ok"])?,
            errors: columns.any(&["errors"])?,
            unfinished: columns.any(&["unfinished"])?,
            goodput: columns.any(&["goodput_rps"])?,
            dropped: columns.any(&["dropped", "dropped_iterations"])?,
            max_in_flight: columns.any(&["max_in_flight"])?,
            mean: columns.time("mean")?,
            min: columns.time("min")?,
            max: columns.time("max")?,
            percentiles: columns.percentiles()?,
            server_cpu: columns.any(&["server_cpu_pct"])?,
            host_cpu: columns.any(&["system_cpu_pct", "host_cpu_pct"])?,
            generator_cpu: columns.any(&["generator_cpu_pct"])?,
            instance: columns.any(&["instance"])?,
            repeat: columns.any(&["repeat"])?,
            tool: columns.any(&["tool"])?,
        };
        if known.rate.is_none() && known.clients.is_none() {
            return Err(missing("a column `offered_rps` (open loop) or `concurrency` (closed loop)"));
        }
        if known.ok.is_none() && known.goodput.is_none() {
            return Err(missing("a column `ok` with the good replies, or `goodput_rps`"));
        }
        Ok(known)
    }
}

/// The steps of a table.
pub(super) fn steps(columns: &[(String, Column)]) -> Result<Parsed, TableError> {
    let columns = Columns(columns);
    let known = Known::of(columns)?;
    let rows = columns.0.first().map_or(0, |(_, column)| column.len());
    if let Some(runs) = columns.any(&["run_id", "run"])? {
        one_run(&runs, rows)?;
    }
    let steps = (0..rows).map(|row| step(&known, row)).collect::<Result<Vec<_>, _>>()?;
    let tool = known.tool.and_then(|tool| tool.text(0));
    Ok(Parsed { tool, steps, ..Parsed::default() })
}

fn one_run(runs: &Named<'_>, rows: usize) -> Result<(), TableError> {
    let mut names = (0..rows).map(|row| runs.text(row).unwrap_or_default());
    let first = names.next().unwrap_or_default();
    match names.find(|name| *name != first) {
        Some(other) => Err(TableError::SeveralRuns { column: runs.name.to_owned(), one: first, other }),
        None => Ok(()),
    }
}

fn step(known: &Known<'_>, row: usize) -> Result<Found, TableError> {
    let number = |column: &Option<Named<'_>>| column.map(|column| column.number(row)).transpose().map(Option::flatten);
    let count = |column: &Option<Named<'_>>| column.map(|column| column.count(row)).transpose().map(Option::flatten);
    let load = load(known, row)?;
    let seconds = known.duration.number(row)?.map(|ms| ms / 1000.0).filter(|seconds| *seconds > 0.0);
    let seconds = seconds.ok_or_else(|| known.duration.wrong(row, "no length", "a length above 0"))?;
    let mut step = LoadStep::new(load, seconds);
    step.started_ms = number(&known.started)?.map(crate::bounded::whole_ms);
    step.goodput = number(&known.goodput)?;
    counts(known, row, &mut step)?;
    step.generator.dropped = count(&known.dropped)?.unwrap_or_default();
    step.generator.max_in_flight = count(&known.max_in_flight)?;
    step.generator.cpu_percent = number(&known.generator_cpu)?;
    step.server_cpu_percent = number(&known.server_cpu)?;
    step.host_cpu_percent = number(&known.host_cpu)?;
    step.latency = latency(known, row)?;
    step.instance = known.instance.and_then(|column| column.text(row));
    step.repeat = count(&known.repeat)?.and_then(|repeat| u32::try_from(repeat).ok());
    let dropped = step.generator.dropped;
    let mut found = Found { load: Some(load), ..Found::of(step) };
    if dropped > 0 {
        found.note(LoadNoteCode::DroppedByGenerator, dropped);
    }
    Ok(found)
}

/// Whatever the table leaves out of sent, good and bad follows from the rest.
fn counts(known: &Known<'_>, row: usize, step: &mut LoadStep) -> Result<(), TableError> {
    let count = |column: &Option<Named<'_>>| column.map(|column| column.count(row)).transpose().map(Option::flatten);
    let (sent, ok, errors) = (count(&known.sent)?, count(&known.ok)?, count(&known.errors)?);
    step.unfinished = count(&known.unfinished)?.unwrap_or_default();
    let of_goodput = step.goodput.map(|goodput| crate::bounded::nearest_count(goodput * step.duration_seconds));
    let rest = || sent?.checked_sub(errors?.saturating_add(step.unfinished));
    let Some(ok) = ok.or_else(rest).or(of_goodput) else {
        let column = known.ok.or(known.goodput).unwrap_or(known.duration);
        return Err(column.wrong(row, "nothing", "the good replies, or goodput_rps"));
    };
    let errors_found = errors.or_else(|| sent?.checked_sub(ok.saturating_add(step.unfinished)));
    step.ok = ok;
    step.errors.other = errors_found.unwrap_or_default();
    step.errors_unknown = errors_found.is_none();
    let answered = ok.saturating_add(step.errors.other).saturating_add(step.unfinished);
    step.sent = sent.unwrap_or(answered);
    match (sent, known.sent) {
        (Some(sent), Some(column)) if sent < answered => {
            let found = format!("{sent} sent, but {answered} good, bad or unfinished");
            Err(column.wrong(row, &found, "at least as many sent"))
        }
        _ => {
            // What was sent and neither answered nor failed was cut off.
            step.unfinished += step.sent - answered;
            Ok(())
        }
    }
}

fn load(known: &Known<'_>, row: usize) -> Result<Load, TableError> {
    let positive = |column: Named<'_>| column.positive(row);
    let rate = known.rate.map(positive).transpose()?.flatten();
    let clients = known.clients.map(positive).transpose()?.flatten();
    let open = |rate| Load::Open { rate };
    let closed = |clients| Load::Closed { clients: crate::bounded::nearest_count(clients).max(1) };
    let kind = known.kind.and_then(|column| column.text(row));
    let column = known.rate.or(known.clients).unwrap_or(known.duration);
    match (rate, clients, kind.as_deref()) {
        (Some(rate), None, _) | (Some(rate), Some(_), Some("open")) => Ok(open(rate)),
        (None, Some(clients), _) | (Some(_), Some(clients), Some("closed")) => Ok(closed(clients)),
        (None, None, _) => Err(column.wrong(row, "nothing", "a rate or a number of clients")),
        (Some(_), Some(_), _) => Err(column.wrong(
            row,
            "a rate and a number of clients",
            "one of them, or `open` or `closed` in a column `loop`",
        )),
    }
}

fn latency(known: &Known<'_>, row: usize) -> Result<Latency, TableError> {
    let number = |column: &Option<Named<'_>>| column.map(|column| column.number(row)).transpose().map(Option::flatten);
    let mut quantiles: Vec<Quantile> = Vec::new();
    for (quantile, column) in &known.percentiles {
        let Some(ms) = column.number(row)? else { continue };
        if quantiles.last().is_some_and(|below| below.ms > ms) {
            let found = format!("{ms} ms, less than a lower percentile");
            return Err(column.wrong(row, &found, "percentiles that do not fall, all in the unit of their name"));
        }
        quantiles.push(Quantile { quantile: *quantile, ms });
    }
    Ok(Latency {
        mean_ms: number(&known.mean)?,
        min_ms: number(&known.min)?,
        max_ms: number(&known.max)?,
        quantiles,
        ..Latency::default()
    })
}
