//! Neighbourhood centres of the demo town (演示邻里中心): five that are open, two that are being built; synthetic hours.

use bookings::{RawOpeningLine, RawSaveCenter, RawSaveVenue, SaveOpening};
use chrono::NaiveDate;
use entity::enums::{BookingApproval, CenterState, OpeningDays, OpeningSession, Role, ScopeKind, VenueKind};
use entity::id::{AccountId, CenterId, VenueId};
use entity::venue;
use identity::NewStaff;
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::error::{Error, Result};
use kernel::target::Seen;
use kernel::tx::Tx;

use super::STREET;
use super::people::password_hash;
use super::services::{self, COUNTER, DOCTOR, LAWYER};

/// Who works in the centres: user name and name; on duty in the evening and on days off.
pub const CENTER_STAFF: (&str, &str) = ("center", "邻小中");

/// A centre: code, name, area it lies in, address, where it stands.
const CENTERS: [(&str, &str, &str, &str, CenterState); 7] = [
    ("XH-01", "爱博邻里中心", "310112008001", "爱博路 1 号（演示）", CenterState::Open),
    ("XH-02", "航华邻里中心", "310112008006", "航华路 2 号（演示）", CenterState::Open),
    ("XH-03", "虹桥邻里中心", "310112008011", "虹桥路 3 号（演示）", CenterState::Open),
    ("XH-04", "沙茂邻里中心", "310112008016", "沙茂路 4 号（演示）", CenterState::Open),
    ("XH-05", "新家邻里中心", "310112008021", "新家路 5 号（演示）", CenterState::Open),
    ("XH-06", "涞港星苑邻里中心", "310112008026", "涞港路 6 号（演示）", CenterState::Building),
    ("XH-07", "华美邻里中心", "310112008028", "华美路 7 号（演示）", CenterState::Building),
];

/// The largest.
const LARGE: [&str; 2] = ["XH-01", "XH-02"];

/// A venue: name, kind, people it holds, the one it lies within, how it is booked.
type Row = (&'static str, VenueKind, i32, Option<&'static str>, BookingApproval);

const VENUES: [Row; 8] = [
    ("多功能厅", VenueKind::Meeting, 120, None, BookingApproval::Manual),
    ("多功能厅东厅", VenueKind::Meeting, 60, Some("多功能厅"), BookingApproval::Auto),
    ("多功能厅西厅", VenueKind::Meeting, 60, Some("多功能厅"), BookingApproval::Auto),
    ("舞蹈房", VenueKind::Dance, 30, None, BookingApproval::Auto),
    ("健身房", VenueKind::Fitness, 20, None, BookingApproval::Auto),
    ("阅览室", VenueKind::Reading, 40, None, BookingApproval::Auto),
    ("儿童活动室", VenueKind::Child, 15, None, BookingApproval::Auto),
    ("会议室", VenueKind::Meeting, 16, None, BookingApproval::Manual),
];

/// Who gives services, and where: had as rooms are, in half hours.
const SERVED: [(&str, VenueKind, i32, &str); 3] = [
    (DOCTOR, VenueKind::Expert, 1, "全科主治医师，工作日坐诊（演示）。"),
    (LAWYER, VenueKind::Expert, 1, "公益法律服务，工作日值班（演示）。"),
    (COUNTER, VenueKind::Counter, 3, "三个窗口，办理便民与养老服务（演示）。"),
];

/// What was entered.
pub(super) struct Loaded {
    /// Rooms.
    pub(super) rooms: usize,
    /// Services.
    pub(super) services: usize,
    /// Who works in the centres.
    pub(super) staff: AccountId,
}

/// Enters them.
pub(super) async fn load(base: &Base) -> anyhow::Result<Loaded> {
    let hash = password_hash().await?;
    let duty = base.write(&Actor::System, &hash, |tx, hash| Box::pin(staff(tx, hash))).await?;
    let mut loaded = Loaded { rooms: 0, services: 0, staff: duty };
    for row in CENTERS {
        let command = (row, duty);
        let made = base.write(&Actor::System, &command, |tx, (row, duty)| Box::pin(center(tx, row, *duty))).await?;
        (loaded.rooms, loaded.services) = (loaded.rooms + made.0, loaded.services + made.1);
    }
    Ok(loaded)
}

async fn staff(tx: &mut Tx, hash: &str) -> Result<AccountId> {
    let street = areas::store::by_code(tx.db(), STREET).await?.ok_or(Error::NotFound)?;
    let (username, name) = (CENTER_STAFF.0.into(), CENTER_STAFF.1.into());
    let person = NewStaff { username, password_hash: hash.into(), name, phone: None, must_change: false };
    let account = identity::create_staff(tx, &person).await?.id;
    identity::grant(tx, account, Role::CenterStaff, (ScopeKind::Area, street.id.0), None).await?;
    Ok(account)
}

async fn center(
    tx: &mut Tx,
    (code, name, area, address, state): &(&str, &str, &str, &str, CenterState),
    duty: AccountId,
) -> Result<(usize, usize)> {
    let there = areas::store::by_code(tx.db(), area).await?.ok_or(Error::NotFound)?;
    let inside = areas::store::shapes_of(std::slice::from_ref(&there))?.first().and_then(|area| area.outline.inside());
    let raw = RawSaveCenter {
        id: None,
        expected_version: None,
        code: (*code).into(),
        name: (*name).into(),
        area_code: (*area).into(),
        address: (*address).into(),
        place: inside.map(|place| Ok((place.longitude(), place.latitude()))),
        phone: Some("021-5478 0000".into()),
        state: *state,
    };
    let center = bookings::save_center(tx, &raw.parse()?).await?.id;
    if *state != CenterState::Open {
        return Ok((0, 0));
    }
    let mut made: Vec<venue::Model> = Vec::new();
    for row in &VENUES {
        let within = row.3.and_then(|outer| made.iter().find(|venue| venue.name == outer)).map(|venue| venue.id);
        let venue = bookings::save_venue(tx, &venue(center, within, row).parse()?).await?;
        let on = Seen { id: venue.id, expected_version: Some(venue.version) };
        bookings::save_opening(tx, &SaveOpening::parse(on, &hours(row.1, duty))?).await?;
        made.push(venue);
    }
    let mut places = Vec::new();
    for row in SERVED {
        let venue = bookings::save_venue(tx, &served(center, row).parse()?).await?;
        let on = Seen { id: venue.id, expected_version: Some(venue.version) };
        bookings::save_opening(tx, &SaveOpening::parse(on, &hours(row.1, duty))?).await?;
        places.push((row.0, venue.id));
    }
    let is_large = LARGE.contains(code);
    let services = services::load(tx, center, &places, is_large).await?;
    Ok((made.len(), services))
}

/// Somebody or something that serves people one after the other.
fn served(center: CenterId, (name, kind, units, introduction): (&str, VenueKind, i32, &str)) -> RawSaveVenue {
    let room = venue(center, None, &("", kind, units, None, BookingApproval::Auto));
    RawSaveVenue {
        name: name.into(),
        introduction: Some(introduction.into()),
        units: Some(units),
        equipment: Vec::new(),
        rules: None,
        min_age: None,
        max_minutes: 60,
        group_max_minutes: 60,
        buffer_after: 0,
        ..room
    }
}

fn venue(center: CenterId, within: Option<VenueId>, (name, kind, capacity, _, approval): &Row) -> RawSaveVenue {
    RawSaveVenue {
        id: None,
        expected_version: None,
        center,
        within,
        name: (*name).into(),
        kind: *kind,
        capacity: *capacity,
        is_accessible: true,
        introduction: None,
        units: None,
        questions: None,
        photos: None,
        equipment: vec!["空调".into(), "饮水机".into()],
        rules: Some("请爱护设施，使用后恢复原状。".into()),
        fee: None,
        min_age: Some(14),
        approval: *approval,
        start_interval: 30,
        min_minutes: 30,
        max_minutes: 120,
        group_max_minutes: 240,
        buffer_before: 0,
        buffer_after: 15,
        days_ahead: 7,
        opens_at: "08:00".into(),
        is_bookable: true,
    }
}

/// Working days by day; the golden evening hours where people dance and exercise; days off where they read too.
fn hours(kind: VenueKind, duty: AccountId) -> Vec<RawOpeningLine> {
    let line = |days, (from, to): (&str, &str), session, duty| RawOpeningLine {
        days,
        weekdays: Vec::new(),
        from: Some(from.into()),
        to: Some(to.into()),
        session,
        duty,
        valid_from: NaiveDate::from_ymd_opt(2026, 1, 1).unwrap_or_default(),
        valid_to: None,
    };
    let mut lines = vec![line(OpeningDays::Working, ("09:00", "17:00"), OpeningSession::Day, None)];
    let has_evening = matches!(kind, VenueKind::Dance | VenueKind::Fitness);
    // Nobody is on duty for children in the evening: it is planned, and not open.
    if has_evening || kind == VenueKind::Child {
        let somebody = Some(duty).filter(|_| has_evening);
        lines.push(line(OpeningDays::Working, ("18:00", "20:00"), OpeningSession::Evening, somebody));
    }
    if has_evening || kind == VenueKind::Reading {
        lines.push(line(OpeningDays::Weekend, ("09:00", "17:00"), OpeningSession::Weekend, Some(duty)));
    }
    lines
}
