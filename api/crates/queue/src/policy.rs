//! Who may (权限规则): a number is between who took it and the staff of the centre. Who may give numbers and call them is asked of the
//! centre.

use entity::enums::Role;
use entity::service_ticket;
use kernel::actor::Actor;
use kernel::guarded::{Decision, Guarded};
use strum::{EnumIter, IntoStaticStr};

/// A number in a line, as its policy judges it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    /// The row.
    pub row: service_ticket::Model,
    /// Path of the area its centre lies in.
    pub area_path: String,
}

/// What can be done with a number in a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TicketAction {
    /// See it.
    Read,
    /// 叫号
    Call,
    /// 办理
    Serve,
    /// 过号
    Skip,
    /// 取消
    Cancel,
    /// What only the system does, when the day is over.
    Expire,
}

impl Guarded for Ticket {
    type Action = TicketAction;

    fn decide(&self, actor: &Actor, action: TicketAction) -> Decision {
        use TicketAction as A;
        let is_own = self.row.account_id.is_some() && actor.account() == self.row.account_id;
        let is_staff = actor.is_in_area(Role::CenterStaff, &self.area_path);
        let is_allowed = *actor == Actor::System
            || match action {
                A::Read => is_own || is_staff,
                A::Call | A::Serve | A::Skip => is_staff,
                A::Cancel => is_own,
                A::Expire => false,
            };
        match (is_allowed, is_own || is_staff) {
            (true, _) => Decision::Allow,
            (false, true) => Decision::Deny,
            (false, false) => Decision::Hide,
        }
    }
}
