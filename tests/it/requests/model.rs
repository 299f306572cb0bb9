//! The product agrees with its pure workflow, whatever anybody does: random commands by random people over HTTP, each foretold
//! by policy and workflow in memory. What is refused, and how, must be as foretold; of what is done, the row and the orders.
//!
//! The model holds every case in memory and never reads one back: it only folds the facts that it foretold itself.

use std::collections::{BTreeMap, BTreeSet};

use ::requests::workflow::{Into, alarm, begin, decide};
use ::requests::{Action, Answer, Case as Known, Command, Fact, Refusal, Ties, Town as Rules};
use areas::Wgs84Point;
use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{
    Audience, ConflictKind, ContactMethod, ContactOutcome, HandlingResult, Lane, Priority, RejectReason, RequestKind,
    Solved, SupervisionLevel, SupervisionReason, SuspendReason, Visibility,
};
use entity::id::{AccountId, AssignmentId, AttachmentId, Id as _, ServiceRequestId, SessionId, UnitId};
use entity::{assignment, fact, service_request};
use kernel::actor::{Actor, Person as Somebody};
use kernel::error::Error;
use kernel::guarded::{Decision, Guarded as _};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::support::case::{answer, complaint, done, street_light, with};
use crate::support::{Case, Crew, Engine, Person, Town, tell};

mod moves;
use moves::{alike, code_of, fact_kind, verb_of};

/// Commands on each engine: 10,000 in all.
const STEPS: u32 = 5_000;
/// Cases that go on side by side.
const CASES: usize = 12;
/// Commands between two leaps of the clock, at which the system does what is due.
const LEAP: u32 = 100;

/// What is done about a case by one command. Following moves none, and a hand-over moves many: both have their own stories.
const WALKED: [Action; 36] = [
    Action::Supplement,
    Action::Withdraw,
    Action::Object,
    Action::Accept,
    Action::Reject,
    Action::File,
    Action::Dispatch,
    Action::Sign,
    Action::RecordContact,
    Action::SubmitHandling,
    Action::Verify,
    Action::Survey,
    Action::RecordCallback,
    Action::RequestReturn,
    Action::DecideReturn,
    Action::FastTrack,
    Action::RequestExtension,
    Action::DecideExtension,
    Action::RequestSuspension,
    Action::DecideSuspension,
    Action::Resume,
    Action::Urge,
    Action::AddInternalNote,
    Action::MessageReporter,
    Action::PublishUpdate,
    Action::AskReporter,
    Action::AnswerQuestion,
    Action::Supervise,
    Action::AnswerSupervision,
    Action::OpenConflictWarning,
    Action::Confer,
    Action::RecordMissedCallback,
    Action::Reopen,
    Action::TakeUp,
    Action::Merge,
    Action::ReviewContent,
];

/// What ends a case early or leaves it where it is.
const DULL: [Action; 14] = [
    Action::ReviewContent,
    Action::OpenConflictWarning,
    Action::AddInternalNote,
    Action::MessageReporter,
    Action::PublishUpdate,
    Action::Urge,
    Action::Supplement,
    Action::Withdraw,
    Action::RecordContact,
    Action::FastTrack,
    Action::Supervise,
    Action::Confer,
    Action::Merge,
    Action::RequestReturn,
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_random_commands_end_as_foretold_sqlite_embedded() {
    walk(Engine::Embedded, 1).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_random_commands_end_as_foretold_postgres_redis() {
    walk(Engine::Servers, 2).await;
}

async fn walk(engine: Engine, seed: u64) {
    // A few people do within hours what a street does in weeks.
    let town = Town::with(engine, |config| {
        config.limits.mutations_per_minute = 100_000;
        config.limits.account_per_minute = 100_000;
        config.limits.anonymous_per_minute = 100_000;
    })
    .await;
    tell(town, move |town| {
        Box::pin(async move {
            let mut walk = Walk::begin(town, seed).await;
            for step in 1..=STEPS {
                walk.step().await;
                if step.is_multiple_of(LEAP) {
                    walk.leap().await;
                }
            }
            walk.replays().await;
            walk.saw_enough();
        })
    })
    .await;
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % end
    }

    fn one_of<T: Clone>(&mut self, things: &[T]) -> T {
        things[self.below(things.len())].clone()
    }

    fn is_one_in(&mut self, end: usize) -> bool {
        self.below(end) == 0
    }
}

/// Whoever a case may meet, beside residents.
const STAFF: [&str; 12] = [
    "supervisor",
    "dispatcher",
    "chief",
    "inspector",
    "callback",
    "neighbourhood",
    "station",
    "lights.handler",
    "lights.leader",
    "property.handler",
    "property.leader",
    "sanitation.leader",
];

/// Somebody, as the product meets the person and as the rules know the person.
#[derive(Clone)]
struct Player {
    person: Person,
    actor: Actor,
    /// User name of staff.
    name: Option<&'static str>,
    /// Photos uploaded and not used.
    photos: Vec<String>,
}

/// A command as the product gets it and as the rules do.
struct Move {
    verb: &'static str,
    input: Value,
    command: Command,
}

/// What is foretold of a command.
enum Foretold {
    /// Done; these cases, by their places, are so from then on.
    Done(Vec<(usize, Known)>),
    /// Refused with a code.
    Refused(&'static str),
}

struct Walk<'t> {
    town: &'t Town,
    crew: Crew<'t>,
    rules: Rules,
    dice: Dice,
    players: Vec<Player>,
    units: BTreeMap<&'static str, (String, UnitId, AccountId)>,
    /// Every case there was, as foretold.
    cases: Vec<Known>,
    /// Global ids of the cases.
    ids: Vec<String>,
    /// The reporter of each case.
    reporters: Vec<usize>,
    /// The cases that go on.
    pool: Vec<usize>,
    done: BTreeMap<String, u32>,
    refused: BTreeMap<String, u32>,
}

impl<'t> Walk<'t> {
    async fn begin(town: &'t Town, seed: u64) -> Self {
        let crew = Crew::of(town);
        let mut units = BTreeMap::new();
        for short in ["lights", "property", "sanitation"] {
            let unit = crew.unit(short).await;
            let members = unit["members"].as_array().unwrap();
            let leader = members.iter().find(|member| member["duty"] == "LEADER").unwrap();
            let leader = AccountId::parse(leader["user"]["id"].as_str().unwrap()).unwrap();
            let id = unit["id"].as_str().unwrap().to_owned();
            units.insert(short, (id.clone(), UnitId::parse(&id).unwrap(), leader));
        }
        let rules = town.app().house.town();
        let (players, cases, ids, reporters, pool, done, refused) = Default::default();
        let dice = Dice(seed);
        let mut walk = Self { town, crew, rules, dice, players, units, cases, ids, reporters, pool, done, refused };
        for name in STAFF {
            let player = walk.player(town.staff(name).await, Some(name)).await;
            walk.players.push(player);
        }
        walk.players.push(Player { person: town.stranger(), actor: Actor::Anonymous, name: None, photos: vec![] });
        for _ in 0..CASES {
            walk.reports().await;
        }
        walk
    }

    async fn player(&self, person: Person, name: Option<&'static str>) -> Player {
        let account = AccountId::parse(&person.id().await.unwrap()).unwrap();
        let grants = identity::grants_of(self.town.database(), account, self.town.now()).await.unwrap();
        let actor = Actor::Person(Somebody { account, session: SessionId(Uuid::nil()), grants });
        Player { person, actor, name, photos: Vec::new() }
    }

    /// Somebody reports something; every third report is by somebody who reported before.
    async fn reports(&mut self) {
        self.town.later(TimeDelta::seconds(1));
        let known = self.pool.iter().map(|case| self.reporters[*case]).collect::<BTreeSet<_>>();
        let player = if !known.is_empty() && self.dice.is_one_in(3) {
            self.dice.one_of(&Vec::from_iter(known))
        } else {
            let player = self.player(self.town.resident().await, None).await;
            self.players.push(player);
            self.players.len() - 1
        };
        let mut input = self.dice.one_of(&[street_light(), complaint(), complaint()]);
        match self.dice.below(8) {
            0 => input = with(input, json!({ "isAnonymous": true })),
            1 => input = with(input, json!({ "isConfidential": true, "mayContact": false })),
            2 => input = with(input, json!({ "visibility": "PRIVATE" })),
            3 => input = with(input, json!({ "kind": "CONSULT" })),
            _ => {}
        }
        let answer = self.players[player].person.tries_to_report(&input).await;
        if answer.codes() == ["LIMIT_EXCEEDED"] {
            return;
        }
        let seen = Case::of(&answer);
        let id = ServiceRequestId::parse(&seen.id).unwrap();
        let first = fact::Entity::find().filter(fact::Column::SubjectId.eq(id.0)).one(self.town.database()).await;
        let first = first.unwrap().unwrap();
        let at = first.at;
        let Fact::Submitted(first) = Fact::read(&first.kind, first.data).unwrap() else {
            panic!("no submission first")
        };
        let mut row = begin(id, &first, at);
        // Words and the place are in no fact; the place is asked when cases are merged.
        (row.longitude, row.latitude) = (Some(121.32), Some(31.195));
        row.alarm_at = self.alarm_of(&row, at);
        let (assignments, unanswered, ties) = Default::default();
        let photos = i64::try_from(first.photos.len()).unwrap();
        self.cases.push(Known { row, assignments, photos, after_photos: 0, unanswered, into: None, ties });
        self.ids.push(seen.id);
        self.reporters.push(player);
        self.pool.push(self.cases.len() - 1);
        self.agrees(self.cases.len() - 1).await;
    }

    fn alarm_of(&self, row: &service_request::Model, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        alarm::next(row, &self.rules.timing_of(row, now).unwrap()).map(|(at, _)| at)
    }

    /// A random command, most often one that is offered to whoever gives it.
    async fn step(&mut self) {
        self.town.later(TimeDelta::seconds(1 + self.dice.below(8) as i64));
        let case = self.dice.one_of(&self.pool.clone());
        let is_wild = self.dice.is_one_in(4);
        let (player, action) = self.somebody(case, is_wild);
        let action = action.unwrap_or_else(|| self.dice.one_of(&WALKED));
        let made = self.make(action, case, player).await;
        let is_stale = self.dice.is_one_in(15);
        let foretold = self.foretell(case, player, &made, is_stale);
        let seen = Case {
            id: self.ids[case].clone(),
            no: String::new(),
            version: i64::from(self.cases[case].row.version) - i64::from(is_stale),
            state: String::new(),
            round: 0,
        };
        let answer = self.players[player].person.tries(made.verb, &seen, made.input.clone()).await;
        let who = self.players[player].name.unwrap_or("a resident");
        let context = || format!("{who}: {} in {:?} {answer:?}", made.verb, self.cases[case].row);
        match foretold {
            Foretold::Refused(code) => {
                assert_eq!(answer.codes(), [code], "{}", context());
                *self.refused.entry(format!("{} {code}", made.verb)).or_default() += 1;
            }
            Foretold::Done(after) => {
                assert!(answer.codes().is_empty(), "{}", context());
                *self.done.entry(made.verb.to_owned()).or_default() += 1;
                let used = made.input["attachmentIds"].as_array().cloned().unwrap_or_default();
                self.players[player].photos.retain(|photo| !used.iter().any(|used| used == photo));
                for (place, after) in after {
                    self.cases[place] = after;
                    self.agrees(place).await;
                }
            }
        }
        self.agrees(case).await;
        self.replaces(case).await;
    }

    /// What is over goes on for a while, then another case takes its place; now and then one is left lying, to the system.
    async fn replaces(&mut self, case: usize) {
        let chance = if ::requests::is_open(self.cases[case].row.state) { 100 } else { 8 };
        if self.dice.is_one_in(chance) {
            self.pool.retain(|other| *other != case);
        }
        while self.pool.len() < CASES {
            let before = self.pool.len();
            self.reports().await;
            if self.pool.len() == before {
                return;
            }
        }
    }

    /// Somebody, and what is offered to the person in a case; wild ones do anything.
    fn somebody(&mut self, case: usize, is_wild: bool) -> (usize, Option<Action>) {
        let staff = STAFF.len() + 1;
        let reporter = self.reporters[case];
        let other = self.reporters[self.dice.one_of(&self.pool.clone())];
        let people = Vec::from_iter((0..staff).chain([reporter, reporter, other]));
        let mut offers = Vec::new();
        for player in people.iter().copied().filter(|_| !is_wild) {
            let seen = self.seen_by(case, player);
            let actor = &self.players[player].actor;
            let actions = ::requests::viewer_actions(&self.rules, actor, &seen, self.town.now()).unwrap();
            offers.extend(actions.into_iter().map(|action| (action, player)));
        }
        // What ends a case early, or leaves it where it is, is done less often.
        let lots = WALKED.into_iter().filter(|action| offers.iter().any(|(offered, _)| offered == action));
        let lots = Vec::from_iter(lots.flat_map(|action| vec![action; if DULL.contains(&action) { 1 } else { 6 }]));
        if lots.is_empty() {
            return (self.dice.one_of(&people), None);
        }
        let action = self.dice.one_of(&lots);
        let takers = offers.into_iter().filter(|(offered, _)| *offered == action).map(|(_, player)| player);
        (self.dice.one_of(&Vec::from_iter(takers)), Some(action))
    }

    /// A case with what ties somebody to it.
    fn seen_by(&self, case: usize, player: usize) -> Known {
        let mut seen = self.cases[case].clone();
        let asker = self.players[player].actor.account();
        let is_merged_of_asker = |other: &&Known| {
            other.row.merged_into_id == Some(seen.row.id) && asker.is_some() && other.row.reporter_id == asker
        };
        let is_co_reporter = self.cases.iter().find(is_merged_of_asker).is_some();
        seen.ties = Ties { asker, is_co_reporter, ..Ties::default() };
        let target = seen.row.merged_into_id.and_then(|id| self.cases.iter().find(|other| other.row.id == id));
        seen.into = target.map(|target| Box::new(target.row.clone()));
        seen
    }

    /// What comes of a command, as policy and workflow have it.
    fn foretell(&self, case: usize, player: usize, made: &Move, is_stale: bool) -> Foretold {
        let actor = &self.players[player].actor;
        if *actor == Actor::Anonymous {
            return Foretold::Refused("UNAUTHENTICATED");
        }
        let seen = self.seen_by(case, player);
        match seen.decide(actor, made.command.action()) {
            Decision::Hide => return Foretold::Refused("NOT_FOUND"),
            Decision::Deny => return Foretold::Refused("FORBIDDEN"),
            Decision::Allow if is_stale => return Foretold::Refused("CONFLICT"),
            Decision::Allow => {}
        }
        let by = actor.account();
        match &made.command {
            Command::Merge(into) => self.foretell_merge(case, player, into.id),
            command => match self.next(&seen, command, by) {
                Err(refusal) => Foretold::Refused(code_of(refusal)),
                Ok((_, after)) => Foretold::Done(self.heard(case, after, command)),
            },
        }
    }

    /// A case after a command; `Err` where it is refused.
    fn next(&self, case: &Known, command: &Command, by: Option<AccountId>) -> Result<(Fact, Known), Refusal> {
        let now = self.town.now();
        let timing = self.rules.timing_for(&case.row, command, now);
        let fact = decide(case, command, by, &timing.unwrap())?;
        let mut after = case.after(&fact, now, || Ok(AssignmentId(Uuid::nil()))).unwrap();
        after.row.alarm_at = self.alarm_of(&after.row, now);
        Ok((fact, after))
    }

    /// An answer about a case that was merged is heard by the case it was merged into.
    fn heard(&self, case: usize, after: Known, command: &Command) -> Vec<(usize, Known)> {
        let mut all = vec![];
        if let (Command::Answer { answer, leader }, Some(into)) = (command, after.row.merged_into_id) {
            let place = self.cases.iter().position(|other| other.row.id == into).unwrap();
            let hear = Command::Hear { is_bad: answer.is_bad(), leader: *leader };
            let (_, heard) = self.next(&self.cases[place], &hear, None).expect("an answer is heard");
            all.push((place, heard));
        }
        all.push((case, after));
        all
    }

    fn foretell_merge(&self, case: usize, player: usize, into: ServiceRequestId) -> Foretold {
        let actor = &self.players[player].actor;
        let place = self.cases.iter().position(|other| other.row.id == into).unwrap();
        let (from, target) = (self.seen_by(case, player), self.seen_by(place, player));
        match target.decide(actor, Action::Merge) {
            Decision::Hide => return Foretold::Refused("NOT_FOUND"),
            Decision::Deny => return Foretold::Refused("FORBIDDEN"),
            Decision::Allow => {}
        }
        let command = Command::Merge(alike(&from.row, &target.row));
        let merged = match self.next(&from, &command, actor.account()) {
            Err(refusal) => return Foretold::Refused(code_of(refusal)),
            Ok((_, merged)) => merged,
        };
        let (promised_at, is_askable) = (from.row.promised_at, !from.row.is_anonymous);
        let conflict = ::requests::Conflict::of(&from.row);
        let absorb = Command::Absorb { from: from.row.id, promised_at, is_askable, conflict };
        let (_, mut target) = self.next(&target, &absorb, actor.account()).expect("a target takes it in");
        if ::requests::is_open(target.row.state) {
            let people = 1 + i64::from(target.row.merged_count);
            let at_least = from.row.priority;
            let priority = self.rules.raised_by(people, self.town.now()).unwrap_or(at_least).max(at_least);
            if priority > target.row.priority {
                target = self.next(&target, &Command::Raise { priority }, None).expect("it is raised").1;
            }
        }
        Foretold::Done(vec![(case, merged), (place, target)])
    }

    /// Lets days pass, and the system do what is due about cases.
    async fn leap(&mut self) {
        // Passwords lose their force after ninety days; the walk takes no turn for changing them.
        self.town.tampers("UPDATE staff_credential SET changed_at = (SELECT max(created_at) FROM session)").await;
        let hours = self.dice.one_of(&[2, 5, 9, 24, 49, 100]);
        self.town.later(TimeDelta::hours(hours));
        self.town.wakes().await;
        for case in 0..self.cases.len() {
            let now = self.town.now();
            loop {
                let known = &self.cases[case];
                let next = alarm::next(&known.row, &self.rules.timing_of(&known.row, now).unwrap());
                let Some((_, command)) = next.filter(|(at, _)| *at <= now) else { break };
                let (fact, after) = self.next(known, &command, None).expect("what is due can be done");
                *self.done.entry(fact_kind(&fact)).or_default() += 1;
                self.cases[case] = after;
            }
            self.agrees(case).await;
        }
        let reporters = BTreeSet::from_iter(self.pool.iter().map(|case| self.reporters[*case]));
        for (number, player) in self.players.iter_mut().enumerate() {
            // What nobody used within a day is gone.
            player.photos.clear();
            match player.name {
                Some(name) => player.person = self.town.staff(name).await,
                None if reporters.contains(&number) => {
                    player.person.token = None;
                    let phone = player.person.phone();
                    player.person.signs_in_with_code(self.town, &phone).await;
                }
                None => {}
            }
        }
        self.crew = Crew::of(self.town);
    }

    /// The case in the database is the one foretold: the row, words aside, and its orders, but for their ids.
    async fn agrees(&self, case: usize) {
        let known = &self.cases[case];
        let db = self.town.database();
        let row = service_request::Entity::find_by_id(known.row.id).one(db).await.unwrap().unwrap();
        let wordless = service_request::Model {
            description: String::new(),
            address: None,
            reply: None,
            on_behalf_name_sealed: None,
            contact_phone_sealed: None,
            contact_phone_index: None,
            owed_sealed: None,
            ..row
        };
        assert_eq!(known.row, wordless);
        let orders = assignment::Entity::find()
            .filter(assignment::Column::RequestId.eq(known.row.id))
            .order_by_asc(assignment::Column::Id)
            .all(db)
            .await
            .unwrap();
        let nameless = |orders: &[assignment::Model]| {
            let id = AssignmentId(Uuid::nil());
            let mut orders = Vec::from_iter(orders.iter().map(|order| assignment::Model { id, ..order.clone() }));
            orders.sort_by_key(|order| (order.dispatched_at, order.unit_id, order.is_lead));
            orders
        };
        assert_eq!(nameless(&known.assignments), nameless(&orders));
    }

    /// What was written down of each case tells it as it stands.
    async fn replays(&self) {
        for case in &self.cases {
            super::facts::replays(self.town, &case.row.case_no).await;
        }
    }

    fn saw_enough(&self) {
        let verbs = BTreeSet::from_iter(self.done.keys().map(String::as_str));
        println!("{} cases\ndone {:#?}\nrefused {:#?}", self.cases.len(), self.done, self.refused);
        for action in WALKED {
            assert!(verbs.contains(verb_of(action)), "nobody ever did {action:?}");
        }
        let codes = BTreeSet::from_iter(self.refused.keys().filter_map(|key| key.split(' ').nth(1)));
        let must = [
            "CONFLICT",
            "FORBIDDEN",
            "NOT_FOUND",
            "UNAUTHENTICATED",
            "INVALID_TRANSITION",
            "LIMIT_EXCEEDED",
            "INVALID",
        ];
        assert!(must.iter().all(|code| codes.contains(code)), "{codes:?}");
    }
}
