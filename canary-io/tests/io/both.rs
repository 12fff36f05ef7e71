//! One input with both sides.

use canary_io::{ReadOptions, Table, read_both};
use polars::df;
use polars::prelude::*;

use crate::support::{Files, rows};

#[test]
fn long_rows_go_to_their_side() {
    let files = Files::new();
    let text = "side,metric,timestamp,value,region,group\n\
                baseline,cpu,1970-01-01T00:00:00Z,1,eu,g\n\
                Canary,cpu,1970-01-01T00:00:00Z,2,,g\n\
                canary,mem,1970-01-01T00:00:01Z,3,us,h\n\
                BASELINE,mem,1970-01-01T00:00:01Z,4,us,h\n";
    let pair = read_both(&files.write("a.csv", text), &ReadOptions::default(), &|_| {}).unwrap();
    assert_eq!(rows(&pair.baseline), ["cpu 0 1 @eu +g", "mem 1000 4 @us +h"]);
    assert_eq!(rows(&pair.canary), ["cpu 0 2 +g", "mem 1000 3 @us +h"]);
    assert_eq!(pair.baseline.sources(), pair.canary.sources());
}

#[test]
fn a_side_has_its_own_metrics() {
    let files = Files::new();
    let text = "side,metric,timestamp,value\nbaseline,old,1970-01-01,1\ncanary,new,1970-01-01,2\n";
    let pair = read_both(&files.write("a.csv", text), &ReadOptions::default(), &|_| {}).unwrap();
    let names = |table: &Table| table.metrics().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!((names(&pair.baseline), names(&pair.canary)), (vec!["old".to_owned()], vec!["new".to_owned()]));
}

#[test]
fn wide_rows_go_to_their_side() {
    let files = Files::new();
    let mut frame = df!(
        "timestamp" => [0_i64, 0, 1, 1],
        "cpu" => [1.0, 2.0, 3.0, 4.0],
        "mem" => [5_i32, 6, 7, 8],
        "side" => ["baseline", "canary", "baseline", "canary"],
    )
    .unwrap();
    let time = DataType::Datetime(TimeUnit::Milliseconds, None);
    frame.apply("timestamp", |column| column.cast(&time).unwrap()).unwrap();
    let path = files.parquet("a.parquet", frame);
    let pair = read_both(&path, &ReadOptions::default(), &|_| {}).unwrap();
    assert_eq!(rows(&pair.baseline), ["cpu 0 1", "cpu 1 3", "mem 0 5", "mem 1 7"]);
    assert_eq!(rows(&pair.canary), ["cpu 0 2", "cpu 1 4", "mem 0 6", "mem 1 8"]);
}
