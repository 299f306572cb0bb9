//! Expand: editions of reference data, so that people maintain it. What the tables of categories, time limits, warnings and
//! priorities say becomes the first edition of each thing; nothing reads those tables any more, and a later step may drop them.
//! Cases keep the version of the time limits that decided about them.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::QueryResult;
use sea_orm_migration::sea_orm::prelude::Uuid;
use serde_json::{Map, Value, json};

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// What was always so holds from here on.
const ALWAYS: &str = "1970-01-01T00:00:00+00:00";
/// Ids of first editions count up from here: version 7, of no instant.
const FIRST_ID: u128 = 0x0000_0000_0000_7000_8000_0000_0000_0000;

const WORDS: &str = include_str!("../data/forbidden-words.txt");
const CATEGORY: [&str; 3] = ["name", "sla_code", "gb_code"];
const POLICY: [&str; 7] = ["accept", "sign", "contact", "handle", "verify", "rework", "longest"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut editions = table("edition");
        editions
            .col(key())
            .col(must("kind").string_len(24))
            .col(must("code").string_len(64))
            .col(must("version").integer())
            .col(must("valid_from").timestamp_with_time_zone())
            .col(must("is_retired").boolean())
            .col(must("content").json())
            .col(may("decided_by").uuid())
            .col(must("decided_at").timestamp_with_time_zone());
        manager.create_table(editions).await?;
        unique(manager, "edition", &["kind", "code", "version"]).await?;
        add(manager, "service_request", must("sla_version").integer().default(1)).await?;
        let first = first_editions(manager).await?;
        for (chunk, rows) in first.chunks(50).enumerate() {
            insert(manager, chunk * 50, rows).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop(manager, "service_request", "sla_version").await?;
        drop_tables(manager, &["edition"]).await
    }
}

/// Kind, code and content of each.
type First = (&'static str, String, Value);

async fn first_editions(manager: &SchemaManager<'_>) -> Result<Vec<First>, DbErr> {
    let mut first = Vec::new();
    for row in rows(manager, "request_category", &["code"]).await? {
        let mut content = texts(&row, &CATEGORY)?;
        content.insert("nature".to_owned(), json!(row.try_get::<String>("", "nature")?));
        content.insert("position".to_owned(), json!(row.try_get::<i32>("", "position")?));
        for flag in ["needs_photo", "is_sensitive"] {
            content.insert(flag.to_owned(), json!(row.try_get::<bool>("", flag)?));
        }
        first.push(("CATEGORY", row.try_get("", "code")?, Value::Object(content)));
    }
    for row in rows(manager, "sla_policy", &["code"]).await? {
        first.push(("SLA_POLICY", row.try_get("", "code")?, Value::Object(texts(&row, &POLICY)?)));
    }
    let mut rungs = Vec::new();
    for row in rows(manager, "sla_step", &["clock", "step"]).await? {
        let mut rung = texts(&row, &["clock", "after", "level", "tells"])?;
        for number in ["step", "percent"] {
            rung.insert(number.to_owned(), json!(row.try_get::<i32>("", number)?));
        }
        rungs.push(Value::Object(rung));
    }
    first.push(("LADDER", "LADDER".to_owned(), Value::Array(rungs)));
    let mut raises = Vec::new();
    for row in rows(manager, "priority_rule", &["people"]).await? {
        let (people, priority): (i32, String) = (row.try_get("", "people")?, row.try_get("", "priority")?);
        raises.push(json!({ "people": people, "priority": priority }));
    }
    first.push(("RAISES", "RAISES".to_owned(), Value::Array(raises)));
    let words = WORDS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    first.push(("FORBIDDEN_WORDS", "FORBIDDEN_WORDS".to_owned(), json!(words.collect::<Vec<_>>())));
    Ok(first)
}

async fn rows(
    manager: &SchemaManager<'_>,
    table: &'static str,
    by: &[&'static str],
) -> Result<Vec<QueryResult>, DbErr> {
    let mut select = Query::select().expr(Expr::col(Asterisk)).from(table).to_owned();
    for column in by {
        select.order_by(*column, Order::Asc);
    }
    manager.get_connection().query_all(&select).await
}

/// Columns of text; what is null is left out.
fn texts(row: &QueryResult, columns: &[&str]) -> Result<Map<String, Value>, DbErr> {
    let mut content = Map::new();
    for column in columns {
        if let Some(text) = row.try_get::<Option<String>>("", column)? {
            content.insert((*column).to_owned(), Value::from(text));
        }
    }
    Ok(content)
}

async fn insert(manager: &SchemaManager<'_>, before: usize, rows: &[First]) -> Result<(), DbErr> {
    let columns = ["id", "kind", "code", "version", "valid_from", "is_retired", "content", "decided_at"];
    let mut insert = Query::insert().into_table("edition").columns(columns).to_owned();
    for (number, (kind, code, content)) in rows.iter().enumerate() {
        let id = Uuid::from_u128(FIRST_ID + (before + number) as u128);
        let always = || ALWAYS.parse::<sea_orm_migration::sea_orm::prelude::DateTimeUtc>();
        let always = || always().map_err(|error| DbErr::Custom(error.to_string()));
        insert.values_panic([
            Expr::value(id),
            Expr::value(*kind),
            Expr::value(code.as_str()),
            Expr::value(1),
            Expr::value(always()?),
            Expr::value(false),
            Expr::value(content.clone()),
            Expr::value(always()?),
        ]);
    }
    manager.execute(insert).await
}
