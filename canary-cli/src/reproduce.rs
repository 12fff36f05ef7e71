//! The command that makes the same report again, in its shortest form.

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Command};

/// What changes how a report is shown, where it goes or how fast it is there, and nothing that it says.
pub(crate) const SHOWN_ONLY: &[&str] =
    &["format", "output", "only", "with_series", "allow", "threads", "color", "quiet"];

/// The command line of the subcommand in `matches`, quoted for a POSIX shell: every argument that shapes the report,
/// in the order of the help. `None` where there is no subcommand, or an argument that no shell could take.
pub(crate) fn command(program: &Command, matches: &ArgMatches) -> Option<String> {
    let (name, given) = matches.subcommand()?;
    let subcommand = program.find_subcommand(name)?;
    let mut words = vec![program.get_name().to_owned(), name.to_owned()];
    for argument in subcommand.get_arguments().filter(|argument| !SHOWN_ONLY.contains(&argument.get_id().as_str())) {
        let id = argument.get_id().as_str();
        if given.try_contains_id(id).is_err() || given.value_source(id) != Some(ValueSource::CommandLine) {
            continue;
        }
        let values = given.get_raw(id).into_iter().flatten().map(|value| value.to_string_lossy().into_owned());
        match (argument.get_long(), argument.get_action()) {
            (None, _) => words.extend(values),
            (Some(long), ArgAction::SetTrue) => words.push(format!("--{long}")),
            (Some(long), _) => words.extend(values.flat_map(|value| [format!("--{long}"), value])),
        }
    }
    shlex::try_join(words.iter().map(String::as_str)).ok()
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::{SHOWN_ONLY, command};
    use crate::args::Cli;

    fn reproduced(words: &[&str]) -> String {
        let program = Cli::command();
        let matches = program.clone().try_get_matches_from(words).expect("a command line");
        command(&program, &matches).expect("words that a shell can take")
    }

    #[test]
    fn what_shapes_the_report_stays_and_nothing_else() {
        let words = "canary score old.csv new.csv -q --threads 2 -c canary.toml --metric a* --metric b -o x.json";
        assert_eq!(
            reproduced(&words.split(' ').collect::<Vec<_>>()),
            "canary score old.csv new.csv --config canary.toml --metric 'a*' --metric b"
        );
    }

    #[test]
    fn words_are_quoted_for_a_shell() {
        assert_eq!(reproduced(&["canary", "score", "old $(id).csv", "it's"]), "canary score 'old $(id).csv' \"it's\"");
    }

    #[test]
    fn what_is_left_out_exists() {
        let program = Cli::command();
        let score = program.find_subcommand("score").expect("score");
        for id in SHOWN_ONLY {
            assert!(score.get_arguments().any(|argument| argument.get_id() == id), "{id}");
        }
    }
}
