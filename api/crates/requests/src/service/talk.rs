//! What is said while a case goes on: among the staff, to the reporter, to everybody; questions and their answers.

use entity::enums::{Audience, NoteKind};
use kernel::error::Result;
use kernel::tx::Tx;

use super::{carry_out, permitted};
use crate::case::Case;
use crate::command::{AnswerQuestion, Say};
use crate::policy::Action;
use crate::store::Words;
use crate::town::Town;
use crate::workflow::Command;

/// The staff notes something for itself (内部备注), also about a case that is over.
///
/// # Errors
/// `LIMIT_EXCEEDED` where too much was said already.
pub async fn add_internal_note(tx: &mut Tx, town: &Town, words: &Say) -> Result<Case> {
    say(tx, town, words, NoteKind::InternalNote, Audience::Staff).await
}

/// The unit or a dispatcher writes to the reporter (留言).
///
/// # Errors
/// `INVALID_TRANSITION` once it is over.
pub async fn message_reporter(tx: &mut Tx, town: &Town, words: &Say) -> Result<Case> {
    say(tx, town, words, NoteKind::Message, Audience::Participant).await
}

/// The unit's leader or a dispatcher tells everybody how it goes (进展公告); forbidden words are held back until looked at.
///
/// # Errors
/// `INVALID_TRANSITION` for a case that is not public, or over.
pub async fn publish_update(tx: &mut Tx, town: &Town, words: &Say) -> Result<Case> {
    say(tx, town, words, NoteKind::PublicUpdate, Audience::Public).await
}

async fn say(tx: &mut Tx, town: &Town, words: &Say, kind: NoteKind, to: Audience) -> Result<Case> {
    let command = Command::Say { to };
    let case = permitted(tx, words.on, command.action()).await?;
    carry_out(tx, town, case, &command, Words::of(kind, Some(&words.text))).await
}

/// The unit asks the reporter what it must know to go on (询问); the clocks stand still until the answer, three working days at
/// most.
///
/// # Errors
/// `LIMIT_EXCEEDED` the third time; `ASK_PENDING` while something that was asked for is undecided.
pub async fn ask_reporter(tx: &mut Tx, town: &Town, say: &Say) -> Result<Case> {
    let case = permitted(tx, say.on, Action::AskReporter).await?;
    carry_out(tx, town, case, &Command::Ask, Words::of(NoteKind::Question, Some(&say.text))).await
}

/// The reporter answers the unit's question (答复); the clocks go on.
///
/// # Errors
/// `INVALID_TRANSITION` where no question waits; `LIMIT_EXCEEDED` beyond nine photos.
pub async fn answer_question(tx: &mut Tx, town: &Town, answer: &AnswerQuestion) -> Result<Case> {
    let case = permitted(tx, answer.on, Action::AnswerQuestion).await?;
    let words = Words::of(NoteKind::Answer, Some(&answer.text));
    carry_out(tx, town, case, &Command::AnswerQuestion { photos: answer.photos.clone() }, words).await
}
