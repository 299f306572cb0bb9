//! Bringing a request in.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Channel, ConsentKind, ContentState, Lane, Priority, Source};
use entity::id::AccountId;
use identity::phone::Phone;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::tx::Tx;

use crate::case::Case;
use crate::command::Submit;
use crate::fact::Submitted;
use crate::place::cell_of;
use crate::policy;
use crate::store;
use crate::town::Town;

/// Open requests one person may bring in within 24 hours.
const OPEN_PER_DAY: usize = 5;

/// A resident, or staff for one, brings in a request (提交诉求; row 1).
///
/// # Errors
/// [`Error::Unauthenticated`]; [`Error::Forbidden`] when the channel is not the actor's; `CONSENT_REQUIRED` for what a person
/// says about the own matters; `LIMIT_EXCEEDED` beyond five open requests in 24 hours; `PHONE_REQUIRED` when there is no number
/// to call; `INVALID` for photos of others.
pub async fn submit(tx: &mut Tx, town: &Town, submit: &Submit) -> Result<Case> {
    let account = tx.actor().person()?.account;
    let is_on_behalf = submit.on_behalf_name.is_some();
    if !policy::may_submit(tx.actor(), submit.channel, is_on_behalf, &submit.area.path) {
        return Err(Error::Forbidden);
    }
    demand_consent(tx, submit).await?;
    if submit.channel != Channel::Patrol {
        // One after the other, so that what is counted next is complete.
        identity::queue_up(tx, account).await?;
        admit_one_more(tx, submit).await?;
    }
    let phone = phone_to_call(tx, submit, account).await?;
    let reporter = (!is_on_behalf).then_some(account);
    let submitted = describe(town, submit, (reporter, account), tx.now(), store::next_case_no(tx).await?)?;
    store::insert(tx, town, submit, phone.as_ref(), submitted).await
}

/// Who speaks for himself consents first, to exact places too where one is given; what staff take down is their duty.
async fn demand_consent(tx: &Tx, submit: &Submit) -> Result<()> {
    if submit.on_behalf_name.is_some() || submit.channel == Channel::Patrol {
        return Ok(());
    }
    let mut kinds = identity::consent::GENERAL.to_vec();
    kinds.extend(submit.place.map(|_| ConsentKind::Location));
    identity::consent::demand(tx, &kinds).await
}

async fn admit_one_more(tx: &Tx, submit: &Submit) -> Result<()> {
    let open = store::recent_open(tx, submit).await?;
    let frees_a_place = open.len().checked_sub(OPEN_PER_DAY).and_then(|place| open.get(place));
    let Some(oldest) = frees_a_place else { return Ok(()) };
    let detail = Detail::LimitUntil(OPEN_PER_DAY as i64, *oldest + TimeDelta::hours(24));
    Err(UserError::new(UserErrorCode::LimitExceeded).with(detail).into())
}

/// The number given, else the account's; none where nobody is to be called, and never that of who types for another.
async fn phone_to_call(tx: &Tx, submit: &Submit, account: AccountId) -> Result<Option<Phone>> {
    let is_ours = submit.is_anonymous || submit.on_behalf_name.is_some() || submit.channel == Channel::Patrol;
    if submit.contact_phone.is_some() || is_ours {
        return Ok(submit.contact_phone.clone());
    }
    let found = identity::account_of(tx.db(), account).await?;
    let own = found.map(|account| identity::phone_of(tx.base(), &account)).transpose()?.flatten();
    if own.is_none() && submit.may_contact {
        return Err(Error::refused_at(UserErrorCode::PhoneRequired, "contactPhone"));
    }
    Ok(own)
}

/// All a new request is, but for the words and the exact place; `reporter` and `submitted_by` are whose it is and who typed
/// it.
pub(crate) fn describe(
    town: &Town,
    submit: &Submit,
    (reporter, submitted_by): (Option<AccountId>, AccountId),
    now: DateTime<Utc>,
    case_no: String,
) -> Result<Submitted> {
    let unknown = || UserError::at(UserErrorCode::Invalid, "categoryCode");
    let category = town.offered_category(&submit.category_code, now).ok_or_else(unknown)?;
    let words = [Some(&submit.description), submit.address.as_ref()];
    // What is to be looked at comes after what passes.
    let checked = words.into_iter().flatten().map(|words| town.check(words, now)).max().unwrap_or(ContentState::Pass);
    let class = town.classify(category, submit.kind, Priority::Normal, submit.visibility, (checked, now));
    let timing = town.timing(&class.sla_code, class.sla_version, now)?;
    let mut clocks = timing.clocks();
    let accept_due_at = clocks.due(timing.policy.accept);
    Ok(Submitted {
        street: submit.area.street().to_owned(),
        area: submit.area.id,
        area_path: submit.area.path.clone(),
        cell: submit.place.map(cell_of),
        reporter,
        submitted_by,
        is_anonymous: submit.is_anonymous,
        is_confidential: submit.is_confidential,
        may_contact: submit.may_contact,
        channel: submit.channel,
        source: source_of(submit.channel, class.lane),
        photos: submit.photos.clone(),
        accept_due_at,
        is_calendar_uncertain: clocks.is_uncertain,
        class,
        case_no,
    })
}

fn source_of(channel: Channel, lane: Lane) -> Source {
    match channel {
        Channel::Patrol => Source::Patrol,
        Channel::Sensor => Source::Auto,
        Channel::Hotline12345 => Source::Hotline,
        _ if lane == Lane::Green => Source::Enterprise,
        _ => Source::Resident,
    }
}
