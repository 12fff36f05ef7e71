//! Both sides' metrics matched by region and name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::super::life::Life;
use super::super::set::{PairIndex, Region};

/// All series of one metric in one region on one side.
#[derive(Clone, Debug)]
pub(in super::super) struct Rows<'a> {
    pub(in super::super) region: Option<&'a Arc<str>>,
    pub(in super::super) metric: &'a Arc<str>,
    pub(in super::super) group: Option<&'a Arc<str>>,
    pub(in super::super) series: Range<usize>,
    pub(in super::super) life: Option<Life>,
}

/// Matches both sides by (region, metric), in order of their names.
pub(in super::super) fn match_up<'a>(
    baseline: impl Iterator<Item = Rows<'a>>,
    canary: impl Iterator<Item = Rows<'a>>,
) -> (Vec<PairIndex>, Vec<Region>) {
    type Place<'a> = (Option<&'a Arc<str>>, &'a Arc<str>);
    let mut found: BTreeMap<Place<'_>, (Option<Rows<'_>>, Option<Rows<'_>>)> = BTreeMap::new();
    for rows in baseline {
        let place = (rows.region, rows.metric);
        found.entry(place).or_default().0 = Some(rows);
    }
    for rows in canary {
        let place = (rows.region, rows.metric);
        found.entry(place).or_default().1 = Some(rows);
    }
    let (mut pairs, mut regions) = (Vec::with_capacity(found.len()), Vec::<Region>::new());
    for ((region, name), (baseline, canary)) in found {
        if regions.last().is_none_or(|last| last.name.as_ref() != region) {
            regions.push(Region { name: region.cloned(), baseline: None, canary: None });
        }
        let life = |rows: &Option<Rows<'_>>| rows.as_ref().and_then(|rows| rows.life);
        if let Some(last) = regions.last_mut() {
            last.baseline = Life::both(last.baseline, life(&baseline));
            last.canary = Life::both(last.canary, life(&canary));
        }
        let groups = [&baseline, &canary].map(|rows| rows.as_ref().and_then(|rows| rows.group));
        let series = |rows: Option<Rows<'_>>| rows.map_or(0..0, |rows| rows.series);
        pairs.push(PairIndex {
            name: Arc::clone(name),
            region: regions.len().saturating_sub(1),
            group: groups.into_iter().flatten().min().cloned(),
            baseline: series(baseline),
            canary: series(canary),
        });
    }
    (pairs, regions)
}
