use proptest::prelude::*;
use sea_orm::Iterable as _;

use super::*;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn counted(state: BookingState, kind: VenueKind, begins_at: &str, is_group: bool) -> Counted {
    Counted { state, alike: Alike::Kind(kind), begins_at: at(begins_at), is_group, is_allotted: false }
}

#[test]
fn weeks_begin_on_monday_in_shanghai() {
    // Sunday evening in UTC is Monday there.
    let monday = shanghai_date(at("2026-11-22T18:00:00Z"));
    assert_eq!(week_of(monday).to_string(), "2026-11-23");
    assert_eq!(week_of(shanghai_date(at("2026-11-22T15:00:00Z"))).to_string(), "2026-11-16");
    assert_eq!(week_of(NaiveDate::from_ymd_opt(2027, 1, 3).unwrap()).to_string(), "2026-12-28");
}

#[test]
fn what_was_had_counts_for_its_day_and_what_was_given_back_does_not() {
    let (dance, noon) = (VenueKind::Dance, "2026-11-24T04:00:00Z");
    let wanted = counted(BookingState::Confirmed, dance, "2026-11-24T08:00:00Z", false);
    for state in BookingState::iter() {
        let own = [counted(state, dance, noon, false)];
        let was_had = is_live(state) || matches!(state, BookingState::Completed | BookingState::NoShow);
        assert_eq!(check(&own, &wanted).is_err(), was_had, "{state:?}");
    }
    // Of another kind, or on another day in Shanghai, it is nothing to it.
    assert!(check(&[counted(BookingState::Confirmed, VenueKind::Fitness, noon, false)], &wanted).is_ok());
    assert!(check(&[counted(BookingState::Confirmed, dance, "2026-11-24T16:30:00Z", false)], &wanted).is_ok());
}

#[test]
fn a_doctor_and_a_lawyer_are_seen_on_one_day_and_each_once() {
    let (noon, later) = ("2026-11-24T04:00:00Z", "2026-11-24T06:00:00Z");
    let one = |venue: u128, at: &str| {
        let alike = Alike::of(VenueKind::Expert, VenueId(uuid::Uuid::from_u128(venue)));
        Counted { alike, ..counted(BookingState::Confirmed, VenueKind::Expert, at, false) }
    };
    assert!(check(&[one(1, noon)], &one(2, later)).is_ok());
    assert!(check(&[one(1, noon)], &one(1, later)).is_err());
    assert_eq!(Alike::of(VenueKind::Dance, VenueId(uuid::Uuid::nil())), Alike::Kind(VenueKind::Dance));
}

proptest! {
    /// However people book and give back, nobody ever has more than a share.
    #[test]
    fn nobody_has_more_than_a_share(steps in prop::collection::vec((0..20_i64, 0..3_u8, any::<bool>(), any::<bool>()), 0..60)) {
        let kinds = [VenueKind::Dance, VenueKind::Fitness, VenueKind::Meeting];
        let mut own: Vec<Counted> = Vec::new();
        for (day, kind, is_group, gives_back) in steps {
            let begins_at = at("2026-11-23T02:00:00Z") + chrono::TimeDelta::days(day);
            let wanted = Counted { state: BookingState::Confirmed, alike: Alike::Kind(kinds[usize::from(kind)]), begins_at, is_group, is_allotted: false };
            if gives_back && !own.is_empty() {
                own[0].state = BookingState::CancelledByUser;
                own.rotate_left(1);
            } else if check(&own, &wanted).is_ok() {
                own.push(wanted);
            }
            let live: Vec<&Counted> = own.iter().filter(|one| is_live(one.state)).collect();
            prop_assert!(live.len() <= LIVE);
            for one in &live {
                let alike = live.iter().filter(|other| other.alike == one.alike && shanghai_date(other.begins_at) == shanghai_date(one.begins_at));
                prop_assert!(alike.count() <= PER_DAY);
                let week = week_of(shanghai_date(one.begins_at));
                let groups = live.iter().filter(|other| other.is_group && week_of(shanghai_date(other.begins_at)) == week);
                prop_assert!(groups.count() <= GROUPS_PER_WEEK);
            }
        }
    }
}

#[test]
fn a_season_is_beside_the_share_until_its_person_moves_one() {
    use BookingState::Confirmed as C;
    let season = |at| Counted { is_allotted: true, ..counted(C, VenueKind::Dance, at, true) };
    let own = [
        season("2026-11-24T18:00:00+08:00"),
        season("2026-11-26T18:00:00+08:00"),
        season("2026-12-01T18:00:00+08:00"),
        season("2026-12-03T18:00:00+08:00"),
    ];
    assert_eq!(check(&own, &counted(C, VenueKind::Dance, "2026-11-24T10:00:00+08:00", true)), Ok(()));
    // A fourth one that is live, but neither on a day that has one, nor a third in its week.
    assert_eq!(check(&own[..3], &season("2026-12-05T10:00:00+08:00")), Ok(()));
    assert!(check(&own[..3], &season("2026-11-24T10:00:00+08:00")).is_err());
    assert!(check(&own, &season("2026-12-05T10:00:00+08:00")).is_err());
}
