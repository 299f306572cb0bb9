//! Expand: the unified social credit codes of organisations.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "organization", may("credit_code").string_len(18)).await?;
        unique(manager, "organization", &["credit_code"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("organization_credit_code").table("organization").to_owned();
        manager.drop_index(index).await?;
        drop(manager, "organization", "credit_code").await
    }
}
