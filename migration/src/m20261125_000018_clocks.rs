//! Expand: what a case needs to be extended, paused, urged, supervised, conferred about and opened again; the ladder of
//! warnings; when the system looks at a case next.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

/// Clock, rung, percent, after the due time, level, who is told.
type Rung = (&'static str, i32, i32, Option<&'static str>, &'static str, &'static str);

/// The sub-district's defaults (黄、橙、红; 超时逐级上报).
const LADDER: [Rung; 8] = [
    ("DESK", 1, 80, None, "ORANGE", "DESK"),
    ("DESK", 2, 100, None, "RED", "DUTY_CHIEF"),
    ("CONTACT", 1, 80, None, "ORANGE", "HANDLER"),
    ("CONTACT", 2, 100, None, "RED", "UNIT_LEADER"),
    ("HANDLE", 1, 50, None, "YELLOW", "HANDLER"),
    ("HANDLE", 2, 80, None, "ORANGE", "HANDLER"),
    ("HANDLE", 3, 100, None, "RED", "UNIT_LEADER"),
    ("HANDLE", 4, 100, Some("1wd"), "RED", "SUPERVISOR"),
];

const INSTANTS: [&str; 9] = [
    "queue_since",
    "handle_since",
    "alarm_at",
    "asked_due_at",
    "asked_until",
    "suspended_at",
    "suspended_until",
    "urge_again_at",
    "supervision_due_at",
];
const NAMES: [&str; 4] = ["asked", "asked_reason", "suspend_reason", "supervision_level"];
const FLAGS: [&str; 2] = ["is_asked", "is_on_board"];
const COUNTS: [&str; 8] =
    ["desk_step", "contact_step", "handle_step", "extensions", "suspensions", "urges", "refilings", "missed_callbacks"];
const INDEXES: [&[&str]; 3] =
    [&["alarm_at"], &["street", "is_asked", "queue_due_at", "id"], &["street", "is_on_board", "queue_due_at", "id"]];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        ladder(manager).await?;
        for name in INSTANTS {
            add(manager, "service_request", may(name).timestamp_with_time_zone()).await?;
        }
        for name in NAMES {
            add(manager, "service_request", may(name).string_len(24)).await?;
        }
        for name in FLAGS {
            add(manager, "service_request", must(name).boolean().default(false)).await?;
        }
        for name in COUNTS {
            add(manager, "service_request", must(name).integer().default(0)).await?;
        }
        add(manager, "service_request", may("asked_days").integer()).await?;
        add(manager, "service_request", may("bound_unit_id").uuid()).await?;
        for columns in INDEXES {
            index(manager, "service_request", columns).await?;
        }
        // SQLite takes no column without a value for the rows that are there; they are told theirs at once.
        let unknown = "1970-01-01T00:00:00+00:00";
        add(manager, "assignment", must("first_due_at").timestamp_with_time_zone().default(unknown)).await?;
        let known = Query::update().table("assignment").value("first_due_at", Expr::col("due_at")).to_owned();
        manager.execute(known).await?;
        // What is open already began with its last move, as far as anybody knows, and is looked at as soon as can be.
        let began = Query::update()
            .table("service_request")
            .value("queue_since", Expr::col("updated_at"))
            .value("handle_since", Expr::col("dispatched_at"))
            .value("alarm_at", Expr::col("updated_at"))
            .and_where(Expr::col("queue").is_not_null())
            .to_owned();
        manager.execute(began).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for columns in INDEXES {
            let name = format!("service_request_{}", columns.join("_"));
            manager.drop_index(Index::drop().name(name).table("service_request").to_owned()).await?;
        }
        drop(manager, "assignment", "first_due_at").await?;
        for name in ["bound_unit_id", "asked_days"] {
            drop(manager, "service_request", name).await?;
        }
        for name in COUNTS.into_iter().chain(FLAGS).chain(NAMES).chain(INSTANTS) {
            drop(manager, "service_request", name).await?;
        }
        drop_tables(manager, &["sla_step"]).await
    }
}

async fn ladder(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut steps = table("sla_step");
    steps
        .col(must("clock").string_len(24))
        .col(must("step").integer())
        .col(must("percent").integer())
        .col(may("after").string_len(16))
        .col(must("level").string_len(24))
        .col(must("tells").string_len(24))
        .primary_key(Index::create().col("clock").col("step"));
    manager.create_table(steps).await?;
    let columns = ["clock", "step", "percent", "after", "level", "tells"];
    let mut insert = Query::insert().into_table("sla_step").columns(columns).to_owned();
    for (clock, step, percent, after, level, tells) in LADDER {
        insert.values_panic([
            Expr::value(clock),
            Expr::value(step),
            Expr::value(percent),
            Expr::value(after),
            Expr::value(level),
            Expr::value(tells),
        ]);
    }
    manager.execute(insert).await
}
