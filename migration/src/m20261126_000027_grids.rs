//! Expand: how grids are drawn anew, since when they are as they are, and in which grid each case was filed.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::Uuid;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "area", must("version").integer().default(1)).await?;
        add(manager, "area", may("valid_from").timestamp_with_time_zone()).await?;
        add(manager, "area", may("valid_to").timestamp_with_time_zone()).await?;
        grid_change(manager).await?;
        add(manager, "service_request", must("filed_area_id").uuid().default(Uuid::nil())).await?;
        add(manager, "service_request", bytewise(manager, "filed_area_path", 255).default("")).await?;
        let filed = Query::update()
            .table("service_request")
            .value("filed_area_id", Expr::col("area_id"))
            .value("filed_area_path", Expr::col("area_path"))
            .to_owned();
        manager.execute(filed).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["filed_area_path", "filed_area_id"] {
            drop(manager, "service_request", column).await?;
        }
        drop_tables(manager, &["grid_change"]).await?;
        for column in ["valid_to", "valid_from", "version"] {
            drop(manager, "area", column).await?;
        }
        Ok(())
    }
}

async fn grid_change(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("grid_change");
    table
        .col(key())
        .col(must("version").integer())
        .col(must("kind").string_len(24))
        .col(must("state").string_len(24))
        .col(must("street").string_len(12))
        .col(must("valid_from").timestamp_with_time_zone())
        .col(must("redraw").json())
        .col(must("warnings").json())
        .col(may("paths").json())
        .col(may("decided_by").uuid())
        .col(must("decided_at").timestamp_with_time_zone())
        .col(may("applied_at").timestamp_with_time_zone())
        .col(may("moved_to").uuid())
        .col(must("moved_count").integer())
        .col(may("moved_at").timestamp_with_time_zone());
    manager.create_table(table).await?;
    index(manager, "grid_change", &["state", "valid_from"]).await
}
