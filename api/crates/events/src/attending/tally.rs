//! What is counted of a list (出席统计), and whether a meeting may vote (表决人数). Pure.

use entity::enums::{AttendanceStatus as S, CheckInMethod, LeaveState};
use kernel::error::{Detail, UserError, UserErrorCode};

use super::is_present;

/// How many of whom became what (出席统计).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// On the list, those who are exempt included.
    pub listed: i32,
    /// There, in time.
    pub present: i32,
    /// There, late.
    pub late: i32,
    /// On leave.
    pub leave: i32,
    /// Not there.
    pub absent: i32,
    /// Exempt.
    pub exempt: i32,
    /// People who are there, with those whom they bring.
    pub people: i32,
    /// Leave that was asked for, and is not decided.
    pub asks: i32,
    /// Who votes.
    pub quorum: Quorum,
}

/// Lines that are alike (同类人数).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alike {
    /// What became of them.
    pub status: S,
    /// Whether they vote.
    pub has_vote: bool,
    /// Whether leave was asked for, and given.
    pub leave: Option<LeaveState>,
    /// How it was known that they are there.
    pub method: Option<CheckInMethod>,
    /// How many lines.
    pub lines: i32,
    /// How many people these stand for.
    pub people: i32,
}

impl Tally {
    /// Counts lines.
    pub fn count(&mut self, alike: &Alike) {
        let (lines, is_there) = (alike.lines, is_present(alike.status));
        self.listed += lines;
        self.asks += if alike.leave == Some(LeaveState::Requested) { lines } else { 0 };
        self.people += if is_there { alike.people } else { 0 };
        if alike.has_vote && alike.status != S::Exempt {
            self.quorum.voters += lines;
            // Who was written down afterwards made no quorum then.
            let is_seen = is_there && alike.method != Some(CheckInMethod::Manual);
            self.quorum.present += if is_seen { lines } else { 0 };
        }
        match alike.status {
            S::Expected => {}
            S::Present => self.present += lines,
            S::Late => self.late += lines,
            S::Leave => self.leave += lines,
            S::Absent => self.absent += lines,
            S::Exempt => self.exempt += lines,
        }
    }

    /// Counts what another list counts.
    pub fn add(&mut self, other: &Self) {
        self.listed += other.listed;
        self.present += other.present;
        self.late += other.late;
        self.leave += other.leave;
        self.absent += other.absent;
        self.exempt += other.exempt;
        self.people += other.people;
        self.asks += other.asks;
        self.quorum.voters += other.quorum.voters;
        self.quorum.present += other.quorum.present;
    }

    /// Who should be there: all on the list but those who are exempt.
    #[must_use]
    pub fn expected(&self) -> i32 {
        self.listed - self.exempt
    }

    /// Who of those expected was there, in basis points (出席率): 26 of 27 is 9,630. `None` where nobody is expected.
    #[must_use]
    pub fn rate(&self) -> Option<i32> {
        let (there, expected) = (i64::from(self.present + self.late), i64::from(self.expected()));
        let rate = (expected > 0).then(|| (there * 20_000 + expected) / (2 * expected))?;
        i32::try_from(rate).ok()
    }
}

/// Who votes at a meeting, and who of them is there (表决人数).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quorum {
    /// Who should attend and votes: not those on probation, nor those who are exempt.
    pub voters: i32,
    /// Who of them is there.
    pub present: i32,
}

impl Quorum {
    /// Whether more than half of those who should attend are there, so that there may be a vote.
    #[must_use]
    pub fn is_reached(self) -> bool {
        2 * i64::from(self.present) > i64::from(self.voters)
    }

    /// Whether so many who say yes are enough: more than half of those who should attend, whoever is there.
    #[must_use]
    pub fn passes(self, votes_for: i32) -> bool {
        2 * i64::from(votes_for) > i64::from(self.voters)
    }

    /// Whether there may be a vote, and so many said something.
    ///
    /// # Errors
    /// `NO_QUORUM`; `INVALID` at `votesFor` where more said something than vote and are there.
    pub fn check(self, votes: i64) -> Result<(), UserError> {
        if !self.is_reached() {
            return Err(UserError::new(UserErrorCode::NoQuorum).with(Detail::Limit(i64::from(self.voters) / 2 + 1)));
        }
        if votes > i64::from(self.present) {
            return Err(UserError::because("votesFor", "more_than_voters"));
        }
        Ok(())
    }
}
