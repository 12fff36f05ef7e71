//! Silence over the command line: the library's cases as files, and those that only files and arguments can
//! make. None ends with 0 but the controls. docs/silence.md is written from the two tables.

mod arguments;
#[path = "../../../../canary-core/tests/silence/case.rs"]
mod case;
#[path = "../../../../canary-core/tests/silence/cases/mod.rs"]
mod cases;
mod inputs;
mod outputs;
mod page;
#[path = "../../../../canary-core/tests/silence/scene.rs"]
mod scene;

use std::collections::BTreeSet;
use std::process::Stdio;

use canary_core::report::Verdict;
use serde_json::Value;

use crate::harness::{FAIL, Folder, NO_VERDICT, PASS, Run, UNDECIDED, command, ended, run};
use case::codes;
use scene::{Scene, Side};

/// One case: files and arguments that say nothing, and the only right answer.
#[derive(Clone, Copy, Debug)]
struct Case {
    /// Its name in the table; of a control it starts with `control-`.
    id: &'static str,
    /// What is silent, in a few words.
    silent: &'static str,
    /// Where it was met.
    seen: &'static [&'static str],
    /// Writes what is needed into the folder; answers the arguments of `canary score`.
    arguments: fn(&Folder) -> Vec<String>,
    stdout: Stdout,
    answer: Answer,
}

/// Where the program's standard output goes.
#[derive(Clone, Copy, Debug)]
enum Stdout {
    /// To this test.
    Read,
    /// To a pipe that nobody reads.
    Closed,
    /// To a device that takes nothing, as a full disk does.
    #[cfg(target_os = "linux")]
    Full,
}

/// What must be answered.
#[derive(Clone, Copy, Debug)]
enum Answer {
    /// A report with this verdict and, in order, the codes of all of its reasons; and the verdict's exit code.
    Verdict(Verdict, &'static [&'static str]),
    /// Exit code 2, nothing on standard output, and these words on standard error.
    Refused(&'static [&'static str]),
    /// This exit code, whatever became of the report.
    Code(i32),
}

/// What most cases share.
const SILENCE: Case = Case {
    id: "",
    silent: "",
    seen: &[],
    arguments: |_| Vec::new(),
    stdout: Stdout::Read,
    answer: Answer::Verdict(Verdict::Inconclusive, &["no_data"]),
};

fn all() -> Vec<Case> {
    [inputs::CASES, arguments::CASES, outputs::CASES].concat()
}

/// The arguments of a run of `scene`: two files that say what it says.
fn files(folder: &Folder, scene: &Scene) -> Vec<String> {
    let baseline = folder.write("baseline.csv", scene.csv(Side::Baseline));
    let canary = folder.write("canary.csv", scene.csv(Side::Canary));
    with(vec![baseline, canary], &["--time-unit", "s"])
}

fn with(mut arguments: Vec<String>, more: &[&str]) -> Vec<String> {
    arguments.extend(more.iter().map(|&argument| argument.to_owned()));
    arguments
}

fn exit_code(verdict: Verdict) -> i32 {
    match verdict {
        Verdict::Pass => PASS,
        Verdict::Fail => FAIL,
        Verdict::Marginal | Verdict::Inconclusive => UNDECIDED,
    }
}

fn score(arguments: &[String], stdout: Stdout) -> Run {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let mut command = command(&[&["score"], arguments.as_slice()].concat());
    match stdout {
        Stdout::Read => run(&mut command),
        Stdout::Closed => {
            let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program");
            drop(child.stdout.take());
            ended(&command, &child.wait_with_output().expect("a program that ends"))
        }
        #[cfg(target_os = "linux")]
        Stdout::Full => {
            let full = std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full");
            run(command.stdout(full))
        }
    }
}

fn report(arguments: &[String], verdict: Verdict, id: &str) -> Value {
    let run = score(&with(arguments.to_vec(), &["--format", "json"]), Stdout::Read);
    assert_eq!(run.code, exit_code(verdict), "{id}: {run:#?}");
    run.json()
}

impl Case {
    fn is_control(&self) -> bool {
        self.id.starts_with("control-")
    }

    fn check(&self) {
        let folder = Folder::new();
        let arguments = (self.arguments)(&folder);
        match self.answer {
            Answer::Verdict(verdict, reasons) => {
                let report = report(&arguments, verdict, self.id);
                assert_eq!(report["verdict"], verdict.name(), "{}", self.id);
                assert_eq!(codes(&report["reasons"]), reasons, "{}", self.id);
            }
            Answer::Refused(words) => {
                let run = score(&arguments, self.stdout);
                assert_eq!((run.code, run.stdout.as_str()), (NO_VERDICT, ""), "{}: {run:#?}", self.id);
                for word in words {
                    assert!(run.stderr.contains(word), "{}: `{word}` is not in {}", self.id, run.stderr);
                }
            }
            Answer::Code(code) => {
                let run = score(&arguments, self.stdout);
                assert_eq!(run.code, code, "{}: {run:#?}", self.id);
            }
        }
    }
}

#[test]
fn every_case_of_the_library_has_the_same_answer_as_files() {
    for case in cases::all().into_iter().filter(|case| case.in_files) {
        let folder = Folder::new();
        let config = folder.write("canary.toml", case.config);
        let arguments = with(files(&folder, &(case.scene)()), &["-c", &config]);
        case.check(&report(&arguments, case.verdict, case.id));
    }
}

#[test]
fn every_case_of_the_command_line_has_its_answer() {
    all().iter().for_each(Case::check);
}

#[test]
fn no_case_ends_with_0_but_the_controls_and_no_threshold_buys_one() {
    let mut ids: BTreeSet<&str> = cases::all().into_iter().map(|case| case.id).collect();
    for case in all() {
        assert!(ids.insert(case.id), "{} stands twice", case.id);
        let folder = Folder::new();
        let lax = with((case.arguments)(&folder), &["--pass", "0", "--marginal", "0"]);
        assert_eq!(score(&lax, case.stdout).code == PASS, case.is_control(), "{}", case.id);
    }
}

/// The suite's own promise.
#[test]
fn there_are_a_hundred_cases_of_silence_and_more() {
    let of_library = cases::all().into_iter().filter(|case| !case.is_control()).count();
    let of_command_line = all().into_iter().filter(|case| !case.is_control()).count();
    assert!(of_library >= 100 && of_command_line >= 50, "{of_library}, {of_command_line}");
}
