//! The metrics of a report as a table.

use std::sync::Arc;

use arrow_array::builder::{ListBuilder, StringBuilder};
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_array::{ArrayRef, BooleanArray, Float64Array, RecordBatch, StringArray, UInt64Array};
use arrow_schema::{ArrowError, DataType};
use canary_core::Report;
use canary_core::report::MetricResult;
use canary_report::words::reason_text;
use pyo3::prelude::*;
use pyo3::types::PyDict;
use serde::Serialize;
use serde_json::Value;

/// One row a metric, for the metrics at `places`.
pub(crate) fn batch(report: &Report, places: &[usize]) -> Result<RecordBatch, ArrowError> {
    let metrics = Metrics(places.iter().filter_map(|&place| report.metrics.get(place)).collect());
    let interval = |end: fn(&canary_core::report::Interval) -> Option<f64>| {
        metrics.numbers(|metric| metric.interval.as_ref().and_then(end))
    };
    RecordBatch::try_from_iter_with_nullable([
        ("name", metrics.texts(|metric| Some(metric.name.to_string())), false),
        ("region", metrics.texts(|metric| metric.region.as_deref().map(str::to_owned)), true),
        ("group", metrics.texts(|metric| Some(metric.group.to_string())), false),
        ("state", metrics.texts(|metric| Some(metric.state.name().to_owned())), false),
        ("ratio", metrics.numbers(|metric| metric.ratio), true),
        ("lower", interval(|interval| interval.lower), true),
        ("upper", interval(|interval| interval.upper), true),
        ("level", interval(|interval| Some(interval.level)), true),
        ("lower_bound", metrics.numbers(|metric| Some(metric.bounds.lower())), true),
        ("upper_bound", metrics.numbers(|metric| Some(metric.bounds.upper())), true),
        ("baseline", metrics.numbers(|metric| metric.average.baseline), true),
        ("canary", metrics.numbers(|metric| metric.average.canary), true),
        ("baseline_points", metrics.counts(|metric| metric.points.baseline), false),
        ("canary_points", metrics.counts(|metric| metric.points.canary), false),
        ("effective_points", metrics.numbers(|metric| metric.points.effective), true),
        ("p_value", metrics.numbers(|metric| metric.p_value), true),
        ("weight", metrics.numbers(|metric| Some(metric.weight)), false),
        ("critical", metrics.flags(|metric| metric.critical), false),
        ("counts_against", metrics.flags(|metric| metric.counts_against), false),
        ("evidence", metrics.texts(|metric| word(&metric.evidence)), false),
        ("window", metrics.texts(|metric| word(&metric.window)), true),
        ("minutes_to_decide", metrics.numbers(|metric| metric.minutes_to_decide), true),
        ("flags", metrics.lists(|metric| metric.flags.iter().filter_map(word).collect()), false),
        ("method", metrics.texts(|metric| word(&metric.method)), true),
        ("reason", metrics.texts(|metric| Some(reason_text(metric))), false),
    ])
}

/// The columns of a batch as lists. A number that is missing is NaN, so that a column of numbers is one.
pub(crate) fn columns<'py>(py: Python<'py>, batch: &RecordBatch) -> PyResult<Bound<'py, PyDict>> {
    let columns = PyDict::new(py);
    for (field, column) in batch.schema().fields().iter().zip(batch.columns()) {
        let name = field.name();
        match field.data_type() {
            DataType::Float64 => {
                let numbers = column.as_primitive::<Float64Type>().iter();
                columns.set_item(name, numbers.map(|number| number.unwrap_or(f64::NAN)).collect::<Vec<_>>())?;
            }
            DataType::UInt64 => columns.set_item(name, column.as_primitive::<UInt64Type>().values().to_vec())?,
            DataType::Boolean => columns.set_item(name, column.as_boolean().iter().collect::<Vec<_>>())?,
            DataType::List(_) => {
                let lists = column.as_list::<i32>().iter().flatten();
                let texts = |list: ArrayRef| list.as_string::<i32>().iter().flatten().map(str::to_owned).collect();
                columns.set_item(name, lists.map(texts).collect::<Vec<Vec<String>>>())?;
            }
            _ => columns.set_item(name, column.as_string::<i32>().iter().collect::<Vec<_>>())?,
        }
    }
    Ok(columns)
}

struct Metrics<'a>(Vec<&'a MetricResult>);

impl Metrics<'_> {
    fn texts(&self, of: impl Fn(&MetricResult) -> Option<String>) -> ArrayRef {
        Arc::new(self.0.iter().map(|metric| of(metric)).collect::<StringArray>())
    }

    fn numbers(&self, of: impl Fn(&MetricResult) -> Option<f64>) -> ArrayRef {
        Arc::new(self.0.iter().map(|metric| of(metric)).collect::<Float64Array>())
    }

    fn counts(&self, of: impl Fn(&MetricResult) -> u64) -> ArrayRef {
        Arc::new(self.0.iter().map(|metric| Some(of(metric))).collect::<UInt64Array>())
    }

    fn flags(&self, of: impl Fn(&MetricResult) -> bool) -> ArrayRef {
        Arc::new(self.0.iter().map(|metric| Some(of(metric))).collect::<BooleanArray>())
    }

    fn lists(&self, of: impl Fn(&MetricResult) -> Vec<String>) -> ArrayRef {
        let mut lists = ListBuilder::new(StringBuilder::new());
        for metric in &self.0 {
            for text in of(metric) {
                lists.values().append_value(text);
            }
            lists.append(true);
        }
        Arc::new(lists.finish())
    }
}

/// The word that stands for a value in the report; `None` where the report holds null.
fn word(value: &impl Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(Value::String(word)) => Some(word),
        _ => None,
    }
}
