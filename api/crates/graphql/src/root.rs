//! The roots (根类型): the slices' queries and mutations, side by side.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};

use crate::areas::AreaQuery;
use crate::directory::{DirectoryMutation, DirectoryQuery};
use crate::identity::{
    AccountMutation, AccountQuery, AuditQuery, IdentityMutation, IdentityQuery, OwnCredentialMutation,
};
use crate::media::MediaMutation;
use crate::node::NodeQuery;
use crate::requests::{RequestMutation, RequestQuery, RequestSubscription, RevealMutation};
use crate::residents::{ResidentMutation, ResidentQuery};
use crate::wechat::WechatMutation;

/// 查询根 / Query root.
#[derive(MergedObject, Default)]
pub struct Query(
    NodeQuery,
    IdentityQuery,
    AreaQuery,
    DirectoryQuery,
    RequestQuery,
    AccountQuery,
    AuditQuery,
    ResidentQuery,
);

/// 变更根；每个变更一个 input、一个返回体 / Mutation root; one `input` and one payload each.
#[derive(MergedObject, Default)]
pub struct Mutation(
    IdentityMutation,
    WechatMutation,
    OwnCredentialMutation,
    AccountMutation,
    DirectoryMutation,
    MediaMutation,
    RequestMutation,
    RevealMutation,
    ResidentMutation,
);

/// 订阅根；推送的是提示，随时可按标识重取 / Subscription root; hints, always refetchable by id.
#[derive(MergedSubscription, Default)]
pub struct Subscription(RequestSubscription);

/// The schema (接口模式).
pub type Schema = async_graphql::Schema<Query, Mutation, Subscription>;

/// Builds the schema. No extension is ever registered: one would slow every field down. Suggestions would tell strangers
/// what exists.
#[must_use]
pub fn schema() -> Schema {
    Schema::build(Query::default(), Mutation::default(), Subscription::default()).disable_suggestions().finish()
}

/// The public contract as text, as committed in `schema.graphql`.
#[must_use]
pub fn sdl() -> String {
    schema().sdl_with_options(SDLExportOptions::new().include_specified_by().sorted_enum_items().sorted_fields())
}
