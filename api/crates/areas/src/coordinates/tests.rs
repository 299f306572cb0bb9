use super::*;
use proptest::prelude::*;

fn close(a: Degrees, b: Degrees, tolerance: f64) -> bool {
    (a.0 - b.0).abs() <= tolerance && (a.1 - b.1).abs() <= tolerance
}

/// The vectors of the domain page: WGS-84, GCJ-02, BD-09.
const VECTORS: [[Degrees; 3]; 3] = [
    [(121.320000, 31.195000), (121.324522, 31.193040), (121.330924, 31.199393)],
    [(121.310000, 31.200000), (121.314500, 31.198024), (121.320908, 31.204373)],
    [(121.473700, 31.230400), (121.478223, 31.228458), (121.484781, 31.234311)],
];

#[test]
fn published_vectors_hold_in_both_directions() {
    for [wgs, gcj, bd] in VECTORS {
        let point = Wgs84Point::new(wgs.0, wgs.1).unwrap();
        // The vectors are rounded to six decimals.
        assert!(close(point.to_datum(Datum::Gcj02), gcj, 5.1e-7), "{wgs:?} {:?}", point.to_datum(Datum::Gcj02));
        assert!(close(point.to_datum(Datum::Bd09), bd, 5.1e-7), "{wgs:?} {:?}", point.to_datum(Datum::Bd09));
        assert_eq!(point.to_datum(Datum::Cgcs2000), wgs);
        for (datum, (lng, lat)) in [(Datum::Gcj02, gcj), (Datum::Bd09, bd), (Datum::Cgcs2000, wgs)] {
            let back = Wgs84Point::from_datum(datum, lng, lat).unwrap();
            assert!(close(back.degrees(), wgs, 1e-6), "{datum} {back:?}");
        }
    }
}

#[test]
fn shifts_have_the_known_size() {
    let point = Wgs84Point::new(121.4737, 31.2304).unwrap();
    let shift = |datum| {
        let (lng, lat) = point.to_datum(datum);
        point.metres_to(Wgs84Point::new(lng, lat).unwrap())
    };
    assert_eq!(shift(Datum::Gcj02).round(), 481.0);
    let (lng, lat) = point.to_datum(Datum::Gcj02);
    let gcj = Wgs84Point::new(lng, lat).unwrap();
    let (lng, lat) = point.to_datum(Datum::Bd09);
    let beyond = gcj.metres_to(Wgs84Point::new(lng, lat).unwrap());
    assert!((800.0..1_000.0).contains(&beyond), "{beyond}");
}

#[test]
fn outside_china_nothing_moves() {
    let london = Wgs84Point::new(-0.1276, 51.5072).unwrap();
    assert_eq!(london.to_datum(Datum::Gcj02), (-0.1276, 51.5072));
    assert_eq!(Wgs84Point::from_datum(Datum::Gcj02, -0.1276, 51.5072), Ok(london));
}

#[test]
fn haversine_matches_the_vector() {
    let (a, b) = (Wgs84Point::new(121.32, 31.195).unwrap(), Wgs84Point::new(121.31, 31.2).unwrap());
    assert!((a.metres_to(b) - 1_101.7).abs() < 0.05, "{}", a.metres_to(b));
    let antipodes = Wgs84Point::new(0.0, 0.0).unwrap().metres_to(Wgs84Point::new(180.0, 0.0).unwrap());
    assert!((antipodes - 20_015_114.0).abs() < 1.0);
}

#[test]
fn bad_pairs_are_refused_with_the_reason() {
    use CoordinateError::*;
    let cases = [
        (f64::NAN, 31.2, NotFinite),
        (121.3, f64::INFINITY, NotFinite),
        (f64::NEG_INFINITY, f64::NAN, NotFinite),
        (31.195, 121.32, LooksSwapped),
        (200.0, 31.2, OutOfRange),
        (1e300, 1e300, OutOfRange),
        (-31.0, -200.0, OutOfRange),
    ];
    for datum in Datum::ALL {
        for (lng, lat, expected) in cases {
            assert_eq!(Bounds::XINHONG.admit(datum, lng, lat), Err(expected), "{datum} {lng},{lat}");
        }
    }
    assert!(LooksSwapped.to_string().contains("looks swapped"));
    assert_eq!("gcj02".parse::<Datum>(), Err(UnknownDatum));
}

#[test]
fn the_box_allows_fifty_kilometres() {
    let admit = |lng, lat| Bounds::XINHONG.admit(Datum::Wgs84, lng, lat);
    assert!(admit(121.314422, 31.194327).is_ok_and(|point| Bounds::XINHONG.contains(point)));
    assert!(admit(121.4737, 31.2304).is_ok_and(|point| !Bounds::XINHONG.contains(point)));
    assert!(admit(121.315, 31.22 + 0.449).is_ok());
    assert_eq!(admit(121.315, 31.22 + 0.451), Err(CoordinateError::TooFar { kilometres: 50 }));
    assert!(matches!(admit(116.4, 39.9), Err(CoordinateError::TooFar { kilometres: 1_000..1_200 })));
    let cape = |lng| Wgs84Point::new(lng, 40.0).unwrap();
    let narrow = Bounds::spanning(cape(60.0), cape(61.0));
    assert_eq!(narrow.admit(Datum::Wgs84, 40.0, 60.5), Err(CoordinateError::LooksSwapped));
}

proptest! {
    #[test]
    fn round_trips_stay_within_a_millionth_degree(lng in 73.5f64..135.0, lat in 3.5f64..53.5) {
        let point = Wgs84Point::new(lng, lat).unwrap();
        for datum in Datum::ALL {
            let (x, y) = point.to_datum(datum);
            let back = Wgs84Point::from_datum(datum, x, y).unwrap();
            prop_assert!(close(back.degrees(), (lng, lat), 1e-6), "{datum} {back:?}");
        }
    }

    #[test]
    fn any_two_numbers_give_an_answer(lng in any::<f64>(), lat in any::<f64>()) {
        for datum in Datum::ALL {
            if let Ok(point) = Bounds::XINHONG.admit(datum, lng, lat) {
                prop_assert!(point.longitude().is_finite() && point.latitude().is_finite());
            }
            if let Ok(point) = Wgs84Point::from_datum(datum, lng, lat) {
                prop_assert!(point.metres_to(point) == 0.0);
            }
        }
    }
}
