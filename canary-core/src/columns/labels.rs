//! A column of labels that a front end decoded.

use std::sync::Arc;

use crate::observation::{Labels, NO_LABEL};

/// An owned dictionary-encoded column: row `i` holds `names[codes[i]]`, or nothing at [`NO_LABEL`].
///
/// `C` is what holds the codes: a `Vec<u32>`, or a buffer that came with a data frame.
#[derive(Clone, Debug)]
pub struct OwnedLabels<C = Vec<u32>> {
    /// The distinct texts.
    pub names: Vec<Arc<str>>,
    /// One code a row.
    pub codes: C,
    /// Whether a row may be without a label.
    pub gaps: bool,
}

impl<C: AsRef<[u32]>> OwnedLabels<C> {
    /// The labels as a batch of observations takes them.
    #[must_use]
    pub fn labels(&self) -> Labels<'_> {
        Labels { names: &self.names, codes: self.codes.as_ref() }
    }

    /// The first row without a label. Cost: O(1) where none can be without.
    #[must_use]
    pub fn first_gap(&self) -> Option<usize> {
        let gap = self.gaps.then(|| self.codes.as_ref().iter().position(|&code| code == NO_LABEL));
        gap.flatten()
    }

    /// The labels of some rows, with the names that occur in them.
    #[must_use]
    pub fn select(&self, rows: &[usize]) -> OwnedLabels {
        let mut selected = OwnedLabels { names: Vec::new(), codes: Vec::with_capacity(rows.len()), gaps: self.gaps };
        let mut code_of = vec![NO_LABEL; self.names.len()];
        for old in rows.iter().filter_map(|&row| self.codes.as_ref().get(row)) {
            let (slot, name) = (code_of.get_mut(*old as usize), self.names.get(*old as usize));
            let (Some(slot), Some(name)) = (slot, name) else {
                selected.codes.push(NO_LABEL);
                continue;
            };
            if *slot == NO_LABEL {
                *slot = u32::try_from(selected.names.len()).unwrap_or(NO_LABEL);
                selected.names.push(Arc::clone(name));
            }
            selected.codes.push(*slot);
        }
        selected
    }
}

impl<C: AsRef<[u32]> + From<Vec<u32>>> OwnedLabels<C> {
    /// An empty text is no label, in whichever format: CSV cannot tell the two apart.
    #[must_use]
    pub fn without_empty(mut self) -> Self {
        let is_empty = |code: u32| self.names.get(code as usize).is_some_and(|name| name.is_empty());
        if self.names.iter().any(|name| name.is_empty()) {
            let code = |&code: &u32| if is_empty(code) { NO_LABEL } else { code };
            let codes: Vec<u32> = self.codes.as_ref().iter().map(code).collect();
            self.codes = codes.into();
            self.gaps = true;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_text_is_a_gap_and_rows_are_chosen_with_their_names() {
        let labels = OwnedLabels { names: vec!["a".into(), "".into(), "b".into()], codes: vec![0, 1, 2], gaps: false };
        assert_eq!(labels.first_gap(), None);
        let labels = labels.without_empty();
        assert_eq!((labels.first_gap(), labels.codes.as_slice()), (Some(1), [0, NO_LABEL, 2].as_slice()));
        let chosen = labels.select(&[2, 1, 2]);
        assert_eq!((chosen.names.len(), chosen.codes.as_slice()), (1, [0, NO_LABEL, 0].as_slice()));
    }
}
