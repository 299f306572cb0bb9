//! Words of the made-up street (演示用语): names, what people complain of, what they are told.

use entity::enums::{RejectReason, RequestKind};

use super::dice::Dice;

const FAMILIES: [&str; 40] = [
    "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "徐", "孙", "马", "朱", "胡", "郭", "何", "林", "高",
    "罗", "郑", "梁", "谢", "宋", "唐", "许", "韩", "冯", "邓", "曹", "彭", "曾", "肖", "田", "董", "潘", "袁", "蔡",
    "蒋", "余",
];
const FIRST: [&str; 20] = [
    "建", "志", "文", "晓", "美", "国", "玉", "秀", "永", "海", "明", "佳", "雨", "思", "春", "金", "爱", "惠", "子",
    "若",
];
const SECOND: [&str; 20] = [
    "华", "芳", "军", "兰", "平", "敏", "强", "英", "杰", "娟", "磊", "静", "涛", "霞", "鹏", "琴", "宁", "红", "洋",
    "珍",
];

/// A made-up name.
pub(super) fn name(dice: &Dice) -> String {
    format!("{}{}{}", dice.pick(&FAMILIES), dice.pick(&FIRST), dice.pick(&SECOND))
}

/// What somebody brings up: kind, category, words.
pub(super) type Matter = (RequestKind, &'static str, &'static str);

/// What callers of the hotline bring up. All of it asks for a call, and none of it is a mere question.
pub(super) const CALLS: [Matter; 24] = [
    (RequestKind::Complaint, "PROPERTY.REPAIR", "单元门禁损坏多日，物业一直没修"),
    (RequestKind::Complaint, "PROPERTY.FEES", "停车费涨价没有公示"),
    (RequestKind::Complaint, "PROPERTY.SECURITY", "夜间门岗无人值守"),
    (RequestKind::Help, "HOUSING.CRACK", "外墙渗水，卧室墙面发霉"),
    (RequestKind::Help, "HOUSING.ELEVATOR", "想推进老楼加装电梯"),
    (RequestKind::Complaint, "HOUSING.FALLING", "外墙瓷砖脱落，担心砸到人"),
    (RequestKind::Complaint, "WASTE.POINT", "垃圾投放点污水横流"),
    (RequestKind::Complaint, "PARKING.SPACE", "地面停车位被私装地锁"),
    (RequestKind::Complaint, "NOISE.SMOKE", "楼下餐饮店油烟直排"),
    (RequestKind::Complaint, "NOISE.NEIGHBOUR", "楼上深夜练琴影响休息"),
    (RequestKind::Complaint, "NOISE.BUILDING", "工地夜间施工噪音大"),
    (RequestKind::Complaint, "ILLEGAL_BUILDING.OLD", "一楼住户搭建阳光房"),
    (RequestKind::Complaint, "FIRE.EBIKE", "楼道里有人飞线充电"),
    (RequestKind::Help, "ELDERLY.MEAL", "老人想申请助餐送上门"),
    (RequestKind::Help, "ELDERLY.CARE", "独居老人需要上门照护"),
    (RequestKind::Help, "ELDERLY.MEDICAL", "想签约家庭医生"),
    (RequestKind::Complaint, "RENTAL.GROUP", "隔壁两居室住了十几个人"),
    (RequestKind::Complaint, "RENTAL.DISPUTE", "中介拖延退还押金"),
    (RequestKind::Help, "LABOR.ARREARS", "公司拖欠两个月工资"),
    (RequestKind::Help, "LABOR.CONTRACT", "公司不签劳动合同"),
    (RequestKind::Report, "OTHER.GENERAL", "有人占用公共绿地种菜"),
    (RequestKind::Complaint, "OTHER.GENERAL", "广场舞音响声音过大"),
    (RequestKind::Suggestion, "PARTY.ACTIVITY", "建议周末多办亲子活动"),
    (RequestKind::Suggestion, "PARTY.VOLUNTEER", "建议路口增加志愿者"),
];
/// Where suggestions begin in [`CALLS`]: they have one day, so late ones are drawn from before.
pub(super) const APPEALS: usize = 22;

/// What patrols find: city objects.
pub(super) const PATROL: [Matter; 14] = [
    (RequestKind::PatrolFinding, "SANITATION.LITTER", "绿化带有暴露垃圾"),
    (RequestKind::PatrolFinding, "SANITATION.ROAD", "人行道积尘不洁"),
    (RequestKind::PatrolFinding, "SANITATION.RUBBLE", "路边堆放装修渣土"),
    (RequestKind::PatrolFinding, "WASTE.PICKUP", "垃圾桶满溢未清运"),
    (RequestKind::PatrolFinding, "PARKING.CAR", "机动车占用盲道"),
    (RequestKind::PatrolFinding, "PARKING.BIKE", "共享单车乱停放"),
    (RequestKind::PatrolFinding, "FIRE.ESCAPE", "消防通道停放车辆"),
    (RequestKind::PatrolFinding, "FIRE.HYDRANT", "消火栓箱门损坏"),
    (RequestKind::PatrolFinding, "FACILITY.STREET_LIGHT", "路灯不亮"),
    (RequestKind::PatrolFinding, "FACILITY.MANHOLE", "井盖松动异响"),
    (RequestKind::PatrolFinding, "FACILITY.ROAD_DAMAGE", "路面破损有坑洞"),
    (RequestKind::PatrolFinding, "FACILITY.SEAT", "公共座椅木条断裂"),
    (RequestKind::PatrolFinding, "GREENERY.TREE", "树枝遮挡信号灯"),
    (RequestKind::PatrolFinding, "GREENERY.LAWN", "草坪有枯枝杂物"),
];
/// What machines find.
pub(super) const AUTO: [Matter; 6] = [
    (RequestKind::AutoFinding, "PARKING.CAR", "智能识别：违停车辆"),
    (RequestKind::AutoFinding, "PARKING.BIKE", "智能识别：单车堆积"),
    (RequestKind::AutoFinding, "SANITATION.LITTER", "智能识别：暴露垃圾"),
    (RequestKind::AutoFinding, "FIRE.ESCAPE", "智能识别：通道占用"),
    (RequestKind::AutoFinding, "WASTE.PICKUP", "满溢感应：待清运"),
    (RequestKind::AutoFinding, "FACILITY.MANHOLE", "井盖感应：倾斜告警"),
];

/// Replies to callers.
pub(super) const REPLIES: [&str; 5] = [
    "已到现场核实并处理完毕，感谢您的反映。",
    "已与相关方协调一致，问题已解决，后续将加强巡查。",
    "已联系您说明情况并完成整改，如有反复请再次反映。",
    "工作人员已上门处理，现场已恢复正常。",
    "已督促责任单位整改到位，并纳入日常管理。",
];
/// Replies to findings.
pub(super) const DONE: [&str; 3] =
    ["现场已清理完毕，恢复正常。", "已派员处置到位，复查无异常。", "已修复并完成现场复核，请查验。"];
/// What was said on the phone.
pub(super) const SPOKEN: [&str; 3] = ["已电话告知受理情况和处理时限", "已了解具体位置和诉求", "已约定上门时间"];
/// What a reporter says who is not content.
pub(super) const UNHAPPY: [&str; 3] = ["问题没有真正解决", "处理得太慢了", "过几天又反复了"];

/// Why a request is refused, in words.
pub(super) fn refusal(reason: RejectReason) -> &'static str {
    match reason {
        RejectReason::OutsideJurisdiction => "该地点不在本街道辖区，请拨打12345转属地街道。",
        RejectReason::NoNewFacts => "该事项此前已办结，如有新情况请补充后再次提交。",
        RejectReason::Litigation => "该事项已进入司法程序，请等待法院裁判。",
        _ => "未反映具体事项，无法办理，欢迎补充后再次提交。",
    }
}
