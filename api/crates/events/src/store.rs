//! The only files of this slice that name columns (存取).

mod agenda;
mod attendance;
mod events;
mod guests;
mod life;
mod record;
mod registrations;
mod sealed;

pub use agenda::agenda_of;
pub use attendance::{
    all_attended, attendance_by_ids, attendance_on, attendance_row, attended_with, close_attendance, event_of, expect,
    expect_members, expect_no_more, expect_nobody, forget_reasons, insert_attendance, line_for_member, line_for_person,
    own_line, quorum, reason_of, sealed_reason, tallies, update_attendance, whose,
};
pub use events::{
    Sought, Viewer, agenda_lines, due, events, events_by_ids, events_in, follow_area, glance, hold, insert_event,
    organizations_of, put_off_event, replace_organizations, tags, update_event,
};
pub use guests::{Brought, Guest, guests_of, replace_guests};
pub use life::{Obliged, attended, meetings, obliged};
pub use record::{
    Record, Resolution, checked_records, count_resolutions, insert_resolution, opened, put_record, record_row,
    resolution_by_id, resolutions_of, written,
};
pub use registrations::{
    all_of, call_off, due_registrations, forget_words, free_seats, held_by, insert_registration, line, live_events_of,
    live_in, places_in_line, put_off_registration, registered_with, registration, registration_by_id, registration_of,
    registration_row, registration_with, registrations_by_ids, registrations_of, registrations_on, states_of,
    take_seats, update_registration, wait_until, waiting, waitlists, who_registered,
};
pub use sealed::sealed_tables;
