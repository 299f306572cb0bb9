//! Inputs of what is said about a request while it goes on.

use async_graphql::{ID, InputObject};

/// 内部备注，仅工作人员可见，办结后也可写 / A note for the staff only, also after the end.
#[derive(InputObject, Clone, Debug)]
pub struct AddInternalNoteInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 备注，至多 500 字 / The note, at most 500 characters.
    pub text: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 给诉求人留言 / A message to the reporter.
#[derive(InputObject, Clone, Debug)]
pub struct MessageReporterInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 留言，至多 500 字 / The message, at most 500 characters.
    pub text: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 进展公告，公开诉求的所有人可见 / News for everybody who may see a public case.
#[derive(InputObject, Clone, Debug)]
pub struct PublishUpdateInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 公告，至多 500 字 / The news, at most 500 characters.
    pub text: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 询问诉求人，答复前暂停计时，至多 3 个工作日，限两次 / Asks the reporter; the clocks stand still until the answer, three working days at most, twice.
#[derive(InputObject, Clone, Debug)]
pub struct AskReporterInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 问题，至多 500 字 / The question, at most 500 characters.
    pub text: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 答复承办单位的询问 / Answers what the unit asked.
#[derive(InputObject, Clone, Debug)]
pub struct AnswerQuestionInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本，可不填 / The version the caller saw; may be left out.
    pub expected_version: Option<i32>,
    /// 答复，至多 500 字 / The answer, at most 500 characters.
    pub text: String,
    /// 照片，与此前的合计至多 9 张 / Photos; with those before at most 9.
    #[graphql(default)]
    pub attachment_ids: Vec<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
