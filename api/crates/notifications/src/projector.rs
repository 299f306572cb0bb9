//! The projector (投影): numbered facts become lines of inboxes, each exactly once.
//!
//! A batch takes the same statements whomever it is told to. What a fact is about is read as it is now: after a stop, who
//! handles a case now is told, not who did.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::{NotificationKind, PushState};
use entity::id::{AccountId, FactId};
use entity::{fact, notification};
use kernel::error::Result;
use kernel::live::Hint;
use kernel::tx::Tx;

use crate::about::{self, About, Around};
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
    let mut abouts = about::abouts(tx, &batch.facts).await?;
    let told = batch.facts.iter().enumerate().filter_map(|(place, row)| {
        Some(Happening { row, about: abouts.remove(&place)?, at: batch.instant(tx.now(), place) })
    });
    let told: Vec<Happening<'_>> = told.collect();
    let rows = lines(tx, &told).await?;
    store::add(tx, &rows).await?;
    facts::advance(tx, READER, &batch).await?;
    let mut accounts: Vec<AccountId> = rows.iter().map(|row| row.account_id).collect();
    accounts.sort();
    accounts.dedup();
    Ok(Projected { facts: batch.facts.len(), accounts })
}

/// A fact with what it is about, and when people are told of it.
struct Happening<'b> {
    row: &'b fact::Model,
    about: About,
    at: DateTime<Utc>,
}

/// A line of the matrix, with the fact it is about.
struct Line<'f> {
    of: &'f Happening<'f>,
    told: Told,
    /// To how many others of its series the same happened at once.
    others: usize,
}

async fn lines(tx: &Tx, facts: &[Happening<'_>]) -> Result<Vec<notification::Model>> {
    let lines = facts.iter().flat_map(|of| of.about.told().into_iter().map(move |told| Line { of, told, others: 0 }));
    let lines = gathered(lines);
    if lines.is_empty() {
        return Ok(Vec::new());
    }
    let wanted: Vec<(Recipients, Around<'_>)> =
        lines.iter().map(|line| (line.told.to, line.of.about.around())).collect();
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

/// What happened to several of a series at once is told of the first of them.
fn gathered<'f>(lines: impl Iterator<Item = Line<'f>>) -> Vec<Line<'f>> {
    let mut gathered: Vec<Line<'f>> = Vec::new();
    let mut places = HashMap::new();
    for line in lines {
        let Some((alike, begins_at)) = line.of.about.alike() else {
            gathered.push(line);
            continue;
        };
        let place = *places.entry((alike, line.of.row.at, line.told.template)).or_insert(gathered.len());
        let Some(first) = gathered.get_mut(place) else {
            gathered.push(line);
            continue;
        };
        let others = first.others + 1;
        if first.of.about.alike().is_some_and(|(_, first)| begins_at < first) {
            *first = line;
        }
        first.others = others;
    }
    gathered
}

/// Whom each line means, once for each fact and kind. Staff need not be told what they did themselves; whose request or booking it
/// is has all of its course in the inbox.
fn meant<'l, 'f>(lines: &'l [Line<'f>], people: &People) -> Vec<(&'l Line<'f>, AccountId)> {
    let mut seen: HashSet<(FactId, AccountId, NotificationKind)> = HashSet::new();
    let mut meant = Vec::new();
    for line in lines {
        for account in people.of(line.told.to, line.of.about.around(), line.of.row.at) {
            let is_doer = line.told.to != Recipients::Owner && line.of.row.actor_id == Some(account);
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
    let Happening { row, about, at } = line.of;
    let Some(data) = about.data(row.at, line.others) else { return Ok(None) };
    let is_urgent = matrix::is_urgent(told.level);
    let news = News { is_urgent, at: row.at, until: data.until() };
    // What somebody did is on the screen already: it is no news, and uses up nobody's share of a day.
    let verdict = match row.actor_id == Some(account) {
        true => Verdict::Never,
        false => delivery::deliver(&news, wishes, plans.of(account, now), now),
    };
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
        subject_kind: row.subject_kind.clone(),
        subject_id: row.subject_id,
        fact_id: row.id,
        data: data.write()?,
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
