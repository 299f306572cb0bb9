//! 查看联系方式 / Showing the number to call.

use ::identity::Reason;
use ::requests as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::ServiceRequestId;
use kernel::error::Result as KernelResult;
use kernel::redis::window::{self, Window};

use crate::context::{Ask as _, Result};
use crate::errors::UserError;
use crate::mutation::{act, refusals};

/// 查看联系方式；必填事由，每次留痕 / Shows the number to call; the reason is kept, and each look is a line of the audit chain.
#[derive(InputObject)]
pub struct RevealContactInput {
    /// 诉求标识 / The request.
    id: ID,
    /// 事由，2–500 字 / Why, 2–500 characters.
    reason: String,
}

/// 联系方式返回 / Payload of a number; never cached, never kept by clients.
#[derive(SimpleObject, Default)]
pub struct RevealContactPayload {
    /// 联系电话，E.164 / The number, in E.164.
    phone: Option<String>,
    /// 界面显示到何时 / Until when a client may show it.
    visible_until: Option<DateTime<Utc>>,
    /// 业务性错误 / Refusals.
    user_errors: Vec<UserError>,
}

/// Looks of one person: more than anybody calls, far fewer than all there are.
const PER_PERSON: [Window; 1] = [Window { limit: 200, seconds: 86_400 }];

/// Mutations.
#[derive(Default)]
pub struct RevealMutation;

/// 查看联系方式 / Showing the number to call.
#[Object]
impl RevealMutation {
    /// 查看诉求人联系电话：承办人、单位负责人、派单员、值班长、回访员；保密与匿名诉求不可查看 / Shows the reporter's number to who has to call:
    /// the handler, the unit's leader, dispatchers, chiefs on duty and callers-back; never of confidential reports to units, nor
    /// of anonymous ones.
    async fn reveal_contact(&self, ctx: &Context<'_>, input: RevealContactInput) -> Result<RevealContactPayload> {
        let person = ctx.person()?;
        let id: ServiceRequestId = ctx.id(&input.id)?;
        let act = act(ctx, "revealContact", Some(id));
        let acting = ctx.caller().actor.doing(&act);
        let parsed = async {
            let reason = Reason::parse("reason", &input.reason)?;
            let base = ctx.base();
            window::admit(&base.redis, base.clock.now(), &format!("reveal:{}", person.account), &PER_PERSON).await?;
            Ok(reason)
        };
        let parsed: KernelResult<Reason> = parsed.await;
        let revealed = match parsed {
            Ok(reason) => {
                let command = slice::RevealContact { id, reason };
                ctx.base().write(acting, &command, |tx, command| Box::pin(slice::reveal_contact(tx, command))).await
            }
            Err(refused) => {
                ctx.base().note_refusal(acting, &refused).await;
                Err(refused)
            }
        };
        Ok(match refusals(ctx, revealed)? {
            Ok(revealed) => RevealContactPayload {
                phone: Some(revealed.phone.e164().to_owned()),
                visible_until: Some(revealed.until),
                user_errors: Vec::new(),
            },
            Err(user_errors) => RevealContactPayload { user_errors, ..Default::default() },
        })
    }
}
