//! Every GraphQL type (接口类型), and nothing else: resolvers of a few lines over the slices.
//!
//! Doc comments on types and fields become descriptions in the SDL; they are written 「中文 / English」 for the client
//! developer. A nullable field that can fail returns `Option<Result<T>>`: `Result<Option<T>>` would null its parent.
#![recursion_limit = "512"]

pub mod areas;
pub mod bookings;
pub mod context;
pub mod directory;
pub mod enums;
pub mod errors;
pub mod events;
pub mod feeds;
pub mod forms;
mod hints;
pub mod hotline;
pub mod house;
pub mod identity;
pub mod limits;
pub mod loaders;
pub mod media;
mod mutation;
mod node;
pub mod notifications;
pub mod page;
pub mod party;
mod qr;
pub mod reference;
pub mod requests;
pub mod residents;
pub mod rights;
mod root;
pub mod stats;
pub mod wechat;

pub use context::Caller;
pub use house::House;
pub use loaders::{Loaders, loaders};
pub use root::{Schema, schema, sdl};
