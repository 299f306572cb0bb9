//! The few shapes of column the steps are made of, so that a step reads as a list of names.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

/// A new column that must have a value.
pub fn must(name: &'static str) -> ColumnDef {
    let mut column = ColumnDef::new(name);
    column.not_null();
    column
}

/// A new column that may be null.
pub fn may(name: &'static str) -> ColumnDef {
    ColumnDef::new(name)
}

/// A UUID key column of its own.
pub fn key() -> ColumnDef {
    let mut column = must("id");
    column.uuid().primary_key();
    column
}

/// Text that is compared byte by byte on both engines, as SQLite does by itself and PostgreSQL only under collation C:
/// prefixes of paths and words must sort alike whatever the database's locale.
pub fn bytewise(manager: &SchemaManager<'_>, name: &'static str, length: u32) -> ColumnDef {
    by_bytes(manager, must(name), length)
}

/// A column of text that is compared as [`bytewise`] does it.
pub fn by_bytes(manager: &SchemaManager<'_>, mut column: ColumnDef, length: u32) -> ColumnDef {
    column.string_len(length);
    if manager.get_database_backend() == DatabaseBackend::Postgres {
        column.extra("COLLATE \"C\"");
    }
    column
}

/// A new table.
pub fn table(name: &'static str) -> TableCreateStatement {
    Table::create().table(name).to_owned()
}

/// A foreign key to `id` of another table.
pub fn references(column: &'static str, table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create().from_col(column).to(table, "id").to_owned()
}

/// Makes an index over columns in order; its name is built from table and columns.
pub async fn index(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    manager.create_index(named_index(table, columns)).await
}

/// Makes a unique index over columns.
pub async fn unique(manager: &SchemaManager<'_>, table: &'static str, columns: &[&'static str]) -> Result<(), DbErr> {
    let mut index = named_index(table, columns);
    index.unique();
    manager.create_index(index).await
}

fn named_index(table: &'static str, columns: &[&'static str]) -> IndexCreateStatement {
    let mut index = Index::create().name(format!("{table}_{}", columns.join("_"))).table(table).to_owned();
    for column in columns {
        index.col(*column);
    }
    index
}

/// Drops tables, last made first.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}

/// Adds a column to a table; one at a time, as SQLite wants it.
pub async fn add(manager: &SchemaManager<'_>, table: &'static str, column: &mut ColumnDef) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).add_column(column.take()).to_owned()).await
}

/// Refuses a step back that would lose what a query finds, and says why.
pub async fn refuse_if_any(manager: &SchemaManager<'_>, lost: SelectStatement, why: &str) -> Result<(), DbErr> {
    match manager.get_connection().query_one(&lost).await? {
        Some(_) => Err(DbErr::Custom(format!("{why}; restore the backup instead"))),
        None => Ok(()),
    }
}

/// Takes a column away.
pub async fn drop(manager: &SchemaManager<'_>, table: &'static str, column: &'static str) -> Result<(), DbErr> {
    manager.alter_table(Table::alter().table(table).drop_column(column).to_owned()).await
}
