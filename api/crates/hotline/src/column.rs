//! The columns of a file of orders (列). Pure.

use strum::{EnumIter, EnumString, IntoEnumIterator as _, IntoStaticStr};

/// A column of the file (列), in the order of the template.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, IntoStaticStr, EnumString)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Column {
    /// 工单编号
    Number,
    /// 来电人
    Name,
    /// 来电号码
    Phone,
    /// 受理时间
    ReceivedAt,
    /// 诉求类型
    Kind,
    /// 标题
    Title,
    /// 内容
    Content,
    /// 地址
    Address,
    /// 经度
    Longitude,
    /// 纬度
    Latitude,
    /// 分类
    Category,
    /// 办理时限
    DueAt,
    /// 是否保密
    Confidential,
    /// 撤回原因
    Reason,
}

impl Column {
    /// All of them, in order.
    pub fn all() -> impl Iterator<Item = Self> {
        Self::iter()
    }

    /// Its heading.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Number => "工单编号",
            Self::Name => "来电人",
            Self::Phone => "来电号码",
            Self::ReceivedAt => "受理时间",
            Self::Kind => "诉求类型",
            Self::Title => "标题",
            Self::Content => "内容",
            Self::Address => "地址",
            Self::Longitude => "经度",
            Self::Latitude => "纬度",
            Self::Category => "分类",
            Self::DueAt => "办理时限",
            Self::Confidential => "是否保密",
            Self::Reason => "撤回原因",
        }
    }

    /// The column of a heading, as platforms write it.
    #[must_use]
    pub fn named(heading: &str) -> Option<Self> {
        match heading {
            "工单号" => Some(Self::Number),
            "诉求人" => Some(Self::Name),
            "联系电话" => Some(Self::Phone),
            "诉求内容" => Some(Self::Content),
            "诉求地址" | "事发地址" => Some(Self::Address),
            "诉求分类" => Some(Self::Category),
            _ => Self::iter().find(|column| column.title() == heading),
        }
    }
}
