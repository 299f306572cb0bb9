//! One loader per request (批量加载): edges are read in one statement per kind, whatever the page size.

mod events;

use std::collections::{BTreeSet, HashMap};
use std::hash::Hash;
use std::sync::Arc;

use ::bookings::{self, Asked, Slot};
use async_graphql::Context;
use async_graphql::dataloader::{DataLoader, Loader};
use async_graphql::runtime::{TokioSpawner, TokioTimer};
use chrono::NaiveDate;
use entity::enums::Audience;
use entity::id::{
    AccountId, AreaId, AuditEntryId, BookingSeriesId, CenterId, ClosureId, OrganizationId, PartyOrganizationId,
    ServiceItemId, ServiceRequestId, UnitId, VenueId,
};
use entity::{
    account, area, attachment, center, closure, content_report, opening_rule, organization, party_organization,
    return_request, role_grant, series_refusal, service_item, service_venue, staff_credential, survey, unit, unit_area,
    unit_category, unit_member, venue,
};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Error;

use crate::context::{Ask as _, Result};
use crate::errors::top_level;

pub(crate) use events::{
    BroughtBy, CheckedRecordOf, EligibilityFor, EventPhotosOf, OrganizationsOfEvent, OwnAttendance, OwnRegistration,
    PlaceInLine, RecordPhotosOf, RosterName, TallyOf, WaitlistOf,
};

/// Reads rows by key for one request of one actor, so that it can never serve one viewer what another may see.
pub struct Rows(Base, Actor);

/// The loader as it stands in a request's context.
pub type Loaders = DataLoader<Rows>;

/// A fresh loader for a request.
#[must_use]
pub fn loaders(base: &Base, actor: &Actor) -> Loaders {
    DataLoader::new(Rows(base.clone(), actor.clone()), TokioSpawner::current(), TokioTimer::default())
}

/// Password of an account.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CredentialOf(pub AccountId);

/// Grants of an account that hold now or will.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GrantsOf(pub AccountId);

/// Reason of a line of the audit chain.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReasonOf(pub AuditEntryId);

/// Children of an area.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ChildrenOf(pub AreaId);

/// Units of an organisation.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct UnitsOf(pub OrganizationId);

/// People of a unit now.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MembersOf(pub UnitId);

/// Areas a unit answers for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct AreasOf(pub UnitId);

/// Categories a unit answers for.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CategoriesOf(pub UnitId);

/// Photos of a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PhotosOf(pub ServiceRequestId);

/// Answers to the surveys of a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct SurveysOf(pub ServiceRequestId);

/// Wishes to return a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReturnsOf(pub ServiceRequestId);

/// A request, as far as the caller may see it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct CaseOf(pub ServiceRequestId);

/// Requests that were merged into a request: their ids.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct MergedInto(pub ServiceRequestId);

/// How many follow a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct FollowersOf(pub ServiceRequestId);

/// How many events of a device tell of a case.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct DeviceEventsOf(pub ServiceRequestId);

/// Reports of abuse about a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ReportsOf(pub ServiceRequestId);

/// Timeline of a request for an audience.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct TimelineOf(pub ServiceRequestId, pub Audience);

/// Venues of a neighbourhood centre.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VenuesOf(pub CenterId);

/// Closures of a neighbourhood centre that hold, or will.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ClosuresOf(pub CenterId);

/// Rules of when a venue is open.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct OpeningRulesOf(pub VenueId);

/// Photos of a venue.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct VenuePhotosOf(pub VenueId);

/// All neighbourhood centres.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EveryCenter;

/// Services of a neighbourhood centre.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ServicesOf(pub CenterId);

/// Where a service is given.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct PlacesOfService(pub ServiceItemId);

/// Which services are given at a venue.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct ServicesAt(pub VenueId);

/// What a service said in a version.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct EditionOf(pub ServiceItemId, pub i32);

/// For whom a closure keeps its venue.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct GuestsOf(pub ClosureId);

/// The line for a service on a date.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct QueueOf(pub ServiceItemId, pub NaiveDate);

/// Dates of a series of bookings on which nothing was made, or what stayed as it was.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct RefusalsOf(pub BookingSeriesId);

type Failure = Arc<Error>;
type Found<K, V> = std::result::Result<HashMap<K, V>, Failure>;

/// A loader of one row, or of one group of rows, per key.
macro_rules! loader {
    ($key:ty => $value:ty, |$base:ident, $keys:ident| $read:expr, |$rows:ident| $arrange:expr) => {
        impl Loader<$key> for Rows {
            type Value = $value;
            type Error = Failure;

            async fn load(&self, $keys: &[$key]) -> Found<$key, $value> {
                let $base = &self.0;
                let $rows = $read.await.map_err(Arc::new)?;
                Ok($arrange)
            }
        }
    };
}
use loader;

loader!(AccountId => account::Model, |base, keys| identity::accounts_by_ids(base, keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(CredentialOf => staff_credential::Model, |base, keys| identity::credentials_of(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|row| (CredentialOf(row.account_id), row)).collect()
});
loader!(GrantsOf => Vec<role_grant::Model>, |base, keys| identity::grants_of_many(base, &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(GrantsOf(row.account_id)))
});
loader!(ReasonOf => String, |base, keys| identity::audit::reasons(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(entry, words)| (ReasonOf(entry), words)).collect()
});
loader!(AreaId => area::Model, |base, keys| areas::store::by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(OrganizationId => organization::Model, |base, keys| directory::organizations_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(PartyOrganizationId => party_organization::Model, |base, keys| party::organizations_by_ids(base, keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(UnitId => unit::Model, |base, keys| directory::units_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(ChildrenOf => Vec<area::Model>, |base, keys| areas::store::children_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| row.parent_id.map(ChildrenOf))
});
loader!(UnitsOf => Vec<unit::Model>, |base, keys| directory::units_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(UnitsOf(row.organization_id)))
});
loader!(
    MembersOf => Vec<unit_member::Model>,
    |base, keys| directory::members_of(base.db.reader(), &inner(keys, |key| key.0), base.clock.now()),
    |rows| grouped(rows, |row| Some(MembersOf(row.unit_id)))
);
loader!(AreasOf => Vec<unit_area::Model>, |base, keys| directory::areas_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(AreasOf(row.unit_id)))
});
loader!(
    CategoriesOf => Vec<unit_category::Model>,
    |base, keys| directory::categories_of(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| grouped(rows, |row| Some(CategoriesOf(row.unit_id)))
);

loader!(CenterId => center::Model, |base, keys| bookings::centers_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(VenueId => venue::Model, |base, keys| bookings::venues_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(ClosureId => closure::Model, |base, keys| bookings::closures_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(VenuesOf => Vec<venue::Model>, |base, keys| bookings::venues_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(VenuesOf(row.center_id)))
});
loader!(
    ClosuresOf => Vec<closure::Model>,
    |base, keys| bookings::closures_of(base.db.reader(), &inner(keys, |key| key.0), base.clock.now()),
    |rows| grouped(rows, |row| Some(ClosuresOf(row.center_id)))
);
loader!(
    OpeningRulesOf => Vec<opening_rule::Model>,
    |base, keys| bookings::opening_rules_of(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| grouped(rows, |row| Some(OpeningRulesOf(row.venue_id)))
);
loader!(
    RefusalsOf => Vec<series_refusal::Model>,
    |base, keys| bookings::refusals_of(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| grouped(rows, |row| Some(RefusalsOf(row.series_id)))
);
loader!(VenuePhotosOf => Vec<attachment::Model>, |base, keys| media::attachments_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| row.subject_id.map(|id| VenuePhotosOf(VenueId(id))))
});
loader!(EveryCenter => Vec<center::Model>, |base, _keys| bookings::centers(base.db.reader()), |rows| {
    HashMap::from([(EveryCenter, rows)])
});
loader!(ServiceItemId => service_item::Model, |base, keys| bookings::services_by_ids(base.db.reader(), keys), |rows| {
    rows.into_iter().map(|row| (row.id, row)).collect()
});
loader!(ServicesOf => Vec<service_item::Model>, |base, keys| bookings::services_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(ServicesOf(row.center_id)))
});
loader!(
    PlacesOfService => Vec<service_venue::Model>,
    |base, keys| bookings::places_of_services(base.db.reader(), &inner(keys, |key| key.0)),
    |rows| grouped(rows, |row| Some(PlacesOfService(row.service_id)))
);
loader!(ServicesAt => Vec<service_venue::Model>, |base, keys| bookings::services_at(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    grouped(rows, |row| Some(ServicesAt(row.venue_id)))
});
loader!(
    EditionOf => bookings::ServiceContent,
    |base, keys| bookings::editions_of_services(base.db.reader(), &inner(keys, |key| (key.0, key.1))),
    |rows| rows.into_iter().map(|((id, version), content)| (EditionOf(id, version), content)).collect()
);
loader!(GuestsOf => BTreeSet<AccountId>, |base, keys| bookings::guests_of(base.db.reader(), &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, guests)| (GuestsOf(id), guests)).collect()
});
loader!(Asked => Vec<Slot>, |base, keys| bookings::slots(base, keys), |slots| slots);

loader!(PhotosOf => Vec<attachment::Model>, |base, keys| requests::attachments(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, rows)| (PhotosOf(id), rows)).collect()
});
loader!(SurveysOf => Vec<survey::Model>, |base, keys| requests::surveys(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, rows)| (SurveysOf(id), rows)).collect()
});
loader!(ReturnsOf => Vec<return_request::Model>, |base, keys| requests::returns(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, rows)| (ReturnsOf(id), rows)).collect()
});
loader!(ReportsOf => Vec<content_report::Model>, |base, keys| requests::content_reports(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, rows)| (ReportsOf(id), rows)).collect()
});

loader!(MergedInto => Vec<ServiceRequestId>, |base, keys| requests::merged_requests(base, &inner(keys, |key| key.0)), |rows| {
    let merged = grouped(rows, |(into, _, _)| Some(MergedInto(*into)));
    merged.into_iter().map(|(key, rows)| (key, rows.into_iter().map(|(_, from, _)| from).collect())).collect()
});
loader!(FollowersOf => i64, |base, keys| requests::follower_counts(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, count)| (FollowersOf(id), count)).collect()
});

loader!(DeviceEventsOf => i32, |base, keys| requests::device_event_counts(base, &inner(keys, |key| key.0)), |rows| {
    rows.into_iter().map(|(id, count)| (DeviceEventsOf(id), count)).collect()
});

impl Loader<BookingSeriesId> for Rows {
    type Value = bookings::Series;
    type Error = Failure;

    async fn load(&self, keys: &[BookingSeriesId]) -> Found<BookingSeriesId, bookings::Series> {
        let series = bookings::series_by_ids(self.0.db.reader(), &self.1, keys).await.map_err(Arc::new)?;
        Ok(series.into_iter().map(|series| (series.row.id, series)).collect())
    }
}

impl Loader<QueueOf> for Rows {
    type Value = queue::Queue;
    type Error = Failure;

    async fn load(&self, keys: &[QueueOf]) -> Found<QueueOf, queue::Queue> {
        let mut found = HashMap::new();
        // One statement a date; nearly always it is today alone.
        for date in keys.iter().map(|key| key.1).collect::<BTreeSet<_>>() {
            let services: Vec<ServiceItemId> = keys.iter().filter(|key| key.1 == date).map(|key| key.0).collect();
            let queues = queue::queues(self.0.db.reader(), &services, date).await.map_err(Arc::new)?;
            found.extend(queues.into_iter().map(|(service, queue)| (QueueOf(service, date), queue)));
        }
        Ok(found)
    }
}

impl Loader<CaseOf> for Rows {
    type Value = requests::Case;
    type Error = Failure;

    async fn load(&self, keys: &[CaseOf]) -> Found<CaseOf, requests::Case> {
        let cases = requests::cases_by_ids(&self.0, &self.1, &inner(keys, |key| key.0)).await.map_err(Arc::new)?;
        Ok(cases.into_iter().map(|case| (CaseOf(case.row.id), case)).collect())
    }
}

impl Loader<TimelineOf> for Rows {
    type Value = Vec<requests::TimelineEntry>;
    type Error = Failure;

    async fn load(&self, keys: &[TimelineOf]) -> Found<TimelineOf, Vec<requests::TimelineEntry>> {
        let wanted: Vec<_> = keys.iter().map(|key| (key.0, key.1)).collect();
        let mut found = requests::timelines(&self.0, &wanted).await.map_err(Arc::new)?;
        Ok(keys.iter().filter_map(|key| Some((*key, found.remove(&key.0)?))).collect())
    }
}

fn inner<K, I>(keys: &[K], id: impl Fn(&K) -> I) -> Vec<I> {
    keys.iter().map(id).collect()
}

/// Rows by the key that each names, in their order.
pub(crate) fn grouped<K: Hash + Eq, V>(rows: Vec<V>, key: impl Fn(&V) -> Option<K>) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        if let Some(key) = key(&row) {
            groups.entry(key).or_default().push(row);
        }
    }
    groups
}

/// Loads one row through the request's loader.
pub(crate) async fn load<K>(ctx: &Context<'_>, key: K) -> Result<Option<<Rows as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Rows: Loader<K, Error = Failure>,
{
    let loaders: &Loaders = ctx.data_unchecked();
    loaders.load_one(key).await.map_err(|error| top_level(&error, ctx.caller().language))
}

/// Loads rows through the request's loader, in the order of the keys, those that exist.
pub(crate) async fn load_all<K>(ctx: &Context<'_>, keys: Vec<K>) -> Result<Vec<<Rows as Loader<K>>::Value>>
where
    K: Send + Sync + Hash + Eq + Clone + 'static,
    Rows: Loader<K, Error = Failure>,
{
    let loaders: &Loaders = ctx.data_unchecked();
    let mut found = loaders.load_many(keys.clone()).await.map_err(|error| top_level(&error, ctx.caller().language))?;
    Ok(keys.iter().filter_map(|key| found.remove(key)).collect())
}
