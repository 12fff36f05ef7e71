//! A row a build: a number over builds that others keep in a table.

use canary_core::trend::{BuildResult, Value};

use super::columns::{Columns, Named};
use super::{Table, TableError};

/// The column with the build.
const BUILD: &str = "build";
/// The column with what can be compared, which a table need not have.
const SERIES: &str = "series";

impl Table {
    /// The builds in the table's order: `build`, the column `number`, `NUMBER_lower` and `NUMBER_upper` where there are
    /// such (without the number one of them is a bound), and `series`. Only those of `series` where it is given; rows
    /// of a table without series are of that one.
    pub fn builds(&self, number: &str, series: Option<&str>) -> Result<Vec<BuildResult>, TableError> {
        let columns = Columns(&self.columns);
        let needed = |name: &str| {
            let missing = || TableError::NoColumn { found: columns.names(), name: name.to_owned() };
            columns.any(&[name])?.ok_or_else(missing)
        };
        let (build, value) = (needed(BUILD)?, needed(number)?);
        let lower = columns.any(&[&format!("{number}_lower")])?;
        let upper = columns.any(&[&format!("{number}_upper")])?;
        let named = columns.any(&[SERIES])?;
        let mut builds = Vec::new();
        for row in 0..build.column.len() {
            let name = build.text(row).ok_or_else(|| build.wrong(row, "nothing", "a build"))?;
            let of_row = named.and_then(|named| named.text(row)).or_else(|| series.map(str::to_owned));
            let of_row = of_row.unwrap_or_default();
            // A number of another series may be anything.
            if series.is_none_or(|series| series == of_row) {
                let end = |column: Option<Named<'_>>| column.map_or(Ok(None), |column| column.positive(row));
                let value = Value::of(value.positive(row)?, end(lower)?, end(upper)?);
                builds.push(BuildResult { build: name, series: of_row, value });
            }
        }
        match series.filter(|_| builds.is_empty()) {
            Some(series) => Err(TableError::NoSeries { series: series.to_owned() }),
            None => Ok(builds),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Column;

    fn table(columns: &[(&str, Column)]) -> Table {
        Table::new(columns.iter().map(|(name, column)| ((*name).to_owned(), column.clone())).collect()).unwrap()
    }

    fn texts(cells: &[&str]) -> Column {
        Column::Text(cells.iter().map(|cell| Some((*cell).to_owned()).filter(|cell| !cell.is_empty())).collect())
    }

    #[test]
    fn a_row_is_a_build_with_its_number_its_interval_or_a_bound() {
        let table = table(&[
            ("build", Column::Number(vec![Some(1.0), Some(2.0), Some(3.0), Some(4.0)])),
            ("rps", texts(&["100", "", "NA", ""])),
            ("rps_lower", Column::Number(vec![Some(90.0), Some(80.0), None, None])),
            ("rps_upper", Column::Number(vec![Some(110.0), None, Some(70.0), Some(f64::NAN)])),
        ]);
        let found = table.builds("rps", None).unwrap();
        let value = Value::Measured { value: 100.0, lower: Some(90.0), upper: Some(110.0) };
        let expected = [value, Value::AtLeast(80.0), Value::AtMost(70.0), Value::Missing];
        assert_eq!(found.iter().map(|build| build.value).collect::<Vec<_>>(), expected);
        assert_eq!(found.iter().map(|build| build.build.as_str()).collect::<Vec<_>>(), ["1", "2", "3", "4"]);
    }

    #[test]
    fn only_the_series_that_is_asked_for_is_read() {
        let table =
            table(&[("build", texts(&["a", "b"])), ("rps", texts(&["1", "none"])), ("series", texts(&["x", "y"]))]);
        assert_eq!(table.builds("rps", Some("x")).unwrap().len(), 1);
        assert_eq!(table.builds("rps", Some("z")), Err(TableError::NoSeries { series: "z".to_owned() }));
        let error = table.builds("rps", Some("y")).unwrap_err().to_string();
        assert_eq!(error, "row 2, column `rps`: found `none`, expected a number");
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |build: &str, rps: &str| {
            let error = table(&[("build", texts(&[build])), ("rps", texts(&[rps]))]).builds("rps", None).unwrap_err();
            error.to_string()
        };
        assert_eq!(wrong("", "1"), "row 1, column `build`: found nothing, expected a build");
        assert_eq!(wrong("a", "0"), "row 1, column `rps`: found 0, expected a number above 0");
        assert_eq!(wrong("a", "-3"), "row 1, column `rps`: found -3, expected a number of 0 or more");
        let error = table(&[("build", texts(&["a"])), ("p99", texts(&["1"]))]).builds("rps", None).unwrap_err();
        assert!(error.to_string().starts_with("found the columns build, p99, expected `rps`"), "{error}");
    }
}
