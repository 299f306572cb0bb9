//! Mutations of what is said about a request while it goes on.

use ::requests as slice;
use async_graphql::{Context, Object};

use crate::context::Result;
use crate::requests::call::{Call, ServiceRequestPayload, ids, target};
use crate::requests::inputs::*;

/// Mutations.
#[derive(Default)]
pub struct TalkMutation;

/// 备注、留言、公告、询问与答复 / Notes, messages, news, questions and answers.
#[Object]
impl TalkMutation {
    /// 内部备注 / Notes something for the staff.
    async fn add_internal_note(&self, ctx: &Context<'_>, input: AddInternalNoteInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "addInternalNote", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawSay { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::add_internal_note(tx, town, command))).await
    }

    /// 给诉求人留言 / Writes to the reporter.
    async fn message_reporter(&self, ctx: &Context<'_>, input: MessageReporterInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "messageReporter", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawSay { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::message_reporter(tx, town, command))).await
    }

    /// 发布进展 / Tells everybody how it goes.
    async fn publish_update(&self, ctx: &Context<'_>, input: PublishUpdateInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "publishUpdate", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawSay { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::publish_update(tx, town, command))).await
    }

    /// 询问诉求人 / Asks the reporter, and waits.
    async fn ask_reporter(&self, ctx: &Context<'_>, input: AskReporterInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "askReporter", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, Some(input.expected_version))?;
        let command = slice::RawSay { on, text: input.text.clone() }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::ask_reporter(tx, town, command))).await
    }

    /// 答复询问 / Answers what the unit asked.
    async fn answer_question(&self, ctx: &Context<'_>, input: AnswerQuestionInput) -> Result<ServiceRequestPayload> {
        let call = Call::new(ctx, "answerQuestion", &input.idempotency_key, &input)?;
        let on = target(ctx, &input.id, input.expected_version)?;
        let photos = ids(ctx, &input.attachment_ids)?;
        let command = slice::RawAnswerQuestion { on, text: input.text.clone(), photos }.parse();
        call.on(on, command, |tx, (town, command)| Box::pin(slice::answer_question(tx, town, command))).await
    }
}
