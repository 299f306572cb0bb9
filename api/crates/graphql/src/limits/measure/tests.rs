use std::time::{Duration, Instant};

use async_graphql::{Variables, parser::parse_query};
use serde_json::json;

use super::*;
use crate::limits::{Stop, scan};

/// GraphiQL's introspection query, with all its options on (graphql-js `getIntrospectionQuery`).
const INTROSPECTION: &str = "query IntrospectionQuery { __schema { description queryType { name kind } \
    mutationType { name kind } subscriptionType { name kind } types { ...FullType } directives { name description \
    isRepeatable locations args(includeDeprecated: true) { ...InputValue } } } } \
    fragment FullType on __Type { kind name description specifiedByURL isOneOf fields(includeDeprecated: true) { name \
    description args(includeDeprecated: true) { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason } \
    inputFields(includeDeprecated: true) { ...InputValue } interfaces { ...TypeRef } \
    enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason } \
    possibleTypes { ...TypeRef } } \
    fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue isDeprecated \
    deprecationReason } \
    fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name \
    ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } } }";

fn measured(text: &str, variables: serde_json::Value) -> Result<Measure, Refusal> {
    let limits = Limits::default();
    let tokens = scan(text, &limits).map_err(|stop| match stop {
        Stop::Refused(refusal) => refusal,
        Stop::Syntax => panic!("syntax: {text}"),
    })?;
    let document = parse_query(text).unwrap();
    let chosen = select(&document, None).or_else(|| select(&document, Some("A"))).unwrap();
    measure(&document, chosen, &Variables::from_json(variables), tokens, &limits)
}

fn complexity(text: &str, variables: serde_json::Value) -> u64 {
    measured(text, variables).unwrap().complexity
}

fn refused(text: &str) -> Limit {
    measured(text, json!({})).unwrap_err().limit
}

#[test]
fn complexity_multiplies_by_pages() {
    for (text, expected) in [
        ("{a}", 1),
        ("{a b c{d}}", 4),
        ("{a(first:5){b c}}", 11),
        ("{a(first:5){edges{node{b c}}}}", 11),
        ("{a(first:5){nodes{b c} totalCount}}", 12),
        ("{a{edges{node{b}}}}", 21),
        ("{a{edges{cursor}}}", 21),
        ("{a(last:3){edges{node{b(first:4){nodes{c d}}}}}}", 28),
        ("{a(first:3){...F}} fragment F on C{edges{node{...G}}} fragment G on D{b c}", 7),
        ("{a(first:3){... on C{edges{node{b c}}}}}", 7),
        ("{nodes(ids:[1,2,3]){b c}}", 7),
        ("{a(first:100){edges{node{b(first:0){edges{cursor}}}}}}", 101),
        ("{__typename a{__typename}}", 1),
        ("{nodes(ids:[1,2,3]){__typename}}", 4),
    ] {
        assert_eq!(complexity(text, json!({})), expected, "{text}");
    }
}

#[test]
fn a_list_without_pages_costs_what_it_may_hold() {
    for (text, expected) in [
        ("{a{timeline{kind}}}", 1 + 1 + 10),
        ("{a{timeline{__typename}}}", 1 + 1 + 10),
        ("{a{timeline}}", 2),
        ("{a(first:10){nodes{timeline{kind notes{text}}}}}", 1 + 10 * (1 + 10 * (1 + 1 + 1))),
        ("{a{x:units{...F}}} fragment F on U{name members{user{id}}}", 1 + 1 + 2 * (1 + 1 + 5 * 2)),
        ("{areas{name}}", 1 + 1),
        ("{areas(level:MICRO){name}}", 1 + 147),
        ("{areas(level:NOWHERE){name}}", 1 + 1),
        ("{unit{areas{name}}}", 1 + 1 + 10),
        ("{...F} fragment F on Query{areas{name}}", 1 + 10),
        ("{area{boundary}}", 1 + 5),
    ] {
        assert_eq!(complexity(text, json!({})), expected, "{text}");
    }
    let by_variable = "query A($l: AreaLevel! = DISPOSAL) {areas(level:$l){name}}";
    assert_eq!(complexity(by_variable, json!({})), 1 + 4);
    assert_eq!(complexity(by_variable, json!({"l": "AUTONOMY"})), 1 + 29);
}

#[test]
fn a_map_is_read_whole_but_not_many_maps() {
    let tree = |leaf: &str| format!("children{{{leaf} children{{{leaf} children{{{leaf}}}}}}}");
    for leaf in ["id code name level", "name boundary"] {
        let whole = complexity(&format!("{{areas{{{leaf} {}}}}}", tree(leaf)), json!({}));
        assert!(whole <= 1_700, "{leaf}: {whole}");
    }
    let ids = json!({ "ids": vec!["area_1"; 100] });
    let four: String =
        (0..4).map(|i| format!("a{i}:nodes(ids:$ids){{... on Area{{{}}}}} ", tree("boundary"))).collect();
    let refusal = measured(&format!("query A($ids: [ID!]!) {{{four}}}"), ids).unwrap_err();
    assert_eq!((refusal.limit, refusal.allowed), (Limit::Complexity, 2_000));
    assert!(refusal.found > 400_000, "{refusal:?}");
    let one = format!("{{{}}}", (0..4).map(|i| format!("a{i}:areas{{{}}} ", tree("boundary"))).collect::<String>());
    assert_eq!(refused(&one), Limit::Complexity);
}

#[test]
fn pages_come_from_variables() {
    let text = "query A($n: Int = 7, $m: [ID!]) {a(first:$n){nodes{b}} nodes(ids:$m){c}}";
    assert_eq!(complexity(text, json!({"n": 3, "m": [1, 2]})), 4 + 3);
    assert_eq!(complexity(text, json!({"m": [1]})), 8 + 2);
    assert_eq!(complexity(text, json!({"n": null, "m": [1]})), 21 + 2);
    assert_eq!(measured(text, json!({"n": 101})).unwrap_err().limit, Limit::Page);
    let ids: Vec<u32> = (0..101).collect();
    assert_eq!(measured(text, json!({"m": ids})).unwrap_err().limit, Limit::Page);
}

#[test]
fn excess_is_refused_by_its_name() {
    let aliases = |n: usize| (0..n).map(|i| format!("a{i}:b ")).collect::<String>();
    let deep = |n: usize| format!("{}{}", "{a".repeat(n), "}".repeat(n));
    for (text, limit) in [
        (format!("{{{}}}", aliases(16)), Limit::Aliases),
        (format!("{{{}}}", aliases(1_900)), Limit::Tokens),
        (format!("{{...F ...G}} fragment F on Q{{{0}}} fragment G on Q{{{0}}}", aliases(8)), Limit::Aliases),
        (deep(13), Limit::Depth),
        (deep(33), Limit::Levels),
        (deep(49), Limit::Brackets),
        ("{a(first:101){b}}".to_owned(), Limit::Page),
        ("{a(first:99999999){b}}".to_owned(), Limit::Page),
        ("{a(last:2147483648){b}}".to_owned(), Limit::Page),
        ("{a(first:100){edges{node{b(first:100){edges{node{c}}}}}}}".to_owned(), Limit::Complexity),
        ("{a{edges{node{b{edges{node{c{edges{node{d}}}}}}}}}}".to_owned(), Limit::Complexity),
        (format!("{{{}}}", "a ".repeat(52)), Limit::Duplicates),
        (format!("{{{}}}", "__typename ".repeat(500)), Limit::Duplicates),
        (format!("{{{}}}", "a b c d e f g h i j k l m n o p q r s t ".repeat(110)), Limit::Selections),
        ("{...F} fragment F on Q{a ...G} fragment G on Q{b ...F}".to_owned(), Limit::FragmentCycles),
        ("{a} fragment F on Q{...F}".to_owned(), Limit::FragmentCycles),
        ("{a @b @b @b @b @b @b}".to_owned(), Limit::DirectivesAtOnce),
        (format!("{{{}}}", (0..7).map(|i| format!("f{i} @a @b @c ")).collect::<String>()), Limit::Directives),
        ("subscription{a b}".to_owned(), Limit::RootFields),
        (format!("{{{}}}", (0..21).map(|i| format!("f{i} ")).collect::<String>()), Limit::RootFields),
        ((0..21).map(|i| format!("query Q{i}{{a}} ")).collect::<String>() + "query A{a}", Limit::Operations),
        (format!("query A({}){{a}}", (0..51).map(|i| format!("$v{i}:Int ")).collect::<String>()), Limit::Variables),
        (r##"mutation{up(file:"#__graphql_file__:0")}"##.to_owned(), Limit::FileLiterals),
        (r#"mutation{up(input:{list:["\u0023__graphql_file__:0"]})}"#.to_owned(), Limit::FileLiterals),
    ] {
        assert_eq!(refused(&text), limit, "{text:.99}");
    }
}

#[test]
fn introspection_has_its_own_account() {
    let measure = measured(INTROSPECTION, json!({})).unwrap();
    assert!(measure.introspects && measure.depth == 1 && measure.complexity == 1, "{measure:?}");
    let circular = "{__schema{types{fields{type{fields{type{fields{type{name}}}}}}}}}";
    assert_eq!(refused(circular), Limit::IntrospectionLists);
    let deep = format!("{{__type(name:\"A\"){}{}}}", "{ofType".repeat(22), "}".repeat(22));
    assert_eq!(refused(&deep), Limit::IntrospectionDepth);
    let wide = "{__schema{...A ...B}} fragment A on S{...B ...C} fragment B on S{...C ...D ...E} \
        fragment C on S{...D ...E} fragment D on S{...E} fragment E on S{types{x0:name x1:name}}";
    assert!(measured(wide, json!({})).is_err());
}

#[test]
fn doubling_fragments_cost_nothing() {
    let mut text = "{...F0}".to_owned();
    for i in 0..30 {
        text += &format!(" fragment F{i} on Query{{...F{0} ...F{0}}}", i + 1);
    }
    text += " fragment F30 on Query{__typename}";
    let started = Instant::now();
    let limit = refused(&text);
    assert!(matches!(limit, Limit::Selections | Limit::Levels), "{limit:?}");
    assert!(started.elapsed() < Duration::from_millis(100), "{:?}", started.elapsed());
    // A chain that only descends must not descend far, whether an operation reaches it or not.
    let chain = |head: &str| {
        let links = (0..400).map(|i| format!(" fragment F{i} on Q{{...F{}}}", i + 1)).collect::<String>();
        format!("{head}{links} fragment F400 on Q{{a}}")
    };
    assert_eq!(refused(&chain("{...F0}")), Limit::Levels);
    assert_eq!(refused(&chain("{a}")), Limit::Levels);
}

#[test]
fn a_long_client_document_passes() {
    let fields = |n: usize| (0..n).map(|i| format!("    field{i}\n")).collect::<String>();
    let parts = (0..10).map(|i| format!("fragment F{i} on T {{\n{}}}\n", fields(45))).collect::<String>();
    let spreads = (0..10).map(|i| format!("  a{i}(id: $id) {{ ...F{i} }}\n")).collect::<String>();
    let text = format!("query A($id: ID!) {{\n{spreads}}}\n{parts}");
    assert!(text.lines().count() > 475);
    assert!(measured(&text, json!({"id": "1"})).is_ok());
}

#[test]
fn root_fields_are_named_as_often_as_asked() {
    let text = "mutation A {x:signIn y:signIn ...F} fragment F on M {signOut}";
    let mut names = measured(text, json!({})).unwrap().root_fields;
    names.sort();
    assert_eq!(names, ["signIn", "signIn", "signOut"]);
}

#[test]
fn the_operation_is_chosen_by_name() {
    let chosen = |text: &str, name: Option<&str>| {
        let document = parse_query(text).unwrap();
        select(&document, name).map(|(name, _)| name.map(ToString::to_string))
    };
    assert_eq!(chosen("{a}", None), Some(None));
    assert_eq!(chosen("{a}", Some("A")), None);
    assert_eq!(chosen("query A{a}", None), Some(Some("A".to_owned())));
    assert_eq!(chosen("query A{a} query B{a}", None), None);
    assert_eq!(chosen("query A{a} query B{a}", Some("B")), Some(Some("B".to_owned())));
    assert_eq!(chosen("query A{a} query B{a}", Some("")), None);
}

/// The worst that passes the scan must parse and measure fast: the parser reads what it ignores several times.
#[test]
fn what_passes_the_scan_parses_fast() {
    let size = Limits::default().document_bytes - 64;
    let padded = |pad: &str| format!("{{a{}b}}", pad.repeat(size / pad.len()));
    let nested = "{a{a{a{a{a{a{a{a{a{a{a(b:[[[[[[[[[[{c:{c:{c:[";
    for text in [
        padded(" "),
        padded(",\n"),
        padded("#\n"),
        padded("# {{{{ \r\n"),
        format!("{{a(b:\"{}\")}}", "x".repeat(size)),
        format!("{{a(b:\"\"\"{}\"\"\")}}", "\"\" ".repeat(size / 3)),
        format!("{{a(b:[{}])}}", "-1.5e9 ".repeat(3_000)),
        format!("{{{}}}", "a:b(c:{d:1}) ".repeat(300)),
        nested.to_owned(),
        format!("{{a(b:{}{})}}", "[".repeat(44), "]".repeat(44)),
        format!("query A($a:{}I{}){{a}}", "[".repeat(44), "]".repeat(44)),
    ] {
        let started = Instant::now();
        scan(&text, &Limits::default()).unwrap();
        let _ = parse_query(&text);
        let took = started.elapsed();
        let head: String = text.chars().take(20).collect();
        assert!(took < Duration::from_millis(1_500), "{took:?} {head:?}");
    }
}
