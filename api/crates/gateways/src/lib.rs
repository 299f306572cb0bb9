//! Calls to third parties (外部接口): WeChat and SMS providers. The only crate that speaks HTTP to others.
//!
//! Every call has one total time, follows no redirect, believes no proxy from the environment, and passes a circuit breaker.
//! What they are given and what they say never reaches a log: of an answer, codes and the provider's own request id do.

mod breaker;
mod http;
mod secret;
pub mod sms;
pub mod wechat;

pub use http::PATIENCE;
