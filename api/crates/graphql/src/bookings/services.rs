//! Services that centres offer, on the wire; they are for everybody.

use ::bookings as slice;
use areas::shanghai_date;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::NaiveDate;
use entity::id::{CenterId, Id as _, ServiceItemId, VenueId};
use entity::service_item;
use kernel::page::Cursor;
use kernel::tx::Verb;

use super::centers::Center;
use super::enums::{ServiceCategory, ServiceState};
use super::places::Venue;
use super::queries::{FreeSlot, place};
use super::queue::{ServiceQueue, ServiceTicketConnection, tickets_on};
use crate::areas::GeoPointInput;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::loaders::{EditionOf, PlacesOfService, QueueOf, load, load_all};
use crate::mutation::{Subject, perform};
use crate::page::{connection, page};

/// A service.
#[derive(Clone)]
pub struct ServiceItem(pub(crate) service_item::Model);

connection!(ServiceItemConnection, ServiceItemEdge, ServiceItem, "服务项目", "services");

/// 服务项目：由邻里中心在场地提供，可预约或取号排队 / A service that a centre gives at its venues: by appointment, by number, or both.
#[Object]
impl ServiceItem {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 版本，用于 expectedVersion；每次修改加一，已有预约保留当时版本 / Version, for `expectedVersion`; what was booked keeps its own.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 邻里中心 / Its centre.
    async fn center(&self, ctx: &Context<'_>) -> Option<Result<Center>> {
        load(ctx, self.0.center_id).await.map(|row| row.map(Center)).transpose()
    }

    /// 代码，在中心内唯一 / Code, one within its centre.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 类别 / What it is about.
    async fn category(&self) -> ServiceCategory {
        self.0.category.into()
    }

    /// 介绍 / What is done.
    async fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// 服务对象 / For whom.
    async fn audience(&self) -> Option<&str> {
        self.0.audience.as_deref()
    }

    /// 所需材料，至多 12 项 / What people bring along, at most 12; so not paged.
    async fn materials(&self) -> Vec<String> {
        serde_json::from_value(self.0.materials.clone()).unwrap_or_default()
    }

    /// 收费说明，空为免费 / What it costs, in words; free when null.
    async fn fee(&self) -> Option<&str> {
        self.0.fee.as_deref()
    }

    /// 每次预约的时长，分钟；空为不可预约 / How long an appointment takes, in minutes; null when none are made.
    async fn minutes(&self) -> Option<i32> {
        self.0.minutes.map(Into::into)
    }

    /// 每日号数；空为不排队 / Numbers that are given on a day; null when nobody stands in line for it.
    async fn tickets_per_day(&self) -> Option<i32> {
        self.0.tickets_per_day.map(Into::into)
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> ServiceState {
        self.0.state.into()
    }

    /// 提供服务的场地、专家或窗口，至多 20 个 / Where, or by whom, it is given, at most 20; so not paged.
    async fn venues(&self, ctx: &Context<'_>) -> Option<Result<Vec<Venue>>> {
        let found = async {
            let places = load(ctx, PlacesOfService(self.0.id)).await?.unwrap_or_default();
            let venues = load_all(ctx, places.into_iter().map(|place| place.venue_id).collect()).await?;
            Ok(venues.into_iter().map(Venue).collect())
        };
        Some(found.await)
    }

    /// 一周内各场地或专家最早的空闲时段，时长为每次预约的时长；不可预约时为空列表 / The first time within a week at each of its venues that an
    /// appointment could have; none where none are made. At most 10, so not paged.
    async fn first_free_slots(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "起始日期 / First date in Asia/Shanghai.")] from: NaiveDate,
        #[graphql(desc = "所在位置 / Where the person is.")] near: Option<GeoPointInput>,
    ) -> Option<Result<Vec<FreeSlot>>> {
        let found = async {
            let Some(minutes) = self.0.minutes else { return Ok(Vec::new()) };
            let sought = slice::Sought {
                what: slice::What::Service(self.0.id),
                near: place(ctx, near)?,
                from,
                length: i32::from(minutes) / 15,
                is_group: false,
                who: ctx.caller().actor.account(),
            };
            let found = slice::first_free(ctx.base(), &sought).await.or_fail(ctx)?;
            Ok(found.into_iter().map(FreeSlot::of).collect())
        };
        Some(found.await)
    }

    /// 今日排队情况；不排队时为空 / The line of today; null when nobody stands in line for it.
    async fn queue(&self, ctx: &Context<'_>) -> Option<Result<ServiceQueue>> {
        self.0.tickets_per_day?;
        let on = shanghai_date(ctx.base().clock.now());
        let queue = load(ctx, QueueOf(self.0.id, on)).await;
        Some(queue.map(|queue| ServiceQueue(queue.unwrap_or_default())))
    }

    /// 某日的号，按取号先后，仅中心工作人员 / The numbers of a date in the order in which they were taken; for the centre's staff.
    async fn tickets(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "日期 / Date in Asia/Shanghai.")] on: NaiveDate,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceTicketConnection>> {
        let center = match load(ctx, self.0.center_id).await {
            Ok(center) => Center(center?),
            Err(error) => return Some(Err(error)),
        };
        if !center.may(ctx, slice::CenterAction::ReadBookings) {
            return None;
        }
        Some(tickets_on(ctx, (&self.0, &center.0.area_path), on, page(first, after, last, before)).await)
    }
}

/// A service as it was when somebody booked it.
pub struct BookedService {
    pub(super) id: ServiceItemId,
    pub(super) version: i32,
    content: slice::ServiceContent,
}

impl BookedService {
    /// What a service said in a version.
    pub(super) async fn of(ctx: &Context<'_>, id: ServiceItemId, version: i32) -> Result<Option<Self>> {
        let content = load(ctx, EditionOf(id, version)).await?;
        Ok(content.map(|content| Self { id, version, content }))
    }
}

/// 预约时的服务项目：内容为当时版本 / A service as it was booked, whatever it says now.
#[Object]
impl BookedService {
    /// 现在的服务项目 / The service as it is now.
    async fn item(&self, ctx: &Context<'_>) -> Option<Result<ServiceItem>> {
        load(ctx, self.id).await.map(|row| row.map(ServiceItem)).transpose()
    }

    /// 当时版本 / Version.
    async fn version(&self) -> i32 {
        self.version
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.content.name
    }

    /// 类别 / What it is about.
    async fn category(&self) -> ServiceCategory {
        self.content.category.into()
    }

    /// 介绍 / What is done.
    async fn description(&self) -> Option<&str> {
        self.content.description.as_deref()
    }

    /// 所需材料 / What people bring along.
    async fn materials(&self) -> &[String] {
        &self.content.materials
    }

    /// 收费说明，空为免费 / What it costs, in words; free when null.
    async fn fee(&self) -> Option<&str> {
        self.content.fee.as_deref()
    }

    /// 时长，分钟 / How long it takes, in minutes.
    async fn minutes(&self) -> Option<i32> {
        self.content.minutes.map(Into::into)
    }
}

/// 新增或修改服务项目 / Enters or changes a service.
#[derive(InputObject, Clone, Debug)]
pub struct SaveServiceItemInput {
    /// 服务项目；新增时不填 / Service; absent for a new one.
    id: Option<ID>,
    /// 修改时必填 / Required when changing.
    expected_version: Option<i32>,
    /// 邻里中心 / Its centre.
    center_id: ID,
    /// 代码，大写字母、数字和短横，至多 16 位 / Code of capitals, digits and dashes, at most 16.
    code: String,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    name: String,
    /// 类别 / What it is about.
    category: ServiceCategory,
    /// 介绍，至多 1000 字 / What is done, at most 1,000 characters.
    description: Option<String>,
    /// 服务对象，至多 120 字 / For whom, at most 120 characters.
    audience: Option<String>,
    /// 所需材料，至多 12 项、每项 40 字 / What people bring along: at most 12 of 40 characters.
    materials: Option<Vec<String>>,
    /// 收费说明，不填为免费 / What it costs, in words; free when absent.
    fee: Option<String>,
    /// 每次预约的时长，15–240 分钟；不填为不可预约 / How long an appointment takes, 15–240 minutes; none are made when absent.
    minutes: Option<i32>,
    /// 每日号数，1–999；不填为不排队 / Numbers that are given on a day, 1–999; nobody stands in line for it when absent.
    tickets_per_day: Option<i32>,
    /// 状态 / Where it stands.
    state: ServiceState,
    /// 提供服务的场地、专家或窗口，1–20 个 / Where, or by whom, it is given: 1–20 venues of the centre.
    venue_ids: Vec<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 服务项目返回 / Payload of a service.
#[derive(SimpleObject)]
pub struct ServiceItemPayload {
    /// 服务项目；被拒绝或版本冲突时为当前内容 / The service; the current one when refused or on a conflict.
    service_item: Option<ServiceItem>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Queries.
#[derive(Default)]
pub struct ServiceQuery;

/// 服务项目查询 / Queries about services.
#[Object]
impl ServiceQuery {
    /// 开放的邻里中心正在提供的服务项目，新的在前 / What centres that are open offer now, the newest first.
    async fn service_items(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "类别，不填为全部 / What it is about; all when absent.")] category: Option<ServiceCategory>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceItemConnection>> {
        let found = async {
            let page = page(first, after, last, before).or_fail(ctx)?;
            let found = slice::offered(ctx.base(), category.map(Into::into), &page).await.or_fail(ctx)?;
            Ok(ServiceItemConnection::of(found.map(|row| {
                let at = Cursor { at: row.created_at, id: row.id.into() };
                (ServiceItem(row), at)
            })))
        };
        Some(found.await)
    }
}

/// Mutations.
#[derive(Default)]
pub struct ServiceMutation;

/// 服务项目维护 / Keeping services.
#[Object]
impl ServiceMutation {
    /// 新增或修改服务项目；每次修改为一个新版本，已有预约保留当时版本 / Enters or changes a service; each change is a version, and what was booked
    /// keeps its own.
    async fn save_service_item(&self, ctx: &Context<'_>, input: SaveServiceItemInput) -> Result<ServiceItemPayload> {
        ctx.person()?;
        let id: Option<ServiceItemId> = input.id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let center: CenterId = ctx.id(&input.center_id)?;
        let venues = input.venue_ids.iter().map(|id| ctx.id::<VenueId>(id)).collect::<Result<Vec<_>>>()?;
        let raw = slice::RawSaveService {
            id,
            expected_version: input.expected_version,
            center,
            code: input.code.clone(),
            name: input.name.clone(),
            category: input.category.into(),
            description: input.description.clone(),
            audience: input.audience.clone(),
            materials: input.materials.clone().unwrap_or_default(),
            fee: input.fee.clone(),
            minutes: input.minutes,
            tickets_per_day: input.tickets_per_day,
            state: input.state.into(),
            venues,
        };
        let operation = ("saveServiceItem", input.idempotency_key.as_str());
        let verb: Verb<_, _> = |tx, wanted| Box::pin(slice::save_service(tx, wanted));
        let settled = perform(ctx, operation, id, &input, raw.parse(), verb, |row| row.id).await?;
        let service_item = match settled.subject {
            Subject::Row(row) => Some(ServiceItem(row)),
            Subject::Id(id) => load(ctx, ServiceItemId(id)).await?.map(ServiceItem),
            Subject::None => None,
        };
        Ok(ServiceItemPayload { service_item, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

/// 十五分钟社区生活圈 / How well people reach a neighbourhood centre on foot.
pub struct LifeCircle(pub(crate) slice::LifeCircle);

/// 十五分钟社区生活圈覆盖：步行 15 分钟可达开放的邻里中心 / How well people of an area reach a centre that is open within a quarter of an hour's walk.
#[Object]
impl LifeCircle {
    /// 覆盖率，万分之一：区域内步行 15 分钟可达的部分 / Which part of the area lies near, in basis points.
    async fn covered_bp(&self) -> u32 {
        self.0.covered_bp
    }

    /// 离区域中部最近的邻里中心；没有开放的为空 / The nearest centre from the middle of the area; null while none is open.
    async fn nearest_center(&self) -> Option<Center> {
        self.0.nearest.as_ref().map(|(center, _)| Center(center.clone()))
    }

    /// 从区域中部步行到该中心的分钟数 / Minutes to walk there from the middle.
    async fn walking_minutes(&self) -> Option<i32> {
        self.0.nearest.as_ref().map(|(_, minutes)| *minutes)
    }
}

/// The life circle of an area.
pub(crate) async fn life_circle(ctx: &Context<'_>, area: &entity::area::Model) -> Result<Option<LifeCircle>> {
    let shapes = ::areas::store::shapes_of(std::slice::from_ref(area)).or_fail(ctx)?;
    let Some(shape) = shapes.first() else { return Ok(None) };
    let centers = load(ctx, crate::loaders::EveryCenter).await?.unwrap_or_default();
    Ok(slice::life_circle(&shape.outline, &centers).map(LifeCircle))
}
