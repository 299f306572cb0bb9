//! What is said about requests.

use ::notifications::CaseData;
use entity::enums::{NotificationTemplate as Template, RejectReason};

use super::{Words, clock};
use crate::errors::Language;

/// Puts a notification about a request in words; `category` is the name of what it is about.
pub fn words(template: Template, data: &CaseData, category: Option<&str>, language: Language) -> Words {
    let (title, body) = sentences(template, language);
    let subject = language.pick("「{title}」（{case}）", "“{title}” ({case}) ");
    let mut body = filled(&format!("{subject}{body}"), data, category, language);
    if let Some(note) = note(template, data, language) {
        body.push_str(if language == Language::English { " " } else { "" });
        body.push_str(&filled(note, data, category, language));
    }
    Words { title: title.to_owned(), body }
}

/// A sentence with its fields.
fn filled(sentence: &str, data: &CaseData, category: Option<&str>, language: Language) -> String {
    let due = data.due_at.map(|due| clock(due, language)).unwrap_or_default();
    let reason = data.reason.map_or("", |reason| reason_of(reason, language));
    sentence
        .replace("{title}", category.unwrap_or(language.pick("诉求", "Request")))
        .replace("{case}", &data.case_no)
        .replace("{time}", &clock(data.at, language))
        .replace("{due}", &due)
        .replace("{reason}", reason)
}

/// Title and body.
fn sentences(template: Template, language: Language) -> (&'static str, &'static str) {
    use Template as T;
    let (zh, en) = match template {
        T::Accepted => (("诉求已受理", "已于{time}受理。"), ("Request accepted", "was accepted on {time}.")),
        T::Rejected => {
            (("诉求不予受理", "于{time}不予受理。"), ("Request not accepted", "was not accepted on {time}."))
        }
        T::Dispatched => (
            ("诉求已派遣", "已于{time}派至承办单位。"),
            ("Request sent to a unit", "was sent to the responsible unit on {time}."),
        ),
        T::Handled => (
            ("诉求已处置", "已于{time}处置，等待核查。"),
            ("Request handled", "was handled on {time} and will be checked."),
        ),
        T::Closed => (("诉求已结案", "已于{time}结案。"), ("Request closed", "was closed on {time}.")),
        T::Reopened => (
            ("诉求重新办理", "已于{time}退回重新办理。"),
            ("Request taken up again", "was opened again on {time} and goes back to the unit."),
        ),
        T::Survey => {
            (("请您评价", "已办理完毕，请您评价。"), ("How did it go?", "is done; please tell us how it went."))
        }
        T::Assigned => (("新派单", "已于{time}派至本单位。"), ("New order", "was sent to your unit on {time}.")),
        T::Reworked => {
            (("返工", "核查未通过，请重新处置。"), ("To be done again", "was found wanting; please handle it again."))
        }
        T::TakenUpAgain => (
            ("差评重办", "诉求人不满意，由您牵头重新办理。"),
            ("To be taken up again", "left its reporter dissatisfied; you handle it now."),
        ),
        T::Recalled => (
            ("平台撤回", "已被平台撤回，无需继续办理。"),
            ("Taken back", "was taken back by the platform; there is nothing left to do."),
        ),
        T::HandedOver => (("移交", "已移交给您办理。"), ("Handed over to you", "was handed over to you.")),
        _ => return staff_sentences(template, language),
    };
    if language == Language::English { en } else { zh }
}

/// Title and body of what has to do with returns, deadlines and joint work.
fn staff_sentences(template: Template, language: Language) -> (&'static str, &'static str) {
    use Template as T;
    let (zh, en) = match template {
        T::ReturnRequested => (
            ("退单待审核", "承办单位于{time}申请退单。"),
            ("A return to decide", "is asked to be returned since {time}."),
        ),
        T::ReturnGranted => (("同意退单", "的退单申请已同意。"), ("Return granted", "was taken back as you asked.")),
        T::ReturnDenied => (
            ("不同意退单", "的退单申请未获同意，请继续办理。"),
            ("Return denied", "stays with your unit; please go on."),
        ),
        T::Reminder => (("时限提醒", "办理时限临近。"), ("Due soon", "is due soon.")),
        T::Escalated => (("超时提醒", "已超过办理时限。"), ("Overdue", "is overdue.")),
        T::Urged => (("催办", "诉求人于{time}催办。"), ("Reporter urges", "was urged by its reporter on {time}.")),
        T::Supervised => (("督办", "已于{time}列入督办。"), ("Under supervision", "is supervised since {time}.")),
        T::Suspended => (("诉求挂起", "已于{time}挂起。"), ("Request suspended", "was suspended on {time}.")),
        T::Resumed => (("诉求恢复办理", "已于{time}恢复办理。"), ("Request resumed", "goes on since {time}.")),
        T::Extended => (("诉求延期", "的办理时限已延长。"), ("More time", "was given more time.")),
        T::Asked => (("请您答复", "承办单位有问题请您答复。"), ("A question for you", "waits for your answer.")),
        T::Merged => (("诉求已并案", "已于{time}并案办理。"), ("Request merged", "was merged with another on {time}.")),
        T::Conferred => (("会商结论", "已于{time}会商。"), ("Units conferred", "was conferred about on {time}.")),
        T::ConflictWarned => (
            ("矛盾预警", "于{time}登记了矛盾预警，请关注。"),
            ("Conflict warning", "was marked as a conflict on {time}."),
        ),
        T::ContentHidden => (
            ("内容暂不公开", "中有内容暂不对外公开，不影响办理，原因见办理过程。"),
            (
                "Not shown to others",
                "holds something that others do not see for now; it is handled all the same. Its course says why.",
            ),
        ),
        T::ContentToReview => (
            ("内容待审核", "有内容待审核，请在24小时内处理。"),
            ("Content to review", "holds something to look at within 24 hours."),
        ),
        T::ReportDecided => (
            ("举报已处理", "的内容举报已处理，感谢您的监督。"),
            ("Your report was looked at", "was looked at, as you asked; thank you."),
        ),
        _ => (("新留言", "有新的留言。"), ("New comment", "has a new comment.")),
    };
    if language == Language::English { en } else { zh }
}

/// What is added where the fact says it: until when, or why.
fn note(template: Template, data: &CaseData, language: Language) -> Option<&'static str> {
    use Template as T;
    let (zh, en, is_said) = match template {
        T::Rejected => ("原因：{reason}。", "Reason: {reason}.", data.reason.is_some()),
        T::Survey => ("评价截止{due}。", "You can answer until {due}.", data.due_at.is_some()),
        T::ReturnRequested => ("请于{due}前决定。", "Please decide by {due}.", data.due_at.is_some()),
        T::Asked => ("请于{due}前答复。", "Please answer by {due}.", data.due_at.is_some()),
        T::Suspended => ("预计{due}恢复。", "It goes on by {due}.", data.due_at.is_some()),
        T::Assigned | T::Reworked | T::TakenUpAgain | T::HandedOver | T::ReturnDenied | T::Reminder => {
            ("请于{due}前办结。", "Please finish it by {due}.", data.due_at.is_some())
        }
        T::Escalated | T::Supervised | T::Urged | T::Extended | T::Conferred => {
            ("办理时限{due}。", "It is due {due}.", data.due_at.is_some())
        }
        _ => return None,
    };
    is_said.then_some(language.pick(zh, en))
}

fn reason_of(reason: RejectReason, language: Language) -> &'static str {
    use RejectReason as R;
    let (zh, en) = match reason {
        R::Litigation => ("涉诉涉法", "the matter is before a court"),
        R::Classified => ("涉密", "it is a matter of secrecy"),
        R::NoNewFacts => ("已办结且无新事实", "it was closed before and nothing is new"),
        R::OutsideJurisdiction => ("非本辖区", "it lies outside the sub-district"),
        R::Incomplete => ("信息不全", "it is incomplete"),
        R::NoSubstance => ("无实质内容", "it has no substance"),
        R::EmergencyCall => ("请拨打110、119或120", "please call 110, 119 or 120"),
    };
    language.pick(zh, en)
}

#[cfg(test)]
mod tests;
