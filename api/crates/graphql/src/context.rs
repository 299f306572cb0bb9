//! What every resolver finds in its context (上下文): who asks, from where, and the house.

use std::net::IpAddr;
use std::sync::Arc;

use async_graphql::{Context, ID, InputType};
use entity::id::Id;
use kernel::actor::{Actor, Person};
use kernel::base::Base;
use kernel::error::{Error, Result as KernelResult, UserErrorCode};
use kernel::tx::Once;

use crate::errors::{Language, top_level};
use crate::house::House;

/// Who asks, and from where.
#[derive(Clone, Debug)]
pub struct Caller {
    /// Who.
    pub actor: Actor,
    /// From which address; rate limits count by it.
    pub address: IpAddr,
    /// In which language sentences are wanted.
    pub language: Language,
}

/// What resolvers return.
pub type Result<T> = async_graphql::Result<T>;

/// Reads of a resolver's context.
pub(crate) trait Ask {
    /// Who asks.
    fn caller(&self) -> &Caller;
    /// The house.
    fn house(&self) -> &Arc<House>;
    /// The ground.
    fn base(&self) -> &Base {
        &self.house().base
    }
    /// The signed-in person, or `UNAUTHENTICATED`. The first line of every mutation that is not for strangers.
    fn person(&self) -> Result<&Person> {
        self.caller().actor.person().map_err(|error| self.fail(error))
    }
    /// A kernel error as a top-level error in the caller's language.
    fn fail(&self, error: Error) -> async_graphql::Error {
        top_level(&error, self.caller().language)
    }
    /// An id of a kind; anything else is the id of nothing.
    fn id<T: Id>(&self, id: &ID) -> Result<T> {
        T::parse(id).ok_or_else(|| self.fail(Error::NotFound))
    }
}

impl Ask for Context<'_> {
    fn caller(&self) -> &Caller {
        self.data_unchecked()
    }

    fn house(&self) -> &Arc<House> {
        self.data_unchecked()
    }
}

/// Turns kernel results into resolver results.
pub(crate) trait OrFail<T> {
    /// The value, or a top-level error in the caller's language.
    fn or_fail(self, ctx: &Context<'_>) -> Result<T>;
}

impl<T> OrFail<T> for KernelResult<T> {
    fn or_fail(self, ctx: &Context<'_>) -> Result<T> {
        self.map_err(|error| ctx.fail(error))
    }
}

/// An idempotency key with the fingerprint of its operation: name and whole input.
///
/// # Errors
/// `INVALID` for a key that is not 8–64 printable ASCII characters.
pub(crate) fn once(operation: &str, key: &str, input: &impl InputType) -> KernelResult<Once> {
    once_of(operation, key, input.to_value().to_string().as_bytes())
}

/// As [`once`], of bytes.
///
/// # Errors
/// As [`once`].
pub(crate) fn once_of(operation: &str, key: &str, bytes: &[u8]) -> KernelResult<Once> {
    let is_printable = key.bytes().all(|byte| byte.is_ascii_graphic());
    if !(8..=64).contains(&key.len()) || !is_printable {
        return Err(Error::refused_at(UserErrorCode::Invalid, "idempotencyKey"));
    }
    let mut text = operation.as_bytes().to_vec();
    text.push(b'\n');
    text.extend_from_slice(bytes);
    Ok(Once { key: key.to_owned(), fingerprint: kernel::vault::sha256(&text).to_vec() })
}
