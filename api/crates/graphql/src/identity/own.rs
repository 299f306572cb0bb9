//! 工作人员的口令与第二因素 / What staff do with their own password and second factor.

use ::identity::staff::second_factor as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::{Id as _, SessionId};
use kernel::actor::Actor;
use kernel::audit::Act;
use kernel::error::Result as KernelResult;
use kernel::text::{Problems, line, optional};
use kernel::tx::Verb;

use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{act, refusals};

/// 修改口令 / Changes the own password.
#[derive(InputObject)]
pub struct ChangePasswordInput {
    /// 现有口令 / Present password.
    old_password: String,
    /// 新口令，至少 10 位，含三类字符，不得与最近 5 个相同 / New one: 10 characters of 3 classes, none of the last 5.
    new_password: String,
}

/// 开始绑定第二因素 / Begins to enrol a second factor.
#[derive(InputObject)]
pub struct BeginSecondFactorInput {
    /// 口令 / Password, asked once more.
    password: String,
    /// 已绑定第二因素时必填：验证码或恢复码 / Where one is in force: its code, or a recovery code.
    one_time_code: Option<String>,
}

/// 确认第二因素 / Puts the second factor in force.
#[derive(InputObject)]
pub struct ConfirmSecondFactorInput {
    /// 验证器显示的六位数字 / Six digits of the authenticator app.
    code: String,
}

/// 重新生成恢复码 / Makes new recovery codes.
#[derive(InputObject)]
pub struct RenewRecoveryCodesInput {
    /// 口令 / Password, asked once more.
    password: String,
    /// 已绑定第二因素时必填：验证码或恢复码 / Where one is in force: its code, or a recovery code.
    one_time_code: Option<String>,
}

/// 修改口令返回 / Payload of changing the password.
#[derive(SimpleObject, Default)]
pub struct ChangePasswordPayload {
    /// 是否已修改 / Whether it was changed.
    is_changed: bool,
    /// 因此退出的其他设备 / Other devices that were signed out.
    revoked_session_ids: Vec<ID>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 开始绑定返回，仅显示一次 / Payload of beginning to enrol; shown once.
#[derive(SimpleObject, Default)]
pub struct BeginSecondFactorPayload {
    /// 密钥，Base32，供手工输入 / Secret in base 32, for typing.
    secret: Option<String>,
    /// otpauth 地址，供扫码 / `otpauth://…`, for scanning.
    otpauth_uri: Option<String>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 恢复码返回，仅显示一次 / Payload with recovery codes; shown once.
#[derive(SimpleObject, Default)]
pub struct RecoveryCodesPayload {
    /// 恢复码，每个只能用一次 / Recovery codes, each for one use.
    recovery_codes: Vec<String>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct OwnCredentialMutation;

/// 本人凭证 / The own credentials.
#[Object]
impl OwnCredentialMutation {
    /// 修改本人口令；其他设备随即退出 / Changes the own password; other devices are signed out.
    async fn change_password(&self, ctx: &Context<'_>, input: ChangePasswordInput) -> Result<ChangePasswordPayload> {
        ctx.person()?;
        let identity = &ctx.house().identity;
        let act = act(ctx, "changePassword", None::<SessionId>);
        let changed = async {
            let old = line("oldPassword", &input.old_password, 128)?;
            identity.change_password(&ctx.caller().actor, &old, &input.new_password, &act).await
        };
        Ok(match refusals(ctx, changed.await)? {
            Ok(ended) => {
                identity.cool(&ended).await;
                identity.cool(&[ctx.person()?.session]).await;
                let revoked_session_ids = ended.into_iter().map(|id| id.text().into()).collect();
                ChangePasswordPayload { is_changed: true, revoked_session_ids, user_errors: Vec::new() }
            }
            Err(user_errors) => ChangePasswordPayload { user_errors, ..Default::default() },
        })
    }

    /// 开始绑定第二因素（TOTP）；确认前原有的继续有效 / Begins to enrol a second factor (TOTP); one in force stays so until confirmed.
    async fn begin_second_factor(
        &self,
        ctx: &Context<'_>,
        input: BeginSecondFactorInput,
    ) -> Result<BeginSecondFactorPayload> {
        let act = act(ctx, "beginSecondFactor", None::<SessionId>);
        let begun =
            asked_again(ctx, (&input.password, input.one_time_code.as_deref()), &act, async |actor: &Actor, code| {
                ctx.base().write(actor.doing(&act), &code, |tx, code| Box::pin(slice::begin(tx, code.as_deref()))).await
            });
        Ok(match refusals(ctx, begun.await)? {
            Ok(begun) => BeginSecondFactorPayload {
                secret: Some(begun.secret),
                otpauth_uri: Some(begun.uri),
                user_errors: Vec::new(),
            },
            Err(user_errors) => BeginSecondFactorPayload { user_errors, ..Default::default() },
        })
    }

    /// 以首个验证码确认第二因素 / Puts the second factor in force by its first code.
    async fn confirm_second_factor(
        &self,
        ctx: &Context<'_>,
        input: ConfirmSecondFactorInput,
    ) -> Result<RecoveryCodesPayload> {
        let session = ctx.person()?.session;
        let act = act(ctx, "confirmSecondFactor", None::<SessionId>);
        let actor = &ctx.caller().actor;
        let confirmed = async {
            let code = line("code", &input.code, 16)?;
            ctx.base().write(actor.doing(&act), &code, |tx, code| Box::pin(slice::confirm(tx, code))).await
        };
        let confirmed = refusals(ctx, confirmed.await)?;
        let identity = &ctx.house().identity;
        identity.cool(&[session]).await;
        Ok(match confirmed {
            Ok((fresh, ended)) => {
                identity.cool(&ended).await;
                codes(Ok(fresh))
            }
            Err(refused) => codes(Err(refused)),
        })
    }

    /// 重新生成恢复码，旧的作废 / Makes new recovery codes; the old ones are void.
    async fn renew_recovery_codes(
        &self,
        ctx: &Context<'_>,
        input: RenewRecoveryCodesInput,
    ) -> Result<RecoveryCodesPayload> {
        let act = act(ctx, "renewRecoveryCodes", None::<SessionId>);
        let renewed =
            asked_again(ctx, (&input.password, input.one_time_code.as_deref()), &act, async |actor: &Actor, code| {
                let verb: Verb<Option<String>, Vec<String>> =
                    |tx, code| Box::pin(slice::renew_codes(tx, code.as_deref()));
                ctx.base().write(actor.doing(&act), &code, verb).await
            });
        Ok(codes(refusals(ctx, renewed.await)?))
    }
}

fn codes(result: std::result::Result<Vec<String>, Vec<UserError>>) -> RecoveryCodesPayload {
    match result {
        Ok(recovery_codes) => RecoveryCodesPayload { recovery_codes, user_errors: Vec::new() },
        Err(user_errors) => RecoveryCodesPayload { user_errors, ..Default::default() },
    }
}

/// Does something with the second factor's code after the password was asked once more; a wrong one is noted in the audit
/// chain.
async fn asked_again<T>(
    ctx: &Context<'_>,
    (password, code): (&str, Option<&str>),
    act: &Act,
    then: impl AsyncFnOnce(&Actor, Option<String>) -> KernelResult<T>,
) -> KernelResult<T> {
    let (actor, address) = (&ctx.caller().actor, ctx.caller().address);
    let asked = async {
        actor.person()?;
        let mut problems = Problems::default();
        let password = problems.keep(line("password", password, 128));
        let code = problems.keep(optional("oneTimeCode", code, 32, line));
        problems.none()?;
        ctx.house().identity.ask_again(actor, &password, address).await?;
        Ok(code)
    };
    match asked.await {
        Ok(code) => then(actor, code).await,
        Err(error) => {
            if actor.account().is_some() {
                ctx.base().note_refusal(actor.doing(act), &error).await;
            }
            Err(error)
        }
    }
}
