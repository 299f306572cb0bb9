//! What people get pushed anyway (推送计划).

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::PushState;
use entity::id::AccountId;
use entity::notification::{Column, Entity};
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use crate::delivery::{Planned, midnight, next_morning};

/// Accounts that one statement names at most: SQLite binds 32,766 values.
pub(super) const AT_ONCE: usize = 4_000;

/// Pushes of people that are not urgent, from the present day on: how many at which time, and whether as a digest.
#[derive(Default)]
pub struct Plans(HashMap<AccountId, HashMap<(DateTime<Utc>, bool), u32>>);

/// What is planned for people. Along the index of inboxes: what is pushed today came in yesterday at the earliest.
pub async fn plans(tx: &Tx, accounts: &[AccountId]) -> Result<Plans> {
    let today = midnight(tx.now());
    let mut plans = Plans::default();
    for some in accounts.chunks(AT_ONCE) {
        let pushes = Entity::find()
            .select_only()
            .column(Column::AccountId)
            .column(Column::PushAt)
            .column(Column::IsDigest)
            .column_as(Column::Id.count(), "pushes")
            .filter(in_keys(tx.db(), Column::AccountId, some))
            .filter(Column::CreatedAt.gte(today - TimeDelta::days(1)))
            .filter(Column::PushAt.gte(today))
            .filter(Column::IsUrgent.eq(false))
            .filter(Column::PushState.is_in([PushState::Waiting, PushState::Pushed]))
            .group_by(Column::AccountId)
            .group_by(Column::PushAt)
            .group_by(Column::IsDigest);
        let pushes: Vec<(AccountId, DateTime<Utc>, bool, i64)> = pushes.into_tuple().all(tx.db()).await?;
        for (account, at, is_digest, count) in pushes {
            plans.count(account, (at, is_digest), u32::try_from(count).unwrap_or(u32::MAX));
        }
    }
    Ok(plans)
}

impl Plans {
    /// What a person gets anyway.
    pub fn of(&self, account: AccountId, now: DateTime<Utc>) -> Planned {
        let Some(pushes) = self.0.get(&account) else { return Planned::default() };
        let today = |at: &DateTime<Utc>| midnight(*at) == midnight(now);
        let of_today = pushes.iter().filter(|((at, _), _)| today(at));
        // However much a digest gathers, it is one.
        let count = of_today.map(|((_, is_digest), count)| if *is_digest { 1 } else { *count });
        Planned {
            today: count.fold(0, u32::saturating_add),
            has_morning: pushes.contains_key(&(next_morning(now), false)),
        }
    }

    /// Counts one more.
    pub fn add(&mut self, account: AccountId, at: DateTime<Utc>, is_digest: bool) {
        self.count(account, (at, is_digest), 1);
    }

    fn count(&mut self, account: AccountId, push: (DateTime<Utc>, bool), count: u32) {
        let known = self.0.entry(account).or_default().entry(push).or_default();
        *known = known.saturating_add(count);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn a_digest_counts_once_and_other_days_not_at_all() {
        let now: DateTime<Utc> = "2026-11-23T01:00:00Z".parse().unwrap();
        let (ann, bob) = (AccountId(Uuid::from_u128(1)), AccountId(Uuid::from_u128(2)));
        let mut plans = Plans::default();
        assert_eq!(plans.of(ann, now), Planned::default());
        for (at, is_digest) in [(now, false), (now, false), (now, true), (now, true), (next_morning(now), true)] {
            plans.add(ann, at, is_digest);
        }
        assert_eq!(plans.of(ann, now), Planned { today: 3, has_morning: false });
        assert_eq!(plans.of(bob, now), Planned::default());
        plans.add(ann, next_morning(now), false);
        assert_eq!(plans.of(ann, now), Planned { today: 3, has_morning: true });
    }
}
