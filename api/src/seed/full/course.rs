//! Plan → history (演绎): who does what, when, and what is said. Everything here goes through the workflow, which refuses
//! what people could not have done.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{Channel, ContactMethod, ContactOutcome, HandlingResult, NoteKind, Queue, Source, Visibility};
use entity::id::AccountId;
use kernel::base::Base;
use requests::{Answer, Arrival, Command, History, Submit, Town, Words};

use super::super::people::People;
use super::dice::Dice;
use super::people::{self, Staff};
use super::places::{Places, Spot};
use super::plan::{Course, Ending, Plan};
use super::units::{Desk, Desks};
use super::words::{self, Matter};

/// Callers who have an account, in a hundred.
const KNOWN: usize = 70;

/// Tells the cases, one after the other.
pub(super) struct Teller<'a> {
    base: &'a Base,
    town: &'a Town,
    staff: &'a Staff,
    desks: &'a Desks,
    hotline: AccountId,
    places: Places,
    dice: Dice,
    /// From when on work is quick, so that all of it is done before the period ends.
    hurry: DateTime<Utc>,
}

/// A case on its way: its history, who works on it, and what time it is.
struct Way<'a, 'b> {
    teller: &'b Teller<'a>,
    history: History,
    desk: &'b Desk,
    wrong: &'b Desk,
    dispatcher: AccountId,
    handler: AccountId,
    now: DateTime<Utc>,
    is_quick: bool,
}

impl<'a> Teller<'a> {
    pub(super) fn new(
        base: &'a Base,
        town: &'a Town,
        staff: &'a Staff,
        desks: &'a Desks,
        small: &People,
    ) -> anyhow::Result<Self> {
        let hotline = small.staff.get("dispatcher").copied();
        Ok(Self {
            base,
            town,
            staff,
            desks,
            hotline: hotline.ok_or_else(|| anyhow::anyhow!("the small town has no dispatcher"))?,
            places: Places::new(),
            dice: Dice::new(super::super::SEED ^ 0x7465_6C6C),
            hurry: super::period().end - TimeDelta::days(20),
        })
    }

    /// Tells one case.
    pub(super) fn tell(&self, plan: &Plan, case_no: String) -> anyhow::Result<History> {
        let dice = &self.dice;
        let matter = self.matter(plan);
        let spot = self.places.draw(dice, self.town, plan.source != Source::Hotline)?;
        let caller = (plan.source == Source::Hotline).then(|| self.caller(plan)).transpose()?;
        let (desk, wrong) = self.desks.of(matter.1, &spot.area.path)?;
        let (reporter, submitted_by) = match (&caller, plan.source) {
            (Some(caller), _) => (caller.0, self.hotline),
            (None, Source::Patrol) => {
                let leader = self.staff.leaders.get(&spot.area.code).copied();
                let leader = leader.unwrap_or_else(|| *dice.pick(&self.staff.inspectors));
                (Some(leader), leader)
            }
            (None, _) => (None, self.staff.machine),
        };
        let submit = submit(plan.source, matter, spot, caller.map(|caller| (caller.1, caller.2)), reporter);
        let arrival = Arrival { submit: &submit, reporter, submitted_by, case_no, at: plan.at };
        let history = History::begin(self.base, self.town, arrival)?;
        let mut way = Way {
            teller: self,
            history,
            desk,
            wrong,
            dispatcher: *dice.pick(&self.staff.dispatchers),
            handler: *dice.pick(&desk.handlers),
            now: plan.at,
            is_quick: plan.at > self.hurry,
        };
        way.go(&plan.ending).map_err(|error| error.context(format!("{plan:?}, {:?}", way.history.case.row)))?;
        Ok(way.history)
    }

    fn matter(&self, plan: &Plan) -> Matter {
        let has_time = |course: &Course| course.answers.len() == 1 && !course.is_contact_late && !course.is_late;
        match (&plan.source, &plan.ending) {
            (Source::Hotline, Ending::Closed(course)) if has_time(course) => *self.dice.pick(&words::CALLS),
            (Source::Hotline, _) => *self.dice.pick(&words::CALLS[..words::APPEALS]),
            (Source::Auto, _) => *self.dice.pick(&words::AUTO),
            _ => *self.dice.pick(&words::PATROL),
        }
    }

    /// Account, number and name of a caller; those who are to withdraw or answer themselves have an account.
    fn caller(&self, plan: &Plan) -> anyhow::Result<(Option<AccountId>, identity::phone::Phone, String)> {
        let dice = &self.dice;
        let answers_alone = match &plan.ending {
            Ending::Closed(course) => course.answers.iter().any(|answer| !answer.is_by_agent),
            ending => *ending == Ending::Withdrawn,
        };
        if answers_alone || dice.percent(KNOWN) {
            let numbers = u32::try_from(dice.below(self.staff.by_number.len()))?;
            let number = numbers + super::super::people::RESIDENTS + 2;
            return Ok((self.staff.by_number.get(&number).copied(), people::phone(number)?, String::new()));
        }
        let number = 8_000 + u32::try_from(dice.below(2_000))?;
        Ok((None, people::phone(number)?, words::name(dice)))
    }
}

fn submit(
    source: Source,
    (kind, category, words, ..): Matter,
    spot: Spot,
    caller: Option<(identity::phone::Phone, String)>,
    reporter: Option<AccountId>,
) -> Submit {
    let is_call = source == Source::Hotline;
    let (contact_phone, name) = caller.unzip();
    Submit {
        kind,
        category_code: category.to_owned(),
        description: words.to_owned(),
        place: Some(spot.place),
        area: spot.area,
        address: Some(spot.address),
        photos: Vec::new(),
        is_anonymous: !is_call,
        is_confidential: kind == entity::enums::RequestKind::Report,
        may_contact: true,
        visibility: if is_call { Visibility::Grid } else { Visibility::Public },
        channel: match source {
            Source::Patrol => Channel::Patrol,
            Source::Auto => Channel::Sensor,
            _ => Channel::Hotline12345,
        },
        contact_phone,
        on_behalf_name: name.filter(|_| reporter.is_none()),
        origin: requests::Origin::default(),
    }
}

impl Way<'_, '_> {
    fn dice(&self) -> &Dice {
        &self.teller.dice
    }

    /// Lets so many minutes of working time pass.
    fn after(&mut self, from: u32, to: u32) {
        let minutes = self.dice().minutes(from, to);
        self.now = self.teller.town.areas.calendar.after_working_minutes(self.now, minutes).at;
    }

    fn act(&mut self, command: &Command, by: AccountId) -> anyhow::Result<()> {
        self.say(command, by, Words::default())
    }

    fn say(&mut self, command: &Command, by: AccountId, words: Words) -> anyhow::Result<()> {
        let ground = (self.teller.base, self.teller.town);
        self.history.act(ground, command, Some(by), self.now, words).map_err(|error| anyhow::anyhow!("{error:?}"))
    }

    fn is_call(&self) -> bool {
        self.history.case.row.source == Source::Hotline
    }

    fn go(&mut self, ending: &Ending) -> anyhow::Result<()> {
        match ending {
            Ending::Rejected(reason) => {
                self.after(5, 100);
                let words = Words::of(NoteKind::Rejection, Some(&words::refusal(*reason).to_owned()));
                self.say(&Command::Reject { reason: *reason }, self.dispatcher, words)
            }
            Ending::Withdrawn => {
                self.now += TimeDelta::minutes(self.dice().minutes(10, 40).into());
                let reporter = self.history.case.row.reporter_id.unwrap_or(self.teller.hotline);
                let words = Words::of(NoteKind::Withdrawal, Some(&"问题已自行解决".to_owned()));
                self.say(&Command::Withdraw, reporter, words)
            }
            Ending::On(queue) => self.reach(*queue),
            Ending::Overdue => {
                self.arrive((5, 20), false)?;
                self.sign()
            }
            Ending::Closed(course) => self.close(course),
        }
    }

    /// As far as a desk, within hours.
    fn reach(&mut self, desk: Queue) -> anyhow::Result<()> {
        if desk == Queue::ToAccept {
            return Ok(());
        }
        self.is_quick = true;
        self.take_on((2, 8))?;
        if desk == Queue::ToDispatch {
            return Ok(());
        }
        self.dispatch(self.desk)?;
        if desk == Queue::Returns {
            self.after(2, 10);
            return self.ask_return(self.desk, self.wrong);
        }
        if desk == Queue::ToSign {
            return Ok(());
        }
        self.sign()?;
        let is_contacted = desk != Queue::Handling || self.dice().percent(50);
        if self.is_call() && is_contacted {
            self.contact((5, 30), self.handler)?;
        }
        if desk == Queue::Handling {
            return Ok(());
        }
        self.handle((10, 40), self.handler)?;
        if desk == Queue::ToCallback { self.verify(true) } else { Ok(()) }
    }

    fn close(&mut self, course: &Course) -> anyhow::Result<()> {
        self.arrive(if self.is_call() { (5, 100) } else { (2, 25) }, course.is_returned)?;
        self.sign()?;
        if self.is_call() {
            self.first_contact(course.is_contact_late)?;
        }
        if course.is_late {
            self.now = self.history.case.row.due_at.unwrap_or(self.now);
        }
        let minutes = match (self.is_call(), self.history.case.row.sla_code.as_str()) {
            _ if course.is_late => (15, 200),
            (false, "CITY_LIGHT") | (true, "ADVICE") => (10, 150),
            _ if self.is_quick => (60, 500),
            (false, _) => (60, 900),
            (true, _) if course.is_contact_late => (60, 600),
            (true, _) => (60, 1_200),
        };
        self.handle(minutes, self.handler)?;
        if course.is_reworked {
            self.verify(false)?;
            self.handle((20, 150), self.handler)?;
        }
        self.verify(true)?;
        for answer in &course.answers {
            self.answer(*answer)?;
        }
        Ok(())
    }

    /// Accepted, filed and sent out: to the right unit, or first to a wrong one that returns it.
    fn arrive(&mut self, accepted_within: (u32, u32), is_returned: bool) -> anyhow::Result<()> {
        self.take_on(accepted_within)?;
        if is_returned {
            self.dispatch(self.wrong)?;
            self.after(5, 40);
            self.ask_return(self.wrong, self.desk)?;
            self.after(5, 60);
            self.act(&Command::DecideReturn { is_granted: true }, self.dispatcher)?;
        }
        self.dispatch(self.desk)
    }

    fn take_on(&mut self, within: (u32, u32)) -> anyhow::Result<()> {
        self.after(within.0, within.1);
        let row = &self.history.case.row;
        let unknown = || anyhow::anyhow!("no category {}", row.category_code);
        let category = self.teller.town.category(&row.category_code, self.now).ok_or_else(unknown)?;
        let class =
            self.teller.town.classify(category, row.kind, row.priority, row.visibility, (row.content_state, self.now));
        self.act(&Command::Accept(class), self.dispatcher)?;
        self.after(1, 4);
        self.act(&Command::File, self.dispatcher)
    }

    fn dispatch(&mut self, desk: &Desk) -> anyhow::Result<()> {
        let slowest = if self.is_call() && !self.is_quick { 40 } else { 6 };
        self.after(1, slowest);
        self.act(&Command::Dispatch { lead: desk.unit, co_units: Vec::new() }, self.dispatcher)
    }

    fn ask_return(&mut self, asking: &Desk, suggested: &Desk) -> anyhow::Result<()> {
        let grounds = Some(("不属于本单位职责范围".to_owned(), "新虹街道承办事项清单".to_owned()));
        let command = Command::RequestReturn { suggested_unit: suggested.unit };
        self.say(&command, asking.leader, Words { grounds, ..Words::default() })
    }

    fn sign(&mut self) -> anyhow::Result<()> {
        let slowest = if self.is_call() && !self.is_quick { 100 } else { 12 };
        self.after(2, slowest);
        self.act(&Command::Sign, self.handler)
    }

    fn first_contact(&mut self, is_late: bool) -> anyhow::Result<()> {
        if is_late {
            self.now = self.history.case.row.contact_due_at.unwrap_or(self.now);
            return self.contact((20, 120), self.handler);
        }
        if self.dice().percent(10) {
            self.after(5, 40);
            let (method, outcome) = (ContactMethod::Phone, ContactOutcome::NoAnswer);
            self.act(&Command::RecordContact { method, outcome }, self.handler)?;
        }
        self.contact((5, 90), self.handler)
    }

    fn contact(&mut self, within: (u32, u32), by: AccountId) -> anyhow::Result<()> {
        self.after(within.0, within.1);
        let method = if self.dice().percent(85) { ContactMethod::Phone } else { ContactMethod::Visit };
        let command = Command::RecordContact { method, outcome: ContactOutcome::Reached };
        let note = self.dice().percent(40).then(|| (*self.dice().pick(&words::SPOKEN)).to_owned());
        self.say(&command, by, Words::of(NoteKind::Contact, note.as_ref()))
    }

    fn handle(&mut self, within: (u32, u32), by: AccountId) -> anyhow::Result<()> {
        self.after(within.0, within.1);
        let result = if !self.is_call() || self.dice().percent(80) {
            HandlingResult::Solved
        } else {
            *self.dice().pick(&[HandlingResult::PartlySolved, HandlingResult::Explained, HandlingResult::Planned])
        };
        let reply = if self.is_call() { *self.dice().pick(&words::REPLIES) } else { *self.dice().pick(&words::DONE) };
        // No photos of the past are kept.
        let command = Command::SubmitHandling { result, photos: Vec::new(), needs_photo: false };
        self.say(&command, by, Words::of(NoteKind::Reply, Some(&reply.to_owned())))
    }

    fn verify(&mut self, is_passed: bool) -> anyhow::Result<()> {
        let slowest = if self.is_quick { 30 } else { 120 };
        self.after(5, slowest);
        let by = if self.is_call() { self.dispatcher } else { *self.dice().pick(&self.teller.staff.inspectors) };
        let note = (!is_passed).then(|| "现场仍有残留，请重新处置。".to_owned());
        self.say(&Command::Verify { is_passed }, by, Words::of(NoteKind::Verification, note.as_ref()))
    }

    /// The reporter answers; what is bad is done again by the leader.
    fn answer(&mut self, answer: Answer) -> anyhow::Result<()> {
        let reporter = self.history.case.row.reporter_id.filter(|_| !answer.is_by_agent);
        match reporter {
            Some(_) => self.now += TimeDelta::minutes(i64::from(self.dice().minutes(60, 3_000))),
            None => self.after(30, 800),
        }
        let by = reporter.unwrap_or_else(|| *self.dice().pick(&self.teller.staff.callbacks));
        let comment = answer.is_bad().then(|| (*self.dice().pick(&words::UNHAPPY)).to_owned());
        let command = Command::Answer { answer, leader: Some(self.desk.leader) };
        self.say(&command, by, Words { comment, ..Words::default() })?;
        if self.history.case.row.closed_at.is_some() {
            return Ok(());
        }
        self.contact((10, 200), self.desk.leader)?;
        self.handle((60, 600), self.desk.leader)?;
        self.verify(true)
    }
}
