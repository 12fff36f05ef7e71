//! The report: its head as JSON, its metrics one by one or as a table.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use arrow_array::RecordBatchIterator;
use arrow_array::ffi_stream::FFI_ArrowArrayStream;
use canary_core::config::Patterns;
use canary_core::{Judge, MetricSet};
use canary_report::grid::{Cell, cells, shade};
use canary_report::{TableOptions, explain, fragment, html, json, markdown, table};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyDict};

use crate::errors;
use crate::interrupt::interruptible;
use crate::metrics;
use crate::table::STREAM;

/// What a report was made of, to look up series that it does not hold.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) judge: Judge,
    pub(crate) metrics: MetricSet,
}

/// A report of the core.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Report {
    pub(crate) report: Arc<canary_core::Report>,
    source: Option<Arc<Source>>,
}

impl Report {
    /// A report with what it was made of.
    pub(crate) fn with_source(report: canary_core::Report, source: Source) -> Self {
        Self { report: Arc::new(report), source: Some(Arc::new(source)) }
    }

    /// The report with the series of the metrics that `wanted` names.
    fn complete(&self, wanted: &dyn Fn(Option<&str>, &str) -> bool) -> canary_core::Report {
        let mut report = self.report.as_ref().clone();
        if let Some(source) = &self.source {
            source.judge.add_series(&mut report, &source.metrics, wanted);
        }
        report
    }

    /// A report as it was written.
    pub(crate) fn stored(report: canary_core::Report) -> Self {
        Self { report: Arc::new(report), source: None }
    }

    /// What is rendered: with every series that is known, without any, or as it is.
    fn rendered(&self, series: Option<bool>) -> Arc<canary_core::Report> {
        match series {
            Some(true) if self.source.is_some() => Arc::new(self.complete(&|_, _| true)),
            Some(false) if self.report.metrics.iter().any(|metric| metric.series.is_some()) => {
                let mut report = self.report.as_ref().clone();
                report.metrics.iter_mut().for_each(|metric| metric.series = None);
                Arc::new(report)
            }
            _ => Arc::clone(&self.report),
        }
    }
}

#[pymethods]
impl Report {
    /// Reads a report in JSON, as the command line and `to_json` write it.
    #[staticmethod]
    fn from_json(text: &str) -> PyResult<Self> {
        Ok(Self::stored(serde_json::from_str(text).map_err(errors::input)?))
    }

    /// As JSON, byte for byte as the command line writes it.
    #[pyo3(signature = (*, series))]
    fn to_json(&self, py: Python<'_>, series: Option<bool>) -> PyResult<String> {
        let own = self.clone();
        interruptible(py, move |_| json(&own.rendered(series)))?.map_err(errors::other)
    }

    /// Everything but the metrics, as JSON.
    fn head(&self) -> PyResult<String> {
        let head = canary_core::Report { metrics: Vec::new(), ..self.report.as_ref().clone() };
        serde_json::to_string(&head).map_err(errors::other)
    }

    /// As Markdown.
    fn to_markdown(&self) -> String {
        markdown(&self.report)
    }

    /// As one self-contained page, with the series of both sides where they are known.
    fn to_html(&self, py: Python<'_>) -> PyResult<String> {
        let own = self.clone();
        interruptible(py, move |_| html(&own.rendered(Some(true))))?.map_err(errors::other)
    }

    /// As a piece of HTML for a notebook.
    fn fragment(&self) -> PyResult<String> {
        fragment(&self.report).map_err(errors::other)
    }

    /// As a table for a terminal.
    #[pyo3(signature = (*, width, rows))]
    fn to_table(&self, width: usize, rows: usize) -> String {
        table(&self.report, &TableOptions { width, max_rows: rows, ..TableOptions::default() })
    }

    /// How many metrics there are.
    fn __len__(&self) -> usize {
        self.report.metrics.len()
    }

    /// The places of the metrics in one of these states, in the order of the report.
    fn in_states(&self, states: Vec<String>) -> Vec<usize> {
        let wanted = |index: &usize| {
            let metric = self.report.metrics.get(*index);
            metric.is_some_and(|metric| states.iter().any(|state| state == metric.state.name()))
        };
        (0..self.report.metrics.len()).filter(wanted).collect()
    }

    /// The places of the metrics of this name; else of those that it matches as a pattern; else of those of the one
    /// name that it is a part of. Several names mean that it is a part of each.
    fn find(&self, asked: &str, region: Option<&str>) -> PyResult<Vec<usize>> {
        let metrics = &self.report.metrics;
        let places = |keep: &dyn Fn(&str) -> bool| -> Vec<usize> {
            let in_region = |own: Option<&str>| region.is_none_or(|region| own == Some(region));
            let kept = metrics.iter().enumerate().filter(|(_, metric)| in_region(metric.region.as_deref()));
            kept.filter(|(_, metric)| keep(&metric.name)).map(|(place, _)| place).collect()
        };
        let exact = places(&|name| name == asked);
        if !exact.is_empty() {
            return Ok(exact);
        }
        let patterns = Patterns::new(&[asked]).map_err(errors::input)?;
        let matching = places(&|name| patterns.matches(name));
        Ok(if matching.is_empty() { places(&|name| name.contains(asked)) } else { matching })
    }

    /// The names of the metrics, in the order of the report.
    fn names(&self) -> Vec<String> {
        self.report.metrics.iter().map(|metric| metric.name.to_string()).collect()
    }

    /// The metric at a place, as JSON.
    fn metric(&self, place: usize) -> PyResult<Option<String>> {
        let metric = self.report.metrics.get(place).map(serde_json::to_string);
        metric.transpose().map_err(errors::other)
    }

    /// The series of the metric at a place, as JSON; `None` where the report holds none.
    fn series(&self, place: usize) -> PyResult<Option<String>> {
        let Some(metric) = self.report.metrics.get(place) else { return Ok(None) };
        let whole;
        let series = match (&metric.series, &self.source) {
            (Some(series), _) => Some(series),
            (None, None) => None,
            (None, Some(_)) => {
                let wanted = |region: Option<&str>, name: &str| {
                    (region, name) == (metric.region.as_deref(), metric.name.as_ref())
                };
                whole = self.complete(&wanted);
                whole.metrics.get(place).and_then(|metric| metric.series.as_ref())
            }
        };
        series.map(serde_json::to_string).transpose().map_err(errors::other)
    }

    /// Why the metric at a place has its state, in words.
    fn explain(&self, place: usize, width: usize) -> Option<String> {
        self.report.metrics.get(place).map(|metric| explain(&self.report, metric, width))
    }

    /// The metrics at these places, as a stream of Arrow batches.
    fn stream<'py>(&self, py: Python<'py>, places: Vec<usize>) -> PyResult<Bound<'py, PyCapsule>> {
        let batch = metrics::batch(&self.report, &places).map_err(errors::other)?;
        let schema = batch.schema();
        let stream = FFI_ArrowArrayStream::new(Box::new(RecordBatchIterator::new([Ok(batch)], schema)));
        PyCapsule::new_with_value(py, stream, STREAM)
    }

    /// The metrics at these places, as columns of Python's own objects.
    fn columns<'py>(&self, py: Python<'py>, places: Vec<usize>) -> PyResult<Bound<'py, PyDict>> {
        metrics::columns(py, &metrics::batch(&self.report, &places).map_err(errors::other)?)
    }

    /// The grid: for each cell the place of the result that it shows and its shade, 1 to 4.
    fn grid(&self) -> Vec<(usize, u8)> {
        let metrics = self.report.metrics.iter().enumerate();
        let places: HashMap<_, usize> =
            metrics.map(|(place, metric)| ((&metric.region, &metric.name), place)).collect();
        let cell = |cell: Cell<'_>| {
            let worst = cell.worst()?;
            Some((*places.get(&(&worst.region, &worst.name))?, shade(worst)))
        };
        cells(&self.report).into_iter().filter_map(cell).collect()
    }

    /// The regions that metrics have, in order.
    fn region_names(&self) -> Vec<String> {
        let names: BTreeSet<&str> = self.report.metrics.iter().filter_map(|metric| metric.region.as_deref()).collect();
        names.into_iter().map(str::to_owned).collect()
    }
}
