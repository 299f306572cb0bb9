//! The rows of an import, some at a time (逐批处理).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use areas::Datum;
use entity::enums::{ImportState, RowOutcome, ServiceRequestState};
use entity::hotline_import::Model;
use entity::id::{AccountId, HotlineImportId, ServiceRequestId};
use entity::{hotline_order, hotline_row};
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use kernel::vault::{Purpose, sha256};
use requests::{AreaRef, Case, Submit, Town};
use serde_json::json;

use crate::column::Column;
use crate::order::{Problem, Reading, Row, RowProblem, Wish};
use crate::store::{self, Counts};

/// Rows of one transaction: others wait for its end, and each of its statements is bounded.
const SOME: usize = 200;

/// An import that is worked on (处理中的导入).
pub struct Job {
    /// The import as it was when its work began, or went on.
    pub import: Model,
    town: Town,
    street: AreaRef,
    datum: Datum,
    text: String,
    offset: usize,
    done: i32,
    /// What rows before said, by number and whether they withdraw.
    said: HashMap<(String, bool), [u8; 32]>,
}

/// Some rows, to be entered in one transaction (一批行).
pub struct Import {
    id: HotlineImportId,
    town: Town,
    street: AreaRef,
    account: AccountId,
    is_dry_run: bool,
    is_last: bool,
    from: i32,
    rows: Vec<(Row, Before)>,
}

/// What rows of the same file before this one say of the same number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Before {
    /// The same, or something else.
    same: Option<bool>,
    /// They bring the order that this one withdraws.
    is_brought: bool,
}

/// Whether an import waits.
///
/// # Errors
/// When the database does not answer.
pub async fn is_waiting(base: &Base) -> Result<bool> {
    store::is_waiting(base).await
}

/// The import that waits longest, ready to go on where it was.
///
/// # Errors
/// When the database does not answer. What cannot be read any more is `Ok(Err(…))`: it is to be given up.
pub async fn next_job(base: &Base, town: &Town) -> Result<Option<std::result::Result<Job, HotlineImportId>>> {
    let Some(import) = store::next(base).await? else { return Ok(None) };
    let id = import.id;
    let sealed = store::content(base, id).await?;
    let text = sealed.and_then(|sealed| base.vault.open(store::FILE, &sealed).ok());
    let opened = text.and_then(|text| Job::open(import, town, text));
    let Some(mut job) = opened else { return Ok(Some(Err(id))) };
    // What is done is read again, to know what the file said before.
    let done = job.import.done_count;
    while job.done < done {
        let left = usize::try_from(done - job.done).unwrap_or_default();
        if job.read(base, left.min(SOME)).is_empty() {
            return Ok(Some(Err(id)));
        }
    }
    Ok(Some(Ok(job)))
}

impl Job {
    fn open(import: Model, town: &Town, text: String) -> Option<Self> {
        let street = town.area(&import.street)?;
        let (datum, _) = text.split_once('\n')?;
        let datum: Datum = datum.parse().ok()?;
        let offset = text.find('\n')? + 1;
        let town = town.clone();
        Some(Self { import, town, street, datum, text, offset, done: 0, said: HashMap::new() })
    }

    /// The next rows; `None` when all are done.
    #[must_use]
    pub fn some(&mut self, base: &Base) -> Option<Import> {
        let from = self.done;
        let rows = self.read(base, SOME);
        if rows.is_empty() {
            return None;
        }
        Some(Import {
            id: self.import.id,
            town: self.town.clone(),
            street: self.street.clone(),
            account: self.import.account_id,
            is_dry_run: self.import.is_dry_run,
            is_last: self.done >= self.import.row_count,
            from,
            rows,
        })
    }

    fn read(&mut self, base: &Base, most: usize) -> Vec<(Row, Before)> {
        let reading = Reading { town: &self.town, street: &self.street, datum: self.datum, now: base.clock.now() };
        let mut rows = Vec::with_capacity(most);
        while rows.len() < most {
            let Some(line) = self.text.get(self.offset..).and_then(|rest| rest.split('\n').next()) else { break };
            let Ok((at, cells)) = serde_json::from_str::<(i32, Vec<String>)>(line) else { break };
            self.offset += line.len() + 1;
            self.done += 1;
            let row = reading.row(at, &cells);
            let before = remember(&mut self.said, &row);
            rows.push((row, before));
        }
        rows
    }
}

/// Notes what a good row says, and tells what those before it said.
fn remember(said: &mut HashMap<(String, bool), [u8; 32]>, row: &Row) -> Before {
    let (Some(number), Ok(wish)) = (&row.number, &row.wish) else { return Before::default() };
    let is_withdrawal = matches!(wish, Wish::Withdrawal(_));
    let is_brought = is_withdrawal && said.contains_key(&(number.clone(), false));
    let now = sha256(row.said.as_bytes());
    let same = match said.entry((number.clone(), is_withdrawal)) {
        Entry::Occupied(first) => Some(*first.get() == now),
        Entry::Vacant(place) => {
            place.insert(now);
            None
        }
    };
    Before { same, is_brought }
}

/// An order that comes in, and the keyed hash of its row.
type NewOrder = (Submit, Vec<u8>);

/// What comes of a row, before it is written.
enum Verdict {
    /// It becomes a case: the place of its order among those of this transaction.
    Create(usize),
    /// It is there.
    Known(Option<ServiceRequestId>),
    /// It withdraws a case, for this reason.
    Withdraw(Target, String),
    /// It is refused.
    Refuse(Vec<RowProblem>),
}

/// The case that a row withdraws.
#[derive(Clone, Copy)]
enum Target {
    /// One that is there.
    Case(ServiceRequestId),
    /// One that a row before brings, in this transaction.
    New(usize),
    /// One that a row before would bring, were this no dry run.
    Told,
}

/// Enters some rows, all of them or none: good ones become cases or withdraw them, bad ones are noted. The count of rows done moves
/// with them, so that each row is entered once.
///
/// # Errors
/// [`Error::Conflict`] when another node entered them, or map or reference data were changed.
pub async fn enter(tx: &mut Tx, import: &Import) -> Result<()> {
    // A file takes minutes: what people decide about map and reference data meanwhile holds for the rest of it.
    if areas::store::reference_number(tx.db()).await? != import.town.number() {
        return Err(Error::Conflict);
    }
    let numbers: Vec<String> = import.rows.iter().filter_map(|(row, _)| row.number.clone()).collect();
    let known = requests::known_orders(tx, &import.street.code, &numbers).await?;
    let known: HashMap<String, ServiceRequestId> = known.into_iter().collect();
    let there = There::of(tx, import, &known).await?;
    let (verdicts, orders) = there.judge(tx.base(), import)?;
    let rows = i32::try_from(import.rows.len()).unwrap_or(i32::MAX);
    store::move_on(tx, import.id, (import.from, rows), counts(&verdicts)).await?;
    let brought = if import.is_dry_run { Vec::new() } else { bring(tx, import, &orders).await? };
    let mut noted = Vec::with_capacity(verdicts.len());
    for ((row, _), verdict) in import.rows.iter().zip(verdicts) {
        noted.push(carry_out(tx, import, row, verdict, &brought).await?);
    }
    store::insert_rows(tx, &noted).await?;
    if import.is_last {
        store::settle(tx, import.id, ImportState::Done).await?;
    }
    Ok(())
}

/// What is in the database of the numbers of some rows.
struct There<'k> {
    known: &'k HashMap<String, ServiceRequestId>,
    digests: HashMap<ServiceRequestId, Vec<u8>>,
    cases: HashMap<ServiceRequestId, Case>,
}

impl<'k> There<'k> {
    async fn of(tx: &Tx, import: &Import, known: &'k HashMap<String, ServiceRequestId>) -> Result<Self> {
        let ids: Vec<ServiceRequestId> = known.values().copied().collect();
        let withdrawn = import.rows.iter().filter(|(row, _)| matches!(row.wish, Ok(Wish::Withdrawal(_))));
        let withdrawn = withdrawn.filter_map(|(row, _)| known.get(row.number.as_ref()?).copied());
        let withdrawn: Vec<ServiceRequestId> = withdrawn.collect();
        let cases = if withdrawn.is_empty() { Vec::new() } else { requests::orders_to_recall(tx, &withdrawn).await? };
        let cases = cases.into_iter().map(|case| (case.row.id, case)).collect();
        Ok(Self { known, digests: store::digests(tx, &ids).await?, cases })
    }

    /// What comes of each row, and the orders that come in.
    fn judge(&self, base: &Base, import: &Import) -> Result<(Vec<Verdict>, Vec<NewOrder>)> {
        let (mut verdicts, mut orders) = (Vec::with_capacity(import.rows.len()), Vec::new());
        let (mut new, mut gone) = (HashMap::<&str, usize>::new(), HashSet::<&str>::new());
        for (row, before) in &import.rows {
            let number = row.number.as_deref().unwrap_or_default();
            verdicts.push(match &row.wish {
                Err(problems) => Verdict::Refuse(problems.clone()),
                Ok(Wish::Order(submit)) => {
                    let verdict = self.order(base, row, *before, orders.len());
                    if matches!(verdict, Verdict::Create(_)) {
                        new.insert(number, orders.len());
                        orders.push((
                            (**submit).clone(),
                            base.vault.keyed_hash(Purpose::Fingerprint, row.said.as_bytes()),
                        ));
                    }
                    verdict
                }
                // Withdrawn by a row before.
                Ok(Wish::Withdrawal(_)) if gone.contains(number) => Verdict::Known(self.known.get(number).copied()),
                Ok(Wish::Withdrawal(reason)) => {
                    let brought = new.get(number).copied().map(Target::New);
                    let told = (import.is_dry_run && before.is_brought).then_some(Target::Told);
                    let is_told_twice = import.is_dry_run && before.same.is_some();
                    let verdict = match brought.or(told) {
                        Some(_) if is_told_twice => Verdict::Known(None),
                        Some(target) => Verdict::Withdraw(target, reason.clone()),
                        None => self.withdrawal(base, import, number, reason)?,
                    };
                    if matches!(verdict, Verdict::Withdraw(..)) {
                        gone.insert(number);
                    }
                    verdict
                }
            });
        }
        Ok((verdicts, orders))
    }

    fn order(&self, base: &Base, row: &Row, before: Before, place: usize) -> Verdict {
        let changed = || Verdict::Refuse(vec![RowProblem { column: Column::Number, problem: Problem::Changed }]);
        let known = row.number.as_ref().and_then(|number| self.known.get(number));
        if let Some(id) = known {
            let is_same = self
                .digests
                .get(id)
                .is_some_and(|digest| base.vault.is_hash_of(Purpose::Fingerprint, row.said.as_bytes(), digest));
            return if is_same { Verdict::Known(Some(*id)) } else { changed() };
        }
        match before.same {
            None => Verdict::Create(place),
            Some(true) => Verdict::Known(None),
            Some(false) => changed(),
        }
    }

    fn withdrawal(&self, base: &Base, import: &Import, number: &str, reason: &str) -> Result<Verdict> {
        let refuse = |problem| Verdict::Refuse(vec![RowProblem { column: Column::Number, problem }]);
        let case = self.known.get(number).and_then(|id| self.cases.get(id));
        let Some(case) = case else { return Ok(refuse(Problem::NotThere)) };
        let row = &case.row;
        Ok(if row.state == ServiceRequestState::Withdrawn {
            Verdict::Known(Some(row.id))
        } else if requests::may_recall(base, &import.town, case)? {
            Verdict::Withdraw(Target::Case(row.id), reason.to_owned())
        } else if row.queue.is_some() {
            refuse(Problem::Shared)
        } else {
            refuse(Problem::Over)
        })
    }
}

fn counts(verdicts: &[Verdict]) -> Counts {
    verdicts.iter().fold(Counts::default(), |mut counts, verdict| {
        match verdict {
            Verdict::Create(_) => counts.created += 1,
            Verdict::Known(_) => counts.known += 1,
            Verdict::Withdraw(..) => counts.withdrawn += 1,
            Verdict::Refuse(_) => counts.refused += 1,
        }
        counts
    })
}

/// The orders come in.
async fn bring(tx: &mut Tx, import: &Import, orders: &[NewOrder]) -> Result<Vec<ServiceRequestId>> {
    let submits: Vec<Submit> = orders.iter().map(|(submit, _)| submit.clone()).collect();
    let ids = requests::receive(tx, &import.town, &submits, import.account).await?;
    let rows = ids.iter().zip(orders).map(|(id, (_, digest))| hotline_order::Model {
        request_id: *id,
        street: import.street.code.clone(),
        digest: digest.clone(),
        sent_at: None,
        batch_id: None,
    });
    store::insert_orders(tx, &rows.collect::<Vec<_>>()).await?;
    Ok(ids)
}

/// Withdraws what a row withdraws, and notes what came of it.
async fn carry_out(
    tx: &mut Tx,
    import: &Import,
    row: &Row,
    verdict: Verdict,
    brought: &[ServiceRequestId],
) -> Result<hotline_row::Model> {
    let (outcome, request_id, problems) = match verdict {
        Verdict::Create(place) => (RowOutcome::Created, brought.get(place).copied(), None),
        Verdict::Known(id) => (RowOutcome::Known, id, None),
        Verdict::Refuse(problems) => (RowOutcome::Refused, None, Some(problems)),
        Verdict::Withdraw(target, reason) => {
            let id = match target {
                Target::Case(id) => Some(id),
                Target::New(place) => brought.get(place).copied(),
                Target::Told => None,
            };
            if let Some(id) = id.filter(|_| !import.is_dry_run) {
                requests::recall(tx, &import.town, id, &reason).await?;
            }
            (RowOutcome::Withdrawn, id, None)
        }
    };
    let problems = problems.map(|problems| {
        let told = problems.iter().map(
            |RowProblem { column, problem }| json!({ "column": <&str>::from(*column), "code": <&str>::from(*problem) }),
        );
        told.collect()
    });
    let external_no = row.number.clone();
    Ok(hotline_row::Model { import_id: import.id, row_no: row.at, outcome, external_no, problems, request_id })
}

/// Gives an import up that cannot be read any more: what is done stays, the same file may be brought again.
///
/// # Errors
/// When the database does not answer.
pub async fn fail(tx: &mut Tx, id: &HotlineImportId) -> Result<()> {
    store::settle(tx, *id, ImportState::Failed).await
}
