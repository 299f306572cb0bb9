//! Why the rules say no (拒绝), and the code a client is told.

use kernel::error::{Detail, Error, UserError, UserErrorCode};

use super::{MOVES, PHOTOS};
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
}

impl From<Refusal> for Error {
    fn from(refusal: Refusal) -> Self {
        use UserErrorCode as Code;
        let error = match refusal {
            Refusal::WrongState(allowed) => UserError::new(Code::InvalidTransition)
                .with(Detail::Allowed(allowed.into_iter().map(Action::name).collect())),
            Refusal::ObjectionUsed => UserError::new(Code::LimitExceeded).with(Detail::Limit(1)),
            Refusal::ContactMissing => UserError::new(Code::ContactRequired),
            Refusal::PhotoMissing => UserError::at(Code::PhotoRequired, "attachmentIds"),
            Refusal::TooManyPhotos => UserError::at(Code::LimitExceeded, "attachmentIds").with(Detail::Limit(PHOTOS)),
            Refusal::TooManyMoves => UserError::new(Code::LimitExceeded).with(Detail::Limit(i64::from(MOVES))),
            Refusal::SamePerson => UserError::new(Code::SamePerson),
            Refusal::TooLate => UserError::new(Code::DeadlinePassed),
            Refusal::TooEarly => UserError::at(Code::Invalid, "reason").with(Detail::Because("too_early")),
            Refusal::ReturnUsed => UserError::new(Code::ReturnUsed),
            Refusal::LeadAmongCoUnits => {
                UserError::at(Code::Invalid, "coUnitIds").with(Detail::Because("lead_unit_repeated"))
            }
            Refusal::ReturnToSelf => UserError::at(Code::Invalid, "suggestedUnitId").with(Detail::Because("own_unit")),
            Refusal::OutOfRange => UserError::at(Code::Invalid, "satisfaction").with(Detail::Because("out_of_range")),
        };
        Self::Refused(vec![error])
    }
}
