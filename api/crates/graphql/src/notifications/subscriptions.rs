//! Live updates of the viewer's inbox.

use std::collections::VecDeque;

use ::notifications as slice;
use async_graphql::{Context, Subscription};
use entity::id::AccountId;
use entity::notification::Model;
use futures_util::stream::{self, Stream};
use kernel::live::Hint;

use super::types::Notification;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::hints::{Hints, hears};

/// Subscriptions.
#[derive(Default)]
pub struct NotificationSubscription;

/// 通知实时更新 / Live updates of the viewer's inbox.
#[Subscription]
impl NotificationSubscription {
    /// 本人的新通知；只给出订阅之后收到的 / The viewer's new notifications: those that come in after the subscription began. An error comes
    /// last.
    async fn notification_received(&self, ctx: &Context<'_>) -> Result<impl Stream<Item = Result<Notification>>> {
        let account = ctx.person()?.account;
        // Listened to before the inbox is looked at, so that nothing comes in unheard between.
        let hints = ctx.house().live.subscribe();
        let read_to = slice::last_heard(ctx.base(), account).await.or_fail(ctx)?;
        let inbox = Inbox { account, hints, read_to, waiting: VecDeque::new(), is_over: false };
        Ok(stream::unfold((ctx, inbox), |(ctx, mut inbox)| async move {
            let item = inbox.next(ctx).await?;
            Some((item, (ctx, inbox)))
        }))
    }
}

/// An inbox as a subscriber hears it.
struct Inbox {
    account: AccountId,
    hints: Hints,
    read_to: slice::Heard,
    waiting: VecDeque<Model>,
    is_over: bool,
}

impl Inbox {
    /// The next line that comes in; `None` at the end.
    async fn next(&mut self, ctx: &Context<'_>) -> Option<Result<Notification>> {
        loop {
            if self.is_over {
                return None;
            }
            if let Some(row) = self.waiting.pop_front() {
                return Some(Notification::of(ctx, row));
            }
            match slice::newer_than(ctx.base(), self.account, self.read_to).await.or_fail(ctx) {
                Ok(rows) => self.waiting.extend(rows),
                Err(error) => {
                    self.is_over = true;
                    return Some(Err(error));
                }
            }
            if let Some(last) = self.waiting.back() {
                self.read_to = slice::Heard::to(last);
            } else if !hears(&mut self.hints, |hint| is_of(hint, self.account)).await {
                return None;
            }
        }
    }
}

/// Whether somebody's inbox has something new.
fn is_of(hint: &Hint, account: AccountId) -> bool {
    hint.subject_kind == slice::HINT && hint.subject == account.0
}
