//! Metrics summed up by state where they are not shown one by one.

use canary_core::report::{Evidence, MetricResult, State};

use super::reason_label;

/// Kinds of missing data that are named; the rest are counted together.
const KINDS_OF_NODATA: usize = 4;

/// The metrics by state: `41 hot, 12 cold; 3 cold not held against the canary; 42 nodata (30
/// missing in canary, 12 too few points); 210 ok but undecided; 2692 ok`. Empty where there are none.
#[must_use]
pub fn tally_text<'a>(metrics: impl IntoIterator<Item = &'a MetricResult>) -> String {
    let mut tally = Tally::default();
    metrics.into_iter().for_each(|metric| tally.add(metric));
    tally.text()
}

#[derive(Default)]
struct Tally {
    against: HotCold,
    harmless: HotCold,
    /// In order of appearance.
    nodata: Vec<(String, u64)>,
    undecided: u64,
    ok: u64,
}

#[derive(Default)]
struct HotCold {
    hot: u64,
    cold: u64,
}

impl HotCold {
    fn text(&self) -> Option<String> {
        match (self.hot, self.cold) {
            (0, 0) => None,
            (hot, 0) => Some(format!("{hot} hot")),
            (0, cold) => Some(format!("{cold} cold")),
            (hot, cold) => Some(format!("{hot} hot, {cold} cold")),
        }
    }
}

impl Tally {
    fn add(&mut self, metric: &MetricResult) {
        let flagged = if metric.counts_against { &mut self.against } else { &mut self.harmless };
        match (metric.state, metric.evidence) {
            (State::Hot, _) => flagged.hot += 1,
            (State::Cold, _) => flagged.cold += 1,
            (State::Ok, Evidence::Certified) => self.ok += 1,
            (State::Ok, Evidence::Undecided) => self.undecided += 1,
            (State::NoData, _) => self.add_nodata(reason_label(&metric.reason)),
        }
    }

    fn add_nodata(&mut self, label: String) {
        match self.nodata.iter_mut().find(|(known, _)| *known == label) {
            Some((_, count)) => *count += 1,
            None => self.nodata.push((label, 1)),
        }
    }

    fn text(mut self) -> String {
        let some = |count: u64, what: &str| (count > 0).then(|| format!("{count} {what}"));
        let nodata = self.nodata_text();
        let harmless = self.harmless.text().map(|text| format!("{text} not held against the canary"));
        let parts =
            [self.against.text(), harmless, nodata, some(self.undecided, "ok but undecided"), some(self.ok, "ok")];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    }

    fn nodata_text(&mut self) -> Option<String> {
        let total: u64 = self.nodata.iter().map(|(_, count)| count).sum();
        self.nodata.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let mut kinds: Vec<String> =
            self.nodata.iter().take(KINDS_OF_NODATA).map(|(label, count)| format!("{count} {label}")).collect();
        let others: u64 = self.nodata.iter().skip(KINDS_OF_NODATA).map(|(_, count)| count).sum();
        if others > 0 {
            kinds.push(format!("{others} for other reasons"));
        }
        (total > 0).then(|| format!("{total} nodata ({})", kinds.join(", ")))
    }
}
