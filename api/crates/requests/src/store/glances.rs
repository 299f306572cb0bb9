//! Cases at a glance, in one statement however many they are.

use entity::id::ServiceRequestId;
use entity::service_request::{Column, Entity};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _};

use super::within;
use crate::glance::Glance;
use crate::policy::Scope;

/// Cases by id, for readers of facts.
///
/// # Errors
/// When the database does not answer.
pub async fn glances(db: &impl ConnectionTrait, ids: &[ServiceRequestId]) -> Result<Vec<Glance>> {
    let columns = [
        Column::Id,
        Column::CaseNo,
        Column::CategoryCode,
        Column::AreaPath,
        Column::State,
        Column::Priority,
        Column::IsAnonymous,
        Column::ReporterId,
        Column::HandlerId,
        Column::LeadUnitId,
        Column::DueAt,
    ];
    let rows = Entity::find().select_only().columns(columns).filter(in_keys(db, Column::Id, ids)).into_tuple();
    let glance = |(
        id,
        case_no,
        category_code,
        area_path,
        state,
        priority,
        is_anonymous,
        reporter,
        handler,
        lead_unit,
        due_at,
    )| {
        Glance {
            id,
            case_no,
            category_code,
            area_path,
            state,
            priority,
            is_anonymous,
            reporter,
            handler,
            lead_unit,
            due_at,
        }
    };
    Ok(rows.all(db).await?.into_iter().map(glance).collect())
}

/// Those of the cases that lie in the scope.
pub async fn visible(
    db: &impl ConnectionTrait,
    scope: &Scope,
    ids: &[ServiceRequestId],
) -> Result<Vec<ServiceRequestId>> {
    let seen = Entity::find().select_only().column(Column::Id).filter(in_keys(db, Column::Id, ids));
    Ok(seen.filter(within(db, scope)).into_tuple().all(db).await?)
}
