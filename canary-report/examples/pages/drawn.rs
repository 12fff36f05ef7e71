//! Reports put together by hand: hostile names, and more metrics than a test should judge.

use std::sync::Arc;

use canary_core::report::{
    Finding, Interval, Member, MetricKey, MetricResult, Onset, Reason, Report, Series, Size, State, Tipping, Verdict,
    VerdictReason,
};
use canary_core::{Note, NoteCode};
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use super::sample;

/// Uniform on 0 to 1.
pub(crate) fn uniform(random: &mut Pcg64Mcg) -> f64 {
    (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
}

/// About normal: the sum of twelve uniforms has variance 1.
pub(crate) fn normal(random: &mut Pcg64Mcg) -> f64 {
    (0..12).map(|_| uniform(random)).sum::<f64>() - 6.0
}

fn series(random: &mut Pcg64Mcg, ticks: usize, level: f64, ratio: f64) -> Series {
    let mut side =
        |level: f64| -> Vec<Option<f64>> { (0..ticks).map(|_| Some(level * (0.15 * normal(random)).exp())).collect() };
    Series { baseline: side(level), canary: side(level * ratio), baseline_band: None, canary_band: None }
}

/// Metrics whose values are independent noise of all magnitudes, which no packing makes small.
pub(crate) fn noise(count: usize, ticks: usize) -> Report {
    let mut random = Pcg64Mcg::seed_from_u64(4);
    let metrics = (0..count).map(|index| {
        let name = format!("service-{}/endpoint-{}/latency_p{}", index / 40, index / 4 % 10, 50 + index % 4 * 15);
        let group = format!("group-{}", index % 12);
        let metric = match index {
            3 => sample::critical(sample::against(&name, &group, 1.6)),
            _ if index.is_multiple_of(53) => sample::against(&name, &group, 1.3 + (index % 7) as f64 / 5.0),
            _ if index.is_multiple_of(71) => sample::against(&name, &group, 0.4 + (index % 5) as f64 / 15.0),
            _ if index.is_multiple_of(97) => sample::nodata(&name, &group, Reason::MissingInCanary),
            _ if index.is_multiple_of(9) => sample::undecided(&name, &group, 1.02),
            _ => sample::ok(&name, &group, 0.95 + (index % 10) as f64 / 100.0),
        };
        let level = 10f64.powf(6.0 * uniform(&mut random) - 1.0);
        let series = series(&mut random, ticks, level, metric.ratio.unwrap_or(1.0));
        MetricResult { series: Some(series), ..metric }
    });
    let metrics: Vec<MetricResult> = metrics.collect();
    let reasons = vec![VerdictReason::ScoreBelowPass { pass: 95.0 }];
    let regions = vec![sample::region(None, (Verdict::Marginal, Some(93.2)), reasons, &metrics)];
    sample::report(regions, metrics)
}

/// Names that mean something to HTML, to a script, to an address or to the eye.
fn hostile_names() -> Vec<String> {
    let mut names: Vec<String> = [
        "<script>window.hacked = 1</script>",
        "</script><script>window.hacked = 2</script>",
        "<!-- <script> ]]> -->",
        "<img src=x onerror=window.hacked=3>",
        "\"><svg onload=window.hacked=4>",
        "' onmouseover='window.hacked=5' x='",
        "&lt;script&gt; &amp; &#60;b&#62;",
        "javascript:window.hacked=6",
        "#metric=other&region=x&tab=hot",
        "100%25 %41 + = & ? #",
        "rtl \u{202e}txet desrever\u{202c} end",
        "\u{2066}isolate\u{2069} \u{200b}zero\u{feff} width",
        "control \u{0}\u{1}\u{7}\u{8}\u{1b}[31m\r\n\tend",
        "emoji 🐤🔥👩‍👩‍👧 名前 ασ",
        "עברית/زمن الاستجابة/p99",
        "{{ template }} ${expression} `tick` \\ back",
        "__proto__",
        "constructor",
        "",
        " ",
    ]
    .map(str::to_owned)
    .to_vec();
    names.push("long/".repeat(820));
    names.push("W".repeat(4096));
    names.push("é🔥\u{301}".repeat(500));
    names
}

pub(crate) fn hostile() -> Report {
    let mut random = Pcg64Mcg::seed_from_u64(5);
    let names = hostile_names();
    let mut metrics: Vec<MetricResult> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        for region in ["<b>eu</b>", "us\"'\u{202e}&"] {
            let metric = match index % 4 {
                0 => sample::against(name, name, 1.5),
                1 => sample::against(name, name, 0.5),
                2 => sample::nodata(
                    name,
                    name,
                    Reason::RelatedMissing {
                        key: canary_core::report::RelatedKey::Requests,
                        metric: name.as_str().into(),
                    },
                ),
                _ => sample::ok(name, name, 1.0),
            };
            let series = Some(series(&mut random, 60, 100.0, 1.2));
            metrics.push(MetricResult { series, ..sample::within(region, sample::critical(metric)) });
        }
    }
    let failed = names.iter().take(3).map(|name| VerdictReason::CriticalFailed { metric: name.as_str().into() });
    let reasons: Vec<VerdictReason> = failed.collect();
    let regions = ["<b>eu</b>", "us\"'\u{202e}&"]
        .map(|region| sample::region(Some(region), (Verdict::Fail, Some(0.0)), reasons.clone(), &metrics));
    let mut report = sample::report(regions.to_vec(), metrics);
    report.findings = vec![finding(&report, &names)];
    report.tipping = Some(Tipping {
        verdict: Verdict::Pass,
        metrics: names.iter().take(3).map(|name| key(name, "<b>eu</b>")).collect(),
    });
    let first = names.first().cloned();
    report.builds.baseline.clone_from(&first);
    report.builds.canary = names.get(10).cloned();
    report.inputs.command = Some("canary score '</script><b>' \"$(rm)\" \u{202e}".to_owned());
    report.inputs.baseline.sources = names;
    report.inputs.start = first;
    report.notes = vec![Note::new(NoteCode::GroupWithoutMetric, 1).with_detail("<script>window.hacked = 7</script>")];
    report
}

fn key(name: &str, region: &str) -> MetricKey {
    MetricKey { name: name.into(), region: Some(region.into()) }
}

fn finding(report: &Report, names: &[String]) -> Finding {
    let region: Option<Arc<str>> = report.regions.first().and_then(|region| region.name.clone());
    let members = names.iter().map(|name| Member {
        metric: name.as_str().into(),
        state: State::Hot,
        counts_against: true,
        ratio: Some(1.5),
        onset_tick: 20,
    });
    Finding {
        region,
        component: names.get(1).map(|name| name.as_str().into()),
        onset: Onset { tick: 20, minutes: 20.0, at: names.first().cloned() },
        first_mover: names.first().map_or_else(|| "".into(), |name| name.as_str().into()),
        size: Size { factor: Some(1.5), interval: Some(Interval { level: 0.95, lower: Some(1.4), upper: None }) },
        score_loss: Some(12.5),
        members: members.collect(),
    }
}
