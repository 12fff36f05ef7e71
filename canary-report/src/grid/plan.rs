//! How large the cells are, and how many there are.

/// The largest cell with its gap, in pixels: a handful of metrics stays a grid.
const LARGEST: u32 = 40;
/// The smallest cell with its gap, in which the marks are still told apart.
const SMALLEST: u32 = 6;
/// The tallest grid, in pixels; chats and mail programs scale down or refuse what is much taller.
const TALLEST: u32 = 1600;

/// The geometry of a grid.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    /// From one cell to the next.
    pub(super) pitch: u32,
    /// The side of a cell.
    pub(super) side: u32,
    /// Cells in a row.
    pub(super) columns: usize,
    /// Cells that are drawn; the rest does not fit.
    pub(super) shown: usize,
}

impl Plan {
    /// The largest cells with which `cells` of them fit into `width` by `height`; where the smallest do not, the grid
    /// grows beyond `height`, up to [`TALLEST`]. Cost: constant.
    pub(super) fn new(cells: usize, width: u32, height: u32) -> Self {
        let fitting = (SMALLEST..=LARGEST).rev().find(|&pitch| capacity(pitch, width, height) >= cells);
        let pitch = fitting.unwrap_or(SMALLEST);
        let tallest = if fitting.is_some() { height } else { TALLEST };
        let shown = cells.min(capacity(pitch, width, tallest));
        Self { pitch, side: pitch - gap(pitch), columns: columns(pitch, width), shown }
    }

    /// The height of the grid.
    pub(super) fn height(self) -> u32 {
        let rows = u32::try_from(self.shown.div_ceil(self.columns.max(1))).unwrap_or(u32::MAX);
        (rows * self.pitch).saturating_sub(self.pitch - self.side)
    }
}

fn columns(pitch: u32, width: u32) -> usize {
    // The last cell of a row needs no gap.
    usize::try_from((width + gap(pitch)) / pitch).unwrap_or(usize::MAX)
}

fn capacity(pitch: u32, width: u32, height: u32) -> usize {
    columns(pitch, width) * columns(pitch, height)
}

fn gap(pitch: u32) -> u32 {
    match pitch {
        ..10 => 1,
        10..24 => 2,
        _ => 3,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_shrink_before_the_grid_grows_and_it_grows_before_cells_are_left_out() {
        assert_eq!(Plan::new(1, 1152, 600), Plan { pitch: 40, side: 37, columns: 28, shown: 1 });
        let pitches = [400, 1500, 5000, 10_000].map(|cells| Plan::new(cells, 1152, 600).pitch);
        // 54 columns of 28 rows are 1512 cells: 21 pixels do for 1500.
        assert_eq!(pitches, [40, 21, 11, 8]);
        let plan = Plan::new(30_000, 1152, 600);
        assert!(plan.pitch == SMALLEST && plan.shown == 30_000 && plan.height() > 600, "{plan:?}");
        let plan = Plan::new(100_000, 1152, 600);
        assert!(plan.shown == 192 * 266 && plan.height() <= TALLEST, "{plan:?}");
        assert_eq!(Plan::new(0, 1152, 600).height(), 0);
    }
}
