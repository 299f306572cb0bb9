//! Inputs of decisions: raw as they come, parsed by the slice.

use ::requests as slice;
use async_graphql::InputObject;
use chrono::{DateTime, Utc};
use kernel::error::Result as KernelResult;
use slice::reference::{About, Enact, Keeping, Raise, RawCategory, RawSlaPolicy, Retention, Rung};

use crate::enums::{CategoryNature, ClockKind, Priority, WarningLevel, WarningTo};

/// 新增或修改诉求分类 / Makes or changes a category. Its place in the tree is its code.
#[derive(InputObject, Clone, Debug)]
pub struct SaveRequestCategoryInput {
    /// 代码，下级以上级代码加点开头，如 FACILITY.STREET_LIGHT，至多三级 / Code; one below begins with the code above and a dot; three levels
    /// at most.
    pub code: String,
    /// 看到的最新版本；新增时不填 / Version of the newest edition as seen; absent for what is new.
    pub expected_version: Option<i32>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 名称，至多 64 字 / Name, at most 64 characters.
    pub name: String,
    /// 同级中的次序 / Order among siblings.
    #[graphql(default)]
    pub position: i32,
    /// 时限规则代码；不填则按诉求类型 / Code of its time limits; by the kind of the request when absent.
    pub sla_code: Option<String>,
    /// 城市管理部件、事件分类代码 / Class of GB/T 30428.2.
    pub gb_code: Option<String>,
    /// 性质 / Nature.
    #[graphql(default_with = "CategoryNature::Service")]
    pub nature: CategoryNature,
    /// 处置后是否必须拍照 / Whether handling must show a photo.
    #[graphql(default = false)]
    pub needs_photo: bool,
    /// 是否敏感，不公开 / Whether it is never published.
    #[graphql(default = false)]
    pub is_sensitive: bool,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SaveRequestCategoryInput {
    pub(super) fn parse(&self) -> KernelResult<Enact> {
        let raw = RawCategory {
            name: self.name.clone(),
            position: self.position,
            sla_code: self.sla_code.clone(),
            gb_code: self.gb_code.clone(),
            nature: self.nature.into(),
            needs_photo: self.needs_photo,
            is_sensitive: self.is_sensitive,
        };
        raw.parse(about(&self.code, self.expected_version, self.valid_from))
    }
}

/// 停用诉求分类 / Retires a category: it stays on its cases and is offered for no new ones.
#[derive(InputObject, Clone, Debug)]
pub struct RetireRequestCategoryInput {
    /// 代码 / Code.
    pub code: String,
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

/// 设定时限规则；时限写作 15min、24h、4wh（工作小时）、5wd（工作日） / Sets time limits, written as 15min, 24h, 4wh (working hours), 5wd (working
/// days).
#[derive(InputObject, Clone, Debug)]
pub struct SetSlaPolicyInput {
    /// 代码 / Code.
    pub code: String,
    /// 看到的最新版本；新增时不填 / Version of the newest edition as seen; absent for what is new.
    pub expected_version: Option<i32>,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 受理 / Acceptance.
    pub accept: String,
    /// 签收 / Signing.
    pub sign: String,
    /// 先行联系 / First contact.
    pub contact: String,
    /// 处置 / Handling.
    pub handle: String,
    /// 核查 / Verification.
    pub verify: String,
    /// 返工 / Handling in a later round.
    pub rework: String,
    /// 含延期的最长处置时限；不填则不得延期 / Handling with extension at most; no extension when absent.
    pub longest: Option<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetSlaPolicyInput {
    pub(super) fn parse(&self) -> KernelResult<Enact> {
        let raw = RawSlaPolicy {
            accept: self.accept.clone(),
            sign: self.sign.clone(),
            contact: self.contact.clone(),
            handle: self.handle.clone(),
            verify: self.verify.clone(),
            rework: self.rework.clone(),
            longest: self.longest.clone(),
        };
        raw.parse(about(&self.code, self.expected_version, self.valid_from))
    }
}

/// 预警阶梯的一级 / A rung of the ladder of warnings.
#[derive(InputObject, Clone, Debug)]
pub struct WarningRungInput {
    /// 时钟 / Which clock.
    pub clock: ClockKind,
    /// 级次，从 1 起 / Number, from 1.
    pub step: i32,
    /// 时钟已过的百分比，1–100 / Part of the clock that has run, percent, 1–100.
    pub percent: i32,
    /// 超时之后多久 / How long after the due time.
    pub after: Option<String>,
    /// 级别 / How grave.
    pub level: WarningLevel,
    /// 告知谁 / Who is told.
    pub tells: WarningTo,
}

/// 设定预警阶梯 / Sets the whole ladder of warnings.
#[derive(InputObject, Clone, Debug)]
pub struct SetWarningLadderInput {
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 各级，每个时钟从 1 起连续编号 / Its rungs; those of each clock numbered from 1.
    pub rungs: Vec<WarningRungInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetWarningLadderInput {
    pub(super) fn parse(&self) -> KernelResult<Enact> {
        let rung = |rung: &WarningRungInput| {
            let after = rung.after.as_deref().map(|text| slice::reference::time_limit("rungs.after", text));
            Ok(Rung {
                clock: rung.clock.into(),
                step: rung.step,
                percent: u32::try_from(rung.percent).unwrap_or_default(),
                after: after.transpose()?,
                level: rung.level.into(),
                tells: rung.tells.into(),
            })
        };
        let rungs = self.rungs.iter().map(rung).collect::<KernelResult<Vec<_>>>()?;
        slice::reference::ladder(rungs, about("", Some(self.expected_version), self.valid_from))
    }
}

/// 人数升级规则的一条 / So many people raise a case so far.
#[derive(InputObject, Clone, Debug)]
pub struct PriorityRuleInput {
    /// 反映或关注的人数，至少 / People who report or follow it, at least.
    pub people: i32,
    /// 优先级，至少 / Its priority from then on, at least.
    pub priority: Priority,
}

/// 设定人数升级规则 / Sets how many people raise a case how far.
#[derive(InputObject, Clone, Debug)]
pub struct SetPriorityRulesInput {
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 各条，人数少的在前 / The rules, the fewest people first.
    pub rules: Vec<PriorityRuleInput>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetPriorityRulesInput {
    pub(super) fn parse(&self) -> KernelResult<Enact> {
        let raise = |rule: &PriorityRuleInput| Raise { people: rule.people, priority: rule.priority.into() };
        let raises = self.rules.iter().map(raise).collect();
        slice::reference::raises(raises, about("", Some(self.expected_version), self.valid_from))
    }
}

/// 留存期，自办结之日起的天数 / How long cases are kept, in days since their end.
#[derive(InputObject, Clone, Copy, Debug)]
pub struct RetentionRuleInput {
    /// 多少天后归档，只能查看；30–36500 / Days until it is archived, and only read; 30–36500.
    pub archive_after_days: i32,
    /// 多少天后匿名化；365–36500，不早于归档 / Days until it is nobody's; 365–36500, not before it is archived.
    pub anonymise_after_days: i32,
}

impl From<RetentionRuleInput> for Keeping {
    fn from(input: RetentionRuleInput) -> Self {
        Self { archive_after: input.archive_after_days, anonymise_after: input.anonymise_after_days }
    }
}

/// 设定留存规则 / Sets how long cases are kept, and what of them.
#[derive(InputObject, Clone, Debug)]
pub struct SetRetentionPolicyInput {
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 办结的 / Of those that were worked on to their end.
    pub closed: RetentionRuleInput,
    /// 撤回或不予受理的 / Of those that were withdrawn or rejected.
    pub turned_down: RetentionRuleInput,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetRetentionPolicyInput {
    pub(super) fn parse(&self) -> Enact {
        let rule = Retention { closed: self.closed.into(), turned_down: self.turned_down.into() };
        slice::reference::retention(rule, about("", Some(self.expected_version), self.valid_from))
    }
}

/// 设定违禁词 / Sets the whole list of words that must not be published.
#[derive(InputObject, Clone, Debug)]
pub struct SetForbiddenWordsInput {
    /// 看到的最新版本 / Version of the newest edition as seen.
    pub expected_version: i32,
    /// 生效时间，不填为立即 / From when; at once when absent.
    pub valid_from: Option<DateTime<Utc>>,
    /// 全部词，每词 3–32 字，至多 2000 个；空格、符号、全半角、大小写、繁简不影响匹配 / All of them, each of 3–32 characters, at most 2,000; spaces, signs,
    /// width, case and traditional characters make no difference.
    pub words: Vec<String>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    pub idempotency_key: String,
}

impl SetForbiddenWordsInput {
    pub(super) fn parse(&self) -> KernelResult<Enact> {
        slice::reference::forbidden_words(&self.words, about("", Some(self.expected_version), self.valid_from))
    }
}

pub(super) fn about(code: &str, expected_version: Option<i32>, valid_from: Option<DateTime<Utc>>) -> About {
    About { code: code.to_owned(), expected_version, valid_from }
}
