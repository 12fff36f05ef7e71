//! What leaves the program: standard output, and files that appear whole or not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use tempfile::NamedTempFile;

/// Prints to standard output. A reader that has gone away is no error: the exit code is kept.
pub(crate) fn print(content: impl AsRef<[u8]>) -> anyhow::Result<()> {
    let mut out = io::stdout().lock();
    match out.write_all(content.as_ref()).and_then(|()| out.flush()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other.context("cannot write to standard output"),
    }
}

/// Says what went wrong, on standard error.
pub(crate) fn complain(error: &anyhow::Error) {
    // Nothing is left to do where standard error is gone as well.
    let _ = writeln!(io::stderr().lock(), "canary: {error:#}");
}

/// Warns on standard error.
pub(crate) fn warn(message: &str) {
    let _ = writeln!(io::stderr().lock(), "canary: warning: {message}");
}

/// A file that is to be written. Made before the work, so that a place that cannot be written is known
/// at once; the file itself appears only with [`Pending::finish`].
#[derive(Debug)]
pub(crate) struct Pending {
    path: PathBuf,
    place: Place,
}

#[derive(Debug)]
enum Place {
    /// A temporary file beside the target, renamed over it.
    Beside(NamedTempFile),
    /// A device or a pipe: renaming over it would replace it.
    Directly(fs::File),
}

impl Pending {
    /// Prepares to write `path`.
    pub(crate) fn new(path: &Path) -> anyhow::Result<Self> {
        let cannot = || format!("cannot write {}", path.display());
        let place = match fs::metadata(path) {
            Ok(found) if found.is_dir() => {
                anyhow::bail!("{}: found a folder, expected a file to write", path.display())
            }
            Ok(found) if !found.is_file() => {
                Place::Directly(OpenOptions::new().write(true).open(path).with_context(cannot)?)
            }
            _ => Place::Beside(beside(path)?),
        };
        Ok(Self { path: path.to_owned(), place })
    }

    /// Writes `content`, to the disk.
    pub(crate) fn write(&mut self, content: impl AsRef<[u8]>) -> anyhow::Result<()> {
        let bytes = content.as_ref();
        let written = match &mut self.place {
            Place::Beside(file) => file.write_all(bytes).and_then(|()| file.as_file().sync_all()),
            Place::Directly(file) => file.write_all(bytes),
        };
        written.with_context(|| format!("cannot write {}", self.path.display()))
    }

    /// Lets the file appear.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        if let Place::Beside(file) = self.place {
            file.persist(&self.path).with_context(|| format!("cannot write {}", self.path.display()))?;
        }
        Ok(())
    }
}

/// The files of `-o`, each with the format that `of_path` sees in its name. Every format is known and every
/// place is ready before anything is read.
pub(crate) fn pending<F>(
    paths: &[PathBuf],
    of_path: impl Fn(&Path) -> Option<F>,
    suffixes: &[&str],
) -> anyhow::Result<Vec<(Pending, F)>> {
    let prepare = |path: &PathBuf| {
        let Some(format) = of_path(path) else {
            let known: Vec<String> = suffixes.iter().map(|suffix| format!(".{suffix}")).collect();
            anyhow::bail!("-o {}: the suffix stands for no format; there are {}", path.display(), known.join(", "));
        };
        Ok((Pending::new(path)?, format))
    };
    paths.iter().map(prepare).collect()
}

fn beside(path: &Path) -> anyhow::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        anyhow::bail!("cannot write {}: there is no folder {}", path.display(), folder.display());
    }
    let mut builder = tempfile::Builder::new();
    builder.prefix(".canary-");
    // A report is for others to read; a temporary file would be the owner's alone.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder).map_err(|error| {
        // The words after this name the temporary file, which nobody asked for.
        let error = error.to_string();
        let reason = error.split(" at path ").next().unwrap_or_default();
        anyhow::anyhow!("cannot write {}: {reason}", path.display())
    })
}

/// Says how work goes on, on standard error.
pub(crate) fn say(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}
