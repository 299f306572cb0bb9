//! Who came too late, in order (候补): what falls free is offered to the first one for whom it is enough, who has a while to take it;
//! then to the next one. Nothing is offered once it has begun. Pure.

use chrono::{DateTime, TimeDelta, Utc};

/// How long an offer stands (候补确认时限).
pub const OFFER: TimeDelta = TimeDelta::minutes(30);

/// Where somebody stands on the list (候补状态).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// 候补中 / waits.
    Waiting,
    /// 待确认 / may take what fell free, until then.
    Offered(DateTime<Utc>),
    /// 已确认 / took it.
    Taken,
    /// 已放弃 / refused the offer, or left the list.
    Left,
    /// 已过期 / did not answer in time, or it began meanwhile.
    Expired,
}

/// What happens to somebody on the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Something fell free, and it is this one's turn.
    Offer,
    /// The offer is taken.
    Take,
    /// The person does not want it any more.
    Leave,
    /// The system looks at the clock.
    Look,
}

impl Place {
    /// Where somebody stands after a move; `begins` is when that begins for which all wait. `None` when the move changes nothing.
    #[must_use]
    pub fn after(self, step: Move, begins: DateTime<Utc>, now: DateTime<Utc>) -> Option<Self> {
        let is_over = now >= begins;
        match (self, step) {
            (Self::Waiting, Move::Offer) if !is_over => Some(Self::Offered((now + OFFER).min(begins))),
            (Self::Offered(until), Move::Take) if now < until => Some(Self::Taken),
            (Self::Waiting | Self::Offered(_), Move::Leave) => Some(Self::Left),
            (Self::Waiting, Move::Look) if is_over => Some(Self::Expired),
            (Self::Offered(until), Move::Look) if now >= until => Some(Self::Expired),
            _ => None,
        }
    }

    /// Whether something is kept for the person.
    #[must_use]
    pub fn is_kept(self) -> bool {
        matches!(self, Self::Offered(_))
    }
}

/// Whose turn it is: the first one who waits and for whom what is free is enough. Nobody is passed over for good by one who needs
/// more: that one keeps the place.
#[must_use]
pub fn next<K: Copy>(list: &[(K, Place, u32)], free: u32) -> Option<K> {
    list.iter().find(|(_, place, need)| *place == Place::Waiting && *need <= free).map(|(key, ..)| *key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minutes: i64) -> DateTime<Utc> {
        "2026-11-23T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minutes)
    }

    #[test]
    fn an_offer_is_taken_refused_or_expires_once() {
        let begins = at(120);
        let offered = Place::Waiting.after(Move::Offer, begins, at(0)).unwrap();
        assert_eq!(offered, Place::Offered(at(30)));
        assert_eq!(offered.after(Move::Take, begins, at(29)), Some(Place::Taken));
        assert_eq!(offered.after(Move::Take, begins, at(30)), None);
        assert_eq!(offered.after(Move::Look, begins, at(30)), Some(Place::Expired));
        assert_eq!(offered.after(Move::Leave, begins, at(10)), Some(Place::Left));
        for over in [Place::Taken, Place::Left, Place::Expired] {
            for step in [Move::Offer, Move::Take, Move::Leave, Move::Look] {
                assert_eq!(over.after(step, begins, at(1)), None, "{over:?} {step:?}");
            }
        }
    }

    #[test]
    fn nothing_is_offered_once_it_has_begun() {
        let begins = at(20);
        assert_eq!(Place::Waiting.after(Move::Offer, begins, at(0)), Some(Place::Offered(begins)));
        assert_eq!(Place::Waiting.after(Move::Offer, begins, begins), None);
        assert_eq!(Place::Waiting.after(Move::Look, begins, begins), Some(Place::Expired));
    }

    proptest! {
        /// However people answer and time passes: offers go out in order, never more than is free, and none after the start.
        #[test]
        fn order_is_kept_and_no_more_is_kept_than_is_free(
            needs in prop::collection::vec(1..4_u32, 1..8),
            steps in prop::collection::vec((0..4_u8, 0..8_usize, 0..25_i64), 0..60),
        ) {
            let (begins, mut now, mut free) = (at(300), at(0), 0_u32);
            let mut list: Vec<(usize, Place, u32)> = needs.iter().enumerate().map(|(key, need)| (key, Place::Waiting, *need)).collect();
            for (step, who, minutes) in steps {
                now += TimeDelta::minutes(minutes);
                let who = who % list.len();
                match step {
                    0 => free += 1,
                    1 | 2 => {
                        let step = if step == 1 { Move::Take } else { Move::Leave };
                        if let Some(after) = list[who].1.after(step, begins, now) {
                            free += if list[who].1.is_kept() && after == Place::Left { list[who].2 } else { 0 };
                            list[who].1 = after;
                        }
                    }
                    _ => {}
                }
                for one in &mut list {
                    if let Some(after) = one.1.after(Move::Look, begins, now) {
                        free += if one.1.is_kept() { one.2 } else { 0 };
                        one.1 = after;
                    }
                }
                while let Some(key) = next(&list, free) {
                    let Some(after) = list[key].1.after(Move::Offer, begins, now) else { break };
                    prop_assert!(now < begins);
                    let passed_over = list[..key].iter().filter(|(_, place, _)| *place == Place::Waiting);
                    prop_assert!(passed_over.clone().all(|(.., need)| *need > free), "nobody is passed over who had enough");
                    free -= list[key].2;
                    list[key].1 = after;
                }
                prop_assert!(now < begins || list.iter().all(|(_, place, _)| !place.is_kept() && *place != Place::Waiting));
            }
        }
    }
}
