//! Cases of the demo town (演示诉求): filed and handled by the same verbs that people use, on a clock of their own.

use areas::Datum;
use chrono::TimeDelta;
use entity::enums::{
    Channel, ContactMethod, ContactOutcome, HandlingResult, RejectReason, RequestKind, Solved, Visibility,
};
use kernel::actor::Actor;
use kernel::base::Base;
use kernel::clock::MovableClock;
use kernel::error::Result;
use kernel::tx::Verb;
use requests::{Case, Target, Town};

use super::people::People;

/// How far a demo case gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Until {
    Submitted,
    Accepted,
    Filed,
    Dispatched,
    Signed,
    Contacted,
    Handled,
    Verified,
    Closed,
}

/// A demo case: kind, category, unit that handles it, words, how far.
type Row = (RequestKind, &'static str, &'static str, &'static str, Until);

const ROWS: [Row; 20] = [
    (RequestKind::Complaint, "NOISE.SMOKE", "safety", "楼下餐饮店油烟直接排到楼道，晚上开不了窗", Until::Submitted),
    (RequestKind::Help, "ELDERLY.MEAL", "committee", "母亲八十二岁，想咨询社区助餐点怎么申请送餐", Until::Submitted),
    (RequestKind::Complaint, "PARKING.BIKE", "sanitation", "地铁口共享单车堆满人行道，婴儿车过不去", Until::Submitted),
    (RequestKind::Consult, "ENTERPRISE.POLICY", "business", "小微企业稳岗补贴今年什么时候可以申请", Until::Accepted),
    (RequestKind::Complaint, "PROPERTY.FEES", "property", "物业费涨价没有公示，请核实", Until::Accepted),
    (RequestKind::Complaint, "GREENERY.TREE", "property", "三号楼前的香樟树枝压到电线，刮风很危险", Until::Filed),
    (RequestKind::Help, "HOUSING.CRACK", "property", "外墙渗水，卧室墙面发霉", Until::Filed),
    (RequestKind::Complaint, "FIRE.EBIKE", "safety", "有人把电动车推进楼道充电", Until::Dispatched),
    (RequestKind::Complaint, "FACILITY.MANHOLE", "lights", "人行道井盖松动，走上去会翘起来", Until::Dispatched),
    (RequestKind::Complaint, "RENTAL.GROUP", "committee", "隔壁两居室住了十几个人，怀疑群租", Until::Signed),
    (RequestKind::Suggestion, "PARTY.VOLUNTEER", "centre", "建议周末增加小虹帽志愿者岗位", Until::Signed),
    (RequestKind::Complaint, "PROPERTY.SECURITY", "property", "小区西门夜间没有保安值守", Until::Contacted),
    (RequestKind::Complaint, "NOISE.NEIGHBOUR", "safety", "楼上晚上十一点以后还在练琴", Until::Contacted),
    (RequestKind::Help, "HOUSING.ELEVATOR", "property", "想了解老楼加装电梯的办理流程", Until::Handled),
    (RequestKind::Complaint, "WASTE.POINT", "sanitation", "垃圾投放点没有洗手的地方，地面很滑", Until::Handled),
    (RequestKind::Complaint, "PROPERTY.REPAIR", "property", "单元门禁坏了一周没人修", Until::Verified),
    (RequestKind::Consult, "PARTY.ACTIVITY", "centre", "想咨询社区音乐党课如何报名参加", Until::Verified),
    (RequestKind::Complaint, "PARKING.SPACE", "sanitation", "地面停车位被私装地锁", Until::Closed),
    (RequestKind::Help, "ELDERLY.MEDICAL", "committee", "想预约社区卫生中心的家庭医生", Until::Closed),
    (RequestKind::Praise, "PROPERTY.REPAIR", "property", "感谢物业师傅雨夜抢修水管", Until::Closed),
];

/// Files the cases and moves each as far as it gets. Gives back how many there are.
pub(super) async fn load(base: &Base, clock: &MovableClock, town: &Town, people: &People) -> anyhow::Result<usize> {
    for (number, row) in ROWS.iter().enumerate() {
        clock.advance(TimeDelta::minutes(7));
        let mut course = Course::begin(base, town, people, row, number).await?;
        course.run(clock, row.4).await?;
    }
    // One refusal, so that the list shows one.
    clock.advance(TimeDelta::minutes(7));
    let row =
        (RequestKind::Complaint, "OTHER.GENERAL", "centre", "法院正在审理的邻里纠纷，请帮忙评理", Until::Submitted);
    let mut course = Course::begin(base, town, people, &row, ROWS.len()).await?;
    course.reject().await?;
    Ok(ROWS.len() + 1)
}

/// One case on its way.
struct Course<'a> {
    base: &'a Base,
    town: &'a Town,
    people: &'a People,
    unit: &'static str,
    reporter: Actor,
    case: Case,
}

impl<'a> Course<'a> {
    async fn begin(
        base: &'a Base,
        town: &'a Town,
        people: &'a People,
        row: &Row,
        number: usize,
    ) -> anyhow::Result<Self> {
        let (kind, category, unit, words, _) = *row;
        let resident = people.residents[1 + number % (people.residents.len() - 1)];
        let reporter = super::actor(base, resident).await?;
        // Spread over the middle of the street.
        let (column, line) = (number % 5, number / 5);
        let place = requests::RawPlace {
            datum: Datum::Wgs84,
            longitude: 121.306 + column as f64 * 0.004,
            latitude: 31.186 + line as f64 * 0.003,
        };
        let raw = requests::RawSubmit {
            kind,
            category_code: category.to_owned(),
            description: words.to_owned(),
            place: Some(place),
            area_code: None,
            address: None,
            photos: Vec::new(),
            is_anonymous: false,
            is_confidential: None,
            may_contact: None,
            visibility: Some(if number.is_multiple_of(3) { Visibility::Private } else { Visibility::Public }),
            channel: Channel::App,
            contact_phone: None,
            on_behalf_of: None,
        };
        let command = (town.clone(), raw.parse(town)?);
        let verb: Verb<_, Case> = |tx, (town, command)| Box::pin(requests::submit(tx, town, command));
        let case = base.write(&reporter, &command, verb).await?;
        Ok(Self { base, town, people, unit, reporter, case })
    }

    fn on(&self) -> Target {
        Target { id: self.case.row.id, expected_version: Some(self.case.row.version) }
    }

    async fn staff(&self, username: &str) -> anyhow::Result<Actor> {
        super::actor(self.base, self.people.staff[username]).await
    }

    async fn act<C: Sync>(
        &mut self,
        actor: &Actor,
        command: Result<C>,
        verb: Verb<(Town, C), Case>,
    ) -> anyhow::Result<()> {
        self.case = self.base.write(actor, &(self.town.clone(), command?), verb).await?;
        Ok(())
    }

    async fn run(&mut self, clock: &MovableClock, until: Until) -> anyhow::Result<()> {
        for step in [
            Until::Accepted,
            Until::Filed,
            Until::Dispatched,
            Until::Signed,
            Until::Contacted,
            Until::Handled,
            Until::Verified,
            Until::Closed,
        ] {
            if step > until {
                break;
            }
            clock.advance(TimeDelta::minutes(3));
            self.step(step).await?;
        }
        Ok(())
    }

    async fn step(&mut self, step: Until) -> anyhow::Result<()> {
        let on = self.on();
        let dispatcher = self.staff("dispatcher").await?;
        let handler = self.staff(&format!("{}.handler", self.unit)).await?;
        match step {
            Until::Submitted => Ok(()),
            Until::Accepted => {
                let raw = requests::RawAccept::as_reported(on);
                let command = raw.parse(self.town);
                self.act(&dispatcher, command, |tx, (town, command)| Box::pin(requests::accept(tx, town, command)))
                    .await
            }
            Until::Filed => {
                let command = Ok(requests::File { on });
                self.act(&dispatcher, command, |tx, (town, command)| Box::pin(requests::file(tx, town, command))).await
            }
            Until::Dispatched => {
                let lead_unit = self.people.units[self.unit];
                let raw = requests::RawDispatch { on, lead_unit, co_units: Vec::new(), instruction: None };
                self.act(&dispatcher, raw.parse(), |tx, (town, command)| {
                    Box::pin(requests::dispatch(tx, town, command))
                })
                .await
            }
            Until::Signed => {
                let command = Ok(requests::Sign { on });
                self.act(&handler, command, |tx, (town, command)| Box::pin(requests::sign(tx, town, command))).await
            }
            Until::Contacted => {
                let (method, outcome) = (ContactMethod::Phone, ContactOutcome::Reached);
                let command = requests::RawRecordContact { on, method, outcome, note: None }.parse();
                self.act(&handler, command, |tx, (town, command)| Box::pin(requests::record_contact(tx, town, command)))
                    .await
            }
            Until::Handled => {
                let reply = "已到现场处理并向您说明情况，谢谢您的反映。".to_owned();
                let raw = requests::RawSubmitHandling { on, result: HandlingResult::Solved, reply, photos: Vec::new() };
                self.act(&handler, raw.parse(), |tx, (town, command)| {
                    Box::pin(requests::submit_handling(tx, town, command))
                })
                .await
            }
            Until::Verified => {
                let command = requests::RawVerify { on, is_passed: true, note: None }.parse();
                self.act(&dispatcher, command, |tx, (town, command)| Box::pin(requests::verify(tx, town, command)))
                    .await
            }
            Until::Closed => {
                let raw = requests::RawSurvey { on, solved: Solved::Yes, satisfaction: Some(5), comment: None };
                let reporter = self.reporter.clone();
                self.act(&reporter, raw.parse(), |tx, (town, command)| Box::pin(requests::survey(tx, town, command)))
                    .await
            }
        }
    }

    async fn reject(&mut self) -> anyhow::Result<()> {
        let dispatcher = self.staff("dispatcher").await?;
        let explanation = "案件正在法院审理，请等待判决；可拨打12348咨询法律援助。".to_owned();
        let raw = requests::RawReject { on: self.on(), reason: RejectReason::Litigation, explanation };
        self.act(&dispatcher, raw.parse(), |tx, (town, command)| Box::pin(requests::reject(tx, town, command))).await
    }
}
