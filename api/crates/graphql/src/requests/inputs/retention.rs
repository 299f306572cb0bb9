//! Inputs of how long a request is kept.

use async_graphql::{ID, InputObject};

/// 诉讼保全：解除前不归档、不匿名，账号注销也不删改其内容 / A legal hold: before its release the case is not archived, and nothing is taken out of it.
#[derive(InputObject, Clone, Debug)]
pub struct PlaceLegalHoldInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 理由，如案号、调取机关，至多 500 字 / Why, as whose proceedings, at most 500 characters.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 解除诉讼保全 / The end of a legal hold.
#[derive(InputObject, Clone, Debug)]
pub struct ReleaseLegalHoldInput {
    /// 诉求 / Request.
    pub id: ID,
    /// 看到的版本 / The version the caller saw.
    pub expected_version: i32,
    /// 理由，至多 500 字 / Why, at most 500 characters.
    pub reason: String,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
