//! Deny by default: whoever has not signed in changes nothing.

use crate::support::samples::Samples;
use crate::support::schema::Schema;
use crate::support::{Town, stories};

stories![a_stranger_can_only_sign_in];

/// What strangers may call; each line is a decision.
const OPEN: [&str; 5] = [
    "refreshSession",       // the refresh token is the credential
    "sendVerificationCode", // limited per phone and address
    "signInWithCode",
    "signInWithPassword",
    "signInWithWechat",
];

async fn a_stranger_can_only_sign_in(town: &Town) {
    let somebody = town.resident().await;
    let schema = Schema::of(&somebody).await;
    let samples = Samples::of(town, &somebody, &somebody).await;
    let mutations = schema.operations("mutation");
    for mutation in &mutations {
        let (text, variables) = (schema.text(mutation), schema.filled(mutation, &samples));
        let upload = schema.leaves(mutation).into_iter().find(|leaf| leaf.kind == "Upload");
        let stranger = town.stranger();
        let answer = match upload {
            Some(leaf) => {
                let place = format!("variables{}", leaf.pointer.replace('/', "."));
                stranger.uploads(&text, &variables, &place, ("a.png", b"not a picture")).await
            }
            None => stranger.says(&text, &variables).await,
        };
        if !OPEN.contains(&mutation.name.as_str()) {
            assert_eq!(answer.codes(), ["UNAUTHENTICATED"], "{}: {answer:?}", mutation.name);
        }
    }
    for open in OPEN {
        assert!(mutations.iter().any(|mutation| mutation.name == open), "{open} does not exist any more");
    }
}
