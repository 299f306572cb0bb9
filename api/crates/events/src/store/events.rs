//! Events.

use std::collections::{HashMap, HashSet};

use areas::change::Moved;
use chrono::{DateTime, Utc};
use entity::enums::{EventAudience, EventKind, EventState, Role};
use entity::event::{Column, Entity, Model};
use entity::event_organization;
use entity::id::{EventId, PartyOrganizationId, VenueId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::page::{Page, PageRequest};
use kernel::tx::Tx;
use sea_orm::sea_query::{Expr, ExprTrait as _, LockType, Query, SimpleExpr};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _,
};
use serde::Deserialize as _;

use crate::command::{AgendaLine, LENGTH};
use crate::policy::{Event, EventAction, HOSTS, REVIEWER};
use crate::workflow::Phase;

/// Who looks, and for whose members what is meant is meant for the viewer too (查看人).
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Who.
    pub actor: Actor,
    /// The own organisation of the party and all above it; none for who belongs to none, or did not confirm it.
    pub circle: Option<HashSet<PartyOrganizationId>>,
}

impl Viewer {
    /// Looks up what the actor belongs to: one statement for who belongs to nothing.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn of(db: &impl ConnectionTrait, actor: &Actor) -> Result<Self> {
        let circle = match actor.account() {
            Some(account) => party::circle_of(db, account).await?,
            None => None,
        };
        Ok(Self { actor: actor.clone(), circle: circle.map(HashSet::from_iter) })
    }

    /// Rows as policy judges them for the viewer.
    async fn look(&self, db: &impl ConnectionTrait, rows: Vec<Model>) -> Result<Vec<Event>> {
        let of_members = rows.iter().filter(|row| row.audience == EventAudience::Organization).map(|row| row.id);
        let of_members: Vec<EventId> = of_members.collect();
        let circle = self.circle.as_ref();
        let mut invited: HashSet<EventId> = HashSet::new();
        if let Some(circle) = circle.filter(|_| !of_members.is_empty()) {
            for row in organizations(db, &of_members).await? {
                if circle.contains(&row.organization_id) {
                    invited.insert(row.event_id);
                }
            }
        }
        let judged = rows.into_iter().map(|row| {
            let is_invited = match row.audience {
                EventAudience::Public => true,
                EventAudience::AllMembers => circle.is_some(),
                EventAudience::Organization => invited.contains(&row.id),
            };
            Event { row, is_invited }
        });
        Ok(judged.collect())
    }

    /// Those that the viewer may see, of published ones: by whom they are for.
    fn meant(&self) -> Condition {
        let mut meant = Condition::any().add(Column::Audience.eq(EventAudience::Public));
        if let Some(circle) = &self.circle {
            use event_organization::Column as C;
            let mut own = Query::select();
            own.column(C::EventId).from(event_organization::Entity);
            own.and_where(C::OrganizationId.is_in(circle.iter().copied()));
            let is_own = Condition::all().add(Column::Audience.eq(EventAudience::Organization));
            meant =
                meant.add(Column::Audience.eq(EventAudience::AllMembers)).add(is_own.add(Column::Id.in_subquery(own)));
        }
        Condition::all().add(Column::PublishedAt.is_not_null()).add(meant)
    }

    /// Those that the viewer holds or reviews, whatever their state.
    fn managed(&self) -> Condition {
        let actor = &self.actor;
        let mut managed = Condition::any();
        for path in actor.party_organizations_as(Role::PartySecretary) {
            managed = managed.add(Column::OrganizationPath.eq(path));
        }
        for path in actor.party_organizations_as(Role::PartyOrgAdmin) {
            managed = managed.add(Column::OrganizationPath.starts_with(path));
        }
        let of_areas =
            |area: &str| Condition::all().add(Column::OrganizationId.is_null()).add(Column::AreaPath.starts_with(area));
        for area in HOSTS.into_iter().flat_map(|role| actor.areas_as(role)) {
            managed = managed.add(of_areas(area));
        }
        for area in actor.areas_as(REVIEWER) {
            let is_to_review = Condition::any()
                .add(Column::State.is_in([EventState::InReview, EventState::Approved]))
                .add(Column::ReviewedBy.is_not_null())
                .add(Column::PublishedAt.is_not_null());
            managed = managed.add(of_areas(area).add(is_to_review));
        }
        // An empty `OR` would mean everything.
        managed.add(Expr::value(false))
    }
}

/// Which events are wanted (查找条件).
#[derive(Clone, Debug, Default)]
pub struct Sought {
    /// That are not over by then.
    pub from: Option<DateTime<Utc>>,
    /// That begin before.
    pub to: Option<DateTime<Utc>>,
    /// That belong to an area, or to one in it, by its path.
    pub area_path: Option<String>,
    /// Of a kind.
    pub kind: Option<EventKind>,
    /// With a word.
    pub tag: Option<String>,
    /// Where it stands.
    pub phase: Option<Phase>,
    /// Held or reviewed by the viewer, in any state; else those that are published for the viewer.
    pub is_managed: bool,
}

/// Events in order of time.
///
/// # Errors
/// When the database does not answer.
pub async fn events(base: &Base, viewer: &Viewer, sought: &Sought, page: &PageRequest) -> Result<Page<Event>> {
    let db = base.db.reader();
    let mut found = Entity::find().filter(if sought.is_managed { viewer.managed() } else { viewer.meant() });
    if !sought.is_managed {
        found = found.filter(Column::State.is_in([EventState::Open, EventState::Ended, EventState::Cancelled]));
    }
    let wanted = Condition::all()
        .add_option(sought.from.map(|from| Column::EndsAt.gt(from)))
        // None is longer, so that those of the past are not read.
        .add_option(sought.from.map(|from| Column::BeginsAt.gt(from - LENGTH)))
        .add_option(sought.to.map(|to| Column::BeginsAt.lt(to)))
        .add_option(sought.area_path.as_ref().map(|path| Column::AreaPath.starts_with(path)))
        .add_option(sought.kind.map(|kind| Column::Kind.eq(kind)))
        .add_option(sought.tag.as_deref().map(tagged))
        .add_option(sought.phase.map(|phase| in_phase(phase, base.clock.now())));
    let rows = page.apply(found.filter(wanted), Column::BeginsAt, Column::Id, false).all(db).await?;
    let Page { rows, has_next, has_previous } = page.page(rows);
    Ok(Page { rows: viewer.look(db, rows).await?, has_next, has_previous })
}

/// Where an event stands at an instant, as [`crate::workflow::phase`] says it of a row.
fn in_phase(phase: Phase, now: DateTime<Utc>) -> Condition {
    let in_state = |state: EventState| Condition::all().add(Column::State.eq(state));
    let open = || in_state(EventState::Open);
    let ahead = || open().add(Column::BeginsAt.gt(now));
    let full = || {
        let taken = Expr::col(Column::SeatsTaken).gte(Expr::col(Column::Capacity));
        Condition::all().add(Column::TakesRegistrations.eq(true)).add(Column::Capacity.is_not_null()).add(taken)
    };
    match phase {
        Phase::Draft => in_state(EventState::Draft),
        Phase::InReview => in_state(EventState::InReview),
        Phase::Approved => in_state(EventState::Approved),
        Phase::Cancelled => in_state(EventState::Cancelled),
        Phase::Open => ahead().add(full().not()),
        Phase::Full => ahead().add(full()),
        Phase::Ongoing => open().add(Column::BeginsAt.lte(now)).add(Column::EndsAt.gt(now)),
        Phase::Ended => Condition::any().add(in_state(EventState::Ended)).add(open().add(Column::EndsAt.lte(now))),
    }
}

/// With a word; no event has one of other signs, which would mean something to the search.
fn tagged(tag: &str) -> SimpleExpr {
    let is_word = !tag.is_empty() && tag.chars().all(char::is_alphanumeric);
    if is_word { Column::Tags.contains(format!(",{tag},")) } else { Expr::value(false) }
}

/// Events by id, those that the viewer may see, in no order: for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn events_by_ids(db: &impl ConnectionTrait, viewer: &Viewer, ids: &[EventId]) -> Result<Vec<Event>> {
    let found = viewer.look(db, Entity::find().filter(in_keys(db, Column::Id, ids)).all(db).await?).await?;
    Ok(found.into_iter().filter(|event| event.decide(&viewer.actor, EventAction::Read) == Decision::Allow).collect())
}

/// An event whose row is held alone until the transaction ends, as policy judges it for the actor.
pub async fn hold(tx: &Tx, id: EventId) -> Result<Event> {
    let held = Entity::find_by_id(id).lock(LockType::NoKeyUpdate).one(tx.db()).await?;
    judged(tx, held.ok_or(Error::NotFound)?).await
}

async fn judged(tx: &Tx, row: Model) -> Result<Event> {
    let viewer = match row.audience {
        EventAudience::Public => Viewer { actor: tx.actor().clone(), circle: None },
        EventAudience::Organization | EventAudience::AllMembers => Viewer::of(tx.db(), tx.actor()).await?,
    };
    viewer.look(tx.db(), vec![row]).await?.pop().ok_or(Error::NotFound)
}

/// An event as policy judges it for the actor, not held: so that nobody without the right keeps others waiting.
pub async fn glance(tx: &Tx, id: EventId) -> Result<Event> {
    let row = Entity::find_by_id(id).one(tx.db()).await?.ok_or(Error::NotFound)?;
    judged(tx, row).await
}

/// Events that are published and have one of some rooms for a part of a time, in one order for all who hold several.
pub async fn events_in(
    tx: &Tx,
    venues: &[VenueId],
    (from, to): (DateTime<Utc>, DateTime<Utc>),
) -> Result<Vec<EventId>> {
    let there = Entity::find().select_only().column(Column::Id).filter(in_keys(tx.db(), Column::VenueId, venues));
    let there = there.filter(Column::BeginsAt.lt(to)).filter(Column::EndsAt.gt(from));
    let there = there.filter(Column::State.eq(EventState::Open)).order_by_asc(Column::Id);
    Ok(there.into_tuple().all(tx.db()).await?)
}

/// Inserts an event.
pub async fn insert_event(tx: &Tx, row: &Model) -> Result<()> {
    Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// One update of the columns that differ, if nobody was faster; the seats are not touched by it.
pub async fn update_event(tx: &Tx, before: Permitted<Event>, after: &Model) -> Result<()> {
    let before = before.into_row().row;
    let mut changed = bulk::changed(&before, after);
    changed.seats_taken = sea_orm::ActiveValue::NotSet;
    let own = Entity::update_many().set(changed).filter(Column::Id.eq(before.id));
    let updated = own.filter(Column::Version.eq(before.version)).exec(tx.db()).await?;
    if updated.rows_affected == 1 { Ok(()) } else { Err(Error::Conflict) }
}

/// Whom an event is for: these organisations and no others.
pub async fn replace_organizations(tx: &Tx, id: EventId, organizations: &[PartyOrganizationId]) -> Result<()> {
    use event_organization::{Column as C, Entity as E};
    E::delete_many().filter(C::EventId.eq(id)).exec(tx.db()).await?;
    let row =
        |organization: &PartyOrganizationId| event_organization::Model { event_id: id, organization_id: *organization };
    bulk::insert(tx, &organizations.iter().map(row).collect::<Vec<_>>()).await
}

/// Organisations that events are for, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn organizations_of(
    db: &impl ConnectionTrait,
    ids: &[EventId],
) -> Result<HashMap<EventId, Vec<PartyOrganizationId>>> {
    let mut found: HashMap<EventId, Vec<PartyOrganizationId>> = HashMap::new();
    for row in organizations(db, ids).await? {
        found.entry(row.event_id).or_default().push(row.organization_id);
    }
    Ok(found)
}

async fn organizations(db: &impl ConnectionTrait, ids: &[EventId]) -> Result<Vec<event_organization::Model>> {
    use event_organization::{Column as C, Entity as E};
    Ok(E::find().filter(in_keys(db, C::EventId, ids)).order_by_asc(C::OrganizationId).all(db).await?)
}

/// The lines of an agenda, as they are kept.
#[must_use]
pub fn agenda_lines(row: &Model) -> Vec<AgendaLine> {
    Vec::deserialize(&row.agenda).unwrap_or_default()
}

/// The words by which an event is found.
pub fn tags(row: &Model) -> impl Iterator<Item = &str> {
    row.tags.split(',').filter(|tag| !tag.is_empty())
}

/// Events that the clock looks at now, some at a time (到点的活动).
///
/// # Errors
/// When the database does not answer.
pub async fn due(base: &Base, most: u64) -> Result<Vec<EventId>> {
    let due = Entity::find().select_only().column(Column::Id).filter(Column::DueAt.lte(base.clock.now()));
    let due = due.order_by_asc(Column::DueAt).order_by_asc(Column::Id);
    Ok(due.limit(most).into_tuple().all(base.db.reader()).await?)
}

/// Has the clock look at an event again later.
pub async fn put_off_event(tx: &Tx, id: EventId, until: DateTime<Utc>) -> Result<()> {
    let later = Entity::update_many().col_expr(Column::DueAt, Expr::value(until)).filter(Column::Id.eq(id));
    later.filter(Column::DueAt.lte(tx.now())).exec(tx.db()).await?;
    Ok(())
}

/// Has events follow an area that has another path now, or is no more.
///
/// # Errors
/// When the database does not answer.
pub async fn follow_area(tx: &Tx, moved: &Moved) -> Result<()> {
    Entity::update_many()
        .col_expr(Column::AreaId, Expr::value(moved.to))
        .col_expr(Column::AreaPath, Expr::value(moved.to_path.as_str()))
        .filter(Column::AreaId.eq(moved.id))
        .exec(tx.db())
        .await?;
    Ok(())
}
