//! The schema as introspection tells it, and ways to fill any operation of it: new operations are walked without a new test.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Person;
use super::samples::Samples;

/// The schema (接口模式), by type name.
pub struct Schema {
    types: BTreeMap<String, Value>,
}

/// A field of a root type.
#[derive(Clone, Debug)]
pub struct Operation {
    /// `query` or `mutation`.
    pub kind: &'static str,
    /// Name of the root field.
    pub name: String,
    /// Names and types of its arguments.
    pub arguments: Vec<(String, Value)>,
    /// Type of its result.
    pub result: Value,
}

/// One value among the arguments of an operation: where it stands, its type's kind and name.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// JSON pointer into the variables.
    pub pointer: String,
    /// Name of the scalar or enum; `[]` for a list.
    pub kind: String,
}

const INTROSPECTION: &str = "{ __schema { types { kind name isOneOf enumValues(includeDeprecated: true) { name description isDeprecated } \
    inputFields(includeDeprecated: true) { name type { ...T } } \
    fields(includeDeprecated: true) { name description type { ...T } args { name type { ...T } } } } } } \
    fragment T on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }";

/// How deep inputs may nest before they are left empty.
const DEEPEST: usize = 6;

impl Schema {
    /// Asks the product for it.
    pub async fn of(person: &Person) -> Self {
        let answer = person.asks(INTROSPECTION).await;
        let types = answer.list("/__schema/types");
        Self { types: types.into_iter().map(|kind| (kind["name"].as_str().unwrap().to_owned(), kind)).collect() }
    }

    /// The fields of a root type, by name.
    pub fn operations(&self, kind: &'static str) -> Vec<Operation> {
        let root = if kind == "query" { "Query" } else { "Mutation" };
        let mut operations: Vec<Operation> = list(&self.types[root]["fields"])
            .iter()
            .map(|field| Operation {
                kind,
                name: text(&field["name"]),
                arguments: list(&field["args"]).iter().map(|arg| (text(&arg["name"]), arg["type"].clone())).collect(),
                result: field["type"].clone(),
            })
            .collect();
        operations.sort_by(|a, b| a.name.cmp(&b.name));
        operations
    }

    /// Names of the mutations that answer with a payload.
    pub fn mutations_of(&self, payload: &str) -> BTreeSet<String> {
        let of_it = |operation: &Operation| operation.result["ofType"]["name"] == payload;
        self.operations("mutation").into_iter().filter(of_it).map(|operation| operation.name).collect()
    }

    /// Names, meanings and deprecation of an enum's values.
    pub fn values(&self, name: &str) -> Vec<(String, String)> {
        let values = list(&self.types[name]["enumValues"]);
        values.iter().map(|value| (text(&value["name"]), text(&value["description"]))).collect()
    }

    /// The GraphQL text of an operation whose arguments are all variables.
    pub fn text(&self, operation: &Operation) -> String {
        let declared: Vec<String> =
            operation.arguments.iter().map(|(name, kind)| format!("${name}: {}", written(kind))).collect();
        let passed: Vec<String> = operation.arguments.iter().map(|(name, _)| format!("{name}: ${name}")).collect();
        let in_brackets = |parts: &[String]| {
            if parts.is_empty() { String::new() } else { format!("({})", parts.join(", ")) }
        };
        let selection = self.selection(&operation.result);
        let Operation { kind, name, .. } = operation;
        format!("{kind}{} {{ {name}{}{selection} }}", in_brackets(&declared), in_brackets(&passed))
    }

    /// What to ask back: the errors where there are any, and a little of everything that needs no arguments.
    fn selection(&self, kind: &Value) -> String {
        let kind = &self.types[&named(kind)];
        match text(&kind["kind"]).as_str() {
            "OBJECT" => {
                let fields = list(&kind["fields"]);
                let has = |name: &str| fields.iter().any(|field| field["name"] == name);
                let errors = if has("userErrors") { " userErrors { code message field }" } else { "" };
                let nodes = if has("nodes") { " nodes { __typename }" } else { "" };
                format!(" {{ __typename{errors}{nodes} }}")
            }
            "INTERFACE" | "UNION" => " { __typename }".to_owned(),
            _ => String::new(),
        }
    }

    /// Variables of an operation: every field filled with a value of its type, that may well exist.
    pub fn filled(&self, operation: &Operation, samples: &Samples) -> Value {
        let mut variables = Map::new();
        for (name, kind) in &operation.arguments {
            variables.insert(name.clone(), self.sample(operation, (name, kind), samples, 0));
        }
        Value::Object(variables)
    }

    fn sample(&self, operation: &Operation, (name, kind): (&str, &Value), samples: &Samples, depth: usize) -> Value {
        match text(&kind["kind"]).as_str() {
            "NON_NULL" => self.sample(operation, (name, &kind["ofType"]), samples, depth),
            "LIST" if depth >= DEEPEST => json!([]),
            "LIST" => json!([self.sample(operation, (name, &kind["ofType"]), samples, depth)]),
            "INPUT_OBJECT" if depth >= DEEPEST => Value::Null,
            "INPUT_OBJECT" => {
                let described = &self.types[&named(kind)];
                let fields = list(&described["inputFields"]);
                let take = if described["isOneOf"] == true { 1 } else { fields.len() };
                let members = fields.iter().take(take).map(|field| {
                    let name = text(&field["name"]);
                    let value = self.sample(operation, (&name, &field["type"]), samples, depth + 1);
                    (name, value)
                });
                Value::Object(members.collect())
            }
            // The kind of rule that has all the fields.
            "ENUM" if named(kind) == "OpeningDays" => json!("WEEKDAYS"),
            // The first kind of event is a meeting, which is for its organisation only.
            "ENUM" if named(kind) == "EventAudience" => json!("ORGANIZATION"),
            "ENUM" => json!(self.values(&named(kind))[0].0),
            _ => samples.scalar(operation, name, &named(kind)),
        }
    }

    /// Every scalar, enum and list among the variables of an operation.
    pub fn leaves(&self, operation: &Operation) -> Vec<Leaf> {
        let mut leaves = Vec::new();
        for (name, kind) in &operation.arguments {
            self.gather(&format!("/{name}"), kind, 0, &mut leaves);
        }
        leaves
    }

    fn gather(&self, pointer: &str, kind: &Value, depth: usize, leaves: &mut Vec<Leaf>) {
        match text(&kind["kind"]).as_str() {
            "NON_NULL" => self.gather(pointer, &kind["ofType"], depth, leaves),
            "LIST" => {
                leaves.push(Leaf { pointer: pointer.to_owned(), kind: "[]".to_owned() });
                if depth < DEEPEST {
                    self.gather(&format!("{pointer}/0"), &kind["ofType"], depth, leaves);
                }
            }
            "INPUT_OBJECT" if depth >= DEEPEST => {}
            "INPUT_OBJECT" => {
                let described = &self.types[&named(kind)];
                let fields = list(&described["inputFields"]);
                let take = if described["isOneOf"] == true { 1 } else { fields.len() };
                for field in fields.iter().take(take) {
                    self.gather(&format!("{pointer}/{}", text(&field["name"])), &field["type"], depth + 1, leaves);
                }
            }
            "ENUM" => leaves.push(Leaf { pointer: pointer.to_owned(), kind: "ENUM".to_owned() }),
            _ => leaves.push(Leaf { pointer: pointer.to_owned(), kind: named(kind) }),
        }
    }
}

/// Puts a value in a place among variables.
pub fn put(variables: &Value, pointer: &str, value: Value) -> Value {
    let mut changed = variables.clone();
    if let Some(place) = changed.pointer_mut(pointer) {
        *place = value;
    } else if let Some((parent, name)) = pointer.rsplit_once('/')
        && let Some(Value::Object(members)) = changed.pointer_mut(parent)
    {
        members.insert(name.to_owned(), value);
    }
    changed
}

/// A type as documents write it.
fn written(kind: &Value) -> String {
    match text(&kind["kind"]).as_str() {
        "NON_NULL" => format!("{}!", written(&kind["ofType"])),
        "LIST" => format!("[{}]", written(&kind["ofType"])),
        _ => text(&kind["name"]),
    }
}

/// The innermost type's name.
pub fn named(kind: &Value) -> String {
    if kind["ofType"].is_object() { named(&kind["ofType"]) } else { text(&kind["name"]) }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> Vec<Value> {
    value.as_array().cloned().unwrap_or_default()
}
