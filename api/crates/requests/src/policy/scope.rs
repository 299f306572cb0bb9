//! Which cases lists show, and whose desk they lie on.

use chrono::{DateTime, Utc};
use entity::enums::Role;
use entity::id::{AccountId, UnitId};
use kernel::actor::Actor;

use super::{AREA_STAFF, COUNTER_STAFF, DECIDERS, MODERATORS, REPORTER_STAFF, UNIT_STAFF, WATCHERS};

/// Which cases a list may show (可见范围); the store turns it into SQL.
#[derive(Clone, Debug, PartialEq)]
pub enum Scope {
    /// None.
    Nobody,
    /// Every one.
    Everything,
    /// Those anybody may see.
    Public,
    /// Those one reported.
    Own(AccountId),
    /// Those shown to the grids in which one lives, as verified at an instant.
    NeighbourOf(AccountId, DateTime<Utc>),
    /// Those in which one may act for others at an instant.
    ProxyOf(AccountId, DateTime<Utc>),
    /// Those into which one's own were merged.
    SharedBy(AccountId),
    /// Those of areas that one typed for others.
    TypedIn(Vec<String>, AccountId),
    /// Those at places in areas, named by their paths.
    Areas(Vec<String>),
    /// Those of areas that are about city components or events.
    CityObjectsIn(Vec<String>),
    /// Those of areas that are about anything else.
    OthersIn(Vec<String>),
    /// Those in which units take part.
    Units(Vec<UnitId>),
    /// Those units have to work on as leads: to be signed or handled.
    WorkOf(Vec<UnitId>),
    /// Those units lead, wherever they stand.
    LedBy(Vec<UnitId>),
    /// Those of several scopes.
    Any(Vec<Scope>),
}

impl Scope {
    /// Those of several scopes, the empty ones left out: what a statement does not ask, no index must answer.
    fn any(scopes: Vec<Self>) -> Self {
        let mut some: Vec<Self> = scopes.into_iter().filter(|scope| !scope.is_empty()).collect();
        match some.len() {
            0 => Self::Nobody,
            1 => some.swap_remove(0),
            _ => Self::Any(some),
        }
    }

    /// Whether it can hold no case.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Nobody => true,
            Self::Areas(paths) | Self::CityObjectsIn(paths) | Self::OthersIn(paths) => paths.is_empty(),
            Self::TypedIn(paths, _) => paths.is_empty(),
            Self::Units(units) | Self::WorkOf(units) | Self::LedBy(units) => units.is_empty(),
            Self::Everything | Self::Public | Self::Own(_) => false,
            Self::NeighbourOf(..) | Self::ProxyOf(..) | Self::SharedBy(_) => false,
            Self::Any(scopes) => scopes.iter().all(Self::is_empty),
        }
    }
}

/// The tabs of a work queue (工作队列).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WorkQueueTab {
    /// 待受理
    ToAccept,
    /// 待派遣: to be filed or dispatched.
    ToDispatch,
    /// 待签收
    ToSign,
    /// 处置中
    Handling,
    /// 即将到期: due within 24 hours.
    DueSoon,
    /// 已超时
    Overdue,
    /// 退单审核
    Returns,
    /// 待核查
    ToVerify,
    /// 待回访
    ToCallback,
    /// 挂起: paused until a date.
    Suspended,
    /// 待审批: more time or a pause asked for.
    Approvals,
    /// 督办: supervised, conferred about, or answered badly twice.
    Supervised,
}

impl WorkQueueTab {
    /// Every tab, in the order of a case's way.
    pub const ALL: [Self; 12] = [
        Self::ToAccept,
        Self::ToDispatch,
        Self::ToSign,
        Self::Handling,
        Self::DueSoon,
        Self::Overdue,
        Self::Returns,
        Self::ToVerify,
        Self::ToCallback,
        Self::Suspended,
        Self::Approvals,
        Self::Supervised,
    ];
}

/// All the actor may know of at an instant; agrees with the policy's answer to [`super::Action::Read`].
#[must_use]
pub fn sight(actor: &Actor, now: DateTime<Utc>) -> Scope {
    match actor {
        Actor::System => Scope::Everything,
        Actor::Anonymous => Scope::Public,
        Actor::Person(person) => {
            let typed = Scope::TypedIn(areas(actor, &COUNTER_STAFF), person.account);
            let account = person.account;
            let ties = [Scope::NeighbourOf(account, now), Scope::ProxyOf(account, now), Scope::SharedBy(account)];
            let own = [Scope::Public, Scope::Own(account), typed, staff_sight(actor)];
            Scope::any(own.into_iter().chain(ties).collect())
        }
    }
}

/// What the actor may know of as staff.
#[must_use]
pub fn staff_sight(actor: &Actor) -> Scope {
    if *actor == Actor::System {
        return Scope::Everything;
    }
    Scope::any(vec![Scope::Areas(areas(actor, &AREA_STAFF)), Scope::Units(units(actor))])
}

/// Whose cases the actor may find by the reporter's number.
#[must_use]
pub fn reporter_sight(actor: &Actor) -> Scope {
    if *actor == Actor::System { Scope::Everything } else { Scope::Areas(areas(actor, &REPORTER_STAFF)) }
}

/// Whose content the actor decides on.
#[must_use]
pub fn moderated(actor: &Actor) -> Scope {
    Scope::Areas(areas(actor, &MODERATORS))
}

/// Whose cases wait for the actor on a tab.
#[must_use]
pub fn desk(actor: &Actor, tab: WorkQueueTab) -> Scope {
    let in_areas = |roles: &[Role]| Scope::Areas(areas(actor, roles));
    match tab {
        WorkQueueTab::ToAccept | WorkQueueTab::ToDispatch => in_areas(&[Role::Dispatcher]),
        // The tab itself says where they stand.
        WorkQueueTab::ToSign | WorkQueueTab::Handling => Scope::LedBy(units(actor)),
        WorkQueueTab::DueSoon | WorkQueueTab::Overdue => {
            Scope::any(vec![in_areas(&WATCHERS), Scope::WorkOf(units(actor))])
        }
        WorkQueueTab::Returns => in_areas(&DECIDERS),
        WorkQueueTab::ToVerify => Scope::any(vec![
            Scope::CityObjectsIn(areas(actor, &[Role::GridInspector])),
            Scope::OthersIn(areas(actor, &[Role::Dispatcher])),
        ]),
        WorkQueueTab::ToCallback => in_areas(&[Role::CallbackAgent]),
        WorkQueueTab::Suspended => Scope::any(vec![in_areas(&WATCHERS), Scope::LedBy(units(actor))]),
        WorkQueueTab::Approvals => in_areas(&DECIDERS),
        WorkQueueTab::Supervised => Scope::any(vec![in_areas(&WATCHERS), Scope::LedBy(units(actor))]),
    }
}

/// Paths of the actor's areas under any of the roles, those inside another left out.
fn areas(actor: &Actor, roles: &[Role]) -> Vec<String> {
    let mut paths: Vec<String> = roles.iter().flat_map(|role| actor.areas_as(*role)).map(str::to_owned).collect();
    paths.sort();
    paths.dedup_by(|inner, outer| inner.starts_with(outer.as_str()));
    paths
}

fn units(actor: &Actor) -> Vec<UnitId> {
    let mut units: Vec<UnitId> = UNIT_STAFF.iter().flat_map(|role| actor.units_as(*role)).collect();
    units.sort();
    units.dedup();
    units
}
