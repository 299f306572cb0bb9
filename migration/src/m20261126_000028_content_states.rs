//! Expand, move and contract: what the content check says, in three words, of a request's words, of what is said later and of photos,
//! in place of whether they are held back; and until when a moderator has to have looked.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const HELD: [&str; 2] = ["service_request", "request_note"];
const COUNTS: [&str; 2] = ["contents_waiting", "reports_open"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in HELD {
            add(manager, table, must("content_state").string_len(24).default("PASS")).await?;
            let held = Query::update().table(table).value("content_state", "REVIEW").and_where(is_held(table)).take();
            manager.execute(held).await?;
        }
        add(manager, "attachment", must("content_state").string_len(24).default("PASS")).await?;
        add(manager, "service_request", must("reply_content_state").string_len(24).default("PASS")).await?;
        for name in COUNTS {
            add(manager, "service_request", must(name).integer().default(0)).await?;
        }
        add(manager, "service_request", may("review_due_at").timestamp_with_time_zone()).await?;
        index(manager, "service_request", &["street", "review_due_at", "id"]).await?;
        wait(manager).await?;
        for table in HELD {
            drop(manager, table, "is_held").await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for (table, column) in [("attachment", "content_state"), ("service_request", "reply_content_state")] {
            let hidden = Query::select().expr(Expr::val(1)).from(table).and_where(Expr::col(column).ne("PASS")).take();
            refuse_if_any(manager, hidden, "photos or replies were hidden from the public, and would not be before")
                .await?;
        }
        for table in HELD {
            add(manager, table, must("is_held").boolean().default(false)).await?;
            let not_passed = Expr::col("content_state").ne("PASS");
            let held = Query::update().table(table).value("is_held", true).and_where(not_passed).take();
            manager.execute(held).await?;
        }
        let name = "service_request_street_review_due_at_id";
        manager.drop_index(Index::drop().name(name).table("service_request").to_owned()).await?;
        for name in ["review_due_at", "reports_open", "contents_waiting", "reply_content_state", "content_state"] {
            drop(manager, "service_request", name).await?;
        }
        drop(manager, "request_note", "content_state").await?;
        drop(manager, "attachment", "content_state").await
    }
}

fn is_held(table: &'static str) -> SimpleExpr {
    Expr::col((table, "is_held")).eq(true)
}

/// What was held back waits for a moderator, where it would be published; it has waited already, so it is due at once.
async fn wait(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let note = |column: &'static str| Expr::col(("request_note", column));
    let request = |column: &'static str| Expr::col(("service_request", column));
    let held = || {
        Query::select()
            .from("request_note")
            .and_where(note("request_id").eq(request("id")))
            .and_where(is_held("request_note"))
            .and_where(note("kind").is_in(["REPLY", "PUBLIC_UPDATE"]))
            .to_owned()
    };
    let count = held().expr(Func::count(Expr::val(1))).take();
    let is_any = Expr::exists(held().expr(Expr::val(1)).take());
    let waiting = Query::update()
        .table("service_request")
        .value("contents_waiting", SimpleExpr::SubQuery(None, Box::new(count.into())))
        .and_where(is_any)
        .take();
    manager.execute(waiting).await?;
    let reply = held().expr(Expr::val(1)).and_where(note("text").eq(request("reply"))).take();
    let replies = Query::update()
        .table("service_request")
        .value("reply_content_state", "REVIEW")
        .and_where(Expr::exists(reply))
        .take();
    manager.execute(replies).await?;
    let waits = is_held("service_request").or(request("contents_waiting").gt(0));
    let due = Query::update()
        .table("service_request")
        .value("review_due_at", Expr::col("updated_at"))
        .and_where(waits)
        .and_where(request("visibility").ne("PRIVATE"))
        .and_where(request("is_confidential").eq(false))
        .and_where(request("archived_at").is_null())
        .and_where(request("state").is_not_in(["REJECTED", "WITHDRAWN", "MERGED"]))
        .take();
    manager.execute(due).await
}
