//! Which meetings organisations of the party lack, on the wire.

use ::events as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use kernel::page::Cursor;

use super::enums::EventKind;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::page::{connection, page};
use crate::party::PartyOrganization;

/// Queries.
#[derive(Default)]
pub struct LifeQuery;

/// 组织生活查询 / Queries about the life of organisations.
#[Object]
impl LifeQuery {
    /// 组织生活报告：哪些党支部在某几个月缺哪类会议；本组织书记及本级、上级党建专员。有本组织党员到会的会议才算开过；逐个组织给出出席率 / Which branches lack which meeting, in one month to twelve; for the
    /// organisation's secretary, and for the party's staff of it or above. A meeting counts once a member of the organisation was there; each has its rate of attendance.
    async fn organization_life_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "党组织，含下级 / Organisation of the party, with those below.")] organization_id: ID,
        #[graphql(desc = "起始月份中的任一天 / A day of the first month.")] from: NaiveDate,
        #[graphql(desc = "截止月份中的任一天 / A day of the last month.")] to: NaiveDate,
    ) -> Option<Result<OrganizationLifeReport>> {
        let read = async {
            ctx.person()?;
            let id = ctx.id(&organization_id)?;
            let actor = &ctx.caller().actor;
            let report = slice::life_report(ctx.base(), actor, id, (from, to)).await.or_fail(ctx)?;
            Ok(OrganizationLifeReport(report))
        };
        Some(read.await)
    }
}

/// A report.
pub struct OrganizationLifeReport(slice::LifeReport);

/// 组织生活报告 / Which meetings organisations of the party lack.
#[Object]
impl OrganizationLifeReport {
    /// 党组织 / Organisation whose branches it is about.
    async fn organization(&self) -> PartyOrganization {
        PartyOrganization(self.0.organization.clone())
    }

    /// 应开展组织生活的党支部和党小组数 / How many branches and groups there are that hold meetings.
    async fn organization_count(&self) -> usize {
        self.0.organizations()
    }

    /// 各类会议的缺开情况，每类一行 / How many lack which kind of meeting: a line for each kind, so not paged.
    async fn kinds(&self) -> Vec<OrganizationLifeKind> {
        let lacking = self.0.lacking().into_iter();
        let line = |kind: slice::Lacking| OrganizationLifeKind {
            kind: kind.kind.into(),
            required_count: kind.required,
            lacking_count: kind.lacking,
        };
        lacking.map(line).collect()
    }

    /// 逐个党支部、党小组的情况 / How it stands with each branch and group.
    async fn lines(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "仅缺这类会议的 / Those only that lack this kind.")] lacks: Option<EventKind>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<OrganizationLifeLineConnection>> {
        let page = page(first, after, last, before).or_fail(ctx);
        Some(page.map(|page| {
            let lines = self.0.lines(lacks.map(Into::into), &page);
            OrganizationLifeLineConnection::of(lines.map(|line| {
                let cursor = Cursor { at: line.organization.created_at, id: line.organization.id.into() };
                (OrganizationLifeLine(line), cursor)
            }))
        }))
    }
}

/// 一类会议的缺开情况 / How many lack a kind of meeting.
#[derive(SimpleObject)]
pub struct OrganizationLifeKind {
    /// 类型 / Which.
    kind: EventKind,
    /// 本期应开的组织数 / How many have to hold it.
    required_count: usize,
    /// 其中缺开的 / How many of these lack one or more.
    lacking_count: usize,
}

/// How it stands with an organisation.
#[derive(Clone)]
pub struct OrganizationLifeLine(slice::LifeLine);

connection!(
    OrganizationLifeLineConnection,
    OrganizationLifeLineEdge,
    OrganizationLifeLine,
    "组织生活情况",
    "how it stands with organisations"
);

/// 一个组织的组织生活情况 / How it stands with an organisation.
#[Object]
impl OrganizationLifeLine {
    /// 党组织 / Organisation.
    async fn organization(&self) -> PartyOrganization {
        PartyOrganization(self.0.organization.clone())
    }

    /// 本期会议的应到人次，不含免于出席的 / How many were expected at its meetings of these months, those who are exempt left out.
    async fn expected_count(&self) -> i32 {
        self.0.attendance.expected()
    }

    /// 本期会议的到会人次 / How many of them were there.
    async fn present_count(&self) -> i32 {
        self.0.attendance.present + self.0.attendance.late
    }

    /// 出席率，万分之一为单位；没有应到的为空 / The share of these in basis points; null where nobody was expected.
    async fn rate_bp(&self) -> Option<i32> {
        self.0.attendance.rate()
    }

    /// 应开的各类会议，每类一行 / The meetings that it has to hold, a line for each kind; so not paged.
    async fn meetings(&self) -> Vec<OrganizationLifeMeeting> {
        let meetings = self.0.meetings.iter();
        let line = |held: &slice::Held| OrganizationLifeMeeting {
            kind: held.kind.into(),
            required_count: held.required,
            held_count: held.held,
            missing_count: held.missing,
        };
        meetings.map(line).collect()
    }
}

/// 一类会议的情况 / How it stands with a kind of meeting.
#[derive(SimpleObject)]
pub struct OrganizationLifeMeeting {
    /// 类型 / Which.
    kind: EventKind,
    /// 应开次数：每月、每季或每年一次 / In how many months, quarters or years it had to be held.
    required_count: usize,
    /// 已开次数 / How many were held.
    held_count: usize,
    /// 其中没有开的月、季、年数 / In how many of these none was.
    missing_count: usize,
}
