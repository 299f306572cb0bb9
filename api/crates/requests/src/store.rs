//! The only files of this slice that name columns (存取).

use entity::enums::{AssignmentState, Queue};
use entity::{assignment, service_request};
use kernel::db::in_keys;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
};

use crate::policy::Scope;

mod cases;
mod changes;
mod content;
mod duplicates;
mod editions;
mod external;
mod findings;
mod glances;
mod lists;
mod originals;
mod past;
mod privacy;
mod records;
mod retention;
pub(crate) mod rows;
mod sealed;
mod sent;

pub use cases::{Asker, case, case_by_no, cases_by_ids, open_cases_of};
pub use changes::{
    Words, alarm_of, apply, due_alarms, insert, look_at_all, next_case_no, next_case_nos, open_sealed, put_off,
    recent_open, set_alarm,
};
pub use content::{
    checked_note, complainants, content_reviews, forget_reports_of, insert_report, judge, own_report, photo_of,
    report_of, reports, reports_by,
};
pub use duplicates::{
    Likeness, alike, co_reporters, follow, follower_counts, followers, followers_of, merged_into, move_followers,
    unfollow, unfollow_all,
};
pub use editions::{add_edition, editions};
pub use external::{by_external_no, insert_many};
pub use findings::{
    count_event, device_event, device_event_counts, insert_device_event, insert_device_finding, insert_patrol_finding,
    open_device_findings, patrol_finding,
};
pub use glances::{glances, visible};
pub use lists::{
    by_phone, by_words, counts, due_from, followed_list, my_requests, neighbourhood_list, open_loads, proxied_list,
    public_list, work_queue,
};
pub use originals::{forget_original, original_words, originals, replace_words};
pub use past::insert_past;
pub use privacy::{cases_about, cases_that_mention, redact};
pub use records::{facts, notes, returns, surveys};
pub use retention::{
    cases_below, forget_ties, held_among, is_held, matter_of, merged_cases, owe, owe_nothing, owed, settle, waiting,
};
pub use sealed::sealed_tables;
pub use sent::sent_between;

/// A scope as a condition on the rows of requests.
fn within(db: &impl ConnectionTrait, scope: &Scope) -> Condition {
    use service_request::Column as C;
    match scope {
        Scope::Nobody => nobody(),
        Scope::Everything => Condition::all(),
        Scope::Public => Condition::all().add(C::IsListed.eq(true)),
        Scope::Own(account) => Condition::all().add(C::ReporterId.eq(*account)),
        Scope::NeighbourOf(account, now) => {
            Condition::all().add(C::ListedIn.in_subquery(residents::homes_of(*account, *now)))
        }
        Scope::ProxyOf(account, now) => Condition::all().add(C::Id.in_subquery(cases::proxied(*account, *now))),
        Scope::SharedBy(account) => Condition::all().add(C::Id.in_subquery(cases::shared(*account))),
        Scope::TypedIn(paths, account) => {
            any_of(paths.iter().map(|path| in_area(path).add(C::SubmittedBy.eq(*account))))
        }
        Scope::Areas(paths) => any_of(paths.iter().map(|path| in_area(path))),
        Scope::CityObjectsIn(paths) => any_of(paths.iter().map(|path| in_area(path).add(C::IsCityObject.eq(true)))),
        Scope::OthersIn(paths) => any_of(paths.iter().map(|path| in_area(path).add(C::IsCityObject.eq(false)))),
        Scope::Units(units) => {
            let part = assignment::Entity::find()
                .select_only()
                .column(assignment::Column::RequestId)
                .filter(in_keys(db, assignment::Column::UnitId, units))
                .filter(assignment::Column::State.is_not_in([AssignmentState::Returned, AssignmentState::Voided]));
            Condition::all().add(C::Id.in_subquery(part.into_query()))
        }
        Scope::LedBy(units) => Condition::all().add(in_keys(db, C::LeadUnitId, units)),
        Scope::WorkOf(units) => Condition::all().add(in_keys(db, C::LeadUnitId, units)).add(C::Queue.is_not_in([
            Queue::Returns,
            Queue::ToVerify,
            Queue::ToCallback,
            Queue::Suspended,
        ])),
        Scope::Any(scopes) => any_of(scopes.iter().map(|scope| within(db, scope))),
    }
}

/// An empty `OR` would be dropped from the statement, and so mean everything.
fn any_of(conditions: impl Iterator<Item = Condition>) -> Condition {
    let any = conditions.fold(Condition::any(), Condition::add);
    if any.is_empty() { nobody() } else { any }
}

fn nobody() -> Condition {
    Condition::all().add(Expr::value(false))
}

/// The street comes first, as every index of requests begins with it; below the street, the path decides.
fn in_area(path: &str) -> Condition {
    use service_request::Column as C;
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let Some(street) = parts.next() else { return Condition::all() };
    let on_street = Condition::all().add(C::Street.eq(street));
    if parts.next().is_none() { on_street } else { on_street.add(C::AreaPath.starts_with(path)) }
}
