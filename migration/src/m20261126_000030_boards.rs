//! Expand: cases warned of as red lie on the supervisors' board; homes are found by their area; sums of a unit are found by its key
//! first, as an index that begins with the dimension draws the sums of a street away from theirs.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const BEFORE: &str = "kpi_rollup_dimension_key_measure_day";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let red = Query::update()
            .table("service_request")
            .value("is_on_board", true)
            .and_where(Expr::col("conflict_risk").eq("RED"))
            .and_where(Expr::col("queue").is_not_null())
            .to_owned();
        manager.execute(red).await?;
        index(manager, "residence", &["area_id"]).await?;
        let before = Index::drop().name(BEFORE).table("kpi_rollup").to_owned();
        manager.drop_index(before).await?;
        index(manager, "kpi_rollup", &["key", "dimension", "measure", "day"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let after = Index::drop().name("kpi_rollup_key_dimension_measure_day").table("kpi_rollup").to_owned();
        manager.drop_index(after).await?;
        index(manager, "kpi_rollup", &["dimension", "key", "measure", "day"]).await?;
        // What lies on the board too much leaves it with the next thing that happens to it.
        manager.drop_index(Index::drop().name("residence_area_id").table("residence").to_owned()).await
    }
}
