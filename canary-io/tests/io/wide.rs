//! Wide files.

use canary_io::{Layout, ReadOptions, Role, read_side};
use polars::df;
use polars::prelude::*;

use crate::support::{Files, read, rows};

fn wide() -> DataFrame {
    let mut frame = df!(
        "timestamp" => [0_i64, 60_000],
        "cpu" => [1.5, 2.5],
        "requests" => [10_i64, 20],
        "up" => [true, false],
        "instance" => ["i-1", "i-2"],
        "region" => ["eu", "eu"],
        "side" => ["x", "y"],
        "__index_level_0__" => [0_i64, 1],
    )
    .unwrap();
    let time = DataType::Datetime(TimeUnit::Milliseconds, None);
    frame.apply("timestamp", |column| column.cast(&time).unwrap()).unwrap();
    frame
}

const EXPECTED: [&str; 6] = [
    "cpu 0 1.5 @eu #i-1",
    "cpu 60000 2.5 @eu #i-2",
    "requests 0 10 @eu #i-1",
    "requests 60000 20 @eu #i-2",
    "up 0 1 @eu #i-1",
    "up 60000 0 @eu #i-2",
];

#[test]
fn parquet_makes_one_batch_a_metric_on_shared_times() {
    let files = Files::new();
    let table = read(&files.parquet("a.parquet", wide())).unwrap();
    assert_eq!(rows(&table), EXPECTED);
    assert_eq!(table.rows(), 6);
    let batches = table.observations();
    assert_eq!(batches.len(), 3);
    assert!(std::ptr::eq(batches[0].time, batches[2].time), "the times are shared");
}

#[test]
fn csv_reads_numbers_words_for_nothing_and_an_index_column() {
    let files = Files::new();
    let text = ",timestamp,cpu,errors per second\n0,1970-01-01T00:00:00Z,1.5,\n1,1970-01-01T00:01:00Z,NA,7\n";
    let table = read(&files.write("a.csv", text)).unwrap();
    let expected = ["cpu 0 1.5", "cpu 60000 NaN", "errors per second 0 NaN", "errors per second 60000 7"];
    assert_eq!(rows(&table), expected);
}

#[test]
fn the_layout_can_be_forced() {
    let files = Files::new();
    let path = files.write("a.csv", "timestamp,value,metric\n1970-01-01,1,2\n");
    let options = ReadOptions { layout: Some(Layout::Wide), ..ReadOptions::default() };
    assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap()), ["value 0 1", "metric 0 2"]);
}

#[test]
fn a_mapped_timestamp() {
    let files = Files::new();
    let path = files.write("a.csv", "when,cpu\n1970-01-01T00:00:01Z,4\n");
    let mut options = ReadOptions::default();
    options.columns.set(Role::Timestamp, "when");
    assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap()), ["cpu 1000 4"]);
}
