//! A case told from its beginning in memory (案件往事): the rules of the verbs at instants of one's choice, for seeding and
//! imports. Who may is not asked, when and what comes of it is: the past obeys the workflow too.

use chrono::{DateTime, Utc};
use entity::enums::{NoteKind, ReturnDecision};
use entity::id::{AccountId, FactId, ServiceRequestId};
use entity::{contact, request_note, return_request, search_term, survey};
use kernel::base::Base;
use kernel::bulk::Past;
use kernel::error::{Error, Result};
use kernel::tx::new_id;

use crate::case::Case;
use crate::command::Submit;
use crate::fact::Fact;
use crate::service::describe;
use crate::store::{Words, alarm_of, rows};
use crate::town::Town;
use crate::workflow::{self, Command};

/// A case with everything that was ever written about it (案件往事).
#[derive(Clone, Debug)]
pub struct History {
    /// The case as it stands now.
    pub case: Case,
    /// What happened, oldest first.
    pub facts: Vec<Past<Fact>>,
    pub(crate) notes: Vec<request_note::Model>,
    pub(crate) contacts: Vec<contact::Model>,
    pub(crate) returns: Vec<return_request::Model>,
    /// Answers to the survey, oldest first.
    pub surveys: Vec<survey::Model>,
    pub(crate) findable: Vec<search_term::Model>,
}

/// How a case of the past came in (来历).
pub struct Arrival<'a> {
    /// What was said.
    pub submit: &'a Submit,
    /// Whose request it is, if the person has an account.
    pub reporter: Option<AccountId>,
    /// Who typed it.
    pub submitted_by: AccountId,
    /// Its number; the caller counts, and tells [`crate::insert_past`] how far it came.
    pub case_no: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl History {
    /// A case as it came in.
    ///
    /// # Errors
    /// `INVALID` for an unknown category; a fault when there is no randomness or sealing fails.
    pub fn begin(base: &Base, town: &Town, arrival: Arrival<'_>) -> Result<Self> {
        let Arrival { submit, reporter, submitted_by, case_no, at } = arrival;
        let id: ServiceRequestId = new_id(base, at)?;
        let submitted = describe(town, submit, (reporter, submitted_by), at, case_no)?;
        let mut row = rows::request(base, id, submit, submit.contact_phone.as_ref(), &submitted, at)?;
        row.alarm_at = alarm_of(town, &row, at)?;
        let findable = rows::findable(id, &[&row.description, row.address.as_deref().unwrap_or_default()]);
        let photos = i64::try_from(submit.photos.len()).unwrap_or(i64::MAX);
        let case = Case {
            row,
            assignments: Vec::new(),
            photos,
            after_photos: 0,
            unanswered: Default::default(),
            into: None,
            ties: Default::default(),
        };
        let (notes, contacts, returns, surveys) = Default::default();
        let mut history = Self { case, facts: Vec::new(), notes, contacts, returns, surveys, findable };
        history.remember(new_id(base, at)?, Some(submitted_by), at, Fact::Submitted(Box::new(submitted)));
        Ok(history)
    }

    /// What happened next: decided by the workflow, then folded into the rows.
    ///
    /// # Errors
    /// What the workflow refuses; a fault when time ran backwards or there is no randomness.
    pub fn act(
        &mut self,
        (base, town): (&Base, &Town),
        command: &Command,
        by: Option<AccountId>,
        at: DateTime<Utc>,
        words: Words,
    ) -> Result<()> {
        if at <= self.case.row.updated_at {
            return Err(Error::Fault(anyhow::anyhow!("case {}: time ran backwards", self.case.row.case_no)));
        }
        let fact = workflow::decide(&self.case, command, by, &town.timing_for(&self.case.row, command, at)?)?;
        let id: FactId = new_id(base, at)?;
        self.write_down((base, town), &fact, (id, by, at), words)?;
        self.case = self.case.after(&fact, at, || new_id(base, at))?;
        self.case.row.alarm_at = alarm_of(town, &self.case.row, at)?;
        self.remember(id, by, at, fact);
        Ok(())
    }

    /// The records beside row and orders, of the case as it was before the fact.
    fn write_down(
        &mut self,
        (base, town): (&Base, &Town),
        fact: &Fact,
        (id, by, at): (FactId, Option<AccountId>, DateTime<Utc>),
        words: Words,
    ) -> Result<()> {
        let before = &self.case;
        self.notes.extend(rows::note(town, before.row.id, id, &words, at));
        self.contacts.extend(rows::contact(&before.row, fact, id, at));
        self.returns.extend(rows::return_asked(before, fact, &words, at, || new_id(base, at))?);
        let decision = match fact {
            Fact::ReturnGranted { .. } => Some(ReturnDecision::Granted),
            Fact::ReturnDenied { .. } => Some(ReturnDecision::Denied),
            _ => None,
        };
        if let (Some(decision), Some(asked)) = (decision, self.returns.last_mut()) {
            (asked.decision, asked.decided_at) = (decision, Some(at));
        }
        if let (Some(answer), Some(by)) = (rows::answer_of(fact), by) {
            self.surveys.push(rows::survey(
                new_id(base, at)?,
                (&before.row, before.surveyed()),
                answer,
                by,
                words.comment,
                at,
            ));
        }
        match words.note {
            Some((NoteKind::Reply, reply)) => self.case.row.reply = Some(reply),
            Some((NoteKind::Supplement, text)) => {
                self.findable.extend(rows::findable(before.row.id, &[&text]));
                self.findable.sort_by(|a, b| a.term.cmp(&b.term));
                self.findable.dedup();
            }
            _ => {}
        }
        Ok(())
    }

    fn remember(&mut self, id: FactId, actor: Option<AccountId>, at: DateTime<Utc>, fact: Fact) {
        let (subject, version) = (self.case.row.id.0, self.case.row.version);
        self.facts.push(Past { id, subject, version, actor, at, fact });
    }
}
