//! Queries about service requests.

use ::requests as slice;
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject, Union};
use entity::id::ServiceRequestId;
use kernel::error::{Error, Result as KernelResult};
use kernel::page::{Cursor, Page};
use slice::Case;

use crate::areas::GeoPointInput;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::Unit;
use crate::enums::{Lane, Priority};
use crate::page::page;
use crate::requests::types::{RequestCategory, ServiceRequest, ServiceRequestConnection};

/// The street whose list is shown when the client names none: 新虹.
const STREET: &str = "310112008";

/// 工作台标签 / Tabs of the work queue.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::WorkQueueTab")]
pub enum WorkQueueTab {
    /// 待受理 / To accept.
    ToAccept,
    /// 待派遣 / To file or dispatch.
    ToDispatch,
    /// 待签收 / To sign.
    ToSign,
    /// 处置中 / Being handled.
    Handling,
    /// 即将到期 / Due soon.
    DueSoon,
    /// 已超时 / Overdue.
    Overdue,
    /// 退单审核 / Returns to decide.
    Returns,
    /// 待核查 / To verify.
    ToVerify,
    /// 待回访 / To call back.
    ToCallback,
    /// 挂起 / Paused until a date.
    Suspended,
    /// 待审批：延期、挂起 / To decide: more time or a pause was asked for.
    Approvals,
    /// 督办：被督办、会商、两次差评或红色预警 / Supervised, conferred about, answered badly twice, or warned of as red.
    Supervised,
}

/// 标签计数 / How many cases a tab holds.
#[derive(SimpleObject)]
pub struct WorkQueueCount {
    /// 标签 / Tab.
    tab: WorkQueueTab,
    /// 件数 / Cases.
    count: i64,
}

/// 附近 / Around a point.
#[derive(InputObject, Clone, Copy)]
pub struct NearInput {
    /// 中心 / Centre.
    point: GeoPointInput,
    /// 半径，米，至多 1000；按约 500 米的方格查找，结果会略超出 / Radius in metres, at most 1,000; looked up by cells of about 500 m,
    /// so that somewhat more is found.
    #[graphql(default = 500)]
    radius_meters: i32,
}

/// 公开诉求的筛选 / Which public requests.
#[derive(InputObject, Clone)]
pub struct PublicServiceRequestFilter {
    /// 街道代码 / Code of the street.
    #[graphql(default_with = "String::from(STREET)")]
    street: String,
    /// 附近 / Around a point.
    near: Option<NearInput>,
}

impl Default for PublicServiceRequestFilter {
    fn default() -> Self {
        Self { street: STREET.to_owned(), near: None }
    }
}

/// 派单建议 / A suggested unit, best first.
#[derive(SimpleObject)]
pub struct DispatchSuggestion {
    /// 单位 / Unit.
    unit: Unit,
    /// 在办件数 / Its open cases.
    open_load: i64,
    /// 理由 / Why.
    reasons: Vec<SuggestionReason>,
}

/// 建议的理由 / Why a unit is suggested.
#[derive(Union)]
pub enum SuggestionReason {
    /// By a rule of dispatch.
    Rule(RuleReason),
    /// By category.
    Category(CategoryReason),
    /// By grid.
    Grid(GridReason),
    /// By load.
    Load(LoadReason),
}

/// 派单规则指定 / A rule of dispatch names it.
#[derive(SimpleObject)]
pub struct RuleReason {
    /// 规则序号，从 1 起 / Number of the rule, from 1.
    number: i32,
    /// 规则集版本 / Version of the set.
    version: i32,
    /// 规则给出的通道 / In which lane, where the rule says.
    lane: Option<Lane>,
    /// 规则给出的优先级 / How urgent, where the rule says.
    priority: Option<Priority>,
}

/// 负责该类事项 / It answers for the category.
#[derive(SimpleObject)]
pub struct CategoryReason {
    /// 匹配的分类层级，越大越具体 / How specific the match is; larger is closer.
    category_depth: i32,
}

/// 负责该网格 / It answers for the grid.
#[derive(SimpleObject)]
pub struct GridReason {
    /// 匹配的区域层级，越大越具体 / How specific the match is; larger is closer.
    area_depth: i32,
}

/// 在办件少 / Its load is light.
#[derive(SimpleObject)]
pub struct LoadReason {
    /// 在办件数 / Open cases.
    open: i32,
}

/// Queries.
#[derive(Default)]
pub struct RequestQuery;

/// A page of cases as a connection.
pub(super) fn connection(
    ctx: &Context<'_>,
    page: KernelResult<Page<Case>>,
    cursor: fn(&Case) -> Cursor,
) -> Result<ServiceRequestConnection> {
    let page = page.or_fail(ctx)?;
    let Page { rows, has_next, has_previous } = page;
    let rows = rows.into_iter().map(|case| {
        let at = cursor(&case);
        Ok((ServiceRequest::of(ctx, case)?, at))
    });
    let rows = rows.collect::<Result<Vec<_>>>()?;
    Ok(ServiceRequestConnection::of(Page { rows, has_next, has_previous }))
}

/// 诉求查询 / Queries about service requests.
#[Object]
impl RequestQuery {
    /// 诉求分类树的顶层，不含已停用的 / Top of the category tree, without what is retired; read once by a client, so not paged.
    async fn request_categories(&self, ctx: &Context<'_>) -> Vec<RequestCategory> {
        RequestCategory::below(ctx, None)
    }

    /// 按代码查询分类，含已停用和尚未生效的 / A category by its code, also one that is retired or not yet in force; null when unknown.
    async fn request_category(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "代码 / Code.")] code: String,
    ) -> Option<RequestCategory> {
        RequestCategory::by_code(ctx, &code)
    }

    /// 按编号查询 / By case number; null when absent or hidden.
    async fn service_request(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "编号 / Case number.")] case_no: String,
    ) -> Option<Result<ServiceRequest>> {
        let found = slice::case_by_no(ctx.base(), &ctx.caller().actor, &case_no).await.or_fail(ctx);
        found.and_then(|case| case.map(|case| ServiceRequest::of(ctx, case)).transpose()).transpose()
    }

    /// 我的诉求，新的在前 / The viewer's own requests, newest first.
    async fn my_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            let actor = &ctx.caller().actor;
            let page = page(first, after, last, before).or_fail(ctx)?;
            connection(ctx, slice::my_requests(ctx.base(), actor, &page).await, Case::cursor_by_age)
        };
        Some(found.await)
    }

    /// 代办的诉求，新的在前 / Requests in which the viewer acts for others by a proxy, newest first.
    async fn proxied_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            let actor = &ctx.caller().actor;
            let page = page(first, after, last, before).or_fail(ctx)?;
            connection(ctx, slice::proxied_requests(ctx.base(), actor, &page).await, Case::cursor_by_age)
        };
        Some(found.await)
    }

    /// 在本人居住的网格内公开的诉求，新的在前；须通过居住认证 / Requests shown to the grids in which the viewer lives, newest first; none
    /// without a verified residence.
    async fn neighborhood_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            let actor = &ctx.caller().actor;
            let page = page(first, after, last, before).or_fail(ctx)?;
            connection(ctx, slice::neighbourhood_requests(ctx.base(), actor, &page).await, Case::cursor_by_age)
        };
        Some(found.await)
    }

    /// 公开的诉求，新的在前，不需登录 / Public requests, newest first; for everybody.
    async fn public_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(default, desc = "筛选 / Which ones.")] filter: PublicServiceRequestFilter,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Result<ServiceRequestConnection> {
        let page = page(first, after, last, before).or_fail(ctx)?;
        let near = filter.near.map(around).transpose().or_fail(ctx)?;
        let listed = slice::public_list(ctx.base(), &ctx.caller().actor, &filter.street, near, &page).await;
        connection(ctx, listed, Case::cursor_by_age)
    }

    /// 工作台：当前用户权限内的待办，先到期的在前 / The viewer's work, due first.
    async fn work_queue(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "标签 / Tab.")] tab: WorkQueueTab,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let actor = &ctx.caller().actor;
            connection(ctx, slice::work_queue(ctx.base(), actor, tab.into(), &page).await, Case::cursor_in_queue)
        };
        Some(found.await)
    }

    /// 各标签件数 / How many cases each tab holds.
    async fn work_queue_counts(&self, ctx: &Context<'_>) -> Option<Result<Vec<WorkQueueCount>>> {
        let found = async {
            ctx.person()?;
            let counts = slice::work_queue_counts(ctx.base(), &ctx.caller().actor).await.or_fail(ctx)?;
            Ok(counted(&counts))
        };
        Some(found.await)
    }

    /// 工作人员按编号、手机号或文字检索，新的在前 / Staff search by case number, phone or words, newest first.
    async fn search_service_requests(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "编号、手机号或文字 / Case number, phone or words.")] text: String,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<ServiceRequestConnection>> {
        let found = async {
            ctx.person()?;
            let page = page(first, after, last, before).or_fail(ctx)?;
            let actor = &ctx.caller().actor;
            connection(ctx, slice::search(ctx.base(), actor, &text, &page).await, Case::cursor_by_age)
        };
        Some(found.await)
    }

    /// 派单建议，好的在前 / Suggested units for a dispatch, best first; few, so not paged.
    async fn dispatch_suggestions(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "诉求 / Request.")] service_request_id: ID,
    ) -> Option<Result<Vec<DispatchSuggestion>>> {
        let found = async {
            ctx.person()?;
            let id: ServiceRequestId = ctx.id(&service_request_id)?;
            let found =
                slice::suggestions(ctx.base(), &ctx.house().town(), &ctx.caller().actor, id).await.or_fail(ctx)?;
            Ok(found.into_iter().map(suggestion).collect())
        };
        Some(found.await)
    }
}

/// Counts by tab, in the tabs' order.
pub(super) fn counted(counts: &slice::WorkQueueCounts) -> Vec<WorkQueueCount> {
    let tabs = slice::WorkQueueTab::ALL.into_iter();
    tabs.map(|tab| WorkQueueCount { tab: tab.into(), count: counts.of(tab) }).collect()
}

fn around(near: NearInput) -> KernelResult<(::areas::Wgs84Point, f64)> {
    if !(1..=1000).contains(&near.radius_meters) {
        return Err(Error::BadRequest("`radiusMeters` is 1–1000"));
    }
    let point = near.point.place("near").map_err(|_| Error::BadRequest("`near.point` is no place of ours"))?;
    Ok((point, f64::from(near.radius_meters)))
}

fn suggestion(found: slice::Suggestion) -> DispatchSuggestion {
    let small = |number: usize| i32::try_from(number).unwrap_or(i32::MAX);
    let reasons = found.reasons.iter().map(|reason| match *reason {
        slice::Reason::Rule { number, version, lane, priority } => SuggestionReason::Rule(RuleReason {
            number: small(number),
            version,
            lane: lane.map(Into::into),
            priority: priority.map(Into::into),
        }),
        slice::Reason::Category { depth } => {
            SuggestionReason::Category(CategoryReason { category_depth: small(depth) })
        }
        slice::Reason::Grid { depth } => SuggestionReason::Grid(GridReason { area_depth: small(depth) }),
        slice::Reason::LightLoad { open } => {
            SuggestionReason::Load(LoadReason { open: i32::try_from(open).unwrap_or(i32::MAX) })
        }
    });
    DispatchSuggestion { reasons: reasons.collect(), open_load: found.open_load, unit: Unit(found.unit) }
}
