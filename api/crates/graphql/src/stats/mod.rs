//! 统计 / Statistics on the wire.

mod enums;
mod inputs;
mod mutations;
mod queries;
mod types;

pub use enums::{KpiGroup, KpiMetric, KpiPart};
pub use inputs::{ExportKpiInput, KpiInput};
pub use mutations::{ExportKpiPayload, KpiExport, StatsMutation};
pub use queries::StatsQuery;
pub use types::{
    Concern, ConcernIndex, HeatCell, Heatmap, KpiCaseConnection, KpiCaseEdge, KpiReport, KpiRow, PublicKpi,
};
