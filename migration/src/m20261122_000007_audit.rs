//! Expand: the audit chain. The database itself refuses to change or delete its lines.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::DatabaseBackend;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

const HEAD: &str = "INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, ";

/// Per engine: the empty hash, then what makes the table append-only.
const SQLITE: [&str; 4] = [
    "x'0000000000000000000000000000000000000000000000000000000000000000')",
    "CREATE TRIGGER audit_entry_kept_as_is BEFORE UPDATE ON audit_entry \
     BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    "CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry \
     BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
    // INSERT OR REPLACE deletes without telling the trigger above.
    "CREATE TRIGGER audit_entry_not_replaced BEFORE INSERT ON audit_entry \
     WHEN EXISTS (SELECT 1 FROM audit_entry WHERE id = NEW.id OR seq = NEW.seq) \
     BEGIN SELECT RAISE(ABORT, 'audit_entry is append-only'); END",
];
const POSTGRES: [&str; 4] = [
    "decode(repeat('00', 32), 'hex'))",
    "CREATE FUNCTION audit_entry_is_append_only() RETURNS trigger LANGUAGE plpgsql AS \
     $$ BEGIN RAISE EXCEPTION 'audit_entry is append-only'; END $$",
    "CREATE TRIGGER audit_entry_kept BEFORE UPDATE OR DELETE ON audit_entry \
     FOR EACH ROW EXECUTE FUNCTION audit_entry_is_append_only()",
    "CREATE TRIGGER audit_entry_not_emptied BEFORE TRUNCATE ON audit_entry \
     FOR EACH STATEMENT EXECUTE FUNCTION audit_entry_is_append_only()",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        entry(manager).await?;
        let mut head = table("audit_head");
        head.col(must("id").integer()).col(must("seq").big_integer()).col(must("hash").binary());
        head.primary_key(Index::create().col("id"));
        manager.create_table(head).await?;
        let (hash, guards) = match manager.get_database_backend() {
            DatabaseBackend::Postgres => (POSTGRES[0], &POSTGRES[1..]),
            _ => (SQLITE[0], &SQLITE[1..]),
        };
        let db = manager.get_connection();
        db.execute_unprepared(&format!("{HEAD}{hash}")).await?;
        for guard in guards {
            db.execute_unprepared(guard).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, &["audit_head", "audit_entry"]).await?;
        if manager.get_database_backend() == DatabaseBackend::Postgres {
            manager.get_connection().execute_unprepared("DROP FUNCTION audit_entry_is_append_only()").await?;
        }
        Ok(())
    }
}

async fn entry(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("audit_entry");
    table
        .col(key())
        .col(must("seq").big_integer())
        .col(must("at").timestamp_with_time_zone())
        .col(may("actor_id").uuid())
        .col(must("roles").string_len(512))
        .col(may("address").string_len(48))
        .col(must("action").string_len(64))
        .col(may("subject").string_len(64))
        .col(must("outcome").string_len(48))
        .col(may("detail").text())
        .col(must("prev_hash").binary())
        .col(must("hash").binary());
    manager.create_table(table).await?;
    unique(manager, "audit_entry", &["seq"]).await?;
    index(manager, "audit_entry", &["at", "id"]).await?;
    index(manager, "audit_entry", &["actor_id", "at", "id"]).await?;
    index(manager, "audit_entry", &["subject", "at", "id"]).await?;
    Ok(())
}
