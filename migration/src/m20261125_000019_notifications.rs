//! Expand: inboxes, what people want to be told and how, and how far readers of facts have come.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::prelude::DateTimeUtc;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        notification(manager).await?;
        let mut preferences = table("notification_preference");
        preferences
            .col(must("account_id").uuid())
            .col(must("kind").string_len(24))
            .col(must("in_app").boolean())
            .col(must("wechat").boolean())
            .col(must("sms").boolean())
            .col(must("updated_at").timestamp_with_time_zone())
            .foreign_key(&mut references("account_id", "account"))
            .primary_key(Index::create().col("account_id").col("kind"));
        manager.create_table(preferences).await?;
        let mut cursors = table("reader_cursor");
        cursors
            .col(must("name").string_len(64))
            .col(must("seq").big_integer())
            .col(must("updated_at").timestamp_with_time_zone())
            .primary_key(Index::create().col("name"));
        manager.create_table(cursors).await?;
        // What happened before there were inboxes is no news.
        let last = Func::coalesce([Expr::col("seq").max(), Expr::val(0_i64)]);
        let until_now = Query::select()
            .expr(Expr::val("notifications"))
            .expr(last)
            .expr(Expr::val(DateTimeUtc::UNIX_EPOCH))
            .from("fact")
            .to_owned();
        let mut first = Query::insert().into_table("reader_cursor").columns(["name", "seq", "updated_at"]).to_owned();
        first.select_from(until_now).map_err(|error| DbErr::Custom(error.to_string()))?;
        manager.execute(first).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["reader_cursor", "notification_preference", "notification"]).await
    }
}

async fn notification(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("notification");
    table
        .col(key())
        .col(must("account_id").uuid())
        .col(must("kind").string_len(24))
        .col(must("template").string_len(32))
        .col(must("subject_kind").string_len(32))
        .col(must("subject_id").uuid())
        .col(must("fact_id").uuid())
        .col(must("data").json())
        .col(must("level").string_len(24))
        .col(must("is_urgent").boolean())
        .col(must("is_shown").boolean())
        .col(must("push_state").string_len(24))
        .col(may("push_at").timestamp_with_time_zone())
        .col(must("is_digest").boolean())
        .col(may("read_at").timestamp_with_time_zone())
        .col(must("created_at").timestamp_with_time_zone())
        .foreign_key(&mut references("account_id", "account"));
    manager.create_table(table).await?;
    // Whoever projects a fact twice is refused.
    unique(manager, "notification", &["fact_id", "account_id", "kind"]).await?;
    index(manager, "notification", &["account_id", "created_at", "id"]).await?;
    index(manager, "notification", &["account_id", "read_at", "created_at"]).await?;
    index(manager, "notification", &["push_state", "push_at"]).await?;
    index(manager, "notification", &["created_at"]).await
}
