//! What may be had of venues on some dates (可约时段): a few statements, however many venues are asked about.

use std::collections::{BTreeSet, HashMap};

use areas::shanghai_date;
use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{AccountId, VenueId};
use entity::venue;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use schedule::claim::Claim;
use schedule::opening::Opening;
use schedule::slot::{Terms, free};
use schedule::span::Span;

use crate::premises::Premises;
use crate::store::{self, Picture};
use crate::window;

/// A date, of which the slots of a length are wanted (查询条件).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Asked {
    /// Venue.
    pub venue: VenueId,
    /// First date in Asia/Shanghai.
    pub from: NaiveDate,
    /// How many dates, 1–14.
    pub days: u8,
    /// How long, in granules.
    pub length: i32,
    /// Whether for a group, which may have longer.
    pub is_group: bool,
    /// For whom: some times are kept for some people.
    pub who: Option<AccountId>,
}

/// Days around today of which slots are told.
const NEAR: i64 = 400;

impl Asked {
    fn dates(&self) -> impl Iterator<Item = NaiveDate> {
        self.from.iter_days().take(usize::from(self.days))
    }
}

/// Whether a slot may be had (时段状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SlotState {
    /// 可约 / it is free.
    Open,
    /// 可候补 / somebody has it; one may wait.
    Taken,
    /// 未放号 / it is not booked yet.
    NotYet,
    /// 已过 / it has begun.
    Past,
}

/// A time of a venue that a booking could have (时段).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Slot {
    /// When.
    pub span: Span,
    /// Whether it may be had.
    pub state: SlotState,
    /// From when on it is booked.
    pub opens_at: Option<DateTime<Utc>>,
}

/// The slots of venues, each with what was asked. Of venues that are not booked there are none.
///
/// # Errors
/// When the database does not answer.
pub async fn slots(base: &Base, asked: &[Asked]) -> Result<HashMap<Asked, Vec<Slot>>> {
    let now = base.clock.now();
    // Nobody plans further: one far date must not make all the others be read.
    let is_near = |asked: &&Asked| (asked.from - shanghai_date(now)).num_days().abs() <= NEAR;
    let asked: Vec<Asked> = asked.iter().filter(is_near).copied().collect();
    let Some((venues, dates)) = range(&asked) else { return Ok(HashMap::new()) };
    let picture = store::picture(base.db.reader(), &venues, dates).await?;
    Ok(asked.iter().map(|asked| (*asked, seen(&picture, asked, now))).collect())
}

/// Which venues are asked about, and from which date to which.
fn range(asked: &[Asked]) -> Option<(Vec<VenueId>, (NaiveDate, NaiveDate))> {
    let dates: BTreeSet<NaiveDate> = asked.iter().flat_map(Asked::dates).collect();
    let venues: BTreeSet<VenueId> = asked.iter().map(|asked| asked.venue).collect();
    Some((venues.into_iter().collect(), (*dates.first()?, *dates.last()?)))
}

/// The slots that one asked for.
fn seen(picture: &Picture, asked: &Asked, now: DateTime<Utc>) -> Vec<Slot> {
    let there = picture.premises.iter().find_map(|premises| Some((premises, premises.venue(asked.venue).ok()?)));
    let Some((premises, venue)) = there else { return Vec::new() };
    let opening = picture.openings.of(venue.id, asked.who);
    Known { premises, venue, opening: &opening, claim: premises.claim(venue.id), picture, now }.slots(asked)
}

/// What the slots of a venue follow from.
struct Known<'a> {
    premises: &'a Premises,
    venue: &'a venue::Model,
    opening: &'a Opening,
    claim: Claim,
    picture: &'a Picture,
    now: DateTime<Utc>,
}

impl Known<'_> {
    fn slots(&self, asked: &Asked) -> Vec<Slot> {
        let is_open = self.premises.is_had(self.venue);
        let terms = window::terms(self.venue, asked.is_group);
        if !is_open || asked.length < terms.shortest || asked.length > terms.longest {
            return Vec::new();
        }
        asked.dates().flat_map(|date| self.on(date, asked.length, &terms)).collect()
    }

    fn on(&self, date: NaiveDate, length: i32, terms: &Terms) -> Vec<Slot> {
        let open = self.opening.on(date, self.picture.calendar.kind(date).0);
        let opens_at = window::opens_at(self.venue, date);
        let slots = free(&open, terms, length, |_| true).into_iter().map(|span| {
            let state = match self.picture.taken.is_free(&self.claim, terms.kept(span)) {
                _ if span.begins() <= self.now => SlotState::Past,
                _ if opens_at.is_none_or(|opens| self.now < opens) => SlotState::NotYet,
                true => SlotState::Open,
                false => SlotState::Taken,
            };
            Slot { span, state, opens_at }
        });
        slots.collect()
    }
}

/// From when until when some venues let anybody in today (今日开放), whether or not they are booked: the first of them, and the last one;
/// `None` when none does.
///
/// # Errors
/// When the database does not answer.
pub async fn open_today(tx: &Tx, venues: &[VenueId]) -> Result<Option<(DateTime<Utc>, DateTime<Utc>)>> {
    let today = shanghai_date(tx.now());
    let picture = store::picture(tx.db(), venues, (today, today)).await?;
    let day = picture.calendar.kind(today).0;
    let there = picture.premises.iter().filter(|premises| premises.is_open()).flat_map(|premises| &premises.venues);
    let spans = there.filter(|venue| venues.contains(&venue.id)).flat_map(|venue| {
        let open = picture.openings.of(venue.id, None).on(today, day);
        open.iter().map(|span| (span.begins(), span.ends())).collect::<Vec<_>>()
    });
    Ok(spans.reduce(|(first, last), (begins, ends)| (first.min(begins), last.max(ends))))
}

/// The next free slot of a venue as long as a span and not before it, within a week: told to who came too late.
///
/// # Errors
/// When the database does not answer.
pub(crate) async fn next_free(
    tx: &Tx,
    (venue, who): (VenueId, AccountId),
    (span, is_group): (Span, bool),
) -> Result<Option<DateTime<Utc>>> {
    let (from, length) = (shanghai_date(span.begins()), span.count());
    let asked = Asked { venue, from, days: 7, length, is_group, who: Some(who) };
    let Some((venues, dates)) = range(&[asked]) else { return Ok(None) };
    let picture = store::picture(tx.db(), &venues, dates).await?;
    let mut found = seen(&picture, &asked, tx.now()).into_iter();
    let next = found.find(|slot| slot.state == SlotState::Open && slot.span.first() >= span.first());
    Ok(next.map(|slot| slot.span.begins()))
}
