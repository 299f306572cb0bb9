//! What was recorded about cases, for loaders: each one statement for any number of cases.

use entity::id::ServiceRequestId;
use entity::{fact, request_note, return_request, survey};
use kernel::base::Base;
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{EntityTrait as _, QueryFilter as _, QueryOrder as _};

pub async fn facts(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<fact::Model>> {
    let db = base.db.reader();
    let query = fact::Entity::find()
        .filter(in_keys(db, fact::Column::SubjectId, ids))
        .order_by_asc(fact::Column::SubjectId)
        .order_by_asc(fact::Column::Version);
    Ok(query.all(db).await?)
}

pub async fn notes(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<request_note::Model>> {
    let db = base.db.reader();
    Ok(request_note::Entity::find().filter(in_keys(db, request_note::Column::RequestId, ids)).all(db).await?)
}

pub async fn surveys(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<survey::Model>> {
    let db = base.db.reader();
    let query =
        survey::Entity::find().filter(in_keys(db, survey::Column::RequestId, ids)).order_by_asc(survey::Column::Round);
    Ok(query.all(db).await?)
}

pub async fn returns(base: &Base, ids: &[ServiceRequestId]) -> Result<Vec<return_request::Model>> {
    let db = base.db.reader();
    let query = return_request::Entity::find()
        .filter(in_keys(db, return_request::Column::RequestId, ids))
        .order_by_asc(return_request::Column::At);
    Ok(query.all(db).await?)
}
