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
    /// `query`, `mutation` or `subscription`.
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

const INTROSPECTION: &str = "{ __schema { types { kind name isOneOf possibleTypes { name } enumValues(includeDeprecated: true) { name description isDeprecated } \
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
        let root = match kind {
            "query" => "Query",
            "mutation" => "Mutation",
            _ => "Subscription",
        };
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

    /// The text of an operation whose arguments are all variables, that asks for fields at the end of a path.
    pub fn asked(&self, operation: &Operation, path: &[String], fields: &[String]) -> String {
        let whole = self.text(operation);
        let asked_back = format!("{} }}", self.selection(&operation.result));
        let head = whole.strip_suffix(&asked_back).expect("the selection of an operation");
        let selection = if fields.is_empty() { String::new() } else { format!("{{ {} }}", fields.join(" ")) };
        let inner = path.iter().rev().fold(selection, |inner, field| format!("{{ {field} {inner} }}"));
        format!("{head} {inner} }}")
    }

    /// All that a type has, each field with its arguments: those that are no objects, to be selected; and those that are, to go on from.
    pub fn everything(&self, kind: &Value, samples: &Samples) -> (Vec<String>, Vec<(String, Value)>) {
        let described = &self.types[&named(kind)];
        let (mut plain, mut deeper) = (vec!["__typename".to_owned()], Vec::new());
        if ["INTERFACE", "UNION"].contains(&text(&described["kind"]).as_str()) {
            plain.extend(self.fragments(described, samples));
            return (plain, deeper);
        }
        for field in list(&described["fields"]) {
            let name = text(&field["name"]);
            let asked = format!("{name}{}", self.arguments(&field, samples));
            match text(&self.types[&named(&field["type"])]["kind"]).as_str() {
                "SCALAR" | "ENUM" => plain.push(asked),
                _ => deeper.push((asked, field["type"].clone())),
            }
        }
        let is_plain = ["SCALAR", "ENUM"].contains(&text(&described["kind"]).as_str());
        (if is_plain { Vec::new() } else { plain }, deeper)
    }

    /// For each type that an interface or a union may be, all of its fields that are no objects.
    fn fragments(&self, abstracted: &Value, samples: &Samples) -> Vec<String> {
        let nodes = list(&abstracted["possibleTypes"]);
        let fragments = nodes.iter().map(|node| {
            let name = text(&node["name"]);
            // Fields of one name may have different types, so that each has a name of its own.
            let fields = list(&self.types[&name]["fields"]).into_iter().filter(|field| {
                ["SCALAR", "ENUM"].contains(&text(&self.types[&named(&field["type"])]["kind"]).as_str())
            });
            let fields = fields.map(|field| {
                let own = text(&field["name"]);
                format!("{}_{own}: {own}{}", name.to_lowercase(), self.arguments(&field, samples))
            });
            format!("... on {name} {{ {} }}", fields.collect::<Vec<_>>().join(" "))
        });
        fragments.collect()
    }

    /// The arguments of a field, those that must be there or say how much, written out.
    fn arguments(&self, field: &Value, samples: &Samples) -> String {
        let operation = Operation {
            kind: "query",
            name: text(&field["name"]),
            arguments: Vec::new(),
            result: field["type"].clone(),
        };
        let given = list(&field["args"]).into_iter().filter_map(|arg| {
            let name = text(&arg["name"]);
            let value = match name.as_str() {
                "first" => "3".to_owned(),
                _ if arg["type"]["kind"] == "NON_NULL" => {
                    self.literal(&arg["type"], &self.sample(&operation, (&name, &arg["type"]), samples, 0))
                }
                _ => return None,
            };
            Some(format!("{name}: {value}"))
        });
        let given = given.collect::<Vec<_>>().join(", ");
        if given.is_empty() { given } else { format!("({given})") }
    }

    /// A value as documents write it.
    fn literal(&self, kind: &Value, value: &Value) -> String {
        let described = &self.types[&named(kind)];
        match value {
            Value::String(word) if described["kind"] == "ENUM" => word.clone(),
            Value::Array(items) => {
                let items: Vec<String> = items.iter().map(|item| self.literal(kind, item)).collect();
                format!("[{}]", items.join(", "))
            }
            Value::Object(members) => {
                let fields = list(&described["inputFields"]);
                let written = members.iter().filter_map(|(name, value)| {
                    let field = fields.iter().find(|field| field["name"] == *name)?;
                    Some(format!("{name}: {}", self.literal(&field["type"], value)))
                });
                format!("{{ {} }}", written.collect::<Vec<_>>().join(", "))
            }
            plain => plain.to_string(),
        }
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
            // A kind of event that is for its organisation, and may take registrations.
            "ENUM" if named(kind) == "EventKind" => json!("PARTY_CLASS"),
            "ENUM" if named(kind) == "EventAudience" => json!("ORGANIZATION"),
            "ENUM" => json!(self.values(&named(kind))[0].0),
            _ => samples.scalar(operation, name, &named(kind)),
        }
    }

    /// Variables of an operation with what must be there only.
    pub fn barely(&self, operation: &Operation, filled: &Value) -> Value {
        let given = operation.arguments.iter().filter(|(_, kind)| kind["kind"] == "NON_NULL");
        given.map(|(name, kind)| (name.clone(), self.bare(kind, &filled[name]))).collect::<Map<_, _>>().into()
    }

    fn bare(&self, kind: &Value, value: &Value) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| self.bare(kind, item)).collect(),
            Value::Object(members) => {
                let described = &self.types[&named(kind)];
                let fields = list(&described["inputFields"]);
                let needed =
                    fields.iter().filter(|field| described["isOneOf"] == true || field["type"]["kind"] == "NON_NULL");
                let kept = needed.filter_map(|field| {
                    let name = text(&field["name"]);
                    Some((name.clone(), self.bare(&field["type"], members.get(&name)?)))
                });
                kept.collect::<Map<_, _>>().into()
            }
            plain => plain.clone(),
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
