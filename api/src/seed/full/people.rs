//! People of the whole street (完整演示人员): residents, a leader for each grid, and the staff of the operation centre.

use std::collections::HashMap;

use entity::enums::{Role, ScopeKind};
use entity::id::AccountId;
use identity::NewPerson;
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};

use super::super::{STREET, people as small};
use super::dice::Dice;
use super::words;

/// Residents with an account: a tenth of the 77,000 who live there.
const RESIDENTS: u32 = 7_700;
/// Further staff of the street: how many, sign-in name before the number, role.
const CENTRE: [(usize, &str, Role); 6] = [
    (6, "dispatcher.", Role::Dispatcher),
    (4, "callback.", Role::CallbackAgent),
    (24, "inspector.", Role::GridInspector),
    (2, "chief.", Role::DutyChief),
    (3, "supervisor.", Role::Supervisor),
    (8, "window.", Role::NeighborhoodStaff),
];

/// Who lives on and works for the street.
pub(super) struct Staff {
    /// How many residents have an account.
    pub(super) residents: usize,
    /// Accounts of residents by the last digits of their number.
    pub(super) by_number: HashMap<u32, AccountId>,
    /// Leader of each grid, by the grid's code.
    pub(super) leaders: HashMap<String, AccountId>,
    pub(super) dispatchers: Vec<AccountId>,
    pub(super) callbacks: Vec<AccountId>,
    pub(super) inspectors: Vec<AccountId>,
    /// In whose name machines report.
    pub(super) machine: AccountId,
    centre: usize,
}

impl Staff {
    /// Residents and leaders of grids, in the order they were made.
    pub(super) fn accounts(&self) -> Vec<AccountId> {
        let mut accounts: Vec<AccountId> = self.by_number.values().chain(self.leaders.values()).copied().collect();
        accounts.sort_unstable();
        accounts
    }

    /// Residents, in the order of their numbers.
    pub(super) fn residents(&self) -> Vec<AccountId> {
        let mut numbers: Vec<u32> = self.by_number.keys().copied().collect();
        numbers.sort_unstable();
        numbers.iter().filter_map(|number| self.by_number.get(number)).copied().collect()
    }

    /// How many of them are staff.
    pub(super) fn count(&self) -> usize {
        self.leaders.len() + self.centre
    }
}

/// The n-th resident's number; the small town's residents have the first ones.
pub(super) fn phone(number: u32) -> Result<Phone> {
    Ok(Phone::parse("phone", &format!("1390000{number:04}"))?)
}

/// Makes them. The small town's people are there already.
pub(super) async fn load(base: &Base) -> anyhow::Result<Staff> {
    let hash = small::password_hash().await?;
    let areas = areas::store::all(base.db.reader()).await?;
    let street = areas.iter().find(|area| area.code == STREET).ok_or(Error::NotFound)?.id.0;
    let grids: Vec<(String, String, Role, uuid::Uuid)> = areas
        .iter()
        .filter_map(|area| {
            let role = match area.level.parse() {
                Ok(areas::Level::Disposal | areas::Level::Autonomy) => Role::GridLeader,
                Ok(areas::Level::Micro) => Role::MicroGridLeader,
                _ => return None,
            };
            Some((area.code.clone(), area.name.clone(), role, area.id.0))
        })
        .collect();
    let dice = Dice::new(super::super::SEED ^ 0x6C69_7665);
    let first = small::RESIDENTS + 2;
    let mut everybody = Vec::new();
    for number in first..=RESIDENTS {
        everybody.push(person(words::name(&dice), Some(phone(number)?), None, &hash, Vec::new()));
    }
    for (code, name, role, area) in &grids {
        let grants = vec![(*role, ScopeKind::Area, *area)];
        everybody.push(person(format!("{name}网格长"), None, Some(format!("grid.{code}")), &hash, grants));
    }
    for (count, prefix, role) in CENTRE {
        for number in 1..=count {
            let grants = vec![(role, ScopeKind::Area, street)];
            everybody.push(person(words::name(&dice), None, Some(format!("{prefix}{number}")), &hash, grants));
        }
    }
    everybody.push(person("自动发现".to_owned(), None, None, &hash, Vec::new()));
    let ids = base
        .write(&Actor::System, &everybody, |tx, people| {
            Box::pin(async move { identity::insert_people(tx, people).await })
        })
        .await?;
    Ok(sort(&ids, &grids, first)?)
}

fn person(
    name: String,
    phone: Option<Phone>,
    username: Option<String>,
    hash: &str,
    grants: Vec<(Role, ScopeKind, uuid::Uuid)>,
) -> NewPerson {
    NewPerson { name, phone, credential: username.map(|username| (username, hash.to_owned())), grants }
}

/// The accounts by what they are; in the order they were made.
fn sort(ids: &[AccountId], grids: &[(String, String, Role, uuid::Uuid)], first: u32) -> Result<Staff> {
    let mut ids = ids.iter().copied();
    let by_number: HashMap<u32, AccountId> = (first..=RESIDENTS).zip(ids.by_ref()).collect();
    let leaders = grids.iter().map(|grid| grid.0.clone()).zip(ids.by_ref()).collect();
    let mut centre: Vec<Vec<AccountId>> =
        CENTRE.iter().map(|(count, ..)| ids.by_ref().take(*count).collect()).collect();
    Ok(Staff {
        residents: RESIDENTS as usize,
        by_number,
        leaders,
        centre: CENTRE.iter().map(|(count, ..)| count).sum(),
        dispatchers: std::mem::take(&mut centre[0]),
        callbacks: std::mem::take(&mut centre[1]),
        inspectors: std::mem::take(&mut centre[2]),
        machine: ids.next().ok_or(Error::NotFound)?,
    })
}
