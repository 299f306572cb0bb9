//! The only files of this slice that name columns (存取).

mod agenda;
mod bookings;
mod credit;
mod holds;
mod opening;
mod picture;
mod places;
mod series;
mod services;

pub use agenda::{Reach, agenda_at, agenda_of, begun_on, courses};
pub use bookings::{
    affected, all_of, booking, bookings_by_ids, bookings_in, bookings_of, bookings_on, by_code, by_id, center_of,
    counted, due, forget_words, insert_booking, is_booked, live_centers_of, live_of, live_of_series,
    overlapping_waiters, put_off, update_booking,
};
pub use credit::{
    appeal, appeals_at, appeals_by_ids, appeals_of, credit_lines, forget_appeals, insert_appeal, update_appeal,
};
pub use holds::{delete_holds, due_holds, held_by, holds_at, holds_of, insert_hold, slot_hold};
pub use opening::{
    Openings, closure, closures_by_ids, closures_of, forget_guest, guests_of, insert_closure, lift, opening_rules_of,
    openings, replace_opening,
};
pub use picture::{Picture, picture};
pub use places::{
    Hold, blank_center, center, centers, centers_by_ids, follow_area, hold, insert_center, insert_venue, premises_of,
    update_center, update_venue, venue, venues_by_ids, venues_of, venues_sought,
};
pub use series::{
    all_series_of, forget_refusals, forget_series_words, insert_series, note_refusals, refusals_of, series_at,
    series_by_ids,
};
pub use services::{
    count_services, editions_of_services, offered, places_of_services, save_service, service, services_at,
    services_by_ids, services_of,
};
