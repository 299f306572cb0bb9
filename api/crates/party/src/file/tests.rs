use chrono::TimeZone as _;
use entity::id::PartyOrganizationId;
use uuid::Uuid;

use super::*;

fn now() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 11, 23, 1, 0, 0).unwrap()
}

fn parse(rows: &[&str]) -> Result<File, Vec<RowError>> {
    File::parse(&format!("\u{feff}{HEADING}\r\n{}\r\n", rows.join("\r\n")), now())
}

/// What is wrong with one line below a good one.
fn problem(row: &str) -> Option<RowProblem> {
    let top = "XH,新虹街道党工委,WORKING_COMMITTEE,,张三,1998-07,FULL,13800000001";
    let found = match parse(&[top, row]) {
        Ok(file) => file.placed(&[]).err(),
        Err(errors) => Some(errors),
    };
    found.map(|errors| {
        assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3], "{row}: {errors:?}");
        errors[0].problem
    })
}

#[test]
fn each_bad_line_is_named() {
    use RowProblem as P;
    let long = "长".repeat(61);
    for (row, expected) in [
        ("XH-1,第一党支部,BRANCH,XH,,,,", None),
        ("XH-1,第一党支部,BRANCH,XH,李四,2026-11,PROBATIONARY,138-0000-0002", None),
        ("XH,新虹街道党工委,WORKING_COMMITTEE,,李四,1998-07,FLOATING,", None),
        ("XH-1,第一党支部,BRANCH,XH", Some(P::Fields)),
        ("XH-1,第一党支部,BRANCH,XH,,,,,", Some(P::Fields)),
        ("xh-1,第一党支部,BRANCH,XH,,,,", Some(P::Code)),
        ("XH/1,第一党支部,BRANCH,XH,,,,", Some(P::Code)),
        ("XH_1,第一党支部,BRANCH,XH,,,,", Some(P::Code)),
        (",第一党支部,BRANCH,XH,,,,", Some(P::Code)),
        ("XH-1,第一党支部,BRANCH,%,,,,", Some(P::Code)),
        ("XH-1,,BRANCH,XH,,,,", Some(P::Name)),
        (&format!("XH-1,{long},BRANCH,XH,,,,"), Some(P::Name)),
        ("XH-1,第一党支部,branch,XH,,,,", Some(P::Kind)),
        ("XH,别的名字,WORKING_COMMITTEE,,,,,", Some(P::Otherwise)),
        ("XH-1,第一党支部,BRANCH,XH-9,,,,", Some(P::Parent)),
        ("XH-1,第一党支部,BRANCH,XH-1,,,,", Some(P::Depth)),
        ("XH-1,第一党支部,BRANCH,XH,,1998-07,FULL,", Some(P::Member)),
        ("XH-1,第一党支部,BRANCH,XH,李四,,FULL,", Some(P::Month)),
        ("XH-1,第一党支部,BRANCH,XH,李四,1998-13,FULL,", Some(P::Month)),
        ("XH-1,第一党支部,BRANCH,XH,李四,1921-06,FULL,", Some(P::Month)),
        ("XH-1,第一党支部,BRANCH,XH,李四,2026-12,FULL,", Some(P::Month)),
        ("XH-1,第一党支部,BRANCH,XH,李四,98-7,FULL,", Some(P::Month)),
        ("XH-1,第一党支部,BRANCH,XH,李四,1998-07,MEMBER,", Some(P::Standing)),
        ("XH-1,第一党支部,BRANCH,XH,李四,1998-07,FULL,02162345678", Some(P::Phone)),
        ("XH,新虹街道党工委,WORKING_COMMITTEE,,张三,1998-07,FULL,", Some(P::Repeated)),
        ("XH-1,第一党支部,BRANCH,XH,李四,1998-07,FULL,+86 13800000001", Some(P::PhoneRepeated)),
    ] {
        assert_eq!(problem(row), expected, "{row}");
    }
    let heading = File::parse("org_code,org_name", now()).unwrap_err();
    assert_eq!(heading, [RowError { line: 1, problem: P::Heading }]);
}

#[test]
fn all_bad_lines_are_told_at_once() {
    let errors = parse(&["xh,甲,BRANCH,,,,,", "", "XH,甲,NONE,,,,,", "XH,甲,BRANCH,,,,,"]).unwrap_err();
    assert_eq!(errors.iter().map(|error| error.line).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn organisations_stand_below_those_of_the_file_or_of_before() {
    let rows =
        ["XH-1-2,二组,GROUP,XH-1,,,,", "XH-1,第一党支部,BRANCH,XH,,,,", "A,甲,BRANCH,B,,,,", "B,乙,BRANCH,A,,,,"];
    let before = |path: &str, code: &str| Model {
        id: PartyOrganizationId(Uuid::nil()),
        code: code.to_owned(),
        name: String::new(),
        kind: PartyOrganizationKind::Committee,
        parent_id: None,
        path: path.to_owned(),
        version: 1,
        created_at: now(),
        updated_at: now(),
    };
    let known = [before("/TOP/XH/", "XH")];
    let file = parse(&rows[..2]).unwrap();
    let placed = file.placed(&known).unwrap();
    let paths: Vec<&str> = placed.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(paths, ["/TOP/XH/XH-1/", "/TOP/XH/XH-1/XH-1-2/"]);
    let file = parse(&rows).unwrap();
    let ring = file.placed(&known).unwrap_err();
    assert!(ring.iter().all(|error| error.problem == RowProblem::Depth), "{ring:?}");
    assert_eq!(ring.iter().map(|error| error.line).collect::<Vec<_>>(), [4, 5]);
    let moved = parse(&rows[..2]).unwrap();
    let moved = moved.placed(&[known[0].clone(), before("/TOP/XH-1/", "XH-1")]).unwrap_err();
    assert_eq!(moved, [RowError { line: 3, problem: RowProblem::Moved }]);
}
