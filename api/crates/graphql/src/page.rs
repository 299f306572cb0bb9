//! Relay connections (分页).

use async_graphql::SimpleObject;
use kernel::error::Result;
use kernel::page::{Cursor, PageRequest};

/// 分页信息 / Relay page info.
#[derive(SimpleObject, Clone, Debug)]
pub struct PageInfo {
    /// 后面还有 / Whether rows follow.
    pub has_next_page: bool,
    /// 前面还有 / Whether rows come before.
    pub has_previous_page: bool,
    /// 本页第一行的游标 / Cursor of the first row.
    pub start_cursor: Option<String>,
    /// 本页最后一行的游标 / Cursor of the last row.
    pub end_cursor: Option<String>,
}

/// Arguments of a connection field, checked.
pub(crate) fn page(
    first: Option<i32>,
    after: Option<String>,
    last: Option<i32>,
    before: Option<String>,
) -> Result<PageRequest> {
    PageRequest::new(first, after.as_deref(), last, before.as_deref())
}

/// Makes a connection and its edge; async-graphql's own print without a description.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ty, $zh:literal, $en:literal) => {
        #[doc = concat!($zh, "分页 / Page of ", $en, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $connection {
            /// 边 / Edges.
            pub edges: Vec<$edge>,
            /// 节点，与边同序 / Nodes, in the order of the edges.
            pub nodes: Vec<$node>,
            /// 分页信息 / Page info.
            pub page_info: $crate::page::PageInfo,
        }

        #[doc = concat!($zh, "边 / Edge of ", $en, ".")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// 节点 / Node.
            pub node: $node,
            /// 游标 / Cursor.
            pub cursor: String,
        }

        impl $connection {
            /// Makes a connection of a page; `cursor` says where a node stands.
            pub(crate) fn of(page: kernel::page::Page<($node, kernel::page::Cursor)>) -> Self {
                let page_info = $crate::page::info(&page);
                let nodes = page.rows.iter().map(|(node, _)| node.clone()).collect();
                let edges = page.rows.into_iter().map(|(node, at)| $edge { node, cursor: at.text() }).collect();
                Self { edges, nodes, page_info }
            }
        }
    };
}

pub(crate) use connection;

/// Page info of rows with their cursors.
pub(crate) fn info<T>(page: &kernel::page::Page<(T, Cursor)>) -> PageInfo {
    PageInfo {
        has_next_page: page.has_next,
        has_previous_page: page.has_previous,
        start_cursor: page.rows.first().map(|(_, at)| at.text()),
        end_cursor: page.rows.last().map(|(_, at)| at.text()),
    }
}
