//! Errors on the wire (错误): codes are stable, sentences follow the client's language.

mod reasons;

use async_graphql::{Enum, ErrorExtensions as _, SimpleObject};
use chrono::{DateTime, FixedOffset, SecondsFormat, Utc};
use kernel::error::{Detail, Error};

/// 业务性错误：用户可以改正 / A refusal the person can act on; system errors are top-level `errors[].extensions.code`.
#[derive(SimpleObject, Clone, Debug)]
pub struct UserError {
    /// 稳定的错误码 / Stable code.
    code: UserErrorCode,
    /// 给居民看的一句话，按 Accept-Language 显示 / A plain sentence, in the language of `Accept-Language`.
    message: String,
    /// 出错的输入字段路径 / Path of the input field; null when the whole input is meant.
    field: Option<Vec<String>>,
    /// 允许的最大值或数量 / The largest value or number allowed, where one was crossed.
    limit: Option<i32>,
    /// 上限何时恢复 / When the limit starts anew.
    reset_at: Option<DateTime<Utc>>,
    /// 改为可以做的操作，如 RequestAction 的名称 / What may be done instead, as names on the wire.
    allowed: Option<Vec<String>>,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident: $zh:literal, $en:literal;)*) => {
        /// 业务错误码，只增不减 / Codes of refusals; append-only.
        #[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
        #[graphql(remote = "kernel::error::UserErrorCode")]
        pub enum UserErrorCode { $($(#[$doc])* $name),* }

        fn sentence(code: kernel::error::UserErrorCode) -> (&'static str, &'static str) {
            match code { $(kernel::error::UserErrorCode::$name => ($zh, $en)),* }
        }
    };
}

codes! {
    /// 输入不正确 / A bad value; `field` names it.
    Invalid: "填写的内容不正确", "This value is not valid";
    /// 必填 / A value is missing.
    Required: "请填写这一项", "Please fill this in";
    /// 文字过长 / Text is too long.
    TooLong: "文字太长了", "This text is too long";
    /// 当前状态不允许 / The object's state does not allow this.
    InvalidTransition: "当前状态下不能这样操作", "This cannot be done in the present state";
    /// 已被他人更新 / Someone was faster; the payload carries the current object.
    Conflict: "内容刚刚被别人更新，请查看后再操作", "Someone has just changed this; please look again";
    /// 幂等键已用于其他请求 / The key stands for another input.
    IdempotencyKeyReused: "请求编号重复，请重新提交", "This idempotency key was used for something else";
    /// 需要绑定手机号 / A bound phone number is needed.
    PhoneRequired: "请先绑定手机号", "Please bind a phone number first";
    /// 已过期限 / Too late.
    DeadlinePassed: "已经超过办理期限", "The deadline has passed";
    /// 超过次数或数量上限 / Too many.
    LimitExceeded: "超过了允许的数量", "This is more than allowed";
    /// 内容不宜发布 / The words must not be published.
    ContentBlocked: "内容不宜发布，请修改", "These words cannot be published; please change them";
    /// 验证码或口令不正确 / The code or password is wrong.
    CodeIncorrect: "验证码或口令不正确", "The code or password is not correct";
    /// 验证码已失效 / The code is used up or too old.
    CodeExpired: "验证码已失效，请重新获取", "The code is no longer valid; please ask for a new one";
    /// 文件过大 / The file is too large.
    FileTooLarge: "照片太大了", "The photo is too large";
    /// 文件类型不支持 / The file is not of an accepted type.
    FileTypeRejected: "只能上传 JPEG、PNG 或 WebP 照片", "Only JPEG, PNG or WebP photos can be uploaded";
    /// 不在服务区域 / The place is outside the area served.
    OutsideArea: "这个位置不在本街道范围内", "This place is outside the sub-district";
    /// 需先行联系 / The first contact must come first.
    ContactRequired: "请先联系诉求人", "Please contact the reporter first";
    /// 需要处置后照片 / A photo is needed.
    PhotoRequired: "请上传处置后的照片", "Please add a photo taken after handling";
    /// 不能由同一人办理 / The same person may not do both.
    SamePerson: "这两件事不能由同一人办理", "The same person cannot do both";
    /// 本轮已退过单 / The one return of this round was used.
    ReturnUsed: "本轮已经申请过退单", "A return was already asked for in this round";
    /// 三员互斥 / The person holds a role that excludes this one: the three administrators are three people.
    RoleExclusive: "系统、安全、审计管理员不能由同一人担任", "System, security and audit administrators must be different people";
    /// 微信限制该账号登录 / WeChat holds the account for a risk and does not let it sign in.
    WechatAccountBlocked: "微信限制了这个账号，请改用手机号登录", "WeChat restricts this account; please sign in by phone number";
    /// 手机号已绑定其他账号 / The number belongs to another account.
    PhoneTaken: "这个手机号已绑定其他账号，请用该手机号登录", "This number belongs to another account; please sign in with it";
    /// 需要同意最新的告知文件 / The current version of a document was not consented to.
    ConsentRequired: "请先阅读并同意", "Please read and consent first";
    /// 未满十四周岁须由监护人办理 / Who is under fourteen needs a guardian.
    GuardianRequired: "未满十四周岁，请由监护人办理", "People under fourteen need their guardian to do this";
    /// 仍在任职 / The person still works for the sub-district.
    RolesHeld: "请先卸任工作职务", "Please give up your duties first";
    /// 还没到时间；resetAt 为可办时间 / Its time has not come; `resetAt` says from when on.
    NotInWindow: "还没到可以办理的时间", "It is too early for this";
    /// 会商已指定本单位牵头 / A conference named the unit; it keeps the case.
    LeadBound: "会商已指定本单位牵头，不能退单", "A conference named this unit to lead; it cannot be returned";
    /// 另一项申请待审批 / Something else that was asked for is not decided yet.
    AskPending: "上一项申请还在审批", "Something asked for before is not decided yet";
    /// 已归档 / It is archived: it is read, and nothing is done with it any more.
    Archived: "这件诉求已经归档，只能查看", "This case is archived and can only be read";
    /// 时段已被预约；resetAt 为下一个空闲时段 / Somebody else has the time wanted; `resetAt` is the next free one.
    SlotTaken: "这个时段已被预约", "Somebody else has booked this time";
    /// 该时段不开放 / The venue is not open at the time wanted.
    SlotClosed: "这个时段不开放", "It is not open at this time";
    /// 本人同一时间已有安排 / The person is elsewhere at the time wanted.
    TimeConflict: "您在同一时间已有其他安排", "You have something else at this time";
    /// 多次未到场，暂停预约；resetAt 为恢复时间 / The person did not come too often; `resetAt` says from when on booking is possible again.
    CreditBarred: "因多次未到场，暂时不能预约", "Booking is paused for you, as you did not come several times";
    /// 名额已满 / No seat is free; who wants to wait says so.
    EventFull: "名额已满，可以选择候补", "No seat is free; you can choose to wait";
    /// 已报名 / The person is registered already, or waits.
    AlreadyRegistered: "您已经报名", "You are registered already";
    /// 报名已截止，或无需报名 / People register no more, or need not.
    RegistrationClosed: "现在不能报名", "Registration is closed";
    /// 不在参加范围 / It is not for the person.
    NotEligible: "您不在参加范围内", "This is not open to you";
    /// 不在现场；limit 为允许的距离（米） / The person is not there; `limit` is the distance allowed, in metres.
    OutOfGeofence: "您不在现场附近", "You are not there";
    /// 到会人数不足，不能表决；limit 为最少到会人数 / Too few of those who vote are there; `limit` says how many it takes.
    NoQuorum: "到会人数未过半，不能表决", "Not more than half of those who vote are there";
}

/// Language of sentences (语言).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// 简体中文.
    #[default]
    Chinese,
    /// English.
    English,
}

impl Language {
    /// The language a client prefers: English only when it comes before any Chinese.
    ///
    /// ```
    /// use graphql::errors::Language;
    /// assert_eq!(Language::preferred(Some("en-GB,en;q=0.9,zh;q=0.8")), Language::English);
    /// assert_eq!(Language::preferred(Some("zh-CN,en;q=0.8")), Language::Chinese);
    /// assert_eq!(Language::preferred(None), Language::Chinese);
    /// ```
    #[must_use]
    pub fn preferred(accept: Option<&str>) -> Self {
        let first = accept.unwrap_or_default().split(',').map(str::trim).find_map(|tag| match tag.get(..2)? {
            "zh" | "ZH" => Some(Self::Chinese),
            "en" | "EN" => Some(Self::English),
            _ => None,
        });
        first.unwrap_or_default()
    }

    /// One of two sentences.
    #[must_use]
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        match self {
            Self::Chinese => zh,
            Self::English => en,
        }
    }
}

impl UserError {
    /// Renders a refusal.
    #[must_use]
    pub fn render(error: kernel::error::UserError, language: Language) -> Self {
        let (zh, en) = sentence(error.code);
        let mut message = language.pick(zh, en).to_owned();
        if let Some(addition) = addition(&error.detail, language) {
            message.push_str(language.pick("（", " ("));
            message.push_str(&addition);
            message.push_str(language.pick("）", ")"));
        }
        message.push_str(language.pick("。", "."));
        let small = |most: i64| i32::try_from(most).unwrap_or(i32::MAX);
        let (limit, reset_at, allowed) = match error.detail {
            Detail::Limit(most) | Detail::Away(_, most) => (Some(small(most)), None, None),
            Detail::LimitUntil(most, until) => (Some(small(most)), Some(until), None),
            Detail::From(from) => (None, Some(from), None),
            Detail::Allowed(actions) => (None, None, Some(actions.into_iter().map(str::to_owned).collect())),
            Detail::None | Detail::Because(_) => (None, None, None),
        };
        let field = (!error.field.is_empty()).then_some(error.field);
        Self { code: error.code.into(), message, field, limit, reset_at, allowed }
    }
}

fn addition(detail: &Detail, language: Language) -> Option<String> {
    match detail {
        Detail::None => None,
        Detail::Limit(most) => Some(format!("{} {most}", language.pick("最多", "at most"))),
        Detail::LimitUntil(most, until) => {
            let until = in_shanghai(*until)?;
            Some(format!("{} {most}, {} {until}", language.pick("最多", "at most"), language.pick("恢复时间", "until")))
        }
        Detail::From(from) => Some(format!("{} {}", language.pick("可办时间", "from"), in_shanghai(*from)?)),
        Detail::Allowed(actions) if actions.is_empty() => None,
        Detail::Allowed(actions) => Some(format!("{}{}", language.pick("可以：", "possible: "), actions.join(", "))),
        Detail::Away(metres, most) => Some(match language {
            Language::Chinese => format!("相距约 {metres} 米，须在 {most} 米以内"),
            Language::English => format!("about {metres} m away, at most {most} m"),
        }),
        Detail::Because(reason) => reasons::sentence(reason, language).map(str::to_owned),
    }
}

fn in_shanghai(instant: DateTime<Utc>) -> Option<String> {
    let shanghai = FixedOffset::east_opt(8 * 3600)?;
    Some(instant.with_timezone(&shanghai).to_rfc3339_opts(SecondsFormat::Secs, false))
}

/// A top-level error: a stable code, a constant sentence. What is our fault is logged here with its chain, once.
pub(crate) fn top_level(error: &Error, language: Language) -> async_graphql::Error {
    let (code, zh, en) = match error {
        Error::Unauthenticated => ("UNAUTHENTICATED", "请先登录。", "Please sign in first."),
        Error::Forbidden => ("FORBIDDEN", "您没有权限这样操作。", "You are not allowed to do this."),
        Error::NotFound => ("NOT_FOUND", "没有找到。", "Not found."),
        Error::BadRequest(_) => ("BAD_REQUEST", "请求不正确。", "The request is not correct."),
        Error::RateLimited { .. } => {
            ("RATE_LIMITED", "操作太频繁，请稍后再试。", "Too many requests; please try again later.")
        }
        Error::Unavailable(_) | Error::Crossed(_) => (
            "UNAVAILABLE",
            "服务暂时不可用，请稍后再试。",
            "The service is not available right now; please try again later.",
        ),
        Error::Refused(_) | Error::Conflict | Error::Fault(_) => {
            ("INTERNAL", "系统出了问题，我们已经记录。", "Something went wrong on our side; it was logged.")
        }
    };
    let message = match error {
        Error::BadRequest(reason) => format!("{} {reason}", language.pick(zh, en)),
        Error::Fault(fault) => {
            tracing::error!(error = format!("{fault:#}"), "a fault of ours");
            language.pick(zh, en).to_owned()
        }
        Error::Refused(refusals) => {
            tracing::error!(?refusals, "a refusal reached a place that has no payload");
            language.pick(zh, en).to_owned()
        }
        _ => language.pick(zh, en).to_owned(),
    };
    async_graphql::Error::new(message).extend_with(|_, extensions| {
        extensions.set("code", code);
        if let Error::RateLimited { retry_after_ms } = *error {
            extensions.set("retryAfterMs", retry_after_ms);
        }
    })
}
