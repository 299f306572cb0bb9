//! A report as a file (导出): CSV by RFC 4180, or Excel. Pure.

use rust_xlsxwriter::{Format as Style, Workbook};

use crate::definition::{DEFINITION_VERSION, Unit};
use crate::report::Row;
use kernel::error::{Error, Result};
use kernel::sheet::{self, Format, harmless};

/// The heading of every file.
const HEADING: [&str; 12] = [
    "分组代码",
    "分组",
    "指标代码",
    "指标",
    "分子",
    "分母",
    "率（%）",
    "平均（分钟）",
    "上年分子",
    "上年分母",
    "上年率（%）",
    "口径版本",
];

/// What stands in a cell of a file.
#[derive(Clone, Debug, PartialEq)]
enum Entry {
    Text(String),
    Number(i64),
    /// Hundredths: basis points as percent.
    Percent(i64),
    Nothing,
}

/// The file of a report; each row with the name of its key.
///
/// # Errors
/// A fault when the file cannot be put together.
pub fn file(format: Format, rows: &[(String, Row)]) -> Result<Vec<u8>> {
    let lines = rows.iter().map(|(label, row)| line(label, row));
    match format {
        Format::Csv => csv(lines),
        Format::Xlsx => xlsx(lines).map_err(|error| Error::Fault(error.into())),
    }
}

fn line(label: &str, row: &Row) -> [Entry; 12] {
    let number = |value: Option<i64>| value.map_or(Entry::Nothing, Entry::Number);
    let percent = |value: Option<i64>| value.map_or(Entry::Nothing, Entry::Percent);
    let each = row.now.each().filter(|_| row.metric.unit() == Unit::Minutes);
    [
        Entry::Text(row.key.clone()),
        Entry::Text(label.to_owned()),
        Entry::Text(row.metric.name().to_owned()),
        Entry::Text(row.metric.title().to_owned()),
        Entry::Number(row.now.numerator),
        Entry::Number(row.now.denominator),
        percent(row.rate()),
        number(each),
        number(row.before.map(|before| before.numerator)),
        number(row.before.map(|before| before.denominator)),
        percent(row.rate_before()),
        Entry::Number(DEFINITION_VERSION.into()),
    ]
}

fn csv(lines: impl Iterator<Item = [Entry; 12]>) -> Result<Vec<u8>> {
    let lines = lines.map(|line| line.map(cell));
    sheet::csv(std::iter::once(HEADING.map(str::to_owned)).chain(lines)).map(String::into_bytes)
}

fn cell(entry: Entry) -> String {
    match entry {
        Entry::Text(text) => harmless(&text),
        Entry::Number(number) => number.to_string(),
        Entry::Percent(points) => format!("{}.{:02}", points / 100, points % 100),
        Entry::Nothing => String::new(),
    }
}

/// Texts are written as texts, never as formulas; the apostrophe is there for who saves the sheet as CSV.
fn xlsx(lines: impl Iterator<Item = [Entry; 12]>) -> std::result::Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let (bold, percent) = (Style::new().set_bold(), Style::new().set_num_format("0.00"));
    let sheet = book.add_worksheet();
    sheet.set_name("指标")?;
    sheet.set_freeze_panes(1, 0)?;
    for (column, title) in (0..).zip(HEADING) {
        sheet.write_string_with_format(0, column, title, &bold)?;
    }
    for (number, line) in (1..).zip(lines) {
        for (column, entry) in (0..).zip(line) {
            match entry {
                Entry::Text(text) => sheet.write_string(number, column, harmless(&text))?,
                Entry::Number(value) => sheet.write_number(number, column, value as f64)?,
                Entry::Percent(points) => {
                    sheet.write_number_with_format(number, column, points as f64 / 100.0, &percent)?
                }
                Entry::Nothing => sheet,
            };
        }
    }
    book.save_to_buffer()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::definition::{Metric, Share};

    fn row(key: &str, metric: Metric, numerator: i64, denominator: i64) -> Row {
        Row { key: key.to_owned(), metric, now: Share { numerator, denominator }, before: None }
    }

    fn text_of(rows: &[(String, Row)]) -> String {
        String::from_utf8(file(Format::Csv, rows).unwrap()).unwrap()
    }

    #[test]
    fn a_csv_is_what_excel_and_rfc_4180_expect() {
        let rows = [
            ("爱博,一村".to_owned(), row("/a/", Metric::OnTimeRate, 82, 89)),
            ("说\"不\"".to_owned(), row("/b/", Metric::AvgHandleHours, 100, 8)),
            ("空".to_owned(), row("/c/", Metric::SolvedRate, 0, 0)),
        ];
        let text = text_of(&rows);
        let mut lines = text.split("\r\n");
        assert!(lines.next().unwrap().starts_with("\u{feff}分组代码,分组,"));
        assert_eq!(lines.next().unwrap(), "/a/,\"爱博,一村\",ON_TIME_RATE,按时办结率,82,89,92.13,,,,,1");
        assert_eq!(lines.next().unwrap(), "/b/,\"说\"\"不\"\"\",AVG_HANDLE_HOURS,平均处置时长,100,8,,13,,,,1");
        assert_eq!(lines.next().unwrap(), "/c/,空,SOLVED_RATE,诉求解决率,0,0,,,,,,1");
        assert_eq!(lines.collect::<Vec<_>>(), [""], "the last line ends, too");
    }

    #[test]
    fn no_cell_is_a_formula() {
        for name in ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1", "＝1"] {
            let text = text_of(&[(name.to_owned(), row("k", Metric::Cases, 1, 1))]);
            assert!(text.contains(&format!("'{name}")), "{text}");
        }
        assert_eq!(harmless("三-1"), "三-1");
    }

    #[test]
    fn a_workbook_is_a_zip() {
        let file = file(Format::Xlsx, &[("=cmd".to_owned(), row("k", Metric::Cases, 1, 1))]).unwrap();
        assert!(file.starts_with(b"PK\x03\x04") && file.len() > 1_000);
    }
}
