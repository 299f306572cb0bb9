//! The wire: RESP2 requests in, RESP2 replies out.

use std::io::Write as _;
use std::sync::Arc;

use super::error::Error;

/// A byte string that is cheap to share between the keyspace, replies and subscribers.
pub(super) type Blob = Arc<[u8]>;

/// Longest key, value or message: 1 MiB.
const MAX_BULK: usize = 1024 * 1024;
/// Most arguments in one request.
const MAX_ARGUMENTS: usize = 16 * 1024;
/// Most bytes in all arguments of one request.
const MAX_REQUEST: usize = 8 * MAX_BULK;
/// Longest `*3` or `$12` line; a 64-bit number needs 21 bytes.
const MAX_LINE: usize = 32;

/// What one byte string costs beside its own bytes, in limits that count many of them.
pub(super) const BLOB_OVERHEAD: usize = 96;

/// The client broke the protocol: it is told why, then the connection closes, for the next byte has no meaning.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum ProtocolError {
    Expected(u8, u8),
    MultibulkLength,
    BulkLength,
    BulkEnd,
    TooBig,
}

impl ProtocolError {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        let what = match self {
            Self::Expected(marker, got) => &format!("expected '{}', got '{}'", *marker as char, *got as char),
            Self::MultibulkLength => "invalid multibulk length",
            Self::BulkLength => "invalid bulk length",
            Self::BulkEnd => "expected CRLF after bulk",
            Self::TooBig => "request is too big",
        };
        encode_line(out, b'-', &format!("ERR Protocol error: {what}"));
    }
}

/// Turns a stream of bytes into requests, and keeps what a half-sent request has brought so far.
#[derive(Default)]
pub(super) struct Decoder {
    received: Vec<u8>,
    read: usize,
    missing: usize,
    arguments: Vec<Blob>,
    size: usize,
}

impl Decoder {
    /// Where newly received bytes go; bytes already read are dropped first.
    pub(super) fn buffer(&mut self) -> &mut Vec<u8> {
        self.received.drain(..self.read.min(self.received.len()));
        self.read = 0;
        &mut self.received
    }

    /// The next complete request, or `None` until more bytes arrive.
    pub(super) fn next_request(&mut self) -> Result<Option<Vec<Blob>>, ProtocolError> {
        while self.missing == 0 {
            let Some(length) = self.header(b'*')? else {
                return Ok(None);
            };
            // Zero or less asks nothing and gets no reply, as in Redis.
            self.missing = usize::try_from(length).unwrap_or(0);
            if self.missing > MAX_ARGUMENTS {
                return Err(ProtocolError::MultibulkLength);
            }
        }
        while self.missing > 0 {
            let Some(argument) = self.bulk()? else { return Ok(None) };
            self.size += argument.len();
            if self.size > MAX_REQUEST {
                return Err(ProtocolError::TooBig);
            }
            self.arguments.push(argument);
            self.missing -= 1;
        }
        self.size = 0;
        Ok(Some(std::mem::take(&mut self.arguments)))
    }

    fn bulk(&mut self) -> Result<Option<Blob>, ProtocolError> {
        let before = self.read;
        let Some(length) = self.header(b'$')? else {
            return Ok(None);
        };
        let length = usize::try_from(length).ok().filter(|length| *length <= MAX_BULK);
        let length = length.ok_or(ProtocolError::BulkLength)?;
        let Some((bytes, after)) = self.unread().split_at_checked(length) else {
            self.read = before;
            return Ok(None);
        };
        match after {
            [b'\r', b'\n', ..] => {}
            [] | [b'\r'] => {
                self.read = before;
                return Ok(None);
            }
            _ => return Err(ProtocolError::BulkEnd),
        }
        let argument = Blob::from(bytes);
        self.read += length + 2;
        Ok(Some(argument))
    }

    /// The number on a line that must start with `marker`, or `None` until the line is whole.
    fn header(&mut self, marker: u8) -> Result<Option<i64>, ProtocolError> {
        let Some((&first, line)) = self.unread().split_first() else {
            return Ok(None);
        };
        if first != marker {
            return Err(ProtocolError::Expected(marker, first));
        }
        let Some(end) = line.iter().take(MAX_LINE).position(|byte| *byte == b'\r') else {
            return if line.len() < MAX_LINE { Ok(None) } else { Err(invalid_length(marker)) };
        };
        let Some((digits, rest)) = line.split_at_checked(end) else {
            return Ok(None);
        };
        let Some(&feed) = rest.get(1) else { return Ok(None) };
        let length = integer(digits).filter(|_| feed == b'\n').ok_or(invalid_length(marker))?;
        self.read += 1 + end + 2;
        Ok(Some(length))
    }

    fn unread(&self) -> &[u8] {
        self.received.get(self.read..).unwrap_or_default()
    }
}

fn invalid_length(marker: u8) -> ProtocolError {
    if marker == b'*' { ProtocolError::MultibulkLength } else { ProtocolError::BulkLength }
}

/// A number as Redis reads it: no plus sign, no leading zero, no blanks.
pub(super) fn integer(digits: &[u8]) -> Option<i64> {
    match digits {
        [b'0'] => Some(0),
        [b'1'..=b'9', ..] | [b'-', b'1'..=b'9', ..] => std::str::from_utf8(digits).ok()?.parse().ok(),
        _ => None,
    }
}

/// What the server answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Reply {
    Status(&'static str),
    Error(Error),
    Integer(i64),
    Bulk(Blob),
    Nil,
    /// A transaction that a watched key stopped.
    NilArray,
    Array(Vec<Reply>),
}

impl Reply {
    pub(super) const OK: Self = Self::Status("OK");

    pub(super) fn count(number: usize) -> Self {
        Self::Integer(i64::try_from(number).unwrap_or(i64::MAX))
    }

    pub(super) fn text(text: &str) -> Self {
        Self::Bulk(Blob::from(text.as_bytes()))
    }

    pub(super) fn bulks(blobs: impl IntoIterator<Item = Blob>) -> Self {
        Self::Array(blobs.into_iter().map(Self::Bulk).collect())
    }

    /// The whole reply as bytes, for frames that several subscribers share.
    pub(super) fn frame(self) -> Blob {
        let mut out = Vec::new();
        let mut encoder = Encoder::new(self);
        while encoder.encode_next(&mut out) {}
        Blob::from(out)
    }
}

impl From<Option<Blob>> for Reply {
    fn from(found: Option<Blob>) -> Self {
        found.map_or(Self::Nil, Self::Bulk)
    }
}

/// Encodes a reply piece by piece, so that the caller can send a large one without holding all its bytes.
pub(super) struct Encoder {
    pending: Vec<Reply>,
}

impl Encoder {
    pub(super) fn new(reply: Reply) -> Self {
        Self { pending: vec![reply] }
    }

    /// Appends the next piece; `false` once nothing is left.
    pub(super) fn encode_next(&mut self, out: &mut Vec<u8>) -> bool {
        let Some(reply) = self.pending.pop() else { return false };
        match reply {
            Reply::Status(text) => encode_line(out, b'+', text),
            Reply::Error(error) => encode_line(out, b'-', &error.to_string()),
            Reply::Integer(number) => encode_number(out, b':', number),
            Reply::Nil => out.extend_from_slice(b"$-1\r\n"),
            Reply::NilArray => out.extend_from_slice(b"*-1\r\n"),
            Reply::Bulk(bytes) => {
                encode_number(out, b'$', bytes.len());
                out.extend_from_slice(&bytes);
                out.extend_from_slice(b"\r\n");
            }
            Reply::Array(replies) => {
                encode_number(out, b'*', replies.len());
                self.pending.extend(replies.into_iter().rev());
            }
        }
        true
    }
}

/// Errors quote the client, and a line break inside a line would forge a reply.
fn encode_line(out: &mut Vec<u8>, marker: u8, text: &str) {
    out.push(marker);
    out.extend(text.bytes().map(|byte| if matches!(byte, b'\r' | b'\n') { b' ' } else { byte }));
    out.extend_from_slice(b"\r\n");
}

fn encode_number(out: &mut Vec<u8>, marker: u8, number: impl std::fmt::Display) {
    out.push(marker);
    // Writing to a vector cannot fail.
    let _ = write!(out, "{number}\r\n");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    type Requests = Vec<Vec<Vec<u8>>>;

    /// Feeds `chunks` one after the other and collects what comes out.
    fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>) -> Result<Requests, ProtocolError> {
        let mut decoder = Decoder::default();
        let mut requests = Vec::new();
        for chunk in chunks {
            decoder.buffer().extend_from_slice(chunk);
            while let Some(request) = decoder.next_request()? {
                requests.push(request.iter().map(|argument| argument.to_vec()).collect());
            }
        }
        Ok(requests)
    }

    fn encode(requests: &Requests) -> Vec<u8> {
        let replies = requests.iter().map(|request| Reply::bulks(request.iter().map(|bytes| Blob::from(&bytes[..]))));
        replies.flat_map(|reply| reply.frame().to_vec()).collect()
    }

    #[test]
    fn broken_requests_are_named() {
        let rows: &[(&str, ProtocolError)] = &[
            ("GET a\r\n", ProtocolError::Expected(b'*', b'G')),
            ("*\r\n", ProtocolError::MultibulkLength),
            ("*+1\r\n", ProtocolError::MultibulkLength),
            ("*01\r\n", ProtocolError::MultibulkLength),
            ("*1\rx", ProtocolError::MultibulkLength),
            ("*16385\r\n", ProtocolError::MultibulkLength),
            ("*99999999999999999999\r\n", ProtocolError::MultibulkLength),
            ("*11111111111111111111111111111111", ProtocolError::MultibulkLength),
            ("*1\r\n:1\r\n", ProtocolError::Expected(b'$', b':')),
            ("*1\r\n$-1\r\n", ProtocolError::BulkLength),
            ("*1\r\n$1048577\r\n", ProtocolError::BulkLength),
            ("*1\r\n$1\r\nabc", ProtocolError::BulkEnd),
        ];
        for (bytes, error) in rows {
            assert_eq!(decode([bytes.as_bytes()]).as_ref(), Err(error), "{bytes:?}");
        }
    }

    #[test]
    fn half_requests_wait() {
        let whole = "*2\r\n$3\r\nGET\r\n$1\r\na\r\n";
        for length in 0..whole.len() {
            assert_eq!(decode([&whole.as_bytes()[..length]]), Ok(vec![]), "{length} bytes");
        }
        assert_eq!(decode([whole.as_bytes()]), Ok(vec![vec![b"GET".to_vec(), b"a".to_vec()]]));
        assert_eq!(decode([&b"*0\r\n*-1\r\n"[..]]), Ok(vec![]));
    }

    #[test]
    fn one_request_cannot_fill_memory() {
        let bulk = vec![0; MAX_BULK];
        let largest = vec![vec![bulk.clone(); 8]];
        assert_eq!(decode([&encode(&largest)[..]]).map(|requests| requests.len()), Ok(1));
        let too_large = vec![vec![bulk; 9]];
        assert_eq!(decode([&encode(&too_large)[..]]), Err(ProtocolError::TooBig));
    }

    #[test]
    fn a_line_cannot_forge_a_reply() {
        let error = Error::ExpireOption("a\r\n+OK".to_owned());
        assert_eq!(&*Reply::Error(error).frame(), b"-ERR Unsupported option a  +OK\r\n");
    }

    #[test]
    fn integers_are_canonical() {
        let rows: &[(&str, Option<i64>)] = &[
            ("0", Some(0)),
            ("-1", Some(-1)),
            ("9223372036854775807", Some(i64::MAX)),
            ("-9223372036854775808", Some(i64::MIN)),
            ("9223372036854775808", None),
            ("", None),
            ("-", None),
            ("-0", None),
            ("+1", None),
            ("01", None),
            (" 1", None),
            ("1 ", None),
        ];
        for (digits, number) in rows {
            assert_eq!(integer(digits.as_bytes()), *number, "{digits:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_survived(chunks in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..40), 0..20)) {
            let _ = decode(chunks.iter().map(Vec::as_slice));
        }

        #[test]
        fn nearly_right_bytes_are_survived(text in "([*$][-0-9]{0,3}\r?\n?|[a-z]{0,3}\r\n){0,20}") {
            let _ = decode([text.as_bytes()]);
        }

        #[test]
        fn requests_survive_any_split(
            requests in prop::collection::vec(
                prop::collection::vec(prop::collection::vec(any::<u8>(), 0..30), 1..5), 0..5),
            size in 1_usize..40,
        ) {
            prop_assert_eq!(decode(encode(&requests).chunks(size)), Ok(requests));
        }
    }
}
