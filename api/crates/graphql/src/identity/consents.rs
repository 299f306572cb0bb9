//! 告知与同意 / Documents that people consent to, and children in their care.

use ::identity::consent::{self as slice, Give, Publish};
use ::identity::dependant::{self as children, AddDependant};
use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{AccountId, ConsentDocumentId, DependantId, Id as _};
use entity::{account, consent, consent_document, dependant};

use super::change::{ViewerPayload, viewer};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::ClientKind;
use crate::errors::UserError;
use crate::mutation::{Subject, perform};

/// 同意事项 / What a document is about: two that everybody consents to, and purposes that ask for a consent of their own.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ConsentKind")]
pub enum ConsentKind {
    /// 隐私政策，人人需要 / the privacy policy; everybody consents to it.
    PrivacyPolicy,
    /// 用户协议，人人需要 / the terms of use; everybody consents to them.
    UserAgreement,
    /// 位置：提交诉求时标出地点 / exact places, given with a request.
    Location,
    /// 健康 / matters of health.
    Health,
    /// 党员身份 / party membership.
    Party,
    /// 未成年人：登记被监护人 / data of children.
    Minor,
}

/// A version of a document.
#[derive(Clone)]
pub struct ConsentDocument(consent_document::Model);

/// 告知文件的一个版本，发布后不再改动 / One version of a document that people consent to; never changed.
#[Object]
impl ConsentDocument {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 事项 / What it is about.
    async fn kind(&self) -> ConsentKind {
        self.0.kind.into()
    }

    /// 版本，从 1 起 / Version, from 1.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 标题 / Title.
    async fn title(&self) -> &str {
        &self.0.title
    }

    /// 全文 / The whole text.
    async fn body(&self) -> &str {
        &self.0.body
    }

    /// 全文的 SHA-256，十六进制 / SHA-256 of the text, in hexadecimal.
    async fn sha256(&self) -> String {
        kernel::vault::hex(&self.0.hash)
    }

    /// 生效时间 / From when it holds.
    async fn in_force_from(&self) -> DateTime<Utc> {
        self.0.in_force_from
    }
}

/// 本人的一次同意 / A consent of the viewer's.
#[derive(SimpleObject, Clone)]
pub struct Consent {
    /// 全局标识 / Global id.
    id: ID,
    /// 事项 / What it is about.
    kind: ConsentKind,
    /// 同意的版本 / The version consented to.
    version: i32,
    /// 在何种客户端 / On what kind of client.
    client_kind: ClientKind,
    /// 同意时间 / When.
    given_at: DateTime<Utc>,
    /// 撤回时间 / When it was taken back.
    withdrawn_at: Option<DateTime<Utc>>,
}

/// 被监护人，仅监护人可见 / A child in the viewer's care; seen by the viewer alone.
#[derive(SimpleObject, Clone)]
pub struct Dependant {
    /// 全局标识 / Global id.
    id: ID,
    /// 姓名 / Name.
    name: String,
    /// 出生年月，如 2018-03 / Month of birth, e.g. `2018-03`.
    birth_month: String,
    /// 登记时间 / When it was named.
    created_at: DateTime<Utc>,
}

/// 同意告知文件 / Consents to documents.
#[derive(InputObject)]
pub struct GiveConsentInput {
    /// 已阅读的版本，1–20 份 / The versions that were read, 1–20.
    document_ids: Vec<ID>,
    /// 是否已满十四周岁；含隐私政策时必填 / Whether the person is fourteen or older; required with the privacy policy.
    is_fourteen_or_over: Option<bool>,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 撤回同意 / Takes a consent back.
#[derive(InputObject)]
pub struct WithdrawConsentInput {
    /// 事项 / What it was about.
    kind: ConsentKind,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 发布告知文件的下一版 / Publishes the next version of a document.
#[derive(InputObject)]
pub struct PublishConsentDocumentInput {
    /// 事项 / What it is about.
    kind: ConsentKind,
    /// 标题，至多 60 字 / Title, at most 60 characters.
    title: String,
    /// 全文，至多 15,000 字 / The whole text, at most 15,000 characters.
    body: String,
    /// 生效时间，不填即刻；至多提前一年公布 / From when it holds; at once when absent, a year ahead at most.
    in_force_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 登记被监护人 / Names a child in the viewer's care.
#[derive(InputObject)]
pub struct AddDependantInput {
    /// 姓名，至多 32 字 / Name, at most 32 characters.
    name: String,
    /// 出生年月，如 2018-03；未满十八周岁 / Month of birth, e.g. `2018-03`; under eighteen.
    birth_month: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 删除被监护人 / Forgets a child.
#[derive(InputObject)]
pub struct RemoveDependantInput {
    /// 被监护人 / Which.
    id: ID,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 告知文件返回 / Payload of publishing a document.
#[derive(SimpleObject)]
pub struct ConsentDocumentPayload {
    /// 告知文件 / The document.
    consent_document: Option<ConsentDocument>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Queries.
#[derive(Default)]
pub struct ConsentQuery;

/// 告知文件查询 / Queries about documents.
#[Object]
impl ConsentQuery {
    /// 各事项现行的告知文件，及已公布、尚未生效的版本 / The document in force of each kind, and versions that are announced; few, so not
    /// paged.
    async fn consent_documents(&self, ctx: &Context<'_>) -> Option<Result<Vec<ConsentDocument>>> {
        let shown = slice::documents_shown(ctx.base()).await.or_fail(ctx);
        Some(shown.map(|documents| documents.into_iter().map(ConsentDocument).collect()))
    }
}

/// Mutations.
#[derive(Default)]
pub struct ConsentMutation;

/// 告知与同意 / Documents and consents.
#[Object]
impl ConsentMutation {
    /// 同意告知文件 / Consents to documents, each in the version that was read.
    async fn give_consent(&self, ctx: &Context<'_>, input: GiveConsentInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let ids = input.document_ids.iter().map(|id| ctx.id::<ConsentDocumentId>(id)).collect::<Result<Vec<_>>>()?;
        let settled = perform(
            ctx,
            ("giveConsent", &input.idempotency_key),
            None,
            &input,
            Give::parse(ids, input.is_fourteen_or_over),
            |tx, give| Box::pin(slice::give(tx, give)),
            |row: &account::Model| row.id,
        );
        Ok(ViewerPayload::of(viewer, settled.await?))
    }

    /// 撤回同意，随时可以；此前已办理的不受影响 / Takes a consent back, at any time; what was done under it stays done. With MINOR the
    /// children are forgotten, with PARTY the membership is unbound.
    async fn withdraw_consent(&self, ctx: &Context<'_>, input: WithdrawConsentInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let settled = perform(
            ctx,
            ("withdrawConsent", &input.idempotency_key),
            None,
            &input,
            Ok(entity::enums::ConsentKind::from(input.kind)),
            |tx, kind| Box::pin(flows::withdraw_consent(tx, kind)),
            |row: &account::Model| row.id,
        );
        Ok(ViewerPayload::of(viewer, settled.await?))
    }

    /// 发布告知文件的下一版；生效后，提交前须重新同意。仅系统管理员 / Publishes the next version of a document; once in force, it is
    /// consented to anew before anything is submitted. For system administrators.
    async fn publish_consent_document(
        &self,
        ctx: &Context<'_>,
        input: PublishConsentDocumentInput,
    ) -> Result<ConsentDocumentPayload> {
        ctx.person()?;
        let now = ctx.base().clock.now();
        let command = Publish::parse(input.kind.into(), &input.title, &input.body, input.in_force_from, now);
        let settled = perform(
            ctx,
            ("publishConsentDocument", &input.idempotency_key),
            None,
            &input,
            command,
            |tx, publish| Box::pin(slice::publish(tx, publish)),
            |row: &consent_document::Model| row.id,
        );
        let settled = settled.await?;
        let consent_document = match settled.subject {
            Subject::Row(row) => Some(ConsentDocument(row)),
            Subject::Id(id) => slice::document(ctx.base(), id.into()).await.or_fail(ctx)?.map(ConsentDocument),
            Subject::None => None,
        };
        Ok(ConsentDocumentPayload { consent_document, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }

    /// 登记被监护人，至多 10 名；须先同意 MINOR / Names a child in the viewer's care, ten at most; under the consent MINOR.
    async fn add_dependant(&self, ctx: &Context<'_>, input: AddDependantInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let now = ctx.base().clock.now();
        let settled = perform(
            ctx,
            ("addDependant", &input.idempotency_key),
            None,
            &input,
            AddDependant::parse(&input.name, &input.birth_month, now),
            |tx, add| Box::pin(children::add_dependant(tx, add)),
            |row: &dependant::Model| row.id,
        );
        Ok(ViewerPayload::of(viewer, settled.await?))
    }

    /// 删除被监护人，不再保存 / Forgets a child; nothing of it is kept.
    async fn remove_dependant(&self, ctx: &Context<'_>, input: RemoveDependantInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let id: DependantId = ctx.id(&input.id)?;
        let settled = perform(
            ctx,
            ("removeDependant", &input.idempotency_key),
            None,
            &input,
            Ok(id),
            |tx, id| Box::pin(children::remove_dependant(tx, id)),
            |id| *id,
        );
        Ok(ViewerPayload::of(viewer, settled.await?))
    }
}

/// What a person consented to.
pub(super) async fn consents(ctx: &Context<'_>, account: AccountId) -> Result<Vec<Consent>> {
    let shown = |row: consent::Model| Consent {
        id: row.id.text().into(),
        kind: row.kind.into(),
        version: row.version,
        client_kind: row.client_kind.into(),
        given_at: row.given_at,
        withdrawn_at: row.withdrawn_at,
    };
    let rows = slice::consents_of(ctx.base(), account).await.or_fail(ctx)?;
    Ok(rows.into_iter().map(shown).collect())
}

/// What a person has to consent to before going on.
pub(super) async fn missing(ctx: &Context<'_>, account: AccountId) -> Result<Vec<ConsentKind>> {
    let missing = slice::lacking_of(ctx.base(), account, &slice::GENERAL).await.or_fail(ctx)?;
    Ok(missing.into_iter().map(Into::into).collect())
}

/// Children in a person's care.
pub(super) async fn dependants(ctx: &Context<'_>, account: AccountId) -> Result<Vec<Dependant>> {
    let shown = |child: children::Dependant| Dependant {
        id: child.id.text().into(),
        name: child.name,
        birth_month: child.born.text(),
        created_at: child.created_at,
    };
    let rows = children::dependants_of(ctx.base(), account).await.or_fail(ctx)?;
    Ok(rows.into_iter().map(shown).collect())
}
