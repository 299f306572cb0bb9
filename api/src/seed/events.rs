//! Events of the demo town (演示活动): one for everybody, one for all members of the party, one for a branch; synthetic.

use ::events::{RawSave, RawTerms, Save, Site};
use chrono::{DateTime, Utc};
use entity::enums::{EventAudience, EventKind, Role, ScopeKind, WaitlistPromotion};
use entity::id::{AccountId, EventId, PartyOrganizationId};
use entity::{event, party_organization, staff_credential};
use identity::NewStaff;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::target::Seen;
use kernel::tx::Verb;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};

use super::people::password_hash;
use super::{STREET, actor};

/// Who reviews what is for everybody: user name, name.
pub const EDITOR: (&str, &str) = ("editor", "编小辑");

/// An event: kind, for whom, code of the organisation, title, what is said, day of December 2026, hours in UTC, seats, who holds it, who
/// reviews it.
struct Row {
    kind: EventKind,
    audience: EventAudience,
    organization: Option<&'static str>,
    title: &'static str,
    summary: &'static str,
    begins_at: &'static str,
    ends_at: &'static str,
    capacity: i32,
    host: &'static str,
    reviewer: Option<&'static str>,
}

const EVENTS: [Row; 3] = [
    Row {
        kind: EventKind::OpenEvent,
        audience: EventAudience::Public,
        organization: None,
        title: "冬至包汤圆",
        summary: "和邻居一起包汤圆，可带孩子和家人（演示）。",
        begins_at: "2026-12-19T06:00:00Z",
        ends_at: "2026-12-19T08:00:00Z",
        capacity: 50,
        host: "neighbourhood",
        reviewer: Some(EDITOR.0),
    },
    Row {
        kind: EventKind::MusicClass,
        audience: EventAudience::AllMembers,
        organization: Some("XH-01-01"),
        title: "音乐党课",
        summary: "在歌声里学党史（演示）。",
        begins_at: "2026-12-20T01:00:00Z",
        ends_at: "2026-12-20T02:30:00Z",
        capacity: 80,
        host: "party.secretary",
        reviewer: Some("party.admin"),
    },
    Row {
        kind: EventKind::PartyClass,
        audience: EventAudience::Organization,
        organization: Some("XH-01-01"),
        title: "十二月党课",
        summary: "支部书记讲党课（演示）。",
        begins_at: "2026-12-12T01:00:00Z",
        ends_at: "2026-12-12T02:30:00Z",
        capacity: 40,
        host: "party.secretary",
        reviewer: None,
    },
];

/// Makes them, by the verbs that staff use; tells how many.
///
/// # Errors
/// When they cannot be written.
pub(super) async fn load(base: &Base) -> anyhow::Result<usize> {
    let hash = password_hash().await?;
    let street = areas::store::by_code(base.db.reader(), STREET).await?;
    let street = street.ok_or_else(|| anyhow::anyhow!("the demo map has no street"))?.id;
    let editor = (hash, street);
    base.write(&Actor::System, &editor, |tx, (hash, street)| {
        Box::pin(async move {
            let staff = NewStaff {
                username: EDITOR.0.into(),
                password_hash: hash.clone(),
                name: EDITOR.1.into(),
                phone: None,
                must_change: false,
            };
            let account = identity::create_staff(tx, &staff).await?.id;
            identity::grant(tx, account, Role::Editor, (ScopeKind::Area, street.0), None).await
        })
    })
    .await?;
    for row in &EVENTS {
        make(base, row).await?;
    }
    Ok(EVENTS.len())
}

async fn make(base: &Base, row: &Row) -> anyhow::Result<()> {
    let host = actor(base, staff(base, row.host).await?).await?;
    let saved = saved(base, row).await?;
    let made = base.write(&host, &saved, |tx, wanted| Box::pin(flows::save_event(tx, wanted))).await?;
    let mut made = Made { base, event: made };
    if let Some(reviewer) = row.reviewer {
        made.step(&host, |tx, on| Box::pin(::events::submit(tx, on))).await?;
        let reviewer = actor(base, staff(base, reviewer).await?).await?;
        made.step(&reviewer, |tx, on| Box::pin(::events::approve(tx, on))).await?;
    }
    made.step(&host, |tx, on| Box::pin(flows::publish_event(tx, on))).await
}

/// An event that was made.
struct Made<'b> {
    base: &'b Base,
    event: event::Model,
}

impl Made<'_> {
    async fn step(&mut self, actor: &Actor, verb: Verb<Seen<EventId>, event::Model>) -> anyhow::Result<()> {
        let on = Seen { id: self.event.id, expected_version: Some(self.event.version) };
        self.event = self.base.write(actor, &on, verb).await?;
        Ok(())
    }
}

async fn saved(base: &Base, row: &Row) -> anyhow::Result<Save> {
    let organization = match row.organization {
        Some(code) => Some(organization(base, code).await?),
        None => None,
    };
    let at = |text: &str| text.parse::<DateTime<Utc>>();
    let terms = RawTerms {
        from: None,
        to: None,
        withdraw_until: None,
        capacity: Some(row.capacity),
        waitlist_limit: Some(20),
        most_seats: 3,
        promotion: WaitlistPromotion::Automatic,
        is_for_residents: false,
        questions: Vec::new(),
    };
    let raw = RawSave {
        id: None,
        expected_version: None,
        kind: row.kind,
        audience: row.audience,
        title: row.title.into(),
        summary: row.summary.into(),
        body: row.summary.into(),
        organizer: "新虹街道（演示）".into(),
        tags: vec!["演示".into()],
        area_code: STREET.into(),
        organization,
        organizations: Vec::new(),
        site: Site { venue: None, place: "社区活动室".into(), point: None },
        begins_at: at(row.begins_at)?,
        ends_at: at(row.ends_at)?,
        terms: Some(terms),
        agenda: Vec::new(),
        photos: None,
    };
    Ok(raw.parse(base.clock.now())?)
}

async fn staff(base: &Base, username: &str) -> anyhow::Result<AccountId> {
    use staff_credential::{Column as C, Entity as E};
    let found = E::find().filter(C::Username.eq(username)).one(base.db.reader()).await?;
    Ok(found.ok_or_else(|| anyhow::anyhow!("nobody signs in as {username}"))?.account_id)
}

async fn organization(base: &Base, code: &str) -> anyhow::Result<PartyOrganizationId> {
    use party_organization::{Column as C, Entity as E};
    let found = E::find().filter(C::Code.eq(code)).one(base.db.reader()).await?;
    Ok(found.ok_or_else(|| anyhow::anyhow!("no organisation {code}"))?.id)
}
