//! What is published (内容审核): what a check or people find amiss waits for a moderator, who decides.

use chrono::TimeDelta;
use entity::enums::{ContentReason, ContentState, ServiceRequestState as S, Visibility};
use entity::service_request::Model;

use super::{Refusal, within_reason};
use crate::case::Case;
use crate::fact::{Content, Fact, Reported, Reviewed};

/// Reports of different people that hold a case back until somebody looked.
const REPORTS: i32 = 3;
/// A moderator looks within this time (举报处理时限).
pub const LOOK_WITHIN: TimeDelta = TimeDelta::hours(24);

/// What a moderator decides of words or a photo, with what the check said of it before.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Review {
    /// Of what.
    pub content: Content,
    /// What the check said before.
    pub before: ContentState,
    /// What it is to say.
    pub verdict: ContentState,
    /// What is wrong with it.
    pub reason: Option<ContentReason>,
    /// The reporter's own.
    pub is_reporters: bool,
}

/// Whether somebody has to look.
#[must_use]
pub fn waits(state: ContentState) -> bool {
    state == ContentState::Review
}

/// Whether others than the parties and the staff may ever see it, so that somebody has to look at what it says.
#[must_use]
pub fn is_published(row: &Model) -> bool {
    row.visibility != Visibility::Private && !row.is_confidential
}

/// Whether a case has something that is or would be public: those of reports that came to nothing never are.
pub(super) fn fits(state: S) -> bool {
    !matches!(state, S::Rejected | S::Withdrawn | S::Merged)
}

pub(super) fn review(case: &Case, review: &Review) -> Result<Fact, Refusal> {
    let is_whole = review.content == Content::Request;
    let decides = if is_whole { case.row.reports_open } else { 0 };
    if review.before == review.verdict && decides == 0 {
        return Err(Refusal::SameVerdict);
    }
    let Review { content, before, verdict: after, reason, is_reporters } = *review;
    Ok(Fact::ContentReviewed(Reviewed { content, before, after, reason, is_reporters, decides }))
}

pub(super) fn report(case: &Case, reason: ContentReason) -> Result<Fact, Refusal> {
    within_reason(case)?;
    let open = case.row.reports_open + 1;
    let is_held = open >= REPORTS && case.row.content_state == ContentState::Pass;
    Ok(Fact::ContentReported(Reported { reason, open, is_held }))
}

/// What a fact about content makes of the row.
pub(super) fn evolve(row: &mut Model, fact: &Fact) {
    match fact {
        Fact::ContentHeld(Content::Request) => row.content_state = ContentState::Review,
        Fact::ContentHeld(Content::Note(_) | Content::Photo(_)) => row.contents_waiting += 1,
        Fact::ContentReviewed(reviewed) if reviewed.content == Content::Request => {
            row.content_state = reviewed.after;
            row.reports_open = 0;
        }
        Fact::ContentReviewed(reviewed) if waits(reviewed.before) => {
            row.contents_waiting = (row.contents_waiting - 1).max(0);
        }
        Fact::ContentReported(reported) => {
            row.reports_open = reported.open;
            if reported.is_held {
                row.content_state = ContentState::Review;
            }
        }
        _ => {}
    }
}

/// Until when a moderator has to have looked, of a row as it is now: what waited before keeps its time. What is public no more needs
/// no decision about what was reported of it.
pub(super) fn plan(row: &mut Model) {
    if !fits(row.state) {
        row.reports_open = 0;
    }
    let is_waiting = waits(row.content_state) || row.contents_waiting > 0 || row.reports_open > 0;
    let is_asked = is_waiting && is_published(row) && fits(row.state);
    row.review_due_at = is_asked.then(|| row.review_due_at.unwrap_or(row.updated_at + LOOK_WITHIN));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::workflow::Command;
    use crate::workflow::tests::{case_in, instant, run};

    fn judged(case: &Case, verdict: ContentState, at: i64) -> Result<Case, Refusal> {
        let before = case.row.content_state;
        let review = Review { content: Content::Request, before, verdict, reason: None, is_reporters: true };
        run(case, &Command::ReviewContent(review), instant(at))
    }

    fn reported(case: &Case, at: i64) -> Case {
        run(case, &Command::ReportContent { reason: ContentReason::Abuse }, instant(at)).unwrap()
    }

    #[test]
    fn what_is_risky_is_listed_no_more_until_it_passes() {
        let case = case_in(S::InProgress);
        assert!(case.row.is_listed && case.row.review_due_at.is_none());
        let hidden = judged(&case, ContentState::Risky, 30).unwrap();
        assert!(!hidden.row.is_listed && hidden.row.review_due_at.is_none());
        assert_eq!(judged(&hidden, ContentState::Risky, 31), Err(Refusal::SameVerdict));
        assert!(judged(&hidden, ContentState::Pass, 32).unwrap().row.is_listed);
    }

    #[test]
    fn three_reports_hold_it_back_and_the_first_one_sets_the_time() {
        let first = reported(&case_in(S::Closed), 30);
        let due = first.row.review_due_at;
        assert_eq!(due, Some(instant(30) + LOOK_WITHIN));
        let second = reported(&first, 40);
        assert!(second.row.is_listed);
        let third = reported(&second, 50);
        assert_eq!((third.row.is_listed, third.row.content_state), (false, ContentState::Review));
        assert_eq!((third.row.reports_open, third.row.review_due_at), (3, due));
        let released = judged(&third, ContentState::Pass, 60).unwrap();
        assert_eq!((released.row.is_listed, released.row.reports_open, released.row.review_due_at), (true, 0, None));
        assert!(reported(&released, 70).row.is_listed, "those that were decided count no more");
    }

    #[test]
    fn what_passed_already_is_looked_at_again_when_somebody_reports_it() {
        let case = case_in(S::Filed);
        assert_eq!(judged(&case, ContentState::Pass, 30), Err(Refusal::SameVerdict));
        let looked = judged(&reported(&case, 30), ContentState::Pass, 31).unwrap();
        assert_eq!((looked.row.reports_open, looked.row.review_due_at), (0, None));
    }

    #[test]
    fn of_what_nobody_sees_nobody_has_to_look() {
        for private in [true, false] {
            let mut case = case_in(S::InProgress);
            case.row.visibility = if private { Visibility::Private } else { Visibility::Public };
            case.row.is_confidential = !private;
            let risky = judged(&case, ContentState::Risky, 30).unwrap();
            assert_eq!(judged(&risky, ContentState::Pass, 31).unwrap().row.review_due_at, None);
            assert_eq!(reported(&case, 30).row.review_due_at, None);
        }
    }
}
