//! Both sides' metrics matched by region and name.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::super::life::Life;
use super::super::set::{PairIndex, Region};
use super::fill::Filled;
use super::names::Names;
use super::survey::SortedRows;

/// Matches both sides by (region, metric), in order of their names.
pub(super) fn match_up(
    names: &Names,
    baseline: (&SortedRows, &Filled),
    canary: (&SortedRows, &Filled),
) -> (Vec<PairIndex>, Vec<Region>) {
    type Place<'a> = (Option<&'a Arc<str>>, Option<&'a Arc<str>>);
    type Both = (Option<Range<usize>>, Option<Range<usize>>);
    let mut found: BTreeMap<Place<'_>, ((u32, u32), Both)> = BTreeMap::new();
    for ((region, metric), rows) in &baseline.0.ranges {
        let place = (names.region(*region), names.metrics.name(*metric));
        found.entry(place).or_insert(((*region, *metric), (None, None))).1.0 = Some(rows.clone());
    }
    for ((region, metric), rows) in &canary.0.ranges {
        let place = (names.region(*region), names.metrics.name(*metric));
        found.entry(place).or_insert(((*region, *metric), (None, None))).1.1 = Some(rows.clone());
    }
    let (mut pairs, mut regions) = (Vec::with_capacity(found.len()), Vec::<Region>::new());
    for ((region, name), (key, (of_baseline, of_canary))) in found {
        let Some(name) = name else { continue };
        if regions.last().is_none_or(|last| last.name.as_ref() != region) {
            regions.push(Region { name: region.cloned(), baseline: None, canary: None });
        }
        let (of_baseline, of_canary) = (of_baseline.unwrap_or(0..0), of_canary.unwrap_or(0..0));
        if let Some(last) = regions.last_mut() {
            last.baseline = Life::both(last.baseline, baseline.1.life(&of_baseline));
            last.canary = Life::both(last.canary, canary.1.life(&of_canary));
        }
        let groups = (baseline.0.groups.get(&key), canary.0.groups.get(&key));
        pairs.push(PairIndex {
            name: Arc::clone(name),
            region: regions.len().saturating_sub(1),
            group: groups.0.into_iter().chain(groups.1).min().cloned(),
            baseline: of_baseline,
            canary: of_canary,
        });
    }
    (pairs, regions)
}
