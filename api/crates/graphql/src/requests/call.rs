//! The way of every mutation of a request: input → command → verb → payload.

use ::requests as slice;
use async_graphql::{Context, ID, InputType, SimpleObject};
use entity::id::{Id, ServiceRequestId};
use kernel::error::Result as KernelResult;
use kernel::tx::Verb;
use slice::{Case, Target, Town};

use crate::context::{Ask as _, OrFail as _, Result, once};
use crate::errors::UserError;
use crate::mutation::{Operation, Settled, Subject, act, perform, settle};
use crate::requests::types::ServiceRequest;

/// 诉求返回 / Payload of a service request.
#[derive(SimpleObject)]
pub struct ServiceRequestPayload {
    /// 诉求；被拒绝或版本冲突时为当前内容 / The request; the current one when refused or on a conflict.
    service_request: Option<ServiceRequest>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// One call of a mutation by a signed-in person.
pub(super) struct Call<'c, 'x, I> {
    pub(super) ctx: &'c Context<'x>,
    pub(super) operation: Operation<'c>,
    pub(super) input: &'c I,
}

impl<'c, 'x, I: InputType> Call<'c, 'x, I> {
    /// Strangers are turned away before anything is read of the input.
    pub(super) fn new(ctx: &'c Context<'x>, name: &'static str, key: &'c str, input: &'c I) -> Result<Self> {
        ctx.person()?;
        Ok(Self { ctx, operation: (name, key), input })
    }

    /// Runs a verb on an existing request.
    pub(super) async fn on<C: Sync>(
        &self,
        target: Target,
        command: KernelResult<C>,
        verb: Verb<(Town, C), Case>,
    ) -> Result<ServiceRequestPayload> {
        // On the heap: the resolvers of an object stand together on one small stack, each with all that it waits for.
        Box::pin(self.run(Some(target.id), command, verb)).await
    }

    pub(super) async fn run<C: Sync>(
        &self,
        target: Option<ServiceRequestId>,
        command: KernelResult<C>,
        verb: Verb<(Town, C), Case>,
    ) -> Result<ServiceRequestPayload> {
        let town = self.ctx.house().town();
        let command = command.map(|command| (town, command));
        let settled = perform(self.ctx, self.operation, target, self.input, command, verb, |case| case.row.id);
        self.payload(settled.await?).await
    }

    /// Runs a verb on an existing request that must do some work outside of the transaction first; a repeated call does not do it
    /// again.
    pub(super) async fn after<C: Sync>(
        &self,
        target: Target,
        asking: impl Future<Output = KernelResult<C>>,
        verb: Verb<(Town, C), Case>,
    ) -> Result<ServiceRequestPayload> {
        let (ctx, (name, key)) = (self.ctx, self.operation);
        let act = act(ctx, name, Some(target.id));
        let acting = ctx.caller().actor.doing(&act);
        let town = ctx.house().town();
        let asking = async { Ok((town, asking.await?)) };
        let done = match once(name, key, self.input) {
            Ok(once) => ctx.base().write_after(acting, &once, asking, verb, |case| case.row.id).await,
            Err(error) => {
                ctx.base().note_refusal(acting, &error).await;
                Err(error)
            }
        };
        self.payload(settle(ctx, done, Some(target.id.into()))?).await
    }

    async fn payload(&self, settled: Settled<Case>) -> Result<ServiceRequestPayload> {
        let ctx = self.ctx;
        let case = match settled.subject {
            Subject::Row(case) => Some(case),
            Subject::Id(id) => slice::case_by_id(ctx.base(), &ctx.caller().actor, id.into()).await.or_fail(ctx)?,
            Subject::None => None,
        };
        let service_request = case.map(|case| ServiceRequest::of(ctx, case)).transpose()?;
        Ok(ServiceRequestPayload { service_request, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

pub(super) fn target(ctx: &Context<'_>, id: &ID, expected_version: Option<i32>) -> Result<Target> {
    Ok(Target { id: ctx.id(id)?, expected_version })
}

pub(super) fn ids<T: Id>(ctx: &Context<'_>, ids: &[ID]) -> Result<Vec<T>> {
    ids.iter().map(|id| ctx.id(id)).collect()
}
