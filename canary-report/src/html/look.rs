//! How a metric's cell looks: the classes of the style.

use canary_core::report::{Evidence, MetricResult, State};

use crate::grid::shade;

/// The classes of a metric's cell: state and shade (`h3`, `c1`, `o4`, `n1`), `u` for undecided, `q` for a move that
/// is not held against the canary, `k` for critical.
pub(super) fn look(metric: &MetricResult) -> String {
    let state = match metric.state {
        State::Hot => 'h',
        State::Cold => 'c',
        State::Ok => 'o',
        State::NoData => 'n',
    };
    let undecided = metric.state == State::Ok && metric.evidence == Evidence::Undecided;
    let quiet = matches!(metric.state, State::Hot | State::Cold) && !metric.counts_against;
    let mut look = format!("{state}{}", shade(metric));
    for (holds, class) in [(undecided, " u"), (quiet, " q"), (metric.critical, " k")] {
        look.push_str(if holds { class } else { "" });
    }
    look
}
