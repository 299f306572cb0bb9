//! A file as rows of text (表格文件): UTF-8 or GB18030 as comma-separated values, or a workbook. Pure.

use std::collections::HashMap;

use crate::column::Column;
use crate::workbook;

/// Rows of a file at most.
pub const ROWS: usize = 100_000;
/// Bytes of a cell at most; a longer one is refused with its row.
const CELL: usize = 20_000;
/// Cells of a row at most.
const CELLS: usize = 100;
/// The heading of a file, for who wants to fill one in.
pub const TEMPLATE: &str =
    "工单编号,来电人,来电号码,受理时间,诉求类型,标题,内容,地址,经度,纬度,分类,办理时限,是否保密,撤回原因";

/// Why a file is refused as a whole (文件错误).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileProblem {
    /// Neither UTF-8 nor GB18030, or cut off.
    #[error("the file is neither UTF-8 nor GB18030")]
    Encoding,
    /// The first row lacks a column that must be there.
    #[error("the first row does not name the columns that must be there")]
    Heading,
    /// A column stands there twice.
    #[error("a column stands there twice")]
    ColumnTwice,
    /// It holds no row.
    #[error("the file holds no row")]
    Empty,
    /// It holds too many rows.
    #[error("the file holds more than 100,000 rows")]
    TooManyRows,
    /// A workbook that cannot be read.
    #[error("the workbook cannot be read")]
    Workbook,
    /// A workbook that unpacks to more than any honest one.
    #[error("the workbook unpacks to too much")]
    TooLarge,
}

/// A file that was looked through (已核对的文件): its columns in our order, each row with its number. Its `Debug` says no word.
pub struct Prepared {
    /// A line of JSON for each row: the number of the row, then the cells of all columns.
    pub text: String,
    /// How many rows there are.
    pub rows: usize,
    /// Whether any row has coordinates, whose datum must be said.
    pub has_coordinates: bool,
}

impl std::fmt::Debug for Prepared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Prepared({} rows)", self.rows)
    }
}

/// Looks a file through: what it is written in, whether the columns are there, how many rows it has. Rows are not judged yet.
///
/// # Errors
/// Why it is refused as a whole.
pub fn prepare(bytes: &[u8]) -> Result<Prepared, FileProblem> {
    let mut taking = Taking::default();
    if bytes.starts_with(b"PK\x03\x04") {
        workbook::read(bytes, |number, cells| taking.row(number, cells))?;
    } else {
        let text = decode(bytes)?;
        let mut records = Records::of(&text);
        while let Some((number, cells)) = records.next() {
            taking.row(number, &cells)?;
        }
    }
    taking.done()
}

/// UTF-8, with or without a byte order mark; else GB18030, in which Excel writes CSV on Chinese machines.
fn decode(bytes: &[u8]) -> Result<std::borrow::Cow<'_, str>, FileProblem> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(FileProblem::Encoding);
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.into());
    }
    let text = encoding_rs::GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    text.ok_or(FileProblem::Encoding)
}

/// What was taken of a file so far.
#[derive(Default)]
struct Taking {
    places: Option<HashMap<Column, usize>>,
    text: String,
    rows: usize,
    has_coordinates: bool,
}

impl Taking {
    fn row(&mut self, number: usize, cells: &[impl AsRef<str>]) -> Result<(), FileProblem> {
        if cells.iter().all(|cell| cell.as_ref().trim().is_empty()) {
            return Ok(());
        }
        let Some(places) = &self.places else {
            self.places = Some(heading(cells)?);
            return Ok(());
        };
        if self.rows == ROWS {
            return Err(FileProblem::TooManyRows);
        }
        self.rows += 1;
        let cells = Column::all().map(|column| {
            let cell = places.get(&column).and_then(|place| cells.get(*place)).map(AsRef::as_ref).unwrap_or_default();
            let cell = bounded(cell.trim());
            self.has_coordinates |= matches!(column, Column::Longitude | Column::Latitude) && !cell.is_empty();
            cell
        });
        let line = serde_json::to_string(&(number, cells.collect::<Vec<_>>())).map_err(|_| FileProblem::Encoding)?;
        self.text.push_str(&line);
        self.text.push('\n');
        Ok(())
    }

    fn done(self) -> Result<Prepared, FileProblem> {
        match self.places {
            None => Err(FileProblem::Heading),
            Some(_) if self.rows == 0 => Err(FileProblem::Empty),
            Some(_) => Ok(Prepared { text: self.text, rows: self.rows, has_coordinates: self.has_coordinates }),
        }
    }
}

/// Enough of a cell to tell that it is too long.
fn bounded(cell: &str) -> &str {
    let mut end = cell.len().min(CELL);
    while !cell.is_char_boundary(end) {
        end -= 1;
    }
    cell.get(..end).unwrap_or_default()
}

/// Where each column stands. A file of withdrawals needs the number and the reason only.
fn heading(cells: &[impl AsRef<str>]) -> Result<HashMap<Column, usize>, FileProblem> {
    let mut places = HashMap::new();
    for (place, cell) in cells.iter().enumerate() {
        let Some(column) = Column::named(cell.as_ref().trim().trim_start_matches('\u{feff}')) else { continue };
        if places.insert(column, place).is_some() {
            return Err(FileProblem::ColumnTwice);
        }
    }
    let has = |columns: &[Column]| columns.iter().all(|column| places.contains_key(column));
    let is_enough = has(&[Column::Number, Column::Reason])
        || has(&[Column::Number, Column::Kind, Column::Content, Column::ReceivedAt]);
    if is_enough { Ok(places) } else { Err(FileProblem::Heading) }
}

/// Records of comma-separated values, each with the number that a spreadsheet gives its row.
pub struct Records<'t> {
    text: &'t str,
    reader: csv::Reader<&'t [u8]>,
    record: csv::StringRecord,
    /// Line breaks within cells so far: they begin no row.
    inner: usize,
}

impl<'t> Records<'t> {
    /// Reads a text.
    pub fn of(text: &'t str) -> Self {
        let reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { text, reader, record: csv::StringRecord::new(), inner: 0 }
    }

    /// The next record that is not empty and its number, counted from 1; a hundred cells at most, as what stands behind them is
    /// nobody's column. Nothing behind what cannot be read.
    pub fn next(&mut self) -> Option<(usize, Vec<&str>)> {
        if !self.reader.read_record(&mut self.record).unwrap_or(false) {
            return None;
        }
        let number = self.line().saturating_sub(self.inner);
        let breaks = self.record.iter().flat_map(str::bytes).filter(|byte| *byte == b'\n').count();
        self.inner += breaks;
        Some((number, self.record.iter().take(CELLS).collect()))
    }

    /// The line on which the record begins: the reader tells where it began to look, before the breaks it passed over.
    fn line(&self) -> usize {
        let Some(at) = self.record.position() else { return 0 };
        let begin = usize::try_from(at.byte()).unwrap_or(usize::MAX);
        let behind = self.text.as_bytes().get(begin..).unwrap_or_default();
        let passed =
            behind.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).filter(|byte| **byte == b'\n').count();
        usize::try_from(at.line()).unwrap_or(usize::MAX).saturating_add(passed)
    }
}

#[cfg(test)]
mod tests;
