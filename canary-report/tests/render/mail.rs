//! The mail, read by another parser.

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, UNIX_EPOCH};

use canary_core::Report;
use canary_core::report::{Finding, MetricKey, Onset, Size, Tipping, Verdict, VerdictReason};
use canary_report::{Envelope, Mailbox, email};
use mail_parser::{Message, MessageParser, MimeHeaders, PartType};
use proptest::prelude::*;

use crate::sample;

/// Gmail cuts a mail whose HTML is larger.
const MAX_HTML: usize = 102 * 1024;

fn mailbox(text: &str) -> Mailbox {
    text.parse().expect("an address")
}

fn envelope() -> Envelope {
    Envelope {
        from: Some(mailbox("Release bot <ci@example.org>")),
        to: vec![mailbox("team@example.org"), mailbox("\"Müller, A\" <a@example.net>")],
        // 2026-08-22 18:05:00 UTC, `date -u -d @1787421900`.
        date: Some(UNIX_EPOCH + Duration::from_secs(1_787_421_900)),
    }
}

/// What a mail holds.
struct Parts {
    plain: String,
    html: String,
    png: Vec<u8>,
}

fn parsed(mail: &str) -> Message<'_> {
    MessageParser::default().parse(mail.as_bytes()).expect("a mail")
}

fn parts(mail: &str) -> Parts {
    let message = parsed(mail);
    let types: Vec<String> = message
        .parts
        .iter()
        .map(|part| part.content_type().map(|kind| format!("{}/{}", kind.ctype(), kind.subtype().unwrap_or("-"))))
        .map(Option::unwrap_or_default)
        .collect();
    let expected = ["multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png"];
    assert_eq!(types, expected, "the plain part first: the last alternative is the one that is preferred");
    let picture = message.parts.last().expect("a picture");
    let (PartType::InlineBinary(png) | PartType::Binary(png)) = &picture.body else { panic!("no picture") };
    let html = message.body_html(0).expect("HTML").into_owned();
    let id = picture.content_id().expect("an id");
    assert!(html.contains(&format!("src=\"cid:{id}\"")), "the picture stands in the HTML");
    let plain = message.body_text(0).expect("text").into_owned();
    Parts { plain, html, png: png.to_vec() }
}

/// ASCII, lines that end in CRLF and have at most 78 columns.
fn assert_form(mail: &str) {
    assert!(mail.is_ascii());
    assert!(mail.ends_with("\r\n"));
    for line in mail.split("\r\n") {
        assert!(!line.contains(['\r', '\n', '\0']) && line.len() <= 78, "{line:?}");
    }
}

#[test]
fn every_part_says_what_it_should() {
    let mail = email(&sample::fail(), &envelope()).expect("a mail");
    assert_form(&mail);
    let Parts { plain, html, png } = parts(&mail);
    assert!(plain.starts_with("✗ FAIL: do not roll out"), "{plain}");
    assert!(plain.lines().all(|line| line.chars().count() <= 78));
    for said in ["http_errors_total", "not shown: ", "baseline v1.41.0, canary v1.42.0-rc1"] {
        assert!(plain.contains(said), "{said}: {plain}");
    }
    for said in [
        "FAIL",
        ": do not roll out",
        "Score 33.3 (pass &#62;= 95, marginal &#62;= 75)",
        "http_errors_total",
        "v1.42.0-rc1",
        "2026-08-22 10:00 to 18:00 UTC",
        "ratio 1.500 [1.485, 1.515] &#62; 1.25, average 100 → 150",
        "alt=\"Grid of all metrics. 10 metrics in 2 regions: 3 hot, 2 cold, 2 nodata, 3 ok.",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    for never in ["<script", "<style", "<link", "http://", "https://", "javascript:", " on", "position:"] {
        let found = html.match_indices(never).find(|(at, _)| never != " on" || html[at + 3..].starts_with("click"));
        assert!(found.is_none(), "{never}");
    }
    let info = png::Decoder::new(std::io::Cursor::new(png)).read_info().map(|reader| reader.info().width);
    assert_eq!(info.expect("a picture"), 1184, "twice the 592 pixels that it is shown in");
}

#[test]
fn headers_are_those_of_the_envelope() {
    let mail = email(&sample::fail(), &envelope()).expect("a mail");
    let message = parsed(&mail);
    assert_eq!(message.subject(), Some("✗ Canary FAIL: score 33.3 in eu-west-1, v1.41.0 -> v1.42.0-rc1"));
    let from = message.from().and_then(|from| from.first()).expect("a sender");
    assert_eq!((from.name(), from.address()), (Some("Release bot"), Some("ci@example.org")));
    let to: Vec<_> = message.to().expect("receivers").iter().map(|to| (to.name(), to.address())).collect();
    assert_eq!(to, [(None, Some("team@example.org")), (Some("Müller, A"), Some("a@example.net"))]);
    assert_eq!(message.date().expect("a date").to_rfc3339(), "2026-08-22T18:05:00Z");
    assert!(message.message_id().expect("an id").ends_with("@example.org"));
    assert_eq!(message.header_raw("Auto-Submitted").map(str::trim), Some("auto-generated"));
    assert_eq!(message.header_raw("X-Canary-Verdict").map(str::trim), Some("fail"));
}

/// They are left for `sendmail -t` to fill in.
#[test]
fn headers_that_nobody_gave_are_left_out() {
    let mail = email(&sample::pass(), &Envelope::default()).expect("a mail");
    let names: Vec<String> = parsed(&mail).headers().iter().map(|header| header.name().to_owned()).collect();
    assert_eq!(names, ["Subject", "MIME-Version", "Auto-Submitted", "X-Canary-Verdict", "Content-Type"]);
    assert_form(&mail);
}

#[test]
fn the_same_report_gives_the_same_mail_and_another_one_another_id() {
    let id = |report: &Report, envelope: &Envelope| {
        let mail = email(report, envelope).expect("a mail");
        assert_eq!(mail, email(report, envelope).expect("a mail"));
        parsed(&mail).message_id().map(str::to_owned)
    };
    let later = Envelope { date: envelope().date.map(|date| date + Duration::from_secs(1)), ..envelope() };
    let ids = [id(&sample::fail(), &envelope()), id(&sample::pass(), &envelope()), id(&sample::fail(), &later)];
    assert!(ids[0] != ids[1] && ids[0] != ids[2], "{ids:?}");
}

#[test]
fn findings_and_what_tips_the_verdict_stand_in_both_texts() {
    let mut report = sample::fail();
    report.findings = vec![Finding {
        region: Some("eu-west-1".into()),
        component: Some("checkout/<b>".into()),
        onset: Onset { tick: 64, minutes: 64.0, at: None },
        first_mover: "http_errors_total".into(),
        size: Size { factor: Some(1.5), interval: None },
        score_loss: Some(2.5),
        members: Vec::new(),
    }];
    let key = MetricKey { name: "http_errors_total".into(), region: Some("eu-west-1".into()) };
    report.tipping = Some(Tipping { verdict: Verdict::Pass, metrics: vec![key] });
    let Parts { plain, html, .. } = parts(&email(&report, &envelope()).expect("a mail"));
    assert!(plain.contains("checkout/<b> in eu-west-1: ") && plain.contains("Without this metric"), "{plain}");
    assert!(
        html.contains("<b>checkout/&#60;b&#62; in eu-west-1</b>: ") && html.contains("Without this metric"),
        "{html}"
    );
}

/// Python's parser, which is not of the family of ours, finds no fault with the form and the same in the parts.
#[test]
fn another_language_reads_the_same() {
    let mail = email(&sample::fail(), &envelope()).expect("a mail");
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/render/mail.py");
    let python = Command::new("python3").arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut python = python.expect("python3, which the test command installs");
    python.stdin.take().expect("a pipe").write_all(mail.as_bytes()).expect("a reader");
    let output = python.wait_with_output().expect("an answer");
    assert!(output.status.success());
    let said: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let Parts { plain, html, png } = parts(&mail);
    assert_eq!(said["subject"], "✗ Canary FAIL: score 33.3 in eu-west-1, v1.41.0 -> v1.42.0-rc1");
    assert_eq!(said["to"], serde_json::json!(["team@example.org", "Müller, A <a@example.net>"]));
    assert_eq!(said["plain"].as_str().map(|text| text.replace("\r\n", "\n")), Some(plain.replace("\r\n", "\n")));
    assert_eq!(said["html"].as_str().map(|text| text.replace("\r\n", "\n")), Some(html.replace("\r\n", "\n")));
    assert_eq!(said["png_bytes"], png.len());
}

/// Every name as long and as costly to write as it can be, in every place that takes one.
fn hostile(unit: &str) -> Report {
    let long = unit.repeat(4096 / unit.len());
    let metrics: Vec<_> = (0..400)
        .map(|index| {
            let name = format!("{long}{index}");
            sample::within(&name, sample::critical(sample::against(&name, &name, 1.5)))
        })
        .collect();
    let reasons: Vec<_> =
        metrics.iter().map(|metric| VerdictReason::CriticalFailed { metric: metric.name.clone() }).collect();
    let regions = metrics.iter().map(|metric| {
        let verdict = (Verdict::Fail, Some(0.0));
        sample::region(
            metric.region.as_deref(),
            verdict,
            reasons.iter().take(1).cloned().collect(),
            std::slice::from_ref(metric),
        )
    });
    let mut report = sample::report(regions.collect(), metrics);
    let finding = Finding {
        region: Some(long.as_str().into()),
        component: Some(long.as_str().into()),
        onset: Onset { tick: 64, minutes: 64.0, at: Some(long.clone()) },
        first_mover: long.as_str().into(),
        size: Size { factor: Some(1.5), interval: None },
        score_loss: Some(2.5),
        members: Vec::new(),
    };
    report.findings = vec![finding; 20];
    let key = |metric: &canary_core::report::MetricResult| MetricKey {
        name: metric.name.clone(),
        region: metric.region.clone(),
    };
    report.tipping = Some(Tipping { verdict: Verdict::Pass, metrics: report.metrics.iter().map(key).collect() });
    report.reasons = reasons;
    report.builds.baseline = Some(long.clone());
    report.builds.canary = Some(long.clone());
    report.inputs.start = Some(long.clone());
    report.inputs.baseline.sources = vec![long.clone(); 3];
    report.inputs.canary.sources = vec![long.clone(); 3];
    report.inputs.command = Some(long.repeat(10));
    report.notes =
        vec![canary_core::Note::new(canary_core::NoteCode::GroupWithoutMetric, 1).with_detail(long.as_str()); 30];
    report
}

#[test]
fn the_largest_mail_is_not_cut() {
    for unit in ["\"&", "é\u{301}\u{301}\u{301}", "\u{1b}", "名"] {
        let mail = email(&hostile(unit), &envelope()).expect("a mail");
        assert_form(&mail);
        let Parts { plain, html, .. } = parts(&mail);
        assert!(html.len() < MAX_HTML, "{} bytes of {unit:?}", html.len());
        assert!(plain.len() < MAX_HTML, "{} bytes of {unit:?}", plain.len());
    }
}

static PLAIN: OnceLock<String> = OnceLock::new();

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]
    #[test]
    fn no_name_becomes_a_header_or_an_element(name in "([\u{0}-\u{ff}]|\\PC|[<>&\"':=?\u{202e}\r\n]){0,300}") {
        let with = |name: &str| {
            let metrics = vec![sample::within(name, sample::critical(sample::against(name, name, 1.5)))];
            let reasons = vec![VerdictReason::CriticalFailed { metric: name.into() }];
            let region = sample::region(Some(name), (Verdict::Fail, Some(0.0)), reasons, &metrics);
            let mut report = sample::report(vec![region], metrics);
            report.builds.baseline = Some(name.to_owned());
            report.builds.canary = Some(name.to_owned());
            report.inputs.command = Some(name.to_owned());
            email(&report, &envelope()).unwrap()
        };
        let (mail, plain) = (with(&name), PLAIN.get_or_init(|| with("plain")));
        assert_form(&mail);
        let names = |mail: &str| parsed(mail).headers().iter().map(|header| header.name().to_owned()).collect::<Vec<_>>();
        prop_assert_eq!(names(&mail), names(plain));
        let (Parts { html, .. }, Parts { html: expected, .. }) = (parts(&mail), parts(plain));
        prop_assert_eq!(html.matches('<').count(), expected.matches('<').count());
        prop_assert_eq!(html.matches('"').count(), expected.matches('"').count());
    }
}
