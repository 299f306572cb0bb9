//! 本人 / The signed-in person, and people as others see them.

use ::identity::Held;
use ::identity::staff::policy::must_change;
use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::{AccountId, Id as _, SessionId};
use entity::{account, session};
use kernel::error::Error;

use super::accounts;
use super::consents::{self, Consent, ConsentKind, Dependant};
use crate::areas::Area;
use crate::bookings::{BookingConnection, Credit, ServiceTicket, SlotHold};
use crate::context::{Ask as _, OrFail as _, Result};
use crate::directory::{Organization, Unit};
use crate::enums::{ClientKind, Role};
use crate::events::EventRegistrationConnection;
use crate::feeds::CalendarFeed;
use crate::loaders::load;
use crate::page::page;
use crate::party::{self, PartyInvitation, PartyMembership, PartyOrganization};
use crate::residents::{ProxyGrant, Residence};
use crate::rights::{self, AccountDeletion, DataExport};

/// 角色是否生效 / Whether roles hold in a session.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "::identity::staff::policy::Standing")]
pub enum RoleStanding {
    /// 生效 / they hold.
    InForce,
    /// 须以口令登录 / the person has to sign in by password.
    NotByPassword,
    /// 须先修改口令 / the password must be changed first.
    PasswordMustChange,
    /// 须先绑定第二因素 / a second factor must be enrolled first.
    SecondFactorMissing,
}

/// The signed-in person.
#[derive(Clone, Copy)]
pub struct Viewer {
    pub(crate) account: AccountId,
    pub(crate) session: SessionId,
}

/// 当前登录者 / The signed-in person.
#[Object]
impl Viewer {
    /// 用户 / The person as others may see them.
    async fn user(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        load(ctx, self.account).await.map(|row| row.map(User)).transpose()
    }

    /// 本人手机号 / The person's own number.
    async fn phone(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let row = match load(ctx, self.account).await {
            Ok(row) => row?,
            Err(error) => return Some(Err(error)),
        };
        let phone = ::identity::phone_of(ctx.base(), &row).or_fail(ctx);
        phone.map(|phone| phone.map(|phone| phone.e164().to_owned())).transpose()
    }

    /// 本人姓名 / The person's own name.
    async fn name(&self, ctx: &Context<'_>) -> Option<Result<String>> {
        let row = match load(ctx, self.account).await {
            Ok(row) => row?,
            Err(error) => return Some(Err(error)),
        };
        ::identity::name_of(ctx.base(), &row).or_fail(ctx).transpose()
    }

    /// 现有角色及其范围；暂停时见 roleStanding / Roles held now and where; whether they rest is told by `roleStanding`.
    async fn roles(&self, ctx: &Context<'_>) -> Option<Result<Vec<RoleAssignment>>> {
        let base = ctx.base();
        let held = ::identity::roles_held(base.db.reader(), self.account, base.clock.now()).await.or_fail(ctx);
        Some(held.map(|held| held.into_iter().map(RoleAssignment).collect()))
    }

    /// 角色是否生效，或须先做什么 / Whether the roles hold in this session, or what has to be done first.
    async fn role_standing(&self, ctx: &Context<'_>) -> Option<Result<RoleStanding>> {
        let read = async {
            let (base, identity) = (ctx.base(), &ctx.house().identity);
            let db = base.db.reader();
            let session = ::identity::session(db, self.session).await?.ok_or(Error::Unauthenticated)?;
            let grants = ::identity::grants_of(db, self.account, base.clock.now()).await?;
            identity.standing(&session, &grants).await
        };
        Some(read.await.or_fail(ctx).map(Into::into))
    }

    /// 本人的口令与第二因素；没有口令的账号为空 / The own password and second factor; null for accounts without a password.
    async fn credential(&self, ctx: &Context<'_>) -> Option<Result<Credential>> {
        let read = async {
            let db = ctx.base().db.reader();
            let Some(row) = ::identity::credential_of(db, self.account).await? else { return Ok(None) };
            let left = ::identity::recovery_codes_left(db, self.account).await?;
            let now = ctx.base().clock.now();
            Ok(Some(Credential {
                must_change_password: must_change(&row, now),
                has_second_factor: row.totp_sealed.is_some(),
                recovery_codes_left: i32::try_from(left).unwrap_or(i32::MAX),
                username: row.username,
            }))
        };
        read.await.or_fail(ctx).transpose()
    }

    /// 本人的同意记录，新的在前，至多 50 条 / What the viewer consented to, newest first; at most 50, so not paged.
    async fn consents(&self, ctx: &Context<'_>) -> Option<Result<Vec<Consent>>> {
        Some(consents::consents(ctx, self.account).await)
    }

    /// 提交前须先同意的事项 / What the viewer has to consent to before anything is submitted.
    async fn missing_consents(&self, ctx: &Context<'_>) -> Option<Result<Vec<ConsentKind>>> {
        Some(consents::missing(ctx, self.account).await)
    }

    /// 被监护人，至多 10 名 / Children in the viewer's care; ten at most, so not paged.
    async fn dependants(&self, ctx: &Context<'_>) -> Option<Result<Vec<Dependant>>> {
        Some(consents::dependants(ctx, self.account).await)
    }

    /// 本人信息的副本，新的在前，至多 10 份 / Copies of the viewer's data, newest first; at most 10, so not paged.
    async fn data_exports(&self, ctx: &Context<'_>) -> Option<Result<Vec<DataExport>>> {
        Some(rights::exports(ctx, self.account).await)
    }

    /// 已申请且未撤回的注销 / The end of the account, where it was asked for and not called off.
    async fn account_deletion(&self, ctx: &Context<'_>) -> Option<Result<AccountDeletion>> {
        rights::deletion_of(ctx, self.account).await.transpose()
    }

    /// 本人的居住认证，新的在前，至多 20 件 / The person's proofs of residence, newest first; at most 20, so not paged.
    async fn residences(&self, ctx: &Context<'_>) -> Option<Result<Vec<Residence>>> {
        Some(crate::residents::residences(ctx).await)
    }

    /// 本人的预约，时间晚的在前 / What the person booked, latest time first.
    async fn bookings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "是否未结束，不填为全部 / Whether anything may still come of it; all when absent.")]
        is_live: Option<bool>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<BookingConnection>> {
        Some(crate::bookings::bookings(ctx, is_live, page(first, after, last, before)).await)
    }

    /// 本人正在预占的时段 / A time of a venue that is kept for the person while a form is filled in.
    async fn slot_hold(&self, ctx: &Context<'_>) -> Option<Result<SlotHold>> {
        crate::bookings::held(ctx).await.transpose()
    }

    /// 本人今日的排队号，新的在前，至多 20 个 / The person's numbers of today, the latest first, whatever became of them; at most 20, so not paged.
    async fn service_tickets(&self, ctx: &Context<'_>) -> Option<Result<Vec<ServiceTicket>>> {
        Some(crate::bookings::tickets(ctx).await)
    }

    /// 本人的活动报名，新的在前 / What the person registered for, newest first.
    async fn event_registrations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "是否未结束，不填为全部 / Whether anything may still come of it; all when absent.")]
        is_live: Option<bool>,
        #[graphql(desc = "从前取几条 / How many from the front.")] first: Option<i32>,
        #[graphql(desc = "在此游标之后 / Behind this cursor.")] after: Option<String>,
        #[graphql(desc = "从后取几条 / How many from the back.")] last: Option<i32>,
        #[graphql(desc = "在此游标之前 / Before this cursor.")] before: Option<String>,
    ) -> Option<Result<EventRegistrationConnection>> {
        Some(crate::events::registrations(ctx, is_live, page(first, after, last, before)).await)
    }

    /// 本人的预约信用 / How the person keeps to what was agreed.
    async fn credit(&self, ctx: &Context<'_>) -> Option<Result<Credit>> {
        Some(crate::bookings::credit(ctx).await)
    }

    /// 本人未停用的日历订阅，新的在前，至多 10 个 / The person's calendar feeds that can be read, newest first; at most 10, so not paged.
    async fn calendar_feeds(&self, ctx: &Context<'_>) -> Option<Result<Vec<CalendarFeed>>> {
        Some(crate::feeds::feeds(ctx, self.account).await)
    }

    /// 与本人有关的代办授权：委托的、代办的、受邀的，至多 50 件 / Proxies that the person granted, holds, or is invited to; at most 50,
    /// so not paged.
    async fn proxy_grants(&self, ctx: &Context<'_>) -> Option<Result<Vec<ProxyGrant>>> {
        Some(crate::residents::proxy_grants(ctx).await)
    }

    /// 本人的党员身份，确认后可见 / The person's own membership of the party, once confirmed.
    async fn party_membership(&self, ctx: &Context<'_>) -> Option<Result<PartyMembership>> {
        party::membership(ctx).await.transpose()
    }

    /// 待本人确认的党员名册记录，至多 10 条 / Lines of the party's rosters with the person's own number, to be confirmed; at most 10, so not
    /// paged.
    async fn party_invitations(&self, ctx: &Context<'_>) -> Option<Result<Vec<PartyInvitation>>> {
        Some(party::invitations(ctx).await)
    }

    /// 已登录的设备，至多 50 台 / Devices that are signed in; at most 50, so not paged.
    async fn sessions(&self, ctx: &Context<'_>) -> Option<Result<Vec<Session>>> {
        let rows = ::identity::sessions_of(ctx.base(), self.account).await.or_fail(ctx);
        let session = |row: session::Model| Session { is_current: row.id == self.session, row };
        Some(rows.map(|rows| rows.into_iter().map(session).collect()))
    }
}

/// 本人的口令与第二因素 / The own password and second factor.
#[derive(SimpleObject)]
pub struct Credential {
    /// 用户名 / Sign-in name.
    username: String,
    /// 是否须先修改口令 / Whether the password must be changed first.
    must_change_password: bool,
    /// 是否已绑定第二因素 / Whether a second factor is enrolled.
    has_second_factor: bool,
    /// 剩余恢复码个数 / Recovery codes left.
    recovery_codes_left: i32,
}

/// A role held.
pub struct RoleAssignment(Held);

/// 现任角色及其范围 / A role held, and where.
#[Object]
impl RoleAssignment {
    /// 角色 / Role.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// 区域范围 / The area it holds in.
    async fn area(&self, ctx: &Context<'_>) -> Option<Result<Area>> {
        accounts::area_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 机构范围 / The organisation it holds in.
    async fn organization(&self, ctx: &Context<'_>) -> Option<Result<Organization>> {
        accounts::organization_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 单位范围 / The unit it holds in.
    async fn unit(&self, ctx: &Context<'_>) -> Option<Result<Unit>> {
        accounts::unit_of(ctx, self.0.scope_kind, self.0.scope_id).await
    }

    /// 党组织范围 / The organisation of the party it holds in.
    async fn party_organization(&self, ctx: &Context<'_>) -> Option<Result<PartyOrganization>> {
        let id = accounts::party_organization_of(self.0.scope_kind, self.0.scope_id)?;
        load(ctx, id).await.map(|row| row.map(PartyOrganization)).transpose()
    }

    /// 截止时间 / Until when; open end when null.
    async fn expires_at(&self) -> Option<DateTime<Utc>> {
        self.0.until
    }
}

/// A person.
#[derive(Clone)]
pub struct User(pub(crate) account::Model);

/// 用户；个人信息脱敏 / A person; personal data is masked.
#[Object]
impl User {
    /// 全局标识 / Global id.
    pub async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 显示名，只显示姓 / What to call the person: the family name only.
    async fn display_name(&self, ctx: &Context<'_>) -> Result<String> {
        let name = ::identity::name_of(ctx.base(), &self.0).or_fail(ctx)?;
        let family = name.as_ref().and_then(|name| name.chars().next());
        Ok(family.map_or_else(|| "居民".to_owned(), |family| format!("{family}**")))
    }
}

/// A signed-in device.
pub struct Session {
    row: session::Model,
    is_current: bool,
}

/// 登录设备 / A signed-in device.
#[Object]
impl Session {
    /// 全局标识 / Global id.
    async fn id(&self) -> ID {
        self.row.id.text().into()
    }

    /// 客户端种类 / Kind of client.
    async fn client_kind(&self) -> ClientKind {
        self.row.client_kind.into()
    }

    /// 设备名称 / What the device calls itself.
    async fn device_name(&self) -> Option<&str> {
        self.row.device_name.as_deref()
    }

    /// 登录时间 / Sign-in.
    async fn created_at(&self) -> DateTime<Utc> {
        self.row.created_at
    }

    /// 最近使用 / Last refresh.
    async fn last_seen_at(&self) -> DateTime<Utc> {
        self.row.last_seen_at
    }

    /// 是否本机 / Whether it is this device.
    async fn is_current(&self) -> bool {
        self.is_current
    }
}
