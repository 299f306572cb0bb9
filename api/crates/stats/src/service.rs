//! One function per question.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use entity::id::{Id as _, KpiExportId, ServiceRequestId, UnitId};
use entity::kpi_export;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::link;
use kernel::page::{Cursor, Page, PageRequest};
use kernel::sheet::Format;
use kernel::tx::Tx;
use requests::{Case, Town};
use sea_orm::ConnectionTrait;
use serde_json::json;

use crate::command::{Ask, Asked, Export, Filter, Group, Part};
use crate::definition::{HEADLINE, Metric, Share, Unit};
use crate::label::label;
use crate::measure::Measure;
use crate::period::Period;
use crate::policy::{FEWEST, Sight, Wanted, sight};
use crate::report::{Row, rows};
use crate::{sheet, store};

/// How long a file can be fetched.
pub const LIFE: TimeDelta = TimeDelta::hours(1);
/// Version of how concerns are weighed; it rises with each change of the weights.
pub const CONCERN_VERSION: i32 = 1;
/// Concerns of a year at most (前十项).
pub const MOST_CONCERNS: usize = 10;

/// A number of a report with the name of its key.
pub type Named = (String, Row);

/// The report that somebody asks for (统计指标); with the same days a year before, if wanted.
///
/// # Errors
/// [`Error::Unauthenticated`], [`Error::Forbidden`]; [`Error::NotFound`] for a unit that is none.
pub async fn report(base: &Base, town: &Town, actor: &Actor, ask: Ask, with_before: bool) -> Result<Vec<Named>> {
    known(base.db.reader(), &ask.wanted).await?;
    let asked = ask.by(actor)?;
    read(base.db.reader(), town, &asked, base.clock.now(), with_before).await
}

/// Whether the unit asked for exists.
async fn known(db: &impl ConnectionTrait, wanted: &Wanted) -> Result<()> {
    let Some(unit) = wanted.unit else { return Ok(()) };
    let found = directory::units_by_ids(db, &[unit]).await?;
    if found.is_empty() { Err(Error::NotFound) } else { Ok(()) }
}

async fn read(
    db: &impl ConnectionTrait,
    town: &Town,
    asked: &Asked,
    now: DateTime<Utc>,
    with_before: bool,
) -> Result<Vec<Named>> {
    let mut measures: Vec<Measure> = asked.metrics.iter().map(|metric| metric.formula().measure).collect();
    measures.sort_unstable();
    measures.dedup();
    let sums = store::sums(db, asked, &measures, asked.period, now).await?;
    let before = match with_before {
        true => Some(store::sums(db, asked, &measures, asked.period.year_before(), now).await?),
        false => None,
    };
    named(db, town, asked.group, rows(asked, sums, before)).await
}

/// Rows with the names of their keys; one statement where these are units.
async fn named(db: &impl ConnectionTrait, town: &Town, group: Group, rows: Vec<Row>) -> Result<Vec<Named>> {
    let mut units = HashMap::new();
    if group == Group::Unit {
        let ids = rows.iter().filter_map(|row| Some(UnitId(row.key.parse().ok()?)));
        let mut ids: Vec<UnitId> = ids.collect();
        ids.dedup();
        if !ids.is_empty() {
            let found = directory::units_by_ids(db, &ids).await?;
            units.extend(found.into_iter().map(|unit| (unit.id.0.to_string(), unit.name)));
        }
    }
    Ok(rows.into_iter().map(|row| (label(town, &units, group, &row.key), row)).collect())
}

/// An indicator of a street as the public sees it; `None` where fewer than [`FEWEST`] are counted.
pub type Public = (Metric, Option<Share>);

/// The four indicators of a street, for everybody (四率公示): of whole months that are over, so that nobody learns how one case
/// ended from two questions about nearly the same days.
///
/// # Errors
/// [`Error::BadRequest`] for other periods; [`Error::NotFound`] for what is no street.
pub async fn public(base: &Base, town: &Town, street: &str, period: Period) -> Result<Vec<Public>> {
    let asked = of_street(town, street, HEADLINE.to_vec(), Group::None, past(base, period)?)?;
    let rows = read(base.db.reader(), town, &asked, base.clock.now(), false).await?;
    let shown = |row: &Row| Some(row.now).filter(|share| share.denominator >= FEWEST);
    Ok(rows.iter().map(|(_, row)| (row.metric, shown(row))).collect())
}

fn past(base: &Base, period: Period) -> Result<Period> {
    let is_past = period.is_of_past_months(base.clock.now());
    is_past.then_some(period).ok_or(Error::BadRequest("the public sees whole months that are over"))
}

fn of_street(town: &Town, street: &str, metrics: Vec<Metric>, group: Group, period: Period) -> Result<Asked> {
    let area = town.area(street).filter(|area| area.street() == area.code).ok_or(Error::NotFound)?;
    let sight = Sight { areas: vec![area.path], units: Vec::new() };
    Ok(Asked { metrics, period, sight, filter: Filter::default(), group })
}

/// Cases received by place (热力图): the cell and how many. Staff see all in their scope, the public of a street those of ten and
/// more, of whole months that are over.
///
/// # Errors
/// [`Error::NotFound`] for what is no area; as [`public`] for whom no role of staff opens it.
pub async fn heatmap(base: &Base, town: &Town, actor: &Actor, area: &str, period: Period) -> Result<Vec<(i64, i64)>> {
    let (asked, is_public) = match in_area(town, actor, area, Group::Cell, period) {
        Err(Error::Forbidden | Error::Unauthenticated) => {
            (of_street(town, area, vec![Metric::Cases], Group::Cell, past(base, period)?)?, true)
        }
        asked => (asked?, false),
    };
    let rows = read(base.db.reader(), town, &asked, base.clock.now(), false).await?;
    let cells = rows.iter().filter_map(|(_, row)| Some((row.key.parse::<i64>().ok()?, row.now.numerator)));
    Ok(cells.filter(|(_, count)| !is_public || *count >= FEWEST).collect())
}

fn in_area(town: &Town, actor: &Actor, area: &str, group: Group, period: Period) -> Result<Asked> {
    let area = town.area(area).ok_or(Error::NotFound)?.path;
    let sight = sight(actor, &Wanted { area: Some(area), unit: None })?;
    Ok(Asked { metrics: vec![Metric::Cases], period, sight, filter: Filter::default(), group })
}

/// What people are concerned about in a year (前十项指数).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concern {
    /// Place in the order, from 1.
    pub rank: i32,
    /// Category.
    pub category: String,
    /// Weighted count; 100 for the first, the others beside it, half-up.
    pub score: i64,
    /// Requests behind it.
    pub requests: i64,
}

/// The concerns of a year, most pressing first: what people voiced, by category. Requests weigh 1; topics of councils and answers
/// to polls will weigh 3 and 2 once there are any.
///
/// # Errors
/// [`Error::Forbidden`] where no role of staff opens it; [`Error::BadRequest`] for a year that is none.
pub async fn concerns(base: &Base, town: &Town, actor: &Actor, area: &str, year: i32) -> Result<Vec<Concern>> {
    let period = Period::year(year).ok_or(Error::BadRequest("`year` is 2000–2198"))?;
    let asked = in_area(town, actor, area, Group::Category, period)?;
    let now = base.clock.now();
    let sums = store::sums(base.db.reader(), &asked, &[Measure::Received], period, now).await?;
    let mut voiced: HashMap<String, i64> = HashMap::new();
    for (_, category, values) in sums {
        *voiced.entry(category).or_default() += values.at(VOICED);
    }
    let mut voiced: Vec<(String, i64)> = voiced.into_iter().filter(|(_, count)| *count > 0).collect();
    voiced.sort_by(|(category, count), (other, fewer)| fewer.cmp(count).then_with(|| category.cmp(other)));
    let most = voiced.first().map(|(_, count)| *count).unwrap_or_default();
    let ranked = (1..).zip(voiced).take(MOST_CONCERNS).map(|(rank, (category, requests))| {
        let score = Share { numerator: requests * 100, denominator: most }.each().unwrap_or_default();
        Concern { rank, category, score, requests }
    });
    Ok(ranked.collect())
}

/// Which value of `RECEIVED` counts what people voiced themselves.
const VOICED: usize = 5;

/// The cases behind a number (下钻), newest first. Those the asker may not read are left out: of a unit's number the orders it
/// returned, whose cases it sees no more.
///
/// # Errors
/// As [`report`]; [`Error::BadRequest`] for an average's missed part, which there is none of.
pub async fn behind(
    base: &Base,
    actor: &Actor,
    ask: Ask,
    part: Part,
    page: &PageRequest,
) -> Result<Page<(Case, Cursor)>> {
    known(base.db.reader(), &ask.wanted).await?;
    let asked = ask.by(actor)?;
    if part == Part::Missed && asked.metrics.iter().any(|metric| metric.unit() != Unit::Rate) {
        return Err(Error::BadRequest("only a rate misses cases"));
    }
    let Page { rows, has_next, has_previous } = store::page(base, &asked, part, base.clock.now(), page).await?;
    let mut ids: Vec<ServiceRequestId> = rows.iter().map(|(_, _, case)| *case).collect();
    ids.sort_unstable();
    ids.dedup();
    let cases = if ids.is_empty() { Vec::new() } else { requests::cases_by_ids(base, actor, &ids).await? };
    let cases: HashMap<ServiceRequestId, Case> = cases.into_iter().map(|case| (case.row.id, case)).collect();
    let rows = rows.into_iter().filter_map(|(at, id, case)| Some((cases.get(&case)?.clone(), Cursor { at, id })));
    Ok(Page { rows: rows.collect(), has_next, has_previous })
}

/// Makes a file of a report (导出), to be fetched within the hour.
///
/// # Errors
/// As [`report`].
pub async fn export(tx: &mut Tx, (town, command): &(Town, Export)) -> Result<kpi_export::Model> {
    let account_id = tx.actor().person()?.account;
    known(tx.db(), &command.ask.wanted).await?;
    let asked = command.ask.clone().by(tx.actor())?;
    let rows = read(tx.db(), town, &asked, tx.now(), true).await?;
    let row = kpi_export::Model {
        id: tx.id()?,
        account_id,
        format: command.format.name().to_owned(),
        content: sheet::file(command.format, &rows)?,
        rows: i32::try_from(rows.len()).unwrap_or(i32::MAX),
        expires_at: tx.now() + LIFE,
        created_at: tx.now(),
    };
    store::insert_export(tx, &row).await?;
    let metrics: Vec<&str> = asked.metrics.iter().map(|metric| metric.name()).collect();
    tx.audit_detail(json!({
        "metrics": metrics, "from": asked.period.from, "to": asked.period.to, "format": command.format.name(),
    }));
    Ok(row)
}

/// Where a file can be fetched, relative to the service; `None` once its hour is over.
#[must_use]
pub fn address(base: &Base, row: &kpi_export::Model) -> Option<String> {
    let expires = row.expires_at.timestamp();
    let is_kept = row.expires_at > base.clock.now();
    is_kept.then(|| link::address(&base.vault, "statistics", &[&row.id.text()], expires))
}

/// A file that was made, for who made it.
///
/// # Errors
/// When the database does not answer.
pub async fn export_of(base: &Base, actor: &Actor, id: KpiExportId) -> Result<Option<kpi_export::Model>> {
    let found = store::export(base, id).await?;
    Ok(found.filter(|row| Some(row.account_id) == actor.account()))
}

/// Hands out the file of a signed address: the last part of its path, and `expires` and `signature` of its query.
///
/// # Errors
/// [`Error::NotFound`] alike for an address that was changed, that has expired, or whose file is gone.
pub async fn serve(base: &Base, id: &str, query: (&str, &str)) -> Result<(Format, Vec<u8>)> {
    let is_open = link::opens(&base.vault, base.clock.now(), &[id], query);
    let id = KpiExportId::parse(id).filter(|_| is_open).ok_or(Error::NotFound)?;
    let row = store::content(base, id).await?.ok_or(Error::NotFound)?;
    Ok((Format::of_name(&row.format).ok_or(Error::NotFound)?, row.content))
}

/// Removes files whose hour is over; tells how many.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_exports(tx: &mut Tx) -> Result<u64> {
    store::forget(tx, tx.now()).await
}
