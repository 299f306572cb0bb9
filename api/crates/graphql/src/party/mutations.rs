//! What a member says about the own membership.

use ::party as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use entity::id::PartyMemberId;
use entity::party_member;

use super::queries::membership;
use super::types::PartyMembership;
use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{Settled, perform};

/// 确认党员身份 / Confirms the own membership.
#[derive(InputObject)]
pub struct ConfirmPartyMembershipInput {
    /// 名册记录；只有一条时可不填 / The line of the roster; optional when there is one only.
    member_id: Option<ID>,
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 解除党员身份绑定 / Takes the confirmation back.
#[derive(InputObject)]
pub struct ReleasePartyMembershipInput {
    /// 幂等键，8–64 个字符；重试用同一个 / Idempotency key, 8–64 characters; the same on a retry.
    idempotency_key: String,
}

/// 党员身份返回 / Payload of the own membership.
#[derive(SimpleObject)]
pub struct PartyMembershipPayload {
    /// 本人现在的党员身份 / The viewer's membership as it is now.
    party_membership: Option<PartyMembership>,
    /// 是否重放 / Whether this had been done before.
    is_replay: bool,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

impl PartyMembershipPayload {
    async fn of(ctx: &Context<'_>, settled: Settled<party_member::Model>) -> Result<Self> {
        let party_membership = membership(ctx).await?;
        Ok(Self { party_membership, is_replay: settled.is_replay, user_errors: settled.user_errors })
    }
}

/// Mutations.
#[derive(Default)]
pub struct PartyMutation;

/// 党员身份 / The own membership.
#[Object]
impl PartyMutation {
    /// 确认党员身份：名册登记的手机号是本人的；须先同意 PARTY / Confirms the own membership, where a roster has the viewer's own number; under
    /// the consent PARTY.
    async fn confirm_party_membership(
        &self,
        ctx: &Context<'_>,
        input: ConfirmPartyMembershipInput,
    ) -> Result<PartyMembershipPayload> {
        ctx.person()?;
        let member = input.member_id.as_ref().map(|id| ctx.id::<PartyMemberId>(id)).transpose()?;
        let settled = perform(
            ctx,
            ("confirmPartyMembership", &input.idempotency_key),
            None,
            &input,
            Ok(member),
            |tx, member| Box::pin(slice::confirm(tx, member)),
            |row: &party_member::Model| row.id,
        );
        PartyMembershipPayload::of(ctx, settled.await?).await
    }

    /// 解除党员身份绑定，随时可以；名册不变 / Takes the confirmation back, at any time; the roster stays as it is.
    async fn release_party_membership(
        &self,
        ctx: &Context<'_>,
        input: ReleasePartyMembershipInput,
    ) -> Result<PartyMembershipPayload> {
        ctx.person()?;
        let settled = perform(
            ctx,
            ("releasePartyMembership", &input.idempotency_key),
            None,
            &input,
            Ok(()),
            |tx, nothing| Box::pin(flows::release_membership(tx, nothing)),
            |row: &party_member::Model| row.id,
        );
        PartyMembershipPayload::of(ctx, settled.await?).await
    }
}
