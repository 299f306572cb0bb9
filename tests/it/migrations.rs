//! The tables: up, down and up again on both engines, and the entities that claim to know them.

use std::collections::{BTreeMap, BTreeSet};

use sea_orm::{
    ColumnTrait as _, ColumnType, ConnectionTrait as _, DatabaseBackend, DatabaseConnection, Iterable as _,
    QuerySelect as _, Statement,
};
use zhilitong::migrations;

use crate::support::engine::{Ground, tables};
use crate::support::{Engine, root};

const ENGINES: [Engine; 2] = [Engine::Embedded, Engine::Servers];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_step_goes_up_and_down_and_up() {
    for engine in ENGINES {
        let ground = Ground::empty(engine).await;
        let url = &ground.database_url;
        let steps = migrations::up(url, |_| {}).await.unwrap();
        assert!(steps > 0);
        assert_eq!(migrations::up(url, |_| {}).await.unwrap(), 0, "nothing is left to do");
        let database = ground.database().await;
        let first = shape(&database).await;
        for left in (0..steps).rev() {
            assert_eq!(migrations::down(url, |_| {}).await.unwrap(), 1);
            assert_eq!(migrations::status(url).await.unwrap().applied.len(), left);
        }
        assert_eq!(tables(&database).await, ["seaql_migrations"], "{engine:?}: taken back, nothing stays");
        migrations::up(url, |_| {}).await.unwrap();
        assert_eq!(shape(&database).await, first, "{engine:?}");
        database.close().await.unwrap();
        ground.clear().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nodes_that_migrate_at_once_wait_for_each_other() {
    let ground = Ground::empty(Engine::Servers).await;
    let ups = (0..4).map(|_| migrations::up(&ground.database_url, |_| {}));
    let moved: Vec<usize> = futures_util::future::join_all(ups).await.into_iter().map(Result::unwrap).collect();
    let status = migrations::status(&ground.database_url).await.unwrap();
    assert_eq!(moved.iter().sum::<usize>(), status.applied.len(), "{moved:?}");
    ground.clear().await;
}

/// What a rotation of keys does not seal anew is lost when the old key is removed.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_sealed_column_is_sealed_anew_by_a_rotation() {
    for engine in ENGINES {
        let ground = Ground::empty(engine).await;
        migrations::up(&ground.database_url, |_| {}).await.unwrap();
        let database = ground.database().await;
        let mut sealed = BTreeSet::new();
        for (table, columns) in shape(&database).await {
            let is_sealed = |name: &str| name.contains("sealed") || name.starts_with("totp_");
            let bytes = columns.iter().filter(|(_, column)| fits(&column.kind, &ColumnType::Blob));
            let names = bytes.map(|(name, _)| name).filter(|name| is_sealed(name));
            sealed.extend(names.map(|name| format!("{table}.{name}")));
        }
        assert!(sealed.len() > 10, "{sealed:?}");
        let walked = zhilitong::keys::sealed_tables();
        let walked = walked.iter().flat_map(|table| {
            table.columns().into_iter().map(|column| format!("{}.{column}", table.name())).collect::<Vec<_>>()
        });
        assert_eq!(walked.collect::<BTreeSet<_>>(), sealed, "{engine:?}: the `sealed_tables` of the slice name it");
        database.close().await.unwrap();
        ground.clear().await;
    }
}

/// A column as a database describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Column {
    kind: String,
    is_nullable: bool,
}

type Shape = BTreeMap<String, BTreeMap<String, Column>>;

async fn shape(database: &DatabaseConnection) -> Shape {
    let mut shape = Shape::new();
    for table in tables(database).await {
        shape.insert(table.clone(), columns(database, &table).await);
    }
    shape
}

async fn columns(database: &DatabaseConnection, table: &str) -> BTreeMap<String, Column> {
    let backend = database.get_database_backend();
    let sql = match backend {
        DatabaseBackend::Postgres => format!(
            "SELECT column_name AS name, data_type AS kind, (is_nullable = 'YES') AS is_nullable \
             FROM information_schema.columns WHERE table_name = '{table}'"
        ),
        _ => format!(
            "SELECT name, lower(type) AS kind, (\"notnull\" = 0 AND pk = 0) AS is_nullable FROM pragma_table_info('{table}')"
        ),
    };
    let rows = database.query_all_raw(Statement::from_string(backend, sql)).await.unwrap();
    let read = |row: &sea_orm::QueryResult| {
        let (name, kind): (String, String) = (row.try_get("", "name").unwrap(), row.try_get("", "kind").unwrap());
        (name, Column { kind, is_nullable: row.try_get("", "is_nullable").unwrap() })
    };
    rows.iter().map(read).collect()
}

/// Types of columns that may hold what an entity says.
fn fits(kind: &str, wanted: &ColumnType) -> bool {
    let base = kind.split('(').next().unwrap_or_default().trim();
    let accepted: &[&str] = match wanted {
        ColumnType::Uuid => &["uuid", "uuid_text", "blob"],
        ColumnType::String(_) | ColumnType::Text | ColumnType::Enum { .. } | ColumnType::Char(_) => {
            &["character varying", "varchar", "text", "character", "char"]
        }
        ColumnType::SmallInteger | ColumnType::Integer => &["integer", "smallint"],
        ColumnType::BigInteger => &["bigint", "integer"],
        ColumnType::Boolean => &["boolean"],
        ColumnType::TimestampWithTimeZone => &["timestamp with time zone", "timestamp_with_timezone_text"],
        ColumnType::Date => &["date", "date_text"],
        ColumnType::Time => &["time", "time without time zone", "time_text"],
        ColumnType::Double | ColumnType::Float => &["double precision", "double", "real"],
        ColumnType::Json | ColumnType::JsonBinary => &["json", "jsonb", "json_text", "jsonb_text"],
        ColumnType::Binary(_) | ColumnType::VarBinary(_) | ColumnType::Blob => &["bytea", "blob", "varbinary_blob"],
        _ => &[],
    };
    accepted.contains(&base)
}

/// Compares one entity with its table, both ways, and reads some rows of it.
async fn compare<E: sea_orm::EntityTrait>(database: &DatabaseConnection, shape: &Shape, problems: &mut Vec<String>) {
    let name = E::default().table_name().to_owned();
    let Some(table) = shape.get(&name) else { return problems.push(format!("there is no table {name}")) };
    let mut known = Vec::new();
    for column in E::Column::iter() {
        let (def, column) = (column.def(), sea_orm::IdenStatic::as_str(&column).to_owned());
        match table.get(&column) {
            None => problems.push(format!("{name}.{column} does not exist")),
            Some(found) if found.is_nullable != def.is_null() => {
                problems.push(format!("{name}.{column}: nullable is {} in the table", found.is_nullable));
            }
            Some(found) if !fits(&found.kind, def.get_column_type()) => {
                problems.push(format!("{name}.{column}: {} does not hold {:?}", found.kind, def.get_column_type()));
            }
            Some(_) => {}
        }
        known.push(column);
    }
    let forgotten = table.keys().filter(|column| !known.contains(column));
    problems.extend(forgotten.map(|column| format!("{name}.{column} is not in the entity")));
    if let Err(error) = E::find().limit(20).all(database).await {
        problems.push(format!("{name} cannot be read: {error}"));
    }
}

macro_rules! entities {
    ($($name:ident),* $(,)?) => {
        const ENTITIES: &[&str] = &[$(stringify!($name)),*];

        async fn compare_all(database: &DatabaseConnection, shape: &Shape, problems: &mut Vec<String>) {
            $(compare::<entity::$name::Entity>(database, shape, problems).await;)*
        }
    };
}

entities![
    account,
    account_deletion,
    area,
    assignment,
    attachment,
    audit_entry,
    audit_head,
    audit_reason,
    booking,
    booking_series,
    calendar_day,
    calendar_feed,
    center,
    closure,
    closure_guest,
    commitment,
    consent,
    consent_document,
    contact,
    content_report,
    credit_appeal,
    credit_entry,
    data_export,
    delivery,
    dependant,
    device_event,
    device_finding,
    edition,
    event,
    event_attendance,
    event_guest,
    event_organization,
    event_record,
    event_registration,
    event_resolution,
    fact,
    former_trait,
    grid_change,
    hotline_batch,
    hotline_import,
    hotline_order,
    hotline_row,
    idempotency,
    identity,
    kpi_export,
    kpi_point,
    kpi_rollup,
    lease,
    maintenance,
    notification,
    notification_preference,
    occupancy,
    opening_rule,
    organization,
    party_member,
    party_organization,
    patrol_finding,
    priority_rule,
    proxy_case,
    proxy_grant,
    reader_cursor,
    recovery_code,
    request_category,
    request_follower,
    request_note,
    request_original,
    residence,
    return_request,
    role_grant,
    search_term,
    sequence,
    series_refusal,
    service_item,
    service_request,
    service_ticket,
    service_venue,
    session,
    sla_policy,
    sla_step,
    slot_hold,
    staff_credential,
    stats_cursor,
    survey,
    unit,
    unit_area,
    unit_category,
    unit_member,
    used_password,
    venue,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn entities_and_tables_agree() {
    for engine in ENGINES {
        let ground = Ground::seeded(engine).await;
        let database = ground.database().await;
        let shape = shape(&database).await;
        let mut problems = Vec::new();
        compare_all(&database, &shape, &mut problems).await;
        let unclaimed =
            shape.keys().filter(|table| *table != "seaql_migrations" && !ENTITIES.contains(&table.as_str()));
        problems.extend(unclaimed.map(|table| format!("the table {table} has no entity")));
        database.close().await.unwrap();
        ground.clear().await;
        assert!(problems.is_empty(), "{engine:?}:\n{}", problems.join("\n"));
    }
}

#[test]
fn every_entity_is_compared() {
    let modules = std::fs::read_to_string(root().join("entity/src/lib.rs")).unwrap();
    let modules = modules.lines().filter_map(|line| line.strip_prefix("pub mod ")?.strip_suffix(';'));
    let mut entities: Vec<&str> = modules.filter(|module| !["enums", "id"].contains(module)).collect();
    entities.sort_unstable();
    assert_eq!(ENTITIES, entities);
}
