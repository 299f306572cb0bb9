//! A centre with its venues (场馆): what lies in what, so that who has the hall has its halves. Pure.

use std::collections::{BTreeMap, BTreeSet};

use entity::enums::CenterState;
use entity::id::VenueId;
use entity::{center, venue};
use kernel::error::{Error, Result};
use schedule::claim::Claim;
use schedule::space::Spaces;
use uuid::Uuid;

/// A centre, all its venues, and how they lie (场馆).
#[derive(Clone, Debug)]
pub struct Premises {
    /// The centre.
    pub center: center::Model,
    /// Its venues.
    pub venues: Vec<venue::Model>,
    spaces: Spaces<VenueId>,
}

impl Premises {
    /// A centre with its venues.
    ///
    /// # Errors
    /// A fault when they are no tree, which no verb lets them be.
    pub fn of(center: center::Model, venues: Vec<venue::Model>) -> Result<Self> {
        let spaces = Spaces::of(venues.iter().map(|venue| (venue.id, venue.within_id)));
        let spaces = spaces.map_err(|error| anyhow::anyhow!("venues of centre {}: {error}", center.code))?;
        Ok(Self { center, venues, spaces })
    }

    /// A venue of it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn venue(&self, id: VenueId) -> Result<&venue::Model> {
        self.venues.iter().find(|venue| venue.id == id).ok_or(Error::NotFound)
    }

    /// Whether people are let in at all.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.center.state == CenterState::Open
    }

    /// Whether a venue of it is had by anybody now.
    #[must_use]
    pub fn is_had(&self, venue: &venue::Model) -> bool {
        self.is_open() && venue.is_bookable
    }

    /// What a booking of a venue takes: the venue with all that lies in it, or one place of a venue that has several.
    #[must_use]
    pub fn claim(&self, id: VenueId) -> Claim {
        let units = |leaf: Uuid| i32::try_from(self.places(leaf)).unwrap_or(1);
        let leaves: BTreeMap<Uuid, i32> = self.leaves(id).into_iter().map(|leaf| (leaf, units(leaf))).collect();
        match leaves.get(&id.0) {
            Some(units) if *units > 1 => Claim::Unit { leaf: id.0, units: *units },
            _ => Claim::Whole(leaves),
        }
    }

    /// How many have a leaf at once.
    #[must_use]
    pub fn places(&self, leaf: Uuid) -> u32 {
        let venue = self.venues.iter().find(|venue| venue.id.0 == leaf);
        venue.and_then(|venue| u32::try_from(venue.units).ok()).unwrap_or(1).max(1)
    }

    /// The leaves of a venue: what lies within it and holds no other.
    #[must_use]
    pub fn leaves(&self, id: VenueId) -> BTreeSet<Uuid> {
        self.spaces.leaves(id).into_iter().map(|leaf| leaf.0).collect()
    }

    /// A venue, those it lies within and those within it: with it, none of these may be had.
    #[must_use]
    pub fn related(&self, id: VenueId) -> Vec<VenueId> {
        let own = self.spaces.leaves(id);
        let shares = |venue: &&venue::Model| !self.spaces.leaves(venue.id).is_disjoint(&own);
        self.venues.iter().filter(shares).map(|venue| venue.id).collect()
    }
}
