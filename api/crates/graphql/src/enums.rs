//! The wire's mirrors of column enums (枚举): the tables stay ignorant of the wire.

use async_graphql::Enum;

mod content;
mod course;
mod map;
mod oversight;
mod reference;
pub use content::{ContentReason, ContentState};
pub use course::{ContactMethod, ContactOutcome, HandlingResult, NoteKind, ReturnDecision, Solved};
pub use map::{GridChangeKind, GridChangeState};
pub use oversight::{AskKind, ConflictKind, RiskLevel, SupervisionLevel, SupervisionReason, SuspendReason};
pub use reference::{CategoryNature, ClockKind, WarningLevel, WarningTo};

/// 诉求状态 / Where a request stands, after the seven links of city-grid management.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ServiceRequestState")]
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

/// 不予受理的原因 / Why a request is refused.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::RejectReason")]
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

/// 诉求类型 / Kind of request.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::RequestKind")]
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

/// 渠道 / How a request came in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Channel")]
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
    #[graphql(name = "HOTLINE_12345")]
    Hotline12345,
    /// 窗口 / at the counter.
    WalkIn,
    /// 巡查 / on patrol.
    Patrol,
    /// 传感器 / by a sensor.
    Sensor,
}

/// 来源 / Who found the matter.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Source")]
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

/// 通道 / Lane a request travels in.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Lane")]
pub enum Lane {
    /// 普通 / ordinary.
    Normal,
    /// 绿色通道 / green lane of enterprises.
    Green,
    /// 快速通道 / fast lane of public safety.
    Fast,
}

/// 优先级 / Priority.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Priority")]
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

/// 公开范围 / Who may see a request beside those concerned.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Visibility")]
pub enum Visibility {
    /// 不公开 / those concerned.
    Private,
    /// 本自治网格，通过居住认证的居民可见 / residents of the self-government grid, as verified.
    Grid,
    /// 公开 / everybody.
    Public,
}

/// 角色 / Roles of the sub-district; permissions are the union of a person's grants.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::Role")]
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

/// 授权范围 / What a grant's scope names.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ScopeKind")]
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

/// 客户端种类 / Kind of client.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::ClientKind")]
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

/// 机构类型 / Kind of organisation.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::OrganizationKind")]
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

/// 职务 / What a person does in a unit.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::UnitDuty")]
pub enum UnitDuty {
    /// 负责人 / leads.
    Leader,
    /// 承办人 / handles.
    Handler,
}

/// 派单状态 / Where an order stands.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AssignmentState")]
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

/// 照片阶段 / When a photo was taken.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "entity::enums::AttachmentPhase")]
pub enum AttachmentPhase {
    /// 处置前：随诉求提交 / before handling: those of the report.
    Before,
    /// 处置中：诉求人补充 / during handling: those the reporter added.
    During,
    /// 处置后：处置结果 / after handling: those that show the work.
    After,
}

/// 导出格式 / Format of a file.
#[derive(Enum, Clone, Copy, Debug, PartialEq, Eq)]
#[graphql(remote = "kernel::sheet::Format")]
pub enum FileFormat {
    /// 逗号分隔，UTF-8 带 BOM / comma-separated, UTF-8 with a byte order mark.
    Csv,
    /// Excel 工作簿 / an Excel workbook.
    Xlsx,
}
