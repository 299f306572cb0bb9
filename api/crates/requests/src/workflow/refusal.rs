//! Why the rules say no (拒绝), and the code a client is told.

use chrono::{DateTime, Utc};
use kernel::error::{Detail, Error, UserError, UserErrorCode};

use super::talk::QUESTIONS;
use super::{CALLBACKS, EXTENSIONS, MOVES, PHOTOS, SUSPENSIONS};
use crate::policy::Action;

/// Why the rules said no (拒绝).
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// The state does not allow it; says what it allows.
    WrongState(Vec<Action>),
    /// The one objection was used.
    ObjectionUsed,
    /// The first contact is missing.
    ContactMissing,
    /// A photo of the result is missing.
    PhotoMissing,
    /// More photos than a case may have.
    TooManyPhotos,
    /// More additions and calls than a case takes.
    TooManyMoves,
    /// Who handled it, or reported it handled, may not judge it.
    SamePerson,
    /// Its time is over.
    TooLate,
    /// Its time has not come.
    TooEarly,
    /// The one return of this unit and round was used.
    ReturnUsed,
    /// Who returns an order must name another unit.
    ReturnToSelf,
    /// The lead unit cannot help itself.
    LeadAmongCoUnits,
    /// Satisfaction is 1 to 5.
    OutOfRange,
    /// A conference bound the unit to the case.
    LeadBound,
    /// Something else the unit asked for is not decided yet.
    AskPending,
    /// The questions were used.
    QuestionsUsed,
    /// The one extension was used.
    ExtensionsUsed,
    /// More days than the policy leaves room for.
    ExtensionTooLong(i32),
    /// An extension has at least one day.
    NoDays,
    /// The pauses were used.
    SuspensionsUsed,
    /// A pause ends in the future, within 30 days.
    BadPause,
    /// Who waits for the reporter's answer asks the reporter.
    AskInstead,
    /// The reporter was not called often enough to be out of reach.
    NotTriedEnough,
    /// The reporter urged in this working day already; may again from then on.
    UrgedAlready(DateTime<Utc>),
    /// The unit still has time to call; may be urged from then on.
    UrgedTooEarly(DateTime<Utc>),
    /// It is not overdue.
    NotOverdue,
    /// It was not answered badly twice.
    NoBadReviews,
    /// A conference is of two units at least.
    TooFewUnits,
    /// Who was reached gave an answer.
    WasReached,
    /// Three calls back are enough.
    CallbacksUsed,
    /// The one reopening was used.
    ReopeningUsed,
    /// A case is not merged into itself.
    MergeIntoItself,
    /// Others were merged into it.
    HasMerged,
    /// The other one is over.
    MergeIntoOver,
    /// The two are neither alike and near nor of one person.
    MergeUnlike,
    /// It is archived: it is read, and nothing is done with it any more.
    Archived,
    /// A moderator decided so before, and nobody reported it since.
    SameVerdict,
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        use UserErrorCode as Code;
        let error = match refusal {
            Refusal::WrongState(allowed) => UserError::new(Code::InvalidTransition)
                .with(Detail::Allowed(allowed.into_iter().map(Action::name).collect())),
            Refusal::ObjectionUsed => limited(1),
            Refusal::ContactMissing => UserError::new(Code::ContactRequired),
            Refusal::PhotoMissing => UserError::at(Code::PhotoRequired, "attachmentIds"),
            Refusal::TooManyPhotos => UserError::at(Code::LimitExceeded, "attachmentIds").with(Detail::Limit(PHOTOS)),
            Refusal::TooManyMoves => limited(MOVES),
            Refusal::SamePerson => UserError::new(Code::SamePerson),
            Refusal::TooLate => UserError::new(Code::DeadlinePassed),
            Refusal::TooEarly => UserError::at(Code::Invalid, "reason").with(Detail::Because("too_early")),
            Refusal::ReturnUsed => UserError::new(Code::ReturnUsed),
            Refusal::LeadAmongCoUnits => {
                UserError::at(Code::Invalid, "coUnitIds").with(Detail::Because("lead_unit_repeated"))
            }
            Refusal::ReturnToSelf => UserError::at(Code::Invalid, "suggestedUnitId").with(Detail::Because("own_unit")),
            Refusal::OutOfRange => UserError::at(Code::Invalid, "satisfaction").with(Detail::Because("out_of_range")),
            Refusal::LeadBound => UserError::new(Code::LeadBound),
            Refusal::AskPending => UserError::new(Code::AskPending),
            Refusal::QuestionsUsed => limited(QUESTIONS),
            Refusal::ExtensionsUsed => limited(EXTENSIONS),
            Refusal::ExtensionTooLong(room) => {
                UserError::at(Code::LimitExceeded, "workingDays").with(Detail::Limit(i64::from(room)))
            }
            Refusal::NoDays => UserError::at(Code::Invalid, "workingDays").with(Detail::Because("out_of_range")),
            Refusal::SuspensionsUsed => limited(SUSPENSIONS),
            Refusal::BadPause => UserError::at(Code::Invalid, "until").with(Detail::Because("out_of_range")),
            Refusal::AskInstead => UserError::at(Code::Invalid, "reason").with(Detail::Because("ask_instead")),
            Refusal::NotTriedEnough => UserError::at(Code::Invalid, "reason").with(Detail::Because("not_tried_enough")),
            Refusal::UrgedAlready(at) => UserError::new(Code::LimitExceeded).with(Detail::LimitUntil(1, at)),
            Refusal::UrgedTooEarly(at) => UserError::new(Code::NotInWindow).with(Detail::From(at)),
            Refusal::NotOverdue => UserError::at(Code::Invalid, "reason").with(Detail::Because("not_overdue")),
            Refusal::NoBadReviews => UserError::at(Code::Invalid, "reason").with(Detail::Because("no_bad_reviews")),
            Refusal::TooFewUnits => UserError::at(Code::Invalid, "coUnitIds").with(Detail::Because("too_few")),
            Refusal::WasReached => UserError::at(Code::Invalid, "outcome").with(Detail::Because("was_reached")),
            Refusal::CallbacksUsed => limited(CALLBACKS),
            Refusal::ReopeningUsed => limited(1),
            Refusal::MergeIntoItself => UserError::at(Code::Invalid, "intoId").with(Detail::Because("itself")),
            Refusal::HasMerged => UserError::at(Code::Invalid, "id").with(Detail::Because("has_merged")),
            Refusal::MergeIntoOver => UserError::at(Code::Invalid, "intoId").with(Detail::Because("is_over")),
            Refusal::Archived => UserError::new(Code::Archived),
            Refusal::SameVerdict => UserError::at(Code::Invalid, "isPassed").with(Detail::Because("same_verdict")),
            Refusal::MergeUnlike => UserError::at(Code::Invalid, "intoId").with(Detail::Because("unlike")),
        };
        Self::Refused(vec![error])
    }
}

fn limited(to: i32) -> UserError {
    UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(i64::from(to)))
}
