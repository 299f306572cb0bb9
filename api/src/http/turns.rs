//! How many of something one client has at the same time (并发限额).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

type Counts = Arc<Mutex<HashMap<String, usize>>>;

/// Counts turns by key; only keys that hold one are remembered.
#[derive(Default)]
pub(super) struct Turns(Counts);

/// One turn, given back when it is dropped.
pub(super) struct Turn {
    counts: Counts,
    key: String,
}

impl Turns {
    /// A turn for a key; `None` when it holds `limit` already.
    pub fn take(&self, key: String, limit: usize) -> Option<Turn> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.get(&key).copied().unwrap_or_default() >= limit {
            return None;
        }
        *counts.entry(key.clone()).or_default() += 1;
        Some(Turn { counts: Arc::clone(&self.0), key })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_counted_by_key_and_given_back() {
        let turns = Turns::default();
        let first = turns.take("a".to_owned(), 2);
        let second = turns.take("a".to_owned(), 2);
        assert!(first.is_some() && second.is_some() && turns.take("a".to_owned(), 2).is_none());
        assert!(turns.take("b".to_owned(), 2).is_some());
        drop(first);
        assert!(turns.take("a".to_owned(), 2).is_some());
        drop(second);
        assert!(turns.0.lock().unwrap().is_empty(), "nobody is remembered");
    }
}
