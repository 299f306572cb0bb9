//! Slots that many watch at once (时段实时): of all on this node who watch the same, one looks, and the others see what it saw; and
//! nobody looks for what happened in another centre. So what eight o'clock costs grows with what is watched there, not with who
//! watches, nor with what goes on elsewhere.

use std::sync::Arc;

use entity::id::{BookingId, CenterId, SlotHoldId, VenueId};
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::look::{Look, Looks, Remembered};
use kernel::tx::Record as _;

use crate::fact::{BookingFact, CenterFact, HoldFact, VenueFact};
use crate::slots::{Asked, Slot, slots};
use crate::store;

/// What is watched on this node (本节点的观看).
#[derive(Default)]
pub struct Watched {
    slots: Looks<Asked, Vec<Slot>>,
    /// In which centre subjects of hints are.
    centers: Remembered<CenterId>,
}

/// One who watches; others may watch the same.
pub struct Watch(Look<Asked, Vec<Slot>>);

impl Watched {
    /// Begins to watch.
    #[must_use]
    pub fn watch(&self, asked: Asked) -> Watch {
        Watch(self.slots.at(asked))
    }

    /// Whether slots of a centre may have changed by what happened: one statement at most, whoever asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_concern(&self, base: &Base, center: CenterId, hint: &Hint) -> Result<bool> {
        self.centers.may_concern(hint.subject, center, async || center_of(base, hint).await).await
    }
}

/// In which centre the subject of a hint is.
async fn center_of(base: &Base, hint: &Hint) -> Result<Option<CenterId>> {
    let (db, subject) = (base.db.reader(), hint.subject);
    Ok(match hint.subject_kind.as_str() {
        CenterFact::SUBJECT => Some(CenterId(subject)),
        VenueFact::SUBJECT => store::venue(db, VenueId(subject)).await?.map(|row| row.center_id),
        HoldFact::SUBJECT => store::slot_hold(db, SlotHoldId(subject)).await?.map(|row| row.center_id),
        _ => store::center_of(db, BookingId(subject)).await?,
    })
}

impl Watch {
    /// The slots as they are now: as somebody saw them who began to look after this was called.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(&self, base: &Base) -> Result<Arc<Vec<Slot>>> {
        let read = async |asked: Asked| Ok(slots(base, &[asked]).await?.remove(&asked).unwrap_or_default());
        self.0.now(read).await
    }
}

/// Whether slots may have changed by what happened.
#[must_use]
pub fn may_move_slots(hint: &Hint) -> bool {
    match hint.kind.as_str() {
        "booking.approved" | "booking.accepted" | "booking.reminded" | "booking.checked_in" => false,
        "booking.damaged" | "booking.damage_reversed" => false,
        _ => [BookingFact::SUBJECT, HoldFact::SUBJECT, CenterFact::SUBJECT, VenueFact::SUBJECT]
            .contains(&hint.subject_kind.as_str()),
    }
}
