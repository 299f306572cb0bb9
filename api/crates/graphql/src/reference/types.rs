//! Reference data.

use ::requests as slice;
use async_graphql::{ComplexObject, Context, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::AccountId;
use slice::reference::{Edition, FORBIDDEN_WORDS, LADDER, RAISES, Raise, Rung, ends_at};
use slice::sla::SlaPolicy as Limits;

use crate::context::{Ask as _, Result};
use crate::enums::{ClockKind, Priority, WarningLevel, WarningTo};
use crate::identity::User;
use crate::loaders::load;

/// 版次：一项参考数据自某时起怎样规定 / An edition: what a piece of reference data says from an instant on.
#[derive(SimpleObject)]
#[graphql(name = "Edition", complex)]
pub struct EditionInfo {
    /// 版本号，从 1 起；最新的用作 `expectedVersion` / Version, from 1; the newest is what `expectedVersion` asks for.
    version: i32,
    /// 生效时间 / From when.
    valid_from: DateTime<Utc>,
    /// 失效时间；早于生效时间的从未生效 / Until when; open end when null. Not after `validFrom` for one that never came into force.
    valid_to: Option<DateTime<Utc>>,
    /// 是否停用 / Whether it says that the thing is used for nothing new.
    is_retired: bool,
    /// 决定时间 / When it was decided.
    decided_at: DateTime<Utc>,
    #[graphql(skip)]
    by: Option<AccountId>,
}

impl EditionInfo {
    /// Of one among all editions of a thing.
    pub(crate) fn of<T>(edition: &Edition<T>, all: &[Edition<T>]) -> Self {
        Self {
            version: edition.version,
            valid_from: edition.valid_from,
            valid_to: ends_at(all, edition.version),
            is_retired: edition.is_retired,
            decided_at: edition.decided_at,
            by: edition.decided_by,
        }
    }
}

#[ComplexObject]
impl EditionInfo {
    /// 决定人，仅工作人员；随产品提供的为空 / Who decided; for staff; null for what the product brought along.
    async fn decided_by(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let by = self.by.filter(|_| slice::reference::may_read(&ctx.caller().actor))?;
        load(ctx, by).await.map(|row| row.map(User)).transpose()
    }
}

/// Time limits as one edition says.
pub struct SlaPolicy(pub(super) Edition<Limits>);

impl From<Edition<Limits>> for SlaPolicy {
    fn from(edition: Edition<Limits>) -> Self {
        Self(edition)
    }
}

/// 时限规则；时限写作 15min、24h、4wh（工作小时）、5wd（工作日） / Time limits of one kind of matter, written as 15min, 24h, 4wh (working
/// hours), 5wd (working days).
#[Object]
impl SlaPolicy {
    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 受理 / Acceptance.
    async fn accept(&self) -> String {
        self.0.content.accept.to_string()
    }

    /// 签收 / Signing.
    async fn sign(&self) -> String {
        self.0.content.sign.to_string()
    }

    /// 先行联系 / First contact.
    async fn contact(&self) -> String {
        self.0.content.contact.to_string()
    }

    /// 处置 / Handling.
    async fn handle(&self) -> String {
        self.0.content.handle.to_string()
    }

    /// 核查 / Verification.
    async fn verify(&self) -> String {
        self.0.content.verify.to_string()
    }

    /// 返工 / Handling in a later round.
    async fn rework(&self) -> String {
        self.0.content.rework.to_string()
    }

    /// 含延期的最长处置时限；空则不得延期 / Handling with extension at most; no extension when null.
    async fn longest(&self) -> Option<String> {
        self.0.content.longest.map(|limit| limit.to_string())
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.policies.editions(&self.0.code))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<SlaPolicy> {
        let town = ctx.house().town();
        town.reference.policies.editions(&self.0.code).iter().rev().cloned().map(SlaPolicy).collect()
    }
}

/// The list as one edition says.
pub struct ForbiddenWords(pub(super) Edition<slice::reference::ForbiddenWords>);

impl From<Edition<slice::reference::ForbiddenWords>> for ForbiddenWords {
    fn from(edition: Edition<slice::reference::ForbiddenWords>) -> Self {
        Self(edition)
    }
}

/// 违禁词：含有的文字暂不公开，待人工复核 / Words that hold a text back from publication until a person has looked.
#[Object(name = "ForbiddenWords")]
impl ForbiddenWords {
    /// 全部词 / All of them.
    async fn words(&self) -> &[String] {
        self.0.content.words()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.words.editions(FORBIDDEN_WORDS))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<ForbiddenWords> {
        ctx.house().town().reference.words.editions(FORBIDDEN_WORDS).iter().rev().cloned().map(ForbiddenWords).collect()
    }
}

/// 预警阶梯的一级 / A rung of the ladder of warnings.
#[derive(SimpleObject)]
pub struct WarningRung {
    /// 时钟 / Which clock.
    clock: ClockKind,
    /// 级次，从 1 起 / Number, from 1.
    step: i32,
    /// 时钟已过的百分比 / Part of the clock that has run, percent.
    percent: i32,
    /// 超时之后多久 / How long after the due time.
    after: Option<String>,
    /// 级别 / How grave.
    level: WarningLevel,
    /// 告知谁 / Who is told.
    tells: WarningTo,
}

impl From<&Rung> for WarningRung {
    fn from(rung: &Rung) -> Self {
        Self {
            clock: rung.clock.into(),
            step: rung.step,
            percent: i32::try_from(rung.percent).unwrap_or(100),
            after: rung.after.map(|limit| limit.to_string()),
            level: rung.level.into(),
            tells: rung.tells.into(),
        }
    }
}

/// The ladder as one edition says.
pub struct WarningLadder(pub(super) Edition<Vec<Rung>>);

impl From<Edition<Vec<Rung>>> for WarningLadder {
    fn from(edition: Edition<Vec<Rung>>) -> Self {
        Self(edition)
    }
}

/// 预警阶梯：时钟走到几成时告知谁 / The ladder of warnings: who is told when a clock has run so far.
#[Object]
impl WarningLadder {
    /// 各级 / Its rungs.
    async fn rungs(&self) -> Vec<WarningRung> {
        self.0.content.iter().map(WarningRung::from).collect()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.ladder.editions(LADDER))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<WarningLadder> {
        ctx.house().town().reference.ladder.editions(LADDER).iter().rev().cloned().map(WarningLadder).collect()
    }
}

/// 人数达到多少，优先级至少为何 / So many people raise a case so far.
#[derive(SimpleObject)]
pub struct PriorityRule {
    /// 反映或关注的人数，至少 / People who report or follow it, at least.
    people: i32,
    /// 优先级，至少 / Its priority from then on, at least.
    priority: Priority,
}

impl From<&Raise> for PriorityRule {
    fn from(raise: &Raise) -> Self {
        Self { people: raise.people, priority: raise.priority.into() }
    }
}

/// The rules as one edition says.
pub struct PriorityRules(pub(super) Edition<Vec<Raise>>);

impl From<Edition<Vec<Raise>>> for PriorityRules {
    fn from(edition: Edition<Vec<Raise>>) -> Self {
        Self(edition)
    }
}

/// 人数升级规则 / How many people raise a case how far.
#[Object]
impl PriorityRules {
    /// 各条 / The rules, the fewest people first.
    async fn rules(&self) -> Vec<PriorityRule> {
        self.0.content.iter().map(PriorityRule::from).collect()
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.raises.editions(RAISES))
    }

    /// 全部版次，新的在前；版次不多，不分页 / All editions, newest first; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Vec<PriorityRules> {
        ctx.house().town().reference.raises.editions(RAISES).iter().rev().cloned().map(PriorityRules).collect()
    }
}
