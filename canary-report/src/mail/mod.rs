//! The report as a mail: one MIME message that programs show and `sendmail -t` takes.

mod envelope;

use std::time::{SystemTime, UNIX_EPOCH};

use askama::Template;
use canary_core::Report;
use mail_builder::headers::HeaderType;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::headers::message_id::MessageId;
use mail_builder::headers::raw::Raw;
use mail_builder::headers::text::Text;
use mail_builder::mime::{BodyPart, MimePart};
use sha2::{Digest, Sha256};

pub use self::envelope::{Envelope, Mailbox, MailboxError};
use crate::RenderError;
use crate::brief::{Brief, Style, findings};
use crate::grid::{Frame, png_in};
use crate::table::prose::wrapped;
use crate::table::{TableOptions, table};
use crate::words::{counts_text, printable, score, shorten, sign, tipping_text, verdict_word};

/// The most metrics in rows.
const MAX_ROWS: usize = 20;
/// Columns of the plain part; RFC 5322 asks for at most 78.
const COLUMNS: usize = 76;
/// Columns of a name in the subject.
const SUBJECT_NAME: usize = 40;
/// Separators of parts. No part can hold them: in quoted-printable `=` is followed by a code, and base64 has no `_`.
const OUTER: &str = "=_canary_alternative";
const INNER: &str = "=_canary_related";
/// What stands behind the `@` of an id without a sender; RFC 2606 keeps it free.
const NOWHERE: &str = "canary.invalid";

/// The HTML part.
#[derive(Template)]
#[template(path = "mail.html")]
struct Mail<'a> {
    subject: &'a str,
    brief: &'a Brief,
    style: Style,
    picture: String,
}

/// The picture within the HTML part.
#[derive(Template)]
#[template(
    source = r#"<img src="cid:{{ id }}" width="592" alt="{{ text }}" style="display:block;width:100%;max-width:592px;height:auto;border:0">"#,
    ext = "html"
)]
struct Picture<'a> {
    id: &'a str,
    text: &'a str,
}

/// The report as a complete MIME message with CRLF line ends, in ASCII: a plain part, and HTML with the grid as a PNG.
///
/// Verdict with colour and shape, score, why, findings, what was compared, the grid and the twenty worst metrics, in
/// tables with styles in the elements, which Outlook shows as well; no scripts, nothing loaded. The HTML is below
/// 102 KiB whatever the report holds, so that Gmail does not cut it. Nothing in it is from a clock or a random source:
/// same report and envelope, same bytes. Cost: that of the grid, O(metrics · log metrics) and 1.2 million pixels.
pub fn email(report: &Report, envelope: &Envelope) -> Result<String, RenderError> {
    let subject = subject(report);
    let png = png_in(report, Frame::MAIL)?;
    let id = format!("grid.{}@{NOWHERE}", digest(&[&png]));
    let html = html(report, &subject, &id)?;
    let plain = plain(report);
    let mut headers: Vec<(&str, HeaderType<'_>)> = Vec::new();
    if let Some(from) = &envelope.from {
        headers.push(("From", from.header().into()));
    }
    if !envelope.to.is_empty() {
        let to = envelope.to.iter().map(Mailbox::header).collect();
        headers.push(("To", Address::new_list(to).into()));
    }
    headers.push(("Subject", Text::new(subject.as_str()).into()));
    if let Some(date) = envelope.date {
        let seconds = seconds(date);
        let parts = [subject.as_bytes(), plain.as_bytes(), html.as_bytes(), &png, &seconds.to_be_bytes()];
        let to = envelope.to.iter().map(|mailbox| mailbox.address().as_bytes());
        let digest = digest(&parts.into_iter().chain(to).collect::<Vec<_>>());
        let domain = envelope.from.as_ref().map_or(NOWHERE, Mailbox::domain);
        headers.push(("Date", Date::new(seconds).into()));
        headers.push(("Message-ID", MessageId::new(format!("{digest}@{domain}")).into()));
    }
    headers.push(("MIME-Version", Raw::new("1.0").into()));
    // No answering machine answers it (RFC 3834).
    headers.push(("Auto-Submitted", Raw::new("auto-generated").into()));
    headers.push(("X-Canary-Verdict", Raw::new(verdict_word(report.verdict).to_lowercase()).into()));
    headers.push(("Content-Type", ContentType::new("multipart/alternative").attribute("boundary", OUTER).into()));
    let related = related(html, png, &id);
    let message = MimePart {
        headers: headers.into_iter().map(|(name, value)| (name.into(), value)).collect(),
        contents: BodyPart::Multipart(vec![MimePart::new("text/plain", plain), related]),
    };
    let mut bytes = Vec::new();
    message.write_part(&mut bytes);
    String::from_utf8(bytes).map_err(|error| RenderError::Mail(error.into()))
}

/// The HTML with its picture.
fn related(html: String, png: Vec<u8>, id: &str) -> MimePart<'static> {
    let kind = ContentType::new("multipart/related").attribute("type", "text/html").attribute("boundary", INNER);
    let disposition = ContentType::new("inline").attribute("filename", "grid.png");
    let picture = MimePart::new(ContentType::new("image/png"), png)
        .header("Content-Disposition", HeaderType::from(disposition))
        .cid(id.to_owned());
    MimePart::new(kind, vec![MimePart::new("text/html", html), picture])
}

fn html(report: &Report, subject: &str, id: &str) -> Result<String, RenderError> {
    let failed = |error: askama::Error| RenderError::Html(error.into());
    let brief = Brief::of(report, MAX_ROWS);
    let text = format!("Grid of all metrics. {}. The worst ones are listed below.", counts_text(report));
    let picture = Picture { id, text: &text }.render().map_err(failed)?;
    Mail { subject, brief: &brief, style: Style::MAIL, picture }.render().map_err(failed)
}

/// The table, and below it what a table has no place for.
fn plain(report: &Report) -> String {
    let options = TableOptions { width: COLUMNS, max_rows: MAX_ROWS, ..TableOptions::default() };
    let mut out = table(report, &options);
    let findings = findings(report).into_iter().map(|found| format!("{}: {}", found.title, found.text));
    let tipping = report.tipping.iter().map(|tipping| tipping_text(report, tipping));
    for text in findings.chain(tipping) {
        out.push('\n');
        for line in wrapped(&text, COLUMNS, 2) {
            out.extend([&line, "\n"]);
        }
    }
    out
}

/// The verdict first: a list of mails shows little more. Names are printable, so none ends the header.
fn subject(report: &Report) -> String {
    let verdict = report.verdict;
    let name = |name: &str| shorten(&printable(name), SUBJECT_NAME);
    let score = match report.score {
        Some(_) => format!("score {}", score(report.score, report.thresholds)),
        None => "no score".to_owned(),
    };
    let region = report.worst_region.as_deref().map(|region| format!(" in {}", name(region))).unwrap_or_default();
    let builds = match (report.builds.baseline.as_deref(), report.builds.canary.as_deref()) {
        (Some(baseline), Some(canary)) => format!(", {} -> {}", name(baseline), name(canary)),
        (None, Some(canary)) => format!(", {}", name(canary)),
        _ => String::new(),
    };
    format!("{} Canary {}: {score}{region}{builds}", sign(verdict), verdict_word(verdict))
}

/// Seconds since 1970, negative before.
fn seconds(time: SystemTime) -> i64 {
    let whole = |span: std::time::Duration| i64::try_from(span.as_secs()).unwrap_or(i64::MAX);
    match time.duration_since(UNIX_EPOCH) {
        Ok(since) => whole(since),
        Err(before) => -whole(before.duration()),
    }
}

/// Bytes of a digest that are kept: as many as a UUID has.
const DIGEST_BYTES: usize = 16;

/// A name for some content, in hexadecimal digits. Each part counts with its length, so that nothing moves between them.
fn digest(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    let digits: Vec<String> = hasher.finalize().iter().take(DIGEST_BYTES).map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}
