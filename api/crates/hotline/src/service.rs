//! One function per verb.

use areas::Datum;
use chrono::TimeDelta;
use entity::enums::RowOutcome;
use entity::id::{HotlineBatchId, HotlineImportId, Id as _};
use entity::{hotline_batch, hotline_import, hotline_row};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Detail, Error, Result, UserError, UserErrorCode};
use kernel::link;
use kernel::page::{Cursor, Page, PageRequest};
use kernel::sheet::Format;
use kernel::tx::Tx;
use requests::{AreaRef, Town, may_exchange_orders};
use serde_json::json;

use crate::result::{Outcome, end_of, file, text};
use crate::sheet::{self, FileProblem, Prepared};
use crate::store;

mod rows;
pub use rows::{Import, Job, enter, fail, is_waiting, next_job};

/// How long the file of a batch can be fetched.
pub const LIFE: TimeDelta = TimeDelta::days(30);
/// How long an address of it holds.
const ADDRESS: TimeDelta = TimeDelta::hours(1);
/// Results in a batch at most.
const RESULTS: usize = 2_000;

/// A file to be imported.
#[derive(Debug)]
pub struct BeginImport {
    /// The street.
    pub street: AreaRef,
    /// Only tell what would come of it.
    pub is_dry_run: bool,
    /// The file, with the datum of its coordinates before it.
    pub sealed: Vec<u8>,
    /// How many rows it has.
    pub rows: i32,
}

impl BeginImport {
    /// A file that was looked through, sealed.
    ///
    /// # Errors
    /// A fault when sealing fails.
    pub fn of(base: &Base, street: AreaRef, is_dry_run: bool, datum: Datum, file: &Prepared) -> Result<Self> {
        let sealed = base.vault.seal(store::FILE, &format!("{}\n{}", datum.as_str(), file.text))?;
        Ok(Self { street, is_dry_run, sealed, rows: count(file.rows) })
    }
}

/// Results to be sent.
#[derive(Clone, Debug)]
pub struct SendResults {
    /// The street.
    pub street: AreaRef,
    /// Format of the file.
    pub format: Format,
}

/// Looks a file through, beside the requests that others wait for.
///
/// # Errors
/// `INVALID` at `file` for what is no file of orders.
pub async fn prepare(bytes: impl AsRef<[u8]> + Send + 'static) -> Result<Prepared> {
    let prepared = tokio::task::spawn_blocking(move || sheet::prepare(bytes.as_ref())).await;
    let prepared = prepared.map_err(|error| Error::Fault(error.into()))?;
    prepared.map_err(|problem| {
        let because = match problem {
            FileProblem::Encoding => "file_encoding",
            FileProblem::Heading => "file_heading",
            FileProblem::ColumnTwice => "file_column_twice",
            FileProblem::Empty => "file_empty",
            FileProblem::TooManyRows => {
                let rows = Detail::Limit(sheet::ROWS as i64);
                return UserError::at(UserErrorCode::LimitExceeded, "file").with(rows).into();
            }
            FileProblem::Workbook => "file_workbook",
            FileProblem::TooLarge => "file_unpacks",
        };
        UserError::at(UserErrorCode::Invalid, "file").with(Detail::Because(because)).into()
    })
}

/// Who may exchange orders of a street.
fn permit(actor: &Actor, street: &AreaRef) -> Result<()> {
    actor.person()?;
    if may_exchange_orders(actor, &street.path) { Ok(()) } else { Err(Error::Forbidden) }
}

/// Takes a file in, to be worked on beside the requests (导入).
///
/// # Errors
/// [`Error::Forbidden`] unless the actor dispatches on the street, or is its chief on duty.
pub async fn begin(tx: &mut Tx, import: &BeginImport) -> Result<hotline_import::Model> {
    permit(tx.actor(), &import.street)?;
    let row = hotline_import::Model {
        id: tx.id()?,
        street: import.street.code.clone(),
        account_id: tx.actor().person()?.account,
        is_dry_run: import.is_dry_run,
        state: entity::enums::ImportState::Queued,
        content_sealed: Some(import.sealed.clone()),
        row_count: import.rows,
        done_count: 0,
        created_count: 0,
        known_count: 0,
        withdrawn_count: 0,
        refused_count: 0,
        created_at: tx.now(),
        finished_at: None,
    };
    store::insert_import(tx, &row).await?;
    tx.audit_detail(json!({ "street": row.street, "rows": row.row_count, "isDryRun": row.is_dry_run }));
    Ok(hotline_import::Model { content_sealed: None, ..row })
}

/// An import, for who may import on its street.
///
/// # Errors
/// When the database does not answer.
pub async fn import_of(
    base: &Base,
    town: &Town,
    actor: &Actor,
    id: HotlineImportId,
) -> Result<Option<hotline_import::Model>> {
    let found = store::import(base, id).await?;
    Ok(found.filter(|row| is_theirs(town, actor, &row.street)))
}

fn is_theirs(town: &Town, actor: &Actor, street: &str) -> bool {
    town.area(street).is_some_and(|street| may_exchange_orders(actor, &street.path))
}

/// What came of the rows of an import; who may see the import is asked before.
///
/// # Errors
/// When the database does not answer.
pub async fn rows_of(
    base: &Base,
    import: HotlineImportId,
    outcome: Option<RowOutcome>,
    page: &PageRequest,
) -> Result<Page<(hotline_row::Model, Cursor)>> {
    store::page(base, import, outcome, page).await
}

/// Makes a file of the results that the district does not have yet (结果回传): each end of a case once. A case that was opened again
/// and has ended anew is sent again, as a correction.
///
/// # Errors
/// [`Error::Forbidden`] as for imports; `INVALID` when nothing waits.
pub async fn send_results(tx: &mut Tx, send: &SendResults) -> Result<hotline_batch::Model> {
    permit(tx.actor(), &send.street)?;
    let street = &send.street.code;
    // First of all: of two who send at once, the second finds what the first left.
    let number = store::next_number(tx, street).await?;
    let mut waiting = store::waiting(tx, street, RESULTS as u64 + 1).await?;
    let has_more = waiting.len() > RESULTS;
    waiting.truncate(RESULTS);
    if waiting.is_empty() {
        let nothing = UserError::new(UserErrorCode::Invalid).with(Detail::Because("no_new_results"));
        return Err(nothing.into());
    }
    let outcomes: Vec<Outcome<'_>> = waiting
        .iter()
        .map(|(row, sent_at, target)| Outcome {
            row,
            ended: target.as_ref().unwrap_or(row),
            is_correction: sent_at.is_some(),
        })
        .collect();
    let corrections = outcomes.iter().filter(|outcome| outcome.is_correction).count();
    let row = hotline_batch::Model {
        id: tx.id()?,
        street: street.clone(),
        number,
        account_id: tx.actor().person()?.account,
        format: send.format.name().to_owned(),
        content_sealed: Some(tx.base().vault.seal(store::RESULTS, &text(&outcomes)?)?),
        row_count: count(outcomes.len()),
        correction_count: count(corrections),
        has_more,
        created_at: tx.now(),
    };
    let sent: Vec<_> = outcomes.iter().filter_map(|outcome| Some((outcome.row.id, end_of(outcome)?))).collect();
    store::insert_batch(tx, &row).await?;
    store::mark_sent(tx, row.id, &sent).await?;
    tx.audit_detail(json!({ "street": street, "number": number, "results": row.row_count }));
    Ok(row)
}

fn count(many: usize) -> i32 {
    i32::try_from(many).unwrap_or(i32::MAX)
}

/// A batch, for who may exchange orders of its street.
///
/// # Errors
/// When the database does not answer.
pub async fn batch_of(
    base: &Base,
    town: &Town,
    actor: &Actor,
    id: HotlineBatchId,
) -> Result<Option<hotline_batch::Model>> {
    Ok(store::batch(base, id).await?.filter(|row| is_theirs(town, actor, &row.street)))
}

/// Where the file of a batch can be fetched for an hour, relative to the service; `None` once its time is over.
#[must_use]
pub fn address(base: &Base, row: &hotline_batch::Model) -> Option<String> {
    let now = base.clock.now();
    let is_kept = row.content_sealed.is_some() && now < row.created_at + LIFE;
    let expires = (now + ADDRESS).timestamp();
    is_kept.then(|| link::address(&base.vault, "hotline-results", &[&row.id.text()], expires))
}

/// The file of a batch, by its signed address.
///
/// # Errors
/// [`Error::NotFound`] for an address that is none, or no more.
pub async fn serve(base: &Base, id: &str, signed: (&str, &str)) -> Result<(Format, Vec<u8>)> {
    let is_open = link::opens(&base.vault, base.clock.now(), &[id], signed);
    let id = HotlineBatchId::parse(id).filter(|_| is_open).ok_or(Error::NotFound)?;
    let row = store::batch(base, id).await?.ok_or(Error::NotFound)?;
    let sealed = row.content_sealed.ok_or(Error::NotFound)?;
    let format = Format::of_name(&row.format).ok_or(Error::NotFound)?;
    Ok((format, file(format, &base.vault.open(store::RESULTS, &sealed)?)?))
}

/// Removes files whose time is over; tells how many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget(tx: &mut Tx) -> Result<u64> {
    store::forget(tx, tx.now() - LIFE).await
}
