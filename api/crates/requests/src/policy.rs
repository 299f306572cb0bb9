//! Who may (权限规则). When it may happen is not asked here; that is the workflow's.

use chrono::{DateTime, Utc};
use entity::enums::{Channel, Role};
use entity::id::{AccountId, UnitId};
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use residents::ProxyVerb;
use strum::{EnumIter, IntoEnumIterator as _, IntoStaticStr};

use crate::case::Case;

/// What can be done with a case (动作): four ways to read it and one value per verb.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Action {
    /// See the public view.
    Read,
    /// See one's own case.
    ReadParticipantView,
    /// See it as staff do.
    ReadStaffView,
    /// Learn who reported it, and the number to call, masked.
    ReadReporter,
    /// 查看联系方式: learn the number to call, in clear.
    RevealContact,
    /// 授权代办: let somebody act for the reporter.
    GrantProxy,
    /// 窗口授权代办: the same, for somebody without an account.
    GrantProxyAtCounter,
    /// 补充
    Supplement,
    /// 撤回
    Withdraw,
    /// 异议
    Object,
    /// 受理
    Accept,
    /// 不予受理
    Reject,
    /// 立案
    File,
    /// 派遣
    Dispatch,
    /// 签收
    Sign,
    /// 先行联系
    RecordContact,
    /// 处置反馈
    SubmitHandling,
    /// 核查
    Verify,
    /// 评价
    Survey,
    /// 回访
    RecordCallback,
    /// 退单
    RequestReturn,
    /// 退单决定
    DecideReturn,
    /// 移交
    HandOver,
}

impl Action {
    /// The verbs a client offers as buttons of a case.
    pub fn verbs() -> impl Iterator<Item = Self> {
        Self::iter().filter(|action| action.is_verb())
    }

    /// Handing over is done for a person, not for a case; a proxy moves none.
    fn is_verb(self) -> bool {
        match self {
            Self::Read
            | Self::ReadParticipantView
            | Self::ReadStaffView
            | Self::ReadReporter
            | Self::RevealContact
            | Self::HandOver => false,
            Self::GrantProxy | Self::GrantProxyAtCounter => false,
            Self::Supplement
            | Self::Withdraw
            | Self::Object
            | Self::Accept
            | Self::Reject
            | Self::File
            | Self::Dispatch
            | Self::Sign
            | Self::RecordContact
            | Self::SubmitHandling
            | Self::Verify
            | Self::Survey
            | Self::RecordCallback
            | Self::RequestReturn
            | Self::DecideReturn => true,
        }
    }

    /// The name on the wire, e.g. `RECORD_CONTACT`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// See cases of their area.
const AREA_STAFF: [Role; 7] = [
    Role::Dispatcher,
    Role::DutyChief,
    Role::Supervisor,
    Role::CallbackAgent,
    Role::GridInspector,
    Role::GridLeader,
    Role::NeighborhoodStaff,
];
/// Speak with reporters, and so learn who they are even where handlers do not.
const REPORTER_STAFF: [Role; 4] = [Role::Dispatcher, Role::DutyChief, Role::CallbackAgent, Role::Supervisor];
/// Call reporters, beside those who handle the case.
const CALLERS: [Role; 3] = [Role::Dispatcher, Role::DutyChief, Role::CallbackAgent];
/// Work in units.
const UNIT_STAFF: [Role; 2] = [Role::Handler, Role::UnitLeader];
/// Watch what is late.
const WATCHERS: [Role; 3] = [Role::Dispatcher, Role::DutyChief, Role::Supervisor];
/// Take requests at counters and doors for others.
const COUNTER_STAFF: [Role; 4] = [Role::NeighborhoodStaff, Role::StationStaff, Role::CenterStaff, Role::Dispatcher];
/// Walk the grid.
const PATROLS: [Role; 4] = [Role::GridInspector, Role::MicroGridLeader, Role::GridLeader, Role::NeighborhoodStaff];
/// A return asked for the second time is above a dispatcher.
const DISPUTED: usize = 2;

impl Guarded for Case {
    type Action = Action;

    fn decide(&self, actor: &Actor, action: Action) -> Decision {
        if is_allowed(self, actor, action) {
            Decision::Allow
        } else if is_allowed(self, actor, Action::Read) {
            Decision::Deny
        } else {
            Decision::Hide
        }
    }
}

fn is_allowed(case: &Case, actor: &Actor, action: Action) -> bool {
    if *actor == Actor::System {
        return true;
    }
    let row = &case.row;
    let in_area = |roles: &[Role]| roles.iter().any(|role| actor.is_in_area(*role, &row.area_path));
    let in_unit = |unit: UnitId, roles: &[Role]| roles.iter().any(|role| actor.is_in_unit(*role, unit));
    let in_lead = |roles: &[Role]| row.lead_unit_id.is_some_and(|unit| in_unit(unit, roles));
    let account = actor.account();
    let is_party = is_party(case, actor);
    let is_agent = |verb| case.proxy_for(account, verb).is_some();
    let is_handler = account.is_some() && account == row.handler_id;
    match action {
        Action::Read => {
            let is_shown = row.is_listed || case.is_shown_to_neighbour(account);
            is_shown
                || [Action::ReadParticipantView, Action::ReadStaffView]
                    .iter()
                    .any(|view| is_allowed(case, actor, *view))
        }
        Action::ReadParticipantView => is_party || is_agent(ProxyVerb::Read),
        Action::ReadStaffView => in_area(&AREA_STAFF) || case.units().any(|unit| in_unit(unit, &UNIT_STAFF)),
        Action::ReadReporter => {
            let is_told = in_area(&REPORTER_STAFF) || (!row.is_confidential && in_lead(&UNIT_STAFF));
            is_party || (!row.is_anonymous && is_told)
        }
        Action::RevealContact => {
            let is_called_by_unit = in_lead(&[Role::UnitLeader]) || (is_handler && in_lead(&[Role::Handler]));
            let may_be_called = row.may_contact && !row.is_anonymous;
            may_be_called && (in_area(&CALLERS) || (!row.is_confidential && is_called_by_unit))
        }
        Action::GrantProxy => account.is_some() && account == row.reporter_id,
        Action::GrantProxyAtCounter => row.reporter_id.is_none() && in_area(&[Role::NeighborhoodStaff]),
        Action::Supplement => is_party || is_agent(ProxyVerb::Supplement),
        Action::Withdraw => is_party || is_agent(ProxyVerb::Withdraw),
        Action::Object => is_party || is_agent(ProxyVerb::Object),
        Action::Accept | Action::Reject | Action::File | Action::Dispatch => in_area(&[Role::Dispatcher]),
        Action::Sign => in_lead(&UNIT_STAFF),
        Action::RecordContact | Action::SubmitHandling => {
            in_lead(&[Role::UnitLeader]) || (is_handler && in_lead(&[Role::Handler]))
        }
        Action::Verify if row.is_city_object => in_area(&[Role::GridInspector]),
        Action::Verify => in_area(&[Role::Dispatcher]),
        Action::Survey => (account.is_some() && account == row.reporter_id) || is_agent(ProxyVerb::Survey),
        Action::RecordCallback => in_area(&[Role::CallbackAgent]),
        Action::RequestReturn | Action::HandOver => in_lead(&[Role::UnitLeader]),
        Action::DecideReturn if case.returns_asked() >= DISPUTED => in_area(&[Role::DutyChief]),
        Action::DecideReturn => in_area(&[Role::Dispatcher, Role::DutyChief]),
    }
}

/// Whether the actor is the reporter, or typed it for somebody and so stands in for that person, as long as the counter is
/// theirs.
#[must_use]
pub fn is_party(case: &Case, actor: &Actor) -> bool {
    let (row, account) = (&case.row, actor.account());
    let is_typist =
        account == Some(row.submitted_by) && COUNTER_STAFF.iter().any(|role| actor.is_in_area(*role, &row.area_path));
    (account.is_some() && account == row.reporter_id) || is_typist
}

/// Whether the actor may bring in a request by this channel, at this place, for somebody else or not. Everybody may report
/// for oneself from one's own device; counters, patrols and lines are staffed.
#[must_use]
pub fn may_submit(actor: &Actor, channel: Channel, is_on_behalf: bool, area_path: &str) -> bool {
    let is_staff = |roles: &[Role]| roles.iter().any(|role| actor.is_in_area(*role, area_path));
    match channel {
        Channel::App | Channel::MiniProgram | Channel::Web | Channel::OfficialAccount => {
            actor.account().is_some() && !is_on_behalf
        }
        Channel::WalkIn => is_on_behalf && is_staff(&COUNTER_STAFF),
        Channel::Hotline12345 => is_on_behalf && is_staff(&[Role::Dispatcher]),
        Channel::Patrol => !is_on_behalf && is_staff(&PATROLS),
        // A sensor has no account to answer for its findings yet.
        Channel::Sensor => false,
    }
}

/// Whether the actor may hand over the cases of a unit's leaver.
#[must_use]
pub fn may_hand_over(actor: &Actor, unit: UnitId) -> bool {
    *actor == Actor::System || actor.is_in_unit(Role::UnitLeader, unit)
}

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
            Self::NeighbourOf(..) | Self::ProxyOf(..) => false,
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
}

impl WorkQueueTab {
    /// Every tab, in the order of a case's way.
    pub const ALL: [Self; 9] = [
        Self::ToAccept,
        Self::ToDispatch,
        Self::ToSign,
        Self::Handling,
        Self::DueSoon,
        Self::Overdue,
        Self::Returns,
        Self::ToVerify,
        Self::ToCallback,
    ];
}

/// All the actor may know of at an instant; agrees with the policy's answer to [`Action::Read`].
#[must_use]
pub fn sight(actor: &Actor, now: DateTime<Utc>) -> Scope {
    match actor {
        Actor::System => Scope::Everything,
        Actor::Anonymous => Scope::Public,
        Actor::Person(person) => {
            let typed = Scope::TypedIn(areas(actor, &COUNTER_STAFF), person.account);
            let account = person.account;
            let ties = [Scope::NeighbourOf(account, now), Scope::ProxyOf(account, now)];
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
        WorkQueueTab::Returns => in_areas(&[Role::Dispatcher, Role::DutyChief]),
        WorkQueueTab::ToVerify => Scope::any(vec![
            Scope::CityObjectsIn(areas(actor, &[Role::GridInspector])),
            Scope::OthersIn(areas(actor, &[Role::Dispatcher])),
        ]),
        WorkQueueTab::ToCallback => in_areas(&[Role::CallbackAgent]),
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

#[cfg(test)]
mod tests;
