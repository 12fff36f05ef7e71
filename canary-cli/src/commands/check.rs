//! `canary check`: is a configuration right, and by which rule would each metric be judged?

use std::collections::BTreeSet;
use std::sync::Arc;

use canary_core::Config;
use canary_core::config::{Direction, Rule, Settings};
use comfy_table::{ContentArrangement, Table, presets};

use crate::args::CheckArgs;
use crate::exit::Exit;
use crate::input::Checked;
use crate::{input, output, panics};

/// Runs the command.
pub(crate) fn run(args: &CheckArgs) -> anyhow::Result<Exit> {
    let checked = input::config(&args.config)?;
    let mut out = summary(args, &checked.config);
    match &args.data {
        None => out.push_str(&rules_table(&checked)?),
        Some(data) => {
            let names = metric_names(data, args)?;
            warn_of_idle_rules(args, &checked, &names);
            out.push_str(&metrics_table(&checked, &names));
        }
    }
    output::print(&out)?;
    Ok(Exit::Pass)
}

fn summary(args: &CheckArgs, config: &Config) -> String {
    let rules = match config.rules.len() {
        0 => "no rules".to_owned(),
        1 => "1 rule".to_owned(),
        several => format!("{several} rules"),
    };
    let (pass, marginal) = (config.thresholds.pass(), config.thresholds.marginal());
    format!("{}: fine; pass from {pass}, fail below {marginal}, {rules}\n", args.config.display())
}

/// A table of left-aligned columns without lines.
pub(crate) fn plain_table(head: &[&str]) -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled).set_header(head);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table
}

/// The table as lines; none at all where it has no rows.
pub(crate) fn lines(table: &Table) -> String {
    if table.is_empty() { String::new() } else { format!("{}\n", table.trim_fmt()) }
}

fn rules_table(checked: &Checked) -> anyhow::Result<String> {
    let mut table = plain_table(&["rule", "match", "sets"]);
    for (rule, place) in checked.config.rules.iter().zip(&checked.places) {
        let patterns = match rule.preset {
            Some(_) if rule.patterns.is_empty() => "(the preset's)".to_owned(),
            _ => rule.patterns.join(", "),
        };
        table.add_row([place.clone(), patterns, what_it_sets(rule)?]);
    }
    Ok(lines(&table))
}

/// The keys of a rule, as JSON would write them: every key that is added to the config shows up here.
fn what_it_sets(rule: &Rule) -> anyhow::Result<String> {
    let keys = serde_json::to_value(rule)?;
    let set = keys.as_object().into_iter().flatten().filter(|(key, _)| key.as_str() != "match");
    Ok(set.map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(" "))
}

fn metric_names(data: &str, args: &CheckArgs) -> anyhow::Result<BTreeSet<Arc<str>>> {
    let options = input::read_options(&args.reading);
    let table = panics::quietly(|| canary_io::read_side(data, &options, &|_| {}))?;
    Ok(table.metrics())
}

fn warn_of_idle_rules(args: &CheckArgs, checked: &Checked, names: &BTreeSet<Arc<str>>) {
    let resolver = checked.judge.resolver();
    let matched: BTreeSet<usize> = names.iter().flat_map(|name| resolver.matching(name)).collect();
    for (index, (rule, place)) in checked.config.rules.iter().zip(&checked.places).enumerate() {
        if !matched.contains(&index) {
            let config = args.config.display();
            output::warn(&format!("{config}: {place}: {} matches no metric of the data", what_it_matches(rule)));
        }
    }
}

fn what_it_matches(rule: &Rule) -> String {
    match rule.preset {
        Some(_) if rule.patterns.is_empty() => "the preset".to_owned(),
        _ => format!("match = {:?}", rule.patterns),
    }
}

fn metrics_table(checked: &Checked, names: &BTreeSet<Arc<str>>) -> String {
    let mut table = plain_table(&["metric", "group", "bounds", "counts against", "weight", "judge", "by"]);
    for name in names {
        let settings = checked.judge.resolver().settings(name);
        let places = settings.rules.iter().filter_map(|&rule| checked.places.get(rule));
        let by: Vec<&str> = places.map(String::as_str).collect();
        let by = if by.is_empty() { "defaults".to_owned() } else { by.join(", ") };
        table.add_row([
            name.to_string(),
            settings.group.clone().unwrap_or_else(|| "(input)".to_owned()),
            format!("{} to {}", settings.bounds.lower(), settings.bounds.upper()),
            against(&settings),
            weight(&settings),
            settings.judge.name().to_owned(),
            by,
        ]);
    }
    lines(&table)
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
    let critical = if settings.critical { ", critical" } else { "" };
    let required = if settings.must_have_data { ", must have data" } else { "" };
    format!("{}{critical}{required}", settings.weight.get())
}
