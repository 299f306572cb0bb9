//! Why a value is no good (原因), as people read it: a sentence for each stable word of the slices.

use super::Language;

/// Every reason that the slices give.
pub(super) fn sentence(reason: &str, language: Language) -> Option<&'static str> {
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
        _ => return reason_about_events(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Every reason about events and registrations.
fn reason_about_events(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "of_the_party" => (
            "这类活动由党组织举办，请填写主办党组织",
            "an organisation of the party holds events of this kind; name it",
        ),
        "of_members" => ("这类会议仅限本组织党员参加", "meetings of this kind are for the organisation's own members"),
        "for_all" => ("面向全体时不指定组织", "name organisations only where it is for them alone"),
        "after_start" => ("不能晚于活动开始", "it lies after the start"),
        "outside_the_event" => ("不在活动时间内", "it lies outside the event's time"),
        "letters" => ("标签只能用文字和数字", "a tag has letters and digits only"),
        "named_twice" => ("有一项写了两次", "one is named twice"),
        "below_taken" => ("不能少于已占用的名额", "more seats are taken already"),
        "not_in_care" => ("不是您登记的被监护人", "the child is not in your care"),
        "too_many_seats" => ("超过每次报名的人数上限", "these are more people than one registration may have"),
        "sign_in" => ("请先登录", "sign in first"),
        "not_invited" => ("这项活动不面向您", "it is not for you"),
        "residents_only" => ("仅限完成居住认证的本区域居民", "it is for verified residents of its area"),
        "comes_as_is" => ("无需报名，直接参加", "nobody has to register; just come"),
        "asks_first" => (
            "这个场地须由中心审批，请联系中心代为发布",
            "the centre decides about this venue; ask its staff to publish",
        ),
        _ => return reason_about_attendance(reason, language),
    };
    Some(language.pick(zh, en))
}

/// Those that attendance gives.
fn reason_about_attendance(reason: &str, language: Language) -> Option<&'static str> {
    let (zh, en) = match reason {
        "no_place_known" => (
            "活动没有标注位置，请扫码或由工作人员确认",
            "nobody knows where it is on the map; scan the code, or ask staff",
        ),
        "inexact" => {
            ("定位精度不足，请扫码或由工作人员确认", "the position is not exact enough; scan the code, or ask staff")
        }
        "more_than_voters" => ("票数多于到会的有表决权人数", "more said something than vote and are there"),
        "one_proof" => ("请只用动态码或定位中的一种", "send either the code or the position"),
        "not_expected" => ("您不在应到名单上", "you are not on the list"),
        "other_event" => ("这是另一场活动的报名码", "this code is of another event"),
        "not_confirmed" => ("这项报名没有名额或已取消", "this registration has no seat"),
        "in_the_future" => ("不能晚于现在", "it lies in the future"),
        "members_are_expected" => {
            ("这类会议按名册应到，不接受报名", "members are expected by the roster; nobody registers")
        }
        "no_roster" => ("没有应到名单，不能表决", "nobody is expected by a roster, so that there is no vote"),
        _ => return None,
    };
    Some(language.pick(zh, en))
}
