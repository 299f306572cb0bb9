//! Where things happen (地点): around the compounds and buildings of the demo map.

use areas::{Level, Outline, Wgs84Point};
use requests::{AreaRef, Town};

use super::dice::Dice;

/// How far from a building something happens: about 80 m.
const REACH: f64 = 0.000_8;

/// Places of the demo map with an address.
pub(super) struct Places(Vec<(Wgs84Point, String)>);

/// A place, the smallest grid that holds it, and its address.
pub(super) struct Spot {
    pub(super) place: Wgs84Point,
    pub(super) area: AreaRef,
    pub(super) address: String,
}

impl Places {
    pub(super) fn new() -> Self {
        let points = areas::demo_town().into_iter().filter(|area| area.level == Level::Building);
        Self(
            points
                .filter_map(|area| match area.outline {
                    Outline::Place(point) => Some((point, area.address.unwrap_or(area.name))),
                    Outline::Surface(_) => None,
                })
                .collect(),
        )
    }

    /// Some place: in a building, or, on the street, near one.
    pub(super) fn draw(&self, dice: &Dice, town: &Town, on_the_street: bool) -> anyhow::Result<Spot> {
        let (point, address) = dice.pick(&self.0);
        if on_the_street {
            let push = || (dice.below(2_001) as f64 / 1_000.0 - 1.0) * REACH;
            let near = Wgs84Point::new(point.longitude() + push(), point.latitude() + push())?;
            if let Some(area) = town.area_at(near) {
                return Ok(Spot { place: near, area, address: format!("{address}附近") });
            }
        }
        let area = town.area_at(*point).ok_or_else(|| anyhow::anyhow!("{address} lies outside the demo map"))?;
        Ok(Spot { place: *point, area, address: address.clone() })
    }
}
