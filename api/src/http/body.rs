//! Reading a request body: bounded in bytes and in time, never unpacked (请求体).

use std::time::Duration;

use actix_web::{
    http::{
        StatusCode,
        header::{CONTENT_LENGTH, HeaderMap},
    },
    web::{Bytes, BytesMut, Payload},
};
use futures_util::StreamExt;

use super::answer::Fault;

/// Bytes that are gathered before they are put aside: a body in many tiny chunks must not cost more than its bytes.
const SEGMENT: usize = 64 * 1024;

/// Reads the whole body, or refuses it: at once when it announces too much, as soon as it is too much otherwise.
///
/// # Errors
/// 413 over `limit` bytes, 408 after `within`, 400 when the client breaks off or the encoding of the body is broken.
pub(super) async fn read(
    payload: &mut Payload,
    headers: &HeaderMap,
    limit: usize,
    within: Duration,
) -> Result<Bytes, Fault> {
    Ok(read_segments(payload, headers, limit, within).await?.concat().into())
}

/// The same in segments, for what is taken apart again.
///
/// # Errors
/// As [`read`].
pub(super) async fn read_segments(
    payload: &mut Payload,
    headers: &HeaderMap,
    limit: usize,
    within: Duration,
) -> Result<Vec<Bytes>, Fault> {
    let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|length| usize::try_from(length).map_or(true, |length| length > limit)) {
        return Err(too_large());
    }
    match tokio::time::timeout(within, collect(payload, limit)).await {
        Ok(segments) => segments,
        Err(_) => Err(Fault::http(StatusCode::REQUEST_TIMEOUT, "The body took too long to arrive.")),
    }
}

async fn collect(payload: &mut Payload, limit: usize) -> Result<Vec<Bytes>, Fault> {
    let (mut segments, mut open, mut total) = (Vec::new(), BytesMut::new(), 0_usize);
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_| Fault::malformed("The body is incomplete."))?;
        total = total.saturating_add(chunk.len());
        if total > limit {
            return Err(too_large());
        }
        open.extend_from_slice(&chunk);
        if open.len() >= SEGMENT {
            segments.push(open.split().freeze());
        }
    }
    segments.push(open.freeze());
    Ok(segments)
}

fn too_large() -> Fault {
    Fault::http(StatusCode::PAYLOAD_TOO_LARGE, "The body is too large.")
}
