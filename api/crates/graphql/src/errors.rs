//! Errors on the wire (错误): codes are stable, sentences follow the client's language.

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
            Detail::Limit(most) => (Some(small(most)), None, None),
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
        Detail::Because(reason) => reason_sentence(reason, language).map(str::to_owned),
    }
}

fn in_shanghai(instant: DateTime<Utc>) -> Option<String> {
    let shanghai = FixedOffset::east_opt(8 * 3600)?;
    Some(instant.with_timezone(&shanghai).to_rfc3339_opts(SecondsFormat::Secs, false))
}

/// Every reason that the slices give.
fn reason_sentence(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "control_character" => ("含有不可见字符", "it contains invisible characters"),
        "line_break" => ("不能换行", "it must be one line"),
        "password_short" => ("至少 10 位", "at least 10 characters"),
        "password_classes" => {
            ("需含大小写字母、数字、符号中的三类", "use three of lower case, upper case, digits, signs")
        }
        "looks_swapped" => ("经度和纬度好像写反了", "longitude and latitude look swapped"),
        "not_a_number" | "not_finite" => ("坐标不是数字", "the coordinates are no numbers"),
        "out_of_range" => ("超出取值范围", "it is out of range"),
        "unknown_datum" => ("坐标基准未知", "the datum is unknown"),
        "category_code" => ("不是分类代码", "it is no code of a category"),
        "credit_code" => ("不是有效的统一社会信用代码", "it is no unified social credit code"),
        "unknown" => ("没有这一项", "there is no such thing"),
        "too_short" => ("太短了", "it is too short"),
        "too_early" => ("还没有到可以这样做的时候", "it is too early for this"),
        "not_an_active_unit" => ("没有这个单位，或它不接单", "there is no such unit, or it takes no orders"),
        "not_a_member" => ("这个人不在该单位任职", "this person does not work in the unit"),
        "already_member" => ("这个人已在该单位任职", "this person works in the unit already"),
        "unknown_or_disabled" => ("没有这个账号，或已停用", "there is no such account, or it is disabled"),
        "in_the_past" => ("不能早于现在", "it lies in the past"),
        "too_far_ahead" => ("时间太远", "it lies too far ahead"),
        "before_start" => ("不能早于开始时间", "it lies before the start"),
        "not_a_neighbourhood" => ("请选到居村或小区", "choose a neighbourhood or a compound in one"),
        "already_applied" => ("这套房屋已经申请或认证", "this flat was applied for or verified already"),
        "own_phone" => ("不能授权给自己", "this is your own number"),
        "not_attachable" => ("照片不存在、已被使用或不是本人上传", "a photo is absent, in use, or not your own upload"),
        "too_many_pixels" => ("像素太多", "it has too many pixels"),
        "damaged" => ("照片已损坏", "the photo is damaged"),
        "taken" => ("已被使用", "it is in use already"),
        "used_before" => ("近期用过的口令不能再用", "it was used before"),
        "one_scope" => ("请只选一个范围", "choose exactly one scope"),
        "not_granted_there" => ("这个角色不能这样授予", "this role is not granted like this"),
        "held_already" => ("已经持有这个角色", "the person holds this role already"),
        "not_mainland" => ("请使用中国内地手机号", "use a mobile number of mainland China"),
        "phone_bound" => ("您已绑定手机号", "a number is bound already"),
        "no_number" => ("没有留下联系电话", "no number was left"),
        "consent_privacy_policy" => ("隐私政策", "the privacy policy"),
        "consent_user_agreement" => ("用户协议", "the terms of use"),
        "consent_location" => ("位置信息的使用，或改填地址", "the use of exact places, or give an address instead"),
        "consent_health" => ("健康信息的使用", "the use of data about health"),
        "consent_party" => ("党员身份信息的使用", "the use of data about party membership"),
        "consent_minor" => ("未成年人信息的使用", "the use of data about children"),
        "not_asked_for" => ("不是现行的告知文件", "it is no document that is asked for now"),
        "before_the_last" => ("不能早于上一版的生效时间", "the version before holds from later on"),
        "not_a_month" => ("请填写年月，如 2018-03", "write year and month, e.g. 2018-03"),
        "not_a_minor" => ("已满十八周岁", "the person is of age"),
        "not_born_yet" => ("不能晚于现在", "it lies ahead"),
        "id_number" => ("证件号码不正确", "it is no number of an identity card"),
        "type" => ("文件内容不是照片", "its content is no such photo"),
        _ => return request_reason(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Those that requests give.
fn request_reason(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "not_of_this_channel" => ("这个渠道不能提交这种类型", "this kind does not come in by this channel"),
        "anonymous" => ("代他人提交时不能匿名", "who files for somebody else cannot be anonymous"),
        "own_unit" => ("请填写应当承办的其他单位", "name another unit that should have it"),
        "not_a_grid" => ("请选到网格", "choose a grid, not the whole street"),
        "lead_unit_repeated" => ("牵头单位不能同时协办", "the leading unit cannot help as well"),
        "not_tried_enough" => ("需先在不同半天联系三次以上", "call three times in different half-days first"),
        "not_overdue" => ("这件诉求没有超时", "it is not overdue"),
        "no_bad_reviews" => ("没有两次差评", "it was not answered badly twice"),
        "too_few" => ("至少要两个单位", "two units at least"),
        "itself" => ("不能并入自己", "a case is not merged into itself"),
        "has_merged" => ("已有其他诉求并入这件，请反向并案", "others were merged into it; merge the other way"),
        "is_over" => ("目标诉求已经结束", "that case is over"),
        "unlike" => ("须为同类且相距 250 米内，或同一诉求人", "the same category within 250 m, or the same person"),
        "ask_instead" => ("请改为申请", "ask for it instead"),
        "same_verdict" => ("与原结论相同", "that was decided already"),
        "not_of_this_case" => ("不属于这件诉求", "it is not of this case"),
        "no_original" => ("没有原图", "there is no original"),
        "outside" => ("遮盖区域超出照片", "a rectangle lies outside the photo"),
        "is_to_go" => ("该网格即将调整取消", "that grid is about to go"),
        "named_by_routing_rule" => ("派单规则仍指向该网格", "a routing rule names that grid still"),
        "was_reached" => ("已接通的请登记评价", "write down the answer of who was reached"),
        _ => return reason_about_sources(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Every reason about files of the hotline, patrols and devices.
fn reason_about_sources(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "file_encoding" => {
            ("文件须为 UTF-8 或 GB18030 编码，请另存后再导入", "the file is neither in UTF-8 nor in GB18030")
        }
        "file_heading" => ("第一行缺少必要的列名", "its first row lacks columns that must be there"),
        "file_column_twice" => ("有一列出现了两次", "a column stands there twice"),
        "file_empty" => ("文件里没有数据行", "it holds no row"),
        "file_workbook" => ("工作簿无法打开", "the workbook cannot be read"),
        "file_unpacks" => ("工作簿解压后过大", "the workbook unpacks to too much"),
        "no_new_results" => ("没有尚未回传的结果", "no result waits to be sent"),
        "in_the_future" => ("时间不能晚于现在", "it lies in the future"),
        "not_a_uuid" => ("不是 UUID", "it is no UUID"),
        _ => return reason_about_inboxes(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Every reason about inboxes.
fn reason_about_inboxes(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "kind_twice" => ("同一种类只能写一次", "a kind is named twice"),
        "in_app_is_mandatory" => ("这类通知必须保留站内消息", "notifications of this kind always stay in the inbox"),
        _ => return reason_about_bookings(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Every reason about centres and bookings.
fn reason_about_bookings(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "not_a_quarter" => ("须为整刻钟", "it is on no quarter of an hour"),
        "not_a_start" => ("不在可选的开始时间上", "no booking begins then"),
        "too_long" => ("时间太长", "it is too long"),
        "hours" => ("时间须为 HH:MM 的整刻钟，且先起后止", "hours are quarters as HH:MM, the earlier first"),
        "session" => {
            ("18:00 以后及休息日请选夜场、周末场或节假日场", "after 18:00 and on days off it is another session")
        }
        "weekdays" => ("指定星期时填 1–7，其他情况不填", "weekdays are 1–7, and named for that kind of rule only"),
        "code" => ("只能用大写字母、数字和短横", "use capitals, digits and dashes"),
        "not_a_phone" => ("不是电话号码", "it is no phone number"),
        "no_tree" => ("所属场地不正确", "it cannot lie within that venue"),
        "closed_first" => ("还有未结束的预约，请先设置闭馆", "something is booked still; close it for the time first"),
        "another_center" => ("须在同一邻里中心", "it is of another centre"),
        "unchanged" => ("与原来相同", "it is as it was"),
        "no_date" => ("规则中没有日期", "no date fits the rule"),
        "two_rules" => ("按周与按月只能选一种", "choose weeks or months"),
        "no_series" => ("这次预约不属于任何系列", "this booking is of no series"),
        "not_active" => ("该账号已停用", "this account is blocked"),
        "booked" => ("该场地或其所属场地已有预约，暂不能调整", "it, or what it lies within, is booked already"),
        "holds_others" => ("只有不含其他场地的场地才能分份预约", "only what holds no other venue is had in parts"),
        "asks_more" => {
            ("该场地还有必答的题目，请取消后重新预约", "that venue must know more; take this back and book it anew")
        }
        "service_needs" => ("在此提供的服务需要这么长时间", "a service that is given there takes as long"),
        "no_length_there" => ("场地不能约这么长时间", "its venues are not had for that long"),
        "not_given_there" => ("该场地不提供这项服务", "the service is not given there"),
        "no_appointments" => ("这项服务不接受预约", "no appointments are made for this service"),
        "another_length" => ("时长须与服务项目一致", "it takes as long as the service says"),
        "no_tickets" => ("这项服务不用排队取号", "nobody stands in line for this service"),
        "nobody_waits" => ("没有人在等候", "nobody waits"),
        _ => return reason_about_forms(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Every reason about forms and their answers.
fn reason_about_forms(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "question_key" => {
            ("键须以小写字母开头，只用小写字母、数字和下划线", "a key is of small letters, digits and underscores")
        }
        "options" => ("选择题须有 2–12 个不同的选项", "a choice has 2–12 options, each once"),
        "unknown_question" => ("没有这道题", "there is no such question"),
        "answered_twice" => ("同一题只能回答一次", "a question is answered once"),
        "one_answer" => ("只能填一个", "one value is wanted"),
        "no_option" => ("请从选项中选择", "choose from the options"),
        "no_number_answer" => ("请填写数字", "write a number"),
        "no_date_answer" => ("请填写日期，如 2026-11-23", "write a date, e.g. 2026-11-23"),
        "yes_or_no" => ("请选择是或否", "choose yes or no"),
        _ => return None,
    };
    Some(language.pick(zh, en))
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
