//! Expand: reference data that differs by city or year and is therefore data, not code — the working calendar of 2026,
//! the tree of request categories and the time limits.
//!
//! Sources: the State Council's notice of 2025-11-04 (calendar); the sub-district's defaults after the published rules
//! of two Shanghai streets (time limits); GB/T 30428.2 for the natures of city objects.

use chrono::NaiveDate;
use sea_orm_migration::prelude::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const CALENDAR_2026: &str = include_str!("../data/calendar-2026.csv");
const CATEGORIES: &str = include_str!("../data/request-categories.csv");
const SLA_POLICIES: &str = include_str!("../data/sla-policies.csv");

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        fill(manager, "calendar_day", CALENDAR_2026).await?;
        fill(manager, "request_category", CATEGORIES).await?;
        fill(manager, "sla_policy", SLA_POLICIES).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in ["sla_policy", "request_category", "calendar_day"] {
            manager.execute(Query::delete().from_table(table).to_owned()).await?;
        }
        Ok(())
    }
}

/// Inserts the rows of a table written as CSV: a header of column names, no quotes, an empty cell is null. Values named
/// `is_…`, `needs_…` are booleans, `position` is a number, `date` a date; everything else is text.
async fn fill(manager: &SchemaManager<'_>, table: &'static str, csv: &'static str) -> Result<(), DbErr> {
    let mut lines = csv.lines().filter(|line| !line.is_empty());
    let columns: Vec<&'static str> = lines.next().unwrap_or_default().split(',').collect();
    let rows: Vec<&'static str> = lines.collect();
    // SQLite binds a limited number of values in one statement.
    for chunk in rows.chunks(50) {
        let mut insert = Query::insert().into_table(table).columns(columns.iter().copied()).to_owned();
        for row in chunk {
            let cells: Vec<Expr> =
                columns.iter().zip(row.split(',')).map(|(column, text)| cell(column, text)).collect();
            insert.values(cells).map_err(|error| DbErr::Custom(format!("{table}: `{row}`: {error}")))?;
        }
        manager.execute(insert).await?;
    }
    Ok(())
}

fn cell(column: &str, text: &'static str) -> Expr {
    match column {
        "date" => Expr::value(text.parse::<NaiveDate>().ok()),
        "position" => Expr::value(text.parse::<i32>().unwrap_or_default()),
        _ if column.starts_with("is_") || column.starts_with("needs_") => Expr::value(text == "1"),
        _ if text.is_empty() => Expr::value(Option::<String>::None),
        _ => Expr::value(text),
    }
}
