//! What went wrong, where, and what would be right: the texts.

use std::fs;

use canary_io::{ReadError, ReadOptions, read_both, read_pair};
use polars::df;
use polars::prelude::*;

use crate::support::{Files, read};

/// The error's text for a file of this name and content.
fn error(name: &str, content: impl AsRef<[u8]>) -> String {
    let files = Files::new();
    let path = files.write(name, content);
    files.text(&read(&path).unwrap_err())
}

fn parquet_error(frame: DataFrame) -> String {
    let files = Files::new();
    let path = files.parquet("a.parquet", frame);
    files.text(&read(&path).unwrap_err())
}

fn long(metric: [Option<&str>; 2], value: [&str; 2]) -> DataFrame {
    let mut frame = df!("metric" => metric, "timestamp" => [0_i64, 1], "value" => value).unwrap();
    let time = DataType::Datetime(TimeUnit::Milliseconds, None);
    frame.apply("timestamp", |column| column.cast(&time).unwrap()).unwrap();
    frame
}

#[test]
fn paths() {
    let files = Files::new();
    let text = |name: &str| files.text(&read(&files.path(name)).unwrap_err());
    assert_eq!(text("none.csv"), "`none.csv`: not found; expected a file, a directory or a glob");
    assert_eq!(text("*.csv"), "`*.csv`: the glob matches no file");
    assert!(text("[.csv").starts_with("`[.csv`: not a glob: "));
    fs::create_dir(files.path("empty")).unwrap();
    files.write("empty/notes.txt", "");
    assert_eq!(
        text("empty"),
        "`empty`: the directory holds no data file; expected *.parquet, *.csv, *.csv.gz or *.csv.zst directly in it"
    );
}

#[test]
fn formats() {
    assert_eq!(error("a.csv", ""), "`a.csv`: the file is empty; expected Parquet, or CSV with a header");
    assert_eq!(error("a.csv", "\n \r\n"), "`a.csv`: the file is empty; expected Parquet, or CSV with a header");
    assert_eq!(error("a.parquet", "metric,"), "`a.parquet`: not a Parquet file: it does not start with `PAR1`");
    let truncated = "the Parquet file is truncated: it starts with `PAR1` and does not end with it";
    assert_eq!(error("a.parquet", "PAR1"), format!("`a.parquet`: {truncated}"));
    assert_eq!(error("a", "PAR1 and then some more bytes"), format!("`a`: {truncated}"));
    assert_eq!(
        error("a.xlsx", "PK\u{3}\u{4}\0\0"),
        "`a.xlsx`: neither Parquet nor text; expected Parquet, or CSV, which may be gzip or zstd"
    );
    assert!(error("a.parquet", "PAR1 no footer PAR1").starts_with("`a.parquet`: not readable as Parquet: "));
    let latin1 = b"metric,timestamp,value\nd\xe9bit,1970-01-01,1\n";
    assert_eq!(error("a.csv", latin1), "`a.csv`: not readable as CSV: invalid utf-8 sequence");
}

#[test]
fn compressed_data() {
    let text = zstd::encode_all("metric,timestamp,value\nm,1970-01-01,1\n".repeat(50).as_bytes(), 3).unwrap();
    let damaged = error("a.csv.zst", &text[..text.len() / 2]);
    assert_eq!(damaged, "`a.csv.zst`: the compressed data is cut short or damaged");
    let nothing = zstd::encode_all(&b""[..], 3).unwrap();
    let empty = "the file is empty; expected Parquet, or CSV with a header";
    assert_eq!(error("a.csv.zst", nothing), format!("`a.csv.zst`: {empty}"));
}

#[test]
fn columns() {
    let expected = "expected metric, timestamp and value (long) or timestamp and one column a metric (wide), or a \
                    mapping such as --column value=NAME";
    assert_eq!(
        error("a.csv", "name,timestamp,value\n"),
        format!("`a.csv`: no column `metric`; found `name`, `timestamp`, `value`; {expected}")
    );
    assert_eq!(
        error("a.csv", "time,cpu\n"),
        format!("`a.csv`: no column `metric`, `timestamp`, `value`; found `time`, `cpu`; {expected}")
    );
    assert_eq!(
        error("a.csv", "metric,value\n"),
        format!("`a.csv`: no column `timestamp`; found `metric`, `value`; {expected}")
    );
    let many: Vec<String> = (0..25).map(|i| format!("c{i}")).collect();
    assert!(error("a.csv", many.join(",")).contains("`c19` and 5 more; expected"));
    assert_eq!(
        error("a.csv", "timestamp,region\n"),
        "`a.csv`: no metric in a wide file; found `timestamp`, `region`; expected one column a metric"
    );
    assert_eq!(error("a.csv", "timestamp,cpu,cpu\n"), "`a.csv`: two columns are named `cpu`; expected each name once");
}

#[test]
fn types() {
    let mut frame = long([Some("a"), Some("b")], ["1", "2"]);
    frame.with_column(Column::new("timestamp".into(), [1.5, 2.5])).unwrap();
    assert_eq!(
        parquet_error(frame),
        "`a.parquet`, column `timestamp`: found type Float64; expected a date-time, a date, text, or whole numbers \
         with --time-unit"
    );
    let mut frame = long([Some("a"), Some("b")], ["1", "2"]);
    frame.with_column(Column::new("metric".into(), [1.5, 2.5])).unwrap();
    assert_eq!(parquet_error(frame), "`a.parquet`, column `metric`: found type Float64; expected text");
    let mut frame = long([Some("a"), Some("b")], ["1", "2"]);
    let days = Series::new("value".into(), [1_i32, 2]).cast(&DataType::Date).unwrap();
    frame.with_column(days.into_column()).unwrap();
    assert_eq!(parquet_error(frame), "`a.parquet`, column `value`: found type Date32; expected numbers");
}

#[test]
fn cells() {
    assert_eq!(
        parquet_error(long([Some("a"), None], ["1", "2"])),
        "`a.parquet`, column `metric`, row 2: found nothing; every row needs a metric"
    );
    assert_eq!(
        parquet_error(long([Some("a"), Some("b")], ["1", "fast"])),
        "`a.parquet`, column `value`, row 2: found `fast`; expected a number, or one of NaN, null, NA, inf, or nothing"
    );
    let mut frame = long([Some("a"), Some("b")], ["1", "2"]);
    let gap = frame.column("timestamp").unwrap().shift(1);
    frame.with_column(gap).unwrap();
    assert_eq!(
        parquet_error(frame),
        "`a.parquet`, column `timestamp`, row 1: found nothing; every row needs a timestamp"
    );
}

#[test]
fn csv_cells_have_lines() {
    // The first record spans lines 3 and 4, and line 5 is blank.
    let text = "\nmetric,timestamp,value\n\"a\nb\",1970-01-01,1\n\nm,1970-01-01,oops\n";
    assert_eq!(
        error("a.csv", text),
        "`a.csv`, column `value`, line 6: found `oops`; expected a number, or one of NaN, null, NA, inf, or nothing"
    );
    assert_eq!(
        error("a.csv", "metric,timestamp,value\r\nm,1970-01-01,1\r\n,1970-01-01,1\r\n"),
        "`a.csv`, column `metric`, line 3: found nothing; every row needs a metric"
    );
    assert_eq!(
        error("a.csv", "metric,timestamp,value\nm,,1\n"),
        "`a.csv`, column `timestamp`, line 2: found nothing; every row needs a timestamp"
    );
    let wide = "timestamp,cpu,note\n1970-01-01,1,\n1970-01-02,2,restarted\n";
    assert_eq!(
        error("a.csv", wide),
        "`a.csv`, column `note`, line 3: found `restarted`; expected a number, or one of NaN, null, NA, inf, or nothing"
    );
    let packed = zstd::encode_all(wide.as_bytes(), 3).unwrap();
    assert!(error("a.csv.zst", packed).starts_with("`a.csv.zst`, column `note`, line 3: found `restarted`"));
}

#[test]
fn times() {
    assert_eq!(
        error("a.csv", "metric,timestamp,value\nm,1740988800,1\n"),
        "`a.csv`, column `timestamp`: found whole numbers such as 1740988800 without a unit; state it with \
         --time-unit s|ms|us|ns"
    );
    let counts = df!("metric" => ["m"], "timestamp" => [7_i64], "value" => [1.0]).unwrap();
    assert_eq!(
        parquet_error(counts),
        "`a.parquet`, column `timestamp`: found whole numbers such as 7 without a unit; state it with --time-unit \
         s|ms|us|ns"
    );
    assert_eq!(
        error("a.csv", "metric,timestamp,value\nm,2025-03-03,1\nm,03/04/2025,1\n"),
        "`a.csv`, column `timestamp`, line 3: found `03/04/2025`; expected a time such as 2025-03-03T08:00:00Z, or \
         whole numbers with --time-unit s|ms|us|ns"
    );
}

#[test]
fn zones_within_a_column() {
    let (naive, zoned) = ("m,2025-03-03T08:00:00,1\n", "m,2025-03-03T08:00:00Z,1\n");
    assert_eq!(
        error("a.csv", format!("metric,timestamp,value\n{naive}{zoned}")),
        "`a.csv`, column `timestamp`, line 3: found `2025-03-03T08:00:00Z`; the rows before it have no zone"
    );
    // Enough rows for several chunks, which are decoded apart.
    let text = format!("metric,timestamp,value\n{}{naive}", zoned.repeat(20_000));
    assert_eq!(
        error("a.csv", text),
        "`a.csv`, column `timestamp`, line 20002: found `2025-03-03T08:00:00`; the rows before it have a zone"
    );
}

#[test]
fn zones_across_files() {
    let files = Files::new();
    let zoned = files.write("zoned.csv", "timestamp,cpu\n1970-01-01T00:00:00Z,1\n");
    let naive = files.write("naive.csv", "timestamp,cpu\n1970-01-01T00:00:00,1\n");
    let expected = "the timestamps of `zoned.csv` have a time zone and those of `naive.csv` have none; expected both \
                    or neither (without a zone they are taken as UTC)";
    for (baseline, canary) in [(&zoned, &naive), (&naive, &zoned)] {
        let error = read_pair(baseline, canary, &ReadOptions::default(), &|_| {}).unwrap_err();
        assert_eq!(files.text(&error), expected);
    }
    assert_eq!(files.text(&read(&files.path("*.csv")).unwrap_err()), expected);
}

#[test]
fn sides() {
    let files = Files::new();
    let read = |text: &str| {
        let path = files.write("a.csv", text);
        files.text(&read_both(&path, &ReadOptions::default(), &|_| {}).unwrap_err())
    };
    assert_eq!(
        read("side,timestamp,cpu\nbaseline,1970-01-01,1\ncontrol,1970-01-01,1\n"),
        "`a.csv`, column `side`, line 3: found `control`; expected baseline or canary"
    );
    assert_eq!(
        read("side,timestamp,cpu\n,1970-01-01,1\n"),
        "`a.csv`, column `side`, line 2: found nothing; every row needs a side"
    );
    assert!(read("timestamp,cpu\n1970-01-01,1\n").starts_with("`a.csv`: no column `side`; found"));
}

#[test]
fn the_first_error_is_reported() {
    let files = Files::new();
    for name in ["a.csv", "b.csv", "c.csv"] {
        files.write(name, "metric,timestamp,value\nm,1970-01-01,1\n");
    }
    for name in ["d.csv", "e.csv", "f.csv"] {
        files.write(name, "metric,timestamp,value\nm,1970-01-01,x\n");
    }
    for _ in 0..20 {
        let error = read(&files.path("")).unwrap_err();
        assert!(matches!(&error, ReadError::Number { place, .. } if place.path == files.path("d.csv")), "{error}");
    }
}
