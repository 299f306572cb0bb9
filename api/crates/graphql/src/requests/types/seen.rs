//! A request as one viewer sees it.

use std::sync::Arc;

use ::requests as slice;
use async_graphql::Context;
use entity::enums::Audience;
use entity::id::AreaId;
use slice::{Case, View};

use crate::context::{Ask as _, OrFail as _, Result};

/// A service request as one viewer sees it.
#[derive(Clone)]
pub struct ServiceRequest {
    pub(crate) case: Arc<Case>,
    pub(super) view: Arc<View>,
}

impl ServiceRequest {
    /// The case as the caller may see it.
    pub(crate) fn of(ctx: &Context<'_>, case: Case) -> Result<Self> {
        let view = slice::view(ctx.base(), &ctx.house().town(), &ctx.caller().actor, &case).or_fail(ctx)?;
        Ok(Self { case: Arc::new(case), view: Arc::new(view) })
    }

    pub(super) fn row(&self) -> &entity::service_request::Model {
        &self.case.row
    }

    /// The area that the viewer may know of: the public only the neighbourhood.
    pub(super) fn shown_area(&self, ctx: &Context<'_>) -> Option<AreaId> {
        let row = self.row();
        let neighbourhood = || ctx.house().town().neighbourhood_of(&row.area_path).map(|area| area.id);
        if self.is_for_participants() { Some(row.area_id) } else { neighbourhood() }
    }

    pub(super) fn is_for_staff(&self) -> bool {
        self.view.audience == Audience::Staff
    }

    pub(super) fn is_for_participants(&self) -> bool {
        self.view.audience != Audience::Public
    }

    /// Whether the viewer sees a photo: of merged cases, staff only do.
    pub(super) fn is_shown(&self, photo: &entity::attachment::Model) -> bool {
        let is_own = self.is_for_staff() || photo.subject_id == Some(self.row().id.0);
        let (audience, state) = (self.view.audience, self.row().state);
        is_own && !self.view.is_progress_only && slice::is_photo_shown(photo, audience, state)
    }

    /// For staff only.
    pub(super) fn staff<T>(&self, value: Option<T>) -> Option<T> {
        value.filter(|_| self.is_for_staff())
    }

    /// For the reporter and staff.
    pub(super) fn participants<T>(&self, value: Option<T>) -> Option<T> {
        value.filter(|_| self.is_for_participants())
    }
}
