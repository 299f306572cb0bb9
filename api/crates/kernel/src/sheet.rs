//! Files for spreadsheet programs (表格文件): what their cells may say.

use strum::{EnumString, IntoStaticStr};

use crate::error::{Error, Result};

/// The format of a file (文件格式).
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Format {
    /// UTF-8 with a byte order mark, by RFC 4180.
    Csv,
    /// Excel 2007 and later.
    Xlsx,
}

impl Format {
    /// The stored name, e.g. `CSV`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The format of a stored name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// Lines of cells as comma-separated values (RFC 4180), with the byte order mark by which Excel reads Chinese; lines end in CR LF.
///
/// # Errors
/// A fault when it cannot be put together.
///
/// ```
/// let lines = [["编号", "答复"], ["1", "\"好\"，再来"]];
/// let text = kernel::sheet::csv(&lines).map_err(|error| format!("{error:?}"))?;
/// assert_eq!(text, "\u{feff}编号,答复\r\n1,\"\"\"好\"\"，再来\"\r\n");
/// # Ok::<(), String>(())
/// ```
pub fn csv<L>(lines: L) -> Result<String>
where
    L: IntoIterator<Item: IntoIterator<Item: AsRef<[u8]>>>,
{
    let fault = |error: anyhow::Error| Error::Fault(error);
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{feff}".as_bytes().to_vec());
    for line in lines {
        writer.write_record(line).map_err(|error| fault(error.into()))?;
    }
    let bytes = writer.into_inner().map_err(|error| fault(anyhow::anyhow!("{error}")))?;
    String::from_utf8(bytes).map_err(|error| fault(error.into()))
}

/// Text that no spreadsheet takes for a formula: what begins like one gets an apostrophe before it.
///
/// ```
/// assert_eq!(kernel::sheet::harmless("=cmd|'/c calc'!A1"), "'=cmd|'/c calc'!A1");
/// assert_eq!(kernel::sheet::harmless("路灯"), "路灯");
/// ```
#[must_use]
pub fn harmless(text: &str) -> String {
    let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if is_formula { format!("'{text}") } else { text.to_owned() }
}
