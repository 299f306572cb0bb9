//! When venues are open: rules, and closures.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc, Weekday};
use entity::enums::OpeningDays;
use entity::id::{AccountId, CenterId, ClosureId, VenueId};
use entity::{closure, closure_guest, opening_rule};
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

/// When venues are open (开放时间), and to whom.
#[derive(Clone, Debug, Default)]
pub struct Openings {
    anybody: HashMap<VenueId, Opening>,
    /// Times that are kept for some people, by venue.
    reserved: HashMap<VenueId, Vec<Reserved>>,
}

/// A time at which a venue is open to some people only.
#[derive(Clone, Debug)]
struct Reserved {
    span: Span,
    guests: BTreeSet<AccountId>,
}

#[cfg(test)]
impl FromIterator<(VenueId, Opening)> for Openings {
    fn from_iter<I: IntoIterator<Item = (VenueId, Opening)>>(openings: I) -> Self {
        Self { anybody: openings.into_iter().collect(), reserved: HashMap::new() }
    }
}

impl Openings {
    /// When a venue is open to a person; for nobody in particular, to everybody.
    #[must_use]
    pub fn of(&self, venue: VenueId, who: Option<AccountId>) -> Opening {
        let mut opening = self.anybody.get(&venue).cloned().unwrap_or_default();
        let reserved = self.reserved.get(&venue).into_iter().flatten();
        let shut = reserved.filter(|reserved| who.is_none_or(|who| !reserved.guests.contains(&who)));
        opening.closures.extend(shut.map(|reserved| reserved.span));
        opening
    }

    /// When a venue is open to anybody at all, be it to some.
    #[must_use]
    pub fn at_all(&self, venue: VenueId) -> Option<&Opening> {
        self.anybody.get(&venue)
    }
}

/// When venues are open from an instant on, closures taken into account: of a venue, of what it lies within, of what lies within it, and of the
/// centre.
pub async fn openings(
    db: &impl ConnectionTrait,
    premises: &[Premises],
    venues: &[VenueId],
    from: DateTime<Utc>,
) -> Result<Openings> {
    let centers: Vec<CenterId> = premises.iter().map(|premises| premises.center.id).collect();
    let rules = opening_rules_of(db, venues).await?;
    let closures = closures_of(db, &centers, from).await?;
    let reserved: Vec<ClosureId> = closures.iter().filter(|row| row.is_reserved).map(|row| row.id).collect();
    let guests = guests_of(db, &reserved).await?;
    let mut openings = Openings::default();
    for rule in &rules {
        add(openings.anybody.entry(rule.venue_id).or_default(), rule);
    }
    for id in venues {
        let Some(there) = premises.iter().find(|premises| premises.venue(*id).is_ok()) else { continue };
        let related = there.related(*id);
        let own = closures.iter().filter(|closure| closure.center_id == there.center.id);
        for closure in own.filter(|closure| closure.venue_id.is_none_or(|venue| related.contains(&venue))) {
            let Ok(span) = Span::between(closure.begins_at, closure.ends_at) else { continue };
            if closure.is_reserved {
                let guests = guests.get(&closure.id).cloned().unwrap_or_default();
                openings.reserved.entry(*id).or_default().push(Reserved { span, guests });
            } else {
                openings.anybody.entry(*id).or_default().closures.push(span);
            }
        }
    }
    Ok(openings)
}

/// For whom closures keep their venues; for loaders too.
///
/// # Errors
/// When the database does not answer.
pub async fn guests_of(
    db: &impl ConnectionTrait,
    closures: &[ClosureId],
) -> Result<HashMap<ClosureId, BTreeSet<AccountId>>> {
    let mut guests: HashMap<ClosureId, BTreeSet<AccountId>> = HashMap::new();
    if closures.is_empty() {
        return Ok(guests);
    }
    let rows = closure_guest::Entity::find().filter(in_keys(db, closure_guest::Column::ClosureId, closures));
    for row in rows.all(db).await? {
        guests.entry(row.closure_id).or_default().insert(row.account_id);
    }
    Ok(guests)
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

/// Inserts a closure, for everybody but some.
pub async fn insert_closure(
    tx: &Tx,
    _: &Permitted<Center>,
    command: &Close,
    guests: &BTreeSet<AccountId>,
) -> Result<closure::Model> {
    let row = closure::Model {
        id: tx.id()?,
        version: 1,
        center_id: command.center,
        venue_id: command.venue,
        begins_at: command.span.begins(),
        ends_at: command.span.ends(),
        reason: command.reason,
        note: command.note.clone(),
        is_reserved: !guests.is_empty(),
        closed_by: tx.actor().account(),
        lifted_at: None,
        created_at: tx.now(),
    };
    closure::Entity::insert(row.clone().into_active_model()).exec_without_returning(tx.db()).await?;
    let guests = guests.iter().map(|account| closure_guest::Model { closure_id: row.id, account_id: *account });
    bulk::insert(tx, &guests.collect::<Vec<_>>()).await?;
    Ok(row)
}

/// Takes a person off all lists of those for whom something is kept.
pub async fn forget_guest(tx: &Tx, account: AccountId) -> Result<()> {
    let own = closure_guest::Entity::delete_many().filter(closure_guest::Column::AccountId.eq(account));
    own.exec(tx.db()).await?;
    Ok(())
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
