//! Strings as numbers, for comparing in one step. Counted, so that a pool that lives for months does not grow.

use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Clone, Debug, Default)]
pub(crate) struct Interner {
    numbers: BTreeMap<Arc<str>, u32>,
    entries: Vec<(Arc<str>, u32)>,
    free: Vec<u32>,
}

impl Interner {
    /// An interner whose first numbers are those of `literals`, for ever.
    pub(crate) fn new(literals: &[String]) -> Self {
        let mut interner = Self::default();
        for literal in literals {
            interner.acquire(literal);
        }
        interner
    }

    /// The number of a text, counted once more.
    pub(crate) fn acquire(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            self.entries[*number as usize].1 += 1;
            return *number;
        }
        let text: Arc<str> = text.into();
        let number = match self.free.pop() {
            Some(number) => {
                self.entries[number as usize] = (Arc::clone(&text), 1);
                number
            }
            None => {
                self.entries.push((Arc::clone(&text), 1));
                u32::try_from(self.entries.len() - 1).unwrap_or(u32::MAX)
            }
        };
        self.numbers.insert(text, number);
        number
    }

    /// Gives one count back.
    pub(crate) fn release(&mut self, number: u32) {
        let Some((text, count)) = self.entries.get_mut(number as usize) else {
            return;
        };
        *count = count.saturating_sub(1);
        if *count == 0 {
            self.numbers.remove(text);
            *text = "".into();
            self.free.push(number);
        }
    }

    pub(crate) fn text(&self, number: u32) -> &str {
        self.entries
            .get(number as usize)
            .map_or("", |(text, _)| text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_reused_after_the_last_release() {
        let mut interner = Interner::new(&["medic".into()]);
        let red = interner.acquire("red");
        assert_eq!(
            (interner.acquire("medic"), interner.acquire("red")),
            (0, red)
        );
        interner.release(red);
        assert_eq!(interner.text(red), "red");
        interner.release(red);
        assert_eq!(interner.text(red), "");
        assert_eq!(interner.acquire("blue"), red);
        assert_eq!(interner.text(red), "blue");
        interner.release(0);
        assert_eq!(interner.text(0), "medic");
    }
}
