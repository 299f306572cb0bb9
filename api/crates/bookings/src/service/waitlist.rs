//! What falls free is offered to who waits (候补递补).

use std::collections::BTreeSet;

use areas::shanghai_date;
use entity::id::{AccountId, VenueId};
use kernel::actor::Actor;
use kernel::error::Result;
use kernel::guarded::Guarded as _;
use kernel::tx::Tx;
use schedule::span::Span;

use super::bookings::write;
use super::making::{kept, span};
use crate::policy::{Booking, BookingAction};
use crate::premises::Premises;
use crate::{store, workflow};

/// Offers what fell free of some venues during a span to those who wait for any of it, first come first: each one whose whole time
/// is free and open now. The centre is held alone, so that nobody joins or leaves the list meanwhile; what is taken is read once,
/// however many wait.
pub(super) async fn offer(tx: &mut Tx, premises: &Premises, venues: &[VenueId], freed: Span) -> Result<()> {
    let waiters = store::overlapping_waiters(tx, venues, freed).await?;
    let dates: BTreeSet<_> = waiters.iter().map(|row| shanghai_date(row.begins_at)).collect();
    let Some((first, last)) = dates.first().copied().zip(dates.last().copied()) else { return Ok(()) };
    let wanted: BTreeSet<VenueId> = waiters.iter().map(|row| row.venue_id).collect();
    let wanted: Vec<VenueId> = wanted.into_iter().collect();
    let people: Vec<AccountId> = waiters.iter().map(|row| row.account_id).collect();
    let barred = schedule::store::barred_among(tx.db(), &people, tx.now()).await?;
    let mut picture = store::picture(tx.db(), &wanted, (first, last)).await?;
    // Who may book nothing now could not take it, and would keep it from the others.
    for row in waiters.into_iter().filter(|row| !barred.contains(&row.account_id)) {
        let (claim, kept) = (premises.claim(row.venue_id), kept(&row)?);
        let Ok(fact) = workflow::offer(&row, tx.now()) else { continue };
        let is_open = picture.is_open(row.venue_id, row.account_id, span(&row)?);
        let is_had = is_open && picture.taken.is_free(&claim, kept);
        if is_had && schedule::store::occupy(tx, row.id.0, &claim, kept).await? {
            picture.taken.take(&claim, kept);
            let booking = Booking { row, area_path: premises.center.area_path.clone() };
            let permitted = booking.permit(&Actor::System, BookingAction::Lapse)?;
            write(tx, permitted, fact, None).await?;
        }
    }
    Ok(())
}
