//! One connection: reads requests, keeps its transaction and subscriptions, writes replies in order.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::Instant;

use super::Shared;
use super::channels::{Inbox, Mailbox};
use super::command::{Command, Request};
use super::error::Error;
use super::resp::{Blob, Decoder, Encoder, Reply};
use super::transaction::{Names, Transaction, Watched};

/// Bytes asked from the stream at once.
const READ_BYTES: usize = 16 * 1024;
/// Replies are sent once they reach this size, or when no request is waiting.
const WRITE_BYTES: usize = 64 * 1024;

/// The server's side of a connection.
pub(super) struct Session {
    shared: Shared,
    stream: DuplexStream,
    decoder: Decoder,
    out: Vec<u8>,
    mailbox: Arc<Mailbox>,
    inbox: Inbox,
    channels: Names,
    watched: Watched,
    transaction: Option<Transaction>,
    is_closing: bool,
}

impl Session {
    /// Serves a connection until the client leaves, breaks the protocol or stops reading its messages.
    pub(super) async fn serve(shared: Shared, stream: DuplexStream) {
        let (mailbox, inbox) = Mailbox::open();
        let mut session = Self {
            shared,
            stream,
            decoder: Decoder::default(),
            out: Vec::new(),
            mailbox: mailbox.clone(),
            inbox,
            channels: Names::default(),
            watched: Watched::default(),
            transaction: None,
            is_closing: false,
        };
        tokio::select! {
            // The other end is gone: there is nobody left to tell.
            _ = session.converse() => {}
            // Races the whole conversation, because a slow reader blocks it in the middle of a write.
            () = mailbox.overflowed() => {}
        }
    }

    async fn converse(&mut self) -> io::Result<()> {
        while !self.is_closing {
            let buffer = self.decoder.buffer();
            buffer.reserve(READ_BYTES);
            tokio::select! {
                read = self.stream.read_buf(buffer) => {
                    if read? == 0 {
                        return Ok(());
                    }
                    self.answer_received().await?;
                }
                Some(frame) = self.inbox.next() => self.out.extend_from_slice(&frame),
            }
            self.write_messages().await?;
            self.flush().await?;
        }
        Ok(())
    }

    async fn answer_received(&mut self) -> io::Result<()> {
        while !self.is_closing {
            match self.decoder.next_request() {
                Ok(None) => return Ok(()),
                Ok(Some(arguments)) => {
                    let reply = self.answer(arguments).unwrap_or_else(|error| Some(Reply::Error(error)));
                    // Messages and confirmations queued so far are older than this reply.
                    self.write_messages().await?;
                    if let Some(reply) = reply {
                        self.write(reply).await?;
                    }
                }
                Err(error) => {
                    error.encode(&mut self.out);
                    self.is_closing = true;
                }
            }
        }
        Ok(())
    }

    async fn write_messages(&mut self) -> io::Result<()> {
        while let Some(frame) = self.inbox.waiting() {
            self.out.extend_from_slice(&frame);
            self.flush_if_full().await?;
        }
        Ok(())
    }

    async fn write(&mut self, reply: Reply) -> io::Result<()> {
        let mut encoder = Encoder::new(reply);
        while encoder.encode_next(&mut self.out) {
            self.flush_if_full().await?;
        }
        Ok(())
    }

    async fn flush_if_full(&mut self) -> io::Result<()> {
        if self.out.len() < WRITE_BYTES { Ok(()) } else { self.flush().await }
    }

    async fn flush(&mut self) -> io::Result<()> {
        self.stream.write_all(&self.out).await?;
        self.out.clear();
        Ok(())
    }

    /// The reply to one request; `None` if it was answered through the mailbox.
    fn answer(&mut self, arguments: Vec<Blob>) -> Result<Option<Reply>, Error> {
        let request = Request::parse(arguments).inspect_err(|_| self.spoil())?;
        let is_subscribed = self.channels.count() > 0;
        if is_subscribed && !is_allowed_while_subscribed(&request.command) {
            return Err(Error::Subscribed(request.name));
        }
        match request.command {
            Command::Multi => self.begin().map(Some),
            Command::Exec => self.commit().map(Some),
            Command::Discard => self.discard().map(Some),
            Command::Watch(keys) => self.watch(&keys).map(Some),
            Command::Quit => {
                self.is_closing = true;
                Ok(Some(Reply::OK))
            }
            _ if self.transaction.is_some() => self.enqueue(request).map(Some),
            Command::Unwatch => {
                self.watched.release(&mut self.shared.lock().keyspace, Instant::now());
                Ok(Some(Reply::OK))
            }
            Command::Subscribe(channels) => self.subscribe(&channels).map(|()| None),
            Command::Unsubscribe(channels) => {
                self.unsubscribe(channels);
                Ok(None)
            }
            Command::Ping(message) if is_subscribed => {
                Ok(Some(Reply::bulks([Blob::from(&b"pong"[..]), message.unwrap_or_default()])))
            }
            _ => Ok(Some(self.shared.lock().run(request, Instant::now()))),
        }
    }

    fn spoil(&mut self) {
        if let Some(transaction) = &mut self.transaction {
            transaction.spoil();
        }
    }

    fn begin(&mut self) -> Result<Reply, Error> {
        if self.transaction.is_some() {
            return Err(Error::NestedMulti);
        }
        self.transaction = Some(Transaction::default());
        Ok(Reply::OK)
    }

    fn enqueue(&mut self, request: Request) -> Result<Reply, Error> {
        let Some(transaction) = &mut self.transaction else {
            return Err(Error::NoMulti("EXEC"));
        };
        let queued = transaction.enqueue(request, &mut self.shared.lock().keyspace, Instant::now());
        queued.inspect_err(|_| transaction.spoil())
    }

    fn commit(&mut self) -> Result<Reply, Error> {
        let transaction = self.transaction.take().ok_or(Error::NoMulti("EXEC"))?;
        transaction.run(&mut self.shared.lock(), &mut self.watched, Instant::now())
    }

    fn discard(&mut self) -> Result<Reply, Error> {
        self.transaction.take().ok_or(Error::NoMulti("DISCARD"))?;
        self.watched.release(&mut self.shared.lock().keyspace, Instant::now());
        Ok(Reply::OK)
    }

    fn watch(&mut self, keys: &[Blob]) -> Result<Reply, Error> {
        if self.transaction.is_some() {
            return Err(Error::WatchInMulti);
        }
        self.watched.add(keys, &mut self.shared.lock().keyspace, Instant::now())?;
        Ok(Reply::OK)
    }

    /// Confirms through the mailbox and under the lock, so that no message overtakes its confirmation.
    fn subscribe(&mut self, channels: &[Blob]) -> Result<(), Error> {
        let mut state = self.shared.lock();
        for channel in channels {
            if self.channels.add(channel)? {
                state.channels.subscribe(channel, &self.mailbox);
            }
            self.mailbox.push(confirmation("subscribe", Some(channel.clone()), self.channels.count()));
        }
        Ok(())
    }

    /// Leaves the channels named, or all of them if none is.
    fn unsubscribe(&mut self, named: Vec<Blob>) {
        let mut state = self.shared.lock();
        let leaving = if named.is_empty() { self.channels.all() } else { named };
        for channel in &leaving {
            self.channels.remove(channel);
            state.channels.unsubscribe(channel, &self.mailbox);
            self.mailbox.push(confirmation("unsubscribe", Some(channel.clone()), self.channels.count()));
        }
        if leaving.is_empty() {
            self.mailbox.push(confirmation("unsubscribe", None, 0));
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let mut state = self.shared.lock();
        self.watched.release(&mut state.keyspace, Instant::now());
        for channel in self.channels.drain() {
            state.channels.unsubscribe(&channel, &self.mailbox);
        }
    }
}

fn is_allowed_while_subscribed(command: &Command) -> bool {
    matches!(command, Command::Subscribe(_) | Command::Unsubscribe(_) | Command::Ping(_) | Command::Quit)
}

fn confirmation(word: &str, channel: Option<Blob>, count: usize) -> Blob {
    Reply::Array(vec![Reply::text(word), channel.into(), Reply::count(count)]).frame()
}
