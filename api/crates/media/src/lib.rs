//! Photos (照片): taken in, made harmless, kept, and handed out by signed addresses.
//!
//! ```text
//! bytes ──sniff──► type by content ──decode──► pixels ──► upright, at most 2,560 px, JPEG without metadata + 480 px thumbnail
//!                        │ under limits of bytes, pixels, memory            │
//!                        └ anything else: refused with a code               ▼
//!                                                     objects written ──► row inserted: unattached
//!                                                                               │ attach: in the transaction of what uses it
//!                                                                               │ 24 h unused: swept
//!                                                                               ▼
//!                                                                            attached
//! ```
//!
//! What a phone writes into a photo (place, time, device, names) never reaches the store: only pixels do. Every photo is
//! kept as JPEG in sRGB, whatever it came as: one type that every client shows. Transparency is laid over white, of an
//! animation the first picture is kept, colour profiles are dropped.
//!
//! | file | what it answers |
//! | --- | --- |
//! | `sniff` | what type are these bytes, and are they all there |
//! | `decode` | from hostile bytes to a harmless picture |
//! | [`paint`] | parts of a photo painted over; what was taken in is kept for audited looks |
//! | `link` | signed addresses |
//! | `objects` | where the bytes are kept |
//! | `store` | rows |
//! | `service` | upload, attach, serve, sweep |

mod decode;
mod link;
mod objects;
pub mod paint;
mod service;
mod sniff;
mod store;
#[cfg(test)]
mod tests;

pub use decode::{LARGEST_EDGE, PhotoLimits, Picture, THUMBNAIL_EDGE, decode};
pub use link::Variant;
pub use objects::local_folder;
pub use service::{CONTENT_TYPE, Media, NewPhoto, ORPHAN_AGE, Served, UNATTACHED_PHOTOS, Uploaded};
pub use sniff::{PhotoType, sniff};
pub use store::{
    attach, attachments_by_ids, attachments_of, forget, forget_attached, forget_originals, forget_unattached, judge,
    repaint, show,
};
