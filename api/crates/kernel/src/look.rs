//! What many on this node look at at once (共同查看): one reads, and the others see what it read. So what something costs that many
//! watch grows with what is watched, not with who watches.

use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, PoisonError, Weak};

use lru::LruCache;
use tokio::sync::Mutex as Turns;
use uuid::Uuid;

use crate::error::{Error, Result};

/// What is looked at on this node (本节点的查看), by key.
pub struct Looks<K, V>(Mutex<HashMap<K, Weak<View<V>>>>);

/// One who looks; others may look at the same.
pub struct Look<K, V> {
    key: K,
    view: Arc<View<V>>,
}

/// What was read last, by whomever.
struct View<V> {
    /// How many reads have begun.
    begun: AtomicU64,
    /// The number of the last read, and what it gave; nothing when it failed.
    last: Turns<(u64, Option<Arc<V>>)>,
}

impl<K, V> Default for Looks<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Copy + Eq + Hash, V> Looks<K, V> {
    /// Begins to look at something.
    #[must_use]
    pub fn at(&self, key: K) -> Look<K, V> {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.retain(|_, view| view.strong_count() > 0);
        let known = views.get(&key).and_then(Weak::upgrade);
        let view = known.unwrap_or_else(|| {
            let view = Arc::new(View { begun: AtomicU64::new(0), last: Turns::new((0, None)) });
            views.insert(key, Arc::downgrade(&view));
            view
        });
        Look { key, view }
    }
}

impl<K: Copy, V> Look<K, V> {
    /// What is there now: as somebody read it who began to read after this was called.
    ///
    /// # Errors
    /// What `read` gives; [`Error::Unavailable`] when somebody else read, and failed.
    pub async fn now(&self, read: impl AsyncFnOnce(K) -> Result<V>) -> Result<Arc<V>> {
        let asked_at = self.view.begun.load(SeqCst);
        let mut last = self.view.last.lock().await;
        if last.0 <= asked_at {
            let number = self.view.begun.fetch_add(1, SeqCst) + 1;
            // Who goes away while reading leaves nothing: the next one reads.
            let seen = read(self.key).await;
            *last = (number, None);
            last.1 = Some(Arc::new(seen?));
        }
        // Those who waited for a read that failed do not ask one after the other again.
        last.1.clone().ok_or(Error::Unavailable("somebody else could not read"))
    }
}

/// To what subjects of hints belong (归属), as far as this node asked lately; nothing for what is no more.
pub struct Remembered<T>(Turns<LruCache<Uuid, Option<T>>>);

/// Of so many subjects a node remembers to what they belong.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);

impl<T> Default for Remembered<T> {
    fn default() -> Self {
        Self(Turns::new(LruCache::new(REMEMBERED)))
    }
}

impl<T: Copy + Eq> Remembered<T> {
    /// Whether what happened to a subject may concern something: `read` is asked to what it belongs, once, whoever asks.
    ///
    /// # Errors
    /// What `read` gives.
    pub async fn may_concern(
        &self,
        subject: Uuid,
        something: T,
        read: impl AsyncFnOnce() -> Result<Option<T>>,
    ) -> Result<bool> {
        let mut known = self.0.lock().await;
        let belongs_to = match known.get(&subject) {
            Some(known) => *known,
            None => {
                let found = read().await?;
                known.put(subject, found);
                found
            }
        };
        // Of what is no more nobody knows to what it belonged.
        Ok(belongs_to.is_none_or(|known| known == something))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;
    use std::time::Duration;

    use futures_util::future::join_all;

    use super::*;

    /// Reads after a while, and counts.
    async fn slow(reads: &AtomicUsize, key: u8) -> Result<usize> {
        tokio::time::sleep(Duration::from_millis(20)).await;
        Ok(usize::from(key) * 100 + reads.fetch_add(1, SeqCst) + 1)
    }

    #[tokio::test]
    async fn of_many_who_look_at_once_two_read() {
        let (looks, reads) = (Looks::<u8, usize>::default(), AtomicUsize::new(0));
        let watchers: Vec<Look<u8, usize>> = (0..50).map(|_| looks.at(1)).collect();
        let seen = join_all(watchers.iter().map(|look| look.now(async |key| slow(&reads, key).await))).await;
        // The first one reads; all others came when it had begun, and share one read after it.
        assert_eq!(reads.load(SeqCst), 2);
        assert!(seen.iter().all(|seen| (101..=102).contains(seen.as_ref().unwrap().as_ref())));
        // Who asks later sees something newer, and who looks at something else, that.
        assert_eq!(*watchers[0].now(async |key| slow(&reads, key).await).await.unwrap(), 103);
        assert_eq!(*looks.at(2).now(async |key| slow(&reads, key).await).await.unwrap(), 204);
    }

    #[tokio::test]
    async fn a_read_that_fails_is_not_repeated_by_those_who_waited() {
        let (looks, reads) = (Looks::<u8, usize>::default(), AtomicUsize::new(0));
        let fails = async |_: u8| -> Result<usize> {
            tokio::time::sleep(Duration::from_millis(20)).await;
            reads.fetch_add(1, SeqCst);
            Err(anyhow::anyhow!("away").into())
        };
        let watchers: Vec<Look<u8, usize>> = (0..10).map(|_| looks.at(1)).collect();
        let seen = join_all(watchers.iter().map(|look| look.now(fails))).await;
        assert!(seen.iter().all(std::result::Result::is_err));
        assert_eq!(reads.load(SeqCst), 2);
        assert_eq!(*watchers[0].now(async |key| slow(&reads, key).await).await.unwrap(), 103, "it is tried again");
    }

    #[tokio::test]
    async fn who_goes_away_while_reading_takes_nothing_along() {
        let (looks, reads) = (Looks::<u8, usize>::default(), AtomicUsize::new(0));
        let (first, others) = (looks.at(1), [looks.at(1), looks.at(1)]);
        let gone = tokio::time::timeout(Duration::from_millis(5), first.now(async |key| slow(&reads, key).await));
        let others = join_all(others.iter().map(|look| look.now(async |key| slow(&reads, key).await)));
        let (gone, seen) = futures_util::future::join(gone, others).await;
        assert!(gone.is_err() && seen.iter().all(std::result::Result::is_ok), "{seen:?}");
    }

    #[tokio::test]
    async fn what_subjects_belong_to_is_asked_once() {
        let (known, reads) = (Remembered::<u8>::default(), AtomicUsize::new(0));
        let ask = async |subject: u128, of: Option<u8>, wanted: u8| {
            let read = async || {
                reads.fetch_add(1, SeqCst);
                Ok(of)
            };
            known.may_concern(Uuid::from_u128(subject), wanted, read).await.unwrap()
        };
        assert!(ask(1, Some(7), 7).await && !ask(1, Some(7), 8).await);
        assert_eq!(reads.load(SeqCst), 1);
        // Of what is no more nobody knows to what it belonged.
        assert!(ask(2, None, 7).await && ask(2, None, 8).await);
        assert_eq!(reads.load(SeqCst), 2);
    }

    #[tokio::test]
    async fn what_nobody_looks_at_any_more_is_forgotten() {
        let looks = Looks::<u8, usize>::default();
        let (first, second) = (looks.at(1), looks.at(1));
        assert!(Arc::ptr_eq(&first.view, &second.view));
        drop((first, second));
        let _third = looks.at(2);
        assert_eq!(looks.0.lock().unwrap().len(), 1);
    }
}
