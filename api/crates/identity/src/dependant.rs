//! Children in somebody's care (被监护人): who is under fourteen has no account; a guardian names the child, under a consent of
//! its own (个人信息保护法 §31, 未成年人网络保护条例).

use std::collections::HashMap;

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use entity::dependant;
use entity::enums::ConsentKind;
use entity::id::{AccountId, DependantId};
use kernel::base::Base;
use kernel::clock::shanghai_date;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line};
use kernel::tx::Tx;

use crate::consent;
use crate::store;

/// Children of one guardian at most.
pub const CHILDREN: usize = 10;
/// Who is this old is nobody's dependant any more.
const OF_AGE: i32 = 18;
/// Characters that are looked at as a month at most.
const LONGEST: usize = 16;
/// Characters of a name at most.
const NAME: usize = 32;

/// A month of birth (出生年月): as much of a birthday as is needed to tell an age.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BirthMonth(NaiveDate);

impl BirthMonth {
    /// Takes `2018-03`.
    ///
    /// # Errors
    /// `INVALID` at the field for anything else.
    pub fn parse(field: &str, text: &str) -> std::result::Result<Self, UserError> {
        let invalid = || UserError::at(UserErrorCode::Invalid, field).with(Detail::Because("not_a_month"));
        let text = line(field, text, LONGEST)?;
        let is_plain = text.len() == 7
            && text.bytes().enumerate().all(|(at, byte)| if at == 4 { byte == b'-' } else { byte.is_ascii_digit() });
        let first = NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").map_err(|_| invalid())?;
        if is_plain { Ok(Self(first)) } else { Err(invalid()) }
    }

    /// Whole years of age in Shanghai at an instant, counted as if born on the last day of the month: never too many.
    ///
    /// ```
    /// use identity::dependant::BirthMonth;
    /// let month = BirthMonth::parse("birthMonth", "2012-11").unwrap();
    /// assert_eq!(month.age("2026-11-30T15:59:59Z".parse().unwrap()), 13);
    /// assert_eq!(month.age("2026-11-30T16:00:00Z".parse().unwrap()), 14);
    /// ```
    #[must_use]
    pub fn age(self, now: DateTime<Utc>) -> i32 {
        let today = shanghai_date(now);
        let years = today.year() - self.0.year();
        if today.month() > self.0.month() { years } else { years - 1 }
    }

    /// Whether it has not begun yet.
    fn is_ahead(self, now: DateTime<Utc>) -> bool {
        self.0 > shanghai_date(now)
    }

    /// As it is kept, e.g. `2018-03`.
    #[must_use]
    pub fn text(self) -> String {
        self.0.format("%Y-%m").to_string()
    }
}

/// Names a child in the actor's care (登记被监护人).
#[derive(Clone, Debug)]
pub struct AddDependant {
    name: String,
    born: BirthMonth,
}

impl AddDependant {
    /// Takes what a guardian typed.
    ///
    /// # Errors
    /// All refusals of the fields; `INVALID` at `birthMonth` for who is of age, or not born yet.
    pub fn parse(name: &str, birth_month: &str, now: DateTime<Utc>) -> Result<Self> {
        let mut problems = Problems::default();
        let name = problems.keep(line("name", name, NAME));
        let born = problems.take(BirthMonth::parse("birthMonth", birth_month));
        let age = born.map(|born| born.age(now));
        for (is_wrong, because) in [
            (age.is_some_and(|age| age >= OF_AGE), "not_a_minor"),
            (born.is_some_and(|born| born.is_ahead(now)), "not_born_yet"),
        ] {
            if is_wrong {
                problems.add(UserError::at(UserErrorCode::Invalid, "birthMonth").with(Detail::Because(because)));
            }
        }
        problems.none()?;
        let born = born.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
        Ok(Self { name, born })
    }
}

/// A child, in clear: for the guardian.
#[derive(Clone, Debug)]
pub struct Dependant {
    /// Key.
    pub id: DependantId,
    /// Name.
    pub name: String,
    /// Month of birth.
    pub born: BirthMonth,
    /// When it was added.
    pub created_at: DateTime<Utc>,
}

/// Names a child, under the consent for children's data.
///
/// # Errors
/// `CONSENT_REQUIRED`; `LIMIT_EXCEEDED` beyond ten.
pub async fn add_dependant(tx: &mut Tx, add: &AddDependant) -> Result<dependant::Model> {
    let guardian_id = tx.actor().person()?.account;
    store::queue_up(tx, guardian_id).await?;
    consent::demand(tx, &[ConsentKind::PrivacyPolicy, ConsentKind::Minor]).await?;
    if store::dependants(tx.db(), guardian_id).await?.len() >= CHILDREN {
        let refusal = UserError::new(UserErrorCode::LimitExceeded).with(Detail::Limit(CHILDREN as i64));
        return Err(refusal.into());
    }
    store::insert_dependant(tx, guardian_id, &add.name, &add.born.text()).await
}

/// Forgets a child; nothing of it is kept.
///
/// # Errors
/// [`Error::NotFound`] when it is not in the actor's care.
pub async fn remove_dependant(tx: &mut Tx, id: &DependantId) -> Result<DependantId> {
    let guardian = tx.actor().person()?.account;
    if store::delete_dependant(tx, guardian, *id).await? { Ok(*id) } else { Err(Error::NotFound) }
}

/// Children in somebody's care, first named first.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn dependants_of(base: &Base, guardian: AccountId) -> Result<Vec<Dependant>> {
    let rows = store::dependants(base.db.reader(), guardian).await?;
    rows.iter().map(|row| store::open_dependant(base, row)).collect()
}

/// Which of some children are in somebody's care.
///
/// # Errors
/// When the database does not answer.
pub async fn in_care_of(tx: &Tx, guardian: AccountId, ids: &[DependantId]) -> Result<Vec<DependantId>> {
    let own = store::dependants(tx.db(), guardian).await?.into_iter().map(|row| row.id);
    Ok(own.filter(|id| ids.contains(id)).collect())
}

/// Names of children, of those who are still in anybody's care: for who holds what they come to.
///
/// # Errors
/// When the database does not answer; a fault when a sealed value does not open.
pub async fn names_of_dependants(base: &Base, ids: &[DependantId]) -> Result<HashMap<DependantId, String>> {
    let rows = store::dependants_by_ids(base.db.reader(), ids).await?;
    rows.iter().map(|row| Ok((row.id, store::open_dependant(base, row)?.name))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_that_are_none_are_refused() {
        for text in
            ["2018-3", "2018-13", "2018-00", "18-03", "2018/03", "2018-03-01", "", "二零一八", "+018-03", "2018-0 "]
        {
            assert!(BirthMonth::parse("birthMonth", text).is_err(), "{text}");
        }
        assert_eq!(BirthMonth::parse("birthMonth", " 2018-03 ").unwrap().text(), "2018-03");
    }

    #[test]
    fn who_is_eighteen_or_not_born_is_no_child_in_care() {
        let now = "2026-11-25T04:00:00Z".parse().unwrap();
        for (month, is_child) in
            [("2026-11", true), ("2026-12", false), ("2009-01", true), ("2008-11", true), ("2008-10", false)]
        {
            assert_eq!(AddDependant::parse("小明", month, now).is_ok(), is_child, "{month}");
        }
    }
}
