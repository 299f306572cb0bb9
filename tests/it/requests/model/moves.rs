//! Commands with random details, each as the product gets it and as the rules do.

use ::requests::Content;
use ::requests::workflow::content::Review;
use entity::enums::{ContentReason, ContentState};

use super::*;

impl Walk<'_> {
    /// A command of an action with random details.
    pub async fn make(&mut self, action: Action, case: usize, player: usize) -> Move {
        let verb = verb_of(action);
        let (input, command) = match action {
            Action::Supplement => {
                let photos = if self.dice.is_one_in(3) { self.photos(player, 1).await } else { vec![] };
                let command = Command::Supplement { photos: parsed(&photos) };
                (json!({ "text": "补充一句", "attachmentIds": photos }), command)
            }
            Action::Withdraw => (json!({}), Command::Withdraw),
            Action::Object => (json!({ "text": "就在本街道" }), Command::Object),
            Action::Accept => self.acceptance(case),
            Action::Reject => {
                let (name, reason) = self
                    .dice
                    .one_of(&[("LITIGATION", RejectReason::Litigation), ("INCOMPLETE", RejectReason::Incomplete)]);
                (json!({ "reason": name, "explanation": "请等待判决" }), Command::Reject { reason })
            }
            Action::File => (json!({}), Command::File),
            Action::Dispatch | Action::FastTrack | Action::Confer => self.order(action, case),
            Action::Sign => (json!({}), Command::Sign),
            Action::RecordContact => {
                let outcomes = [
                    ("REACHED", ContactOutcome::Reached),
                    ("NO_ANSWER", ContactOutcome::NoAnswer),
                    ("NO_ANSWER", ContactOutcome::NoAnswer),
                    ("REFUSED", ContactOutcome::Refused),
                ];
                let (name, outcome) = self.dice.one_of(&outcomes);
                let command = Command::RecordContact { method: ContactMethod::Phone, outcome };
                (json!({ "method": "PHONE", "outcome": name }), command)
            }
            Action::SubmitHandling => self.handling(case, player).await,
            Action::Verify => {
                let is_passed = !self.dice.is_one_in(3);
                (json!({ "isPassed": is_passed, "note": "现场看过" }), Command::Verify { is_passed })
            }
            Action::Survey | Action::RecordCallback => self.answer(action, case),
            Action::RequestReturn => {
                let unit = self.unit();
                let input = json!({ "reason": "不属于本单位", "basis": "职责清单", "suggestedUnitId": unit.0 });
                (input, Command::RequestReturn { suggested_unit: unit.1 })
            }
            _ => return self.make_beside(action, case),
        };
        Move { verb, input, command }
    }

    /// The same, of what is done beside the trunk.
    fn make_beside(&mut self, action: Action, case: usize) -> Move {
        let is_granted = self.dice.is_one_in(2);
        let (input, command) = match action {
            Action::DecideReturn => (json!({ "isGranted": is_granted }), Command::DecideReturn { is_granted }),
            Action::RequestExtension => {
                let days = self.dice.one_of(&[1, 2, 5, 12]);
                (json!({ "workingDays": days, "reason": "需要配件" }), Command::RequestExtension { days })
            }
            Action::DecideExtension => (json!({ "isGranted": is_granted }), Command::DecideExtension { is_granted }),
            Action::RequestSuspension => {
                let until = self.town.now() + TimeDelta::hours(self.dice.one_of(&[-1, 2, 30, 200, 800]));
                let reasons = [
                    ("THIRD_PARTY", SuspendReason::ThirdParty),
                    ("REPORTER_UNREACHABLE", SuspendReason::ReporterUnreachable),
                ];
                let (name, reason) = self.dice.one_of(&reasons);
                let input = json!({ "reason": name, "until": until.to_rfc3339(), "evidence": "施工通知" });
                (input, Command::RequestSuspension { reason, until })
            }
            Action::DecideSuspension => (json!({ "isGranted": is_granted }), Command::DecideSuspension { is_granted }),
            Action::Resume => (json!({}), Command::Resume),
            Action::Urge => (json!({}), Command::Urge),
            Action::AddInternalNote => (json!({ "text": "已电话沟通" }), Command::Say { to: Audience::Staff }),
            Action::MessageReporter => (json!({ "text": "明天上门" }), Command::Say { to: Audience::Participant }),
            Action::PublishUpdate => (json!({ "text": "配件已到" }), Command::Say { to: Audience::Public }),
            Action::AskReporter => (json!({ "text": "请问是几号楼？" }), Command::Ask),
            Action::AnswerQuestion => (json!({ "text": "三号楼" }), Command::AnswerQuestion { photos: Vec::new() }),
            Action::Supervise => {
                let reasons = [
                    ("OVERDUE", SupervisionReason::Overdue),
                    ("BAD_REVIEWS", SupervisionReason::BadReviews),
                    ("LEADER_NOTE", SupervisionReason::LeaderNote),
                ];
                let (name, reason) = self.dice.one_of(&reasons);
                let command = Command::Supervise { level: SupervisionLevel::Street, reason };
                (json!({ "reason": name, "instruction": "请尽快" }), command)
            }
            Action::ReviewContent => {
                let before = self.cases[case].row.content_state;
                let (is_passed, reason) = (self.dice.is_one_in(2), Some(ContentReason::Abuse));
                let verdict = if is_passed { ContentState::Pass } else { ContentState::Risky };
                let review = Review { content: Content::Request, before, verdict, reason, is_reporters: true };
                (json!({ "isPassed": is_passed, "reason": "ABUSE" }), Command::ReviewContent(review))
            }
            Action::OpenConflictWarning => {
                let kinds = [("LABOR", ConflictKind::Labor), ("NEIGHBOR", ConflictKind::Neighbor)];
                let (name, kind) = self.dice.one_of(&kinds);
                let headcount = self.dice.one_of(&[2, 9, 15, 40]);
                let command = Command::OpenConflictWarning { kind, headcount };
                (json!({ "kind": name, "headcount": headcount }), command)
            }
            Action::AnswerSupervision => (json!({ "reply": "已处理" }), Command::AnswerSupervision),
            Action::RecordMissedCallback => {
                let outcomes = [("NO_ANSWER", ContactOutcome::NoAnswer), ("REACHED", ContactOutcome::Reached)];
                let (name, outcome) = self.dice.one_of(&outcomes);
                (json!({ "outcome": name }), Command::MissCallback { outcome })
            }
            Action::Reopen => (json!({ "newFacts": "又坏了" }), Command::Reopen),
            Action::TakeUp => (json!({ "instruction": "重新派单" }), Command::TakeUp),
            Action::Merge => {
                let into = self.dice.one_of(&self.pool.clone());
                let target = &self.cases[into].row;
                let input = json!({ "intoId": self.ids[into], "intoExpectedVersion": target.version });
                (input, Command::Merge(alike(&self.cases[case].row, target)))
            }
            other => panic!("nobody taught the walker to {other:?}"),
        };
        Move { verb: verb_of(action), input, command }
    }

    fn unit(&mut self) -> (String, UnitId, AccountId) {
        let units = Vec::from_iter(self.units.values().cloned());
        self.dice.one_of(&units)
    }

    fn acceptance(&mut self, case: usize) -> (Value, Command) {
        let code = self.dice.one_of(&["FACILITY.STREET_LIGHT", "PROPERTY.REPAIR", "PROPERTY.REPAIR", "LABOR.ARREARS"]);
        let kinds = [
            ("HELP", RequestKind::Help),
            ("COMPLAINT", RequestKind::Complaint),
            ("REPORT", RequestKind::Report),
            ("CONSULT", RequestKind::Consult),
        ];
        let (kind_name, kind) = self.dice.one_of(&kinds);
        let priorities = [("NORMAL", Priority::Normal), ("HIGH", Priority::High), ("EMERGENCY", Priority::Emergency)];
        let (priority_name, priority) = self.dice.one_of(&priorities);
        let (row, now) = (&self.cases[case].row, self.town.now());
        let visibility = Visibility::Public.min(row.visibility);
        let class = self.rules.classify(
            self.rules.category(code, now).unwrap(),
            kind,
            priority,
            visibility,
            (row.content_state, now),
        );
        let input =
            json!({ "categoryCode": code, "kind": kind_name, "priority": priority_name, "visibility": "PUBLIC" });
        (input, Command::Accept(class))
    }

    /// An order to units, helped by none, by another, or by the lead itself, which is refused.
    fn order(&mut self, action: Action, case: usize) -> (Value, Command) {
        let (lead, helper) = (self.unit(), self.unit());
        let helpers = if self.dice.is_one_in(3) { vec![] } else { vec![helper] };
        let (lead_id, co_ids) = (lead.1, Vec::from_iter(helpers.iter().map(|unit| unit.1)));
        let co_units = Vec::from_iter(helpers.iter().map(|unit| &unit.0));
        let input = json!({ "leadUnitId": lead.0, "coUnitIds": co_units });
        let (row, now) = (&self.cases[case].row, self.town.now());
        match action {
            Action::Dispatch => (input, Command::Dispatch { lead: lead_id, co_units: co_ids }),
            Action::FastTrack => {
                let category = self.rules.category(&row.category_code, now).unwrap();
                let class = self.rules.classify(
                    category,
                    row.kind,
                    Priority::Emergency,
                    row.visibility,
                    (row.content_state, now),
                );
                let class = ::requests::Class { lane: Lane::Fast, ..class };
                (input, Command::FastTrack { class, lead: lead_id, co_units: co_ids })
            }
            _ => {
                let command = Command::Confer { lead: lead_id, co_units: co_ids };
                (with(input, json!({ "conclusion": "共同办理" })), command)
            }
        }
    }

    async fn handling(&mut self, case: usize, player: usize) -> (Value, Command) {
        let needs_photo = self.rules.needs_photo(&self.cases[case].row.category_code, self.town.now());
        let count = usize::from(needs_photo && !self.dice.is_one_in(5));
        let photos = self.photos(player, count).await;
        let results = [
            ("SOLVED", HandlingResult::Solved),
            ("PARTLY_SOLVED", HandlingResult::PartlySolved),
            ("UNFOUNDED", HandlingResult::Unfounded),
        ];
        let (name, result) = self.dice.one_of(&results);
        let command = Command::SubmitHandling { result, photos: parsed(&photos), needs_photo };
        (with(done(&photos), json!({ "result": name })), command)
    }

    fn answer(&mut self, action: Action, case: usize) -> (Value, Command) {
        let (name, solved) = self.dice.one_of(&[
            ("YES", Solved::Yes),
            ("YES", Solved::Yes),
            ("PARTLY", Solved::Partly),
            ("NO", Solved::No),
        ]);
        let satisfaction = self.dice.one_of(&[5, 4, 3, 2, 1]);
        let by_agent = action == Action::RecordCallback;
        let answered = Answer { solved, satisfaction: Some(satisfaction), is_by_agent: by_agent };
        let row = &self.cases[case].row;
        let surveyed = row.merged_into_id.and_then(|id| self.cases.iter().find(|other| other.row.id == id));
        let unit = surveyed.map_or(row, |target| &target.row).lead_unit_id.filter(|_| answered.is_bad());
        let leader = unit.and_then(|unit| self.units.values().find(|known| known.1 == unit)).map(|known| known.2);
        (answer(name, satisfaction), Command::Answer { answer: answered, leader })
    }

    /// So many photos that somebody uploaded and did not use; nobody but staff and reporters has any.
    async fn photos(&mut self, player: usize, count: usize) -> Vec<String> {
        while self.players[player].photos.len() < count && self.players[player].actor != Actor::Anonymous {
            let photo = self.players[player].person.photo().await;
            self.players[player].photos.push(photo);
        }
        self.players[player].photos.iter().take(count).cloned().collect()
    }
}

fn parsed(photos: &[String]) -> Vec<AttachmentId> {
    photos.iter().map(|photo| AttachmentId::parse(photo).unwrap()).collect()
}

/// What merging asks about two cases, here all in one place.
pub fn alike(from: &service_request::Model, into: &service_request::Model) -> Into {
    let place = |row: &service_request::Model| Wgs84Point::new(row.longitude.unwrap(), row.latitude.unwrap()).unwrap();
    assert!(place(from).metres_to(place(into)) < 1.0);
    let is_known = !from.is_anonymous && !into.is_anonymous;
    Into {
        id: into.id,
        state: into.state,
        closed_at: into.closed_at,
        is_alike: from.category_code == into.category_code,
        is_of_same_person: is_known && from.reporter_id == into.reporter_id,
    }
}

pub fn code_of(refusal: Refusal) -> &'static str {
    match Error::from(refusal) {
        Error::Refused(errors) => errors[0].code.into(),
        other => panic!("no refusal: {other:?}"),
    }
}

pub fn verb_of(action: Action) -> &'static str {
    match action {
        Action::Supplement => "supplementServiceRequest",
        Action::Withdraw => "withdrawServiceRequest",
        Action::Object => "objectToRejection",
        Action::Accept => "acceptServiceRequest",
        Action::Reject => "rejectServiceRequest",
        Action::File => "fileServiceRequest",
        Action::Dispatch => "dispatchServiceRequest",
        Action::Sign => "signServiceRequest",
        Action::RecordContact => "recordContact",
        Action::SubmitHandling => "submitHandling",
        Action::Verify => "verifyServiceRequest",
        Action::Survey => "surveyServiceRequest",
        Action::RecordCallback => "recordCallback",
        Action::RequestReturn => "requestReturn",
        Action::DecideReturn => "decideReturn",
        Action::FastTrack => "fastTrackServiceRequest",
        Action::RequestExtension => "requestExtension",
        Action::DecideExtension => "decideExtension",
        Action::RequestSuspension => "requestSuspension",
        Action::DecideSuspension => "decideSuspension",
        Action::Resume => "resumeServiceRequest",
        Action::Urge => "urgeServiceRequest",
        Action::AddInternalNote => "addInternalNote",
        Action::MessageReporter => "messageReporter",
        Action::PublishUpdate => "publishUpdate",
        Action::AskReporter => "askReporter",
        Action::AnswerQuestion => "answerQuestion",
        Action::Supervise => "superviseServiceRequest",
        Action::OpenConflictWarning => "openConflictWarning",
        Action::ReviewContent => "reviewContent",
        Action::AnswerSupervision => "answerSupervision",
        Action::Confer => "conferServiceRequest",
        Action::RecordMissedCallback => "recordMissedCallback",
        Action::Reopen => "reopenServiceRequest",
        Action::TakeUp => "takeUpServiceRequest",
        Action::Merge => "mergeServiceRequest",
        other => panic!("{other:?} is not walked"),
    }
}

/// A fact as the summary names it.
pub fn fact_kind(fact: &Fact) -> String {
    format!("{fact:?}").chars().take_while(char::is_ascii_alphabetic).collect()
}
