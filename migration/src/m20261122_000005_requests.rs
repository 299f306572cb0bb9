//! Expand: requests and what is recorded about them; photos.

use sea_orm_migration::prelude::*;

use crate::columns::*;

/// The step.
#[derive(DeriveMigrationName)]
pub struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        request_category(manager).await?;
        sla_policy(manager).await?;
        service_request(manager).await?;
        assignment(manager).await?;
        contact(manager).await?;
        request_note(manager).await?;
        return_request(manager).await?;
        survey(manager).await?;
        search_term(manager).await?;
        attachment(manager).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(
            manager,
            &[
                "attachment",
                "search_term",
                "survey",
                "return_request",
                "request_note",
                "contact",
                "assignment",
                "service_request",
                "sla_policy",
                "request_category",
            ],
        )
        .await
    }
}

async fn request_category(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("request_category");
    table
        .col(must("code").string_len(32))
        .col(may("parent_code").string_len(32))
        .col(must("name").string_len(64))
        .col(must("position").integer())
        .col(may("sla_code").string_len(32))
        .col(may("gb_code").string_len(16))
        .col(must("nature").string_len(24))
        .col(must("needs_photo").boolean())
        .col(must("is_sensitive").boolean())
        .primary_key(Index::create().col("code"));
    manager.create_table(table).await?;
    Ok(())
}

async fn sla_policy(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("sla_policy");
    table
        .col(must("code").string_len(32))
        .col(may("accept").string_len(16))
        .col(may("sign").string_len(16))
        .col(may("contact").string_len(16))
        .col(must("handle").string_len(16))
        .col(may("verify").string_len(16))
        .col(must("rework").string_len(16))
        .col(may("longest").string_len(16))
        .primary_key(Index::create().col("code"));
    manager.create_table(table).await?;
    Ok(())
}

async fn service_request(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("service_request");
    table
        .col(key())
        .col(must("case_no").string_len(24))
        .col(must("version").integer())
        .col(must("state").string_len(24))
        .col(must("round").integer())
        .col(must("kind").string_len(24))
        .col(must("category_code").string_len(32))
        .col(must("is_city_object").boolean())
        .col(must("street").string_len(12))
        .col(must("area_id").uuid())
        .col(bytewise(manager, "area_path", 255))
        .col(may("longitude").double())
        .col(may("latitude").double())
        .col(may("cell").big_integer())
        .col(may("address").string_len(255))
        .col(must("description").text())
        .col(may("reporter_id").uuid())
        .col(must("submitted_by").uuid())
        .col(may("on_behalf_name_sealed").binary())
        .col(may("contact_phone_sealed").binary())
        .col(may("contact_phone_index").binary())
        .col(must("is_anonymous").boolean())
        .col(must("is_confidential").boolean())
        .col(must("may_contact").boolean())
        .col(must("channel").string_len(24))
        .col(must("source").string_len(24))
        .col(must("lane").string_len(24))
        .col(must("priority").string_len(24))
        .col(must("sla_code").string_len(32))
        .col(must("visibility").string_len(24))
        .col(must("is_held").boolean())
        .col(must("is_listed").boolean())
        .col(may("lead_unit_id").uuid())
        .col(may("handler_id").uuid())
        .col(may("due_at").timestamp_with_time_zone())
        .col(may("accept_due_at").timestamp_with_time_zone())
        .col(may("dispatch_due_at").timestamp_with_time_zone())
        .col(may("sign_due_at").timestamp_with_time_zone())
        .col(may("contact_due_at").timestamp_with_time_zone())
        .col(may("verify_due_at").timestamp_with_time_zone())
        .col(may("return_until").timestamp_with_time_zone())
        .col(may("return_due_at").timestamp_with_time_zone())
        .col(may("survey_due_at").timestamp_with_time_zone())
        .col(may("promised_at").timestamp_with_time_zone())
        .col(may("queue").string_len(24))
        .col(may("queue_due_at").timestamp_with_time_zone())
        .col(must("is_calendar_uncertain").boolean())
        .col(may("contacted_at").timestamp_with_time_zone())
        .col(may("handled_at").timestamp_with_time_zone())
        .col(may("handled_by").uuid())
        .col(may("dispatched_at").timestamp_with_time_zone())
        .col(may("closed_at").timestamp_with_time_zone())
        .col(may("result").string_len(24))
        .col(may("reply").text())
        .col(may("reject_reason").string_len(32))
        .col(must("has_objected").boolean())
        .col(must("reopenings").integer())
        .col(must("is_hard").boolean())
        .col(must("created_at").timestamp_with_time_zone())
        .col(must("updated_at").timestamp_with_time_zone())
        .foreign_key(&mut references("area_id", "area"))
        .foreign_key(&mut references("reporter_id", "account"))
        .foreign_key(&mut references("submitted_by", "account"))
        .foreign_key(&mut references("lead_unit_id", "unit"))
        .foreign_key(&mut references("handler_id", "account"));
    manager.create_table(table).await?;
    unique(manager, "service_request", &["case_no"]).await?;
    // A queue is one desk of one street or unit; what is due soon or overdue lies on any desk, and what is done on none.
    index(manager, "service_request", &["street", "queue", "queue_due_at", "id"]).await?;
    index(manager, "service_request", &["street", "queue_due_at", "id"]).await?;
    index(manager, "service_request", &["lead_unit_id", "queue", "queue_due_at", "id"]).await?;
    index(manager, "service_request", &["lead_unit_id", "queue_due_at", "id"]).await?;
    index(manager, "service_request", &["street", "is_listed", "created_at", "id"]).await?;
    index(manager, "service_request", &["is_listed", "cell", "created_at", "id"]).await?;
    index(manager, "service_request", &["reporter_id", "created_at", "id"]).await?;
    index(manager, "service_request", &["handler_id", "state"]).await?;
    index(manager, "service_request", &["contact_phone_index", "created_at", "id"]).await?;
    Ok(())
}

async fn assignment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("assignment");
    table
        .col(key())
        .col(must("request_id").uuid())
        .col(must("round").integer())
        .col(must("unit_id").uuid())
        .col(must("is_lead").boolean())
        .col(must("state").string_len(24))
        .col(may("handler_id").uuid())
        .col(must("dispatched_at").timestamp_with_time_zone())
        .col(must("due_at").timestamp_with_time_zone())
        .col(may("contact_due_at").timestamp_with_time_zone())
        .col(may("contacted_at").timestamp_with_time_zone())
        .col(may("signed_at").timestamp_with_time_zone())
        .col(may("handled_at").timestamp_with_time_zone())
        .col(must("is_return_used").boolean())
        .foreign_key(&mut references("request_id", "service_request"))
        .foreign_key(&mut references("unit_id", "unit"))
        .foreign_key(&mut references("handler_id", "account"));
    manager.create_table(table).await?;
    index(manager, "assignment", &["request_id", "dispatched_at"]).await?;
    index(manager, "assignment", &["unit_id", "state"]).await?;
    Ok(())
}

async fn contact(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("contact");
    table
        .col(must("fact_id").uuid())
        .col(must("request_id").uuid())
        .col(must("round").integer())
        .col(must("method").string_len(24))
        .col(must("outcome").string_len(24))
        .col(must("half_day").string_len(16))
        .col(must("at").timestamp_with_time_zone())
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("fact_id"));
    manager.create_table(table).await?;
    index(manager, "contact", &["request_id", "round"]).await?;
    Ok(())
}

async fn request_note(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("request_note");
    table
        .col(must("fact_id").uuid())
        .col(must("request_id").uuid())
        .col(must("kind").string_len(24))
        .col(must("audience").string_len(24))
        .col(must("text").text())
        .col(must("is_held").boolean())
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("fact_id"));
    manager.create_table(table).await?;
    index(manager, "request_note", &["request_id"]).await?;
    Ok(())
}

async fn return_request(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("return_request");
    table
        .col(key())
        .col(must("request_id").uuid())
        .col(must("assignment_id").uuid())
        .col(must("round").integer())
        .col(must("unit_id").uuid())
        .col(must("reason").text())
        .col(must("basis").text())
        .col(must("suggested_unit_id").uuid())
        .col(must("decision").string_len(24))
        .col(must("from_state").string_len(24))
        .col(may("decided_at").timestamp_with_time_zone())
        .col(must("at").timestamp_with_time_zone())
        .foreign_key(&mut references("request_id", "service_request"))
        .foreign_key(&mut references("assignment_id", "assignment"))
        .foreign_key(&mut references("unit_id", "unit"));
    manager.create_table(table).await?;
    index(manager, "return_request", &["request_id"]).await?;
    unique(manager, "return_request", &["assignment_id"]).await?;
    Ok(())
}

async fn survey(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("survey");
    table
        .col(key())
        .col(must("request_id").uuid())
        .col(must("round").integer())
        .col(must("account_id").uuid())
        .col(must("is_by_agent").boolean())
        .col(must("solved").string_len(24))
        .col(may("satisfaction").integer())
        .col(may("comment").text())
        .col(must("at").timestamp_with_time_zone())
        .foreign_key(&mut references("request_id", "service_request"));
    manager.create_table(table).await?;
    unique(manager, "survey", &["request_id", "round"]).await?;
    Ok(())
}

async fn search_term(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("search_term");
    table
        .col(bytewise(manager, "term", 32))
        .col(must("request_id").uuid())
        .foreign_key(&mut references("request_id", "service_request"))
        .primary_key(Index::create().col("term").col("request_id"));
    manager.create_table(table).await?;
    index(manager, "search_term", &["request_id"]).await?;
    Ok(())
}

async fn attachment(manager: &SchemaManager<'_>) -> Result<(), DbErr> {
    let mut table = table("attachment");
    table
        .col(key())
        .col(must("owner_id").uuid())
        .col(may("subject_kind").string_len(32))
        .col(may("subject_id").uuid())
        .col(must("phase").string_len(24))
        .col(must("content_type").string_len(32))
        .col(must("byte_size").big_integer())
        .col(must("width").integer())
        .col(must("height").integer())
        .col(must("sha256").binary())
        .col(must("created_at").timestamp_with_time_zone())
        .foreign_key(&mut references("owner_id", "account"));
    manager.create_table(table).await?;
    index(manager, "attachment", &["subject_id", "created_at"]).await?;
    index(manager, "attachment", &["owner_id", "created_at"]).await?;
    Ok(())
}
