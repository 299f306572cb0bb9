//! One fact of any slice.

use bookings::{AppealFact, BookingFact, SeriesFact};
use directory::{OrganizationFact, UnitFact};
use entity::fact;
use events::{AttendanceFact, EventFact, RegistrationFact};
use kernel::tx::Record;
use residents::{ProxyFact, ResidenceFact};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A fact as its slice words it (事实). A new fact makes every reader's `match` ask for an answer.
#[derive(Clone, Debug, PartialEq)]
pub enum Happened {
    /// To a request.
    Request(requests::Fact),
    /// To a proof of residence.
    Residence(ResidenceFact),
    /// To a proxy.
    Proxy(ProxyFact),
    /// To an organisation.
    Organization(OrganizationFact),
    /// To a unit.
    Unit(UnitFact),
    /// To a booking.
    Booking(BookingFact),
    /// To a series of bookings.
    Series(SeriesFact),
    /// To an appeal against a line of credit.
    Appeal(AppealFact),
    /// To an event.
    Event(EventFact),
    /// To a registration for an event.
    Registration(RegistrationFact),
    /// To a line of the attendance of an event.
    Attendance(AttendanceFact),
    /// To something that is no reader's matter: a copy of a person's data, the end of an account, a centre, a venue or
    /// a service, a number in a line.
    Other,
}

impl Happened {
    /// Reads a fact as the table keeps it.
    ///
    /// # Errors
    /// When its slice does not know it, as when a newer node wrote it.
    pub fn read(row: &fact::Model) -> serde_json::Result<Self> {
        Ok(match row.subject_kind.as_str() {
            requests::Fact::SUBJECT => Self::Request(requests::Fact::read(&row.kind, row.data.clone())?),
            BookingFact::SUBJECT => Self::Booking(worded(row)?),
            SeriesFact::SUBJECT => Self::Series(worded(row)?),
            AppealFact::SUBJECT => Self::Appeal(worded(row)?),
            EventFact::SUBJECT => Self::Event(worded(row)?),
            RegistrationFact::SUBJECT => Self::Registration(worded(row)?),
            AttendanceFact::SUBJECT => Self::Attendance(worded(row)?),
            ResidenceFact::SUBJECT => Self::Residence(worded(row)?),
            ProxyFact::SUBJECT => Self::Proxy(worded(row)?),
            OrganizationFact::SUBJECT => Self::Organization(worded(row)?),
            UnitFact::SUBJECT => Self::Unit(worded(row)?),
            _ => Self::Other,
        })
    }
}

/// The table keeps a fact's kind apart from its other members.
fn worded<F: DeserializeOwned>(row: &fact::Model) -> serde_json::Result<F> {
    let mut data = row.data.clone();
    if let Some(members) = data.as_object_mut() {
        members.insert("kind".to_owned(), Value::from(row.kind.clone()));
    }
    serde_json::from_value(data)
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::enums::OrganizationKind;
    use entity::id::FactId;
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn row(subject: &str, kind: &str, data: Value) -> fact::Model {
        fact::Model {
            id: FactId(Uuid::nil()),
            seq: Some(1),
            subject_kind: subject.to_owned(),
            subject_id: Uuid::nil(),
            version: 1,
            kind: kind.to_owned(),
            actor_id: None,
            at: DateTime::UNIX_EPOCH,
            data,
        }
    }

    #[test]
    fn each_is_read_by_its_slice() {
        let read = |subject, kind, data| Happened::read(&row(subject, kind, data));
        let filed = read("request", "request.filed", json!({})).unwrap();
        assert_eq!(filed, Happened::Request(requests::Fact::Filed));
        let expired = read("residence", "residence.expired", json!({})).unwrap();
        assert_eq!(expired, Happened::Residence(ResidenceFact::Expired));
        assert_eq!(read("proxy", "proxy.expired", json!({})).unwrap(), Happened::Proxy(ProxyFact::Expired));
        let organization_kind = OrganizationKind::PropertyCompany;
        let saved = read("organization", "organization.saved", json!({ "organization_kind": organization_kind }));
        assert_eq!(saved.unwrap(), Happened::Organization(OrganizationFact::Saved { organization_kind }));
        assert_eq!(read("booking", "booking.no_show", json!({})).unwrap(), Happened::Booking(BookingFact::NoShow));
        assert_eq!(read("data_export", "data_export.expired", json!({})).unwrap(), Happened::Other);
    }

    #[test]
    fn what_a_slice_does_not_know_is_an_error() {
        assert!(Happened::read(&row("request", "request.vanished", json!({}))).is_err());
        assert!(Happened::read(&row("request", "request.rejected", json!({}))).is_err());
    }
}
