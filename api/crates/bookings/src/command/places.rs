//! Centres and venues.

use areas::AreaCode;
use entity::enums::{BookingApproval, CenterState, VenueKind};
use entity::id::{AttachmentId, CenterId, VenueId};
use forms::{Form, Question};
use kernel::error::{Result, UserError};
use kernel::target::Target;
use kernel::text::{Problems, line, optional, words};

use super::{NOTE, minute};

/// Characters of a name at most.
pub(super) const NAME: usize = 64;
/// Characters of an address at most.
const ADDRESS: usize = 120;
/// Characters of the rules of the house, and of an introduction, at most.
pub(super) const RULES: usize = 1_000;
/// Photos of a venue at most.
const PHOTOS: usize = 6;
/// Pieces of equipment of a venue at most, and characters of each.
const EQUIPMENT: (usize, usize) = (20, 20);
/// Bookings that a venue takes at once at most.
const UNITS: i32 = 100;
/// People that a venue holds at most.
pub(super) const CAPACITY: i32 = 2_000;

/// A centre, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawSaveCenter {
    /// Which.
    pub id: Option<CenterId>,
    /// The version its editor saw.
    pub expected_version: Option<i32>,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the area it lies in.
    pub area_code: String,
    /// Address.
    pub address: String,
    /// Longitude and latitude, WGS-84, or why they are none.
    pub place: Option<std::result::Result<(f64, f64), UserError>>,
    /// Number of the desk.
    pub phone: Option<String>,
    /// Where it stands.
    pub state: CenterState,
}

/// Enters or changes a centre.
#[derive(Clone, Debug)]
pub struct SaveCenter {
    /// Which.
    pub target: Target<CenterId>,
    /// Code.
    pub code: String,
    /// Name.
    pub name: String,
    /// Code of the area it lies in.
    pub area_code: String,
    /// Address.
    pub address: String,
    /// Longitude and latitude, WGS-84.
    pub place: Option<(f64, f64)>,
    /// Number of the desk.
    pub phone: Option<String>,
    /// Where it stands.
    pub state: CenterState,
}

impl RawSaveCenter {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(&self) -> Result<SaveCenter> {
        let mut problems = Problems::default();
        let target = problems.take(Target::of(self.id, self.expected_version));
        let code = problems.keep(code("code", &self.code));
        let name = problems.keep(line("name", &self.name, NAME));
        let area_code = problems.keep(area_code(&self.area_code));
        let address = problems.keep(line("address", &self.address, ADDRESS));
        let place = problems.take(self.place.clone().transpose()).flatten();
        let phone = self.phone.as_deref().filter(|phone| !phone.trim().is_empty());
        let phone = problems.keep(phone.map(desk_phone).transpose());
        problems.none()?;
        let target = Problems::given(target)?;
        Ok(SaveCenter { target, code, name, area_code, address, place, phone, state: self.state })
    }
}

/// A venue, as a client sends it; times in minutes.
#[derive(Clone, Debug)]
pub struct RawSaveVenue {
    /// Which.
    pub id: Option<VenueId>,
    /// The version its editor saw.
    pub expected_version: Option<i32>,
    /// Its centre.
    pub center: CenterId,
    /// The venue it lies within.
    pub within: Option<VenueId>,
    /// Name.
    pub name: String,
    /// What it is for.
    pub kind: VenueKind,
    /// People it holds.
    pub capacity: i32,
    /// Whether it is reached without steps.
    pub is_accessible: bool,
    /// What it is, or who; empty for nothing, `None` leaves it as it is.
    pub introduction: Option<String>,
    /// How many bookings it takes at once; `None` leaves it as it is.
    pub units: Option<i32>,
    /// What it asks who books; `None` leaves it as it is.
    pub questions: Option<Vec<Question>>,
    /// Its photos, in order, uploaded before or its own already; `None` leaves them as they are.
    pub photos: Option<Vec<AttachmentId>>,
    /// What stands in it.
    pub equipment: Vec<String>,
    /// Rules of the house.
    pub rules: Option<String>,
    /// What it costs, in words.
    pub fee: Option<String>,
    /// Youngest who may come alone.
    pub min_age: Option<i32>,
    /// Whether the centre looks at bookings first.
    pub approval: BookingApproval,
    /// Bookings begin at multiples of this.
    pub start_interval: i32,
    /// Shortest booking.
    pub min_minutes: i32,
    /// Longest booking.
    pub max_minutes: i32,
    /// Longest booking of a group.
    pub group_max_minutes: i32,
    /// Kept free before.
    pub buffer_before: i32,
    /// Kept free after.
    pub buffer_after: i32,
    /// A date is booked from so many days before on.
    pub days_ahead: i32,
    /// At this time of that day, `HH:MM`.
    pub opens_at: String,
    /// Whether it is booked.
    pub is_bookable: bool,
}

/// Enters or changes a venue.
#[derive(Clone, Debug)]
pub struct SaveVenue {
    /// Which.
    pub target: Target<VenueId>,
    /// What the client sent, its words trimmed and its numbers in range.
    pub venue: RawSaveVenue,
    /// Minute of the day at which a date is booked.
    pub opens_minute: i16,
    /// What it asks who books; `None` leaves it as it is.
    pub form: Option<Form>,
}

impl RawSaveVenue {
    /// Parses it.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(self) -> Result<SaveVenue> {
        let mut problems = Problems::default();
        let target = problems.take(Target::of(self.id, self.expected_version));
        let name = problems.keep(line("name", &self.name, NAME));
        let rules = problems.keep(optional("rules", self.rules.as_deref(), RULES, words));
        let fee = problems.keep(optional("fee", self.fee.as_deref(), NOTE, line));
        let equipment = self.equipment.iter().map(|piece| line("equipment", piece, EQUIPMENT.1));
        let equipment = problems.keep(equipment.collect::<std::result::Result<Vec<_>, _>>());
        if equipment.len() > EQUIPMENT.0 {
            problems.add(UserError::at_most("equipment", EQUIPMENT.0 as i64));
        }
        // Blank takes it away.
        let introduction = self.introduction.as_deref().map(|text| optional("introduction", Some(text), RULES, words));
        let introduction = problems.keep(introduction.transpose()).map(Option::unwrap_or_default);
        let form = self.questions.clone().map(|questions| Form::parse("questions", questions)).transpose();
        let form = problems.all(form)?.flatten();
        if self.photos.as_ref().is_some_and(|photos| photos.len() > PHOTOS) {
            problems.add(UserError::at_most("attachmentIds", PHOTOS as i64));
        }
        let opens_minute = problems.keep(minute("opensAt", &self.opens_at));
        if !(0..24 * 60).contains(&opens_minute) || opens_minute % 15 != 0 {
            problems.add(UserError::because("opensAt", "hours"));
        }
        self.check_numbers(&mut problems);
        problems.none()?;
        let venue = Self { name, introduction, rules, fee, equipment, ..self };
        Ok(SaveVenue { target: Problems::given(target)?, venue, opens_minute, form })
    }

    fn check_numbers(&self, problems: &mut Problems) {
        let mut ranged = |field: &str, value: i32, range: std::ops::RangeInclusive<i32>, step: i32| {
            if !range.contains(&value) || value % step != 0 {
                problems.add(UserError::because(field, "out_of_range"));
            }
        };
        ranged("capacity", self.capacity, 1..=CAPACITY, 1);
        ranged("units", self.units.unwrap_or(1), 1..=self.capacity.clamp(1, UNITS), 1);
        ranged("minAge", self.min_age.unwrap_or_default(), 0..=18, 1);
        ranged("startIntervalMinutes", self.start_interval, 15..=240, 15);
        ranged("minMinutes", self.min_minutes, 15..=720, 15);
        ranged("maxMinutes", self.max_minutes, self.min_minutes.max(15)..=720, 15);
        ranged("groupMaxMinutes", self.group_max_minutes, self.max_minutes.max(15)..=720, 15);
        ranged("bufferBeforeMinutes", self.buffer_before, 0..=120, 15);
        ranged("bufferAfterMinutes", self.buffer_after, 0..=120, 15);
        ranged("daysAhead", self.days_ahead, 1..=90, 1);
    }
}

/// Code of an area; whether there is one is asked when it is saved.
fn area_code(text: &str) -> std::result::Result<String, UserError> {
    let code = text.parse::<AreaCode>().map_err(|_| UserError::because("areaCode", "unknown"))?;
    Ok(code.as_str().to_owned())
}

/// Number of a desk, as people write it: a landline with its dashes too.
fn desk_phone(text: &str) -> std::result::Result<String, UserError> {
    let phone = line("phone", text, 20).map_err(|_| UserError::because("phone", "not_a_phone"))?;
    let is_number = phone.chars().all(|sign| sign.is_ascii_digit() || "+-() ".contains(sign));
    if is_number { Ok(phone) } else { Err(UserError::because("phone", "not_a_phone")) }
}

/// A short code of capitals, digits and dashes.
pub(super) fn code(field: &str, text: &str) -> std::result::Result<String, UserError> {
    let code = line(field, text, 16)?;
    let is_plain = code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'-');
    if is_plain { Ok(code) } else { Err(UserError::because(field, "code")) }
}
