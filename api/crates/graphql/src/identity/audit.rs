//! 审计 / The audit chain, for audit administrators.

use ::identity::audit::{self as slice, AuditFilter};
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::audit_entry;
use entity::enums::Role as StoredRole;
use entity::id::Id as _;
use kernel::audit::Act;
use kernel::page::Cursor;
use kernel::text::{Problems, line, optional};

use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::Role;
use crate::identity::User;
use crate::loaders::{ReasonOf, load};
use crate::page::{connection, page};

/// A line of the audit chain.
#[derive(Clone)]
pub struct AuditEntry(audit_entry::Model);

/// 审计记录，只增不改，逐条链接 / A line of the audit chain: append-only, each bound to the one before.
#[Object]
impl AuditEntry {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 链上的序号，从 1 起不间断 / Number in the chain, gapless from 1.
    async fn seq(&self) -> String {
        self.0.seq.to_string()
    }

    /// 时间 / When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// 操作人标识；命令行或未登录时为空 / Who, as a global id; null for the command line and for strangers.
    async fn actor_id(&self) -> Option<ID> {
        self.0.actor_id.map(|id| id.text().into())
    }

    /// 操作人；账号注销后为空 / Who; null also after the account is gone.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.0.actor_id?).await.map(|row| row.map(User)).transpose()
    }

    /// 当时持有的角色 / Roles held at the time.
    async fn roles(&self) -> Vec<Role> {
        let names = self.0.roles.split(',');
        names.filter_map(|name| StoredRole::of_name(name).map(Into::into)).collect()
    }

    /// 来源地址；命令行为空 / From which address; null for the command line.
    async fn address(&self) -> Option<&str> {
        self.0.address.as_deref()
    }

    /// 操作，即变更或命令的名称 / Name of the mutation or command.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// 对象的全局标识 / What it was done to, as a global id.
    async fn subject_id(&self) -> Option<ID> {
        self.0.subject.as_ref().map(ID::from)
    }

    /// 结果：DONE 或错误码 / What came of it: DONE, or the code of the refusal.
    async fn outcome(&self) -> &str {
        &self.0.outcome
    }

    /// 细节，JSON 文本，只含标识、状态与时间 / Details as JSON text: ids, states and times only.
    async fn detail(&self) -> Option<&str> {
        self.0.detail.as_deref()
    }

    /// 事由，操作人的原话；当事人注销后抹去 / Why, in the words of who did it; erased when the person it is about is deleted.
    async fn reason(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        load(ctx, ReasonOf(self.0.id)).await.transpose()
    }

    /// 本条哈希，十六进制 / Hash of this line, in hexadecimal.
    async fn hash(&self) -> String {
        kernel::vault::hex(&self.0.hash)
    }
}

connection!(AuditEntryConnection, AuditEntryEdge, AuditEntry, "审计记录", "audit entries");

/// 审计查询条件，全部满足 / Which entries; all conditions hold.
#[derive(InputObject, Default)]
pub struct AuditEntryFilter {
    /// 操作人 / By this person.
    actor_id: Option<ID>,
    /// 对象的全局标识 / About this object.
    subject_id: Option<ID>,
    /// 操作名称 / Of this mutation or command.
    action: Option<String>,
    /// 结果 / That came out so.
    outcome: Option<String>,
    /// 起始时间，含 / Not before.
    from: Option<DateTime<Utc>>,
    /// 截止时间，不含 / Before.
    until: Option<DateTime<Utc>>,
}

impl AuditEntryFilter {
    fn parse(&self, ctx: &Context<'_>) -> Result<AuditFilter> {
        let actor = self.actor_id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let mut problems = Problems::default();
        let subject = problems.keep(optional("subjectId", self.subject_id.as_ref().map(|id| id.as_str()), 64, line));
        let action = problems.keep(optional("action", self.action.as_deref(), 64, line));
        let outcome = problems.keep(optional("outcome", self.outcome.as_deref(), 48, line));
        // A query has no payload for refusals.
        let (from, until) = (self.from, self.until);
        problems.none().map_err(|_| {
            ctx.fail(kernel::error::Error::BadRequest("`filter` holds words that cannot be searched for"))
        })?;
        Ok(AuditFilter { actor, subject, action, outcome, from, until })
    }
}

/// Queries.
#[derive(Default)]
pub struct AuditQuery;

/// 审计查询 / Queries of the audit chain.
#[Object]
impl AuditQuery {
    /// 审计记录，新的在前；仅审计管理员 / The audit chain, newest first; for audit administrators only. Refusals are noted in it.
    async fn audit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "条件，不填为全部 / Which; all when absent.", default)] filter: AuditEntryFilter,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<AuditEntryConnection>> {
        let (base, caller) = (ctx.base(), ctx.caller());
        let wanted = match filter.parse(ctx) {
            Ok(wanted) => wanted,
            Err(error) => return Some(Err(error)),
        };
        let read = async {
            let page = page(first, after, last, before)?;
            slice::entries(base, &caller.actor, &wanted, &page).await
        };
        let read = read.await;
        if let (Err(error), true) = (&read, caller.actor.account().is_some()) {
            let act = Act { action: "auditEntries", subject: None, address: Some(caller.address) };
            base.note_refusal(caller.actor.doing(&act), error).await;
        }
        let connection = read.or_fail(ctx).map(|rows| {
            AuditEntryConnection::of(rows.map(|row| {
                let at = Cursor { at: row.at, id: row.id.into() };
                (AuditEntry(row), at)
            }))
        });
        Some(connection)
    }
}
