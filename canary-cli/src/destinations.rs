//! Where a report goes, and in which form.

use std::path::PathBuf;

use anyhow::bail;
use canary_core::Report;
use canary_core::report::State;
use canary_report::{Format, render};
use console::Term;

use crate::args::Color;
use crate::output::{self, Pending};
use crate::terminal;

/// The files of `-o`, and standard output.
#[derive(Debug)]
pub(crate) struct Destinations {
    files: Vec<(Pending, Format)>,
    /// What is printed; `None` where nothing is.
    printed: Option<Format>,
}

/// How a report is shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style<'a> {
    /// The states that a table lists.
    pub(crate) only: &'a [State],
    /// When to colour.
    pub(crate) color: Color,
    /// Whether JSON keeps the series.
    pub(crate) with_series: bool,
}

impl Destinations {
    /// Every format is known and every place is ready before any work is done.
    pub(crate) fn prepare(files: &[PathBuf], printed: Option<Format>) -> anyhow::Result<Self> {
        if printed.is_some_and(Format::is_binary) && Term::stdout().is_term() {
            bail!("--format: a terminal cannot show a picture; write it with -o, or into a pipe");
        }
        let suffixes: Vec<&str> = Format::ALL.iter().flat_map(|format| format.suffixes()).copied().collect();
        Ok(Self { files: output::pending(files, Format::from_path, &suffixes)?, printed })
    }

    /// Whether any form shows the series of both sides.
    pub(crate) fn show_series(&self) -> bool {
        self.files.iter().map(|(_, format)| *format).chain(self.printed).any(Format::shows_series)
    }

    /// Writes the files, whole or not at all, then prints: whoever sees the verdict can open the report.
    pub(crate) fn deliver(mut self, mut report: Report, style: Style<'_>) -> anyhow::Result<()> {
        // Series are hundreds of numbers a metric, so what shows them comes first, and the rest goes without.
        let printed = self.printed.map(|format| (format, terminal::table_options(style.color).with_only(style.only)));
        let options = terminal::file_options().with_only(style.only);
        let mut text = None;
        for with_series in [true, false] {
            if !with_series && !style.with_series {
                report.metrics.iter_mut().for_each(|metric| metric.series = None);
            }
            let now = |format: Format| format.shows_series() == with_series;
            for (pending, format) in self.files.iter_mut().filter(|(_, format)| now(*format)) {
                pending.write(&render(&report, *format, &options)?)?;
            }
            if let Some((format, options)) = printed.as_ref().filter(|(format, _)| now(*format)) {
                text = Some(render(&report, *format, options)?);
            }
        }
        self.files.into_iter().try_for_each(|(pending, _)| pending.finish())?;
        text.map_or(Ok(()), |text| output::print(&text))
    }
}
