//! The way of every mutation (变更的共同路径): person → parse → at most once → payload.

use async_graphql::{Context, InputType};
use kernel::error::{Error, Result as KernelResult, UserError as Refusal, UserErrorCode};
use kernel::tx::{Outcome, Verb};
use uuid::Uuid;

use crate::context::{Ask as _, Result, once};
use crate::errors::UserError;

/// Name of a mutation and the client's idempotency key.
pub(crate) type Operation<'a> = (&'static str, &'a str);

/// Runs a verb at most once per person, key and input.
pub(crate) async fn perform<C: Sync, T>(
    ctx: &Context<'_>,
    (name, key): Operation<'_>,
    input: &impl InputType,
    command: KernelResult<C>,
    verb: Verb<C, T>,
    subject: fn(&T) -> Uuid,
) -> KernelResult<Outcome<T>> {
    let once = once(name, key, input)?;
    ctx.base().write_once(&ctx.caller().actor, &once, &command?, verb, subject).await
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

/// Sorts a result: refusals and lost races into the payload (with the current object), everything else to the top level.
pub(crate) fn settle<T>(
    ctx: &Context<'_>,
    result: KernelResult<Outcome<T>>,
    target: Option<Uuid>,
) -> Result<Settled<T>> {
    let language = ctx.caller().language;
    let refused = |errors: Vec<Refusal>, subject| Settled {
        subject,
        is_replay: false,
        user_errors: errors.into_iter().map(|error| UserError::render(error, language)).collect(),
    };
    match result {
        Ok(Outcome::Done(row)) => Ok(Settled { subject: Subject::Row(row), is_replay: false, user_errors: Vec::new() }),
        Ok(Outcome::Replay(id)) => Ok(Settled { subject: Subject::Id(id), is_replay: true, user_errors: Vec::new() }),
        Err(Error::Refused(errors)) => Ok(refused(errors, Subject::None)),
        Err(Error::Conflict) => {
            let current = target.map_or(Subject::None, Subject::Id);
            Ok(refused(vec![Refusal::new(UserErrorCode::Conflict)], current))
        }
        Err(error) => Err(ctx.fail(error)),
    }
}
