//! Organisations of the party in the demo town (演示党组织): synthetic names and numbers, one secretary and one of the staff above.

use entity::enums::{Role, ScopeKind};
use identity::NewStaff;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::tx::Tx;
use party::File;

use super::people::password_hash;

/// Staff of the party: user name, name, role, code of the organisation.
pub const PARTY_STAFF: [(&str, &str, Role, &str); 2] = [
    ("party.secretary", "支小书", Role::PartySecretary, "XH-01-01"),
    ("party.admin", "党小建", Role::PartyOrgAdmin, "XH-01"),
];

/// The rosters. The first resident's number stands in one, so that a confirmation can be tried.
const ROSTERS: &str = "\
org_code,org_name,org_kind,parent_code,member_name,join_month,standing,phone
XH,新虹街道党工委（演示）,WORKING_COMMITTEE,,,,,
XH-01,虹桥商务区综合党委（演示）,COMMITTEE,XH,,,,
XH-01-01,楼宇第一联合支部（演示）,JOINT_BRANCH,XH-01,赵党员,1998-07,FULL,13900000901
XH-01-01,楼宇第一联合支部（演示）,JOINT_BRANCH,XH-01,孙党员,2011-11,FULL,13900000001
XH-01-01,楼宇第一联合支部（演示）,JOINT_BRANCH,XH-01,冯党员,2026-06,PROBATIONARY,13900000902
XH-01-01-G1,第一党小组（演示）,GROUP,XH-01-01,陈党员,2003-05,FULL,
XH-01-02,楼宇第二支部（演示）,BRANCH,XH-01,褚党员,2007-12,FLOATING,13900000903
XH-02,爱博四村党总支（演示）,GENERAL_BRANCH,XH,卫党员,1986-07,FULL,13900000904
";

/// Enters the rosters, and appoints those who read them.
///
/// # Errors
/// When they cannot be written.
pub(super) async fn load(base: &Base) -> anyhow::Result<usize> {
    let hash = password_hash().await?;
    let file = File::parse(ROSTERS, base.clock.now());
    let file = file.map_err(|errors| anyhow::anyhow!("the demo rosters: {errors:?}"))?;
    Ok(base.write(&Actor::System, &(file, hash), |tx, (file, hash)| Box::pin(make(tx, file, hash))).await?)
}

async fn make(tx: &mut Tx, file: &File, hash: &str) -> Result<usize> {
    let imported = party::import(tx, file).await?;
    for (username, name, role, code) in PARTY_STAFF {
        let staff = NewStaff {
            username: username.into(),
            password_hash: hash.into(),
            name: name.into(),
            phone: None,
            must_change: false,
        };
        let account = identity::create_staff(tx, &staff).await?.id;
        let found = imported.organizations.iter().find(|(own, _)| own == code);
        let organization = found.map(|(_, id)| *id).ok_or(Error::NotFound)?;
        identity::grant(tx, account, role, (ScopeKind::PartyOrganization, organization.0), None).await?;
    }
    Ok(imported.organizations.len())
}
