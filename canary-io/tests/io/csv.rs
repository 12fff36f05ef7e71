//! Long CSV files, plain and compressed.

use std::io::Write;

use canary_core::TimeUnit;
use canary_io::{ReadOptions, read_side};

use crate::support::{Files, read, rows};

const TEXT: &str = "\
metric,timestamp,value,region
cpu,2025-03-03T08:00:00Z,1.5,NA
cpu,2025-03-03T08:01:00Z,2,NA
\"a, \"\"quoted\"\" name\",2025-03-03T08:00:00Z,-3e2,
";

const EXPECTED: [&str; 3] =
    ["cpu 1740988800000 1.5 @NA", "cpu 1740988860000 2 @NA", "a, \"quoted\" name 1740988800000 -300"];

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 3).unwrap()
}

#[test]
fn plain_and_compressed_whatever_the_name() {
    let files = Files::new();
    let contents = [
        ("a.csv", TEXT.as_bytes().to_vec()),
        ("a.csv.gz", gzip(TEXT)),
        ("a.csv.zst", zstd(TEXT)),
        ("gzip.csv", gzip(TEXT)),
        ("zstd", zstd(TEXT)),
        ("windows.csv", TEXT.replace('\n', "\r\n").into_bytes()),
        ("byte order mark.csv", [b"\xef\xbb\xbf", TEXT.as_bytes()].concat()),
        ("without a last line break", TEXT.trim_end().as_bytes().to_vec()),
        ("blank lines", format!("\n{}\n\n", TEXT.replace("\"a,", "\n\"a,")).into_bytes()),
    ];
    for (name, content) in contents {
        assert_eq!(rows(&read(&files.write(name, content)).unwrap()), EXPECTED, "{name}");
    }
}

#[test]
fn words_for_nothing_and_for_infinity() {
    let files = Files::new();
    let words = ["NaN", "nan", "null", "NA", "", "inf", "-inf", "Infinity", "true", "FALSE", " 4 "];
    let lines: Vec<String> = words.iter().map(|word| format!("m,1970-01-01,{word}\n")).collect();
    let path = files.write("a.csv", format!("metric,timestamp,value\n{}", lines.concat()));
    let values = ["NaN", "NaN", "NaN", "NaN", "NaN", "inf", "-inf", "inf", "1", "0", "4"];
    let expected: Vec<String> = values.iter().map(|value| format!("m 0 {value}")).collect();
    assert_eq!(rows(&read(&path).unwrap()), expected);
}

#[test]
fn times_in_text() {
    let files = Files::new();
    let zoned = [
        ("2025-03-03T08:00:00Z", 1_740_988_800_000_i64),
        ("2025-03-03t08:00:00z", 1_740_988_800_000),
        ("2025-03-03T09:00:00+01:00", 1_740_988_800_000),
        ("2025-03-03T03:00:00-0500", 1_740_988_800_000),
        ("2025-03-03 08:00:00.250Z", 1_740_988_800_250),
        ("2025-03-03 08:00:00+00", 1_740_988_800_000),
        ("2025-03-03 08:00:00 UTC", 1_740_988_800_000),
        ("1969-12-31T23:59:59.999Z", -1),
    ];
    let naive = [
        ("2025-03-03T08:00:00", 1_740_988_800_000),
        ("2025-03-03 08:00", 1_740_988_800_000),
        ("2025-03-03 08:00:00.123456789", 1_740_988_800_123),
        ("2025-03-03", 1_740_960_000_000),
    ];
    for (times, is_naive) in [(&zoned[..], false), (&naive[..], true)] {
        let lines: Vec<String> = times.iter().map(|(text, _)| format!("m,{text},1\n")).collect();
        let path = files.write("a.csv", format!("metric,timestamp,value\n{}", lines.concat()));
        let expected: Vec<String> = times.iter().map(|(_, ms)| format!("m {ms} 1")).collect();
        let table = read(&path).unwrap();
        assert_eq!(rows(&table), expected);
        assert_eq!(table.naive_times(), is_naive);
    }
}

#[test]
fn whole_numbers_take_the_stated_unit_and_text_ignores_it() {
    let files = Files::new();
    let options = ReadOptions { time_unit: Some(TimeUnit::Seconds), ..ReadOptions::default() };
    for (name, time) in [("a.csv", "1740988800"), ("b.csv", "2025-03-03T08:00:00Z")] {
        let path = files.write(name, format!("metric,timestamp,value\nm,{time},1\n"));
        assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap()), ["m 1740988800000 1"]);
    }
}

#[test]
fn only_needed_columns_count() {
    let files = Files::new();
    let path = files.write("a.csv", "note,value,timestamp,metric\n\"two\nlines\",1,1970-01-01,m\nx,2,1970-01-02,m\n");
    assert_eq!(rows(&read(&path).unwrap()), ["m 0 1", "m 86400000 2"]);
}

#[test]
fn many_rows_in_many_chunks() {
    let files = Files::new();
    let mut text = String::from("metric,timestamp,value\n");
    let mut expected = Vec::new();
    for row in 0..20_000_i64 {
        let (metric, minute) = (row % 7, row / 7);
        let (hour, minute_of_hour) = (minute / 60, minute % 60);
        let (day, hour_of_day) = (hour / 24 + 1, hour % 24);
        let time = format!("1970-01-{day:02}T{hour_of_day:02}:{minute_of_hour:02}:00Z");
        text.extend(["a long metric name ", &metric.to_string(), ",", &time, ",", &row.to_string(), "\n"]);
        expected.push(format!("a long metric name {metric} {} {row}", minute * 60_000));
    }
    let table = read(&files.write("a.csv", text)).unwrap();
    assert!(table.observations().len() > 1, "the file was read in several chunks");
    assert_eq!(rows(&table), expected);
}

#[test]
fn a_header_alone_is_no_observations() {
    let files = Files::new();
    assert_eq!(read(&files.write("a.csv", "metric,timestamp,value\n")).unwrap().rows(), 0);
}
