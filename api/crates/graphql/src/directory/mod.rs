//! 机构与承办单位 / Organisations and units on the wire.

mod inputs;

use ::directory as slice;
use async_graphql::{Context, ID, MaybeUndefined, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::Id as _;
use entity::{organization, unit, unit_member};
use kernel::error::{Error, Result as KernelResult, UserError as Refusal};
use kernel::guarded::{Decision, Guarded};
use kernel::page::Cursor;
use kernel::target::Target;
use kernel::text::Problems;
use slice::{
    AddUnitMember, CategoryCode, CreditCode, Edit, EndUnitMembership, Name, OrganizationAction, SaveOrganization,
    SaveUnit, UnitAction,
};

use self::inputs::{AddUnitMemberInput, EndUnitMembershipInput, SaveOrganizationInput, SaveUnitInput};
use crate::areas::Area;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::enums::{OrganizationKind, UnitDuty};
use crate::errors::UserError;
use crate::identity::User;
use crate::loaders::{AreasOf, CategoriesOf, MembersOf, UnitsOf, load, load_all};
use crate::mutation::{Settled, Subject, perform};
use crate::page::{connection, page};

/// An organisation.
#[derive(Clone)]
pub struct Organization(pub(crate) organization::Model);

/// 机构 / An organisation that units belong to.
#[Object]
impl Organization {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 机构类型 / Kind.
    async fn kind(&self) -> OrganizationKind {
        self.0.kind.into()
    }

    /// 统一社会信用代码 / Unified social credit code, where it is known.
    async fn credit_code(&self) -> Option<&str> {
        self.0.credit_code.as_deref()
    }

    /// 版本 / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 所属单位，登录后可见，至多 200 个 / Its units, for people who signed in; at most 200, so not paged.
    async fn units(&self, ctx: &Context<'_>) -> Option<Result<Vec<Unit>>> {
        if !may(ctx, &slice::Organization(self.0.clone()), OrganizationAction::SeeName) {
            return None;
        }
        let rows = load(ctx, UnitsOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(Unit).collect()))
    }
}

connection!(OrganizationConnection, OrganizationEdge, Organization, "机构", "organisations");

/// A responsible unit.
#[derive(Clone)]
pub struct Unit(pub(crate) unit::Model);

/// 承办单位 / A unit that receives orders and answers for them.
#[Object]
impl Unit {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 名称 / Name.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// 是否接单 / Whether it takes new orders.
    async fn is_active(&self) -> bool {
        self.0.is_active
    }

    /// 版本 / Version, for `expectedVersion`.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 所属机构，登录后可见 / Whose unit it is; for people who signed in.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        if !self.may(ctx, UnitAction::SeeName) {
            return None;
        }
        load(ctx, self.0.organization_id).await.map(|row| row.map(Organization)).transpose()
    }

    /// 在任人员，工作人员可见，至多 500 人 / Its people now; for staff; at most 500, so not paged.
    async fn members(&self, ctx: &Context<'_>) -> Option<Result<Vec<UnitMember>>> {
        if !self.may(ctx, UnitAction::SeeStaffing) {
            return None;
        }
        let rows = load(ctx, MembersOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(UnitMember).collect()))
    }

    /// 责任区域，工作人员可见，至多 500 个 / Areas it answers for; for staff; at most 500, so not paged.
    async fn areas(&self, ctx: &Context<'_>) -> Option<Result<Vec<Area>>> {
        if !self.may(ctx, UnitAction::SeeStaffing) {
            return None;
        }
        let found = async {
            let rows = load(ctx, AreasOf(self.0.id)).await?.unwrap_or_default();
            let areas = load_all(ctx, rows.iter().map(|row| row.area_id).collect()).await?;
            Ok(areas.into_iter().map(Area).collect())
        };
        Some(found.await)
    }

    /// 责任事项代码，工作人员可见，至多 500 个 / Codes of the categories it answers for; for staff; at most 500, so not paged.
    async fn category_codes(&self, ctx: &Context<'_>) -> Option<Result<Vec<String>>> {
        if !self.may(ctx, UnitAction::SeeStaffing) {
            return None;
        }
        let rows = load(ctx, CategoriesOf(self.0.id)).await;
        Some(rows.map(|rows| rows.unwrap_or_default().into_iter().map(|row| row.category_code).collect()))
    }
}

/// What the policy says to the caller.
fn may<T: Guarded>(ctx: &Context<'_>, subject: &T, action: T::Action) -> bool {
    subject.decide(&ctx.caller().actor, action) == Decision::Allow
}

impl Unit {
    /// The unit, for who may know its name.
    pub(crate) fn seen(ctx: &Context<'_>, row: unit::Model) -> Option<Self> {
        Some(Self(row)).filter(|unit| unit.may(ctx, UnitAction::SeeName))
    }

    fn may(&self, ctx: &Context<'_>, action: UnitAction) -> bool {
        may(ctx, &slice::Unit(self.0.clone()), action)
    }
}

/// A person's place in a unit.
pub struct UnitMember(unit_member::Model);

/// 任职 / A person's place in a unit.
#[Object]
impl UnitMember {
    /// 人员 / Who.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.0.account_id).await.map(|row| row.map(User)).transpose()
    }

    /// 职务 / As what.
    async fn duty(&self) -> UnitDuty {
        self.0.duty.into()
    }

    /// 起 / From.
    async fn valid_from(&self) -> DateTime<Utc> {
        self.0.valid_from
    }

    /// 止 / Until; open end when null.
    async fn valid_to(&self) -> Option<DateTime<Utc>> {
        self.0.valid_to
    }
}

/// Queries.
#[derive(Default)]
pub struct DirectoryQuery;

/// 机构查询 / Queries about organisations.
#[Object]
impl DirectoryQuery {
    /// 机构列表，登录后可见 / Organisations, for people who signed in.
    async fn organizations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "机构类型，不填为全部 / Kind; all when absent.")] kind: Option<OrganizationKind>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<OrganizationConnection>> {
        let found = async {
            slice::policy::admit(&ctx.caller().actor)?;
            let page = page(first, after, last, before)?;
            slice::organizations(ctx.base().db.reader(), kind.map(Into::into), &page).await
        };
        let connection = found.await.or_fail(ctx).map(|rows| {
            OrganizationConnection::of(rows.map(|row| {
                let at = Cursor { at: row.updated_at, id: row.id.into() };
                (Organization(row), at)
            }))
        });
        Some(connection)
    }
}

/// 机构返回 / Payload of an organisation.
#[derive(SimpleObject)]
pub struct OrganizationPayload {
    /// 机构；被拒绝或版本冲突时为当前内容 / Organisation; the current one when refused or on a conflict.
    organization: Option<Organization>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// 单位返回 / Payload of a unit.
#[derive(SimpleObject)]
pub struct UnitPayload {
    /// 单位；被拒绝或版本冲突时为当前内容 / Unit; the current one when refused or on a conflict.
    unit: Option<Unit>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct DirectoryMutation;

/// 机构维护 / Keeping the directory.
#[Object]
impl DirectoryMutation {
    /// 新增或修改机构 / Adds or changes an organisation.
    async fn save_organization(&self, ctx: &Context<'_>, input: SaveOrganizationInput) -> Result<OrganizationPayload> {
        ctx.person()?;
        let id = input.id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let command = || {
            let mut problems = Problems::default();
            let target = problems.take(Target::of(id, input.expected_version));
            let name = problems.take(Name::parse("name", &input.name));
            let credit_code = problems.take(credit_code(&input.credit_code));
            problems.none()?;
            let (target, (name, credit_code)) = parsed(target.zip(name.zip(credit_code)))?;
            Ok(SaveOrganization { target, name, kind: input.kind.into(), credit_code })
        };
        let settled = perform(
            ctx,
            ("saveOrganization", &input.idempotency_key),
            id,
            &input,
            command(),
            |tx, command| Box::pin(slice::save_organization(tx, command)),
            |row| row.id,
        );
        let settled = settled.await?;
        let organization = match settled.subject {
            Subject::Row(row) => Some(Organization(row)),
            Subject::Id(id) => load(ctx, entity::id::OrganizationId(id)).await?.map(Organization),
            Subject::None => None,
        };
        Ok(OrganizationPayload { organization, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }

    /// 新增或修改承办单位 / Adds or changes a unit, with the areas and categories it answers for.
    async fn save_unit(&self, ctx: &Context<'_>, input: SaveUnitInput) -> Result<UnitPayload> {
        ctx.person()?;
        let id = input.id.as_ref().map(|id| ctx.id(id)).transpose()?;
        let organization = ctx.id(&input.organization_id)?;
        let areas = input.area_ids.iter().map(|id| ctx.id(id)).collect::<Result<Vec<_>>>()?;
        let command = || {
            let mut problems = Problems::default();
            let target = problems.take(Target::of(id, input.expected_version));
            let name = problems.take(Name::parse("name", &input.name));
            let codes = input.category_codes.iter().map(|code| CategoryCode::parse("categoryCodes", code));
            let categories = problems.take(codes.collect::<std::result::Result<Vec<_>, _>>());
            problems.none()?;
            let (target, (name, categories)) = parsed(target.zip(name.zip(categories)))?;
            Ok(SaveUnit { target, organization, name, is_active: input.is_active, areas, categories })
        };
        let settled = perform(
            ctx,
            ("saveUnit", &input.idempotency_key),
            id,
            &input,
            command(),
            |tx, command| Box::pin(slice::save_unit(tx, command)),
            |row| row.id,
        );
        unit_payload(ctx, settled.await?).await
    }

    /// 任命 / Appoints a person to a unit.
    async fn add_unit_member(&self, ctx: &Context<'_>, input: AddUnitMemberInput) -> Result<UnitPayload> {
        ctx.person()?;
        let command = AddUnitMember {
            unit: ctx.id(&input.unit_id)?,
            expected_version: input.expected_version,
            account: ctx.id(&input.user_id)?,
            duty: input.duty.into(),
            from: input.valid_from,
            until: input.valid_to,
        };
        let settled = perform(
            ctx,
            ("addUnitMember", &input.idempotency_key),
            Some(command.unit),
            &input,
            Ok(command),
            |tx, command| Box::pin(slice::add_unit_member(tx, command)),
            |row| row.id,
        );
        unit_payload(ctx, settled.await?).await
    }

    /// 离任 / Ends a person's place in a unit.
    async fn end_unit_membership(&self, ctx: &Context<'_>, input: EndUnitMembershipInput) -> Result<UnitPayload> {
        ctx.person()?;
        let command = EndUnitMembership {
            unit: ctx.id(&input.unit_id)?,
            expected_version: input.expected_version,
            account: ctx.id(&input.user_id)?,
        };
        let settled = perform(
            ctx,
            ("endUnitMembership", &input.idempotency_key),
            Some(command.unit),
            &input,
            Ok(command),
            |tx, command| Box::pin(slice::end_unit_membership(tx, command)),
            |row| row.id,
        );
        unit_payload(ctx, settled.await?).await
    }
}

/// What an input does to the credit code.
fn credit_code(given: &MaybeUndefined<String>) -> std::result::Result<Edit<CreditCode>, Refusal> {
    match given {
        MaybeUndefined::Undefined => Ok(Edit::Keep),
        MaybeUndefined::Value(text) if !text.trim().is_empty() => CreditCode::parse("creditCode", text).map(Edit::Set),
        MaybeUndefined::Value(_) | MaybeUndefined::Null => Ok(Edit::Clear),
    }
}

/// What every problem-free parse must have given.
fn parsed<T>(value: Option<T>) -> KernelResult<T> {
    value.ok_or_else(|| Error::Fault(anyhow::anyhow!("a parse without problems gave no value")))
}

async fn unit_payload(ctx: &Context<'_>, settled: Settled<unit::Model>) -> Result<UnitPayload> {
    let unit = match settled.subject {
        Subject::Row(row) => Some(Unit(row)),
        Subject::Id(id) => load(ctx, entity::id::UnitId(id)).await?.map(Unit),
        Subject::None => None,
    };
    Ok(UnitPayload { unit, is_replay: settled.is_replay, user_errors: settled.user_errors })
}
