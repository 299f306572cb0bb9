//! The verbs and the queries against a migrated SQLite file.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{AccountStatus, AreaLevel, OrganizationKind, Role, UnitDuty};
use entity::id::{AccountId, AreaId, OrganizationId, SessionId, UnitId};
use entity::{account, area, fact, organization, unit};
use kernel::actor::{Actor, Grant, GrantScope, Person};
use kernel::base::Base;
use kernel::chance::SeededChance;
use kernel::clock::{Clock as _, MovableClock};
use kernel::db::{DatabaseConfig, Db};
use kernel::error::{Detail, Error, Result, UserErrorCode};
use kernel::page::PageRequest;
use kernel::redis::{Redis, RedisConfig};
use kernel::target::Target;
use kernel::tx::Verb;
use kernel::vault::Vault;
use sea_orm::{ActiveEnum as _, ActiveModelTrait as _, EntityTrait as _, QueryOrder as _};
use sea_orm_migration::MigratorTrait as _;
use uuid::Uuid;

use crate::*;

const STREET: &str = "/310112008/";
const GRID: &str = "/310112008/310112008-D1/";
const MICRO: &str = "/310112008/310112008-D1/310112008-D1-A1/";
const OTHER_GRID: &str = "/310112008/310112008-D2/";

struct Town {
    base: Base,
    clock: Arc<MovableClock>,
    folder: PathBuf,
}

impl Drop for Town {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

impl Town {
    async fn open() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("zhilitong-directory-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let url = format!("sqlite:{}", folder.join("town.db").display());
        let migrating = Db::connect_for_migration(&url).await.unwrap();
        migration::Migrator::up(&migrating, None).await.unwrap();
        migrating.close().await.unwrap();
        let db = Db::connect(&DatabaseConfig::at(url, 2)).await.unwrap();
        let redis = Redis::connect(&RedisConfig { url: "embedded:".into(), prefix: "t:".into() }).await.unwrap();
        let clock = Arc::new(MovableClock::at("2026-11-22T01:00:00Z".parse().unwrap()));
        let (chance, vault) = (Arc::new(SeededChance::new(7)), Vault::new(&[7; 32]).unwrap());
        let base = Base::new(db, redis, clock.clone(), chance, vault).unwrap();
        Self { base, clock, folder }
    }

    fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    async fn acts<C: Sync, T>(&self, actor: &Actor, command: &C, verb: Verb<C, T>) -> Result<T> {
        self.base.write(actor, command, verb).await
    }

    async fn person(&self, number: u128, status: AccountStatus) -> AccountId {
        let id = AccountId(Uuid::from_u128(number));
        let row = account::Model {
            id,
            status,
            name_sealed: None,
            phone_sealed: None,
            phone_index: None,
            created_at: self.now(),
            updated_at: self.now(),
            version: 1,
        };
        let row = account::ActiveModel::from(row).reset_all();
        account::Entity::insert(row).exec_without_returning(self.base.db.reader()).await.unwrap();
        id
    }

    async fn area(&self, path: &str) -> AreaId {
        let code = path.trim_matches('/').rsplit('/').next().unwrap().to_owned();
        let id = AreaId(Uuid::from_u128(path.len() as u128 * 1000 + u128::from(path.as_bytes()[path.len() - 2])));
        let row = area::Model {
            id,
            name: code.clone(),
            code,
            level: AreaLevel::Disposal.to_value(),
            parent_id: None,
            path: path.to_owned(),
            shape: None,
            longitude: None,
            latitude: None,
            is_demo: true,
            version: 1,
            valid_from: None,
            valid_to: None,
        };
        let row = area::ActiveModel::from(row).reset_all();
        area::Entity::insert(row).exec_without_returning(self.base.db.reader()).await.unwrap();
        id
    }

    async fn organization(&self, name: &str) -> organization::Model {
        let kind = OrganizationKind::PropertyCompany;
        let command = SaveOrganization { target: Target::New, name: named(name), kind, credit_code: Edit::Keep };
        self.acts(&Actor::System, &command, |tx, c| Box::pin(save_organization(tx, c))).await.unwrap()
    }

    async fn unit(&self, organization: OrganizationId, areas: &[AreaId], codes: &[&str]) -> unit::Model {
        self.saves_unit(&Actor::System, &new_unit(organization, areas, codes)).await.unwrap()
    }

    async fn saves_unit(&self, actor: &Actor, command: &SaveUnit) -> Result<unit::Model> {
        self.acts(actor, command, |tx, c| Box::pin(save_unit(tx, c))).await
    }

    async fn adds(&self, actor: &Actor, command: &AddUnitMember) -> Result<unit::Model> {
        self.acts(actor, command, |tx, c| Box::pin(add_unit_member(tx, c))).await
    }

    async fn ends(&self, actor: &Actor, command: &EndUnitMembership) -> Result<unit::Model> {
        self.acts(actor, command, |tx, c| Box::pin(end_unit_membership(tx, c))).await
    }

    async fn leaves(&self, actor: &Actor, unit: UnitId, account: AccountId) -> Result<()> {
        self.acts(actor, &(unit, account), |tx, (u, a)| Box::pin(end_membership(tx, *u, *a))).await
    }

    async fn facts(&self, subject: Uuid) -> Vec<(i32, String, serde_json::Value)> {
        let all = fact::Entity::find().order_by_asc(fact::Column::Version).all(self.base.db.reader()).await.unwrap();
        let own = all.into_iter().filter(|fact| fact.subject_id == subject);
        own.map(|fact| (fact.version, fact.kind, fact.data)).collect()
    }
}

fn named(name: &str) -> Name {
    Name::parse("name", name).unwrap()
}

fn codes(codes: &[&str]) -> Vec<CategoryCode> {
    codes.iter().map(|code| CategoryCode::parse("categoryCodes", code).unwrap()).collect()
}

fn new_unit(organization: OrganizationId, areas: &[AreaId], categories: &[&str]) -> SaveUnit {
    let (areas, categories) = (areas.to_vec(), codes(categories));
    SaveUnit { target: Target::New, organization, name: named("维修班"), is_active: true, areas, categories }
}

fn member(unit: &unit::Model, account: AccountId, duty: UnitDuty) -> AddUnitMember {
    AddUnitMember { unit: unit.id, expected_version: unit.version, account, duty, from: None, until: None }
}

fn leader_in(unit: UnitId) -> Actor {
    let grant = Grant { role: Role::UnitLeader, scope: GrantScope::Unit(unit), until: None };
    let (account, session) = (AccountId(Uuid::from_u128(99)), SessionId(Uuid::nil()));
    Actor::Person(Person { account, session, grants: vec![grant] })
}

fn resident() -> Actor {
    Actor::Person(Person { account: AccountId(Uuid::nil()), session: SessionId(Uuid::nil()), grants: Vec::new() })
}

#[track_caller]
fn assert_refused<T: std::fmt::Debug>(result: Result<T>, code: UserErrorCode, field: &str, detail: Detail) {
    let Err(Error::Refused(errors)) = result else { panic!("{result:?}") };
    let [error] = errors.as_slice() else { panic!("{errors:?}") };
    assert_eq!((error.code, error.field.as_slice(), &error.detail), (code, &[field.to_owned()] as &[String], &detail));
}

#[tokio::test]
async fn an_organisation_is_made_changed_and_never_overwritten_blindly() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    assert_eq!(made.version, 1);
    let change = |expected_version, name: &str| SaveOrganization {
        target: Target::Existing { id: made.id, expected_version },
        name: named(name),
        kind: OrganizationKind::Utility,
        credit_code: Edit::Keep,
    };
    town.clock.advance(TimeDelta::seconds(1));
    let saved = town.acts(&Actor::System, &change(1, "新虹物业"), |tx, c| Box::pin(save_organization(tx, c))).await;
    let saved = saved.unwrap();
    assert_eq!((saved.version, saved.name.as_str(), saved.updated_at), (2, "新虹物业", town.now()));
    let stale = town.acts(&Actor::System, &change(1, "旧"), |tx, c| Box::pin(save_organization(tx, c))).await;
    assert!(matches!(stale, Err(Error::Conflict)), "{stale:?}");
    let stored = organizations_by_ids(town.base.db.reader(), &[made.id]).await.unwrap();
    assert_eq!(stored, [saved]);
    assert_eq!(
        town.facts(made.id.0).await,
        [
            (1, "organization.saved".to_owned(), serde_json::json!({"organization_kind": "PROPERTY_COMPANY"})),
            (2, "organization.saved".to_owned(), serde_json::json!({"organization_kind": "UTILITY"})),
        ]
    );
}

#[tokio::test]
async fn verbs_refuse_strangers_first_then_those_who_may_not() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let unit = town.unit(made.id, &[], &[]).await;
    let unknown = SaveUnit {
        target: Target::Existing { id: UnitId(Uuid::nil()), expected_version: 1 },
        ..new_unit(made.id, &[], &[])
    };
    let known = SaveUnit { target: Target::Existing { id: unit.id, expected_version: 7 }, ..unknown.clone() };
    for command in [&unknown, &known, &new_unit(made.id, &[], &[])] {
        let refused = town.saves_unit(&Actor::Anonymous, command).await;
        assert!(matches!(refused, Err(Error::Unauthenticated)), "{refused:?}");
    }
    assert!(matches!(town.saves_unit(&resident(), &unknown).await, Err(Error::NotFound)));
    // Who may not, learns nothing about the version either.
    assert!(matches!(town.saves_unit(&resident(), &known).await, Err(Error::Forbidden)));
    assert!(matches!(town.saves_unit(&leader_in(unit.id), &known).await, Err(Error::Forbidden)));
    assert!(matches!(town.saves_unit(&resident(), &new_unit(made.id, &[], &[])).await, Err(Error::Forbidden)));
    let account = town.person(1, AccountStatus::Active).await;
    let add = member(&unit, account, UnitDuty::Handler);
    assert!(matches!(town.adds(&leader_in(UnitId(Uuid::nil())), &add).await, Err(Error::Forbidden)));
    let end = town.leaves(&resident(), unit.id, account).await;
    assert!(matches!(end, Err(Error::Forbidden)), "{end:?}");
    assert_eq!(town.facts(unit.id.0).await.len(), 1);
}

#[tokio::test]
async fn a_unit_answers_for_exactly_what_was_saved_last() {
    let town = Town::open().await;
    let (street, grid) = (town.area(STREET).await, town.area(GRID).await);
    let made = town.organization("爱博物业").await;
    let unit = town.unit(made.id, &[street, street], &["PROPERTY", "FACILITY.STREET_LIGHT"]).await;
    let change = SaveUnit {
        target: Target::Existing { id: unit.id, expected_version: 1 },
        is_active: false,
        ..new_unit(made.id, &[grid], &["PROPERTY"])
    };
    let saved = town.saves_unit(&Actor::System, &change).await.unwrap();
    assert_eq!((saved.version, saved.is_active), (2, false));
    let db = town.base.db.reader();
    let areas = areas_of(db, &[unit.id]).await.unwrap();
    assert_eq!(areas.iter().map(|answer| answer.area_id).collect::<Vec<_>>(), [grid]);
    let categories = categories_of(db, &[unit.id]).await.unwrap();
    assert_eq!(categories.iter().map(|answer| answer.category_code.as_str()).collect::<Vec<_>>(), ["PROPERTY"]);
    let facts = town.facts(unit.id.0).await;
    assert_eq!(facts[1].2["areas"], serde_json::json!({"added": [grid], "removed": [street]}));
    assert_eq!(facts[1].2["categories"], serde_json::json!({"added": [], "removed": ["FACILITY.STREET_LIGHT"]}));
    assert!(matches!(town.saves_unit(&Actor::System, &change).await, Err(Error::Conflict)));
    assert!(active_units(db, &[unit.id]).await.unwrap().is_empty());
    assert_eq!(units_by_ids(db, &[unit.id]).await.unwrap(), units_of(db, &[made.id]).await.unwrap());
}

#[tokio::test]
async fn a_unit_cannot_answer_for_what_does_not_exist() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let nowhere = AreaId(Uuid::from_u128(404));
    let nobody = OrganizationId(Uuid::from_u128(404));
    let because = || Detail::Because("unknown");
    for (command, field) in [
        (new_unit(made.id, &[nowhere], &[]), "areaIds"),
        (new_unit(made.id, &[], &["NO.SUCH"]), "categoryCodes"),
        (new_unit(nobody, &[], &[]), "organizationId"),
    ] {
        assert_refused(town.saves_unit(&Actor::System, &command).await, UserErrorCode::Invalid, field, because());
    }
    let many = vec![nowhere; ANSWERS_PER_UNIT + 1];
    let refused = town.saves_unit(&Actor::System, &new_unit(made.id, &many, &[])).await;
    assert_refused(refused, UserErrorCode::LimitExceeded, "areaIds", Detail::Limit(500));
    assert!(units_of(town.base.db.reader(), &[made.id]).await.unwrap().is_empty());
}

#[tokio::test]
async fn periods_of_a_person_in_a_unit_never_overlap() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let mut unit = town.unit(made.id, &[], &[]).await;
    let account = town.person(1, AccountStatus::Active).await;
    let day = |n| town.now() + TimeDelta::days(n);
    let (fits, clashes) = (true, false);
    for (from, until, outcome) in [
        (Some(10), Some(20), fits),
        (Some(20), Some(30), fits),
        (Some(5), Some(10), fits),
        (Some(9), Some(11), clashes),
        (Some(12), Some(13), clashes),
        (Some(0), Some(40), clashes),
        (Some(29), None, clashes),
        (None, None, clashes),
        (None, Some(5), fits),
        (Some(30), None, fits),
        (Some(1000), Some(1001), clashes),
    ] {
        let (from, until) = (from.map(day), until.map(day));
        let command = AddUnitMember { from, until, ..member(&unit, account, UnitDuty::Handler) };
        let result = town.adds(&leader_in(unit.id), &command).await;
        if outcome {
            unit = result.unwrap();
        } else {
            assert_refused(result, UserErrorCode::Invalid, "userId", Detail::Because("already_member"));
        }
    }
    assert_eq!(unit.version, 6);
    let db = town.base.db.reader();
    for (at, is_there) in [(0, true), (5, true), (10, true), (25, true), (30, true), (9999, true)] {
        assert_eq!(is_member(db, unit.id, account, day(at)).await.unwrap(), is_there, "day {at}");
        assert_eq!(members_of(db, &[unit.id], day(at)).await.unwrap().len(), 1, "day {at}");
    }
    assert!(!is_member(db, unit.id, account, town.now() - TimeDelta::seconds(1)).await.unwrap());
}

#[tokio::test]
async fn a_place_in_a_unit_is_refused_with_a_reason() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let unit = town.unit(made.id, &[], &[]).await;
    let active = town.person(1, AccountStatus::Active).await;
    let disabled = town.person(2, AccountStatus::Disabled).await;
    let day = |n| Some(town.now() + TimeDelta::days(n));
    let command = |account, from, until| AddUnitMember { from, until, ..member(&unit, account, UnitDuty::Leader) };
    for (command, field, reason) in [
        (command(disabled, None, None), "userId", "unknown_or_disabled"),
        (command(AccountId(Uuid::from_u128(404)), None, None), "userId", "unknown_or_disabled"),
        (command(active, day(-1), None), "validFrom", "in_the_past"),
        (command(active, day(1), day(1)), "validTo", "before_start"),
        (command(active, None, day(-1)), "validTo", "before_start"),
        (command(active, day(40_000), None), "validFrom", "too_far_ahead"),
        (command(active, None, Some(DateTime::<Utc>::MAX_UTC)), "validTo", "too_far_ahead"),
    ] {
        let refused = town.adds(&Actor::System, &command).await;
        assert_refused(refused, UserErrorCode::Invalid, field, Detail::Because(reason));
    }
    let stale = AddUnitMember { expected_version: 7, ..command(active, None, None) };
    assert!(matches!(town.adds(&Actor::System, &stale).await, Err(Error::Conflict)));
    let end = EndUnitMembership { unit: unit.id, expected_version: 1, account: active };
    let refused = town.ends(&Actor::System, &end).await;
    assert_refused(refused, UserErrorCode::Invalid, "userId", Detail::Because("not_a_member"));
    let stored = units_by_ids(town.base.db.reader(), &[unit.id]).await.unwrap();
    assert_eq!(stored[0].version, 1, "a refusal leaves nothing behind");
}

#[tokio::test]
async fn a_leaver_is_gone_at_once_and_planned_periods_with_him() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let unit = town.unit(made.id, &[], &[]).await;
    let leaver = town.person(1, AccountStatus::Active).await;
    let successor = town.person(2, AccountStatus::Active).await;
    let until = Some(town.now() + TimeDelta::days(30));
    let first = AddUnitMember { until, ..member(&unit, leaver, UnitDuty::Leader) };
    let unit = town.adds(&Actor::System, &first).await.unwrap();
    let planned = AddUnitMember { from: until, ..member(&unit, leaver, UnitDuty::Handler) };
    let unit = town.adds(&Actor::System, &planned).await.unwrap();
    town.clock.advance(TimeDelta::seconds(1));
    let unit = town.adds(&Actor::System, &member(&unit, successor, UnitDuty::Leader)).await.unwrap();
    let db = town.base.db.reader();
    assert_eq!(leader_of(db, unit.id, town.now()).await.unwrap(), Some(leaver));
    town.clock.advance(TimeDelta::days(3));
    town.leaves(&leader_in(unit.id), unit.id, leaver).await.unwrap();
    assert_eq!(leader_of(db, unit.id, town.now()).await.unwrap(), Some(successor));
    assert!(!is_member(db, unit.id, leaver, town.now()).await.unwrap());
    assert!(!is_member(db, unit.id, leaver, town.now() + TimeDelta::days(40)).await.unwrap());
    assert!(is_member(db, unit.id, leaver, town.now() - TimeDelta::seconds(1)).await.unwrap(), "history stays");
    let facts = town.facts(unit.id.0).await;
    let kinds: Vec<&str> = facts.iter().map(|(_, kind, _)| kind.as_str()).collect();
    let joined = "unit.member_joined";
    assert_eq!(kinds, ["unit.saved", joined, joined, joined, "unit.member_left"]);
    assert_eq!(facts[4].2["memberships"].as_array().unwrap().len(), 2);
    // Back on the same day, after another look at the unit.
    let unit = units_by_ids(db, &[unit.id]).await.unwrap().remove(0);
    assert_eq!(unit.version, 5);
    town.adds(&Actor::System, &member(&unit, leaver, UnitDuty::Handler)).await.unwrap();
    let members = members_of(db, &[unit.id], town.now()).await.unwrap();
    let duties: Vec<UnitDuty> = members.iter().map(|member| member.duty).collect();
    assert_eq!(duties, [UnitDuty::Leader, UnitDuty::Handler], "leaders come first");
}

#[tokio::test]
async fn two_editors_of_one_unit_never_both_win() {
    let town = Town::open().await;
    let made = town.organization("爱博物业").await;
    let unit = town.unit(made.id, &[], &[]).await;
    let account = town.person(1, AccountStatus::Active).await;
    let command = member(&unit, account, UnitDuty::Handler);
    let (one, two) = tokio::join!(town.adds(&Actor::System, &command), town.adds(&Actor::System, &command));
    let conflicts = [&one, &two].iter().filter(|result| matches!(result, Err(Error::Conflict))).count();
    assert_eq!((conflicts, one.is_ok() || two.is_ok()), (1, true), "{one:?} {two:?}");
    assert_eq!(members_of(town.base.db.reader(), &[unit.id], town.now()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn candidates_answer_for_the_category_or_the_place_best_first_in_two_statements() {
    let town = Town::open().await;
    let (street, grid, other) = (town.area(STREET).await, town.area(GRID).await, town.area(OTHER_GRID).await);
    let made = town.organization("机构").await;
    let both = town.unit(made.id, &[street, grid], &["FACILITY", "FACILITY.STREET_LIGHT"]).await;
    let leaf = town.unit(made.id, &[other], &["FACILITY.STREET_LIGHT"]).await;
    let main = town.unit(made.id, &[], &["FACILITY", "PROPERTY"]).await;
    let place = town.unit(made.id, &[street], &["PROPERTY"]).await;
    let none = town.unit(made.id, &[other], &["FACILITY.MANHOLE"]).await;
    let resting = SaveUnit { is_active: false, ..new_unit(made.id, &[grid], &["FACILITY"]) };
    let resting = town.saves_unit(&Actor::System, &resting).await.unwrap();
    let before = town.base.db.statements();
    let found = candidates(town.base.db.reader(), "FACILITY.STREET_LIGHT", MICRO).await.unwrap();
    assert_eq!(town.base.db.statements() - before, 2);
    let found: Vec<_> = found.iter().map(|c| (c.unit.id, c.category_depth, c.area_depth)).collect();
    assert_eq!(
        found,
        [(both.id, Some(2), Some(2)), (leaf.id, Some(2), None), (main.id, Some(1), None), (place.id, None, Some(1)),],
        "{none:?} and {resting:?} do not answer for it"
    );
    assert!(candidates(town.base.db.reader(), "", "").await.unwrap().is_empty());
    assert_eq!(candidates(town.base.db.reader(), "NO.SUCH", "no path").await.unwrap(), []);
}

#[tokio::test]
async fn lists_are_paged_and_loaders_take_many_keys() {
    let town = Town::open().await;
    let mut made = Vec::new();
    for number in 0..5 {
        town.clock.advance(TimeDelta::seconds(1));
        made.push(town.organization(&format!("机构{number}")).await);
    }
    let db = town.base.db.reader();
    let first = PageRequest::new(Some(3), None, None, None).unwrap();
    let page = organizations(db, Some(OrganizationKind::PropertyCompany), &first).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["机构4", "机构3", "机构2"]);
    assert!(page.has_next && !page.has_previous);
    let last = page.rows.last().unwrap();
    let cursor = kernel::page::Cursor { at: last.updated_at, id: last.id.0 }.text();
    let rest = PageRequest::new(Some(3), Some(&cursor), None, None).unwrap();
    let page = organizations(db, None, &rest).await.unwrap();
    assert_eq!(page.rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["机构1", "机构0"]);
    assert!(organizations(db, Some(OrganizationKind::Utility), &first).await.unwrap().rows.is_empty());
    let ids: Vec<OrganizationId> = made.iter().map(|row| row.id).collect();
    assert_eq!(organizations_by_ids(db, &ids).await.unwrap().len(), 5);
    assert!(units_of(db, &[]).await.unwrap().is_empty());
}
