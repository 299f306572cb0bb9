//! Expand: what people are in conflict about, how many they are, and how far it may go, of cases that somebody warned of.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "service_request", may("conflict_kind").string_len(24)).await?;
        add(manager, "service_request", may("conflict_headcount").integer()).await?;
        add(manager, "service_request", may("conflict_risk").string_len(24)).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for column in ["conflict_risk", "conflict_headcount", "conflict_kind"] {
            drop(manager, "service_request", column).await?;
        }
        Ok(())
    }
}
