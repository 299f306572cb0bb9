//! Categories of requests.

use async_graphql::{Context, Object};
use entity::request_category;

use crate::context::Ask as _;

/// A category of the tree.
pub struct RequestCategory(pub(crate) request_category::Model);

/// 诉求分类 / A category of requests.
#[Object]
impl RequestCategory {
    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 上级分类代码 / Code of the category above.
    async fn parent_code(&self) -> Option<&str> {
        self.0.parent_code.as_deref()
    }

    /// 下级分类 / Categories below.
    async fn children(&self, ctx: &Context<'_>) -> Vec<RequestCategory> {
        let town = &ctx.house().town;
        let below = town.categories().filter(|row| row.parent_code.as_ref() == Some(&self.0.code));
        below.cloned().map(RequestCategory).collect()
    }

    /// 处置后是否必须拍照 / Whether handling must show a photo.
    async fn needs_photo(&self) -> bool {
        self.0.needs_photo
    }

    /// 是否敏感，不公开 / Whether it is never published.
    async fn is_sensitive(&self) -> bool {
        self.0.is_sensitive
    }
}
