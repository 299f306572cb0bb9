//! What people send, parsed (指令): a command that exists is well-formed.

mod attending;
mod registering;
mod terms;

use areas::AreaCode;
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{EventAudience, EventKind};
use entity::id::{AttachmentId, EventId, PartyOrganizationId, VenueId};
use kernel::error::{Result, UserError, UserErrorCode};
use kernel::target::{Seen, Target};
use kernel::text::{Problems, line, optional, words};
use schedule::span::Span;
use serde::{Deserialize, Serialize};

pub use attending::{AskLeave, DecideLeave, Mark, Presence, Proof, RawRecord, Redeem, SaveRecord, Vote};
pub use registering::{HoldSeats, RawRegister, Register, Remove};
pub use terms::{RawTerms, Terms};

/// Characters of a title at most.
const TITLE: usize = 80;
/// Characters of a summary at most.
const SUMMARY: usize = 300;
/// Characters of what is said at most.
const BODY: usize = 4000;
/// Characters of who invites at most.
const ORGANIZER: usize = 60;
/// Characters of a place at most.
const PLACE: usize = 120;
/// Characters of a note at most.
const NOTE: usize = 200;
/// Words by which an event is found at most, and characters of each.
const TAGS: usize = 6;
const TAG: usize = 12;
/// Organisations of an event at most.
const ORGANIZATIONS: usize = 50;
/// Lines of an agenda at most, and characters of each.
const AGENDA: usize = 20;
const AGENDA_LINE: usize = 60;
/// Photos at most.
const PHOTOS: usize = 6;
/// Seats of an event, and people who wait for one, at most.
const SEATS: i32 = 10_000;
/// Seats of one registration at most.
pub(crate) const SEATS_OF_ONE: i32 = 10;
/// An event lasts a day at most, and is planned two years ahead at most.
pub(crate) const LENGTH: TimeDelta = TimeDelta::hours(24);
const AHEAD: TimeDelta = TimeDelta::days(731);

/// A line of an agenda (议程): what happens when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaLine {
    /// From when on.
    pub begins_at: DateTime<Utc>,
    /// What.
    pub title: String,
}

/// Where an event is held (地点).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Site {
    /// Room of a centre.
    pub venue: Option<VenueId>,
    /// In words.
    pub place: String,
    /// Longitude and latitude, WGS 84.
    pub point: Option<(f64, f64)>,
}

/// An event, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawSave {
    /// Which; a new one when absent.
    pub id: Option<EventId>,
    /// The version the client saw.
    pub expected_version: Option<i32>,
    /// What kind it is.
    pub kind: EventKind,
    /// For whom it is.
    pub audience: EventAudience,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// All that is said of it.
    pub body: String,
    /// Who invites.
    pub organizer: String,
    /// Words by which it is found.
    pub tags: Vec<String>,
    /// Code of the area it belongs to.
    pub area_code: String,
    /// Organisation of the party that holds it.
    pub organization: Option<PartyOrganizationId>,
    /// Organisations it is for, beside the one that holds it.
    pub organizations: Vec<PartyOrganizationId>,
    /// Where.
    pub site: Site,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// How people register; they come as they are when absent.
    pub terms: Option<RawTerms>,
    /// What happens when.
    pub agenda: Vec<AgendaLine>,
    /// Photos, in order; as before when absent.
    pub photos: Option<Vec<AttachmentId>>,
}

/// Makes an event, or writes it anew (起草活动).
#[derive(Clone, Debug)]
pub struct Save {
    /// Which.
    pub target: Target<EventId>,
    /// The rest, with words as they are kept.
    pub event: RawSave,
    /// Words by which it is found, each between commas.
    pub tags: String,
    /// When.
    pub span: Span,
    /// How people register.
    pub terms: Option<Terms>,
}

impl RawSave {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<Save> {
        let mut problems = Problems::default();
        let target = problems.take(Target::of(self.id, self.expected_version));
        let span = problems.take(span(self.begins_at, self.ends_at, now));
        let mut event = self.clone();
        event.title = problems.keep(line("title", &self.title, TITLE));
        event.summary = problems.keep(words("summary", &self.summary, SUMMARY));
        event.body = problems.keep(words("body", &self.body, BODY));
        event.organizer = problems.keep(line("organizer", &self.organizer, ORGANIZER));
        event.site.place = problems.keep(line("address", &self.site.place, PLACE));
        if self.area_code.parse::<AreaCode>().is_err() {
            problems.add(UserError::because("areaCode", "unknown"));
        }
        let tags = tags(&self.tags, &mut problems);
        self.check_circle(&mut problems);
        event.organizations.extend(self.organization);
        event.organizations.sort_unstable();
        event.organizations.dedup();
        if let Some(span) = span {
            event.agenda = agenda(&self.agenda, span, &mut problems);
        }
        if self.photos.as_ref().is_some_and(|photos| photos.len() > PHOTOS) {
            problems.add(UserError::at_most("attachmentIds", PHOTOS as i64));
        }
        let begins_at = self.begins_at;
        let terms = match &self.terms {
            Some(raw) => problems.all(raw.parse(begins_at))?,
            None => None,
        };
        problems.none()?;
        Ok(Save { target: Problems::given(target)?, event, tags, span: Problems::given(span)?, terms })
    }

    /// Whether the kind, those it is for and who holds it fit together.
    fn check_circle(&self, problems: &mut Problems) {
        let is_of_party = self.organization.is_some();
        if !is_of_party && self.audience != EventAudience::Public {
            problems.add(UserError::at(UserErrorCode::Required, "organizationId"));
        }
        if is_party_life(self.kind) && !is_of_party {
            problems.add(UserError::because("kind", "of_the_party"));
        }
        if is_of_members(self.kind) && self.terms.is_some() {
            problems.add(UserError::because("registration", "members_are_expected"));
        }
        if is_of_members(self.kind) && self.audience != EventAudience::Organization {
            problems.add(UserError::because("audience", "of_members"));
        }
        if self.organizations.len() > ORGANIZATIONS {
            problems.add(UserError::at_most("organizationIds", ORGANIZATIONS as i64));
        }
        if !self.organizations.is_empty() && self.audience != EventAudience::Organization {
            problems.add(UserError::because("organizationIds", "for_all"));
        }
    }
}

/// Kinds that the party's organisations hold, and nobody else.
fn is_party_life(kind: EventKind) -> bool {
    is_of_members(kind) || matches!(kind, EventKind::PartyClass | EventKind::ThemeDay)
}

/// Kinds that are for the members of an organisation only, as they decide there.
fn is_of_members(kind: EventKind) -> bool {
    use EventKind as K;
    matches!(kind, K::BranchMeeting | K::CommitteeMeeting | K::GroupMeeting | K::OrganizationLife | K::DemocraticReview)
}

/// A review that asks for other words (退回修改).
#[derive(Clone, Debug)]
pub struct Return {
    /// Which.
    pub on: Seen<EventId>,
    /// What is to be done.
    pub note: String,
}

impl Return {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `note`.
    pub fn parse(on: Seen<EventId>, note: &str) -> Result<Self> {
        Ok(Self { on, note: line("note", note, NOTE)? })
    }
}

/// Another time, place or number of seats, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawChange {
    /// Which.
    pub on: Seen<EventId>,
    /// Where.
    pub site: Site,
    /// From.
    pub begins_at: DateTime<Utc>,
    /// Up to.
    pub ends_at: DateTime<Utc>,
    /// Seats; as before when absent.
    pub capacity: Option<i32>,
    /// What people are told with it.
    pub note: Option<String>,
}

/// Gives an event that is published another time, place or number of seats (变更活动).
#[derive(Clone, Debug)]
pub struct Change {
    /// Which.
    pub on: Seen<EventId>,
    /// Where.
    pub site: Site,
    /// When.
    pub span: Span,
    /// Seats; as before when absent.
    pub capacity: Option<i32>,
    /// What people are told with it.
    pub note: Option<String>,
}

impl RawChange {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<Change> {
        let mut problems = Problems::default();
        let span = problems.take(span(self.begins_at, self.ends_at, now));
        let place = problems.keep(line("address", &self.site.place, PLACE));
        let note = problems.keep(optional("note", self.note.as_deref(), NOTE, line));
        if self.capacity.is_some_and(|seats| !(1..=SEATS).contains(&seats)) {
            problems.add(UserError::because("capacity", "out_of_range"));
        }
        problems.none()?;
        let site = Site { place, ..self.site.clone() };
        Ok(Change { on: self.on, site, span: Problems::given(span)?, capacity: self.capacity, note })
    }
}

/// Calls an event off (取消活动).
#[derive(Clone, Debug)]
pub struct Cancel {
    /// Which.
    pub on: Seen<EventId>,
    /// What people are told.
    pub note: String,
}

impl Cancel {
    /// Parses it.
    ///
    /// # Errors
    /// As [`kernel::text::line`], at `note`.
    pub fn parse(on: Seen<EventId>, note: &str) -> Result<Self> {
        Ok(Self { on, note: line("note", note, NOTE)? })
    }
}

fn tags(raw: &[String], problems: &mut Problems) -> String {
    if raw.len() > TAGS {
        problems.add(UserError::at_most("tags", TAGS as i64));
        return String::new();
    }
    let mut kept: Vec<String> = Vec::new();
    for tag in raw {
        let tag = problems.keep(line("tags", tag, TAG));
        // Others would mean something where they are kept, or to a search.
        if !tag.chars().all(char::is_alphanumeric) {
            problems.add(UserError::because("tags", "letters"));
        } else if !tag.is_empty() && !kept.contains(&tag) {
            kept.push(tag);
        }
    }
    if kept.is_empty() { String::new() } else { format!(",{},", kept.join(",")) }
}

fn agenda(raw: &[AgendaLine], span: Span, problems: &mut Problems) -> Vec<AgendaLine> {
    if raw.len() > AGENDA {
        problems.add(UserError::at_most("agenda", AGENDA as i64));
        return Vec::new();
    }
    let mut kept: Vec<AgendaLine> = Vec::new();
    for point in raw {
        let title = problems.keep(line("agenda.title", &point.title, AGENDA_LINE));
        if point.begins_at < span.begins() || point.begins_at >= span.ends() {
            problems.add(UserError::because("agenda.startsAt", "outside_the_event"));
        }
        kept.push(AgendaLine { begins_at: point.begins_at, title });
    }
    kept.sort_by_key(|point| point.begins_at);
    kept
}

fn span(begins_at: DateTime<Utc>, ends_at: DateTime<Utc>, now: DateTime<Utc>) -> std::result::Result<Span, UserError> {
    let span = Span::asked(begins_at, ends_at)?;
    match () {
        () if span.length() > LENGTH => Err(UserError::because("endsAt", "too_long")),
        () if begins_at <= now => Err(UserError::because("startsAt", "in_the_past")),
        () if begins_at > now + AHEAD => Err(UserError::because("startsAt", "too_far_ahead")),
        () => Ok(span),
    }
}

#[cfg(test)]
mod tests;
