//! Map and calendar as the running service holds them (地图与日历): in memory, since both are small and every report asks.

use std::collections::HashMap;

use entity::area;
use entity::id::AreaId;
use kernel::base::Base;
use kernel::error::{Error, Result};

use crate::{Atlas, Calendar, Wgs84Point, store};

/// Map and calendar, read once at start and after each import.
pub struct Areas {
    /// Which grids a place lies in.
    pub atlas: Atlas,
    /// When something is due.
    pub calendar: Calendar,
    rows: HashMap<String, area::Model>,
}

impl Areas {
    /// Reads both from the database.
    ///
    /// # Errors
    /// A fault when the stored map is damaged.
    pub async fn load(base: &Base) -> Result<Self> {
        let db = base.db.reader();
        let rows = store::all(db).await?;
        let codes: HashMap<AreaId, String> = rows.iter().map(|row| (row.id, row.code.clone())).collect();
        let mut shapes = Vec::with_capacity(rows.len());
        for row in &rows {
            let parent = row.parent_id.and_then(|parent| codes.get(&parent));
            let parent = parent.map(|code| code.parse()).transpose().map_err(|_| damaged(row))?;
            shapes.push(store::shape_of(row, parent.as_ref())?);
        }
        let atlas = Atlas::build(shapes).map_err(|error| Error::Fault(error.into()))?;
        let calendar = store::calendar(db).await?;
        Ok(Self { atlas, calendar, rows: rows.into_iter().map(|row| (row.code.clone(), row)).collect() })
    }

    /// The smallest grid that holds a place; `None` outside the streets served.
    #[must_use]
    pub fn at(&self, point: Wgs84Point) -> Option<&area::Model> {
        let located = self.atlas.locate(point)?;
        self.rows.get(located.deepest().as_str())
    }

    /// An area by its code.
    #[must_use]
    pub fn by_code(&self, code: &str) -> Option<&area::Model> {
        self.rows.get(code)
    }
}

fn damaged(row: &area::Model) -> Error {
    Error::Fault(anyhow::anyhow!("area {}: its parent has a damaged code", row.code))
}
