use proptest::prelude::*;

use super::*;

/// An instant of Monday 2026-11-23, or of the next days, as the clocks of Shanghai show it.
fn at(day: i64, hour: i64, minute: i64) -> DateTime<Utc> {
    let monday: DateTime<Utc> = "2026-11-22T16:00:00Z".parse().unwrap();
    monday + TimeDelta::days(day) + TimeDelta::hours(hour) + TimeDelta::minutes(minute)
}

const WECHAT: Wishes = Wishes { in_app: true, wechat: true, sms: false };
const SMS: Wishes = Wishes { in_app: false, wechat: false, sms: true };
const INBOX: Wishes = Wishes { in_app: true, wechat: false, sms: false };

#[test]
fn when_a_push_is_due() {
    use Verdict::{At, Digest, Never, Now};
    let none = Planned::default();
    let some = |today| Planned { today, has_morning: false };
    let morning = |today| Planned { today, has_morning: true };
    // Urgent, wishes, what is planned, now, verdict.
    let table = [
        (false, WECHAT, none, at(0, 9, 0), Now),
        (false, SMS, none, at(0, 9, 0), Now),
        (false, INBOX, none, at(0, 9, 0), Never),
        (true, INBOX, none, at(0, 9, 0), Never),
        (false, WECHAT, some(2), at(0, 21, 29), Now),
        (false, WECHAT, some(3), at(0, 9, 0), Digest(at(1, 7, 30))),
        (false, WECHAT, some(9), at(0, 21, 29), Digest(at(1, 7, 30))),
        (false, WECHAT, none, at(0, 21, 30), At(at(1, 7, 30))),
        (false, WECHAT, some(3), at(0, 23, 59), At(at(1, 7, 30))),
        (false, WECHAT, morning(0), at(0, 23, 59), Digest(at(1, 7, 30))),
        (false, WECHAT, none, at(1, 0, 0), At(at(1, 7, 30))),
        (false, WECHAT, morning(1), at(1, 7, 29), Digest(at(1, 7, 30))),
        (false, WECHAT, some(1), at(1, 7, 30), Now),
        (true, WECHAT, some(9), at(0, 12, 0), Now),
        (true, WECHAT, morning(9), at(0, 2, 0), Now),
        (true, SMS, none, at(0, 22, 0), Now),
    ];
    for (is_urgent, wishes, planned, now, verdict) in table {
        let news = News { is_urgent, at: now, until: None };
        assert_eq!(deliver(&news, wishes, planned, now), verdict, "{is_urgent} {wishes:?} {planned:?} {now}");
    }
}

#[test]
fn what_is_a_day_old_is_no_news() {
    let (happened, none) = (at(0, 9, 0), Planned::default());
    for is_urgent in [false, true] {
        let news = News { is_urgent, at: happened, until: None };
        assert_eq!(deliver(&news, WECHAT, none, happened + NEWS), Verdict::Now);
        assert_eq!(deliver(&news, WECHAT, none, happened + NEWS + TimeDelta::seconds(1)), Verdict::Never);
    }
}

#[test]
fn what_is_over_by_then_is_not_pushed() {
    let offered = |now, until| News { is_urgent: false, at: now, until: Some(until) };
    let (noon, night) = (at(0, 12, 0), at(0, 22, 0));
    let full = Planned { today: A_DAY, has_morning: false };
    for (now, until, planned, verdict) in [
        (noon, at(0, 12, 30), Planned::default(), Verdict::Now),
        // It would come with the digest of the next morning.
        (noon, at(0, 12, 30), full, Verdict::Never),
        (noon, at(1, 9, 0), full, Verdict::Digest(at(1, 7, 30))),
        (night, at(0, 22, 30), Planned::default(), Verdict::Never),
        (night, at(1, 7, 30), Planned::default(), Verdict::At(at(1, 7, 30))),
        (noon, at(0, 11, 59), Planned::default(), Verdict::Never),
    ] {
        assert_eq!(deliver(&offered(now, until), WECHAT, planned, now), verdict, "{now} {until}");
    }
}

#[test]
fn days_begin_in_shanghai() {
    assert_eq!(midnight(at(0, 0, 0)), at(0, 0, 0));
    assert_eq!(midnight(at(0, 23, 59)), at(0, 0, 0));
    assert_eq!(next_morning(at(0, 7, 29)), at(0, 7, 30));
    assert_eq!(next_morning(at(0, 7, 30)), at(1, 7, 30));
}

/// What one person gets, as the projector keeps count of it.
#[derive(Default)]
struct Phone {
    pushes: Vec<(DateTime<Utc>, bool)>,
}

impl Phone {
    fn planned(&self, now: DateTime<Utc>) -> Planned {
        let today = |at: DateTime<Utc>| midnight(at) == midnight(now);
        let has = |at, digest| self.pushes.contains(&(at, digest));
        let singles = self.pushes.iter().filter(|(at, is_digest)| today(*at) && !is_digest).count();
        let digest = self.pushes.iter().any(|(at, is_digest)| today(*at) && *is_digest);
        Planned {
            today: u32::try_from(singles + usize::from(digest)).unwrap(),
            has_morning: has(next_morning(now), false),
        }
    }
}

proptest! {
    /// Whatever comes in whenever: nothing wakes anybody but what is urgent, nobody gets more than three a day, and what is held
    /// back comes in the next morning at the latest.
    #[test]
    fn nobody_is_pestered(steps in prop::collection::vec((0_i64..600, any::<bool>(), 0_u8..10), 1..200)) {
        let (mut phone, mut now) = (Phone::default(), at(0, 6, 0));
        let mut days = std::collections::BTreeMap::new();
        for (minutes, wants, urgency) in steps {
            now += TimeDelta::minutes(minutes);
            let news = News { is_urgent: urgency == 0, at: now, until: None };
            let wishes = if wants { WECHAT } else { INBOX };
            let verdict = deliver(&news, wishes, phone.planned(now), now);
            let (at, is_digest) = match verdict {
                Verdict::Never => {
                    prop_assert!(!wants);
                    continue;
                }
                Verdict::Now => (now, false),
                Verdict::At(at) => (at, false),
                Verdict::Digest(at) => (at, true),
            };
            prop_assert!(wants && at >= now && at - now <= TimeDelta::hours(24));
            if news.is_urgent {
                prop_assert_eq!(verdict, Verdict::Now);
                continue;
            }
            prop_assert!(!is_quiet(at));
            if !is_digest || !phone.pushes.contains(&(at, true)) {
                *days.entry(midnight(at)).or_insert(0) += 1;
            }
            phone.pushes.push((at, is_digest));
        }
        prop_assert!(days.values().all(|pushes| *pushes <= A_DAY), "{days:?}");
    }
}
