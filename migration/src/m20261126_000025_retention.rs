//! Expand: how long cases are kept and what of them, as a first edition; when a case was archived and made nobody's; legal hold.

use chrono::TimeDelta;
use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::{DateTimeUtc, Uuid};
use serde_json::json;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What was always so holds from here on.
const ALWAYS: &str = "1970-01-01T00:00:00+00:00";
/// Version 7, of no instant, as other first editions have.
const EDITION: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0001_0000);
/// The account that stands where a reporter was: nobody's.
const NOBODY: Uuid = Uuid::from_u128(0x0000_0000_0000_7000_8000_0000_0000_0001);

/// Days until the first rule holds where there are cases already.
const NOTICE: i64 = 30;

const INSTANTS: [&str; 3] = ["archived_at", "anonymised_at", "legal_hold_at"];
/// What is over, by how it ended, and is not archived, or not anonymised: the longest over first.
const INDEXES: [&[&str]; 2] = [&["state", "archived_at", "closed_at"], &["state", "anonymised_at", "closed_at"]];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for name in INSTANTS {
            add(manager, "service_request", may(name).timestamp_with_time_zone()).await?;
        }
        add(manager, "service_request", may("owed_sealed").binary()).await?;
        for columns in INDEXES {
            index(manager, "service_request", columns).await?;
        }
        let always = ALWAYS.parse::<DateTimeUtc>().map_err(|error| DbErr::Custom(error.to_string()))?;
        nobody(manager, always).await?;
        // Where there are cases already, somebody has time to decide otherwise before any is made nobody's for ever.
        let from = last_change(manager).await?.map_or(always, |last| last + TimeDelta::days(NOTICE));
        first_edition(manager, always, from).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        // Nobody's account stays: cases may name it, and nobody signs in to it.
        let edition = Query::delete().from_table("edition").and_where(Expr::col("kind").eq("RETENTION")).to_owned();
        manager.execute(edition).await?;
        for columns in INDEXES {
            let name = format!("service_request_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("service_request").to_owned()).await?;
        }
        drop(manager, "service_request", "owed_sealed").await?;
        for name in INSTANTS {
            drop(manager, "service_request", name).await?;
        }
        Ok(())
    }
}

async fn nobody(manager: &SchemaManager<'_>, always: DateTimeUtc) -> Result<(), DbErr> {
    let account = Query::insert()
        .into_table("account")
        .columns(["id", "status", "created_at", "updated_at", "version"])
        .values_panic([
            Expr::value(NOBODY),
            Expr::value("DELETED"),
            Expr::value(always),
            Expr::value(always),
            Expr::value(1),
        ])
        .on_conflict(OnConflict::column("id").do_nothing().to_owned())
        .to_owned();
    manager.execute(account).await
}

/// When something last happened to a case: about now, where there are any.
async fn last_change(manager: &SchemaManager<'_>) -> Result<Option<DateTimeUtc>, DbErr> {
    let mut last = Query::select().column("updated_at").from("service_request").to_owned();
    last.order_by("updated_at", Order::Desc).limit(1);
    let row = manager.get_connection().query_one(&last).await?;
    row.map(|row| row.try_get("", "updated_at")).transpose()
}

async fn first_edition(manager: &SchemaManager<'_>, always: DateTimeUtc, from: DateTimeUtc) -> Result<(), DbErr> {
    let content = json!({
        "closed": { "archive_after": 365, "anonymise_after": 730 },
        "turned_down": { "archive_after": 365, "anonymise_after": 365 },
    });
    let columns = ["id", "kind", "code", "version", "valid_from", "is_retired", "content", "decided_at"];
    let edition = Query::insert()
        .into_table("edition")
        .columns(columns)
        .values_panic([
            Expr::value(EDITION),
            Expr::value("RETENTION"),
            Expr::value("RETENTION"),
            Expr::value(1),
            Expr::value(from),
            Expr::value(false),
            Expr::value(content),
            Expr::value(always),
        ])
        .to_owned();
    manager.execute(edition).await
}
