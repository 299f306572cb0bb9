//! Reading and verifying the audit chain (审计查阅与校验).

use std::collections::HashMap;
use std::fmt;

use entity::audit_entry;
use entity::enums::Role;
use entity::id::AuditEntryId;
use kernel::actor::Actor;
use kernel::audit::{hash_of, reason_hash, reason_words};
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::page::{Page, PageRequest};
use kernel::vault::hex;

use crate::store;
pub use crate::store::AuditFilter;

/// Lines that are read at once while verifying.
const AT_ONCE: u64 = 1_000;

/// Whether an actor may read the chain: audit administrators, and nobody else (三员分立).
///
/// # Errors
/// [`Error::Unauthenticated`] for strangers, [`Error::Forbidden`] for everybody else.
pub fn admit(actor: &Actor) -> Result<()> {
    actor.person()?;
    if actor.is_any(&[Role::AuditAdmin]) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Lines of the chain, newest first.
///
/// # Errors
/// As [`admit`]; when the database does not answer.
pub async fn entries(
    base: &Base,
    actor: &Actor,
    filter: &AuditFilter,
    page: &PageRequest,
) -> Result<Page<audit_entry::Model>> {
    admit(actor)?;
    store::audit_entries(base.db.reader(), filter, page).await
}

/// Why acts were done, by the line of the chain; what was erased is absent.
///
/// # Errors
/// When the database does not answer; a fault when words do not open.
pub async fn reasons(base: &Base, entries: &[AuditEntryId]) -> Result<Vec<(AuditEntryId, String)>> {
    let rows = store::audit_reasons(base.db.reader(), entries).await?;
    rows.iter().map(|row| Ok((row.entry_id, reason_words(&base.vault, row)?))).collect()
}

/// A place in the chain, noted elsewhere: what the chain must still say there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// Number of the line; 0 before the first.
    pub seq: i64,
    /// Its hash.
    pub hash: Vec<u8>,
}

impl Anchor {
    /// Reads `SEQ:HEX`, as [`fmt::Display`] writes it; `None` for anything else.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (seq, hex) = text.trim().split_once(':')?;
        let digits = |at: usize| hex.get(at..at + 2).and_then(|pair| u8::from_str_radix(pair, 16).ok());
        let hash: Option<Vec<u8>> = (0..64).step_by(2).map(digits).collect();
        Some(Self { seq: seq.parse().ok()?, hash: hash.filter(|_| hex.len() == 64)? })
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.seq, hex(&self.hash))
    }
}

/// What is wrong with a chain, at the first line where it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Break {
    /// Lines are missing before this one.
    Missing(i64),
    /// The line does not continue the one before it.
    Unbound(i64),
    /// The line says something else than when it was written.
    Changed(i64),
    /// The reason kept beside the line is not the one it was written with.
    Reworded(i64),
    /// The chain ends elsewhere than its head says: the last lines are gone, or were added behind its back.
    Head(i64),
    /// The chain does not hold what was noted of it.
    NotAnchored(i64),
}

impl fmt::Display for Break {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing(seq) => write!(f, "line {seq}: lines before it are missing"),
            Self::Unbound(seq) => write!(f, "line {seq}: it does not continue line {}", seq - 1),
            Self::Changed(seq) => write!(f, "line {seq}: it was changed after it was written"),
            Self::Reworded(seq) => {
                write!(f, "line {seq}: its reason was changed after it was written, or the master key is another")
            }
            Self::Head(seq) => write!(f, "line {seq}: the chain ends here, but its head says otherwise"),
            Self::NotAnchored(seq) => write!(f, "line {seq}: it is not what the anchor says"),
        }
    }
}

/// Judges whether a line continues a chain that has come to `before`.
///
/// # Errors
/// The break it makes.
fn follow(before: &Anchor, line: &audit_entry::Model) -> std::result::Result<Anchor, Break> {
    if line.seq != before.seq + 1 {
        return Err(Break::Missing(line.seq));
    }
    if line.prev_hash != before.hash {
        return Err(Break::Unbound(line.seq));
    }
    if hash_of(line) != line.hash {
        return Err(Break::Changed(line.seq));
    }
    Ok(Anchor { seq: line.seq, hash: line.hash.clone() })
}

/// Walks the whole chain. Gives back where it ends, or the first break; `told` hears how far it has come.
///
/// # Errors
/// When the database does not answer.
pub async fn verify(
    base: &Base,
    anchor: Option<&Anchor>,
    mut told: impl FnMut(i64),
) -> Result<std::result::Result<Anchor, Break>> {
    let db = base.db.reader();
    // Read before the lines: what is appended meanwhile lies behind it.
    let head = store::chain_head(db).await?;
    let mut reached = Anchor { seq: 0, hash: vec![0; 32] };
    let mut passed = head.as_ref().is_some_and(|head| head.seq == 0);
    let mut is_anchored = anchor.is_none_or(|anchor| *anchor == reached);
    loop {
        let lines = store::chain_after(db, reached.seq, AT_ONCE).await?;
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            reached = match follow(&reached, line) {
                Ok(reached) => reached,
                Err(broken) => return Ok(Err(broken)),
            };
            passed |= head.as_ref().is_some_and(|head| head.seq == reached.seq && head.hash == reached.hash);
            is_anchored |= anchor == Some(&reached);
        }
        if let Some(seq) = changed_reason(base, &lines).await? {
            return Ok(Err(Break::Reworded(seq)));
        }
        told(reached.seq);
    }
    // Read once more: the walk may have met lines that were appended since, but none behind the head.
    let end = store::chain_head(db).await?.map_or(0, |head| head.seq);
    Ok(match anchor {
        _ if reached.seq > end => Err(Break::Head(reached.seq)),
        _ if !passed => Err(Break::Head(reached.seq)),
        Some(anchor) if !is_anchored => Err(Break::NotAnchored(anchor.seq)),
        _ => Ok(reached),
    })
}

/// The first line whose reason is kept, but not in the words it was written in.
async fn changed_reason(base: &Base, lines: &[audit_entry::Model]) -> Result<Option<i64>> {
    let hash_of = |line: &audit_entry::Model| {
        let detail: serde_json::Value = serde_json::from_str(line.detail.as_deref()?).ok()?;
        detail["reasonHash"].as_str().map(|hash| (line.id, (line.seq, hash.to_owned())))
    };
    let hashes: HashMap<_, _> = lines.iter().filter_map(hash_of).collect();
    let kept = store::audit_reasons(base.db.reader(), &hashes.keys().copied().collect::<Vec<_>>()).await?;
    let changed = kept.iter().filter_map(|row| {
        let (seq, hash) = hashes.get(&row.entry_id)?;
        let is_whole = reason_words(&base.vault, row).is_ok_and(|words| reason_hash(&row.salt, &words) == *hash);
        (!is_whole).then_some(*seq)
    });
    Ok(changed.min())
}

/// Where the chain ends now, to be noted where nobody of the database's people can reach it.
///
/// # Errors
/// When the database does not answer.
pub async fn anchor(base: &Base) -> Result<Anchor> {
    let head = store::chain_head(base.db.reader()).await?;
    let head = head.ok_or_else(|| Error::Fault(anyhow::anyhow!("the audit chain has no head")))?;
    Ok(Anchor { seq: head.seq, hash: head.hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_written() {
        let anchor = Anchor { seq: 42, hash: (0..32).collect() };
        assert_eq!(Anchor::parse(&anchor.to_string()), Some(anchor));
        for bad in
            ["", "42", "42:", "42:00", "x:00", &format!("1:{}", "0g".repeat(32)), &format!("1:{}", "00".repeat(33))]
        {
            assert_eq!(Anchor::parse(bad), None, "{bad}");
        }
    }
}
