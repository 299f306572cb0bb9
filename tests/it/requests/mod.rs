//! Service requests: what a report's way promises to residents and staff (domain §B4, scenarios 1–3, 6 and 9).

mod alarms;
mod content;
mod duplicates;
mod facts;
mod findings;
mod hand_over;
mod keys;
mod lists;
mod model;
mod objections;
mod oversight;
mod paging;
mod pauses;
mod photos;
mod privacy;
mod queue;
mod races;
mod redact;
mod refusals;
mod report;
mod retention;
mod returns;
mod reveal;
mod survey;
mod talk;
mod trunk;
