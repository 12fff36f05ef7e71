//! Long Parquet files.

use canary_core::TimeUnit;
use canary_io::{ReadError, ReadOptions, Role, read_side};
use polars::df;
use polars::prelude::*;

use crate::support::{Files, read, rows};

/// 2025-03-03T08:00:00Z.
const START_MS: i64 = 1_740_988_800_000;

fn with_time(time: Series) -> DataFrame {
    let mut frame = df!("metric" => ["cpu", "cpu", "mem"], "value" => [1.5, 2.5, 3.0]).unwrap();
    frame.with_column(time.with_name("timestamp".into()).into_column()).unwrap();
    frame
}

fn datetimes(unit: polars::prelude::TimeUnit, per_ms: i64, zone: Option<&str>) -> Series {
    let ticks = [0, 1000, 2000].map(|ms| (START_MS + ms) * per_ms);
    // A cast would drop the zone: polars is built without its table of zones.
    let zone = TimeZone::opt_try_new(zone).unwrap();
    Int64Chunked::new("timestamp".into(), ticks).into_datetime(unit, zone).into_series()
}

const EXPECTED: [&str; 3] = ["cpu 1740988800000 1.5", "cpu 1740988801000 2.5", "mem 1740988802000 3"];

#[test]
fn datetimes_of_every_unit_and_zone() {
    use polars::prelude::TimeUnit as Unit;
    let files = Files::new();
    for (unit, per_ms) in [(Unit::Milliseconds, 1), (Unit::Microseconds, 1_000), (Unit::Nanoseconds, 1_000_000)] {
        for zone in [None, Some("UTC"), Some("Europe/Berlin")] {
            let path = files.parquet("a.parquet", with_time(datetimes(unit, per_ms, zone)));
            let table = read(&path).unwrap();
            assert_eq!(rows(&table), EXPECTED, "{unit:?} {zone:?}");
            assert_eq!(table.naive_times(), zone.is_none());
            assert_eq!(table.rows(), 3);
        }
    }
}

#[test]
fn dates_are_midnights() {
    let files = Files::new();
    // 2025-03-03 is day 20150 of the epoch.
    let days = Series::new("t".into(), [20150_i32, 20151, 20152]).cast(&DataType::Date).unwrap();
    let table = read(&files.parquet("a.parquet", with_time(days))).unwrap();
    let expected = ["cpu 1740960000000 1.5", "cpu 1741046400000 2.5", "mem 1741132800000 3"];
    assert_eq!(rows(&table), expected);
}

#[test]
fn whole_numbers_take_the_stated_unit() {
    let files = Files::new();
    let units = [
        (TimeUnit::Seconds, 1_740_988_800_i64, 1_i64),
        (TimeUnit::Milliseconds, 1_740_988_800_000, 1_000),
        (TimeUnit::Microseconds, 1_740_988_800_000_000, 1_000_000),
        (TimeUnit::Nanoseconds, 1_740_988_800_000_000_000, 1_000_000_000),
    ];
    for (unit, start, second) in units {
        let counts = Series::new("t".into(), [start, start + second, start + 2 * second]);
        let path = files.parquet("a.parquet", with_time(counts));
        let options = ReadOptions { time_unit: Some(unit), ..ReadOptions::default() };
        assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap()), EXPECTED, "{unit:?}");
    }
    let seconds = Series::new("t".into(), [1_740_988_800_u32, 1_740_988_801, 1_740_988_802]);
    let path = files.parquet("a.parquet", with_time(seconds));
    let options = ReadOptions { time_unit: Some(TimeUnit::Seconds), ..ReadOptions::default() };
    assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap()), EXPECTED);
}

#[test]
fn text_timestamps() {
    let files = Files::new();
    let texts = ["2025-03-03T08:00:00Z", "2025-03-03T09:00:01+01:00", "2025-03-03 08:00:02 UTC"];
    let table = read(&files.parquet("a.parquet", with_time(Series::new("t".into(), texts)))).unwrap();
    assert_eq!(rows(&table), EXPECTED);
}

fn with_value(value: Series) -> DataFrame {
    let mut frame = df!("metric" => ["a", "b", "c"]).unwrap();
    frame.with_column(Series::new("timestamp".into(), [0_i64, 1, 2]).into_column()).unwrap();
    frame.with_column(value.with_name("value".into()).into_column()).unwrap();
    frame
}

fn values(files: &Files, value: Series) -> Vec<String> {
    let path = files.parquet("a.parquet", with_value(value));
    let options = ReadOptions { time_unit: Some(TimeUnit::Milliseconds), ..ReadOptions::default() };
    let table = read_side(&path, &options, &|_| {}).unwrap();
    rows(&table).iter().map(|row| row.rsplit(' ').next().unwrap().to_owned()).collect()
}

#[test]
fn values_of_every_type() {
    let files = Files::new();
    let integers = Series::new("v".into(), [1_i32, -2, 3]);
    let kinds = [
        DataType::Int8,
        DataType::Int16,
        DataType::Int32,
        DataType::Int64,
        DataType::Float32,
        DataType::Float64,
        DataType::Decimal(10, 2),
        DataType::String,
    ];
    for kind in kinds {
        assert_eq!(values(&files, integers.cast(&kind).unwrap()), ["1", "-2", "3"], "{kind:?}");
    }
    let unsigned = Series::new("v".into(), [1_u32, 2, 3]);
    for kind in [DataType::UInt8, DataType::UInt16, DataType::UInt32, DataType::UInt64] {
        assert_eq!(values(&files, unsigned.cast(&kind).unwrap()), ["1", "2", "3"], "{kind:?}");
    }
    let cents = Series::new("v".into(), [1.25, -0.5, 99.99]).cast(&DataType::Decimal(10, 2)).unwrap();
    assert_eq!(values(&files, cents), ["1.25", "-0.5", "99.99"]);
    assert_eq!(values(&files, Series::new("v".into(), [true, false, true])), ["1", "0", "1"]);
    let gaps = Series::new("v".into(), [Some(1.5), None, Some(f64::INFINITY)]);
    assert_eq!(values(&files, gaps), ["1.5", "NaN", "inf"]);
    assert_eq!(values(&files, Series::new("v".into(), [None, Some(7_i64), None])), ["NaN", "7", "NaN"]);
    assert_eq!(values(&files, Series::new("v".into(), ["1e3", " NA ", ""])), ["1000", "NaN", "NaN"]);
    assert_eq!(values(&files, Series::new_null("v".into(), 3)), ["NaN", "NaN", "NaN"]);
}

fn labelled() -> DataFrame {
    df!(
        "metric" => ["cpu", "a metric with a long name/1", "cpu", "a metric with a long name/2", "cpu"],
        "timestamp" => [0_i64, 0, 1, 1, 2],
        "value" => [1.0, 2.0, 3.0, 4.0, 5.0],
        "instance" => [Some("i-1"), None, Some("i-2"), Some(""), Some("i-1")],
        "region" => [Some("eu-west-1"), Some("eu-west-1"), None, None, Some("us")],
        "group" => ["system", "other", "system", "other", "system"],
        "noise" => ["never", "read", "at", "all", "!"],
        "side" => ["not", "asked", "for", "here", "!"],
    )
    .unwrap()
}

const LABELLED: [&str; 5] = [
    "cpu 0 1 @eu-west-1 #i-1 +system",
    "a metric with a long name/1 0 2 @eu-west-1 +other",
    "cpu 1 3 #i-2 +system",
    "a metric with a long name/2 1 4 +other",
    "cpu 2 5 @us #i-1 +system",
];

fn in_milliseconds() -> ReadOptions {
    ReadOptions { time_unit: Some(TimeUnit::Milliseconds), ..ReadOptions::default() }
}

#[test]
fn labels_as_text_and_as_dictionaries() {
    let files = Files::new();
    let categories = DataType::from_categories(Categories::global());
    for dictionaries in [false, true] {
        let mut frame = labelled();
        for name in ["metric", "instance", "region", "group"].into_iter().filter(|_| dictionaries) {
            frame.apply(name, |column| column.cast(&categories).unwrap()).unwrap();
        }
        for rows_in_group in [2, 5] {
            let path = files.parquet_in_groups("a.parquet", frame.clone(), rows_in_group);
            let table = read_side(&path, &in_milliseconds(), &|_| {}).unwrap();
            assert_eq!(rows(&table), LABELLED, "dictionaries: {dictionaries}, {rows_in_group} rows a group");
            assert!(table.has_regions() && table.has_instances());
        }
    }
}

#[test]
fn enums_and_numbered_instances() {
    let files = Files::new();
    let mut frame = labelled();
    let names = ["cpu", "a metric with a long name/1", "a metric with a long name/2", "unused"];
    let names = DataType::from_frozen_categories(FrozenCategories::new(names).unwrap());
    frame.apply("metric", |column| column.cast(&names).unwrap()).unwrap();
    frame.with_column(Column::new("instance".into(), [1_i64, 2, 1, 2, 1])).unwrap();
    let table = read_side(&files.parquet("a.parquet", frame), &in_milliseconds(), &|_| {}).unwrap();
    assert_eq!(rows(&table)[0], "cpu 0 1 @eu-west-1 #1 +system");
    let metrics: Vec<_> = table.metrics().into_iter().map(|name| name.to_string()).collect();
    assert_eq!(metrics, ["a metric with a long name/1", "a metric with a long name/2", "cpu"]);
}

#[test]
fn mapped_names() {
    let files = Files::new();
    let mut frame = labelled().select(["metric", "timestamp", "value", "instance"]).unwrap();
    frame.set_column_names(&["name", "ts", "reading", "pod"]).unwrap();
    let path = files.parquet("a.parquet", frame);
    let mut options = in_milliseconds();
    for (role, name) in
        [(Role::Metric, "name"), (Role::Timestamp, "ts"), (Role::Value, "reading"), (Role::Instance, "pod")]
    {
        options.columns.set(role, name);
    }
    assert_eq!(rows(&read_side(&path, &options, &|_| {}).unwrap())[2], "cpu 1 3 #i-2");
    options.columns.set(Role::Region, "zone");
    let error = read_side(&path, &options, &|_| {}).unwrap_err();
    assert!(matches!(&error, ReadError::MissingColumns { missing, .. } if missing == &["zone"]), "{error}");
}

#[test]
fn many_texts_in_every_order() {
    let files = Files::new();
    let names: Vec<String> = (0..3000).map(|i| format!("metric number {:05}", i * 7919 % 1000)).collect();
    let mut by_metric = names.clone();
    by_metric.sort();
    for names in [names, by_metric] {
        let rows_in_all = names.len();
        let frame = df!(
            "metric" => &names,
            "timestamp" => vec![0_i64; rows_in_all],
            "value" => vec![1.0; rows_in_all],
        );
        let path = files.parquet_in_groups("a.parquet", frame.unwrap(), 700);
        let table = read_side(&path, &in_milliseconds(), &|_| {}).unwrap();
        let expected: Vec<String> = names.iter().map(|name| format!("{name} 0 1")).collect();
        assert_eq!(rows(&table), expected);
        assert_eq!(table.metrics().len(), 1000);
        assert!(table.observations().iter().all(|batch| batch.metric.names.len() <= 750), "one name a text");
    }
}

/// What a null row holds besides its mark is up to the writer and to polars: often the text before or after.
#[test]
fn gaps_among_texts() {
    let files = Files::new();
    let pods: Vec<Option<String>> = (0..500)
        .map(|row| (row % 3 != 0 && row % 7 != 0).then(|| format!("a pod with a long name {}", row / 5 % 9)))
        .collect();
    let frame = df!(
        "metric" => vec!["m"; 500],
        "timestamp" => vec![0_i64; 500],
        "value" => vec![1.0; 500],
        "instance" => &pods,
    );
    let path = files.parquet_in_groups("a.parquet", frame.unwrap(), 200);
    let expected: Vec<String> =
        pods.iter().map(|pod| pod.as_ref().map_or("m 0 1".to_owned(), |pod| format!("m 0 1 #{pod}"))).collect();
    assert_eq!(rows(&read_side(&path, &in_milliseconds(), &|_| {}).unwrap()), expected);
}

#[test]
fn no_rows_are_no_observations() {
    let files = Files::new();
    let path = files.parquet("a.parquet", with_value(Series::new("v".into(), [1.0, 2.0, 3.0])).head(Some(0)));
    let table = read_side(&path, &in_milliseconds(), &|_| {}).unwrap();
    assert_eq!((table.rows(), table.observations().len()), (0, 0));
}
