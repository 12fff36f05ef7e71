//! Answers that nobody hears: the exit code says it all the same.

use super::scene::{Side, healthy};
use super::{Answer, Case, SILENCE, Stdout, files, with};
use crate::harness::{Folder, GOOD, NO_VERDICT, PASS, UNDECIDED};

/// A silent canary with more arguments.
fn silent(folder: &Folder, more: &[&str]) -> Vec<String> {
    with(files(folder, &healthy(60).lose(Side::Canary, "*")), more)
}

fn good(more: &[&str]) -> Vec<String> {
    with(GOOD.map(str::to_owned).to_vec(), more)
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "quiet",
        silent: "an empty canary, and --quiet",
        arguments: |folder| silent(folder, &["--quiet"]),
        answer: Answer::Code(UNDECIDED),
        ..SILENCE
    },
    Case {
        id: "broken-pipe",
        silent: "an empty canary, and a standard output that nobody reads",
        arguments: |folder| silent(folder, &[]),
        stdout: Stdout::Closed,
        answer: Answer::Code(UNDECIDED),
        ..SILENCE
    },
    Case {
        id: "allowed-marginal",
        silent: "an empty canary, and --allow marginal",
        seen: &["argoproj/argo-rollouts#3850"],
        arguments: |folder| silent(folder, &["--allow", "marginal"]),
        answer: Answer::Code(UNDECIDED),
        ..SILENCE
    },
    #[cfg(target_os = "linux")]
    Case {
        id: "full-disk",
        silent: "an empty canary, and a standard output that takes nothing",
        arguments: |folder| silent(folder, &[]),
        stdout: Stdout::Full,
        answer: Answer::Code(NO_VERDICT),
        ..SILENCE
    },
    #[cfg(target_os = "linux")]
    Case {
        id: "full-disk-and-sound",
        silent: "sound files, and a standard output that takes nothing: nobody has seen the verdict",
        seen: &["argoproj/argo-rollouts#1411"],
        arguments: |_| good(&[]),
        stdout: Stdout::Full,
        answer: Answer::Code(NO_VERDICT),
    },
    Case {
        id: "output-without-folder",
        silent: "sound files, and a report that cannot be written: its folder does not exist",
        arguments: |folder| good(&["-o", &folder.path("nowhere/report.json")]),
        answer: Answer::Refused(&["cannot write", "there is no folder"]),
        ..SILENCE
    },
    Case {
        id: "output-is-a-folder",
        silent: "sound files, and a report that cannot be written: there is a folder of its name",
        arguments: |folder| {
            std::fs::create_dir(folder.path("report.json")).expect("a folder");
            good(&["-o", &folder.path("report.json")])
        },
        answer: Answer::Refused(&["found a folder, expected a file to write"]),
        ..SILENCE
    },
    Case {
        id: "output-of-unknown-format",
        silent: "sound files, and a report of a format that there is not",
        arguments: |folder| good(&["-o", &folder.path("report.pdf")]),
        answer: Answer::Refused(&["report.pdf", "the suffix stands for no format"]),
        ..SILENCE
    },
    #[cfg(target_os = "linux")]
    Case {
        id: "output-to-a-full-disk",
        silent: "sound files, and a report that is written to a full disk",
        arguments: |folder| {
            std::os::unix::fs::symlink("/dev/full", folder.path("report.json")).expect("a link");
            good(&["-o", &folder.path("report.json")])
        },
        answer: Answer::Refused(&["cannot write", "report.json"]),
        ..SILENCE
    },
    Case {
        id: "control-broken-pipe",
        silent: "sound files, and a standard output that nobody reads",
        arguments: |_| good(&[]),
        stdout: Stdout::Closed,
        answer: Answer::Code(PASS),
        ..SILENCE
    },
    Case {
        id: "control-allowed-inconclusive",
        silent: "an empty canary, and --allow inconclusive: somebody said so",
        arguments: |folder| silent(folder, &["--allow", "inconclusive"]),
        answer: Answer::Code(PASS),
        ..SILENCE
    },
];
