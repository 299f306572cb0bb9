//! Imports, their rows, and results.

use ::hotline as slice;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::Id as _;
use entity::{hotline_batch, hotline_import, hotline_row};

use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::FileFormat;
use crate::loaders::{CaseOf, load};
use crate::page::{connection, page};
use crate::requests::ServiceRequest;

/// 导入进度 / How far an import is.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ImportState")]
pub enum ImportState {
    /// 排队中 / it waits for its turn.
    Queued,
    /// 处理中 / some rows are done.
    Running,
    /// 已完成 / all rows are done.
    Done,
    /// 失败：无法再读取，可重新导入同一文件 / it cannot be read any more; the same file may be brought again.
    Failed,
}

/// 一行的结果；试运行时为将会有的结果 / What came of a row; of a dry run, what would.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::RowOutcome")]
pub enum RowOutcome {
    /// 已导入 / it became a case.
    Created,
    /// 已存在，内容相同 / it is there already.
    Known,
    /// 已撤回工单 / it withdrew a case.
    Withdrawn,
    /// 有错误，未导入 / it was refused.
    Refused,
}

/// 文件的列 / A column of the file.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Column")]
pub enum HotlineColumn {
    /// 工单编号 / number of the order.
    Number,
    /// 来电人 / who called.
    Name,
    /// 来电号码 / the number to call.
    Phone,
    /// 受理时间 / when the hotline took it.
    ReceivedAt,
    /// 诉求类型 / kind.
    Kind,
    /// 标题 / title.
    Title,
    /// 内容 / content.
    Content,
    /// 地址 / address.
    Address,
    /// 经度 / longitude.
    Longitude,
    /// 纬度 / latitude.
    Latitude,
    /// 分类 / category.
    Category,
    /// 办理时限 / until when the platform wants the result.
    DueAt,
    /// 是否保密 / whether handlers do not learn who called.
    Confidential,
    /// 撤回原因 / why it is taken back.
    Reason,
}

/// 行错误码，只增不减 / What can be wrong with a row; append-only.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "slice::Problem")]
pub enum HotlineRowCode {
    /// 缺内容 / it is missing.
    Required,
    /// 太长 / it is too long.
    TooLong,
    /// 含有不该有的字符 / it holds signs that have no place there.
    Characters,
    /// 编号只能是字母、数字和连字符 / a number has letters, digits and hyphens.
    Number,
    /// 类型须为咨询、求助、投诉、举报、意见建议、表扬 / none of the kinds.
    Kind,
    /// 不是手机或上海固定电话号码 / neither a mobile number nor a landline of Shanghai.
    Phone,
    /// 不是日期时间 / no date and time.
    Time,
    /// 时间在将来 / it lies in the future.
    Future,
    /// 受理已超过 60 天 / it was taken more than 60 days ago.
    TooOld,
    /// 坐标不对 / no coordinates.
    Place,
    /// 不在本街道 / the place is not of the street.
    OutsideArea,
    /// 须写是或否 / neither yes nor no.
    Flag,
    /// 同一编号此前内容不同 / the same number came before with other contents.
    Changed,
    /// 没有这张工单 / there is no such order to withdraw.
    NotThere,
    /// 工单已结束，不能撤回 / it is over and cannot be withdrawn.
    Over,
    /// 其他诉求已并入，请先与平台商定 / others were merged into it, whose matter it is too.
    Shared,
}

/// 行错误 / What is wrong with a row.
#[derive(SimpleObject, Clone)]
pub struct HotlineRowProblem {
    /// 列 / Column.
    column: HotlineColumn,
    /// 列名 / Its heading.
    title: &'static str,
    /// 错误码 / Code.
    code: HotlineRowCode,
}

/// A file that comes in.
pub struct HotlineImport(pub(super) hotline_import::Model);

/// 热线工单导入 / An import of hotline orders: it is worked on beside the requests, row by row.
#[Object]
impl HotlineImport {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 进度 / How far it is.
    async fn state(&self) -> ImportState {
        self.0.state.into()
    }

    /// 是否试运行 / Whether it only tells what would come of it.
    async fn is_dry_run(&self) -> bool {
        self.0.is_dry_run
    }

    /// 行数 / Rows of the file.
    async fn row_count(&self) -> i32 {
        self.0.row_count
    }

    /// 已处理行数 / Rows that are done.
    async fn done_count(&self) -> i32 {
        self.0.done_count
    }

    /// 新建件数 / Rows that became a case.
    async fn created_count(&self) -> i32 {
        self.0.created_count
    }

    /// 已存在件数 / Rows that were there already.
    async fn known_count(&self) -> i32 {
        self.0.known_count
    }

    /// 撤回件数 / Rows that withdrew a case.
    async fn withdrawn_count(&self) -> i32 {
        self.0.withdrawn_count
    }

    /// 错误行数 / Rows that were refused.
    async fn refused_count(&self) -> i32 {
        self.0.refused_count
    }

    /// 上传时间 / When it was brought.
    async fn created_at(&self) -> DateTime<Utc> {
        self.0.created_at
    }

    /// 完成时间 / When it was done.
    async fn finished_at(&self) -> Option<DateTime<Utc>> {
        self.0.finished_at
    }

    /// 各行结果，按行号；可只看一种 / What came of its rows, in their order; of one kind only, if wanted.
    async fn import_rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "只看这种结果 / Only these.")] outcome: Option<RowOutcome>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<HotlineRowConnection>> {
        let read = async {
            let page = page(first, after, last, before).or_fail(ctx)?;
            let rows = slice::rows_of(ctx.base(), self.0.id, outcome.map(Into::into), &page).await.or_fail(ctx)?;
            Ok(HotlineRowConnection::of(rows.map(|(row, at)| (HotlineRow(row), at))))
        };
        Some(read.await)
    }
}

/// A row of an import.
#[derive(Clone)]
pub struct HotlineRow(hotline_row::Model);

/// 导入行 / A row of an import.
#[Object]
impl HotlineRow {
    /// 行号，与电子表格一致，表头为第 1 行 / Its number as spreadsheets count; the heading is row 1.
    async fn row(&self) -> i32 {
        self.0.row_no
    }

    /// 结果 / What came of it.
    async fn outcome(&self) -> RowOutcome {
        self.0.outcome.into()
    }

    /// 工单编号；读不出时为空 / Number of the order; null where it could not be read.
    async fn external_no(&self) -> Option<&str> {
        self.0.external_no.as_deref()
    }

    /// 错误 / What is wrong with it.
    async fn problems(&self) -> Vec<HotlineRowProblem> {
        let told = self.0.problems.as_ref().and_then(|told| told.as_array()).into_iter().flatten();
        let read = told.filter_map(|told| {
            let column: slice::Column = told.get("column")?.as_str()?.parse().ok()?;
            let code: slice::Problem = told.get("code")?.as_str()?.parse().ok()?;
            Some(HotlineRowProblem { column: column.into(), title: column.title(), code: code.into() })
        });
        read.collect()
    }

    /// 对应的诉求；试运行及出错时为空 / The case; null in a dry run and where it was refused.
    async fn service_request(&self, ctx: &Context<'_>) -> Option<Result<ServiceRequest>> {
        let case = load(ctx, CaseOf(self.0.request_id?)).await;
        case.and_then(|case| case.map(|case| ServiceRequest::of(ctx, case)).transpose()).transpose()
    }
}

connection!(HotlineRowConnection, HotlineRowEdge, HotlineRow, "导入行", "rows of an import");

/// 结果回传批次 / Results sent back to the district, as a file.
#[derive(SimpleObject)]
pub struct HotlineBatch {
    /// 全局标识 / Global id.
    id: ID,
    /// 批次号，按街道从 1 起 / Number within the street, from 1.
    number: i64,
    /// 格式 / Format.
    format: Option<FileFormat>,
    /// 结果数 / Results in it.
    row_count: i32,
    /// 其中更正：此前报过，重新办结 / Of these, corrections of results sent before.
    correction_count: i32,
    /// 还有结果未报，请再导出 / Whether more were waiting.
    has_more: bool,
    /// 生成时间 / When it was made.
    created_at: DateTime<Utc>,
    /// 下载地址，一小时有效，三十天内可再取；谁持有都能下载，请勿转发 / Where to fetch it, for an hour; ask again within 30 days. Whoever has the address
    /// can.
    url: Option<String>,
}

impl HotlineBatch {
    pub(super) fn of(ctx: &Context<'_>, row: &hotline_batch::Model) -> Self {
        Self {
            id: row.id.text().into(),
            number: row.number,
            format: kernel::sheet::Format::of_name(&row.format).map(Into::into),
            row_count: row.row_count,
            correction_count: row.correction_count,
            has_more: row.has_more,
            created_at: row.created_at,
            url: slice::address(ctx.base(), row),
        }
    }
}
