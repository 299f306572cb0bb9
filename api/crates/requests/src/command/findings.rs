//! What inspectors and devices send.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Channel, RequestKind};
use entity::id::AttachmentId;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line};
use uuid::Uuid;

use super::{Origin, RawPlace, RawSubmit, Submit, invalid};
use crate::town::Town;

/// How old a finding of a patrol may be: a weekend without a network, and a day to come back.
pub const PATROL_AGE: TimeDelta = TimeDelta::hours(72);
/// How old an event of a device may be: a gateway that was cut off for a day.
pub const DEVICE_AGE: TimeDelta = TimeDelta::hours(24);
/// How far the clock of a device may go before ours.
pub const SKEW: TimeDelta = TimeDelta::minutes(2);
/// Characters of a device's code at most.
const DEVICE: usize = 40;
/// Characters of the name of an event at most.
const EVENT: usize = 64;

/// A finding of a patrol, as the device sends it.
#[derive(Clone, Debug)]
pub struct RawPatrolFinding {
    /// Key that the device made.
    pub client_id: String,
    /// When it was found.
    pub occurred_at: DateTime<Utc>,
    /// Category.
    pub category_code: String,
    /// Where.
    pub place: RawPlace,
    /// Where, in words.
    pub address: Option<String>,
    /// What.
    pub description: String,
    /// Photos uploaded before.
    pub photos: Vec<AttachmentId>,
}

/// A finding of a patrol.
#[derive(Clone, Debug)]
pub struct PatrolFinding {
    /// Key that the device made.
    pub client_id: Uuid,
    /// When it was found.
    pub occurred_at: DateTime<Utc>,
    /// As a request.
    pub submit: Submit,
    /// What was sent, to tell whether the same comes again.
    pub sent: String,
}

impl RawPatrolFinding {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, town: &Town, now: DateTime<Utc>) -> Result<PatrolFinding> {
        let mut problems = Problems::default();
        let client_id = problems.take(Uuid::try_parse(&self.client_id).map_err(|_| invalid("clientId", "not_a_uuid")));
        let occurred_at = problems.keep(happened(self.occurred_at, now, PATROL_AGE));
        let raw = RawSubmit {
            kind: RequestKind::PatrolFinding,
            category_code: self.category_code.clone(),
            description: self.description.clone(),
            place: Some(self.place),
            address: self.address.clone(),
            photos: self.photos.clone(),
            ..RawSubmit::found(Channel::Patrol)
        };
        let submit = collect(&mut problems, raw.parse(town))?;
        problems.none()?;
        let (Some(client_id), Some(submit)) = (client_id, submit) else {
            return Err(Error::Fault(anyhow::anyhow!("a problem was not noted")));
        };
        let submit = Submit { origin: Origin { occurred_at: Some(occurred_at), ..Origin::default() }, ..submit };
        Ok(PatrolFinding { client_id, occurred_at, submit, sent: format!("{self:?}") })
    }
}

/// An event of a device, as its gateway sends it.
#[derive(Clone, Debug)]
pub struct RawDeviceEvent {
    /// Code of the device.
    pub device_code: String,
    /// The device's own name of the event.
    pub event_id: String,
    /// When the device saw it.
    pub occurred_at: DateTime<Utc>,
    /// Category.
    pub category_code: String,
    /// Where.
    pub place: RawPlace,
    /// What.
    pub description: String,
}

/// An event of a device.
#[derive(Clone, Debug)]
pub struct DeviceEvent {
    /// Code of the device.
    pub device_code: String,
    /// The device's own name of the event.
    pub event_id: String,
    /// When the device saw it.
    pub occurred_at: DateTime<Utc>,
    /// As a request.
    pub submit: Submit,
}

impl RawDeviceEvent {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(&self, town: &Town, now: DateTime<Utc>) -> Result<DeviceEvent> {
        let mut problems = Problems::default();
        let device_code = problems.keep(line("deviceCode", &self.device_code, DEVICE));
        let event_id = problems.keep(line("eventId", &self.event_id, EVENT));
        let occurred_at = problems.keep(happened(self.occurred_at, now, DEVICE_AGE));
        let raw = RawSubmit {
            kind: RequestKind::AutoFinding,
            category_code: self.category_code.clone(),
            description: self.description.clone(),
            place: Some(self.place),
            ..RawSubmit::found(Channel::Sensor)
        };
        let submit = collect(&mut problems, raw.parse(town))?;
        problems.none()?;
        let submit = submit.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
        let origin = Origin { occurred_at: Some(occurred_at), ..Origin::default() };
        let submit = Submit { origin, is_anonymous: true, may_contact: false, ..submit };
        Ok(DeviceEvent { device_code, event_id, occurred_at, submit })
    }
}

impl RawSubmit {
    /// What nobody asks for himself, by a channel.
    fn found(channel: Channel) -> Self {
        Self {
            kind: RequestKind::PatrolFinding,
            category_code: String::new(),
            description: String::new(),
            place: None,
            area_code: None,
            address: None,
            photos: Vec::new(),
            is_anonymous: false,
            is_confidential: None,
            may_contact: None,
            visibility: None,
            channel,
            contact_phone: None,
            on_behalf_of: None,
        }
    }
}

/// When something happened: not before so long, and not ahead of our clock.
fn happened(at: DateTime<Utc>, now: DateTime<Utc>, age: TimeDelta) -> std::result::Result<DateTime<Utc>, UserError> {
    if at > now + SKEW {
        return Err(invalid("occurredAt", "in_the_future"));
    }
    if at < now - age {
        let hours = Detail::Limit(age.num_hours());
        return Err(UserError::at(UserErrorCode::DeadlinePassed, "occurredAt").with(hours));
    }
    Ok(chrono::SubsecRound::trunc_subsecs(at, 6))
}

/// The value, with its refusals added to the others.
fn collect<T>(problems: &mut Problems, parsed: Result<T>) -> Result<Option<T>> {
    match parsed {
        Ok(value) => Ok(Some(value)),
        Err(Error::Refused(refusals)) => {
            refusals.into_iter().for_each(|refusal| problems.add(refusal));
            Ok(None)
        }
        Err(error) => Err(error),
    }
}
