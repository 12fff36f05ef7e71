//! The looks of a replay: a line each, where it was stopped, and the last one's report.

use canary_core::replay::{LookResult, Replay};

use super::grid::{Column, Grid};
use super::paint::Paint;
use super::prose::wrapped;
use super::{INDENT, LEAST_WIDTH, Line, TableOptions, table};
use crate::words::{change_text, counted, number, score, sign, stop_text, verdict_word};

/// Up to so many looks are all shown; of more, those that changed something.
const FEW_LOOKS: usize = 24;
/// The least columns in which a change is understood.
const LEAST_CHANGE: usize = 12;
/// What the other columns take of a line.
const BESIDE_CHANGE: usize = 60;

/// The looks, then the last one's report as ever.
pub(crate) fn replay_table(replay: &Replay, options: &TableOptions) -> String {
    let width = options.width.max(LEAST_WIDTH);
    let mut out = String::new();
    let stop = wrapped(&stop_text(replay), width, INDENT);
    let lines = looks(replay, width).into_iter().chain([Line::plain("")]).chain(stop.into_iter().map(Line::plain));
    for line in lines.chain([Line::plain("")]) {
        line.print(width, options.color, &mut out);
    }
    out.push_str(&table(&replay.report, options));
    out
}

fn looks(replay: &Replay, width: usize) -> Vec<Line> {
    let times = Times::of(&replay.looks);
    let mut header = vec![Column::left("verdict")];
    header.extend(times.title().map(Column::left));
    header.extend([Column::right("minutes"), Column::right("score"), Column::right("hot"), Column::right("cold")]);
    header.push(Column::shrinking("what changed", LEAST_CHANGE));
    let mut grid = Grid::new(header);
    let mut before: Option<&LookResult> = None;
    let mut silent = 0_u64;
    for (index, look) in replay.looks.iter().enumerate() {
        let change = change_text(before, look, width.saturating_sub(BESIDE_CHANGE));
        let is_end = index == 0 || index + 1 == replay.looks.len();
        let is_news = !change.is_empty() || before.is_none_or(|before| before.verdict != look.verdict);
        before = Some(look);
        if replay.looks.len() > FEW_LOOKS && !is_end && !is_news {
            silent += 1;
            continue;
        }
        let mut cells = vec![format!("{} {}", sign(look.verdict), verdict_word(look.verdict))];
        cells.extend(times.cell(look));
        cells.extend([number(look.minutes), score(look.score, replay.report.thresholds)]);
        cells.extend([look.hot.len().to_string(), look.cold.len().to_string(), change]);
        grid.push(Some(Paint::of_verdict(look.verdict)), cells);
    }
    let mut lines = grid.lines(width);
    if silent > 0 {
        lines.push(Line::plain(format!("not shown: {} that changed nothing", counted(silent, "look"))));
    }
    lines
}

/// How the times of the looks are written: without what all have in common.
struct Times<'a> {
    /// The day, where it is one.
    day: Option<&'a str>,
    known: bool,
}

impl<'a> Times<'a> {
    fn of(looks: &'a [LookResult]) -> Self {
        let mut days = looks.iter().filter_map(|look| Some(look.at.as_deref()?.split_once('T')?.0));
        let first = days.next();
        let is_one = days.all(|day| Some(day) == first);
        Self { day: first.filter(|_| is_one), known: first.is_some() }
    }

    fn title(&self) -> Option<String> {
        self.known.then(|| self.day.map_or("time (UTC)".to_owned(), |day| format!("{day} UTC")))
    }

    fn cell(&self, look: &LookResult) -> Option<String> {
        let at = look.at.as_deref().filter(|_| self.known)?;
        let (day, time) = at.split_once('T').unwrap_or((at, ""));
        let time = time.trim_end_matches('Z');
        // Seconds where there are any.
        let time = time.strip_suffix(":00").filter(|minutes| minutes.contains(':')).unwrap_or(time);
        Some(if self.day.is_some() { time.to_owned() } else { format!("{day} {time}") })
    }
}
