use entity::id::{AreaId, ProxyGrantId, ResidenceId};
use uuid::Uuid;

use super::*;

pub(crate) const ANN: AccountId = AccountId(Uuid::from_u128(1));
pub(crate) const AGENT: AccountId = AccountId(Uuid::from_u128(2));
const CLERK: AccountId = AccountId(Uuid::from_u128(3));
const STATES: [ResidenceState; 4] =
    [ResidenceState::Applied, ResidenceState::Verified, ResidenceState::Rejected, ResidenceState::Expired];

fn instant(days: i64) -> DateTime<Utc> {
    "2026-11-23T01:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(days)
}

/// An application of Ann's.
pub(crate) fn residence() -> residence::Model {
    let grid = "/310112008/310112008-D1/310112008001/";
    residence::Model {
        id: ResidenceId(Uuid::from_u128(5)),
        version: 1,
        account_id: ANN,
        state: ResidenceState::Applied,
        relation: ResidenceRelation::Tenant,
        area_id: AreaId(Uuid::from_u128(6)),
        area_path: grid.to_owned(),
        grid_path: grid.to_owned(),
        compound: "爱博四村".to_owned(),
        building_sealed: Vec::new(),
        unit_sealed: None,
        room_sealed: Vec::new(),
        flat_index: Vec::new(),
        reject_reason: None,
        note: None,
        decided_by: None,
        decided_at: None,
        valid_until: None,
        ended_at: None,
        created_at: instant(0),
        updated_at: instant(0),
    }
}

/// An invitation by Ann.
pub(crate) fn invited() -> proxy_grant::Model {
    proxy_grant::Model {
        id: ProxyGrantId(Uuid::from_u128(7)),
        version: 1,
        state: ProxyState::Invited,
        principal_id: Some(ANN),
        agent_id: None,
        agent_phone_sealed: Vec::new(),
        agent_phone_index: Vec::new(),
        verbs: "READ".to_owned(),
        granted_by: ANN,
        area_path: None,
        reason: None,
        valid_until: instant(30),
        accepted_at: None,
        ended_at: None,
        created_at: instant(0),
        updated_at: instant(0),
    }
}

#[test]
fn every_state_of_a_residence_answers_every_command() {
    use ResidenceState as S;
    for state in STATES {
        let row = residence::Model { state, ..residence() };
        let no = ResidenceRejectReason::WrongFlat;
        for (command, from, to) in [
            (ResidenceCommand::Verify, vec![S::Applied], S::Verified),
            (ResidenceCommand::Reject(no), vec![S::Applied], S::Rejected),
            (ResidenceCommand::End, vec![S::Applied, S::Verified], S::Expired),
        ] {
            match decide_residence(&row, command, Some(CLERK), instant(1)) {
                Ok(fact) => {
                    let mut after = row.clone();
                    evolve_residence(&mut after, &fact, Some(CLERK), instant(1));
                    assert!(from.contains(&state) && after.state == to && after.version == 2, "{state:?} {command:?}");
                }
                Err(Refusal::WrongState(_)) => assert!(!from.contains(&state), "{state:?} {command:?}"),
                Err(other) => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn nobody_decides_about_the_own_residence() {
    for command in [ResidenceCommand::Verify, ResidenceCommand::Reject(ResidenceRejectReason::Other)] {
        assert_eq!(decide_residence(&residence(), command, Some(ANN), instant(1)), Err(Refusal::SamePerson));
    }
    assert!(decide_residence(&residence(), ResidenceCommand::End, Some(ANN), instant(1)).is_ok());
}

#[test]
fn only_a_tenants_proof_has_an_end() {
    for (relation, until) in [
        (ResidenceRelation::Tenant, Some(instant(366))),
        (ResidenceRelation::Owner, None),
        (ResidenceRelation::Family, None),
    ] {
        let row = residence::Model { relation, ..residence() };
        let fact = decide_residence(&row, ResidenceCommand::Verify, Some(CLERK), instant(1)).unwrap();
        assert_eq!(fact, ResidenceFact::Verified { valid_until: until });
    }
}

#[test]
fn a_proof_is_renewed_in_its_last_days() {
    let until = Some(instant(365));
    for (state, valid_until, day, is_in_way) in [
        (ResidenceState::Applied, None, 0, true),
        (ResidenceState::Verified, None, 9_999, true),
        (ResidenceState::Verified, until, 304, true),
        (ResidenceState::Verified, until, 305, false),
        (ResidenceState::Rejected, None, 0, false),
        (ResidenceState::Expired, until, 0, false),
    ] {
        let row = residence::Model { state, valid_until, ..residence() };
        assert_eq!(is_in_the_way(&row, instant(day)), is_in_way, "{state:?} on day {day}");
    }
}

#[test]
fn a_proxy_is_accepted_once_and_ended_once_in_its_time() {
    use ProxyState as S;
    for (state, action, day, fits) in [
        (S::Invited, ProxyAction::Accept, 29, true),
        (S::Invited, ProxyAction::Accept, 30, false),
        (S::Active, ProxyAction::Accept, 1, false),
        (S::Ended, ProxyAction::Accept, 1, false),
        (S::Expired, ProxyAction::Accept, 1, false),
        (S::Invited, ProxyAction::End, 1, true),
        (S::Active, ProxyAction::End, 1, true),
        (S::Active, ProxyAction::End, 30, false),
        (S::Ended, ProxyAction::End, 1, false),
        (S::Expired, ProxyAction::End, 1, false),
    ] {
        let row = proxy_grant::Model { state, ..invited() };
        assert_eq!(may_proxy(&row, action, instant(day)).is_ok(), fits, "{state:?} {action:?} on day {day}");
    }
    let mut row = invited();
    evolve_proxy(&mut row, &ProxyFact::Accepted { agent: AGENT, principal: Some(ANN) }, instant(1));
    assert_eq!((row.state, row.agent_id, row.version), (S::Active, Some(AGENT), 2));
    evolve_proxy(&mut row, &ProxyFact::Ended, instant(2));
    assert_eq!((row.state, row.ended_at, row.version), (S::Ended, Some(instant(2)), 3));
}
