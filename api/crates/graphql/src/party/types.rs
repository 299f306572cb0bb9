//! Types of the party; who reaches one may see it. None is a `Node`: nothing here is fetched by its id.

use ::party as slice;
use async_graphql::{Context, Enum, ID, Object};
use chrono::{DateTime, Utc};
use entity::id::Id as _;
use entity::party_organization;
use kernel::page::Cursor;

use crate::context::Result;
use crate::loaders::load;
use crate::page::connection;

/// 党组织类型 / Kind of an organisation of the party.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::PartyOrganizationKind")]
pub enum PartyOrganizationKind {
    /// 党工委 / working committee.
    WorkingCommittee,
    /// 党委 / committee.
    Committee,
    /// 党总支 / general branch.
    GeneralBranch,
    /// 党支部 / branch.
    Branch,
    /// 联合支部 / joint branch.
    JointBranch,
    /// 临时党支部 / temporary branch.
    TemporaryBranch,
    /// 党小组 / group.
    Group,
}

/// 党员状态 / As what somebody belongs to the party.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::PartyStanding")]
pub enum PartyStanding {
    /// 正式 / full member.
    Full,
    /// 预备 / probationary member.
    Probationary,
    /// 流动 / member away from the own organisation.
    Floating,
}

/// 党内职务 / What somebody does for the own organisation of the party; who has such a duty sits on its committee.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::PartyDuty")]
pub enum PartyDuty {
    /// 书记 / secretary.
    Secretary,
    /// 副书记 / deputy secretary.
    DeputySecretary,
    /// 委员 / member of the committee.
    CommitteeMember,
}

/// An organisation of the party.
#[derive(Clone)]
pub struct PartyOrganization(pub(crate) party_organization::Model);

/// 党组织，内部资料 / An organisation of the party; internal.
#[Object]
impl PartyOrganization {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 代码 / Code.
    async fn code(&self) -> &str {
        &self.0.code
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 类型 / Kind.
    async fn kind(&self) -> PartyOrganizationKind {
        self.0.kind.into()
    }

    /// 上级党组织标识 / The organisation above, as a global id.
    async fn parent_id(&self) -> Option<ID> {
        self.0.parent_id.map(|id| id.text().into())
    }
}

/// A line of a roster.
#[derive(Clone)]
pub struct PartyRosterMember(pub(super) slice::Member);

impl PartyRosterMember {
    pub(super) fn cursor(&self) -> Cursor {
        Cursor { at: self.0.row.created_at, id: self.0.row.id.into() }
    }
}

connection!(PartyRosterConnection, PartyRosterEdge, PartyRosterMember, "党员名册", "a roster of the party");

/// 名册中的党员；仅本组织书记及本级、上级党建专员可见 / A line of a roster; seen by the organisation's secretary and by the party's staff of it
/// or above only.
#[Object]
impl PartyRosterMember {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 姓名；本人注销账号后为空 / Name; null once the person ended the account.
    async fn display_name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// 党员状态 / As what.
    async fn standing(&self) -> PartyStanding {
        self.0.row.standing.into()
    }

    /// 党内职务 / What the person does for the organisation.
    async fn duty(&self) -> Option<PartyDuty> {
        self.0.row.duty.map(Into::into)
    }

    /// 入党年月，如 1998-07 / Month of joining, e.g. `1998-07`.
    async fn join_month(&self) -> Option<&str> {
        self.0.join_month.as_deref()
    }

    /// 手机号，脱敏 / Number, masked.
    async fn phone(&self) -> Option<String> {
        self.0.phone.as_ref().map(|phone| phone.masked())
    }

    /// 本人是否已确认 / Whether the person confirmed it.
    async fn is_bound(&self) -> bool {
        self.0.row.account_id.is_some()
    }
}

/// The own membership.
pub struct PartyMembership(pub(super) slice::Member);

/// 本人的党员身份，仅本人可见 / The viewer's own membership; seen by the viewer alone.
#[Object]
impl PartyMembership {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 所在党组织 / The organisation.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<PartyOrganization>> {
        load(ctx, self.0.row.organization_id).await.map(|row| row.map(PartyOrganization)).transpose()
    }

    /// 姓名，以名册为准 / Name, as the roster has it.
    async fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// 党员状态 / As what.
    async fn standing(&self) -> PartyStanding {
        self.0.row.standing.into()
    }

    /// 党内职务 / What the viewer does for the organisation.
    async fn duty(&self) -> Option<PartyDuty> {
        self.0.row.duty.map(Into::into)
    }

    /// 入党年月 / Month of joining.
    async fn join_month(&self) -> Option<&str> {
        self.0.join_month.as_deref()
    }

    /// 确认时间 / When the viewer confirmed it.
    async fn confirmed_at(&self) -> Option<DateTime<Utc>> {
        self.0.row.bound_at
    }
}

/// A line of a roster with the viewer's own number.
pub struct PartyInvitation(pub(super) slice::Member);

/// 待本人确认的名册记录：登记的手机号是本人的 / A line of a roster that has the viewer's own number, and waits for the viewer.
#[Object]
impl PartyInvitation {
    /// 名册记录标识，用于 memberId / The line, for `memberId`.
    async fn member_id(&self) -> ID {
        self.0.row.id.text().into()
    }

    /// 党组织 / The organisation.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<PartyOrganization>> {
        load(ctx, self.0.row.organization_id).await.map(|row| row.map(PartyOrganization)).transpose()
    }

    /// 姓，供本人辨认 / The family name only, to recognise oneself by.
    async fn display_name(&self) -> Option<String> {
        let family = self.0.name.as_ref().and_then(|name| name.chars().next());
        family.map(|family| format!("{family}**"))
    }
}
