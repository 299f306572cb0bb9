//! Column enums (列枚举): stored as upper-case text, mirrored on the wire by the GraphQL crate.

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// Where a request stands (诉求状态), after the seven links of city-grid management.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceRequestState {
    /// 待受理 / waiting to be accepted.
    Submitted,
    /// 已受理 / accepted.
    Accepted,
    /// 不予受理 / refused; objectable once.
    Rejected,
    /// 已立案 / on file, waiting for dispatch.
    Filed,
    /// 已派遣 / sent to a unit, waiting to be signed.
    Dispatched,
    /// 处置中 / being handled.
    InProgress,
    /// 退单审核 / the unit asks to return it.
    ReturnPending,
    /// 已处置待核查 / handled, waiting to be verified.
    Handled,
    /// 待回访 / verified, waiting for the reporter's answer.
    Verified,
    /// 已结案 / closed.
    Closed,
    /// 已撤回 / withdrawn by the reporter.
    Withdrawn,
    /// 挂起 / paused until a date, with a reason.
    Suspended,
    /// 已并案 / merged into another case, where it goes on.
    Merged,
}

/// Desk a request lies on (所在环节); each state but the terminal ones has exactly one.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Queue {
    /// 待受理 / to be accepted.
    ToAccept,
    /// 待派遣 / to be filed or dispatched.
    ToDispatch,
    /// 待签收 / to be signed.
    ToSign,
    /// 处置中 / being handled.
    Handling,
    /// 退单审核 / a return to be decided.
    Returns,
    /// 待核查 / to be verified.
    ToVerify,
    /// 待回访 / waiting for the reporter's answer.
    ToCallback,
    /// 挂起 / waiting for its date.
    Suspended,
}

/// Why a request is refused (不予受理原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RejectReason {
    /// 涉诉涉法 / before a court.
    Litigation,
    /// 涉密 / a matter of secrecy.
    Classified,
    /// 已办结无新事实 / closed before, nothing new.
    NoNewFacts,
    /// 非本辖区 / not in this sub-district.
    OutsideJurisdiction,
    /// 信息不全且补正超时 / incomplete, and not completed in time.
    Incomplete,
    /// 恶意或无实质内容 / malicious or without substance.
    NoSubstance,
    /// 应拨打110、119、120 / a matter for the emergency numbers.
    EmergencyCall,
}

/// Kind of request (诉求类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RequestKind {
    /// 咨询 / a question.
    Consult,
    /// 求助 / a plea for help.
    Help,
    /// 投诉 / a complaint.
    Complaint,
    /// 举报 / a report of wrongdoing; hides the reporter.
    Report,
    /// 意见建议 / a suggestion.
    Suggestion,
    /// 表扬 / praise.
    Praise,
    /// 巡查上报 / found on patrol.
    PatrolFinding,
    /// 自动发现 / found by a machine.
    AutoFinding,
}

/// How a request came in (渠道).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Channel {
    /// 小程序 / WeChat mini-program.
    MiniProgram,
    /// 手机应用 / phone app.
    App,
    /// 网页 / web page.
    Web,
    /// 公众号 / WeChat official account.
    OfficialAccount,
    /// 12345热线 / city hotline.
    Hotline12345,
    /// 窗口 / at the counter.
    WalkIn,
    /// 巡查 / on patrol.
    Patrol,
    /// 传感器 / by a sensor.
    Sensor,
}

/// Who found the matter (来源).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Source {
    /// 居民 / a resident.
    Resident,
    /// 企业 / an enterprise.
    Enterprise,
    /// 巡查 / a patrol.
    Patrol,
    /// 自动 / a machine.
    Auto,
    /// 热线 / the city hotline.
    Hotline,
}

/// Lane a request travels in (通道).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Lane {
    /// 普通 / ordinary.
    Normal,
    /// 绿色通道 / green lane of enterprises.
    Green,
    /// 快速通道 / fast lane of public safety.
    Fast,
}

/// Priority (优先级).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Priority {
    /// 一般 / ordinary.
    Normal,
    /// 较急 / high.
    High,
    /// 紧急 / urgent.
    Urgent,
    /// 特急 / public safety.
    Emergency,
}

/// Who may see a request beside those concerned (公开范围).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Visibility {
    /// 不公开 / those concerned.
    Private,
    /// 本网格 / residents of the self-government grid, as verified.
    Grid,
    /// 公开 / everybody.
    Public,
}

/// Roles (角色) of the sub-district; permissions are the union of a person's grants.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Role {
    /// 居民 / resident.
    Resident,
    /// 职工 / office worker.
    Worker,
    /// 企业联络人 / an enterprise's contact.
    EnterpriseContact,
    /// 志愿者 / volunteer.
    Volunteer,
    /// 党员 / party member.
    PartyMember,
    /// 微网格长 / leader of a micro grid.
    MicroGridLeader,
    /// 网格监督员 / inspector.
    GridInspector,
    /// 网格长 / grid leader.
    GridLeader,
    /// 居村干部 / neighbourhood staff.
    NeighborhoodStaff,
    /// 承办人 / handles orders of a unit.
    Handler,
    /// 承办单位负责人 / leads a unit.
    UnitLeader,
    /// 派单员 / dispatches.
    Dispatcher,
    /// 值班长 / chief on duty.
    DutyChief,
    /// 回访员 / calls back.
    CallbackAgent,
    /// 督办员 / supervises.
    Supervisor,
    /// 工作站 / station staff.
    StationStaff,
    /// 邻里中心 / neighbourhood-centre staff.
    CenterStaff,
    /// 物业经理 / property manager.
    PropertyManager,
    /// 业委会 / owners' committee.
    OwnersCommittee,
    /// 支部书记 / branch secretary.
    PartySecretary,
    /// 党建专员 / party-organisation staff.
    PartyOrgAdmin,
    /// 内容编辑 / content editor.
    Editor,
    /// 系统管理员 / system administrator.
    SystemAdmin,
    /// 安全管理员 / security administrator.
    SecurityAdmin,
    /// 审计管理员 / audit administrator.
    AuditAdmin,
}

impl Role {
    /// Its stored name, e.g. `DISPATCHER`.
    #[must_use]
    pub fn name(self) -> String {
        self.to_value()
    }

    /// The role of a stored name, e.g. `DISPATCHER`; `None` for any other word.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::try_from_value(&name.to_owned()).ok()
    }
}

/// What a grant's scope names (授权范围).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ScopeKind {
    /// 区域 / an area and all below it.
    Area,
    /// 机构 / an organisation and its units.
    Organization,
    /// 单位 / one unit.
    Unit,
    /// 党组织 / an organisation of the party and, for its staff, all below it.
    PartyOrganization,
}

/// Level of an area (区域层级): 1 street, 4 + 29 + 147 grids, compounds, buildings.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AreaLevel {
    /// 街道 / sub-district.
    Street,
    /// 处置网格 / disposal grid.
    Disposal,
    /// 自治网格 / self-governance grid.
    Autonomy,
    /// 微网格 / micro grid.
    Micro,
    /// 小区 / compound.
    Compound,
    /// 楼栋 / building.
    Building,
}

/// Kind of day (日期类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DayKind {
    /// 工作日 / ordinary working day.
    Workday,
    /// 周末 / weekend.
    Weekend,
    /// 节假日 / holiday.
    Holiday,
    /// 调休上班 / working weekend.
    AdjustedWorkday,
}

/// Whether a person may sign in (账号状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountStatus {
    /// 正常 / may sign in.
    Active,
    /// 停用 / may not.
    Disabled,
    /// 已注销 / the person is gone; what is left is a pseudonym.
    Deleted,
}

/// Kind of client (客户端).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClientKind {
    /// 微信小程序 / WeChat mini-program.
    WechatMiniProgram,
    /// 网页 / web page on a phone.
    H5,
    /// 苹果 / iOS app.
    Ios,
    /// 安卓 / Android app.
    Android,
    /// 工作台 / staff console.
    Console,
}

/// Kind of organisation (机构类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OrganizationKind {
    /// 政府部门 / office of the street.
    GovernmentOffice,
    /// 居民委员会 / neighbourhood committee.
    NeighborhoodCommittee,
    /// 物业公司 / property company.
    PropertyCompany,
    /// 公用事业 / utility.
    Utility,
    /// 服务站 / service station.
    ServiceStation,
    /// 社会组织 / social organisation.
    SocialOrganization,
}

/// What a person does in a unit (职务).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum UnitDuty {
    /// 负责人 / leads.
    Leader,
    /// 承办人 / handles.
    Handler,
}

/// Where an order stands (派单状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AssignmentState {
    /// 待签收 / waiting to be signed.
    Pending,
    /// 已签收 / signed.
    Signed,
    /// 已处置 / handled.
    Handled,
    /// 已退回 / returned.
    Returned,
    /// 已作废 / void; counts in no rate.
    Voided,
}

/// How the reporter was contacted (联系方式).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactMethod {
    /// 电话 / by phone.
    Phone,
    /// 上门 / by a visit.
    Visit,
    /// 微信 / by WeChat.
    Wechat,
}

/// What came of a contact (联系结果).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactOutcome {
    /// 已联系 / reached.
    Reached,
    /// 无人接听 / no answer.
    NoAnswer,
    /// 拒绝沟通 / refused to talk.
    Refused,
    /// 号码错误 / wrong number.
    WrongNumber,
}

/// Result of handling (处置结果).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum HandlingResult {
    /// 实际解决 / solved.
    Solved,
    /// 部分解决 / partly solved.
    PartlySolved,
    /// 解释说明 / explained.
    Explained,
    /// 不属实 / not as reported.
    Unfounded,
    /// 诉求不合理 / cannot reasonably be met.
    Unreasonable,
    /// 列入计划 / planned.
    Planned,
}

/// Whether the reporter calls it solved (是否解决).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Solved {
    /// 已解决 / yes.
    Yes,
    /// 部分解决 / partly.
    Partly,
    /// 未解决 / no.
    No,
}

/// What words were said for (记录类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NoteKind {
    /// 补充 / the reporter's addition.
    Supplement,
    /// 不予受理说明 / why it was refused, and where to turn.
    Rejection,
    /// 异议 / the reporter's objection.
    Objection,
    /// 派单说明 / instruction to the unit.
    Dispatch,
    /// 联系记录 / what was said on the phone.
    Contact,
    /// 退单决定 / why a return was granted or denied.
    ReturnDecision,
    /// 答复 / reply to the reporter.
    Reply,
    /// 核查 / what the inspector found.
    Verification,
    /// 撤回原因 / why it was withdrawn.
    Withdrawal,
    /// 延期申请 / why more time is needed.
    Extension,
    /// 延期决定 / why it was granted or denied.
    ExtensionDecision,
    /// 挂起申请 / why it must wait, and what shows it.
    Suspension,
    /// 挂起决定 / why it was granted or denied.
    SuspensionDecision,
    /// 恢复说明 / why it goes on.
    Resumption,
    /// 催办 / what the reporter says to it.
    Urge,
    /// 督办要求 / what the supervisor wants done.
    Supervision,
    /// 督办回复 / what the unit says to it.
    SupervisionReply,
    /// 会商结论 / what the units agreed on.
    Conference,
    /// 重办理由 / the new facts.
    Reopening,
    /// 未接通 / what the call-back agent noted.
    Callback,
    /// 内部备注 / the staff's note for itself.
    InternalNote,
    /// 留言 / what the staff wrote to the reporter.
    Message,
    /// 进展公告 / what everybody may know.
    PublicUpdate,
    /// 询问 / what the unit asked the reporter.
    Question,
    /// 答复 / what the reporter answered.
    Answer,
    /// 平台撤回原因 / why the district took the order back.
    Recall,
    /// 保全理由 / why nothing of it may be taken away.
    LegalHold,
    /// 解除保全理由 / why that is over.
    LegalHoldRelease,
    /// 内容审核说明 / what a moderator noted.
    ContentReview,
}

/// Who may read words (可见范围), from the widest to the narrowest: each reads what those before it read.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Audience {
    /// 公开 / everybody who may see the case.
    Public,
    /// 当事人 / the reporter and staff.
    Participant,
    /// 工作人员 / staff.
    Staff,
}

/// Decision on a return (退单决定).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ReturnDecision {
    /// 待定 / open.
    Pending,
    /// 同意 / granted.
    Granted,
    /// 驳回 / denied.
    Denied,
}

/// Why a case is paused (挂起原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SuspendReason {
    /// 等待诉求人答复 / the unit asked the reporter something, and waits for the answer.
    AwaitingReporter,
    /// 司法或仲裁中 / before a court or an arbitrator.
    Litigation,
    /// 等待第三方施工或审批 / waits for the work or the permit of others.
    ThirdParty,
    /// 天气等不可抗力 / weather, or what else nobody can help.
    ForceMajeure,
    /// 诉求人失联或不配合 / the reporter cannot be reached or does not help.
    ReporterUnreachable,
    /// 需专项整治 / needs a campaign of its own.
    SpecialCampaign,
}

/// What a unit asks for in a case it works on (申请事项).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AskKind {
    /// 延期 / more time.
    Extension,
    /// 挂起 / a pause.
    Suspension,
}

/// Why a case is supervised (督办原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SupervisionReason {
    /// 超时 / it is overdue.
    Overdue,
    /// 两次差评 / it was answered badly twice.
    BadReviews,
    /// 领导批示 / a leader wrote a note.
    LeaderNote,
}

/// From how high a case is supervised (督办级别).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SupervisionLevel {
    /// 街道 / the street.
    Street,
    /// 区 / the district.
    District,
}

/// What people are in conflict about (矛盾类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConflictKind {
    /// 劳资 / wages and work.
    Labor,
    /// 租赁 / leases.
    Lease,
    /// 邻里 / neighbours.
    Neighbor,
    /// 消费 / consumers.
    Consumer,
    /// 其他 / something else.
    Other,
}

/// How far a conflict may go (风险等级).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RiskLevel {
    /// 蓝 / a few people.
    Blue,
    /// 黄 / a group.
    Yellow,
    /// 橙 / many.
    Orange,
    /// 红 / it may disturb the peace: the chief on duty is told at once.
    Red,
}

/// Which clock of a case runs (时钟).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClockKind {
    /// 环节时钟 / of the desk it lies on: to accept, dispatch, sign, verify, or decide a return.
    Desk,
    /// 先行联系时钟 / of the first contact.
    Contact,
    /// 处置时钟 / of handling.
    Handle,
}

/// How grave a warning is (预警级别).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningLevel {
    /// 黄 / half of the time is over.
    Yellow,
    /// 橙 / little is left.
    Orange,
    /// 红 / none is left.
    Red,
}

/// Who is warned (预警对象).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WarningTo {
    /// 当前环节 / those whose desk it lies on.
    Desk,
    /// 承办人 / who handles it, or the unit's people before anybody signed.
    Handler,
    /// 承办单位负责人 / the unit's leader.
    UnitLeader,
    /// 值班长 / the chief on duty.
    DutyChief,
    /// 督办员 / the supervisors.
    Supervisor,
}

/// When a photo was taken (照片阶段).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttachmentPhase {
    /// 处置前 / before handling: those of the report.
    Before,
    /// 处置中 / during handling: those the reporter added.
    During,
    /// 处置后 / after handling: those that show the work.
    After,
}

/// What the content check says of words or a photo (内容审核状态): only what passed is published.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContentState {
    /// 通过 / nothing is wrong with it.
    Pass,
    /// 待人工审核 / somebody has to look.
    Review,
    /// 违规 / not for the public.
    Risky,
}

/// What is wrong with content (内容问题): as reported, and as decided.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContentReason {
    /// 泄露个人信息 / it tells of people what is nobody's business.
    PersonalData,
    /// 辱骂攻击 / it abuses somebody.
    Abuse,
    /// 广告营销 / it advertises.
    Advertising,
    /// 违法违规 / it is against the law.
    Unlawful,
    /// 不实信息 / it is not true.
    False,
    /// 其他 / something else.
    Other,
}

/// Whether a category is a city object (事项性质), GB/T 30428.2.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CategoryNature {
    /// 服务诉求 / a matter between people.
    Service,
    /// 部件 / a city component, e.g. a manhole.
    Component,
    /// 事件 / a city event, e.g. litter.
    Event,
}

/// By what an account is recognised (登录标识种类), beside its number and its password.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum IdentityKind {
    /// 微信小程序 / openid of the mini-program.
    WechatOpenid,
}

/// What is on its way to somebody outside (待发消息种类).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryKind {
    /// 短信验证码 / a one-time code by SMS.
    SmsCode,
}

/// Where a message on its way stands (发送状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DeliveryState {
    /// 待发送 / to be sent, perhaps again.
    Pending,
    /// 已发送 / handed over; its words are erased.
    Sent,
    /// 发送失败 / given up; its words are erased.
    Dead,
}

/// Where a proof of residence stands (居住认证状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResidenceState {
    /// 待认证 / waiting for the neighbourhood.
    Applied,
    /// 已认证 / verified.
    Verified,
    /// 未通过 / refused.
    Rejected,
    /// 已失效 / over: lapsed, ended, or taken back.
    Expired,
}

/// As what somebody lives in a flat (居住关系).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResidenceRelation {
    /// 业主 / owner.
    Owner,
    /// 租客 / tenant.
    Tenant,
    /// 家属 / family.
    Family,
}

/// Why a residence is not verified (未通过原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ResidenceRejectReason {
    /// 登记中没有此人 / the register does not know the person there.
    NotRegistered,
    /// 房屋信息有误 / there is no such flat.
    WrongFlat,
    /// 缺少证明 / a proof is missing.
    ProofMissing,
    /// 其他 / another reason.
    Other,
}

/// Where a proxy stands (代办授权状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ProxyState {
    /// 待接受 / waiting for the agent.
    Invited,
    /// 生效中 / in force.
    Active,
    /// 已终止 / ended by either side.
    Ended,
    /// 已到期 / over by itself.
    Expired,
}

/// What people consent to (同意事项): two documents that everybody needs, and purposes that ask for a consent of their own.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ConsentKind {
    /// 隐私政策 / the privacy policy.
    PrivacyPolicy,
    /// 用户协议 / the terms of use.
    UserAgreement,
    /// 位置 / exact places.
    Location,
    /// 健康 / matters of health.
    Health,
    /// 党员身份 / party membership.
    Party,
    /// 未成年人 / data of children under fourteen.
    Minor,
}

/// Where a copy of a person's data stands (副本状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum DataExportState {
    /// 待生成 / asked for.
    Requested,
    /// 可下载 / can be fetched.
    Ready,
    /// 已过期 / gone.
    Expired,
}

/// Where the deletion of an account stands (注销状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AccountDeletionState {
    /// 冷静期 / may be called off.
    Cooling,
    /// 处理中 / being done; nobody signs in any more.
    Processing,
    /// 已完成 / done.
    Done,
    /// 已撤回 / called off.
    Cancelled,
}

/// Kind of an organisation of the party (党组织类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
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

impl PartyOrganizationKind {
    /// The kind of a stored name, e.g. `BRANCH`; `None` for any other word.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::try_from_value(&name.to_owned()).ok()
    }
}

/// As what somebody belongs to the party (党员状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartyStanding {
    /// 正式 / full member.
    Full,
    /// 预备 / probationary member.
    Probationary,
    /// 流动 / member away from the own organisation.
    Floating,
}

/// What somebody does for the own organisation of the party (党内职务): who has such a duty sits on its committee.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PartyDuty {
    /// 书记 / secretary.
    Secretary,
    /// 副书记 / deputy secretary.
    DeputySecretary,
    /// 委员 / member of the committee.
    CommitteeMember,
}

impl PartyDuty {
    /// The duty of a stored name, e.g. `SECRETARY`; `None` for any other word.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::try_from_value(&name.to_owned()).ok()
    }
}

impl PartyStanding {
    /// The standing of a stored name, e.g. `FULL`; `None` for any other word.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::try_from_value(&name.to_owned()).ok()
    }
}

/// What a notification is about (通知种类); people choose channels by it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationKind {
    /// 诉求进展 / how a request goes on, for its reporter.
    RequestStatus,
    /// 评价邀请 / the reporter is asked.
    RequestSurvey,
    /// 待办任务 / work for a unit's people.
    RequestAssigned,
    /// 退单 / a return to be decided, or decided.
    RequestReturn,
    /// 时限与督办 / what is late, urged or supervised.
    Deadline,
    /// 留言 / what somebody said in a request.
    RequestComment,
    /// 预约进展 / how a booking goes on, for who has it.
    BookingStatus,
    /// 预约提醒 / a booking begins soon.
    BookingReminder,
    /// 中心待办 / what a centre has to decide.
    BookingDesk,
    /// 活动进展 / how events and registrations go on.
    EventStatus,
    /// 活动提醒 / an event begins soon.
    EventReminder,
    /// 活动审核 / what is to be reviewed, or was.
    EventDesk,
}

/// What a notification says (通知模板): the words are rendered at the edge.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(32))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationTemplate {
    /// 已受理 / accepted.
    Accepted,
    /// 不予受理 / refused.
    Rejected,
    /// 已派遣 / sent to a unit.
    Dispatched,
    /// 已处置 / the work is reported done.
    Handled,
    /// 已结案 / closed.
    Closed,
    /// 重新办理 / opened again.
    Reopened,
    /// 邀请评价 / the reporter is asked.
    Survey,
    /// 新派单 / a new order for the unit.
    Assigned,
    /// 返工 / found wanting, to be done again.
    Reworked,
    /// 差评重办 / opened again by a bad answer, to be done by whom it names.
    TakenUpAgain,
    /// 移交 / handed over by a colleague.
    HandedOver,
    /// 申请退单 / a return to be decided.
    ReturnRequested,
    /// 同意退单 / the return was granted.
    ReturnGranted,
    /// 不同意退单 / the return was denied.
    ReturnDenied,
    /// 时限提醒 / part of the time is used up.
    Reminder,
    /// 超时升级 / late, and told to somebody above.
    Escalated,
    /// 催办 / the reporter urges.
    Urged,
    /// 督办 / supervised.
    Supervised,
    /// 挂起 / it waits, and the reporter is told why and until when.
    Suspended,
    /// 恢复办理 / it goes on.
    Resumed,
    /// 延期 / more time was given.
    Extended,
    /// 并案 / it goes on as part of another.
    Merged,
    /// 会商 / units conferred about it.
    Conferred,
    /// 请答复 / the unit asked the reporter something.
    Asked,
    /// 留言 / somebody said something.
    Commented,
    /// 平台撤回 / the platform it came from took it back.
    Recalled,
    /// 矛盾预警 / people are in conflict about it.
    ConflictWarned,
    /// 内容暂不公开 / what somebody wrote or showed is not for the public.
    ContentHidden,
    /// 内容待审核 / somebody has to look before it is published, or stays so.
    ContentToReview,
    /// 举报已处理 / a moderator looked at what somebody reported.
    ReportDecided,
    /// 预约成功 / the venue is had.
    BookingConfirmed,
    /// 预约未通过 / the centre said no.
    BookingRejected,
    /// 候补有空位 / what somebody waited for is offered.
    BookingOffered,
    /// 预约已取消 / taken back by its person.
    BookingCancelled,
    /// 中心取消预约 / called off by the centre.
    BookingCalledOff,
    /// 预约已改期 / at another time, or elsewhere in the centre.
    BookingMoved,
    /// 预约提醒 / it begins in two hours.
    BookingReminder,
    /// 未到场 / nobody came, and it fell free.
    BookingNoShow,
    /// 预约失效 / nobody decided or answered in time, or nothing fell free.
    BookingExpired,
    /// 损坏登记 / something was left broken.
    BookingDamaged,
    /// 预约待审批 / a booking to be decided about.
    BookingToDecide,
    /// 系列预约 / a series was made.
    BookingSeriesMade,
    /// 申诉待处理 / an appeal to be decided about.
    AppealToDecide,
    /// 申诉成立 / a line of credit was taken back.
    AppealGranted,
    /// 申诉不成立 / a line of credit stays.
    AppealRefused,
    /// 新活动 / an event for one's own organisation is published.
    EventPublished,
    /// 报名成功 / a seat is had.
    EventRegistered,
    /// 候补成功 / a seat fell free, and is had.
    EventPromoted,
    /// 候补有名额 / a seat fell free, and is offered.
    EventOffered,
    /// 报名已取消 / taken back by its person.
    EventWithdrawn,
    /// 已移出报名 / taken off by who holds the event.
    EventRemoved,
    /// 报名失效 / nobody answered in time, or nothing fell free.
    EventExpired,
    /// 活动变更 / another time, or another place.
    EventChanged,
    /// 活动取消 / called off.
    EventCancelled,
    /// 活动提醒 / it begins within a day.
    EventReminder,
    /// 活动待审核 / an event to be reviewed.
    EventToReview,
    /// 活动审核通过 / an event may be published.
    EventApproved,
    /// 活动退回修改 / an event is to be written anew.
    EventReturned,
    /// 活动场地关闭 / the room of an event is shut then.
    EventRoomShut,
    /// 请假待审批 / a member asked for leave from an event.
    EventLeaveAsked,
    /// 请假已批准 / leave from an event is given.
    EventLeaveGranted,
    /// 请假未批准 / leave from an event is not given.
    EventLeaveDenied,
}

/// How much it presses (紧急程度): the colours of the clock at 50, 80 and 100 %.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum NotificationLevel {
    /// 一般 / nothing presses.
    Normal,
    /// 黄 / half of the time is used up.
    Yellow,
    /// 橙 / most of it is.
    Orange,
    /// 红 / late, or an emergency: pushed at any hour.
    Red,
}

/// Where the push of a notification stands (推送状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum PushState {
    /// 不推送 / none is wanted.
    Unwanted,
    /// 待推送 / due at its time.
    Waiting,
    /// 已推送 / handed to a channel.
    Pushed,
    /// 已过时 / not pushed in time; the inbox has it.
    Lapsed,
}

/// How far an import is (导入状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ImportState {
    /// 排队中 / it waits for its turn.
    Queued,
    /// 处理中 / some rows are done.
    Running,
    /// 已完成 / all rows are done.
    Done,
    /// 失败 / it cannot be read any more.
    Failed,
}

/// What came of a row of an import (导入结果); of a dry run, what would.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RowOutcome {
    /// 已导入 / it became a case.
    Created,
    /// 已存在 / the same row came before.
    Known,
    /// 已撤回 / it withdrew a case.
    Withdrawn,
    /// 有错误 / it was refused.
    Refused,
}

/// What an edition of reference data is about (参考数据类别).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EditionKind {
    /// 诉求分类 / a category of requests.
    Category,
    /// 时限规则 / time limits of one kind of matter.
    SlaPolicy,
    /// 预警阶梯 / the ladder of warnings.
    Ladder,
    /// 人数升级规则 / how many people raise a case how far.
    Raises,
    /// 派单规则 / the rules by which cases find their units.
    Routing,
    /// 回复模板 / a template of replies.
    ReplyTemplate,
    /// 违禁词 / words that must not be published.
    ForbiddenWords,
    /// 留存规则 / how long cases are kept, and what of them.
    Retention,
    /// 服务项目 / a service that a centre offers.
    ServiceItem,
}

/// How grids are drawn anew (网格调整方式).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GridChangeKind {
    /// 合并 / several become one.
    Merge,
    /// 拆分 / one becomes several.
    Split,
    /// 重划 / boundaries are moved.
    Recut,
}

/// Where a change of the map stands (网格调整状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum GridChangeState {
    /// 待生效 / it is decided, and comes into force later.
    Planned,
    /// 已生效 / it is in force.
    Applied,
    /// 已撤销 / it was taken back before.
    Cancelled,
    /// 已失效 / the map was changed meanwhile so that it made no sense any more.
    Failed,
}

/// Where a neighbourhood centre stands (邻里中心状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CenterState {
    /// 规划中 / it is planned.
    Planned,
    /// 建设中 / it is being built.
    Building,
    /// 开放 / it is open.
    Open,
    /// 暂停开放 / it is shut for a while.
    Suspended,
}

/// What a venue is for (场地类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum VenueKind {
    /// 会议室 / meetings.
    Meeting,
    /// 舞蹈房 / dancing.
    Dance,
    /// 健身房 / exercise.
    Fitness,
    /// 阅览室 / reading.
    Reading,
    /// 儿童活动室 / children.
    Child,
    /// 社区食堂 / meals.
    Canteen,
    /// 教室 / courses.
    Classroom,
    /// 运动场地 / sports.
    Sports,
    /// 排练与创作室 / rehearsing and making.
    Studio,
    /// 专家 / somebody who advises or treats, had as a room is.
    Expert,
    /// 服务窗口 / a counter, or a chair, at which people are served.
    Counter,
}

/// What a service is about (服务类别).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceCategory {
    /// 养老服务 / the old.
    ElderCare,
    /// 健康服务 / health.
    Health,
    /// 亲子托育 / children and their families.
    Family,
    /// 文体学习 / learning, arts and sports.
    Culture,
    /// 便民生活 / errands and repairs.
    Convenience,
    /// 法律政务 / advice and paperwork.
    Advice,
}

/// Where a service stands (服务项目状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ServiceState {
    /// 提供中 / it is offered.
    Offered,
    /// 暂停 / it is paused.
    Suspended,
    /// 已下架 / it is offered no more.
    Retired,
}

/// Where a number in a line stands (排队号状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum TicketState {
    /// 等候中 / waits.
    Waiting,
    /// 已叫号 / was called.
    Called,
    /// 已办理 / was served.
    Served,
    /// 过号 / was called and did not come.
    Skipped,
    /// 已取消 / was given back.
    Cancelled,
    /// 已过期 / the day is over.
    Expired,
}

/// Whether somebody looks at a booking before it holds (审批方式).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingApproval {
    /// 自动确认 / it holds at once.
    Auto,
    /// 人工审批 / the centre decides.
    Manual,
}

/// On which days a rule of opening holds (适用日).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpeningDays {
    /// 工作日（含调休上班日）/ working days, make-up workdays included.
    Working,
    /// 周末 / days off that are no holidays.
    Weekend,
    /// 法定节假日 / holidays.
    Holiday,
    /// 指定星期 / certain weekdays, holidays and make-up workdays left out.
    Weekdays,
    /// 指定日期 / one date, in place of every other rule.
    Date,
}

/// Part of the week in which a venue is open (场次).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum OpeningSession {
    /// 日场 / in office hours.
    Day,
    /// 夜场 / in the evening.
    Evening,
    /// 周末场 / on days off.
    Weekend,
    /// 节假日场 / on holidays.
    Holiday,
}

/// Why a venue is closed, or a booking called off by the centre (闭馆原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ClosureReason {
    /// 维修 / repairs.
    Maintenance,
    /// 停电停水 / no power or water.
    Utilities,
    /// 人手不足 / nobody to let people in.
    Staffing,
    /// 街道征用 / the street needs it.
    OfficialUse,
    /// 恶劣天气 / the weather.
    Weather,
    /// 突发事件 / an emergency.
    Emergency,
    /// 其他 / something else.
    Other,
}

/// Where a booking stands (预约状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingState {
    /// 候补中 / waits for it to fall free.
    Waitlisted,
    /// 待确认 / it fell free, and is kept for a while.
    Offered,
    /// 待审批 / the centre has to decide.
    PendingApproval,
    /// 已确认 / it holds.
    Confirmed,
    /// 已签到 / the people are there.
    CheckedIn,
    /// 已完成 / it is over.
    Completed,
    /// 已取消 / taken back by who booked.
    CancelledByUser,
    /// 中心取消 / called off by the centre.
    CancelledByCenter,
    /// 未通过 / the centre said no.
    Rejected,
    /// 未到场 / nobody came.
    NoShow,
    /// 已失效 / nobody decided or answered in time.
    Expired,
}

/// Why a centre says no to a booking (不通过原因).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum BookingRejectReason {
    /// 用途不符 / not what the venue is for.
    Purpose,
    /// 人数不符 / too many or too few people.
    PartySize,
    /// 另有安排 / it is needed for something else.
    NeededOtherwise,
    /// 信息不全 / it does not say enough.
    Incomplete,
    /// 其他 / something else.
    Other,
}

/// What a line of somebody's credit says (信用记录类型).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreditKind {
    /// 爽约 / did not come, and did not cancel.
    NoShow,
    /// 临期取消 / cancelled too late for others.
    LateCancel,
    /// 损坏 / left something broken.
    Damage,
    /// 守约 / came as agreed.
    OnTimeUse,
    /// 志愿服务一小时 / an hour of voluntary work.
    VolunteerHour,
    /// 撤销 / an earlier line was wrong.
    Reversal,
}

/// Where an appeal against a line of credit stands (信用申诉状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CreditAppealState {
    /// 待处理 / the centre has to decide.
    Pending,
    /// 成立 / the line was wrong, and is reversed.
    Granted,
    /// 不成立 / the line stands.
    Refused,
}

/// What kind of event it is (活动类型, domain §D).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventKind {
    /// 支部党员大会 / a meeting of all members of a branch.
    BranchMeeting,
    /// 支委会 / a meeting of a branch's committee.
    CommitteeMeeting,
    /// 党小组会 / a meeting of a party group.
    GroupMeeting,
    /// 党课 / a party class.
    PartyClass,
    /// 主题党日 / a theme day.
    ThemeDay,
    /// 组织生活会 / a meeting on the organisation's own life.
    OrganizationLife,
    /// 民主评议党员 / members are appraised.
    DemocraticReview,
    /// 志愿服务 / voluntary work.
    Volunteer,
    /// 音乐党课 / a class in music.
    MusicClass,
    /// 社区开放活动 / an open event of the neighbourhood.
    OpenEvent,
}

/// For whom an event is (活动范围).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventAudience {
    /// 本组织 / for members of some organisations of the party, and of those below.
    Organization,
    /// 全体党员 / for all members of the party.
    AllMembers,
    /// 公开 / for everybody.
    Public,
}

/// Where an event stands (活动状态). That it is full, or going on, follows from its seats and the clock.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum EventState {
    /// 草稿 / it is being written.
    Draft,
    /// 待审核 / somebody else has to look at it.
    InReview,
    /// 已审核 / it may be published.
    Approved,
    /// 已发布 / it is published.
    Open,
    /// 已结束 / it is over.
    Ended,
    /// 已取消 / it is called off.
    Cancelled,
}

/// How a seat that falls free goes to who waits (候补方式).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum WaitlistPromotion {
    /// 自动递补 / the next one has it at once.
    Automatic,
    /// 待确认 / it is offered to the next one, who has a while to take it.
    Offer,
}

/// Where a registration stands (报名状态). Whether its people came is another matter.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum RegistrationState {
    /// 占位中 / seats are kept while a form is filled in.
    Held,
    /// 候补中 / it waits for seats.
    Waitlisted,
    /// 待确认 / seats fell free, and are kept for a while.
    Offered,
    /// 已报名 / it has its seats.
    Confirmed,
    /// 已取消 / taken back by who registered.
    Cancelled,
    /// 已移出 / taken off by who holds the event.
    Removed,
    /// 活动取消 / the event was called off.
    CalledOff,
    /// 已失效 / nobody answered in time, or nothing fell free.
    Expired,
}

/// What became of who was expected at an event (出席情况; 中国共产党支部工作条例).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum AttendanceStatus {
    /// 应到 / expected, and nothing is known yet.
    Expected,
    /// 出席 / there in time.
    Present,
    /// 迟到 / there, more than a quarter of an hour late.
    Late,
    /// 请假 / on leave, as it was allowed.
    Leave,
    /// 缺席 / not there.
    Absent,
    /// 免于出席 / old or ill, and not counted among those expected.
    Exempt,
}

/// How it is known that somebody was there (签到方式).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CheckInMethod {
    /// 动态码 / the person scanned the code on the screen.
    Code,
    /// 定位 / the person's phone was there.
    Location,
    /// 出示报名码 / the person's ticket was scanned at the door.
    Ticket,
    /// 现场确认 / staff saw the person there.
    Staff,
    /// 事后补录 / it was written down afterwards.
    Manual,
}

/// Whether leave from an event is given (请假状态).
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
)]
#[sea_orm(rs_type = "String", db_type = "String(StringLen::N(24))", rename_all = "SCREAMING_SNAKE_CASE")]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum LeaveState {
    /// 待批准 / it was asked for.
    Requested,
    /// 已批准 / it is given.
    Granted,
    /// 未批准 / it is not given.
    Denied,
}
