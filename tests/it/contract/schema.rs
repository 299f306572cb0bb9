//! The schema as text, and how it is shown.

use expect_test::expect_file;
use serde_json::Value;

use crate::support::{Engine, Town, raw, stories};

stories![the_standard_introspection_query_is_answered, a_page_is_never_larger_than_a_hundred];

#[test]
fn the_committed_schema_is_what_the_binary_prints() {
    let printed = format!("{}\n", graphql::sdl().trim_end());
    expect_file!["../../../schema.graphql"].assert_eq(&printed);
}

#[test]
fn every_type_and_field_is_described_in_both_languages() {
    let sdl = graphql::sdl();
    let lines: Vec<&str> = sdl.lines().collect();
    let is_described = |at: usize| at > 0 && lines[at - 1].trim_end().ends_with("\"\"\"");
    let bare: Vec<String> = lines
        .iter()
        .enumerate()
        .filter(|(_, line)| {
            ["type ", "input ", "enum ", "interface ", "union "].iter().any(|kind| line.starts_with(kind))
        })
        .filter(|(at, _)| !is_described(*at))
        .map(|(_, line)| (*line).to_owned())
        .collect();
    assert!(bare.is_empty(), "not described: {bare:#?}");
}

/// As GraphiQL and code generators send it: ten levels of `ofType`.
async fn the_standard_introspection_query_is_answered(town: &Town) {
    let nested = (0..9).fold("kind name".to_owned(), |inner, _| format!("kind name ofType {{ {inner} }}"));
    let text = format!(
        "query IntrospectionQuery {{ __schema {{ description queryType {{ name kind }} mutationType {{ name kind }} \
         subscriptionType {{ name kind }} types {{ ...FullType }} directives {{ name description isRepeatable locations \
         args(includeDeprecated: true) {{ ...InputValue }} }} }} }} \
         fragment FullType on __Type {{ kind name description specifiedByURL isOneOf fields(includeDeprecated: true) {{ name \
         description args(includeDeprecated: true) {{ ...InputValue }} type {{ ...TypeRef }} isDeprecated deprecationReason }} \
         inputFields(includeDeprecated: true) {{ ...InputValue }} interfaces {{ ...TypeRef }} \
         enumValues(includeDeprecated: true) {{ name description isDeprecated deprecationReason }} possibleTypes {{ ...TypeRef }} }} \
         fragment InputValue on __InputValue {{ name description type {{ ...TypeRef }} defaultValue isDeprecated \
         deprecationReason }} fragment TypeRef on __Type {{ {nested} }}"
    );
    let answer = town.stranger().asks(&text).await;
    assert!(answer.list("/__schema/types").len() > 20);
}

async fn a_page_is_never_larger_than_a_hundred(town: &Town) {
    let ann = town.resident().await;
    let schema = crate::support::schema::Schema::of(&ann).await;
    for operation in schema.operations("query") {
        if !operation.arguments.iter().any(|(name, _)| name == "first") {
            continue;
        }
        for first in [101, 99_999_999, i32::MAX, -1] {
            let name = &operation.name;
            let answer = ann.asks(&format!("{{ {name}(first: {first}) {{ nodes {{ __typename }} }} }}")).await;
            let code = answer.top_codes();
            assert!(["LIMIT", "BAD_REQUEST"].contains(&code[0].as_str()), "{name} first: {first}: {answer:?}");
        }
    }
}

/// In production strangers learn nothing about the schema; people who signed in may look at it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn production_hides_the_schema_from_strangers() {
    let town = Town::with(Engine::Embedded, |config| config.server.production = true).await;
    let reply = raw::query(town.address, "{ __schema { queryType { name } } }").await;
    assert_eq!(reply.code(), "BAD_REQUEST");
    let reply = raw::query(town.address, "{ vewer { id } }").await;
    assert_eq!(reply.json()["errors"][0]["message"], "The operation is not valid.");
    assert!(reply.header("strict-transport-security").is_some());
    let staff = town.staff("dispatcher").await;
    assert_eq!(staff.asks("{ __schema { queryType { name } } }").await.get("/__schema/queryType/name"), "Query");
    assert_eq!(town.close().await, [""; 0]);
}

/// Results that made us choose this version of the executor: others merge or drop fields here.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn fields_are_merged_as_the_specification_says() {
    let town = Town::open(Engine::Embedded).await;
    let ann = town.resident().await;
    let answer = ann
        .asks(
            "query($yes: Boolean = true, $no: Boolean = false) { viewer { ...A user { id } ...B @include(if: $yes) \
             ...C @skip(if: $yes) again: user @include(if: $no) { id } } areas { name ...D } areas { code } } \
             fragment A on Viewer { user { displayName } } fragment B on Viewer { user { kind: __typename } phone } \
             fragment C on Viewer { sessions { id } } fragment D on Area { parent { name } level }",
        )
        .await;
    let members = |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let mut viewer = members(answer.get("/viewer"));
    viewer.sort();
    assert_eq!(viewer, ["phone", "user"]);
    let mut user = members(answer.get("/viewer/user"));
    user.sort();
    assert_eq!(user, ["displayName", "id", "kind"]);
    let mut area = members(answer.get("/areas/0"));
    area.sort();
    assert_eq!(area, ["code", "level", "name", "parent"]);
    assert_eq!(town.close().await, [""; 0]);
}
