//! An Arrow stream, handed over in a capsule, to its batches. The only place where memory is taken on trust: the
//! Arrow `PyCapsule` interface says what lies behind a capsule of this name.

use std::ffi::CStr;

use arrow_array::RecordBatch;
use arrow_array::ffi_stream::{FFI_ArrowArrayStream, RecordBatchStreamReader};
use arrow_schema::{ArrowError, SchemaRef};
use pyo3::prelude::*;
use pyo3::types::PyCapsule;

/// The name that the interface gives to the capsule of a stream.
pub(crate) const STREAM: &CStr = c"arrow_array_stream";

/// Takes the stream out of its capsule, which is left empty, as the interface asks for.
#[allow(unsafe_code, reason = "the C stream interface is a pointer to a struct")]
pub(crate) fn take(capsule: &Bound<'_, PyCapsule>) -> PyResult<FFI_ArrowArrayStream> {
    let pointer = capsule.pointer_checked(Some(STREAM))?.cast::<FFI_ArrowArrayStream>();
    // SAFETY: a capsule of this name holds an initialised and aligned stream (checked: the name, and that the
    // pointer is not null), and nobody else uses it while this thread is attached to the interpreter.
    Ok(unsafe { FFI_ArrowArrayStream::from_raw(pointer.as_ptr()) })
}

/// Every batch of a stream. The producer may call into Python: the interpreter must not be held here.
pub(crate) fn batches(stream: FFI_ArrowArrayStream) -> Result<(SchemaRef, Vec<RecordBatch>), ArrowError> {
    let reader = RecordBatchStreamReader::try_new(stream)?;
    let schema = arrow_array::RecordBatchReader::schema(&reader);
    Ok((schema, reader.collect::<Result<Vec<_>, _>>()?))
}
