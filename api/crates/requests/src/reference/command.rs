//! What people send when they decide, and what it is when it is well-formed (指令).

use std::collections::HashSet;

use areas::TimeLimit;
use chrono::{DateTime, Utc};
use directory::CategoryCode;
use entity::enums::{CategoryNature, EditionKind};
use entity::id::UnitId;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::text::{Problems, line, optional, words};

use super::routing::{ROUTING, RULES, Rule};
use super::{
    Category, Content, Enact, FORBIDDEN_WORDS, ForbiddenWords, LADDER, RAISES, RETENTION, Raise, Retention, Template,
    is_fillable,
};
use crate::content::squeeze;
use crate::sla::SlaPolicy;
use crate::workflow::alarm::Rung;

/// Characters of a code at most.
const CODE: usize = 32;
/// Characters of an area's code at most.
const AREA_CODE: usize = 40;
/// Characters of a template at most.
const TEXT: usize = 1_000;
/// Characters of a name at most.
const NAME: usize = 64;
/// Characters of a class of GB/T 30428.2 at most.
const GB_CODE: usize = 16;
/// Characters of a time limit at most.
const LIMIT: usize = 16;
/// The last place among siblings.
const LAST: i32 = 9_999;
/// Forbidden words at most.
const WORDS: usize = 2_000;
/// Characters of one at most, and at least.
const WORD: usize = 32;
const SHORTEST_WORD: usize = 3;
/// Rungs of the ladder, and rules of raising, at most.
const MOST: usize = 50;

type Parsed<T> = std::result::Result<T, UserError>;

/// What every decision is about (颁布对象).
#[derive(Clone, Debug)]
pub struct About {
    /// Code of the thing.
    pub code: String,
    /// The version of the edition decided last; `None` for a thing that is new.
    pub expected_version: Option<i32>,
    /// From when; at once when `None`.
    pub valid_from: Option<DateTime<Utc>>,
}

impl About {
    /// A decision that says this.
    fn says(self, kind: EditionKind, code: String, content: Option<Content>) -> Enact {
        let expected_version = self.expected_version.unwrap_or_default();
        Enact { kind, code, expected_version, valid_from: self.valid_from, content }
    }
}

/// A category, as sent.
#[derive(Clone, Debug)]
pub struct RawCategory {
    /// Name.
    pub name: String,
    /// Order among siblings.
    pub position: i32,
    /// SLA policy.
    pub sla_code: Option<String>,
    /// Class of GB/T 30428.2.
    pub gb_code: Option<String>,
    /// Whether it is a city object.
    pub nature: CategoryNature,
    /// Handling must show a photo.
    pub needs_photo: bool,
    /// Never published.
    pub is_sensitive: bool,
}

impl RawCategory {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(self, about: About) -> Result<Enact> {
        let mut problems = Problems::default();
        let code = problems.keep(category_code(&about.code));
        let name = problems.keep(line("name", &self.name, NAME));
        let sla_code = problems.keep(self.sla_code.map(|code| plain_code("slaCode", &code)).transpose());
        let gb_code = problems.keep(optional("gbCode", self.gb_code.as_deref(), GB_CODE, line));
        if !(0..=LAST).contains(&self.position) {
            problems.add(invalid("position", "out_of_range"));
        }
        problems.none()?;
        let Self { position, nature, needs_photo, is_sensitive, .. } = self;
        let category = Category { name, position, sla_code, gb_code, nature, needs_photo, is_sensitive };
        Ok(about.says(EditionKind::Category, code, Some(Content::Category(category))))
    }
}

/// The end of a category (停用分类).
///
/// # Errors
/// `INVALID` for a code that is none.
pub fn retire_category(about: About) -> Result<Enact> {
    let code = category_code(&about.code)?;
    Ok(about.says(EditionKind::Category, code, None))
}

/// Time limits, as sent: `15min`, `24h`, `4wh`, `5wd`.
#[derive(Clone, Debug)]
pub struct RawSlaPolicy {
    /// Acceptance.
    pub accept: String,
    /// Signing.
    pub sign: String,
    /// First contact.
    pub contact: String,
    /// Handling.
    pub handle: String,
    /// Verification.
    pub verify: String,
    /// Handling in a later round.
    pub rework: String,
    /// Handling with extension at most.
    pub longest: Option<String>,
}

impl RawSlaPolicy {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(self, about: About) -> Result<Enact> {
        let mut problems = Problems::default();
        let code = problems.keep(plain_code("code", &about.code));
        let mut must = |field, text: &str| problems.take(time_limit(field, text));
        let (accept, sign) = (must("accept", &self.accept), must("sign", &self.sign));
        let (contact, handle) = (must("contact", &self.contact), must("handle", &self.handle));
        let (verify, rework) = (must("verify", &self.verify), must("rework", &self.rework));
        let longest = problems.keep(self.longest.map(|text| time_limit("longest", &text)).transpose());
        problems.none()?;
        let policy = (|| {
            let (accept, sign, contact, handle) = (accept?, sign?, contact?, handle?);
            Some(SlaPolicy { accept, sign, contact, handle, verify: verify?, rework: rework?, longest })
        })();
        let policy = policy.ok_or_else(|| Error::Fault(anyhow::anyhow!("a problem was not noted")))?;
        Ok(about.says(EditionKind::SlaPolicy, code, Some(Content::SlaPolicy(policy))))
    }
}

/// The whole ladder of warnings (预警阶梯). `about` names no code: there is one ladder.
///
/// # Errors
/// `LIMIT_EXCEEDED` for too many rungs.
pub fn ladder(rungs: Vec<Rung>, about: About) -> Result<Enact> {
    few("rungs", rungs.len())?;
    Ok(about.says(EditionKind::Ladder, LADDER.to_owned(), Some(Content::Ladder(rungs))))
}

/// The whole list of how many people raise a case how far (人数升级规则).
///
/// # Errors
/// `LIMIT_EXCEEDED` for too many rules.
pub fn raises(raises: Vec<Raise>, about: About) -> Result<Enact> {
    few("rules", raises.len())?;
    Ok(about.says(EditionKind::Raises, RAISES.to_owned(), Some(Content::Raises(raises))))
}

/// How long cases are kept, and what of them (留存规则). `about` names no code: there is one rule.
#[must_use]
pub fn retention(rule: Retention, about: About) -> Enact {
    about.says(EditionKind::Retention, RETENTION.to_owned(), Some(Content::Retention(rule)))
}

/// A template of replies, as sent.
#[derive(Clone, Debug)]
pub struct RawTemplate {
    /// Name.
    pub name: String,
    /// Words with placeholders.
    pub text: String,
    /// For a category and all below.
    pub category_code: Option<String>,
    /// For one unit.
    pub unit: Option<UnitId>,
}

impl RawTemplate {
    /// Parses the input.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn parse(self, about: About) -> Result<Enact> {
        let mut problems = Problems::default();
        let code = problems.keep(plain_code("code", &about.code));
        let name = problems.keep(line("name", &self.name, NAME));
        let text = problems.keep(words("text", &self.text, TEXT));
        let category_code = self.category_code.as_deref();
        let known = category_code.map(|code| CategoryCode::parse("categoryCode", code)).transpose();
        let category_code = problems.keep(known.map(|code| code.map(|code| code.as_str().to_owned())));
        if !is_fillable(&text) {
            problems.add(invalid("text", "unknown_placeholder"));
        }
        problems.none()?;
        let template = Template { name, text, category_code, unit: self.unit };
        Ok(about.says(EditionKind::ReplyTemplate, code, Some(Content::Template(template))))
    }
}

/// The end of a template (停用模板).
///
/// # Errors
/// `INVALID` for a code that is none.
pub fn retire_template(about: About) -> Result<Enact> {
    let code = plain_code("code", &about.code)?;
    Ok(about.says(EditionKind::ReplyTemplate, code, None))
}

/// The whole list of words that must not be published (违禁词). Each is told from ordinary sentences by three characters at least;
/// what is given twice is kept once.
///
/// # Errors
/// `REQUIRED`, `TOO_LONG` or `INVALID` for a word, `LIMIT_EXCEEDED` for too many. None says which word.
pub fn forbidden_words(list: &[String], about: About) -> Result<Enact> {
    if list.len() > WORDS {
        let many = UserError::at(UserErrorCode::LimitExceeded, "words").with(Detail::Limit(WORDS as i64));
        return Err(many.into());
    }
    let mut kept: Vec<String> = Vec::new();
    let mut known = HashSet::new();
    for word in list {
        let word = line("words", word, WORD)?;
        let squeezed = squeeze(&word);
        if squeezed.chars().count() < SHORTEST_WORD {
            return Err(invalid("words", "too_short").into());
        }
        if known.insert(squeezed) {
            kept.push(word);
        }
    }
    let content = Content::ForbiddenWords(ForbiddenWords::from(kept));
    Ok(about.says(EditionKind::ForbiddenWords, FORBIDDEN_WORDS.to_owned(), Some(content)))
}

/// The whole set of rules of dispatch (派单规则); what they speak of is looked for when it is decided.
///
/// # Errors
/// `LIMIT_EXCEEDED` for too many rules; `TOO_LONG` or `INVALID` for codes that cannot be any.
pub fn routing_rules(rules: Vec<Rule>, about: About) -> Result<Enact> {
    if rules.len() > RULES {
        return Err(UserError::at(UserErrorCode::LimitExceeded, "rules").with(Detail::Limit(RULES as i64)).into());
    }
    for rule in &rules {
        optional("rules.categoryCode", rule.category_code.as_deref(), CODE, line)?;
        optional("rules.areaCode", rule.area_code.as_deref(), AREA_CODE, line)?;
    }
    Ok(about.says(EditionKind::Routing, ROUTING.to_owned(), Some(Content::Routing(rules))))
}

/// A time limit as people write it.
///
/// # Errors
/// `INVALID` for what is none, `TOO_LONG`.
pub fn time_limit(field: &str, text: &str) -> Parsed<TimeLimit> {
    line(field, text, LIMIT)?.parse().map_err(|_| invalid(field, "time_limit"))
}

pub(super) fn few(field: &str, count: usize) -> Parsed<()> {
    let refused = || UserError::at(UserErrorCode::LimitExceeded, field).with(Detail::Limit(MOST as i64));
    if count > MOST { Err(refused()) } else { Ok(()) }
}

pub(super) fn category_code(text: &str) -> Parsed<String> {
    let code = line("code", text, CODE)?;
    CategoryCode::parse("code", &code).map(|code| code.as_str().to_owned())
}

/// A code of one part.
pub(super) fn plain_code(field: &str, text: &str) -> Parsed<String> {
    let code = line(field, text, CODE)?;
    let is_plain = code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
    if is_plain { Ok(code) } else { Err(invalid(field, "code")) }
}

pub(super) fn invalid(field: &str, because: &'static str) -> UserError {
    UserError::at(UserErrorCode::Invalid, field).with(Detail::Because(because))
}
