//! The labels of every batch of both sides in one numbering, and the choice among them.

use std::sync::Arc;

use super::super::intern::Interner;
use super::Selection;
use crate::config::Patterns;
use crate::observation::{Labels, Observations};

/// The labels of both sides in one numbering.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub(super) metrics: Interner,
    pub(super) regions: Interner,
    pub(super) instances: Interner,
    pub(super) groups: Interner,
}

/// A batch with its labels' numbers. Region and instance take 0 where there is none.
pub(super) struct Batch<'a> {
    pub(super) rows: &'a Observations<'a>,
    pub(super) metric: Vec<u32>,
    pub(super) region: Vec<u32>,
    pub(super) instance: Vec<u32>,
    pub(super) group: Vec<u32>,
}

impl Names {
    pub(super) fn batch<'a>(&mut self, rows: &'a Observations<'a>) -> Batch<'a> {
        let after_none = |numbers: Vec<u32>| numbers.into_iter().map(|number| number + 1).collect();
        Batch {
            rows,
            metric: self.metrics.numbers(Some(rows.metric)),
            region: after_none(self.regions.numbers(rows.region)),
            instance: after_none(self.instances.numbers(rows.instance)),
            group: self.groups.numbers(rows.group),
        }
    }

    pub(super) fn region(&self, number: u32) -> Option<&Arc<str>> {
        self.regions.name(number.checked_sub(1)?)
    }

    pub(super) fn instance(&self, number: u32) -> Option<&Arc<str>> {
        self.instances.name(number.checked_sub(1)?)
    }
}

/// The number of row `row`'s label; 0 where it has none.
#[inline]
pub(super) fn label(labels: Option<&Labels<'_>>, numbers: &[u32], row: usize) -> u32 {
    let Some(&code) = labels.and_then(|labels| labels.codes.get(row)) else { return 0 };
    numbers.get(code as usize).copied().unwrap_or(0)
}

/// Which series a row belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) metric: u32,
    pub(super) region: u32,
    pub(super) instance: u32,
}

/// Which rows count.
pub(super) struct Filter {
    start_ms: i64,
    end_ms: i64,
    /// By metric number; empty where all count.
    metrics: Vec<bool>,
    /// By region number, 0 for none; empty where all count.
    regions: Vec<bool>,
}

impl Filter {
    pub(super) fn new(selection: &Selection, names: &Names) -> Self {
        let chosen = |patterns: &Patterns| names.metrics.names().iter().map(|name| patterns.matches(name)).collect();
        let regions = |wanted: &Vec<String>| {
            let is_wanted = |name: &Arc<str>| wanted.iter().any(|wanted| wanted.as_str() == name.as_ref());
            std::iter::once(false).chain(names.regions.names().iter().map(is_wanted)).collect()
        };
        Self {
            start_ms: selection.start_ms.unwrap_or(i64::MIN),
            end_ms: selection.end_ms.unwrap_or(i64::MAX),
            metrics: selection.metrics.as_ref().map(chosen).unwrap_or_default(),
            regions: selection.regions.as_ref().map(regions).unwrap_or_default(),
        }
    }

    #[inline]
    pub(super) fn wants(&self, key: Key) -> bool {
        self.metrics.get(key.metric as usize).copied().unwrap_or(true)
            && self.regions.get(key.region as usize).copied().unwrap_or(true)
    }

    /// Whether all times from `first_ms` to `last_ms` lie in the window.
    pub(super) fn covers(&self, first_ms: i64, last_ms: i64) -> bool {
        self.in_window(first_ms) && self.in_window(last_ms)
    }

    #[inline]
    pub(super) fn in_window(&self, time_ms: i64) -> bool {
        time_ms >= self.start_ms && time_ms < self.end_ms
    }
}
