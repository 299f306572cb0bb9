//! Slots that many watch at once (时段实时): of all on this node who watch the same, one looks, and the others see what it saw; and
//! nobody looks for what happened in another centre. So what eight o'clock costs grows with what is watched there, not with who
//! watches, nor with what goes on elsewhere.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use entity::id::{BookingId, CenterId, SlotHoldId, VenueId};
use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::tx::Record as _;
use lru::LruCache;
use tokio::sync::Mutex as Turns;
use uuid::Uuid;

use crate::fact::{BookingFact, CenterFact, HoldFact, VenueFact};
use crate::slots::{Asked, Slot, slots};
use crate::store;

/// Of so many subjects of hints a node remembers in which centre they are.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add(4_095);

/// What is watched on this node (本节点的观看).
pub struct Watched {
    views: Mutex<HashMap<Asked, Weak<View>>>,
    /// In which centre subjects of hints are; none for what is no more.
    centers: Turns<LruCache<Uuid, Option<CenterId>>>,
}

impl Default for Watched {
    fn default() -> Self {
        Self { views: Mutex::default(), centers: Turns::new(LruCache::new(REMEMBERED)) }
    }
}

/// One who watches; others may watch the same.
pub struct Watch {
    asked: Asked,
    view: Arc<View>,
}

/// What was seen last, by whomever.
#[derive(Default)]
struct View {
    /// How many looks have begun.
    begun: std::sync::atomic::AtomicU64,
    /// The number of the last look, and what it saw; nothing when it failed.
    last: Turns<(u64, Option<Arc<Vec<Slot>>>)>,
}

impl Watched {
    /// Begins to watch.
    #[must_use]
    pub fn watch(&self, asked: Asked) -> Watch {
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.retain(|_, view| view.strong_count() > 0);
        let known = views.get(&asked).and_then(Weak::upgrade);
        let view = known.unwrap_or_else(|| {
            let view = Arc::default();
            views.insert(asked, Arc::downgrade(&view));
            view
        });
        Watch { asked, view }
    }

    /// Whether slots of a centre may have changed by what happened: one statement at most, whoever asks.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn may_concern(&self, base: &Base, center: CenterId, hint: &Hint) -> Result<bool> {
        let mut centers = self.centers.lock().await;
        let known = match centers.get(&hint.subject) {
            Some(known) => *known,
            None => {
                let found = center_of(base, hint).await?;
                centers.put(hint.subject, found);
                found
            }
        };
        // Of what is no more nobody knows where it was.
        Ok(known.is_none_or(|known| known == center))
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
        use std::sync::atomic::Ordering::SeqCst;
        let asked_at = self.view.begun.load(SeqCst);
        let mut last = self.view.last.lock().await;
        if last.0 <= asked_at {
            let number = self.view.begun.fetch_add(1, SeqCst) + 1;
            *last = (number, None);
            let seen = slots(base, &[self.asked]).await?.remove(&self.asked).unwrap_or_default();
            last.1 = Some(Arc::new(seen));
        }
        // Those who waited for a look that failed do not ask one after the other again.
        last.1.clone().ok_or_else(|| anyhow::anyhow!("somebody else could not look").into())
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
