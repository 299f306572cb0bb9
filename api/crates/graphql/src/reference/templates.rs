//! Templates of replies.

use ::requests as slice;
use async_graphql::{Context, ID, InputObject, Object};
use chrono::{DateTime, Utc};
use entity::id::ServiceRequestId;
use kernel::error::{Error, Result as KernelResult};
use slice::reference::{Edition, Enact, Filled, RawTemplate, Template, may_read, templates_for};

use super::inputs::about;
use super::types::EditionInfo;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::Unit;
use crate::loaders::load;

/// A template as one edition says, perhaps filled for a case.
pub struct ReplyTemplate {
    edition: Edition<Template>,
    filled: Option<String>,
}

impl From<Edition<Template>> for ReplyTemplate {
    fn from(edition: Edition<Template>) -> Self {
        Self { edition, filled: None }
    }
}

/// 回复模板 / A template of replies.
#[Object]
impl ReplyTemplate {
    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.edition.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.edition.content.name
    }

    /// 文字，占位符写作 {{caseNo}}，可用 caseNo、category、area、unit、dueDate、today / Words; placeholders are written {{caseNo}}: caseNo, category, area,
    /// unit, dueDate, today.
    async fn text(&self) -> &str {
        &self.edition.content.text
    }

    /// 按诉求填好的文字；没有的内容保留占位符 / The words filled for the case asked about; what it does not have stays a placeholder. Null without a
    /// case.
    async fn filled(&self) -> Option<&str> {
        self.filled.as_deref()
    }

    /// 适用分类，含下级；空为全部 / For a category, with all below; for all when null.
    async fn category_code(&self) -> Option<&str> {
        self.edition.content.category_code.as_deref()
    }

    /// 适用单位；空为全部 / For one unit; for all when null.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        let unit = self.edition.content.unit?;
        load(ctx, unit).await.map(|row| row.and_then(|row| Unit::seen(ctx, row))).transpose()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.edition, ctx.house().town().reference.templates.editions(&self.edition.code))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<ReplyTemplate> {
        let town = ctx.house().town();
        town.reference.templates.editions(&self.edition.code).iter().rev().cloned().map(ReplyTemplate::from).collect()
    }
}

/// The templates in force: all, or those for a case.
pub(super) async fn templates(ctx: &Context<'_>, case: Option<ID>) -> Result<Vec<ReplyTemplate>> {
    ctx.person()?;
    let (town, actor) = (ctx.house().town(), &ctx.caller().actor);
    if !may_read(actor) {
        return Err(ctx.fail(Error::Forbidden));
    }
    let Some(case) = case else {
        let used = town.reference.templates.all_at(ctx.base().clock.now()).filter(|template| !template.is_retired);
        return Ok(used.cloned().map(ReplyTemplate::from).collect());
    };
    let id: ServiceRequestId = ctx.id(&case)?;
    let filled = templates_for(ctx.base(), &town, actor, id).await.or_fail(ctx)?;
    let shown = |Filled { template, text }| ReplyTemplate { edition: template, filled: Some(text) };
    Ok(filled.into_iter().map(shown).collect())
}

/// 新增或修改回复模板 / Makes or changes a template of replies.
#[derive(InputObject, Clone, Debug)]
pub struct SaveReplyTemplateInput {
    /// 代码，大写字母、数字、下划线 / Code: capitals, digits, underscores.
    pub code: String,
    /// 看到的最新版本；新增时不填 / Version of the newest edition as seen; absent for what is new.
    pub expected_version: Option<i32>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 文字，至多 1000 字；占位符写作 {{caseNo}}，可用 caseNo、category、area、unit、dueDate、today / Words, at most 1,000 characters; placeholders are
    /// written {{caseNo}}: caseNo, category, area, unit, dueDate, today.
    pub text: String,
    /// 适用分类，含下级；不填为全部 / For a category, with all below; for all when absent.
    pub category_code: Option<String>,
    /// 适用单位；不填为全部 / For one unit; for all when absent.
    pub unit_id: Option<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SaveReplyTemplateInput {
    pub(super) fn decision(&self, ctx: &Context<'_>) -> Result<KernelResult<Enact>> {
        let raw = RawTemplate {
            name: self.name.clone(),
            text: self.text.clone(),
            category_code: self.category_code.clone(),
            unit: self.unit_id.as_ref().map(|id| ctx.id(id)).transpose()?,
        };
        Ok(raw.parse(about(&self.code, self.expected_version, self.valid_from)))
    }
}

/// 停用回复模板 / Retires a template of replies.
#[derive(InputObject, Clone, Debug)]
pub struct RetireReplyTemplateInput {
    /// 代码 / Code.
    pub code: String,
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}
