//! Which columns of a file are read, and what for.

use crate::error::ReadError;
use crate::options::{ColumnNames, Layout, ReadOptions, Role};

/// The columns of one file, by their names in it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) timestamp: String,
    pub(crate) region: Option<String>,
    pub(crate) instance: Option<String>,
    pub(crate) side: Option<String>,
    pub(crate) shape: Shape,
}

/// The columns that depend on the layout.
#[derive(Debug)]
pub(crate) enum Shape {
    Long { metric: String, value: String, group: Option<String> },
    Wide { metrics: Vec<String> },
}

/// Which sides an input holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sides {
    /// One of two: a column `side` would say that it holds both.
    One,
    /// It does not matter.
    Any,
    /// Both, told apart by a column.
    Both,
}

impl Plan {
    /// Plans the reading of a file with these columns.
    pub(crate) fn new(path: &str, found: &[String], options: &ReadOptions, sides: Sides) -> Result<Self, ReadError> {
        let header = Header { path, found, names: &options.columns };
        let layout = options.layout.unwrap_or_else(|| header.layout());
        header.check(layout, sides)?;
        if let (Sides::One, Some(column)) = (sides, header.optional(Role::Side)) {
            return Err(ReadError::HoldsBothSides { path: path.to_owned(), column });
        }
        let shape = match layout {
            Layout::Long => Shape::Long {
                metric: options.columns.metric.clone(),
                value: options.columns.value.clone(),
                group: header.optional(Role::Group),
            },
            Layout::Wide => Shape::Wide { metrics: header.metrics()? },
        };
        Ok(Self {
            timestamp: options.columns.timestamp.clone(),
            region: header.optional(Role::Region),
            instance: header.optional(Role::Instance),
            side: (sides == Sides::Both).then(|| options.columns.side.clone()),
            shape,
        })
    }

    /// The columns that hold numbers.
    pub(crate) fn numbers(&self) -> &[String] {
        match &self.shape {
            Shape::Long { value, .. } => std::slice::from_ref(value),
            Shape::Wide { metrics } => metrics,
        }
    }

    /// The columns that hold labels.
    pub(crate) fn labels(&self) -> impl Iterator<Item = &String> {
        let (metric, group) = match &self.shape {
            Shape::Long { metric, group, .. } => (Some(metric), group.as_ref()),
            Shape::Wide { .. } => (None, None),
        };
        let others = [self.region.as_ref(), self.instance.as_ref(), self.side.as_ref()];
        metric.into_iter().chain(group).chain(others.into_iter().flatten())
    }

    /// Every column that is read.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &String> {
        self.labels().chain([&self.timestamp]).chain(self.numbers())
    }
}

struct Header<'a> {
    path: &'a str,
    found: &'a [String],
    names: &'a ColumnNames,
}

impl Header<'_> {
    fn has(&self, role: Role) -> bool {
        self.found.iter().any(|name| name == self.names.of(role))
    }

    fn layout(&self) -> Layout {
        if self.has(Role::Metric) || self.has(Role::Value) || !self.has(Role::Timestamp) {
            Layout::Long
        } else {
            Layout::Wide
        }
    }

    /// A column that was mapped to another name is meant to be there.
    fn check(&self, layout: Layout, sides: Sides) -> Result<(), ReadError> {
        let required = |role: Role| match role {
            Role::Timestamp => true,
            Role::Metric | Role::Value => layout == Layout::Long,
            Role::Side => sides == Sides::Both,
            Role::Group => layout == Layout::Long && self.names.of(role) != role.name(),
            Role::Region | Role::Instance => self.names.of(role) != role.name(),
        };
        let missing: Vec<_> = Role::ALL
            .into_iter()
            .filter(|&role| required(role) && !self.has(role))
            .map(|role| self.names.of(role).to_owned())
            .collect();
        if missing.is_empty() {
            return Ok(());
        }
        Err(ReadError::MissingColumns { path: self.path.to_owned(), missing, found: self.found.to_vec() })
    }

    fn optional(&self, role: Role) -> Option<String> {
        self.has(role).then(|| self.names.of(role).to_owned())
    }

    fn metrics(&self) -> Result<Vec<String>, ReadError> {
        let beside = [Role::Timestamp, Role::Instance, Role::Region, Role::Side].map(|role| self.names.of(role));
        let metrics: Vec<_> = self
            .found
            .iter()
            .filter(|name| !beside.contains(&name.as_str()) && !is_pandas_index(name))
            .cloned()
            .collect();
        if metrics.is_empty() {
            return Err(ReadError::NoMetrics { path: self.path.to_owned(), found: self.found.to_vec() });
        }
        Ok(metrics)
    }
}

/// `DataFrame.to_csv` writes its row numbers under no name, `to_parquet` under this one.
fn is_pandas_index(name: &str) -> bool {
    name.is_empty() || (name.starts_with("__index_level_") && name.ends_with("__"))
}
