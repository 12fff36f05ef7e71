//! What a deploy tool sees first.

use std::process::Stdio;

use crate::harness::{
    DEMO, FAIL, FAILING, GOOD, NO_VERDICT, PASS, Run, SILENT, UNDECIDED, canary, command, ended, score,
};

#[test]
fn each_verdict_has_its_code() {
    score(&GOOD, &[]).exits(PASS).prints(&["PASS"]);
    score(&FAILING, &[]).exits(FAIL).prints(&["FAIL"]);
    score(&FAILING, &["--marginal", "50"]).exits(UNDECIDED).prints(&["MARGINAL"]);
    score(&SILENT, &[]).exits(UNDECIDED).prints(&["INCONCLUSIVE"]);
}

#[test]
fn allow_lets_the_verdicts_it_names_exit_with_0_and_no_others() {
    let marginal = |allow| score(&FAILING, &["--marginal", "50", "--allow", allow]);
    let inconclusive = |allow| score(&SILENT, &["--allow", allow]);
    marginal("marginal").exits(PASS).prints(&["MARGINAL"]);
    marginal("inconclusive").exits(UNDECIDED);
    inconclusive("inconclusive").exits(PASS).prints(&["INCONCLUSIVE"]);
    inconclusive("marginal").exits(UNDECIDED);
    marginal("marginal,inconclusive").exits(PASS);
    inconclusive("marginal,inconclusive").exits(PASS);
    score(&FAILING, &["--allow", "marginal,inconclusive"]).exits(FAIL);
    marginal("fail").complains(&["--allow", "marginal, inconclusive"]);
}

#[test]
fn slips_on_the_command_line_exit_with_2_and_say_so() {
    canary(&[]).complains(&["Usage: canary <COMMAND>", "score"]);
    canary(&["scor"]).complains(&["'scor'", "'score'"]);
    canary(&["score"]).complains(&["<BASELINE>"]);
    score(&GOOD, &["one-too-many"]).complains(&["one-too-many"]);
    score(&GOOD, &["--tresholds"]).complains(&["--tresholds"]);
    score(&GOOD, &["--pass", "120"]).complains(&["--pass", "120", "0 to 100"]);
    score(&GOOD, &["--pass", "nan"]).complains(&["--pass", "NaN", "0 to 100"]);
    score(&GOOD, &["--marginal", "-1"]).complains(&["-1"]);
    score(&GOOD, &["--pass", "50", "--marginal", "75"]).complains(&["marginal 75", "pass 50"]);
    score(&GOOD, &["--warmup", "10"]).complains(&["--warmup", "`10`", "10m"]);
    score(&GOOD, &["--step", "0s"]).complains(&["--step", "a millisecond or more"]);
    score(&GOOD, &["--start", "yesterday"]).complains(&["--start", "yesterday", "2026-03-01T08:00:00Z"]);
    score(&GOOD, &["--start", "2025-03-03T09:00Z", "--end", "2025-03-03T08:00Z"]).complains(&["--start", "--end"]);
    score(&GOOD, &["--threads", "0"]).complains(&["--threads", "1..=256"]);
    score(&GOOD, &["--threads", "60000"]).complains(&["--threads", "1..=256"]);
    score(&GOOD, &["--only", "warm"]).complains(&["warm", "hot, cold, ok, nodata"]);
}

#[test]
fn help_and_version_are_results() {
    canary(&["--version"]).exits(PASS).prints(&[env!("CARGO_PKG_VERSION")]);
    canary(&["--help"]).exits(PASS).prints(&["canary score baseline.parquet canary.parquet", "Exit codes:"]);
    canary(&["score", "--help"]).exits(PASS).prints(&["--allow", "marginal or inconclusive"]);
    canary(&["check", "--help"]).exits(PASS).prints(&["--data"]);
}

/// Runs `canary score` with a standard output that nobody reads: the report is longer than a pipe holds,
/// so that the program is still writing when the pipe breaks.
fn into_a_broken_pipe(options: &[&str]) -> Run {
    let args = [&["score"], &DEMO[..], &["--format", "json"], options].concat();
    let mut command = command(&args);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("a program that starts");
    drop(child.stdout.take());
    ended(&command, &child.wait_with_output().expect("a program that ends"))
}

#[test]
fn a_broken_pipe_is_quiet_and_keeps_the_verdicts_code() {
    for (options, code) in [
        (&["--marginal", "0", "--pass", "0"][..], PASS),
        (&["--marginal", "100", "--pass", "100"][..], FAIL),
        (&["--marginal", "0", "--pass", "100"][..], UNDECIDED),
    ] {
        let run = into_a_broken_pipe(options).exits(code);
        assert_eq!(run.stderr, "", "{options:?}");
    }
}

#[cfg(target_os = "linux")]
mod full {
    //! `/dev/full` takes nothing, as a full disk does.

    use super::*;
    use crate::harness::run;

    fn full() -> Stdio {
        std::fs::OpenOptions::new().write(true).open("/dev/full").expect("/dev/full").into()
    }

    #[test]
    fn a_standard_output_that_takes_nothing_is_no_verdict() {
        let score = [&["score"], &GOOD[..]].concat();
        for args in [&score[..], &["schema", "report"], &["completions", "bash"], &["man"]] {
            run(command(args).stdout(full())).exits(NO_VERDICT).warns(&["cannot write to standard output"]);
        }
    }

    #[test]
    fn quiet_needs_no_standard_output() {
        let args = [&["score", "--quiet"], &FAILING[..]].concat();
        run(command(&args).stdout(full())).exits(FAIL);
    }

    #[test]
    fn a_standard_error_that_takes_nothing_changes_no_code() {
        run(command(&["score", "nowhere.parquet", "nowhere.parquet"]).stderr(full())).exits(NO_VERDICT);
        run(command(&[&["score"], &FAILING[..]].concat()).stderr(full())).exits(FAIL);
    }
}

#[cfg(unix)]
#[test]
fn an_argument_that_is_no_text_is_refused() {
    use std::os::unix::ffi::OsStrExt;
    let odd = std::ffi::OsStr::from_bytes(b"\xff.parquet");
    crate::harness::run(command(&["score"]).arg(odd).arg(odd)).exits(NO_VERDICT).warns(&["UTF-8"]);
}
