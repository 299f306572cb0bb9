//! The projector (投影): numbered facts become lines of inboxes, each exactly once.
//!
//! A batch takes the same statements whomever it is told to. What is read of a case is its row as it is now: after a stop, who
//! handles it now is told, not who did.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::{NotificationKind, PushState};
use entity::id::{AccountId, FactId, ServiceRequestId};
use entity::{fact, notification};
use facts::Happened;
use kernel::error::Result;
use kernel::live::Hint;
use kernel::tx::{Record as _, Tx};
use requests::Glance;

use crate::delivery::{self, News, Verdict};
use crate::matrix::{self, Recipients, Told};
use crate::preferences::Wishes;
use crate::store::{self, People, Plans};

/// Name of this reader of facts.
pub const READER: &str = "notifications";
/// Kind of subject of the hints that tell a person's subscribers of new lines; the subject is the account.
pub const HINT: &str = "notification";
/// Facts of one transaction at most.
const BATCH: u64 = 100;

/// What one batch came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Projected {
    /// Facts dealt with.
    pub facts: usize,
    /// Whose inboxes have something new.
    pub accounts: Vec<AccountId>,
}

impl Projected {
    /// Where subscribers are to look.
    #[must_use]
    pub fn hints(&self) -> Vec<Hint> {
        let hint = |account: &AccountId| Hint {
            seq: 0,
            subject_kind: HINT.to_owned(),
            subject: account.0,
            version: 0,
            kind: "notification.received".to_owned(),
        };
        self.accounts.iter().map(hint).collect()
    }
}

/// Deals with the next batch of facts; the caller sees to it that one node does this at a time.
///
/// # Errors
/// When the database does not answer; [`kernel::error::Error::Conflict`] when another dealt with them meanwhile: then nothing of
/// it holds.
pub async fn project(tx: &mut Tx) -> Result<Projected> {
    let batch = facts::next(tx, READER, BATCH).await?;
    if batch.facts.is_empty() {
        return Ok(Projected::default());
    }
    let instants = (0..).map(|position| batch.instant(tx.now(), position));
    let told: Vec<Happening<'_>> = batch
        .facts
        .iter()
        .zip(instants)
        .filter_map(|(row, at)| Some(Happening { row, fact: of_request(row)?, at }))
        .collect();
    let rows = lines(tx, &told).await?;
    store::add(tx, &rows).await?;
    facts::advance(tx, READER, &batch).await?;
    let mut accounts: Vec<AccountId> = rows.iter().map(|row| row.account_id).collect();
    accounts.sort();
    accounts.dedup();
    Ok(Projected { facts: batch.facts.len(), accounts })
}

/// A fact of a request, and when people are told of it.
struct Happening<'b> {
    row: &'b fact::Model,
    fact: requests::Fact,
    at: DateTime<Utc>,
}

/// A fact of a request. One that no slice knows is passed over: it must not hold back all that follow.
fn of_request(row: &fact::Model) -> Option<requests::Fact> {
    match Happened::read(row) {
        Ok(Happened::Request(fact)) => Some(fact),
        Ok(_) => None,
        Err(error) => {
            tracing::error!(%error, fact = %row.id, kind = row.kind, "a fact cannot be read; nobody is told of it");
            None
        }
    }
}

/// A line of the matrix, with the fact and the case it is about.
struct Line<'f> {
    of: &'f Happening<'f>,
    case: &'f Glance,
    told: Told,
}

async fn lines(tx: &Tx, facts: &[Happening<'_>]) -> Result<Vec<notification::Model>> {
    let cases = cases_of(tx, facts).await?;
    let mut lines = Vec::new();
    for of in facts {
        let Some(case) = cases.get(&ServiceRequestId(of.row.subject_id)) else { continue };
        lines.extend(matrix::told(&of.fact, case).into_iter().map(|told| Line { of, case, told }));
    }
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<(Recipients, &Glance)> = lines.iter().map(|line| (line.told.to, line.case)).collect();
    let people = store::people(tx, &wanted).await?;
    let meant = meant(&lines, &people);
    let accounts: Vec<AccountId> =
        meant.iter().map(|(_, account)| *account).collect::<HashSet<_>>().into_iter().collect();
    let active = identity::active_among(tx.db(), &accounts).await?;
    let wishes = store::wishes(tx, &active).await?;
    let mut plans = store::plans(tx, &active).await?;
    let active: HashSet<AccountId> = active.into_iter().collect();
    let mut rows = Vec::new();
    for (line, account) in meant.into_iter().filter(|(_, account)| active.contains(account)) {
        let kind = matrix::kind_of(line.told.template);
        let wishes = wishes.get(&(account, kind)).copied().unwrap_or_default();
        rows.extend(inbox_line(tx, line, account, wishes, &mut plans)?);
    }
    Ok(rows)
}

async fn cases_of(tx: &Tx, facts: &[Happening<'_>]) -> Result<HashMap<ServiceRequestId, Glance>> {
    let ids: HashSet<ServiceRequestId> = facts.iter().map(|of| ServiceRequestId(of.row.subject_id)).collect();
    let ids: Vec<ServiceRequestId> = ids.into_iter().collect();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    Ok(requests::glances(tx.db(), &ids).await?.into_iter().map(|case| (case.id, case)).collect())
}

/// Whom each line means, once for each fact and kind. Staff need not be told what they did themselves; whose request it is has
/// all of its course in the inbox.
fn meant<'l, 'f>(lines: &'l [Line<'f>], people: &People) -> Vec<(&'l Line<'f>, AccountId)> {
    let mut seen: HashSet<(FactId, AccountId, NotificationKind)> = HashSet::new();
    let mut meant = Vec::new();
    for line in lines {
        for account in people.of(line.told.to, line.case, line.of.row.at) {
            let is_doer = line.told.to != Recipients::Reporter && line.of.row.actor_id == Some(account);
            let key = (line.of.row.id, account, matrix::kind_of(line.told.template));
            if !is_doer && seen.insert(key) {
                meant.push((line, account));
            }
        }
    }
    meant
}

/// A line of somebody's inbox; `None` where it is wanted neither there nor as a push.
fn inbox_line(
    tx: &Tx,
    line: &Line<'_>,
    account: AccountId,
    wishes: Wishes,
    plans: &mut Plans,
) -> Result<Option<notification::Model>> {
    let (now, told) = (tx.now(), line.told);
    let Happening { row, fact, at } = line.of;
    let is_urgent = matrix::is_urgent(told.level);
    let news = News { is_urgent, at: row.at };
    let verdict = delivery::deliver(&news, wishes, plans.of(account, now), now);
    let (push_at, is_digest) = match verdict {
        Verdict::Never => (None, false),
        Verdict::Now => (Some(*at), false),
        Verdict::At(at) => (Some(at), false),
        Verdict::Digest(at) => (Some(at), true),
    };
    if !wishes.in_app && push_at.is_none() {
        return Ok(None);
    }
    if let Some(at) = push_at.filter(|_| !is_urgent) {
        plans.add(account, at, is_digest);
    }
    Ok(Some(notification::Model {
        id: tx.id()?,
        account_id: account,
        kind: matrix::kind_of(told.template),
        template: told.template,
        subject_kind: requests::Fact::SUBJECT.to_owned(),
        subject_id: row.subject_id,
        fact_id: row.id,
        data: serde_json::to_value(matrix::data(fact, line.case, row.at))?,
        level: told.level,
        is_urgent,
        is_shown: wishes.in_app,
        push_state: if push_at.is_some() { PushState::Waiting } else { PushState::Unwanted },
        push_at,
        is_digest,
        read_at: None,
        created_at: *at,
    }))
}
