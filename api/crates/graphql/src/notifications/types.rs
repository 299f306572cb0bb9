//! Types of notifications; who reaches one owns it.

use std::collections::HashMap;
use std::sync::Arc;

use ::notifications as slice;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, NotificationId, ServiceRequestId};
use entity::notification::Model;
use kernel::page::Cursor;
use slice::Data;

use crate::context::{Ask as _, OrFail as _, Result};
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

/// What a notification points to, as far as it was looked for.
#[derive(Clone)]
enum Subject {
    /// Not yet.
    Unread,
    /// What the viewer may see of it; nothing when it is hidden.
    Read(Option<ServiceRequest>),
}

/// A line of the viewer's inbox.
#[derive(Clone)]
pub struct Notification {
    row: Arc<Model>,
    data: Arc<Data>,
    subject: Subject,
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
        let data = Arc::new(Data::read(&row.data).or_fail(ctx)?);
        Ok(Self { row: Arc::new(row), data, subject: Subject::Unread })
    }

    /// Looks for what many point to, in one read.
    pub(super) async fn with_subjects(ctx: &Context<'_>, many: &mut [Self]) -> Result<()> {
        let ids: Vec<ServiceRequestId> = many.iter().map(Self::request).collect();
        let cases = ::requests::cases_by_ids(ctx.base(), &ctx.caller().actor, &ids).await.or_fail(ctx)?;
        let mut seen = HashMap::new();
        for case in cases {
            seen.insert(case.row.id, ServiceRequest::of(ctx, case)?);
        }
        for one in many {
            one.subject = Subject::Read(seen.get(&one.request()).cloned());
        }
        Ok(())
    }

    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.row.created_at, id: self.row.id.0 }
    }

    fn request(&self) -> ServiceRequestId {
        ServiceRequestId(self.row.subject_id)
    }

    fn words(&self, ctx: &Context<'_>) -> Words {
        let town = ctx.house().town();
        let category = town.reference.categories.latest(&self.data.category_code);
        words(self.row.template, &self.data, category.map(|row| row.content.name.as_str()), ctx.caller().language)
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
        self.words(ctx).title
    }

    /// 正文，按 Accept-Language 显示 / What is said, in the language of `Accept-Language`.
    async fn body(&self, ctx: &Context<'_>) -> String {
        self.words(ctx).body
    }

    /// 所指的对象；现在无权查看时为空 / What it points to; null when it is hidden from the viewer now.
    async fn subject(&self, ctx: &Context<'_>) -> Option<Result<Node>> {
        match &self.subject {
            Subject::Read(seen) => seen.clone().map(|request| Ok(Node::ServiceRequest(request))),
            Subject::Unread => {
                let mut one = [self.clone()];
                if let Err(error) = Self::with_subjects(ctx, &mut one).await {
                    return Some(Err(error));
                }
                let [one] = one;
                let Subject::Read(Some(request)) = one.subject else { return None };
                Some(Ok(Node::ServiceRequest(request)))
            }
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
