//! `canary check`: is a configuration right, and by which rule would each metric be judged?

use std::collections::BTreeSet;

use anyhow::Context;
use canary_core::config::{Direction, Rule, Settings};
use canary_core::{Config, Judge};
use comfy_table::{ContentArrangement, Table, presets};

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::{input, output};

/// Runs the command.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let (config, text) = input::config(&args.config)?;
    let judge = Judge::new(config.clone()).with_context(|| args.config.display().to_string())?;
    let places = places(&config, &text, args);
    let mut out = format!(
        "{}: fine; pass from {}, fail below {}, {} rules\n",
        args.config.display(),
        config.thresholds.pass(),
        config.thresholds.marginal(),
        config.rules.len()
    );
    match &args.data {
        None => out.push_str(&rules_table(&config, &places)?),
        Some(data) => {
            let names = metric_names(data, args)?;
            warn_of_idle_rules(&judge, &names, &config, &places);
            out.push_str(&metrics_table(&judge, &names, &places));
        }
    }
    output::print(&out)?;
    Ok(Exit::Pass)
}

/// Where each rule stands: its line, or its number where the text is not TOML.
fn places(config: &Config, text: &str, args: &CheckArgs) -> Vec<String> {
    let lines = Config::rule_lines(text);
    let place = |index: usize| match lines.get(index) {
        Some(line) if lines.len() == config.rules.len() => format!("{}:{line}", args.config.display()),
        _ => format!("rules[{index}]"),
    };
    (0..config.rules.len()).map(place).collect()
}

fn plain_table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(head);
    table
}

fn rules_table(config: &Config, places: &[String]) -> anyhow::Result<String> {
    let mut table = plain_table(&["rule", "match", "sets"]);
    for (rule, place) in config.rules.iter().zip(places) {
        let patterns = match rule.preset {
            Some(_) if rule.patterns.is_empty() => "(the preset's)".to_owned(),
            _ => rule.patterns.join(", "),
        };
        table.add_row([place.clone(), patterns, what_it_sets(rule)?]);
    }
    Ok(format!("{table}\n"))
}

/// The keys of a rule, as JSON would write them: every key that is added to the config shows up here.
fn what_it_sets(rule: &Rule) -> anyhow::Result<String> {
    let keys = serde_json::to_value(rule)?;
    let set = keys.as_object().into_iter().flatten().filter(|(key, _)| key.as_str() != "match");
    Ok(set.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" "))
}

fn metric_names(data: &str, args: &CheckArgs) -> anyhow::Result<Vec<String>> {
    let table = canary_io::read_side(data, &input::read_options(&args.reading), &|_| {})?;
    let mut names = BTreeSet::new();
    for batch in table.observations() {
        let used: BTreeSet<u32> = batch.metric.codes.iter().copied().collect();
        let name = |code: u32| batch.metric.names.get(code as usize);
        names.extend(used.into_iter().filter_map(name).map(ToString::to_string));
    }
    Ok(names.into_iter().collect())
}

fn warn_of_idle_rules(judge: &Judge, names: &[String], config: &Config, places: &[String]) {
    let matched: BTreeSet<usize> = names.iter().flat_map(|name| judge.resolver().matching(name)).collect();
    for (index, (rule, place)) in config.rules.iter().zip(places).enumerate() {
        if !matched.contains(&index) {
            output::warn(&format!("{place}: match = [{}] matches no metric of the data", rule.patterns.join(", ")));
        }
    }
}

fn metrics_table(judge: &Judge, names: &[String], places: &[String]) -> String {
    let mut table = plain_table(&["metric", "group", "bounds", "counts against", "weight", "judge", "by"]);
    for name in names {
        let settings = judge.resolver().settings(name);
        let by: Vec<&str> = settings.rules.iter().filter_map(|&rule| places.get(rule)).map(String::as_str).collect();
        let by = if by.is_empty() { "defaults".to_owned() } else { by.join(", ") };
        table.add_row([
            name.clone(),
            settings.group.clone().unwrap_or_else(|| "(input)".to_owned()),
            format!("{} to {}", settings.bounds.lower(), settings.bounds.upper()),
            against(&settings),
            weight(&settings),
            settings.judge.name().to_owned(),
            by,
        ]);
    }
    format!("{table}\n")
}

fn against(settings: &Settings) -> String {
    let direction = match settings.direction {
        Direction::Increase => "increase",
        Direction::Decrease => "decrease",
        Direction::Either => "either",
    };
    let floor = settings.floor.map(|floor| format!(" of {} or more", floor.get())).unwrap_or_default();
    format!("{direction}{floor}")
}

fn weight(settings: &Settings) -> String {
    let critical = if settings.critical { " critical" } else { "" };
    let required = if settings.must_have_data { " must have data" } else { "" };
    format!("{}{critical}{required}", settings.weight.get())
}
