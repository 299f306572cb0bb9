//! The names of the demo town.

/// The four disposal grids, from west to east.
pub(super) const DISPOSALS: [&str; 4] = ["爱博片区", "航华片区", "商务区片区", "枢纽片区"];

/// Numbers as they are written in names.
pub(super) const CHINESE_DIGITS: [&str; 6] = ["一", "二", "三", "四", "五", "六"];

/// A self-government grid: a neighbourhood (居民区) or a work station among offices (工作站).
pub(super) struct Neighbourhood {
    pub(super) stem: &'static str,
    pub(super) is_station: bool,
}

impl Neighbourhood {
    pub(super) fn title(&self) -> String {
        format!("{}{}", self.stem, if self.is_station { "工作站" } else { "居民区" })
    }

    /// The n-th compound: the first has the neighbourhood's own name.
    pub(super) fn compound_name(&self, number: usize) -> String {
        format!("{}{}", self.stem, ["", "东苑", "西苑"].get(number).copied().unwrap_or("新苑"))
    }

    /// Its place among the neighbourhoods with homes, from 0, and their number; `None` for a station.
    pub(super) fn rank_among_homes(&self) -> Option<(usize, usize)> {
        let homes = NEIGHBOURHOODS.iter().filter(|other| !other.is_station);
        let rank = homes.clone().position(|other| other.stem == self.stem)?;
        Some((rank, homes.count()))
    }
}

const fn homes(stem: &'static str) -> Neighbourhood {
    Neighbourhood { stem, is_station: false }
}

const fn station(stem: &'static str) -> Neighbourhood {
    Neighbourhood { stem, is_station: true }
}

/// The 29 self-government grids, from west to east.
pub(super) const NEIGHBOURHOODS: [Neighbourhood; 29] = [
    homes("爱博一村"),
    homes("爱博二村"),
    homes("爱博三村"),
    homes("爱博四村"),
    homes("爱博五村"),
    homes("爱博家园"),
    homes("虹安"),
    homes("航华一村"),
    homes("航华二村"),
    homes("航华三村"),
    homes("航华四村"),
    homes("航华五村"),
    homes("航华六村"),
    homes("航华新苑"),
    station("虹桥天地"),
    station("丽宝"),
    station("龙湖天街"),
    station("三湘"),
    station("绿谷"),
    station("品汇"),
    homes("申虹"),
    homes("华美"),
    homes("沪星"),
    homes("红星"),
    homes("新家弄"),
    homes("虹祥"),
    homes("泰虹"),
    homes("兴虹"),
    homes("扬虹"),
];

/// Roads that addresses are made of.
pub(super) const ROADS: [&str; 12] = [
    "申长路",
    "申虹路",
    "苏虹路",
    "甬虹路",
    "宁虹路",
    "舟虹路",
    "润虹路",
    "绍虹路",
    "锡虹路",
    "华翔路",
    "航中路",
    "沪青平公路",
];
