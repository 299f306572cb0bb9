//! Identifiers: one newtype per table over a UUIDv7, with a text form that names its kind.

use sea_orm::{DbErr, DeriveValueType, TryFromU64};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every id newtype can do; lets generic code handle ids of any kind.
pub trait Id: Copy + Eq + std::hash::Hash + Into<Uuid> + From<Uuid> + Send + Sync + 'static {
    /// Prefix of the text form, naming the kind.
    const PREFIX: &'static str;

    /// Prints the text form `prefix_32hexdigits`, which clients treat as opaque.
    fn text(self) -> String {
        let uuid: Uuid = self.into();
        format!("{}_{}", Self::PREFIX, uuid.simple())
    }

    /// Parses the text form; `None` for another kind or anything malformed.
    ///
    /// ```
    /// use entity::id::{Id, ServiceRequestId, AccountId};
    /// let id = ServiceRequestId::from(uuid::Uuid::from_u128(7));
    /// assert_eq!(ServiceRequestId::parse(&id.text()), Some(id));
    /// assert_eq!(AccountId::parse(&id.text()), None);
    /// ```
    fn parse(text: &str) -> Option<Self> {
        let (prefix, digits) = text.split_once('_')?;
        let canonical = digits.len() == 32 && !digits.bytes().any(|byte| byte.is_ascii_uppercase());
        if prefix != Self::PREFIX || !canonical {
            return None;
        }
        Uuid::try_parse(digits).ok().map(Self::from)
    }
}

macro_rules! id {
    ($($(#[$doc:meta])* $name:ident = $prefix:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        pub struct $name(pub Uuid);

        impl Id for $name {
            const PREFIX: &'static str = $prefix;
        }
        impl From<Uuid> for $name {
            fn from(uuid: Uuid) -> Self { Self(uuid) }
        }
        impl From<$name> for Uuid {
            fn from(id: $name) -> Self { id.0 }
        }
        /// SeaORM asks this of every key; ours are never numbers.
        impl TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, DbErr> { Err(DbErr::ConvertFromU64(stringify!($name))) }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { f.write_str(&self.text()) }
        }
    )*};
}

id! {
    /// A natural person's account (账号).
    AccountId = "acc";
    /// An area: street, grid, compound or building (区域).
    AreaId = "area";
    /// An uploaded file (附件).
    AttachmentId = "att";
    /// A line of the audit chain (审计记录).
    AuditEntryId = "aud";
    /// A message on its way to somebody outside (待发消息).
    DeliveryId = "dlv";
    /// An edition of reference data (参考数据版次).
    EditionId = "edn";
    /// A fact (事实): one thing that happened.
    FactId = "fact";
    /// A way in which an account is recognised (登录标识).
    IdentityId = "idn";
    /// A role grant (授权).
    RoleGrantId = "grant";
    /// An organisation (机构).
    OrganizationId = "org";
    /// A resident's request (居民诉求).
    ServiceRequestId = "req";
    /// A signed-in device (登录会话).
    SessionId = "sess";
    /// A responsible unit (承办单位).
    UnitId = "unit";
    /// A unit's order within a request (派单).
    AssignmentId = "asg";
    /// A membership of a person in a unit (任职).
    UnitMemberId = "mem";
    /// A request to return an order (退单申请).
    ReturnId = "ret";
    /// An answer to a satisfaction survey (回访评价).
    SurveyId = "svy";
    /// A proof of residence (居住认证).
    ResidenceId = "home";
    /// A proxy (代办授权).
    ProxyGrantId = "proxy";
    /// One version of a document that people consent to (告知文件).
    ConsentDocumentId = "cdoc";
    /// A consent (同意).
    ConsentId = "cons";
    /// A child in somebody's care (被监护人).
    DependantId = "child";
    /// A copy of a person's data (个人信息副本).
    DataExportId = "exp";
    /// What somebody was called or reached by before (曾用信息).
    FormerTraitId = "frm";
    /// The deletion of an account (账号注销).
    AccountDeletionId = "del";
    /// An organisation of the party (党组织).
    PartyOrganizationId = "porg";
    /// A line of a roster (名册中的党员).
    PartyMemberId = "pmem";
    /// A notification (通知).
    NotificationId = "ntf";
    /// A table of indicators as a file (指标导出).
    KpiExportId = "kpi";
    /// A file of hotline orders (热线工单导入).
    HotlineImportId = "himp";
    /// A report of abuse (内容举报).
    ContentReportId = "crep";
    /// Results sent back to the district (结果回传批次).
    HotlineBatchId = "hres";
    /// A change of the map (网格调整).
    GridChangeId = "grid";
    /// A neighbourhood centre (邻里中心).
    CenterId = "ctr";
    /// A venue of a centre (场地).
    VenueId = "ven";
    /// A rule of when a venue is open (开放规则).
    OpeningRuleId = "opn";
    /// A time at which a centre or a venue is closed (临时闭馆).
    ClosureId = "cls";
    /// A booking (预约).
    BookingId = "bkg";
    /// A line of somebody's credit (信用记录).
    CreditEntryId = "crd";
    /// An appeal against a line of credit (信用申诉).
    CreditAppealId = "apl";
    /// A series of bookings (系列预约).
    BookingSeriesId = "ser";
    /// A date of a series on which nothing was made, or on which a booking stayed as it was (未能预约的日期).
    SeriesRefusalId = "sref";
    /// A calendar feed (日历订阅).
    CalendarFeedId = "fed";
    /// A venue that is kept for who fills in a form (预占).
    SlotHoldId = "hld";
    /// A service that a centre offers (服务项目).
    ServiceItemId = "svi";
    /// A number in a line (排队号).
    ServiceTicketId = "tkt";
    /// An event (活动).
    EventId = "evt";
    /// A line of the attendance of an event (签到记录).
    EventAttendanceId = "att";
    /// Somebody who is brought to an event (同行人).
    EventGuestId = "gst";
    /// The record of a meeting (会议记录).
    EventRecordId = "mrec";
    /// A registration for an event (活动报名).
    EventRegistrationId = "reg";
    /// What was voted on at a meeting (表决事项).
    EventResolutionId = "rsl";
}
