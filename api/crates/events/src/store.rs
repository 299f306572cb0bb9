//! The only files of this slice that name columns (存取).

mod events;
mod registrations;
mod sealed;

pub use events::{
    Sought, Viewer, agenda_lines, due, events, events_by_ids, follow_area, held_row, hold, insert_event,
    organizations_of, put_off_event, replace_organizations, tags, update_event,
};
pub use registrations::{
    Brought, Guest, all_of, due_registrations, forget_words, free_seats, guests_of, held_by, insert_registration, line,
    live_events_of, live_in, places_in_line, put_off_registration, registered_with, registration, registration_by_id,
    registration_of, registration_row, registrations_by_ids, registrations_of, registrations_on, replace_guests,
    states_of, take_seats, update_registration, wait_until, waiting, waitlists, who_registered,
};
pub use sealed::sealed_tables;
