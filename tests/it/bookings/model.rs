//! The house keeps its promises, whatever anybody does (peers §9): random histories of residents, a member of the centre's staff and
//! the clock, over a hall with its halves and a room by approval. What each answer says is foretold by [`rules`], a small model that
//! knows nothing of the crates; after every step the tables are held against it, and against what must hold whatever the model says.
//!
//! Some histories with each run of the tests. `ZHILITONG_TEST_ROUNDS=200 tests/run bookings::model` tells as many as somebody wants,
//! and `ZHILITONG_TEST_SEED=17` begins with another one. Who fails says which one it was, and what happened in it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::{BookingState as S, CreditKind, Role};
use entity::id::{BookingId, Id as _, VenueId};
use entity::{booking, commitment, credit_entry, fact, occupancy};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::places::{CLOSURE, center, hours, venue};
use super::{BOOKING, refusal};
use crate::support::case::{new_key, with};
use crate::support::town::BIRTH;
use crate::support::{Answer, Engine, Person, Town, tell};

mod rules;
use rules::{
    Booking, House, No, ROOMS, To, Verb, Wanted, Who, begins, day, is_live, is_there, keeps, on, quarter, wire,
};

/// So many come everywhere.
const MANY: u32 = 20;
/// Steps of a history.
const STEPS: u32 = 100;
/// People who book, besides the one of the staff.
const RESIDENTS: usize = 6;
/// Nobody walks further: weeks without a holiday.
const WALKED: TimeDelta = TimeDelta::days(24);
/// What ends a booking early.
const ENDS: [Verb; 4] = [Verb::Cancel, Verb::Reject, Verb::CallOff, Verb::End];
/// What can be done nearly always, and is done now and then.
const DULL: [Verb; 7] =
    [Verb::Cancel, Verb::Reject, Verb::CallOff, Verb::End, Verb::Reschedule, Verb::Move, Verb::RecordDamage];
/// What a booking shows to whoever may see it.
const SEEN: &str = "id version state startsAt endsAt offerExpiresAt isLateCancel viewerActions";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_histories_go_as_foretold_sqlite_embedded() {
    histories(Engine::Embedded, 1, 3).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn random_histories_go_as_foretold_postgres_redis() {
    histories(Engine::Servers, 1_001, 2).await;
}

/// Some histories, as many as usual unless somebody wants others.
async fn histories(engine: Engine, first: u64, usual: u64) {
    let wanted = |name: &str| std::env::var(name).ok().map(|text| text.parse::<u64>().expect("a number"));
    let (rounds, first) = (wanted("ZHILITONG_TEST_ROUNDS"), wanted("ZHILITONG_TEST_SEED").unwrap_or(first));
    let seen = Arc::new(Mutex::new(Seen::default()));
    for seed in first..first + rounds.unwrap_or(usual) {
        // A few people do within hours what a street does in weeks.
        let town = Town::with(engine, |config| {
            config.limits.mutations_per_minute = 100_000;
            config.limits.account_per_minute = 100_000;
            config.limits.anonymous_per_minute = 100_000;
        })
        .await;
        let seen = Arc::clone(&seen);
        tell(town, move |town| {
            Box::pin(async move {
                let one = history(town, seed).await;
                seen.lock().unwrap().add(one);
            })
        })
        .await;
    }
    let seen = seen.lock().unwrap();
    println!("{engine:?}: {seen:?}");
    if rounds.is_none_or(|rounds| rounds >= MANY.into()) {
        seen.was_enough();
    }
}

async fn history(town: &Town, seed: u64) -> Seen {
    let mut walk = Walk::begin(town, seed).await;
    for _ in 0..STEPS {
        walk.step().await;
        walk.agrees().await;
    }
    walk.ends().await;
    std::mem::take(&mut walk.seen)
}

/// What happened in some histories: how often.
#[derive(Debug, Default)]
struct Seen {
    done: BTreeMap<String, u32>,
    refused: BTreeMap<String, u32>,
    /// States that bookings came to.
    states: BTreeMap<&'static str, u32>,
    steps: u32,
}

impl Seen {
    fn add(&mut self, other: Self) {
        self.steps += other.steps;
        other.done.into_iter().for_each(|(verb, count)| *self.done.entry(verb).or_default() += count);
        other.refused.into_iter().for_each(|(verb, count)| *self.refused.entry(verb).or_default() += count);
        other.states.into_iter().for_each(|(state, count)| *self.states.entry(state).or_default() += count);
    }

    /// A walk that never comes to a corner tells nothing about it: a few histories come along the main roads, many everywhere.
    fn was_enough(&self) {
        let is_many = self.steps >= MANY * STEPS;
        let roads =
            ["bookVenue", "acceptBookingOffer", "cancelBooking", "approveBooking", "checkInBooking", "closeCenter"];
        let verbs = Verb::ALL.into_iter().filter(|_| is_many).map(|verb| verb.names().1);
        for verb in verbs.chain(roads) {
            assert!(self.done.contains_key(verb), "nobody ever did {verb}");
        }
        let told: BTreeSet<&str> = self.refused.keys().filter_map(|told| told.split(' ').nth(1)).collect();
        let codes = [
            "INVALID",
            "SLOT_TAKEN",
            "SLOT_CLOSED",
            "LIMIT_EXCEEDED",
            "INVALID_TRANSITION",
            "FORBIDDEN",
            "NOT_FOUND",
            "CONFLICT",
            "DEADLINE_PASSED",
            "NOT_IN_WINDOW",
            "TIME_CONFLICT",
            "SAME_PERSON",
            "CODE_INCORRECT",
        ];
        for code in codes.into_iter().take(if is_many { codes.len() } else { 7 }) {
            assert!(told.contains(code), "nobody was ever told {code}");
        }
        assert!(!is_many || self.states.len() == 11, "some state was never seen: {:?}", self.states);
    }
}

/// Numbers that look random and are the same in every run.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, end: usize) -> usize {
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

/// What happened, told when it ends badly.
struct Log(u64, Vec<String>);

impl Drop for Log {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("ZHILITONG_TEST_SEED={} ZHILITONG_TEST_ROUNDS=1:\n{}", self.0, self.1.join("\n"));
        }
    }
}

/// Somebody, and when the access token was given.
struct Player {
    person: Person,
    at: DateTime<Utc>,
}

struct Walk<'t> {
    town: &'t Town,
    dice: Dice,
    log: Log,
    /// Residents, and last the one of the staff.
    players: Vec<Player>,
    house: House,
    center: String,
    /// Global ids of rooms, bookings and closures, as the model counts them.
    rooms: Vec<String>,
    ids: Vec<String>,
    closures: Vec<String>,
    /// Versions and states when it was looked last.
    before: BTreeMap<usize, (i32, S)>,
    seen: Seen,
}

/// A call that can be made again.
struct Call {
    player: usize,
    verb: &'static str,
    input: Value,
    shown: &'static str,
}

impl<'t> Walk<'t> {
    async fn begin(town: &'t Town, seed: u64) -> Self {
        let mut players = Vec::new();
        for _ in 0..RESIDENTS {
            players.push(town.resident().await);
        }
        // Who works there may book as everybody does.
        players.push(town.official(Role::CenterStaff, "310112008001").await);
        let staff = &players[RESIDENTS];
        let shown = "center { id } userErrors { code field }";
        let made = town.staff("admin").await.does("saveCenter", &center("XH-08"), shown).await;
        let house = made.is_done().text("/saveCenter/center/id");
        let duty = staff.id().await.unwrap();
        let mut rooms: Vec<String> = Vec::new();
        for room in ROOMS {
            let of_it = json!({
                "kind": room.kind, "capacity": room.capacity, "withinId": room.within.map(|within| rooms[within].clone()),
                "approval": if room.is_decided { "MANUAL" } else { "AUTO" },
                "bufferBeforeMinutes": room.buffers.0 * 15, "bufferAfterMinutes": room.buffers.1 * 15,
            });
            let saved = staff.saves_venue(&with(venue(&house, room.name), of_it)).await;
            let id = saved.is_done().text("/saveVenue/venue/id");
            let golden = with(hours("WORKING", "18:00", "20:00", "EVENING"), json!({ "dutyUserId": duty }));
            staff.saves_hours(&id, 1, json!([hours("WORKING", "09:00", "17:00", "DAY"), golden])).await.is_done();
            rooms.push(id);
        }
        let players = players.into_iter().map(|person| Player { person, at: town.now() }).collect();
        let (house, center, ids, closures) = (House::default(), house, Vec::new(), Vec::new());
        let (dice, log) = (Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)), Log(seed, Vec::new()));
        Self {
            town,
            dice,
            log,
            players,
            house,
            center,
            rooms,
            ids,
            closures,
            before: BTreeMap::new(),
            seen: Seen::default(),
        }
    }

    /// One thing happens.
    async fn step(&mut self) {
        self.seen.steps += 1;
        match self.dice.below(100) {
            0..40 => self.books().await,
            40..77 if !self.ids.is_empty() => self.acts().await,
            77..80 => self.closes().await,
            80..83 if !self.closures.is_empty() => self.reopens().await,
            _ => {
                let by = self.while_passing();
                self.passes(by).await;
            }
        }
    }

    fn who(&self, player: usize) -> Who {
        Who { player, is_staff: player == RESIDENTS }
    }

    /// Somebody whose access token holds.
    async fn person(&mut self, player: usize) -> Person {
        let now = self.town.now();
        let is_idle_for = now - self.players[player].at;
        if is_idle_for > TimeDelta::minutes(14) {
            let mut person = self.players[player].person.clone();
            // Who was away for days signs in anew.
            if is_idle_for > TimeDelta::days(5) {
                person.token = None;
                let phone = person.phone();
                person.signs_in_with_code(self.town, &phone).await;
            } else {
                person.refreshes().await;
            }
            self.players[player] = Player { person, at: now };
        }
        self.players[player].person.clone()
    }

    /// Makes a call that was foretold; now and then twice, which does nothing more. Gives back the answer if it was done.
    async fn call<T: Copy>(&mut self, call: Call, foretold: Result<T, No>) -> Option<(Answer, T)> {
        let person = self.person(call.player).await;
        let answer = person.does(call.verb, &call.input, call.shown).await;
        let codes: BTreeSet<String> = answer.codes().into_iter().collect();
        self.log.1.push(format!("{} {}: {} {} -> {codes:?}", self.town.now(), call.player, call.verb, call.input));
        match foretold {
            Ok(value) => {
                assert!(codes.is_empty(), "foretold was no refusal: {answer:?}");
                *self.seen.done.entry(call.verb.to_owned()).or_default() += 1;
                if self.dice.is_one_in(8) {
                    let again = person.does(call.verb, &call.input, call.shown).await;
                    assert_eq!(again.get(&format!("/{}/isReplay", call.verb)), true);
                }
                Some((answer, value))
            }
            Err(No(code, from)) => {
                assert_eq!(codes, BTreeSet::from([code.to_owned()]), "{answer:?}");
                if let Some(from) = from {
                    let told = refusal(&answer)["resetAt"].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
                    assert_eq!(told, Some(from), "{answer:?}");
                }
                *self.seen.refused.entry(format!("{} {code}", call.verb)).or_default() += 1;
                None
            }
        }
    }

    /// Somebody books, most often what others want too.
    async fn books(&mut self) {
        let (player, wanted) = (self.dice.below(RESIDENTS + 2).min(RESIDENTS), self.wish());
        let input = json!({
            "venueId": self.rooms[wanted.room], "startsAt": wanted.from, "endsAt": wanted.to, "partySize": wanted.people,
            "purpose": "排练", "groupName": wanted.is_group.then_some("合唱队"), "joinWaitlist": wanted.waits,
            "idempotencyKey": new_key(),
        });
        let foretold = self.house.book(player, &wanted, self.town.now());
        let call = Call { player, verb: "bookVenue", input, shown: BOOKING };
        let Some((answer, place)) = self.call(call, foretold).await else { return };
        let shown = answer.get("/bookVenue/booking").clone();
        self.ids.push(shown["id"].as_str().unwrap().to_owned());
        self.house.bookings[place].id = BookingId::parse(&self.ids[place]).unwrap().0;
        self.shows(place, self.who(player), &shown);
        // Who comes next, comes later.
        self.passes(TimeDelta::seconds(1)).await;
    }

    fn wish(&mut self) -> Wanted {
        let room = self.dice.below(ROOMS.len());
        let is_group = self.dice.is_one_in(4);
        let now = self.town.now();
        let is_ahead = |booking: &&Booking| is_live(booking.state) && begins(booking.from) > now;
        let live: Vec<&Booking> = self.house.bookings.iter().filter(is_ahead).collect();
        let from = if live.is_empty() || self.dice.is_one_in(5) {
            // One of the next days that are worked on; now and then a day too far, or one that is over.
            let today = day(quarter(now)).0;
            let days: Vec<i64> = (today..today + 6).filter(|day| rules::is_working(*day)).take(2).collect();
            let date = match self.dice.below(16) {
                0 => today + 7,
                1 => today + 8,
                2 => today - 1,
                _ => self.dice.one_of(&days),
            };
            let from = on(date, 36 + 2 * i64::try_from(self.dice.below(16)).unwrap());
            if begins(from) > now || self.dice.is_one_in(4) { from } else { on(days[1], 40) }
        } else {
            let other = live[self.dice.below(live.len())].from;
            other + self.dice.one_of(&[-4, -2, 0, 0, 0, 2, 4])
        };
        let from = if self.dice.is_one_in(50) { from + 1 } else { from };
        let length = match self.dice.below(40) {
            0 => self.dice.one_of(&[1, 9, 12, 17]),
            1..10 if is_group => self.dice.one_of(&[12, 16]),
            _ => self.dice.one_of(&[2, 4, 4, 6, 8]),
        };
        let off = TimeDelta::minutes(if self.dice.is_one_in(60) { 5 } else { 0 });
        let people = match self.dice.below(60) {
            0 => 0,
            1 => 41,
            2 => 2_001,
            _ => 6,
        };
        let (from, to) = (begins(from) + off, begins(from + length));
        Wanted { room, from, to, people, is_group, waits: !self.dice.is_one_in(3) }
    }

    /// Somebody does something about a booking, most often what is offered; where only an early end is, most often nobody does.
    async fn acts(&mut self) {
        let now = self.town.now();
        let offers = self.offers();
        let (player, place, verb) = if let Some(wish) = self.wish_of_who_waits().filter(|_| self.dice.is_one_in(3)) {
            wish
        } else if self.dice.is_one_in(5) || offers.is_empty() {
            // Of the own ones of who works there, those that are not over.
            let is_own = |booking: &Booking| booking.owner == RESIDENTS && is_live(booking.state);
            let own = self.house.bookings.iter().position(is_own).filter(|_| self.dice.is_one_in(2));
            let place = own.unwrap_or_else(|| self.dice.below(self.ids.len()));
            let owner = self.house.bookings[place].owner;
            let players = [owner, RESIDENTS, self.dice.below(RESIDENTS + 1)];
            (self.dice.one_of(&players), place, self.dice.one_of(&Verb::ALL))
        } else if offers.iter().all(|(.., verb)| DULL.contains(verb)) && !self.dice.is_one_in(3) {
            let by = self.while_passing();
            return self.passes(by).await;
        } else {
            let verbs = Verb::ALL.into_iter().filter(|verb| offers.iter().any(|(.., offered)| offered == verb));
            let lots = verbs.flat_map(|verb| vec![verb; if DULL.contains(&verb) { 1 } else { 4 }]);
            let verb = self.dice.one_of(&lots.collect::<Vec<_>>());
            let takers: Vec<_> = offers.into_iter().filter(|(.., offered)| *offered == verb).collect();
            self.dice.one_of(&takers)
        };
        let version = self.house.bookings[place].version;
        let expected = match self.dice.below(15) {
            0 => Some(version - 1),
            1..5 if verb.is_bookers() => None,
            _ => Some(version),
        };
        let to = self.elsewhere(place);
        let is_wrong = verb == Verb::CheckInByCode && self.dice.is_one_in(6);
        let more = match verb {
            Verb::Reject => json!({ "reason": "PARTY_SIZE" }),
            Verb::CallOff => json!({ "reason": "WEATHER" }),
            Verb::RecordDamage => json!({ "note": "镜子碎了" }),
            Verb::CheckInByCode => {
                json!({ "code": if is_wrong { "XH-1234".to_owned() } else { self.at_the_door().await } })
            }
            _ if verb.shifts() => json!({ "venueId": self.rooms[to.room], "startsAt": to.from, "endsAt": to.to }),
            _ => json!({}),
        };
        let input = json!({ "id": self.ids[place], "expectedVersion": expected, "idempotencyKey": new_key() });
        let who = self.who(player);
        let foretold = if verb.shifts() {
            self.house.shifts(who, (place, verb), &to, expected, now)
        } else if is_wrong {
            self.house.clone().does(who, place, verb, expected, now).and(Err(No("CODE_INCORRECT", None)))
        } else {
            self.house.does(who, place, verb, expected, now)
        };
        let call = Call { player, verb: verb.names().1, input: with(input, more), shown: BOOKING };
        if let Some((answer, ())) = self.call(call, foretold).await {
            self.shows(place, self.who(player), answer.get(&format!("/{}/booking", verb.names().1)));
        }
    }

    /// What the screen at the door shows.
    async fn at_the_door(&mut self) -> String {
        let centers =
            self.person(RESIDENTS).await.asks("{ centers { code doorCode { code } } }").await.list("/centers");
        let center = centers.iter().find(|row| row["code"] == "XH-08").expect("the house");
        center["doorCode"]["code"].as_str().expect("a code").to_owned()
    }

    /// Where a booking might be had instead: a little later or earlier, next day, next door, for longer; now and then nowhere.
    fn elsewhere(&mut self, place: usize) -> To {
        let booking = &self.house.bookings[place];
        let (own, length) = (booking.room, booking.to - booking.from);
        let from = booking.from + self.dice.one_of(&[-96, -4, -2, 0, 0, 2, 4, 96, 7 * 96]);
        let room = if self.dice.is_one_in(2) { own } else { self.dice.below(ROOMS.len()) };
        let length = if self.dice.is_one_in(3) { self.dice.one_of(&[-2, 1, 2, 4, 8, 12]) } else { length };
        let off = TimeDelta::minutes(if self.dice.is_one_in(40) { 5 } else { 0 });
        To { room, from: begins(from) + off, to: begins(from + length) }
    }

    /// One who has what another waits for gives it up, or the centre takes it back.
    fn wish_of_who_waits(&mut self) -> Option<(usize, usize, Verb)> {
        let waits: Vec<&Booking> =
            self.house.bookings.iter().filter(|booking| booking.state == S::Waitlisted).collect();
        let has: Vec<usize> = waits
            .iter()
            .flat_map(|waits| waits.pieces().filter_map(|piece| self.house.pieces.get(&piece).copied()))
            .collect();
        let offers: Vec<_> =
            self.offers().into_iter().filter(|(_, place, verb)| has.contains(place) && ENDS.contains(verb)).collect();
        (!offers.is_empty()).then(|| self.dice.one_of(&offers))
    }

    /// What is offered to whom about which booking.
    fn offers(&self) -> Vec<(usize, usize, Verb)> {
        let now = self.town.now();
        let live = (0..self.ids.len()).filter(|place| is_live(self.house.bookings[*place].state));
        let people = live.flat_map(|place| [(self.house.bookings[place].owner, place), (RESIDENTS, place)]);
        let offers = people.flat_map(|(player, place)| {
            let actions = self.house.actions(self.who(player), place, now);
            actions.into_iter().map(move |verb| (player, place, verb))
        });
        offers.collect()
    }

    /// The house, or a room of it, is closed for a while around what somebody has or waits for.
    async fn closes(&mut self) {
        let player = if self.dice.is_one_in(6) { 0 } else { RESIDENTS };
        let room = self.dice.one_of(&[None, Some(0), Some(1), Some(2), Some(3)]);
        let now = self.town.now();
        let live = self.house.bookings.iter().filter(|booking| is_live(booking.state)).map(|booking| booking.from);
        let around = self.dice.one_of(&live.chain([quarter(now)]).collect::<Vec<_>>());
        let from = around + self.dice.one_of(&[-4, -2, 0, 1, 3]);
        let length = self.dice.one_of(&[-1, 1, 2, 4, 8]);
        let (from, to) = (begins(from), begins(from + length));
        let input = json!({
            "centerId": self.center, "venueId": room.map(|room| self.rooms[room].clone()), "startsAt": from, "endsAt": to,
            "reason": "UTILITIES", "idempotencyKey": new_key(),
        });
        let foretold = self.house.closes(self.who(player), room, (from, to), now);
        let call = Call { player, verb: "closeCenter", input, shown: CLOSURE };
        if let Some((answer, _)) = self.call(call, foretold).await {
            self.closures.push(answer.text("/closeCenter/closure/id"));
        }
    }

    async fn reopens(&mut self) {
        let player = if self.dice.is_one_in(6) { 0 } else { RESIDENTS };
        let place = self.dice.below(self.closures.len());
        let expected = self.house.closures[place].version - i32::from(self.dice.is_one_in(6));
        let input = json!({ "id": self.closures[place], "expectedVersion": expected, "idempotencyKey": new_key() });
        let foretold = self.house.reopens(self.who(player), place, expected);
        self.call(Call { player, verb: "reopenCenter", input, shown: CLOSURE }, foretold).await;
    }

    /// How long nothing is done: some time; or until an instant at which something turns, or the second after.
    fn while_passing(&mut self) -> TimeDelta {
        let now = self.town.now();
        let mut turns: Vec<DateTime<Utc>> = Vec::new();
        for booking in self.house.bookings.iter().filter(|booking| is_live(booking.state)) {
            let (starts, ends) = (begins(booking.from), begins(booking.to));
            let quarter = TimeDelta::minutes(15);
            turns.extend([starts - quarter, starts, starts + quarter, ends, starts - TimeDelta::hours(2)]);
            turns.extend(booking.due);
        }
        turns.retain(|at| *at > now);
        // What comes next is what most often matters.
        turns.sort_unstable();
        turns.dedup();
        turns.truncate(3);
        let minutes = [1, 10, 16, 29, 31, 60, 125, 240, 600, 1_440, 2_881];
        match self.dice.below(12) {
            0 if now - BIRTH < WALKED => TimeDelta::minutes(self.dice.one_of(&minutes)),
            number if !turns.is_empty() && number < 8 => {
                self.dice.one_of(&turns) - now + TimeDelta::seconds(i64::from(number < 4))
            }
            _ => TimeDelta::minutes(self.dice.one_of(&minutes[..5])),
        }
    }

    /// Time passes, and what is due is done.
    async fn passes(&mut self, by: TimeDelta) {
        self.town.later(by);
        let now = self.town.now();
        self.log.1.push(format!("{now} it is"));
        self.town.strikes().await;
        self.house.strikes(now);
        let over =
            |booking: &&Booking| matches!(booking.state, S::Waitlisted | S::Offered) && begins(booking.from) < now;
        assert_eq!(self.house.bookings.iter().find(over), None, "nobody waits for what has begun");
    }

    /// What somebody is shown of a booking is what the model has.
    fn shows(&self, place: usize, who: Who, seen: &Value) {
        let (booking, now) = (&self.house.bookings[place], self.town.now());
        let instant = |name: &str| seen[name].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
        let actions: Vec<&str> = self.house.actions(who, place, now).into_iter().map(|verb| verb.names().0).collect();
        assert_eq!(seen["id"], self.ids[place]);
        assert_eq!(seen["state"], wire(booking.state), "{booking:?}");
        assert_eq!(seen["version"], booking.version, "{booking:?}");
        assert_eq!(seen["isLateCancel"], booking.is_late, "{booking:?}");
        let offered: Vec<&str> = seen["viewerActions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        assert_eq!(offered, actions, "{who:?} {booking:?}");
        assert_eq!((instant("startsAt"), instant("endsAt")), (Some(begins(booking.from)), Some(begins(booking.to))));
        assert_eq!(instant("offerExpiresAt"), booking.due.filter(|_| booking.state == S::Offered), "{booking:?}");
    }

    /// The tables are as the model has it; and what moved is shown so to who booked, and to the staff.
    async fn agrees(&mut self) {
        let (rows, facts) = self.rows().await;
        self.keeps_its_pieces().await;
        self.keeps_its_ledger().await;
        nobody_shares(&rows, &self.rooms);
        self.is_along_the_diagram(&facts);
        let now: BTreeMap<usize, (i32, S)> =
            self.house.bookings.iter().map(|booking| (booking.version, booking.state)).enumerate().collect();
        let moved: Vec<usize> = now.keys().copied().filter(|place| now.get(place) != self.before.get(place)).collect();
        self.before = now;
        for place in moved {
            let booking = &self.house.bookings[place];
            *self.seen.states.entry(wire(booking.state)).or_default() += 1;
            let owner = booking.owner;
            let player = if self.dice.is_one_in(2) { owner } else { RESIDENTS };
            self.looks(player, place).await;
        }
        if self.dice.is_one_in(6) {
            self.sees_what_is_free().await;
        }
    }

    async fn looks(&mut self, player: usize, place: usize) {
        let text = format!("query($id: ID!) {{ node(id: $id) {{ ... on Booking {{ {SEEN} }} }} }}");
        let seen = self.person(player).await.says(&text, &json!({ "id": self.ids[place] })).await.get("/node").clone();
        self.shows(place, self.who(player), &seen);
        let stranger = (player + 1) % RESIDENTS;
        if stranger != self.house.bookings[place].owner && self.dice.is_one_in(8) {
            let hidden = self.person(stranger).await.says(&text, &json!({ "id": self.ids[place] })).await;
            assert_eq!(hidden.get("/node"), &Value::Null);
        }
    }

    /// The slots of a room, on a day on which somebody has something.
    async fn sees_what_is_free(&mut self) {
        let now = self.town.now();
        let days = self.house.bookings.iter().map(|booking| day(booking.from).0);
        let days: Vec<i64> = days.chain([day(quarter(now)).0]).collect();
        let (date, room) = (self.dice.one_of(&days), self.dice.below(ROOMS.len()));
        let (length, is_group) = (self.dice.one_of(&[2, 4, 8, 12]), self.dice.is_one_in(2));
        let text = "query($id: ID!, $from: NaiveDate!, $minutes: Int!, $isGroup: Boolean!) { node(id: $id) { ... on Venue { \
                    slots(from: $from, minutes: $minutes, isGroup: $isGroup) { startsAt state } } } }";
        let from = (begins(on(date, 0)) + TimeDelta::hours(8)).date_naive();
        let input = json!({ "id": self.rooms[room], "from": from, "minutes": length * 15, "isGroup": is_group });
        let seen = self.town.stranger().says(text, &input).await.list("/node/slots");
        let seen = seen.iter().map(|slot| {
            let starts: DateTime<Utc> = slot["startsAt"].as_str().unwrap().parse().unwrap();
            (quarter(starts), slot["state"].as_str().unwrap().to_owned())
        });
        let foretold = self.house.slots(room, date, length, is_group, now);
        let foretold: Vec<_> = foretold.into_iter().map(|(start, state)| (start, state.to_owned())).collect();
        assert_eq!(seen.collect::<Vec<_>>(), foretold, "slots of {length} of room {room} on {from}");
    }

    /// Bookings as they are stored, which must be as the model has them; and what happened to them.
    async fn rows(&self) -> (Vec<booking::Model>, Vec<fact::Model>) {
        let db = self.town.database();
        let rows = booking::Entity::find().all(db).await.unwrap();
        assert_eq!(rows.len(), self.ids.len());
        for row in &rows {
            let known =
                self.house.bookings.iter().find(|booking| booking.id == row.id.0).expect("a booking that was made");
            let stored = (row.state, row.version, row.due_at, row.is_late, row.created_at);
            assert_eq!(stored, (known.state, known.version, known.due, known.is_late, known.created), "{row:?}");
            assert_eq!((row.is_moved, row.is_damaged), (known.is_moved, known.is_damaged), "{row:?}");
            assert_eq!(row.venue_id.text(), self.rooms[known.room], "{row:?}");
            assert_eq!((row.begins_at, row.ends_at), (begins(known.from), begins(known.to)), "{row:?}");
            assert_eq!(row.ended_at.is_none(), is_live(row.state), "{row:?}");
        }
        let facts = fact::Entity::find().filter(fact::Column::SubjectKind.eq("booking"));
        let facts = facts.order_by_asc(fact::Column::SubjectId).order_by_asc(fact::Column::Version).all(db).await;
        (rows, facts.unwrap())
    }

    /// What is kept of the house, and where people are, is what bookings need: none is missing, none is kept for nobody. What is
    /// over for two days is forgotten at some time.
    async fn keeps_its_pieces(&self) {
        let db = self.town.database();
        let forgotten = quarter(self.town.now() - TimeDelta::days(2));
        let holder = |place: &usize| self.house.bookings[*place].id;
        let leaf = |leaf: usize| VenueId::parse(&self.rooms[leaf]).unwrap().0;
        let pieces = occupancy::Entity::find().all(db).await.unwrap();
        let pieces = pieces.into_iter().map(|row| ((row.leaf, i64::from(row.granule)), row.holder));
        let pieces: BTreeMap<(Uuid, i64), Uuid> = pieces.filter(|((_, at), _)| *at >= forgotten).collect();
        let wanted = self.house.pieces.iter().map(|((place, at), booking)| ((leaf(*place), *at), holder(booking)));
        assert_eq!(pieces, wanted.filter(|((_, at), _)| *at >= forgotten).collect(), "pieces that are kept");
        let people = commitment::Entity::find().all(db).await.unwrap();
        let people = people.into_iter().map(|row| (i64::from(row.granule), row.holder));
        let people: BTreeSet<(i64, Uuid)> = people.filter(|(at, _)| *at >= forgotten).collect();
        let wanted = self.house.people.iter().map(|((_, at), booking)| (*at, holder(booking)));
        assert_eq!(people, wanted.filter(|(at, _)| *at >= forgotten).collect(), "where people are");
    }

    /// The ledger has a row for each gain and loss, of whom and when, and no other (peers §9); scores and bars follow from it.
    async fn keeps_its_ledger(&mut self) {
        let rows = credit_entry::Entity::find().all(self.town.database()).await.unwrap();
        let owner =
            |holder: Uuid| self.house.bookings.iter().find(|booking| booking.id == holder).expect("a booking").owner;
        let points = |kind| match kind {
            CreditKind::NoShow => -20,
            CreditKind::LateCancel => -5,
            CreditKind::OnTimeUse => 2,
            CreditKind::Damage => -40,
            other => panic!("nobody did anything for {other:?}"),
        };
        let mut stored: Vec<_> = rows.iter().map(|row| (owner(row.holder), row.at, points(row.kind))).collect();
        let mut known = self.house.credit.clone();
        stored.sort_unstable();
        known.sort_unstable();
        assert_eq!(stored, known);
        if self.dice.is_one_in(6) {
            let player = self.dice.below(RESIDENTS + 1);
            let text = "{ viewer { credit { score barredUntil needsApproval } } }";
            let seen = self.person(player).await.asks(text).await.get("/viewer/credit").clone();
            let score = self.house.score(player);
            assert_eq!((&seen["score"], &seen["needsApproval"]), (&json!(score), &json!(score < 60)));
            let until = seen["barredUntil"].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap());
            assert_eq!(until, self.house.barred_until(player, self.town.now()));
        }
    }

    /// Each fact moves its booking along the diagram, one version on; and all of them lead to where it stands.
    fn is_along_the_diagram(&self, facts: &[fact::Model]) {
        let mut stands: BTreeMap<Uuid, (i32, S)> = BTreeMap::new();
        for fact in facts {
            let before = stands.get(&fact.subject_id).copied();
            let version = before.map_or(0, |(version, _)| version);
            assert_eq!(fact.version, version + 1, "a version for each fact: {fact:?}");
            let begun = [S::Waitlisted, S::PendingApproval, S::Confirmed];
            let begun = begun.into_iter().find(|state| fact.data["state"] == wire(*state));
            let after = rules::along(before.map(|(_, state)| state), &fact.kind, begun);
            let after = after.unwrap_or_else(|| panic!("no way from {before:?} by {fact:?}"));
            stands.insert(fact.subject_id, (fact.version, after));
        }
        let known = self.house.bookings.iter().map(|booking| (booking.id, (booking.version, booking.state)));
        assert_eq!(stands, known.collect());
    }

    /// Long after, nothing is live, and nothing of what is ahead is kept.
    async fn ends(&mut self) {
        for _ in 0..3 {
            self.passes(TimeDelta::days(9)).await;
            self.agrees().await;
        }
        let live = self.house.bookings.iter().find(|booking| is_live(booking.state));
        assert_eq!(live, None, "everything comes to an end");
        let ahead = i32::try_from(quarter(self.town.now())).unwrap();
        let kept =
            occupancy::Entity::find().filter(occupancy::Column::Granule.gte(ahead)).all(self.town.database()).await;
        assert!(kept.unwrap().is_empty());
    }
}

/// What must hold whatever the model says: of any two that keep a room, no piece of the house is in both for any time, with what is
/// kept free around them; and of any two of one person, one is over when the other begins.
fn nobody_shares(rows: &[booking::Model], rooms: &[String]) {
    let leaves = |row: &booking::Model| {
        let place = rooms.iter().position(|room| *room == row.venue_id.text()).expect("a room of the house");
        ROOMS[place].leaves
    };
    let kept = |row: &booking::Model| {
        let (before, after) = (row.buffer_before.into(), row.buffer_after.into());
        (row.begins_at - TimeDelta::minutes(before), row.ends_at + TimeDelta::minutes(after))
    };
    for (place, one) in rows.iter().enumerate() {
        for other in &rows[place + 1..] {
            let ((from, to), (begins, ends)) = (kept(one), kept(other));
            let is_at_once = from < ends && begins < to && leaves(one).iter().any(|leaf| leaves(other).contains(leaf));
            assert!(!(keeps(one.state) && keeps(other.state) && is_at_once), "two have it:\n{one:?}\n{other:?}");
            let is_same = one.account_id == other.account_id && is_there(one.state) && is_there(other.state);
            let is_at_once = one.begins_at < other.ends_at && other.begins_at < one.ends_at;
            assert!(!(is_same && is_at_once), "in two places:\n{one:?}\n{other:?}");
        }
    }
}
