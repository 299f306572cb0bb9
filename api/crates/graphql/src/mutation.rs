//! The way of every mutation (变更的共同路径): person → parse → at most once → payload.

use async_graphql::{Context, InputType};
use entity::id::Id;
use kernel::audit::Act;
use kernel::error::{Error, Result as KernelResult, UserError as Refusal, UserErrorCode};
use kernel::tx::{Outcome, Verb};
use uuid::Uuid;

use crate::context::{Ask as _, Result, once};
use crate::errors::UserError;

/// Name of a mutation and the client's idempotency key.
pub(crate) type Operation<'a> = (&'static str, &'a str);

/// What residents do in matters of their own. Every other mutation is a privileged act: a line of the audit chain, whatever
/// comes of it.
const OWN: [&str; 47] = [
    "acceptBookingOffer",
    "acceptEventOffer",
    "acceptProxy",
    "addDependant",
    "answerQuestion",
    "appealCredit",
    "applyForResidence",
    "bookVenue",
    "cancelAccountDeletion",
    "cancelBooking",
    "cancelEventRegistration",
    "cancelServiceTicket",
    "checkInByCode",
    "checkInToEvent",
    "checkOutOfEvent",
    "confirmPartyMembership",
    "correctMyData",
    "endBooking",
    "endResidence",
    "followServiceRequest",
    "giveConsent",
    "grantProxy",
    "holdEventSeats",
    "holdSlot",
    "markNotificationsRead",
    "objectToRejection",
    "registerForEvent",
    "releaseEventSeats",
    "releasePartyMembership",
    "releaseSlotHold",
    "removeDependant",
    "reopenServiceRequest",
    "reportContent",
    "requestDataExport",
    "requestEventLeave",
    "rescheduleBooking",
    "revokeCalendarFeed",
    "submitServiceRequest",
    "supplementServiceRequest",
    "surveyServiceRequest",
    "takeServiceTicket",
    "unfollowServiceRequest",
    "updateNotificationPreferences",
    "uploadAttachment",
    "urgeServiceRequest",
    "withdrawConsent",
    "withdrawServiceRequest",
];

/// A mutation as the audit chain words it.
pub(crate) fn act(ctx: &Context<'_>, action: &'static str, subject: Option<impl Id>) -> Act {
    Act { action, subject: subject.map(Id::text), address: Some(ctx.caller().address) }
}

/// Runs a verb at most once per person, key and input, and sorts what comes of it. `target` is what it is done to, where
/// that exists already: shown again when the verb is refused.
pub(crate) async fn perform<C: Sync, T, I: Id>(
    ctx: &Context<'_>,
    (name, key): Operation<'_>,
    target: Option<I>,
    input: &impl InputType,
    command: KernelResult<C>,
    verb: Verb<C, T>,
    subject: fn(&T) -> I,
) -> Result<Settled<T>> {
    let act = (!OWN.contains(&name)).then(|| act(ctx, name, target));
    let actor = &ctx.caller().actor;
    let acting = act.as_ref().map_or_else(|| actor.into(), |act| actor.doing(act));
    let parsed = once(name, key, input).and_then(|once| Ok((once, command?)));
    let done = match parsed {
        Ok((once, command)) => ctx.base().write_once(acting, &once, &command, verb, subject).await,
        Err(error) => {
            ctx.base().note_refusal(acting, &error).await;
            Err(error)
        }
    };
    settle(ctx, done, target.map(Into::into))
}

/// What a payload shows.
pub(crate) enum Subject<T> {
    /// The row as the verb left it.
    Row(T),
    /// A row to be read again: replayed, or somebody was faster.
    Id(Uuid),
    /// Nothing.
    None,
}

/// A mutation's result, ready for its payload.
pub(crate) struct Settled<T> {
    /// What to show.
    pub subject: Subject<T>,
    /// Whether it had been done before.
    pub is_replay: bool,
    /// Refusals.
    pub user_errors: Vec<UserError>,
}

/// Sorts a result: refusals and lost races into the payload (with the current object, when its id is known), everything
/// else to the top level.
pub(crate) fn settle<T>(
    ctx: &Context<'_>,
    result: KernelResult<Outcome<T>>,
    target: Option<Uuid>,
) -> Result<Settled<T>> {
    let done = |subject, is_replay| Settled { subject, is_replay, user_errors: Vec::new() };
    Ok(match refusals(ctx, result)? {
        Ok(Outcome::Done(row)) => done(Subject::Row(row), false),
        Ok(Outcome::Replay(id)) => done(Subject::Id(id), true),
        Err(user_errors) => {
            Settled { subject: target.map_or(Subject::None, Subject::Id), is_replay: false, user_errors }
        }
    })
}

/// Splits refusals and lost races off a result: they belong into the payload, everything else is a top-level error.
pub(crate) fn refusals<T>(
    ctx: &Context<'_>,
    result: KernelResult<T>,
) -> Result<std::result::Result<T, Vec<UserError>>> {
    let refused = match result {
        Ok(value) => return Ok(Ok(value)),
        Err(Error::Refused(errors)) => errors,
        Err(Error::Conflict) => vec![Refusal::new(UserErrorCode::Conflict)],
        Err(error) => return Err(ctx.fail(error)),
    };
    let language = ctx.caller().language;
    Ok(Err(refused.into_iter().map(|error| UserError::render(error, language)).collect()))
}
