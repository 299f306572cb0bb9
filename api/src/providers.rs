//! Who carries what leaves the house (外部通道), as configured.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::Arc;

use gateways::{sms, wechat};
use identity::delivery::{CodeSender, Message, NotSent, Sending};
use identity::wechat::Wechat;
use kernel::base::Base;
use kernel::config::{CodeSender as Kind, Config};

/// Who sends one-time codes.
///
/// # Errors
/// When an option is not usable.
pub fn sender(config: &Config, base: &Base) -> anyhow::Result<Option<Arc<dyn CodeSender>>> {
    Ok(match config.auth.code_sender {
        Kind::None => None,
        Kind::Console => Some(Arc::new(ConsoleSender { file: config.data.dir.join("one-time-codes.txt") })),
        Kind::Sms => Some(Arc::new(sms::Tencent::new(base.clone(), &config.sms)?)),
    })
}

/// Who asks WeChat.
///
/// # Errors
/// When an option is not usable.
pub fn wechat(config: &Config, base: &Base) -> anyhow::Result<Option<Arc<dyn Wechat>>> {
    let client = wechat::Client::new(base.clone(), &config.wechat)?;
    Ok(client.map(|client| Arc::new(client) as Arc<dyn Wechat>))
}

/// Prints one-time codes instead of sending them, and keeps the last ones in a file, for demonstration.
struct ConsoleSender {
    file: PathBuf,
}

impl ConsoleSender {
    fn print(&self, message: &Message) -> std::io::Result<()> {
        let Message { phone, code, .. } = message;
        writeln!(std::io::stderr(), "验证码 one-time code for {}: {code}", phone.masked())?;
        let mut file = std::fs::OpenOptions::new().create(true).append(true).open(&self.file)?;
        writeln!(file, "{} {code}", phone.e164())
    }
}

impl CodeSender for ConsoleSender {
    fn send<'a>(&'a self, message: &'a Message) -> Sending<'a> {
        Box::pin(async move { self.print(message).map_err(|_| NotSent::Later("CONSOLE")) })
    }
}
