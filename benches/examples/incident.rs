//! Writes `fixtures/incident`: one fault scenario as a pair of files, with what is true of it:
//! `cargo run --release --example incident`. The same bytes each time.

use std::collections::HashMap;
use std::error::Error;
use std::fmt::Write as _;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use canary_benches::faults::{Begin, Injected, RUNS, Scenario, scenario};
use canary_benches::recording::{Metric, Recording};
use canary_benches::truth;
use polars::prelude::{
    Column, DataFrame, DataType, IntoColumn, NamedFrom, ParquetCompression, ParquetWriter, Series, TimeUnit,
};

/// A shop's service whose every operation slows down at once.
const SEED: u64 = 20;

/// A side of a metric.
type Side = fn(&Metric) -> &canary_core::ndarray::Array2<f64>;

fn main() -> Result<(), Box<dyn Error>> {
    let run = RUNS[usize::try_from(SEED)? % RUNS.len()];
    let recording = Recording::of(&truth::metrics(run)?);
    let built = scenario(run, &recording, Begin::Within, SEED).ok_or("no component with metrics enough")?;
    let groups: HashMap<&str, &str> =
        recording.metrics.iter().filter_map(|metric| Some((metric.name.as_str(), metric.group.as_deref()?))).collect();
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../fixtures/incident");
    fs::create_dir_all(&folder)?;
    let sides: [(&str, Side); 2] = [("baseline", |metric| &metric.baseline), ("canary", |metric| &metric.canary)];
    for (name, side) in sides {
        write(&folder.join(format!("{name}.parquet")), &built.recording, &groups, side)?;
    }
    fs::write(folder.join("README.md"), readme(&built)?)?;
    Ok(())
}

/// Long, with text as dictionaries.
fn write(path: &Path, recording: &Recording, groups: &HashMap<&str, &str>, side: Side) -> Result<(), Box<dyn Error>> {
    let (mut metrics, mut times, mut values, mut of_groups) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for metric in &recording.metrics {
        for (tick, value) in side(metric).iter().enumerate().filter(|(_, value)| !value.is_nan()) {
            metrics.push(metric.name.as_str());
            times.push(recording.grid.time_ms(tick).ok_or("the run has no clock")?);
            values.push(*value);
            of_groups.push(groups.get(metric.name.as_str()).copied().unwrap_or_default());
        }
    }
    let times = Series::new("timestamp".into(), times)
        .cast(&DataType::Datetime(TimeUnit::Milliseconds, Some(polars::prelude::TimeZone::UTC)))?;
    let columns: Vec<Column> = vec![
        Series::new("metric".into(), metrics).into_column(),
        times.into_column(),
        Series::new("value".into(), values).into_column(),
        Series::new("group".into(), of_groups).into_column(),
    ];
    let mut frame = DataFrame::new_infer_height(columns)?;
    ParquetWriter::new(File::create(path)?).with_compression(ParquetCompression::Zstd(None)).finish(&mut frame)?;
    Ok(())
}

fn readme(built: &Scenario) -> Result<String, std::fmt::Error> {
    let mut text = String::new();
    let Scenario { run, recording, component, onset, members, unrelated, .. } = built;
    let begin = recording.grid.time_after(*onset).unwrap_or_default();
    writeln!(text, "# An incident\n")?;
    writeln!(text, "```\ncanary score fixtures/incident/baseline.parquet fixtures/incident/canary.parquet \\")?;
    writeln!(text, "    -c fixtures/incident/canary.toml\n```\n")?;
    writeln!(text, "`judge/{run}`, real metrics of two shops in which nothing changed, with one fault built in:")?;
    writeln!(
        text,
        "`{component}` moves from {begin} (tick {onset}) on, one metric first, the others minutes later, some"
    )?;
    writeln!(
        text,
        "later still; {} metrics elsewhere move by themselves. {} metrics, columns",
        unrelated.len(),
        recording.metrics.len()
    )?;
    writeln!(text, "`metric`, `timestamp` (ms, UTC), `value`, `group` (the service).\n")?;
    writeln!(text, "Values of the canary are multiplied from the tick on:\n")?;
    writeln!(text, "| metric | from tick | by |\n| --- | --- | --- |")?;
    let mut line = |injected: &Injected| {
        writeln!(text, "| `{}` | {} | {:.2} |", injected.metric.replace('|', "\\|"), injected.onset, injected.ratio)
    };
    members.iter().try_for_each(&mut line)?;
    unrelated.iter().try_for_each(&mut line)?;
    writeln!(
        text,
        "\nThe last {} are the unrelated ones. It is scenario {SEED} of `benches/src/faults`.",
        unrelated.len()
    )?;
    writeln!(
        text,
        "\nSources and licences: [judge/README.md](../judge/README.md), [judge/LICENSES.md](../judge/LICENSES.md)."
    )?;
    writeln!(text, "Written by `cargo run --release --example incident`.")?;
    Ok(text)
}
