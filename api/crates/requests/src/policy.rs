//! Who may (权限规则). When it may happen is not asked here; that is the workflow's.

use entity::enums::{Channel, Role};
use entity::id::UnitId;
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use residents::ProxyVerb;

use crate::case::Case;

mod action;
mod scope;
pub use action::Action;
pub use scope::{Scope, WorkQueueTab, desk, moderated, reporter_sight, sight, staff_sight};

/// See cases of their area.
const AREA_STAFF: [Role; 8] = [
    Role::Dispatcher,
    Role::DutyChief,
    Role::Supervisor,
    Role::CallbackAgent,
    Role::GridInspector,
    Role::GridLeader,
    Role::NeighborhoodStaff,
    Role::StationStaff,
];
/// Speak with reporters, and so learn who they are even where handlers do not.
const REPORTER_STAFF: [Role; 4] = [Role::Dispatcher, Role::DutyChief, Role::CallbackAgent, Role::Supervisor];
/// Call reporters, beside those who handle the case.
const CALLERS: [Role; 3] = [Role::Dispatcher, Role::DutyChief, Role::CallbackAgent];
/// Work in units.
const UNIT_STAFF: [Role; 2] = [Role::Handler, Role::UnitLeader];
/// Watch what is late.
const WATCHERS: [Role; 3] = [Role::Dispatcher, Role::DutyChief, Role::Supervisor];
/// Decide what units ask for.
const DECIDERS: [Role; 2] = [Role::Dispatcher, Role::DutyChief];
/// Take requests at counters and doors for others.
const COUNTER_STAFF: [Role; 4] = [Role::NeighborhoodStaff, Role::StationStaff, Role::CenterStaff, Role::Dispatcher];
/// Walk the grid.
const PATROLS: [Role; 4] = [Role::GridInspector, Role::MicroGridLeader, Role::GridLeader, Role::NeighborhoodStaff];
/// Know who quarrels with whom there, and warn of it.
const MEDIATORS: [Role; 4] = [Role::StationStaff, Role::NeighborhoodStaff, Role::GridLeader, Role::Dispatcher];
/// Decide what is published.
const MODERATORS: [Role; 2] = [Role::Dispatcher, Role::Supervisor];
/// A return asked for the second time is above a dispatcher.
const DISPUTED: usize = 2;

impl Guarded for Case {
    type Action = Action;

    fn decide(&self, actor: &Actor, action: Action) -> Decision {
        if is_allowed(self, actor, action) {
            Decision::Allow
        } else if is_allowed(self, actor, Action::Read) {
            Decision::Deny
        } else {
            Decision::Hide
        }
    }
}

fn is_allowed(case: &Case, actor: &Actor, action: Action) -> bool {
    if *actor == Actor::System {
        return true;
    }
    let row = &case.row;
    let in_area = |roles: &[Role]| roles.iter().any(|role| actor.is_in_area(*role, &row.area_path));
    let in_unit = |unit: UnitId, roles: &[Role]| roles.iter().any(|role| actor.is_in_unit(*role, unit));
    let in_lead = |roles: &[Role]| row.lead_unit_id.is_some_and(|unit| in_unit(unit, roles));
    let account = actor.account();
    let is_party = is_party(case, actor);
    let is_agent = |verb| case.proxy_for(account, verb).is_some();
    let is_handler = account.is_some() && account == row.handler_id;
    match action {
        Action::Read => {
            let is_shown = row.is_listed || case.is_shown_to_neighbour(account) || case.has_as_reporter(account);
            is_shown
                || [Action::ReadParticipantView, Action::ReadStaffView]
                    .iter()
                    .any(|view| is_allowed(case, actor, *view))
        }
        Action::ReadParticipantView => is_party || is_agent(ProxyVerb::Read),
        Action::ReadStaffView => in_area(&AREA_STAFF) || case.units().any(|unit| in_unit(unit, &UNIT_STAFF)),
        Action::ReadReporter => {
            let is_told = in_area(&REPORTER_STAFF) || (!row.is_confidential && in_lead(&UNIT_STAFF));
            is_party || (!row.is_anonymous && is_told)
        }
        Action::RevealContact => {
            let is_called_by_unit = in_lead(&[Role::UnitLeader]) || (is_handler && in_lead(&[Role::Handler]));
            let may_be_called = row.may_contact && !row.is_anonymous;
            may_be_called && (in_area(&CALLERS) || (!row.is_confidential && is_called_by_unit))
        }
        Action::GrantProxy => account.is_some() && account == row.reporter_id,
        Action::GrantProxyAtCounter => row.reporter_id.is_none() && in_area(&[Role::NeighborhoodStaff]),
        Action::Supplement => is_party || is_agent(ProxyVerb::Supplement),
        Action::Withdraw => is_party || is_agent(ProxyVerb::Withdraw),
        Action::Object => is_party || is_agent(ProxyVerb::Object),
        Action::Accept | Action::Reject | Action::File | Action::Dispatch | Action::Merge => {
            in_area(&[Role::Dispatcher])
        }
        Action::Sign => in_lead(&UNIT_STAFF),
        Action::RecordContact | Action::SubmitHandling | Action::Resume => {
            in_lead(&[Role::UnitLeader]) || (is_handler && in_lead(&[Role::Handler]))
        }
        Action::Verify if row.is_city_object => in_area(&[Role::GridInspector]),
        Action::Verify => in_area(&[Role::Dispatcher]),
        Action::Survey => (account.is_some() && account == row.reporter_id) || is_agent(ProxyVerb::Survey),
        Action::RecordCallback | Action::RecordMissedCallback => in_area(&[Role::CallbackAgent]),
        Action::RequestReturn | Action::HandOver => in_lead(&[Role::UnitLeader]),
        Action::DecideReturn if case.returns_asked() >= DISPUTED => in_area(&[Role::DutyChief]),
        Action::DecideReturn | Action::DecideExtension | Action::DecideSuspension => in_area(&DECIDERS),
        _ => is_allowed_beside(case, actor, action),
    }
}

/// The same, of what is done beside the trunk.
fn is_allowed_beside(case: &Case, actor: &Actor, action: Action) -> bool {
    let row = &case.row;
    let in_area = |roles: &[Role]| roles.iter().any(|role| actor.is_in_area(*role, &row.area_path));
    let leads = row.lead_unit_id.is_some_and(|unit| actor.is_in_unit(Role::UnitLeader, unit));
    let account = actor.account();
    let is_handler = account.is_some() && account == row.handler_id;
    let works = leads || (is_handler && row.lead_unit_id.is_some_and(|unit| actor.is_in_unit(Role::Handler, unit)));
    let is_party = is_party(case, actor);
    match action {
        Action::FastTrack => in_area(&DECIDERS),
        Action::RequestExtension | Action::RequestSuspension => leads,
        Action::AddInternalNote => is_allowed(case, actor, Action::ReadStaffView),
        Action::MessageReporter => works || in_area(&CALLERS),
        Action::PublishUpdate => leads || in_area(&DECIDERS),
        Action::AskReporter => works,
        Action::AnswerQuestion => is_party || case.proxy_for(account, ProxyVerb::Supplement).is_some(),
        Action::Urge => is_party || case.proxy_for(account, ProxyVerb::Supplement).is_some(),
        Action::Supervise | Action::TakeUp => in_area(&[Role::Supervisor]),
        // Who works on no case gains nothing by what is kept or lost of it.
        Action::PlaceLegalHold | Action::ReleaseLegalHold => in_area(&[Role::Supervisor]),
        Action::AnswerSupervision if row.lead_unit_id.is_none() => in_area(&[Role::Dispatcher]),
        Action::AnswerSupervision => leads,
        Action::OpenConflictWarning => in_area(&MEDIATORS),
        Action::Confer => in_area(&[Role::DutyChief]),
        Action::Reopen => is_party,
        Action::Follow => is_onlooker(case, actor) && is_allowed(case, actor, Action::Read),
        Action::ReviewContent | Action::Redact | Action::RevealOriginal => in_area(&MODERATORS),
        // Nobody reports the own words, and whoever works on it has other ways.
        Action::ReportContent => is_onlooker(case, actor) && (row.is_listed || case.is_shown_to_neighbour(account)),
        Action::Unfollow => account.is_some() && account == case.ties.asker && case.ties.is_follower,
        _ => false,
    }
}

/// Whether somebody signed in has no part in the case.
fn is_onlooker(case: &Case, actor: &Actor) -> bool {
    let views = [Action::ReadParticipantView, Action::ReadStaffView];
    actor.account().is_some() && !views.iter().any(|view| is_allowed(case, actor, *view))
}

/// Whether the actor is the reporter, or typed it for somebody and so stands in for that person, as long as the counter is
/// theirs.
#[must_use]
pub fn is_party(case: &Case, actor: &Actor) -> bool {
    let (row, account) = (&case.row, actor.account());
    let is_typist =
        account == Some(row.submitted_by) && COUNTER_STAFF.iter().any(|role| actor.is_in_area(*role, &row.area_path));
    (account.is_some() && account == row.reporter_id) || is_typist
}

/// Whether the actor may bring in a request by this channel, at this place, for somebody else or not. Everybody may report
/// for oneself from one's own device; counters, patrols and lines are staffed.
#[must_use]
pub fn may_submit(actor: &Actor, channel: Channel, is_on_behalf: bool, area_path: &str) -> bool {
    let is_staff = |roles: &[Role]| roles.iter().any(|role| actor.is_in_area(*role, area_path));
    match channel {
        Channel::App | Channel::MiniProgram | Channel::Web | Channel::OfficialAccount => {
            actor.account().is_some() && !is_on_behalf
        }
        Channel::WalkIn => is_on_behalf && is_staff(&COUNTER_STAFF),
        Channel::Hotline12345 => is_on_behalf && is_staff(&[Role::Dispatcher]),
        Channel::Patrol => !is_on_behalf && is_staff(&PATROLS),
        // A sensor has no account to answer for its findings yet.
        Channel::Sensor => false,
    }
}

/// Whether the actor may report from a patrol anywhere.
#[must_use]
pub fn may_patrol(actor: &Actor) -> bool {
    actor.is_any(&PATROLS)
}

/// Whether the actor answers for what devices see there: the gateway of the operations centre signs in as its dispatcher.
#[must_use]
pub fn may_bring_device_events(actor: &Actor, area_path: &str) -> bool {
    actor.is_in_area(Role::Dispatcher, area_path)
}

/// Whether the actor answers for devices anywhere.
#[must_use]
pub fn may_bring_device_events_anywhere(actor: &Actor) -> bool {
    actor.is_any(&[Role::Dispatcher])
}

/// Whether the actor may bring in and take back orders of the hotline on a street, and send its results: the dispatcher and the
/// chief on duty.
#[must_use]
pub fn may_exchange_orders(actor: &Actor, street_path: &str) -> bool {
    DECIDERS.iter().any(|role| actor.is_in_area(*role, street_path))
}

/// Whether there is a street whose orders the actor may exchange.
#[must_use]
pub fn may_exchange_orders_anywhere(actor: &Actor) -> bool {
    actor.is_any(&DECIDERS)
}

/// Whether the actor may hand over the cases of a unit's leaver.
#[must_use]
pub fn may_hand_over(actor: &Actor, unit: UnitId) -> bool {
    *actor == Actor::System || actor.is_in_unit(Role::UnitLeader, unit)
}

#[cfg(test)]
mod tests;
