//! For a person at a terminal.

use super::Trended;
use super::changes::{cells, titles};
use super::plot::plot;
use crate::PlotOptions;
use crate::table::{Column, Grid, INDENT, LEAST_WIDTH, Line, Paint, wrapped};
use crate::words::{TrendState, history_text, printable, trend_text};

/// The headline, the plot and the changes.
pub(super) fn table(trended: Trended<'_>, options: PlotOptions) -> String {
    let width = options.width.max(LEAST_WIDTH);
    let report = trended.report;
    let state = TrendState::of(report);
    let title = format!("{}: {}", state.word(), trend_text(report));
    let mut head = wrapped(&title, width, INDENT).into_iter();
    let mut lines = vec![Line::painted(head.next().unwrap_or_default(), state.word().to_owned(), paint(state))];
    lines.extend(head.map(Line::plain));
    lines.push(Line::plain(""));
    let drawing = plot(trended, width);
    if !drawing.is_empty() {
        lines.push(Line::plain(format!("{} by build", printable(trended.number))));
        lines.extend(drawing.into_iter().map(Line::plain));
        lines.push(Line::plain(""));
    }
    if !report.changes.is_empty() {
        lines.extend(changes(trended).lines(width));
        lines.push(Line::plain(""));
    }
    lines.extend(wrapped(&history_text(report), width, INDENT).into_iter().map(Line::plain));
    let mut out = String::new();
    for line in lines {
        line.print(width, options.color, &mut out);
    }
    out
}

fn paint(state: TrendState) -> Paint {
    match state {
        TrendState::Worse => Paint::Red,
        TrendState::Suspect | TrendState::Undecided => Paint::Yellow,
        TrendState::Better | TrendState::Steady => Paint::Green,
    }
}

fn changes(trended: Trended<'_>) -> Grid {
    let column = |(at, title): (usize, String)| match at {
        0 => Column::left(title),
        // Names of builds give way where the line is narrow.
        1 | 7 => Column::shrinking(title, 8),
        _ => Column::right(title),
    };
    let mut grid = Grid::new(titles(trended).into_iter().enumerate().map(column).collect());
    for change in &trended.report.changes {
        let paint = if change.regression { Paint::Red } else { Paint::Green };
        grid.push(Some(paint), cells(trended, change));
    }
    grid
}
