//! A history that others keep: a table with a row a build, in CSV or Parquet.

use std::fs::File;

use anyhow::{Context, bail};
use canary_core::trend::{BuildResult, Value};
use canary_io::SmallColumn;

use crate::args_trend::TrendArgs;
use crate::panics;

/// The name of the column with the build.
const BUILD: &str = "build";
/// The name of the column with what can be compared, which a table need not have.
const SERIES: &str = "series";

/// The builds in the table's order.
pub(super) fn builds(args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let shown = args.history.display();
    let columns = if canary_load::is_parquet(&args.history) {
        panics::quietly(|| canary_io::read_small_table(&args.history))?
    } else {
        read_csv(args).with_context(|| format!("{shown}: expected a table in CSV with a header"))?
    };
    of_columns(&Columns { columns }, args).with_context(|| shown.to_string())
}

fn read_csv(args: &TrendArgs) -> anyhow::Result<Vec<(String, SmallColumn)>> {
    let mut reader = csv::Reader::from_reader(File::open(&args.history)?);
    let mut columns: Vec<(String, Vec<Option<String>>)> =
        reader.headers()?.iter().map(|name| (name.trim().to_owned(), Vec::new())).collect();
    for row in reader.records() {
        let row = row?;
        for ((_, cells), cell) in columns.iter_mut().zip(&row) {
            cells.push(Some(cell.trim().to_owned()).filter(|cell| !cell.is_empty()));
        }
    }
    Ok(columns.into_iter().map(|(name, cells)| (name, SmallColumn::Text(cells))).collect())
}

fn of_columns(columns: &Columns, args: &TrendArgs) -> anyhow::Result<Vec<BuildResult>> {
    let builds = columns.texts(BUILD)?;
    let numbers = columns.numbers(&args.column)?;
    let end = |suffix: &str| {
        let name = format!("{}_{suffix}", args.column);
        if columns.has(&name) { columns.numbers(&name) } else { Ok(vec![None; builds.len()]) }
    };
    let (lower, upper) = (end("lower")?, end("upper")?);
    let series = if columns.has(SERIES) { columns.texts(SERIES)? } else { vec![None; builds.len()] };
    let mut rows = Vec::new();
    for (place, (build, series)) in builds.into_iter().zip(series).enumerate() {
        let Some(build) = build else { bail!("row {}: found no build", place + 1) };
        let at = |values: &[Option<f64>]| values.get(place).copied().flatten();
        let value = Value::of(at(&numbers), at(&lower), at(&upper));
        let series = series.or_else(|| args.series.clone()).unwrap_or_default();
        rows.push(BuildResult { build, series, value });
    }
    let Some(wanted) = &args.series else { return Ok(rows) };
    rows.retain(|row| row.series == *wanted);
    if rows.is_empty() {
        bail!("found no build of series `{wanted}`");
    }
    Ok(rows)
}

/// The columns of a table by name.
struct Columns {
    columns: Vec<(String, SmallColumn)>,
}

impl Columns {
    fn has(&self, name: &str) -> bool {
        self.columns.iter().any(|(column, _)| column == name)
    }

    fn column(&self, name: &str) -> anyhow::Result<&SmallColumn> {
        let found = self.columns.iter().find(|(column, _)| column == name).map(|(_, values)| values);
        found.with_context(|| {
            let names: Vec<&str> = self.columns.iter().map(|(name, _)| name.as_str()).collect();
            format!("found the columns {}, expected `{name}`; --column names another number", names.join(", "))
        })
    }

    fn texts(&self, name: &str) -> anyhow::Result<Vec<Option<String>>> {
        Ok(match self.column(name)? {
            SmallColumn::Text(texts) => texts.clone(),
            SmallColumn::Number(numbers) => numbers.iter().map(|number| Some(number.as_ref()?.to_string())).collect(),
            _ => bail!("column `{name}`: expected text or numbers"),
        })
    }

    /// Numbers above 0; a cell that is empty or not a number of its own (NaN) is missing.
    fn numbers(&self, name: &str) -> anyhow::Result<Vec<Option<f64>>> {
        let cell = |(row, text): (usize, &Option<String>)| {
            let Some(text) = text else { return Ok(None) };
            let number: f64 = text
                .parse()
                .with_context(|| format!("row {}, column `{name}`: found `{text}`, expected a number", row + 1))?;
            Ok(Some((row, number)))
        };
        let numbers: Vec<Option<(usize, f64)>> = match self.column(name)? {
            SmallColumn::Text(texts) => texts.iter().enumerate().map(cell).collect::<anyhow::Result<_>>()?,
            SmallColumn::Number(numbers) => {
                numbers.iter().enumerate().map(|(row, number)| Some((row, (*number)?))).collect()
            }
            _ => bail!("column `{name}`: expected numbers"),
        };
        let positive = |number: Option<(usize, f64)>| match number {
            Some((row, number)) if number <= 0.0 || number.is_infinite() => {
                bail!("row {}, column `{name}`: found {number}, expected a number above 0", row + 1)
            }
            Some((_, number)) => Ok(Some(number).filter(|number| !number.is_nan())),
            None => Ok(None),
        };
        numbers.into_iter().map(positive).collect()
    }
}
