//! What the server refuses, in the words of Redis: clients and people match on these texts.

use std::fmt;

/// A refusal sent to the client as a RESP error.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Error {
    UnknownCommand { name: String, arguments: String },
    UnknownSubcommand(String),
    Arity(&'static str),
    Syntax,
    NotInteger,
    Overflow,
    WrongType,
    ExpireTime(&'static str),
    ExpireConditions,
    ExpireBounds,
    ExpireOption(String),
    Cursor,
    DatabaseIndex,
    OutOfMemory,
    Subscribed(&'static str),
    TooManyNames,
    NestedMulti,
    WatchInMulti,
    NotInMulti,
    NoMulti(&'static str),
    TransactionTooLong,
    Aborted,
    AbortedOutOfMemory,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCommand { name, arguments } => {
                write!(f, "ERR unknown command '{name}', with args beginning with: {arguments}")
            }
            Self::UnknownSubcommand(name) => write!(f, "ERR unknown subcommand '{name}'. Try CLIENT HELP."),
            Self::Arity(name) => write!(f, "ERR wrong number of arguments for '{name}' command"),
            Self::ExpireTime(name) => write!(f, "ERR invalid expire time in '{name}' command"),
            Self::ExpireOption(option) => write!(f, "ERR Unsupported option {option}"),
            Self::Subscribed(name) => write!(
                f,
                "ERR Can't execute '{name}': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET \
                 are allowed in this context"
            ),
            Self::NoMulti(name) => write!(f, "ERR {name} without MULTI"),
            fixed => f.write_str(fixed.sentence()),
        }
    }
}

impl Error {
    fn sentence(&self) -> &'static str {
        match self {
            Self::NotInteger => "ERR value is not an integer or out of range",
            Self::Overflow => "ERR increment or decrement would overflow",
            Self::WrongType => "WRONGTYPE Operation against a key holding the wrong kind of value",
            Self::ExpireConditions => "ERR NX and XX, GT or LT options at the same time are not compatible",
            Self::ExpireBounds => "ERR GT and LT options at the same time are not compatible",
            Self::Cursor => "ERR invalid cursor",
            Self::DatabaseIndex => "ERR DB index is out of range",
            Self::OutOfMemory => "OOM command not allowed when used memory > 'maxmemory'.",
            Self::TooManyNames => "ERR too many channels or watched keys on one connection",
            Self::NestedMulti => "ERR MULTI calls can not be nested",
            Self::WatchInMulti => "ERR WATCH inside MULTI is not allowed",
            Self::NotInMulti => "ERR Command not allowed inside a transaction",
            Self::TransactionTooLong => "ERR transaction is too long",
            Self::Aborted => "EXECABORT Transaction discarded because of previous errors.",
            Self::AbortedOutOfMemory => {
                "EXECABORT Transaction discarded because of: OOM command not allowed when used memory > 'maxmemory'."
            }
            _ => "ERR syntax error",
        }
    }
}
