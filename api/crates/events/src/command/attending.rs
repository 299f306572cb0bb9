//! What who comes to an event, and who takes its attendance, sends.

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use entity::enums::AttendanceStatus;
use entity::id::{AttachmentId, EventAttendanceId, EventId};
use kernel::error::{Result, UserError, UserErrorCode};
use kernel::target::Seen;
use kernel::text::{Problems, line, optional, words};

use super::{NOTE, PHOTOS};
use crate::attending::Position;

/// Signs of what is scanned at most.
const SCANNED: usize = 64;
/// So far ahead may the clock of a scanner be.
const SKEW: TimeDelta = TimeDelta::minutes(2);
/// Characters of a name, of minutes and of what is voted on at most.
const NAME: usize = 32;
const MINUTES: usize = 10_000;
const RESOLUTION: usize = 120;
/// People who vote at most.
const VOTERS: i32 = 10_000;

/// How a person shows to be there (到场证明).
#[derive(Clone, Debug, PartialEq)]
pub enum Proof {
    /// What the screen shows.
    Code(String),
    /// Where the phone is.
    Position(Position),
}

/// A person comes to an event, or leaves it (签到, 签退).
#[derive(Clone, Debug)]
pub struct Presence {
    /// Which.
    pub event: EventId,
    /// How that is known.
    pub proof: Proof,
}

impl Presence {
    /// Parses it: one of the two.
    ///
    /// # Errors
    /// `REQUIRED` at `code`; `INVALID` at `place` with both; as [`kernel::text::line`], at `code`.
    pub fn parse(event: EventId, code: Option<&str>, position: Option<Position>) -> Result<Self> {
        let code = code.map(|code| line("code", code, SCANNED)).transpose()?;
        let proof = match (code, position) {
            (Some(code), None) => Proof::Code(code),
            (None, Some(position)) => Proof::Position(position),
            (None, None) => return Err(UserError::at(UserErrorCode::Required, "code").into()),
            (Some(_), Some(_)) => return Err(UserError::because("place", "one_proof").into()),
        };
        Ok(Self { event, proof })
    }
}

/// A ticket is scanned at the door, now or while there was no network (扫码核销).
#[derive(Clone, Debug)]
pub struct Redeem {
    /// At the door of which event.
    pub event: EventId,
    /// What the ticket says.
    pub code: String,
    /// When it was scanned; never later than now.
    pub scanned_at: DateTime<Utc>,
}

impl Redeem {
    /// Parses it. A scanner's clock may be a little ahead.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `secret`; `INVALID` at `scannedAt` in the future.
    pub fn parse(event: EventId, code: &str, scanned_at: DateTime<Utc>, now: DateTime<Utc>) -> Result<Self> {
        let mut problems = Problems::default();
        let code = problems.keep(line("secret", code, SCANNED));
        if scanned_at > now + SKEW {
            problems.add(UserError::because("scannedAt", "in_the_future"));
        }
        problems.none()?;
        // As exact as both engines keep it.
        Ok(Self { event, code, scanned_at: scanned_at.min(now).trunc_subsecs(6) })
    }
}

/// A member asks for leave from an event (请假).
#[derive(Clone, Debug)]
pub struct AskLeave {
    /// Which.
    pub event: EventId,
    /// Why.
    pub reason: String,
}

impl AskLeave {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `reason`.
    pub fn parse(event: EventId, reason: &str) -> Result<Self> {
        Ok(Self { event, reason: line("reason", reason, NOTE)? })
    }
}

/// Who holds an event gives leave, or does not (审批请假).
#[derive(Clone, Copy, Debug)]
pub struct DecideLeave {
    /// Which line.
    pub on: Seen<EventAttendanceId>,
    /// Whether it is given.
    pub is_granted: bool,
}

/// Who holds an event says how it was with somebody (登记出席情况).
#[derive(Clone, Debug)]
pub struct Mark {
    /// Which line.
    pub on: Seen<EventAttendanceId>,
    /// How it was.
    pub status: AttendanceStatus,
    /// Why, of leave and of who is exempt.
    pub reason: Option<String>,
}

impl Mark {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `reason`.
    pub fn parse(on: Seen<EventAttendanceId>, status: AttendanceStatus, reason: Option<&str>) -> Result<Self> {
        Ok(Self { on, status, reason: optional("reason", reason, NOTE, line)? })
    }
}

/// The record of a meeting, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawRecord {
    /// Of which event.
    pub event: EventId,
    /// The version the client saw; none of a record that is begun.
    pub expected_version: Option<i32>,
    /// Who chaired it.
    pub chair: String,
    /// Who took the minutes.
    pub recorder: String,
    /// What they say.
    pub minutes: String,
    /// Photos, in order; as before when absent.
    pub photos: Option<Vec<AttachmentId>>,
}

/// Writes the record of a meeting (会议记录).
#[derive(Clone, Debug)]
pub struct SaveRecord(pub RawRecord);

impl RawRecord {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<SaveRecord> {
        let mut problems = Problems::default();
        let mut record = self.clone();
        record.chair = problems.keep(line("chair", &self.chair, NAME));
        record.recorder = problems.keep(line("recorder", &self.recorder, NAME));
        record.minutes = problems.keep(words("minutes", &self.minutes, MINUTES));
        if self.photos.as_ref().is_some_and(|photos| photos.len() > PHOTOS) {
            problems.add(UserError::at_most("attachmentIds", PHOTOS as i64));
        }
        problems.none()?;
        Ok(SaveRecord(record))
    }
}

/// Something was voted on (表决), as a client sends it and as it is kept.
#[derive(Clone, Debug)]
pub struct Vote {
    /// At which event.
    pub event: EventId,
    /// What was voted on.
    pub title: String,
    /// Who said yes.
    pub votes_for: i32,
    /// Who said no.
    pub votes_against: i32,
    /// Who said neither.
    pub abstained: i32,
}

impl Vote {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(self) -> Result<Self> {
        let mut problems = Problems::default();
        let title = problems.keep(line("title", &self.title, RESOLUTION));
        let counts =
            [("votesFor", self.votes_for), ("votesAgainst", self.votes_against), ("abstained", self.abstained)];
        for (field, count) in counts {
            if !(0..=VOTERS).contains(&count) {
                problems.add(UserError::because(field, "out_of_range"));
            }
        }
        problems.none()?;
        Ok(Self { title, ..self })
    }

    /// How many said something.
    #[must_use]
    pub fn count(&self) -> i64 {
        [self.votes_for, self.votes_against, self.abstained].into_iter().map(i64::from).sum()
    }
}
