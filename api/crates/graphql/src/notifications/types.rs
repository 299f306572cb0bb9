//! Types of notifications; who reaches one owns it.

use std::collections::HashMap;
use std::sync::Arc;

use ::notifications as slice;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, NotificationId};
use entity::notification::Model;
use kernel::page::Cursor;
use slice::{Data, Subject};

use crate::bookings::{Booking, BookingSeries, CreditAppeal};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::events::{Event, EventRegistration};
use crate::loaders::{load, load_all};
use crate::node::Node;
use crate::notifications::words::{Words, words};
use crate::page::connection;
use crate::requests::ServiceRequest;

/// 通知种类 / What a notification is about; channels are chosen by it.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::NotificationKind")]
pub enum NotificationKind {
    /// 诉求进展 / how a request goes on.
    RequestStatus,
    /// 评价邀请 / an answer is asked for.
    RequestSurvey,
    /// 待办任务 / work of a unit.
    RequestAssigned,
    /// 退单 / a return to be decided, or decided.
    RequestReturn,
    /// 时限与督办 / what is late, urged or supervised.
    Deadline,
    /// 留言 / what somebody said in a request.
    RequestComment,
    /// 预约进展 / how a booking goes on.
    BookingStatus,
    /// 预约提醒：开始前两小时 / a booking begins in two hours.
    BookingReminder,
    /// 中心待办：待审批的预约与申诉 / what a centre has to decide: bookings and appeals.
    BookingDesk,
    /// 活动进展：发布、变更、取消、报名与候补 / how events and registrations go on.
    EventStatus,
    /// 活动提醒：开始前一天 / an event begins within a day.
    EventReminder,
    /// 活动审核 / what is to be reviewed, or was.
    EventDesk,
}

/// 紧急程度 / How much it presses: the colours of the clock.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::NotificationLevel")]
pub enum NotificationLevel {
    /// 一般 / nothing presses.
    Normal,
    /// 黄 / half of the time is used up.
    Yellow,
    /// 橙 / most of the time is used up.
    Orange,
    /// 红：已超时或紧急，任何时段都推送 / late, or an emergency: pushed at any hour.
    Red,
}

/// 送达渠道 / A way to reach a person.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Channel")]
pub enum DeliveryChannel {
    /// 站内消息 / the inbox.
    InApp,
    /// 微信 / WeChat.
    Wechat,
    /// 短信 / SMS.
    Sms,
}

/// 通知偏好 / By which channels the viewer wants to be told, by kind.
#[derive(SimpleObject)]
pub struct NotificationPreference {
    /// 种类 / Kind.
    kind: NotificationKind,
    /// 渠道；不含 IN_APP 的种类不进收件箱 / Channels; without IN_APP the inbox does not get it.
    channels: Vec<DeliveryChannel>,
    /// 是否必须保留站内消息 / Whether IN_APP cannot be left out.
    is_mandatory: bool,
}

impl From<slice::Preference> for NotificationPreference {
    fn from(preference: slice::Preference) -> Self {
        Self {
            kind: preference.kind.into(),
            channels: preference.wishes.channels().into_iter().map(Into::into).collect(),
            is_mandatory: slice::is_mandatory(preference.kind),
        }
    }
}

/// What the viewer may see of what notifications point to.
type Seen = HashMap<Subject, Pointed>;

/// What a notification points to.
#[derive(Clone)]
enum Pointed {
    Case(ServiceRequest),
    Booking(Booking),
    Series(BookingSeries),
    Appeal(CreditAppeal),
    Event(Event),
    Registration(EventRegistration),
}

impl From<Pointed> for Node {
    fn from(pointed: Pointed) -> Self {
        match pointed {
            Pointed::Case(case) => Self::ServiceRequest(case),
            Pointed::Booking(booking) => Self::Booking(booking),
            Pointed::Series(series) => Self::BookingSeries(series),
            Pointed::Appeal(appeal) => Self::CreditAppeal(appeal),
            Pointed::Event(event) => Self::Event(event),
            Pointed::Registration(own) => Self::EventRegistration(own),
        }
    }
}

/// Reads what many point to: in one read for each kind that there is.
async fn seen(ctx: &Context<'_>, subjects: impl Iterator<Item = Subject>) -> Result<Seen> {
    let (mut cases, mut bookings, mut series, mut appeals) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let (mut events, mut registrations) = (Vec::new(), Vec::new());
    for subject in subjects {
        match subject {
            Subject::Case(id) => cases.push(id),
            Subject::Booking(id) => bookings.push(id),
            Subject::Series(id) => series.push(id),
            Subject::Appeal(id) => appeals.push(id),
            Subject::Event(id) => events.push(id),
            Subject::Registration(id) => registrations.push(id),
        }
    }
    let (base, actor) = (ctx.base(), &ctx.caller().actor);
    let db = base.db.reader();
    let mut seen = Seen::new();
    if !cases.is_empty() {
        for case in ::requests::cases_by_ids(base, actor, &cases).await.or_fail(ctx)? {
            seen.insert(Subject::Case(case.row.id), Pointed::Case(ServiceRequest::of(ctx, case)?));
        }
    }
    if !bookings.is_empty() {
        let found = ::bookings::bookings_by_ids(db, actor, bookings).await.or_fail(ctx)?;
        seen.extend(found.into_iter().map(|own| (Subject::Booking(own.row.id), Pointed::Booking(own.into()))));
    }
    if !series.is_empty() {
        let found = ::bookings::series_by_ids(db, actor, &series).await.or_fail(ctx)?;
        seen.extend(found.into_iter().map(|own| (Subject::Series(own.row.id), Pointed::Series(own.into()))));
    }
    if !appeals.is_empty() {
        let found = ::bookings::appeals_by_ids(db, actor, &appeals).await.or_fail(ctx)?;
        seen.extend(found.into_iter().map(|own| (Subject::Appeal(own.row.id), Pointed::Appeal(own.into()))));
    }
    for event in load_all(ctx, events).await? {
        seen.insert(Subject::Event(event.row.id), Pointed::Event(Event(event)));
    }
    if !registrations.is_empty() {
        let found = ::events::registrations_by_ids(db, actor, &registrations).await.or_fail(ctx)?;
        seen.extend(
            found.into_iter().map(|own| (Subject::Registration(own.row.id), Pointed::Registration(own.into()))),
        );
    }
    Ok(seen)
}

/// A line of the viewer's inbox.
#[derive(Clone)]
pub struct Notification {
    row: Arc<Model>,
    data: Arc<Data>,
    /// As far as it was looked for: nothing when it is hidden from the viewer.
    subject: Option<Option<Pointed>>,
}

impl Notification {
    /// A line of the viewer's own inbox; `None` when it is absent or another's.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: NotificationId) -> Result<Option<Self>> {
        let Some(account) = ctx.caller().actor.account() else { return Ok(None) };
        let row = slice::by_id(ctx.base(), account, id).await.or_fail(ctx)?;
        row.map(|row| Self::of(ctx, row)).transpose()
    }

    /// A row of the viewer's own.
    pub(super) fn of(ctx: &Context<'_>, row: Model) -> Result<Self> {
        let data = Arc::new(Data::read(&row).or_fail(ctx)?);
        Ok(Self { row: Arc::new(row), data, subject: None })
    }

    /// Looks for what many point to, at once.
    pub(super) async fn with_subjects(ctx: &Context<'_>, many: &mut [Self]) -> Result<()> {
        let seen = seen(ctx, many.iter().map(|one| Subject::of(&one.row))).await?;
        for one in many {
            one.subject = Some(seen.get(&Subject::of(&one.row)).cloned());
        }
        Ok(())
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.row.created_at, id: self.row.id.0 }
    }

    /// Its words; `name` is that of what it is about.
    fn words(&self, ctx: &Context<'_>, name: Option<&str>) -> Words {
        words(self.row.template, &self.data, name, ctx.caller().language)
    }

    /// Name of the category, the venue or the event that it is about.
    async fn name(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        Ok(match self.data.as_ref() {
            Data::Case(data) => {
                let town = ctx.house().town();
                town.reference.categories.latest(&data.category_code).map(|row| row.content.name.clone())
            }
            Data::Booking(data) => load(ctx, data.venue).await?.map(|venue| venue.name),
            Data::Event(data) => load(ctx, data.event).await?.map(|event| event.row.title.clone()),
        })
    }
}

connection!(NotificationConnection, NotificationEdge, Notification, "通知", "notifications");

/// 通知，仅本人可见 / A notification; seen by its person alone.
#[Object]
impl Notification {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row.id.text().into()
    }

    /// 种类 / Kind.
    async fn kind(&self) -> NotificationKind {
        self.row.kind.into()
    }

    /// 紧急程度 / How much it presses.
    async fn level(&self) -> NotificationLevel {
        self.row.level.into()
    }

    /// 标题，按 Accept-Language 显示 / Title, in the language of `Accept-Language`.
    async fn title(&self, ctx: &Context<'_>) -> String {
        self.words(ctx, None).title
    }

    /// 正文，按 Accept-Language 显示 / What is said, in the language of `Accept-Language`.
    async fn body(&self, ctx: &Context<'_>) -> Result<String> {
        let name = self.name(ctx).await?;
        Ok(self.words(ctx, name.as_deref()).body)
    }

    /// 所指的对象；现在无权查看时为空 / What it points to; null when it is hidden from the viewer now.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        if let Some(seen) = &self.subject {
            return seen.clone().map(|pointed| Ok(pointed.into()));
        }
        match seen(ctx, std::iter::once(Subject::of(&self.row))).await {
            Ok(seen) => seen.into_values().next().map(|pointed| Ok(pointed.into())),
            Err(error) => Some(Err(error)),
        }
    }

    /// 已读时间；未读为空 / When it was read; null while it is unread.
    async fn read_at(&self) -> Option<DateTime<Utc>> {
        self.row.read_at
    }

    /// 收到时间 / When it came in.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row.created_at
    }
}
