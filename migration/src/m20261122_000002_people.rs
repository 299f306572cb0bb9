//! Expand: accounts, passwords, sessions and grants. Names and numbers are ciphertext from the start.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        account(manager).await?;
        staff_credential(manager).await?;
        session(manager).await?;
        role_grant(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["role_grant", "session", "staff_credential", "account"]).await
    }
}

async fn account(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("account");
    table
        .col(key())
        .col(must("status").string_len(24))
        .col(may("name_sealed").binary())
        .col(may("phone_sealed").binary())
        .col(may("phone_index").binary())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .col(must("version").integer());
    manager.create_table(table).await?;
    unique(manager, "account", &["phone_index"]).await?;
    Ok(())
}

async fn staff_credential(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("staff_credential");
    table
        .col(must("account_id").uuid())
        .col(must("username").string_len(64))
        .col(must("password_hash").string_len(255))
        .col(must("failures").integer())
        .col(may("locked_until").timestamp_with_time_zone())
        .col(must("changed_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"))
        .primary_key(Index::create().col("account_id"));
    manager.create_table(table).await?;
    unique(manager, "staff_credential", &["username"]).await?;
    Ok(())
}

async fn session(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("session");
    table
        .col(key())
        .col(must("account_id").uuid())
        .col(must("client_kind").string_len(24))
        .col(must("device_index").binary())
        .col(may("device_name").string_len(128))
        .col(must("salt").binary())
        .col(must("generation").integer())
        .col(must("rotated_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("last_seen_at").timestamp_with_time_zone())
        .col(must("expires_at").timestamp_with_time_zone())
        .col(may("revoked_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(table).await?;
    index(manager, "session", &["account_id", "created_at"]).await?;
    index(manager, "session", &["expires_at"]).await?;
    Ok(())
}

async fn role_grant(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("role_grant");
    table
        .col(key())
        .col(must("account_id").uuid())
        .col(must("role").string_len(24))
        .col(must("scope_kind").string_len(24))
        .col(must("scope_id").uuid())
        .col(must("valid_from").timestamp_with_time_zone())
        .col(may("valid_to").timestamp_with_time_zone())
        .col(may("granted_by").uuid())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(table).await?;
    index(manager, "role_grant", &["account_id"]).await?;
    index(manager, "role_grant", &["scope_id", "role"]).await?;
    Ok(())
}
