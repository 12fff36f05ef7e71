//! Runs of the past: folders that hold both sides, or one side by itself.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use canary_core::calibrate::{Split, split};
use canary_core::{MetricSet, Observations, Selection};
use canary_io::{Pair, ReadOptions, Table};

use crate::panics;

/// A run of the past, not yet read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Past {
    /// What it is called: the last part of its path.
    pub(crate) name: String,
    /// The path that was given.
    pub(crate) path: String,
    sides: Sides,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Sides {
    Both { baseline: String, canary: String },
    One(String),
}

impl Past {
    /// A folder with `baseline.*` and `canary.*` (or folders of these names) is a pair; anything else is one side.
    pub(crate) fn find(path: &str) -> anyhow::Result<Self> {
        let whole = Path::new(path);
        let name = whole.file_name().map_or_else(|| path.to_owned(), |name| name.to_string_lossy().into_owned());
        let sides = match (side(whole, "baseline")?, side(whole, "canary")?) {
            (Some(baseline), Some(canary)) => Sides::Both { baseline, canary },
            (Some(_), None) => bail!("{path}: found baseline.*, but no canary.* beside it"),
            (None, Some(_)) => bail!("{path}: found canary.*, but no baseline.* beside it"),
            (None, None) => Sides::One(path.to_owned()),
        };
        Ok(Self { name, path: path.to_owned(), sides })
    }

    /// Whether it holds both sides.
    pub(crate) fn is_pair(&self) -> bool {
        matches!(self.sides, Sides::Both { .. })
    }

    /// Both sides' metrics; of a single side, two made of it, and how.
    pub(crate) fn read(&self, options: &ReadOptions, seed: u64) -> anyhow::Result<(MetricSet, Option<Split>)> {
        let place = || self.path.clone();
        match &self.sides {
            Sides::Both { baseline, canary } => {
                let Pair { baseline, canary } =
                    panics::quietly(|| canary_io::read_pair(baseline, canary, options, &|_| {}))?;
                Ok((set(&baseline, &canary).with_context(place)?, None))
            }
            Sides::One(input) => {
                let table = panics::quietly(|| canary_io::read_side(input, options, &|_| {}))?;
                let whole = set(&table, &table).with_context(place)?;
                let (set, how) = split(&whole, seed).with_context(place)?;
                Ok((set, Some(how)))
            }
        }
    }
}

fn set(baseline: &Table, canary: &Table) -> anyhow::Result<MetricSet> {
    let (baseline, canary): (Vec<Observations<'_>>, Vec<_>) = (baseline.observations(), canary.observations());
    Ok(MetricSet::from_observations(&baseline, &canary, &Selection::default())?)
}

/// What of a folder is the side `name`: a folder of that name, else the files `name.*`.
fn side(folder: &Path, name: &str) -> anyhow::Result<Option<String>> {
    if !folder.is_dir() {
        return Ok(None);
    }
    let inner = folder.join(name);
    if inner.is_dir() {
        return Ok(Some(inner.to_string_lossy().into_owned()));
    }
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let is_data = [".parquet", ".csv", ".csv.gz", ".csv.zst"].iter().any(|suffix| file.ends_with(suffix));
        if is_data && file.starts_with(&format!("{name}.")) {
            found.push(path.to_string_lossy().into_owned());
        }
    }
    found.sort_unstable();
    match found.as_slice() {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        [first, second, ..] => bail!("found both {first} and {second}, expected one {name}.*"),
    }
}
