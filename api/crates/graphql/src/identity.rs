//! 登录与本人 / Signing in, and the signed-in person.

pub mod accounts;
pub mod audit;
pub mod change;
pub mod consents;
pub mod own;
pub mod viewer;

use async_graphql::{Context, Enum, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{Id as _, SessionId};
use identity::phone::Phone;
use identity::staff::PasswordSignIn;
use identity::{Device, Issued};
use kernel::error::{Error, UserError as Refusal, UserErrorCode};
use kernel::text::{Problems, line, optional};

use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::ClientKind;
use crate::errors::UserError;
use crate::mutation::refusals;

pub use accounts::{AccountMutation, AccountQuery};
pub use audit::AuditQuery;
pub use change::ChangeMutation;
pub use consents::{ConsentMutation, ConsentQuery};
pub use own::OwnCredentialMutation;
pub use viewer::{User, Viewer};

/// 登录设备 / The device that signs in.
#[derive(InputObject, Clone, Debug)]
pub struct DeviceInput {
    /// 客户端种类 / Kind of client.
    kind: ClientKind,
    /// 客户端安装标识，8–128 个字符，换机即变 / The installation's own id, 8–128 characters; refreshing needs the same one.
    id: String,
    /// 设备名称 / What the device calls itself.
    name: Option<String>,
}

/// 获取验证码 / Asks for a one-time code.
#[derive(InputObject, Clone, Debug)]
pub struct SendVerificationCodeInput {
    /// 手机号 / Mobile number.
    phone: String,
    /// 用途 / What the code is for.
    #[graphql(default_with = "CodeOccasion::SignIn")]
    occasion: CodeOccasion,
}

/// 验证码用途 / What a one-time code is for; one for this is none for that.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "identity::code::Occasion")]
pub enum CodeOccasion {
    /// 登录 / signing in.
    SignIn,
    /// 换绑手机号，须已登录；新旧号码各取一个 / changing the number, for people who signed in; one for each number.
    ChangePhone,
    /// 注销账号，须已登录；发到本人手机号 / ending the account, for people who signed in; to the own number.
    DeleteAccount,
    /// 遗失换绑，居村干部在窗口为居民办理；发到新号码 / replacing a lost number, for the neighbourhood's counter; to the new number.
    ReplaceLostPhone,
}

/// 手机号登录 / Signs in by phone and code.
#[derive(InputObject, Clone, Debug)]
pub struct SignInWithCodeInput {
    /// 手机号 / Mobile number.
    phone: String,
    /// 六位验证码 / Six digits.
    code: String,
    /// 设备 / Device.
    device: DeviceInput,
}

/// 工作人员登录 / Signs a staff member in.
#[derive(InputObject, Clone, Debug)]
pub struct SignInWithPasswordInput {
    /// 用户名 / User name.
    username: String,
    /// 口令 / Password.
    password: String,
    /// 验证器上的六位数字，或一个恢复码；已绑定第二因素时必填 / Code of the authenticator app, or a recovery code; needed where a
    /// second factor is enrolled.
    one_time_code: Option<String>,
    /// 设备 / Device.
    device: DeviceInput,
}

/// 换发令牌 / Rotates the tokens.
#[derive(InputObject, Clone, Debug)]
pub struct RefreshSessionInput {
    /// 刷新令牌 / Refresh token.
    refresh_token: String,
    /// 同一安装标识 / The installation's id, as at sign-in.
    device_id: String,
}

/// 退出一台设备 / Ends a session.
#[derive(InputObject, Clone, Debug)]
pub struct RevokeSessionInput {
    /// 会话；为空则退出本机 / Session; the present one when absent.
    id: Option<ID>,
}

impl DeviceInput {
    pub(crate) fn parse(&self, problems: &mut Problems) -> Device {
        let id = problems.keep(line("device.id", &self.id, 128));
        let name = problems.keep(optional("device.name", self.name.as_deref(), 64, line));
        if !id.is_empty() && id.chars().count() < 8 {
            problems.add(Refusal::at(UserErrorCode::Invalid, "device.id"));
        }
        Device { kind: self.kind.into(), id, name }
    }
}

/// 令牌 / Tokens.
#[derive(SimpleObject, Clone, Debug)]
pub struct SessionTokens {
    /// 访问令牌，放在 Authorization: Bearer / Access token, for `Authorization: Bearer`.
    access_token: String,
    /// 刷新令牌，只能用一次 / Refresh token, for one use.
    refresh_token: String,
    /// 访问令牌的失效时间 / When the access token ends.
    expires_at: DateTime<Utc>,
}

/// 验证码返回 / Payload of a code request; the same for known and unknown numbers.
#[derive(SimpleObject, Default)]
pub struct SendVerificationCodePayload {
    /// 多少秒后可再次获取 / Seconds until another may be asked for.
    retry_after_seconds: Option<i32>,
    /// 验证码有效秒数 / Seconds the code lives.
    expires_in_seconds: Option<i32>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 会话返回 / Payload of signing in and refreshing.
#[derive(SimpleObject, Default)]
pub struct SessionPayload {
    /// 令牌 / Tokens.
    tokens: Option<SessionTokens>,
    /// 登录者 / The signed-in person.
    viewer: Option<Viewer>,
    /// 是否新用户 / Whether the account was opened just now.
    is_new_user: bool,
    /// 口令正确，还需第二因素：带上 oneTimeCode 重试 / The password is right and a second factor is needed: try again with `oneTimeCode`.
    needs_one_time_code: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 退出返回 / Payload of ending sessions.
#[derive(SimpleObject, Default)]
pub struct RevokeSessionPayload {
    /// 已退出的会话 / Sessions that were ended.
    revoked_session_ids: Vec<ID>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

impl SessionPayload {
    pub(crate) fn of(result: std::result::Result<(Issued, bool), Vec<UserError>>) -> Self {
        match result {
            Ok((issued, is_new_user)) => Self {
                tokens: Some(SessionTokens {
                    access_token: issued.access.text,
                    refresh_token: issued.refresh,
                    expires_at: issued.access.expires_at,
                }),
                viewer: Some(Viewer { account: issued.account, session: issued.session }),
                is_new_user,
                needs_one_time_code: false,
                user_errors: Vec::new(),
            },
            Err(user_errors) => Self { user_errors, ..Self::default() },
        }
    }
}

/// Queries.
#[derive(Default)]
pub struct IdentityQuery;

/// 本人查询 / Queries about the signed-in person.
#[Object]
impl IdentityQuery {
    /// 当前登录者；未登录为空 / The signed-in person, or null.
    async fn viewer(&self, ctx: &Context<'_>) -> Option<Viewer> {
        let person = ctx.caller().actor.person().ok()?;
        Some(Viewer { account: person.account, session: person.session })
    }
}

/// Mutations.
#[derive(Default)]
pub struct IdentityMutation;

/// 登录与退出 / Signing in and out.
#[Object]
impl IdentityMutation {
    /// 发送短信验证码 / Sends a one-time code.
    async fn send_verification_code(
        &self,
        ctx: &Context<'_>,
        input: SendVerificationCodeInput,
    ) -> Result<SendVerificationCodePayload> {
        let address = ctx.caller().address.to_string();
        let sent = async {
            let phone = Phone::parse("phone", &input.phone)?;
            let identity = &ctx.house().identity;
            match input.occasion {
                CodeOccasion::SignIn => identity.send_code(&phone, &address).await,
                CodeOccasion::ChangePhone => identity.send_change_code(&ctx.caller().actor, &phone, &address).await,
                CodeOccasion::DeleteAccount => identity.send_deletion_code(&ctx.caller().actor, &phone, &address).await,
                CodeOccasion::ReplaceLostPhone => {
                    identity.send_counter_code(&ctx.caller().actor, &phone, &address).await
                }
            }
        };
        Ok(match refusals(ctx, sent.await)? {
            Ok(()) => SendVerificationCodePayload {
                retry_after_seconds: Some(60),
                expires_in_seconds: i32::try_from(identity::code::LIFE.num_seconds()).ok(),
                user_errors: Vec::new(),
            },
            Err(user_errors) => SendVerificationCodePayload { user_errors, ..Default::default() },
        })
    }

    /// 手机号登录；首次登录即开户 / Signs in by phone and code; opens the account on first sight.
    async fn sign_in_with_code(&self, ctx: &Context<'_>, input: SignInWithCodeInput) -> Result<SessionPayload> {
        let address = ctx.caller().address.to_string();
        let signed_in = async {
            let mut problems = Problems::default();
            let phone = problems.take(Phone::parse("phone", &input.phone));
            let code = problems.keep(line("code", &input.code, 16));
            let device = input.device.parse(&mut problems);
            problems.none()?;
            let phone = phone.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
            ctx.house().identity.sign_in_with_code(&phone, &code, &device, &address).await
        };
        let result = refusals(ctx, signed_in.await)?;
        Ok(SessionPayload::of(result.map(|signed_in| (signed_in.issued, signed_in.is_new))))
    }

    /// 工作人员登录 / Signs a staff member in by name and password.
    async fn sign_in_with_password(&self, ctx: &Context<'_>, input: SignInWithPasswordInput) -> Result<SessionPayload> {
        let signed_in = async {
            let mut problems = Problems::default();
            let username = problems.keep(line("username", &input.username, ::identity::USERNAME));
            let password = problems.keep(line("password", &input.password, 128));
            let one_time_code = problems.keep(optional("oneTimeCode", input.one_time_code.as_deref(), 32, line));
            let device = input.device.parse(&mut problems);
            problems.none()?;
            let ask = PasswordSignIn { username, password, one_time_code, device, address: ctx.caller().address };
            ctx.house().identity.sign_in_with_password(&ask).await
        };
        let signed_in = signed_in.await;
        let needs_one_time_code = matches!(&signed_in, Err(Error::Refused(refusals))
            if refusals.iter().any(|one| one.code == UserErrorCode::Required && one.field == ["oneTimeCode"]));
        let result = refusals(ctx, signed_in)?;
        let payload = SessionPayload::of(result.map(|signed_in| (signed_in.issued, signed_in.is_new)));
        Ok(SessionPayload { needs_one_time_code, ..payload })
    }

    /// 换发令牌；旧刷新令牌随即失效 / Rotates the tokens; reuse of an old refresh token ends the session. A retry within 10 s
    /// from the same device gets the same answer.
    async fn refresh_session(&self, ctx: &Context<'_>, input: RefreshSessionInput) -> Result<SessionPayload> {
        let refreshed = ctx.house().identity.refresh(&input.refresh_token, &input.device_id).await;
        Ok(SessionPayload::of(refusals(ctx, refreshed)?.map(|issued| (issued, false))))
    }

    /// 退出本机，或踢下另一台设备 / Signs out here, or another device of the person.
    async fn revoke_session(&self, ctx: &Context<'_>, input: RevokeSessionInput) -> Result<RevokeSessionPayload> {
        let person = ctx.person()?;
        let session = match &input.id {
            Some(id) => ctx.id(id)?,
            None => person.session,
        };
        let actor = &ctx.caller().actor;
        let ended = ctx
            .base()
            .write(actor, &session, |tx, id| Box::pin(identity::revoke_session(tx, id)))
            .await
            .or_fail(ctx)?;
        Ok(ended_payload(ctx, ended).await)
    }

    /// 退出全部设备 / Signs out everywhere.
    async fn revoke_all_sessions(&self, ctx: &Context<'_>) -> Result<RevokeSessionPayload> {
        let actor = &ctx.caller().actor;
        ctx.person()?;
        let ended = ctx.base().write(actor, &(), |tx, ()| Box::pin(identity::revoke_all(tx))).await.or_fail(ctx)?;
        Ok(ended_payload(ctx, ended).await)
    }
}

async fn ended_payload(ctx: &Context<'_>, ended: Vec<SessionId>) -> RevokeSessionPayload {
    ctx.house().identity.cool(&ended).await;
    let revoked_session_ids = ended.into_iter().map(|id| id.text().into()).collect();
    RevokeSessionPayload { revoked_session_ids, user_errors: Vec::new() }
}
