//! The facts of a case are its whole history: folded, they give its row. Cases walked at random are in `model`.

use ::requests::Fact;
use ::requests::workflow::{begin, evolve};
use entity::enums::ContentState;
use entity::{fact, service_request};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

use crate::support::{Town, stories};

stories![the_seeded_cases_replay_to_their_rows];

async fn the_seeded_cases_replay_to_their_rows(town: &Town) {
    let rows = service_request::Entity::find().all(town.database()).await.unwrap();
    assert!(rows.len() >= 20);
    for row in rows {
        replays(town, &row.case_no).await;
    }
}

/// Folds the facts of a case and compares with its row, words and exact place aside: facts hold none.
pub async fn replays(town: &Town, case_no: &str) {
    let case_no = service_request::Column::CaseNo.eq(case_no);
    let row = service_request::Entity::find().filter(case_no).one(town.database()).await.unwrap().unwrap();
    let facts = fact::Entity::find()
        .filter(fact::Column::SubjectId.eq(row.id.0))
        .order_by_asc(fact::Column::Version)
        .all(town.database())
        .await
        .unwrap();
    let mut history = facts.into_iter().map(|fact| (fact.at, Fact::read(&fact.kind, fact.data).unwrap()));
    let Some((at, Fact::Submitted(first))) = history.next() else { panic!("no submission first") };
    let mut folded = begin(row.id, &first, at);
    for (at, fact) in history {
        evolve(&mut folded, &fact, at);
    }
    let wordless = service_request::Model {
        description: String::new(),
        address: None,
        longitude: None,
        latitude: None,
        reply: None,
        reply_content_state: ContentState::Pass,
        on_behalf_name_sealed: None,
        contact_phone_sealed: None,
        contact_phone_index: None,
        owed_sealed: None,
        // Planned from the row, the calendar and the ladder; nothing that happened.
        alarm_at: None,
        ..row
    };
    assert_eq!(folded, wordless);
}
