use super::*;
use proptest::prelude::*;

/// The parts in order, joined by `/`; `_` stands for a part that is missing.
fn parts(text: &str) -> String {
    let it = Address::parse(text);
    assert_eq!(it.raw, text);
    [it.road, it.lane, it.number, it.compound, it.building, it.unit, it.floor, it.room]
        .map(|part| part.unwrap_or_else(|| String::from("_")))
        .join("/")
}

#[test]
fn addresses_are_read_as_people_write_them() {
    for (text, expected) in [
        ("申长路688号6楼", "申长路/_/688/_/_/_/6/_"),
        ("愚园路532弄50号401室", "愚园路/532/50/_/_/_/_/401"),
        ("爱博四村12号楼301室", "_/_/_/爱博四村/12/_/_/301"),
        ("上海市闵行区新虹街道申长路688弄爱博四村12号楼2单元301室", "申长路/688/_/爱博四村/12/2/_/301"),
        ("上海闵行区申长路８１８号", "申长路/_/818/_/_/_/_/_"),
        ("闵行区华漕镇沪青平公路100号", "沪青平公路/_/100/_/_/_/_/_"),
        ("镇宁路9号", "镇宁路/_/9/_/_/_/_/_"),
        ("申长路688号虹桥天地B座12层1203室", "申长路/_/688/虹桥天地/B/_/12/1203"),
        ("申长路 688 弄（爱博四村）12 幢 301", "申长路/688/_/爱博四村/12/_/_/301"),
        ("爱博四村12-301", "_/_/_/爱博四村/12/_/_/301"),
        ("航华小区12-2-301", "_/_/_/航华小区/12/2/_/301"),
        ("申长路688", "申长路/_/688/_/_/_/_/_"),
        ("愚园路532弄50号401", "愚园路/532/50/_/_/_/_/401"),
        ("申长路688甲号", "申长路/_/688甲/_/_/_/_/_"),
        ("申虹路1188号6F", "申虹路/_/1188/_/_/_/6/_"),
        ("申虹路1188号B2层", "申虹路/_/1188/_/_/_/B2/_"),
        ("世纪大道100号", "世纪大道/_/100/_/_/_/_/_"),
        ("申长路爱博四村3栋", "申长路/_/_/爱博四村/3/_/_/_"),
        ("申长路688弄爱博四村", "申长路/688/_/爱博四村/_/_/_/_"),
        ("申长路688号13800138000", "申长路/_/688/_/_/_/_/_"),
        ("申长路688号021-62212345", "申长路/_/688/_/_/_/_/_"),
        ("申长路688号门口", "申长路/_/688/_/_/_/_/_"),
        ("爱博四村门口有积水，电话13800138000", "_/_/_/_/_/_/_/_"),
        ("", "_/_/_/_/_/_/_/_"),
        ("12号楼", "_/_/_/_/12/_/_/_"),
        ("虹桥天地", "_/_/_/虹桥天地/_/_/_/_"),
    ] {
        assert_eq!(parts(text), expected, "{text}");
    }
}

#[test]
fn the_public_form_ends_at_the_building() {
    for (text, public) in [
        ("申长路688号6楼", "申长路688号"),
        ("愚园路532弄50号401室", "愚园路532弄50号"),
        ("爱博四村12-2-301", "爱博四村12号楼"),
        ("申长路688号虹桥天地B座12层1203室", "申长路688号虹桥天地B座"),
        ("我家楼上", ""),
        ("13800138000", ""),
    ] {
        assert_eq!(Address::parse(text).public(), public);
    }
}

#[test]
fn json_keeps_the_parts_and_tolerates_missing_ones() {
    let address = Address::parse("申长路688号");
    let text = serde_json::to_string(&address).unwrap();
    assert_eq!(serde_json::from_str::<Address>(&text).unwrap(), address);
    assert_eq!(serde_json::from_str::<Address>(r#"{"raw":"x"}"#).unwrap().raw, "x");
}

proptest! {
    #[test]
    fn any_text_is_kept(text in any::<String>()) {
        prop_assert_eq!(Address::parse(&text).raw, text);
    }

    #[test]
    fn pieces_of_addresses_in_any_order_are_read(
        text in "(申长路|上海市|闵行区|新虹街道|镇|弄|号|楼|室|座|村|B|F|-|[0-9０-９]|甲| ){0,20}"
    ) {
        let address = Address::parse(&text);
        let parts = [address.road, address.lane, address.number, address.building, address.unit, address.floor, address.room];
        prop_assert!(parts.iter().flatten().all(|part| !part.is_empty() && !part.contains(' ')));
    }
}
