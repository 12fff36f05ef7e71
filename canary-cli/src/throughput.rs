//! Where a squeeze test or a trend goes, and in which form.

use canary_report::{PlotOptions, RenderError, ThroughputFormat};

use crate::args::throughput::ThroughputOutputArgs;
use crate::output::{self, Pending};
use crate::terminal;

/// The files of `-o`, and standard output.
#[derive(Debug)]
pub(crate) struct Outputs {
    files: Vec<(Pending, ThroughputFormat)>,
    /// What is printed, and how; `None` where nothing is.
    printed: Option<(ThroughputFormat, PlotOptions)>,
}

impl Outputs {
    /// Every format is known and every place is ready before any work is done.
    pub(crate) fn prepare(args: &ThroughputOutputArgs) -> anyhow::Result<Self> {
        let suffixes: Vec<&str> = ThroughputFormat::ALL.iter().flat_map(|format| format.suffixes()).copied().collect();
        let screen = terminal::table_options(args.color);
        let screen = PlotOptions { width: screen.width, color: screen.color };
        Ok(Self {
            files: output::pending(&args.output, ThroughputFormat::from_path, &suffixes)?,
            printed: (!args.quiet).then_some((args.format, screen)),
        })
    }

    /// Writes the files, whole or not at all, then prints.
    pub(crate) fn deliver(
        mut self,
        render: impl Fn(ThroughputFormat, PlotOptions) -> Result<String, RenderError>,
    ) -> anyhow::Result<()> {
        let file = PlotOptions { width: terminal::file_options().width, color: false };
        for (pending, format) in &mut self.files {
            pending.write(render(*format, file)?.as_bytes())?;
        }
        self.files.into_iter().try_for_each(|(pending, _)| pending.finish())?;
        let Some((format, screen)) = self.printed else { return Ok(()) };
        output::print(render(format, screen)?.as_bytes())
    }
}
