//! The wall around who belongs to the party (domain §D): who reads a roster, what each read leaves, how a person is bound, and how
//! rosters come in.

mod binding;
mod imports;
mod wall;

use chrono::{DateTime, Utc};
use entity::enums::{Role, ScopeKind};
use entity::id::{Id as _, PartyOrganizationId};
use identity::phone::Phone;
use kernel::actor::Actor;
use party::Imported;
use serde_json::{Value, json};
use zhilitong::rosters;

use crate::support::{Answer, Person, Town};

/// A tree: a committee, two branches below it, a group below the first; each with a member, the first branch with `phone`.
pub fn rosters_with(phone: &str) -> String {
    format!(
        "{}\nT,测试党委,COMMITTEE,,甲党员,1990-01,FULL,\nT-A,第一支部,BRANCH,T,乙党员,1998-07,FULL,{phone}\n\
         T-A,第一支部,BRANCH,T,丙党员,2026-06,PROBATIONARY,13600000002\nT-A-G,第一小组,GROUP,T-A,丁党员,2003-05,FLOATING,\n\
         T-B,第二支部,BRANCH,T,戊党员,2007-12,FULL,\n",
        party::HEADING
    )
}

/// Enters a file, which must be a good one.
pub async fn enters(town: &Town, text: &str) -> Imported {
    let file = rosters::read(town.base(), text).await.expect("a look").expect("a good file");
    rosters::import(town.base(), &file).await.expect("an import")
}

/// The id of an organisation that was entered.
pub fn id_of(imported: &Imported, code: &str) -> String {
    let found = imported.organizations.iter().find(|(own, _)| own == code);
    found.expect("an organisation").1.text()
}

/// Somebody who holds a role in an organisation of the party from now on, or until some time.
pub async fn appointed(town: &Town, role: Role, organization: &str, until: Option<DateTime<Utc>>) -> Person {
    let mut person = town.stranger();
    let phone = Phone::parse("phone", &person.phone()).unwrap();
    let scope = (ScopeKind::PartyOrganization, PartyOrganizationId::parse(organization).unwrap().0);
    let grant = (phone, role, scope, until);
    let granted = town.base().write(&Actor::System, &grant, |tx, (phone, role, scope, until)| {
        Box::pin(async move {
            let account = identity::open_account(tx, phone, None).await?.0.id;
            identity::grant(tx, account, *role, *scope, *until).await
        })
    });
    granted.await.expect("an appointment");
    let phone = person.phone();
    person.signs_in_with_code(town, &phone).await;
    person.consents().await;
    person
}

impl Person {
    /// Tries to read a roster.
    pub async fn reads_roster(&self, organization: &str) -> Answer {
        let text = "query($id: ID!) { partyRoster(organizationId: $id, first: 50) { nodes { id displayName standing joinMonth \
                    phone isBound } pageInfo { hasNextPage } } }";
        self.says(text, &json!({ "id": organization })).await
    }

    /// The names in a roster, in order of name, or the code of the refusal.
    pub async fn roster_names(&self, organization: &str) -> Vec<String> {
        let answer = self.reads_roster(organization).await;
        let codes = answer.codes();
        if !codes.is_empty() {
            return codes;
        }
        let rows = answer.list("/partyRoster/nodes");
        let mut names: Vec<String> =
            rows.iter().map(|row| row["displayName"].as_str().unwrap_or_default().to_owned()).collect();
        names.sort();
        names
    }

    /// What the person sees of the own membership.
    pub async fn membership(&self) -> Value {
        let text = "{ viewer { partyMembership { id name standing joinMonth organization { name code } } partyInvitations { \
                    memberId displayName organization { name } } } }";
        self.asks(text).await.get("/viewer").clone()
    }
}

/// Lines of the audit chain about an action, oldest first: outcome, subject.
pub async fn lines(town: &Town, action: &str) -> Vec<(String, Value)> {
    let auditor = town.staff("auditor").await;
    let text = "query($action: String) { auditEntries(filter: { action: $action }, first: 100) { nodes { outcome subjectId } } }";
    let found = auditor.says(text, &json!({ "action": action })).await.list("/auditEntries/nodes");
    let line = |row: &Value| (row["outcome"].as_str().unwrap().to_owned(), row["subjectId"].clone());
    found.iter().rev().map(line).collect()
}
