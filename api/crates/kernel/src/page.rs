//! Keyset pages (分页): cheap at any depth, stable while rows are added.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Datelike as _, Utc};
use sea_orm::sea_query::{Expr, ExprTrait as _, IntoColumnRef, SimpleExpr};
use sea_orm::{EntityTrait, Order, QueryFilter as _, QueryOrder as _, QuerySelect as _, Select};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Rows of a page when the client does not say.
pub const DEFAULT_SIZE: u64 = 20;
/// Rows of a page at most.
pub const MAX_SIZE: u64 = 100;

/// Where a row stands in its list: the instant the list is sorted by, then the row's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// What the list is sorted by.
    pub at: DateTime<Utc>,
    /// The row, to tell equal instants apart.
    pub id: Uuid,
}

impl Cursor {
    /// Where a row stands in a list that is sorted by a number of its own.
    #[must_use]
    pub fn numbered(number: i32) -> Self {
        Self { at: DateTime::from_timestamp_micros(number.into()).unwrap_or_default(), id: Uuid::nil() }
    }

    /// The opaque text form.
    #[must_use]
    pub fn text(self) -> String {
        let mut bytes = [0; 24];
        bytes[..8].copy_from_slice(&self.at.timestamp_micros().to_be_bytes());
        bytes[8..].copy_from_slice(self.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads the text form back.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for anything that [`Cursor::text`] did not make.
    ///
    /// ```
    /// use kernel::page::Cursor;
    /// let cursor = Cursor { at: chrono::DateTime::UNIX_EPOCH, id: uuid::Uuid::from_u128(7) };
    /// assert_eq!(Cursor::parse(&cursor.text()).unwrap(), cursor);
    /// assert!(Cursor::parse("not a cursor").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self> {
        let bytes: [u8; 24] = URL_SAFE_NO_PAD
            .decode(text)
            .ok()
            .and_then(|bytes| bytes.try_into().ok())
            .ok_or(Error::BadRequest("`after` or `before` is not a cursor of this list"))?;
        let (at, id) = bytes.split_at(8);
        let micros = i64::from_be_bytes(at.try_into().unwrap_or_default());
        // No list has rows outside these; PostgreSQL would refuse instants that chrono can write.
        let at = DateTime::from_timestamp_micros(micros).filter(|at| (1970..=9999).contains(&at.year()));
        let at = at.ok_or(Error::BadRequest("the cursor is damaged"))?;
        Ok(Self { at, id: Uuid::from_slice(id).unwrap_or_default() })
    }
}

/// Which rows of a list (Relay: `first`/`after` or `last`/`before`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageRequest {
    size: u64,
    is_backward: bool,
    from: Option<Cursor>,
}

impl PageRequest {
    /// Checks a client's arguments.
    ///
    /// # Errors
    /// [`Error::BadRequest`] for sizes outside 0–100, for both directions at once and for foreign cursors.
    pub fn new(first: Option<i32>, after: Option<&str>, last: Option<i32>, before: Option<&str>) -> Result<Self> {
        if (first.is_some() || after.is_some()) && (last.is_some() || before.is_some()) {
            return Err(Error::BadRequest("use `first` and `after`, or `last` and `before`, not both"));
        }
        let is_backward = last.is_some() || before.is_some();
        let size = match last.or(first) {
            None => DEFAULT_SIZE,
            Some(size) => u64::try_from(size).map_err(|_| Error::BadRequest("a page cannot have fewer than 0 rows"))?,
        };
        if size > MAX_SIZE {
            return Err(Error::BadRequest("a page has at most 100 rows"));
        }
        let from = after.or(before).map(Cursor::parse).transpose()?;
        Ok(Self { size, is_backward, from })
    }

    /// Applies the page to a query: newest first when `newest_first`, else oldest first, always with the id as tie-breaker.
    /// Asks for one row more than the page has, to learn whether there is a next one.
    pub fn apply<E: EntityTrait>(
        &self,
        query: Select<E>,
        at: impl IntoColumnRef + Copy,
        id: impl IntoColumnRef + Copy,
        newest_first: bool,
    ) -> Select<E> {
        let descending = newest_first != self.is_backward;
        let order = if descending { Order::Desc } else { Order::Asc };
        let query = match self.from {
            None => query,
            Some(cursor) => query.filter(beyond(at, id, cursor, descending)),
        };
        query.order_by(Expr::col(at), order.clone()).order_by(Expr::col(id), order).limit(self.size.saturating_add(1))
    }

    /// As [`PageRequest::apply`], of a list that is sorted by a number of its own, lowest first; see [`Cursor::numbered`].
    pub fn apply_numbered<E: EntityTrait>(&self, query: Select<E>, number: impl IntoColumnRef + Copy) -> Select<E> {
        let order = if self.is_backward { Order::Desc } else { Order::Asc };
        let query = match self.from.map(|cursor| cursor.at.timestamp_micros()) {
            None => query,
            Some(from) if self.is_backward => query.filter(Expr::col(number).lt(from)),
            Some(from) => query.filter(Expr::col(number).gt(from)),
        };
        query.order_by(Expr::col(number), order).limit(self.size.saturating_add(1))
    }

    /// Makes the page of rows that are all at hand, lowest first.
    #[must_use]
    pub fn pick<T>(&self, rows: Vec<T>, at: impl Fn(&T) -> Cursor) -> Page<T> {
        let place = |cursor: Cursor| (cursor.at, cursor.id);
        let is_beyond = |row: &T| match self.from.map(place) {
            None => true,
            Some(from) if self.is_backward => place(at(row)) < from,
            Some(from) => place(at(row)) > from,
        };
        let beyond = rows.into_iter().filter(is_beyond);
        let most = usize::try_from(self.size.saturating_add(1)).unwrap_or(usize::MAX);
        let picked: Vec<T> = match self.is_backward {
            true => beyond.collect::<Vec<T>>().into_iter().rev().take(most).collect(),
            false => beyond.take(most).collect(),
        };
        self.page(picked)
    }

    /// Makes the page of the rows that [`PageRequest::apply`] asked for.
    #[must_use]
    pub fn page<T>(&self, mut rows: Vec<T>) -> Page<T> {
        let size = usize::try_from(self.size).unwrap_or(usize::MAX);
        let has_more = rows.len() > size;
        rows.truncate(size);
        if self.is_backward {
            rows.reverse();
        }
        let came_from_somewhere = self.from.is_some();
        let (has_next, has_previous) =
            if self.is_backward { (came_from_somewhere, has_more) } else { (has_more, came_from_somewhere) };
        Page { rows, has_next, has_previous }
    }
}

/// `(at, id)` beyond the cursor, as one row comparison that an index on both can answer.
fn beyond(at: impl IntoColumnRef, id: impl IntoColumnRef, cursor: Cursor, descending: bool) -> SimpleExpr {
    let row = Expr::tuple([Expr::col(at), Expr::col(id)]);
    let bound = Expr::tuple([Expr::value(cursor.at), Expr::value(cursor.id)]);
    if descending { row.lt(bound) } else { row.gt(bound) }
}

/// A page of rows.
#[derive(Clone, Debug, PartialEq)]
pub struct Page<T> {
    /// The rows, in the list's order whichever way the client pages.
    pub rows: Vec<T>,
    /// Whether rows follow.
    pub has_next: bool,
    /// Whether rows come before.
    pub has_previous: bool,
}

impl<T> Page<T> {
    /// The same page of other things.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page { rows: self.rows.into_iter().map(f).collect(), has_next: self.has_next, has_previous: self.has_previous }
    }
}
