//! Data frames as Python hands them over.

use arrow_array::RecordBatch;
use canary_core::TimeUnit;
use canary_core::columns::{Layout, Role, Sides};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule};

use crate::errors;
use crate::interrupt::interruptible;
use crate::table::{self, Column, ReadOptions};

/// How data frames are read.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Reading {
    pub(crate) options: ReadOptions,
}

#[pymethods]
impl Reading {
    #[new]
    #[pyo3(signature = (*, layout=None, columns=Vec::new(), time_unit=None))]
    fn new(layout: Option<&str>, columns: Vec<(String, String)>, time_unit: Option<&str>) -> PyResult<Self> {
        let layout = layout
            .map(|word| match word {
                "long" => Ok(Layout::Long),
                "wide" => Ok(Layout::Wide),
                other => Err(errors::wrong(Some("layout"), &format!("found `{other}`, expected long or wide"))),
            })
            .transpose()?;
        let time_unit = time_unit.map(|word| unit(word, "time_unit")).transpose()?;
        let mut options = ReadOptions { layout, time_unit, ..ReadOptions::default() };
        for (role, name) in columns {
            let known = Role::from_name(&role).ok_or_else(|| {
                let roles = Role::ALL.map(Role::name).join(", ");
                errors::wrong(Some("columns"), &format!("found the role `{role}`; the roles are {roles}"))
            })?;
            options.names.set(known, name);
        }
        Ok(Self { options })
    }

    /// Which of the columns `found` are read: what is not need not be converted. `sides`: one, any or both.
    fn wanted(&self, name: &str, found: Vec<String>, sides: &str) -> PyResult<Vec<String>> {
        let sides = match sides {
            "both" => Sides::Both,
            "any" => Sides::Any,
            _ => Sides::One,
        };
        let plan = table::plan(name, found, &self.options, sides).map_err(errors::input)?;
        Ok(plan.columns().cloned().collect())
    }

    /// The name of the column of times.
    #[getter]
    fn timestamp(&self) -> String {
        self.options.names.timestamp.clone()
    }
}

fn unit(word: &str, key: &str) -> PyResult<TimeUnit> {
    match word {
        "s" => Ok(TimeUnit::Seconds),
        "ms" => Ok(TimeUnit::Milliseconds),
        "us" => Ok(TimeUnit::Microseconds),
        "ns" => Ok(TimeUnit::Nanoseconds),
        other => Err(errors::wrong(Some(key), &format!("found `{other}`, expected s, ms, us or ns"))),
    }
}

/// A data frame, held as Arrow.
#[pyclass(frozen, module = "canary._canary")]
#[derive(Clone, Debug)]
pub(crate) struct Frame {
    pub(crate) frame: table::Frame,
    /// The files that it came from; none where it came from memory.
    pub(crate) sources: Vec<String>,
}

#[pymethods]
impl Frame {
    /// Takes over what an object with `__arrow_c_stream__` holds. Nothing is copied.
    #[staticmethod]
    #[pyo3(signature = (name, stream, *, sources=Vec::new()))]
    fn from_stream(py: Python<'_>, name: String, stream: &Bound<'_, PyAny>, sources: Vec<String>) -> PyResult<Self> {
        let capsule = stream.call_method0("__arrow_c_stream__")?;
        let stream = table::take(capsule.cast::<PyCapsule>()?)?;
        let (schema, batches) = interruptible(py, move |_| table::batches(stream))?
            .map_err(|error| errors::input(table::Frame::failed(&name, &error)))?;
        Ok(Self { frame: table::Frame { name, schema, batches }, sources })
    }

    /// Makes a frame of columns: name, kind, bytes, and what the kind needs besides.
    #[staticmethod]
    fn from_columns(name: String, columns: Vec<RawColumn<'_>>) -> PyResult<Self> {
        let columns = columns.into_iter().map(RawColumn::column).collect::<PyResult<Vec<_>>>()?;
        let batch = table::batch(columns).map_err(|error| errors::input(table::Frame::failed(&name, &error)))?;
        let frame = table::Frame { name, schema: batch.schema(), batches: vec![batch] };
        Ok(Self { frame, sources: Vec::new() })
    }

    /// Its columns.
    #[getter]
    fn columns(&self) -> Vec<String> {
        self.frame.columns()
    }

    fn __len__(&self) -> usize {
        self.frame.batches.iter().map(RecordBatch::num_rows).sum()
    }
}

/// A column of numbers or texts, in the form that needs no library to be handed over.
#[derive(FromPyObject)]
struct RawColumn<'py> {
    #[pyo3(item)]
    name: String,
    #[pyo3(item)]
    kind: String,
    #[pyo3(item)]
    data: Bound<'py, PyBytes>,
    #[pyo3(item, default)]
    unit: Option<String>,
    #[pyo3(item, default)]
    zoned: bool,
    #[pyo3(item, default)]
    texts: Vec<String>,
}

impl RawColumn<'_> {
    fn column(self) -> PyResult<(String, Column)> {
        let bytes = self.data.as_bytes().to_vec();
        let column = match self.kind.as_str() {
            "numbers" => Column::Numbers(bytes),
            "integers" => Column::Integers(bytes),
            "times" => {
                let unit = unit(self.unit.as_deref().unwrap_or_default(), "unit")?;
                Column::Times { ticks: bytes, unit, zoned: self.zoned }
            }
            _ => Column::Texts { codes: bytes, texts: self.texts },
        };
        Ok((self.name, column))
    }
}
