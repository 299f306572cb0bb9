//! Values to fill inputs with: one that really exists for each meaning of an id.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::id::{
    ClosureId, CreditAppealId, CreditEntryId, FactId, GridChangeId, HotlineBatchId, HotlineImportId, Id as _,
    SlotHoldId,
};
use serde_json::{Value, json};

use super::case::{complaint, new_key};
use super::schema::{Operation, named};
use super::{Case, Person, Town};

/// What an `id` stands for, by the type that the operation answers with.
const BY_RESULT: [(&str, &str); 26] = [
    ("BookingPayload", "booking"),
    ("CalendarFeedPayload", "calendarFeed"),
    ("CenterPayload", "center"),
    ("ClosurePayload", "closure"),
    ("CreditAppealPayload", "creditAppeal"),
    ("ServiceItemPayload", "serviceItem"),
    ("ServiceTicketPayload", "serviceTicket"),
    ("SlotHoldPayload", "slotHold"),
    ("EventAttendancePayload", "eventAttendance"),
    ("EventPayload", "event"),
    ("EventRegistrationPayload", "eventRegistration"),
    ("VenuePayload", "venue"),
    ("HotlineImport", "hotlineImport"),
    ("HotlineBatch", "hotlineBatch"),
    ("Node", "request"),
    ("ServiceRequest", "request"),
    ("RevealContactPayload", "request"),
    ("ReportContentPayload", "request"),
    ("RevealOriginalPayload", "request"),
    ("ServiceRequestPayload", "request"),
    ("OrganizationPayload", "organization"),
    ("UnitPayload", "unit"),
    ("RevokeSessionPayload", "session"),
    ("ResidencePayload", "residence"),
    ("ProxyGrantPayload", "proxy"),
    ("ViewerPayload", "dependant"),
];

/// What every other field of type `ID` stands for, by its name.
const BY_NAME: [(&str, &str); 41] = [
    ("actorId", "person"),
    ("areaId", "area"),
    ("areaIds", "area"),
    ("attachmentId", "photo"),
    ("attachmentIds", "photo"),
    ("centerId", "center"),
    ("coUnitIds", "unit"),
    ("documentIds", "document"),
    ("dependantIds", "dependant"),
    ("dutyUserId", "person"),
    ("entryId", "creditEntry"),
    ("eventId", "event"),
    ("filter.areaId", "area"),
    ("filter.eventId", "event"),
    ("findings.attachmentIds", "photo"),
    ("grantId", "grant"),
    ("gridChangeId", "gridChange"),
    ("ids", "request"),
    ("intoId", "request"),
    ("leadUnitId", "unit"),
    ("leaverId", "person"),
    ("memberId", "partyMember"),
    ("organizationId", "organization"),
    ("organizationIds", "partyOrganization"),
    ("partyOrganizationId", "partyOrganization"),
    ("query.unitId", "unit"),
    ("rules.dutyUserId", "person"),
    ("rules.unitId", "unit"),
    ("serviceItemId", "serviceItem"),
    ("serviceRequestId", "request"),
    ("serviceRequestIds", "request"),
    ("subjectId", "request"),
    ("successorId", "person"),
    ("suggestedUnitId", "unit"),
    ("timelineEntryId", "fact"),
    ("unitId", "unit"),
    ("upTo", "notification"),
    ("userId", "person"),
    ("venueId", "venue"),
    ("venueIds", "venue"),
    ("withinId", "venue"),
];

/// What the field of an operation stands for.
pub fn meaning(operation: &Operation, name: &str) -> &'static str {
    let result = named(&operation.result);
    let (table, word) = match name {
        "id" => (&BY_RESULT[..], result.as_str()),
        // It has the short name, as there is no other organisation in a roster, or behind an event.
        "organizationId"
            if ["PartyRosterConnection", "EventPayload", "OrganizationLifeReport"].contains(&result.as_str()) =>
        {
            (&BY_NAME[..], "partyOrganizationId")
        }
        // Elsewhere what has many ids are objects of any kind, as the root's `nodes`.
        "ids" if result == "MarkNotificationsReadPayload" => (&BY_NAME[..], "upTo"),
        _ => (&BY_NAME[..], name),
    };
    let found = table.iter().find(|(own, _)| *own == word).map(|(_, meaning)| *meaning);
    found.unwrap_or_else(|| {
        panic!(
            "{}: nothing is known of the id `{name}`: say what it stands for in BY_RESULT or BY_NAME of \
             tests/it/support/samples.rs, and give `Samples::of` one that exists",
            operation.name
        )
    })
}

/// Values to fill inputs with.
pub struct Samples {
    /// An id of each meaning.
    pub ids: BTreeMap<&'static str, String>,
    /// An instant.
    pub now: String,
    /// One in a month.
    pub soon: String,
}

impl Samples {
    /// Things that exist: a case of the owner's, just reported, with a proxy in it, a flat the owner applied for, a photo of the person's, and what the town has.
    pub async fn of(town: &Town, person: &Person, owner: &Person) -> Self {
        let text =
            "{ viewer { user { id } sessions { id } } areas { id } organizations { nodes { id units { id } } } }";
        let answer = person.asks(text).await;
        let organization = answer.list("/organizations/nodes").into_iter().find(|node| node["units"][0].is_object());
        let organization = organization.expect("an organisation with a unit");
        let case = owner.reports(&complaint()).await;
        let notification = notified(town, owner, &case).await;
        let request = case.id;
        let soon = (town.now() + TimeDelta::days(30)).to_rfc3339();
        let (residence, proxy) = belongings(owner, &request, &soon).await;
        let id = |value: &Value| value["id"].as_str().expect("an id").to_owned();
        let grants = "{ staffAccounts(username: \"chief\") { nodes { grants { id } } } }";
        let grant = town.staff("security").await.asks(grants).await.text("/staffAccounts/nodes/0/grants/0/id");
        let (party, member) = roster(town).await;
        let (center, venue, booking) = booked(town, owner).await;
        let (event, registration, attendance) = attended(owner).await;
        let service = town.service("KEYS").await;
        let documents = person.asks("{ consentDocuments { id } }").await;
        let ids = [
            ("booking", booking),
            ("center", center),
            ("event", event),
            ("eventAttendance", attendance),
            ("eventRegistration", registration),
            ("venue", venue),
            ("serviceItem", service.clone()),
            ("serviceTicket", waiting(owner, &service).await),
            ("calendarFeed", subscribed(owner).await),
            // Of no closure, so that nothing is opened beside.
            ("closure", ClosureId(uuid::Uuid::from_u128(1)).text()),
            // Of none, so that nothing falls free beside.
            ("slotHold", SlotHoldId(uuid::Uuid::from_u128(1)).text()),
            // Of no line, so that nobody gains or loses beside.
            ("creditEntry", CreditEntryId(uuid::Uuid::from_u128(1)).text()),
            ("creditAppeal", CreditAppealId(uuid::Uuid::from_u128(1)).text()),
            // Of no file that came in, so that nothing goes on beside.
            ("hotlineImport", HotlineImportId(uuid::Uuid::from_u128(1)).text()),
            ("hotlineBatch", HotlineBatchId(uuid::Uuid::from_u128(1)).text()),
            ("gridChange", GridChangeId(uuid::Uuid::from_u128(1)).text()),
            // Of no fact, so that nothing is decided beside.
            ("fact", FactId(uuid::Uuid::from_u128(1)).text()),
            ("document", documents.text("/consentDocuments/0/id")),
            ("dependant", dependant(owner).await),
            ("grant", grant),
            ("notification", notification),
            ("request", request),
            ("residence", residence),
            ("proxy", proxy),
            ("partyOrganization", party),
            ("partyMember", member),
            ("photo", person.photo().await),
            ("person", answer.text("/viewer/user/id")),
            ("session", answer.text("/viewer/sessions/0/id")),
            ("area", answer.text("/areas/0/id")),
            ("organization", id(&organization)),
            ("unit", id(&organization["units"][0])),
        ];
        Self { ids: ids.into(), now: town.now().to_rfc3339(), soon }
    }

    /// A value for a field, that may well be a good one.
    pub fn scalar(&self, operation: &Operation, name: &str, kind: &str) -> Value {
        match (kind, name) {
            ("ID", _) => json!(self.ids[meaning(operation, name)]),
            ("Int", "first" | "last") => json!(10),
            ("Int", "year") => json!(2026),
            // Of a series by weeks.
            ("Int", "dayOfMonth") => Value::Null,
            ("Int", "width" | "height") => json!(8),
            ("Int", name) if name.ends_with("Minutes") || name == "minutes" => json!(60),
            ("String", "opensAt") => json!("08:00"),
            ("String", "from") => json!("09:00"),
            ("String", "to") => json!("17:00"),
            ("Int", _) => json!(1),
            ("Float", "longitude") => json!(121.32),
            ("Float", "latitude") => json!(31.195),
            ("Float", _) => json!(1.5),
            ("Boolean", _) => json!(false),
            ("DateTime", "until" | "inForceFrom") => json!(self.soon),
            // Of an event: before it begins.
            ("DateTime", "closesAt") => json!("2026-11-27T03:00:00Z"),
            // Of a booking or a closure: hours of a day to come.
            ("DateTime", "startsAt") => json!("2026-11-27T04:00:00Z"),
            ("DateTime", "endsAt") => json!("2026-11-27T05:00:00Z"),
            ("DateTime", _) => json!(self.now),
            // A month that is over.
            ("NaiveDate", "from") => json!("2026-10-01"),
            ("NaiveDate", "to") => json!("2026-11-01"),
            ("NaiveDate" | "Date", _) => json!(self.now[..10]),
            ("NaiveTime" | "Time", _) => json!("09:00:00"),
            ("Upload", _) => Value::Null,
            (_, "phone" | "contactPhone" | "agentPhone" | "newPhone") => json!("13700000001"),
            (_, "code" | "oldCode" | "newCode") => json!("123456"),
            (_, "accept" | "sign" | "contact" | "handle" | "verify" | "rework" | "longest") => json!("1wd"),
            (_, "slaCode") => json!("APPEAL"),
            (_, "gbCode") => json!("0101"),
            (_, "idNumber") => json!("11010519491231002X"),
            (_, "birthMonth") => json!("2018-03"),
            (_, "creditCode") => json!("91310112MA00000076"),
            (_, "tags") => json!("演示"),
            // Of a question of a form.
            (_, "key") => json!("notes"),
            (_, "phones") => json!("13700000001"),
            (_, "idempotencyKey") => json!("idempotency-key-1"),
            (_, "clientId") => json!("01a205ea-be80-791a-9027-c8d2de7dc7e5"),
            (_, "categoryCode" | "categoryCodes") => json!("FACILITY.STREET_LIGHT"),
            (_, "areaCode" | "street") => json!("310112008"),
            (_, "after" | "before") => Value::Null,
            // Before the first fact.
            (_, "cursor") => json!("AAAAAAAAAAA"),
            _ => json!("some words of text"),
        }
    }
}

/// A flat the owner applied for, and a proxy the owner granted in a case.
async fn belongings(owner: &Person, request: &str, soon: &str) -> (String, String) {
    let key = new_key();
    let flat = json!({
        "areaCode": "310112008001", "compound": "爱博四村", "building": "12号楼", "room": key, "relation": "OWNER",
        "idempotencyKey": key,
    });
    // Few may wait at once, so that the one of before serves again.
    let known = owner.asks("{ viewer { residences { id } } }").await.list("/viewer/residences");
    let residence = match known.first() {
        Some(known) => known["id"].as_str().expect("an id").to_owned(),
        None => {
            let applied = owner.does("applyForResidence", &flat, "residence { id } userErrors { code }").await;
            applied.text("/applyForResidence/residence/id")
        }
    };
    let grant = json!({
        "serviceRequestIds": [request], "agentPhone": "13700000001", "until": soon, "idempotencyKey": new_key(),
    });
    let proxy = owner.does("grantProxy", &grant, "proxyGrant { id } userErrors { code }").await;
    (residence, proxy.text("/grantProxy/proxyGrant/id"))
}

/// A centre, a venue of it, and a booking of the owner's: the one of before, where there is one.
async fn booked(town: &Town, owner: &Person) -> (String, String, String) {
    let seen = town.stranger().asks("{ centers { id code venues { id name } } }").await.list("/centers");
    let center = seen.iter().find(|row| row["code"] == "XH-01").expect("a centre");
    let venue = center["venues"].as_array().expect("venues").iter().find(|row| row["name"] == "舞蹈房");
    let (center, venue) =
        (center["id"].as_str().expect("an id"), venue.expect("a venue")["id"].as_str().expect("an id"));
    let own = "{ viewer { bookings(isLive: true) { nodes { id } } } }";
    let booking = match owner.asks(own).await.list("/viewer/bookings/nodes").first() {
        Some(known) => known["id"].as_str().expect("an id").to_owned(),
        None => {
            let input = json!({
                "venueId": venue, "startsAt": "2026-11-27T02:00:00Z", "endsAt": "2026-11-27T03:00:00Z", "partySize": 4,
                "purpose": "排练", "joinWaitlist": true, "idempotencyKey": new_key(),
            });
            owner.does("bookVenue", &input, "booking { id } userErrors { code }").await.text("/bookVenue/booking/id")
        }
    };
    (center.to_owned(), venue.to_owned(), booking)
}

/// An event for everybody, the owner's registration for it, the one of before, where there is one, and the line of its attendance.
async fn attended(owner: &Person) -> (String, String, String) {
    let seen = owner.asks("{ events { nodes { id audience viewerRegistration { id } } } }").await.list("/events/nodes");
    let event = seen.iter().find(|row| row["audience"] == "PUBLIC").expect("an event");
    let id = event["id"].as_str().expect("an id").to_owned();
    let registration = match event["viewerRegistration"]["id"].as_str() {
        Some(known) => known.to_owned(),
        None => {
            let input = json!({ "eventId": id, "idempotencyKey": new_key() });
            let done = owner.does("registerForEvent", &input, "registration { id } userErrors { code }").await;
            done.text("/registerForEvent/registration/id")
        }
    };
    let line = "query($id: ID!) { node(id: $id) { ... on Event { viewerAttendance { id } } } }";
    let line = owner.says(line, &json!({ "id": id })).await.text("/node/viewerAttendance/id");
    (id, registration, line)
}

/// A number in a line that the owner took: the one of before, where there is one.
async fn waiting(owner: &Person, service: &str) -> String {
    let known = owner.asks("{ viewer { serviceTickets { id } } }").await.list("/viewer/serviceTickets");
    match known.first() {
        Some(known) => known["id"].as_str().expect("an id").to_owned(),
        None => {
            let input = json!({ "serviceItemId": service, "idempotencyKey": new_key() });
            let taken = owner.does("takeServiceTicket", &input, "serviceTicket { id } userErrors { code }").await;
            taken.text("/takeServiceTicket/serviceTicket/id")
        }
    }
}

/// A feed of the owner's bookings: the one of before, where there is one.
async fn subscribed(owner: &Person) -> String {
    let known = owner.asks("{ viewer { calendarFeeds { id } } }").await.list("/viewer/calendarFeeds");
    match known.first() {
        Some(known) => known["id"].as_str().expect("an id").to_owned(),
        None => {
            let input = json!({ "idempotencyKey": new_key() });
            let made = owner.does("createCalendarFeed", &input, "calendarFeed { id } userErrors { code }").await;
            made.text("/createCalendarFeed/calendarFeed/id")
        }
    }
}

/// A line of the owner's inbox about a case, without its way through the desks.
async fn notified(town: &Town, owner: &Person, case: &Case) -> String {
    let data =
        json!({ "case_no": case.no, "category_code": "PROPERTY.REPAIR", "state": "SUBMITTED", "at": town.now() });
    let line = format!(
        "INSERT INTO notification (id, account_id, kind, template, subject_kind, subject_id, fact_id, data, level, \
         is_urgent, is_shown, push_state, is_digest, created_at) SELECT f.id, r.reporter_id, 'REQUEST_STATUS', 'ACCEPTED', \
         'request', r.id, f.id, '{data}', 'NORMAL', false, true, 'UNWANTED', false, f.at \
         FROM service_request r JOIN fact f ON f.subject_id = r.id AND f.version = 1 WHERE r.case_no = '{}'",
        case.no
    );
    assert_eq!(town.tampers(&line).await, 1);
    owner.asks("{ myNotifications(first: 1) { nodes { id } } }").await.text("/myNotifications/nodes/0/id")
}

/// A child in the owner's care.
async fn dependant(owner: &Person) -> String {
    let child = json!({ "name": "小明", "birthMonth": "2018-03", "idempotencyKey": new_key() });
    let shown = "viewer { dependants { id } } userErrors { code }";
    owner.does("addDependant", &child, shown).await.text("/addDependant/viewer/dependants/0/id")
}

/// An organisation of the party in the demo town, and a line of its roster.
async fn roster(town: &Town) -> (String, String) {
    let admin = town.staff("party.admin").await;
    let seen = admin.asks("{ partyOrganizations { id code } }").await.list("/partyOrganizations");
    let id = seen.iter().find(|row| row["code"] == "XH-01-01").expect("the demo branch")["id"].clone();
    let text = "query($id: ID!) { partyRoster(organizationId: $id) { nodes { id } } }";
    let member = admin.says(text, &json!({ "id": id })).await.text("/partyRoster/nodes/0/id");
    (id.as_str().expect("an id").to_owned(), member)
}
