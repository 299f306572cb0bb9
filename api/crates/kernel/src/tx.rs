//! One unit of work (事务): the only way to change anything.

mod record;

use std::pin::Pin;
use std::time::Duration;

use chrono::{DateTime, Utc};
use entity::fact;
use entity::id::{AccountId, FactId, Id};
use entity::idempotency;
use sea_orm::ActiveValue::Set;
use sea_orm::{ConnectionTrait, DatabaseTransaction, EntityTrait as _};
use uuid::Uuid;

use crate::actor::Actor;
use crate::audit::{self, Act, Acting, Line, Reason};
use crate::base::Base;
use crate::db::is_taken;
use crate::error::{Error, Result, UserErrorCode};
use crate::vault::Purpose;

pub use record::Record;
pub(crate) use record::kind_and_data;

/// How often a transaction is begun anew after it crossed another.
const ATTEMPTS: u32 = 6;

/// A running verb: what a function of a [`Tx`] and a command returns.
pub type Work<'t, T> = Pin<Box<dyn Future<Output = Result<T>> + Send + 't>>;

/// A verb of a slice. It is a plain function of transaction and command, so it can be run again when the transaction
/// crossed another.
pub type Verb<C, T> = for<'t> fn(&'t mut Tx, &'t C) -> Work<'t, T>;

/// Names what a verb moved, by what the verb returned.
pub type Subject<T, I> = fn(&T) -> I;

/// What came of a verb that carries an idempotency key.
#[derive(Debug)]
pub enum Outcome<T> {
    /// It was done now.
    Done(T),
    /// It had been done before, to this subject.
    Replay(Uuid),
}

/// An idempotency key (幂等键) and what it stands for.
#[derive(Clone, Debug)]
pub struct Once {
    /// The client's key, 8–64 printable ASCII characters.
    pub key: String,
    /// SHA-256 of the operation's name and its input.
    pub fingerprint: Vec<u8>,
}

/// One unit of work (事务): connection, actor, one instant, pending facts.
pub struct Tx {
    base: Base,
    connection: DatabaseTransaction,
    actor: Actor,
    now: DateTime<Utc>,
    facts: Vec<fact::ActiveModel>,
    act: Option<Act>,
    detail: Option<serde_json::Value>,
    reason: Option<Reason>,
}

impl Tx {
    /// The connection, for stores.
    #[must_use]
    pub fn db(&self) -> &DatabaseTransaction {
        &self.connection
    }

    /// What the house stands on.
    #[must_use]
    pub fn base(&self) -> &Base {
        &self.base
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The one instant at which all of it happens.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// A new id of any kind.
    ///
    /// # Errors
    /// A fault when there is no randomness.
    pub fn id<T: Id>(&self) -> Result<T> {
        new_id(&self.base, self.now)
    }

    /// Records that something happened; written at commit, as line of the timeline and entry of the outbox in one.
    ///
    /// # Errors
    /// A fault when the fact cannot be written as JSON.
    pub fn record<F: Record>(&mut self, subject: Uuid, version: i32, happened: &F) -> Result<FactId> {
        let id = self.record_unsigned(subject, version, happened)?;
        if let Some(fact) = self.facts.last_mut() {
            fact.actor_id = Set(self.actor.account());
        }
        Ok(id)
    }

    /// As [`Tx::record`], without who did it: where that would tell what nobody is to know, e.g. who belongs to the party.
    ///
    /// # Errors
    /// A fault when the fact cannot be written as JSON.
    pub fn record_unsigned<F: Record>(&mut self, subject: Uuid, version: i32, happened: &F) -> Result<FactId> {
        let (kind, data) = kind_and_data(happened)?;
        let id: FactId = self.id()?;
        self.facts.push(fact::ActiveModel {
            id: Set(id),
            seq: Set(None),
            subject_kind: Set(F::SUBJECT.to_owned()),
            subject_id: Set(subject),
            version: Set(version),
            kind: Set(kind),
            actor_id: Set(None),
            at: Set(self.now),
            data: Set(data),
        });
        Ok(id)
    }

    /// Names what a privileged act is done to, where the caller could not.
    pub fn concerns(&mut self, subject: impl Id) {
        if let Some(act) = &mut self.act {
            act.subject = Some(subject.text());
        }
    }

    /// What the audit chain says beside who did what: ids, states and times, never words of people.
    pub fn audit_detail(&mut self, detail: serde_json::Value) {
        self.detail = Some(detail);
    }

    /// Why a privileged act is done, in the words of who does it; `about` is the person it is about, whose words they may be.
    /// The chain holds a salted hash of them only.
    pub fn audit_reason(&mut self, words: &str, about: Option<AccountId>) {
        self.reason = Some(Reason { words: words.to_owned(), about });
    }

    pub(crate) async fn commit(mut self) -> Result<()> {
        let facts = std::mem::take(&mut self.facts);
        let has_facts = !facts.is_empty();
        if has_facts {
            fact::Entity::insert_many(facts).exec_without_returning(&self.connection).await.map_err(|error| {
                if is_taken(&error, "fact", &["subject_id", "version"]) { Error::Conflict } else { error.into() }
            })?;
        }
        if let Some(act) = self.act.take() {
            let line =
                Line { detail: self.detail.take(), reason: self.reason.take(), ..line(&self.actor, act, self.now) };
            audit::append(&self, vec![line]).await?;
        }
        self.connection.commit().await?;
        if has_facts {
            self.base.facts_committed.notify_one();
        }
        Ok(())
    }
}

/// A line about an act that was done.
fn line(actor: &Actor, act: Act, at: DateTime<Utc>) -> Line {
    Line {
        at,
        actor: actor.account(),
        roles: audit::roles(actor),
        address: act.address.map(|address| address.to_canonical().to_string()),
        action: act.action,
        subject: act.subject,
        outcome: audit::DONE.to_owned(),
        detail: None,
        reason: None,
    }
}

/// Makes a UUIDv7 of an instant and of chance.
///
/// # Errors
/// A fault when there is no randomness.
pub fn new_id<T: Id>(base: &Base, at: DateTime<Utc>) -> Result<T> {
    let mut random = [0; 10];
    base.chance.fill(&mut random)?;
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or_default();
    Ok(T::from(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()))
}

impl Base {
    /// Runs a verb in a transaction; all of it happens, or nothing.
    ///
    /// # Errors
    /// What the verb refuses; [`Error::Conflict`] when somebody else moved the same subject; [`Error::Crossed`] when the
    /// database stays busy.
    pub async fn write<C: Sync, T>(&self, acting: impl Into<Acting<'_>>, command: &C, verb: Verb<C, T>) -> Result<T> {
        match self.told(acting.into(), None::<(&Once, Subject<T, FactId>)>, command, verb).await? {
            Outcome::Done(done) => Ok(done),
            Outcome::Replay(_) => Err(Error::Fault(anyhow::anyhow!("a write without a key was replayed"))),
        }
    }

    /// Runs a verb that makes or moves something, at most once per actor and key; `subject` names what it moved.
    ///
    /// # Errors
    /// As [`Base::write`]; `IDEMPOTENCY_KEY_REUSED` when the key stands for another input.
    pub async fn write_once<C: Sync, T, I: Id>(
        &self,
        acting: impl Into<Acting<'_>>,
        once: &Once,
        command: &C,
        verb: Verb<C, T>,
        subject: Subject<T, I>,
    ) -> Result<Outcome<T>> {
        self.told(acting.into(), Some((once, subject)), command, verb).await
    }

    /// What the same call moved that ran beside this one, and may not have committed yet.
    async fn winner_of(&self, actor: &Actor, once: &Once) -> Result<Option<Uuid>> {
        for attempt in 1..=3 {
            if let Some(winner) = self.done_before(actor, once).await? {
                return Ok(Some(winner));
            }
            self.wait_a_little(attempt).await?;
        }
        self.done_before(actor, once).await
    }

    /// What an idempotency key moved when it was used before.
    async fn done_before(&self, actor: &Actor, once: &Once) -> Result<Option<Uuid>> {
        used_before(self, self.db.reader(), actor, once).await
    }

    /// As [`Base::write_once`], of a verb that must ask somebody outside first, who answers once, as for a code. A repeated call
    /// does not ask again, and one that lost against the same call beside it has that one's result.
    ///
    /// # Errors
    /// As [`Base::write_once`]; what the question is answered with.
    pub async fn write_after<C: Sync, T, I: Id>(
        &self,
        acting: impl Into<Acting<'_>>,
        once: &Once,
        asking: impl Future<Output = Result<C>>,
        verb: Verb<C, T>,
        subject: Subject<T, I>,
    ) -> Result<Outcome<T>> {
        let acting = acting.into();
        let asked = async {
            if let Some(done) = self.done_before(acting.actor, once).await? {
                return Ok(Outcome::Replay(done));
            }
            match asking.await {
                Ok(command) => Ok(Outcome::Done(command)),
                Err(error) => self.winner_of(acting.actor, once).await?.map(Outcome::Replay).ok_or(error),
            }
        };
        match Box::pin(asked).await {
            Ok(Outcome::Done(command)) => self.write_once(acting, once, &command, verb, subject).await,
            Ok(Outcome::Replay(done)) => Ok(Outcome::Replay(done)),
            Err(error) => {
                self.note_refusal(acting, &error).await;
                Err(error)
            }
        }
    }

    /// Notes in the audit chain that a privileged act was refused before any verb ran. That it cannot be noted is logged: the
    /// refusal stands.
    pub async fn note_refusal(&self, acting: impl Into<Acting<'_>>, error: &Error) {
        let Acting { actor, act } = acting.into();
        let Some((act, outcome)) = act.zip(audit::outcome(error)) else { return };
        let line = Line { outcome, ..line(actor, act.clone(), self.clock.now()) };
        if !self.refusals.write(self, line).await {
            tracing::error!(action = act.action, "a refusal is missing from the audit chain");
        }
    }

    /// Runs a verb; the audit chain is told of a privileged act, whatever comes of it.
    async fn told<C: Sync, T, I: Id>(
        &self,
        acting: Acting<'_>,
        once: Option<(&Once, Subject<T, I>)>,
        command: &C,
        verb: Verb<C, T>,
    ) -> Result<Outcome<T>> {
        // On the heap: futures of resolvers hold this one, and stand on small stacks.
        let done = Box::pin(self.attempts(acting, once, command, verb)).await;
        if let Err(error) = &done {
            self.note_refusal(acting, error).await;
        }
        done
    }

    async fn attempts<C: Sync, T, I: Id>(
        &self,
        acting: Acting<'_>,
        once: Option<(&Once, Subject<T, I>)>,
        command: &C,
        verb: Verb<C, T>,
    ) -> Result<Outcome<T>> {
        for attempt in 1..ATTEMPTS {
            match self.attempt(acting, once, command, verb).await {
                // The same call may have run beside this one, and won: then its result is this one's too.
                Err(error @ (Error::Refused(_) | Error::Conflict | Error::NotFound | Error::Forbidden)) => {
                    let Some((once, _)) = once else { return Err(error) };
                    let winner = used_before(self, self.db.reader(), acting.actor, once).await?;
                    return winner.map(Outcome::Replay).ok_or(error);
                }
                Err(Error::Crossed(error)) => {
                    tracing::debug!(%error, attempt, "the transaction crossed another and is begun anew");
                    self.wait_a_little(attempt).await?;
                }
                ended => return ended,
            }
        }
        self.attempt(acting, once, command, verb).await
    }

    /// Begins a unit of work.
    pub(crate) async fn begin(&self, actor: &Actor, act: Option<&Act>) -> Result<Tx> {
        let connection = self.db.begin_write().await?;
        // After the wait for the writer, so that instants follow the order of commits on SQLite.
        let now = self.clock.now();
        let (base, actor, act) = (self.clone(), actor.clone(), act.cloned());
        Ok(Tx { base, connection, actor, now, facts: Vec::new(), act, detail: None, reason: None })
    }

    async fn attempt<C: Sync, T, I: Id>(
        &self,
        acting: Acting<'_>,
        once: Option<(&Once, Subject<T, I>)>,
        command: &C,
        verb: Verb<C, T>,
    ) -> Result<Outcome<T>> {
        let mut tx = self.begin(acting.actor, acting.act).await?;
        if let Some((once, _)) = once
            && let Some(subject) = used_before(self, &tx.connection, &tx.actor, once).await?
        {
            return Ok(Outcome::Replay(subject));
        }
        let done = verb(&mut tx, command).await?;
        if let Some((once, subject)) = once {
            let subject = subject(&done);
            remember(&tx, once, subject.into()).await?;
            tx.concerns(subject);
        }
        tx.commit().await?;
        Ok(Outcome::Done(done))
    }

    /// Waits a random time that grows with the attempts, so that two that crossed do not cross again.
    async fn wait_a_little(&self, attempt: u32) -> Result<()> {
        let mut random = [0; 1];
        self.chance.fill(&mut random)?;
        let millis = u64::from(random[0] % 16) + (4 << attempt);
        tokio::time::sleep(Duration::from_millis(millis)).await;
        Ok(())
    }
}

async fn used_before(base: &Base, db: &impl ConnectionTrait, actor: &Actor, once: &Once) -> Result<Option<Uuid>> {
    let key = (actor_key(actor), once.key.clone());
    let found = idempotency::Entity::find_by_id(key).one(db).await?;
    let Some(used) = found else { return Ok(None) };
    if base.vault.is_hash_of(Purpose::Fingerprint, &once.fingerprint, &used.fingerprint) {
        return Ok(Some(used.subject_id));
    }
    Err(Error::refused_at(UserErrorCode::IdempotencyKeyReused, "idempotencyKey"))
}

async fn remember(tx: &Tx, once: &Once, subject: Uuid) -> Result<()> {
    let used = idempotency::ActiveModel {
        actor: Set(actor_key(&tx.actor)),
        key: Set(once.key.clone()),
        // Keyed: an input may be little more than somebody's number.
        fingerprint: Set(tx.base.vault.keyed_hash(Purpose::Fingerprint, &once.fingerprint)),
        subject_id: Set(subject),
        at: Set(tx.now),
    };
    let inserted = idempotency::Entity::insert(used).exec_without_returning(&tx.connection).await;
    inserted.map(|_| ()).map_err(|error| {
        // The same call ran beside this one: begun anew, this one will find its result.
        if is_taken(&error, "idempotency", &["actor", "key"]) { Error::Crossed(error) } else { error.into() }
    })
}

fn actor_key(actor: &Actor) -> String {
    actor.account().map_or_else(|| "system".to_owned(), Id::text)
}
