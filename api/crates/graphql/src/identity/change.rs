//! 本人变更 / What people change about themselves.

use ::identity::phone::Phone;
use ::identity::{ChangePhone, CorrectName, correct_name};
use async_graphql::{Context, InputObject, Object, SimpleObject};
use entity::account;
use entity::id::{AccountId, SessionId};
use kernel::error::Error;
use kernel::text::{Problems, line, optional};

use super::Viewer;
use crate::context::{Ask as _, Result, once};
use crate::errors::UserError;
use crate::mutation::{Settled, Subject, act, perform, settle};

/// 换绑手机号：新旧号码都要验证 / Moves to another number: both numbers confirm.
#[derive(InputObject)]
pub struct ChangePhoneInput {
    /// 原手机号收到的验证码；原来没有绑定手机号则不填 / Code sent to the old number; absent when there is none.
    old_code: Option<String>,
    /// 新手机号 / New number.
    new_phone: String,
    /// 新手机号收到的验证码 / Code sent to it.
    new_code: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 更正本人信息 / Corrects what is kept of the person.
#[derive(InputObject)]
pub struct CorrectMyDataInput {
    /// 姓名 / Name.
    name: String,
    /// 幂等键，8–64 个字符 / Idempotency key, 8–64 characters.
    idempotency_key: String,
}

/// 本人变更返回 / Payload of a change of one's own data.
#[derive(SimpleObject)]
pub struct ViewerPayload {
    /// 当前登录者 / The signed-in person.
    viewer: Viewer,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct ChangeMutation;

/// 本人变更 / What people change about themselves.
#[Object]
impl ChangeMutation {
    /// 换绑手机号；其他设备随即退出 / Moves the account to another number; other devices are signed out. Codes come from
    /// `sendVerificationCode` with the occasion CHANGE_PHONE.
    async fn change_phone(&self, ctx: &Context<'_>, input: ChangePhoneInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let identity = &ctx.house().identity;
        let act = act(ctx, "changePhone", Some(viewer.account));
        let parsed = || {
            let once = once("changePhone", &input.idempotency_key, &input)?;
            let mut problems = Problems::default();
            let old_code = problems.keep(optional("oldCode", input.old_code.as_deref(), 16, line));
            let phone = problems.take(Phone::parse("newPhone", &input.new_phone));
            let code = problems.keep(line("newCode", &input.new_code, 16));
            problems.none()?;
            let phone = phone.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
            Ok((once, ChangePhone { old_code, phone, code }))
        };
        let changed = match parsed() {
            Ok((once, change)) => identity.change_phone(&ctx.caller().actor, &once, &change, &act).await,
            Err(error) => {
                ctx.base().note_refusal(ctx.caller().actor.doing(&act), &error).await;
                Err(error)
            }
        };
        let settled = settle(ctx, changed, None)?;
        if let Subject::Row(changed) = &settled.subject {
            identity.cool(&changed.ended).await;
        }
        Ok(ViewerPayload::of(viewer, settled))
    }

    /// 更正本人信息 / Corrects the own name.
    async fn correct_my_data(&self, ctx: &Context<'_>, input: CorrectMyDataInput) -> Result<ViewerPayload> {
        let viewer = viewer(ctx)?;
        let settled = perform(
            ctx,
            ("correctMyData", &input.idempotency_key),
            None,
            &input,
            CorrectName::parse(&input.name),
            |tx, command| Box::pin(correct_name(tx, command)),
            |row: &account::Model| row.id,
        );
        let settled = settled.await?;
        Ok(ViewerPayload::of(viewer, settled))
    }
}

impl ViewerPayload {
    /// The payload of what was settled about the viewer.
    pub(crate) fn of<T>(viewer: Viewer, settled: Settled<T>) -> Self {
        Self { viewer, is_replay: settled.is_replay, user_errors: settled.user_errors }
    }
}

/// The viewer, or `UNAUTHENTICATED`.
pub(crate) fn viewer(ctx: &Context<'_>) -> Result<Viewer> {
    let person = ctx.person()?;
    let (account, session): (AccountId, SessionId) = (person.account, person.session);
    Ok(Viewer { account, session })
}
