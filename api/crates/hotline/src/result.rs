//! What is sent back to the district (结果回传): one line a result. Pure.

use chrono::{DateTime, FixedOffset, Utc};
use entity::enums::{Audience, HandlingResult, RejectReason, ServiceRequestState};
use entity::service_request::Model;
use kernel::error::{Error, Result};
use kernel::sheet::{Format, csv, harmless};
use requests::is_reply_shown;
use rust_xlsxwriter::{Format as Style, Workbook};

use crate::sheet::Records;

const HEADING: [&str; 7] = ["工单编号", "诉求编号", "办理状态", "办理结果", "答复", "办结时间", "是否更正"];

/// A result.
#[derive(Clone, Copy, Debug)]
pub struct Outcome<'r> {
    /// The case.
    pub row: &'r Model,
    /// The case whose end it has: itself, or the one it was merged into.
    pub ended: &'r Model,
    /// A result of it was sent before.
    pub is_correction: bool,
}

/// The end that a result tells of.
#[must_use]
pub fn end_of(outcome: &Outcome<'_>) -> Option<DateTime<Utc>> {
    outcome.ended.closed_at
}

/// The lines of a file, comma-separated.
///
/// # Errors
/// A fault when they cannot be put together.
pub fn text(outcomes: &[Outcome<'_>]) -> Result<String> {
    let lines = outcomes.iter().map(|outcome| {
        let row = outcome.row;
        let cells = [
            row.external_no.clone().unwrap_or_default(),
            row.case_no.clone(),
            state(row.state).to_owned(),
            said(outcome),
            // The district tells it to whom it is for.
            outcome
                .ended
                .reply
                .clone()
                .filter(|_| is_reply_shown(outcome.ended, Audience::Participant))
                .unwrap_or_default(),
            end_of(outcome).map(in_shanghai).unwrap_or_default(),
            if outcome.is_correction { "是" } else { "否" }.to_owned(),
        ];
        cells.map(|cell| harmless(&cell))
    });
    csv(std::iter::once(HEADING.map(str::to_owned)).chain(lines))
}

fn state(state: ServiceRequestState) -> &'static str {
    match state {
        ServiceRequestState::Rejected => "不予受理",
        ServiceRequestState::Withdrawn => "已撤回",
        ServiceRequestState::Merged => "已并案办结",
        _ => "已办结",
    }
}

fn said(outcome: &Outcome<'_>) -> String {
    use HandlingResult as H;
    use RejectReason as R;
    let result = outcome.ended.result.map(|result| match result {
        H::Solved => "实际解决",
        H::PartlySolved => "部分解决",
        H::Explained => "解释说明",
        H::Unfounded => "不属实",
        H::Unreasonable => "诉求不合理",
        H::Planned => "列入计划",
    });
    let reason = outcome.row.reject_reason.map(|reason| match reason {
        R::Litigation => "涉诉涉法",
        R::Classified => "涉密",
        R::NoNewFacts => "已办结无新事实",
        R::OutsideJurisdiction => "非本辖区",
        R::Incomplete => "信息不全且补正超时",
        R::NoSubstance => "恶意或无实质内容",
        R::EmergencyCall => "应拨打110、119、120",
    });
    let is_withdrawn = outcome.row.state == ServiceRequestState::Withdrawn;
    result.or(reason).filter(|_| !is_withdrawn).unwrap_or_default().to_owned()
}

fn in_shanghai(at: DateTime<Utc>) -> String {
    let zone = FixedOffset::east_opt(8 * 3600);
    zone.map(|zone| at.with_timezone(&zone).format("%Y-%m-%d %H:%M:%S").to_string()).unwrap_or_default()
}

/// The file of such lines: as they are, or a workbook of texts.
///
/// # Errors
/// A fault when it cannot be put together.
pub fn file(format: Format, text: &str) -> Result<Vec<u8>> {
    match format {
        Format::Csv => Ok(text.as_bytes().to_vec()),
        Format::Xlsx => workbook(text).map_err(|error| Error::Fault(error.into())),
    }
}

fn workbook(text: &str) -> std::result::Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let mut book = Workbook::new();
    let bold = Style::new().set_bold();
    let sheet = book.add_worksheet();
    sheet.set_name("办理结果")?;
    let mut records = Records::of(text.trim_start_matches('\u{feff}'));
    let mut line = 0;
    while let Some((_, cells)) = records.next() {
        for (column, cell) in (0..).zip(cells) {
            match line {
                0 => sheet.write_string_with_format(line, column, cell, &bold)?,
                _ => sheet.write_string(line, column, cell)?,
            };
        }
        line += 1;
    }
    book.save_to_buffer()
}
