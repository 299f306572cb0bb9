use super::*;

#[test]
fn times_of_the_day_are_read_strictly() {
    for (text, expected) in [("00:00", Some(0)), ("08:30", Some(510)), ("24:00", Some(1_440))] {
        assert_eq!(minute("opensAt", text).ok(), expected, "{text}");
    }
    for bad in
        ["", "8:30", "08:60", "24:15", "25:00", "-1:00", "+8:00", "0830", "08:3", "08:30:00", "八点", "99:99", "1e:00"]
    {
        assert!(minute("opensAt", bad).is_err(), "{bad}");
    }
}

#[test]
fn a_note_is_asked_for_where_the_reason_says_nothing() {
    let on = || Seen { id: BookingId(uuid::Uuid::nil()), expected_version: Some(1) };
    assert!(Reject::parse(on(), BookingRejectReason::Other, Some(" ")).is_err());
    assert!(Reject::parse(on(), BookingRejectReason::Purpose, None).is_ok());
    assert!(CallOff::parse(on(), ClosureReason::Other, None, Scope::This).is_err());
    assert!(CallOff::parse(on(), ClosureReason::Other, Some("设备检修"), Scope::This).is_ok());
}
