//! Why one metric has its state, and what would change it: sentences under topics.

mod change;
mod level;

use std::collections::BTreeMap;

use canary_core::config::{Bounds, Direction, Resolver, Rule, Settings};
use canary_core::report::{MetricResult, PeerDifference, Reason, Report, ScoresWithout, State};

use self::level::Families;
use super::reason::{is_measured, window_text};
use super::{
    capitalised, counted, difference_text, exact, flag_text, in_prose, interval_text, label_word, note_text, number,
    percent_beside, ratio_text, reason_text, score, shape_text,
};

/// Below this share of its pairs a comparison is worth less because neighbouring ones are alike.
const REPEATS: f64 = 0.9;

/// Sentences about one aspect of a metric.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// The aspect, in a word or two.
    pub topic: &'static str,
    /// What there is to say of it.
    pub text: String,
}

/// Everything that there is to say of `metric`, one of `report`. For more than a few metrics, [`Explainer`].
/// Cost: O(metrics of the report).
#[must_use]
pub fn explained(report: &Report, metric: &MetricResult) -> Vec<Explained> {
    Explainer::new(report).explained(metric)
}

/// Explains the metrics of one report: what it takes from the whole report is looked up once.
#[derive(Debug)]
pub struct Explainer<'a> {
    report: &'a Report,
    resolver: Option<Resolver>,
    families: Families,
    without: ScoresWithout<'a>,
    differences: BTreeMap<(&'a str, Option<&'a str>), &'a PeerDifference>,
}

impl<'a> Explainer<'a> {
    /// Of `report`. Cost: O(metrics · log groups).
    #[must_use]
    pub fn new(report: &'a Report) -> Self {
        let differences = report.peer.iter().flat_map(|peer| &peer.differences);
        Self {
            report,
            resolver: Resolver::new(&report.config).ok(),
            families: Families::of(report),
            without: report.scores_without(),
            differences: differences.map(|found| ((&*found.metric, found.region.as_deref()), found)).collect(),
        }
    }

    /// Everything that there is to say of `metric`, in the order in which it is asked: why, what was seen, at which
    /// level, against which bounds, on which data, and what would change it. Aspects of which there is nothing to
    /// say are left out. Cost: O(metrics of its group).
    #[must_use]
    pub fn explained(&self, metric: &MetricResult) -> Vec<Explained> {
        let report = self.report;
        let settings = self.resolver.as_ref().map(|resolver| resolver.settings(&metric.name));
        let settings = settings.as_ref();
        let topics = [
            ("why", why(metric)),
            ("seen", seen(metric)),
            ("interval", level::level(report, self.families, metric, settings)),
            ("bounds", bounds(report, metric, settings)),
            ("data", data(metric)),
            ("power", power(metric)),
            ("also found", findings(metric)),
            ("dropped", notes(metric)),
            ("weight", self.weight(metric)),
            ("Kayenta", self.peer(metric)),
            ("to change it", change::change(report, metric, settings)),
        ];
        topics.into_iter().filter(|(_, text)| !text.is_empty()).map(|(topic, text)| Explained { topic, text }).collect()
    }

    fn weight(&self, metric: &MetricResult) -> String {
        let weight = format!("weight {} in group {}", exact(metric.weight), in_prose(&metric.group));
        let critical = if metric.critical { "critical: against its direction it fails the run alone" } else { "" };
        let required = if metric.must_have_data { "without data for it the run is inconclusive" } else { "" };
        let counts = metric.weight > 0.0 && metric.state != State::NoData;
        let effect = if counts { self.effect(metric) } else { String::new() };
        sentences(&[weight, critical.to_owned(), required.to_owned(), effect])
    }

    /// What the metric does to the score of its region.
    fn effect(&self, metric: &MetricResult) -> String {
        let region = self.report.regions.iter().find(|region| region.name == metric.region);
        let with = region.and_then(|region| region.score_uncapped);
        let shown = |value| score(value, self.report.thresholds);
        match self.without.score(metric) {
            None => "without it the region would have no score at all".to_owned(),
            without if shown(without) == shown(with) => {
                format!("without it the score would be the same, {}", shown(with))
            }
            without => format!("without it the score would be {} instead of {}", shown(without), shown(with)),
        }
    }

    fn peer(&self, metric: &MetricResult) -> String {
        let Some(label) = metric.peer else { return String::new() };
        let difference = self.differences.get(&(&*metric.name, metric.region.as_deref()));
        let difference = difference.map(|found| difference_text(found, usize::MAX)).unwrap_or_default();
        sentences(&[format!("its rule says {}", label_word(label)), difference])
    }
}

/// Clauses as sentences.
fn sentences(clauses: &[String]) -> String {
    let clauses = clauses.iter().filter(|clause| !clause.is_empty());
    let sentence = |clause: &String| format!("{}{}", capitalised(clause), if clause.ends_with('?') { "" } else { "." });
    clauses.map(sentence).collect::<Vec<_>>().join(" ")
}

fn why(metric: &MetricResult) -> String {
    let flagged = matches!(metric.state, State::Hot | State::Cold);
    let counts = match (flagged, metric.counts_against, metric.weight > 0.0 || metric.critical) {
        (false, ..) => String::new(),
        (_, false, _) => "a change in this direction is not held against the canary".to_owned(),
        (_, true, true) => "it counts against the canary".to_owned(),
        (_, true, false) => "its weight is 0: it is shown and moves nothing".to_owned(),
    };
    sentences(&[reason_text(metric), counts])
}

fn seen(metric: &MetricResult) -> String {
    let average = |side: Option<f64>| side.map_or_else(|| "-".to_owned(), number);
    let (baseline, canary) = (metric.average.baseline, metric.average.canary);
    if baseline.is_none() && canary.is_none() {
        return String::new();
    }
    let window = metric.window.and_then(window_text).map(|window| format!(" {window}")).unwrap_or_default();
    let ratio = match ratio_text(metric) {
        none if none == "-" => String::new(),
        ratio => format!(", ratio {ratio}"),
    };
    let what = if is_measured(metric) { "measured" } else { "average" };
    let averages = format!("{what}{window} {} -> {}{ratio}", average(baseline), average(canary));
    let decided = metric.window.and_then(window_text).map(|_| "that part of the run decided: it speaks loudest");
    sentences(&[averages, decided.unwrap_or_default().to_owned()])
}

fn bounds(report: &Report, metric: &MetricResult, settings: Option<&Settings>) -> String {
    let (lower, upper) = (exact(metric.bounds.lower()), exact(metric.bounds.upper()));
    let set_by = |sets: fn(&Rule) -> bool| {
        let rules = metric.rules.iter().filter_map(|&index| Some((index, report.config.rules.get(index)?)));
        let mut setting = rules.filter(|(_, rule)| sets(rule));
        setting.next().map_or_else(|| "the defaults".to_owned(), |(index, rule)| rule_text(index, rule))
    };
    let held = match metric.reason {
        Reason::Kayenta { .. } if metric.bounds == Bounds::default() => {
            "nobody has set `bounds`, so that every change it can prove counts for that rule".to_owned()
        }
        Reason::Kayenta { .. } => format!("that rule allows a ratio of the means of {lower} to {upper}"),
        _ => format!("the ratio is held against {lower} to {upper}, set by {}", set_by(|rule| rule.bounds.is_some())),
    };
    let direction = settings.map(|settings| match settings.direction {
        Direction::Either => "either direction counts".to_owned(),
        direction => {
            let word = if direction == Direction::Increase { "an increase" } else { "a decrease" };
            let by = set_by(|rule| rule.direction.is_some() || rule.preset.is_some());
            format!("only {word} counts, set by {by}")
        }
    });
    let floor = settings.and_then(|settings| settings.floor).map(|floor| {
        let by = set_by(|rule| rule.floor.is_some());
        format!("a change of the average below {} never counts, set by {by}", exact(floor.get()))
    });
    sentences(&[held, direction.unwrap_or_default(), floor.unwrap_or_default()])
}

/// A rule by its number, from 1, and what it matches.
fn rule_text(index: usize, rule: &Rule) -> String {
    const PATTERNS: usize = 2;
    let mut patterns: Vec<String> =
        rule.patterns.iter().take(PATTERNS).map(|pattern| format!("`{}`", in_prose(pattern))).collect();
    patterns.extend(rule.preset.map(|preset| format!("preset {}", preset.name())));
    let more = rule.patterns.len().saturating_sub(PATTERNS);
    patterns.extend((more > 0).then(|| counted(more as u64, "more pattern")));
    format!("rule {} ({})", index + 1, patterns.join(", "))
}

fn data(metric: &MetricResult) -> String {
    if is_measured(metric) {
        return sentences(&["a test of its own measures both numbers; there is no series".to_owned()]);
    }
    let points = metric.points;
    let pairs = points.baseline.min(points.canary) as f64;
    let effective = points.effective.map(|effective| {
        let repeats = if effective < REPEATS * pairs { ": neighbouring ones repeat each other" } else { "" };
        format!("the comparison is worth {} independent pairs{repeats}", number(effective))
    });
    let seen = format!("{} usable points in the baseline, {} in the canary", points.baseline, points.canary);
    sentences(&[seen, effective.unwrap_or_default()])
}

/// The smallest changes that would have been seen, and when an undecided metric is decided.
fn power(metric: &MetricResult) -> String {
    let detectable = metric.detectable.map(|detectable| {
        let side = |ratio: Option<f64>, state: &str| match ratio {
            Some(ratio) => format!("a ratio of {} would just be {state}", number(ratio)),
            None => format!("no change at all would be {state} yet"),
        };
        let when = if is_measured(metric) { "" } else { "by now, over the whole run, " };
        format!("{when}{} and {}", side(detectable.increase, "hot"), side(detectable.decrease, "cold"))
    });
    let minutes = metric.minutes_to_decide.map(|minutes| {
        format!("if the ratio stays as it is, about {} more would decide", counted(whole(minutes.max(1.0)), "minute"))
    });
    sentences(&[detectable.unwrap_or_default(), minutes.unwrap_or_default()])
}

#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounded up, and a cast saturates")]
fn whole(minutes: f64) -> u64 {
    minutes.ceil() as u64
}

fn findings(metric: &MetricResult) -> String {
    let is_told = |text: &String| !metric.shapes.is_empty() && is_shape(text, metric);
    let flags = metric.flags.iter().map(|flag| flag_text(*flag)).filter(|text| !is_told(text));
    let shapes = metric.shapes.iter().map(|found| {
        let p_value = found.p_value.map(|p_value| format!(", p {}", number(p_value))).unwrap_or_default();
        shape_text(found) + &p_value
    });
    sentences(&flags.chain(shapes).collect::<Vec<_>>())
}

/// Whether a flag is that of a shape, which its numbers tell better.
fn is_shape(text: &str, metric: &MetricResult) -> bool {
    use canary_core::report::Flag;
    let flags = [Flag::Spread, Flag::Tail, Flag::Spikes, Flag::Stuck, Flag::Zeroed];
    flags.iter().any(|flag| metric.flags.contains(flag) && flag_text(*flag) == text)
}

fn notes(metric: &MetricResult) -> String {
    sentences(&metric.notes.iter().map(note_text).collect::<Vec<_>>())
}
