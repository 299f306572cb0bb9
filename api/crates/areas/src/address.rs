//! Shanghai addresses: 路 (road), 弄 (lane), 号 (number), then compound, building, unit, floor and room.
//!
//! People write addresses as they like, so reading one never fails: what is not understood stays in `raw` alone.

use serde::{Deserialize, Serialize};

/// An address as written, with the parts that were understood (地址).
///
/// Parts are bare: `688`, not `688号`. Unit, floor and room are personal data: show others [`Self::public`] only, and
/// never `raw`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Address {
    /// The text as it was written.
    pub raw: String,
    /// The road with its suffix (路), such as 申长路.
    pub road: Option<String>,
    /// The lane off the road (弄).
    pub lane: Option<String>,
    /// The house on the road or in the lane (号).
    pub number: Option<String>,
    /// The compound or the named site (小区), such as 爱博四村.
    pub compound: Option<String>,
    /// The building in the compound (号楼, 幢, 栋, 座).
    pub building: Option<String>,
    /// The staircase of the building (单元).
    pub unit: Option<String>,
    /// The floor (楼, 层).
    pub floor: Option<String>,
    /// The room (室).
    pub room: Option<String>,
}

impl Address {
    /// Reads an address; full-width digits are folded, spaces, punctuation and the names of city, district and town
    /// are passed over, and of two numbers for one part the first counts.
    /// ```
    /// use areas::Address;
    /// let address = Address::parse("上海市闵行区 申长路６８８号6楼");
    /// assert_eq!(address.road.as_deref(), Some("申长路"));
    /// assert_eq!((address.number.as_deref(), address.floor.as_deref()), (Some("688"), Some("6")));
    /// assert_eq!(Address::parse("路口第二棵树").number, None);
    /// ```
    #[must_use]
    pub fn parse(raw: &str) -> Self {
        let folded: String = raw.chars().filter_map(fold).collect();
        let mut address = Self { raw: raw.to_owned(), ..Self::default() };
        let mut rest = without_district(&folded);
        while !rest.is_empty() {
            let (words, after) = split_words(rest);
            let (number, after) = split_number(after);
            let (marker, after) = split_marker(after);
            address.note_words(words, marker == Some(Part::Building));
            address.note_number(number, marker);
            rest = after;
        }
        address
    }

    /// The address as others may see it: down to the building, without unit, floor and room; empty if nothing was
    /// understood.
    /// ```
    /// use areas::Address;
    /// assert_eq!(Address::parse("爱博四村12号楼301室").public(), "爱博四村12号楼");
    /// ```
    #[must_use]
    pub fn public(&self) -> String {
        let is_lettered = |name: &String| name.chars().all(|c| c.is_ascii_alphabetic());
        let building_marker = if self.building.as_ref().is_some_and(is_lettered) { "座" } else { "号楼" };
        [
            (&self.road, ""),
            (&self.lane, "弄"),
            (&self.number, "号"),
            (&self.compound, ""),
            (&self.building, building_marker),
        ]
        .into_iter()
        .filter_map(|(part, marker)| part.as_ref().map(|part| format!("{part}{marker}")))
        .collect()
    }

    fn note_words(&mut self, words: &str, before_building: bool) {
        let (road, place) = split_road(words);
        note(&mut self.road, road);
        if before_building || SITE_ENDINGS.iter().any(|ending| place.ends_with(ending)) {
            note(&mut self.compound, place);
        }
    }

    fn note_number(&mut self, number: &str, marker: Option<Part>) {
        match marker {
            Some(Part::Lane) => note(&mut self.lane, number),
            Some(Part::Number) => note(&mut self.number, number),
            Some(Part::Building) => note(&mut self.building, number),
            Some(Part::Unit) => note(&mut self.unit, number),
            Some(Part::Floor) => note(&mut self.floor, number),
            Some(Part::Room) => note(&mut self.room, number),
            // Longer numbers without a marker are telephone numbers rather than parts of an address.
            None if number.split('-').all(|piece| piece.len() <= LONGEST_BARE_PIECE) => self.note_bare_number(number),
            None => {}
        }
    }

    /// A number without a marker: the shorthand 12-301 or 12-2-301, a room behind a house, or a house on a road.
    fn note_bare_number(&mut self, number: &str) {
        let has_house = self.number.is_some() || self.building.is_some();
        match number.split('-').collect::<Vec<_>>().as_slice() {
            [building, room] if !has_house && self.road.is_none() => {
                note(&mut self.building, building);
                note(&mut self.room, room);
            }
            [building, unit, room] if !has_house => {
                note(&mut self.building, building);
                note(&mut self.unit, unit);
                note(&mut self.room, room);
            }
            _ if has_house => note(&mut self.room, number),
            _ if self.road.is_some() => note(&mut self.number, number),
            _ => {}
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Part {
    Lane,
    Number,
    Building,
    Unit,
    Floor,
    Room,
}

/// What follows a number, longer markers before those they begin with.
const MARKERS: [(&str, Part); 13] = [
    ("弄", Part::Lane),
    ("号楼", Part::Building),
    ("号", Part::Number),
    ("幢", Part::Building),
    ("栋", Part::Building),
    ("座", Part::Building),
    ("单元", Part::Unit),
    ("门", Part::Unit),
    ("楼", Part::Floor),
    ("层", Part::Floor),
    ("F", Part::Floor),
    ("室", Part::Room),
    ("房", Part::Room),
];

const ROAD_ENDINGS: [&str; 4] = ["大道", "街", "道", "巷"];

/// Words that end so name a place even where no building follows.
const SITE_ENDINGS: [&str; 22] = [
    "村", "苑", "园", "城", "府", "邸", "湾", "庭", "坊", "墅", "里", "小区", "东区", "西区", "南区", "北区", "公寓",
    "广场", "大厦", "中心", "天地", "天街",
];

const DISTRICTS: [&str; 16] = [
    "黄浦区",
    "徐汇区",
    "长宁区",
    "静安区",
    "普陀区",
    "虹口区",
    "杨浦区",
    "闵行区",
    "宝山区",
    "嘉定区",
    "浦东新区",
    "金山区",
    "松江区",
    "青浦区",
    "奉贤区",
    "崇明区",
];

const LONGEST_BARE_PIECE: usize = 5;
const LONGEST_PART: usize = 30;

/// Keeps the first text given for a part; nothing so long is the name of one.
fn note(part: &mut Option<String>, text: &str) {
    if part.is_none() && !text.is_empty() && text.chars().count() <= LONGEST_PART {
        *part = Some(text.to_owned());
    }
}

/// Full-width forms to plain ones; `None` for spaces and punctuation other than the hyphen.
fn fold(c: char) -> Option<char> {
    const TO_ASCII: u32 = 0xFEE0;
    let plain = match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - TO_ASCII).unwrap_or(c),
        '–' | '—' => '-',
        _ => c,
    };
    (plain.is_alphanumeric() || plain == '-').then_some(plain)
}

/// The text after city, district and town, which the area code tells better.
fn without_district(text: &str) -> &str {
    let district = |text: &'_ str| DISTRICTS.iter().find_map(|name| text.starts_with(name).then_some(name.len()));
    let after_city =
        text.strip_prefix("上海市").or_else(|| text.strip_prefix("上海").filter(|it| district(it).is_some()));
    let text = after_city.unwrap_or(text);
    let after_district = district(text).and_then(|length| text.get(length..));
    let text = after_district.unwrap_or(text);
    let town = ["街道", "镇"].into_iter().filter(|ending| *ending == "街道" || after_district.is_some());
    town.filter_map(|ending| text.split_once(ending))
        .find(|(name, after)| (1..=5).contains(&name.chars().count()) && !after.starts_with('路'))
        .map_or(text, |(_, after)| after)
}

/// Words up to the next number, which is a run with a digit or a single letter before a building's marker.
fn split_words(text: &str) -> (&str, &str) {
    let begins_number = |(position, c): &(usize, char)| {
        c.is_ascii_digit() || (c.is_ascii_alphabetic() && text.get(*position..).is_some_and(begins_lettered))
    };
    let end = text.char_indices().find(begins_number).map_or(text.len(), |(position, _)| position);
    text.split_at_checked(end).unwrap_or((text, ""))
}

/// Whether the text begins as in B座 or B2层.
fn begins_lettered(text: &str) -> bool {
    let next = text.chars().nth(1);
    next.is_some_and(|c| c.is_ascii_digit() || matches!(c, '座' | '栋' | '幢' | '楼'))
}

fn split_number(text: &str) -> (&str, &str) {
    let is_number = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '甲' | '乙' | '丙' | '丁');
    let (number, after) =
        text.split_at_checked(text.find(|c| !is_number(c)).unwrap_or(text.len())).unwrap_or((text, ""));
    // In 6F the letter is the marker.
    match number.strip_suffix('F') {
        Some(floor) if floor.ends_with(|c: char| c.is_ascii_digit()) => {
            text.split_at_checked(floor.len()).unwrap_or((number, after))
        }
        _ => (number, after),
    }
}

fn split_marker(text: &str) -> (Option<Part>, &str) {
    let found = MARKERS.iter().find_map(|(marker, part)| Some((Some(*part), text.strip_prefix(marker)?)));
    found.unwrap_or((None, text))
}

/// The road at the beginning of some words, and what comes after it.
fn split_road(words: &str) -> (&str, &str) {
    let after_road =
        words.char_indices().skip(1).find(|(_, c)| *c == '路').map(|(position, c)| position + c.len_utf8());
    match after_road.and_then(|end| words.split_at_checked(end)) {
        Some(parts) => parts,
        None if ROAD_ENDINGS.iter().any(|ending| words.ends_with(ending)) => (words, ""),
        None => ("", words),
    }
}

#[cfg(test)]
mod tests;
