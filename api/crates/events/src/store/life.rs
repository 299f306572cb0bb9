//! Meetings that organisations of the party held.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AttendanceStatus, EventKind, EventState, PartyOrganizationKind as O};
use entity::id::PartyOrganizationId;
use entity::{event, event_attendance, event_organization, party_member, party_organization};
use kernel::error::Result;
use sea_orm::sea_query::{Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};

use crate::life::LIFE;

/// Kinds of organisations that hold meetings of their own.
const HOLDERS: [O; 5] = [O::Branch, O::JointBranch, O::TemporaryBranch, O::GeneralBranch, O::Group];

/// An organisation that has to hold meetings (应开展组织).
#[derive(Clone, Debug)]
pub struct Obliged {
    /// The organisation.
    pub row: party_organization::Model,
    /// How many members it has, with those of its groups.
    pub members: usize,
}

fn within(path: &str) -> SelectStatement {
    use party_organization::{Column as C, Entity as E};
    Query::select().column(C::Id).from(E).and_where(C::Path.starts_with(path)).take()
}

/// The organisations of a path that have to hold meetings, those first that were entered first.
pub async fn obliged(db: &impl ConnectionTrait, path: &str) -> Result<Vec<Obliged>> {
    use party_organization::{Column as C, Entity as E};
    let found = E::find().filter(C::Path.starts_with(path)).filter(C::Kind.is_in(HOLDERS));
    let rows = found.order_by_asc(C::CreatedAt).order_by_asc(C::Id).all(db).await?;
    let counts = members(db, path).await?;
    let obliged = rows.into_iter().map(|row| {
        let own = counts.iter().filter(|(path, _)| path.starts_with(&row.path)).map(|(_, count)| *count);
        Obliged { members: own.sum(), row }
    });
    Ok(obliged.collect())
}

/// How many members stand in each roster below a path.
async fn members(db: &impl ConnectionTrait, path: &str) -> Result<Vec<(String, usize)>> {
    use party_member::Column as M;
    use party_organization::Column as C;
    let of =
        party_organization::Entity::find().select_only().columns([C::Id, C::Path]).filter(C::Path.starts_with(path));
    let paths: Vec<(PartyOrganizationId, String)> = of.into_tuple().all(db).await?;
    let counted =
        party_member::Entity::find().select_only().column(M::OrganizationId).column_as(M::Id.count(), "lines");
    let counted = counted.filter(M::OrganizationId.in_subquery(within(path))).group_by(M::OrganizationId);
    let counted: Vec<(PartyOrganizationId, i64)> = counted.into_tuple().all(db).await?;
    let counted: HashMap<PartyOrganizationId, i64> = counted.into_iter().collect();
    let count = |id| usize::try_from(counted.get(&id).copied().unwrap_or_default()).unwrap_or_default();
    Ok(paths.into_iter().map(|(id, path)| (path, count(id))).collect())
}

/// The meetings that were held for organisations of a path between two instants, by then, and to which somebody came: for which
/// organisation, of which kind, and when.
pub async fn meetings(
    db: &impl ConnectionTrait,
    path: &str,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<Vec<(PartyOrganizationId, EventKind, DateTime<Utc>)>> {
    use event::Column as E;
    use event_attendance::Column as A;
    use event_organization::Column as O;
    let mut came = Query::select();
    came.expr(Expr::val(1)).from(event_attendance::Entity);
    came.and_where(Expr::col((event_attendance::Entity, A::EventId)).equals((event::Entity, E::Id)));
    came.and_where(A::Status.is_in([AttendanceStatus::Present, AttendanceStatus::Late]));
    let of = event_organization::Entity::belongs_to(event::Entity).from(O::EventId).to(E::Id).into();
    let held = event_organization::Entity::find()
        .select_only()
        .column(O::OrganizationId)
        .column_as(E::Kind, "kind")
        .column_as(E::BeginsAt, "begins_at")
        .join(JoinType::InnerJoin, of)
        .filter(O::OrganizationId.in_subquery(within(path)))
        .filter(E::BeginsAt.gte(from))
        .filter(E::BeginsAt.lt(to))
        .filter(E::EndsAt.lte(now))
        .filter(E::State.is_in([EventState::Open, EventState::Ended]))
        .filter(E::Kind.is_in(LIFE))
        .filter(Expr::exists(came));
    Ok(held.into_tuple().all(db).await?)
}
