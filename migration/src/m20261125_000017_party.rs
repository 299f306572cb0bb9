//! Expand: organisations of the party and their rosters.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut organizations = table("party_organization");
        organizations
            .col(key())
            .col(bytewise(manager, "code", 32))
            .col(must("name").string_len(128))
            .col(must("kind").string_len(24))
            .col(may("parent_id").uuid())
            .col(bytewise(manager, "path", 255))
            .col(must("version").integer())
            .col(must("created_at").timestamp_with_time_zone())
            .col(must("updated_at").timestamp_with_time_zone())
            .foreign_key(&mut references("parent_id", "party_organization"));
        manager.create_table(organizations).await?;
        unique(manager, "party_organization", &["code"]).await?;
        unique(manager, "party_organization", &["path"]).await?;
        let mut members = table("party_member");
        members
            .col(key())
            .col(must("organization_id").uuid())
            .col(may("name_sealed").binary())
            .col(may("join_month_sealed").binary())
            .col(must("standing").string_len(24))
            .col(may("phone_sealed").binary())
            .col(may("phone_index").binary())
            .col(may("account_id").uuid())
            .col(may("bound_at").timestamp_with_time_zone())
            .col(must("created_at").timestamp_with_time_zone())
            .col(must("updated_at").timestamp_with_time_zone())
            .foreign_key(&mut references("organization_id", "party_organization"))
            .foreign_key(&mut references("account_id", "account"));
        manager.create_table(members).await?;
        index(manager, "party_member", &["organization_id", "created_at", "id"]).await?;
        index(manager, "party_member", &["phone_index"]).await?;
        // One person, one line: the second of two confirmations at once is refused.
        unique(manager, "party_member", &["account_id"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["party_member", "party_organization"]).await
    }
}
