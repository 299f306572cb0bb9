//! By which channels a person wants notifications of a kind (通知偏好); what is not said is as usual.
use crate::enums::NotificationKind;
use crate::id::AccountId;
use sea_orm::entity::prelude::*;

/// By which channels a person wants notifications of a kind (通知偏好); what is not said is as usual.
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "notification_preference")]
pub struct Model {
    /// Whose.
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: AccountId,
    /// Of which kind.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: NotificationKind,
    /// In the inbox.
    pub in_app: bool,
    /// By WeChat.
    pub wechat: bool,
    /// By SMS.
    pub sms: bool,
    /// Last change.
    pub updated_at: DateTimeUtc,
}

/// Joins are written by hand in the stores, so no relation is declared.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
