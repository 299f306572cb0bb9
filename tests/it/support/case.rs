//! A case (案件) as people move it over HTTP, and the staff who take one along.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};

use entity::enums::{Role, ScopeKind};
use identity::phone::Phone;
use kernel::actor::Actor;
use kernel::error::Error;
use serde_json::{Value, json};
use tokio::sync::{Mutex, OnceCell};

use super::{Answer, Person, Town};

/// A photo as a phone takes one.
pub const PHOTO: &[u8] = include_bytes!("../../../api/assets/street-light.jpg");
/// What every verb is asked back.
pub const PAYLOAD: &str = "isReplay serviceRequest { id caseNo version state round } userErrors { code message field }";
const UPLOAD: &str = "mutation($input: UploadAttachmentInput!) { uploadAttachment(input: $input) { isReplay attachment { \
                      id url contentType byteSize width height phase } userErrors { code message field } } }";
/// The middle of the street, in WGS-84.
pub const PLACE: (f64, f64) = (121.32, 31.195);

/// A case as somebody saw it last.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Global id.
    pub id: String,
    /// Number people use.
    pub no: String,
    /// Version, for `expectedVersion`.
    pub version: i64,
    /// Where it stands.
    pub state: String,
    /// Handling round.
    pub round: i64,
}

impl Case {
    /// The case of a payload, whatever the verb.
    #[track_caller]
    pub fn of(answer: &Answer) -> Self {
        answer.is_done();
        Self::shown(answer)
    }

    /// The case that a payload shows, refused or not.
    #[track_caller]
    pub fn shown(answer: &Answer) -> Self {
        let payloads = answer.json["data"].as_object();
        let payload =
            payloads.and_then(|data| data.values().next()).unwrap_or_else(|| panic!("no payload: {answer:?}"));
        Self::from(&payload["serviceRequest"])
    }
}

impl From<&Value> for Case {
    #[track_caller]
    fn from(value: &Value) -> Self {
        let text = |name: &str| value[name].as_str().unwrap_or_else(|| panic!("no {name} in {value}")).to_owned();
        let number = |name: &str| value[name].as_i64().unwrap_or_else(|| panic!("no {name} in {value}"));
        Self {
            id: text("id"),
            no: text("caseNo"),
            version: number("version"),
            state: text("state"),
            round: number("round"),
        }
    }
}

/// An idempotency key nobody used.
pub fn new_key() -> String {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    format!("key-{:08}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// A value with some members replaced or added.
pub fn with(mut value: Value, members: Value) -> Value {
    let (Some(all), Value::Object(members)) = (value.as_object_mut(), members) else { panic!("not two objects") };
    all.extend(members);
    value
}

/// A place in WGS-84.
pub fn at((longitude, latitude): (f64, f64)) -> Value {
    json!({ "datum": "WGS84", "longitude": longitude, "latitude": latitude })
}

/// A report about a city component: the result needs a photo, and an inspector verifies.
pub fn street_light() -> Value {
    json!({
        "kind": "HELP", "categoryCode": "FACILITY.STREET_LIGHT", "description": "小区门口的路灯坏了三天",
        "address": "申滨路 88 弄 3 号 201 室", "place": at(PLACE), "visibility": "PUBLIC", "idempotencyKey": new_key(),
    })
}

/// A complaint about a service: the reporter has to be called first, no photo is needed, a dispatcher verifies.
pub fn complaint() -> Value {
    with(
        street_light(),
        json!({ "kind": "COMPLAINT", "categoryCode": "PROPERTY.REPAIR", "description": "单元门禁坏了一周" }),
    )
}

impl Person {
    /// Tries a verb on a case as it was seen.
    pub async fn tries(&self, verb: &str, case: &Case, more: Value) -> Answer {
        let on = json!({ "id": case.id, "expectedVersion": case.version, "idempotencyKey": new_key() });
        self.does(verb, &with(on, more), PAYLOAD).await
    }

    /// Moves a case, which must succeed.
    pub async fn moves(&self, verb: &str, case: &Case, more: Value) -> Case {
        Case::of(&self.tries(verb, case, more).await)
    }

    /// Tries to report something.
    pub async fn tries_to_report(&self, input: &Value) -> Answer {
        self.does("submitServiceRequest", input, PAYLOAD).await
    }

    /// Reports something, which must succeed.
    pub async fn reports(&self, input: &Value) -> Case {
        Case::of(&self.tries_to_report(input).await)
    }

    /// What the person sees of a case; null when it is hidden.
    pub async fn sees(&self, case: &Case, selection: &str) -> Value {
        let text = format!("query($id: ID!) {{ node(id: $id) {{ ... on ServiceRequest {{ {selection} }} }} }}");
        self.says(&text, &json!({ "id": case.id })).await.get("/node").clone()
    }

    /// The case as the person sees it now.
    pub async fn looks_at(&self, case: &Case) -> Case {
        Case::from(&self.sees(case, "id caseNo version state round").await)
    }

    /// Tries to upload a file as a photo.
    pub async fn tries_to_upload(&self, name: &str, file: &[u8]) -> Answer {
        self.uploads(UPLOAD, &json!({ "input": { "file": null } }), "variables.input.file", (name, file)).await
    }

    /// Uploads a photo. Gives back its id. The tests of a process share the few threads that decode; who has no turn in time asks
    /// again, as a phone does.
    pub async fn photo(&self) -> String {
        for _ in 0..20 {
            let answer = self.tries_to_upload("photo.jpg", PHOTO).await;
            if answer.json["errors"][0]["extensions"]["code"] != "UNAVAILABLE" {
                return answer.text("/uploadAttachment/attachment/id");
            }
        }
        panic!("no turn for a photo within a minute");
    }
}

impl Town {
    /// Somebody who holds a role in an area, signed in.
    pub async fn official(&self, role: Role, area: &str) -> Person {
        let mut person = self.stranger();
        let phone = Phone::parse("phone", &person.phone()).expect("a phone");
        let appointment = (phone, role, area.to_owned());
        let appointed = self.base().write(&Actor::System, &appointment, |tx, (phone, role, area)| {
            Box::pin(async move {
                let account = identity::open_account(tx, phone, None).await?.0.id;
                let area = areas::store::by_code(tx.db(), area).await?.ok_or(Error::NotFound)?;
                identity::grant(tx, account, *role, (ScopeKind::Area, area.id.0), None).await
            })
        });
        appointed.await.expect("an appointment");
        let phone = person.phone();
        person.signs_in_with_code(self, &phone).await;
        person.consents().await;
        person
    }
}

/// Demo units by the short names of their people.
const UNITS: [(&str, &str); 3] = [("lights", "路灯管理所"), ("sanitation", "市容环境科"), ("property", "爱博项目部")];

/// The staff of the demo town, each signed in when first needed.
pub struct Crew<'t> {
    town: &'t Town,
    people: Mutex<HashMap<String, Person>>,
    units: OnceCell<HashMap<String, Value>>,
}

impl<'t> Crew<'t> {
    /// The staff of a town.
    pub fn of(town: &'t Town) -> Self {
        Self { town, people: Mutex::default(), units: OnceCell::new() }
    }

    /// One of them, by user name.
    pub async fn who(&self, username: &str) -> Person {
        let mut people = self.people.lock().await;
        if let Some(person) = people.get(username) {
            return person.clone();
        }
        let person = self.town.staff(username).await;
        people.insert(username.to_owned(), person.clone());
        person
    }

    /// A unit with its people: `id version members { duty user { id } }`.
    pub async fn unit(&self, short: &str) -> Value {
        let read = async {
            let all =
                "{ organizations(first: 50) { nodes { units { id name version members { duty user { id } } } } } }";
            let answer = self.who("dispatcher").await.asks(all).await;
            let nodes = answer.list("/organizations/nodes");
            let units = nodes.iter().flat_map(|node| node["units"].as_array().cloned().unwrap_or_default());
            units.map(|unit| (unit["name"].as_str().unwrap().to_owned(), unit)).collect()
        };
        let (_, name) = UNITS.iter().find(|(unit, _)| *unit == short).expect("a demo unit");
        self.units.get_or_init(|| read).await[*name].clone()
    }

    /// The global id of a unit.
    pub async fn unit_id(&self, short: &str) -> String {
        self.unit(short).await["id"].as_str().unwrap().to_owned()
    }

    /// What a leader says to return an order, and who should have it instead.
    pub async fn return_to(&self, unit: &str) -> Value {
        json!({ "reason": "不属于本单位职责", "basis": "职责清单第三条", "suggestedUnitId": self.unit_id(unit).await })
    }

    /// Takes a case along the trunk until it stands in a state, by the people of one unit.
    pub async fn takes(&self, case: &Case, unit: &str, until: &str) -> Case {
        let mut case = case.clone();
        while case.state != until {
            case = self.step(&case, unit).await;
        }
        case
    }

    async fn step(&self, case: &Case, unit: &str) -> Case {
        let dispatcher = self.who("dispatcher").await;
        match case.state.as_str() {
            "SUBMITTED" => dispatcher.moves("acceptServiceRequest", case, json!({})).await,
            "ACCEPTED" => dispatcher.moves("fileServiceRequest", case, json!({})).await,
            "FILED" => {
                let lead = json!({ "leadUnitId": self.unit_id(unit).await });
                dispatcher.moves("dispatchServiceRequest", case, lead).await
            }
            "DISPATCHED" => {
                let handler = self.who(&format!("{unit}.handler")).await;
                handler.moves("signServiceRequest", case, json!({})).await
            }
            "IN_PROGRESS" => {
                let duty = if case.round == 1 { "handler" } else { "leader" };
                self.handles(&self.who(&format!("{unit}.{duty}")).await, case).await
            }
            "HANDLED" => {
                let judge = if needs_photo(&dispatcher, case).await { "inspector" } else { "dispatcher" };
                self.who(judge).await.moves("verifyServiceRequest", case, json!({ "isPassed": true })).await
            }
            other => panic!("nobody of the staff takes a case on from {other}"),
        }
    }

    /// Contacts the reporter and reports the work done.
    pub async fn handles(&self, worker: &Person, case: &Case) -> Case {
        let reached = json!({ "method": "PHONE", "outcome": "REACHED" });
        let case = worker.moves("recordContact", case, reached).await;
        let photos = if needs_photo(worker, &case).await { vec![worker.photo().await] } else { Vec::new() };
        worker.moves("submitHandling", &case, done(&photos)).await
    }
}

async fn needs_photo(person: &Person, case: &Case) -> bool {
    person.sees(case, "category { needsPhoto }").await["category"]["needsPhoto"] == true
}

/// Finished work, as a handler writes it.
pub fn done(photos: &[String]) -> Value {
    json!({ "result": "SOLVED", "reply": "已更换灯泡，今晚恢复照明。", "attachmentIds": photos })
}

/// An answer to the survey.
pub fn answer(solved: &str, satisfaction: i32) -> Value {
    json!({ "solved": solved, "satisfaction": satisfaction, "comment": "师傅来过两次" })
}

/// The texts at a pointer in each value of a list.
pub fn texts(list: &Value, pointer: &str) -> Vec<String> {
    let items = list.as_array().unwrap_or_else(|| panic!("no list: {list}"));
    items.iter().map(|item| item.pointer(pointer).and_then(Value::as_str).unwrap_or("(null)").to_owned()).collect()
}
