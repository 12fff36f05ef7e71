//! From observations to a set of metrics: what must not depend on how the rows come.
#![allow(clippy::unwrap_used, reason = "a test")]

mod rows;
mod support;

use canary_core::config::{Patterns, Span};
use canary_core::report::{Average, MetricResult, Points, State, Verdict};
use canary_core::{Config, MetricData, MetricSet, NoteCode, Selection, TimeGrid};
use rows::{Row, Table};
use support::{Random, report};

fn side(rows: &[Row]) -> Vec<Table> {
    vec![Table::new(rows, &[])]
}

fn load(baseline: &[Table], canary: &[Table], selection: &Selection) -> MetricSet {
    MetricSet::from_observations(&rows::observations(baseline), &rows::observations(canary), selection).unwrap()
}

/// `metrics` metrics at `ticks` minutes about 100.
fn full(seed: u64, metrics: usize, ticks: i64) -> Vec<Row> {
    let mut random = Random::new(seed);
    let row = |(metric, tick)| (metric, tick * 60_000);
    let places = (0..metrics).flat_map(|metric| (0..ticks).map(move |tick| (metric, tick))).map(row);
    places.map(|(metric, time)| Row::new(metric, time, 100.0 * (0.1 * random.normal()).exp())).collect()
}

/// What a metric's data say by themselves; the level at which it is decided is the run's affair.
fn own(result: &MetricResult) -> (Option<f64>, Option<f64>, Average, Points) {
    (result.ratio, result.p_value, result.average, result.points)
}

#[test]
fn a_selection_of_one_metric_among_many_keeps_the_grid() {
    let (baseline, canary) = (side(&full(1, 1500, 20)), side(&full(2, 1500, 20)));
    let all = report(Config::default(), &load(&baseline, &canary, &Selection::default()));
    for name in ["m3", "m700", "m701", "m1499"] {
        let metrics = Some(Patterns::new(&[name]).unwrap());
        let alone =
            report(Config::default(), &load(&baseline, &canary, &Selection { metrics, ..Selection::default() }));
        let known = all.metrics.iter().find(|result| *result.name == *name).unwrap();
        assert_eq!((alone.inputs.ticks, alone.metrics.len()), (20, 1), "{name}");
        assert_eq!(own(&alone.metrics[0]), own(known), "{name}");
    }
}

#[test]
fn names_that_no_row_has_do_not_thin_the_sample_of_times() {
    let rows = full(3, 2, 20);
    let unused: Vec<usize> = (2..5000).collect();
    let padded = [Table::new(&rows, &unused)];
    let (plain, padded) =
        (load(&side(&rows), &side(&rows), &Selection::default()), load(&padded, &padded, &Selection::default()));
    assert_eq!(plain.grid(), padded.grid());
    assert_eq!(report(Config::default(), &plain), report(Config::default(), &padded));
}

#[test]
fn a_dictionary_without_names_is_right_where_no_row_has_a_label() {
    // `Table` makes region and instance columns of missing labels only.
    assert_eq!(load(&side(&full(4, 1, 3)), &side(&full(5, 1, 3)), &Selection::default()).len(), 1);
}

#[test]
fn silence_of_a_whole_side_is_inconclusive() {
    let (rows, none) = (side(&full(6, 3, 30)), side(&[]));
    for (baseline, canary) in [(&rows, &none), (&none, &rows), (&none, &none)] {
        let report = report(Config::default(), &load(baseline, canary, &Selection::default()));
        assert_eq!(report.verdict, Verdict::Inconclusive);
        assert!(report.metrics.iter().all(|result| result.state == State::NoData));
    }
}

/// 1800 metrics, 20 values each on 600 ticks: 97 % of 1.08 million cells are empty, and that is too many.
fn sparse_rows(seed: u64) -> Vec<Row> {
    let mut random = Random::new(seed);
    let mut rows = Vec::new();
    for metric in 0..1800 {
        // Two minutes at a time, so that the step is a minute; the first tick and the last one among them.
        for tick in (0..9).map(|value| 66 * value).chain([598]).flat_map(|tick| [tick, tick + 1]) {
            rows.push(Row::new(metric, tick * 60_000, 10.0 * (0.2 * random.normal()).exp()));
        }
    }
    rows
}

#[test]
fn sparse_and_dense_panels_give_the_same_report() {
    let (mut baseline, mut canary) = (sparse_rows(7), sparse_rows(8));
    let sparse = report(Config::default(), &load(&side(&baseline), &side(&canary), &Selection::default()));

    let mut builder = MetricSet::builder(TimeGrid::new(Span::from_ms(60_000), 600).starting_at(0));
    let series = |rows: &[Row]| {
        let mut values = vec![vec![f64::NAN; 600]; 1800];
        for row in rows {
            values[row.metric][usize::try_from(row.time / 60_000).unwrap()] = row.value;
        }
        values
    };
    for (metric, (baseline, canary)) in series(&baseline).iter().zip(series(&canary)).enumerate() {
        let (name, group) = (format!("m{metric}"), format!("g{}", metric % 3));
        builder.add(&MetricData::new(&name).group(&group).baseline(baseline).canary(&canary)).unwrap();
    }
    assert_eq!(sparse, report(Config::default(), &builder.build().unwrap()), "the builder's panel is dense");

    // Two hundred full series of another region fill enough cells for a dense panel.
    for rows in [&mut baseline, &mut canary] {
        for instance in 0..200 {
            let row = |tick: i64| Row { region: Some(0), instance: Some(instance), ..Row::new(0, tick * 60_000, 1.0) };
            rows.extend((0..600).map(row));
        }
    }
    let companion = report(Config::default(), &load(&side(&baseline), &side(&canary), &Selection::default()));
    let old: Vec<_> = companion.metrics.iter().filter(|result| result.region.is_none()).map(own).collect();
    assert_eq!(sparse.metrics.iter().map(own).collect::<Vec<_>>(), old);
}

#[test]
fn values_that_share_a_cell_are_averaged_in_either_panel() {
    let mut rows = sparse_rows(9);
    rows.push(Row { value: 30.0, ..rows[0].clone() });
    rows.push(Row { value: 5.0, ..rows[0].clone() });
    let expected = (rows[0].value + 35.0) / 3.0;
    for rows in [&rows[..], &[rows[0].clone(), rows[36_000].clone(), rows[36_001].clone(), rows[1].clone()][..]] {
        let set = load(&side(rows), &side(rows), &Selection::default());
        let pair = set.get(0).unwrap();
        let mut values = vec![0.0; set.grid().ticks()];
        pair.baseline.fill(0, &mut values);
        // Three values, each divided by three before they are summed.
        assert!((values[0] - expected).abs() < 1e-12, "{} {expected}", values[0]);
        assert_eq!(pair.baseline.counts().several, 2);
    }
}

#[test]
fn rows_outside_the_window_are_counted_and_left_out() {
    let (baseline, canary) = (side(&full(10, 1, 30)), side(&full(11, 1, 30)));
    let selection = Selection { start_ms: Some(5 * 60_000), end_ms: Some(25 * 60_000), ..Selection::default() };
    let set = load(&baseline, &canary, &selection);
    assert_eq!(set.grid().ticks(), 20);
    let outside: Vec<u64> =
        set.notes().iter().filter(|note| note.code == NoteCode::OutsideWindow).map(|note| note.count).collect();
    assert_eq!(outside, [10, 10]);
}

#[test]
fn the_coarser_side_is_the_grid() {
    let every_fifth: Vec<Row> = full(13, 1, 30).into_iter().filter(|row| row.time % 300_000 == 0).collect();
    let set = load(&side(&full(12, 1, 30)), &side(&every_fifth), &Selection::default());
    assert_eq!((set.grid().step(), set.grid().ticks()), (Span::from_ms(300_000), 6));
    assert!(set.notes().iter().any(|note| note.code == NoteCode::DifferentSteps));
    let step = Some(Span::from_ms(600_000));
    let set = load(&side(&full(12, 1, 30)), &side(&every_fifth), &Selection { step, ..Selection::default() });
    assert_eq!(set.grid().ticks(), 3, "a step that is given counts");
}

/// Runs that step along the grid are copied, others go in row by row; by time every run is a row.
#[test]
fn rows_by_metric_and_rows_by_time_make_the_same_set() {
    let mut by_metric = full(14, 8, 90);
    by_metric[90 + 40].value = f64::NAN;
    by_metric[2 * 90 + 40].value = f64::INFINITY;
    by_metric[3 * 90 + 40].time += 30_000;
    // One tick twice within a run, and a whole run that comes twice.
    by_metric[4 * 90 + 41].time = by_metric[4 * 90 + 40].time;
    let again = by_metric[5 * 90..6 * 90].iter().map(|row| Row { value: 3.0 * row.value, ..row.clone() });
    by_metric.extend(again.collect::<Vec<_>>());
    // A hole, and a run that stands before the others.
    by_metric.drain(6 * 90 + 40..6 * 90 + 50);
    by_metric.iter_mut().filter(|row| row.metric == 7).for_each(|row| row.time -= 10 * 60_000);
    let mut by_time = by_metric.clone();
    by_time.sort_by_key(|row| row.time);
    for selection in [Selection::default(), Selection { start_ms: Some(30 * 60_000), ..Selection::default() }] {
        let at_once = load(&side(&by_metric), &side(&by_metric), &selection);
        let one_by_one = load(&side(&by_time), &side(&by_time), &selection);
        assert_eq!((at_once.grid(), at_once.notes()), (one_by_one.grid(), one_by_one.notes()));
        for (a, b) in at_once.iter().zip(one_by_one.iter()) {
            let (mut left, mut right) = (vec![0.0; at_once.grid().ticks()], vec![0.0; at_once.grid().ticks()]);
            a.baseline.fill(0, &mut left);
            b.baseline.fill(0, &mut right);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            assert_eq!((bits(&left), a.baseline.counts()), (bits(&right), b.baseline.counts()), "{}", a.name);
        }
        assert_eq!(report(Config::default(), &at_once), report(Config::default(), &one_by_one));
    }
}
