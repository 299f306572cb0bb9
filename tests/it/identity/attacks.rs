//! Forged access tokens.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use serde_json::{Value, json};

use crate::support::{Person, Town, raw, stories};

stories![forged_tokens_are_refused, the_public_key_is_published, other_schemes_are_refused];

fn part(token: &str, number: usize) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(token.split('.').nth(number).unwrap()).unwrap()).unwrap()
}

fn encoded(value: &Value) -> String {
    URL_SAFE_NO_PAD.encode(value.to_string())
}

/// A header or claims with some members put in place; `null` takes one away.
fn with(original: &Value, changes: &Value) -> Value {
    let mut changed = original.clone();
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(changed.as_object_mut().unwrap().remove(name)),
            value => changed[name] = value.clone(),
        }
    }
    changed
}

/// Signs whatever header and claims are given with an Ed25519 key.
fn signed(header: &Value, claims: &Value, pem: &[u8]) -> String {
    let key = EncodingKey::from_ed_pem(pem).unwrap();
    let message = format!("{}.{}", encoded(header), encoded(claims));
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::EdDSA).unwrap();
    format!("{message}.{signature}")
}

fn hmac(header: &Value, claims: &Value, secret: &[u8]) -> String {
    let message = format!("{}.{}", encoded(&with(header, &json!({ "alg": "HS256" }))), encoded(claims));
    let key = EncodingKey::from_secret(secret);
    let signature = jsonwebtoken::crypto::sign(message.as_bytes(), &key, Algorithm::HS256).unwrap();
    format!("{message}.{signature}")
}

async fn forged_tokens_are_refused(town: &Town) {
    let (ann, bob) = (town.resident().await, town.resident().await);
    let token = ann.token.clone().unwrap();
    let (header, claims) = (part(&token, 0), part(&token, 1));
    let pem = town.signing_key();
    let foreign = identity::token::Signer::generate_pem().unwrap().into_bytes();
    assert!(passes(&ann, signed(&header, &claims, &pem)).await, "what we forge from is sound");

    let jwks = raw::get(town.address, "/.well-known/jwks.json").await.json();
    let jwk = &jwks["keys"][0];
    let public = URL_SAFE_NO_PAD.decode(jwk["x"].as_str().unwrap()).unwrap();
    let spki = [&[0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00][..], &public].concat();
    let public_pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", STANDARD.encode(&spki));
    let unsigned = |alg: &str| format!("{}.{}.", encoded(&with(&header, &json!({ "alg": alg }))), encoded(&claims));
    let ours = |changes: Value| signed(&header, &with(&claims, &changes), &pem);
    let headed = |changes: Value| signed(&with(&header, &changes), &claims, &pem);
    let (now, parts) = (town.now().timestamp(), token.split('.').collect::<Vec<_>>());
    let theirs = bob.token.clone().unwrap();
    let other: Vec<&str> = theirs.split('.').collect();
    let forged = vec![
        ("none", unsigned("none")),
        ("None", unsigned("None")),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("no signature part", format!("{}.{}", parts[0], parts[1])),
        ("HS256 with the raw public key", hmac(&header, &claims, &public)),
        ("HS256 with the public key in PEM", hmac(&header, &claims, public_pem.as_bytes())),
        ("HS256 with an empty key", hmac(&header, &claims, b"")),
        ("HS256 with the public key as JSON", hmac(&header, &claims, jwk.to_string().as_bytes())),
        ("another key under our kid", signed(&header, &claims, &foreign)),
        ("a foreign kid", headed(json!({ "kid": "../../dev/null" }))),
        ("no kid", headed(json!({ "kid": null }))),
        ("jku", headed(json!({ "jku": "https://evil.example/jwks.json" }))),
        ("jwk", signed(&with(&header, &json!({ "jwk": jwk })), &claims, &foreign)),
        ("jwk, signed by us", headed(json!({ "jwk": jwk }))),
        ("x5u", headed(json!({ "x5u": "https://evil.example/cert" }))),
        ("crit", headed(json!({ "crit": ["exp"] }))),
        ("another typ", headed(json!({ "typ": "JWT" }))),
        ("no typ", headed(json!({ "typ": null }))),
        ("expired", ours(json!({ "exp": now - 6 }))),
        ("no end", ours(json!({ "exp": null }))),
        ("an end that is text", ours(json!({ "exp": "9999999999" }))),
        ("not yet", ours(json!({ "nbf": now + 60 }))),
        ("another issuer", ours(json!({ "iss": "https://evil.example" }))),
        ("no issuer", ours(json!({ "iss": null }))),
        ("another audience", ours(json!({ "aud": "another-app" }))),
        ("no audience", ours(json!({ "aud": null }))),
        ("an unknown session", ours(json!({ "sid": part(&token, 1)["sub"] }))),
        ("a session made up", ours(json!({ "sid": "x" }))),
        ("no session", ours(json!({ "sid": null }))),
        ("somebody else's session", ours(json!({ "sid": part(&theirs, 1)["sid"] }))),
        ("somebody else", ours(json!({ "sub": part(&theirs, 1)["sub"] }))),
        ("claims of another", format!("{}.{}.{}", parts[0], other[1], parts[2])),
        ("tampered claims", format!("{}.{}.{}", parts[0], encoded(&with(&claims, &json!({ "x": 1 }))), parts[2])),
        ("a cut signature", token[..token.len() - 2].to_owned()),
        ("twice", format!("{token}.{token}")),
        ("empty", String::new()),
        ("dots", "..".to_owned()),
        ("10 kB", "x".repeat(10_000)),
    ];
    for (name, token) in forged {
        assert!(!passes(&ann, token).await, "{name}");
    }
    assert!(ann.id().await.is_some(), "none of them hurt the session");
}

async fn passes(person: &Person, token: String) -> bool {
    let thief = person.holding(Some(token));
    let answer = thief.asks("{ viewer { user { id } } }").await;
    match answer.codes().as_slice() {
        [] => true,
        [code] if code == "UNAUTHENTICATED" => {
            assert_eq!(answer.status, 401, "{answer:?}");
            false
        }
        _ => panic!("{answer:?}"),
    }
}

async fn the_public_key_is_published(town: &Town) {
    let keys = raw::get(town.address, "/.well-known/jwks.json").await;
    let header = part(&town.resident().await.token.unwrap(), 0);
    let key = &keys.json()["keys"][0];
    assert_eq!((keys.status, &key["kid"], &key["kty"]), (200, &header["kid"], &json!("OKP")));
    assert!(key.get("d").is_none(), "the private half stays here");
    let headers: Header = serde_json::from_value(header).unwrap();
    assert_eq!((headers.alg, headers.typ.as_deref()), (Algorithm::EdDSA, Some("at+jwt")));
}

async fn other_schemes_are_refused(town: &Town) {
    let token = town.resident().await.token.unwrap();
    for value in [format!("Basic {token}"), token.clone(), format!("Token {token}"), "Bearer".to_owned()] {
        let headers = [("Content-Type", raw::JSON), ("Accept", raw::GRAPHQL), ("Authorization", value.as_str())];
        let body = br#"{"query":"{ __typename }"}"#;
        let reply = raw::send(town.address, &raw::request("POST", "/graphql", &headers, body)).await;
        assert_eq!((reply.status, reply.code().as_str()), (401, "UNAUTHENTICATED"), "{value}");
    }
}
