//! Files that are not there, not whole, not data, or hold nothing.

use std::fs;

use canary_core::report::Verdict;

use super::scene::{Side, healthy};
use super::{Answer, Case, SILENCE, files, with};
use crate::harness::{Folder, GOOD, root};

const HEADER: &str = "metric,timestamp,value\n";

/// A sound baseline beside this canary.
fn beside_good(canary: String) -> Vec<String> {
    vec![GOOD[0].to_owned(), canary]
}

/// A sound baseline beside a canary of this name and content.
fn canary(folder: &Folder, name: &str, content: impl AsRef<[u8]>) -> Vec<String> {
    beside_good(folder.write(name, content))
}

/// A healthy hour, the canary's file rewritten.
fn rewritten(folder: &Folder, rewrite: impl Fn(&str) -> String) -> Vec<String> {
    let arguments = files(folder, &healthy(60));
    folder.write("canary.csv", rewrite(&folder.read("canary.csv")));
    arguments
}

/// Every row with another last cell.
fn values(text: &str, value: &str) -> String {
    let row = |line: &str| format!("{},{value}\n", line.rsplit_once(',').map_or(line, |(cells, _)| cells));
    HEADER.to_owned() + &text.lines().skip(1).map(row).collect::<String>()
}

/// Every row at another time, in seconds.
fn times(text: &str, time: impl Fn(i64) -> i64) -> String {
    let row = |line: &str| {
        let cells: Vec<&str> = line.split(',').collect();
        format!("{},{},{}\n", cells[0], time(cells[1].parse().expect("seconds")), cells[2])
    };
    HEADER.to_owned() + &text.lines().skip(1).map(row).collect::<String>()
}

fn fixture(path: &str) -> Vec<u8> {
    fs::read(root().join(path)).expect("a fixture")
}

fn half(path: &str) -> Vec<u8> {
    let bytes = fixture(path);
    let half = bytes.len() / 2;
    bytes.into_iter().take(half).collect()
}

pub(super) const CASES: &[Case] = &[
    Case {
        id: "no-such-file",
        silent: "the canary's file does not exist",
        seen: &["argoproj/argo-rollouts#3562"],
        arguments: |folder| beside_good(folder.path("nowhere.parquet")),
        answer: Answer::Refused(&["nowhere.parquet", "not found"]),
        ..SILENCE
    },
    Case {
        id: "no-such-baseline",
        silent: "the baseline's file does not exist",
        arguments: |folder| vec![folder.path("nowhere.parquet"), GOOD[1].to_owned()],
        answer: Answer::Refused(&["nowhere.parquet", "not found"]),
        ..SILENCE
    },
    Case {
        id: "empty-argument",
        silent: "the canary's path is empty, as an unset variable leaves it",
        arguments: |_| beside_good(String::new()),
        answer: Answer::Refused(&["not found"]),
        ..SILENCE
    },
    Case {
        id: "glob-without-files",
        silent: "a glob that matches no file",
        arguments: |folder| beside_good(folder.path("*.parquet")),
        answer: Answer::Refused(&["the glob matches no file"]),
        ..SILENCE
    },
    Case {
        id: "empty-folder",
        silent: "a folder without a file",
        arguments: |folder| beside_good(folder.path("")),
        answer: Answer::Refused(&["the directory holds no data file"]),
        ..SILENCE
    },
    Case {
        id: "folder-without-data",
        silent: "a folder with notes and a log",
        arguments: |folder| {
            folder.write("notes.txt", "all is well");
            folder.write("run.log", "all is well");
            beside_good(folder.path(""))
        },
        answer: Answer::Refused(&["the directory holds no data file"]),
        ..SILENCE
    },
    #[cfg(unix)]
    Case {
        id: "device",
        silent: "/dev/null is given as the canary",
        arguments: |_| beside_good("/dev/null".to_owned()),
        answer: Answer::Refused(&["not a regular file"]),
        ..SILENCE
    },
    Case {
        id: "empty-parquet",
        silent: "a Parquet file of no bytes",
        seen: &["argoproj/argo-rollouts#4535"],
        arguments: |folder| canary(folder, "canary.parquet", ""),
        answer: Answer::Refused(&["canary.parquet", "the file is empty"]),
        ..SILENCE
    },
    Case {
        id: "empty-csv",
        silent: "a CSV file of no bytes",
        seen: &["argoproj/argo-rollouts#4770"],
        arguments: |folder| canary(folder, "canary.csv", ""),
        answer: Answer::Refused(&["canary.csv", "the file is empty"]),
        ..SILENCE
    },
    Case {
        id: "blank-csv",
        silent: "a CSV file of blank lines",
        arguments: |folder| canary(folder, "canary.csv", "\n\r\n\n"),
        answer: Answer::Refused(&["canary.csv", "the file is empty"]),
        ..SILENCE
    },
    Case {
        id: "truncated-parquet",
        silent: "half of a Parquet file",
        seen: &["argoproj/argo-rollouts#2158"],
        arguments: |folder| canary(folder, "canary.parquet", half(GOOD[1])),
        answer: Answer::Refused(&["canary.parquet", "truncated"]),
        ..SILENCE
    },
    Case {
        id: "truncated-gzip",
        silent: "half of a compressed CSV file",
        arguments: |folder| canary(folder, "canary.csv.gz", half("fixtures/layouts/long_csv_gz/canary.csv.gz")),
        answer: Answer::Refused(&["canary.csv.gz", "cut short or damaged"]),
        ..SILENCE
    },
    Case {
        id: "truncated-zstd",
        silent: "half of a CSV file compressed by zstd",
        arguments: |folder| canary(folder, "canary.csv.zst", half("fixtures/layouts/long_csv_zst/canary.csv.zst")),
        answer: Answer::Refused(&["canary.csv.zst", "cut short or damaged"]),
        ..SILENCE
    },
    Case {
        id: "parquet-by-name-only",
        silent: "text in a file that is named Parquet",
        arguments: |folder| canary(folder, "canary.parquet", HEADER),
        answer: Answer::Refused(&["canary.parquet", "not a Parquet file"]),
        ..SILENCE
    },
    Case {
        id: "noise",
        silent: "a file of bytes that are neither Parquet nor text",
        arguments: |folder| canary(folder, "canary.csv", [0_u8, 159, 146, 150].repeat(100)),
        answer: Answer::Refused(&["canary.csv"]),
        ..SILENCE
    },
    Case {
        id: "error-page",
        silent: "the error page of a proxy, saved as the canary's data",
        seen: &["argoproj/argo-rollouts#4535", "argoproj/argo-rollouts#4770"],
        arguments: |folder| canary(folder, "canary.csv", "<html><body>503 Service Unavailable</body></html>\n"),
        answer: Answer::Refused(&["canary.csv", "no column", "503 Service Unavailable"]),
        ..SILENCE
    },
    Case {
        id: "empty-query-result",
        silent: "the empty answer of a Prometheus query, saved as the canary's data",
        seen: &["argoproj/argo-rollouts#1466", "argoproj/argo-rollouts#4680"],
        arguments: |folder| {
            canary(folder, "canary.csv", r#"{"status":"success","data":{"resultType":"matrix","result":[]}}"#)
        },
        answer: Answer::Refused(&["canary.csv", "no column"]),
        ..SILENCE
    },
    Case {
        id: "header-only-canary",
        silent: "the canary's CSV file is a header without rows",
        seen: &["argoproj/argo-rollouts#2101", "pipe-cd/pipecd#3661"],
        arguments: |folder| canary(folder, "canary.csv", HEADER),
        ..SILENCE
    },
    Case {
        id: "header-only-baseline",
        silent: "the baseline's CSV file is a header without rows",
        arguments: |folder| vec![folder.write("baseline.csv", HEADER), GOOD[1].to_owned()],
        ..SILENCE
    },
    Case {
        id: "header-only-both",
        silent: "both CSV files are a header without rows",
        seen: &["pipe-cd/pipecd#1771", "keptn/keptn#9198"],
        arguments: |folder| vec![folder.write("baseline.csv", HEADER), folder.write("canary.csv", HEADER)],
        ..SILENCE
    },
    Case {
        id: "no-rows-parquet",
        silent: "the canary's Parquet file has columns and no rows",
        arguments: |_| beside_good("fixtures/bad/no_rows.parquet".to_owned()),
        ..SILENCE
    },
    Case {
        id: "no-rows-parquet-both",
        silent: "both Parquet files have columns and no rows",
        arguments: |_| vec!["fixtures/bad/no_rows.parquet".to_owned(); 2],
        ..SILENCE
    },
    Case {
        id: "wide-header-only",
        silent: "the canary's wide file has a column a metric and no rows",
        arguments: |folder| canary(folder, "canary.csv", "timestamp,cpu,errors\n"),
        ..SILENCE
    },
    Case {
        id: "wide-without-metric",
        silent: "the canary's wide file has times and no metric",
        arguments: |folder| canary(folder, "canary.csv", "timestamp,region\n2026-03-01T08:00:00Z,eu\n"),
        answer: Answer::Refused(&["canary.csv", "no metric in a wide file"]),
        ..SILENCE
    },
    Case {
        id: "wide-of-empty-cells",
        silent: "every cell of the canary's wide file is empty",
        seen: &["fluxcd/flagger#1098"],
        arguments: |folder| {
            let rows: String =
                (0..40).map(|minute| format!("2026-03-01T08:{minute:02}:00Z,,\n")).collect::<Vec<_>>().concat();
            canary(folder, "canary.csv", format!("timestamp,cpu,errors\n{rows}"))
        },
        ..SILENCE
    },
    Case {
        id: "missing-column",
        silent: "the canary's file has no column of values",
        arguments: |_| beside_good("fixtures/bad/missing_column.parquet".to_owned()),
        answer: Answer::Refused(&["no column `value`"]),
        ..SILENCE
    },
    Case {
        id: "wrong-columns",
        silent: "the canary's file has other columns altogether",
        arguments: |folder| canary(folder, "canary.csv", "name,when,reading\ncpu,2026-03-01T08:00:00Z,1\n"),
        answer: Answer::Refused(&["no column `metric`", "found `name`, `when`, `reading`"]),
        ..SILENCE
    },
    Case {
        id: "nan-strings",
        silent: "every value of the canary is the text NaN",
        seen: &["fluxcd/flagger#1095"],
        arguments: |folder| rewritten(folder, |text| values(text, "NaN")),
        ..SILENCE
    },
    Case {
        id: "null-strings",
        silent: "every value of the canary is the text null",
        seen: &["fluxcd/flagger#1098"],
        arguments: |folder| rewritten(folder, |text| values(text, "null")),
        ..SILENCE
    },
    Case {
        id: "empty-cells",
        silent: "every value of the canary is an empty cell",
        seen: &["argoproj/argo-rollouts#1466"],
        arguments: |folder| rewritten(folder, |text| values(text, "")),
        ..SILENCE
    },
    Case {
        id: "infinite-strings",
        silent: "every value of the canary is the text inf",
        arguments: |folder| rewritten(folder, |text| values(text, "inf")),
        ..SILENCE
    },
    Case {
        id: "text-values",
        silent: "every value of the canary is a text",
        seen: &["keptn/keptn#6096"],
        arguments: |folder| rewritten(folder, |text| values(text, "timeout")),
        answer: Answer::Refused(&["canary.csv", "column `value`, line 2", "`timeout`"]),
        ..SILENCE
    },
    Case {
        id: "one-text-value",
        silent: "one value among many is a text",
        arguments: |_| beside_good("fixtures/bad/text_value.csv".to_owned()),
        answer: Answer::Refused(&["text_value.csv", "`timeout`"]),
        ..SILENCE
    },
    Case {
        id: "text-times",
        silent: "a time of the canary is a text",
        arguments: |folder| canary(folder, "canary.csv", format!("{HEADER}cpu,noon,1\n")),
        answer: Answer::Refused(&["column `timestamp`, line 2", "`noon`"]),
        ..SILENCE
    },
    Case {
        id: "no-times",
        silent: "no row of the canary has a time",
        arguments: |folder| canary(folder, "canary.csv", format!("{HEADER}cpu,,1\ncpu,,2\n")),
        answer: Answer::Refused(&["column `timestamp`, line 2", "every row needs a timestamp"]),
        ..SILENCE
    },
    Case {
        id: "no-names",
        silent: "no row of the canary names its metric",
        arguments: |folder| canary(folder, "canary.csv", format!("{HEADER},2026-03-01T08:00:00Z,1\n")),
        answer: Answer::Refused(&["column `metric`, line 2", "every row needs a metric"]),
        ..SILENCE
    },
    Case {
        id: "times-all-equal",
        silent: "every row of the canary has the same time",
        seen: &["spinnaker/kayenta#283"],
        arguments: |folder| rewritten(folder, |text| times(text, |_| 1_772_352_000)),
        ..SILENCE
    },
    Case {
        id: "times-all-equal-on-both",
        silent: "every row of both sides has the same time",
        arguments: |folder| {
            let arguments = rewritten(folder, |text| times(text, |_| 1_772_352_000));
            folder.write("baseline.csv", times(&folder.read("baseline.csv"), |_| 1_772_352_000));
            arguments
        },
        ..SILENCE
    },
    Case {
        id: "one-point-many-times",
        silent: "the canary's one point stands in the file sixty times over",
        seen: &["spinnaker/kayenta#283"],
        arguments: |folder| {
            rewritten(folder, |text| {
                let first = text.lines().nth(1).expect("a row");
                HEADER.to_owned() + &format!("{first}\n").repeat(60)
            })
        },
        ..SILENCE
    },
    Case {
        id: "clock-hours-ahead",
        silent: "the canary's clock is three hours ahead",
        arguments: |folder| rewritten(folder, |text| times(text, |seconds| seconds + 3 * 3600)),
        ..SILENCE
    },
    Case {
        id: "clock-hours-behind",
        silent: "the canary's clock is three hours behind",
        arguments: |folder| rewritten(folder, |text| times(text, |seconds| seconds - 3 * 3600)),
        ..SILENCE
    },
    Case {
        id: "clock-half-an-hour-ahead",
        silent: "the canary's clock is half an hour ahead",
        arguments: |folder| rewritten(folder, |text| times(text, |seconds| seconds + 1800)),
        answer: Answer::Verdict(Verdict::Inconclusive, &["ends_early"]),
        ..SILENCE
    },
    Case {
        id: "milliseconds-beside-seconds",
        silent: "the baseline's times are seconds, the canary's milliseconds",
        arguments: |folder| rewritten(folder, |text| times(text, |seconds| seconds * 1000)),
        answer: Answer::Refused(&["check the time unit"]),
        ..SILENCE
    },
    Case {
        id: "step-of-an-hour",
        silent: "the canary reports once an hour, the baseline every minute",
        arguments: |folder| {
            let arguments = files(folder, &healthy(240));
            let hourly = |(row, line): (usize, &str)| row.is_multiple_of(60).then(|| format!("{line}\n"));
            let text = folder.read("canary.csv");
            let rows: String = text.lines().skip(1).enumerate().filter_map(hourly).collect();
            folder.write("canary.csv", HEADER.to_owned() + &rows);
            arguments
        },
        ..SILENCE
    },
    Case {
        id: "no-zone-beside-zones",
        silent: "the baseline's times have a zone, the canary's have none",
        arguments: |_| ["baseline", "canary"].map(|side| format!("fixtures/bad/mixed_zones_{side}.parquet")).to_vec(),
        answer: Answer::Refused(&["time zone"]),
        ..SILENCE
    },
    Case {
        id: "other-metrics",
        silent: "the canary's file is of another service",
        arguments: |_| beside_good("fixtures/bad/other_metrics.parquet".to_owned()),
        ..SILENCE
    },
    Case {
        id: "one-file-one-side",
        silent: "a file of both sides holds only the baseline",
        arguments: |folder| {
            let text = healthy(60).csv(Side::Baseline);
            let row = |line: &str| format!("baseline,{line}\n");
            let rows: String = text.lines().skip(1).map(row).collect();
            with(vec![folder.write("both.csv", format!("side,{HEADER}{rows}"))], &["--time-unit", "s"])
        },
        ..SILENCE
    },
    Case {
        id: "one-file-unknown-side",
        silent: "a file of both sides calls them by other names",
        arguments: |folder| {
            let rows = "control,cpu,2026-03-01T08:00:00Z,1\nexperiment,cpu,2026-03-01T08:00:00Z,1\n";
            vec![folder.write("both.csv", format!("side,{HEADER}{rows}"))]
        },
        answer: Answer::Refused(&["`control`", "baseline or canary"]),
        ..SILENCE
    },
    Case {
        id: "one-file-without-sides",
        silent: "one file, and no column that tells the sides apart",
        arguments: |_| vec![GOOD[0].to_owned()],
        answer: Answer::Refused(&["no column `side`"]),
        ..SILENCE
    },
    Case {
        id: "file-of-both-sides-twice",
        silent: "a file of both sides is given for each side",
        arguments: |_| vec!["fixtures/layouts/both_sides/both.parquet".to_owned(); 2],
        answer: Answer::Refused(&["`side`", "give it alone"]),
        ..SILENCE
    },
    Case {
        id: "same-file-twice",
        silent: "the baseline's file is given as the canary too",
        arguments: |_| vec![GOOD[0].to_owned(); 2],
        answer: Answer::Verdict(Verdict::Inconclusive, &["identical_sides"]),
        ..SILENCE
    },
    Case {
        id: "same-file-copied",
        silent: "the canary's file is a copy of the baseline's",
        arguments: |folder| canary(folder, "canary.parquet", fixture(GOOD[0])),
        answer: Answer::Verdict(Verdict::Inconclusive, &["identical_sides"]),
        ..SILENCE
    },
    Case {
        id: "same-folder-twice",
        silent: "the baseline's folder is given as the canary too",
        arguments: |_| vec!["fixtures/layouts/long_parts/baseline".to_owned(); 2],
        answer: Answer::Verdict(Verdict::Inconclusive, &["identical_sides"]),
        ..SILENCE
    },
    Case {
        id: "control-files",
        silent: "nothing: two sound files",
        arguments: |_| GOOD.map(str::to_owned).to_vec(),
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
    Case {
        id: "control-duplicate-rows",
        silent: "every row of the canary stands in its file twice",
        arguments: |folder| rewritten(folder, |text| HEADER.to_owned() + &text.replace(HEADER, "").repeat(2)),
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
    Case {
        id: "control-other-step",
        silent: "the canary reports every fifth minute, the baseline every minute",
        arguments: |_| ["1m", "5m"].map(|step| format!("fixtures/bad/step_{step}.parquet")).to_vec(),
        answer: Answer::Verdict(Verdict::Pass, &["score_passes"]),
        ..SILENCE
    },
];
