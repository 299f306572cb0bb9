//! Error codes: append-only, with sentences in both languages.

use expect_test::expect_file;

use crate::support::schema::Schema;
use crate::support::{Town, raw, stories};

stories![
    codes_of_refusals_are_the_reviewed_ones,
    sentences_follow_the_language_of_the_client,
    every_error_carries_code_and_request_id,
];

async fn codes_of_refusals_are_the_reviewed_ones(town: &Town) {
    let schema = Schema::of(&town.stranger()).await;
    let lines = schema.values("UserErrorCode").into_iter().map(|(code, meaning)| format!("{code}: {meaning}\n"));
    expect_file!["user-error-codes.txt"].assert_eq(&lines.collect::<String>());
}

async fn sentences_follow_the_language_of_the_client(town: &Town) {
    let mut ann = town.stranger();
    for (language, expected) in [
        ("en", "This value is not valid."),
        ("zh-CN,zh;q=0.9,en;q=0.8", "填写的内容不正确。"),
        ("fr", "填写的内容不正确。"),
    ] {
        ann.language = language;
        let input = serde_json::json!({ "phone": "1" });
        let answer = ann.does("sendVerificationCode", &input, "userErrors { message }").await;
        assert_eq!(answer.json["data"]["sendVerificationCode"]["userErrors"][0]["message"], expected);
    }
}

async fn every_error_carries_code_and_request_id(town: &Town) {
    for text in ["{", "{ nothing }", "mutation { revokeAllSessions { userErrors { code } } }"] {
        let reply = raw::query(town.address, text).await;
        let error = &reply.json()["errors"][0];
        let id = error["extensions"]["requestId"].as_str().expect("a request id").to_owned();
        assert_eq!(reply.header("x-request-id"), Some(id));
        assert!(
            !reply.code().is_empty() && error["message"].as_str().is_some_and(|words| words.ends_with(['.', '。']))
        );
    }
}
