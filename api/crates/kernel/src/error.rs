//! The whole error contract (错误约定).
//!
//! Who can act on an error decides where it goes: a refusal a person can act on is a [`UserError`] in a payload, everything
//! else is a top-level error with a code. Error values carry codes and numbers; sentences are rendered at the edge.

use chrono::{DateTime, Utc};
use strum::{EnumString, IntoStaticStr};

/// What services return.
pub type Result<T> = std::result::Result<T, Error>;

/// Why something was not done.
#[derive(Debug)]
pub enum Error {
    /// Rules said no; the person can act on it. Goes into the payload.
    Refused(Vec<UserError>),
    /// Someone was faster: the version is stale. Goes into the payload with the current object.
    Conflict,
    /// Not signed in, or no longer.
    Unauthenticated,
    /// Signed in, but not allowed.
    Forbidden,
    /// Absent, or hidden from the actor: the same answer.
    NotFound,
    /// A malformed operation or argument; says what is wrong, in constant words.
    BadRequest(&'static str),
    /// Too many operations; says when to come back.
    RateLimited {
        /// Milliseconds until the next attempt can succeed.
        retry_after_ms: u64,
    },
    /// The transaction crossed another one; begun anew, it may succeed.
    Crossed(sea_orm::DbErr),
    /// Something we depend on does not answer; nothing was done.
    Unavailable(&'static str),
    /// Our fault. Logged with its chain, shown as a constant sentence.
    Fault(anyhow::Error),
}

/// A refusal a person can act on (业务错误).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserError {
    /// Stable code.
    pub code: UserErrorCode,
    /// Path of the input field, outermost first; empty when the whole input is meant.
    pub field: Vec<String>,
    /// What the sentence needs to be useful.
    pub detail: Detail,
}

/// Values of a refusal's sentence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// Nothing to add.
    #[default]
    None,
    /// The largest value or number allowed.
    Limit(i64),
    /// A limit and when it is reset.
    LimitUntil(i64, DateTime<Utc>),
    /// From when on it may be done.
    From(DateTime<Utc>),
    /// What may be done instead, as names on the wire.
    Allowed(Vec<&'static str>),
    /// How many metres away, and how many at most.
    Away(i64, i64),
    /// Why, as a stable lower-case word.
    Because(&'static str),
}

/// Codes of refusals; append-only (错误码). Their sentences and explanations live beside the wire type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum UserErrorCode {
    /// A bad value; `field` names it.
    Invalid,
    /// A value is missing.
    Required,
    /// Text is too long.
    TooLong,
    /// The object's state does not allow this.
    InvalidTransition,
    /// Someone was faster.
    Conflict,
    /// The key was used for something else.
    IdempotencyKeyReused,
    /// A bound phone number is needed.
    PhoneRequired,
    /// Too late.
    DeadlinePassed,
    /// Too many.
    LimitExceeded,
    /// The words must not be published.
    ContentBlocked,
    /// The one-time code or password is wrong.
    CodeIncorrect,
    /// The one-time code is used up or too old.
    CodeExpired,
    /// The file is too large.
    FileTooLarge,
    /// The file is not of an accepted type.
    FileTypeRejected,
    /// The place is outside the area served.
    OutsideArea,
    /// The first contact must come first.
    ContactRequired,
    /// A photo is needed.
    PhotoRequired,
    /// The same person may not do both.
    SamePerson,
    /// The one return of this round was used.
    ReturnUsed,
    /// The person holds a role that excludes this one.
    RoleExclusive,
    /// WeChat holds the account for a risk and does not let it sign in.
    WechatAccountBlocked,
    /// The number belongs to another account.
    PhoneTaken,
    /// The current version of a document was not consented to.
    ConsentRequired,
    /// Who is under fourteen needs a guardian.
    GuardianRequired,
    /// The person still works for the sub-district.
    RolesHeld,
    /// Its time has not come.
    NotInWindow,
    /// A conference bound the unit to the case.
    LeadBound,
    /// Something else that was asked for is not decided yet.
    AskPending,
    /// It is archived: it is read, and nothing is done with it any more.
    Archived,
    /// Somebody else has the time wanted.
    SlotTaken,
    /// The venue is not open at the time wanted.
    SlotClosed,
    /// The person is elsewhere at the time wanted.
    TimeConflict,
    /// The person did not come too often, and books nothing for a while.
    CreditBarred,
    /// No seat is free.
    EventFull,
    /// The person is registered already.
    AlreadyRegistered,
    /// People register no more, or need not.
    RegistrationClosed,
    /// It is not for the person.
    NotEligible,
    /// The person is not there.
    OutOfGeofence,
    /// Too few of those who vote are there.
    NoQuorum,
}

impl UserError {
    /// A refusal of the whole input.
    #[must_use]
    pub fn new(code: UserErrorCode) -> Self {
        Self { code, field: Vec::new(), detail: Detail::None }
    }

    /// A refusal of one field.
    #[must_use]
    pub fn at(code: UserErrorCode, field: &str) -> Self {
        Self { code, field: vec![field.to_owned()], detail: Detail::None }
    }

    /// A bad value of one field, and why it is, as a stable lower-case word.
    #[must_use]
    pub fn because(field: &str, reason: &'static str) -> Self {
        Self::at(UserErrorCode::Invalid, field).with(Detail::Because(reason))
    }

    /// More of one field than there may be.
    #[must_use]
    pub fn at_most(field: &str, limit: i64) -> Self {
        Self::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(limit))
    }

    /// Somewhere so many metres away, of so many at most.
    #[must_use]
    pub fn away(field: &str, metres: f64, most: f64) -> Self {
        Self::at(UserErrorCode::OutOfGeofence, field).with(Detail::Away(metres.round() as i64, most as i64))
    }

    /// The same refusal with values for its sentence.
    #[must_use]
    pub fn with(self, detail: Detail) -> Self {
        Self { detail, ..self }
    }
}

impl Error {
    /// The transaction crossed another one, as a lost update tells: begun anew, it sees what is there now.
    #[must_use]
    pub fn crossed() -> Self {
        Self::Crossed(sea_orm::DbErr::RecordNotUpdated)
    }

    /// One refusal of the whole input.
    #[must_use]
    pub fn refused(code: UserErrorCode) -> Self {
        Self::Refused(vec![UserError::new(code)])
    }

    /// One refusal of one field.
    #[must_use]
    pub fn refused_at(code: UserErrorCode, field: &str) -> Self {
        Self::Refused(vec![UserError::at(code, field)])
    }
}

impl From<UserError> for Error {
    fn from(error: UserError) -> Self {
        Self::Refused(vec![error])
    }
}

impl From<anyhow::Error> for Error {
    fn from(error: anyhow::Error) -> Self {
        Self::Fault(error)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::Fault(error.into())
    }
}

/// For start-up and the command line, where every error is read by the person who runs the product.
impl From<Error> for anyhow::Error {
    fn from(error: Error) -> Self {
        match error {
            Error::Fault(fault) => fault,
            other => Self::msg(format!("{other:?}")),
        }
    }
}
