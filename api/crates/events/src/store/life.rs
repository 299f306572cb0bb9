//! Meetings that organisations of the party held.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::enums::{AttendanceStatus, EventKind, EventState, PartyOrganizationKind as O};
use entity::id::PartyOrganizationId;
use entity::{event, event_attendance, event_organization, party_member, party_organization};
use kernel::error::Result;
use sea_orm::sea_query::{BinOper, Expr, ExprTrait as _, Query, SelectStatement};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, JoinType, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};

use crate::attending::{Alike, Tally};
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
    let counted = counted.filter(M::OrganizationId.in_subquery(within(path))).filter(M::NameSealed.is_not_null());
    let counted = counted.group_by(M::OrganizationId);
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
    use party_member::Column as M;
    use party_organization::Column as P;
    // Somebody of that organisation was there; at a joint one each counts for itself.
    let mut came = Query::select();
    let (line, member, of, own) = ("line", "member", "of", "own");
    came.expr(Expr::val(1))
        .from_as(event_attendance::Entity, line)
        .join_as(
            JoinType::InnerJoin,
            party_member::Entity,
            member,
            Condition::any()
                .add(Expr::col((member, M::Id)).equals((line, A::MemberId)))
                .add(Expr::col((member, M::AccountId)).equals((line, A::AccountId))),
        )
        .join_as(
            JoinType::InnerJoin,
            party_organization::Entity,
            of,
            Expr::col((of, P::Id)).equals((member, M::OrganizationId)),
        )
        .join_as(
            JoinType::InnerJoin,
            party_organization::Entity,
            own,
            Expr::col((own, P::Id)).equals((event_organization::Entity, O::OrganizationId)),
        );
    came.and_where(Expr::col((line, A::EventId)).equals((event::Entity, E::Id)));
    came.and_where(Expr::col((line, A::Status)).is_in([AttendanceStatus::Present, AttendanceStatus::Late]));
    // Codes have no signs that mean something to a search.
    let all_below = Expr::col((own, P::Path)).binary(BinOper::Custom("||"), "%");
    came.and_where(Expr::col((of, P::Path)).binary(BinOper::Like, all_below));
    let is_own = Expr::col((event::Entity, E::OrganizationId)).equals((event_organization::Entity, O::OrganizationId));
    let is_joint = Condition::any().add(E::Kind.ne(EventKind::CommitteeMeeting)).add(is_own);
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
        .filter(is_joint)
        .filter(Expr::exists(came));
    Ok(held.into_tuple().all(db).await?)
}

/// How many of whose members became what at the meetings of a time: by the path of their organisation, of members of a path.
pub async fn attended(
    db: &impl ConnectionTrait,
    path: &str,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<HashMap<String, Tally>> {
    use event::Column as E;
    use event_attendance::Column as A;
    use party_member::Column as M;
    use party_organization::Column as P;
    let event = event_attendance::Entity::belongs_to(event::Entity).from(A::EventId).to(E::Id).into();
    let member = event_attendance::Entity::belongs_to(party_member::Entity).from(A::MemberId).to(M::Id).into();
    let of = party_member::Entity::belongs_to(party_organization::Entity).from(M::OrganizationId).to(P::Id).into();
    let counted = event_attendance::Entity::find()
        .select_only()
        .column(P::Path)
        .column(A::Status)
        .column_as(A::Id.count(), "lines")
        .join(JoinType::InnerJoin, event)
        .join(JoinType::InnerJoin, member)
        .join(JoinType::InnerJoin, of)
        .filter(P::Path.starts_with(path))
        .filter(E::BeginsAt.gte(from))
        .filter(E::BeginsAt.lt(to))
        .filter(E::EndsAt.lte(now))
        .filter(E::State.is_in([EventState::Open, EventState::Ended]))
        .filter(E::Kind.is_in(LIFE))
        .group_by(P::Path)
        .group_by(A::Status);
    let rows: Vec<(String, AttendanceStatus, i64)> = counted.into_tuple().all(db).await?;
    let mut found: HashMap<String, Tally> = HashMap::new();
    for (path, status, lines) in rows {
        let lines = i32::try_from(lines).unwrap_or(i32::MAX);
        let alike = Alike { status, has_vote: false, leave: None, method: None, lines, people: lines };
        found.entry(path).or_default().count(&alike);
    }
    Ok(found)
}
