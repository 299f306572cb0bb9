//! When venues are open: rules, and closures.

use std::collections::HashMap;

use chrono::{DateTime, Utc, Weekday};
use entity::enums::OpeningDays;
use entity::id::{CenterId, ClosureId, VenueId};
use entity::{closure, opening_rule};
use kernel::bulk;
use kernel::db::in_keys;
use kernel::error::{Error, Result};
use kernel::guarded::Permitted;
use kernel::tx::Tx;
use schedule::opening::{Days, Exception, Hours, Opening, Rule, Staffed};
use schedule::span::Span;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QueryOrder as _,
};

use crate::command::{Close, OpeningLine};
use crate::policy::Center;
use crate::premises::Premises;

/// Rules of venues, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn opening_rules_of(db: &impl ConnectionTrait, venues: &[VenueId]) -> Result<Vec<opening_rule::Model>> {
    use opening_rule::Column as C;
    let rules = opening_rule::Entity::find().filter(in_keys(db, C::VenueId, venues));
    Ok(rules.order_by_asc(C::ValidFrom).order_by_asc(C::FromMinute).order_by_asc(C::Id).all(db).await?)
}

/// Closures of centres that hold, or will; by their beginning, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn closures_of(
    db: &impl ConnectionTrait,
    centers: &[CenterId],
    now: DateTime<Utc>,
) -> Result<Vec<closure::Model>> {
    use closure::Column as C;
    let closures = closure::Entity::find().filter(in_keys(db, C::CenterId, centers)).filter(C::LiftedAt.is_null());
    Ok(closures.filter(C::EndsAt.gt(now)).order_by_asc(C::BeginsAt).all(db).await?)
}

/// When venues are open from an instant on, closures taken into account: of a venue, of what it lies within, of what lies within it, and of the
/// centre.
pub async fn openings(
    db: &impl ConnectionTrait,
    premises: &[Premises],
    venues: &[VenueId],
    from: DateTime<Utc>,
) -> Result<HashMap<VenueId, Opening>> {
    let centers: Vec<CenterId> = premises.iter().map(|premises| premises.center.id).collect();
    let rules = opening_rules_of(db, venues).await?;
    let closures = closures_of(db, &centers, from).await?;
    let mut openings: HashMap<VenueId, Opening> = HashMap::new();
    for rule in &rules {
        add(openings.entry(rule.venue_id).or_default(), rule);
    }
    for id in venues {
        let Some(there) = premises.iter().find(|premises| premises.venue(*id).is_ok()) else { continue };
        let related = there.related(*id);
        let own = closures.iter().filter(|closure| closure.center_id == there.center.id);
        let own = own.filter(|closure| closure.venue_id.is_none_or(|venue| related.contains(&venue)));
        let spans = own.filter_map(|closure| Span::between(closure.begins_at, closure.ends_at).ok());
        openings.entry(*id).or_default().closures.extend(spans);
    }
    Ok(openings)
}

/// Adds a stored rule to what is known of a venue; a damaged one opens nothing.
fn add(opening: &mut Opening, rule: &opening_rule::Model) {
    let hours = rule.from_minute.zip(rule.to_minute);
    let hours = hours.and_then(|(from, to)| Hours::between(from.into(), to.into()).ok());
    let staffed = hours.map(|hours| Staffed { hours, session: rule.session, duty: rule.duty_id });
    let days = match rule.days {
        OpeningDays::Working => Days::Working,
        OpeningDays::Weekend => Days::Weekend,
        OpeningDays::Holiday => Days::Holidays,
        OpeningDays::Weekdays => Days::On(weekdays(rule.weekdays.unwrap_or_default())),
        OpeningDays::Date => {
            match opening.exceptions.iter_mut().find(|exception| exception.date == rule.valid_from) {
                Some(exception) => exception.staffed.extend(staffed),
                None => {
                    let staffed = staffed.into_iter().collect();
                    opening.exceptions.push(Exception { date: rule.valid_from, staffed });
                }
            }
            return;
        }
    };
    let (valid_from, valid_to) = (rule.valid_from, rule.valid_to);
    opening.rules.extend(staffed.map(|staffed| Rule { days, staffed, valid_from, valid_to }));
}

fn weekdays(bits: i16) -> Vec<Weekday> {
    let named = (0..7_u8).filter(|day| bits & (1 << day) != 0);
    named.filter_map(|day| Weekday::try_from(day).ok()).collect()
}

/// Replaces the rules of a venue.
pub async fn replace_opening(tx: &Tx, _: &Permitted<Center>, venue: VenueId, rules: &[OpeningLine]) -> Result<()> {
    opening_rule::Entity::delete_many().filter(opening_rule::Column::VenueId.eq(venue)).exec(tx.db()).await?;
    let rows = rules.iter().map(|rule| {
        Ok(opening_rule::Model {
            id: tx.id()?,
            venue_id: venue,
            days: rule.days,
            weekdays: rule.weekdays,
            from_minute: rule.hours.map(|(from, _)| from),
            to_minute: rule.hours.map(|(_, to)| to),
            session: rule.session,
            duty_id: rule.duty,
            valid_from: rule.valid_from,
            valid_to: rule.valid_to,
        })
    });
    bulk::insert(tx, &rows.collect::<Result<Vec<_>>>()?).await
}

/// Inserts a closure.
pub async fn insert_closure(tx: &Tx, _: &Permitted<Center>, command: &Close) -> Result<closure::Model> {
    let row = closure::Model {
        id: tx.id()?,
        version: 1,
        center_id: command.center,
        venue_id: command.venue,
        begins_at: command.span.begins(),
        ends_at: command.span.ends(),
        reason: command.reason,
        note: command.note.clone(),
        closed_by: tx.actor().account(),
        lifted_at: None,
        created_at: tx.now(),
    };
    closure::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    Ok(row)
}

/// Closures by id, for loaders.
///
/// # Errors
/// When the database does not answer.
pub async fn closures_by_ids(db: &impl ConnectionTrait, ids: &[ClosureId]) -> Result<Vec<closure::Model>> {
    Ok(closure::Entity::find().filter(in_keys(db, closure::Column::Id, ids)).all(db).await?)
}

/// A closure.
pub async fn closure(db: &impl ConnectionTrait, id: ClosureId) -> Result<Option<closure::Model>> {
    Ok(closure::Entity::find_by_id(id).one(db).await?)
}

/// Takes a closure back, if nobody was faster.
pub async fn lift(tx: &Tx, _: &Permitted<Center>, row: &closure::Model) -> Result<closure::Model> {
    use closure::Column as C;
    let lifted = closure::Entity::update_many()
        .col_expr(C::LiftedAt, Expr::value(tx.now()))
        .col_expr(C::Version, Expr::value(row.version + 1))
        .filter(C::Id.eq(row.id))
        .filter(C::Version.eq(row.version))
        .exec(tx.db())
        .await?;
    if lifted.rows_affected != 1 {
        return Err(Error::Conflict);
    }
    Ok(closure::Model { lifted_at: Some(tx.now()), version: row.version + 1, ..row.clone() })
}
