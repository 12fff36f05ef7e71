//! How a cell looks: its colours, and the mark that says the same to those who see no colours.

use canary_core::report::{Evidence, MetricResult, State};

use super::shade::{MAX_SHADE, shade};

/// A colour as red, green and blue.
pub type Rgb = [u8; 3];

/// The mark within a cell. Colour is never the only sign: each kind of result has its own shape, and what is hot or
/// cold is darker than what is ok, so that the grid is read in any colour blindness and in grey print.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mark {
    /// Hot: a triangle that points up.
    Up,
    /// Cold: a triangle that points down.
    Down,
    /// Ok: a dot.
    Dot,
    /// Ok but undecided: a hollow dot.
    Hollow,
    /// Nodata: a cross.
    Cross,
}

/// What a cell is drawn with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Look {
    /// What fills the cell.
    pub fill: Rgb,
    /// The colour of the mark, and of the line around a cell that has one.
    pub ink: Rgb,
    /// The mark.
    pub mark: Mark,
    /// Whether the cell is white with a line around it: hot or cold, but not held against the canary.
    pub outlined: bool,
    /// Whether a dark frame says that the metric is critical.
    pub framed: bool,
}

pub(super) const WHITE: Rgb = [255, 255, 255];

/// A fill and the ink on it, by shade from the weakest.
type Shades = [(Rgb, Rgb); MAX_SHADE as usize];

/// Red: light with a dark mark, then dark with a white one.
const HOT: Shades = [
    ([0xf9, 0xb9, 0xa7], [0x86, 0x0f, 0x14]),
    ([0xee, 0x86, 0x6c], [0x56, 0x03, 0x08]),
    ([0xd3, 0x3a, 0x30], WHITE),
    ([0x9c, 0x0d, 0x15], WHITE),
];
/// Blue.
const COLD: Shades = [
    ([0xb4, 0xd0, 0xf3], [0x0c, 0x3f, 0x8a]),
    ([0x7d, 0xab, 0xe8], [0x05, 0x25, 0x5c]),
    ([0x2c, 0x6c, 0xc9], WHITE),
    ([0x0b, 0x43, 0x96], WHITE),
];
/// Green, light throughout: most cells are ok, and those that are not must stand out in grey as well.
const OK: Shades = [
    ([0xe6, 0xf4, 0xe6], [0x4d, 0x92, 0x5a]),
    ([0xd2, 0xeb, 0xd4], [0x40, 0x88, 0x4e]),
    ([0xbb, 0xe0, 0xbf], [0x34, 0x7d, 0x42]),
    ([0xa1, 0xd4, 0xa8], [0x2a, 0x72, 0x39]),
];
/// Grey.
const NO_DATA: (Rgb, Rgb) = ([0xd8, 0xdb, 0xe0], [0x57, 0x5e, 0x68]);
/// Green that is nearly white: ok, as far as one can tell.
const UNDECIDED: (Rgb, Rgb) = ([0xf3, 0xf8, 0xee], [0x76, 0x8e, 0x5e]);
/// The lines of what moved in a direction that is no failure.
const HARMLESS_HOT: Rgb = [0xb4, 0x2d, 0x25];
const HARMLESS_COLD: Rgb = [0x1d, 0x5c, 0xb5];

/// How the cell of a result looks. The fill and the ink of every look are at least 3 to 1 apart in contrast (WCAG
/// 1.4.11).
#[must_use]
pub fn look(metric: &MetricResult) -> Look {
    let harmless = !metric.counts_against;
    let ((fill, ink), mark, outlined) = match (metric.state, metric.evidence) {
        (State::Hot, _) if harmless => ((WHITE, HARMLESS_HOT), Mark::Up, true),
        (State::Cold, _) if harmless => ((WHITE, HARMLESS_COLD), Mark::Down, true),
        (State::Hot, _) => (shaded(&HOT, metric), Mark::Up, false),
        (State::Cold, _) => (shaded(&COLD, metric), Mark::Down, false),
        (State::Ok, Evidence::Undecided) => (UNDECIDED, Mark::Hollow, false),
        (State::Ok, Evidence::Certified) => (shaded(&OK, metric), Mark::Dot, false),
        (State::NoData, _) => (NO_DATA, Mark::Cross, false),
    };
    Look { fill, ink, mark, outlined, framed: metric.critical }
}

fn shaded(shades: &Shades, metric: &MetricResult) -> (Rgb, Rgb) {
    let index = usize::from(shade(metric).saturating_sub(1));
    shades.get(index).copied().unwrap_or(NO_DATA)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance, WCAG 2.2.
    fn luminance(colour: Rgb) -> f64 {
        let linear = colour.map(|channel| {
            let channel = f64::from(channel) / 255.0;
            if channel <= 0.040_45 { channel / 12.92 } else { ((channel + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
    }

    fn contrast(a: Rgb, b: Rgb) -> f64 {
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_mark_is_seen_on_its_cell() {
        let outlines = [(WHITE, HARMLESS_HOT), (WHITE, HARMLESS_COLD)];
        for (fill, ink) in [HOT, COLD, OK].concat().into_iter().chain([NO_DATA, UNDECIDED]).chain(outlines) {
            assert!(contrast(fill, ink) >= 3.0, "{fill:?} {ink:?}: {}", contrast(fill, ink));
        }
    }

    #[test]
    fn shades_grow_darker_and_what_moved_is_darker_than_what_is_ok() {
        for shades in [HOT, COLD, OK] {
            let light: Vec<f64> = shades.iter().map(|(fill, _)| luminance(*fill)).collect();
            assert!(light.is_sorted_by(|a, b| a > b), "{light:?}");
        }
        let darkest_ok = luminance(OK[3].0);
        assert!([HOT, COLD].iter().all(|shades| luminance(shades[1].0) < darkest_ok), "{darkest_ok}");
    }
}
