//! The roots (根类型): the slices' queries and mutations, side by side.

use async_graphql::{MergedObject, MergedSubscription, SDLExportOptions};

use crate::areas::{AreaQuery, GridMutation};
use crate::bookings::{
    BookingMutation, BookingQuery, BookingSubscription, CenterMutation, CreditMutation, DeskMutation, HoldMutation,
    QueueMutation, ServiceMutation, ServiceQuery,
};
use crate::directory::{DirectoryMutation, DirectoryQuery};
use crate::events::{
    AttendanceMutation, EventMutation, EventQuery, EventSubscription, LifeQuery, RecordMutation, RegistrationMutation,
};
use crate::feeds::FeedMutation;
use crate::hotline::{HotlineMutation, HotlineQuery};
use crate::identity::{
    AccountMutation, AccountQuery, AuditQuery, ChangeMutation, ConsentMutation, ConsentQuery, IdentityMutation,
    IdentityQuery, OwnCredentialMutation,
};
use crate::media::MediaMutation;
use crate::node::NodeQuery;
use crate::notifications::{NotificationMutation, NotificationQuery, NotificationSubscription};
use crate::party::{PartyMutation, PartyQuery};
use crate::reference::{ReferenceMutation, ReferenceQuery};
use crate::requests::{
    ContentMutation, ContentQuery, DuplicateMutation, DuplicateQuery, FindingMutation, OversightMutation,
    PauseMutation, RedactMutation, RequestMutation, RequestQuery, RequestSubscription, RetentionMutation,
    RevealMutation, TalkMutation,
};
use crate::residents::{ResidentMutation, ResidentQuery};
use crate::rights::RightsMutation;
use crate::stats::{StatsMutation, StatsQuery};
use crate::wechat::WechatMutation;

// A merged object looks for a field in one member after the other, a call deeper each time: the roots are merged as trees of few
// branches, so that no field lies deep.

/// 账号与审计 / Accounts: who asks, other accounts, the audit chain.
#[derive(MergedObject, Default)]
pub struct AccountsQuery(IdentityQuery, AccountQuery, AuditQuery);

/// 居民 / Residents: what they consent to, where they live, where they are members.
#[derive(MergedObject, Default)]
pub struct ResidentsQuery(ConsentQuery, ResidentQuery, PartyQuery);

/// 人与权限 / People.
#[derive(MergedObject, Default)]
pub struct PeopleQuery(AccountsQuery, ResidentsQuery, NotificationQuery);

/// 相似与审核 / What was reported already, and what is published.
#[derive(MergedObject, Default)]
pub struct ShownQuery(DuplicateQuery, ContentQuery);

/// 诉求 / Cases, what is known of them already, and files of the hotline.
#[derive(MergedObject, Default)]
pub struct CourseQuery(RequestQuery, ShownQuery, HotlineQuery);

/// 诉求与对象 / Cases, their numbers, and anything by its id.
#[derive(MergedObject, Default)]
pub struct CasesQuery(CourseQuery, NodeQuery, StatsQuery);

/// 地图与机构 / The map and the organisations.
#[derive(MergedObject, Default)]
pub struct PlacesQuery(AreaQuery, DirectoryQuery, ReferenceQuery);

/// 邻里中心 / Neighbourhood centres and what they offer.
#[derive(MergedObject, Default)]
pub struct CentersQuery(BookingQuery, ServiceQuery);

/// 活动与组织生活 / Events, and the life of organisations.
#[derive(MergedObject, Default)]
pub struct EventsQuery(EventQuery, LifeQuery);

/// 邻里中心与活动 / Neighbourhood centres and events.
#[derive(MergedObject, Default)]
pub struct TogetherQuery(CentersQuery, EventsQuery);

/// 街道与诉求 / The town.
#[derive(MergedObject, Default)]
pub struct TownQuery(CasesQuery, PlacesQuery, TogetherQuery);

/// 查询根 / Query root.
#[derive(MergedObject, Default)]
pub struct Query(TownQuery, PeopleQuery);

/// 登录 / Signing in.
#[derive(MergedObject, Default)]
pub struct SignInMutation(IdentityMutation, WechatMutation);

/// 工作人员 / Staff: the own credentials, accounts.
#[derive(MergedObject, Default)]
pub struct StaffMutation(OwnCredentialMutation, AccountMutation);

/// 本人 / What people do about themselves.
#[derive(MergedObject, Default)]
pub struct OwnMutation(ChangeMutation, ConsentMutation, RightsMutation);

/// 账号 / Accounts.
#[derive(MergedObject, Default)]
pub struct AccountsMutation(SignInMutation, StaffMutation);

/// 居民 / Residents.
#[derive(MergedObject, Default)]
pub struct ResidentsMutation(OwnMutation, ResidentMutation, PartyMutation);

/// 人与权限 / People.
#[derive(MergedObject, Default)]
pub struct PeopleMutation(AccountsMutation, ResidentsMutation, NotificationMutation);

/// 主线之外 / What is done about cases beside their trunk.
#[derive(MergedObject, Default)]
pub struct BesideMutation(OversightMutation, PauseMutation, DuplicateMutation);

/// 诉求办理 / Cases: their trunk, and what is done beside it.
#[derive(MergedObject, Default)]
pub struct CourseMutation(RequestMutation, BesideMutation, TalkMutation);

/// 其他来源 / What comes from patrols, devices and the hotline.
#[derive(MergedObject, Default)]
pub struct SourcesMutation(FindingMutation, HotlineMutation, MediaMutation);

/// 公开与查看 / What of cases is shown to whom.
#[derive(MergedObject, Default)]
pub struct ShownMutation(RevealMutation, ContentMutation, RedactMutation);

/// 诉求 / Cases and their photos.
#[derive(MergedObject, Default)]
pub struct CasesMutation(CourseMutation, SourcesMutation, ShownMutation);

/// 地图与机构 / The map and the organisations.
#[derive(MergedObject, Default)]
pub struct PlacesMutation(DirectoryMutation, GridMutation);

/// 机构、参考数据与留存 / What is kept for the cases, organisations and reference data, and which of them are held.
#[derive(MergedObject, Default)]
pub struct KeepingMutation(PlacesMutation, ReferenceMutation, RetentionMutation);

/// 场地预约 / Who has the venues of centres.
#[derive(MergedObject, Default)]
pub struct VenuesMutation(BookingMutation, HoldMutation, DeskMutation);

/// 邻里中心维护 / Neighbourhood centres, what they offer, and who stands in line for it.
#[derive(MergedObject, Default)]
pub struct CentersMutation(CenterMutation, ServiceMutation, QueueMutation);

/// 邻里中心与预约 / Neighbourhood centres, who has their venues, and calendars of that.
#[derive(MergedObject, Default)]
pub struct BookingsMutation(CentersMutation, VenuesMutation, CreditMutation, FeedMutation);

/// 活动 / Events, and who registers for them.
#[derive(MergedObject, Default)]
pub struct EventsMutation(EventMutation, RegistrationMutation, AttendanceMutation, RecordMutation);

/// 街道与诉求 / The cases, and what is kept for them.
#[derive(MergedObject, Default)]
pub struct StreetMutation(CasesMutation, KeepingMutation, StatsMutation);

/// 街道 / The town.
#[derive(MergedObject, Default)]
pub struct TownMutation(StreetMutation, BookingsMutation, EventsMutation);

/// 变更根；每个变更一个 input、一个返回体 / Mutation root; one `input` and one payload each.
#[derive(MergedObject, Default)]
pub struct Mutation(TownMutation, PeopleMutation);

/// 订阅根；推送的是提示，随时可按标识重取 / Subscription root; hints, always refetchable by id.
#[derive(MergedSubscription, Default)]
pub struct Subscription(RequestSubscription, NotificationSubscription, BookingSubscription, EventSubscription);

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
