//! The roots (根类型): the slices' queries and mutations, side by side.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};

use crate::areas::AreaQuery;
use crate::directory::{DirectoryMutation, DirectoryQuery};
use crate::identity::{
    AccountMutation, AccountQuery, AuditQuery, ChangeMutation, ConsentMutation, ConsentQuery, IdentityMutation,
    IdentityQuery, OwnCredentialMutation,
};
use crate::media::MediaMutation;
use crate::node::NodeQuery;
use crate::party::{PartyMutation, PartyQuery};
use crate::requests::{RequestMutation, RequestQuery, RequestSubscription, RevealMutation};
use crate::residents::{ResidentMutation, ResidentQuery};
use crate::rights::RightsMutation;
use crate::wechat::WechatMutation;

// A merged object looks for a field in one member after the other, a call deeper each time: the roots are merged in two
// halves, so that no field lies deep.

/// 人与权限 / People: who asks, accounts, residents, the audit chain.
#[derive(MergedObject, Default)]
pub struct PeopleQuery(IdentityQuery, AccountQuery, AuditQuery, ConsentQuery, ResidentQuery, PartyQuery);

/// 街道与诉求 / The town: its map, its organisations, its cases.
#[derive(MergedObject, Default)]
pub struct TownQuery(RequestQuery, NodeQuery, AreaQuery, DirectoryQuery);

/// 查询根 / Query root.
#[derive(MergedObject, Default)]
pub struct Query(TownQuery, PeopleQuery);

/// 人与权限 / People: signing in, accounts, residents.
#[derive(MergedObject, Default)]
pub struct PeopleMutation(
    IdentityMutation,
    WechatMutation,
    OwnCredentialMutation,
    ChangeMutation,
    ConsentMutation,
    AccountMutation,
    ResidentMutation,
    PartyMutation,
    RightsMutation,
);

/// 街道与诉求 / The town: its cases, photos, organisations.
#[derive(MergedObject, Default)]
pub struct TownMutation(RequestMutation, MediaMutation, RevealMutation, DirectoryMutation);

/// 变更根；每个变更一个 input、一个返回体 / Mutation root; one `input` and one payload each.
#[derive(MergedObject, Default)]
pub struct Mutation(TownMutation, PeopleMutation);

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
