//! A city (城市规模): many streets with years of cases, for measuring how what is asked often grows; nothing to look at.
//!
//! Each street takes 25,000 requests a year, as the real one does, and keeps four years of them: 2,000,000 cases are 20
//! streets, 20,000 cases one street with less of a past. The last case comes in as the city is loaded, and what came in of
//! late is still on somebody's desk. Cases older than two months have the short timeline of a finding: taken on, sent out,
//! signed for, handled, verified. The workflow decides all of it, as it does for people.

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use entity::enums::{
    Channel, ContactMethod, ContactOutcome, EditionKind, HandlingResult, NoteKind, OrganizationKind, RequestKind,
    Solved, Visibility,
};
use entity::id::{AccountId, UnitId};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::bulk;
use kernel::clock::{Clock as _, MovableClock, SystemClock};
use kernel::error::Result;
use kernel::tx::Tx;
use requests::reference::{Content, Enact, Keeping, RETENTION, Retention, enact};
use requests::{Answer, AreaRef, Arrival, Command, History, Submit, Town, Words};

use super::full::{Dice, Numbers};
use super::people::{self, People};

/// Cases of a city, where the command names no other number.
pub const CASES: u32 = 2_000_000;
/// Cases that one street keeps: four years of them.
const STREET: u32 = 100_000;
/// A street's cases come in so many minutes apart: 25,000 a year.
const APART: i64 = 21;
/// Cases written in one transaction.
const BATCH: usize = 2_000;
/// Units of each street but the first, which has those of the demo town.
const UNITS: [&str; 6] = ["路灯管理所", "市容环境科", "平安办公室", "物业项目部", "居民服务组", "城运中心"];

/// What is reported: kind, category, the demo town's unit for it and its place among [`UNITS`], words.
const MATTERS: [(RequestKind, &str, &str, usize, &str); 12] = [
    (RequestKind::Help, "FACILITY.STREET_LIGHT", "lights", 0, "路灯坏了"),
    (RequestKind::Complaint, "FACILITY.MANHOLE", "lights", 0, "井盖松动"),
    (RequestKind::Complaint, "SANITATION.LITTER", "sanitation", 1, "垃圾成堆"),
    (RequestKind::Complaint, "WASTE.PICKUP", "sanitation", 1, "清运太慢"),
    (RequestKind::Complaint, "PARKING.BIKE", "sanitation", 1, "单车乱放"),
    (RequestKind::Complaint, "NOISE.NEIGHBOUR", "safety", 2, "深夜吵闹"),
    (RequestKind::Complaint, "FIRE.EBIKE", "safety", 2, "楼道充电"),
    (RequestKind::Complaint, "PROPERTY.REPAIR", "property", 3, "门禁损坏"),
    (RequestKind::Complaint, "PROPERTY.SECURITY", "property", 3, "无人值守"),
    (RequestKind::Help, "ELDERLY.MEAL", "committee", 4, "申请助餐"),
    (RequestKind::Complaint, "RENTAL.GROUP", "committee", 4, "怀疑群租"),
    (RequestKind::Complaint, "OTHER.GENERAL", "centre", 5, "音响太吵"),
];

/// How many streets hold so many cases.
fn streets(cases: u32) -> usize {
    usize::try_from(cases.div_ceil(STREET).max(1)).unwrap_or(usize::MAX)
}

/// The map of a city for so many cases.
///
/// # Errors
/// When it does not fit on the earth.
pub(super) fn map(cases: u32) -> anyhow::Result<Vec<areas::AreaShape>> {
    areas::demo_city(streets(cases)).map_err(|error| anyhow::anyhow!("{error}"))
}

/// Loads the city; the map is there already. Gives back a summary.
pub(super) async fn load(
    base: &Base,
    clock: &MovableClock,
    cases: u32,
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<String> {
    let end = SystemClock.now().duration_trunc(TimeDelta::hours(1))?;
    clock.set(end - TimeDelta::days(1));
    super::consents::publish(base).await?;
    let people = people::load(base).await?;
    super::consents::note(base, &people.accounts()).await?;
    let town = Town::load(base).await?;
    let teller = Teller {
        base,
        town: &town,
        people: &people,
        streets: street_places(base, &town, &people, cases).await?,
        dice: Dice::new(super::SEED),
    };
    let cases = usize::try_from(cases)?;
    let (mut numbers, mut facts, mut done) = (Numbers::default(), 0, 0);
    while done < cases {
        progress(&format!("cases {done} of {cases}"));
        let batch = done..cases.min(done + BATCH);
        let mut told = Vec::with_capacity(batch.len());
        for number in batch.clone() {
            let at = end - TimeDelta::minutes(APART) * i32::try_from((cases - number).div_ceil(teller.streets.len()))?;
            told.push(teller.tell(number, at, end, numbers.draw(at))?);
        }
        let last = told.last().map(|history| history.case.row.created_at).filter(|_| batch.end < cases);
        let command = (told, numbers.close(last));
        base.write(&Actor::System, &command, |tx, (cases, dates)| Box::pin(write(tx, cases, dates))).await?;
        facts += command.0.iter().map(|history| history.facts.len()).sum::<usize>();
        done = batch.end;
    }
    base.write(&Actor::System, &(), |tx, ()| Box::pin(async move { facts::skip(tx, notifications::READER).await }))
        .await?;
    keep_all(base, &town).await?;
    Ok(format!("{} streets, {cases} cases, {facts} facts", teller.streets.len()))
}

/// Has nothing archived or made nobody's: what is measured stays as it was loaded, and nothing else runs beside it.
async fn keep_all(base: &Base, town: &Town) -> anyhow::Result<()> {
    let Some(known) = town.reference.retention.latest(RETENTION) else { return Ok(()) };
    let forever = Keeping { archive_after: 36_500, anonymise_after: 36_500 };
    let rule = Retention { closed: forever, turned_down: forever };
    let decision = Enact {
        kind: EditionKind::Retention,
        code: RETENTION.to_owned(),
        expected_version: known.version,
        valid_from: None,
        content: Some(Content::Retention(rule)),
    };
    let command = (town.clone(), decision);
    base.write(&Actor::System, &command, |tx, (town, decision)| Box::pin(enact(tx, town, decision))).await?;
    Ok(())
}

/// Writes cases, then their facts, numbered in the order of time as far as a batch goes.
async fn write(tx: &mut Tx, cases: &[History], dates: &[(String, i64)]) -> Result<()> {
    requests::insert_past(tx, cases, dates).await?;
    let mut facts: Vec<_> = cases.iter().flat_map(|history| history.facts.iter().cloned()).collect();
    facts.sort_by_key(|past| (past.at, past.version, past.id));
    bulk::record(tx, &facts).await
}

/// A street: its doors, each with the grid it lies in, and its units in the order of [`MATTERS`].
struct Street {
    doors: Vec<(areas::Wgs84Point, AreaRef)>,
    units: Vec<UnitId>,
}

async fn street_places(base: &Base, town: &Town, people: &People, cases: u32) -> anyhow::Result<Vec<Street>> {
    let mut streets: Vec<Street> = Vec::new();
    let mut doors: std::collections::BTreeMap<String, Vec<_>> = Default::default();
    for area in map(cases)? {
        if let (areas::Level::Building, areas::Outline::Place(point)) = (area.level, &area.outline) {
            let grid = town.area_at(*point).ok_or_else(|| anyhow::anyhow!("{} lies in no grid", area.code))?;
            doors.entry(area.code.street().to_owned()).or_default().push((*point, grid));
        }
    }
    for (number, (_, doors)) in doors.into_iter().enumerate() {
        let units = if number == 0 {
            let unit = |short: &str| people.units.get(short).copied().ok_or_else(|| anyhow::anyhow!("no unit {short}"));
            MATTERS.iter().map(|matter| unit(matter.2)).collect::<anyhow::Result<_>>()?
        } else {
            let made = base.write(&Actor::System, &number, |tx, number| Box::pin(make_units(tx, *number))).await?;
            MATTERS.iter().filter_map(|matter| made.get(matter.3).copied()).collect()
        };
        streets.push(Street { doors, units });
    }
    Ok(streets)
}

async fn make_units(tx: &mut Tx, street: usize) -> Result<Vec<UnitId>> {
    use directory::{Edit, Name, SaveOrganization, SaveUnit};
    use kernel::target::Target;
    let (target, name) = (Target::New, Name::parse("name", &format!("演示街道{street}办事处"))?);
    let office = SaveOrganization { target, name, kind: OrganizationKind::GovernmentOffice, credit_code: Edit::Keep };
    let organization = directory::save_organization(tx, &office).await?.id;
    let mut units = Vec::new();
    for name in UNITS {
        let (name, areas, categories) = (Name::parse("name", name)?, Vec::new(), Vec::new());
        let unit = SaveUnit { target: Target::New, organization, name, is_active: true, areas, categories };
        units.push(directory::save_unit(tx, &unit).await?.id);
    }
    Ok(units)
}

/// Tells the cases, one after the other.
struct Teller<'a> {
    base: &'a Base,
    town: &'a Town,
    people: &'a People,
    streets: Vec<Street>,
    dice: Dice,
}

impl Teller<'_> {
    fn tell(&self, number: usize, at: DateTime<Utc>, end: DateTime<Utc>, case_no: String) -> anyhow::Result<History> {
        let street = &self.streets[number % self.streets.len()];
        let matter = self.dice.below(MATTERS.len());
        let age = end - at;
        // Of late some are calls, whose callers are asked whether it is solved.
        let is_call = age < TimeDelta::days(60) && self.dice.percent(50);
        let submit = self.submit(street, matter, is_call)?;
        let submitted_by = self.staff("dispatcher")?;
        let arrival = Arrival { submit: &submit, reporter: None, submitted_by, case_no, at };
        let mut history = History::begin(self.base, self.town, arrival)?;
        let mut now = at;
        for (after, by, command) in self.course(&history, street.units[matter], is_call)? {
            now += TimeDelta::minutes(after);
            if now >= end {
                break;
            }
            let words = match command {
                Command::SubmitHandling { .. } => Words::of(NoteKind::Reply, Some(&"已到现场处理完毕。".to_owned())),
                _ => Words::default(),
            };
            let acted = history.act((self.base, self.town), &command, Some(by), now, words);
            acted.map_err(|error| anyhow::anyhow!("{command:?} in {:?}: {error:?}", history.case.row.state))?;
        }
        Ok(history)
    }

    fn staff(&self, name: &str) -> anyhow::Result<AccountId> {
        self.people.staff.get(name).copied().ok_or_else(|| anyhow::anyhow!("the demo town has no {name}"))
    }

    fn submit(&self, street: &Street, matter: usize, is_call: bool) -> anyhow::Result<Submit> {
        let (kind, category, _, _, words) = MATTERS[matter];
        let (door, area) = self.dice.pick(&street.doors);
        // Around the door, so that not all of a building's cases lie in one point.
        let push = || (self.dice.below(41) as f64 - 20.0) * 0.000_001;
        Ok(Submit {
            kind: if is_call { kind } else { RequestKind::PatrolFinding },
            category_code: category.to_owned(),
            description: words.to_owned(),
            place: Some(areas::Wgs84Point::new(door.longitude() + push(), door.latitude() + push())?),
            area: area.clone(),
            address: None,
            photos: Vec::new(),
            is_anonymous: !is_call,
            is_confidential: false,
            may_contact: true,
            visibility: Visibility::Public,
            channel: if is_call { Channel::Hotline12345 } else { Channel::Patrol },
            contact_phone: None,
            on_behalf_name: is_call.then(|| "演示来电人".to_owned()),
            origin: requests::Origin::default(),
        })
    }

    /// What happens, after how many minutes each, by whom. It takes four days in all.
    fn course(&self, history: &History, unit: UnitId, is_call: bool) -> anyhow::Result<Vec<(i64, AccountId, Command)>> {
        let row = &history.case.row;
        let (dispatcher, handler) = (self.staff("dispatcher")?, self.staff("sanitation.handler")?);
        let (code, now) = (row.category_code.as_str(), row.created_at);
        let category = self.town.category(code, now).ok_or_else(|| anyhow::anyhow!("no category {code}"))?;
        let class = self.town.classify(category, row.kind, row.priority, row.visibility, (row.content_state, now));
        let judge = self.staff(if class.is_city_object { "inspector" } else { "dispatcher" })?;
        let some = |most| 1 + i64::from(self.dice.minutes(0, most));
        let handled =
            Command::SubmitHandling { result: HandlingResult::Solved, photos: Vec::new(), needs_photo: false };
        let mut course = vec![
            (some(240), dispatcher, Command::Accept(class)),
            (some(30), dispatcher, Command::File),
            (some(240), dispatcher, Command::Dispatch { lead: unit, co_units: Vec::new() }),
            (some(480), handler, Command::Sign),
        ];
        if is_call {
            let (method, outcome) = (ContactMethod::Phone, ContactOutcome::Reached);
            course.push((some(480), handler, Command::RecordContact { method, outcome }));
        }
        course.push((some(2_000), handler, handled));
        course.push((some(480), judge, Command::Verify { is_passed: true }));
        if is_call {
            let (solved, satisfaction) = if self.dice.percent(92) { (Solved::Yes, 5) } else { (Solved::Partly, 3) };
            let answer = Answer { solved, satisfaction: Some(satisfaction), is_by_agent: true };
            course.push((some(2_000), self.staff("callback")?, Command::Answer { answer, leader: None }));
        }
        Ok(course)
    }
}
