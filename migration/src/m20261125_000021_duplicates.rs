//! Expand: one matter reported many times: cases merged into another, people who follow a case, and how many people raise its
//! priority.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const COUNTS: [&str; 4] = ["merged_count", "askable_count", "answer_count", "answered_round"];
const INDEXES: [&[&str]; 2] = [&["merged_into_id"], &["category_code", "cell", "created_at", "id"]];
/// So many people raise a case so far: the sub-district's defaults.
const RULES: [(i32, &str); 2] = [(5, "HIGH"), (20, "URGENT")];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        add(manager, "service_request", may("merged_into_id").uuid()).await?;
        for name in COUNTS {
            add(manager, "service_request", must(name).integer().default(0)).await?;
        }
        for columns in INDEXES {
            index(manager, "service_request", columns).await?;
        }
        let mut followers = table("request_follower");
        followers
            .col(must("request_id").uuid())
            .col(must("account_id").uuid())
            .col(must("since").timestamp_with_time_zone())
            .foreign_key(&mut references("request_id", "service_request"))
            .foreign_key(&mut references("account_id", "account"))
            .primary_key(Index::create().col("request_id").col("account_id"));
        manager.create_table(followers).await?;
        index(manager, "request_follower", &["account_id", "since", "request_id"]).await?;
        let mut rules = table("priority_rule");
        rules
            .col(must("people").integer())
            .col(must("priority").string_len(24))
            .primary_key(Index::create().col("people"));
        manager.create_table(rules).await?;
        let mut insert = Query::insert().into_table("priority_rule").columns(["people", "priority"]).to_owned();
        for (people, priority) in RULES {
            insert.values_panic([Expr::value(people), Expr::value(priority)]);
        }
        manager.execute(insert).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["priority_rule", "request_follower"]).await?;
        for columns in INDEXES {
            let name = format!("service_request_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("service_request").to_owned()).await?;
        }
        for name in COUNTS {
            drop(manager, "service_request", name).await?;
        }
        drop(manager, "service_request", "merged_into_id").await
    }
}
