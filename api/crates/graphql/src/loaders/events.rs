//! Loaders of events and registrations, as the viewer sees them.

use std::sync::Arc;

use ::events as slice;
use async_graphql::dataloader::Loader;
use entity::id::{EventId, EventRecordId, EventRegistrationId, PartyMemberId, PartyOrganizationId};
use entity::{attachment, event_attendance, event_record, event_registration};
use kernel::error::Result;

use super::{Failure, Found, Rows, grouped, inner, loader};

/// Photos of an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EventPhotosOf(pub EventId);

/// Organisations of the party that an event is for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OrganizationsOfEvent(pub EventId);

/// How many registrations wait for seats of an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct WaitlistOf(pub EventId);

/// The viewer's registration for an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OwnRegistration(pub EventId);

/// Whether the viewer may register for an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EligibilityFor(pub EventId);

/// The viewer's own line of attendance at an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OwnAttendance(pub EventId);

/// How many of whom became what at an event.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TallyOf(pub EventId);

/// The record of a meeting whose photos somebody looked at.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CheckedRecordOf(pub EventId);

/// Photos of the record of a meeting.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RecordPhotosOf(pub EventRecordId);

/// A name in a roster, for who may read it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RosterName(pub PartyMemberId);

/// Place of a registration among those who wait.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PlaceInLine(pub EventRegistrationId);

/// Whom a registration brings.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct BroughtBy(pub EventRegistrationId);

loader!(EventPhotosOf => Vec<attachment::Model>, |base, keys| media::attachments_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| row.subject_id.map(|id| EventPhotosOf(EventId(id))))
});
loader!(
    OrganizationsOfEvent => Vec<PartyOrganizationId>,
    |base, keys| slice::organizations_of(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| rows.into_iter().map(|(id, organizations)| (OrganizationsOfEvent(id), organizations)).collect()
);
loader!(WaitlistOf => u64, |base, keys| slice::waitlists(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, waiting)| (WaitlistOf(id), waiting)).collect()
});
loader!(PlaceInLine => usize, |base, keys| slice::places_in_line(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, place)| (PlaceInLine(id), place)).collect()
});
loader!(BroughtBy => Vec<slice::Guest>, |base, keys| slice::guests_of(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, guests)| (BroughtBy(id), guests)).collect()
});

loader!(
    RecordPhotosOf => Vec<attachment::Model>,
    |base, keys| media::attachments_of(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| grouped(rows, |row| row.subject_id.map(|id| RecordPhotosOf(EventRecordId(id))))
);
loader!(TallyOf => slice::Tally, |base, keys| slice::tallies(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, tally)| (TallyOf(id), tally)).collect()
});
loader!(
    CheckedRecordOf => event_record::Model,
    |base, keys| slice::checked_records(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| rows.into_iter().map(|row| (CheckedRecordOf(row.event_id), row)).collect()
);
impl Loader<RosterName> for Rows {
    type Value = String;
    type Error = Failure;

    async fn load(&self, keys: &[RosterName]) -> Found<RosterName, String> {
        let names = party::names_for(&self.0, &self.1, &inner(keys, |key| key.0)).await.map_err(Arc::new)?;
        Ok(names.into_iter().map(|(id, name)| (RosterName(id), name)).collect())
    }
}

impl Loader<EventId> for Rows {
    type Value = Arc<slice::Event>;
    type Error = Failure;

    async fn load(&self, keys: &[EventId]) -> Found<EventId, Arc<slice::Event>> {
        let found = self.events(keys).await.map_err(Arc::new)?;
        Ok(found.into_iter().map(|event| (event.row.id, Arc::new(event))).collect())
    }
}

impl Loader<OwnRegistration> for Rows {
    type Value = event_registration::Model;
    type Error = Failure;

    async fn load(&self, keys: &[OwnRegistration]) -> Found<OwnRegistration, event_registration::Model> {
        let ids = inner(keys, |key| key.0);
        let own = slice::registered_with(self.0.db.reader(), &self.1, &ids).await.map_err(Arc::new)?;
        Ok(own.into_iter().map(|row| (OwnRegistration(row.event_id), row)).collect())
    }
}

impl Loader<OwnAttendance> for Rows {
    type Value = event_attendance::Model;
    type Error = Failure;

    async fn load(&self, keys: &[OwnAttendance]) -> Found<OwnAttendance, event_attendance::Model> {
        let ids = inner(keys, |key| key.0);
        let own = slice::attended_with(self.0.db.reader(), &self.1, &ids).await.map_err(Arc::new)?;
        Ok(own.into_iter().map(|row| (OwnAttendance(row.event_id), row)).collect())
    }
}

impl Loader<EligibilityFor> for Rows {
    type Value = slice::Eligibility;
    type Error = Failure;

    async fn load(&self, keys: &[EligibilityFor]) -> Found<EligibilityFor, slice::Eligibility> {
        let judged = async {
            let found = self.events(&inner(keys, |key| key.0)).await?;
            slice::eligibilities(&self.0, &self.1, &found).await
        };
        let judged = judged.await.map_err(Arc::new)?;
        Ok(judged.into_iter().map(|(id, eligibility)| (EligibilityFor(id), eligibility)).collect())
    }
}

impl Rows {
    /// Events that the viewer may see.
    async fn events(&self, ids: &[EventId]) -> Result<Vec<slice::Event>> {
        let db = self.0.db.reader();
        let viewer = slice::Viewer::of(db, &self.1).await?;
        slice::events_by_ids(db, &viewer, ids).await
    }
}
