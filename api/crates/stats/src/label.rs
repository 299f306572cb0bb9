//! What the keys of a report are called (名称). Pure, but for the names of units, which the caller brings.

use std::collections::HashMap;

use requests::Town;

use crate::command::Group;

/// The name of a key; the key itself where it has none.
#[must_use]
pub fn label(town: &Town, units: &HashMap<String, String>, group: Group, key: &str) -> String {
    let name = match group {
        Group::None => Some("全部".to_owned()),
        Group::Grid => {
            let code = key.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
            town.areas.by_code(code).map(|area| area.name.clone())
        }
        Group::Unit if key.is_empty() => Some("未派单".to_owned()),
        Group::Unit => units.get(key).cloned(),
        Group::Category => town.reference.categories.latest(key).map(|category| category.content.name.clone()),
        Group::Channel => channel(key).map(str::to_owned),
        Group::Source => source(key).map(str::to_owned),
        Group::Month | Group::Day | Group::Cell => None,
    };
    name.unwrap_or_else(|| key.to_owned())
}

fn channel(key: &str) -> Option<&'static str> {
    Some(match key {
        "MINI_PROGRAM" => "小程序",
        "APP" => "手机应用",
        "WEB" => "网页",
        "OFFICIAL_ACCOUNT" => "公众号",
        "HOTLINE_12345" => "12345热线",
        "WALK_IN" => "窗口",
        "PATROL" => "巡查",
        "SENSOR" => "传感器",
        _ => return None,
    })
}

fn source(key: &str) -> Option<&'static str> {
    Some(match key {
        "RESIDENT" => "居民",
        "ENTERPRISE" => "企业",
        "PATROL" => "巡查",
        "AUTO" => "自动",
        "HOTLINE" => "热线",
        _ => return None,
    })
}
