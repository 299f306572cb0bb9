//! Expand: what comes from other sources: orders of the city's hotline, their imports and results; findings of patrols and of
//! devices.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const ADDED: [&str; 3] = ["external_no", "external_due_at", "occurred_at"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "service_request", may("external_no").string_len(40)).await?;
        for name in ["external_due_at", "occurred_at"] {
            add(manager, "service_request", may(name).timestamp_with_time_zone()).await?;
        }
        // A number is one street's: what the district gives to another street, begins anew there.
        unique(manager, "service_request", &["street", "external_no"]).await?;
        imports(manager).await?;
        results(manager).await?;
        findings(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let made = ["device_event", "device_finding", "patrol_finding", "hotline_order", "hotline_batch"];
        drop_tables(manager, &made).await?;
        drop_tables(manager, &["hotline_row", "hotline_import"]).await?;
        let index = Index::drop().name("service_request_street_external_no").table("service_request").to_owned();
        manager.drop_index(index).await?;
        for name in ADDED {
            drop(manager, "service_request", name).await?;
        }
        Ok(())
    }
}

async fn imports(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut imports = table("hotline_import");
    imports
        .col(key())
        .col(must("street").string_len(12))
        .col(must("account_id").uuid())
        .col(must("is_dry_run").boolean())
        .col(must("state").string_len(24))
        .col(may("content_sealed").binary());
    for name in ["row_count", "done_count", "created_count", "known_count", "withdrawn_count", "refused_count"] {
        imports.col(must(name).integer());
    }
    imports
        .col(must("created_at").timestamp_with_time_zone())
        .col(may("finished_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(imports).await?;
    index(manager, "hotline_import", &["street", "created_at", "id"]).await?;
    index(manager, "hotline_import", &["state", "created_at"]).await?;
    let mut rows = table("hotline_row");
    rows.col(must("import_id").uuid())
        .col(must("row_no").integer())
        .col(must("outcome").string_len(24))
        .col(may("external_no").string_len(40))
        .col(may("problems").json())
        .col(may("request_id").uuid())
        .foreign_key(&mut references("import_id", "hotline_import"))
        .primary_key(Index::create().col("import_id").col("row_no"));
    manager.create_table(rows).await?;
    index(manager, "hotline_row", &["import_id", "outcome", "row_no"]).await
}

async fn results(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut batches = table("hotline_batch");
    batches
        .col(key())
        .col(must("street").string_len(12))
        .col(must("number").big_integer())
        .col(must("account_id").uuid())
        .col(must("format").string_len(8))
        .col(may("content_sealed").binary())
        .col(must("row_count").integer())
        .col(must("correction_count").integer())
        .col(must("has_more").boolean())
        .col(must("created_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(batches).await?;
    unique(manager, "hotline_batch", &["street", "number"]).await?;
    let mut orders = table("hotline_order");
    orders
        .col(must("request_id").uuid())
        .col(must("street").string_len(12))
        .col(must("digest").binary())
        .col(may("sent_at").timestamp_with_time_zone())
        .col(may("batch_id").uuid())
        .foreign_key(&mut references("request_id", "service_request"))
        .foreign_key(&mut references("batch_id", "hotline_batch"))
        .primary_key(Index::create().col("request_id"));
    manager.create_table(orders).await?;
    index(manager, "hotline_order", &["street", "sent_at"]).await
}

async fn findings(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut patrols = table("patrol_finding");
    patrols
        .col(must("account_id").uuid())
        .col(must("client_id").uuid())
        .col(must("fingerprint").binary())
        .col(must("request_id").uuid())
        .foreign_key(&mut references("account_id", "account"))
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("account_id").col("client_id"));
    manager.create_table(patrols).await?;
    let mut devices = table("device_finding");
    devices
        .col(must("request_id").uuid())
        .col(must("street").string_len(12))
        .col(must("device_code").string_len(40))
        .col(must("category_code").string_len(32))
        .col(must("event_count").integer())
        .col(must("last_at").timestamp_with_time_zone())
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("request_id"));
    manager.create_table(devices).await?;
    index(manager, "device_finding", &["street", "device_code", "last_at"]).await?;
    let mut events = table("device_event");
    events
        .col(must("street").string_len(12))
        .col(must("device_code").string_len(40))
        .col(must("event_id").string_len(64))
        .col(must("request_id").uuid())
        .col(must("at").timestamp_with_time_zone())
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("street").col("device_code").col("event_id"));
    manager.create_table(events).await
}
