//! Times, numbers and kinds as platforms write them.

use super::*;

fn at(text: &str) -> Result<Option<String>, Problem> {
    instant(text).map(|at| at.map(|at| at.to_rfc3339()))
}

#[test]
fn times_are_read_as_written_in_shanghai() {
    let nine = Ok(Some("2026-11-22T01:00:00+00:00".to_owned()));
    for text in [
        "2026-11-22 09:00",
        "2026-11-22 09:00:00",
        "2026/11/22 09:00",
        "2026/11/22 9:00",
        "2026年11月22日 09:00",
        "2026-11-22T09:00:00",
        "2026-11-22T09:00:00+08:00",
        "2026-11-22T01:00:00Z",
        "46348.375",
    ] {
        assert_eq!(at(text), nine, "{text}");
    }
    assert_eq!(at(""), Ok(None));
    for text in
        ["昨天", "2026-13-01 00:00", "2026-11-22", "0001-01-01 00:00", "9", "1e308", "NaN", "+262142-12-31T23:59:59Z"]
    {
        assert_eq!(at(text), Err(Problem::Time), "{text}");
    }
    assert_eq!(due("2026-11-30").map(|at| at.unwrap().to_rfc3339()), Ok("2026-11-30T15:59:59+00:00".to_owned()));
}

#[test]
fn numbers_of_orders_and_of_people() {
    for good in ["SH20261122000001", "12345", "20261122-001"] {
        assert_eq!(number(good).as_deref(), Ok(good));
    }
    for (bad, problem) in
        [("", Problem::Required), ("=1+1", Problem::Number), ("单1", Problem::Number), ("a b", Problem::Number)]
    {
        assert_eq!(number(bad), Err(problem), "{bad}");
    }
    assert_eq!(number(&"1".repeat(41)), Err(Problem::TooLong));
    let e164 = |text: &str| phone(text).map(|phone| phone.map(|phone| phone.e164().to_owned()));
    for mobile in ["13800138000", "138 0013 8000", "+8613800138000", "13800138000.0"] {
        assert_eq!(e164(mobile), Ok(Some("+8613800138000".to_owned())), "{mobile}");
    }
    for landline in ["021-62345678", "62345678", "(021)62345678"] {
        assert_eq!(e164(landline), Ok(Some("+862162345678".to_owned())), "{landline}");
    }
    for bad in ["1380013", "abc", "=cmd", "12345", "99999999999"] {
        assert_eq!(e164(bad), Err(Problem::Phone), "{bad}");
    }
}

#[test]
fn the_template_names_every_column() {
    let titles: Vec<&str> = Column::all().map(Column::title).collect();
    assert_eq!(titles.join(","), crate::sheet::TEMPLATE);
    assert!(Column::all().all(|column| Column::named(column.title()) == Some(column)));
}
