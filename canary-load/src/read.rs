//! A file or a folder as one run.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use canary_core::squeeze::{Load, LoadNoteCode, LoadRun, LoadStep};

use crate::bounded::nearest_count;
use crate::error::LoadError;
use crate::format::Format;
use crate::name::Named;
use crate::parsed::{Found, Parsed, collect};
use crate::source::{self, Source};
use crate::tools;

/// What the output itself does not say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ReadOptions {
    /// Latency limits of the objectives, milliseconds: of logs of requests, the shares above them are exact.
    pub limits_ms: Vec<f64>,
    /// The intended load of each step, in the order of the files' names; empty where the output or the names say it.
    pub loads: Vec<Load>,
    /// How long each step was meant to last, seconds; used for logs of requests, which do not say it.
    pub step_seconds: Option<f64>,
}

/// One file that will be parsed.
struct Item {
    path: PathBuf,
    stem: String,
    format: Format,
    /// vegeta's distribution beside it.
    hdr: Option<PathBuf>,
}

/// Reads the output of a load tool: a file, or a folder of files.
pub fn read(path: impl AsRef<Path>, options: &ReadOptions) -> Result<LoadRun, LoadError> {
    let path = path.as_ref();
    let shown = path.display().to_string();
    let items = if path.is_dir() { of_folder(path)? } else { vec![of_file(path)?] };
    let mut run = LoadRun::default();
    let mut found = Vec::new();
    for item in &items {
        let mut parsed = parse(item, options)?;
        run.tool = run.tool.or_else(|| parsed.tool.take().or_else(|| item.format.tool().map(str::to_owned)));
        run.notes.append(&mut parsed.notes);
        let alone = parsed.steps.len() == 1;
        found.extend(parsed.steps.into_iter().map(|found| (item, alone, found)));
    }
    if !options.loads.is_empty() && options.loads.len() != found.len() {
        return Err(LoadError::Loads { path: shown, steps: found.len(), given: options.loads.len() });
    }
    let mut steps = Vec::new();
    for (index, (item, alone, found)) in found.into_iter().enumerate() {
        steps.push(with_load(item, alone, found, options.loads.get(index).copied())?);
    }
    let one_a_file = items.len() > 1;
    if one_a_file && steps.iter().all(|found| found.step.started_ms.is_some()) {
        // A file's name need not say the order; its clock does. Rows of one file stay as they are.
        steps.sort_by_key(|found| found.step.started_ms);
    }
    collect(&mut run, steps);
    Ok(run)
}

/// Reads what a tool printed for one step of a known load, as a driver of the tool has it.
pub fn output(name: &str, bytes: Vec<u8>, load: Load, options: &ReadOptions) -> Result<LoadRun, LoadError> {
    let source = Source::of(name, Box::new(Cursor::new(bytes)))?;
    let format = source.format;
    let item = Item { path: PathBuf::from(name), stem: String::new(), format, hdr: None };
    let parsed = tools::parse(format, source.stream, &options.limits_ms, options.step_seconds);
    let mut parsed = parsed.map_err(|fault| fault.within(name, format))?;
    if parsed.steps.len() != 1 {
        return Err(LoadError::Loads { path: name.to_owned(), steps: parsed.steps.len(), given: 1 });
    }
    let tool = parsed.tool.take().or_else(|| format.tool().map(str::to_owned));
    let mut run = LoadRun { tool, notes: parsed.notes, ..LoadRun::default() };
    let steps = parsed.steps.into_iter().map(|found| with_load(&item, true, found, Some(load)));
    let steps = steps.collect::<Result<Vec<_>, _>>()?;
    collect(&mut run, steps);
    Ok(run)
}

/// Parses bytes as one form, whatever they look like: for the fuzz targets.
#[doc(hidden)]
pub fn parse_as(format: Format, bytes: &[u8], limits_ms: &[f64]) -> Result<LoadRun, LoadError> {
    let fault = |fault: crate::error::Fault| fault.within("input", format);
    if format == Format::VegetaHdr {
        return tools::hdr(bytes).map(|_| LoadRun::default()).map_err(fault);
    }
    let parsed = tools::parse(format, bytes, limits_ms, None).map_err(fault)?;
    let mut run = LoadRun::default();
    collect(&mut run, parsed.steps);
    Ok(run)
}

/// Whether a file is Parquet, which this crate does not read.
#[must_use]
pub fn is_parquet(path: &Path) -> bool {
    let mut magic = [0; 4];
    std::fs::File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok() && &magic == b"PAR1"
}

fn of_file(path: &Path) -> Result<Item, LoadError> {
    let format = Source::open(path)?.format;
    let alone = match format {
        Format::VegetaHdr | Format::VegetaHist => {
            "found vegeta's distribution alone, which has no rate; expected `vegeta report -type=json`"
        }
        Format::LocustOther => {
            "found Locust's totals; expected `*_stats_history.csv`, written with `--csv-full-history`"
        }
        Format::Parquet => "found Parquet, expected CSV, or a table read by canary-io",
        _ => return Ok(Item { path: path.to_owned(), stem: source::stem(path), format, hdr: None }),
    };
    let problem = crate::error::Unknown::Wanted(alone);
    Err(LoadError::Unknown { path: path.display().to_string(), problem })
}

/// The files of a folder that are read: of several about one step the best, of several tools none.
fn of_folder(folder: &Path) -> Result<Vec<Item>, LoadError> {
    let shown = folder.display().to_string();
    let paths = source::files(folder).map_err(|source| LoadError::Io { path: shown.clone(), source })?;
    let mut known = Vec::new();
    for path in &paths {
        match Source::open(path) {
            Ok(source) => known.push((path, source.format)),
            // The step at which the load tool itself gave up must not go missing in silence.
            Err(error @ LoadError::Empty { .. }) if Named::of(&source::stem(path)).load().is_some() => {
                return Err(error);
            }
            // A script, a log, a README: a folder holds more than results.
            Err(LoadError::Unknown { .. } | LoadError::Empty { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    let has_rows = |tool| known.iter().any(|(_, format)| format.tool() == tool && format.richness() == 3);
    let k6_rows = has_rows(Some("k6"));
    let mut by_stem: BTreeMap<String, Item> = BTreeMap::new();
    let mut order = Vec::new();
    for &(path, format) in &known {
        if format.richness() == 0 || format == Format::Parquet || (k6_rows && format == Format::K6Summary) {
            continue;
        }
        let stem = source::stem(path);
        let item = Item { path: path.clone(), stem: stem.clone(), format, hdr: None };
        match by_stem.get_mut(&stem) {
            Some(best) if best.format.richness() >= format.richness() => {}
            Some(best) => *best = item,
            None => {
                order.push(stem.clone());
                by_stem.insert(stem, item);
            }
        }
    }
    for (path, _) in known.iter().filter(|(_, format)| *format == Format::VegetaHdr) {
        if let Some(item) = by_stem.get_mut(&source::stem(path)) {
            item.hdr = Some((*path).clone());
        }
    }
    let items: Vec<Item> = order.iter().filter_map(|stem| by_stem.remove(stem)).collect();
    one_tool(&shown, &items)?;
    if items.is_empty() { Err(LoadError::NothingKnown { path: shown, found: listed(&paths) }) } else { Ok(items) }
}

fn one_tool(path: &str, items: &[Item]) -> Result<(), LoadError> {
    let Some(first) = items.first() else { return Ok(()) };
    let other = items.iter().find(|item| item.format.tool() != first.format.tool());
    other.map_or(Ok(()), |other| {
        Err(LoadError::Mixed { path: path.to_owned(), first: first.format, second: other.format })
    })
}

/// What lies in a folder, in a few words.
fn listed(paths: &[PathBuf]) -> String {
    const SHOWN: usize = 5;
    let name = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match paths.len() {
        0 => "no file".to_owned(),
        count if count > SHOWN => format!("{count} files, such as {}", name(&paths[0])),
        _ => paths.iter().map(name).collect::<Vec<_>>().join(", "),
    }
}

fn parse(item: &Item, options: &ReadOptions) -> Result<Parsed, LoadError> {
    let shown = item.path.display().to_string();
    let source = Source::open(&item.path)?;
    let parsed = tools::parse(item.format, source.stream, &options.limits_ms, options.step_seconds);
    let mut parsed = parsed.map_err(|fault| fault.within(&shown, item.format))?;
    if let (Some(hdr), [found]) = (&item.hdr, parsed.steps.as_mut_slice())
        && item.format != Format::VegetaResults
    {
        let source = Source::open(hdr)?;
        let histogram = tools::hdr(source.stream);
        let histogram = histogram.map_err(|fault| fault.within(&hdr.display().to_string(), Format::VegetaHdr))?;
        // Of another run, when it counts other requests.
        if histogram.total() == found.step.sent {
            found.step.latency.histogram = Some(histogram);
        }
    }
    Ok(parsed)
}

/// Settles the load of a step: what was given, what the content says, what the name says, what was sent.
fn with_load(item: &Item, alone: bool, mut found: Found, given: Option<Load>) -> Result<Found, LoadError> {
    let named = if alone { Named::of(&item.stem) } else { Named::default() };
    // A number of connections in the content goes with a rate limit that only the name tells.
    let open = found.load.filter(|load| matches!(load, Load::Open { .. }));
    let rate = named.rate.map(|rate| Load::Open { rate });
    let closed = found.load.or_else(|| named.load());
    let said = given.or(open).or(if item.format == Format::Table { found.load } else { rate }).or(closed);
    let load = match (said, found.sent_rate) {
        (Some(load), _) => load,
        (None, Some(rate)) => {
            found.note(LoadNoteCode::OfferedRateGuessed, nearest_count(rate));
            Load::Open { rate }
        }
        (None, None) => return Err(no_load(item, &found)),
    };
    found.step.load = load;
    if let (Load::Open { .. }, None, Some(clients)) = (load, found.step.generator.max_in_flight, named.clients) {
        found.step.generator.max_in_flight = Some(clients);
    }
    if found.idle_cut_off {
        without_idle(&mut found.step);
    }
    if found.step.unfinished > 0 {
        let unfinished = found.step.unfinished;
        found.note(LoadNoteCode::CutOffAtEnd, unfinished);
    }
    if matches!((item.format, load), (Format::HeyText | Format::HeyCsv, Load::Open { .. })) {
        let workers = found.step.generator.max_in_flight.unwrap_or_default();
        found.note(LoadNoteCode::RatePerWorker, workers);
    }
    Ok(found)
}

fn no_load(item: &Item, found: &Found) -> LoadError {
    let path = item.path.display();
    let path = found.name.as_ref().map_or_else(|| path.to_string(), |name| format!("{path}: {name}"));
    LoadError::NoLoad { path, format: item.format }
}

/// Takes out of the unfinished requests the workers that had none: more were not asked for.
fn without_idle(step: &mut LoadStep) {
    let answered = step.ok.saturating_add(step.errors.total());
    let most = match step.load {
        Load::Open { rate } => nearest_count(rate * step.duration_seconds).saturating_sub(answered),
        Load::Closed { clients } => clients,
    };
    step.unfinished = step.unfinished.min(most);
    step.sent = answered.saturating_add(step.unfinished);
}
