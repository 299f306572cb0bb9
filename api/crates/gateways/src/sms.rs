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

/// What a status of the provider means: to the code on its way, and to the operator.
fn judge(status: &str, request_id: &str) -> Result<(), NotSent> {
    use NotSent::{Later, Never};
    let setting = |setting: &str| {
        tracing::error!(status, request_id, setting, "the SMS provider refuses our messages: look at this setting");
    };
    match status {
        "Ok" => return Ok(()),
        "FailedOperation.InsufficientBalanceInSmsPackage" | "UnauthorizedOperation.SerivceSuspendDueToArrears" => {
            tracing::error!(status, request_id, "ALARM: the SMS account is out of money; nobody can sign in by code");
            return Err(Later("NO_BALANCE"));
        }
        "LimitExceeded.AppDailyLimit" | "LimitExceeded.DailyLimit" => {
            tracing::error!(status, request_id, "ALARM: the SMS account's own daily limit is reached");
            return Err(Later("DAILY_LIMIT"));
        }
        _ => {}
    }
    tracing::info!(status, request_id, "the SMS provider refuses");
    Err(match status {
        "LimitExceeded.PhoneNumberThirtySecondLimit"
        | "LimitExceeded.DeliveryFrequencyLimit"
        | "RequestLimitExceeded"
        | "RequestLimitExceeded.IPLimitExceeded"
        | "RequestLimitExceeded.UinLimitExceeded" => Later("THROTTLED"),
        "LimitExceeded.PhoneNumberOneHourLimit"
        | "LimitExceeded.PhoneNumberDailyLimit"
        | "LimitExceeded.PhoneNumberSameContentDailyLimit" => Never("PHONE_LIMIT"),
        "InvalidParameterValue.IncorrectPhoneNumber"
        | "FailedOperation.PhoneNumberInBlacklist"
        | "UnsupportedOperation.UnsuportedRegion" => Never("PHONE_REFUSED"),
        "FailedOperation.SignatureIncorrectOrUnapproved" | "FailedOperation.MissingSignatureList" => {
            setting("sms.sign_name");
            Never("SIGN_NAME")
        }
        "FailedOperation.TemplateIncorrectOrUnapproved"
        | "FailedOperation.MissingTemplateList"
        | "InvalidParameterValue.TemplateParameterFormatError"
        | "InvalidParameterValue.TemplateParameterLengthLimit" => {
            setting("sms.template_id, sms.template_has_minutes");
            Never("TEMPLATE")
        }
        "InvalidParameterValue.SdkAppIdNotExist"
        | "UnauthorizedOperation.SmsSdkAppIdVerifyFail"
        | "UnauthorizedOperation.SdkAppIdIsDisabled" => {
            setting("sms.sdk_app_id");
            Never("SDK_APP_ID")
        }
        "AuthFailure.SignatureExpire" | "InternalError.RequestTimeException" => {
            setting("this machine's clock");
            Later("CLOCK")
        }
        "UnauthorizedOperation.RequestIpNotInWhitelist" => {
            setting("the list of addresses that may call, at the provider");
            Never("ADDRESS")
        }
        status if status.starts_with("AuthFailure") => {
            setting("sms.secret_id, sms.secret_key");
            Never("CREDENTIALS")
        }
        status if status.starts_with("InternalError") => Later("PROVIDER"),
        _ => {
            setting("unknown");
            Later("UNKNOWN")
        }
    })
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
