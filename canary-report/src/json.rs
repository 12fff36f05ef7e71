//! The wire contract itself: sections on lines of their own, one metric a line.

use std::io::{self, Write};

use canary_core::Report;
use canary_core::replay::Replay;
use serde::Serialize;
use serde_json::Serializer;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use crate::RenderError;

/// The report as JSON, with a newline at the end.
///
/// The two outer levels are indented and everything within is compact, so that a metric, a region or a
/// group is one line: two reports can be compared with `diff`, a metric found with `grep`. Indented
/// throughout, a report with series would give each value a line, which multiplies its size.
pub fn json(report: &Report) -> Result<String, RenderError> {
    indented(report, INDENTED_LEVELS)
}

/// The replay as JSON: a level deeper, so that a metric of its report is one line as well.
pub(crate) fn replay_json(replay: &Replay) -> Result<String, RenderError> {
    indented(replay, INDENTED_LEVELS + 1)
}

/// Anything else of the wire contract, in the report's layout.
pub(crate) fn indented_json(value: &impl Serialize) -> Result<String, RenderError> {
    indented(value, INDENTED_LEVELS)
}

fn indented(value: &impl Serialize, levels: usize) -> Result<String, RenderError> {
    let mut bytes = Vec::new();
    let formatter = OneLineEach { levels, depth: 0, outer: PrettyFormatter::new(), inner: CompactFormatter };
    let mut serializer = Serializer::with_formatter(&mut bytes, formatter);
    value.serialize(&mut serializer).map_err(|error| RenderError::Json(error.into()))?;
    bytes.push(b'\n');
    String::from_utf8(bytes).map_err(|error| RenderError::Json(error.into()))
}

/// How many levels are indented: the report, and what its sections hold.
const INDENTED_LEVELS: usize = 2;

/// Indents the outer levels, leaves the inner ones compact.
struct OneLineEach {
    levels: usize,
    depth: usize,
    outer: PrettyFormatter<'static>,
    inner: CompactFormatter,
}

/// Hands a call to the formatter of the level that is being written.
macro_rules! by_depth {
    ($self:ident . $method:ident ( $($argument:expr),* )) => {
        if $self.depth <= $self.levels {
            $self.outer.$method($($argument),*)
        } else {
            $self.inner.$method($($argument),*)
        }
    };
}

impl Formatter for OneLineEach {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        by_depth!(self.begin_array(writer))
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let result = by_depth!(self.end_array(writer));
        self.depth -= 1;
        result
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        by_depth!(self.begin_array_value(writer, first))
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_depth!(self.end_array_value(writer))
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        by_depth!(self.begin_object(writer))
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let result = by_depth!(self.end_object(writer));
        self.depth -= 1;
        result
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        by_depth!(self.begin_object_key(writer, first))
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_depth!(self.begin_object_value(writer))
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        by_depth!(self.end_object_value(writer))
    }
}
