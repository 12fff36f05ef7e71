//! Which tool wrote a file, seen from how it begins.

use std::fmt;

use crate::error::Unknown;

/// The form of a load tool's output.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// `vegeta report -type=json`.
    VegetaJson,
    /// `vegeta report`.
    VegetaText,
    /// `vegeta report -type=hdrplot`: a distribution, beside one of the others.
    VegetaHdr,
    /// `vegeta report -type='hist[…]'`: less than every other form tells.
    VegetaHist,
    /// `vegeta encode -to csv`: a row a request.
    VegetaResults,
    /// `k6 run --out csv=…`: a row a measurement.
    K6Csv,
    /// `k6 run --summary-export=…`, or `data` of `handleSummary`.
    K6Summary,
    /// `oha --output-format json`.
    OhaJson,
    /// `oha --output-format csv`: a row a request.
    OhaCsv,
    /// wrk or wrk2.
    Wrk,
    /// hey.
    HeyText,
    /// `hey -o csv`: a row a request.
    HeyCsv,
    /// `autocannon --json`.
    Autocannon,
    /// Locust's `*_stats_history.csv`.
    LocustHistory,
    /// Locust's other CSV files, which the history makes superfluous.
    LocustOther,
    /// The tool-neutral table: a row a step.
    Table,
    /// The tool-neutral log: a row a request.
    Requests,
    /// Parquet: a table, which canary-io reads.
    Parquet,
}

impl Format {
    /// The tool's name in lower case; none for the tool-neutral forms.
    #[must_use]
    pub fn tool(self) -> Option<&'static str> {
        match self {
            Self::VegetaJson | Self::VegetaText | Self::VegetaHdr | Self::VegetaHist | Self::VegetaResults => {
                Some("vegeta")
            }
            Self::K6Csv | Self::K6Summary => Some("k6"),
            Self::OhaJson | Self::OhaCsv => Some("oha"),
            Self::Wrk => Some("wrk"),
            Self::HeyText | Self::HeyCsv => Some("hey"),
            Self::Autocannon => Some("autocannon"),
            Self::LocustHistory | Self::LocustOther => Some("locust"),
            Self::Table | Self::Requests | Self::Parquet => None,
        }
    }

    /// Of files about the same step, the one with the largest number is read.
    pub(crate) fn richness(self) -> u8 {
        match self {
            Self::VegetaResults | Self::K6Csv | Self::OhaCsv | Self::HeyCsv | Self::Requests => 3,
            Self::VegetaText => 1,
            Self::VegetaHdr | Self::VegetaHist | Self::LocustOther => 0,
            _ => 2,
        }
    }

    /// What a file is, from its first bytes; `None` where it is nothing known.
    pub(crate) fn of(head: &[u8]) -> Result<Self, Unknown> {
        if head.starts_with(b"PAR1") {
            return Ok(Self::Parquet);
        }
        if head.starts_with(b"\xff\xfe") || head.starts_with(b"\xfe\xff") {
            return Err(Unknown::Wanted("found UTF-16, as PowerShell's `>` writes it; expected UTF-8"));
        }
        let text = String::from_utf8_lossy(head);
        let text = text.trim_start();
        if text.starts_with(['{', '[']) {
            return of_json(text);
        }
        let first = text.lines().next().unwrap_or_default();
        of_header(first).or_else(|| of_text(text)).unwrap_or_else(|| of_names(first))
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::VegetaJson => "vegeta's JSON report",
            Self::VegetaText => "vegeta's text report",
            Self::VegetaHdr => "vegeta's hdrplot",
            Self::VegetaHist => "vegeta's histogram",
            Self::VegetaResults => "vegeta's results in CSV",
            Self::K6Csv => "k6's CSV",
            Self::K6Summary => "k6's summary",
            Self::OhaJson => "oha's JSON",
            Self::OhaCsv => "oha's CSV",
            Self::Wrk => "wrk's text",
            Self::HeyText => "hey's text",
            Self::HeyCsv => "hey's CSV",
            Self::Autocannon => "autocannon's JSON",
            Self::LocustHistory => "Locust's history",
            Self::LocustOther => "Locust's CSV",
            Self::Table => "a table of steps",
            Self::Requests => "a log of requests",
            Self::Parquet => "Parquet",
        })
    }
}

/// A file may be cut off within its head, so keys are looked for, not parsed.
fn of_json(text: &str) -> Result<Format, Unknown> {
    let has = |key: &str| text.contains(&format!("\"{key}\""));
    if has("latencies") && has("requests") {
        return Ok(Format::VegetaJson);
    }
    if has("requestsPerSec") || (has("summary") && has("successRate")) {
        return Ok(Format::OhaJson);
    }
    if has("connections") && has("latency") && has("2xx") {
        return Ok(Format::Autocannon);
    }
    if has("metrics") && (has("http_reqs") || has("root_group") || has("iterations") || has("vus")) {
        return Ok(Format::K6Summary);
    }
    Err(if has("attack") && has("seq") {
        Unknown::Wanted(
            "found vegeta's results in JSON; expected `vegeta report -type=json` or `vegeta encode -to csv`",
        )
    } else if has("metric") && has("type") && has("data") {
        Unknown::Wanted("found k6's points in JSON; expected `k6 run --out csv=run.csv`")
    } else if has("sweet_spot") && has("schema_version") {
        Unknown::Wanted("found a result of canary squeeze; expected the output of a load tool that it is made of")
    } else {
        starts(text)
    })
}

fn of_header(line: &str) -> Option<Result<Format, Unknown>> {
    let plain = line.replace('"', "");
    let has = |column: &str| plain.split(',').any(|name| name.trim() == column);
    if has("metric_name") && has("timestamp") && has("metric_value") {
        return Some(Ok(Format::K6Csv));
    }
    if has("Timestamp") && has("User Count") {
        return Some(Ok(Format::LocustHistory));
    }
    if has("Type") && has("Request Count") || has("Method") && has("Occurrences") || has("Traceback") && has("Nodes") {
        return Some(Ok(Format::LocustOther));
    }
    if has("response-time") && has("offset") {
        return Some(Ok(Format::HeyCsv));
    }
    if has("request-start") && has("request-duration") {
        return Some(Ok(Format::OhaCsv));
    }
    is_vegeta_row(line).then_some(Ok(Format::VegetaResults))
}

/// vegeta's CSV has no header: nanoseconds since 1970, status, latency, bytes out, bytes in, error, body, attack, seq.
fn is_vegeta_row(line: &str) -> bool {
    let fields: Vec<&str> = line.split(',').collect();
    let number = |at: usize, digits: std::ops::RangeInclusive<usize>| {
        fields
            .get(at)
            .is_some_and(|field| digits.contains(&field.len()) && field.bytes().all(|byte| byte.is_ascii_digit()))
    };
    fields.len() >= 9 && number(0, 18..=20) && number(1, 1..=3) && number(2, 1..=20)
}

fn of_text(text: &str) -> Option<Result<Format, Unknown>> {
    let any = |test: &dyn Fn(&str) -> bool| text.lines().any(|line| test(line.trim()));
    if any(&|line| line.starts_with("Running ") && line.contains(" test @ ")) {
        return Some(Ok(Format::Wrk));
    }
    if any(&|line| line.starts_with("Requests") && line.contains("[total, rate")) {
        return Some(Ok(Format::VegetaText));
    }
    if text.starts_with("Value(ms)") || text.starts_with("Value") && text.contains("1/(1-Percentile)") {
        return Some(Ok(Format::VegetaHdr));
    }
    if text.starts_with("Bucket") && text.contains("Histogram") {
        return Some(Ok(Format::VegetaHist));
    }
    if any(&|line| line.starts_with("Success rate:")) {
        return Some(Err(Unknown::Wanted("found oha's text; expected `oha --output-format json`")));
    }
    if any(&|line| line == "Summary:") && any(&|line| line.starts_with("Requests/sec:")) {
        return Some(Ok(Format::HeyText));
    }
    if any(&|line| line.starts_with("http_req_duration...") || line.contains("█ TOTAL RESULTS")) {
        return Some(Err(Unknown::Wanted("found k6's text; expected `k6 run --out csv=run.csv`")));
    }
    if any(&|line| line.starts_with("This is ApacheBench")) {
        return Some(Err(Unknown::Wanted(
            "found the text of ab, which is not read; wrk, oha and hey measure the same, or write a table of steps",
        )));
    }
    None
}

/// The tool-neutral forms are known by the names of their columns.
fn of_names(line: &str) -> Result<Format, Unknown> {
    let names: Vec<String> = line.split(',').map(|name| name.trim().trim_matches('"').to_lowercase()).collect();
    let has = |wanted: &[&str]| names.iter().any(|name| wanted.contains(&name.as_str()));
    let starts_with = |wanted: &str| names.iter().any(|name| name.starts_with(wanted));
    if names.len() > 2 && has(&["timestamp"]) && (starts_with("latency_") || has(&["latency"])) {
        return Ok(Format::Requests);
    }
    if names.len() > 1 && (has(crate::table::RATE_NAMES) || has(crate::table::CLIENT_NAMES)) {
        return Ok(Format::Table);
    }
    Err(starts(line))
}

/// Most characters of a first line that an error shows.
const SHOWN: usize = 60;

fn starts(text: &str) -> Unknown {
    let line = text.lines().next().unwrap_or_default();
    let shown: String = line.chars().filter(|character| !character.is_control()).take(SHOWN).collect();
    Unknown::Starts(if line.chars().count() > SHOWN { format!("{shown}…") } else { shown })
}
