//! Expand: organisations, units, their people and what they answer for.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        organization(manager).await?;
        unit(manager).await?;
        unit_member(manager).await?;
        unit_area(manager).await?;
        unit_category(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["unit_category", "unit_area", "unit_member", "unit", "organization"]).await
    }
}

async fn organization(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("organization");
    table
        .col(key())
        .col(must("name").string_len(128))
        .col(must("kind").string_len(24))
        .col(must("version").integer())
        .col(must("updated_at").timestamp_with_time_zone());
    manager.create_table(table).await?;
    index(manager, "organization", &["name"]).await?;
    Ok(())
}

async fn unit(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("unit");
    table
        .col(key())
        .col(must("organization_id").uuid())
        .col(must("name").string_len(128))
        .col(must("is_active").boolean())
        .col(must("version").integer())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("organization_id", "organization"));
    manager.create_table(table).await?;
    index(manager, "unit", &["organization_id"]).await?;
    Ok(())
}

async fn unit_member(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("unit_member");
    table
        .col(key())
        .col(must("unit_id").uuid())
        .col(must("account_id").uuid())
        .col(must("duty").string_len(24))
        .col(must("valid_from").timestamp_with_time_zone())
        .col(may("valid_to").timestamp_with_time_zone())
        .foreign_key(&mut references("unit_id", "unit"))
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(table).await?;
    index(manager, "unit_member", &["unit_id"]).await?;
    index(manager, "unit_member", &["account_id"]).await?;
    Ok(())
}

async fn unit_area(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("unit_area");
    table
        .col(must("unit_id").uuid())
        .col(must("area_id").uuid())
        .foreign_key(&mut references("unit_id", "unit"))
        .foreign_key(&mut references("area_id", "area"))
        .primary_key(Index::create().col("unit_id").col("area_id"));
    manager.create_table(table).await?;
    index(manager, "unit_area", &["area_id"]).await?;
    Ok(())
}

async fn unit_category(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("unit_category");
    table
        .col(must("unit_id").uuid())
        .col(must("category_code").string_len(32))
        .foreign_key(&mut references("unit_id", "unit"))
        .primary_key(Index::create().col("unit_id").col("category_code"));
    manager.create_table(table).await?;
    index(manager, "unit_category", &["category_code"]).await?;
    Ok(())
}
