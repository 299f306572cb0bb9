//! Categories of requests (诉求分类): a tree of at most three levels, whose codes extend their parents'.

use entity::enums::CategoryNature;
use serde::{Deserialize, Serialize};

/// What a category says (诉求分类).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Category {
    /// Name.
    pub name: String,
    /// Order among siblings.
    pub position: i32,
    /// SLA policy; by the request's kind when `None`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sla_code: Option<String>,
    /// GB/T 30428.2 class.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gb_code: Option<String>,
    /// Whether it is a city object.
    pub nature: CategoryNature,
    /// Handling must show an AFTER photo.
    pub needs_photo: bool,
    /// Never published.
    pub is_sensitive: bool,
}

/// The code of the category above; `None` at the top.
///
/// ```
/// assert_eq!(requests::parent_of("FACILITY.STREET_LIGHT"), Some("FACILITY"));
/// assert_eq!(requests::parent_of("FACILITY"), None);
/// ```
#[must_use]
pub fn parent_of(code: &str) -> Option<&str> {
    code.rsplit_once('.').map(|(parent, _)| parent)
}
