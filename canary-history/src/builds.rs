//! A history as the builds that a trend is found in.

use canary_core::trend::{BuildResult, Value};

use crate::{Entry, History, HistoryError};

/// Statuses of a test that measured nothing.
const NO_NUMBER: [&str; 2] = ["unstable", "unusable"];

impl History {
    /// The series `asked`, else the only one; `None` where there is none yet. Several are an error that names them.
    pub fn series_or_only(&self, asked: Option<&str>) -> Result<Option<String>, HistoryError> {
        if let Some(asked) = asked {
            return Ok(Some(asked.to_owned()));
        }
        let mut known = self.series()?;
        if known.len() > 1 {
            return Err(HistoryError::SeveralSeries { path: self.path().to_owned(), known: known.join(", ") });
        }
        Ok(known.pop())
    }

    /// The sweet spots of the series `asked`, else of the only one, in the order in which they were added.
    pub fn builds(&self, asked: Option<&str>) -> Result<Vec<BuildResult>, HistoryError> {
        let path = || self.path().to_owned();
        let Some(series) = self.series_or_only(asked)? else { return Err(HistoryError::Empty { path: path() }) };
        let entries = self.entries(&series)?;
        if entries.is_empty() {
            return Err(HistoryError::NoSeries { path: path(), series, known: self.series()?.join(", ") });
        }
        Ok(entries.iter().map(Entry::build_result).collect())
    }
}

impl Entry {
    /// The build with its sweet spot, as a number with its interval, or as the bound that is known.
    #[must_use]
    pub fn build_result(&self) -> BuildResult {
        let value = if NO_NUMBER.contains(&self.status.as_str()) {
            Value::Missing
        } else {
            Value::of(self.sweet_spot, self.sweet_spot_lower, self.sweet_spot_upper)
        };
        BuildResult { build: self.build.clone(), series: self.series.clone(), value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(series: &str, status: &str, sweet_spot: Option<f64>, lower: Option<f64>, upper: Option<f64>) -> Entry {
        let build = format!("{status}-1");
        Entry { build, sweet_spot, sweet_spot_lower: lower, sweet_spot_upper: upper, ..Entry::new(series, status) }
    }

    #[test]
    fn an_entry_is_a_number_a_bound_or_nothing() {
        for (entry, expected) in [
            (
                entry("a", "measured", Some(9.0), Some(8.0), Some(10.0)),
                Value::Measured { value: 9.0, lower: Some(8.0), upper: Some(10.0) },
            ),
            (entry("a", "lower_bound", None, Some(8.0), None), Value::AtLeast(8.0)),
            (entry("a", "saturated_from_start", None, None, Some(8.0)), Value::AtMost(8.0)),
            (entry("a", "unstable", Some(9.0), None, None), Value::Missing),
            (entry("a", "unusable", None, None, None), Value::Missing),
        ] {
            assert_eq!(entry.build_result().value, expected, "{entry:?}");
        }
    }

    #[test]
    fn the_only_series_need_not_be_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut history = History::open(&folder.path().join("a.db")).unwrap();
        assert!(matches!(history.builds(None), Err(HistoryError::Empty { .. })));
        history.add(&entry("a", "measured", Some(9.0), None, None)).unwrap();
        assert_eq!(history.builds(None).unwrap(), history.builds(Some("a")).unwrap());
        history.add(&entry("b", "measured", Some(9.0), None, None)).unwrap();
        assert_eq!(history.builds(Some("b")).unwrap().len(), 1);
        for (asked, expected) in [(None, "a, b"), (Some("c"), "`c`")] {
            assert!(history.builds(asked).unwrap_err().to_string().contains(expected));
        }
    }
}
