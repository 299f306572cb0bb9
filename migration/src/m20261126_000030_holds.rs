//! Expand: what is held for a court is found at once, since whoever reported it is not forgotten meanwhile.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        index(manager, "service_request", &["legal_hold_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = Index::drop().name("service_request_legal_hold_at").table("service_request").to_owned();
        manager.drop_index(index).await
    }
}
