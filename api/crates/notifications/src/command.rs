//! What people send, parsed (指令).

use std::collections::HashSet;

use entity::id::NotificationId;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};

use crate::preferences::{Channel, Preference, Wishes, is_mandatory};

/// Lines marked by one command at most.
const LINES: usize = 100;

/// Which lines were read, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawMarkRead {
    /// These.
    pub ids: Vec<NotificationId>,
    /// This one and all older ones.
    pub up_to: Option<NotificationId>,
}

/// Which lines were read (标记已读).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MarkRead {
    /// These, each once.
    pub ids: Vec<NotificationId>,
    /// This one and all older ones.
    pub up_to: Option<NotificationId>,
}

impl RawMarkRead {
    /// Parses the input.
    ///
    /// # Errors
    /// `REQUIRED` at `ids` for nothing at all; `LIMIT_EXCEEDED` for more than 100.
    pub fn parse(&self) -> Result<MarkRead> {
        let mut ids = self.ids.clone();
        if ids.len() > LINES {
            return Err(UserError::at(UserErrorCode::LimitExceeded, "ids").with(Detail::Limit(LINES as i64)).into());
        }
        if ids.is_empty() && self.up_to.is_none() {
            return Err(Error::refused_at(UserErrorCode::Required, "ids"));
        }
        ids.sort();
        ids.dedup();
        Ok(MarkRead { ids, up_to: self.up_to })
    }
}

/// What a person wants for a kind, as a client sends it.
#[derive(Clone, Debug)]
pub struct RawPreference {
    /// Of which kind.
    pub kind: entity::enums::NotificationKind,
    /// By which channels.
    pub channels: Vec<Channel>,
}

/// What a person wants (通知偏好设置).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdatePreferences {
    /// For these kinds, each once.
    pub preferences: Vec<Preference>,
}

impl UpdatePreferences {
    /// Parses the input.
    ///
    /// # Errors
    /// `REQUIRED` for none; `INVALID` for a kind named twice, and where the inbox would lack what it must have.
    pub fn parse(raw: &[RawPreference]) -> Result<Self> {
        let refused =
            |because| Err(UserError::at(UserErrorCode::Invalid, "preferences").with(Detail::Because(because)).into());
        let kinds: HashSet<_> = raw.iter().map(|preference| preference.kind).collect();
        if raw.is_empty() {
            return Err(Error::refused_at(UserErrorCode::Required, "preferences"));
        }
        if kinds.len() < raw.len() {
            return refused("kind_twice");
        }
        if raw.iter().any(|raw| is_mandatory(raw.kind) && !raw.channels.contains(&Channel::InApp)) {
            return refused("in_app_is_mandatory");
        }
        let wanted = |raw: &RawPreference| Preference { kind: raw.kind, wishes: Wishes::of(&raw.channels) };
        Ok(Self { preferences: raw.iter().map(wanted).collect() })
    }
}

#[cfg(test)]
mod tests {
    use entity::enums::NotificationKind as Kind;
    use uuid::Uuid;

    use super::*;

    fn id(number: u128) -> NotificationId {
        NotificationId(Uuid::from_u128(number))
    }

    fn code(error: Error) -> (UserErrorCode, String) {
        let Error::Refused(errors) = error else { panic!("no refusal: {error:?}") };
        (errors[0].code, errors[0].field.join("."))
    }

    #[test]
    fn some_or_all_up_to_one() {
        let mark = |ids, up_to| RawMarkRead { ids, up_to }.parse();
        let some = mark(vec![id(2), id(1), id(2)], None).unwrap();
        assert_eq!(some, MarkRead { ids: vec![id(1), id(2)], up_to: None });
        let all = mark(Vec::new(), Some(id(3))).unwrap();
        assert_eq!(all, MarkRead { ids: Vec::new(), up_to: Some(id(3)) });
        assert_eq!(code(mark(Vec::new(), None).unwrap_err()), (UserErrorCode::Required, "ids".to_owned()));
        let many = mark((0..101).map(id).collect(), None).unwrap_err();
        assert_eq!(code(many), (UserErrorCode::LimitExceeded, "ids".to_owned()));
    }

    #[test]
    fn what_must_be_in_the_inbox_stays_there() {
        let parse = |kinds: &[(Kind, &[Channel])]| {
            let raw = kinds.iter().map(|(kind, channels)| RawPreference { kind: *kind, channels: channels.to_vec() });
            UpdatePreferences::parse(&raw.collect::<Vec<_>>())
        };
        let wishes = parse(&[(Kind::RequestStatus, &[Channel::InApp]), (Kind::RequestSurvey, &[])]).unwrap();
        assert_eq!(wishes.preferences[0].wishes, Wishes { in_app: true, wechat: false, sms: false });
        assert_eq!(wishes.preferences[1].wishes, Wishes { in_app: false, wechat: false, sms: false });
        for (kinds, expected) in [
            (&[][..], UserErrorCode::Required),
            (&[(Kind::RequestSurvey, &[][..]), (Kind::RequestSurvey, &[])], UserErrorCode::Invalid),
            (&[(Kind::RequestAssigned, &[Channel::Sms][..])], UserErrorCode::Invalid),
        ] {
            assert_eq!(code(parse(kinds).unwrap_err()).0, expected);
        }
    }
}
