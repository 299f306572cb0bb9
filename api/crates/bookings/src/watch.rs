//! Slots that many watch at once (时段实时): of all on this node who watch the same, one looks, and the others see what it saw. So what
//! eight o'clock costs grows with what is watched, not with who watches.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use kernel::base::Base;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::tx::Record as _;
use tokio::sync::Mutex as Turns;

use crate::fact::{BookingFact, CenterFact, VenueFact};
use crate::slots::{Asked, Slot, slots};

/// What is watched on this node (本节点的观看).
#[derive(Default)]
pub struct Watched(Mutex<HashMap<Asked, Weak<View>>>);

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
    last: Turns<(u64, Arc<Vec<Slot>>)>,
}

impl Watched {
    /// Begins to watch.
    #[must_use]
    pub fn watch(&self, asked: Asked) -> Watch {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.retain(|_, view| view.strong_count() > 0);
        let known = views.get(&asked).and_then(Weak::upgrade);
        let view = known.unwrap_or_else(|| {
            let view = Arc::default();
            views.insert(asked, Arc::downgrade(&view));
            view
        });
        Watch { asked, view }
    }
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
            let seen = slots(base, &[self.asked]).await?.remove(&self.asked).unwrap_or_default();
            *last = (number, Arc::new(seen));
        }
        Ok(Arc::clone(&last.1))
    }
}

/// Whether slots may have changed by what happened.
#[must_use]
pub fn may_move_slots(hint: &Hint) -> bool {
    match hint.kind.as_str() {
        "booking.approved" | "booking.accepted" | "booking.reminded" | "booking.checked_in" => false,
        "booking.damaged" | "booking.damage_reversed" => false,
        _ => [BookingFact::SUBJECT, CenterFact::SUBJECT, VenueFact::SUBJECT].contains(&hint.subject_kind.as_str()),
    }
}
