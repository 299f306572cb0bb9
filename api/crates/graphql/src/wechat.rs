//! 微信登录 / Signing in with WeChat.

use async_graphql::{Context, InputObject, Object, SimpleObject};
use identity::wechat::WechatCodes;
use kernel::text::{Problems, line, optional};

use crate::context::{Ask as _, Result, once};
use crate::errors::UserError;
use crate::identity::{DeviceInput, SessionPayload, Viewer};
use crate::mutation::{refusals, settle};

/// Characters of a code of WeChat at most; documented ones have 32 to 64.
const CODE: usize = 128;

/// 微信登录 / Signs in with WeChat.
#[derive(InputObject, Clone, Debug)]
pub struct SignInWithWechatInput {
    /// wx.login 的 code / Code of `wx.login`: five minutes, one use.
    login_code: String,
    /// 手机号快速验证组件的 code；首次登录时用于归户 / Code of the phone number button; tells a first sign-in whose it is.
    phone_code: Option<String>,
    /// 设备 / Device.
    device: DeviceInput,
}

/// 绑定手机号 / Binds a phone number.
#[derive(InputObject, Clone, Debug)]
pub struct BindPhoneInput {
    /// 手机号快速验证组件的 code / Code of the phone number button: five minutes, one use.
    phone_code: String,
    /// 幂等键 / Idempotency key, 8–64 printable ASCII characters.
    idempotency_key: String,
}

/// 绑定返回 / Payload of binding a number.
#[derive(SimpleObject, Default)]
pub struct BindPhonePayload {
    /// 当前登录者 / The signed-in person.
    viewer: Option<Viewer>,
    /// 是否为重复提交 / Whether it had been done before by the same key.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct WechatMutation;

/// 微信登录与绑定 / Signing in with WeChat, and binding a number.
#[Object]
impl WechatMutation {
    /// 微信登录；首次登录按手机号归户，没有手机号则开新户 / Signs in with WeChat; at first by the number, without one to a new
    /// account.
    async fn sign_in_with_wechat(&self, ctx: &Context<'_>, input: SignInWithWechatInput) -> Result<SessionPayload> {
        let address = ctx.caller().address.to_string();
        let signed_in = async {
            let mut problems = Problems::default();
            let login = problems.keep(line("loginCode", &input.login_code, CODE));
            let phone = problems.keep(optional("phoneCode", input.phone_code.as_deref(), CODE, line));
            let device = input.device.parse(&mut problems);
            problems.none()?;
            let codes = WechatCodes { login, phone };
            ctx.house().identity.sign_in_with_wechat(&codes, &device, &address).await
        };
        let result = refusals(ctx, signed_in.await)?;
        Ok(SessionPayload::of(result.map(|signed_in| (signed_in.issued, signed_in.is_new))))
    }

    /// 绑定手机号；该号码属于他人时不合并 / Binds a number to the person's account, which has none; never merges accounts.
    async fn bind_phone(&self, ctx: &Context<'_>, input: BindPhoneInput) -> Result<BindPhonePayload> {
        let person = ctx.person()?;
        let viewer = Viewer { account: person.account, session: person.session };
        let bound = async {
            let once = once("bindPhone", &input.idempotency_key, &input)?;
            let code = line("phoneCode", &input.phone_code, CODE)?;
            ctx.house().identity.bind_phone(&ctx.caller().actor, &once, &code).await
        };
        let settled = settle(ctx, bound.await, None)?;
        Ok(BindPhonePayload { viewer: Some(viewer), is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}
