//! An event (活动): of an organisation of the party, or of a neighbourhood.
use crate::enums::{EventAudience, EventKind, EventState, WaitlistPromotion};
use crate::id::{AccountId, AreaId, EventId, PartyOrganizationId, VenueId};
use sea_orm::entity::prelude::*;

/// An event (活动): of an organisation of the party, or of a neighbourhood.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "event")]
pub struct Model {
    /// Key; it holds the pieces of its room.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EventId,
    /// Version. Seats that are taken do not move it.
    pub version: i32,
    /// What kind it is.
    pub kind: EventKind,
    /// For whom it is.
    pub audience: EventAudience,
    /// Where it stands.
    pub state: EventState,
    /// Title.
    pub title: String,
    /// A sentence or two.
    pub summary: String,
    /// All that is said of it.
    pub body: String,
    /// Who invites, in words.
    pub organizer: String,
    /// Words by which it is found, each between commas.
    pub tags: String,
    /// Area it belongs to.
    pub area_id: AreaId,
    /// Its path.
    pub area_path: String,
    /// Organisation of the party that holds it; none for one of the neighbourhood.
    pub organization_id: Option<PartyOrganizationId>,
    /// Its path.
    pub organization_path: Option<String>,
    /// Room it is held in.
    pub venue_id: Option<VenueId>,
    /// Where it is held, in words.
    pub place: String,
    /// Where it is held, WGS 84.
    pub longitude: Option<f64>,
    /// Where it is held, WGS 84.
    pub latitude: Option<f64>,
    /// From.
    pub begins_at: DateTimeUtc,
    /// Up to.
    pub ends_at: DateTimeUtc,
    /// Whether people register.
    pub takes_registrations: bool,
    /// From when on; from its publication when null.
    pub signup_from: Option<DateTimeUtc>,
    /// Until when.
    pub signup_to: DateTimeUtc,
    /// Until when a registration is taken back.
    pub withdraw_until: DateTimeUtc,
    /// Seats; without end when null.
    pub capacity: Option<i32>,
    /// Seats that are had, offered or held: never more than there are, by a constraint.
    pub seats_taken: i32,
    /// Registrations that wait at most; without end when null.
    pub waitlist_limit: Option<i32>,
    /// Seats of one registration at most.
    pub most_seats: i16,
    /// How a seat that falls free goes to who waits.
    pub promotion: WaitlistPromotion,
    /// Whether it is for people only who live in its area, as verified.
    pub is_for_residents: bool,
    /// What it asks who registers.
    pub questions: Json,
    /// What happens when: lines of a time and a title.
    pub agenda: Json,
    /// Its photos, in order.
    pub photos: Json,
    /// What was said when it was returned, changed or called off.
    pub note: Option<String>,
    /// Who made it.
    pub created_by: AccountId,
    /// Who wrote it as it is.
    pub written_by: AccountId,
    /// Who asked for the review.
    pub submitted_by: Option<AccountId>,
    /// Who reviewed it.
    pub reviewed_by: Option<AccountId>,
    /// Published.
    pub published_at: Option<DateTimeUtc>,
    /// Over, or called off.
    pub ended_at: Option<DateTimeUtc>,
    /// When the clock looks at it next.
    pub due_at: Option<DateTimeUtc>,
    /// Made.
    pub created_at: DateTimeUtc,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
