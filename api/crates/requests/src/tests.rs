//! The slice on a real database: a migrated SQLite file each.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use areas::{Datum, demo_town};
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{
    AttachmentPhase, Channel, ContactMethod, ContactOutcome, HandlingResult, OrganizationKind, RejectReason,
    RequestKind, Role, Solved, UnitDuty, Visibility,
};
use entity::id::{AccountId, AttachmentId, ServiceRequestId, SessionId, UnitId};
use entity::{area, attachment, fact, organization, service_request, unit, unit_area, unit_category, unit_member};
use identity::phone::Phone;
use kernel::actor::{Actor, Grant, GrantScope, Person};
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::clock::MovableClock;
use kernel::db::{DatabaseConfig, Db};
use kernel::error::{Error, UserErrorCode};
use kernel::redis::{Redis, RedisConfig};
use kernel::vault::Vault;
use sea_orm::{ColumnTrait as _, EntityTrait, ModelTrait, QueryFilter as _, QueryOrder as _};
use sea_orm_migration::MigratorTrait as _;
use uuid::Uuid;

use crate::command::*;
use crate::{Case, Fact, Town};

mod lists;
mod story;

/// Monday, 09:30 in Shanghai.
const MONDAY: &str = "2026-11-23T01:30:00Z";

/// A town with its database, and people in it.
pub struct House {
    file: PathBuf,
    pub base: Base,
    pub clock: Arc<MovableClock>,
    pub town: Town,
    pub unit: UnitId,
    pub ann: Actor,
    pub ben: Actor,
    pub dispatcher: Actor,
    pub chief: Actor,
    pub handler: Actor,
    pub leader: Actor,
    pub inspector: Actor,
    pub agent: Actor,
}

/// Runs a verb as somebody, in a transaction of its own.
macro_rules! act {
    ($house:expr, $actor:expr, $verb:path, $command:expr) => {
        $house
            .base
            .write($actor, &($house.town.clone(), $command), |tx, (town, command)| Box::pin($verb(tx, town, command)))
            .await
    };
}
use act;

impl Drop for House {
    fn drop(&mut self) {
        remove(&self.file);
    }
}

fn remove(file: &Path) {
    for ending in ["", "-wal", "-shm"] {
        let _ = std::fs::remove_file(format!("{}{ending}", file.display()));
    }
}

impl House {
    pub async fn open() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let file = std::env::temp_dir().join(format!("requests-{}-{number}.db", std::process::id()));
        remove(&file);
        let url = format!("sqlite:{}", file.display());
        migration::Migrator::up(&Db::connect_for_migration(&url).await.unwrap(), None).await.unwrap();
        let db = Db::connect(&DatabaseConfig::at(url, 4)).await.unwrap();
        let redis = RedisConfig { url: "embedded:".to_owned(), prefix: "test:".to_owned() };
        let clock = Arc::new(MovableClock::at(MONDAY.parse().unwrap()));
        let chance = Arc::new(SeededChance::new(7));
        let vault = Vault::new(&[7; 32]).unwrap();
        let base = Base::new(db, Redis::connect(&redis).await.unwrap(), clock.clone(), chance, vault).unwrap();
        draw_map(&base).await;
        let unit = found_unit(&base).await;
        let town = Town::load(&base).await.unwrap();
        let street = GrantScope::Area("/310112008/".to_owned());
        let staff = async |number, role, scope: &GrantScope| {
            let grant = Grant { role, scope: scope.clone(), until: None };
            person(account(&base, number).await, vec![grant])
        };
        let in_unit = GrantScope::Unit(unit);
        let house = Self {
            ann: person(account(&base, 1).await, Vec::new()),
            ben: person(account(&base, 2).await, Vec::new()),
            dispatcher: staff(3, Role::Dispatcher, &street).await,
            chief: staff(4, Role::DutyChief, &street).await,
            handler: staff(5, Role::Handler, &in_unit).await,
            leader: staff(6, Role::UnitLeader, &in_unit).await,
            inspector: staff(7, Role::GridInspector, &street).await,
            agent: staff(8, Role::CallbackAgent, &street).await,
            base: base.clone(),
            file,
            clock,
            town,
            unit,
        };
        for (actor, duty) in [(&house.handler, UnitDuty::Handler), (&house.leader, UnitDuty::Leader)] {
            house.join(unit, actor, duty).await;
        }
        house
    }

    async fn join(&self, unit: UnitId, actor: &Actor, duty: UnitDuty) {
        let member = unit_member::Model {
            id: kernel::tx::new_id(&self.base, self.now()).unwrap(),
            unit_id: unit,
            account_id: actor.account().unwrap(),
            duty,
            valid_from: self.now(),
            valid_to: None,
        };
        insert(&self.base, member).await;
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.base.clock.now()
    }

    pub fn goes_by(&self, minutes: i64) {
        self.clock.advance(TimeDelta::minutes(minutes));
    }

    /// A photo somebody uploaded.
    pub async fn photo(&self, owner: &Actor) -> AttachmentId {
        let id = kernel::tx::new_id(&self.base, self.now()).unwrap();
        let photo = attachment::Model {
            id,
            owner_id: owner.account().unwrap(),
            subject_kind: None,
            subject_id: None,
            phase: AttachmentPhase::Before,
            content_type: "image/jpeg".to_owned(),
            byte_size: 1,
            width: 1,
            height: 1,
            sha256: vec![0; 32],
            object_id: None,
            original_id: None,
            content_state: entity::enums::ContentState::Pass,
            created_at: self.now(),
        };
        insert(&self.base, photo).await;
        id
    }

    /// What a resident sends about a street light.
    pub fn street_light(&self) -> RawSubmit {
        RawSubmit {
            kind: RequestKind::Help,
            category_code: "FACILITY.STREET_LIGHT".to_owned(),
            description: "小区門口的路燈壞了三天".to_owned(),
            place: Some(RawPlace { datum: Datum::Wgs84, longitude: 121.32, latitude: 31.195 }),
            area_code: None,
            address: Some("申滨路 88 弄".to_owned()),
            photos: Vec::new(),
            is_anonymous: false,
            is_confidential: None,
            may_contact: None,
            visibility: Some(Visibility::Public),
            channel: Channel::App,
            contact_phone: None,
            on_behalf_of: None,
        }
    }

    pub async fn submits(&self, actor: &Actor, raw: RawSubmit) -> kernel::error::Result<Case> {
        act!(self, actor, crate::submit, raw.parse(&self.town)?)
    }

    /// A case of a resident's complaint (no photo needed, contact needed), taken to some state.
    pub async fn complaint(&self) -> Case {
        let raw = RawSubmit { category_code: "PROPERTY.REPAIR".to_owned(), ..self.street_light() };
        self.submits(&self.ann, raw).await.unwrap()
    }

    pub async fn accepted(&self, case: &Case) -> Case {
        self.classified(case, None).await
    }

    pub async fn classified(&self, case: &Case, is_held: Option<bool>) -> Case {
        let raw = RawAccept { is_held, ..RawAccept::as_reported(on(case)) };
        act!(self, &self.dispatcher, crate::accept, raw.parse(&self.town).unwrap()).unwrap()
    }

    pub async fn dispatched(&self, case: &Case) -> Case {
        let case = self.accepted(case).await;
        let case = act!(self, &self.dispatcher, crate::file, File { on: on(&case) }).unwrap();
        self.sent(&case, self.unit).await.unwrap()
    }

    pub async fn sent(&self, case: &Case, unit: UnitId) -> kernel::error::Result<Case> {
        let raw = RawDispatch { on: on(case), lead_unit: unit, co_units: Vec::new(), instruction: None };
        act!(self, &self.dispatcher, crate::dispatch, raw.parse()?)
    }

    pub async fn signed(&self, case: &Case) -> Case {
        act!(self, &self.handler, crate::sign, Sign { on: on(case) }).unwrap()
    }

    pub async fn contacted(&self, case: &Case, by: &Actor, outcome: ContactOutcome) -> Case {
        let raw = RawRecordContact { on: on(case), method: ContactMethod::Phone, outcome, note: None };
        act!(self, by, crate::record_contact, raw.parse().unwrap()).unwrap()
    }

    pub async fn handled(&self, case: &Case, by: &Actor, photos: Vec<AttachmentId>) -> kernel::error::Result<Case> {
        let reply = "已更换灯泡，今晚恢复照明。".to_owned();
        let raw = RawSubmitHandling { on: on(case), result: HandlingResult::Solved, reply, photos };
        act!(self, by, crate::submit_handling, raw.parse()?)
    }

    pub async fn verified(&self, case: &Case, by: &Actor, is_passed: bool) -> kernel::error::Result<Case> {
        let note = (!is_passed).then(|| "现场仍未修好".to_owned());
        act!(self, by, crate::verify, RawVerify { on: on(case), is_passed, note }.parse()?)
    }

    pub async fn answered(&self, case: &Case, solved: Solved, satisfaction: i32) -> kernel::error::Result<Case> {
        let raw = RawSurvey { on: on(case), solved, satisfaction: Some(satisfaction), comment: None };
        act!(self, &self.ann, crate::survey, raw.parse()?)
    }

    pub async fn asks_return(&self, by: &Actor, case: &Case) -> kernel::error::Result<Case> {
        let (reason, basis) = ("不属于本单位职责".to_owned(), "职责清单第三条".to_owned());
        let raw = RawRequestReturn { on: on(case), reason, basis, suggested_unit: found_unit(&self.base).await };
        act!(self, by, crate::request_return, raw.parse()?)
    }

    pub async fn decides(&self, by: &Actor, case: &Case, is_granted: bool) -> kernel::error::Result<Case> {
        act!(self, by, crate::decide_return, DecideReturn { on: on(case), is_granted, note: None })
    }

    /// Folds the history of a case and compares with its row, words and exact place aside.
    pub async fn replays(&self, case: &Case) {
        let db = self.base.db.reader();
        let row = service_request::Entity::find_by_id(case.row.id).one(db).await.unwrap().unwrap();
        assert_eq!(row, case.row, "the answer of a verb is what was written");
        let facts = fact::Entity::find().order_by_asc(fact::Column::Version).all(db).await.unwrap();
        let history: Vec<(DateTime<Utc>, Fact)> = facts
            .into_iter()
            .filter(|fact| fact.subject_id == case.row.id.0)
            .map(|fact| (fact.at, Fact::read(&fact.kind, fact.data).unwrap()))
            .collect();
        let folded = folded(case.row.id, &history);
        let alarm = crate::workflow::alarm::next(&folded, &self.town.timing_of(&folded, self.now()).unwrap());
        assert_eq!(alarm.map(|(at, _)| at), row.alarm_at);
        let told = history.iter().map(|(at, fact)| (*at, fact));
        let replayed = crate::sla::replay(told, |code, version, at| self.town.timing(code, version, at).unwrap());
        assert_eq!(replayed, crate::sla::DueTimes::stored(&row));
        assert_eq!(folded, service_request::Model { alarm_at: None, ..without_words(row) });
        let read = crate::case_by_id(&self.base, &Actor::System, case.row.id).await.unwrap().unwrap();
        assert_eq!(&read, case, "a case read anew is the case a verb gave");
    }
}

pub fn folded(id: ServiceRequestId, history: &[(DateTime<Utc>, Fact)]) -> service_request::Model {
    let ((at, Fact::Submitted(first)), rest) =
        history.split_first().map(|((at, fact), rest)| ((at, fact), rest)).unwrap()
    else {
        unreachable!("a history begins with the submission")
    };
    let mut row = crate::workflow::begin(id, first, *at);
    for (at, fact) in rest {
        crate::workflow::evolve(&mut row, fact, *at);
    }
    row
}

pub fn without_words(row: service_request::Model) -> service_request::Model {
    service_request::Model {
        description: String::new(),
        address: None,
        longitude: None,
        latitude: None,
        reply: None,
        on_behalf_name_sealed: None,
        contact_phone_sealed: None,
        contact_phone_index: None,
        ..row
    }
}

pub fn on(case: &Case) -> Target {
    Target { id: case.row.id, expected_version: Some(case.row.version) }
}

/// The codes of a refusal.
pub fn codes<T: std::fmt::Debug>(result: kernel::error::Result<T>) -> Vec<UserErrorCode> {
    match result.unwrap_err() {
        Error::Refused(errors) => errors.into_iter().map(|error| error.code).collect(),
        other => unreachable!("not a refusal: {other:?}"),
    }
}

fn person(account: AccountId, grants: Vec<Grant>) -> Actor {
    Actor::Person(Person { account, session: SessionId(Uuid::nil()), grants })
}

async fn account(base: &Base, number: u32) -> AccountId {
    let phone = Phone::parse("phone", &format!("1990000{number:04}")).unwrap();
    let open = base.write(&Actor::System, &phone, |tx, phone| Box::pin(identity::open_account(tx, phone, None)));
    open.await.unwrap().0.id
}

async fn insert<M>(base: &Base, row: M)
where
    M: ModelTrait + sea_orm::IntoActiveModel<<M::Entity as EntityTrait>::ActiveModel>,
    <M::Entity as EntityTrait>::ActiveModel: Send,
{
    <M::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(base.db.reader()).await.unwrap();
}

async fn draw_map(base: &Base) {
    let shapes: Vec<_> = demo_town().into_iter().filter(|shape| shape.level.is_grid()).collect();
    let import = base.write(&Actor::System, &shapes, |tx, shapes| Box::pin(areas::store::import(tx, shapes)));
    assert_eq!(import.await.unwrap(), 180 + 1);
}

/// A unit that answers for public facilities on the whole street.
async fn found_unit(base: &Base) -> UnitId {
    let now = base.clock.now();
    let organization_id = kernel::tx::new_id(base, now).unwrap();
    let name = "城运中心".to_owned();
    let kind = OrganizationKind::GovernmentOffice;
    insert(
        base,
        organization::Model { id: organization_id, name, kind, credit_code: None, version: 1, updated_at: now },
    )
    .await;
    let id = kernel::tx::new_id(base, now).unwrap();
    let name = "市政设施班组".to_owned();
    insert(base, unit::Model { id, organization_id, name, is_active: true, version: 1, updated_at: now }).await;
    let street = area::Entity::find().filter(area::Column::Code.eq("310112008")).one(base.db.reader()).await;
    insert(base, unit_area::Model { unit_id: id, area_id: street.unwrap().unwrap().id }).await;
    insert(base, unit_category::Model { unit_id: id, category_code: "FACILITY".to_owned() }).await;
    id
}
