//! The verbs (办事): get → who → version → when → write. One short function each.

use chrono::{DateTime, Utc};
use entity::enums::{ContentState, NoteKind, Source};
use entity::id::UnitId;
use entity::service_request;
use kernel::actor::Actor;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::guarded::{Decision, Guarded as _, Permitted};
use kernel::tx::Tx;

use crate::case::Case;
use crate::command::{
    Accept, DecideReturn, Dispatch, File, HandOver, Object, RecordContact, Reject, RequestReturn, Sign, SubmitHandling,
    Supplement, Survey, Target, Verify, Withdraw,
};
use crate::fact::Answer;
use crate::policy::{self, Action, Scope};
use crate::reference::{Category, Edition};
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::{self, Command};

mod alarms;
mod content;
mod duplicates;
mod external;
mod findings;
mod oversight;
mod redact;
mod relocate;
mod retention;
mod submit;
mod talk;
pub use alarms::{alarmed, put_off, wake};
pub use content::{ContentReport, may_review, report_content, review_content};
pub(crate) use duplicates::{NEAR, place_of};
pub use duplicates::{follow, merge, unfollow};
pub use external::{known_orders, may_recall, orders_to_recall, recall, receive};
pub use findings::{Found, report_patrol_finding, take_device_event};
pub use oversight::{
    answer_supervision, confer, decide_extension, decide_suspension, fast_track, miss_callback, open_conflict_warning,
    reopen, request_extension, request_suspension, resume, supervise, take_up, urge,
};
pub use redact::{Original, RevealOriginal, photo_to_redact, redact, redact_photo, reveal_original};
pub use relocate::relocate;
pub use retention::{kept_long_enough, place_legal_hold, put_away, release_legal_hold};
pub(crate) use submit::describe;
pub use submit::submit;
pub use talk::{add_internal_note, answer_question, ask_reporter, message_reporter, publish_update};

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
    let timing = town.timing_for(&case.row().row, command, tx.now())?;
    let fact = workflow::decide(case.row(), command, tx.actor().account(), &timing)?;
    store::apply(tx, town, case, &fact, words).await
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
    let category = class_for(town, row, accept.category_code.as_ref(), tx.now())?;
    let class = town.classify(
        category,
        accept.kind_for(row.channel)?.unwrap_or(row.kind),
        accept.priority.unwrap_or(row.priority),
        // What the reporter kept private, nobody else may publish.
        accept.visibility.unwrap_or(row.visibility).min(row.visibility),
        // What a moderator found amiss stays so until a moderator lets it pass.
        (
            accept.content_state.filter(|_| row.content_state != ContentState::Risky).unwrap_or(row.content_state),
            tx.now(),
        ),
    );
    // What follows acceptance is due by the class it was given, not by the one it came with.
    let command = Command::Accept(class);
    let timing = town.timing_for(row, &command, tx.now())?;
    let fact = workflow::decide(case.row(), &command, tx.actor().account(), &timing)?;
    let case = store::apply(tx, town, case, &fact, Words::default()).await?;
    // Whoever accepts what a device saw, has verified it.
    if case.row.source == Source::Auto { findings::file_found(tx, town, case).await } else { Ok(case) }
}

/// The category a case is given: a new one must be in use; the one it has may have been retired since.
fn class_for<'t>(
    town: &'t Town,
    row: &service_request::Model,
    wanted: Option<&String>,
    now: DateTime<Utc>,
) -> Result<&'t Edition<Category>> {
    let found = match wanted.filter(|code| **code != row.category_code) {
        Some(code) => town.offered_category(code, now),
        None => town.category(&row.category_code, now),
    };
    found.ok_or_else(|| Error::refused_at(UserErrorCode::Invalid, "categoryCode"))
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
    let needs_photo = town.needs_photo(&case.row().row.category_code, tx.now());
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
    let leader = match case.row().surveyed().lead_unit_id {
        Some(unit) if answer.is_bad() => directory::leader_of(tx.db(), unit, tx.now()).await?,
        Some(_) | None => None,
    };
    let words = Words { comment: survey.comment.clone(), ..Words::default() };
    let mut case = carry_out(tx, town, case, &Command::Answer { answer, leader }, words).await?;
    if let Some(into) = case.row.merged_into_id {
        let asker = Asker::of(tx.actor(), tx.now());
        let target = store::case(tx.db(), &Scope::Everything, asker, into).await?.ok_or(Error::NotFound)?;
        let target = target.permit(&Actor::System, Action::Survey)?;
        let hear = Command::Hear { is_bad: answer.is_bad(), leader };
        let target = carry_out(tx, town, target, &hear, Words::default()).await?;
        case.into = Some(Box::new(target.row));
    }
    Ok(case)
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
///
/// # Errors
/// A fault when the case's SLA policy is not in the table.
pub fn viewer_actions(town: &Town, actor: &Actor, case: &Case, now: DateTime<Utc>) -> Result<Vec<Action>> {
    let timing = town.timing_of(&case.row, now)?;
    let is_offered = |action: &Action| {
        case.decide(actor, *action) == Decision::Allow && workflow::may(case, *action, actor.account(), &timing).is_ok()
    };
    Ok(Action::verbs().filter(is_offered).collect())
}
