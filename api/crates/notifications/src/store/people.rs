//! Who recipients are (收件人解析): few statements for a batch, whatever it tells and to whomever.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::enums::{RegistrationState as S, Role, UnitDuty};
use entity::id::{AccountId, EventId, PartyOrganizationId, ServiceRequestId, UnitId};
use entity::unit_member;
use identity::Holder;
use kernel::error::Result;
use kernel::tx::Tx;

use crate::about::Around;
use crate::matrix::Recipients;

/// The people that the recipients of a batch can mean.
#[derive(Default)]
pub struct People {
    agents: HashMap<ServiceRequestId, Vec<AccountId>>,
    co_reporters: HashMap<ServiceRequestId, Vec<AccountId>>,
    followers: HashMap<ServiceRequestId, Vec<AccountId>>,
    complainants: HashMap<ServiceRequestId, Vec<(AccountId, DateTime<Utc>)>>,
    registered: HashMap<EventId, Vec<AccountId>>,
    confirmed: HashMap<EventId, Vec<AccountId>>,
    called_off: HashMap<EventId, Vec<AccountId>>,
    of_organizations: HashMap<EventId, Vec<AccountId>>,
    secretaries: HashMap<PartyOrganizationId, Vec<AccountId>>,
    members: HashMap<UnitId, Vec<unit_member::Model>>,
    holders: Vec<Holder>,
}

/// Looks up whom recipients mean now.
pub async fn people(tx: &Tx, wanted: &[(Recipients, Around<'_>)]) -> Result<People> {
    let (db, now) = (tx.db(), tx.now());
    let mut people = People::default();
    let (mut cases, mut units, mut roles, mut paths) = (HashSet::new(), HashSet::new(), HashSet::new(), HashSet::new());
    let mut reported = HashSet::new();
    for (recipients, around) in wanted {
        match recipients {
            Recipients::Owner | Recipients::Person(_) => {}
            Recipients::Agents | Recipients::CoReporters | Recipients::Followers => {
                cases.extend(around.case);
            }
            Recipients::Complainants => {
                reported.extend(around.case);
            }
            // Of events: looked up below.
            Recipients::Registered | Recipients::Confirmed | Recipients::Members | Recipients::OtherMembers => {}
            Recipients::Secretaries => {}
            Recipients::Leaders(unit) | Recipients::People(unit) => {
                units.insert(*unit);
            }
            Recipients::Staff(role) => {
                roles.insert(*role);
                paths.extend(beginnings(around.area_path));
            }
        }
    }
    let cases: Vec<ServiceRequestId> = cases.into_iter().collect();
    if !cases.is_empty() {
        for (case, agent) in residents::agents_of(db, &cases, now).await? {
            people.agents.entry(case).or_default().push(agent);
        }
        for (case, reporter) in requests::co_reporters(tx, &cases).await? {
            people.co_reporters.entry(case).or_default().push(reporter);
        }
        for (case, follower) in requests::followers(tx, &cases).await? {
            people.followers.entry(case).or_default().push(follower);
        }
    }
    let reported: Vec<ServiceRequestId> = reported.into_iter().collect();
    if !reported.is_empty() {
        for (case, complainant, decided_at) in requests::complainants(tx, &reported).await? {
            people.complainants.entry(case).or_default().push((complainant, decided_at));
        }
    }
    of_events(tx, wanted, &mut people).await?;
    let units: Vec<UnitId> = units.into_iter().collect();
    if !units.is_empty() {
        for member in directory::members_of(db, &units, now).await? {
            people.members.entry(member.unit_id).or_default().push(member);
        }
    }
    let (roles, paths): (Vec<Role>, Vec<String>) = (roles.into_iter().collect(), paths.into_iter().collect());
    people.holders = identity::holders(db, &roles, &paths, now).await?;
    Ok(people)
}

/// Whom recipients mean who have to do with events.
async fn of_events(tx: &Tx, wanted: &[(Recipients, Around<'_>)], people: &mut People) -> Result<()> {
    let events = |meant: &[Recipients]| -> HashSet<EventId> {
        wanted.iter().filter(|(to, _)| meant.contains(to)).filter_map(|(_, around)| around.event).collect()
    };
    let has_place = [S::Confirmed, S::Offered, S::Waitlisted];
    people.registered = registrants(tx, events(&[Recipients::Registered]), &has_place).await?;
    people.confirmed = registrants(tx, events(&[Recipients::Confirmed]), &[S::Confirmed]).await?;
    people.called_off = registrants(tx, events(&[Recipients::OtherMembers]), &[S::CalledOff]).await?;
    let held = wanted.iter().filter(|(to, _)| *to == Recipients::Secretaries);
    let held: HashSet<PartyOrganizationId> = held.filter_map(|(_, around)| around.organization).collect();
    for (organization, account) in identity::secretaries(tx.db(), &Vec::from_iter(held), tx.now()).await? {
        people.secretaries.entry(organization).or_default().push(account);
    }
    people.of_organizations = members(tx, events(&[Recipients::Members, Recipients::OtherMembers])).await?;
    Ok(())
}

/// Who belongs to the organisations that events are for.
async fn members(tx: &Tx, events: HashSet<EventId>) -> Result<HashMap<EventId, Vec<AccountId>>> {
    let mut found = HashMap::new();
    if !events.is_empty() {
        for (event, organizations) in events::organizations_of(tx.db(), &Vec::from_iter(events)).await? {
            found.insert(event, party::bound_within(tx.db(), &organizations).await?);
        }
    }
    Ok(found)
}

/// Who is registered for events, in some states.
async fn registrants(tx: &Tx, events: HashSet<EventId>, states: &[S]) -> Result<HashMap<EventId, Vec<AccountId>>> {
    let mut found: HashMap<EventId, Vec<AccountId>> = HashMap::new();
    if !events.is_empty() {
        for (event, account) in events::who_registered(tx.db(), &Vec::from_iter(events), states).await? {
            found.entry(event).or_default().push(account);
        }
    }
    Ok(found)
}

impl People {
    /// Whom recipients mean around something, of what happened at an instant; somebody may come twice.
    pub fn of(&self, recipients: Recipients, around: Around<'_>, at: DateTime<Utc>) -> Vec<AccountId> {
        let members = |unit: UnitId| self.members.get(&unit).into_iter().flatten();
        match recipients {
            Recipients::Owner => around.owner.into_iter().collect(),
            Recipients::Agents => of_case(&self.agents, around).copied().collect(),
            Recipients::CoReporters => of_case(&self.co_reporters, around).copied().collect(),
            Recipients::Followers => of_case(&self.followers, around).copied().collect(),
            Recipients::Complainants => {
                let decided = of_case(&self.complainants, around);
                decided.filter(|(_, decided_at)| *decided_at == at).map(|(account, _)| *account).collect()
            }
            Recipients::Registered => of_event(&self.registered, around),
            Recipients::Confirmed => of_event(&self.confirmed, around),
            Recipients::Members => of_event(&self.of_organizations, around),
            Recipients::OtherMembers => {
                let told = of_event(&self.called_off, around);
                let mut others = of_event(&self.of_organizations, around);
                others.retain(|account| !told.contains(account));
                others
            }
            Recipients::Person(account) => vec![account],
            Recipients::Secretaries => {
                around.organization.and_then(|own| self.secretaries.get(&own)).cloned().unwrap_or_default()
            }
            Recipients::Leaders(unit) => {
                members(unit).filter(|member| member.duty == UnitDuty::Leader).map(|member| member.account_id).collect()
            }
            Recipients::People(unit) => members(unit).map(|member| member.account_id).collect(),
            Recipients::Staff(role) => {
                let is_meant =
                    |holder: &&Holder| holder.role == role && around.area_path.starts_with(&holder.area_path);
                self.holders.iter().filter(is_meant).map(|holder| holder.account).collect()
            }
        }
    }
}

/// What is known of the request that something is about.
fn of_case<'p, T>(known: &'p HashMap<ServiceRequestId, Vec<T>>, around: Around<'_>) -> impl Iterator<Item = &'p T> {
    around.case.and_then(|case| known.get(&case)).into_iter().flatten()
}

/// Who is meant of an event.
fn of_event(known: &HashMap<EventId, Vec<AccountId>>, around: Around<'_>) -> Vec<AccountId> {
    around.event.and_then(|event| known.get(&event)).cloned().unwrap_or_default()
}

/// The paths of an area and of all above it.
fn beginnings(path: &str) -> impl Iterator<Item = String> + '_ {
    path.match_indices('/').skip(1).map(|(at, _)| path[..=at].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn areas_above_are_the_beginnings_of_a_path() {
        let above: Vec<String> = beginnings("/310112008/D1/018/").collect();
        assert_eq!(above, ["/310112008/", "/310112008/D1/", "/310112008/D1/018/"]);
        assert_eq!(beginnings("/310112008/").collect::<Vec<_>>(), ["/310112008/"]);
        assert_eq!(beginnings("").count(), 0);
    }
}
