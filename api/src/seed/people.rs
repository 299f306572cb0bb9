//! People and units of the demo town (演示人员与单位): synthetic names and numbers.

use std::collections::HashMap;

use directory::{AddUnitMember, CategoryCode, Edit, Name, SaveOrganization, SaveUnit};
use entity::enums::{OrganizationKind, Role, ScopeKind, UnitDuty};
use entity::id::{AccountId, UnitId};
use identity::phone::Phone;
use identity::{NewStaff, password};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::target::Target;
use kernel::tx::Tx;

use super::STREET;

/// Password of every demo staff account.
pub const PASSWORD: &str = "Demo-Town-2026";
/// Number of the resident who signs in with a code.
pub const RESIDENT_PHONE: &str = "13900000001";
/// Residents beside that one.
pub(super) const RESIDENTS: u32 = 12;

/// Demo staff over the whole street: user name, name, role.
pub const STAFF: [(&str, &str, Role); 11] = [
    ("dispatcher", "派小单", Role::Dispatcher),
    ("dispatcher2", "单二派", Role::Dispatcher),
    ("chief", "值班长", Role::DutyChief),
    ("inspector", "巡查员", Role::GridInspector),
    ("callback", "访小回", Role::CallbackAgent),
    ("neighbourhood", "居小干", Role::NeighborhoodStaff),
    ("station", "站小青", Role::StationStaff),
    ("supervisor", "督小办", Role::Supervisor),
    ("admin", "管理员", Role::SystemAdmin),
    ("security", "安全员", Role::SecurityAdmin),
    ("auditor", "审计员", Role::AuditAdmin),
];

/// A demo unit: short name for its people, organisation, kind, name, area it answers for, categories it answers for.
type UnitRow =
    (&'static str, &'static str, OrganizationKind, &'static str, Option<&'static str>, &'static [&'static str]);

/// Each has a leader and a handler who sign in as `<short name>.leader` and `<short name>.handler`.
const UNITS: [UnitRow; 7] = [
    ("lights", "市政设施养护公司", OrganizationKind::Utility, "路灯管理所", None, &["FACILITY"]),
    (
        "sanitation",
        "新虹街道办事处",
        OrganizationKind::GovernmentOffice,
        "市容环境科",
        None,
        &["SANITATION", "WASTE", "PARKING", "ILLEGAL_BUILDING"],
    ),
    ("safety", "新虹街道办事处", OrganizationKind::GovernmentOffice, "平安办公室", None, &["FIRE", "NOISE", "LABOR"]),
    ("business", "新虹街道办事处", OrganizationKind::GovernmentOffice, "营商服务办", None, &["ENTERPRISE"]),
    (
        "property",
        "爱博物业管理公司",
        OrganizationKind::PropertyCompany,
        "爱博项目部",
        Some("310112008-D1"),
        &["PROPERTY", "HOUSING", "GREENERY"],
    ),
    (
        "committee",
        "新虹第一居民委员会",
        OrganizationKind::NeighborhoodCommittee,
        "居民服务组",
        Some("310112008001"),
        &["ELDERLY", "RENTAL"],
    ),
    (
        "centre",
        "新虹街道办事处",
        OrganizationKind::GovernmentOffice,
        "城运中心",
        Some("310112008"),
        &["PARTY", "OTHER"],
    ),
];

/// Who lives and works in the demo town.
#[derive(Default)]
pub(super) struct People {
    /// Staff by user name.
    pub staff: HashMap<String, AccountId>,
    /// Residents.
    pub residents: Vec<AccountId>,
    /// Units by short name.
    pub units: HashMap<&'static str, UnitId>,
}

impl People {
    /// How many people there are.
    pub(super) fn count(&self) -> usize {
        self.staff.len() + self.residents.len()
    }

    /// All of them, in the order they were made.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.staff.values().chain(&self.residents).copied().collect();
        accounts.sort_unstable();
        accounts
    }
}

/// What every demo staff account has as its password. One salt for all: these passwords protect nothing.
pub(super) async fn password_hash() -> anyhow::Result<String> {
    Ok(password::hash(PASSWORD.to_owned(), *b"demo-town-salt-1").await?)
}

/// Makes staff, residents, organisations and units.
pub(super) async fn load(base: &Base) -> anyhow::Result<People> {
    let hash = password_hash().await?;
    Ok(base.write(&Actor::System, &hash, |tx, hash| Box::pin(make(tx, hash))).await?)
}

async fn make(tx: &mut Tx, hash: &str) -> Result<People> {
    let mut people = People::default();
    let street = areas::store::by_code(tx.db(), STREET).await?.ok_or(Error::NotFound)?;
    for (username, name, role) in STAFF {
        let account = staff(tx, &mut people, username, name, hash).await?;
        identity::grant(tx, account, role, (ScopeKind::Area, street.id.0), None).await?;
    }
    for number in 1..=RESIDENTS + 1 {
        let phone = Phone::parse("phone", &format!("1390000{number:04}"))?;
        let family = ["钱", "孙", "李", "周", "吴", "郑", "王"][number as usize % 7];
        people.residents.push(identity::open_account(tx, &phone, Some(&format!("{family}居民"))).await?.0.id);
    }
    let mut organizations = HashMap::new();
    for row in &UNITS {
        let organization = match organizations.get(row.1) {
            Some(id) => *id,
            None => {
                let (target, name, kind) = (Target::New, Name::parse("name", row.1)?, row.2);
                let saved = SaveOrganization { target, name, kind, credit_code: Edit::Keep };
                let id = directory::save_organization(tx, &saved).await?.id;
                organizations.insert(row.1, id);
                id
            }
        };
        unit(tx, &mut people, row, organization, hash).await?;
    }
    Ok(people)
}

async fn staff(tx: &mut Tx, people: &mut People, username: &str, name: &str, hash: &str) -> Result<AccountId> {
    let staff = NewStaff {
        username: username.into(),
        password_hash: hash.into(),
        name: name.into(),
        phone: None,
        must_change: false,
    };
    let account = identity::create_staff(tx, &staff).await?.id;
    people.staff.insert(username.to_owned(), account);
    Ok(account)
}

async fn unit(
    tx: &mut Tx,
    people: &mut People,
    (short, _, _, name, area, categories): &UnitRow,
    organization: entity::id::OrganizationId,
    hash: &str,
) -> Result<()> {
    let mut areas = Vec::new();
    if let Some(code) = area {
        areas.extend(areas::store::by_code(tx.db(), code).await?.map(|area| area.id));
    }
    let categories = categories.iter().map(|code| CategoryCode::parse("categoryCodes", code));
    let categories = categories.collect::<std::result::Result<Vec<_>, _>>()?;
    let name = Name::parse("name", name)?;
    let saved = SaveUnit { target: Target::New, organization, name, is_active: true, areas, categories };
    let mut unit = directory::save_unit(tx, &saved).await?;
    people.units.insert(short, unit.id);
    for (duty, suffix, name) in [(UnitDuty::Leader, "leader", "负责人"), (UnitDuty::Handler, "handler", "承办人")]
    {
        let account = staff(tx, people, &format!("{short}.{suffix}"), name, hash).await?;
        let expected_version = unit.version;
        let member = AddUnitMember { unit: unit.id, expected_version, account, duty, from: None, until: None };
        unit = directory::add_unit_member(tx, &member).await?;
    }
    Ok(())
}
