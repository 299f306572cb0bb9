//! Arguments to commands. What a command does is said in `execute`, what a connection does about it in `session`.

use super::error::Error;
use super::options::{Expire, MILLISECOND, SECOND, Scan, Set};
use super::resp::{BLOB_OVERHEAD, Blob, integer};

/// Bytes of foreign text quoted back in "unknown command".
const MAX_QUOTED: usize = 128;

/// Everything a client may ask. A command not listed here does not exist.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Command {
    /// Named and counted rightly but with bad arguments: refused when executed, as Redis does within `MULTI`.
    Faulty(Error),
    Ping(Option<Blob>),
    Echo(Blob),
    Quit,
    /// `CLIENT SETINFO`, which the client library sends first; nobody here reads it.
    Introduce,
    Select(i64),
    Get(Blob),
    MGet(Vec<Blob>),
    Set(Set),
    GetDel(Blob),
    IncrBy(Blob, i64),
    Del(Vec<Blob>),
    Exists(Vec<Blob>),
    Expire(Expire),
    Ttl(Blob),
    PTtl(Blob),
    Persist(Blob),
    HSet(Blob, Vec<(Blob, Blob)>),
    HGet(Blob, Blob),
    HGetAll(Blob),
    HDel(Blob, Vec<Blob>),
    SAdd(Blob, Vec<Blob>),
    SRem(Blob, Vec<Blob>),
    SMembers(Blob),
    SIsMember(Blob, Blob),
    SCard(Blob),
    Scan(Scan),
    DbSize,
    Flush,
    Publish(Blob, Blob),
    Subscribe(Vec<Blob>),
    Unsubscribe(Vec<Blob>),
    Multi,
    Exec,
    Discard,
    Watch(Vec<Blob>),
    Unwatch,
}

/// A command with what the session must know before it runs.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Request {
    pub(super) name: &'static str,
    pub(super) command: Command,
    /// Bytes of all its arguments, overhead included.
    pub(super) size: usize,
    /// The part of `size` that may stay in the keyspace: all of it or nothing.
    pub(super) growth: usize,
}

impl Request {
    /// Only an unknown name or a wrong number of arguments is refused here, for those alone spoil a transaction.
    pub(super) fn parse(arguments: Vec<Blob>) -> Result<Self, Error> {
        let size = arguments.iter().map(|argument| argument.len() + BLOB_OVERHEAD).sum();
        let form = Form::find(&arguments)?;
        if !form.arity.allows(arguments.len()) {
            return Err(Error::Arity(form.name));
        }
        let mut rest = arguments.into_iter();
        rest.next();
        let command = (form.parse)(&mut Arguments { command: form.name, rest }).unwrap_or_else(Command::Faulty);
        let growth = if form.grows { size } else { 0 };
        Ok(Self { name: form.name, command, size, growth })
    }
}

/// The arguments after the name, taken from left to right.
pub(super) struct Arguments {
    command: &'static str,
    rest: std::vec::IntoIter<Blob>,
}

impl Arguments {
    pub(super) fn command(&self) -> &'static str {
        self.command
    }

    pub(super) fn next(&mut self) -> Option<Blob> {
        self.rest.next()
    }

    pub(super) fn take(&mut self) -> Result<Blob, Error> {
        self.next().ok_or(Error::Arity(self.command))
    }

    fn integer(&mut self) -> Result<i64, Error> {
        integer(&self.take()?).ok_or(Error::NotInteger)
    }

    fn all(&mut self) -> Vec<Blob> {
        self.rest.by_ref().collect()
    }

    fn end(&self) -> Result<(), Error> {
        if self.rest.len() == 0 { Ok(()) } else { Err(Error::Arity(self.command)) }
    }
}

/// How many arguments a command takes, its name counted.
enum Arity {
    Exactly(usize),
    AtLeast(usize),
}

impl Arity {
    fn allows(&self, count: usize) -> bool {
        match self {
            Self::Exactly(number) => count == *number,
            Self::AtLeast(number) => count >= *number,
        }
    }
}

/// One row of the command table.
struct Form {
    name: &'static str,
    arity: Arity,
    /// Whether it can add to the keyspace, and so is refused when memory is out.
    grows: bool,
    parse: fn(&mut Arguments) -> Result<Command, Error>,
}

impl Form {
    fn find(arguments: &[Blob]) -> Result<&'static Self, Error> {
        let name = arguments.first().map_or(&[][..], |name| name);
        let form = FORMS.iter().find(|form| form.name.as_bytes().eq_ignore_ascii_case(name));
        form.ok_or_else(|| unknown(name, arguments))
    }
}

fn unknown(name: &[u8], arguments: &[Blob]) -> Error {
    let mut quoted = Vec::new();
    for argument in arguments.iter().skip(1) {
        if quoted.len() >= MAX_QUOTED {
            break;
        }
        let room = MAX_QUOTED - quoted.len();
        quoted.push(b'\'');
        quoted.extend_from_slice(start(argument, room));
        quoted.extend_from_slice(b"' ");
    }
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Error::UnknownCommand { name: text(start(name, MAX_QUOTED)), arguments: text(&quoted) }
}

fn start(bytes: &[u8], most: usize) -> &[u8] {
    bytes.get(..most).unwrap_or(bytes)
}

const fn exact(name: &'static str, count: usize, parse: fn(&mut Arguments) -> Result<Command, Error>) -> Form {
    Form { name, arity: Arity::Exactly(count), grows: false, parse }
}

const fn open(name: &'static str, least: usize, parse: fn(&mut Arguments) -> Result<Command, Error>) -> Form {
    Form { name, arity: Arity::AtLeast(least), grows: false, parse }
}

const fn growing(form: Form) -> Form {
    Form { grows: true, ..form }
}

const FORMS: &[Form] = &[
    open("ping", 1, ping),
    exact("echo", 2, |a| Ok(Command::Echo(a.take()?))),
    open("quit", 1, |_| Ok(Command::Quit)),
    open("client", 2, client),
    exact("select", 2, |a| Ok(Command::Select(a.integer()?))),
    exact("get", 2, |a| Ok(Command::Get(a.take()?))),
    open("mget", 2, |a| Ok(Command::MGet(a.all()))),
    growing(open("set", 3, |a| Ok(Command::Set(Set::parse(a)?)))),
    growing(exact("setex", 4, |a| Ok(Command::Set(Set::parse_expiring(a)?)))),
    exact("getdel", 2, |a| Ok(Command::GetDel(a.take()?))),
    growing(exact("incr", 2, |a| Ok(Command::IncrBy(a.take()?, 1)))),
    growing(exact("decr", 2, |a| Ok(Command::IncrBy(a.take()?, -1)))),
    growing(exact("incrby", 3, |a| Ok(Command::IncrBy(a.take()?, a.integer()?)))),
    open("del", 2, |a| Ok(Command::Del(a.all()))),
    open("exists", 2, |a| Ok(Command::Exists(a.all()))),
    open("expire", 3, |a| Ok(Command::Expire(Expire::parse(a, SECOND)?))),
    open("pexpire", 3, |a| Ok(Command::Expire(Expire::parse(a, MILLISECOND)?))),
    exact("ttl", 2, |a| Ok(Command::Ttl(a.take()?))),
    exact("pttl", 2, |a| Ok(Command::PTtl(a.take()?))),
    exact("persist", 2, |a| Ok(Command::Persist(a.take()?))),
    growing(open("hset", 4, |a| Ok(Command::HSet(a.take()?, pairs(a)?)))),
    exact("hget", 3, |a| Ok(Command::HGet(a.take()?, a.take()?))),
    exact("hgetall", 2, |a| Ok(Command::HGetAll(a.take()?))),
    open("hdel", 3, |a| Ok(Command::HDel(a.take()?, a.all()))),
    growing(open("sadd", 3, |a| Ok(Command::SAdd(a.take()?, a.all())))),
    open("srem", 3, |a| Ok(Command::SRem(a.take()?, a.all()))),
    exact("smembers", 2, |a| Ok(Command::SMembers(a.take()?))),
    exact("sismember", 3, |a| Ok(Command::SIsMember(a.take()?, a.take()?))),
    exact("scard", 2, |a| Ok(Command::SCard(a.take()?))),
    open("scan", 2, |a| Ok(Command::Scan(Scan::parse(a)?))),
    exact("dbsize", 1, |_| Ok(Command::DbSize)),
    open("flushdb", 1, flush),
    open("flushall", 1, flush),
    exact("publish", 3, |a| Ok(Command::Publish(a.take()?, a.take()?))),
    open("subscribe", 2, |a| Ok(Command::Subscribe(a.all()))),
    open("unsubscribe", 1, |a| Ok(Command::Unsubscribe(a.all()))),
    exact("multi", 1, |_| Ok(Command::Multi)),
    exact("exec", 1, |_| Ok(Command::Exec)),
    exact("discard", 1, |_| Ok(Command::Discard)),
    open("watch", 2, |a| Ok(Command::Watch(a.all()))),
    exact("unwatch", 1, |_| Ok(Command::Unwatch)),
];

fn ping(arguments: &mut Arguments) -> Result<Command, Error> {
    let message = arguments.next();
    arguments.end()?;
    Ok(Command::Ping(message))
}

fn client(arguments: &mut Arguments) -> Result<Command, Error> {
    let subcommand = arguments.take()?;
    if !subcommand.eq_ignore_ascii_case(b"SETINFO") {
        return Err(Error::UnknownSubcommand(String::from_utf8_lossy(start(&subcommand, MAX_QUOTED)).into_owned()));
    }
    match arguments.all().as_slice() {
        [_, _] => Ok(Command::Introduce),
        _ => Err(Error::Arity("client|setinfo")),
    }
}

fn flush(arguments: &mut Arguments) -> Result<Command, Error> {
    match arguments.all().as_slice() {
        [] => Ok(Command::Flush),
        [mode] if mode.eq_ignore_ascii_case(b"SYNC") || mode.eq_ignore_ascii_case(b"ASYNC") => Ok(Command::Flush),
        _ => Err(Error::Syntax),
    }
}

fn pairs(arguments: &mut Arguments) -> Result<Vec<(Blob, Blob)>, Error> {
    let mut pairs = Vec::new();
    while let Some(field) = arguments.next() {
        pairs.push((field, arguments.take()?));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> Result<Request, Error> {
        Request::parse(text.split(' ').map(|argument| Blob::from(argument.as_bytes())).collect())
    }

    #[test]
    fn bad_arguments_are_not_a_bad_call() {
        assert_eq!(parse("GET"), Err(Error::Arity("get")));
        assert_eq!(parse("set a 1 EX").map(|request| request.command), Ok(Command::Faulty(Error::Syntax)));
        assert_eq!(parse("incrby a x").map(|request| request.command), Ok(Command::Faulty(Error::NotInteger)));
        assert!(matches!(parse("HELLO 3"), Err(Error::UnknownCommand { .. })));
        assert!(matches!(parse("KEYS *"), Err(Error::UnknownCommand { .. })));
        assert!(matches!(Request::parse(vec![]), Err(Error::UnknownCommand { .. })));
    }

    #[test]
    fn only_growing_commands_ask_for_memory() {
        assert_eq!(parse("get a").map(|request| request.growth), Ok(0));
        assert_eq!(parse("sadd a b").map(|request| request.growth), Ok(6 + 3 * BLOB_OVERHEAD));
    }

    #[test]
    fn names_are_unique_and_lower_case() {
        let names: std::collections::BTreeSet<_> = FORMS.iter().map(|form| form.name).collect();
        assert_eq!(names.len(), FORMS.len());
        assert!(names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase())));
    }

    proptest! {
        #[test]
        fn any_arguments_are_survived(
            form in 0..FORMS.len(),
            arguments in prop::collection::vec(
                prop_oneof![
                    prop::sample::select(vec!["NX", "XX", "GT", "LT", "EX", "PX", "GET", "KEEPTTL", "MATCH", "COUNT"])
                        .prop_map(|word| word.as_bytes().to_vec()),
                    any::<i64>().prop_map(|number| number.to_string().into_bytes()),
                    prop::collection::vec(any::<u8>(), 0..8),
                ],
                0..8,
            ),
        ) {
            let name = Blob::from(FORMS[form].name.as_bytes());
            let _ = Request::parse(std::iter::once(name).chain(arguments.into_iter().map(Blob::from)).collect());
        }
    }
}
