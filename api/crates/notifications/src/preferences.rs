//! By which channels a person wants to be told (通知偏好).

use entity::enums::NotificationKind;
use entity::notification_preference;

/// A way to reach a person (送达渠道).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// 站内 / the inbox.
    InApp,
    /// 微信 / WeChat.
    Wechat,
    /// 短信 / SMS.
    Sms,
}

/// What a person wants for a kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wishes {
    /// In the inbox.
    pub in_app: bool,
    /// By WeChat.
    pub wechat: bool,
    /// By SMS.
    pub sms: bool,
}

impl Default for Wishes {
    /// As long as a person says nothing: WeChat asks each person anyway whether it may.
    fn default() -> Self {
        Self { in_app: true, wechat: true, sms: false }
    }
}

impl Wishes {
    /// These channels.
    #[must_use]
    pub fn of(channels: &[Channel]) -> Self {
        let has = |channel| channels.contains(&channel);
        Self { in_app: has(Channel::InApp), wechat: has(Channel::Wechat), sms: has(Channel::Sms) }
    }

    /// The channels, in order.
    #[must_use]
    pub fn channels(self) -> Vec<Channel> {
        let all = [(self.in_app, Channel::InApp), (self.wechat, Channel::Wechat), (self.sms, Channel::Sms)];
        all.into_iter().filter(|(is_wanted, _)| *is_wanted).map(|(_, channel)| channel).collect()
    }

    /// Whether a push is wanted, by any channel.
    #[must_use]
    pub fn has_push(self) -> bool {
        self.wechat || self.sms
    }
}

impl From<&notification_preference::Model> for Wishes {
    fn from(row: &notification_preference::Model) -> Self {
        // What became mandatory since is shown, whatever was said before.
        Self { in_app: row.in_app || is_mandatory(row.kind), wechat: row.wechat, sms: row.sms }
    }
}

/// What a person wants for one kind (通知偏好).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preference {
    /// Of which kind.
    pub kind: NotificationKind,
    /// By which channels.
    pub wishes: Wishes,
}

/// Whether the inbox always has it: how an own request, booking or registration goes on, and work.
#[must_use]
pub fn is_mandatory(kind: NotificationKind) -> bool {
    use NotificationKind as K;
    match kind {
        K::RequestStatus | K::RequestAssigned | K::RequestReturn | K::Deadline => true,
        K::BookingStatus | K::BookingDesk | K::EventStatus | K::EventDesk => true,
        K::RequestSurvey | K::RequestComment | K::BookingReminder | K::EventReminder => false,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use entity::id::AccountId;
    use sea_orm::Iterable as _;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn channels_are_read_back() {
        for channels in
            [vec![], vec![Channel::InApp], vec![Channel::Sms], vec![Channel::InApp, Channel::Wechat, Channel::Sms]]
        {
            assert_eq!(Wishes::of(&channels).channels(), channels);
        }
        assert_eq!(Wishes::default().channels(), [Channel::InApp, Channel::Wechat]);
    }

    #[test]
    fn what_is_mandatory_is_shown_whatever_a_row_says() {
        for kind in NotificationKind::iter() {
            let account_id = AccountId(Uuid::nil());
            let updated_at = DateTime::UNIX_EPOCH;
            let row = notification_preference::Model {
                account_id,
                kind,
                in_app: false,
                wechat: false,
                sms: false,
                updated_at,
            };
            assert_eq!(Wishes::from(&row).in_app, is_mandatory(kind), "{kind:?}");
        }
    }
}
