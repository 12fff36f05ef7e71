//! Colours: none in a pipe, none where they are not wanted.

use crate::harness::{FAILING, Run, command, run, score};

const ESCAPE: char = '\u{1b}';

fn has_colours(run: &Run) -> bool {
    assert!(!run.stderr.contains(ESCAPE), "{run:?}");
    run.stdout.contains(ESCAPE)
}

#[test]
fn a_pipe_gets_no_colours_unless_asked_for() {
    assert!(!has_colours(&score(&FAILING, &[])));
    assert!(!has_colours(&score(&FAILING, &["--color", "auto"])));
    assert!(!has_colours(&score(&FAILING, &["--color", "never"])));
    assert!(has_colours(&score(&FAILING, &["--color", "always"])));
    score(&FAILING, &["--color", "sometimes"]).complains(&["sometimes", "auto, always, never"]);
}

#[test]
fn colours_change_no_word() {
    let plain = score(&FAILING, &["--color", "never"]).stdout;
    let coloured = score(&FAILING, &["--color", "always"]).stdout;
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    // An escape sequence of colours runs up to the next m.
    while let Some((before, after)) = rest.split_once(ESCAPE) {
        stripped.push_str(before);
        rest = after.split_once('m').expect("a sequence that ends").1;
    }
    assert_eq!(stripped + rest, plain);
}

#[test]
fn formats_for_programs_have_no_colours_at_all() {
    for format in ["json", "markdown", "junit", "github"] {
        assert!(!has_colours(&score(&FAILING, &["--format", format, "--color", "always"])), "{format}");
    }
}

#[test]
fn no_color_is_respected_and_an_option_is_stronger() {
    let args = |color| [&["score"], &FAILING[..], &["--color", color]].concat();
    assert!(!has_colours(&run(command(&args("auto")).env("NO_COLOR", "1"))));
    assert!(has_colours(&run(command(&args("always")).env("NO_COLOR", "1"))));
}

#[test]
fn errors_have_no_colours_either() {
    assert!(!has_colours(&score(&["nowhere.parquet"], &[])));
    assert!(!has_colours(&score(&FAILING, &["--judge", "kayenta"])));
}

#[test]
fn a_pipe_gets_lines_that_fit_a_log() {
    for line in score(&FAILING, &[]).stdout.lines() {
        assert!(line.chars().count() <= 120, "{line}");
        assert_eq!(line, line.trim_end(), "no white space at the end of a line");
    }
}
