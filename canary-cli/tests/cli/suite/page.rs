//! docs/silence.md, from the two tables.

use std::collections::BTreeSet;
use std::fmt::Write;
#[cfg(target_os = "linux")]
use std::{env, fs};

use super::{Answer, all, arguments, case, cases, exit_code, inputs, outputs};
#[cfg(target_os = "linux")]
use crate::harness::root;

/// The page's words. Numbers are put in for what stands in braces.
const OPENING: &str = "\
# Silence is never a pass

A gate that takes silence for agreement lets broken builds through, and it does so when something else is broken
already. Every case below is run by the tests, with exactly the answer that stands beside it: the verdict, all of its
reasons and the exit code; or exit code 2 and words that name what is wrong. None of the {silent} cases of silence is a
`pass` or exits with 0, and none is at thresholds of 0 either. {controls} controls, whose names start with `control-`,
must pass, so that always refusing does not do.

*Seen* names public threads on that kind of silence, or the tool whose code does it. A case without one was made up
here.

The tables are code: [canary-core/tests/silence](../canary-core/tests/silence) and
[canary-cli/tests/cli/suite](../canary-cli/tests/cli/suite) make the inputs and hold the answers, and this page is
written from them by `CANARY_UPDATE_SILENCE=1 cargo test --release --test cli suite`.
";

const LIBRARY: &str = "\
## Over the library and the command line

{count} cases. Each is judged as arrays by `canary-core`, and again by `canary score` from two CSV files and a
configuration, with the same verdict and the same reasons (but for {arrays}, which leave nothing in
a file); inconclusive exits with 3, fail with 1. Healthy metrics stand beside what is silent wherever the case says
nothing else: silence alone decides. Swapping the sides of an inconclusive case buys no pass either. Another front end
runs the same table.
";

const COMMAND_LINE: &str = "\
## Over the command line

{count} cases that only files and arguments can make.
";

const LIMITS: &str = "\
## What is not caught

* Values that never change at all, on either side and on any metric, are equal and decided: a limit or a number of
  replicas is such a metric, and a file may hold nothing else. Only zeros are known for silence.
* One metric that is stuck among others that move: a region is called still only where all that counts in it is.
* Silence that both sides have in common at the end of their files leaves no trace in them: the run is as long as its
  data, and nothing says how long it should have been.
";

/// The rows of one table.
struct Row {
    id: &'static str,
    silent: &'static str,
    seen: &'static [&'static str],
    answer: String,
}

fn library_row(case: &case::Case) -> Row {
    let reasons: Vec<String> = case.reasons.iter().map(|code| format!("`{code}`")).collect();
    let mut answer = format!("{}: {}", case.verdict.name(), reasons.join(", "));
    for (metric, code) in case.metrics {
        write!(answer, "; {metric} `{code}`").expect("a string");
    }
    Row { id: case.id, silent: case.silent, seen: case.seen, answer }
}

fn command_line_row(case: &super::Case) -> Row {
    let answer = match case.answer {
        Answer::Verdict(verdict, reasons) => {
            let reasons: Vec<String> = reasons.iter().map(|code| format!("`{code}`")).collect();
            format!("{}, exit {}: {}", verdict.name(), exit_code(verdict), reasons.join(", "))
        }
        Answer::Refused(words) => format!("exit 2: “{}”", words.join(" … ")),
        Answer::Code(code) => format!("exit {code}"),
    };
    Row { id: case.id, silent: case.silent, seen: case.seen, answer }
}

/// A thread as a link; a tool's behaviour as it is.
fn source(seen: &str) -> String {
    match seen.split_once('#') {
        Some((repository, number)) => {
            let name = repository.rsplit('/').next().unwrap_or(repository);
            format!("[{name}#{number}](https://github.com/{repository}/issues/{number})")
        }
        None => seen.to_owned(),
    }
}

fn table(title: &str, rows: impl Iterator<Item = Row>) -> String {
    let mut text = format!("\n### {title}\n\n| case | what is silent | answer | seen |\n| --- | --- | --- | --- |\n");
    for row in rows {
        let seen: Vec<String> = row.seen.iter().map(|seen| source(seen)).collect();
        writeln!(text, "| {} | {} | {} | {} |", row.id, row.silent, row.answer, seen.join(", ")).expect("a string");
    }
    text
}

#[cfg(target_os = "linux")]
fn page() -> String {
    let (library, command_line) = (cases::all(), all());
    let controls = library.iter().filter(|case| case.is_control()).count()
        + command_line.iter().filter(|case| case.is_control()).count();
    let silent = library.len() + command_line.len() - controls;
    let mut page = OPENING.replace("{silent}", &silent.to_string()).replace("{controls}", &controls.to_string());
    page += "\n";
    let arrays: Vec<&str> = library.iter().filter(|case| !case.in_files).map(|case| case.id).collect();
    page += &LIBRARY.replace("{count}", &library.len().to_string()).replace("{arrays}", &arrays.join(" and "));
    for (title, cases) in cases::TOPICS {
        page += &table(title, cases.iter().map(library_row));
    }
    page += "\n";
    page += &COMMAND_LINE.replace("{count}", &command_line.len().to_string());
    for (title, cases) in
        [("Inputs", inputs::CASES), ("Arguments and configurations", arguments::CASES), ("Outputs", outputs::CASES)]
    {
        page += &table(title, cases.iter().map(command_line_row));
    }
    page + "\n" + LIMITS
}

/// On Linux, where every case can be made.
#[cfg(target_os = "linux")]
#[test]
fn the_page_is_fresh() {
    let path = root().join("docs/silence.md");
    let page = page();
    if env::var_os("CANARY_UPDATE_SILENCE").is_some() {
        fs::write(&path, &page).expect("a page that can be written");
    }
    let copy = fs::read_to_string(&path).unwrap_or_default();
    assert!(copy == page, "{} is stale: run this test with CANARY_UPDATE_SILENCE=1", path.display());
}

/// A source is a thread, `owner/repository#number`, or a sentence on a tool; nothing breaks the table.
#[test]
fn sources_can_be_followed() {
    let rows = cases::all().iter().map(library_row).chain(all().iter().map(command_line_row)).collect::<Vec<_>>();
    let mut threads = BTreeSet::new();
    for row in rows {
        assert!(!row.silent.contains('|') && !row.answer.contains('|'), "{}", row.id);
        for seen in row.seen {
            match seen.split_once('#') {
                Some((repository, number)) => {
                    assert!(number.parse::<u32>().is_ok() && repository.split('/').count() == 2, "{seen}");
                    threads.insert(*seen);
                }
                None => assert!(seen.contains(": "), "{seen}"),
            }
        }
    }
    assert!(threads.len() >= 30, "{threads:?}");
}
