//! Expand: documents that people consent to, their consents, and children in their care.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut documents = table("consent_document");
        documents
            .col(key())
            .col(must("kind").string_len(24))
            .col(must("version").integer())
            .col(must("title").string_len(128))
            .col(must("body").text())
            .col(must("hash").binary())
            .col(must("in_force_from").timestamp_with_time_zone())
            .col(may("published_by").uuid())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("published_by", "account"));
        manager.create_table(documents).await?;
        unique(manager, "consent_document", &["kind", "version"]).await?;
        let mut consents = table("consent");
        consents
            .col(key())
            .col(must("account_id").uuid())
            .col(must("document_id").uuid())
            .col(must("kind").string_len(24))
            .col(must("version").integer())
            .col(must("client_kind").string_len(24))
            .col(must("given_at").timestamp_with_time_zone())
            .col(may("withdrawn_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"))
            .foreign_key(&mut references("document_id", "consent_document"));
        manager.create_table(consents).await?;
        index(manager, "consent", &["account_id", "given_at"]).await?;
        let mut dependants = table("dependant");
        dependants
            .col(key())
            .col(must("guardian_id").uuid())
            .col(must("name_sealed").binary())
            .col(must("birth_month_sealed").binary())
            .col(must("created_at").timestamp_with_time_zone())
            .foreign_key(&mut references("guardian_id", "account"));
        manager.create_table(dependants).await?;
        index(manager, "dependant", &["guardian_id", "created_at"]).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["dependant", "consent", "consent_document"]).await
    }
}
