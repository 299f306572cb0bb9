//! How long cases are kept, and what of them (档案留存): decided as a whole, by how a case ended.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::ServiceRequestState;
use serde::{Deserialize, Serialize};

/// Code of the one rule of keeping.
pub const RETENTION: &str = "RETENTION";

/// How long a case is worked with after its end, and how long it is known whose it was (留存期), in days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keeping {
    /// Then it is archived: it is read, and nothing is done with it any more.
    pub archive_after: i32,
    /// Then it is nobody's: who reported it, and what tells, is taken out.
    pub anonymise_after: i32,
}

/// How long cases are kept, by how they ended (留存规则). A case that was merged into another is kept as long as that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Those that were worked on to their end.
    pub closed: Keeping,
    /// Those that were withdrawn or rejected.
    pub turned_down: Keeping,
}

impl Keeping {
    /// When a case that ended then is archived.
    #[must_use]
    pub fn archive_at(self, ended_at: DateTime<Utc>) -> DateTime<Utc> {
        ended_at + TimeDelta::days(i64::from(self.archive_after))
    }

    /// When a case that ended then is nobody's any more.
    #[must_use]
    pub fn anonymise_at(self, ended_at: DateTime<Utc>) -> DateTime<Utc> {
        ended_at + TimeDelta::days(i64::from(self.anonymise_after))
    }
}

impl Retention {
    /// What holds for a case that ended so; `None` for one that has not ended, or goes on in another.
    #[must_use]
    pub fn of(&self, state: ServiceRequestState) -> Option<Keeping> {
        use ServiceRequestState as S;
        match state {
            S::Closed => Some(self.closed),
            S::Withdrawn | S::Rejected => Some(self.turned_down),
            S::Submitted | S::Accepted | S::Filed | S::Dispatched | S::InProgress | S::ReturnPending => None,
            S::Suspended | S::Handled | S::Verified | S::Merged => None,
        }
    }
}
