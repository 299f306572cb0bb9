//! By which channels people want to be told.

use std::collections::HashMap;

use entity::enums::NotificationKind;
use entity::id::AccountId;
use entity::notification_preference::{Column, Entity, Model};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use kernel::tx::Tx;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, Iterable as _, QueryFilter as _};

use super::plans::AT_ONCE;
use crate::preferences::{Preference, Wishes};

/// What people said they want.
pub async fn wishes(tx: &Tx, accounts: &[AccountId]) -> Result<HashMap<(AccountId, NotificationKind), Wishes>> {
    let mut wishes = HashMap::new();
    for some in accounts.chunks(AT_ONCE) {
        let rows = Entity::find().filter(in_keys(tx.db(), Column::AccountId, some)).all(tx.db()).await?;
        wishes.extend(rows.iter().map(|row| ((row.account_id, row.kind), Wishes::from(row))));
    }
    Ok(wishes)
}

/// What a person wants for each kind, said or not.
///
/// # Errors
/// When the database does not answer.
pub async fn preferences_of(base: &Base, account: AccountId) -> Result<Vec<Preference>> {
    let rows = Entity::find().filter(Column::AccountId.eq(account)).all(base.db.reader()).await?;
    let said: HashMap<NotificationKind, Wishes> = rows.iter().map(|row| (row.kind, row.into())).collect();
    let wanted = |kind| Preference { kind, wishes: said.get(&kind).copied().unwrap_or_default() };
    Ok(NotificationKind::iter().map(wanted).collect())
}

/// Keeps what a person wants, in place of what was said before.
pub async fn save(tx: &Tx, account: AccountId, preferences: &[Preference]) -> Result<()> {
    let row = |preference: &Preference| {
        let Wishes { in_app, wechat, sms } = preference.wishes;
        let kind = preference.kind;
        Model { account_id: account, kind, in_app, wechat, sms, updated_at: tx.now() }.into_active_model()
    };
    let replaced = OnConflict::columns([Column::AccountId, Column::Kind])
        .update_columns([Column::InApp, Column::Wechat, Column::Sms, Column::UpdatedAt])
        .to_owned();
    Entity::insert_many(preferences.iter().map(row)).on_conflict(replaced).exec_without_returning(tx.db()).await?;
    Ok(())
}
