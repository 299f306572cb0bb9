//! The whole street (完整演示街区): 7,700 residents, a staffed grid, and ten months of cases whose four service indicators
//! come out to the digit. Deterministic: the same ids, words and instants on every machine.
//!
//! ```text
//! plan     which case, when, and how it ends          pure, counted exactly
//!   ▼
//! course   plan → commands at instants → History      the workflow decides, as it does for people
//!   ▼
//! load     rows in batches, then every fact, numbered in the order of time
//! ```
//!
//! The indicators hold for hotline cases in a [`period`], by the formulas of the sub-district:
//!
//! | indicator | counted in | |
//! | --- | --- | --- |
//! | 先行联系率 first contact | orders with a contact due | 2,931 / 3,000 |
//! | 按时办结率 on time | orders due | 2,988 / 3,000 |
//! | 诉求解决率 solved | answers; PARTLY is not solved | 2,764 / 3,000 |
//! | 满意率 satisfied (3–5 of 5) | answers that rate; 600 callers would not (不评价) | 2,100 / 2,400 |
//!
//! A bad answer opens a case again, with a new order and a new answer. So 2,704 cases have 3,000 orders and answers; the
//! other 296 of the 3,000 hotline cases were refused, withdrawn, or are still open with nothing due before the end of the
//! period. Findings of patrols and machines ask nobody to answer, so they are filed as anonymous, which closes them on
//! verification; their orders are on time in 249 of 250 too. Of its 10,000 bookings people came to 8,600, were absent from 400, took 800
//! back (100 too late), and the centres called 200 off. What the seed leaves out is photos: the rule that asks for one
//! is the only one the past did not have to obey.

mod bookings;
mod course;
mod dice;
mod people;
mod places;
mod plan;
mod units;
mod words;

use std::collections::BTreeMap;
use std::ops::Range;

use areas::shanghai_date;
use chrono::{DateTime, TimeZone as _, Utc};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk::{self, Past};
use kernel::clock::MovableClock;
use requests::{Fact, History, Town};

use self::course::Teller;
pub(super) use self::dice::Dice;
use self::plan::Plan;

/// Cases written in one transaction.
const CASES: usize = 2_000;
/// Facts written in one transaction.
const FACTS: usize = 20_000;

/// When everybody was in place: 2025-12-01, 09:00 in Shanghai.
pub(super) fn founding() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2025, 12, 1, 1, 0, 0).single().unwrap_or_default()
}

/// The period of the indicators (统计周期): from 2026-01-01 until 2026-11-01, without it, in Shanghai. When it ends, the street
/// of [`super::Profile::Full`] stands as it was loaded.
#[must_use]
pub fn period() -> Range<DateTime<Utc>> {
    let midnight = |year, month, day| Utc.with_ymd_and_hms(year, month, day, 16, 0, 0).single().unwrap_or_default();
    midnight(2025, 12, 31)..midnight(2026, 10, 31)
}

/// Loads the street; the map is there already. Gives back a summary.
pub(super) async fn load(
    base: &Base,
    clock: &MovableClock,
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<String> {
    clock.set(founding());
    super::consents::publish(base).await?;
    let people = super::people::load(base).await?;
    progress("grids and residents");
    let staff = people::load(base).await?;
    super::consents::note(base, &[people.accounts(), staff.accounts()].concat()).await?;
    let desks = units::load(base, &people, progress).await?;
    let town = Town::load(base).await?;
    let plans = plan::plans(&town.areas.calendar)?;
    let teller = Teller::new(base, &town, &staff, &desks, &people)?;
    let count = plans.len();
    let facts = write_cases(base, &teller, &plans, progress).await?;
    let told = write_facts(base, facts, progress).await?;
    progress("neighbourhood centres");
    let centers = super::centers::load(base).await?;
    let (calendar, residents) = (&town.areas.calendar, staff.residents());
    let booked = bookings::load(base, (calendar, &residents, centers.staff), progress).await?;
    // Nobody is notified of a year that is over.
    base.write(&Actor::System, &(), |tx, ()| Box::pin(async move { facts::skip(tx, notifications::READER).await }))
        .await?;
    let (residents, staff, units) = (staff.residents, staff.count() + desks.people + people.staff.len(), desks.count());
    let (rooms, services) = (centers.rooms, centers.services);
    Ok(format!(
        "{residents} residents, {staff} staff, {units} units, {count} cases, {told} facts, {rooms} rooms, {services} services, \
         {booked} bookings"
    ))
}

/// Tells every case and writes its rows; gives back the facts.
async fn write_cases(
    base: &Base,
    teller: &Teller<'_>,
    plans: &[Plan],
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<Vec<Past<Fact>>> {
    let mut numbers = Numbers::default();
    let mut facts = Vec::new();
    for (batch, plans) in plans.chunks(CASES).enumerate() {
        progress(&format!("cases {}", batch * CASES));
        let mut told = Vec::with_capacity(plans.len());
        for plan in plans {
            told.push(teller.tell(plan, numbers.draw(plan.at))?);
        }
        let command = (told, numbers.close(plans.last().map(|plan| plan.at)));
        base.write(&Actor::System, &command, |tx, (cases, dates)| Box::pin(requests::insert_past(tx, cases, dates)))
            .await?;
        facts.extend(command.0.into_iter().flat_map(|history| history.facts));
    }
    let left = (Vec::<History>::new(), numbers.close(None));
    base.write(&Actor::System, &left, |tx, (cases, dates)| Box::pin(requests::insert_past(tx, cases, dates))).await?;
    Ok(facts)
}

/// Writes all facts in the order of time; gives back how many there are.
async fn write_facts(
    base: &Base,
    mut facts: Vec<Past<Fact>>,
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<usize> {
    facts.sort_by_key(|past| (past.at, past.version, past.id));
    let count = facts.len();
    let mut left = facts.into_iter();
    let mut done = 0;
    while done < count {
        progress(&format!("facts {done} of {count}"));
        let chunk: Vec<Past<Fact>> = left.by_ref().take(FACTS).collect();
        base.write(&Actor::System, &chunk, |tx, chunk| Box::pin(bulk::record(tx, chunk))).await?;
        done += chunk.len();
    }
    Ok(count)
}

/// Case numbers, drawn in the order of time, one count a date.
#[derive(Default)]
pub(in crate::seed) struct Numbers(BTreeMap<String, i64>);

impl Numbers {
    pub(in crate::seed) fn draw(&mut self, at: DateTime<Utc>) -> String {
        let date = shanghai_date(at).format("%Y%m%d").to_string();
        let last = self.0.entry(date.clone()).or_default();
        *last += 1;
        format!("XH{date}{last:06}")
    }

    /// The dates that are over at an instant, with their last number; all of them for `None`.
    pub(in crate::seed) fn close(&mut self, at: Option<DateTime<Utc>>) -> Vec<(String, i64)> {
        let open = match at {
            Some(at) => self.0.split_off(&shanghai_date(at).format("%Y%m%d").to_string()),
            None => BTreeMap::new(),
        };
        std::mem::replace(&mut self.0, open).into_iter().collect()
    }
}
