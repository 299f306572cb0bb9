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
    /// 答复或进展公告所在的步骤 / The step with which something was replied or told.
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

/// 隐去文字：以改写后的文字替换，原文加密留存 / Puts other words in place of the reporter's; what stood there first is kept sealed.
#[derive(InputObject, Clone, Debug)]
pub struct RedactServiceRequestInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 改写后的内容，至多 1000 字 / In place of the description, at most 1,000 characters.
    pub description: Option<String>,
    /// 改写后的地址，至多 120 字 / In place of the address, at most 120 characters.
    pub address: Option<String>,
    /// 问题 / What was wrong with it.
    pub reason: ContentReason,
    /// 说明，至多 500 字，仅工作人员可见 / A note, at most 500 characters; for staff.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 矩形，像素，自左上角 / A rectangle in pixels, from the upper left.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct RectangleInput {
    /// 左 / From the left.
    pub x: i32,
    /// 上 / From above.
    pub y: i32,
    /// 宽，至少 8 / Width, at least 8.
    pub width: i32,
    /// 高，至少 8 / Height, at least 8.
    pub height: i32,
}

/// 遮盖照片：此前的地址也只显示遮盖后的照片，原图留存 / Paints over parts of a photo: every address of it shows that from now on; what was taken in is kept.
#[derive(InputObject, Clone, Debug)]
pub struct RedactPhotoInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 照片 / The photo.
    pub attachment_id: ID,
    /// 遮盖的部分，1–20 个，须在照片内 / Which parts, 1–20, inside of the picture.
    pub rectangles: Vec<RectangleInput>,
    /// 问题 / What was wrong with it.
    pub reason: ContentReason,
    /// 说明，至多 500 字，仅工作人员可见 / A note, at most 500 characters; for staff.
    pub note: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
