//! Which units may handle a matter (派单候选).

use std::cmp::Reverse;
use std::collections::BTreeMap;

use entity::id::UnitId;
use entity::{area, unit, unit_area, unit_category};
use kernel::db::in_keys;
use kernel::error::Result;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, DbErr, EntityTrait as _, FromQueryResult, JoinType, Order, QueryFilter as _,
    QueryOrder as _, QueryResult, QuerySelect as _,
};

use crate::reach;

/// Rows that each of the two looks for candidates reads at most; a street has some hundred units.
const MOST_MATCHES: u64 = 400;

/// A unit that may handle a matter (承办单位候选), and how well it fits.
#[derive(Clone, Debug, PartialEq)]
pub struct Candidate {
    /// The unit.
    pub unit: unit::Model,
    /// Parts of the most specific category code that matched: 1 for a main category. `None` when the unit answers for none.
    pub category_depth: Option<usize>,
    /// Areas on the path that matched, the street counting 1. `None` when the unit answers for none of them.
    pub area_depth: Option<usize>,
}

/// Active units that answer for a category, or one above it, or for an area on a path; two statements. Those that fit in
/// both come first, then the more specific category, then the smaller area (部件先属主后属地: the owner of a thing before the
/// keeper of a place).
///
/// # Errors
/// When the database does not answer.
pub async fn candidates(db: &impl ConnectionTrait, category_code: &str, area_path: &str) -> Result<Vec<Candidate>> {
    let mut found: BTreeMap<UnitId, Candidate> = BTreeMap::new();
    let candidate = |unit| Candidate { unit, category_depth: None, area_depth: None };
    for matched in matches_by_area(db, area_path).await? {
        let known = found.entry(matched.unit.id).or_insert_with(|| candidate(matched.unit));
        known.area_depth = known.area_depth.max(Some(reach::path_depth(&matched.by)));
    }
    let here: Vec<UnitId> = found.keys().copied().collect();
    for matched in matches_by_category(db, category_code, &here).await? {
        let known = found.entry(matched.unit.id).or_insert_with(|| candidate(matched.unit));
        known.category_depth = known.category_depth.max(Some(reach::code_depth(&matched.by)));
    }
    let mut found: Vec<Candidate> = found.into_values().collect();
    found.sort_by_key(|candidate| {
        let is_both = candidate.category_depth.is_some() && candidate.area_depth.is_some();
        Reverse((is_both, candidate.category_depth, candidate.area_depth))
    });
    Ok(found)
}

async fn matches_by_area(db: &impl ConnectionTrait, area_path: &str) -> Result<Vec<Match>> {
    let paths = reach::paths_above(area_path);
    let answers = unit::Entity::belongs_to(unit_area::Entity).from(unit::Column::Id).to(unit_area::Column::UnitId);
    let place = unit_area::Entity::belongs_to(area::Entity).from(unit_area::Column::AreaId).to(area::Column::Id);
    let query = unit::Entity::find()
        .column_as(area::Column::Path, MATCHED)
        .join(JoinType::InnerJoin, answers.into())
        .join(JoinType::InnerJoin, place.into())
        .filter(area::Column::Path.is_in(paths))
        .filter(unit::Column::IsActive.eq(true))
        // Deepest first: when there are too many, those that fit best are kept.
        .order_by_desc(area::Column::Path)
        .order_by_asc(unit::Column::Id)
        .limit(MOST_MATCHES);
    Ok(query.into_model::<Match>().all(db).await?)
}

/// A category is the same in every street, so its units may be many: those that also answer for the place come first.
async fn matches_by_category(db: &impl ConnectionTrait, category: &str, here: &[UnitId]) -> Result<Vec<Match>> {
    let codes = reach::codes_above(category);
    let answers =
        unit::Entity::belongs_to(unit_category::Entity).from(unit::Column::Id).to(unit_category::Column::UnitId);
    let mut query = unit::Entity::find()
        .column_as(unit_category::Column::CategoryCode, MATCHED)
        .join(JoinType::InnerJoin, answers.into())
        .filter(unit_category::Column::CategoryCode.is_in(codes))
        .filter(unit::Column::IsActive.eq(true));
    if !here.is_empty() {
        query = query.order_by(in_keys(db, unit::Column::Id, here), Order::Desc);
    }
    let query =
        query.order_by_desc(unit_category::Column::CategoryCode).order_by_asc(unit::Column::Id).limit(MOST_MATCHES);
    Ok(query.into_model::<Match>().all(db).await?)
}

/// Name of the extra column of a [`Match`].
const MATCHED: &str = "matched";

/// A unit and the code or path by which it was found.
struct Match {
    unit: unit::Model,
    by: String,
}

impl FromQueryResult for Match {
    fn from_query_result(row: &QueryResult, prefix: &str) -> std::result::Result<Self, DbErr> {
        Ok(Self { unit: unit::Model::from_query_result(row, prefix)?, by: row.try_get(prefix, MATCHED)? })
    }
}
