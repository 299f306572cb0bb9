//! Accounts of staff: first passwords, second factors, three administrators who exclude each other, grants that begin and end.

use chrono::{DateTime, TimeDelta, Utc};
use entity::enums::Role;
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};
use zhilitong::seed::PASSWORD;

use crate::support::case::{complaint, new_key, with};
use crate::support::{Crew, Engine, Person, Town, stories};

stories![
    an_account_is_made_and_its_first_password_changed,
    passwords_of_before_are_not_taken_again,
    a_password_lives_ninety_days,
    a_second_factor_is_asked_for_and_no_code_works_twice,
    recovery_codes_work_once,
    a_lost_second_factor_is_taken_away_by_the_security_administrator,
    administrators_are_not_reset_by_each_other,
    enrolling_ends_the_sessions_opened_without,
    wrong_codes_lock_as_wrong_passwords_do,
    a_role_is_granted_begins_ends_and_is_revoked,
    the_three_administrators_are_three_people,
    nobody_decides_about_himself,
    a_disabled_account_is_out_at_once_and_may_come_back,
    roles_of_staff_need_the_password,
    a_session_of_staff_ends_idle_and_after_twelve_hours,
    only_administrators_see_and_move_accounts,
];

const STREET: &str = "310112008";

async fn street(person: &Person) -> String {
    person.asks("{ areas { id } }").await.text("/areas/0/id")
}

async fn account(admin: &Person, username: &str) -> Value {
    let fields = "user { id } username status version mustChangePassword hasSecondFactor grants { id role validTo }";
    let text = format!("{{ staffAccounts(username: \"{username}\") {{ nodes {{ {fields} }} }} }}");
    let found = admin.asks(&text).await.list("/staffAccounts/nodes");
    found.into_iter().find(|account| account["username"] == username).expect("an account")
}

/// Tries an act on an account as it is seen now.
async fn tries_on(admin: &Person, act: &str, username: &str) -> crate::support::Answer {
    let now = account(admin, username).await;
    let input = json!({
        "userId": now["user"]["id"], "expectedVersion": now["version"], "reason": "按规定办理", "idempotencyKey": new_key(),
    });
    admin.does(act, &input, "account { status version } initialPassword isReplay userErrors { code field }").await
}

async fn grants(admin: &Person, to: &Person, role: &str, more: Value) -> crate::support::Answer {
    let input = json!({
        "userId": to.id().await, "role": role, "areaId": street(admin).await, "reason": "人事任命",
        "idempotencyKey": new_key(),
    });
    let selection = "roleGrant { id role validFrom validTo area { code } } isReplay userErrors { code field }";
    admin.does("grantRole", &with(input, more), selection).await
}

async fn roles(person: &Person) -> Vec<String> {
    let answer = person.asks("{ viewer { roles { role area { code } } } }").await;
    answer.list("/viewer/roles").iter().map(|role| role["role"].as_str().unwrap().to_owned()).collect()
}

async fn standing(person: &Person) -> String {
    person.asks("{ viewer { roleStanding } }").await.text("/viewer/roleStanding")
}

async fn changes_password(person: &Person, old: &str, new: &str) -> crate::support::Answer {
    let input = json!({ "oldPassword": old, "newPassword": new });
    person.does("changePassword", &input, "isChanged revokedSessionIds userErrors { code field }").await
}

/// What an authenticator app shows at an instant.
pub fn shown(secret: &str, at: DateTime<Utc>) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let app = Builder::new().with_secret(secret).with_account_name("app").build().unwrap();
    app.generate(u64::try_from(at.timestamp()).unwrap()).to_string()
}

/// Enrols a second factor. Gives back the secret and the recovery codes.
async fn enrols(town: &Town, person: &Person, password: &str) -> (String, Vec<String>) {
    let password = json!({ "password": password });
    let begun = person.does("beginSecondFactor", &password, "secret otpauthUri userErrors { code }").await;
    let secret = begun.text("/beginSecondFactor/secret");
    let uri = begun.text("/beginSecondFactor/otpauthUri");
    assert!(uri.starts_with("otpauth://totp/") && uri.contains(&secret), "{uri}");
    let code = json!({ "code": shown(&secret, town.now()) });
    let confirmed = person.does("confirmSecondFactor", &code, "recoveryCodes userErrors { code }").await;
    let codes = confirmed.list("/confirmSecondFactor/recoveryCodes");
    assert_eq!(codes.len(), 10);
    (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
}

async fn tries_with(person: &Person, username: &str, code: Option<&str>) -> crate::support::Answer {
    let input = json!({
        "username": username, "password": PASSWORD, "oneTimeCode": code, "device": person.device_input(),
    });
    person.does("signInWithPassword", &input, "needsOneTimeCode tokens { accessToken } userErrors { code field }").await
}

async fn an_account_is_made_and_its_first_password_changed(town: &Town) {
    let crew = Crew::of(town);
    let (admin, security) = (crew.who("admin").await, crew.who("security").await);
    let input = json!({ "username": "newcomer", "name": "新来的", "idempotencyKey": new_key() });
    let selection =
        "account { user { id } username status mustChangePassword } initialPassword isReplay userErrors { code field }";
    let made = admin.does("createStaffAccount", &input, selection).await;
    let first = made.text("/createStaffAccount/initialPassword");
    assert_eq!(made.get("/createStaffAccount/account/mustChangePassword"), true);
    let again = admin.does("createStaffAccount", &input, selection).await;
    assert_eq!(again.get("/createStaffAccount/isReplay"), true);
    assert_eq!(again.get("/createStaffAccount/initialPassword"), &Value::Null, "it is shown once");
    let taken = with(input, json!({ "idempotencyKey": new_key() }));
    admin.does("createStaffAccount", &taken, selection).await.is_refused("INVALID").at("username");

    let mut newcomer = town.stranger();
    newcomer.signs_in_with_password("newcomer", &first).await;
    grants(&security, &newcomer, "DISPATCHER", json!({})).await.is_done();
    assert_eq!(roles(&newcomer).await, ["DISPATCHER"]);
    assert_eq!(standing(&newcomer).await, "PASSWORD_MUST_CHANGE");
    let case = town.resident().await.reports(&complaint()).await;
    newcomer.tries("acceptServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
    changes_password(&newcomer, "not the one", "Newcomer-2026").await.is_refused("CODE_INCORRECT").at("oldPassword");
    for bad in ["short", " Newcomer-2026", "Newcomer-2026\u{200E}"] {
        changes_password(&newcomer, &first, bad).await.is_refused("INVALID").at("newPassword");
    }
    let other = {
        let mut other = town.stranger();
        other.signs_in_with_password("newcomer", &first).await;
        other
    };
    let changed = changes_password(&newcomer, &first, "Newcomer-2026").await;
    assert_eq!(changed.list("/changePassword/revokedSessionIds").len(), 1, "the other device is out");
    assert_eq!(other.knocks().await, ["UNAUTHENTICATED"]);
    assert_eq!(standing(&newcomer).await, "IN_FORCE");
    newcomer.moves("acceptServiceRequest", &case, json!({})).await;
    town.stranger().tries_password("newcomer", &first).await.is_refused("CODE_INCORRECT");
}

async fn passwords_of_before_are_not_taken_again(town: &Town) {
    let mut person = town.staff("dispatcher").await;
    let mut present = PASSWORD.to_owned();
    for number in 1..=5 {
        changes_password(&person, &present, &present).await.is_refused("INVALID").at("newPassword");
        let next = format!("Another-Town-{number}");
        changes_password(&person, &present, &next).await.is_done();
        if number < 5 {
            changes_password(&person, &next, PASSWORD).await.is_refused("INVALID").at("newPassword");
        }
        present = next;
        town.later(TimeDelta::seconds(1));
    }
    changes_password(&person, &present, PASSWORD).await.is_done();
    person.refreshes().await;
}

async fn a_password_lives_ninety_days(town: &Town) {
    let fresh = "Fresh-Town-2026";
    changes_password(&town.staff("dispatcher").await, PASSWORD, fresh).await.is_done();
    for (wait, expected) in [(TimeDelta::days(89), "IN_FORCE"), (TimeDelta::days(1), "PASSWORD_MUST_CHANGE")] {
        town.later(wait);
        let mut person = town.stranger();
        person.signs_in_with_password("dispatcher", fresh).await;
        assert_eq!(standing(&person).await, expected);
    }
}

async fn a_second_factor_is_asked_for_and_no_code_works_twice(town: &Town) {
    let person = town.staff("dispatcher").await;
    let wrong = json!({ "password": "Wrong-Town-2026" });
    let wrong = person.does("beginSecondFactor", &wrong, "secret userErrors { code field }").await;
    wrong.is_refused("CODE_INCORRECT").at("password");
    let (secret, _) = enrols(town, &person, PASSWORD).await;
    let thief = town.stranger();
    let asked = tries_with(&thief, "dispatcher", None).await;
    asked.is_refused("REQUIRED").at("oneTimeCode");
    assert_eq!(asked.json["data"]["signInWithPassword"]["needsOneTimeCode"], true);
    assert_eq!(asked.json["data"]["signInWithPassword"]["tokens"], Value::Null);
    // The code of the enrolment was used up by it.
    let used = shown(&secret, town.now());
    tries_with(&thief, "dispatcher", Some(&used)).await.is_refused("CODE_INCORRECT").at("oneTimeCode");
    town.later(TimeDelta::seconds(60));
    let code = shown(&secret, town.now());
    let first = town.stranger();
    tries_with(&first, "dispatcher", Some(&code)).await.is_done();
    tries_with(&town.stranger(), "dispatcher", Some(&code)).await.is_refused("CODE_INCORRECT");
    // Who enrols anew needs the password, and the old one holds until the new one is confirmed.
    let input = json!({ "password": PASSWORD });
    let begun = person.does("beginSecondFactor", &input, "secret userErrors { code field }").await;
    begun.is_refused("REQUIRED").at("oneTimeCode");
    town.later(TimeDelta::seconds(60));
    let input = json!({ "password": PASSWORD, "oneTimeCode": shown(&secret, town.now()) });
    let begun = person.does("beginSecondFactor", &input, "secret userErrors { code field }").await;
    let pending = begun.text("/beginSecondFactor/secret");
    town.later(TimeDelta::seconds(60));
    let code = shown(&pending, town.now());
    tries_with(&town.stranger(), "dispatcher", Some(&code)).await.is_refused("CODE_INCORRECT");
}

async fn recovery_codes_work_once(town: &Town) {
    let person = town.staff("dispatcher").await;
    let (_, codes) = enrols(town, &person, PASSWORD).await;
    tries_with(&town.stranger(), "dispatcher", Some(&codes[3])).await.is_done();
    tries_with(&town.stranger(), "dispatcher", Some(&codes[3])).await.is_refused("CODE_INCORRECT").at("oneTimeCode");
    let typed = codes[4].to_lowercase().replace('-', "");
    tries_with(&town.stranger(), "dispatcher", Some(&typed)).await.is_done();
    let left = "{ viewer { credential { recoveryCodesLeft hasSecondFactor username } } }";
    assert_eq!(person.asks(left).await.get("/viewer/credential/recoveryCodesLeft"), 8);
    let password = json!({ "password": PASSWORD, "oneTimeCode": codes[6] });
    let renewed = person.does("renewRecoveryCodes", &password, "recoveryCodes userErrors { code }").await;
    assert_eq!(renewed.list("/renewRecoveryCodes/recoveryCodes").len(), 10);
    tries_with(&town.stranger(), "dispatcher", Some(&codes[5])).await.is_refused("CODE_INCORRECT");
}

async fn a_lost_second_factor_is_taken_away_by_the_security_administrator(town: &Town) {
    let crew = Crew::of(town);
    let person = town.staff("dispatcher").await;
    enrols(town, &person, PASSWORD).await;
    tries_on(&crew.who("admin").await, "resetSecondFactor", "dispatcher").await.is_refused("FORBIDDEN");
    tries_on(&crew.who("security").await, "resetSecondFactor", "dispatcher").await.is_done();
    assert_eq!(person.knocks().await, ["UNAUTHENTICATED"]);
    tries_with(&town.stranger(), "dispatcher", None).await.is_done();
}

/// Who resets what guards an administrator would become two of the three.
async fn administrators_are_not_reset_by_each_other(town: &Town) {
    let security = town.staff("security").await;
    for act in ["resetPassword", "resetSecondFactor"] {
        for who in ["admin", "auditor"] {
            tries_on(&security, act, who).await.is_refused("FORBIDDEN");
        }
    }
}

/// A session opened with the password alone is not lifted by an enrolment in another.
async fn enrolling_ends_the_sessions_opened_without(town: &Town) {
    let thief = town.staff("dispatcher").await;
    let person = town.staff("dispatcher").await;
    enrols(town, &person, PASSWORD).await;
    assert_eq!(thief.knocks().await, ["UNAUTHENTICATED"]);
    assert!(person.id().await.is_some());
}

async fn wrong_codes_lock_as_wrong_passwords_do(town: &Town) {
    let person = town.staff("dispatcher").await;
    let (secret, _) = enrols(town, &person, PASSWORD).await;
    let thief = town.stranger();
    for guess in 0..5 {
        tries_with(&thief, "dispatcher", Some(&format!("{guess:06}"))).await.is_refused("CODE_INCORRECT");
    }
    town.later(TimeDelta::seconds(60));
    let code = shown(&secret, town.now());
    tries_with(&thief, "dispatcher", Some(&code)).await.is_refused("CODE_INCORRECT").at("password");
    tries_with(&town.stranger(), "dispatcher", Some(&code)).await.is_done();
}

async fn a_role_is_granted_begins_ends_and_is_revoked(town: &Town) {
    let crew = Crew::of(town);
    let security = crew.who("security").await;
    let supervisor = crew.who("supervisor").await;
    let now = town.now();
    let (from, to) = (now + TimeDelta::minutes(5), now + TimeDelta::minutes(10));
    let period = json!({ "validFrom": from, "validTo": to });
    let granted = grants(&security, &supervisor, "DISPATCHER", period.clone()).await;
    assert_eq!(granted.get("/grantRole/roleGrant/area/code"), STREET);
    let case = town.resident().await.reports(&with(complaint(), json!({ "visibility": "PRIVATE" }))).await;
    for (wait, held) in [(0, 1), (299, 1), (1, 2), (299, 2), (1, 1)] {
        town.later(TimeDelta::seconds(wait));
        assert_eq!(roles(&supervisor).await.len(), held, "after {wait} s more");
    }
    supervisor.tries("acceptServiceRequest", &case, json!({})).await.is_refused("FORBIDDEN");
    let granted = grants(&security, &supervisor, "DISPATCHER", json!({})).await;
    grants(&security, &supervisor, "DISPATCHER", json!({})).await.is_refused("INVALID").at("role");
    supervisor.moves("acceptServiceRequest", &case, json!({})).await;
    let id = granted.text("/grantRole/roleGrant/id");
    let input = json!({ "grantId": id, "reason": "调离岗位", "idempotencyKey": new_key() });
    let selection = "roleGrant { validTo } isReplay userErrors { code }";
    security.does("revokeRole", &input, selection).await.is_done();
    assert_eq!(security.does("revokeRole", &input, selection).await.get("/revokeRole/isReplay"), true);
    let again = with(input, json!({ "idempotencyKey": new_key() }));
    security.does("revokeRole", &again, selection).await.is_refused("INVALID_TRANSITION");
    // At once, not when the hot copy has lapsed: the clock stands still.
    let other = town.resident().await.reports(&complaint()).await;
    supervisor.tries("acceptServiceRequest", &other, json!({})).await.is_refused("FORBIDDEN");
    for (bad, field) in [
        (json!({ "role": "HANDLER" }), "role"),
        (json!({ "role": "RESIDENT" }), "role"),
        (json!({ "areaId": null }), "areaId"),
        (json!({ "role": "EDITOR", "unitId": crew.unit_id("lights").await }), "areaId"),
        (json!({ "unitId": crew.unit_id("lights").await }), "areaId"),
        (json!({ "validFrom": now - TimeDelta::hours(1) }), "validFrom"),
        (json!({ "validFrom": to, "validTo": from }), "validTo"),
        (json!({ "validTo": "+12026-01-01T00:00:00Z" }), "validTo"),
        (json!({ "reason": "x" }), "reason"),
    ] {
        let refused = grants(&security, &supervisor, "GRID_INSPECTOR", bad.clone());
        let refused = refused.await;
        assert!(!refused.codes().is_empty(), "{bad}");
        if refused.top_codes().is_empty() {
            refused.at(field);
        }
    }
}

async fn the_three_administrators_are_three_people(town: &Town) {
    let crew = Crew::of(town);
    let security = crew.who("security").await;
    for (who, role) in [("admin", "SECURITY_ADMIN"), ("admin", "AUDIT_ADMIN"), ("auditor", "SYSTEM_ADMIN")] {
        let refused = grants(&security, &crew.who(who).await, role, json!({})).await;
        refused.is_refused("ROLE_EXCLUSIVE").at("role");
    }
    let dispatcher = crew.who("dispatcher").await;
    let to_come = json!({ "validFrom": town.now() + TimeDelta::days(1) });
    grants(&security, &dispatcher, "SYSTEM_ADMIN", to_come).await.is_done();
    grants(&security, &dispatcher, "AUDIT_ADMIN", json!({})).await.is_refused("ROLE_EXCLUSIVE");
    let inspector = crew.who("inspector").await;
    let both = futures_util::future::join(
        grants(&security, &inspector, "SYSTEM_ADMIN", json!({})),
        grants(&security, &inspector, "AUDIT_ADMIN", json!({})),
    );
    let (one, other) = both.await;
    let codes = [one.codes(), other.codes()].concat();
    assert_eq!(codes, ["ROLE_EXCLUSIVE"], "of two at once one comes through");
}

async fn nobody_decides_about_himself(town: &Town) {
    let security = town.staff("security").await;
    grants(&security, &security, "DISPATCHER", json!({})).await.is_refused("SAME_PERSON");
    for act in ["disableAccount", "resetPassword", "resetSecondFactor"] {
        tries_on(&security, act, "security").await.is_refused("SAME_PERSON");
    }
}

async fn a_disabled_account_is_out_at_once_and_may_come_back(town: &Town) {
    let crew = Crew::of(town);
    let security = crew.who("security").await;
    let dispatcher = town.staff("dispatcher").await;
    let mut socket = dispatcher.connects().await;
    let stale = account(&security, "dispatcher").await;
    tries_on(&security, "disableAccount", "dispatcher").await.is_done();
    tries_on(&security, "disableAccount", "dispatcher").await.is_refused("INVALID_TRANSITION");
    let input = json!({
        "userId": stale["user"]["id"], "expectedVersion": stale["version"], "reason": "再来一次", "idempotencyKey": new_key(),
    });
    security.does("disableAccount", &input, "account { version } userErrors { code }").await.is_refused("CONFLICT");
    assert_eq!(dispatcher.knocks().await, ["UNAUTHENTICATED"]);
    dispatcher
        .tries_refresh(&dispatcher.refresh.clone().unwrap(), &dispatcher.device)
        .await
        .is_refused("UNAUTHENTICATED");
    assert_eq!(socket.closes().await, 4403);
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_refused("FORBIDDEN");
    tries_on(&security, "enableAccount", "dispatcher").await.is_done();
    town.stranger().tries_password("dispatcher", PASSWORD).await.is_done();
    assert_eq!(dispatcher.knocks().await, ["UNAUTHENTICATED"], "old devices stay out");
}

/// A staff account's phone signs a resident in, not the staff.
async fn roles_of_staff_need_the_password(town: &Town) {
    let crew = Crew::of(town);
    let admin = crew.who("admin").await;
    let mut at_home = town.stranger();
    let input = json!({ "username": "commuter", "name": "通勤者", "idempotencyKey": new_key() });
    let made = admin.does("createStaffAccount", &input, "initialPassword userErrors { code field }").await;
    let first = made.text("/createStaffAccount/initialPassword");
    let mut at_work = town.stranger();
    at_work.signs_in_with_password("commuter", &first).await;
    changes_password(&at_work, &first, "Commuter-2026").await.is_done();
    grants(&crew.who("security").await, &at_work, "DISPATCHER", json!({})).await.is_done();
    assert_eq!(standing(&at_work).await, "IN_FORCE");
    let phone = at_home.phone();
    let asked = json!({ "phone": phone, "occasion": "CHANGE_PHONE" });
    at_work.does("sendVerificationCode", &asked, "userErrors { code }").await.is_done();
    let code = town.code_for(&phone).await;
    let bound = json!({ "newPhone": phone, "newCode": code, "idempotencyKey": new_key() });
    at_work.does("changePhone", &bound, "viewer { phone } userErrors { code field }").await.is_done();
    town.later(TimeDelta::seconds(61));
    at_home.signs_in_with_code(town, &phone).await;
    assert_eq!(at_home.id().await, at_work.id().await);
    let begin = json!({ "password": "Commuter-2026" });
    at_home.does("beginSecondFactor", &begin, "secret userErrors { code }").await.is_refused("FORBIDDEN");
    assert_eq!(standing(&at_home).await, "NOT_BY_PASSWORD");
    let case = town.resident().await.reports(&complaint()).await;
    at_home.tries("acceptServiceRequest", &case, json!({})).await.is_refused("NOT_FOUND");
    at_work.moves("acceptServiceRequest", &case, json!({})).await;
    // An administrator without a password is none.
    let nobody = town.official(Role::SystemAdmin, STREET).await;
    assert_eq!(standing(&nobody).await, "NOT_BY_PASSWORD");
    nobody.asks("{ staffAccounts { nodes { username } } }").await.is_refused("FORBIDDEN");
}

async fn a_session_of_staff_ends_idle_and_after_twelve_hours(town: &Town) {
    let mut busy = town.staff("dispatcher").await;
    let idle = town.staff("dispatcher2").await;
    for _ in 0..23 {
        town.later(TimeDelta::minutes(30));
        busy.refreshes().await;
    }
    idle.tries_refresh(&idle.refresh.clone().unwrap(), &idle.device).await.is_refused("UNAUTHENTICATED");
    town.later(TimeDelta::minutes(30));
    busy.tries_refresh(&busy.refresh.clone().unwrap(), &busy.device).await.is_refused("UNAUTHENTICATED");
    let mut idle = town.staff("dispatcher2").await;
    idle.refreshes().await;
    town.later(TimeDelta::minutes(31));
    idle.tries_refresh(&idle.refresh.clone().unwrap(), &idle.device).await.is_refused("UNAUTHENTICATED");
}

async fn only_administrators_see_and_move_accounts(town: &Town) {
    let crew = Crew::of(town);
    let (admin, security) = (crew.who("admin").await, crew.who("security").await);
    assert_eq!(account(&admin, "dispatcher2").await["status"], "ACTIVE");
    let id = account(&security, "dispatcher2").await["user"]["id"].as_str().unwrap().to_owned();
    let one = format!("{{ managedAccount(userId: \"{id}\") {{ username grants {{ role }} }} }}");
    assert_eq!(security.asks(&one).await.get("/managedAccount/username"), "dispatcher2");
    for who in ["dispatcher", "auditor", "supervisor"] {
        let person = crew.who(who).await;
        person.asks("{ staffAccounts { nodes { username } } }").await.is_refused("FORBIDDEN");
        person.asks(&one).await.is_refused("FORBIDDEN");
        grants(&person, &crew.who("chief").await, "DISPATCHER", json!({})).await.is_refused("FORBIDDEN");
    }
    let input = json!({ "username": "x", "name": "x", "idempotencyKey": new_key() });
    for person in [&security, &crew.who("auditor").await, &town.resident().await] {
        person.does("createStaffAccount", &input, "userErrors { code }").await.is_refused("FORBIDDEN");
    }
    tries_on(&security, "resetPassword", "dispatcher2").await.is_done();
    town.stranger().tries_password("dispatcher2", PASSWORD).await.is_refused("CODE_INCORRECT");
}

/// Settings that demonstration and the other stories leave off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn administrators_need_a_second_factor_and_staff_one_session() {
    let town = Town::with(Engine::Embedded, |config| {
        config.auth.second_factor = kernel::config::SecondFactor::Administrators;
        config.auth.staff_sessions = 1;
    })
    .await;
    let admin = town.staff("admin").await;
    assert_eq!(standing(&admin).await, "SECOND_FACTOR_MISSING");
    admin.asks("{ staffAccounts { nodes { username } } }").await.is_refused("FORBIDDEN");
    enrols(&town, &admin, PASSWORD).await;
    assert_eq!(standing(&admin).await, "IN_FORCE");
    admin.asks("{ staffAccounts { nodes { username } } }").await.is_done();
    let first = town.staff("dispatcher").await;
    assert_eq!(standing(&first).await, "IN_FORCE");
    town.later(TimeDelta::seconds(1));
    let second = town.staff("dispatcher").await;
    assert_eq!(first.knocks().await, ["UNAUTHENTICATED"]);
    second.asks("{ viewer { user { id } } }").await.is_done();
    assert_eq!(town.close().await, [""; 0]);
}
