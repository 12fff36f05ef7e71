//! Runs the built program, and what is asked of every run: it ends by itself, with one of the four exit
//! codes, and never panics.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A sound pair without a change.
pub(crate) const GOOD: [&str; 2] = ["fixtures/bad/good_baseline.parquet", "fixtures/bad/good_canary.parquet"];
/// A small pair with one metric hot, one cold and four unchanged: a score of 66.7, which fails.
pub(crate) const FAILING: [&str; 2] =
    ["fixtures/layouts/long/baseline.parquet", "fixtures/layouts/long/canary.parquet"];
/// A canary that says nothing.
pub(crate) const SILENT: [&str; 2] = ["fixtures/bad/good_baseline.parquet", "fixtures/bad/all_nan.parquet"];
/// 2955 metrics in two regions.
pub(crate) const DEMO: [&str; 2] = ["fixtures/demo/baseline.parquet", "fixtures/demo/canary.parquet"];

/// The codes that the program may exit with.
pub(crate) const PASS: i32 = 0;
pub(crate) const FAIL: i32 = 1;
pub(crate) const NO_VERDICT: i32 = 2;
pub(crate) const UNDECIDED: i32 = 3;

/// What a run left behind.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

/// Runs `canary` with `args`, from the root of the repository.
pub(crate) fn canary(args: &[&str]) -> Run {
    run(&mut command(args))
}

/// Runs `canary score` on `inputs`.
pub(crate) fn score(inputs: &[&str], options: &[&str]) -> Run {
    canary(&[&["score"], inputs, options].concat())
}

/// The report in JSON of `canary score` on `inputs`, without the command: what two commands say is compared.
pub(crate) fn report(inputs: &[&str], options: &[&str]) -> Value {
    let mut report = score(inputs, &[options, &["--format", "json"]].concat()).json();
    without_command(&mut report);
    report
}

/// Takes out of a report the command that made it.
pub(crate) fn without_command(report: &mut Value) {
    let inputs = report["inputs"].as_object_mut().expect("inputs");
    inputs.remove("command").expect("the command that made it");
}

/// The command, not yet run, without what the caller's environment says of colours.
pub(crate) fn command(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_canary"));
    command.args(args).current_dir(root()).stdin(Stdio::null());
    for variable in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(variable);
    }
    command
}

/// Runs `command`.
pub(crate) fn run(command: &mut Command) -> Run {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    ended(command, &output)
}

/// What is asked of every run.
pub(crate) fn ended(command: &Command, output: &Output) -> Run {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| panic!("{command:?}: not UTF-8"));
    let (stdout, stderr) = (text(&output.stdout), text(&output.stderr));
    let code = output.status.code().unwrap_or_else(|| panic!("{command:?}: killed by a signal\n{stderr}"));
    assert!((PASS..=UNDECIDED).contains(&code), "{command:?}: exit code {code}\n{stderr}");
    assert!(!stderr.contains("panicked"), "{command:?}: {stderr}");
    Run { code, stdout, stderr }
}

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("a crate within a workspace")
}

impl Run {
    /// Asserts the exit code.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        assert_eq!(self.code, code, "{self:#?}");
        self
    }

    /// Asserts that there is no verdict, and that the message holds every one of `words`.
    #[track_caller]
    pub(crate) fn complains(self, words: &[&str]) -> Self {
        assert_eq!(self.code, NO_VERDICT, "{self:#?}");
        assert_eq!(self.stdout, "", "an error prints nothing that may be taken for a result");
        self.warns(words)
    }

    /// Asserts that standard error holds every one of `words`.
    #[track_caller]
    pub(crate) fn warns(self, words: &[&str]) -> Self {
        assert_holds(&self.stderr, words);
        self
    }

    /// Asserts that standard output holds every one of `words`.
    #[track_caller]
    pub(crate) fn prints(self, words: &[&str]) -> Self {
        assert_holds(&self.stdout, words);
        self
    }

    /// Standard output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:#?}"))
    }
}

#[track_caller]
fn assert_holds(text: &str, words: &[&str]) {
    for word in words {
        assert!(text.contains(word), "`{word}` is not in:\n{text}");
    }
}

/// The array at `pointer`.
#[track_caller]
pub(crate) fn array<'a>(json: &'a Value, pointer: &str) -> &'a Vec<Value> {
    json.pointer(pointer).and_then(Value::as_array).unwrap_or_else(|| panic!("no array {pointer} in {json:#}"))
}

/// The result of the metric `name`.
#[track_caller]
pub(crate) fn metric<'a>(report: &'a Value, name: &str) -> &'a Value {
    array(report, "/metrics").iter().find(|metric| metric["name"] == name).unwrap_or_else(|| panic!("no {name}"))
}

/// One field of every metric, sorted by the metric's name.
pub(crate) fn field_of_metrics(report: &Value, field: &str) -> Vec<Value> {
    let mut metrics: Vec<&Value> = array(report, "/metrics").iter().collect();
    metrics.sort_by_key(|metric| metric["name"].as_str());
    metrics.into_iter().map(|metric| metric[field].clone()).collect()
}

/// The codes of the notes, in order.
pub(crate) fn note_codes(report: &Value) -> Vec<&str> {
    array(report, "/notes").iter().filter_map(|note| note["code"].as_str()).collect()
}

/// A folder of its own, gone at the end.
#[derive(Debug)]
pub(crate) struct Folder {
    folder: TempDir,
}

impl Folder {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    /// The folder itself.
    pub(crate) fn as_path(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file that need not exist.
    pub(crate) fn path(&self, name: &str) -> String {
        self.as_path().join(name).to_str().expect("a path in UTF-8").to_owned()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        fs::write(&path, content).expect("a file that can be written");
        path
    }

    /// What a file holds.
    #[track_caller]
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    /// The names of all files, hidden ones too, sorted.
    pub(crate) fn names(&self) -> Vec<String> {
        let entries = fs::read_dir(self.as_path()).expect("a folder that can be read");
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string();
        let mut names: Vec<String> = entries.map(|entry| name(entry).expect("a name in UTF-8")).collect();
        names.sort_unstable();
        names
    }
}
