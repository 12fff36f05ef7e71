//! What one metric does to the score.

use std::collections::BTreeMap;

use super::{GroupScore, MetricResult, Report};
use crate::judge::score::{scored, weighted};

impl Report {
    /// The uncapped score of the region of `metric` if there were no such metric; `None` where nothing that
    /// counts would be left. Beside [`RegionResult::score_uncapped`](super::RegionResult) it says what the
    /// metric does to the score. For more than a few metrics, [`Report::scores_without`]. Cost: O(metrics).
    #[must_use]
    pub fn score_without(&self, metric: &MetricResult) -> Option<f64> {
        self.scores_without().score(metric)
    }

    /// What [`Report::score_without`] answers, for many metrics. Cost: O(metrics · log groups).
    #[must_use]
    pub fn scores_without(&self) -> ScoresWithout<'_> {
        let mut regions: BTreeMap<Option<&str>, Region<'_>> = BTreeMap::new();
        for metric in &self.metrics {
            let region = regions.entry(metric.region.as_deref()).or_default();
            region.members.entry(&metric.group).or_default().push(metric);
        }
        for region in regions.values_mut() {
            let groups = region.members.values().flat_map(|members| scored(members.clone(), &self.config).groups);
            region.groups = groups.collect();
        }
        ScoresWithout { report: self, regions }
    }
}

/// The scores of a report, each without one metric.
#[derive(Clone, Debug)]
pub struct ScoresWithout<'a> {
    report: &'a Report,
    regions: BTreeMap<Option<&'a str>, Region<'a>>,
}

/// A region by groups, both by name.
#[derive(Clone, Debug, Default)]
struct Region<'a> {
    members: BTreeMap<&'a str, Vec<&'a MetricResult>>,
    groups: Vec<GroupScore>,
}

impl ScoresWithout<'_> {
    /// The uncapped score of the region of `metric` if there were no such metric; `None` where nothing that
    /// counts would be left. Equal to the last bit to judging the others alone: only the group of `metric` is
    /// added up again, in the same order. Cost: O(metrics of its group).
    #[must_use]
    pub fn score(&self, metric: &MetricResult) -> Option<f64> {
        let region = self.regions.get(&metric.region.as_deref())?;
        let mut groups = region.groups.clone();
        groups.retain(|group| group.name != metric.group);
        let others = region.members.get(&*metric.group).into_iter().flatten().copied();
        let others = others.filter(|other| other.name != metric.name).collect();
        groups.extend(scored(others, &self.report.config).groups);
        groups.sort_by(|a, b| a.name.cmp(&b.name));
        weighted(&groups)
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{GroupSettings, Rule, Span};
    use crate::judge::score::scored;
    use crate::scalar::{Positive, Weight};
    use crate::{Config, Judge, MetricData, MetricSet, TimeGrid};

    /// The oracle judges the others alone; equal to the last bit, so that a rounded score never differs.
    #[test]
    fn without_one_is_the_others_alone() {
        let baseline: Vec<f64> = (0..60).map(|tick| 100.0 + f64::from(tick * 7 % 13)).collect();
        let mut metrics = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 60));
        for (index, region) in (0..40_u32).zip(["eu", "us"].into_iter().cycle()) {
            let factor = 1.0 + f64::from(index % 5) / 4.0;
            let canary: Vec<f64> = baseline.iter().map(|value| value * factor).collect();
            let (name, group) = (format!("metric_{index}"), format!("group_{}", index % 7));
            let data = MetricData::new(&name).region(region).group(&group).baseline(&baseline);
            metrics.add(&data.canary(&canary)).unwrap();
        }
        let weights = (0..3).map(|index| Rule {
            patterns: vec![format!("metric_{index}*")],
            weight: Some(Weight::new(f64::from(index) + 0.1).unwrap()),
            ..Rule::default()
        });
        let group = GroupSettings { weight: Positive::new(0.3).unwrap() };
        let config = Config {
            rules: weights.collect(),
            groups: [("group_2".to_owned(), group)].into_iter().collect(),
            ..Config::default()
        };
        let report = Judge::new(config).unwrap().judge(&metrics.build().unwrap());
        let without = report.scores_without();
        for metric in &report.metrics {
            let others = |other: &&_| {
                let other: &crate::report::MetricResult = other;
                other.region == metric.region && other.name != metric.name
            };
            let others = report.metrics.iter().filter(others).collect();
            assert_eq!(without.score(metric), scored(others, &report.config).score, "{}", metric.name);
        }
    }
}
