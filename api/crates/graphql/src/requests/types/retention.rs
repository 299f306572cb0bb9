//! How long a request is kept.

use async_graphql::SimpleObject;
use chrono::{DateTime, Utc};
use entity::enums::{Audience, NoteKind};

use crate::context::Result;
use crate::loaders::{TimelineOf, load};
use crate::requests::types::seen::ServiceRequest;

/// 诉讼保全 / A legal hold: nothing of the request is taken away.
#[derive(SimpleObject)]
pub struct LegalHold {
    /// 保全时间 / Since when.
    placed_at: DateTime<Utc>,
    /// 理由 / Why.
    reason: Option<String>,
}

impl LegalHold {
    pub(super) async fn of(ctx: &async_graphql::Context<'_>, request: &ServiceRequest) -> Option<Result<Self>> {
        let placed_at = request.staff(request.row().legal_hold_at)?;
        let id = request.row().id;
        let told = load(ctx, TimelineOf(id, Audience::Staff)).await;
        // The words of the last hold; those of merged cases stand in the timeline too.
        let reason = |entries: Vec<::requests::TimelineEntry>| {
            let notes = entries.into_iter().rev().filter(|entry| entry.request == id).flat_map(|entry| entry.notes);
            notes.into_iter().find(|note| note.kind == NoteKind::LegalHold).map(|note| note.text)
        };
        Some(told.map(|entries| Self { placed_at, reason: entries.and_then(reason) }))
    }
}
