//! What people of the demo town consent to (演示告知文件): the privacy policy in its third version, the terms, and each purpose
//! that asks for a consent of its own.

use entity::enums::{ClientKind, ConsentKind};
use entity::id::AccountId;
use identity::consent::{self, Publish};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::Result;
use kernel::tx::Tx;

/// Kind, versions, title, text.
const DOCUMENTS: [(ConsentKind, usize, &str, &str); 6] = [
    (
        ConsentKind::PrivacyPolicy,
        3,
        "社区治理通隐私政策（演示）",
        "我们只为办理您的诉求、预约和活动处理您的手机号、称呼和您提交的内容。\n手机号、姓名和住址加密保存，对经办人员默认隐藏，查看须\
         说明理由并留下记录。\n您可以随时查阅、复制、更正您的信息，撤回同意，或注销账号；注销后七天内可以反悔。\n未满十四周岁的，请由监\
         护人办理。",
    ),
    (
        ConsentKind::UserAgreement,
        1,
        "社区治理通用户协议（演示）",
        "请如实反映情况，不发布违法或侵犯他人权益的内容。紧急情况请拨打 110、119、120。",
    ),
    (
        ConsentKind::Location,
        1,
        "位置信息使用同意书（演示）",
        "您在地图上标出的位置只用于确定承办网格和到场处置，不记录行踪。不同意也可以填写地址。",
    ),
    (ConsentKind::Health, 1, "健康信息使用同意书（演示）", "与健康有关的信息只用于您申请的服务，仅由承办人员查看。"),
    (
        ConsentKind::Party,
        1,
        "党员身份信息使用同意书（演示）",
        "党员身份只在您所在党组织内使用，不对外公开，行政管理角色不能查看。",
    ),
    (
        ConsentKind::Minor,
        1,
        "未成年人信息使用同意书（演示）",
        "监护人填写的孩子姓名和出生年月只用于参加活动，删除或撤回同意后即不再保存。",
    ),
];

/// Publishes the documents.
///
/// # Errors
/// When they cannot be written.
pub(super) async fn publish(base: &Base) -> anyhow::Result<()> {
    Ok(base.write(&Actor::System, &(), |tx, ()| Box::pin(publish_all(tx))).await?)
}

async fn publish_all(tx: &mut Tx) -> Result<()> {
    for (kind, versions, title, body) in DOCUMENTS {
        for _ in 0..versions {
            let next = Publish::parse(kind, title, body, None, tx.now())?;
            consent::publish_as(tx, &next).await?;
        }
    }
    Ok(())
}

/// Notes that people consented to all of them.
///
/// # Errors
/// When it cannot be written.
pub(super) async fn note(base: &Base, accounts: &[AccountId]) -> anyhow::Result<()> {
    let accounts = accounts.to_vec();
    let noted = base.write(&Actor::System, &accounts, |tx, accounts| {
        Box::pin(async move { consent::note_consents(tx, accounts, ClientKind::WechatMiniProgram).await })
    });
    Ok(noted.await?)
}
