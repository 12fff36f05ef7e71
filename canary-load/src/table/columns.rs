//! Columns of a table, and which of them holds what.

use super::error::TableError;

/// One column. What is missing is `None`, or NaN among numbers.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Column {
    /// Numbers.
    Number(Vec<Option<f64>>),
    /// Text, which may hold numbers.
    Text(Vec<Option<String>>),
}

impl Column {
    /// Rows.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Number(values) => values.len(),
            Self::Text(values) => values.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

/// A column that was asked for by its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named<'table> {
    pub(super) name: &'table str,
    pub(super) column: &'table Column,
    /// What a value is multiplied with (milliseconds in its unit), 1 for counts.
    pub(super) scale: f64,
}

impl Named<'_> {
    /// The number in a row, from 0; `None` where it is missing.
    pub(super) fn number(&self, row: usize) -> Result<Option<f64>, TableError> {
        let found = match self.column {
            Column::Number(values) => values.get(row).copied().flatten().filter(|value| !value.is_nan()),
            Column::Text(values) => match values.get(row).and_then(Option::as_deref).filter(|text| !is_missing(text)) {
                None => None,
                Some(text) => Some(text.parse::<f64>().map_err(|_| self.wrong(row, &format!("`{text}`"), "a number"))?),
            },
        };
        let checked = |value: f64| {
            let value = value * self.scale;
            let right = value >= 0.0 && value.is_finite();
            right.then_some(value).ok_or_else(|| self.wrong(row, &value.to_string(), "a number of 0 or more"))
        };
        found.map(checked).transpose()
    }

    /// The number above 0 in a row.
    pub(super) fn positive(&self, row: usize) -> Result<Option<f64>, TableError> {
        match self.number(row)? {
            Some(value) if value <= 0.0 => Err(self.wrong(row, &value.to_string(), "a number above 0")),
            value => Ok(value),
        }
    }

    /// The count in a row.
    pub(super) fn count(&self, row: usize) -> Result<Option<u64>, TableError> {
        let whole =
            |value: f64| crate::bounded::count(value).ok_or_else(|| self.wrong(row, &value.to_string(), "a count"));
        self.number(row)?.map(whole).transpose()
    }

    /// The text in a row.
    pub(super) fn text(&self, row: usize) -> Option<String> {
        match self.column {
            Column::Number(values) => values.get(row).copied().flatten().map(|value| value.to_string()),
            Column::Text(values) => values.get(row).cloned().flatten().filter(|text| !is_missing(text)),
        }
    }

    pub(super) fn wrong(&self, row: usize, found: &str, expected: &'static str) -> TableError {
        TableError::Value { row: row + 1, column: self.name.to_owned(), found: found.to_owned(), expected }
    }
}

/// Words for a missing value.
fn is_missing(text: &str) -> bool {
    matches!(text, "" | "NA" | "N/A" | "nan" | "NaN" | "null" | "None")
}

/// Units in names, and their milliseconds.
const UNITS: [(&str, f64); 4] = [("_ms", 1.0), ("_s", 1000.0), ("_us", 1e-3), ("_ns", 1e-6)];

/// The columns of a table, for looking up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Columns<'table>(pub(super) &'table [(String, Column)]);

impl<'table> Columns<'table> {
    /// The names, for an error.
    pub(super) fn names(self) -> String {
        let names: Vec<&str> = self.0.iter().map(|(name, _)| name.as_str()).collect();
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    }

    /// A column by one of its names; two of them are an error.
    pub(super) fn any(self, names: &[&str]) -> Result<Option<Named<'table>>, TableError> {
        let mut found = self.0.iter().filter(|(name, _)| names.contains(&name.as_str()));
        let first = found.next().map(|(name, column)| Named { name, column, scale: 1.0 });
        if let (Some(first), Some((second, _))) = (first, found.next()) {
            return Err(TableError::Twice { first: first.name.to_owned(), second: second.clone() });
        }
        Ok(first)
    }

    /// A time, by its name without the unit, in milliseconds.
    pub(super) fn time(self, stem: &str) -> Result<Option<Named<'table>>, TableError> {
        if self.0.iter().any(|(name, _)| name == stem) {
            return Err(TableError::NoUnit { name: stem.to_owned() });
        }
        let with = |(unit, scale): (&str, f64)| {
            let name = format!("{stem}{unit}");
            let (name, column) = self.0.iter().find(|(other, _)| *other == name)?;
            Some(Named { name, column, scale })
        };
        let mut found = UNITS.into_iter().filter_map(with);
        match (found.next(), found.next()) {
            (Some(first), Some(second)) => {
                Err(TableError::Twice { first: first.name.to_owned(), second: second.name.to_owned() })
            }
            (first, _) => Ok(first),
        }
    }

    /// The percentiles: `p99_ms` and such, with their quantile.
    pub(super) fn percentiles(self) -> Result<Vec<(f64, Named<'table>)>, TableError> {
        let mut found: Vec<(f64, Named<'table>)> = Vec::new();
        for (name, _) in self.0 {
            let stem = UNITS.iter().find_map(|(unit, _)| name.strip_suffix(unit)).unwrap_or(name);
            let percent = stem.strip_prefix('p').and_then(|digits| digits.replace('_', ".").parse::<f64>().ok());
            let Some(percent) = percent.filter(|percent| *percent > 0.0 && *percent < 100.0) else { continue };
            if let Some(column) = self.time(stem)?
                && !found.iter().any(|(_, other)| other.name == column.name)
            {
                found.push((percent / 100.0, column));
            }
        }
        found.sort_by(|one, other| one.0.total_cmp(&other.0));
        Ok(found)
    }
}
