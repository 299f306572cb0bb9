//! Expand: second factors, recovery codes, used passwords, sessions of staff, and reasons of privileged acts.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "staff_credential", must("must_change").boolean().default(false)).await?;
        add(manager, "staff_credential", may("totp_sealed").binary()).await?;
        add(manager, "staff_credential", may("totp_pending").binary()).await?;
        add(manager, "staff_credential", may("totp_step").big_integer()).await?;
        add(manager, "session", must("is_staff").boolean().default(false)).await?;
        recovery_code(manager).await?;
        used_password(manager).await?;
        audit_reason(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_reason", "used_password", "recovery_code"]).await?;
        drop(manager, "session", "is_staff").await?;
        for column in ["totp_step", "totp_pending", "totp_sealed", "must_change"] {
            drop(manager, "staff_credential", column).await?;
        }
        Ok(())
    }
}

async fn recovery_code(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("recovery_code");
    table
        .col(must("account_id").uuid())
        .col(must("code_index").binary())
        .col(must("made_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"))
        .primary_key(Index::create().col("account_id").col("code_index"));
    manager.create_table(table).await
}

async fn used_password(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("used_password");
    table
        .col(must("account_id").uuid())
        .col(must("set_at").timestamp_with_time_zone())
        .col(must("password_hash").string_len(255))
        .foreign_key(&mut references("account_id", "account"))
        .primary_key(Index::create().col("account_id").col("set_at"));
    manager.create_table(table).await
}

async fn audit_reason(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("audit_reason");
    table
        .col(must("entry_id").uuid())
        .col(may("about_id").uuid())
        .col(must("salt").binary())
        .col(must("words_sealed").binary())
        .primary_key(Index::create().col("entry_id"));
    manager.create_table(table).await?;
    index(manager, "audit_reason", &["about_id"]).await
}
