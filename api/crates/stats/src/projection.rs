//! How facts become numbers (投影): each case that facts touch is counted anew from its rows, and what differs is written, in one
//! transaction with the cursor. So a fact read twice changes nothing, and two that count at once wait for each other.

use chrono::{Datelike as _, Months, NaiveDate};
use entity::id::ServiceRequestId;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;
use requests::Town;
use strum::IntoEnumIterator as _;

use crate::cell::{Cells, add, difference};
use crate::measure::{Measure, Point, Story};
use crate::period::Period;
use crate::store;

/// Cases counted anew in one transaction of a rebuild.
const CASES: u64 = 500;

/// Counts the next facts; tells how many there were. Nothing is left when it is none.
///
/// # Errors
/// When the database does not answer, or a fact cannot be read.
pub async fn project(tx: &mut Tx, town: &Town) -> Result<usize> {
    let cursor = store::cursor(tx).await?;
    let (facts, last, cases) = store::touched(tx, cursor).await?;
    if !cases.is_empty() {
        let stories = store::stories(tx.db(), &cases).await?;
        let before = store::points_of(tx.db(), &cases).await?;
        let after = points(&stories, town);
        store::replace(tx, &before, &after).await?;
        store::apply(tx, &difference(&before, &after)).await?;
    }
    store::move_cursor(tx, last).await?;
    Ok(facts)
}

fn points(stories: &[Story], town: &Town) -> Vec<Point> {
    stories.iter().flat_map(|story| story.points(&town.areas.calendar)).collect()
}

/// What a rebuild found (重算结果).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Cases counted.
    pub cases: usize,
    /// Their points.
    pub points: usize,
    /// Points that were missing, other, or too many.
    pub points_differed: usize,
    /// Sums by day.
    pub sums: usize,
    /// Sums that were missing, other, or too many.
    pub sums_differed: usize,
}

/// Counts everything anew from the rows, in batches, beside nodes that serve: first the points, then the sums of each street,
/// measure and month. What was right stays untouched.
///
/// # Errors
/// When the database does not answer, or a fact cannot be read.
pub async fn rebuild(base: &Base, town: &Town, progress: &mut (dyn FnMut(&str) + Send)) -> Result<Rebuilt> {
    // Rows hold what was numbered by now, and may hold more.
    let seq = store::last_seq(base.db.reader()).await?;
    let mut rebuilt = Rebuilt::default();
    let mut after: Option<ServiceRequestId> = None;
    loop {
        progress(&format!("cases {}", rebuilt.cases));
        let batch = (town.clone(), after);
        let write = base.write(&Actor::System, &batch, |tx, (town, after)| Box::pin(recount(tx, town, *after)));
        let (last, some) = write.await?;
        rebuilt.cases += some.cases;
        rebuilt.points += some.points;
        rebuilt.points_differed += some.points_differed;
        if last.is_none() {
            break;
        }
        after = last;
    }
    for street in areas::store::of_level(base.db.reader(), areas::Level::Street).await? {
        for measure in Measure::iter() {
            resum(base, &street.code, measure, progress, &mut rebuilt).await?;
        }
    }
    base.write(&Actor::System, &seq, |tx, seq| {
        Box::pin(async move {
            store::cursor(tx).await?;
            store::move_cursor(tx, *seq).await
        })
    })
    .await?;
    Ok(rebuilt)
}

/// Counts some cases anew; gives back the last one, or `None` behind it.
async fn recount(
    tx: &mut Tx,
    town: &Town,
    after: Option<ServiceRequestId>,
) -> Result<(Option<ServiceRequestId>, Rebuilt)> {
    store::cursor(tx).await?;
    let stories = store::stories_after(tx.db(), after, CASES).await?;
    let ids: Vec<ServiceRequestId> = stories.iter().map(|story| story.row.id).collect();
    let before = store::points_of(tx.db(), &ids).await?;
    let wanted = points(&stories, town);
    let points_differed = store::replace(tx, &before, &wanted).await?;
    let some = Rebuilt { cases: ids.len(), points: wanted.len(), points_differed, ..Rebuilt::default() };
    Ok((ids.iter().max().copied(), some))
}

/// Sums the points of a street anew, month by month.
async fn resum(
    base: &Base,
    street: &str,
    measure: Measure,
    progress: &mut (dyn FnMut(&str) + Send),
    rebuilt: &mut Rebuilt,
) -> Result<()> {
    let Some((first, last)) = store::days(base.db.reader(), street, measure).await? else { return Ok(()) };
    let mut from = first.with_day(1).unwrap_or(first);
    while from <= last {
        progress(&format!("sums {street} {} {}", measure.name(), from.format("%Y-%m")));
        let to = from.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX);
        let month = (street.to_owned(), measure, Period { from, to });
        let write = base.write(&Actor::System, &month, |tx, (street, measure, month)| {
            Box::pin(resum_month(tx, street, *measure, *month))
        });
        let (sums, differed) = write.await?;
        rebuilt.sums += sums;
        rebuilt.sums_differed += differed;
        from = to;
    }
    Ok(())
}

async fn resum_month(tx: &mut Tx, street: &str, measure: Measure, month: Period) -> Result<(usize, usize)> {
    store::cursor(tx).await?;
    let mut wanted = Cells::new();
    for point in store::points_on(tx.db(), street, measure, month).await? {
        add(&mut wanted, &point, 1);
    }
    wanted.retain(|_, values| !values.is_zero());
    let sums = wanted.len();
    for (cell, values) in store::cells(tx.db(), street, measure, month).await? {
        wanted.entry(cell).or_default().add(&values, -1);
    }
    wanted.retain(|_, values| !values.is_zero());
    store::apply(tx, &wanted).await?;
    Ok((sums, wanted.len()))
}
