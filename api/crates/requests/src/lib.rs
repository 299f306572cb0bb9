//! Requests of residents (居民诉求): from the first word to the closed case.
//!
//! ```text
//!                  object (once)
//!             ┌──────────────────────┐
//!             ▼        reject        │
//!   ── SUBMITTED ─────────────► REJECTED
//!             │ accept
//!             ▼
//!         ACCEPTED            withdraw, before it is on file
//!             │ file          SUBMITTED, ACCEPTED ──► WITHDRAWN
//!             ▼
//!           FILED ◄─────────── granted ──────────┐
//!             │ dispatch                         │
//!             ▼          request_return          │ decide_return
//!        DISPATCHED ─────────────────────► RETURN_PENDING
//!             │ sign                          ▲  │
//!             ▼          request_return       │  │ denied: back to
//!   ┌►  IN_PROGRESS ──────────────────────────┘  ▼ where it was
//!   │      │      ▲ │
//!   │      │      │ └─ request_suspension, decide_suspension ──► SUSPENDED
//!   │      │      └──── resume, or the system when its date has come ───┘
//!   │      │ submit_handling
//!   │      ▼
//!   ├──  HANDLED          verify (fail): next round
//!   │      │ verify (pass); an anonymous case is closed at once
//!   │      ▼
//!   └──  VERIFIED         bad answer: next round for the unit's leader, twice
//!          │ survey, record_callback; unanswered, the third call in vain or the system
//!          ▼
//!        CLOSED           after a third bad answer as a hard case (疑难件)
//!          │
//!          └── reopen (the reporter, once, 15 days), take_up (a supervisor) ──► FILED
//! ```
//! The trunk follows the seven links of city-grid management (受理、立案、派遣、处置、督办、核查、结案). `fast_track` goes from
//! SUBMITTED, ACCEPTED or FILED straight to DISPATCHED; `confer` sends a case to another lead, or leaves it where it is.
//! `add_internal_note`, `message_reporter` and `publish_update` say something to one audience each. `ask_reporter` pauses a case
//! until `answer_question`, or three working days at most. `supplement`, `record_contact`, `hand_over`, `request_extension`,
//! `decide_extension`, `urge`, `supervise`,
//! `answer_supervision` and `miss_callback` move no state, nor do the system's warnings.
//!
//! One matter may be reported many times. A case that is not yet signed for goes on in another (`merge`, 并案: MERGED), whose
//! earlier promise holds; its reporter sees how that goes on and is asked as well, and the case closes when the last of its
//! reporters has answered. Others follow a case (`follow`); so many people raise its priority.
//!
//! What the hotline of the city (12345) sends comes in many at once (`receive`), and what it takes back is over wherever it stands
//! (`recall`: WITHDRAWN, its orders void, counted in no rate). What an inspector found on patrol goes on file at once, and what a
//! device saw as soon as a dispatcher accepts it.
//!
//! What the system does by itself has one instant in the row, `alarm_at`: the next warning of a clock that runs, the end of a
//! pause, the close of what nobody answers. Due times can be told anew from the facts ([`sla::replay`]).
//!
//! What is over is kept (档案留存): a year later it is archived, and only read; later still it is nobody's: who reported it, and
//! what tells, is taken out of it and of all that was merged into it, while facts, times and numbers stay. A supervisor holds what
//! a court may ask for (`place_legal_hold`, 诉讼保全): of that nothing is taken away before it is released.
//!
//! What is published of a case is looked at (内容审核): a list of words, and people, may find something amiss, and a moderator decides.
//! `review_content` hides and shows the reporter's words, what was said later, and photos, each by itself; `report_content`
//! (内容举报) is everybody's who sees a case, and three of them hold it back until somebody looked. `redact` puts other words in place of
//! the reporter's, `redact_photo` paints over parts of a photo; what it was is kept, and seen by an audited look only.
//!
//! A reporter may let somebody act in named cases (代办), and so may the neighbourhood's counter for who has no account: the
//! agent sees these as the reporter does and does what the proxy says; the fact names the proxy and whose case it is. What is
//! shown to a grid is read by who lives in it, as the neighbourhood verified (居住认证). Both are ties of the asker to a case
//! ([`Ties`]), read with it.
//!
//! | module | what it holds | |
//! | --- | --- | --- |
//! | `fact` | what can happen: [`Fact`] | pure |
//! | `case` | a row and what its rules ask: [`Case`] | pure |
//! | `workflow` | when: `decide` state × [`Command`] → [`Fact`] or refusal; `evolve` fact → row; `alarm` what the system does, when | pure |
//! | `orders` | fact → orders to units | pure |
//! | `policy` | who: [`Action`], [`Scope`] | pure |
//! | [`sla`] | time limits, due times, and their replay | pure |
//! | `place`, `search`, `content` | cells, findable words, forbidden words | pure |
//! | [`mod@reference`] | what people decide on from an instant on: [`reference::Edition`] | pure but `enact`, `live` |
//! | `town` | map, calendar and reference data in memory: [`Town`] | |
//! | `command` | what people send, parsed: [`RawSubmit`] → [`Submit`] … | pure |
//! | `store` | the only files that name columns | SQL |
//! | `service` | one function per verb: [`accept`] … | |
//! | `proxies` | who may act for the reporter: [`grant_proxy`] … | |
//! | `reveal` | the number to call, with a reason: [`reveal_contact`] | |
//! | `history` | a case told in memory, for seeding: [`History`] | pure |
//! | `privacy` | a copy for the reporter; what is forgotten with the reporter | |
//! | `glance` | what tellers of facts ask of a row: [`Glance`] | |
//! | `views`, `suggestions` | what is shown to whom | |

mod case;
mod command;
mod content;
mod fact;
mod glance;
mod history;
mod orders;
mod place;
mod policy;
pub mod privacy;
mod proxies;
pub mod reference;
mod reveal;
mod search;
mod service;
pub mod sla;
mod store;
mod suggestions;
mod town;
mod views;
pub mod workflow;

pub use case::{Case, Deadline, Proxy, Ties, Unanswered, half_day_text, is_exempt_from_contact, is_open};
pub use command::*;
pub use fact::{
    Answer, Class, Conferred, Conflict, Content, Dispatched, Fact, OnBehalf, Redaction, Reported, Reviewed, Submitted,
    Warning,
};
pub use glance::{Glance, co_reporters, complainants, followers, visible};
pub use history::{Arrival, History};
pub use place::{cell_of, cells_around, middle_of};
pub use policy::{
    Action, Scope, WorkQueueTab, may_bring_device_events_anywhere, may_exchange_orders, may_exchange_orders_anywhere,
    may_patrol,
};
pub use proxies::{GrantAtCounter, grant_proxy, grant_proxy_at_counter};
pub use reference::{LiveTown, parent_of};
pub use reveal::{RevealContact, Revealed, may_reveal, reveal_contact};
pub use search::{fold, terms};
pub use service::{
    ContentReport, Found, Original, RevealOriginal, accept, add_internal_note, alarmed, answer_question,
    answer_supervision, ask_reporter, confer, decide_extension, decide_return, decide_suspension, dispatch, fast_track,
    file, follow, hand_over, kept_long_enough, known_orders, may_recall, may_review, merge, message_reporter,
    miss_callback, object, open_conflict_warning, orders_to_recall, photo_to_redact, place_legal_hold, publish_update,
    put_away, put_off, recall, receive, record_callback, record_contact, redact, redact_photo, reject,
    release_legal_hold, relocate, reopen, report_content, report_patrol_finding, request_extension, request_return,
    request_suspension, resume, reveal_original, review_content, sign, submit, submit_handling, supervise, supplement,
    survey, take_device_event, take_up, unfollow, urge, verify, viewer_actions, wake, withdraw,
};
pub use store::{Words, glances, held_among, insert_past, sealed_tables};
pub use suggestions::{Reason, Suggestion, suggestions};
pub use town::{AreaRef, Town};
pub use views::{
    DueFrom, Similar, TimelineEntry, View, WorkQueueCounts, attachments, audience, case_by_id, case_by_no,
    cases_by_ids, content_reports, content_reviews, device_event_counts, due_from, followed_requests, follower_counts,
    is_photo_shown, is_reply_shown, merged_requests, my_requests, neighbourhood_requests, own_content_report,
    proxied_requests, public_list, returns, search, similar, surveys, timelines, view, work_queue, work_queue_counts,
};
pub use workflow::retention::Step;
pub use workflow::{Command, Refusal};

#[cfg(test)]
pub(crate) mod tests;
