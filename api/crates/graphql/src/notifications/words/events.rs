//! What is said about events and registrations.

use ::notifications::EventData;
use entity::enums::NotificationTemplate as Template;

use super::{Words, clock, span};
use crate::errors::Language;

/// Puts a notification about an event in words; `title` is that of the event, for who may see it.
pub fn words(template: Template, data: &EventData, title: Option<&str>, language: Language) -> Words {
    let (head, sentence) = sentences(template, language);
    let title = title.unwrap_or(language.pick("活动", "Event"));
    let when = span(data.begins_at, data.ends_at, language);
    let subject = match language {
        Language::Chinese => format!("「{title}」（{when}）"),
        Language::English => format!("“{title}” ({when}) "),
    };
    let until = data.until.filter(|_| template == Template::EventOffered).map(|until| clock(until, language));
    let kept = until.map(|until| match language {
        Language::Chinese => format!("为您保留至{until}。"),
        Language::English => format!(" It is kept for you until {until}."),
    });
    Words { title: head.to_owned(), body: format!("{subject}{sentence}{}", kept.unwrap_or_default()) }
}

/// Title and body.
fn sentences(template: Template, language: Language) -> (&'static str, &'static str) {
    use Template as T;
    let (zh, en) = match template {
        T::EventPublished => (("新活动", "已发布，请按时参加。"), ("A new event", "is announced; please come.")),
        T::EventRegistered => (("报名成功", "报名成功，请按时参加。"), ("You are registered", "has a place for you.")),
        T::EventPromoted => (
            ("候补成功", "有名额了，您已报名成功。"),
            ("A place for you", "has a place for you now; you are registered."),
        ),
        T::EventOffered => (
            ("候补有名额", "有名额了，请尽快确认。"),
            ("A place for you", "has a place for you; please say whether you want it."),
        ),
        T::EventWithdrawn => {
            (("报名已取消", "的报名已取消。"), ("Registration cancelled", "is not in your plans any more."))
        }
        T::EventRemoved => (
            ("已移出报名", "的报名已由主办方移出，说明见报名详情。"),
            ("Taken off", "was taken off your plans by who holds it; see there."),
        ),
        T::EventExpired => (("报名已失效", "的候补已失效。"), ("Registration lapsed", "came to nothing for you.")),
        T::EventChanged => (
            ("活动有变更", "的时间或地点有变更，请查看活动详情。"),
            ("Event changed", "is at another time or place; see there."),
        ),
        T::EventCancelled => {
            (("活动取消", "已取消，说明见活动详情。"), ("Event called off", "is called off; see there."))
        }
        T::EventReminder => (("活动提醒", "即将开始，请按时参加。"), ("Do not forget", "begins soon.")),
        T::EventToReview => (("活动待审核", "待您审核。"), ("An event to review", "waits for your review.")),
        T::EventApproved => (("活动审核通过", "审核通过，可以发布。"), ("Event approved", "may be published.")),
        T::EventReturned => {
            (("活动退回修改", "需要修改，意见见活动详情。"), ("Event returned", "is to be written anew; see there."))
        }
        T::EventRoomShut => (
            ("活动场地临时关闭", "的场地届时关闭，请变更时间或地点。"),
            ("The room is shut then", "has no room, as the house is shut then; please find another time or place."),
        ),
        T::EventLeaveAsked => (
            ("有人请假", "有党员请假，待您审批。"),
            ("Leave was asked for", "has a member who asks for leave; please decide."),
        ),
        T::EventLeaveGranted => (("请假已批准", "的请假已批准。"), ("Leave is given", "does without you.")),
        T::EventLeaveDenied => {
            (("请假未批准", "的请假未批准，请按时参加。"), ("Leave is not given", "counts on you; please come."))
        }
        // Of requests and bookings: said elsewhere.
        _ => (("", ""), ("", "")),
    };
    if language == Language::English { en } else { zh }
}

#[cfg(test)]
mod tests;
