//! One-time codes by SMS (短信验证码): Tencent Cloud, `SendSms` of 2021-01-11.

mod signature;

use identity::delivery::{CodeSender, Message, NotSent, Sending};
use kernel::base::Base;
use kernel::config;
use serde_json::{Value, json};

use self::signature::{Signed, authorization};
use crate::http::{Remote, Trouble};
use crate::secret::Secret;

const ACTION: &str = "SendSms";
const VERSION: &str = "2021-01-11";

/// The client of Tencent Cloud SMS.
pub struct Tencent {
    base: Base,
    remote: Remote,
    settings: config::Sms,
    secret_key: Secret,
}

impl Tencent {
    /// The client of the configured account.
    ///
    /// # Errors
    /// When the base URL is malformed.
    pub fn new(base: Base, config: &config::Sms) -> anyhow::Result<Self> {
        let remote = Remote::new("sms", &config.base_url)?;
        let secret_key = Secret::new(config.secret_key.as_str());
        Ok(Self { base, remote, settings: config::Sms { secret_key: String::new(), ..config.clone() }, secret_key })
    }

    async fn send(&self, message: &Message) -> Result<(), NotSent> {
        let now = self.base.clock.now();
        let mut values = vec![message.code.clone()];
        if self.settings.template_has_minutes {
            values.push(message.minutes.to_string());
        }
        let body = json!({
            "PhoneNumberSet": [message.phone.e164()],
            "SmsSdkAppId": self.settings.sdk_app_id.0,
            "SignName": self.settings.sign_name,
            "TemplateId": self.settings.template_id.0,
            "TemplateParamSet": values,
        });
        let body = body.to_string();
        let host = self.remote.host();
        let signed = Signed { service: "sms", host: &host, action: ACTION, at: now, body: &body };
        let authorization = authorization(&signed, &self.settings.secret_id, self.secret_key.reveal());
        let request = self
            .remote
            .post(self.remote.url("/", &[]), body)
            .header("Authorization", authorization)
            .header("X-TC-Action", ACTION)
            .header("X-TC-Version", VERSION)
            .header("X-TC-Timestamp", now.timestamp())
            .header("X-TC-Region", &self.settings.region);
        let answer = self.remote.ask(now, request).await.map_err(|trouble| match trouble {
            Trouble::BreakerOpen => NotSent::Later("BREAKER_OPEN"),
            Trouble::Slow => NotSent::Later("SLOW"),
            Trouble::Unreachable | Trouble::Status(_) | Trouble::Broken => NotSent::Later("UNREACHABLE"),
        })?;
        let answer = answer.get("Response").unwrap_or(&Value::Null);
        let status = answer.pointer("/Error/Code").or_else(|| answer.pointer("/SendStatusSet/0/Code"));
        let Some(status) = status.and_then(Value::as_str) else {
            self.remote.failed(now, Trouble::Broken);
            return Err(NotSent::Later("UNREACHABLE"));
        };
        let id = answer.get("RequestId").and_then(Value::as_str).unwrap_or_default();
        judge(status, id)
    }
}

impl CodeSender for Tencent {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(self.send(message))
    }
}

/// Where an operator should look.
#[derive(Clone, Copy)]
enum Look {
    /// Nowhere: it is the phone's affair, or the provider's.
    Nowhere,
    /// At a setting.
    At(&'static str),
    /// At once: nobody gets a code.
    Alarm(&'static str),
}

/// What each documented status means to the code on its way, and to the operator; the first that fits, where one that ends in
/// a point stands for all that begin with it.
const MEANINGS: &[(&str, NotSent, Look)] = {
    use Look::{Alarm, At, Nowhere};
    use NotSent::{Later, Never};
    &[
        ("LimitExceeded.PhoneNumberThirtySecondLimit", Later("THROTTLED"), Nowhere),
        ("LimitExceeded.DeliveryFrequencyLimit", Later("THROTTLED"), Nowhere),
        ("RequestLimitExceeded", Later("THROTTLED"), Nowhere),
        ("RequestLimitExceeded.", Later("THROTTLED"), Nowhere),
        ("LimitExceeded.PhoneNumberOneHourLimit", Never("PHONE_LIMIT"), Nowhere),
        ("LimitExceeded.PhoneNumberDailyLimit", Never("PHONE_LIMIT"), Nowhere),
        ("LimitExceeded.PhoneNumberSameContentDailyLimit", Never("PHONE_LIMIT"), Nowhere),
        ("InvalidParameterValue.IncorrectPhoneNumber", Never("PHONE_REFUSED"), Nowhere),
        ("FailedOperation.PhoneNumberInBlacklist", Never("PHONE_REFUSED"), Nowhere),
        ("UnsupportedOperation.UnsuportedRegion", Never("PHONE_REFUSED"), Nowhere),
        ("FailedOperation.SignatureIncorrectOrUnapproved", Never("SIGN_NAME"), At("sms.sign_name")),
        ("FailedOperation.MissingSignatureList", Never("SIGN_NAME"), At("sms.sign_name")),
        ("FailedOperation.TemplateIncorrectOrUnapproved", Never("TEMPLATE"), At("sms.template_id")),
        ("FailedOperation.MissingTemplateList", Never("TEMPLATE"), At("sms.template_id")),
        ("InvalidParameterValue.TemplateParameterFormatError", Never("TEMPLATE"), At("sms.template_has_minutes")),
        ("InvalidParameterValue.TemplateParameterLengthLimit", Never("TEMPLATE"), At("sms.template_has_minutes")),
        ("InvalidParameterValue.SdkAppIdNotExist", Never("SDK_APP_ID"), At("sms.sdk_app_id")),
        ("UnauthorizedOperation.SmsSdkAppIdVerifyFail", Never("SDK_APP_ID"), At("sms.sdk_app_id")),
        ("UnauthorizedOperation.SdkAppIdIsDisabled", Never("SDK_APP_ID"), At("sms.sdk_app_id")),
        (
            "UnauthorizedOperation.RequestIpNotInWhitelist",
            Never("ADDRESS"),
            At("the addresses that may call, at the provider"),
        ),
        ("AuthFailure.SignatureExpire", Later("CLOCK"), At("this machine's clock")),
        ("InternalError.RequestTimeException", Later("CLOCK"), At("this machine's clock")),
        ("AuthFailure.", Never("CREDENTIALS"), At("sms.secret_id, sms.secret_key")),
        (
            "FailedOperation.InsufficientBalanceInSmsPackage",
            Later("NO_BALANCE"),
            Alarm("the SMS account is out of money"),
        ),
        (
            "UnauthorizedOperation.SerivceSuspendDueToArrears",
            Later("NO_BALANCE"),
            Alarm("the SMS account is out of money"),
        ),
        ("LimitExceeded.AppDailyLimit", Later("DAILY_LIMIT"), Alarm("the SMS account's own daily limit is reached")),
        ("LimitExceeded.DailyLimit", Later("DAILY_LIMIT"), Alarm("the SMS account's own daily limit is reached")),
        ("InternalError.", Later("PROVIDER"), Nowhere),
    ]
};

fn judge(status: &str, request_id: &str) -> Result<(), NotSent> {
    if status == "Ok" {
        return Ok(());
    }
    let fits = |known: &str| status == known || (known.ends_with('.') && status.starts_with(known));
    let meaning = MEANINGS.iter().find(|(known, ..)| fits(known));
    let (what, look) =
        meaning.map_or((NotSent::Later("UNKNOWN"), Look::At("the provider's list of codes")), |row| (row.1, row.2));
    match look {
        Look::Nowhere => tracing::info!(status, request_id, "the SMS provider refuses"),
        Look::At(setting) => {
            tracing::error!(status, request_id, setting, "the SMS provider refuses our messages: look at this setting");
        }
        Look::Alarm(why) => tracing::error!(status, request_id, why, "ALARM: nobody gets a one-time code"),
    }
    Err(what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_documented_status_means_one_thing() {
        use NotSent::{Later, Never};
        for (status, expected) in [
            ("Ok", Ok(())),
            ("LimitExceeded.PhoneNumberThirtySecondLimit", Err(Later("THROTTLED"))),
            ("LimitExceeded.PhoneNumberDailyLimit", Err(Never("PHONE_LIMIT"))),
            ("FailedOperation.SignatureIncorrectOrUnapproved", Err(Never("SIGN_NAME"))),
            ("FailedOperation.TemplateIncorrectOrUnapproved", Err(Never("TEMPLATE"))),
            ("FailedOperation.InsufficientBalanceInSmsPackage", Err(Later("NO_BALANCE"))),
            ("AuthFailure.SecretIdNotFound", Err(Never("CREDENTIALS"))),
            ("AuthFailure.SignatureExpire", Err(Later("CLOCK"))),
            ("InternalError.Timeout", Err(Later("PROVIDER"))),
            ("SomethingNew", Err(Later("UNKNOWN"))),
        ] {
            assert_eq!(judge(status, "id"), expected, "{status}");
        }
    }
}
