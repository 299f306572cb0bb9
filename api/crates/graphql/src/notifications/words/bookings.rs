//! What is said about bookings.

use ::notifications::{BookingData, Outcome};
use entity::enums::{BookingRejectReason, BookingState, ClosureReason, NotificationTemplate as Template};

use super::{Words, clock, span};
use crate::errors::Language;

/// Puts a notification about a booking in words; `venue` is the name of the room.
pub fn words(template: Template, data: &BookingData, venue: Option<&str>, language: Language) -> Words {
    let (title, sentence) = sentences(template, language);
    let venue = venue.unwrap_or(language.pick("场地", "Venue"));
    let until = data.until.map(|until| clock(until, language));
    let subject = match language {
        Language::Chinese => format!("「{venue}」（{}）", span(data.begins_at, data.ends_at, language)),
        Language::English => format!("“{venue}” ({}) ", span(data.begins_at, data.ends_at, language)),
    };
    let sentences =
        [Some(sentence.to_owned()), note(template, language).filter(|_| until.is_some()).map(str::to_owned)];
    let added = [others(data.others, language), data.outcome.map(|outcome| said(outcome, language))];
    let all: Vec<String> = sentences.into_iter().chain(added).flatten().collect();
    let body = all.join(language.pick("", " ")).replace("{until}", &until.unwrap_or_default());
    Words { title: title.to_owned(), body: format!("{subject}{body}") }
}

/// Title and body.
fn sentences(template: Template, language: Language) -> (&'static str, &'static str) {
    use Template as T;
    let (zh, en) = match template {
        T::BookingConfirmed => {
            (("预约成功", "已为您预约，请准时签到。"), ("Booking confirmed", "is yours; please check in on time."))
        }
        T::BookingRejected => (("预约未通过", "的预约未通过。"), ("Booking not granted", "was not granted.")),
        T::BookingOffered => (
            ("候补有空位", "有空位了，请尽快确认。"),
            ("A place for you", "fell free; please say whether you want it."),
        ),
        T::BookingCancelled => (("预约已取消", "的预约已取消。"), ("Booking cancelled", "is cancelled.")),
        T::BookingCalledOff => (
            ("预约被中心取消", "的预约被中心取消，不影响您的信用。"),
            ("Called off by the centre", "was called off by the centre; this costs you nothing."),
        ),
        T::BookingMoved => {
            (("预约已改期", "是改期后的场地和时段。"), ("Booking moved", "is where and when it is now."))
        }
        T::BookingReminder => (("预约提醒", "是您今天的预约。"), ("Do not forget your booking", "is yours today.")),
        T::BookingNoShow => {
            (("未按时到场", "未按时签到，场地已释放。"), ("Nobody came", "was given up, as nobody checked in."))
        }
        T::BookingExpired => (("预约已失效", "的预约已失效。"), ("Booking lapsed", "came to nothing.")),
        T::BookingDamaged => (
            ("设施损坏登记", "使用后登记了设施损坏，说明见预约详情。如有异议，可在7日内申诉。"),
            ("Something was left broken", "has damage noted, see there. If that is wrong, appeal within 7 days."),
        ),
        T::BookingSeriesMade => {
            (("系列预约已登记", "的系列预约已登记。"), ("Series booked", "was booked as a series."))
        }
        T::AppealGranted => (
            ("申诉成立", "的信用申诉成立，记录已撤销。"),
            ("Appeal granted", "counts no more; your appeal was granted."),
        ),
        T::AppealRefused => (
            ("申诉不成立", "的信用申诉不成立，答复见信用明细。"),
            ("Appeal refused", "still counts; the answer is with your credit."),
        ),
        T::AppealToDecide => {
            (("信用申诉待处理", "有一件信用申诉待处理。"), ("An appeal to decide", "has an appeal that waits for you."))
        }
        T::BookingToDecide => (("预约待审批", "的预约待审批。"), ("A booking to decide", "waits for your decision.")),
        // Of requests and events: said elsewhere.
        _ => (("", ""), ("", "")),
    };
    if language == Language::English { en } else { zh }
}

/// What is added where there is a time for it.
fn note(template: Template, language: Language) -> Option<&'static str> {
    let (zh, en) = match template {
        Template::BookingOffered => ("为您保留至{until}。", "It is kept for you until {until}."),
        Template::BookingReminder => ("请在{until}前签到。", "Please check in by {until}."),
        Template::BookingToDecide => ("请于{until}前处理。", "Please decide by {until}."),
        _ => return None,
    };
    Some(language.pick(zh, en))
}

/// What came of it, or why.
fn said(outcome: Outcome, language: Language) -> String {
    match (outcome, language) {
        (Outcome::Rejected(reason), Language::Chinese) => format!("原因：{}。", rejected(reason, language)),
        (Outcome::Rejected(reason), Language::English) => format!("Reason: {}.", rejected(reason, language)),
        (Outcome::CalledOff(reason), Language::Chinese) => format!("原因：{}。", called_off(reason, language)),
        (Outcome::CalledOff(reason), Language::English) => format!("Reason: {}.", called_off(reason, language)),
        (Outcome::Late, _) => {
            let late = "It was less than two hours before it began, which your credit notes.";
            language.pick("距开始不足2小时，已计入信用。", late).to_owned()
        }
        (Outcome::MovedByCenter, _) => {
            let moved = "The centre moved it; until it begins you may cancel it, which costs you nothing.";
            language.pick("由中心调整，开始前可免责取消。", moved).to_owned()
        }
        (Outcome::Absent { counts: true }, _) => {
            language.pick("如有异议，可在7日内申诉。", "If that is wrong, appeal within 7 days.").to_owned()
        }
        (Outcome::Absent { counts: false }, _) => {
            let nothing = "The centre had moved it: this costs you nothing.";
            language.pick("时间曾由中心调整，不影响您的信用。", nothing).to_owned()
        }
        (Outcome::Lapsed(state), _) => lapsed(state, language).to_owned(),
        (Outcome::Series { made, refused: 0 }, Language::Chinese) => format!("共{made}场。"),
        (Outcome::Series { made, refused: 0 }, Language::English) => format!("Bookings: {made}."),
        (Outcome::Series { made, refused }, Language::Chinese) => format!("共{made}场，另有{refused}场未能预约。"),
        (Outcome::Series { made, refused }, Language::English) => {
            format!("Bookings: {made}; dates on which there is none: {refused}.")
        }
    }
}

/// Why it came to nothing.
fn lapsed(state: BookingState, language: Language) -> &'static str {
    let (zh, en) = match state {
        BookingState::Waitlisted => ("候补期间没有空出场地。", "Nothing fell free."),
        BookingState::Offered => ("未在保留时限内确认。", "Nobody said in time that it was wanted."),
        _ => ("中心未在时限内审批。", "The centre did not decide in time."),
    };
    language.pick(zh, en)
}

/// The same of others of its series.
fn others(others: usize, language: Language) -> Option<String> {
    let said = match language {
        Language::Chinese => format!("同系列另{others}场相同。"),
        Language::English => format!("The same happened to others of its series: {others}."),
    };
    (others > 0).then_some(said)
}

fn rejected(reason: BookingRejectReason, language: Language) -> &'static str {
    use BookingRejectReason as R;
    let (zh, en) = match reason {
        R::Purpose => ("用途不符", "it is not what the venue is for"),
        R::PartySize => ("人数不符", "too many or too few people"),
        R::NeededOtherwise => ("另有安排", "it is needed for something else"),
        R::Incomplete => ("信息不全", "it does not say enough"),
        R::Other => ("其他", "see the note of the centre"),
    };
    language.pick(zh, en)
}

fn called_off(reason: ClosureReason, language: Language) -> &'static str {
    use ClosureReason as R;
    let (zh, en) = match reason {
        R::Maintenance => ("维修", "repairs"),
        R::Utilities => ("停电停水", "no power or water"),
        R::Staffing => ("人手不足", "nobody is there to let people in"),
        R::OfficialUse => ("街道征用", "the street needs it"),
        R::Weather => ("恶劣天气", "the weather"),
        R::Emergency => ("突发事件", "an emergency"),
        R::Other => ("其他", "see the note of the centre"),
    };
    language.pick(zh, en)
}

#[cfg(test)]
mod tests;
