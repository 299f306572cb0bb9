//! Expand: what requests and photos were before a moderator took something out of them.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const OBJECTS: [&str; 2] = ["object_id", "original_id"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = table("request_original");
        table
            .col(must("request_id").uuid().primary_key())
            .col(may("description_sealed").binary())
            .col(may("address_sealed").binary())
            .col(must("at").timestamp_with_time_zone())
            .foreign_key(&mut references("request_id", "service_request"));
        manager.create_table(table).await?;
        for name in OBJECTS {
            add(manager, "attachment", may(name).uuid()).await?;
            index(manager, "attachment", &[name]).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let is_painted = Expr::col("original_id").is_not_null();
        let painted = Query::select().expr(Expr::val(1)).from("attachment").and_where(is_painted).take();
        refuse_if_any(manager, painted, "photos were painted over, and would be shown as they were taken in").await?;
        for name in OBJECTS {
            manager.drop_index(Index::drop().name(format!("attachment_{name}")).table("attachment").to_owned()).await?;
            drop(manager, "attachment", name).await?;
        }
        // Words stay as they are; what stood in their place before is lost.
        drop_tables(manager, &["request_original"]).await
    }
}
