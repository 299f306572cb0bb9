//! Expand: areas and the working calendar.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        area(manager).await?;
        calendar_day(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["calendar_day", "area"]).await
    }
}

async fn area(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("area");
    table
        .col(key())
        .col(must("code").string_len(40))
        .col(must("level").string_len(24))
        .col(must("name").string_len(80))
        .col(may("parent_id").uuid())
        .col(bytewise(manager, "path", 255))
        .col(may("shape").text())
        .col(may("longitude").double())
        .col(may("latitude").double())
        .col(must("is_demo").boolean())
        .foreign_key(&mut references("parent_id", "area"));
    manager.create_table(table).await?;
    unique(manager, "area", &["code"]).await?;
    index(manager, "area", &["path"]).await?;
    index(manager, "area", &["parent_id"]).await?;
    Ok(())
}

async fn calendar_day(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("calendar_day");
    table
        .col(must("date").date())
        .col(must("kind").string_len(24))
        .col(may("name").string_len(32))
        .primary_key(Index::create().col("date"));
    manager.create_table(table).await?;
    Ok(())
}
