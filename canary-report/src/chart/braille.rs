//! Plots in a terminal, in dots of braille.

use textplots::{Chart, Plot, Shape};

/// Dots in a character: two across, four up.
pub(crate) const DOTS_ACROSS: usize = 2;
pub(crate) const DOTS_UP: usize = 4;

/// A place of so many characters, and what its edges stand for.
pub(crate) struct Canvas {
    pub(crate) columns: usize,
    pub(crate) lines: usize,
    pub(crate) across: (f64, f64),
    pub(crate) up: (f64, f64),
}

impl Canvas {
    /// The lines from the top, with every curve as a line and every cloud as dots.
    pub(crate) fn drawn(&self, curves: &[&[(f64, f64)]], clouds: &[&[(f64, f64)]]) -> Vec<String> {
        let dots = |count: usize, each: usize| u32::try_from(count * each).unwrap_or(u32::MAX);
        let (wide, high) = (dots(self.columns, DOTS_ACROSS), dots(self.lines, DOTS_UP));
        let (curves, clouds) = (all_narrow(curves), all_narrow(clouds));
        let shapes: Vec<Shape<'_>> = (curves.iter().map(|points| Shape::Lines(points)))
            .chain(clouds.iter().map(|points| Shape::Points(points)))
            .collect();
        let [(left, right), (bottom, top)] = [self.across, self.up].map(|(low, high)| (single(low), single(high)));
        let mut chart = Chart::new_with_y_range(wide, high, left, right, bottom, top);
        let chart = shapes.iter().fold(&mut chart, |chart, shape| chart.lineplot(shape));
        chart.figures();
        let line = |line: &str| line.chars().take(self.columns).collect::<String>().trim_end().to_owned();
        chart.frame().lines().take(self.lines).map(line).collect()
    }
}

fn all_narrow(sets: &[&[(f64, f64)]]) -> Vec<Vec<(f32, f32)>> {
    sets.iter().map(|points| points.iter().map(|&(x, y)| (single(x), single(y))).collect()).collect()
}

fn single(value: f64) -> f32 {
    #[allow(clippy::cast_possible_truncation, reason = "a place on a screen")]
    let single = value as f32;
    single
}
