//! From what a metric shows and what it may spend to its result.

use super::judged::{Finished, Judged, Key};
use super::standing::Standing;
use super::{Judge, classify, finite, score};
use crate::kayenta::{Difference, Rule, weaknesses};
use crate::metric::MetricSet;
use crate::note::{Note, NoteCode};
use crate::report::{Flag, MetricResult, PeerDifference, Points, Reason, State, Window};
use crate::shape::Shape;

impl Judge {
    /// What one metric comes to, once it is known what it may spend of the budget.
    pub(super) fn result(&self, metrics: &MetricSet, judged: Judged<'_>, allowed: f64) -> Finished {
        let look = &self.look;
        let p_value = judged.p_value();
        let loudest = judged.loudest;
        let Judged { key, settings, compared, average, mut notes, shapes, .. } = judged;
        let classified = classify::classify(&compared, loudest, &settings, allowed, look);
        let classified = classify::with_shapes(classified, &shapes, &settings);
        let difference = judged.peer.zip(judged.sides.as_ref()).and_then(|(label, (baseline, canary))| {
            let (rule, state, bounds) = (Rule::from(&settings), classified.state, settings.bounds);
            peer_difference(key, &Difference { baseline, canary, rule: &rule, label, state, bounds, seed: self.seed })
        });
        let standing = Standing::new(&classified, &settings);
        let (mut flags, method, effective, odd_signs) = match compared {
            Ok(found) => (found.flags, found.method, found.effective, found.odd_signs),
            Err(Reason::SampleSizeBias { .. }) => (vec![Flag::SampleSizeBias], None, None, 0),
            Err(_) => (Vec::new(), None, None, 0),
        };
        if odd_signs > 0 {
            notes.push(Note::new(NoteCode::OddSigns, odd_signs));
        }
        if judged.unequal_missing {
            flags.push(Flag::UnequalMissing);
        }
        flags.extend(classified.window.filter(|_| classified.state != State::Ok).and_then(flag_of_window));
        flags.extend(shapes.iter().map(|found| flag_of_shape(found.shape)));
        let minutes_seen = metrics.grid().minutes(metrics.grid().ticks());
        let has_data = classified.state != State::NoData;
        let result = MetricResult {
            name: key.name.clone(),
            region: key.region.cloned(),
            group: score::group_name(&settings, key.group),
            state: classified.state,
            ratio: finite(classified.ratio),
            interval: classified.interval,
            bounds: settings.bounds,
            average: if has_data { classified.average } else { average },
            points: Points {
                baseline: judged.baseline_points,
                canary: judged.canary_points,
                effective: effective.and_then(finite),
            },
            p_value: p_value.and_then(finite),
            weight: settings.weight.get(),
            critical: settings.critical,
            must_have_data: settings.must_have_data,
            counts_against: classified.counts_against,
            evidence: classified.evidence,
            window: classified.window,
            detectable: classified.detectable,
            minutes_to_decide: classified.times_needed.and_then(|times| finite((times - 1.0) * minutes_seen)),
            instances_to_decide: classified.instances_needed,
            flags,
            shapes,
            peer: judged.peer,
            method,
            reason: classified.reason,
            rules: settings.rules,
            notes,
            series: judged.series,
        };
        Finished { result, standing, difference, pulse: judged.pulse }
    }
}

fn flag_of_shape(shape: Shape) -> Flag {
    match shape {
        Shape::Spread => Flag::Spread,
        Shape::Tail => Flag::Tail,
        Shape::Spikes => Flag::Spikes,
        Shape::Stuck => Flag::Stuck,
        Shape::Zeroed => Flag::Zeroed,
    }
}

/// Where the peer differs, and why.
fn peer_difference(key: Key<'_>, difference: &Difference<'_>) -> Option<PeerDifference> {
    if difference.agrees(difference.label) {
        return None;
    }
    Some(PeerDifference {
        metric: key.name.clone(),
        region: key.region.cloned(),
        state: difference.state,
        label: difference.label,
        weaknesses: weaknesses(difference),
    })
}

/// A change that only the end of the window shows.
fn flag_of_window(window: Window) -> Option<Flag> {
    match window {
        Window::Full => None,
        Window::LastHalf | Window::LastQuarter | Window::LastEighth => Some(Flag::LateOnset),
        Window::End => Some(Flag::Drift),
    }
}
