//! Proxies.

use chrono::{SubsecRound as _, TimeDelta};
use entity::id::{AccountId, ProxyGrantId};
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::target::Seen;
use kernel::tx::Tx;

use crate::command::{Decide, GrantProxy};
use crate::fact::ProxyFact;
use crate::policy::{Proxy, ProxyAction};
use crate::store;
use crate::workflow;

/// How long a proxy may hold.
const LONGEST: TimeDelta = TimeDelta::days(366);
/// Proxies one person may have granted at once. A counter serves many, and is bounded by case.
const GRANTED: u64 = 10;
/// Agents one case may have at once.
const PER_CASE: u64 = 5;

/// For whom a proxy is granted (委托人); the slice of the cases knows that they are theirs.
#[derive(Clone, Debug, PartialEq)]
pub enum Principal {
    /// The reporter of the cases, who grants it.
    Reporter(AccountId),
    /// Somebody without an account, for whom the counter of the neighbourhood grants it.
    AtCounter {
        /// Path of the case's area.
        area_path: String,
    },
}

/// Invites somebody to act in cases of the principal's (授权代办). The caller has judged the cases. What it answers says nothing
/// about whether the number has an account.
///
/// # Errors
/// [`Error::Unauthenticated`]; `CONSENT_REQUIRED` of who grants it for himself; `INVALID` for the own number and for an end in
/// the past or more than a year ahead; `LIMIT_EXCEEDED`.
pub async fn grant_proxy(tx: &mut Tx, wanted: &GrantProxy, principal: &Principal) -> Result<Proxy> {
    let account = tx.actor().person()?.account;
    if matches!(principal, Principal::Reporter(_)) {
        identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    }
    let until = wanted.until.trunc_subsecs(6);
    if until <= tx.now() {
        return Err(because("until", "in_the_past"));
    }
    if until > tx.now() + LONGEST {
        return Err(because("until", "too_far_ahead"));
    }
    if store::accounts_phone(tx, account, &wanted.agent).await? {
        return Err(because("agentPhone", "own_phone"));
    }
    // One after the other, so that what is counted next is complete.
    identity::queue_up(tx, account).await?;
    let (granted, for_cases) = store::open_proxies(tx, account, &wanted.cases).await?;
    if for_cases >= PER_CASE {
        return Err(too_many(PER_CASE));
    }
    if matches!(principal, Principal::Reporter(_)) && granted >= GRANTED {
        return Err(too_many(GRANTED));
    }
    let wanted = GrantProxy { until, ..wanted.clone() };
    let proxy = store::insert_proxy(tx, &wanted, principal).await?;
    let happened = ProxyFact::Granted {
        principal: proxy.row.principal_id,
        requests: wanted.cases,
        verbs: wanted.verbs,
        valid_until: until,
    };
    tx.record(proxy.row.id.0, proxy.row.version, &happened)?;
    Ok(proxy)
}

/// The person with the invited number accepts (接受代办).
///
/// # Errors
/// `CONSENT_REQUIRED`; `INVALID_TRANSITION` unless it waits; `DEADLINE_PASSED` when its time is over.
pub async fn accept_proxy(tx: &mut Tx, answer: &Decide<ProxyGrantId>) -> Result<Proxy> {
    let agent = tx.actor().person()?.account;
    let proxy = permitted(tx, answer.on, ProxyAction::Accept).await?;
    identity::consent::demand(tx, &identity::consent::GENERAL).await?;
    let principal = proxy.row().row.principal_id;
    carry_out(tx, proxy, ProxyAction::Accept, &ProxyFact::Accepted { agent, principal }).await
}

/// Either side ends it, at once (终止代办).
///
/// # Errors
/// `INVALID_TRANSITION` once it is over.
pub async fn end_proxy(tx: &mut Tx, end: &Decide<ProxyGrantId>) -> Result<Proxy> {
    let proxy = permitted(tx, end.on, ProxyAction::End).await?;
    carry_out(tx, proxy, ProxyAction::End, &ProxyFact::Ended).await
}

async fn permitted(tx: &Tx, on: Seen<ProxyGrantId>, action: ProxyAction) -> Result<Permitted<Proxy>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let proxy = store::proxy(tx, on.id).await?.ok_or(Error::NotFound)?;
    let proxy = proxy.permit(tx.actor(), action)?;
    on.check(proxy.row().row.version)?;
    Ok(proxy)
}

async fn carry_out(tx: &mut Tx, proxy: Permitted<Proxy>, action: ProxyAction, fact: &ProxyFact) -> Result<Proxy> {
    workflow::may_proxy(&proxy.row().row, action, tx.now())?;
    let mut after = proxy.row().clone();
    workflow::evolve_proxy(&mut after.row, fact, tx.now());
    store::update_proxy(tx, proxy, &after.row).await?;
    tx.record(after.row.id.0, after.row.version, fact)?;
    Ok(after)
}

fn because(field: &str, reason: &'static str) -> Error {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(reason)).into()
}

fn too_many(limit: u64) -> Error {
    UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(limit as i64)).into()
}
