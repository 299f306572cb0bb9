//! Categories of requests.

use ::requests as slice;
use async_graphql::{Context, Object};
use slice::reference::{Category, Edition};

use crate::context::Ask as _;
use crate::enums::CategoryNature;
use crate::reference::EditionInfo;

/// A category of the tree, as one edition says.
pub struct RequestCategory(pub(crate) Edition<Category>);

impl From<Edition<Category>> for RequestCategory {
    fn from(edition: Edition<Category>) -> Self {
        Self(edition)
    }
}

impl RequestCategory {
    /// The categories in use below another, or at the top.
    pub(crate) fn below(ctx: &Context<'_>, parent: Option<&str>) -> Vec<Self> {
        let (town, now) = (ctx.house().town(), ctx.base().clock.now());
        let used = town.categories(now).into_iter().filter(|category| !category.is_retired);
        used.filter(|category| slice::parent_of(&category.code) == parent).cloned().map(Self).collect()
    }

    /// A category by its code: what holds now, or what is to hold of one that is planned.
    pub(crate) fn by_code(ctx: &Context<'_>, code: &str) -> Option<Self> {
        let (town, now) = (ctx.house().town(), ctx.base().clock.now());
        let categories = &town.reference.categories;
        categories.at(code, now).or_else(|| categories.latest(code)).cloned().map(Self)
    }
}

/// 诉求分类 / A category of requests.
#[Object]
impl RequestCategory {
    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.content.name
    }

    /// 上级分类代码 / Code of the category above.
    async fn parent_code(&self) -> Option<&str> {
        slice::parent_of(&self.0.code)
    }

    /// 下级分类，不含已停用的 / Categories below, without what is retired.
    async fn children(&self, ctx: &Context<'_>) -> Vec<RequestCategory> {
        Self::below(ctx, Some(&self.0.code))
    }

    /// 同级中的次序 / Order among siblings.
    async fn position(&self) -> i32 {
        self.0.content.position
    }

    /// 时限规则代码；空则按诉求类型 / Code of its time limits; by the kind of the request when null.
    async fn sla_code(&self) -> Option<&str> {
        self.0.content.sla_code.as_deref()
    }

    /// 城市管理部件、事件分类代码 / Class of GB/T 30428.2.
    async fn gb_code(&self) -> Option<&str> {
        self.0.content.gb_code.as_deref()
    }

    /// 性质 / Nature.
    async fn nature(&self) -> CategoryNature {
        self.0.content.nature.into()
    }

    /// 处置后是否必须拍照 / Whether handling must show a photo.
    async fn needs_photo(&self) -> bool {
        self.0.content.needs_photo
    }

    /// 是否敏感，不公开 / Whether it is never published.
    async fn is_sensitive(&self) -> bool {
        self.0.content.is_sensitive
    }

    /// 版次 / Which edition says so.
    async fn edition(&self, ctx: &Context<'_>) -> EditionInfo {
        EditionInfo::of(&self.0, ctx.house().town().reference.categories.editions(&self.0.code))
    }

    /// 全部版次，新的在前，仅工作人员；版次不多，不分页 / All editions, newest first; for staff; few, so not paged.
    async fn history(&self, ctx: &Context<'_>) -> Option<Vec<RequestCategory>> {
        let town = ctx.house().town();
        let all = town.reference.categories.editions(&self.0.code).iter().rev().cloned().map(RequestCategory);
        slice::reference::may_read(&ctx.caller().actor).then(|| all.collect())
    }
}
