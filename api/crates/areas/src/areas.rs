//! Map and calendar as the running service holds them (地图与日历): in memory, since both are small and every report asks.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use entity::area;
use kernel::base::Base;
use kernel::error::{Error, Result};
use serde_json::Value;

use crate::{Atlas, Bounds, Calendar, Datum, Wgs84Point, geojson, store};

/// Map and calendar, read once at start and after each import.
pub struct Areas {
    /// Which grids a place lies in.
    pub atlas: Atlas,
    /// When something is due.
    pub calendar: Calendar,
    kept: HashMap<String, Kept>,
}

/// An area in memory, with its boundary as it was printed for each datum asked for.
struct Kept {
    row: area::Model,
    printed: [OnceLock<Arc<Value>>; Datum::ALL.len()],
}

impl Areas {
    /// Reads both from the database.
    ///
    /// # Errors
    /// A fault when the stored map is damaged.
    pub async fn load(base: &Base) -> Result<Self> {
        let db = base.db.reader();
        let rows = store::all(db).await?;
        let atlas = Atlas::build(store::shapes_of(&rows)?).map_err(|error| Error::Fault(error.into()))?;
        let calendar = store::calendar(db).await?;
        let kept = rows.into_iter().map(|row| (row.code.clone(), Kept { row, printed: Default::default() }));
        Ok(Self { atlas, calendar, kept: kept.collect() })
    }

    /// The smallest grid that holds a place; `None` outside the streets served.
    #[must_use]
    pub fn at(&self, point: Wgs84Point) -> Option<&area::Model> {
        let located = self.atlas.locate(point)?;
        self.by_code(located.deepest().as_str())
    }

    /// All areas in use, in no order.
    pub fn rows(&self) -> impl Iterator<Item = &area::Model> {
        self.kept.values().map(|kept| &kept.row).filter(|row| row.valid_to.is_none())
    }

    /// An area by its code; one that is no more too, since cases name the grid they were filed in.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&area::Model> {
        self.kept.get(code).map(|kept| &kept.row)
    }

    /// An area in use by its code.
    #[must_use]
    pub fn in_use(&self, code: &str) -> Option<&area::Model> {
        self.by_code(code).filter(|row| row.valid_to.is_none())
    }

    /// The area below a path whose name the words tell, the longest name first; `None` where none is told, or two alike are.
    #[must_use]
    pub fn named_in(&self, words: &str, below: &str) -> Option<&area::Model> {
        let told =
            self.rows().filter(|row| row.path.starts_with(below) && row.path != below && words.contains(&row.name));
        let (mut best, mut is_alone) = (None::<&area::Model>, true);
        for row in told {
            match best {
                Some(best) if row.name.len() < best.name.len() => {}
                Some(other) if row.name.len() == other.name.len() => is_alone = false,
                _ => (best, is_alone) = (Some(row), true),
            }
        }
        best.filter(|_| is_alone)
    }

    /// The boundary of an area as a GeoJSON geometry; `None` for a point. Each is printed once a datum, and an area that
    /// was imported since the map was read is printed anew.
    ///
    /// # Errors
    /// A fault when the stored boundary is damaged.
    pub fn boundary(&self, row: &area::Model, datum: Datum) -> Result<Option<Arc<Value>>> {
        let Some(shape) = row.shape.as_deref() else { return Ok(None) };
        let kept = self.kept.get(&row.code).filter(|kept| kept.row.shape.as_deref() == Some(shape));
        let place = kept.and_then(|kept| kept.printed.get(datum as usize));
        if let Some(printed) = place.and_then(OnceLock::get) {
            return Ok(Some(Arc::clone(printed)));
        }
        let outline = geojson::stored_geometry(shape, &Bounds::XINHONG)
            .map_err(|problem| Error::Fault(anyhow::anyhow!("area {}: boundary: {problem}", row.code)))?;
        let printed = Arc::new(geojson::geometry(&outline, datum));
        Ok(Some(match place {
            Some(place) => Arc::clone(place.get_or_init(|| printed)),
            None => printed,
        }))
    }
}
