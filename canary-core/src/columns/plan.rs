//! Which columns of a table are read, and what for.

use super::names::{ColumnNames, Layout, Role};

/// The columns of one table, by their names in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The column of times.
    pub timestamp: String,
    /// The column of regions, where there is one.
    pub region: Option<String>,
    /// The column of instances, where there is one.
    pub instance: Option<String>,
    /// The column that tells the sides apart, where the table holds both.
    pub side: Option<String>,
    /// The columns that depend on the layout.
    pub shape: Shape,
}

/// The columns that depend on the layout.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One row an observation.
    Long {
        /// The column of metric names.
        metric: String,
        /// The column of values.
        value: String,
        /// The column of groups, where there is one.
        group: Option<String>,
    },
    /// One row a time.
    Wide {
        /// The columns that are metrics.
        metrics: Vec<String>,
    },
}

/// Which sides a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sides {
    /// One of two: a column `side` would say that it holds both.
    One,
    /// It does not matter.
    Any,
    /// Both, told apart by a column.
    Both,
}

/// Why a table with these columns cannot be read. Each front end has its own words for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlanError {
    /// Columns that are needed are not there.
    MissingColumns {
        /// The columns looked for and not found.
        missing: Vec<String>,
    },
    /// A column of sides in what was given as one side of two.
    HoldsBothSides {
        /// The column.
        column: String,
    },
    /// A wide table without a metric.
    NoMetrics,
}

impl Plan {
    /// Plans the reading of a table whose columns are `found`, in the layout given or the one they show.
    pub fn new(found: &[String], names: &ColumnNames, layout: Option<Layout>, sides: Sides) -> Result<Self, PlanError> {
        let header = Header { found, names };
        let layout = layout.unwrap_or_else(|| header.layout());
        header.check(layout, sides)?;
        if let (Sides::One, Some(column)) = (sides, header.optional(Role::Side)) {
            return Err(PlanError::HoldsBothSides { column });
        }
        let shape = match layout {
            Layout::Long => Shape::Long {
                metric: names.metric.clone(),
                value: names.value.clone(),
                group: header.optional(Role::Group),
            },
            Layout::Wide => Shape::Wide { metrics: header.metrics()? },
        };
        Ok(Self {
            timestamp: names.timestamp.clone(),
            region: header.optional(Role::Region),
            instance: header.optional(Role::Instance),
            side: (sides == Sides::Both).then(|| names.side.clone()),
            shape,
        })
    }

    /// The columns that hold numbers.
    #[must_use]
    pub fn numbers(&self) -> &[String] {
        match &self.shape {
            Shape::Long { value, .. } => std::slice::from_ref(value),
            Shape::Wide { metrics } => metrics,
        }
    }

    /// The columns that hold labels.
    pub fn labels(&self) -> impl Iterator<Item = &String> {
        let (metric, group) = match &self.shape {
            Shape::Long { metric, group, .. } => (Some(metric), group.as_ref()),
            Shape::Wide { .. } => (None, None),
        };
        let others = [self.region.as_ref(), self.instance.as_ref(), self.side.as_ref()];
        metric.into_iter().chain(group).chain(others.into_iter().flatten())
    }

    /// Every column that is read.
    pub fn columns(&self) -> impl Iterator<Item = &String> {
        self.labels().chain([&self.timestamp]).chain(self.numbers())
    }
}

struct Header<'a> {
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
    fn check(&self, layout: Layout, sides: Sides) -> Result<(), PlanError> {
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
        if missing.is_empty() { Ok(()) } else { Err(PlanError::MissingColumns { missing }) }
    }

    fn optional(&self, role: Role) -> Option<String> {
        self.has(role).then(|| self.names.of(role).to_owned())
    }

    fn metrics(&self) -> Result<Vec<String>, PlanError> {
        let beside = [Role::Timestamp, Role::Instance, Role::Region, Role::Side].map(|role| self.names.of(role));
        let metrics: Vec<_> = self
            .found
            .iter()
            .filter(|name| !beside.contains(&name.as_str()) && !is_pandas_index(name))
            .cloned()
            .collect();
        if metrics.is_empty() { Err(PlanError::NoMetrics) } else { Ok(metrics) }
    }
}

/// `DataFrame.to_csv` writes its row numbers under no name, `to_parquet` under this one.
fn is_pandas_index(name: &str) -> bool {
    name.is_empty() || (name.starts_with("__index_level_") && name.ends_with("__"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(found: &[&str], sides: Sides) -> Result<Plan, PlanError> {
        let found: Vec<String> = found.iter().map(ToString::to_string).collect();
        Plan::new(&found, &ColumnNames::default(), None, sides)
    }

    #[test]
    fn the_columns_show_the_layout() {
        let long = plan(&["timestamp", "metric", "value", "region", "other"], Sides::One).unwrap();
        assert_eq!(long.columns().map(String::as_str).collect::<Vec<_>>(), ["metric", "region", "timestamp", "value"]);
        let wide = plan(&["timestamp", "cpu", "__index_level_0__", "instance", ""], Sides::One).unwrap();
        assert_eq!(wide.shape, Shape::Wide { metrics: vec!["cpu".into()] });
    }

    #[test]
    fn what_is_missing_is_named() {
        let missing = |found: &[&str], sides| match plan(found, sides) {
            Err(PlanError::MissingColumns { missing }) => missing,
            other => panic!("{other:?}"),
        };
        assert_eq!(missing(&["time", "cpu"], Sides::One), ["metric", "timestamp", "value"]);
        assert_eq!(missing(&["timestamp", "cpu"], Sides::Both), ["side"]);
        assert_eq!(plan(&["timestamp", "region"], Sides::One), Err(PlanError::NoMetrics));
        let both = Err(PlanError::HoldsBothSides { column: "side".into() });
        assert_eq!(plan(&["timestamp", "cpu", "side"], Sides::One), both);
        assert!(plan(&["timestamp", "cpu", "side"], Sides::Any).is_ok());
    }
}
