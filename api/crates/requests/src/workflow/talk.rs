//! What is said while it goes on (沟通): among the staff, to the reporter, to everybody; and a question that the case waits for.

use areas::TimeLimit;
use entity::enums::Audience;
use entity::id::AttachmentId;

use super::{Refusal, pauses, room_for, within_reason};
use crate::case::Case;
use crate::fact::Fact;
use crate::sla::Timing;

/// Questions that stop the clocks of a case at most.
pub const QUESTIONS: i32 = 2;
/// A question waits for three working days, as what is incomplete does.
const WAIT: TimeLimit = TimeLimit::WorkingDays(3);

pub(super) fn say(case: &Case, to: Audience) -> Result<Fact, Refusal> {
    within_reason(case)?;
    Ok(Fact::Said { to })
}

/// The clocks stand still until the reporter answers, three working days at most (待居民答复).
pub(super) fn ask(timing: &Timing) -> Fact {
    let mut clocks = timing.clocks();
    let until = clocks.due(WAIT);
    Fact::Questioned { until, is_calendar_uncertain: clocks.is_uncertain }
}

/// The answer sets the clocks going again, with what was left of them.
pub(super) fn answer(case: &Case, photos: &[AttachmentId], timing: &Timing) -> Result<Fact, Refusal> {
    room_for(case.photos - case.after_photos, photos)?;
    let (due_at, contact_due_at, is_calendar_uncertain) = pauses::left(case, timing)?;
    Ok(Fact::QuestionAnswered { photos: photos.to_vec(), due_at, contact_due_at, is_calendar_uncertain })
}
