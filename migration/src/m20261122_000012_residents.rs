//! Expand: proofs of residence, proxies, and requests that are shown to a grid.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Cases shown to a grid are found by its residents; what was filed before this step is told its grid by the map.
const LIST: &str = "UPDATE service_request SET listed_in = (SELECT a.path FROM area a WHERE a.level = 'AUTONOMY' \
    AND substr(service_request.area_path, 1, length(a.path)) = a.path) WHERE visibility = 'GRID' AND NOT is_held \
    AND NOT is_confidential AND state NOT IN ('SUBMITTED', 'REJECTED', 'WITHDRAWN')";
const LISTED: [&str; 3] = ["listed_in", "created_at", "id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        residence(manager).await?;
        proxy_grant(manager).await?;
        proxy_case(manager).await?;
        let mut listed_in = ColumnDef::new("listed_in");
        listed_in.string_len(255);
        manager.alter_table(Table::alter().table("service_request").add_column(listed_in).to_owned()).await?;
        index(manager, "service_request", &LISTED).await?;
        manager.get_connection().execute_unprepared(LIST).await?;
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let name = format!("service_request_{}", LISTED.join("_"));
        manager.drop_index(Index::drop().name(name).table("service_request").to_owned()).await?;
        manager.alter_table(Table::alter().table("service_request").drop_column("listed_in").to_owned()).await?;
        drop_tables(manager, &["proxy_case", "proxy_grant", "residence"]).await
    }
}

async fn residence(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("residence");
    table
        .col(key())
        .col(must("version").integer())
        .col(must("account_id").uuid())
        .col(must("state").string_len(24))
        .col(must("relation").string_len(24))
        .col(must("area_id").uuid())
        .col(bytewise(manager, "area_path", 255))
        .col(bytewise(manager, "grid_path", 255))
        .col(must("compound").string_len(128))
        .col(must("building_sealed").binary())
        .col(may("unit_sealed").binary())
        .col(must("room_sealed").binary())
        .col(must("flat_index").binary())
        .col(may("reject_reason").string_len(24))
        .col(may("note").string_len(255))
        .col(may("decided_by").uuid())
        .col(may("decided_at").timestamp_with_time_zone())
        .col(may("valid_until").timestamp_with_time_zone())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"))
        .foreign_key(&mut references("area_id", "area"))
        .foreign_key(&mut references("decided_by", "account"));
    manager.create_table(table).await?;
    index(manager, "residence", &["grid_path", "state", "created_at", "id"]).await?;
    index(manager, "residence", &["account_id", "created_at"]).await?;
    index(manager, "residence", &["state", "valid_until"]).await
}

async fn proxy_grant(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("proxy_grant");
    table
        .col(key())
        .col(must("version").integer())
        .col(must("state").string_len(24))
        .col(may("principal_id").uuid())
        .col(may("agent_id").uuid())
        .col(must("agent_phone_sealed").binary())
        .col(must("agent_phone_index").binary())
        .col(must("verbs").string_len(128))
        .col(must("granted_by").uuid())
        .col(may("area_path").string_len(255))
        .col(may("reason").text())
        .col(must("valid_until").timestamp_with_time_zone())
        .col(may("accepted_at").timestamp_with_time_zone())
        .col(may("ended_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("principal_id", "account"))
        .foreign_key(&mut references("agent_id", "account"))
        .foreign_key(&mut references("granted_by", "account"));
    manager.create_table(table).await?;
    index(manager, "proxy_grant", &["principal_id", "created_at"]).await?;
    index(manager, "proxy_grant", &["agent_id", "created_at"]).await?;
    index(manager, "proxy_grant", &["agent_phone_index", "created_at"]).await?;
    index(manager, "proxy_grant", &["granted_by", "created_at"]).await?;
    index(manager, "proxy_grant", &["state", "valid_until"]).await
}

async fn proxy_case(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("proxy_case");
    table
        .col(must("proxy_id").uuid())
        .col(must("request_id").uuid())
        .foreign_key(&mut references("proxy_id", "proxy_grant"))
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("proxy_id").col("request_id"));
    manager.create_table(table).await?;
    index(manager, "proxy_case", &["request_id"]).await
}
