//! 网格调整 / Grids drawn anew: input → wish → one verb → the change as it stands.

use ::areas::change::{self, Cancel, Plan, RawDrawn};
use ::areas::{AreaCode, Drawn, MapWarning as Flaw, Outline, Redraw};
use async_graphql::{Context, Enum, ID, InputObject, InputType, Json, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::grid_change;
use entity::id::{GridChangeId, Id as _};
use kernel::error::{Error, Result as KernelResult};
use serde_json::Value;

use super::{GeoDatum, Printed};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::{GridChangeKind, GridChangeState};
use crate::errors::UserError;
use crate::identity::User;
use crate::loaders::load;
use crate::mutation::{Operation, Settled, Subject, perform};

/// Changes shown at most.
const SHOWN: u64 = 50;

/// 合并网格 / Several grids of one level become one.
#[derive(InputObject, Clone, Debug)]
pub struct MergeGridsInput {
    /// 要合并的网格代码，2–50 个 / Codes of the grids, 2–50.
    pub codes: Vec<String>,
    /// 合并后的代码：其中之一，或未用过的新代码 / Code of the one: one of them, or one that was never used.
    pub into: String,
    /// 合并后的名称；新代码必填，否则不填为沿用 / Its name; needed with a new code, else it stays when absent.
    pub name: Option<String>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 拆分后的网格 / A part of a grid.
#[derive(InputObject, Clone, Debug)]
pub struct GridPartInput {
    /// 代码：其中一个可沿用原代码 / Code; one of them may keep that of the grid.
    pub code: String,
    /// 名称 / Name.
    pub name: String,
    /// 边界，GeoJSON Polygon 或 MultiPolygon / Its boundary, a GeoJSON Polygon or MultiPolygon.
    pub boundary: Json<Value>,
}

/// 拆分网格 / A grid becomes several.
#[derive(InputObject, Clone, Debug)]
pub struct SplitGridInput {
    /// 网格代码 / Code of the grid.
    pub code: String,
    /// 边界的坐标基准 / Datum of the boundaries.
    pub datum: GeoDatum,
    /// 拆分后的网格，2–50 个；没有具体位置的归沿用原代码的，否则归第一个 / Its parts, 2–50. What has no place of its own goes to the part that keeps the code, else to the first.
    pub parts: Vec<GridPartInput>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 重划的网格 / A grid with another boundary.
#[derive(InputObject, Clone, Debug)]
pub struct GridCutInput {
    /// 代码 / Code.
    pub code: String,
    /// 边界，GeoJSON Polygon 或 MultiPolygon / Its boundary, a GeoJSON Polygon or MultiPolygon.
    pub boundary: Json<Value>,
}

/// 重划网格边界 / Boundaries between grids are moved.
#[derive(InputObject, Clone, Debug)]
pub struct RecutGridsInput {
    /// 边界的坐标基准 / Datum of the boundaries.
    pub datum: GeoDatum,
    /// 边界有变的网格，1–50 个 / The grids whose boundary is another, 1–50.
    pub grids: Vec<GridCutInput>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 撤销尚未生效的网格调整 / Takes back a change that is not in force yet.
#[derive(InputObject, Clone, Debug)]
pub struct CancelGridChangeInput {
    /// 网格调整 / The change.
    pub grid_change_id: ID,
    /// 看到的版本；已被他人更新则返回 CONFLICT / Version as seen; `CONFLICT` if somebody moved it meanwhile.
    pub expected_version: i32,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 地图缺陷 / What is wrong with a map.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapFlaw {
    /// 同级网格重叠，归代码小的 / two grids of one level share ground; the lower code has it.
    Overlap,
    /// 有地块不属于任何下级网格 / no grid below covers some of its ground.
    Uncovered,
}

/// 地图警告：不妨碍生效，但应尽快改正 / A flaw that the map gets by a change; it keeps nothing from working, and should be mended.
#[derive(SimpleObject, Clone, Debug)]
pub struct MapWarning {
    /// 缺陷 / Which flaw.
    flaw: MapFlaw,
    /// 网格代码 / Code of the grid.
    code: String,
    /// 与之重叠的网格代码 / Code of the grid that it overlaps.
    other_code: Option<String>,
    /// 面积，平方米 / Its size in square metres.
    square_meters: f64,
}

impl From<Flaw> for MapWarning {
    fn from(flaw: Flaw) -> Self {
        let (flaw, code, other, square_meters) = match flaw {
            Flaw::Overlap { lower, higher, square_metres, .. } => {
                (MapFlaw::Overlap, lower, Some(higher), square_metres)
            }
            Flaw::Uncovered { code, square_metres } => (MapFlaw::Uncovered, code, None, square_metres),
        };
        Self { flaw, code: code.into(), other_code: other.map(Into::into), square_meters }
    }
}

/// A grid as a change draws it.
pub struct DrawnGrid(Drawn);

/// 调整后的网格 / A grid as a change draws it.
#[Object]
impl DrawnGrid {
    /// 代码 / Code.
    async fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 边界，GeoJSON 几何，坐标基准由参数指定 / Boundary as a GeoJSON geometry in the datum asked for.
    async fn boundary(
        &self,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Json<Printed> {
        Json(Printed::of(&Outline::Surface(self.0.ground.clone()), datum))
    }
}

/// A change of the map.
pub struct GridChange {
    row: grid_change::Model,
    redraw: Redraw,
}

impl GridChange {
    fn of(row: grid_change::Model) -> KernelResult<Self> {
        let redraw = serde_json::from_value(row.redraw.clone())?;
        Ok(Self { row, redraw })
    }
}

/// 网格调整：合并、拆分、重划；诉求保留提交时的网格 / A change of the map: grids merged, split or re-cut; cases keep the grid they were filed in.
#[Object]
impl GridChange {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.row.id.text().into()
    }

    /// 版本，修改时带回 / Version, to be sent along with a change.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// 方式 / What is done.
    async fn kind(&self) -> GridChangeKind {
        self.row.kind.into()
    }

    /// 状态 / Where it stands.
    async fn state(&self) -> GridChangeState {
        self.row.state.into()
    }

    /// 生效时间 / In force from then on.
    async fn valid_from(&self) -> DateTime<Utc> {
        self.row.valid_from
    }

    /// 随之停用的网格代码 / Codes of the grids that are no more by it.
    async fn retired_codes(&self) -> Vec<&str> {
        self.redraw.retired().map(AreaCode::as_str).collect()
    }

    /// 新的或边界有变的网格 / The grids that are new or have another boundary.
    async fn drawn(&self) -> Vec<DrawnGrid> {
        self.redraw.drawn.iter().cloned().map(DrawnGrid).collect()
    }

    /// 调整带来的地图缺陷 / Flaws that the map gets by it.
    async fn warnings(&self, ctx: &Context<'_>) -> Result<Vec<MapWarning>> {
        let flaws: Vec<Flaw> = serde_json::from_value(self.row.warnings.clone()).map_err(Error::from).or_fail(ctx)?;
        Ok(flaws.into_iter().map(MapWarning::from).collect())
    }

    /// 已换网格的诉求件数 / Cases that were moved to another grid.
    async fn moved_count(&self) -> i32 {
        self.row.moved_count
    }

    /// 全部诉求换好的时间；未完成为空 / When every case lay in its grid; null until then.
    async fn moved_at(&self) -> Option<DateTime<Utc>> {
        self.row.moved_at
    }

    /// 决定人 / Who decided.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.row.decided_by?).await.map(|row| row.map(User)).transpose()
    }

    /// 决定时间 / When it was decided.
    async fn decided_at(&self) -> DateTime<Utc> {
        self.row.decided_at
    }
}

/// 网格调整返回 / Payload of a change of the map.
#[derive(SimpleObject)]
pub struct GridChangePayload {
    /// 网格调整 / The change.
    grid_change: Option<GridChange>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

impl GridChangePayload {
    async fn of(ctx: &Context<'_>, settled: Settled<grid_change::Model>) -> Result<Self> {
        let row = match settled.subject {
            Subject::Row(row) => Some(row),
            Subject::Id(id) => ::areas::store::change(ctx.base().db.reader(), GridChangeId(id)).await.or_fail(ctx)?,
            Subject::None => None,
        };
        // Who may not decide is told nothing by what is refused for another reason.
        let row = row.filter(|row| change::may_redraw(&ctx.caller().actor, &row.street));
        let grid_change = row.map(GridChange::of).transpose().or_fail(ctx)?;
        Ok(Self { grid_change, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

/// The changes decided last, for who works here.
pub(super) async fn newest(ctx: &Context<'_>) -> Result<Vec<GridChange>> {
    ctx.person()?;
    if !requests::reference::may_read(&ctx.caller().actor) {
        return Err(ctx.fail(Error::Forbidden));
    }
    let rows = ::areas::store::changes(ctx.base().db.reader(), SHOWN).await.or_fail(ctx)?;
    rows.into_iter().map(GridChange::of).collect::<KernelResult<_>>().or_fail(ctx)
}

/// Whether somebody is a chief on duty anywhere.
fn is_chief(ctx: &Context<'_>) -> bool {
    ctx.caller().actor.is_any(&[Role::DutyChief])
}

/// Decides, at most once; what this node knows is read anew, so that its next answer shows it.
async fn decide(
    ctx: &Context<'_>,
    operation: Operation<'_>,
    input: &impl InputType,
    (wish, valid_from): (KernelResult<::areas::Wish>, Option<DateTime<Utc>>),
) -> Result<GridChangePayload> {
    let command = wish.map(|wish| (ctx.house().town(), Plan { wish, valid_from }));
    let settled = perform(
        ctx,
        operation,
        None::<GridChangeId>,
        input,
        command,
        |tx, (town, plan)| Box::pin(flows::plan_grid_change(tx, town, plan)),
        |row| row.id,
    );
    let settled = settled.await?;
    ctx.house().live_town.refresh(ctx.base()).await.or_fail(ctx)?;
    GridChangePayload::of(ctx, settled).await
}

/// Mutations.
#[derive(Default)]
pub struct GridMutation;

/// 网格调整，仅值班长；诉求随后换到所在的新网格，并保留提交时的网格 / Drawing grids anew, for chiefs on duty. Cases move to the grid that has their place soon
/// after, and keep the one they were filed in.
#[Object]
impl GridMutation {
    /// 合并网格 / Several grids become one; staff and units of each are those of the one.
    async fn merge_grids(&self, ctx: &Context<'_>, input: MergeGridsInput) -> Result<GridChangePayload> {
        ctx.person()?;
        let wish = change::merge(&input.codes, &input.into, input.name.as_deref());
        decide(ctx, ("mergeGrids", &input.idempotency_key), &input, (wish, input.valid_from)).await
    }

    /// 拆分网格 / A grid becomes several; its staff and units are those of each part.
    async fn split_grid(&self, ctx: &Context<'_>, input: SplitGridInput) -> Result<GridChangePayload> {
        ctx.person()?;
        let parts = input.parts.iter().map(|part| RawDrawn {
            code: part.code.clone(),
            name: part.name.clone(),
            boundary: part.boundary.0.clone(),
        });
        let wish = change::split(&input.code, input.datum.into(), &parts.collect::<Vec<_>>(), is_chief(ctx));
        decide(ctx, ("splitGrid", &input.idempotency_key), &input, (wish, input.valid_from)).await
    }

    /// 重划网格边界 / Boundaries between grids are moved.
    async fn recut_grids(&self, ctx: &Context<'_>, input: RecutGridsInput) -> Result<GridChangePayload> {
        ctx.person()?;
        let grids = input.grids.iter().map(|grid| RawDrawn {
            code: grid.code.clone(),
            name: String::new(),
            boundary: grid.boundary.0.clone(),
        });
        let wish = change::recut(input.datum.into(), &grids.collect::<Vec<_>>(), is_chief(ctx));
        decide(ctx, ("recutGrids", &input.idempotency_key), &input, (wish, input.valid_from)).await
    }

    /// 撤销尚未生效的网格调整 / Takes back a change that is not in force yet.
    async fn cancel_grid_change(&self, ctx: &Context<'_>, input: CancelGridChangeInput) -> Result<GridChangePayload> {
        ctx.person()?;
        let change: GridChangeId = ctx.id(&input.grid_change_id)?;
        let command = Cancel { change, expected_version: input.expected_version };
        let settled = perform(
            ctx,
            ("cancelGridChange", &input.idempotency_key),
            Some(change),
            &input,
            Ok(command),
            |tx, cancel| Box::pin(change::cancel(tx, cancel)),
            |row| row.id,
        );
        GridChangePayload::of(ctx, settled.await?).await
    }
}
