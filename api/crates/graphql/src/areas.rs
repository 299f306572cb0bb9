//! 区域 / Areas on the wire.

use std::sync::Arc;

use ::areas::{Bounds, CoordinateError, Level, Wgs84Point};
use async_graphql::{Context, Enum, ID, InputObject, Json, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::area;
use entity::id::Id as _;
use kernel::error::{Detail, Error, UserError, UserErrorCode};
use serde::{Serialize, Serializer};

use crate::bookings::LifeCircle;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::loaders::{ChildrenOf, load};

mod changes;
pub use changes::{
    CancelGridChangeInput, DrawnGrid, GridChange, GridChangePayload, GridCutInput, GridMutation, GridPartInput,
    MapFlaw, MapWarning, MergeGridsInput, RecutGridsInput, SplitGridInput,
};

/// 坐标基准 / Geodetic datum: WeChat and AMap give GCJ-02, Baidu BD-09, browsers WGS-84.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::areas::Datum")]
pub enum GeoDatum {
    /// 世界大地坐标系 / GPS.
    Wgs84,
    /// 国测局坐标 / WeChat, AMap, Tencent.
    Gcj02,
    /// 百度坐标 / Baidu.
    Bd09,
    /// 2000国家大地坐标系 / municipal data.
    Cgcs2000,
}

/// 区域层级 / Level of an area: 1 street, 4 + 29 + 147 grids, compounds, buildings.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::areas::Level")]
pub enum AreaLevel {
    /// 街道 / Sub-district.
    Street,
    /// 处置网格 / Disposal grid.
    Disposal,
    /// 自治网格 / Self-government grid.
    Autonomy,
    /// 微网格 / Micro grid.
    Micro,
    /// 小区 / Compound.
    Compound,
    /// 楼栋 / Building.
    Building,
}

/// 输入坐标，必须说明坐标基准 / A point; its datum is required, since mixing datums moves a report by 500 m.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct GeoPointInput {
    /// 经度 / Longitude in degrees.
    pub longitude: f64,
    /// 纬度 / Latitude in degrees.
    pub latitude: f64,
    /// 坐标基准 / Datum.
    pub datum: GeoDatum,
}

impl GeoPointInput {
    /// The place, or why it cannot be one of ours.
    pub(crate) fn place(self, field: &str) -> std::result::Result<Wgs84Point, UserError> {
        Bounds::XINHONG.admit(self.datum.into(), self.longitude, self.latitude).map_err(|error| match error {
            CoordinateError::TooFar { .. } => UserError::at(UserErrorCode::OutsideArea, field),
            CoordinateError::LooksSwapped => {
                UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("looks_swapped"))
            }
            CoordinateError::UnknownDatum | CoordinateError::NotFinite | CoordinateError::OutOfRange => {
                UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_a_number"))
            }
        })
    }
}

/// 地理点 / A point in the datum asked for.
#[derive(SimpleObject, Clone, Copy, Debug)]
pub struct GeoPoint {
    /// 经度 / Longitude in degrees.
    longitude: f64,
    /// 纬度 / Latitude in degrees.
    latitude: f64,
    /// 坐标基准 / Datum.
    datum: GeoDatum,
}

impl GeoPoint {
    /// A stored pair in a datum.
    pub(crate) fn of(longitude: f64, latitude: f64, datum: GeoDatum) -> Option<Self> {
        let point = Wgs84Point::new(longitude, latitude).ok()?;
        let (longitude, latitude) = point.to_datum(datum.into());
        Some(Self { longitude, latitude, datum })
    }
}

/// A boundary as it was printed once for all who ask.
pub struct Printed(Arc<serde_json::Value>);

impl Printed {
    /// An outline in a datum.
    fn of(outline: &::areas::Outline, datum: GeoDatum) -> Self {
        Self(Arc::new(::areas::geojson::geometry(outline, datum.into())))
    }
}

impl Serialize for Printed {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// An area of the tree.
#[derive(Clone)]
pub struct Area(pub(crate) area::Model);

/// 区域：街道、处置网格、自治网格、微网格、小区、楼栋 / An area: street, grids, compound, building.
#[Object]
impl Area {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 层级 / Level.
    async fn level(&self, ctx: &Context<'_>) -> Option<Result<AreaLevel>> {
        let level = self.0.level.parse::<Level>().map_err(|_| anyhow::anyhow!("area {}: unknown level", self.0.code));
        Some(level.map(AreaLevel::from).map_err(Error::from).or_fail(ctx))
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 上级区域 / The area above.
    async fn parent(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        let parent = self.0.parent_id?;
        load(ctx, parent).await.map(|row| row.map(Area)).transpose()
    }

    /// 下级区域；一个区域的下级不多，不分页 / Areas below; few, so not paged.
    async fn children(&self, ctx: &Context<'_>) -> Option<Result<Vec<Area>>> {
        let rows = load(ctx, ChildrenOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(Area).collect()))
    }

    /// 边界，GeoJSON 几何，坐标基准由参数指定；点状区域为空 / Boundary as a GeoJSON geometry in the datum asked for; null for points.
    async fn boundary(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<Result<Json<Printed>>> {
        let printed = ctx.house().town().areas.boundary(&self.0, datum.into()).or_fail(ctx).transpose()?;
        Some(printed.map(|printed| Json(Printed(printed))))
    }

    /// 位置；面状区域为空 / Location of a building or compound; null for grids.
    async fn location(
        &self,
        #[graphql(default_with = "GeoDatum::Gcj02", desc = "坐标基准 / Datum.")] datum: GeoDatum,
    ) -> Option<GeoPoint> {
        GeoPoint::of(self.0.longitude?, self.0.latitude?, datum)
    }

    /// 十五分钟社区生活圈覆盖；没有边界也没有位置的为空 / How well its people reach a neighbourhood centre on foot; null for an area without any
    /// extent.
    async fn life_circle(&self, ctx: &Context<'_>) -> Option<Result<LifeCircle>> {
        crate::bookings::life_circle(ctx, &self.0).await.transpose()
    }

    /// 是否为演示数据 / Synthetic, for demonstration.
    async fn is_demo(&self) -> bool {
        self.0.is_demo
    }

    /// 版本，每次重划加一 / How often its ground was drawn, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 现边界生效时间；初始边界为空 / Since when its ground is as it is; null as it was brought along.
    async fn valid_from(&self) -> Option<DateTime<Utc>> {
        self.0.valid_from
    }

    /// 停用时间；在用为空 / Since when it is no more; null while it is in use.
    async fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }
}

/// Queries.
#[derive(Default)]
pub struct AreaQuery;

/// 区域查询 / Queries about areas.
#[Object]
impl AreaQuery {
    /// 网格调整，最近决定的 50 项，新的在前；仅工作人员 / How grids were and will be drawn anew: the 50 decided last, newest first; for staff.
    async fn grid_changes(&self, ctx: &Context<'_>) -> Option<Result<Vec<GridChange>>> {
        Some(changes::newest(ctx).await)
    }

    /// 某一层级的全部区域，默认街道 / All areas of a level; the street by default. At most some hundreds, so not paged.
    async fn areas(
        &self,
        ctx: &Context<'_>,
        #[graphql(default_with = "AreaLevel::Street", desc = "层级 / Level.")] level: AreaLevel,
    ) -> Result<Vec<Area>> {
        let rows = ::areas::store::of_level(ctx.base().db.reader(), level.into()).await.or_fail(ctx)?;
        Ok(rows.into_iter().map(Area).collect())
    }

    /// 坐标所在的最小网格；不在本街道为空 / The smallest grid that holds a point; null outside the streets served.
    async fn area_at(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "坐标 / Point.")] point: GeoPointInput,
    ) -> Option<Result<Area>> {
        match point.place("point") {
            Ok(place) => ctx.house().town().areas.at(place).cloned().map(|row| Ok(Area(row))),
            Err(error) if error.code == UserErrorCode::OutsideArea => None,
            Err(error) => {
                let reason = match error.detail {
                    Detail::Because("looks_swapped") => "longitude and latitude look swapped",
                    _ => "these coordinates are no place",
                };
                Some(Err(ctx.fail(Error::BadRequest(reason))))
            }
        }
    }
}
