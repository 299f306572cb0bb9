//! The first sheet of a workbook (Excel 文件), row by row, under a bound of what it may unpack to. Pure.

use std::io::{BufRead, BufReader, Cursor, Read as _};

use quick_xml::Reader;
use quick_xml::events::{BytesRef, BytesStart, Event};
use zip::ZipArchive;

use crate::sheet::FileProblem;

/// Bytes that the sheet, and that its words, may unpack to: four times those of 100,000 full rows.
const UNPACKED: u64 = 200_000_000;
/// And how many times the file itself at most, beyond a megabyte: words pack to a tenth or so.
const RATIO: u64 = 100;
/// Columns that are read.
const COLUMNS: usize = 100;
const SHARED: &str = "xl/sharedStrings.xml";
const SHEET: &str = "xl/worksheets/sheet1.xml";

/// Reads the first sheet; `take` gets the number of each row and its cells.
///
/// # Errors
/// [`FileProblem::Workbook`] for what is no workbook, [`FileProblem::TooLarge`] for one that unpacks to too much; what `take` says.
pub fn read(
    bytes: &[u8],
    mut take: impl FnMut(usize, &[String]) -> Result<(), FileProblem>,
) -> Result<(), FileProblem> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| FileProblem::Workbook)?;
    let packed = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let bound = UNPACKED.min(packed.saturating_mul(RATIO).saturating_add(1_000_000));
    let shared = match archive.by_name(SHARED) {
        Ok(part) => words(&mut Xml::of(BufReader::new(part.take(bound + 1)), bound))?,
        Err(_) => Vec::new(),
    };
    let first = archive
        .file_names()
        .flatten()
        .filter(|name| name.starts_with("xl/worksheets/") && name.ends_with(".xml"))
        .min();
    let first = first.map(|name| name.into_owned());
    let name = if archive.index_for_name(SHEET).is_some() { SHEET.to_owned() } else { first.unwrap_or_default() };
    let part = archive.by_name(&name).map_err(|_| FileProblem::Workbook)?;
    rows(&mut Xml::of(BufReader::new(part.take(bound + 1)), bound), &shared, &mut take)
}

/// XML, event by event, that may be so long.
struct Xml<R> {
    reader: Reader<R>,
    buffer: Vec<u8>,
    bound: u64,
}

impl<R: BufRead> Xml<R> {
    fn of(source: R, bound: u64) -> Self {
        Self { reader: Reader::from_reader(source), buffer: Vec::new(), bound }
    }

    fn next(&mut self) -> Result<Event<'_>, FileProblem> {
        self.buffer.clear();
        let read = self.reader.buffer_position();
        if read > self.bound {
            return Err(FileProblem::TooLarge);
        }
        match self.reader.read_event_into(&mut self.buffer) {
            // Cut off at the bound, it ends in the middle.
            Err(_) | Ok(Event::Eof) if read + 1 > self.bound => Err(FileProblem::TooLarge),
            Err(_) => Err(FileProblem::Workbook),
            Ok(event) => Ok(event),
        }
    }
}

/// The words that cells refer to by number; a reading aid (`rPh`) is none of them.
fn words(xml: &mut Xml<impl BufRead>) -> Result<Vec<String>, FileProblem> {
    let (mut found, mut word, mut is_text, mut is_aid) = (Vec::new(), String::new(), false, false);
    loop {
        match xml.next()? {
            Event::Eof => return Ok(found),
            Event::Start(tag) => match tag.local_name().as_ref() {
                "si" => word.clear(),
                "t" => is_text = true,
                "rPh" => is_aid = true,
                _ => {}
            },
            Event::Empty(tag) if tag.local_name().as_ref() == "si" => found.push(String::new()),
            Event::End(tag) => match tag.local_name().as_ref() {
                "si" => found.push(std::mem::take(&mut word)),
                "t" => is_text = false,
                "rPh" => is_aid = false,
                _ => {}
            },
            event if is_text && !is_aid => add(&mut word, &event),
            _ => {}
        }
    }
}

/// One cell, as far as it was read.
#[derive(Default)]
struct Cell {
    column: usize,
    is_shared: bool,
    value: String,
}

fn rows(
    xml: &mut Xml<impl BufRead>,
    shared: &[String],
    take: &mut impl FnMut(usize, &[String]) -> Result<(), FileProblem>,
) -> Result<(), FileProblem> {
    let (mut number, mut cells, mut cell, mut is_value) = (0, Vec::new(), Cell::default(), false);
    loop {
        match xml.next()? {
            Event::Eof => return Ok(()),
            Event::Start(tag) => match tag.local_name().as_ref() {
                "row" => {
                    cells.clear();
                    number = attribute(&tag, "r").and_then(|r| r.parse().ok()).unwrap_or(number + 1);
                }
                "c" => {
                    let column = attribute(&tag, "r").map_or(cells.len(), |place| column_of(&place));
                    let is_shared = attribute(&tag, "t").is_some_and(|kind| kind == "s");
                    cell = Cell { column, is_shared, value: String::new() };
                }
                // Of a formula its last value is read, never the formula.
                "v" | "t" => is_value = true,
                _ => {}
            },
            Event::End(tag) => match tag.local_name().as_ref() {
                "v" | "t" => is_value = false,
                "c" => put(&mut cells, std::mem::take(&mut cell), shared),
                "row" => take(number, &cells)?,
                _ => {}
            },
            event if is_value => add(&mut cell.value, &event),
            _ => {}
        }
    }
}

fn put(cells: &mut Vec<String>, cell: Cell, shared: &[String]) {
    if cell.column >= COLUMNS {
        return;
    }
    let word = cell.is_shared.then(|| cell.value.parse().ok().and_then(|at: usize| shared.get(at).cloned()));
    if cells.len() <= cell.column {
        cells.resize(cell.column + 1, String::new());
    }
    if let Some(place) = cells.get_mut(cell.column) {
        *place = word.map_or(cell.value, Option::unwrap_or_default);
    }
}

/// The column that a place names, from 0: `A1` is 0, `AB7` is 27.
fn column_of(place: &str) -> usize {
    let letters = place.bytes().take_while(u8::is_ascii_uppercase).take(3);
    letters.fold(0, |column, letter| column * 26 + usize::from(letter - b'A') + 1).saturating_sub(1)
}

fn attribute(tag: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = tag.attributes().flatten().find(|attribute| attribute.key.as_ref() == name)?;
    Some(found.value.into_owned())
}

fn add(text: &mut String, event: &Event<'_>) {
    match event {
        Event::Text(words) => text.push_str(words),
        Event::CData(words) => text.push_str(words),
        Event::GeneralRef(entity) => text.extend(sign_of(entity)),
        _ => {}
    }
}

/// The five signs that XML names, and those given by number; nothing else is ever looked up.
fn sign_of(entity: &BytesRef<'_>) -> Option<char> {
    match entity.as_ref() {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => entity.resolve_char_ref().ok().flatten(),
    }
}
