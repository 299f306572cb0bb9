//! The verbs (办事): get → who → version → when → write. One short function each.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Channel, ConsentKind, Lane, NoteKind, Priority, Source};
use entity::id::{AccountId, UnitId};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::tx::Tx;

use crate::case::Case;
use crate::command::{
    Accept, DecideReturn, Dispatch, File, HandOver, Object, RecordContact, Reject, RequestReturn, Sign, Submit,
    SubmitHandling, Supplement, Survey, Target, Verify, Withdraw,
};
use crate::content::is_forbidden;
use crate::fact::{Answer, Submitted};
use crate::place::cell_of;
use crate::policy::{self, Action};
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::{self, Command};

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
    store::insert(tx, tx.id()?, submit, phone.as_ref(), submitted).await
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
    let category = town.category(&submit.category_code).ok_or_else(unknown)?;
    let words = [Some(&submit.description), submit.address.as_ref()];
    let is_held = words.into_iter().flatten().any(|words| is_forbidden(words));
    let class = town.classify(category, submit.kind, Priority::Normal, submit.visibility, is_held);
    let timing = town.timing(&class.sla_code, now)?;
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

/// The first half of every verb: one scoped read, then who, then the version seen.
pub(crate) async fn permitted(tx: &Tx, on: Target, action: Action) -> Result<Permitted<Case>> {
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    let case = store::case(tx.db(), &policy::sight(tx.actor(), tx.now()), Asker::of(tx.actor(), tx.now()), on.id)
        .await?
        .ok_or(Error::NotFound)?;
    let case = case.permit(tx.actor(), action)?;
    on.check(case.row().row.version)?;
    Ok(case)
}

/// The second half: when, and what comes of it.
async fn carry_out(tx: &mut Tx, town: &Town, case: Permitted<Case>, command: &Command, words: Words) -> Result<Case> {
    let timing = town.timing_of(&case.row().row, tx.now())?;
    let fact = workflow::decide(case.row(), command, tx.actor().account(), &timing)?;
    store::apply(tx, case, &fact, words).await
}

/// The reporter adds words or photos to an open case (补充).
///
/// # Errors
/// `INVALID_TRANSITION` once it is closed; `LIMIT_EXCEEDED` beyond nine photos.
pub async fn supplement(tx: &mut Tx, town: &Town, supplement: &Supplement) -> Result<Case> {
    let case = permitted(tx, supplement.on, Action::Supplement).await?;
    let words = Words::of(NoteKind::Supplement, supplement.text.as_ref());
    carry_out(tx, town, case, &Command::Supplement { photos: supplement.photos.clone() }, words).await
}

/// The reporter takes it back (撤回; row 4).
///
/// # Errors
/// `INVALID_TRANSITION` once it is on file.
pub async fn withdraw(tx: &mut Tx, town: &Town, withdraw: &Withdraw) -> Result<Case> {
    let case = permitted(tx, withdraw.on, Action::Withdraw).await?;
    let words = Words::of(NoteKind::Withdrawal, withdraw.reason.as_ref());
    carry_out(tx, town, case, &Command::Withdraw, words).await
}

/// The reporter objects to a refusal, once (异议; row 3).
///
/// # Errors
/// `LIMIT_EXCEEDED` the second time.
pub async fn object(tx: &mut Tx, town: &Town, object: &Object) -> Result<Case> {
    let case = permitted(tx, object.on, Action::Object).await?;
    carry_out(tx, town, case, &Command::Object, Words::of(NoteKind::Objection, Some(&object.text))).await
}

/// A dispatcher takes it on and classifies it (受理; row 2).
///
/// # Errors
/// `INVALID_TRANSITION` unless it was just submitted.
pub async fn accept(tx: &mut Tx, town: &Town, accept: &Accept) -> Result<Case> {
    let case = permitted(tx, accept.on, Action::Accept).await?;
    let row = &case.row().row;
    let code = accept.category_code.as_ref().unwrap_or(&row.category_code);
    let category = town.category(code).ok_or_else(|| Error::refused_at(UserErrorCode::Invalid, "categoryCode"))?;
    let class = town.classify(
        category,
        accept.kind_for(row.channel)?.unwrap_or(row.kind),
        accept.priority.unwrap_or(row.priority),
        // What the reporter kept private, nobody else may publish.
        accept.visibility.unwrap_or(row.visibility).min(row.visibility),
        accept.is_held.unwrap_or(row.is_held),
    );
    // What follows acceptance is due by the class it was given, not by the one it came with.
    let timing = town.timing(&class.sla_code, tx.now())?;
    let fact = workflow::decide(case.row(), &Command::Accept(class), tx.actor().account(), &timing)?;
    store::apply(tx, case, &fact, Words::default()).await
}

/// A dispatcher refuses it, says why and where to turn (不予受理; row 3).
///
/// # Errors
/// `INVALID` when it is called incomplete before three working days are over.
pub async fn reject(tx: &mut Tx, town: &Town, reject: &Reject) -> Result<Case> {
    let case = permitted(tx, reject.on, Action::Reject).await?;
    let words = Words::of(NoteKind::Rejection, Some(&reject.explanation));
    carry_out(tx, town, case, &Command::Reject { reason: reject.reason }, words).await
}

/// A dispatcher puts it on file (立案; row 5).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is accepted.
pub async fn file(tx: &mut Tx, town: &Town, file: &File) -> Result<Case> {
    let case = permitted(tx, file.on, Action::File).await?;
    carry_out(tx, town, case, &Command::File, Words::default()).await
}

/// A dispatcher sends it to one lead unit and others that help (派遣; row 7).
///
/// # Errors
/// `INVALID` for units that take no orders.
pub async fn dispatch(tx: &mut Tx, town: &Town, dispatch: &Dispatch) -> Result<Case> {
    let case = permitted(tx, dispatch.on, Action::Dispatch).await?;
    check_active(tx, "leadUnitId", &[dispatch.lead_unit]).await?;
    check_active(tx, "coUnitIds", &dispatch.co_units).await?;
    let words = Words::of(NoteKind::Dispatch, dispatch.instruction.as_ref());
    let command = Command::Dispatch { lead: dispatch.lead_unit, co_units: dispatch.co_units.clone() };
    carry_out(tx, town, case, &command, words).await
}

async fn check_active(tx: &Tx, field: &str, units: &[UnitId]) -> Result<()> {
    let active = if units.is_empty() { Vec::new() } else { directory::active_units(tx.db(), units).await? };
    if active.len() == units.len() {
        return Ok(());
    }
    Err(UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_an_active_unit")).into())
}

/// A handler of the lead unit signs for it (签收; row 8).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is dispatched.
pub async fn sign(tx: &mut Tx, town: &Town, sign: &Sign) -> Result<Case> {
    let case = permitted(tx, sign.on, Action::Sign).await?;
    carry_out(tx, town, case, &Command::Sign, Words::default()).await
}

/// The handler writes down how a contact with the reporter went (先行联系).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is in progress.
pub async fn record_contact(tx: &mut Tx, town: &Town, contact: &RecordContact) -> Result<Case> {
    let case = permitted(tx, contact.on, Action::RecordContact).await?;
    let words = Words::of(NoteKind::Contact, contact.note.as_ref());
    let command = Command::RecordContact { method: contact.method, outcome: contact.outcome };
    carry_out(tx, town, case, &command, words).await
}

/// The handler reports the work done (处置反馈; row 14).
///
/// # Errors
/// `CONTACT_REQUIRED`, `PHOTO_REQUIRED`.
pub async fn submit_handling(tx: &mut Tx, town: &Town, handling: &SubmitHandling) -> Result<Case> {
    let case = permitted(tx, handling.on, Action::SubmitHandling).await?;
    let needs_photo = town.needs_photo(&case.row().row.category_code);
    let words = Words::of(NoteKind::Reply, Some(&handling.reply));
    let photos = handling.photos.clone();
    let command = Command::SubmitHandling { result: handling.result, photos, needs_photo };
    carry_out(tx, town, case, &command, words).await
}

/// Somebody who did not do the work judges it (核查; rows 15, 16).
///
/// # Errors
/// `SAME_PERSON` for the handler.
pub async fn verify(tx: &mut Tx, town: &Town, verify: &Verify) -> Result<Case> {
    let case = permitted(tx, verify.on, Action::Verify).await?;
    let words = Words::of(NoteKind::Verification, verify.note.as_ref());
    carry_out(tx, town, case, &Command::Verify { is_passed: verify.is_passed }, words).await
}

/// The reporter answers the survey (评价; rows 17, 18).
///
/// # Errors
/// `DEADLINE_PASSED` after seven days.
pub async fn survey(tx: &mut Tx, town: &Town, survey: &Survey) -> Result<Case> {
    let case = permitted(tx, survey.on, Action::Survey).await?;
    answer(tx, town, case, survey, false).await
}

/// A call-back agent writes down the answer given on the phone (回访; rows 17, 18).
///
/// # Errors
/// `SAME_PERSON` for the handler.
pub async fn record_callback(tx: &mut Tx, town: &Town, survey: &Survey) -> Result<Case> {
    let case = permitted(tx, survey.on, Action::RecordCallback).await?;
    answer(tx, town, case, survey, true).await
}

async fn answer(tx: &mut Tx, town: &Town, case: Permitted<Case>, survey: &Survey, is_by_agent: bool) -> Result<Case> {
    let answer = Answer { solved: survey.solved, satisfaction: survey.satisfaction, is_by_agent };
    let leader = match case.row().row.lead_unit_id {
        Some(unit) if answer.is_bad() => directory::leader_of(tx.db(), unit, tx.now()).await?,
        Some(_) | None => None,
    };
    let words = Words { comment: survey.comment.clone(), ..Words::default() };
    carry_out(tx, town, case, &Command::Answer { answer, leader }, words).await
}

/// The leader of the lead unit asks to return the order (退单; row 9).
///
/// # Errors
/// `DEADLINE_PASSED` after one working day; `RETURN_USED` the second time in a round; `INVALID` for a suggested unit that
/// takes no orders.
pub async fn request_return(tx: &mut Tx, town: &Town, wish: &RequestReturn) -> Result<Case> {
    let case = permitted(tx, wish.on, Action::RequestReturn).await?;
    check_active(tx, "suggestedUnitId", &[wish.suggested_unit]).await?;
    let grounds = Some((wish.reason.clone(), wish.basis.clone()));
    let command = Command::RequestReturn { suggested_unit: wish.suggested_unit };
    carry_out(tx, town, case, &command, Words { grounds, ..Words::default() }).await
}

/// A dispatcher, or the chief on duty when it is disputed twice, decides on a return (退单决定; row 10).
///
/// # Errors
/// `INVALID_TRANSITION` unless one is pending.
pub async fn decide_return(tx: &mut Tx, town: &Town, decision: &DecideReturn) -> Result<Case> {
    let case = permitted(tx, decision.on, Action::DecideReturn).await?;
    let words = Words::of(NoteKind::ReturnDecision, decision.note.as_ref());
    carry_out(tx, town, case, &Command::DecideReturn { is_granted: decision.is_granted }, words).await
}

/// All open cases of somebody who leaves a unit go to a colleague, and the membership ends (移交): one act.
///
/// # Errors
/// [`Error::Forbidden`] unless the unit's leader asks; `INVALID` when the successor is not of the unit; `SAME_PERSON`.
pub async fn hand_over(tx: &mut Tx, town: &Town, command: &HandOver) -> Result<Vec<Case>> {
    let HandOver { unit, leaver, successor } = *command;
    if *tx.actor() == Actor::Anonymous {
        return Err(Error::Unauthenticated);
    }
    if !policy::may_hand_over(tx.actor(), unit) {
        return Err(Error::Forbidden);
    }
    if leaver == successor {
        return Err(Error::refused_at(UserErrorCode::SamePerson, "successorId"));
    }
    // The leaver may have gone already: that is when cases are left behind.
    if !directory::is_member(tx.db(), unit, successor, tx.now()).await? {
        let nobody = UserError::at(UserErrorCode::Invalid, "successorId").with(Detail::Because("not_a_member"));
        return Err(nobody.into());
    }
    let mut moved = Vec::new();
    for case in store::open_cases_of(tx.db(), Asker::of(tx.actor(), tx.now()), unit, leaver).await? {
        let case = case.permit(tx.actor(), Action::HandOver)?;
        moved.push(carry_out(tx, town, case, &Command::HandOver { to: successor }, Words::default()).await?);
    }
    if directory::is_member(tx.db(), unit, leaver, tx.now()).await? {
        directory::end_membership(tx, unit, leaver).await?;
    }
    Ok(moved)
}

/// What the actor may do with the case now (可执行操作): the same policy and the same workflow that guard the verbs.
#[must_use]
pub fn viewer_actions(actor: &Actor, case: &Case, now: DateTime<Utc>) -> Vec<Action> {
    let is_offered = |action: &Action| {
        case.decide(actor, *action) == Decision::Allow && workflow::may(case, *action, actor.account(), now).is_ok()
    };
    Action::verbs().filter(is_offered).collect()
}
