//! What every slice stands on and no slice owns (地基).
//!
//! | word | meaning | where |
//! | --- | --- | --- |
//! | [`Actor`](actor::Actor) 操作人 | who asks | `actor` |
//! | [`Act`](audit::Act) 特权操作 | what leaves a line in the audit chain | `audit` |
//! | [`Base`](base::Base) 地基 | database, Redis, clock, chance, vault: what the composition root hands to everybody | `base` |
//! | [`Tx`](tx::Tx) 事务 | one unit of work: connection, actor, one instant, pending facts | `tx` |
//! | [`Permitted`](guarded::Permitted) 许可 | a row that policy has judged; the only thing a write accepts | `guarded` |
//! | [`Error`](error::Error) 错误 | the whole error contract | `error` |
//! | [`Page`](page::Page) 分页 | keyset pages | `page` |
//! | [`Vault`](vault::Vault) 保险箱 | sealing of personal data, blind indexes, derived keys; a ring of keys | `vault` |
//! | [`Sealed`](reseal::Sealed) 密文列 | what is sealed anew after a rotation | `reseal` |

pub mod actor;
pub mod audit;
pub mod base;
pub mod bulk;
pub mod chance;
pub mod clock;
pub mod config;
pub mod db;
pub mod error;
pub mod guarded;
pub mod link;
pub mod live;
pub mod look;
pub mod page;
pub mod redact;
pub mod redis;
pub mod reseal;
pub mod sheet;
pub mod target;
pub mod text;
pub mod tx;
pub mod vault;
pub mod version;

/// Runs something beside everything else until the runtime ends (后台任务): connection drivers and the embedded server.
/// Work that must be stopped in order belongs to the composition root instead.
#[expect(clippy::disallowed_methods, reason = "drivers have no state to save and end with their connection")]
pub(crate) fn background<F>(work: F)
where
    F: Future<Output: Send> + Send + 'static,
{
    tokio::spawn(work);
}
