//! Labels of all batches in one numbering.

use std::collections::HashMap;
use std::sync::Arc;

use crate::observation::{Labels, NO_LABEL};

/// Gives each distinct text a number, in order of first sight.
#[derive(Debug, Default)]
pub(super) struct Interner {
    numbers: HashMap<Arc<str>, u32>,
    names: Vec<Arc<str>>,
}

impl Interner {
    fn number(&mut self, name: &Arc<str>) -> u32 {
        if let Some(&number) = self.numbers.get(name) {
            return number;
        }
        let number = u32::try_from(self.names.len()).unwrap_or(NO_LABEL);
        self.numbers.insert(Arc::clone(name), number);
        self.names.push(Arc::clone(name));
        number
    }

    /// For each name of a batch's dictionary its number.
    pub(super) fn numbers(&mut self, labels: Option<Labels<'_>>) -> Vec<u32> {
        labels.map(|labels| labels.names.iter().map(|name| self.number(name)).collect()).unwrap_or_default()
    }

    pub(super) fn names(&self) -> &[Arc<str>] {
        &self.names
    }

    pub(super) fn name(&self, number: u32) -> Option<&Arc<str>> {
        self.names.get(number as usize)
    }
}
