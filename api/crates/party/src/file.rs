//! A roster as a file (名册文件), as the organisation keeps it: one line a member, or an organisation alone. Reading it is pure.

use std::collections::{HashMap, HashSet};
use std::fmt;

use chrono::{DateTime, Datelike as _, TimeDelta, Utc};
use entity::enums::{PartyDuty, PartyOrganizationKind, PartyStanding};
use entity::party_organization::Model;
use identity::phone::Phone;
use kernel::text::line;

/// The heading of the file.
pub const HEADING: &str = "org_code,org_name,org_kind,parent_code,member_name,join_month,standing,phone";
/// What the heading may add: what a member does for the organisation.
pub const DUTY: &str = ",duty";
/// Signs of a code at most.
const CODE: usize = 32;
/// Characters of the name of an organisation at most.
const ORGANIZATION: usize = 60;
/// Characters of the name of a person at most.
const PERSON: usize = 32;
/// Bytes of a path at most.
const PATH: usize = 255;

/// Why a line was refused (名册文件错误).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct RowError {
    /// The line, counted from 1 as editors do.
    pub line: usize,
    /// What is wrong with it.
    pub problem: RowProblem,
}

/// What can be wrong with a line of a roster.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RowProblem {
    /// The first line is not the expected heading.
    #[error("the heading must be {HEADING}, with {DUTY} behind it if wanted")]
    Heading,
    /// Not as many fields as the heading has.
    #[error("expected as many fields as the heading has, eight or nine; a field holds no comma")]
    Fields,
    /// A code is missing or holds other signs.
    #[error("a code has 1–32 capitals, digits and hyphens")]
    Code,
    /// The name of the organisation is missing or too long.
    #[error("the organisation's name has 1–60 characters")]
    Name,
    /// The kind is unknown.
    #[error(
        "the kind must be WORKING_COMMITTEE, COMMITTEE, GENERAL_BRANCH, BRANCH, JOINT_BRANCH, TEMPORARY_BRANCH or GROUP"
    )]
    Kind,
    /// A line before said otherwise of the same organisation.
    #[error("a line before names, sorts or places this organisation otherwise")]
    Otherwise,
    /// Nobody knows the organisation above.
    #[error("the parent is neither in the file nor imported before")]
    Parent,
    /// The organisations stand in a ring, or too deep.
    #[error("the organisations above form a ring, or are too many")]
    Depth,
    /// The organisation was imported before, below another.
    #[error("this organisation was imported before below another one")]
    Moved,
    /// The name of the member is missing or too long.
    #[error("the member's name has 1–32 characters")]
    Member,
    /// The month is not `YYYY-MM`, or lies ahead.
    #[error("the month of joining is written YYYY-MM, from 1921-07 to now")]
    Month,
    /// The standing is unknown.
    #[error("the standing must be FULL, PROBATIONARY or FLOATING")]
    Standing,
    /// The duty is unknown.
    #[error("the duty must be SECRETARY, DEPUTY_SECRETARY, COMMITTEE_MEMBER or nothing")]
    Duty,
    /// The number is no mobile number.
    #[error("the phone is no mobile number")]
    Phone,
    /// The member was given before.
    #[error("this member of this organisation was given before")]
    Repeated,
    /// The number was given before.
    #[error("this phone was given before")]
    PhoneRepeated,
}

/// An organisation as the file gives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OrganizationRow {
    /// Line that gave it first.
    pub line: usize,
    pub code: String,
    pub name: String,
    pub kind: PartyOrganizationKind,
    /// Code of the one above.
    pub parent: Option<String>,
}

/// A member as the file gives it. Not to be printed.
pub(crate) struct MemberRow {
    /// Code of the organisation.
    pub organization: String,
    pub name: String,
    pub join_month: String,
    pub standing: PartyStanding,
    pub phone: Option<Phone>,
    /// What the member does for the organisation; nothing where the file does not say.
    pub duty: Option<Option<PartyDuty>>,
}

/// A roster that was read. Its `Debug` says no name.
pub struct File {
    pub(crate) organizations: Vec<OrganizationRow>,
    pub(crate) members: Vec<MemberRow>,
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "File({} organisations, {} members)", self.organizations.len(), self.members.len())
    }
}

/// What was read so far.
#[derive(Default)]
struct Seen {
    organizations: HashMap<String, OrganizationRow>,
    members: HashSet<(String, String, String)>,
    phones: HashSet<Phone>,
}

impl File {
    /// Reads a file; blank lines are skipped, a byte-order mark and CRLF are accepted, quoting is not.
    ///
    /// # Errors
    /// Every line that is wrong, with the first thing that is.
    /// ```
    /// use party::{File, HEADING, RowProblem};
    /// let text = format!("{HEADING}\nXH,新虹街道党工委,WORKING_COMMITTEE,,,,,\nXH-1,第一党支部,BRANCH,XH,张三,1998-13,FULL,");
    /// let errors = File::parse(&text, chrono::DateTime::UNIX_EPOCH).unwrap_err();
    /// assert_eq!((errors[0].line, errors[0].problem), (3, RowProblem::Month));
    /// ```
    pub fn parse(text: &str, now: DateTime<Utc>) -> Result<Self, Vec<RowError>> {
        let mut lines = (1..).zip(text.trim_start_matches('\u{feff}').lines());
        let heading = lines.next().and_then(|(_, heading)| heading.trim().strip_prefix(HEADING));
        let has_duties = match heading {
            Some("") => false,
            Some(DUTY) => true,
            _ => return Err(vec![RowError { line: 1, problem: RowProblem::Heading }]),
        };
        let (mut seen, mut errors) = (Seen::default(), Vec::new());
        let (mut organizations, mut members) = (Vec::new(), Vec::new());
        for (line, text) in lines.filter(|(_, text)| !text.trim().is_empty()) {
            match row(line, (text, has_duties), now, &mut seen) {
                Ok((organization, member)) => {
                    organizations.extend(organization);
                    members.extend(member);
                }
                Err(problem) => errors.push(RowError { line, problem }),
            }
        }
        if errors.is_empty() { Ok(Self { organizations, members }) } else { Err(errors) }
    }

    /// Where each organisation stands, the upper ones first, given those imported before.
    ///
    /// # Errors
    /// Every organisation that stands nowhere, or was imported before elsewhere.
    pub(crate) fn placed(&self, known: &[Model]) -> Result<Vec<(&OrganizationRow, String)>, Vec<RowError>> {
        let given: HashMap<&str, &OrganizationRow> =
            self.organizations.iter().map(|row| (row.code.as_str(), row)).collect();
        let known: HashMap<&str, &Model> = known.iter().map(|row| (row.code.as_str(), row)).collect();
        let (mut placed, mut errors) = (Vec::new(), Vec::new());
        for row in &self.organizations {
            match path(row, &given, &known) {
                Ok(path) if known.get(row.code.as_str()).is_some_and(|known| known.path != path) => {
                    errors.push(RowError { line: row.line, problem: RowProblem::Moved });
                }
                Ok(path) => placed.push((row, path)),
                Err(problem) => errors.push(RowError { line: row.line, problem }),
            }
        }
        placed.sort_by_key(|(row, path)| (path.matches('/').count(), row.line));
        if errors.is_empty() { Ok(placed) } else { Err(errors) }
    }
}

/// A line: an organisation unless it was given before, and a member if there is one.
fn row(
    at: usize,
    (text, has_duties): (&str, bool),
    now: DateTime<Utc>,
    seen: &mut Seen,
) -> Result<(Option<OrganizationRow>, Option<MemberRow>), RowProblem> {
    let fields: Vec<&str> = text.split(',').map(str::trim).collect();
    let [code, name, kind, parent, member @ ..] = fields.as_slice() else { return Err(RowProblem::Fields) };
    let (person, month, standing, phone, duty) = match *member {
        [person, month, standing, phone] if !has_duties => (person, month, standing, phone, None),
        [person, month, standing, phone, duty] if has_duties => (person, month, standing, phone, Some(duty)),
        _ => return Err(RowProblem::Fields),
    };
    let code = code_of(code)?;
    let name = line("", name, ORGANIZATION).map_err(|_| RowProblem::Name)?;
    let kind = PartyOrganizationKind::of_name(kind).ok_or(RowProblem::Kind)?;
    let parent = if parent.is_empty() { None } else { Some(code_of(parent)?) };
    let given = OrganizationRow { line: at, code, name, kind, parent };
    let code = given.code.clone();
    let organization = match seen.organizations.get(&code) {
        Some(before) if *before != (OrganizationRow { line: before.line, ..given.clone() }) => {
            return Err(RowProblem::Otherwise);
        }
        Some(_) => None,
        None => Some(given),
    };
    let member = if member.iter().all(|field| field.is_empty()) {
        None
    } else {
        Some(member_of(&code, ([person, month, standing, phone], duty), now, seen)?)
    };
    if let Some(organization) = &organization {
        seen.organizations.insert(code, organization.clone());
    }
    Ok((organization, member))
}

fn member_of(
    organization: &str,
    ([name, month, standing, phone], duty): ([&str; 4], Option<&str>),
    now: DateTime<Utc>,
    seen: &mut Seen,
) -> Result<MemberRow, RowProblem> {
    let name = line("", name, PERSON).map_err(|_| RowProblem::Member)?;
    let join_month = month_of(month, now).ok_or(RowProblem::Month)?;
    let standing = PartyStanding::of_name(standing).ok_or(RowProblem::Standing)?;
    let duty = match duty {
        Some("") => Some(None),
        Some(duty) => Some(Some(PartyDuty::of_name(duty).ok_or(RowProblem::Duty)?)),
        None => None,
    };
    let phone = if phone.is_empty() { None } else { Some(phone) };
    let phone = phone.map(|phone| Phone::parse("", phone)).transpose().map_err(|_| RowProblem::Phone)?;
    if !seen.members.insert((organization.to_owned(), name.clone(), join_month.clone())) {
        return Err(RowProblem::Repeated);
    }
    if phone.as_ref().is_some_and(|phone| !seen.phones.insert(phone.clone())) {
        return Err(RowProblem::PhoneRepeated);
    }
    Ok(MemberRow { organization: organization.to_owned(), name, join_month, standing, phone, duty })
}

/// A code. Other signs would mean something in a path, or to a search by its beginning.
fn code_of(text: &str) -> Result<String, RowProblem> {
    let is_sign = |byte: u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'-';
    let is_good = (1..=CODE).contains(&text.len()) && text.bytes().all(is_sign);
    if is_good { Ok(text.to_owned()) } else { Err(RowProblem::Code) }
}

/// A month from the party's founding to the one it is in Shanghai.
fn month_of(text: &str, now: DateTime<Utc>) -> Option<String> {
    let (year, month) = text.split_once('-').filter(|(year, month)| year.len() == 4 && month.len() == 2)?;
    let digits =
        |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse::<i32>().ok()).flatten();
    let joined = (digits(year)?, digits(month)?);
    let now = now + TimeDelta::hours(8);
    let is_good =
        (1..=12).contains(&joined.1) && joined >= (1921, 7) && joined <= (now.year(), now.month().cast_signed());
    is_good.then(|| text.to_owned())
}

/// The codes from the topmost down to an organisation.
fn path(
    row: &OrganizationRow,
    given: &HashMap<&str, &OrganizationRow>,
    known: &HashMap<&str, &Model>,
) -> Result<String, RowProblem> {
    let (mut path, mut parent) = (format!("/{}/", row.code), row.parent.as_deref());
    while let Some(code) = parent {
        if path.len() > PATH {
            return Err(RowProblem::Depth);
        }
        let (above, next) = match (given.get(code), known.get(code)) {
            (Some(above), _) => (format!("/{}", above.code), above.parent.as_deref()),
            (None, Some(above)) => (above.path.trim_end_matches('/').to_owned(), None),
            (None, None) => return Err(RowProblem::Parent),
        };
        (path, parent) = (above + &path, next);
    }
    if path.len() > PATH { Err(RowProblem::Depth) } else { Ok(path) }
}

#[cfg(test)]
mod tests;
