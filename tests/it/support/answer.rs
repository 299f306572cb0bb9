//! What a person was answered.

use serde_json::Value;

/// An answer to a GraphQL operation (应答).
#[derive(Clone, Debug)]
pub struct Answer {
    /// HTTP status; 200 for what came over a socket.
    pub status: u16,
    /// `{data, errors}` as they came.
    pub json: Value,
    /// What was asked.
    pub asked: String,
}

impl Answer {
    /// A value of the data by its JSON pointer: `/viewer/id`. Fails when the answer carries any error.
    #[track_caller]
    pub fn get(&self, pointer: &str) -> &Value {
        self.is_done();
        self.json["data"].pointer(pointer).unwrap_or_else(|| panic!("nothing at {pointer} in {self:?}"))
    }

    /// The same as text.
    #[track_caller]
    pub fn text(&self, pointer: &str) -> String {
        let value = self.get(pointer);
        value.as_str().unwrap_or_else(|| panic!("{pointer} is no text: {value}")).to_owned()
    }

    /// The same as a list.
    #[track_caller]
    pub fn list(&self, pointer: &str) -> Vec<Value> {
        let value = self.get(pointer);
        value.as_array().unwrap_or_else(|| panic!("{pointer} is no list: {value}")).clone()
    }

    /// Whether it was done: no error of either kind.
    #[track_caller]
    pub fn is_done(&self) -> &Self {
        assert!(self.codes().is_empty(), "not done: {:?}\n{self:?}", self.codes());
        self
    }

    /// Whether it was refused with this code, as a `userError` or at the top level, and with no other.
    #[track_caller]
    pub fn is_refused(&self, code: &str) -> &Self {
        assert_eq!(self.codes(), [code], "{self:?}");
        self
    }

    /// Whether a `userError` names this field.
    #[track_caller]
    pub fn at(&self, field: &str) -> &Self {
        let errors = user_errors(&self.json["data"]);
        let fields: Vec<String> = errors.iter().map(|error| path_of(&error["field"])).collect();
        assert!(fields.iter().any(|named| named == field), "{field} is not among {fields:?}");
        self
    }

    /// Whether a `userError` of this code names this field.
    pub fn says_at(&self, code: &str, field: &str) -> bool {
        let errors = user_errors(&self.json["data"]);
        errors.iter().any(|error| error["code"] == code && path_of(&error["field"]) == field)
    }

    /// Codes of top-level errors.
    pub fn top_codes(&self) -> Vec<String> {
        let errors = self.json["errors"].as_array().cloned().unwrap_or_default();
        errors.iter().map(|error| text_of(&error["extensions"]["code"])).collect()
    }

    /// Codes of `userErrors`, wherever they stand.
    pub fn user_codes(&self) -> Vec<String> {
        user_errors(&self.json["data"]).iter().map(|error| text_of(&error["code"])).collect()
    }

    /// All codes.
    pub fn codes(&self) -> Vec<String> {
        [self.top_codes(), self.user_codes()].concat()
    }
}

fn text_of(value: &Value) -> String {
    value.as_str().unwrap_or("(no code)").to_owned()
}

fn path_of(field: &Value) -> String {
    let parts: Vec<&str> = field.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    parts.join(".")
}

fn user_errors(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => members
            .iter()
            .flat_map(|(name, member)| match (name.as_str(), member) {
                ("userErrors", Value::Array(errors)) => errors.clone(),
                _ => user_errors(member),
            })
            .collect(),
        Value::Array(items) => items.iter().flat_map(user_errors).collect(),
        _ => Vec::new(),
    }
}
