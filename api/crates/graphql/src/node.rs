//! Relay's `node` (全局标识取对象).

use std::collections::{HashMap, HashSet};

use ::requests::Case;
use async_graphql::{Context, ID, Interface, Object};
use entity::id::{
    AreaId, BookingId, BookingSeriesId, CenterId, CreditAppealId, EventId, EventRegistrationId, Id as _,
    NotificationId, OrganizationId, ProxyGrantId, ResidenceId, ServiceItemId, ServiceRequestId, ServiceTicketId,
    UnitId, VenueId,
};
use futures_util::future::{join, join_all};
use kernel::error::Error;

use crate::areas::Area;
use crate::bookings::{Booking, BookingSeries, Center, CreditAppeal, ServiceItem, ServiceTicket, Venue};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::{Organization, Unit};
use crate::events::{Event, EventRegistration};
use crate::loaders::load;
use crate::notifications::Notification;
use crate::requests::ServiceRequest;
use crate::residents::{ProxyGrant, Residence};

/// 可由全局标识取回的对象 / An object that can be fetched again by its global id.
#[derive(Interface)]
#[graphql(field(name = "id", ty = "ID", desc = "全局标识 / Global id."))]
pub enum Node {
    /// A service request.
    ServiceRequest(ServiceRequest),
    /// An area.
    Area(Area),
    /// An organisation.
    Organization(Organization),
    /// A unit.
    Unit(Unit),
    /// A proof of residence.
    Residence(Residence),
    /// A proxy.
    ProxyGrant(ProxyGrant),
    /// A notification.
    Notification(Notification),
    /// A neighbourhood centre.
    Center(Center),
    /// A venue.
    Venue(Venue),
    /// A booking.
    Booking(Booking),
    /// A series of bookings.
    BookingSeries(BookingSeries),
    /// An appeal against a line of credit.
    CreditAppeal(CreditAppeal),
    /// A service that a centre offers.
    ServiceItem(ServiceItem),
    /// A number in a line.
    ServiceTicket(ServiceTicket),
    /// An event.
    Event(Event),
    /// A registration for an event.
    EventRegistration(EventRegistration),
}

/// Queries.
#[derive(Default)]
pub struct NodeQuery;

/// 按标识取对象 / Fetching by id.
#[Object]
impl NodeQuery {
    /// 按全局标识取对象；不存在或无权查看时为空 / Fetches by global id; null when absent or hidden.
    async fn node(
        &self, ctx: &Context<'_>, #[graphql(desc = "全局标识 / Global id.")] id: ID
    ) -> Option<Result<Node>> {
        find(ctx, &[id]).await.pop().flatten()
    }

    /// 批量取对象，至多 100 个，标识不得重复，与标识同序；取不到的为空 / Fetches many, at most 100 and each once, in the order of
    /// the ids; each null when absent or hidden, or when it alone could not be read.
    async fn nodes(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "全局标识，至多 100 个，不得重复 / Global ids, at most 100, each once.")] ids: Vec<ID>,
    ) -> Result<Vec<Option<Result<Node>>>> {
        if ids.len() > 100 {
            return Err(ctx.fail(Error::BadRequest("`ids` has at most 100")));
        }
        if ids.iter().collect::<HashSet<_>>().len() < ids.len() {
            return Err(ctx.fail(Error::BadRequest("`ids` names one twice")));
        }
        Ok(find(ctx, &ids).await)
    }
}

/// What an id names, before it is looked for.
#[derive(Clone, Copy)]
enum Named {
    ServiceRequest(ServiceRequestId),
    Area(AreaId),
    Organization(OrganizationId),
    Unit(UnitId),
    Residence(ResidenceId),
    ProxyGrant(ProxyGrantId),
    Notification(NotificationId),
    Center(CenterId),
    Venue(VenueId),
    Booking(BookingId),
    BookingSeries(BookingSeriesId),
    CreditAppeal(CreditAppealId),
    ServiceItem(ServiceItemId),
    ServiceTicket(ServiceTicketId),
    Event(EventId),
    EventRegistration(EventRegistrationId),
}

impl Named {
    fn parse(id: &ID) -> Option<Self> {
        let request = || ServiceRequestId::parse(id).map(Self::ServiceRequest);
        let area = || AreaId::parse(id).map(Self::Area);
        let organization = || OrganizationId::parse(id).map(Self::Organization);
        let unit = || UnitId::parse(id).map(Self::Unit);
        let residence = || ResidenceId::parse(id).map(Self::Residence);
        let proxy = || ProxyGrantId::parse(id).map(Self::ProxyGrant);
        let notification = || NotificationId::parse(id).map(Self::Notification);
        let center = || CenterId::parse(id).map(Self::Center);
        let venue = || VenueId::parse(id).map(Self::Venue);
        let booking = || BookingId::parse(id).map(Self::Booking);
        let appeal = || CreditAppealId::parse(id).map(Self::CreditAppeal);
        let series = || BookingSeriesId::parse(id).map(Self::BookingSeries);
        let service = || ServiceItemId::parse(id).map(Self::ServiceItem);
        let ticket = || ServiceTicketId::parse(id).map(Self::ServiceTicket);
        let event = || EventId::parse(id).map(Self::Event);
        let registration = || EventRegistrationId::parse(id).map(Self::EventRegistration);
        let booked = || booking().or_else(series).or_else(appeal).or_else(service).or_else(ticket);
        let attended = || event().or_else(registration);
        let place = || area().or_else(organization).or_else(unit).or_else(center).or_else(venue);
        let own = || residence().or_else(proxy).or_else(notification);
        request().or_else(place).or_else(own).or_else(booked).or_else(attended)
    }
}

/// Finds objects, in the order of the ids: one statement a kind, since all are asked for at once.
async fn find(ctx: &Context<'_>, ids: &[ID]) -> Vec<Option<Result<Node>>> {
    let named: Vec<Option<Named>> = ids.iter().map(Named::parse).collect();
    let requests = named.iter().filter_map(|named| match named {
        Some(Named::ServiceRequest(id)) => Some(*id),
        _ => None,
    });
    let (cases, others) =
        join(cases(ctx, requests.collect()), join_all(named.iter().map(|named| other(ctx, *named)))).await;
    let nodes = named.iter().zip(others).map(|(named, other)| match named {
        Some(Named::ServiceRequest(id)) => match &cases {
            Ok(cases) => {
                let case = cases.get(id)?.clone();
                Some(ServiceRequest::of(ctx, case).map(Node::ServiceRequest))
            }
            Err(error) => Some(Err(error.clone())),
        },
        _ => other,
    });
    nodes.collect()
}

/// Requests as far as the caller may see them, in one read.
async fn cases(ctx: &Context<'_>, ids: Vec<ServiceRequestId>) -> Result<HashMap<ServiceRequestId, Case>> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let cases = ::requests::cases_by_ids(ctx.base(), &ctx.caller().actor, &ids).await.or_fail(ctx)?;
    Ok(cases.into_iter().map(|case| (case.row.id, case)).collect())
}

/// What is no request, through the loaders.
async fn other(ctx: &Context<'_>, named: Option<Named>) -> Option<Result<Node>> {
    let is_known = directory::policy::admit(&ctx.caller().actor).is_ok();
    let found = match named? {
        Named::Area(id) => load(ctx, id).await.map(|row| row.map(|row| Node::Area(Area(row)))),
        Named::Organization(id) if is_known => {
            load(ctx, id).await.map(|row| row.map(|row| Node::Organization(Organization(row))))
        }
        Named::Unit(id) if is_known => load(ctx, id).await.map(|row| row.map(|row| Node::Unit(Unit(row)))),
        Named::Center(id) => load(ctx, id).await.map(|row| row.map(|row| Node::Center(Center(row)))),
        Named::Venue(id) => load(ctx, id).await.map(|row| row.map(|row| Node::Venue(Venue(row)))),
        Named::ServiceItem(id) => load(ctx, id).await.map(|row| row.map(|row| Node::ServiceItem(ServiceItem(row)))),
        // Few ask for several at once, so each is read by itself.
        Named::Residence(id) => Residence::by_id(ctx, id).await.map(|found| found.map(Node::Residence)),
        Named::ProxyGrant(id) => ProxyGrant::by_id(ctx, id).await.map(|found| found.map(Node::ProxyGrant)),
        Named::Notification(id) => Notification::by_id(ctx, id).await.map(|found| found.map(Node::Notification)),
        Named::Booking(id) => Booking::by_id(ctx, id).await.map(|found| found.map(Node::Booking)),
        Named::BookingSeries(id) => BookingSeries::by_id(ctx, id).await.map(|found| found.map(Node::BookingSeries)),
        Named::ServiceTicket(id) => ServiceTicket::by_id(ctx, id).await.map(|found| found.map(Node::ServiceTicket)),
        Named::Event(id) => Event::by_id(ctx, id).await.map(|found| found.map(Node::Event)),
        Named::EventRegistration(id) => {
            EventRegistration::by_id(ctx, id).await.map(|found| found.map(Node::EventRegistration))
        }
        Named::CreditAppeal(id) => CreditAppeal::by_id(ctx, id).await.map(|found| found.map(Node::CreditAppeal)),
        Named::ServiceRequest(_) | Named::Organization(_) | Named::Unit(_) => return None,
    };
    found.transpose()
}
