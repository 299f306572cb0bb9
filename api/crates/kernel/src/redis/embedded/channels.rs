//! Who listens to which channel, and what waits for a listener that reads slowly.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::sync::{Notify, mpsc};

use super::resp::{BLOB_OVERHEAD, Blob, Reply};

/// Bytes that may wait for one subscriber; Redis calls this the output buffer limit.
const MAX_WAITING: usize = 8 * 1024 * 1024;

/// The sending half of a subscriber's queue.
pub(super) struct Mailbox {
    frames: mpsc::UnboundedSender<Blob>,
    waiting: AtomicUsize,
    overflow: Notify,
}

/// The receiving half, held by the subscriber's own session.
pub(super) struct Inbox {
    frames: mpsc::UnboundedReceiver<Blob>,
    mailbox: Arc<Mailbox>,
}

impl Mailbox {
    pub(super) fn open() -> (Arc<Self>, Inbox) {
        let (sender, receiver) = mpsc::unbounded_channel();
        let mailbox = Arc::new(Self { frames: sender, waiting: AtomicUsize::new(0), overflow: Notify::new() });
        (mailbox.clone(), Inbox { frames: receiver, mailbox })
    }

    /// Queues a frame, or gives the subscriber up: a gap in its messages would be worse than a lost connection.
    pub(super) fn push(&self, frame: Blob) {
        let weight = frame.len() + BLOB_OVERHEAD;
        if self.waiting.fetch_add(weight, Ordering::Relaxed) + weight > MAX_WAITING {
            self.overflow.notify_one();
        } else {
            // The receiver is gone only while its session is being dropped.
            let _ = self.frames.send(frame);
        }
    }

    /// Waits until this subscriber has fallen too far behind.
    pub(super) async fn overflowed(&self) {
        self.overflow.notified().await;
    }
}

impl Inbox {
    /// The next frame. The mailbox is held here, so the queue never reports an end.
    pub(super) async fn next(&mut self) -> Option<Blob> {
        let frame = self.frames.recv().await?;
        Some(self.taken(frame))
    }

    /// The next frame if it is already here.
    pub(super) fn waiting(&mut self) -> Option<Blob> {
        let frame = self.frames.try_recv().ok()?;
        Some(self.taken(frame))
    }

    fn taken(&self, frame: Blob) -> Blob {
        self.mailbox.waiting.fetch_sub(frame.len() + BLOB_OVERHEAD, Ordering::Relaxed);
        frame
    }
}

/// All subscriptions of the server.
#[derive(Default)]
pub(super) struct Channels {
    listeners: HashMap<Blob, Vec<Arc<Mailbox>>>,
}

impl Channels {
    /// Sends to everyone on `channel`; returns how many that were.
    pub(super) fn publish(&self, channel: &Blob, message: Blob) -> usize {
        let Some(listeners) = self.listeners.get(channel) else {
            return 0;
        };
        let frame =
            Reply::Array(vec![Reply::text("message"), Reply::Bulk(channel.clone()), Reply::Bulk(message)]).frame();
        listeners.iter().for_each(|mailbox| mailbox.push(frame.clone()));
        listeners.len()
    }

    /// Adds a listener; the caller asks once per channel.
    pub(super) fn subscribe(&mut self, channel: &Blob, mailbox: &Arc<Mailbox>) {
        self.listeners.entry(channel.clone()).or_default().push(mailbox.clone());
    }

    pub(super) fn unsubscribe(&mut self, channel: &Blob, mailbox: &Arc<Mailbox>) {
        if let Some(listeners) = self.listeners.get_mut(channel) {
            listeners.retain(|listener| !Arc::ptr_eq(listener, mailbox));
            if listeners.is_empty() {
                self.listeners.remove(channel);
            }
        }
    }
}
