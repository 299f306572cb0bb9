//! A row as an order of the hotline (工单行), or all that is wrong with it. Pure.

use areas::{CoordinateError, Datum, Wgs84Point};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use entity::enums::{Channel, RequestKind, Visibility};
use identity::phone::Phone;
use kernel::error::UserErrorCode;
use kernel::text::{line, optional, words};
use requests::{AreaRef, Origin, Submit, Town, parent_of};
use strum::{EnumIter, EnumString, IntoStaticStr};

use crate::column::Column;

/// How long ago the hotline may have taken an order at most: the longest limit with its extension is three weeks, and what is older
/// was settled elsewhere.
pub const AGE: TimeDelta = TimeDelta::days(60);
/// Signs of a number at most.
const NUMBER: usize = 40;
/// Characters of title and content at most: calls are told at more length than people write.
const CONTENT: usize = 2_000;
/// Characters of a title at most.
const TITLE: usize = 100;
/// Characters of an address at most.
const ADDRESS: usize = 120;
/// Characters of a name at most.
const NAME: usize = 40;
/// Characters of a reason at most.
const REASON: usize = 500;
/// Where what fits nowhere else goes until a dispatcher accepts it.
const ELSEWHERE: &str = "OTHER.GENERAL";

/// What can be wrong with a row (行错误码), append-only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Problem {
    /// 缺内容 / It is missing.
    Required,
    /// 太长 / It is too long.
    TooLong,
    /// 含有不该有的字符 / It holds signs that have no place there.
    Characters,
    /// 编号不对 / No number of letters, digits and hyphens.
    Number,
    /// 类型不对 / None of the kinds.
    Kind,
    /// 号码不对 / Neither a mobile nor a landline number.
    Phone,
    /// 时间不对 / No date and time.
    Time,
    /// 时间在将来 / It lies in the future.
    Future,
    /// 时间太早 / It lies too far in the past.
    TooOld,
    /// 坐标不对 / No coordinates.
    Place,
    /// 不在本街道 / The place is not of the street.
    OutsideArea,
    /// 须写是或否 / Neither yes nor no.
    Flag,
    /// 与已有工单不同 / The same number came before with other contents.
    Changed,
    /// 没有这张工单 / There is no such order to withdraw.
    NotThere,
    /// 已经结束 / It is over, so that it cannot be withdrawn.
    Over,
    /// 其他诉求已并入 / Others were merged into it, whose matter it is too.
    Shared,
}

/// A column and what is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// Which column.
    pub column: Column,
    /// What.
    pub problem: Problem,
}

/// What a good row says.
#[derive(Clone, Debug)]
pub enum Wish {
    /// An order.
    Order(Box<Submit>),
    /// An order is taken back, for this reason.
    Withdrawal(String),
}

/// A row that was read.
#[derive(Clone, Debug)]
pub struct Row {
    /// Number of the row in the file.
    pub at: i32,
    /// Number of the order, as far as it could be read.
    pub number: Option<String>,
    /// What it says word for word, to tell whether the same comes again.
    pub said: String,
    /// What it means, or all that is wrong with it.
    pub wish: Result<Wish, Vec<RowProblem>>,
}

/// What rows are read by.
pub struct Reading<'t> {
    /// The town.
    pub town: &'t Town,
    /// The street.
    pub street: &'t AreaRef,
    /// Datum of coordinates.
    pub datum: Datum,
    /// Now.
    pub now: DateTime<Utc>,
}

impl Reading<'_> {
    /// Reads a row: the cells in the order of [`Column`].
    #[must_use]
    pub fn row(&self, at: i32, cells: &[String]) -> Row {
        let cell = |column: Column| cells.get(column as usize).map(String::as_str).unwrap_or_default();
        let number = number(cell(Column::Number));
        let wish = match (&number, cell(Column::Reason)) {
            (Err(problem), _) => Err(vec![RowProblem { column: Column::Number, problem: *problem }]),
            (Ok(number), "") => self.order(number, cell),
            (Ok(_), reason) => {
                let said = words("", reason, REASON).map_err(|error| vec![problem_at(Column::Reason, error.code)]);
                said.map(Wish::Withdrawal)
            }
        };
        Row { at, number: number.ok(), said: cells.join("\u{1f}"), wish }
    }

    fn order<'c>(&self, number: &str, cell: impl Fn(Column) -> &'c str) -> Result<Wish, Vec<RowProblem>> {
        let mut problems = Found::default();
        let kind = problems.keep(Column::Kind, kind(cell(Column::Kind)));
        let title = problems.text(Column::Title, optional("", Some(cell(Column::Title)), TITLE, line));
        let content = problems.text(Column::Content, words("", cell(Column::Content), CONTENT));
        let name = problems.text(Column::Name, optional("", Some(cell(Column::Name)), NAME, line)).flatten();
        let address = problems.text(Column::Address, optional("", Some(cell(Column::Address)), ADDRESS, line));
        let phone = problems.keep(Column::Phone, phone(cell(Column::Phone)));
        let received_at = problems.keep(Column::ReceivedAt, self.received(cell(Column::ReceivedAt)));
        let due_at = problems.keep(Column::DueAt, due(cell(Column::DueAt)));
        let place = problems.keep(Column::Longitude, self.place(cell(Column::Longitude), cell(Column::Latitude)));
        let is_confidential = problems.keep(Column::Confidential, flag(cell(Column::Confidential)));
        let (Some(kind), Some(content), Some(phone), Some(place), true) =
            (kind, content, phone, place, problems.0.is_empty())
        else {
            return Err(problems.0);
        };
        let address = address.flatten();
        let is_nobody = name.is_none() && phone.is_none();
        let description = match title.flatten() {
            Some(title) if !content.starts_with(&title) => format!("{title}\n{content}"),
            _ => content,
        };
        let area = match place {
            Some(place) => self.town.area_at(place).unwrap_or_else(|| self.street.clone()),
            None => self.area_by(address.as_deref()),
        };
        Ok(Wish::Order(Box::new(Submit {
            kind,
            category_code: self.category(cell(Column::Category)),
            description,
            place,
            area,
            address,
            photos: Vec::new(),
            is_anonymous: is_nobody,
            is_confidential: is_confidential.flatten().unwrap_or(kind == RequestKind::Report),
            may_contact: phone.is_some(),
            visibility: Visibility::Private,
            channel: Channel::Hotline12345,
            contact_phone: phone,
            on_behalf_name: name,
            origin: Origin {
                external_no: Some(number.to_owned()),
                external_due_at: due_at.flatten(),
                occurred_at: received_at,
            },
        })))
    }

    /// When the hotline took it: not ahead of now, and not too long ago.
    fn received(&self, text: &str) -> Result<DateTime<Utc>, Problem> {
        let at = instant(text)?.ok_or(Problem::Required)?;
        match at {
            at if at > self.now => Err(Problem::Future),
            at if at < self.now - AGE => Err(Problem::TooOld),
            at => Ok(at),
        }
    }

    fn place(&self, longitude: &str, latitude: &str) -> Result<Option<Wgs84Point>, Problem> {
        if longitude.is_empty() && latitude.is_empty() {
            return Ok(None);
        }
        let degrees = |text: &str| text.parse::<f64>().map_err(|_| Problem::Place);
        let (longitude, latitude) = (degrees(longitude)?, degrees(latitude)?);
        let place = self.town.bounds.admit(self.datum, longitude, latitude).map_err(|error| match error {
            CoordinateError::TooFar { .. } => Problem::OutsideArea,
            _ => Problem::Place,
        })?;
        let area = self.town.area_at(place).filter(|area| area.street() == self.street.code);
        area.map(|_| Some(place)).ok_or(Problem::OutsideArea)
    }

    /// The smallest grid of the street whose name the address tells; else the street, where a dispatcher finds it.
    fn area_by(&self, address: Option<&str>) -> AreaRef {
        let named = address.and_then(|address| self.town.area_named_in(address, self.street));
        named.unwrap_or_else(|| self.street.clone())
    }

    /// By code or by name; what is neither, a dispatcher classifies at acceptance.
    fn category(&self, text: &str) -> String {
        let leaf = text.rsplit(['/', '>', '－', '—']).next().unwrap_or_default().trim();
        let offered = || self.town.reference.categories.all_at(self.now).filter(|category| !category.is_retired);
        let is_below = |code: &str| parent_of(code).is_some();
        let found = offered()
            .find(|category| is_below(&category.code) && (category.code == text || category.content.name == leaf));
        let found = found.or_else(|| offered().find(|category| category.content.name == leaf));
        found.map_or_else(|| ELSEWHERE.to_owned(), |category| category.code.clone())
    }
}

/// What was found wrong.
#[derive(Default)]
struct Found(Vec<RowProblem>);

impl Found {
    fn keep<T>(&mut self, column: Column, read: Result<T, Problem>) -> Option<T> {
        read.map_err(|problem| self.0.push(RowProblem { column, problem })).ok()
    }

    fn text<T>(&mut self, column: Column, read: Result<T, kernel::error::UserError>) -> Option<T> {
        read.map_err(|error| self.0.push(problem_at(column, error.code))).ok()
    }
}

fn problem_at(column: Column, code: UserErrorCode) -> RowProblem {
    let problem = match code {
        UserErrorCode::Required => Problem::Required,
        UserErrorCode::TooLong => Problem::TooLong,
        _ => Problem::Characters,
    };
    RowProblem { column, problem }
}

fn number(text: &str) -> Result<String, Problem> {
    match text {
        "" => Err(Problem::Required),
        text if text.len() > NUMBER => Err(Problem::TooLong),
        text if text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') => Ok(text.to_owned()),
        _ => Err(Problem::Number),
    }
}

fn kind(text: &str) -> Result<RequestKind, Problem> {
    match text {
        "" => Err(Problem::Required),
        "咨询" => Ok(RequestKind::Consult),
        "求助" => Ok(RequestKind::Help),
        "投诉" => Ok(RequestKind::Complaint),
        "举报" => Ok(RequestKind::Report),
        "意见建议" | "建议" | "意见" => Ok(RequestKind::Suggestion),
        "表扬" | "感谢" => Ok(RequestKind::Praise),
        _ => Err(Problem::Kind),
    }
}

fn flag(text: &str) -> Result<Option<bool>, Problem> {
    match text {
        "" => Ok(None),
        "是" | "Y" | "y" | "1" | "保密" => Ok(Some(true)),
        "否" | "N" | "n" | "0" | "公开" | "不保密" => Ok(Some(false)),
        _ => Err(Problem::Flag),
    }
}

/// A mobile number; people call from landlines too, which are kept as they are, with their area code.
fn phone(text: &str) -> Result<Option<Phone>, Problem> {
    // Spreadsheets turn numbers into numbers.
    let text = text.strip_suffix(".0").unwrap_or(text);
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(phone) = Phone::parse("", text) {
        return Ok(Some(phone));
    }
    let digits: String = text.chars().filter(|sign| !matches!(sign, '-' | ' ' | '(' | ')' | '（' | '）')).collect();
    let local = digits.strip_prefix("021").unwrap_or(&digits);
    let is_landline = local.len() == 8
        && local.bytes().all(|byte| byte.is_ascii_digit())
        && matches!(local.as_bytes().first(), Some(b'2'..=b'9'));
    if is_landline { Ok(Some(Phone::from_stored(format!("+8621{local}")))) } else { Err(Problem::Phone) }
}

/// Until when the platform wants a result: a date alone means its whole day.
fn due(text: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    let day =
        ["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日"].iter().find_map(|form| NaiveDate::parse_from_str(text, form).ok());
    match day.and_then(|day| day.and_hms_opt(23, 59, 59)) {
        Some(end) => Ok(Some(in_shanghai(end)?)),
        None => instant(text),
    }
}

/// Date and time in Shanghai, as platforms and spreadsheets write them; `None` when it is empty.
fn instant(text: &str) -> Result<Option<DateTime<Utc>>, Problem> {
    if text.is_empty() {
        return Ok(None);
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return plausible(at.to_utc()).map(Some);
    }
    let forms = [
        "%Y-%m-%d %H:%M:%S",
        "%Y-%m-%d %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
        "%Y-%m-%dT%H:%M:%S",
        "%Y年%m月%d日 %H:%M",
        "%Y年%m月%d日 %H:%M:%S",
    ];
    let written = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let serial = || text.parse::<f64>().ok().filter(|days| (20_000.0..80_000.0).contains(days)).and_then(of_serial);
    let at = written.or_else(serial).ok_or(Problem::Time)?;
    in_shanghai(at).map(Some)
}

/// A date and time as spreadsheets count them: days since the end of 1899.
fn of_serial(days: f64) -> Option<NaiveDateTime> {
    let first = NaiveDate::from_ymd_opt(1899, 12, 30)?.and_hms_opt(0, 0, 0)?;
    first.checked_add_signed(TimeDelta::seconds((days * 86_400.0).round() as i64))
}

fn in_shanghai(at: NaiveDateTime) -> Result<DateTime<Utc>, Problem> {
    plausible(at.checked_sub_signed(TimeDelta::hours(8)).ok_or(Problem::Time)?.and_utc())
}

fn plausible(at: DateTime<Utc>) -> Result<DateTime<Utc>, Problem> {
    use chrono::Datelike as _;
    if (1990..=2199).contains(&at.year()) { Ok(at) } else { Err(Problem::Time) }
}

#[cfg(test)]
mod tests;
