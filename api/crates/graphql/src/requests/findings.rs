//! What inspectors and devices find.

use ::requests as slice;
use async_graphql::{Context, ID, InputObject, Object, SimpleObject};
use chrono::{DateTime, Utc};
use entity::id::ServiceRequestId;
use kernel::error::{Detail, Error, Result as KernelResult, UserError as Refusal, UserErrorCode};
use kernel::tx::Verb;
use slice::{Found, Town};

use super::call::ids;
use super::types::ServiceRequest;
use crate::areas::GeoPointInput;
use crate::context::{Ask as _, OrFail as _, Result};
use crate::errors::UserError;
use crate::mutation::{act, refusals};

/// Findings of one upload at most.
const FINDINGS: usize = 50;
/// Events of one upload at most.
const EVENTS: usize = 100;

/// 一条巡查上报 / A finding of a patrol.
#[derive(InputObject, Clone)]
pub struct PatrolFindingInput {
    /// 设备生成的 UUID；同一上报永远用同一个 / UUID that the device made; the same for the same finding, for ever.
    client_id: String,
    /// 发现时间，72 小时以内 / When it was found, within 72 hours.
    occurred_at: DateTime<Utc>,
    /// 分类 / Category.
    category_code: String,
    /// 位置 / Where.
    place: GeoPointInput,
    /// 地址 / Where, in words.
    address: Option<String>,
    /// 内容 / What.
    description: String,
    /// 已上传的照片，至多 9 张 / Photos uploaded before, at most 9.
    #[graphql(default)]
    attachment_ids: Vec<ID>,
}

/// 上传巡查上报 / Uploads findings of a patrol.
#[derive(InputObject)]
pub struct UploadPatrolFindingsInput {
    /// 上报，至多 50 条；各自成败，可整批重传 / Findings, at most 50; each is taken or refused by itself, and the whole may be sent again.
    findings: Vec<PatrolFindingInput>,
}

/// 一条设备事件 / An event of a device.
#[derive(InputObject, Clone)]
pub struct AutoFindingInput {
    /// 设备编码 / Code of the device.
    device_code: String,
    /// 设备自己的事件编号 / The device's own name of the event.
    event_id: String,
    /// 发现时间，24 小时以内 / When the device saw it, within 24 hours.
    occurred_at: DateTime<Utc>,
    /// 分类 / Category.
    category_code: String,
    /// 位置 / Where.
    place: GeoPointInput,
    /// 内容 / What.
    description: String,
}

/// 接入设备事件 / Takes events of devices in.
#[derive(InputObject)]
pub struct IngestAutoFindingsInput {
    /// 事件，至多 100 条；各自成败，可整批重传 / Events, at most 100; each is taken or refused by itself, and the whole may be sent again.
    findings: Vec<AutoFindingInput>,
}

/// 一条的结果 / What came of one.
#[derive(SimpleObject)]
pub struct FindingResult {
    /// 第几条，从 0 起 / Which of those sent, from 0.
    index: i32,
    /// 诉求 / The case.
    service_request: Option<ServiceRequest>,
    /// 是否早已收到 / Whether it had come in before.
    is_replay: bool,
    /// 未收下的原因，字段相对于本条 / Why it was refused; fields are those of this one.
    user_errors: Vec<UserError>,
}

/// 上报返回 / Payload of findings.
#[derive(SimpleObject)]
pub struct FindingsPayload {
    /// 逐条结果，与输入同序 / What came of each, in their order.
    findings: Option<Vec<FindingResult>>,
    /// 全部业务性错误，含各条的，字段以 findings 开头 / All refusals, those of each one too, with `findings` before their fields.
    user_errors: Vec<UserError>,
}

/// Mutations.
#[derive(Default)]
pub struct FindingMutation;

/// 巡查与设备 / Patrols and devices.
#[Object]
impl FindingMutation {
    /// 上传巡查上报，断网后可补传；时限自收到时起算，发现时间另存。网格监督员上报的视为已核实，自动受理立案 / Uploads findings of a patrol, later too when there was
    /// no network. Clocks begin at the receipt; when it was found is kept beside. What an inspector saw is verified: it is
    /// accepted and put on file at once.
    async fn upload_patrol_findings(
        &self,
        ctx: &Context<'_>,
        input: UploadPatrolFindingsInput,
    ) -> Result<FindingsPayload> {
        ctx.person()?;
        let (town, now) = (ctx.house().town(), ctx.base().clock.now());
        let mut commands = Vec::with_capacity(input.findings.len());
        for sent in &input.findings {
            let raw = slice::RawPatrolFinding {
                client_id: sent.client_id.clone(),
                occurred_at: sent.occurred_at,
                category_code: sent.category_code.clone(),
                place: place(sent.place),
                address: sent.address.clone(),
                description: sent.description.clone(),
                photos: ids(ctx, &sent.attachment_ids)?,
            };
            commands.push(raw.parse(&town, now).map(|finding| (town.clone(), finding)));
        }
        let batch = Batch { ctx, name: "uploadPatrolFindings", most: FINDINGS };
        let is_theirs = slice::may_patrol(&ctx.caller().actor);
        let verb: Verb<(Town, slice::PatrolFinding), Found> =
            |tx, (town, finding)| Box::pin(slice::report_patrol_finding(tx, town, finding));
        batch.take(is_theirs, commands, verb).await
    }

    /// 接入设备自动发现；同一设备同一位置未办结期间的后续事件只计次数 / Takes in what devices saw; while a case of the same device and spot is open, further
    /// events are counted there. A dispatcher verifies it by accepting it, which puts it on file.
    async fn ingest_auto_findings(&self, ctx: &Context<'_>, input: IngestAutoFindingsInput) -> Result<FindingsPayload> {
        ctx.person()?;
        let (town, now) = (ctx.house().town(), ctx.base().clock.now());
        let commands = input.findings.iter().map(|sent| {
            let raw = slice::RawDeviceEvent {
                device_code: sent.device_code.clone(),
                event_id: sent.event_id.clone(),
                occurred_at: sent.occurred_at,
                category_code: sent.category_code.clone(),
                place: place(sent.place),
                description: sent.description.clone(),
            };
            raw.parse(&town, now).map(|event| (town.clone(), event))
        });
        let batch = Batch { ctx, name: "ingestAutoFindings", most: EVENTS };
        let is_theirs = slice::may_bring_device_events_anywhere(&ctx.caller().actor);
        let verb: Verb<(Town, slice::DeviceEvent), Found> =
            |tx, (town, event)| Box::pin(slice::take_device_event(tx, town, event));
        batch.take(is_theirs, commands.collect(), verb).await
    }
}

fn place(sent: GeoPointInput) -> slice::RawPlace {
    slice::RawPlace { datum: sent.datum.into(), longitude: sent.longitude, latitude: sent.latitude }
}

/// A batch whose members are taken or refused one by one, each in a transaction and with a line of the audit chain of its own.
struct Batch<'c, 'x> {
    ctx: &'c Context<'x>,
    name: &'static str,
    most: usize,
}

impl Batch<'_, '_> {
    /// Takes the members; the whole is refused to who may bring none, or too many.
    async fn take<C: Sync>(
        &self,
        is_theirs: bool,
        commands: Vec<KernelResult<C>>,
        verb: Verb<C, Found>,
    ) -> Result<FindingsPayload> {
        if let Some(error) = self.refusal(is_theirs, &commands) {
            let act = act(self.ctx, self.name, None::<ServiceRequestId>);
            self.ctx.base().note_refusal(self.ctx.caller().actor.doing(&act), &error).await;
            let user_errors = refusals::<()>(self.ctx, Err(error))?.err().unwrap_or_default();
            return Ok(FindingsPayload { findings: None, user_errors });
        }
        let (mut findings, mut user_errors) = (Vec::with_capacity(commands.len()), Vec::new());
        for (index, command) in (0..).zip(commands) {
            let result = match self.one(command, verb).await {
                Err(Error::Refused(refused)) => {
                    user_errors.extend(self.shown(refused.iter().map(within_findings).collect())?);
                    FindingResult { index, service_request: None, is_replay: false, user_errors: self.shown(refused)? }
                }
                done => {
                    let Found { case, is_replay } = done.or_fail(self.ctx)?;
                    let service_request = self.seen(case).await?;
                    FindingResult { index, service_request, is_replay, user_errors: Vec::new() }
                }
            };
            findings.push(result);
        }
        Ok(FindingsPayload { findings: Some(findings), user_errors })
    }

    /// Why the whole is refused, if it is. What is wrong with words is told to everybody, as elsewhere.
    fn refusal<C>(&self, is_theirs: bool, commands: &[KernelResult<C>]) -> Option<Error> {
        if commands.is_empty() {
            return Some(Error::refused_at(UserErrorCode::Required, "findings"));
        }
        if commands.len() > self.most {
            let limit = Detail::Limit(i64::try_from(self.most).unwrap_or(i64::MAX));
            return Some(Refusal::at(UserErrorCode::LimitExceeded, "findings").with(limit).into());
        }
        if is_theirs {
            return None;
        }
        let wrong = commands.iter().filter_map(|command| match command {
            Err(Error::Refused(refused)) => Some(refused.iter().map(within_findings)),
            _ => None,
        });
        let wrong: Vec<Refusal> = wrong.flatten().collect();
        Some(if wrong.is_empty() { Error::Forbidden } else { Error::Refused(wrong) })
    }

    async fn one<C: Sync>(&self, command: KernelResult<C>, verb: Verb<C, Found>) -> KernelResult<Found> {
        let act = act(self.ctx, self.name, None::<ServiceRequestId>);
        let (base, acting) = (self.ctx.base(), self.ctx.caller().actor.doing(&act));
        let done = match command {
            Ok(command) => base.write(acting, &command, verb).await,
            Err(error) => {
                base.note_refusal(acting, &error).await;
                Err(error)
            }
        };
        match done {
            // Of many places, some may be of others.
            Err(Error::Forbidden) => Err(Error::refused_at(UserErrorCode::OutsideArea, "place")),
            Err(Error::Conflict) => Err(Error::refused(UserErrorCode::Conflict)),
            done => done,
        }
    }

    fn shown(&self, refused: Vec<Refusal>) -> Result<Vec<UserError>> {
        Ok(refusals::<()>(self.ctx, Err(Error::Refused(refused)))?.err().unwrap_or_default())
    }

    /// The case as its finder may see it.
    async fn seen(&self, case: slice::Case) -> Result<Option<ServiceRequest>> {
        let ctx = self.ctx;
        let found = slice::case_by_id(ctx.base(), &ctx.caller().actor, case.row.id).await.or_fail(ctx)?;
        found.map(|case| ServiceRequest::of(ctx, case)).transpose()
    }
}

/// The same refusal with the list before its field.
fn within_findings(refusal: &Refusal) -> Refusal {
    let field = std::iter::once("findings".to_owned()).chain(refusal.field.iter().cloned());
    Refusal { field: field.collect(), ..refusal.clone() }
}
