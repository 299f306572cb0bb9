//! One socket: its phases, timers and operations. It lives on one thread, so that its state needs no lock.

use std::{cell::Cell, rc::Rc, time::Duration};

use actix_web::{rt, web::Data};
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, CloseReason, ProtocolError, Session};
use async_graphql::Executor;
use tokio::{
    sync::mpsc,
    time::{Instant, Interval, MissedTickBehavior, interval_at, sleep_until, timeout},
};

use super::{
    message::{Ending, Incoming, Outgoing},
    operation::{self, Operations, Running},
};
use crate::http::{
    ClientInfo, Code, Denied, Edge, Host,
    answer::Fault,
    limits::{Limit, Refusal},
    params::Params,
};

/// Time for a client to take the close frame and say goodbye.
const GOODBYE: Duration = Duration::from_secs(2);

/// The payload of `connection_init`.
type Payload = serde_json::Map<String, serde_json::Value>;

/// While the product is closed: come back, but not at once. Who signs in does so by HTTP.
const MAINTENANCE: Ending = Ending::code(1012, "Maintenance");

/// A message that waits for the client, unless its operation is cancelled before.
pub(super) struct Queued {
    pub text: String,
    pub cancelled: Option<Rc<Cell<bool>>>,
}

/// What the headers of the upgrade said, where the first message says nothing; programs can set them, browsers cannot.
pub(super) struct Upgrade {
    pub authorization: Option<String>,
    pub client_version: Option<String>,
}

/// The state of one socket.
pub(super) struct Connection<E, H: Host> {
    edge: Data<Edge<E, H>>,
    client: ClientInfo,
    upgrade: Upgrade,
    session: Session,
    outbox: mpsc::Sender<Queued>,
    inbox: Option<mpsc::Receiver<Queued>>,
    operations: Operations,
    actor: Option<H::Actor>,
    /// When the socket is dropped unless a frame comes, after a ping.
    pong_due: Option<Instant>,
}

impl<E: Executor, H: Host> Connection<E, H> {
    /// A socket that is just opened.
    pub fn new(edge: Data<Edge<E, H>>, client: ClientInfo, upgrade: Upgrade, session: Session) -> Self {
        let (outbox, inbox) = mpsc::channel(edge.config.socket.queue.max(1));
        Self {
            edge,
            client,
            upgrade,
            session,
            outbox,
            inbox: Some(inbox),
            operations: Operations::default(),
            actor: None,
            pong_due: None,
        }
    }

    /// Serves the socket to its end.
    pub async fn serve(mut self, mut stream: AggregatedMessageStream) {
        let within = self.edge.config.socket.send_within;
        let writer = self.inbox.take().map(|inbox| rt::spawn(write(self.session.clone(), inbox, within)));
        let ending = self.converse(&mut stream).await;
        self.operations.borrow_mut().drain().for_each(|(_, running)| running.stop());
        if let Some(writer) = writer {
            writer.abort();
        }
        close(self.session, stream, ending).await;
    }

    async fn converse(&mut self, stream: &mut AggregatedMessageStream) -> Ending {
        let config = self.edge.config.socket.clone();
        let init_due = Instant::now() + config.init_within;
        let (mut ping, mut check) = (every(config.ping_every), every(config.revalidate_every));
        let (edge, outbox) = (self.edge.clone(), self.outbox.clone());
        let mut leaving = edge.leaving.subscribe();
        loop {
            let pong_due = self.pong_due;
            let step = tokio::select! {
                frame = stream.recv() => self.hear(frame).await,
                () = sleep_until(init_due), if self.actor.is_none() => {
                    Err(Ending::code(4408, "Connection initialisation timeout"))
                }
                _ = ping.tick(), if pong_due.is_none() => self.ping(config.pong_within).await,
                () = sleep_until(pong_due.unwrap_or(init_due)), if pong_due.is_some() => Err(Ending::Gone),
                _ = check.tick(), if self.actor.is_some() => self.revalidate(config.revalidate_within).await,
                () = outbox.closed() => Err(Ending::Gone),
                _ = leaving.wait_for(|leaving| *leaving) => Err(Ending::code(1001, "Going away")),
            };
            if let Err(ending) = step {
                return ending;
            }
        }
    }

    async fn hear(&mut self, frame: Option<Result<AggregatedMessage, ProtocolError>>) -> Result<(), Ending> {
        let Some(frame) = frame else { return Err(Ending::Gone) };
        self.pong_due = None;
        match frame {
            Ok(AggregatedMessage::Text(text)) => self.obey(Incoming::parse(&text)?).await,
            Ok(AggregatedMessage::Binary(_)) => Err(Ending::code(4400, "Binary messages are not supported")),
            Ok(AggregatedMessage::Ping(bytes)) => self.pong(&bytes).await,
            Ok(AggregatedMessage::Pong(_)) => Ok(()),
            Ok(AggregatedMessage::Close(_)) => Err(Ending::code(1000, "")),
            Err(error) => Err(ending_of(&error)),
        }
    }

    async fn obey(&mut self, message: Incoming) -> Result<(), Ending> {
        match message {
            Incoming::Init(payload) => self.initialise(payload).await,
            Incoming::Ping(payload) => self.say(&Outgoing::Pong { payload }).await,
            Incoming::Pong => Ok(()),
            Incoming::Subscribe { id, params } => self.subscribe(id, params).await,
            Incoming::Complete { id } => {
                if let Some(running) = self.operations.borrow_mut().remove(&id) {
                    running.stop();
                }
                Ok(())
            }
        }
    }

    async fn initialise(&mut self, payload: Option<Payload>) -> Result<(), Ending> {
        if self.actor.is_some() {
            return Err(Ending::code(4429, "Too many initialisation requests"));
        }
        let edge = self.edge.clone();
        let version = said(payload.as_ref(), "clientVersion", self.upgrade.client_version.as_ref())?;
        edge.check_client(version.as_deref()).map_err(|fault| match fault.code {
            Code::ClientOutdated => Ending::code(4426, "Client outdated"),
            _ => Ending::code(4400, "Invalid client version"),
        })?;
        let authorization = said(payload.as_ref(), "authorization", self.upgrade.authorization.as_ref())?;
        let identified = async { Ok(edge.host.identify(authorization.as_deref(), &self.client).await) };
        match edge.guarded(identified, &self.client, edge.config.execute_within).await {
            Ok(Ok(actor)) => {
                self.check_open(&actor)?;
                self.actor = Some(actor);
                self.say(&Outgoing::ConnectionAck).await
            }
            Ok(Err(Denied::Unauthenticated)) => Err(Ending::code(4403, "Forbidden")),
            Ok(Err(Denied::RateLimited(_) | Denied::Unavailable)) | Err(_) => {
                let is_closed = edge.host.maintenance(&self.client).is_some();
                Err(if is_closed { MAINTENANCE } else { Ending::code(1013, "Try again later") })
            }
        }
    }

    fn check_open(&self, actor: &H::Actor) -> Result<(), Ending> {
        self.edge.check_open(actor, None, &self.client).map_err(|_| MAINTENANCE)
    }

    async fn subscribe(&mut self, id: String, params: Params) -> Result<(), Ending> {
        let Some(actor) = self.actor.clone() else {
            return Err(Ending::code(4401, "Unauthorized"));
        };
        self.check_open(&actor)?;
        let running = self.operations.borrow().len();
        if self.operations.borrow().contains_key(&id) {
            return Err(Ending::code(4409, "Subscriber already exists"));
        }
        let allowed = self.edge.config.socket.operations;
        if let Err(refusal) = Refusal::over_len(Limit::Operations, allowed, running + 1) {
            let answer = self.edge.refuse(&Fault::from(refusal), &self.client);
            return self.say(&Outgoing::Error { id: &id, payload: &answer.errors }).await;
        }
        let cancelled = Rc::new(Cell::new(false));
        let speaker = operation::Speaker {
            id: id.clone(),
            outbox: self.outbox.clone(),
            operations: Rc::clone(&self.operations),
            cancelled: Rc::clone(&cancelled),
        };
        let task = rt::spawn(operation::run(self.edge.clone(), self.client.clone(), actor, params, speaker));
        self.operations.borrow_mut().insert(id, Running { task, cancelled });
        Ok(())
    }

    async fn revalidate(&self, within: Duration) -> Result<(), Ending> {
        let Some(actor) = &self.actor else { return Ok(()) };
        self.check_open(actor)?;
        let answer = async { Ok(self.edge.host.still_valid(actor).await?) };
        match self.edge.guarded(answer, &self.client, within).await {
            Ok(true) => Ok(()),
            Ok(false) => Err(Ending::code(4403, "Forbidden")),
            // Nobody can say: the session does not outlive the doubt, but the client may come back.
            Err(_) => Err(Ending::code(1013, "Try again later")),
        }
    }

    async fn ping(&mut self, pong_within: Duration) -> Result<(), Ending> {
        self.pong_due = Some(Instant::now() + pong_within);
        let within = self.edge.config.socket.send_within;
        match timeout(within, self.session.ping(b"")).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Ending::Gone),
        }
    }

    async fn pong(&mut self, bytes: &[u8]) -> Result<(), Ending> {
        let within = self.edge.config.socket.send_within;
        match timeout(within, self.session.pong(bytes)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Ending::Gone),
        }
    }

    async fn say(&self, message: &Outgoing<'_>) -> Result<(), Ending> {
        let queued = Queued { text: message.text(), cancelled: None };
        match timeout(self.edge.config.socket.send_within, self.outbox.send(queued)).await {
            Ok(Ok(())) => Ok(()),
            _ => Err(Ending::Gone),
        }
    }
}

/// What the first message says under a name, in whatever case; else what the upgrade said.
fn said(payload: Option<&Payload>, name: &str, upgrade: Option<&String>) -> Result<Option<String>, Ending> {
    let mut pairs = payload.into_iter().flatten();
    match pairs.find(|(given, _)| given.eq_ignore_ascii_case(name)).map(|(_, value)| value) {
        None | Some(serde_json::Value::Null) => Ok(upgrade.cloned()),
        Some(serde_json::Value::String(value)) => Ok(Some(value.clone())),
        Some(_) => Err(Ending::code(4400, "Invalid connection_init")),
    }
}

fn every(period: Duration) -> Interval {
    let mut interval = interval_at(Instant::now() + period, period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Delay);
    interval
}

fn ending_of(error: &ProtocolError) -> Ending {
    match error {
        ProtocolError::Overflow => Ending::code(1009, "Message too big"),
        ProtocolError::Io(error) if error.kind() == std::io::ErrorKind::InvalidData => {
            Ending::code(1007, "Text is not UTF-8")
        }
        // The continuation limit comes as an unnamed IO error; a broken connection cannot be told from it.
        ProtocolError::Io(_) => Ending::code(1009, "Message too big"),
        _ => Ending::code(1002, "Protocol error"),
    }
}

/// Hands messages to the client, one at a time; ends when one is not taken in time.
async fn write(mut session: Session, mut inbox: mpsc::Receiver<Queued>, within: Duration) {
    while let Some(queued) = inbox.recv().await {
        if queued.cancelled.is_some_and(|cancelled| cancelled.get()) {
            continue;
        }
        match timeout(within, session.text(queued.text)).await {
            Ok(Ok(())) => {}
            _ => return,
        }
    }
}

/// Sends the close frame, then reads on for a while: a connection that is cut with data unread loses the frame.
pub(super) async fn close(session: Session, mut stream: AggregatedMessageStream, ending: Ending) {
    let Ending::Code(code, reason) = ending else {
        let _ = timeout(GOODBYE, session.close(None)).await;
        return;
    };
    let description = (!reason.is_empty()).then(|| reason.to_owned());
    let reason = CloseReason { code: CloseCode::from(code), description };
    let _ = timeout(GOODBYE, session.close(Some(reason))).await;
    let drain = async { while let Some(Ok(_)) = stream.recv().await {} };
    let _ = timeout(GOODBYE, drain).await;
}
