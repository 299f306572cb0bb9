use entity::enums::{CenterState, OpeningSession};
use entity::id::{AreaId, CenterId};
use entity::venue;
use schedule::opening::{Days, Opening, Rule, Staffed};

use super::*;
use crate::window::tests::venue;

const HALL: VenueId = VenueId(Uuid::from_u128(1));
const EAST_HALF: VenueId = VenueId(Uuid::from_u128(2));
const WEST_HALF: VenueId = VenueId(Uuid::from_u128(3));
const ROOM: VenueId = VenueId(Uuid::from_u128(4));

/// A hall with its halves, and a room.
fn premises() -> Premises {
    let center = center::Model {
        id: CenterId(Uuid::nil()),
        version: 1,
        code: "XH-01".into(),
        name: "中心".into(),
        area_id: AreaId(Uuid::nil()),
        area_path: "/310112008/".into(),
        address: "路".into(),
        latitude: Some(31.2),
        longitude: Some(121.3),
        phone: None,
        state: CenterState::Open,
        created_at: DateTime::UNIX_EPOCH,
        updated_at: DateTime::UNIX_EPOCH,
    };
    let venues = [(HALL, None), (EAST_HALF, Some(HALL)), (WEST_HALF, Some(HALL)), (ROOM, None)];
    Premises::of(center, venues.map(|(id, within_id)| venue::Model { id, within_id, ..venue() }).into()).unwrap()
}

/// Open on working days from nine to eleven; the hall until twelve.
fn openings() -> Openings {
    let opening = |until| {
        let staffed = Staffed { hours: Hours::between(540, until).unwrap(), session: OpeningSession::Day, duty: None };
        let valid_from = NaiveDate::from_ymd_opt(2026, 1, 1).unwrap();
        Opening { rules: vec![Rule { days: Days::Working, staffed, valid_from, valid_to: None }], ..Opening::default() }
    };
    let open = [(HALL, opening(720)), (EAST_HALF, opening(660)), (WEST_HALF, opening(660)), (ROOM, opening(660))];
    Openings::from_iter(open)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A booking of Monday the 23rd, from nine on in Shanghai.
fn course(venue: VenueId, minutes: i64, state: S, left_after: Option<i64>) -> Course {
    let begins_at = at("2026-11-23T01:00:00Z");
    let later = |minutes| begins_at + TimeDelta::minutes(minutes);
    Course {
        venue,
        begins_at,
        ends_at: later(minutes),
        state,
        ended_at: left_after.map(later),
        is_late: false,
        only_waited: false,
        is_excused: false,
    }
}

fn counted(days: u64, courses: &[Course]) -> Usage {
    let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let dates: Vec<NaiveDate> = monday.iter_days().take(usize::try_from(days).unwrap()).collect();
    let premises = premises();
    count(&premises, &open(&premises, &openings(), &Calendar::of_2026(), (&dates, monday)), courses)
}

fn pieces(usage: &Usage) -> Vec<(usize, u32, u32)> {
    let hours = usage.hours.iter().enumerate().filter(|(_, pieces)| pieces.open > 0 || pieces.had > 0);
    hours.map(|(hour, pieces)| (hour, pieces.open, pieces.had)).collect()
}

#[test]
fn rooms_are_counted_once_however_they_lie_in_each_other() {
    // Two halves and a room, four quarters an hour; the third hour, the halves are open with the hall alone.
    assert_eq!(pieces(&counted(1, &[])), [(9, 12, 0), (10, 12, 0), (11, 8, 0)]);
    // Five of these seven days are worked on.
    assert_eq!(pieces(&counted(7, &[])), [(9, 60, 0), (10, 60, 0), (11, 40, 0)]);
    let hall = course(HALL, 150, S::Confirmed, None);
    assert_eq!(pieces(&counted(1, &[hall])), [(9, 12, 8), (10, 12, 8), (11, 8, 4)]);
}

#[test]
fn what_is_given_up_now_was_open_before() {
    let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let mut premises = premises();
    premises.center.state = CenterState::Suspended;
    let pieces_of = |today| {
        let open = open(&premises, &openings(), &Calendar::of_2026(), (&[monday], today));
        open.values().map(BTreeSet::len).sum::<usize>()
    };
    assert_eq!((pieces_of(monday), pieces_of(monday.succ_opt().unwrap())), (0, 32));
}

#[test]
fn what_people_left_early_is_had_up_to_the_quarter_in_which_they_left() {
    let left = |minutes| pieces(&counted(1, &[course(ROOM, 60, S::Completed, Some(minutes))]))[0].2;
    assert_eq!([left(60), left(46), left(45), left(16), left(15), left(1), left(61)], [4, 4, 3, 2, 1, 1, 4]);
    // What is closed since is not more than all.
    let late = course(ROOM, 180, S::CheckedIn, None);
    assert_eq!(pieces(&counted(1, &[late])), [(9, 12, 4), (10, 12, 4), (11, 8, 0)]);
}

#[test]
fn what_became_of_bookings_is_counted_by_state() {
    use sea_orm::Iterable as _;
    let mut courses: Vec<Course> = S::iter().map(|state| course(ROOM, 60, state, Some(0))).collect();
    courses.push(Course { is_late: true, ..course(ROOM, 60, S::CancelledByUser, Some(0)) });
    courses.push(course(ROOM, 60, S::NoShow, Some(15)));
    courses.push(Course { is_excused: true, ..course(ROOM, 60, S::NoShow, Some(15)) });
    for state in [S::CancelledByUser, S::CancelledByCenter] {
        courses.push(Course { only_waited: true, ..course(ROOM, 60, state, Some(0)) });
    }
    let usage = counted(1, &courses);
    assert_eq!((usage.used, usage.no_shows, usage.cancelled, usage.late, usage.called_off), (2, 2, 2, 1, 1));
}

#[test]
fn each_venue_has_its_part_and_a_place_is_a_part_of_its_room() {
    let of = |usage: &Usage, id: VenueId| {
        let found = usage.venues.iter().find(|one| one.venue.id == id).unwrap();
        (found.pieces.open, found.pieces.had, found.used, found.no_shows)
    };
    let usage = counted(1, &[course(EAST_HALF, 60, S::Completed, Some(60)), course(ROOM, 60, S::NoShow, Some(15))]);
    // The hall is its halves, twelve quarters each with the hour that it has alone; what was booked of it is its own.
    assert_eq!(of(&usage, HALL), (24, 4, 0, 0));
    assert_eq!(of(&usage, EAST_HALF), (12, 4, 1, 0));
    assert_eq!(of(&usage, ROOM), (8, 0, 0, 1));
    let mut premises = premises();
    premises.venues[3].units = 3;
    let monday = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
    let open = open(&premises, &openings(), &Calendar::of_2026(), (&[monday], monday));
    let two = [course(ROOM, 60, S::Confirmed, None), course(ROOM, 30, S::Confirmed, None)];
    assert_eq!(of(&count(&premises, &open, &two), ROOM), (24, 6, 0, 0));
    let five = vec![course(ROOM, 60, S::Confirmed, None); 5];
    assert_eq!(of(&count(&premises, &open, &five), ROOM), (24, 12, 0, 0), "never more than there is");
}
