//! A notification (通知): one line of one person's inbox, and what comes of pushing it. It holds no words.
use crate::enums::{NotificationKind, NotificationLevel, NotificationTemplate, PushState};
use crate::id::{AccountId, FactId, NotificationId};
use sea_orm::entity::prelude::*;

/// A notification (通知): one line of one person's inbox, and what comes of pushing it. It holds no words.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification")]
pub struct Model {
    /// Key.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NotificationId,
    /// Whose.
    pub account_id: AccountId,
    /// What it is about; unique with the fact and the account.
    pub kind: NotificationKind,
    /// What it says.
    pub template: NotificationTemplate,
    /// Kind of what it points to, e.g. `request`.
    pub subject_kind: String,
    /// What it points to.
    pub subject_id: Uuid,
    /// The fact it tells of.
    pub fact_id: FactId,
    /// What its words are made of: numbers of cases, codes, states and times.
    pub data: Json,
    /// How much it presses.
    pub level: NotificationLevel,
    /// Pushed at any hour, and beside the count of a day.
    pub is_urgent: bool,
    /// Shown in the inbox; not so where the person wants pushes of its kind only.
    pub is_shown: bool,
    /// Where its push stands.
    pub push_state: PushState,
    /// When to push it.
    pub push_at: Option<DateTimeUtc>,
    /// Pushed as one with others that are due at the same time.
    pub is_digest: bool,
    /// When the person read it.
    pub read_at: Option<DateTimeUtc>,
    /// When it came in: later for each fact of a higher number.
    pub created_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
