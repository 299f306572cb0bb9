//! Which meetings organisations of the party lack (组织生活报告): for the secretary of one, and for the party's staff of it or above.

use std::collections::HashMap;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::enums::EventKind;
use entity::id::PartyOrganizationId;
use entity::party_organization;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::guarded::Guarded as _;
use kernel::page::{Cursor, Page, PageRequest};

use crate::attending::Tally;
use crate::life::{Held, LIFE, Month, owes, stands};
use crate::store::{self, Obliged};

/// Months of a report at most.
const MONTHS: i32 = 12;

/// A report that somebody may read (组织生活报告).
#[derive(Clone, Debug)]
pub struct LifeReport {
    /// The organisation whose branches it is about.
    pub organization: party_organization::Model,
    /// From which month.
    pub from: Month,
    /// To which month.
    pub to: Month,
    /// What was held, by organisation and kind: in which months.
    held: HashMap<(PartyOrganizationId, EventKind), Vec<Month>>,
    /// Who has to hold meetings.
    obliged: Vec<Obliged>,
    /// How many of whose members became what at them.
    attended: HashMap<String, Tally>,
}

/// How it stands with an organisation.
#[derive(Clone, Debug)]
pub struct Line {
    /// The organisation.
    pub organization: party_organization::Model,
    /// Its meetings, those that it has to hold.
    pub meetings: Vec<Held>,
    /// How many of its members, and of those of its groups, became what at meetings of these months.
    pub attendance: Tally,
}

/// How many organisations lack a kind of meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lacking {
    /// Which.
    pub kind: EventKind,
    /// How many have to hold it.
    pub required: usize,
    /// How many of these lack one or more.
    pub lacking: usize,
}

/// Begins a report from the month of one day to that of another, or to the present one: a few statements, however many organisations there are.
///
/// # Errors
/// [`Error::NotFound`] for who may not even know the organisation, [`Error::Forbidden`] for who may not read its roster;
/// [`Error::BadRequest`] for more than twelve months.
pub async fn life_report(
    base: &Base,
    actor: &Actor,
    organization: PartyOrganizationId,
    (from, to): (NaiveDate, NaiveDate),
) -> Result<LifeReport> {
    actor.person()?;
    // Of months to come nothing is known.
    let (from, to) = (Month::of(from), Month::of(to).min(Month::at(base.clock.now())));
    if !(1..=MONTHS).contains(&from.count_to(to)) {
        return Err(Error::BadRequest("`from` and `to` are one month to twelve"));
    }
    let db = base.db.reader();
    let found = party::organization(db, organization).await?.ok_or(Error::NotFound)?;
    let permitted = party::Organization(found).permit(actor, party::OrganizationAction::ReadRoster)?;
    let organization = permitted.into_row().0;
    let (Some(first), Some(last)) = (from.first_day(), to.next().first_day()) else {
        return Err(Error::BadRequest("`from` and `to` lie in no calendar"));
    };
    let between = (midnight(first), midnight(last));
    let mut held: HashMap<(PartyOrganizationId, EventKind), Vec<Month>> = HashMap::new();
    for (id, kind, at) in store::meetings(db, &organization.path, between, base.clock.now()).await? {
        held.entry((id, kind)).or_default().push(Month::at(at));
    }
    let obliged = store::obliged(db, &organization.path).await?;
    let attended = store::attended(db, &organization.path, between, base.clock.now()).await?;
    Ok(LifeReport { organization, from, to, held, obliged, attended })
}

/// When a day begins in Shanghai.
fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc() - TimeDelta::hours(8)
}

impl LifeReport {
    /// How many organisations there are that have to hold meetings.
    #[must_use]
    pub fn organizations(&self) -> usize {
        self.obliged.len()
    }

    /// How many organisations lack which kind of meeting.
    #[must_use]
    pub fn lacking(&self) -> Vec<Lacking> {
        let count = |kind| {
            let held: Vec<Held> = self.obliged.iter().filter_map(|own| self.stands(own, kind)).collect();
            let due = held.iter().filter(|held| held.required > 0);
            let lacking = held.iter().filter(|held| held.missing > 0).count();
            Lacking { kind, required: due.count(), lacking }
        };
        LIFE.into_iter().map(count).collect()
    }

    fn attendance_of(&self, path: &str) -> Tally {
        let mut whole = Tally::default();
        for (_, part) in self.attended.iter().filter(|(own, _)| own.starts_with(path)) {
            whole.add(part);
        }
        whole
    }

    fn stands(&self, own: &Obliged, kind: EventKind) -> Option<Held> {
        let months = self.held.get(&(own.row.id, kind));
        let is_owed = owes(own.row.kind, own.members, kind);
        is_owed.then(|| stands(kind, (self.from, self.to), months.map(Vec::as_slice).unwrap_or_default()))
    }

    /// A page of the organisations, of all or of those that lack a kind of meeting, those first that were entered first.
    #[must_use]
    pub fn lines(&self, lacks: Option<EventKind>, page: &PageRequest) -> Page<Line> {
        let is_meant = |own: &&Obliged| match lacks {
            Some(kind) => self.stands(own, kind).is_some_and(|held| held.missing > 0),
            None => true,
        };
        let meant: Vec<&Obliged> = self.obliged.iter().filter(is_meant).collect();
        let page = page.pick(meant, |own| Cursor { at: own.row.created_at, id: own.row.id.into() });
        page.map(|own| Line {
            organization: own.row.clone(),
            meetings: LIFE.into_iter().filter_map(|kind| self.stands(own, kind)).collect(),
            attendance: self.attendance_of(&own.row.path),
        })
    }
}
