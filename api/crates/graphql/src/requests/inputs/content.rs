//! Inputs of what is published.

use async_graphql::{ID, InputObject};

use crate::enums::ContentReason;

/// 内容审核：不指明步骤或照片的，审核诉求本身，并了结其举报 / Decides whether something is published. Without a step or a photo, the request's own words, which
/// decides the reports of abuse too.
#[derive(InputObject, Clone, Debug)]
pub struct ReviewContentInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 补充、答复或进展公告所在的步骤 / The step with which something was added, replied or told.
    pub timeline_entry_id: Option<ID>,
    /// 照片 / A photo.
    pub attachment_id: Option<ID>,
    /// 是否通过；不通过则不公开，并告知作者 / Whether it passes; what does not is hidden, and its author is told.
    pub is_passed: bool,
    /// 问题；不通过时必填 / What is wrong with it; required unless it passes.
    pub reason: Option<ContentReason>,
    /// 说明，至多 500 字，仅工作人员可见 / A note, at most 500 characters; for staff.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 内容举报，每人每件一次 / Reports what is public of a request; once for each person and request.
#[derive(InputObject, Clone, Debug)]
pub struct ReportContentInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 问题 / What is wrong with it.
    pub reason: ContentReason,
    /// 说明，至多 500 字；“其他”时必填 / In words, at most 500 characters; required where the reason is `OTHER`.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
