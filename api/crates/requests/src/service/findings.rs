//! What inspectors and devices find.

use entity::enums::Role;
use entity::{device_event, device_finding, patrol_finding};
use kernel::actor::Actor;
use kernel::error::{Error, Result, UserErrorCode};
use kernel::guarded::{Guarded as _, Permitted};
use kernel::tx::Tx;
use kernel::vault::Purpose;

use super::{carry_out, describe, place_of, submit};
use crate::case::Case;
use crate::command::{DeviceEvent, PatrolFinding};
use crate::policy::{self, Action, Scope};
use crate::store::{self, Asker, Words};
use crate::town::Town;
use crate::workflow::Command;

/// How far apart two events of one device are about the same thing, in metres.
const SAME_SPOT: f64 = 50.0;

/// What came of something that was found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The case.
    pub case: Case,
    /// It had come in before.
    pub is_replay: bool,
}

/// Somebody on patrol reports what was found (巡查上报), at most once per person and key, for ever. What an inspector saw is verified
/// (核实), so that it goes on file by itself (row 5); what others saw waits for a dispatcher. The clocks begin now.
///
/// # Errors
/// As [`super::submit()`]; `IDEMPOTENCY_KEY_REUSED` when the key stands for something else.
pub async fn report_patrol_finding(tx: &mut Tx, town: &Town, finding: &PatrolFinding) -> Result<Found> {
    let account = tx.actor().person()?.account;
    let sent = finding.sent.as_bytes();
    if let Some(known) = store::patrol_finding(tx, account, finding.client_id).await? {
        if !tx.base().vault.is_hash_of(Purpose::Fingerprint, sent, &known.fingerprint) {
            return Err(Error::refused_at(UserErrorCode::IdempotencyKeyReused, "clientId"));
        }
        return Ok(Found { case: read(tx, known.request_id).await?, is_replay: true });
    }
    let case = submit(tx, town, &finding.submit).await?;
    let row = patrol_finding::Model {
        account_id: account,
        client_id: finding.client_id,
        fingerprint: tx.base().vault.keyed_hash(Purpose::Fingerprint, sent),
        request_id: case.row.id,
    };
    store::insert_patrol_finding(tx, row).await?;
    let is_verified = tx.actor().is_in_area(Role::GridInspector, &case.row.area_path);
    let case = if is_verified { take_on(tx, town, case).await? } else { case };
    Ok(Found { case, is_replay: false })
}

/// Accepts a case as it came in, and puts it on file.
async fn take_on(tx: &mut Tx, town: &Town, case: Case) -> Result<Case> {
    let row = &case.row;
    let category = town.category(&row.category_code, tx.now()).ok_or(Error::NotFound)?;
    let class = town.classify(category, row.kind, row.priority, row.visibility, (row.content_state, tx.now()));
    let case = by_system(case, Action::Accept)?;
    let case = carry_out(tx, town, case, &Command::Accept(class), Words::default()).await?;
    file_found(tx, town, case).await
}

/// Puts on file what was verified (核实; row 5): an inspector saw it, or a dispatcher accepted what a device saw.
pub(super) async fn file_found(tx: &mut Tx, town: &Town, case: Case) -> Result<Case> {
    let case = by_system(case, Action::File)?;
    carry_out(tx, town, case, &Command::File, Words::default()).await
}

fn by_system(case: Case, action: Action) -> Result<Permitted<Case>> {
    case.permit(&Actor::System, action)
}

async fn read(tx: &Tx, id: entity::id::ServiceRequestId) -> Result<Case> {
    let asker = Asker::of(tx.actor(), tx.now());
    store::case(tx.db(), &Scope::Everything, asker, id).await?.ok_or(Error::NotFound)
}

/// A device saw something (自动发现), each event at most once, for ever. While a case of the same device, category and spot is open,
/// one more event is counted there; else it is a new case, which a dispatcher verifies by accepting it.
///
/// # Errors
/// [`Error::Forbidden`] unless the actor answers for devices there.
pub async fn take_device_event(tx: &mut Tx, town: &Town, event: &DeviceEvent) -> Result<Found> {
    let account = tx.actor().person()?.account;
    let (submit, device) = (&event.submit, event.device_code.as_str());
    if !policy::may_bring_device_events(tx.actor(), &submit.area.path) {
        return Err(Error::Forbidden);
    }
    // One after the other, so that of two events of one thing the second finds the case of the first.
    identity::queue_up(tx, account).await?;
    let street = submit.area.street().to_owned();
    if let Some(known) = store::device_event(tx, &street, (device, &event.event_id)).await? {
        return Ok(Found { case: read(tx, known.request_id).await?, is_replay: true });
    }
    let open = store::open_device_findings(tx, &street, (device, &submit.category_code)).await?;
    let is_here = |row: &&entity::service_request::Model| {
        place_of(row).zip(submit.place).is_some_and(|(there, here)| there.metres_to(here) <= SAME_SPOT)
    };
    let case = match open.iter().find(is_here) {
        Some(row) => {
            store::count_event(tx, row.id, event.occurred_at).await?;
            read(tx, row.id).await?
        }
        None => {
            let number = store::next_case_no(tx).await?;
            let submitted = describe(town, submit, (None, account), tx.now(), number)?;
            let case = store::insert(tx, town, submit, None, submitted).await?;
            let finding = device_finding::Model {
                request_id: case.row.id,
                street: street.clone(),
                device_code: device.to_owned(),
                category_code: submit.category_code.clone(),
                event_count: 1,
                last_at: event.occurred_at,
            };
            store::insert_device_finding(tx, finding).await?;
            case
        }
    };
    let row = device_event::Model {
        street,
        device_code: device.to_owned(),
        event_id: event.event_id.clone(),
        request_id: case.row.id,
        at: event.occurred_at,
    };
    store::insert_device_event(tx, row).await?;
    Ok(Found { case, is_replay: false })
}
