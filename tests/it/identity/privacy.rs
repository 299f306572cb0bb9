//! What must not be found: tokens, phones and names in clear.

use crate::support::engine::{Engine, holds};
use crate::support::{Town, stories};

stories![
    the_database_holds_no_token_and_no_phone_in_clear,
    a_person_sees_the_own_number_only,
    tokens_hold_nothing_personal
];

async fn the_database_holds_no_token_and_no_phone_in_clear(town: &Town) {
    let mut ann = town.resident().await;
    ann.refreshes().await;
    let refresh = ann.refresh.clone().unwrap();
    let proof = refresh.rsplit('.').next().unwrap().to_owned();
    let code = town.code_for(&ann.phone()).await;
    for (what, secret) in [
        ("access token", ann.token.clone().unwrap()),
        ("refresh token", refresh),
        ("proof of the refresh token", proof),
        ("phone", ann.phone()),
        ("phone of the seed", zhilitong::seed::RESIDENT_PHONE.to_owned()),
        ("name of the seed", "钱居民".to_owned()),
        ("device", ann.device.clone()),
        ("password", zhilitong::seed::PASSWORD.to_owned()),
        ("code", format!("\"{code}\"")),
    ] {
        assert!(!is_stored(town, &secret).await, "{what} {secret} is stored in clear");
    }
    assert!(is_stored(town, "新虹街道").await, "what is public is found, so the search works");
}

/// Whether a text is anywhere in the database, as it is or as bytes in hexadecimal.
pub async fn is_stored(town: &Town, text: &str) -> bool {
    if town.ground.engine == Engine::Embedded {
        return holds(&town.ground.folder, text.as_bytes());
    }
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    for table in town.tables().await {
        let found = format!(
            "SELECT count(*) AS n FROM \"{table}\" AS row WHERE row::text LIKE '%{text}%' OR row::text LIKE '%{hex}%'"
        );
        if town.number(&found).await > 0 {
            return true;
        }
    }
    false
}

async fn a_person_sees_the_own_number_only(town: &Town) {
    let ann = town.resident().await;
    let answer = ann.asks("{ viewer { phone user { displayName } } }").await;
    assert_eq!(answer.text("/viewer/phone"), format!("+86{}", ann.phone()));
    assert!(!answer.text("/viewer/user/displayName").contains(&ann.phone()));
}

async fn tokens_hold_nothing_personal(town: &Town) {
    use base64::Engine as _;
    let ann = town.resident().await;
    let token = ann.token.clone().unwrap();
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(token.split('.').nth(1).unwrap()).unwrap();
    let claims: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&claims).unwrap();
    let mut names: Vec<&str> = claims.keys().map(String::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "jti", "nbf", "sid", "sub"]);
    assert_eq!(claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(), 900);
}
