//! The audit chain (审计链): every privileged act and every refusal of one, each line bound to the line before by its hash.
//!
//! A line is written in the transaction of the act, under the lock of the chain's head, so that there is no act without a
//! line and no line without an act. Lines hold pseudonyms (account ids), roles, addresses, names of mutations and codes;
//! words of people stay out, so that a line cannot be forged by what somebody is called, and none has to be erased.
//! 等保2.0 (GB/T 22239-2019) asks for the trail, 网络安全法 for six months of it; nothing here is ever deleted.

use std::net::IpAddr;
use std::sync::Mutex;

use chrono::{DateTime, Utc};
use entity::id::{AccountId, AuditEntryId};
use entity::{audit_entry, audit_head, audit_reason};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::{Expr, ExprTrait as _};
use sea_orm::{ActiveEnum as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use uuid::Uuid;

use crate::actor::Actor;
use crate::base::Base;
use crate::error::{Error, Result};
use crate::reseal::{Sealed, Table};
use crate::tx::Tx;
use crate::vault::{Vault, hex, sha256};

/// Outcome of an act that was done; every other outcome is the code of a refusal.
pub const DONE: &str = "DONE";
const REASON: &str = "audit_reason.words";

/// A privileged act (特权操作), before it is known what comes of it.
#[derive(Clone, Debug)]
pub struct Act {
    /// Name of the mutation on the wire, or of the command.
    pub action: &'static str,
    /// What it is done to, as a global id, where that is known beforehand.
    pub subject: Option<String>,
    /// From where; none for the command line.
    pub address: Option<IpAddr>,
}

/// Who does a unit of work, and as which privileged act, if it is one.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    pub(crate) actor: &'a Actor,
    pub(crate) act: Option<&'a Act>,
}

impl<'a> From<&'a Actor> for Acting<'a> {
    fn from(actor: &'a Actor) -> Self {
        Self { actor, act: None }
    }
}

impl Actor {
    /// Does a privileged act: one line of the audit chain, whatever comes of it.
    #[must_use]
    pub fn doing<'a>(&'a self, act: &'a Act) -> Acting<'a> {
        Acting { actor: self, act: Some(act) }
    }
}

/// A line of the chain, not yet bound to the one before.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    pub at: DateTime<Utc>,
    pub actor: Option<AccountId>,
    pub roles: String,
    pub address: Option<String>,
    pub action: &'static str,
    pub subject: Option<String>,
    pub outcome: String,
    pub detail: Option<Value>,
    pub reason: Option<Reason>,
}

/// The roles of an actor, each once, in one order.
pub(crate) fn roles(actor: &Actor) -> String {
    let mut names: Vec<String> = actor.grants().iter().map(|grant| grant.role.to_value()).collect();
    names.sort_unstable();
    names.dedup();
    names.join(",")
}

/// What an error is called in the chain; `None` for faults and outages, at which nothing was decided.
pub(crate) fn outcome(error: &Error) -> Option<String> {
    Some(match error {
        Error::Refused(refusals) => {
            refusals.first().map_or_else(|| "REFUSED".to_owned(), |refusal| <&str>::from(refusal.code).to_owned())
        }
        Error::Conflict => "CONFLICT".to_owned(),
        Error::Unauthenticated => "UNAUTHENTICATED".to_owned(),
        Error::Forbidden => "FORBIDDEN".to_owned(),
        Error::NotFound => "NOT_FOUND".to_owned(),
        Error::RateLimited { .. } => "RATE_LIMITED".to_owned(),
        Error::BadRequest(_) | Error::Crossed(_) | Error::Unavailable(_) | Error::Fault(_) => return None,
    })
}

/// Why a privileged act is done.
#[derive(Clone, Debug)]
pub(crate) struct Reason {
    pub words: String,
    pub about: Option<AccountId>,
}

/// The hash of a reason's words, in hexadecimal.
#[must_use]
pub fn reason_hash(salt: &[u8], words: &str) -> String {
    let mut bytes = salt.to_vec();
    bytes.extend_from_slice(words.as_bytes());
    hex(&sha256(&bytes))
}

/// The words of a reason, in clear: for audit administrators.
///
/// # Errors
/// A fault when they do not open.
pub fn reason_words(vault: &Vault, reason: &audit_reason::Model) -> Result<String> {
    Ok(vault.open(REASON, &reason.words_sealed)?)
}

/// The words of reasons, to be sealed anew after the master key was changed.
#[must_use]
pub fn sealed_tables() -> Vec<Box<dyn Table>> {
    let columns = &[(audit_reason::Column::WordsSealed, REASON)];
    vec![Box::new(Sealed::<audit_reason::Entity> { columns, reindex: |_, _| Ok(()) })]
}

/// Binds lines to the chain, in their order. The head stays locked until the transaction ends, so this comes last in it.
pub(crate) async fn append(tx: &Tx, lines: Vec<Line>) -> Result<()> {
    let (db, count) = (tx.db(), i64::try_from(lines.len()).unwrap_or_default());
    let locked = audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Seq, Expr::col(audit_head::Column::Seq).add(count))
        .filter(audit_head::Column::Id.eq(1))
        .exec_with_returning(db)
        .await?;
    let head = locked.into_iter().next().ok_or_else(|| Error::Fault(anyhow::anyhow!("the audit chain has no head")))?;
    let (mut hash, mut entries) = (head.hash, Vec::new());
    for (seq, mut line) in (head.seq - count + 1..).zip(lines) {
        if let Some(reason) = line.reason.take() {
            keep(tx, &mut line, id_of(seq), reason).await?;
        }
        let entry = bind(line, seq, hash);
        hash = entry.hash.clone();
        entries.push(entry.into_active_model());
    }
    audit_entry::Entity::insert_many(entries).exec_without_returning(db).await?;
    audit_head::Entity::update_many()
        .col_expr(audit_head::Column::Hash, Expr::value(hash))
        .filter(audit_head::Column::Id.eq(1))
        .exec(db)
        .await?;
    Ok(())
}

/// Keeps the words of a reason beside the chain, sealed; the line holds their salted hash: they can be erased without breaking
/// it, and not be changed without showing.
async fn keep(tx: &Tx, line: &mut Line, entry: AuditEntryId, reason: Reason) -> Result<()> {
    let mut salt = vec![0; 16];
    tx.base().chance.fill(&mut salt)?;
    line.detail.get_or_insert_with(|| json!({}))["reasonHash"] = json!(reason_hash(&salt, &reason.words));
    let row = audit_reason::ActiveModel {
        entry_id: Set(entry),
        about_id: Set(reason.about),
        salt: Set(salt),
        words_sealed: Set(tx.base().vault.seal(REASON, &reason.words)?),
    };
    audit_reason::Entity::insert(row).exec_without_returning(tx.db()).await?;
    Ok(())
}

/// Refusals that wait to be written (待记的拒绝). A writer of its own takes all that wait into one transaction: fifty who lose a
/// race at once wait for one commit, not for fifty behind the head of the chain, and nobody who hangs up takes a line along.
#[derive(Default)]
pub struct Refusals(Mutex<Waiting>);

#[derive(Default)]
struct Waiting {
    lines: Vec<(Line, oneshot::Sender<bool>)>,
    has_writer: bool,
}

impl Refusals {
    /// Writes a line, with all that wait; tells whether it is in the chain.
    pub(crate) async fn write(&self, base: &Base, line: Line) -> bool {
        let (told, written) = oneshot::channel();
        let needs_writer = {
            let mut waiting = self.waiting();
            waiting.lines.push((line, told));
            !std::mem::replace(&mut waiting.has_writer, true)
        };
        if needs_writer {
            crate::background(write_all(Writer(base.clone())));
        }
        written.await.unwrap_or(false)
    }

    fn waiting(&self) -> std::sync::MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The one who writes; when it goes, also with its runtime, another may begin.
struct Writer(Base);

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.refusals.waiting().has_writer = false;
    }
}

async fn write_all(writer: Writer) {
    let base = &writer.0;
    loop {
        let batch = {
            let mut waiting = base.refusals.waiting();
            if waiting.lines.is_empty() {
                // Under the lock, so that whoever comes now begins anew.
                waiting.has_writer = false;
                return;
            }
            std::mem::take(&mut waiting.lines)
        };
        let (lines, told): (Vec<Line>, Vec<_>) = batch.into_iter().unzip();
        let written = write_batch(base, &lines).await;
        if let Err(error) = &written {
            tracing::error!(?error, count = lines.len(), "refusals are missing from the audit chain");
        }
        for told in told {
            // Who hung up meanwhile need not know.
            let _ = told.send(written.is_ok());
        }
    }
}

/// Writes lines in one transaction; the database may be busy for a while.
async fn write_batch(base: &Base, lines: &[Line]) -> Result<()> {
    let mut left = 3;
    loop {
        let attempt = async {
            let tx = base.begin(&Actor::System, None).await?;
            append(&tx, lines.to_vec()).await?;
            tx.commit().await
        };
        match attempt.await {
            Err(Error::Crossed(_)) if left > 0 => left -= 1,
            ended => return ended,
        }
    }
}

/// The key of a line: its number, so that lines of one instant stand in the order of the chain.
fn id_of(seq: i64) -> AuditEntryId {
    AuditEntryId(Uuid::from_u128(seq.unsigned_abs().into()))
}

fn bind(line: Line, seq: i64, prev_hash: Vec<u8>) -> audit_entry::Model {
    let mut entry = audit_entry::Model {
        id: id_of(seq),
        seq,
        at: line.at,
        actor_id: line.actor,
        roles: line.roles,
        address: line.address,
        action: line.action.to_owned(),
        subject: line.subject,
        outcome: line.outcome,
        detail: line.detail.map(|detail| detail.to_string()),
        prev_hash,
        hash: Vec::new(),
    };
    entry.hash = hash_of(&entry);
    entry
}

/// The hash of a line: SHA-256 of the hash before it and of all else it says, as a JSON array. An array of strings and
/// numbers reads in one way only, whatever signs are in it.
#[must_use]
pub fn hash_of(entry: &audit_entry::Model) -> Vec<u8> {
    let said = json!([
        entry.seq,
        entry.id.0,
        entry.at.timestamp_micros(),
        entry.actor_id.map(|id| id.0),
        entry.roles,
        entry.address,
        entry.action,
        entry.subject,
        entry.outcome,
        entry.detail,
    ]);
    let mut bytes = entry.prev_hash.clone();
    bytes.extend_from_slice(said.to_string().as_bytes());
    sha256(&bytes).to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line() -> Line {
        Line {
            at: DateTime::UNIX_EPOCH,
            actor: Some(AccountId(Uuid::from_u128(8))),
            roles: "DISPATCHER".to_owned(),
            address: Some("10.1.0.9".to_owned()),
            action: "acceptServiceRequest",
            subject: Some("req_1".to_owned()),
            outcome: DONE.to_owned(),
            detail: Some(json!({ "role": "DISPATCHER" })),
            reason: None,
        }
    }

    /// SHA-256 of 32 zero bytes and the array, as any other library gives it: old chains stay verifiable.
    #[test]
    fn a_hash_stays_what_it_was() {
        let entry = bind(line(), 1, vec![0; 32]);
        assert_eq!(hex(&entry.hash), "5dd806dde7a93168dcd21dee7e8293abc94a0559f948eeda6a8d22d65a51ba85");
    }

    #[test]
    fn whatever_is_changed_changes_the_hash() {
        let entry = bind(line(), 1, vec![0; 32]);
        let changes: [fn(&mut audit_entry::Model); 11] = [
            |entry| entry.seq += 1,
            |entry| entry.id = AuditEntryId(Uuid::nil()),
            |entry| entry.at += chrono::TimeDelta::microseconds(1),
            |entry| entry.actor_id = None,
            |entry| entry.roles.push('X'),
            |entry| entry.address = None,
            |entry| entry.action.push('\n'),
            |entry| entry.subject = Some("req_2".to_owned()),
            |entry| entry.outcome = "FORBIDDEN".to_owned(),
            |entry| entry.detail = Some("{}".to_owned()),
            |entry| entry.prev_hash[31] ^= 1,
        ];
        for (number, change) in changes.into_iter().enumerate() {
            let mut changed = entry.clone();
            change(&mut changed);
            assert_ne!(hash_of(&changed), entry.hash, "change {number}");
        }
    }

    #[test]
    fn what_stands_in_one_column_cannot_pass_for_two() {
        let mut one = bind(line(), 1, vec![0; 32]);
        let mut other = one.clone();
        (one.roles, one.action) = ("A\",\"B".to_owned(), "C".to_owned());
        (other.roles, other.action) = ("A".to_owned(), "B\",\"C".to_owned());
        assert_ne!(hash_of(&one), hash_of(&other));
    }
}
