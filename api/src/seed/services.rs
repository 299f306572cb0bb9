//! What the centres of the demo town offer beside their rooms (演示服务项目): 107 services in six categories, synthetic.

use bookings::RawSaveService;
use entity::enums::{ServiceCategory as C, ServiceState};
use entity::id::{CenterId, VenueId};
use kernel::error::{Error, Result};
use kernel::tx::Tx;

/// Where services are given: who advises, and the counter.
pub(super) const DOCTOR: &str = "家庭医生";
pub(super) const LAWYER: &str = "值班律师";
pub(super) const COUNTER: &str = "服务窗口";

/// A service: code, name, what it is about, minutes of an appointment, numbers a day, where it is given.
type Row = (&'static str, &'static str, C, Option<i32>, Option<i32>, &'static str);

/// Those of a centre; the last one only in the two largest, so that there are 107.
const SERVICES: [Row; 22] = [
    ("MEALS", "助餐配送登记", C::ElderCare, None, Some(60), COUNTER),
    ("BATHING", "助浴预约", C::ElderCare, Some(60), None, COUNTER),
    ("HOME-CARE", "居家照护咨询", C::ElderCare, Some(30), None, COUNTER),
    ("HOME-FIT", "适老化改造咨询", C::ElderCare, Some(30), None, COUNTER),
    ("SENIOR-CLASS", "老年课堂报名", C::ElderCare, None, Some(40), COUNTER),
    ("PRESSURE", "血压血糖测量", C::Health, None, Some(80), COUNTER),
    ("DOCTOR", "家庭医生坐诊", C::Health, Some(30), None, DOCTOR),
    ("MASSAGE", "中医推拿", C::Health, Some(30), None, DOCTOR),
    ("MIND", "心理咨询", C::Health, Some(60), None, DOCTOR),
    ("READING", "亲子阅读指导", C::Family, Some(30), None, COUNTER),
    ("CHILD-CARE", "临时托管登记", C::Family, None, Some(20), COUNTER),
    ("PARENTING", "育儿指导", C::Family, Some(30), None, DOCTOR),
    ("YOUTH", "青少年暑托报名", C::Family, None, Some(60), COUNTER),
    ("WRITING", "书法指导", C::Culture, Some(60), None, COUNTER),
    ("MUSIC", "乐器借用", C::Culture, None, Some(20), COUNTER),
    ("TRAINER", "健身指导", C::Culture, Some(30), None, COUNTER),
    ("BARBER", "便民理发", C::Convenience, None, Some(60), COUNTER),
    ("MENDING", "缝补修鞋", C::Convenience, None, Some(40), COUNTER),
    ("REPAIR", "小家电维修", C::Convenience, None, Some(40), COUNTER),
    ("KEYS", "磨刀配钥匙", C::Convenience, None, Some(40), COUNTER),
    ("LEGAL", "法律咨询", C::Advice, Some(30), Some(20), LAWYER),
    ("INSURANCE", "社保医保咨询", C::Advice, Some(30), Some(60), COUNTER),
];

/// Enters those of a centre; `large` ones have all. Tells how many.
pub(super) async fn load(tx: &mut Tx, center: CenterId, places: &[(&str, VenueId)], large: bool) -> Result<usize> {
    let count = if large { SERVICES.len() } else { SERVICES.len() - 1 };
    for (code, name, category, minutes, tickets_per_day, place) in SERVICES.into_iter().take(count) {
        let venue = places.iter().find(|(name, _)| *name == place).map(|(_, venue)| *venue).ok_or(Error::NotFound)?;
        let raw = RawSaveService {
            id: None,
            expected_version: None,
            center,
            code: code.into(),
            name: name.into(),
            category,
            description: Some(format!("{name}，由邻里中心提供（演示）。")),
            audience: None,
            materials: vec!["身份证".into()],
            fee: None,
            minutes,
            tickets_per_day,
            state: ServiceState::Offered,
            venues: vec![venue],
        };
        bookings::save_service(tx, &raw.parse()?).await?;
    }
    Ok(count)
}
