//! What people send, parsed (指令): every value is checked, every problem is collected, and only then a verb begins.

use areas::{CoordinateError, Datum, Wgs84Point};
use chrono::{DateTime, Utc};
use entity::enums::{
    Channel, ConflictKind, ContactMethod, ContactOutcome, ContentReason, ContentState, HandlingResult, Priority,
    RejectReason, RequestKind, Solved, SupervisionLevel, SupervisionReason, SuspendReason, Visibility,
};
use entity::id::{AccountId, AttachmentId, FactId, ServiceRequestId, UnitId};
use identity::phone::Phone;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, optional, words};

use crate::town::{AreaRef, Town};
use crate::workflow::PHOTOS;

/// Characters of a description at most.
const DESCRIPTION: usize = 1_000;
/// Characters of any other words at most.
const WORDS: usize = 500;
/// Characters of an address at most.
const ADDRESS: usize = 120;
/// Characters of a name at most.
const NAME: usize = 40;
/// Characters of a reply at least: "done" explains nothing.
const REPLY_AT_LEAST: usize = 10;
/// Units that may help at most.
const CO_UNITS: usize = 5;

/// Which case, and which version of it the person saw; left out only by the reporter, who decides about nobody's work.
pub type Target = kernel::target::Seen<ServiceRequestId>;

/// A place as a client sends it.
#[derive(Clone, Copy, Debug)]
pub struct RawPlace {
    /// Reference system of the numbers.
    pub datum: Datum,
    /// Degrees.
    pub longitude: f64,
    /// Degrees.
    pub latitude: f64,
}

/// For whom a request is taken, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawOnBehalfOf {
    /// Name.
    pub name: String,
    /// Number to call; left out for who has none.
    pub phone: Option<String>,
}

/// A new request, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawSubmit {
    /// Kind.
    pub kind: RequestKind,
    /// Category.
    pub category_code: String,
    /// What is the matter.
    pub description: String,
    /// Where, on the map.
    pub place: Option<RawPlace>,
    /// Where, when nobody can point at it.
    pub area_code: Option<String>,
    /// Where, in words.
    pub address: Option<String>,
    /// Photos uploaded before.
    pub photos: Vec<AttachmentId>,
    /// Nobody is to learn who reports.
    pub is_anonymous: bool,
    /// Handlers are not to learn who reports; left out, a REPORT (举报) is confidential.
    pub is_confidential: Option<bool>,
    /// The reporter may be called; left out, yes.
    pub may_contact: Option<bool>,
    /// Who may see it; left out, those concerned.
    pub visibility: Option<Visibility>,
    /// How it comes.
    pub channel: Channel,
    /// Number to call; left out, that of the account.
    pub contact_phone: Option<String>,
    /// For whom it is taken.
    pub on_behalf_of: Option<RawOnBehalfOf>,
}

/// A new request.
#[derive(Clone, Debug)]
pub struct Submit {
    /// Kind.
    pub kind: RequestKind,
    /// Category; exists.
    pub category_code: String,
    /// What is the matter.
    pub description: String,
    /// Where, on the map.
    pub place: Option<Wgs84Point>,
    /// Smallest grid that holds it.
    pub area: AreaRef,
    /// Where, in words.
    pub address: Option<String>,
    /// Photos uploaded before.
    pub photos: Vec<AttachmentId>,
    /// Nobody is to learn who reports.
    pub is_anonymous: bool,
    /// Handlers are not to learn who reports.
    pub is_confidential: bool,
    /// The reporter may be called.
    pub may_contact: bool,
    /// Who may see it.
    pub visibility: Visibility,
    /// How it comes.
    pub channel: Channel,
    /// Number to call, if not that of the account.
    pub contact_phone: Option<Phone>,
    /// Name of the person it is taken for, who may be called by the number to call, if there is one.
    pub on_behalf_name: Option<String>,
    /// What it was before it came in here.
    pub origin: Origin,
}

/// What a request was before it came in here (来历).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// Number that the platform gave it.
    pub external_no: Option<String>,
    /// Until when the platform wants its result.
    pub external_due_at: Option<DateTime<Utc>>,
    /// When it was found, or reported elsewhere.
    pub occurred_at: Option<DateTime<Utc>>,
}

impl RawSubmit {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, town: &Town) -> Result<Submit> {
        let mut problems = Problems::default();
        let category_code = problems.keep(known_category(town, &self.category_code));
        let kind = problems.take(kind_by(self.channel, self.kind));
        let description = problems.keep(words("description", &self.description, DESCRIPTION));
        let located = problems.take(self.locate(town));
        let address = problems.keep(optional("address", self.address.as_deref(), ADDRESS, line));
        let photos = problems.keep(distinct_photos(&self.photos));
        let contact_phone = problems.keep(self.contact_phone());
        let on_behalf_name = problems.keep(self.on_behalf_name());
        problems.none()?;
        let (Some(kind), Some((place, area))) = (kind, located) else {
            return Err(Error::Fault(anyhow::anyhow!("a problem was not noted")));
        };
        let has_no_phone = on_behalf_name.is_some() && contact_phone.is_none();
        let is_reachable = !self.is_anonymous && !has_no_phone;
        Ok(Submit {
            kind,
            category_code,
            description,
            place,
            area,
            address,
            photos,
            is_anonymous: self.is_anonymous,
            is_confidential: self.is_confidential.unwrap_or(kind == RequestKind::Report),
            may_contact: self.may_contact.unwrap_or(true) && is_reachable,
            visibility: self.visibility.unwrap_or(Visibility::Private),
            channel: self.channel,
            contact_phone,
            on_behalf_name,
            origin: Origin::default(),
        })
    }

    fn locate(&self, town: &Town) -> std::result::Result<(Option<Wgs84Point>, AreaRef), UserError> {
        if let Some(place) = &self.place {
            let place = admit(town, place)?;
            let area = town.area_at(place).ok_or_else(|| UserError::at(UserErrorCode::OutsideArea, "place"))?;
            return Ok((Some(place), area));
        }
        let code = self.area_code.as_deref().ok_or_else(|| UserError::at(UserErrorCode::Required, "place"))?;
        let area = town.grid_of(town.area_in_use(code).ok_or_else(|| invalid("areaCode", "unknown"))?);
        if area.code == area.street() {
            return Err(invalid("areaCode", "not_a_grid"));
        }
        Ok((None, area))
    }

    /// Nobody can call an anonymous reporter, so no number is kept.
    fn contact_phone(&self) -> std::result::Result<Option<Phone>, UserError> {
        match (&self.on_behalf_of, &self.contact_phone) {
            (Some(_), _) if self.is_anonymous => Err(invalid("onBehalfOf", "anonymous")),
            (Some(RawOnBehalfOf { phone: Some(phone), .. }), _) => Phone::parse("onBehalfOf.phone", phone).map(Some),
            // Of who has none, perhaps somebody of the family may be called.
            (Some(_), Some(phone)) => Phone::parse("contactPhone", phone).map(Some),
            (Some(_), None) => Ok(None),
            (None, Some(phone)) if !self.is_anonymous => Phone::parse("contactPhone", phone).map(Some),
            (None, _) => Ok(None),
        }
    }

    fn on_behalf_name(&self) -> std::result::Result<Option<String>, UserError> {
        self.on_behalf_of.as_ref().map(|person| line("onBehalfOf.name", &person.name, NAME)).transpose()
    }
}

/// Findings come from patrols and machines, and these bring nothing else.
fn kind_by(channel: Channel, kind: RequestKind) -> std::result::Result<RequestKind, UserError> {
    let is_finding = matches!(kind, RequestKind::PatrolFinding | RequestKind::AutoFinding);
    match channel {
        Channel::Patrol => Ok(RequestKind::PatrolFinding),
        Channel::Sensor => Ok(RequestKind::AutoFinding),
        _ if is_finding => Err(invalid("kind", "not_of_this_channel")),
        _ => Ok(kind),
    }
}

fn admit(town: &Town, place: &RawPlace) -> std::result::Result<Wgs84Point, UserError> {
    town.bounds.admit(place.datum, place.longitude, place.latitude).map_err(|error| match error {
        CoordinateError::LooksSwapped => invalid("place", "looks_swapped"),
        CoordinateError::TooFar { .. } => UserError::at(UserErrorCode::OutsideArea, "place"),
        CoordinateError::NotFinite => invalid("place", "not_finite"),
        CoordinateError::OutOfRange => invalid("place", "out_of_range"),
        CoordinateError::UnknownDatum => invalid("place", "unknown_datum"),
    })
}

fn known_category(town: &Town, code: &str) -> std::result::Result<String, UserError> {
    let latest = town.reference.categories.latest(code);
    latest.map(|category| category.code.clone()).ok_or_else(|| invalid("categoryCode", "unknown"))
}

fn distinct_photos(photos: &[AttachmentId]) -> std::result::Result<Vec<AttachmentId>, UserError> {
    let mut distinct = photos.to_vec();
    distinct.sort();
    distinct.dedup();
    let is_too_many = i64::try_from(distinct.len()).unwrap_or(i64::MAX) > PHOTOS;
    let refused = || UserError::at(UserErrorCode::LimitExceeded, "attachmentIds").with(Detail::Limit(PHOTOS));
    if is_too_many { Err(refused()) } else { Ok(distinct) }
}

fn distinct_units(units: &[UnitId]) -> std::result::Result<Vec<UnitId>, UserError> {
    let mut distinct = units.to_vec();
    distinct.sort();
    distinct.dedup();
    let refused = || UserError::at(UserErrorCode::LimitExceeded, "coUnitIds").with(Detail::Limit(CO_UNITS as i64));
    if distinct.len() > CO_UNITS { Err(refused()) } else { Ok(distinct) }
}

fn invalid(field: &str, because: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because))
}

mod conflict;
mod content;
mod duplicates;
mod findings;
mod oversight;
mod reporter;
mod retention;
mod staff;
mod talk;
pub use conflict::*;
pub use content::*;
pub use duplicates::*;
pub use findings::*;
pub use oversight::*;
pub use reporter::*;
pub use retention::*;
pub use staff::*;
pub use talk::*;
