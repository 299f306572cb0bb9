//! Inboxes: who is told what, once; when it is pushed; what a client that was away catches up with (domain §K).

mod changes;
mod inbox;
mod live;
mod projector;
mod pushes;
mod rights;
mod work;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::support::case::new_key;
use crate::support::{Answer, Case, Person, Town};

/// What the stories look at of each line.
const LINE: &str = "id kind level title body readAt createdAt subject { ... on ServiceRequest { id } }";

impl Person {
    /// The person's inbox, newest first, once everybody has been told of everything.
    pub async fn inbox(&self, town: &Town) -> Vec<Value> {
        town.notifies().await;
        self.asks(&format!("{{ myNotifications {{ nodes {{ {LINE} }} }} }}")).await.list("/myNotifications/nodes")
    }

    /// Titles of the inbox, newest first.
    pub async fn titles(&self, town: &Town) -> Vec<String> {
        self.inbox(town).await.iter().map(|line| line["title"].as_str().unwrap().to_owned()).collect()
    }

    /// How many are unread.
    pub async fn unread(&self) -> i64 {
        self.asks("{ unreadNotificationCount }").await.get("/unreadNotificationCount").as_i64().unwrap()
    }

    /// Marks lines as read.
    pub async fn reads(&self, which: Value) -> Answer {
        let input = crate::support::case::with(json!({ "idempotencyKey": new_key() }), which);
        let shown = "unreadNotificationCount isReplay userErrors { code message field }";
        self.does("markNotificationsRead", &input, shown).await
    }

    /// Chooses channels for a kind.
    pub async fn prefers(&self, kind: &str, channels: &[&str]) -> Answer {
        let input = json!({ "preferences": [{ "kind": kind, "channels": channels }], "idempotencyKey": new_key() });
        let shown = "notificationPreferences { kind channels isMandatory } userErrors { code message field }";
        self.does("updateNotificationPreferences", &input, shown).await
    }
}

/// How many lines there are about a case, in whatever inbox.
async fn lines_about(town: &Town, case: &Case) -> i64 {
    let about = format!("subject_id = (SELECT id FROM service_request WHERE case_no = '{}')", case.no);
    town.number(&format!("SELECT count(*) AS n FROM notification WHERE {about}")).await
}

/// Keeps every notifier from its work until it is given back.
async fn holds_the_lease(town: &Town) {
    town.notifies().await;
    // As long as a notifier would: what lasts much longer was given by a clock that is wrong.
    let until = (town.now() + TimeDelta::seconds(15)).format("%Y-%m-%dT%H:%M:%S+00:00");
    let far = format!(
        "UPDATE lease SET until = '{until}', holder = (SELECT id FROM area LIMIT 1) WHERE name = 'notifications'"
    );
    if town.tampers(&far).await == 0 {
        let first =
            format!("INSERT INTO lease (name, holder, until) SELECT 'notifications', id, '{until}' FROM area LIMIT 1");
        assert_eq!(town.tampers(&first).await, 1);
    }
}

async fn gives_the_lease_back(town: &Town) {
    assert_eq!(town.tampers("DELETE FROM lease WHERE name = 'notifications'").await, 1);
}
