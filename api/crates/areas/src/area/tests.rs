use super::*;

fn area(code: &str, level: Level, parent: Option<&str>) -> AreaShape {
    AreaShape {
        code: code.parse().unwrap(),
        level,
        parent_code: parent.map(|code| code.parse().unwrap()),
        name: String::from("试"),
        address: None,
        is_demo: true,
        outline: Outline::Surface(MultiPolygon(vec![])),
    }
}

#[test]
fn codes_follow_the_national_pattern() {
    for good in ["310112008", "310112008001", "310112008-D1", "310112008001-03", "310112008001-03-C2-B10"] {
        assert_eq!(good.parse::<AreaCode>().unwrap().as_str(), good);
    }
    let long = format!("310112008-{}", "1".repeat(31));
    for bad in ["", "31011200800", "3101120080011", "310112", "31011200a", "310112008_1", "D1", "３10112008", &long] {
        assert_eq!(bad.parse::<AreaCode>(), Err(BadAreaCode), "{bad}");
    }
}

#[test]
fn areas_that_do_not_fit_are_named() {
    let street = || area("310112008", Level::Street, None);
    let place = AreaShape {
        outline: Outline::Place(Wgs84Point::new(121.3, 31.2).unwrap()),
        ..area("310112008-D1", Level::Disposal, Some("310112008"))
    };
    let endless = AreaShape {
        outline: Outline::Surface(MultiPolygon(vec![geo::Rect::new((0.0, 0.0), (f64::NAN, 1.0)).to_polygon()])),
        ..area("310112008-D1", Level::Disposal, Some("310112008"))
    };
    let code = |text: &str| text.parse::<AreaCode>().unwrap();
    let cases = [
        (street(), TreeProblem::CodeRepeated(code("310112008"))),
        (area("310112106", Level::Street, Some("310112008")), TreeProblem::ParentMisplaced),
        (area("310112008-D1", Level::Disposal, None), TreeProblem::ParentMisplaced),
        (area("310112008-D1", Level::Disposal, Some("310112106")), TreeProblem::ParentUnknown(code("310112106"))),
        (area("310112106-D1", Level::Disposal, Some("310112008")), TreeProblem::ParentForeign(code("310112008"))),
        (area("310112008-A1", Level::Autonomy, Some("310112008")), TreeProblem::CodeUnsuited(code("310112008-A1"))),
        (
            area("310112008-M", Level::Micro, Some("310112008")),
            TreeProblem::LevelsDoNotNest { child: Level::Micro, parent: Level::Street },
        ),
        (place, TreeProblem::NeedsSurface),
        (endless, TreeProblem::NotFinite),
    ];
    for (area, problem) in cases {
        assert_eq!(check_tree(&[street(), area]), Err(TreeError { index: 1, problem }));
    }
    let own_parent = area("310112008-D1", Level::Disposal, Some("310112008-D1"));
    assert!(matches!(check_tree(&[own_parent]).unwrap_err().problem, TreeProblem::LevelsDoNotNest { .. }));
}
