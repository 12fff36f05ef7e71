//! The page as text: what stands in it, what cannot, and that what it holds deflated comes back.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use canary_core::Report;
use canary_core::report::{Band, Finding, Interval, Member, MetricKey, Onset, Series, Size, State, Tipping, Verdict};
use canary_report::html;
use proptest::prelude::*;
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::sample;

/// What stands between the first `before` and the next `after`.
fn between<'a>(page: &'a str, before: &str, after: &str) -> &'a str {
    let (_, rest) = page.split_once(before).unwrap_or_else(|| panic!("no {before}"));
    rest.split_once(after).unwrap_or_else(|| panic!("no {after}")).0
}

/// The bytes that the page holds under an id.
fn held(page: &str, id: &str) -> Vec<u8> {
    let text = between(page, &format!("<script type=\"application/octet-stream\" id=\"{id}\">"), "</script>");
    miniz_oxide::inflate::decompress_to_vec(&STANDARD.decode(text).unwrap()).unwrap()
}

fn rows(page: &str) -> Value {
    serde_json::from_slice(&held(page, "rows")).unwrap()
}

#[test]
fn the_head_says_what_matters() {
    let page = html(&sample::fail()).unwrap();
    for text in ["<title>✗ FAIL: canary report</title>", "FAIL<small>do not roll out</small>", "baseline.parquet"] {
        assert!(page.contains(text), "{text}");
    }
    assert_eq!(page.matches("<script").count(), page.matches("</script>").count());
}

#[test]
fn the_policy_names_the_hashes_of_what_stands_in_the_page() {
    let page = html(&sample::pass()).unwrap();
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"").replace("&#39;", "'");
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    for (directive, before, after) in [("script-src", "<script>", "</script>"), ("style-src", "<style>", "</style>")] {
        let hash = STANDARD.encode(Sha256::digest(between(&page, before, after)));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{directive}");
    }
    // An attribute would need another source.
    assert!(!page.contains(" style=\""));
}

#[test]
fn hostile_names_are_text() {
    let page = html(&sample::hostile()).unwrap();
    assert!(!page.contains("<b>x</b>"));
    assert!(!page.chars().any(|character| matches!(character, '\u{1b}' | '\r' | '\u{202e}' | '\u{fffe}')));
    let rows = rows(&page);
    let raw = rows["names"]["raw"].as_array().unwrap();
    assert_eq!(raw.len(), 2, "the name as it is, for links");
    assert!(
        rows["names"]["shown"].as_object().unwrap().values().any(|name| name.as_str().unwrap().contains(r"\u{202e}"))
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    /// The same report but for a name has the same elements.
    #[test]
    fn no_name_makes_an_element(name in "([\u{0}-\u{ff}]|\\PC|[<>&\"'/=-]|</script>|<!--|\\{\\{){0,40}") {
        let tags = |name: &str| {
            let metrics = vec![sample::within(name, sample::against(name, name, 1.5))];
            let regions = vec![sample::region(Some(name), (Verdict::Fail, Some(0.0)), Vec::new(), &metrics)];
            let mut report = sample::report(regions, metrics);
            report.inputs.command = Some(format!("canary {name}"));
            let page = html(&report).unwrap();
            [page.matches('<').count(), page.matches('>').count(), page.matches('"').count(), page.matches('\'').count()]
        };
        let plain = tags("plain");
        let found = tags(&name);
        // A name that is shown otherwise than it is has a title of its own: its quotes are the page's.
        prop_assert_eq!(&found[..2], &plain[..2]);
    }
}

/// The sides are told apart by length, and the second metric has no series.
fn with_series(values: &[Option<f64>]) -> Report {
    let mut report = sample::pass();
    let edge = |shift: f64| values.iter().map(|value| value.map(|value| value + shift)).collect();
    let mut canary = values.to_vec();
    canary.push(Some(3.5));
    report.metrics[2].series = Some(Series {
        baseline: values.to_vec(),
        canary,
        baseline_band: Some(Band { lower: edge(-1.0), upper: edge(1.0) }),
        canary_band: None,
    });
    report
}

/// The values of the only series of a page with one block, as its script reads them.
fn values_of(page: &str) -> (Value, Vec<f64>, Vec<u8>) {
    let bytes = held(page, "block-0");
    let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
    let entries: Value = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
    let count = entries.as_array().unwrap().iter().flat_map(|entry| entry["values"].as_array().unwrap());
    let count: usize = count.map(|length| usize::try_from(length.as_u64().unwrap()).unwrap()).sum();
    let planes = &bytes[4 + length..];
    let value = |index: usize| {
        f64::from_be_bytes([planes[index], planes[count + index], planes[2 * count + index], 0, 0, 0, 0, 0])
    };
    ((entries), (0..count).map(value).collect(), planes[3 * count..].to_vec())
}

#[test]
fn series_come_back_to_the_stated_precision() {
    let values = vec![Some(1.0), None, Some(0.1), Some(-12_345.678), Some(0.0), Some(1e-200), Some(1e300)];
    let page = html(&with_series(&values)).unwrap();
    let (entries, read, bands) = values_of(&page);
    // Cells stand by group and name: latency/p50_ms, latency/p99_ms, system/cpu.
    assert_eq!(entries[0]["values"], serde_json::json!([7, 8]));
    assert_eq!(entries[0]["bands"], serde_json::json!([true, false]));
    assert_eq!(entries[1]["values"], serde_json::json!([0, 0]));
    let written = values.iter().chain(&values).chain(&[Some(3.5)]);
    assert_eq!(read.len(), 15);
    for (read, written) in read.iter().zip(written) {
        match written {
            // 2⁻¹³ is half a unit of the twelfth bit of the mantissa, the last one kept.
            Some(written) => assert!((read - written).abs() <= written.abs() * 2f64.powi(-13), "{read} {written}"),
            None => assert!(read.is_nan()),
        }
    }
    assert_eq!(bands.len(), 14, "a lower and an upper edge, a byte each");
    assert_eq!(bands[1], 255, "missing");
    assert!(
        page.contains("kept to a relative error of at most 0.01221 % (2^-13)") && page.contains("bands over instances")
    );
}

#[test]
fn without_series_the_page_says_how_to_get_them() {
    let page = html(&sample::pass()).unwrap();
    assert!(page.contains("<code>--with-series</code>"));
    assert!(!page.contains("kept to a relative error"));
}

#[test]
fn every_metric_is_explained_in_its_block() {
    let report = sample::three_thousand();
    let page = html(&report).unwrap();
    let rows = rows(&page);
    let blocks = rows["blocks"].as_array().unwrap();
    let entries = blocks.iter().map(|first| {
        let bytes = held(&page, &format!("block-{first}"));
        let length = u32::from_le_bytes(bytes[..4].try_into().unwrap()) as usize;
        let entries: Vec<Value> = serde_json::from_slice(&bytes[4..4 + length]).unwrap();
        assert!(entries.iter().all(|entry| entry["topics"][0][0] == "why"));
        entries.len()
    });
    assert_eq!(entries.sum::<usize>(), report.metrics.len());
    assert_eq!(rows["columns"]["look"].as_array().unwrap().len(), report.metrics.len());
    assert_eq!(page.matches("<i class=").count(), rows["names"]["raw"].as_array().unwrap().len() + others(&page));
}

/// The cells of the legend and of the table of the worst.
fn others(page: &str) -> usize {
    let outside =
        [between(page, "class=\"legend\"", "</ul>"), between(page, "table class=\"plain worst\"", "</table>")];
    outside.iter().map(|part| part.matches("<i class=").count()).sum()
}

#[test]
fn findings_and_what_tips_the_verdict_are_sets_of_rows() {
    let mut report = sample::fail();
    let member = |metric: &str| Member {
        metric: metric.into(),
        state: State::Hot,
        counts_against: true,
        ratio: Some(1.5),
        onset_tick: 7,
    };
    let region = report.metrics[0].region.clone();
    let name = report.metrics[1].name.clone();
    report.findings = vec![Finding {
        region: region.clone(),
        component: Some("<jvm>".into()),
        onset: Onset { tick: 7, minutes: 7.0, at: None },
        first_mover: name.clone(),
        size: Size { factor: Some(1.5), interval: Some(Interval { level: 0.95, lower: Some(1.4), upper: Some(1.6) }) },
        score_loss: None,
        members: vec![member(&name), member("not in the report")],
    }];
    report.tipping = Some(Tipping { verdict: Verdict::Pass, metrics: vec![MetricKey { name, region }] });
    let page = html(&report).unwrap();
    assert!(page.contains("&#60;jvm&#62; in eu-west-1"));
    assert!(page.contains("would be PASS instead of FAIL"));
    let sets = &rows(&page)["sets"];
    assert_eq!(sets[0]["rows"], serde_json::json!([1]));
    assert_eq!(sets[0]["onsets"], serde_json::json!([7]));
    assert_eq!(sets[1]["id"], "tipping");
}

#[test]
fn the_same_report_gives_the_same_page() {
    for report in sample::all() {
        let [once, twice] = [(); 2].map(|()| html(&report).unwrap());
        assert_eq!(once, twice);
        assert!(once.ends_with("</html>\n"));
    }
}
