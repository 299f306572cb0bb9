//! Files as people really bring them.

use super::*;

const HEAD: &str = "工单编号,诉求类型,受理时间,内容";

fn cells(prepared: &Prepared) -> Vec<(usize, Vec<String>)> {
    prepared.text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn refused(bytes: &[u8]) -> FileProblem {
    prepare(bytes).unwrap_err()
}

#[test]
fn utf8_with_and_without_a_mark_and_gb18030_are_the_same_file() {
    let text = format!(
        "{HEAD}\r\nSH1,投诉,2026-11-22 09:00,\"路灯坏了,\n\"\"三天\"\"了\"\r\n\r\n,,,\nSH2,咨询,2026-11-22,㐀\n"
    );
    let plain = prepare(text.as_bytes()).unwrap();
    let marked = prepare(format!("\u{feff}{text}").as_bytes()).unwrap();
    let (chinese, ..) = encoding_rs::GB18030.encode(&text);
    let chinese = prepare(&chinese).unwrap();
    for other in [&marked, &chinese] {
        assert_eq!(other.text, plain.text);
    }
    let rows = cells(&plain);
    assert_eq!((plain.rows, rows[0].0, rows[1].0), (2, 2, 5), "rows are counted as spreadsheets do");
    assert_eq!(rows[0].1[Column::Content as usize], "路灯坏了,\n\"三天\"了");
    assert_eq!(rows[1].1[Column::Content as usize], "㐀");
}

#[test]
fn what_is_no_file_of_orders_is_refused_as_a_whole() {
    use FileProblem as F;
    let utf16: Vec<u8> = format!("\u{feff}{HEAD}\nSH1").encode_utf16().flat_map(u16::to_le_bytes).collect();
    let cases: [(&[u8], F); 9] = [
        (b"", F::Heading),
        (b"\n\n", F::Heading),
        (b"a,b\n1,2\n", F::Heading),
        (HEAD.as_bytes(), F::Empty),
        (&utf16, F::Encoding),
        (b"\xff\x00\x81", F::Encoding),
        (b"PK\x03\x04nonsense", F::Workbook),
        ("工单编号,工单号,撤回原因\n1,2,3\n".as_bytes(), F::ColumnTwice),
        ("工单编号,内容\nSH1,x\n".as_bytes(), F::Heading),
    ];
    for (bytes, expected) in cases {
        assert_eq!(refused(bytes), expected, "{:?}", String::from_utf8_lossy(bytes));
    }
    let many = format!("{HEAD}\n{}", "SH1,投诉,2026-11-22 09:00,x\n".repeat(ROWS + 1));
    assert_eq!(refused(many.as_bytes()), F::TooManyRows);
    assert_eq!(prepare(&many.as_bytes()[..many.len() - 33]).unwrap().rows, ROWS);
}

#[test]
fn a_line_of_five_megabytes_is_one_row_with_a_cell_cut_short() {
    let text = format!("{HEAD}\nSH1,投诉,2026-11-22 09:00,{}\nSH2,咨询,,x\n", "长".repeat(1_700_000));
    let prepared = prepare(text.as_bytes()).unwrap();
    assert_eq!(prepared.rows, 2);
    assert!(prepared.text.len() < 2 * CELL);
    let wide = format!("{HEAD}\n{}\n", ",".repeat(1_000_000));
    assert_eq!(refused(wide.as_bytes()), FileProblem::Empty);
}

#[test]
fn a_quote_that_is_never_closed_ends_with_the_file() {
    let prepared = prepare(format!("{HEAD}\nSH1,\"投诉\nSH2,咨询\n").as_bytes()).unwrap();
    assert_eq!(prepared.rows, 1);
}

fn workbook(rows: &[[&str; 4]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet();
    for (line, cells) in (0..).zip(rows) {
        for (column, cell) in (0..).zip(cells) {
            match cell.strip_prefix('=') {
                Some(formula) => sheet.write_formula(line, column, formula).unwrap(),
                None => sheet.write_string(line, column, *cell).unwrap(),
            };
        }
    }
    book.save_to_buffer().unwrap()
}

#[test]
fn a_workbook_is_read_like_a_csv() {
    let book = workbook(&[
        ["工单编号", "诉求类型", "受理时间", "内容"],
        ["SH1", "投诉", "2026-11-22 09:00", "a <b> & \"c\"\n第二行"],
        ["", "", "", ""],
        ["SH2", "咨询", "46348.375", "=1+1"],
    ]);
    let prepared = prepare(&book).unwrap();
    let rows = cells(&prepared);
    assert_eq!((prepared.rows, rows[0].0, rows[1].0), (2, 2, 4));
    assert_eq!(rows[0].1[Column::Content as usize], "a <b> & \"c\"\n第二行");
    assert_eq!(rows[1].1[Column::ReceivedAt as usize], "46348.375");
    assert_eq!(rows[1].1[Column::Content as usize], "0", "a formula's last value, never the formula");
}

#[test]
fn a_workbook_that_unpacks_to_too_much_is_refused() {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("xl/worksheets/sheet1.xml", options).unwrap();
    archive.write_all(b"<worksheet><sheetData><row r=\"1\"><c r=\"A1\" t=\"inlineStr\"><is><t>").unwrap();
    for _ in 0..300 {
        archive.write_all(&[b'a'; 100_000]).unwrap();
    }
    archive.write_all(b"</t></is></c></row></sheetData></worksheet>").unwrap();
    let bomb = archive.finish().unwrap().into_inner();
    assert!(bomb.len() < 100_000, "{}", bomb.len());
    assert_eq!(refused(&bomb), FileProblem::TooLarge);
}
