//! What becomes of a case that is over (档案留存): it is archived, later nobody's; unless somebody holds it for a court (诉讼保全).

use chrono::{DateTime, Utc};
use entity::id::AccountId;
use entity::service_request::Model;
use uuid::Uuid;

use super::{Command, Refusal};
use crate::case::Case;
use crate::fact::Fact;
use crate::policy::Action;
use crate::reference::Retention;

/// The account that stands where a reporter was: nobody's, and nobody signs in to it.
pub const NOBODY: AccountId = AccountId(Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001));

/// What becomes of cases that are over (留存步骤).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// They are archived.
    Archive,
    /// They are nobody's.
    Anonymise,
}

impl Step {
    /// The command that does it.
    #[must_use]
    pub fn command(self) -> Command {
        match self {
            Self::Archive => Command::Archive,
            Self::Anonymise => Command::Anonymise,
        }
    }
}

/// What becomes of a case next by the rule in force, and when. `None` while it is open or held, when all is done, and for what
/// was merged into another: that follows it.
#[must_use]
pub fn next(row: &Model, rule: &Retention) -> Option<(DateTime<Utc>, Step)> {
    let ended_at = row.closed_at.filter(|_| row.legal_hold_at.is_none() && row.anonymised_at.is_none())?;
    let keeping = rule.of(row.state)?;
    Some(match row.archived_at {
        None => (keeping.archive_at(ended_at), Step::Archive),
        Some(_) => (keeping.anonymise_at(ended_at), Step::Anonymise),
    })
}

/// Whether an archived case still knows an action: it is read, held, followed no more, and goes with its grid; and what the public
/// reads of it is reported, hidden and taken out as before.
pub(super) fn is_for_archived(action: Action) -> bool {
    use Action as A;
    matches!(action, A::PlaceLegalHold | A::ReleaseLegalHold | A::Unfollow | A::Anonymise | A::Relocate)
        || matches!(action, A::ReviewContent | A::ReportContent | A::Redact)
}

/// Whether the case knows an action of keeping where it stands; what is nobody's is not held any more.
pub(super) fn stands(case: &Case, action: Action) -> bool {
    let row = &case.row;
    let is_held = row.legal_hold_at.is_some();
    match action {
        Action::Archive => !is_held && row.archived_at.is_none(),
        Action::Anonymise => !is_held && row.archived_at.is_some() && row.anonymised_at.is_none(),
        Action::PlaceLegalHold => !is_held && row.anonymised_at.is_none(),
        Action::ReleaseLegalHold => is_held,
        // Nothing is kept of what is nobody's, so nothing is taken out of it: it is hidden.
        Action::Redact => row.anonymised_at.is_none(),
        _ => true,
    }
}

pub(super) fn decide(command: &Command) -> Result<Fact, Refusal> {
    match command {
        Command::Archive => Ok(Fact::Archived),
        Command::Anonymise => Ok(Fact::Anonymised),
        Command::PlaceLegalHold => Ok(Fact::LegalHoldPlaced),
        Command::ReleaseLegalHold => Ok(Fact::LegalHoldReleased),
        _ => Err(Refusal::WrongState(Vec::new())),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use entity::enums::ServiceRequestState as S;
    use sea_orm::Iterable as _;

    use super::*;
    use crate::reference::Keeping;
    use crate::workflow::may;
    use crate::workflow::tests::{Ground, case_in, instant, run, sample};

    const RULE: Retention = Retention {
        closed: Keeping { archive_after: 365, anonymise_after: 730 },
        turned_down: Keeping { archive_after: 100, anonymise_after: 365 },
    };

    /// Days after its end.
    fn due(case: &Case) -> Option<(i64, Step)> {
        let ended_at = case.row.closed_at.unwrap_or(instant(0));
        next(&case.row, &RULE).map(|(at, step)| ((at - ended_at).num_days(), step))
    }

    fn archived(state: S) -> Case {
        run(&case_in(state), &Command::Archive, instant(30)).unwrap()
    }

    #[test]
    fn what_is_over_is_archived_and_later_nobodys_by_how_it_ended() {
        for state in S::iter() {
            let (first, second) = match state {
                S::Closed => (Some((365, Step::Archive)), 730),
                S::Withdrawn | S::Rejected => (Some((100, Step::Archive)), 365),
                _ => (None, 0),
            };
            assert_eq!(due(&case_in(state)), first, "{state:?}");
            if first.is_some() {
                assert_eq!(due(&archived(state)), Some((second, Step::Anonymise)), "{state:?}");
                let nobodys = run(&archived(state), &Command::Anonymise, instant(40)).unwrap();
                assert_eq!(due(&nobodys), None, "{state:?}");
                assert_eq!((nobodys.row.state, nobodys.row.closed_at), (state, case_in(state).row.closed_at));
                assert_eq!((nobodys.row.reporter_id, nobodys.row.submitted_by), (None, NOBODY));
            }
        }
    }

    #[test]
    fn what_is_held_waits_until_it_is_released() {
        for case in [case_in(S::Closed), archived(S::Closed)] {
            let before = due(&case);
            let held = run(&case, &Command::PlaceLegalHold, instant(50)).unwrap();
            assert_eq!(due(&held), None);
            for step in [Step::Archive, Step::Anonymise] {
                assert!(run(&held, &step.command(), instant(51)).is_err(), "{step:?}");
            }
            assert!(run(&held, &Command::PlaceLegalHold, instant(51)).is_err(), "it is held already");
            let released = run(&held, &Command::ReleaseLegalHold, instant(52)).unwrap();
            assert_eq!(due(&released), before);
            assert!(run(&released, &Command::ReleaseLegalHold, instant(53)).is_err(), "it is not held");
        }
    }

    #[test]
    fn with_what_is_archived_nothing_more_is_done_than_to_watch_what_it_says() {
        let ground = Ground::new();
        let later = ground.at(instant(60));
        let open = |case: &Case| -> Vec<Action> {
            Action::verbs().filter(|action| may(case, *action, None, &later).is_ok()).collect()
        };
        let (archived, closed) = (archived(S::Closed), case_in(S::Closed));
        assert!(open(&closed).contains(&Action::TakeUp));
        let published = [Action::ReviewContent, Action::ReportContent, Action::Redact];
        assert_eq!(
            open(&archived),
            [&[Action::PlaceLegalHold], &published[..]].concat(),
            "what the public reads is watched"
        );
        for action in [Action::TakeUp, Action::Reopen, Action::AddInternalNote, Action::Supplement] {
            assert_eq!(run(&archived, &sample(action), instant(60)), Err(Refusal::Archived), "{action:?}");
        }
        let nobodys = run(&archived, &Command::Anonymise, instant(61)).unwrap();
        assert_eq!(open(&nobodys), published[..2], "nothing is left to hold or to keep");
    }

    #[test]
    fn it_is_due_at_its_instant_and_not_before() {
        let closed = case_in(S::Closed);
        let ended_at = closed.row.closed_at.unwrap();
        let (at, _) = next(&closed.row, &RULE).unwrap();
        assert_eq!(at, ended_at + TimeDelta::days(365));
    }
}
