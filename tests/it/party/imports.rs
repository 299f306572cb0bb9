//! Rosters come in as files: all of a file or nothing, and the same file twice is one.

use entity::enums::Role;
use serde_json::Value;
use zhilitong::rosters;

use super::{appointed, enters, id_of, lines, rosters_with};
use crate::support::{Town, stories};

stories![a_file_is_entered_once, a_file_with_a_bad_line_enters_nothing];

const COUNTS: [&str; 2] = ["SELECT count(*) AS n FROM party_organization", "SELECT count(*) AS n FROM party_member"];

async fn counts(town: &Town) -> [i64; 2] {
    [town.number(COUNTS[0]).await, town.number(COUNTS[1]).await]
}

async fn a_file_is_entered_once(town: &Town) {
    let before = counts(town).await;
    let text = rosters_with("13600000001");
    let first = enters(town, &text).await;
    assert_eq!((first.organizations_changed, first.members, first.members_changed), (4, 5, 5));
    let touched = "SELECT count(*) AS n FROM party_member WHERE updated_at > created_at";
    let again = enters(town, &text).await;
    assert_eq!((again.organizations_changed, again.members_changed), (0, 0));
    assert_eq!(again.organizations, first.organizations);
    assert_eq!(town.number(touched).await, 0);
    town.later(chrono::TimeDelta::minutes(1));
    let other =
        text.replace("PROBATIONARY", "FULL").replace("13600000001", "13600000009").replace("第二支部", "第二党支部");
    let changed = enters(town, &other).await;
    assert_eq!((changed.organizations_changed, changed.members_changed), (1, 2));
    assert_eq!(counts(town).await, [before[0] + 4, before[1] + 5]);
    let a = id_of(&first, "T-A");
    let reader = appointed(town, Role::PartySecretary, &a, None).await;
    let rows = reader.reads_roster(&a).await.list("/partyRoster/nodes");
    assert!(rows.iter().all(|row| row["standing"] == "FULL"), "{rows:?}");
    assert!(rows.iter().any(|row| row["phone"] == "136****0009"), "{rows:?}");
    let noted = lines(town, "partyImport").await;
    assert_eq!(noted, vec![("DONE".to_owned(), Value::Null); 3]);
    let told = "SELECT count(*) AS n FROM audit_entry WHERE action = 'partyImport' AND detail LIKE '%党员%'";
    assert_eq!(town.number(told).await, 0, "no names in it");
}

async fn a_file_with_a_bad_line_enters_nothing(town: &Town) {
    enters(town, &rosters_with("13600000001")).await;
    let before = counts(town).await;
    let heading = party::HEADING;
    for (rows, expected) in [
        ("N,新支部,BRANCH,T,己党员,2026-13,FULL,\nN,新支部,BRANCH,T,,2001-01,FULL,", &["line 2: ", "line 3: "][..]),
        ("N,新支部,BRANCH,T,,,,\nT-A,第一支部,BRANCH,T-B,,,,", &["line 3: this organisation was imported before"]),
        ("N,新支部,BRANCH,NOWHERE,,,,", &["line 2: the parent is neither"]),
    ] {
        let errors = rosters::read(town.base(), &format!("{heading}\n{rows}\n")).await.unwrap().unwrap_err();
        assert_eq!(errors.len(), expected.len(), "{errors:?}");
        for (error, words) in errors.iter().zip(expected) {
            assert!(error.to_string().starts_with(words), "{error}");
        }
    }
    assert_eq!(counts(town).await, before);
    let names = "SELECT count(*) AS n FROM party_organization WHERE code = 'N'";
    assert_eq!(town.number(names).await, 0);
}
