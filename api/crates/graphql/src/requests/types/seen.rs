//! A request as one viewer sees it.

use std::sync::Arc;

use ::requests as slice;
use async_graphql::Context;
use entity::enums::Audience;
use entity::id::AreaId;
use slice::{Case, View};

use crate::context::{Ask as _, OrFail as _, Result};
use crate::loaders::{CaseOf, MergedInto, load, load_all};

/// A service request as one viewer sees it.
#[derive(Clone)]
pub struct ServiceRequest {
    pub(crate) case: Arc<Case>,
    pub(super) view: Arc<View>,
}

impl ServiceRequest {
    /// The case as the caller may see it.
    pub(crate) fn of(ctx: &Context<'_>, case: Case) -> Result<Self> {
        let view = slice::view(ctx.base(), &ctx.caller().actor, &case).or_fail(ctx)?;
        Ok(Self { case: Arc::new(case), view: Arc::new(view) })
    }

    /// Where the viewer may know that it lies: the public knows the neighbourhood.
    pub(super) fn area_shown(&self, ctx: &Context<'_>) -> Option<AreaId> {
        let row = self.row();
        if self.is_for_participants() {
            return Some(row.area_id);
        }
        Some(ctx.house().town().neighbourhood_of(&row.area_path)?.id)
    }

    /// The case it was merged into, for the reporter and staff.
    pub(super) async fn merged_into_case(&self, ctx: &Context<'_>) -> Option<Result<Self>> {
        let into = self.participants(self.row().merged_into_id)?;
        let case = load(ctx, CaseOf(into)).await;
        case.and_then(|case| case.map(|case| Self::of(ctx, case)).transpose()).transpose()
    }

    /// The cases that were merged into it, for staff.
    pub(super) async fn merged_cases(&self, ctx: &Context<'_>) -> Option<Result<Vec<Self>>> {
        self.staff(Some(()))?;
        let found = async {
            let ids = load(ctx, MergedInto(self.row().id)).await?.unwrap_or_default();
            let cases = load_all(ctx, ids.into_iter().map(CaseOf).collect()).await?;
            cases.into_iter().map(|case| Self::of(ctx, case)).collect()
        };
        Some(found.await)
    }

    /// What the viewer may do now.
    pub(super) fn actions(&self, ctx: &Context<'_>) -> Result<Vec<slice::Action>> {
        let (town, now) = (&ctx.house().town(), ctx.base().clock.now());
        slice::viewer_actions(town, &ctx.caller().actor, &self.case, now).or_fail(ctx)
    }

    pub(super) fn row(&self) -> &entity::service_request::Model {
        &self.case.row
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
