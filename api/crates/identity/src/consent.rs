//! What people consented to (同意): documents with versions, one consent for each, and what is asked before data is taken
//! (个人信息保护法 §§13–17, §29). The rules are pure.

mod service;

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::ConsentKind;
use entity::id::ConsentDocumentId;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, words};

use crate::store;
pub use service::{demand, give, publish, publish_as, withdraw};
pub use store::{consents_of, document, documents_shown, in_force_now, lacking_of, note_consents};

/// What everybody has to consent to before anything is taken from them.
pub const GENERAL: [ConsentKind; 2] = [ConsentKind::PrivacyPolicy, ConsentKind::UserAgreement];
/// Characters of a document at most.
const BODY: usize = 15_000;
/// Characters of its title at most.
const TITLE: usize = 60;
/// How far ahead a document may be announced.
const AHEAD: TimeDelta = TimeDelta::days(365);

/// The versions in force at an instant, by kind.
pub type InForce = HashMap<ConsentKind, i32>;

/// What a person consented to and did not take back: kinds and versions.
pub type Held = [(ConsentKind, i32)];

/// Kinds of data that are taken under a consent or not at all (敏感个人信息, 个人信息保护法 §§28–31).
const SENSITIVE: [ConsentKind; 3] = [ConsentKind::Health, ConsentKind::Party, ConsentKind::Minor];

/// Which of the kinds asked for a person has not consented to, in the version in force or a later one. Where no document of a
/// kind is in force there is nothing to consent to, and nothing sensitive is taken.
#[must_use]
pub fn lacking(asked: &[ConsentKind], in_force: &InForce, held: &Held) -> Vec<ConsentKind> {
    let holds = |kind: ConsentKind, least: i32| held.iter().any(|(own, version)| *own == kind && *version >= least);
    let lacks = |kind: &ConsentKind| match in_force.get(kind) {
        Some(least) => !holds(*kind, *least),
        None => SENSITIVE.contains(kind),
    };
    asked.iter().copied().filter(lacks).collect()
}

/// Why something is refused that needs a consent: one refusal for each that lacks.
///
/// # Errors
/// `CONSENT_REQUIRED`, at the field that is taken under the consent where there is one.
pub fn required(lacking: &[ConsentKind]) -> Result<()> {
    let refusal = |kind: &ConsentKind| {
        let refusal = UserError::new(UserErrorCode::ConsentRequired).with(Detail::Because(word(*kind)));
        let field = (*kind == ConsentKind::Location).then(|| vec!["place".to_owned()]);
        UserError { field: field.unwrap_or_default(), ..refusal }
    };
    if lacking.is_empty() { Ok(()) } else { Err(Error::Refused(lacking.iter().map(refusal).collect())) }
}

/// The reason under which the edge finds a sentence.
const fn word(kind: ConsentKind) -> &'static str {
    match kind {
        ConsentKind::PrivacyPolicy => "consent_privacy_policy",
        ConsentKind::UserAgreement => "consent_user_agreement",
        ConsentKind::Location => "consent_location",
        ConsentKind::Health => "consent_health",
        ConsentKind::Party => "consent_party",
        ConsentKind::Minor => "consent_minor",
    }
}

/// Says yes to documents (同意).
#[derive(Clone, Debug)]
pub struct Give {
    /// The versions that were read.
    pub documents: Vec<ConsentDocumentId>,
    /// Whether the person is fourteen or older; asked with the privacy policy.
    pub is_fourteen: Option<bool>,
}

impl Give {
    /// Takes what a person said.
    ///
    /// # Errors
    /// `REQUIRED` when no document is named, `LIMIT_EXCEEDED` beyond twenty: more are never asked at once.
    pub fn parse(mut documents: Vec<ConsentDocumentId>, is_fourteen: Option<bool>) -> Result<Self> {
        const AT_ONCE: usize = 20;
        documents.sort_unstable();
        documents.dedup();
        match documents.len() {
            0 => Err(Error::refused_at(UserErrorCode::Required, "documentIds")),
            1..=AT_ONCE => Ok(Self { documents, is_fourteen }),
            _ => {
                let refusal = UserError::at(UserErrorCode::LimitExceeded, "documentIds");
                Err(refusal.with(Detail::Limit(AT_ONCE as i64)).into())
            }
        }
    }
}

/// Publishes the next version of a document (发布告知文件).
#[derive(Clone, Debug)]
pub struct Publish {
    /// Its kind.
    pub kind: ConsentKind,
    /// Its title.
    pub title: String,
    /// The whole text.
    pub body: String,
    /// From when it holds; at once when absent.
    pub in_force_from: Option<DateTime<Utc>>,
}

impl Publish {
    /// Takes what an administrator typed.
    ///
    /// # Errors
    /// All refusals of the fields.
    pub fn parse(
        kind: ConsentKind,
        title: &str,
        body: &str,
        in_force_from: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<Self> {
        let mut problems = Problems::default();
        let title = problems.keep(line("title", title, TITLE));
        let body = problems.keep(words("body", body, BODY));
        for (is_wrong, because) in [
            (in_force_from.is_some_and(|from| from < now), "in_the_past"),
            (in_force_from.is_some_and(|from| from > now + AHEAD), "too_far_ahead"),
        ] {
            if is_wrong {
                problems.add(UserError::at(UserErrorCode::Invalid, "inForceFrom").with(Detail::Because(because)));
            }
        }
        problems.none()?;
        Ok(Self { kind, title, body, in_force_from })
    }
}

#[cfg(test)]
mod tests {
    use ConsentKind as K;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_lacks_is_what_is_in_force_and_not_held_in_that_version() {
        let in_force = InForce::from([(K::PrivacyPolicy, 3), (K::UserAgreement, 1), (K::Location, 2)]);
        for (held, expected) in [
            (&[][..], vec![K::PrivacyPolicy, K::UserAgreement]),
            (&[(K::PrivacyPolicy, 2), (K::UserAgreement, 1)], vec![K::PrivacyPolicy]),
            (&[(K::PrivacyPolicy, 3), (K::UserAgreement, 1)], vec![]),
            (&[(K::PrivacyPolicy, 4), (K::UserAgreement, 1)], vec![]),
            (&[(K::Location, 3), (K::UserAgreement, 1)], vec![K::PrivacyPolicy]),
        ] {
            assert_eq!(lacking(&GENERAL, &in_force, held), expected, "{held:?}");
        }
        assert_eq!(lacking(&[K::Location, K::UserAgreement], &InForce::new(), &[]), [], "no document, nothing to say");
        assert_eq!(
            lacking(&[K::Health, K::Minor], &in_force, &[]),
            [K::Health, K::Minor],
            "and nothing sensitive taken"
        );
    }

    #[test]
    fn a_refusal_names_the_field_that_is_taken_under_the_consent() {
        assert!(required(&[]).is_ok());
        let Err(Error::Refused(refusals)) = required(&[K::PrivacyPolicy, K::Location]) else { panic!("refused") };
        let fields: Vec<_> = refusals.iter().map(|refusal| refusal.field.join(".")).collect();
        assert_eq!(fields, ["", "place"]);
    }

    fn kinds() -> impl Strategy<Value = K> {
        prop::sample::select(vec![K::PrivacyPolicy, K::UserAgreement, K::Location, K::Health, K::Party, K::Minor])
    }

    proptest! {
        /// Who says yes to all that lacks lacks nothing; a consent more never makes more lack.
        #[test]
        fn saying_yes_to_what_lacks_is_enough(
            in_force in prop::collection::hash_map(kinds(), 1..5_i32, 0..6),
            held in prop::collection::vec((kinds(), 1..5_i32), 0..8),
            asked in prop::collection::vec(kinds(), 0..6),
        ) {
            let missing = lacking(&asked, &in_force, &held);
            let mut more = held.clone();
            more.extend(missing.iter().filter_map(|kind| Some((*kind, *in_force.get(kind)?))));
            prop_assert!(lacking(&asked, &in_force, &more).iter().all(|kind| !in_force.contains_key(kind)));
            prop_assert!(lacking(&asked, &in_force, &held[..held.len() / 2]).len() >= missing.len());
        }
    }
}
