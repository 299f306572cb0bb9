//! Parsed documents by the hash of their text. Clients send the same few documents; parsing is a tenth of a small query.

use std::sync::{Arc, Mutex, PoisonError};

use async_graphql::parser::types::ExecutableDocument;
use kernel::vault::sha256;
use lru::LruCache;

/// SHA-256 of the text of a document.
type Key = [u8; 32];

/// A parsed document and its token count (解析缓存项).
#[derive(Clone)]
pub(super) struct Parsed {
    /// The document.
    pub document: Arc<ExecutableDocument>,
    /// Lexical tokens of its text.
    pub tokens: usize,
}

/// The least recently used documents go first (解析缓存). Bounded by tokens: a token of text takes up to 300 bytes parsed.
pub(super) struct DocumentCache {
    entries: Mutex<Entries>,
    capacity: usize,
}

struct Entries {
    by_key: LruCache<Key, Parsed>,
    tokens: usize,
}

impl DocumentCache {
    /// A cache of documents of `capacity` tokens in all; 0 keeps nothing.
    pub fn new(capacity: usize) -> Self {
        Self { entries: Mutex::new(Entries { by_key: LruCache::unbounded(), tokens: 0 }), capacity }
    }

    /// Finds a document that was [put](Self::put) before.
    pub fn get(&self, text: &str) -> Option<Parsed> {
        let key = key(text);
        self.entries.lock().unwrap_or_else(PoisonError::into_inner).by_key.get(&key).cloned()
    }

    /// Keeps a document, and drops the oldest ones when they get too many.
    pub fn put(&self, text: &str, parsed: Parsed) {
        let key = key(text);
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.tokens += parsed.tokens;
        if let Some(old) = entries.by_key.put(key, parsed) {
            entries.tokens = entries.tokens.saturating_sub(old.tokens);
        }
        while entries.tokens > self.capacity {
            let Some((_, oldest)) = entries.by_key.pop_lru() else {
                break;
            };
            entries.tokens = entries.tokens.saturating_sub(oldest.tokens);
        }
    }
}

fn key(text: &str) -> Key {
    sha256(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;

    use super::*;

    #[test]
    fn the_oldest_documents_go_first() {
        let parsed = |tokens| Parsed { document: Arc::new(parse_query("{a}").unwrap()), tokens };
        let cache = DocumentCache::new(10);
        cache.put("a", parsed(4));
        cache.put("b", parsed(4));
        cache.put("b", parsed(4));
        assert!(cache.get("a").is_some());
        cache.put("c", parsed(4));
        assert!(cache.get("b").is_none());
        assert!(cache.get("a").is_some() && cache.get("c").is_some());
        cache.put("too large", parsed(11));
        assert!(cache.get("too large").is_none());
    }
}
