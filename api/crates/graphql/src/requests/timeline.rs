//! The timeline of a request on the wire.

use ::requests as slice;
use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::Id as _;
use entity::request_note;

use crate::context::Result;
use crate::enums::{ContentReason, ContentState, NoteKind, ServiceRequestState};
use crate::identity::User;
use crate::loaders::load;

/// A step of a case.
pub struct TimelineEntry(pub(crate) slice::TimelineEntry);

/// 办理过程的一步 / A step in the course of a case.
#[Object]
impl TimelineEntry {
    /// 标识 / Id.
    async fn id(&self) -> ID {
        self.0.id.text().into()
    }

    /// 版本 / The case's version after it.
    async fn version(&self) -> i32 {
        self.0.version
    }

    /// 事件类型，如 request.accepted / Kind of fact, as webhooks name it.
    async fn kind(&self) -> &str {
        &self.0.kind
    }

    /// 并入诉求的编号；本诉求自己的步骤为空 / Number of the merged case that it happened to; null for the case's own steps. For staff.
    async fn merged_case_no(&self) -> Option<&str> {
        self.0.merged_case_no.as_deref()
    }

    /// 时间 / When.
    async fn at(&self) -> DateTime<Utc> {
        self.0.at
    }

    /// 此后的状态 / State after it.
    async fn state(&self) -> ServiceRequestState {
        self.0.state.into()
    }

    /// 操作人；系统操作或无权查看时为空 / Who did it; null for the system, or when not for the viewer.
    async fn actor(&self, ctx: &Context<'_>) -> Option<Result<User>> {
        let actor = self.0.actor?;
        load(ctx, actor).await.map(|row| row.map(User)).transpose()
    }

    /// 是否由代办人办理 / Whether an agent did it for the reporter; not told to the public.
    async fn is_by_proxy(&self) -> bool {
        self.0.on_behalf.is_some()
    }

    /// 文字 / Words said with it, as far as the viewer may read them.
    async fn notes(&self) -> Vec<Note> {
        let note = |note: &request_note::Model| Note {
            kind: note.kind.into(),
            text: note.text.clone(),
            content_state: note.content_state.into(),
        };
        self.0.notes.iter().map(note).collect()
    }

    /// 内容问题：举报或审核所指 / What is wrong with content, of what was reported or decided.
    async fn content_reason(&self) -> Option<ContentReason> {
        match &self.0.fact {
            slice::Fact::ContentReviewed(reviewed) => reviewed.reason.map(Into::into),
            slice::Fact::ContentReported(reported) => Some(reported.reason.into()),
            slice::Fact::Redacted(redaction) => Some(redaction.reason.into()),
            _ => None,
        }
    }
}

/// 文字记录 / Words said in the course of a case.
#[derive(SimpleObject)]
pub struct Note {
    /// 类型 / What they are.
    kind: NoteKind,
    /// 内容 / The words.
    text: String,
    /// 内容审核状态；未通过的只有作者和工作人员可见 / What the content check says; what did not pass is for its author and staff.
    content_state: ContentState,
}
