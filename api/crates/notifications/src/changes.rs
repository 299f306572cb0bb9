//! What moved since a client looked last (离线追赶): which requests, so that it reads these again and no others.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::id::ServiceRequestId;
use facts::{Moved, Span};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::page::MAX_SIZE;
use kernel::tx::Record as _;

/// Facts looked at in one call at most: what a call costs does not grow with how long a client was away.
const LOOKED_AT: i64 = 2_000;

/// How far a client has come: the number of a fact (位置).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position(i64);

impl Position {
    /// The opaque text form.
    #[must_use]
    pub fn text(self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.to_be_bytes())
    }

    /// Reads the text form back.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for anything that [`Position::text`] did not make.
    pub fn parse(text: &str) -> Result<Self> {
        let bytes = URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        let number = bytes.map(i64::from_be_bytes).filter(|number| *number >= 0);
        number.map(Self).ok_or(Error::BadRequest("`cursor` is no cursor of changes"))
    }
}

/// What moved (变化).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// Requests with the version they have reached, each once, the longest unmoved first.
    pub moved: Vec<(ServiceRequestId, i32)>,
    /// Where to go on.
    pub next: Position,
    /// Whether more may have moved by now.
    pub has_more: bool,
}

/// Which requests moved after a position, of those the actor may see now; without a position nothing did, and the end is told.
/// A request counts where its last numbered fact stands, so that it comes once, however often it moved. Facts that wait for
/// their number come later, none is passed over.
///
/// # Errors
/// [`Error::Unauthenticated`] for visitors; [`Error::BadRequest`] for more than 100 at once.
pub async fn changes_since(base: &Base, actor: &Actor, after: Option<Position>, first: Option<i32>) -> Result<Changes> {
    actor.person()?;
    let size = first.map_or(Ok(MAX_SIZE), u64::try_from).ok().filter(|size| (1..=MAX_SIZE).contains(size));
    let size = size.and_then(|size| usize::try_from(size).ok());
    let size = size.ok_or(Error::BadRequest("`first` is from 1 to 100"))?;
    let db = base.db.reader();
    let last = facts::last(db).await?;
    let Some(Position(after)) = after else {
        return Ok(Changes { moved: Vec::new(), next: Position(last), has_more: false });
    };
    // A position of before the database was put back lies ahead: nothing is known since.
    let to = last.min(after.saturating_add(LOOKED_AT)).max(after);
    let moved = facts::moved(db, requests::Fact::SUBJECT, Span { after, to }).await?;
    let ids: Vec<ServiceRequestId> = moved.iter().map(|moved| ServiceRequestId(moved.subject)).collect();
    let seen = if ids.is_empty() { Vec::new() } else { requests::visible(base, actor, &ids).await? };
    Ok(page(moved, &seen.into_iter().collect(), size, Span { after: last, to }))
}

/// The first of those that are seen, as many as fit; `end.after` is the last number given out, `end.to` that of the last fact
/// looked at.
fn page(moved: Vec<Moved>, seen: &HashSet<ServiceRequestId>, size: usize, end: Span) -> Changes {
    let mut shown: Vec<Moved> =
        moved.into_iter().filter(|moved| seen.contains(&ServiceRequestId(moved.subject))).collect();
    let is_cut = shown.len() > size;
    shown.truncate(size);
    let next = shown.last().filter(|_| is_cut).map_or(end.to, |last| last.seq);
    Changes {
        moved: shown.into_iter().map(|moved| (ServiceRequestId(moved.subject), moved.version)).collect(),
        next: Position(next),
        has_more: next < end.after,
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_position_is_read_back_and_nothing_else_is() {
        for number in [0, 1, 310_112_008, i64::MAX] {
            assert_eq!(Position::parse(&Position(number).text()).unwrap(), Position(number));
        }
        for text in ["", "nonsense", "AAAA", "__________8", "AAAAAAAAAAAA", "长"] {
            assert!(Position::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_page_ends_where_it_was_cut() {
        let moved = |subject, seq| Moved { subject: Uuid::from_u128(subject), version: 2, seq };
        let all = || vec![moved(1, 11), moved(2, 12), moved(3, 15), moved(4, 18)];
        let id = |subject| ServiceRequestId(Uuid::from_u128(subject));
        let seen = HashSet::from([id(1), id(3), id(4)]);
        let some = page(all(), &seen, 2, Span { after: 20, to: 20 });
        assert_eq!(some, Changes { moved: vec![(id(1), 2), (id(3), 2)], next: Position(15), has_more: true });
        let rest = page(all(), &seen, 3, Span { after: 20, to: 20 });
        assert_eq!((rest.moved.len(), rest.next, rest.has_more), (3, Position(20), false));
        let window = page(all(), &HashSet::new(), 3, Span { after: 2_020, to: 2_010 });
        assert_eq!((window.moved.len(), window.next, window.has_more), (0, Position(2_010), true));
    }
}
