//! Signing in, staying in, getting out: the promises of design §4.2–4.3 and of the security requirements behind them.

mod attacks;
mod audit;
mod change;
mod codes;
mod consents;
mod passwords;
mod privacy;
mod redis_lost;
mod sessions;
mod sms;
pub mod staff;
mod wechat;

pub use privacy::is_stored;
