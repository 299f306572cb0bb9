//! Numbers in lines, on the wire.

use std::sync::Arc;

use ::queue as slice;
use areas::shanghai_date;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, NaiveDate, Utc};
use entity::id::{Id as _, ServiceItemId, ServiceTicketId};
use entity::{service_item, service_ticket};
use kernel::error::Result as KernelResult;
use kernel::page::{Cursor, PageRequest};
use kernel::target::Seen;
use kernel::tx::Verb;

use super::enums::{ServiceTicketAction, TicketState, ticket_action};
use super::services::BookedService;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::identity::User;
use crate::loaders::{QueueOf, load};
use crate::mutation::{Operation, Subject, perform};
use crate::page::connection;

/// A number in a line, as who took it and the centre's staff see it.
#[derive(Clone)]
pub struct ServiceTicket(Arc<slice::Ticket>);

impl From<slice::Ticket> for ServiceTicket {
    fn from(found: slice::Ticket) -> Self {
        Self(Arc::new(found))
    }
}

impl ServiceTicket {
    /// By id; `None` when absent or hidden.
    pub(crate) async fn by_id(ctx: &Context<'_>, id: ServiceTicketId) -> Result<Option<Self>> {
        Ok(slice::by_id(ctx.base(), &ctx.caller().actor, id).await.or_fail(ctx)?.map(Into::into))
    }

    fn row(&self) -> &service_ticket::Model {
        &self.0.row
    }
}

connection!(ServiceTicketConnection, ServiceTicketEdge, ServiceTicket, "排队号", "numbers in a line");

/// 排队号；只有取号人和中心工作人员可见 / A number in a line; seen by who took it and by the centre's staff only.
#[Object]
impl ServiceTicket {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.row().id.text().into()
    }

    /// 版本，用于 expectedVersion / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.row().version
    }

    /// 号码，每个服务项目每日从 1 起 / The number: from 1 for each service and day.
    async fn number(&self) -> i32 {
        self.row().number
    }

    /// 日期 / Date in Asia/Shanghai.
    async fn on(&self) -> NaiveDate {
        self.row().on_date
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> TicketState {
        self.row().state.into()
    }

    /// 服务项目，取号时版本 / For which service, as it was when the number was taken.
    async fn service(&self, ctx: &Context<'_>) -> Option<Result<BookedService>> {
        BookedService::of(ctx, self.row().service_id, self.row().service_version).await.transpose()
    }

    /// 取号人；窗口代取的为空 / Who took it; null for one that the desk gave.
    async fn holder(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row().account_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 前面等候的人数，仅等候中 / How many wait before it; of WAITING only.
    async fn ahead(&self, ctx: &Context<'_>) -> Option<Result<usize>> {
        let row = self.row();
        if row.state != entity::enums::TicketState::Waiting {
            return None;
        }
        let queue = load(ctx, QueueOf(row.service_id, row.on_date)).await;
        Some(queue.map(|queue| queue.unwrap_or_default().ahead(row.number)))
    }

    /// 前往的窗口 / Where its person goes, once it was called.
    async fn counter(&self) -> Option<&str> {
        self.row().counter.as_deref()
    }

    /// 最近一次叫号时间 / When it was called last.
    async fn called_at(&self) -> Option<DateTime<Utc>> {
        self.row().called_at
    }

    /// 结束时间 / When nothing more was to come of it.
    async fn ended_at(&self) -> Option<DateTime<Utc>> {
        self.row().ended_at
    }

    /// 取号时间 / Taken.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row().created_at
    }

    /// 当前用户可执行的操作 / What the viewer may do now.
    async fn viewer_actions(&self, ctx: &Context<'_>) -> Vec<ServiceTicketAction> {
        let today = shanghai_date(ctx.base().clock.now());
        let actions = slice::actions(&ctx.caller().actor, &self.0, today);
        actions.into_iter().filter_map(ticket_action).collect()
    }
}

/// A line.
#[derive(Clone)]
pub struct ServiceQueue(pub(super) slice::Queue);

/// 排队情况，供大屏和手机显示；不含姓名 / A line, for the screen in the hall and for phones; it names nobody.
#[Object]
impl ServiceQueue {
    /// 等候人数 / How many wait.
    async fn waiting(&self) -> usize {
        self.0.waiting.len()
    }

    /// 下一个号 / The number that comes next.
    async fn next_number(&self) -> Option<i32> {
        self.0.waiting.first().copied()
    }

    /// 已叫号、尚未办理的，最近的在前，至多 20 个 / Numbers that were called and are not served yet, the latest first; at most 20, so not paged.
    async fn called(&self) -> Vec<CalledNumber> {
        let of = |called: &slice::Called| CalledNumber {
            number: called.number,
            counter: called.counter.clone(),
            called_at: called.at,
        };
        self.0.called.iter().take(20).map(of).collect()
    }
}

/// 正在叫号 / A number that was called.
#[derive(SimpleObject)]
pub struct CalledNumber {
    /// 号码 / The number.
    number: i32,
    /// 前往的窗口 / Where its person goes.
    counter: Option<String>,
    /// 叫号时间 / When.
    called_at: DateTime<Utc>,
}

/// 取号 / Takes a number.
#[derive(InputObject, Clone, Debug)]
pub struct TakeServiceTicketInput {
    /// 服务项目 / For which service.
    service_item_id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 窗口代取号 / Gives a number at the desk.
#[derive(InputObject, Clone, Debug)]
pub struct IssueServiceTicketInput {
    /// 服务项目 / For which service.
    service_item_id: ID,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 叫下一号 / Calls the next number.
#[derive(InputObject, Clone, Debug)]
pub struct CallNextServiceTicketInput {
    /// 服务项目 / For which service.
    service_item_id: ID,
    /// 前往的窗口，至多 20 字 / Where its person goes, at most 20 characters.
    counter: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 叫指定的号，或重呼 / Calls a certain number, for the first time or again.
#[derive(InputObject, Clone, Debug)]
pub struct CallServiceTicketInput {
    /// 排队号 / Which.
    id: ID,
    /// 看到的版本 / The version the caller saw.
    expected_version: i32,
    /// 前往的窗口，至多 20 字；不填不变 / Where its person goes, at most 20 characters; as before when absent.
    counter: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 办理完毕 / Who was called is served.
#[derive(InputObject, Clone, Debug)]
pub struct ServeServiceTicketInput {
    /// 排队号 / Which.
    id: ID,
    /// 看到的版本 / The version the caller saw.
    expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 过号 / Nobody came.
#[derive(InputObject, Clone, Debug)]
pub struct SkipServiceTicketInput {
    /// 排队号 / Which.
    id: ID,
    /// 看到的版本 / The version the caller saw.
    expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 取消排队 / Gives a number back.
#[derive(InputObject, Clone, Debug)]
pub struct CancelServiceTicketInput {
    /// 排队号 / Which.
    id: ID,
    /// 看到的版本，可不填 / The version the caller saw; optional.
    expected_version: Option<i32>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 排队号返回 / Payload of a number in a line.
#[derive(SimpleObject)]
pub struct ServiceTicketPayload {
    /// 排队号；被拒绝或版本冲突时为当前内容 / The number; the current one when refused or on a conflict.
    service_ticket: Option<ServiceTicket>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct QueueMutation;

/// 排队叫号 / Numbers in lines.
#[Object]
impl QueueMutation {
    /// 取今日的号；每个服务项目一个，同时至多三个 / Takes a number of today: one for each service, three at once at most.
    async fn take_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: TakeServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let service: ServiceItemId = ctx.id(&input.service_item_id)?;
        let operation = ("takeServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, service| Box::pin(slice::take(tx, service));
        ticket(ctx, operation, &input, (None, Ok(service)), verb).await
    }

    /// 窗口代取号，无需账号 / Gives a number at the desk to who stands there; no account is needed.
    async fn issue_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: IssueServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let service: ServiceItemId = ctx.id(&input.service_item_id)?;
        let operation = ("issueServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, service| Box::pin(slice::issue(tx, service));
        ticket(ctx, operation, &input, (None, Ok(service)), verb).await
    }

    /// 叫下一号；同一窗口先前叫到的视为已办理 / Calls the next number; who was called to the same counter before is served by it.
    async fn call_next_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: CallNextServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let command = slice::CallNext::parse(ctx.id(&input.service_item_id)?, input.counter.as_deref());
        let operation = ("callNextServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::call_next(tx, wanted));
        ticket(ctx, operation, &input, (None, command), verb).await
    }

    /// 叫指定的号、重呼，或叫回过号的人 / Calls a certain number, for the first time or again; who was skipped and came after all, too.
    async fn call_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: CallServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::Call::parse(on, input.counter.as_deref());
        let operation = ("callServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::call(tx, wanted));
        ticket(ctx, operation, &input, (Some(on.id), command), verb).await
    }

    /// 办理完毕 / Who was called is served.
    async fn serve_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: ServeServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("serveServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::serve(tx, on));
        ticket(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 过号：叫了没有来 / Who was called did not come.
    async fn skip_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: SkipServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, Some(input.expected_version))?;
        let operation = ("skipServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::skip(tx, on));
        ticket(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }

    /// 取消排队 / Gives a number back.
    async fn cancel_service_ticket(
        &self,
        ctx: &Context<'_>,
        input: CancelServiceTicketInput,
    ) -> Result<ServiceTicketPayload> {
        ctx.person()?;
        let on = seen(ctx, &input.id, input.expected_version)?;
        let operation = ("cancelServiceTicket", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, on| Box::pin(slice::cancel(tx, on));
        ticket(ctx, operation, &input, (Some(on.id), Ok(on)), verb).await
    }
}

fn seen(ctx: &Context<'_>, id: &ID, expected_version: Option<i32>) -> Result<Seen<ServiceTicketId>> {
    Ok(Seen { id: ctx.id(id)?, expected_version })
}

async fn ticket<C: Sync>(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl async_graphql::InputType,
    (target, command): (Option<ServiceTicketId>, KernelResult<C>),
    verb: Verb<C, service_ticket::Model>,
) -> Result<ServiceTicketPayload> {
    let settled = perform(ctx, operation, target, input, command, verb, |row| row.id).await?;
    let service_ticket = match settled.subject {
        Subject::Row(row) => ServiceTicket::by_id(ctx, row.id).await?,
        Subject::Id(id) => ServiceTicket::by_id(ctx, id.into()).await?,
        Subject::None => None,
    };
    Ok(ServiceTicketPayload { service_ticket, is_replay: settled.is_replay, user_errors: settled.user_errors })
}

/// The viewer's numbers of today.
pub(crate) async fn own(ctx: &Context<'_>) -> Result<Vec<ServiceTicket>> {
    let account = ctx.person()?.account;
    let today = shanghai_date(ctx.base().clock.now());
    let tickets = slice::tickets_of(ctx.base(), account, today).await.or_fail(ctx)?;
    Ok(tickets.into_iter().map(Into::into).collect())
}

/// The numbers for a service on a date, for who may read them.
pub(super) async fn tickets_on(
    ctx: &Context<'_>,
    service: (&service_item::Model, &str),
    on: NaiveDate,
    page: KernelResult<PageRequest>,
) -> Result<ServiceTicketConnection> {
    let page = page.or_fail(ctx)?;
    let found = slice::tickets_on(ctx.base(), service, on, &page).await.or_fail(ctx)?;
    Ok(ServiceTicketConnection::of(found.map(|found| {
        let at = Cursor { at: found.row.created_at, id: found.row.id.into() };
        (found.into(), at)
    })))
}
