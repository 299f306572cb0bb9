//! Units of the whole street (完整承办单位): a committee or station for each autonomy grid, property companies, teams of the
//! disposal grids, offices; and which of them a matter goes to.

use std::collections::HashMap;

use directory::{AddUnitMember, CategoryCode, Edit, Name, SaveOrganization, SaveUnit};
use entity::enums::{OrganizationKind as Kind, UnitDuty};
use entity::id::{AccountId, AreaId, OrganizationId, UnitId};
use identity::NewPerson;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::target::Target;
use kernel::tx::Tx;

use super::super::people::{People, password_hash};
use super::dice::Dice;
use super::words;

/// A unit of the whole street: sign-in name of its people, organisation, kind, name, categories, handlers.
type Row = (&'static str, &'static str, Kind, &'static str, &'static [&'static str], usize);

/// Units for the whole street, beside those of the small town.
const OFFICES: [Row; 9] = [
    ("greenery", "新虹绿化养护公司", Kind::Utility, "绿化养护所", &["GREENERY"], 4),
    ("roads", "市政设施养护公司", Kind::Utility, "道路养护所", &["FACILITY.ROAD_DAMAGE", "FACILITY.SEAT"], 4),
    ("drains", "市政设施养护公司", Kind::Utility, "排水养护所", &["FACILITY.MANHOLE"], 3),
    ("fire", "新虹消防救援站", Kind::GovernmentOffice, "消防监督组", &["FIRE"], 4),
    ("labour", "新虹街道办事处", Kind::GovernmentOffice, "劳动保障所", &["LABOR"], 3),
    ("housing", "新虹街道办事处", Kind::GovernmentOffice, "房屋管理所", &["HOUSING"], 3),
    ("market", "新虹街道办事处", Kind::GovernmentOffice, "市场监管所", &["NOISE.SMOKE"], 3),
    ("welfare", "新虹街道办事处", Kind::GovernmentOffice, "社区服务办", &["ELDERLY"], 3),
    ("clinic", "新虹社区卫生服务中心", Kind::ServiceStation, "家庭医生组", &["ELDERLY.MEDICAL"], 3),
];
/// Teams that each disposal grid has.
const TEAMS: [Row; 2] = [
    ("cleaning", "新虹环境卫生服务公司", Kind::Utility, "保洁队", &["SANITATION", "WASTE"], 4),
    ("patrol", "新虹综合行政执法队", Kind::GovernmentOffice, "执法组", &["PARKING", "ILLEGAL_BUILDING"], 4),
];
const COMMITTEE: &[&str] = &["ELDERLY", "RENTAL", "NOISE.NEIGHBOUR", "OTHER"];
const PROPERTY: &[&str] = &["PROPERTY", "HOUSING", "GREENERY"];

/// Who takes an order: a unit with its leader and handlers.
#[derive(Clone, Debug)]
pub(super) struct Desk {
    pub(super) unit: UnitId,
    pub(super) leader: AccountId,
    pub(super) handlers: Vec<AccountId>,
}

/// All units of the street.
pub(super) struct Desks {
    /// By short name; those of a grid by short name and the grid's code.
    by_name: HashMap<String, Desk>,
    /// How many people work in the units made here.
    pub(super) people: usize,
}

impl Desks {
    /// How many units there are.
    pub(super) fn count(&self) -> usize {
        self.by_name.len()
    }

    /// The unit a matter goes to, and the one that has it first by mistake.
    pub(super) fn of(&self, category: &str, area_path: &str) -> anyhow::Result<(&Desk, &Desk)> {
        let mut parts = area_path.split('/').filter(|part| !part.is_empty()).skip(1);
        let (disposal, autonomy) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let (group, _) = category.split_once('.').unwrap_or((category, ""));
        let right = match group {
            "PROPERTY" | "HOUSING" => format!("property.{autonomy}"),
            "RENTAL" | "OTHER" => format!("committee.{autonomy}"),
            "SANITATION" | "WASTE" => format!("cleaning.{disposal}"),
            "PARKING" | "ILLEGAL_BUILDING" => format!("patrol.{disposal}"),
            "GREENERY" => "greenery".to_owned(),
            "FIRE" => "fire".to_owned(),
            "LABOR" => "labour".to_owned(),
            "ENTERPRISE" => "business".to_owned(),
            "PARTY" => "centre".to_owned(),
            _ => match category {
                "FACILITY.ROAD_DAMAGE" | "FACILITY.SEAT" => "roads".to_owned(),
                "FACILITY.MANHOLE" => "drains".to_owned(),
                "FACILITY.STREET_LIGHT" => "lights".to_owned(),
                "NOISE.SMOKE" => "market".to_owned(),
                "ELDERLY.MEDICAL" => "clinic".to_owned(),
                "ELDERLY.MEAL" | "ELDERLY.CARE" => "welfare".to_owned(),
                _ => "safety".to_owned(),
            },
        };
        // Where nobody manages property, the committee answers.
        let committee = self.by_name.get(&format!("committee.{autonomy}"));
        let right = self.by_name.get(&right).or(committee);
        let wrong = self.by_name.get(if group == "PARKING" { "safety" } else { "sanitation" });
        right.zip(wrong).ok_or_else(|| anyhow::anyhow!("no unit answers for {category} in {area_path}"))
    }
}

/// A unit to be made: short name, organisation, kind, name, area, categories, handlers.
struct Plan {
    short: String,
    organization: String,
    kind: Kind,
    name: String,
    area: Option<AreaId>,
    categories: &'static [&'static str],
    handlers: usize,
}

/// Makes them, and gathers those of the small town.
pub(super) async fn load(
    base: &Base,
    small: &People,
    progress: &mut (dyn FnMut(&str) + Send),
) -> anyhow::Result<Desks> {
    let hash = password_hash().await?;
    let plans = plans(base).await?;
    let dice = Dice::new(super::super::SEED ^ 0x756E_6974);
    let mut people = Vec::new();
    for plan in &plans {
        let duties = (0..=plan.handlers).map(|number| if number == 0 { "leader".into() } else { handler(number) });
        people.extend(duties.map(|duty| NewPerson {
            name: words::name(&dice),
            phone: None,
            credential: Some((format!("{}.{duty}", plan.short), hash.clone())),
            grants: Vec::new(),
        }));
    }
    progress(&format!("units {}", plans.len()));
    let command = (plans, people);
    let mut by_name =
        base.write(&Actor::System, &command, |tx, (plans, people)| Box::pin(make(tx, plans, people))).await?;
    for (short, unit) in &small.units {
        let staff = |duty: &str| small.staff.get(&format!("{short}.{duty}")).copied();
        let Some((leader, handler)) = staff("leader").zip(staff("handler")) else { continue };
        let name = if *short == "committee" { "committee.310112008001".to_owned() } else { (*short).to_owned() };
        by_name.insert(name, Desk { unit: *unit, leader, handlers: vec![handler] });
    }
    Ok(Desks { by_name, people: command.1.len() })
}

fn handler(number: usize) -> String {
    if number == 1 { "handler".to_owned() } else { format!("handler{number}") }
}

async fn plans(base: &Base) -> Result<Vec<Plan>> {
    let areas = areas::store::all(base.db.reader()).await?;
    let of = |level| areas.iter().filter(move |area| area.level.parse() == Ok(level));
    let whole = |row: &Row, area: Option<(&str, AreaId, &str)>| Plan {
        short: area.map_or(row.0.to_owned(), |(code, ..)| format!("{}.{code}", row.0)),
        organization: row.1.to_owned(),
        kind: row.2,
        name: area.map_or(row.3.to_owned(), |(_, _, name)| format!("{name}{}", row.3)),
        area: area.map(|(_, id, _)| id),
        categories: row.4,
        handlers: row.5,
    };
    let mut plans: Vec<Plan> = OFFICES.iter().map(|row| whole(row, None)).collect();
    for area in of(areas::Level::Disposal) {
        plans.extend(TEAMS.iter().map(|row| whole(row, Some((&area.code, area.id, &area.name)))));
    }
    // The first neighbourhood has the small town's committee.
    for (number, area) in of(areas::Level::Autonomy).enumerate() {
        let is_station = area.name.ends_with("工作站");
        let row = |short: &str, organization: String, kind, name: &str, categories, handlers| Plan {
            short: format!("{short}.{}", area.code),
            organization,
            kind,
            name: format!("{}{name}", area.name),
            area: Some(area.id),
            categories,
            handlers,
        };
        if number > 0 {
            let (ending, kind) =
                if is_station { ("", Kind::ServiceStation) } else { ("居民委员会", Kind::NeighborhoodCommittee) };
            let organization = format!("{}{ending}", area.name.trim_end_matches("居民区"));
            plans.push(row("committee", organization, kind, "服务组", COMMITTEE, 2));
        }
        if !is_station {
            let company = ["虹联物业管理公司", "申虹物业管理公司", "航华物业管理公司", "安居物业管理公司"][number % 4];
            plans.push(row("property", company.to_owned(), Kind::PropertyCompany, "项目部", PROPERTY, 2));
        }
    }
    Ok(plans)
}

async fn make(tx: &mut Tx, plans: &[Plan], people: &[NewPerson]) -> Result<HashMap<String, Desk>> {
    let mut accounts = identity::insert_people(tx, people).await?.into_iter();
    let mut organizations: HashMap<&str, OrganizationId> = HashMap::new();
    let mut by_name = HashMap::new();
    for plan in plans {
        let organization = match organizations.get(plan.organization.as_str()) {
            Some(id) => *id,
            None => {
                let name = Name::parse("name", &plan.organization)?;
                let saved = SaveOrganization { target: Target::New, name, kind: plan.kind, credit_code: Edit::Keep };
                let id = directory::save_organization(tx, &saved).await?.id;
                organizations.insert(&plan.organization, id);
                id
            }
        };
        let people: Vec<AccountId> = accounts.by_ref().take(plan.handlers + 1).collect();
        by_name.insert(plan.short.clone(), unit(tx, plan, organization, &people).await?);
    }
    Ok(by_name)
}

async fn unit(tx: &mut Tx, plan: &Plan, organization: OrganizationId, people: &[AccountId]) -> Result<Desk> {
    let categories = plan.categories.iter().map(|code| CategoryCode::parse("categoryCodes", code));
    let saved = SaveUnit {
        target: Target::New,
        organization,
        name: Name::parse("name", &plan.name)?,
        is_active: true,
        areas: plan.area.into_iter().collect(),
        categories: categories.collect::<std::result::Result<Vec<_>, _>>()?,
    };
    let mut unit = directory::save_unit(tx, &saved).await?;
    for (number, account) in people.iter().enumerate() {
        let duty = if number == 0 { UnitDuty::Leader } else { UnitDuty::Handler };
        let (unit_id, expected_version, account) = (unit.id, unit.version, *account);
        let member = AddUnitMember { unit: unit_id, expected_version, account, duty, from: None, until: None };
        unit = directory::add_unit_member(tx, &member).await?;
    }
    let (leader, handlers) = people.split_first().ok_or(Error::NotFound)?;
    Ok(Desk { unit: unit.id, leader: *leader, handlers: handlers.to_vec() })
}
