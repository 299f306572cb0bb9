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
//!   │         │ submit_handling
//!   │         ▼
//!   ├────  HANDLED          verify (fail): next round
//!   │         │ verify (pass); an anonymous case is closed at once
//!   │         ▼
//!   └──── VERIFIED          bad answer: next round for the unit's leader, twice
//!             │ survey, record_callback
//!             ▼
//!          CLOSED           after a third bad answer as a hard case (疑难件)
//! ```
//! The trunk follows the seven links of city-grid management (受理、立案、派遣、处置、督办、核查、结案). `supplement`,
//! `record_contact` and `hand_over` move no state.
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
//! | `workflow` | when: `decide` state × [`Command`] → [`Fact`] or refusal; `evolve` fact → row | pure |
//! | `orders` | fact → orders to units | pure |
//! | `policy` | who: [`Action`], [`Scope`] | pure |
//! | [`sla`] | time limits and due times | pure |
//! | `place`, `search`, `content` | cells, findable words, forbidden words | pure |
//! | `town` | map, calendar, categories and policies in memory: [`Town`] | |
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
pub use content::is_forbidden;
pub use fact::{Answer, Class, Dispatched, Fact, OnBehalf, Submitted};
pub use glance::{Glance, visible};
pub use history::{Arrival, History};
pub use place::{cell_of, cells_around, middle_of};
pub use policy::{Action, Scope, WorkQueueTab};
pub use proxies::{GrantAtCounter, grant_proxy, grant_proxy_at_counter};
pub use reveal::{RevealContact, Revealed, may_reveal, reveal_contact};
pub use search::{fold, terms};
pub use service::{
    accept, decide_return, dispatch, file, hand_over, object, record_callback, record_contact, reject, request_return,
    sign, submit, submit_handling, supplement, survey, verify, viewer_actions, withdraw,
};
pub use store::{Words, glances, insert_past, sealed_tables};
pub use suggestions::{Reason, Suggestion, suggestions};
pub use town::{AreaRef, Town};
pub use views::{
    TimelineEntry, View, WorkQueueCounts, attachments, audience, case_by_id, case_by_no, cases_by_ids, is_photo_shown,
    my_requests, neighbourhood_requests, proxied_requests, public_list, returns, search, surveys, timelines, view,
    work_queue, work_queue_counts,
};
pub use workflow::{Command, Refusal};

#[cfg(test)]
pub(crate) mod tests;
