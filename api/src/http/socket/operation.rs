//! One operation on a socket: a subscription until it ends, a query or a mutation once.

use std::{cell::Cell, cell::RefCell, collections::HashMap, panic::AssertUnwindSafe, rc::Rc};

use actix_web::{rt::task::JoinHandle, web::Data};
use async_graphql::{Executor, Response, parser::types::OperationType};
use futures_util::{FutureExt, StreamExt};
use tokio::sync::mpsc;

use super::{connection::Queued, message::Outgoing};
use crate::http::{
    ClientInfo, Edge, Host,
    answer::{Answer, Fault, has_run},
    execute::Plan,
    params::Params,
};

/// The operations of a socket by id.
pub(super) type Operations = Rc<RefCell<HashMap<String, Running>>>;

/// An operation that runs.
pub(super) struct Running {
    pub task: JoinHandle<()>,
    /// Once set, its queued messages are not sent: the id may belong to another operation by then.
    pub cancelled: Rc<Cell<bool>>,
}

impl Running {
    /// Ends it, and takes back what waits in the queue.
    pub fn stop(self) {
        self.cancelled.set(true);
        self.task.abort();
    }
}

/// The way from an operation to the client.
pub(super) struct Speaker {
    pub id: String,
    pub outbox: mpsc::Sender<Queued>,
    pub operations: Operations,
    pub cancelled: Rc<Cell<bool>>,
}

/// Nobody listens any more.
struct Deaf;

impl Speaker {
    async fn say(&self, message: &Outgoing<'_>) -> Result<(), Deaf> {
        let queued = Queued { text: message.text(), cancelled: Some(Rc::clone(&self.cancelled)) };
        self.outbox.send(queued).await.map_err(|_| Deaf)
    }

    async fn next(&self, payload: &Answer) -> Result<(), Deaf> {
        self.say(&Outgoing::Next { id: &self.id, payload }).await
    }

    /// Frees the id before the client hears of the end, since it may use it again at once.
    async fn last(self, message: &Outgoing<'_>) {
        self.operations.borrow_mut().remove(&self.id);
        let _ = self.say(message).await;
    }

    async fn complete(self) {
        let id = self.id.clone();
        self.last(&Outgoing::Complete { id: &id }).await;
    }

    async fn error(self, answer: &Answer) {
        let id = self.id.clone();
        self.last(&Outgoing::Error { id: &id, payload: &answer.errors }).await;
    }
}

/// Runs one operation and says how it went. What fails before it runs is an `error`; errors of fields are a `next`.
pub(super) async fn run<E: Executor, H: Host>(
    edge: Data<Edge<E, H>>,
    client: ClientInfo,
    actor: H::Actor,
    params: Params,
    speaker: Speaker,
) {
    let reveal = edge.host.introspection_allowed(&actor);
    let plan = edge.plan(params.into_request(), reveal, &client);
    let result = match plan {
        Err(fault) => Err(fault),
        Ok(plan) if plan.measure.kind == OperationType::Subscription => {
            return stream(&edge, &client, &actor, plan, reveal, speaker).await;
        }
        Ok(plan) => edge.run(plan, &actor, &client, edge.config.execute_within).await,
    };
    match result {
        Err(fault) => speaker.error(&edge.refuse(&fault, &client)).await,
        Ok(response) if has_run(&response) => {
            if speaker.next(&edge.answer(response, &client, reveal)).await.is_ok() {
                speaker.complete().await;
            }
        }
        Ok(response) => speaker.error(&edge.answer(response, &client, reveal)).await,
    }
}

async fn stream<E: Executor, H: Host>(
    edge: &Edge<E, H>,
    client: &ClientInfo,
    actor: &H::Actor,
    plan: Plan,
    reveal: bool,
    speaker: Speaker,
) {
    let admitted = edge.guarded(edge.admit(plan, actor, client), client, edge.config.execute_within).await;
    let mut responses = match admitted {
        Ok(request) => edge.schema.execute_stream(request, None),
        Err(fault) => return speaker.error(&edge.refuse(&fault, client)).await,
    };
    let mut is_first = true;
    loop {
        let next: Result<Option<Response>, Fault> =
            AssertUnwindSafe(responses.next()).catch_unwind().await.map_err(|_panic| edge.panicked(client));
        match next {
            Err(fault) => return speaker.error(&edge.refuse(&fault, client)).await,
            Ok(None) => return speaker.complete().await,
            Ok(Some(response)) if is_first && !has_run(&response) => {
                return speaker.error(&edge.answer(response, client, reveal)).await;
            }
            Ok(Some(response)) => {
                if speaker.next(&edge.answer(response, client, reveal)).await.is_err() {
                    return;
                }
            }
        }
        is_first = false;
    }
}
