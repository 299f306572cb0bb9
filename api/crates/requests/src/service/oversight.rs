//! Verbs beside the trunk: fast lane, more time, pauses, urging, supervision, conferences, calls in vain, opening again.

use entity::enums::{Lane, NoteKind, Priority};
use kernel::error::Result;
use kernel::tx::Tx;

use super::{carry_out, check_active, class_for, permitted};
use crate::case::Case;
use crate::command::{
    AnswerSupervision, Confer, DecideAsk, FastTrack, MissCallback, OpenConflictWarning, Reopen, RequestExtension,
    RequestSuspension, Resume, Supervise, TakeUp, Urge,
};
use crate::fact::Class;
use crate::policy::Action;
use crate::store::Words;
use crate::town::Town;
use crate::workflow::Command;

/// What endangers people goes straight to units, with the shortest time limits (快速通道).
///
/// # Errors
/// `INVALID_TRANSITION` once it is dispatched; `INVALID` for units that take no orders.
pub async fn fast_track(tx: &mut Tx, town: &Town, fast: &FastTrack) -> Result<Case> {
    let order = &fast.dispatch;
    let case = permitted(tx, order.on, Action::FastTrack).await?;
    check_active(tx, "leadUnitId", &[order.lead_unit]).await?;
    check_active(tx, "coUnitIds", &order.co_units).await?;
    let row = &case.row().row;
    let category = class_for(town, row, fast.category_code.as_ref(), tx.now())?;
    let class = town.classify(category, row.kind, Priority::Emergency, row.visibility, (row.content_state, tx.now()));
    let class = Class { lane: Lane::Fast, ..class };
    let command = Command::FastTrack { class, lead: order.lead_unit, co_units: order.co_units.clone() };
    carry_out(tx, town, case, &command, Words::of(NoteKind::Dispatch, order.instruction.as_ref())).await
}

/// The leader of the lead unit asks for more time (延期; row 13).
///
/// # Errors
/// `DEADLINE_PASSED` once it is due; `LIMIT_EXCEEDED` the second time, and beyond what the policy leaves room for;
/// `ASK_PENDING` while something else is undecided.
pub async fn request_extension(tx: &mut Tx, town: &Town, wish: &RequestExtension) -> Result<Case> {
    let case = permitted(tx, wish.on, Action::RequestExtension).await?;
    let words = Words::of(NoteKind::Extension, Some(&wish.reason));
    carry_out(tx, town, case, &Command::RequestExtension { days: wish.working_days }, words).await
}

/// A dispatcher or the chief on duty decides on more time (延期决定; row 13).
///
/// # Errors
/// `INVALID_TRANSITION` unless it was asked for.
pub async fn decide_extension(tx: &mut Tx, town: &Town, decision: &DecideAsk) -> Result<Case> {
    let case = permitted(tx, decision.on, Action::DecideExtension).await?;
    let words = Words::of(NoteKind::ExtensionDecision, decision.note.as_ref());
    carry_out(tx, town, case, &Command::DecideExtension { is_granted: decision.is_granted }, words).await
}

/// The leader of the lead unit asks for a pause (挂起; row 11).
///
/// # Errors
/// `INVALID` for an instant that is past or more than 30 days away, or a reporter who was not called often enough to be out
/// of reach; `LIMIT_EXCEEDED` the third time.
pub async fn request_suspension(tx: &mut Tx, town: &Town, wish: &RequestSuspension) -> Result<Case> {
    let case = permitted(tx, wish.on, Action::RequestSuspension).await?;
    let words = Words::of(NoteKind::Suspension, Some(&wish.evidence));
    carry_out(tx, town, case, &Command::RequestSuspension { reason: wish.reason, until: wish.until }, words).await
}

/// A dispatcher or the chief on duty decides on a pause (挂起决定; row 11).
///
/// # Errors
/// `DEADLINE_PASSED` when the pause would be over already.
pub async fn decide_suspension(tx: &mut Tx, town: &Town, decision: &DecideAsk) -> Result<Case> {
    let case = permitted(tx, decision.on, Action::DecideSuspension).await?;
    let words = Words::of(NoteKind::SuspensionDecision, decision.note.as_ref());
    carry_out(tx, town, case, &Command::DecideSuspension { is_granted: decision.is_granted }, words).await
}

/// The unit goes on before the pause is over (恢复; row 12).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is paused.
pub async fn resume(tx: &mut Tx, town: &Town, resume: &Resume) -> Result<Case> {
    let case = permitted(tx, resume.on, Action::Resume).await?;
    carry_out(tx, town, case, &Command::Resume, Words::of(NoteKind::Resumption, resume.note.as_ref())).await
}

/// The reporter urges (催办).
///
/// # Errors
/// `NOT_IN_WINDOW` before the first contact is over its time; `LIMIT_EXCEEDED` the second time in a working day.
pub async fn urge(tx: &mut Tx, town: &Town, urge: &Urge) -> Result<Case> {
    let case = permitted(tx, urge.on, Action::Urge).await?;
    carry_out(tx, town, case, &Command::Urge, Words::of(NoteKind::Urge, urge.text.as_ref())).await
}

/// A supervisor orders and waits for an answer (督办).
///
/// # Errors
/// `INVALID` for a reason that is not so; `INVALID_TRANSITION` while another order waits for its answer.
pub async fn supervise(tx: &mut Tx, town: &Town, order: &Supervise) -> Result<Case> {
    let case = permitted(tx, order.on, Action::Supervise).await?;
    let words = Words::of(NoteKind::Supervision, Some(&order.instruction));
    carry_out(tx, town, case, &Command::Supervise { level: order.level, reason: order.reason }, words).await
}

/// Somebody who knows the place warns that people are in conflict, and how many (矛盾预警); the last warning holds.
///
/// # Errors
/// `INVALID_TRANSITION` once it is over.
pub async fn open_conflict_warning(tx: &mut Tx, town: &Town, warning: &OpenConflictWarning) -> Result<Case> {
    let case = permitted(tx, warning.on, Action::OpenConflictWarning).await?;
    let command = Command::OpenConflictWarning { kind: warning.kind, headcount: warning.headcount };
    carry_out(tx, town, case, &command, Words::of(NoteKind::InternalNote, warning.note.as_ref())).await
}

/// The leader of the lead unit answers the supervisor (督办回复); of a case that no unit has, a dispatcher.
///
/// # Errors
/// `INVALID_TRANSITION` unless it is supervised.
pub async fn answer_supervision(tx: &mut Tx, town: &Town, answer: &AnswerSupervision) -> Result<Case> {
    let case = permitted(tx, answer.on, Action::AnswerSupervision).await?;
    let words = Words::of(NoteKind::SupervisionReply, Some(&answer.reply));
    carry_out(tx, town, case, &Command::AnswerSupervision, words).await
}

/// The chief on duty writes down what a conference came to; it binds the unit that leads (会商; row 20).
///
/// # Errors
/// `INVALID` for fewer than two units, or units that take no orders.
pub async fn confer(tx: &mut Tx, town: &Town, conference: &Confer) -> Result<Case> {
    let case = permitted(tx, conference.on, Action::Confer).await?;
    check_active(tx, "leadUnitId", &[conference.lead_unit]).await?;
    check_active(tx, "coUnitIds", &conference.co_units).await?;
    let words = Words::of(NoteKind::Conference, Some(&conference.conclusion));
    let command = Command::Confer { lead: conference.lead_unit, co_units: conference.co_units.clone() };
    carry_out(tx, town, case, &command, words).await
}

/// A call-back agent notes a call in vain; the third closes the case once the reporter's time is over (回访未接通; row 17).
///
/// # Errors
/// `LIMIT_EXCEEDED` the fourth time; `INVALID` for who was reached.
pub async fn miss_callback(tx: &mut Tx, town: &Town, call: &MissCallback) -> Result<Case> {
    let case = permitted(tx, call.on, Action::RecordMissedCallback).await?;
    let words = Words::of(NoteKind::Callback, call.note.as_ref());
    carry_out(tx, town, case, &Command::MissCallback { outcome: call.outcome }, words).await
}

/// The reporter has a closed case opened again, with new facts (row 19).
///
/// # Errors
/// `DEADLINE_PASSED` after fifteen days; `LIMIT_EXCEEDED` the second time.
pub async fn reopen(tx: &mut Tx, town: &Town, wish: &Reopen) -> Result<Case> {
    let case = permitted(tx, wish.on, Action::Reopen).await?;
    carry_out(tx, town, case, &Command::Reopen, Words::of(NoteKind::Reopening, Some(&wish.new_facts))).await
}

/// A supervisor has a closed case opened again, whenever (疑难件重启; row 19).
///
/// # Errors
/// `INVALID_TRANSITION` unless it is closed.
pub async fn take_up(tx: &mut Tx, town: &Town, order: &TakeUp) -> Result<Case> {
    let case = permitted(tx, order.on, Action::TakeUp).await?;
    let words = Words::of(NoteKind::Supervision, Some(&order.instruction));
    carry_out(tx, town, case, &Command::TakeUp, words).await
}
