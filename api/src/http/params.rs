//! The parameters of a GraphQL request, from JSON, from a query string, or from a socket's `payload`.

use actix_web::web::Query;
use async_graphql::{Request, Value, Variables};
use serde::Deserialize;
use serde_json::Value as Json;

use super::answer::Fault;

/// How the executor marks a variable that holds an uploaded file. Only the transport may write it.
const FILE_MARK: &str = "#__graphql_file__:";

/// One well-formed request (请求参数).
#[derive(Debug, PartialEq)]
pub(super) struct Params {
    pub query: String,
    pub operation_name: Option<String>,
    pub variables: Variables,
    pub extensions: serde_json::Map<String, Json>,
}

/// The parameters as they came. The derive refuses a key that is given twice; unknown keys are ignored by the
/// specification.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Raw {
    query: Option<Json>,
    operation_name: Option<Json>,
    variables: Option<Json>,
    extensions: Option<Json>,
}

impl Params {
    /// Reads a JSON body.
    ///
    /// # Errors
    /// 400 for broken JSON, batches, and parameters of the wrong type.
    pub fn from_json(body: &[u8]) -> Result<Self, Fault> {
        let raw = serde_json::from_slice::<Raw>(body);
        // The derive also reads arrays as structures; a batch must not pass for one.
        let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        match raw {
            Ok(raw) if is_object => raw.check(),
            _ if body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') => {
                Err(Fault::malformed("Batches are not supported."))
            }
            _ => Err(Fault::malformed("The body is not a valid JSON object.")),
        }
    }

    /// Reads the payload of a `subscribe` message.
    ///
    /// # Errors
    /// As [`Self::from_json`].
    pub fn from_value(value: Json) -> Result<Self, Fault> {
        if !value.is_object() {
            return Err(Fault::malformed("The payload is not an object."));
        }
        let raw: Raw = serde_json::from_value(value).map_err(|_| Fault::malformed("The payload is malformed."))?;
        raw.check()
    }

    /// Reads the query string of a GET request; `variables` and `extensions` are JSON inside.
    ///
    /// # Errors
    /// 400 for parameters that are given twice, are not JSON, or have the wrong type.
    pub fn from_query_string(text: &str) -> Result<Self, Fault> {
        let malformed = || Fault::malformed("The query string is malformed.");
        let pairs = Query::<Vec<(String, String)>>::from_query(text).map_err(|_| malformed())?.into_inner();
        let mut raw = Raw::default();
        for (name, value) in pairs {
            let (slot, is_json) = match name.as_str() {
                "query" => (&mut raw.query, false),
                "operationName" => (&mut raw.operation_name, false),
                "variables" => (&mut raw.variables, true),
                "extensions" => (&mut raw.extensions, true),
                _ => continue,
            };
            let value =
                if is_json { serde_json::from_str(&value).map_err(|_| malformed())? } else { Json::String(value) };
            if slot.replace(value).is_some() {
                return Err(malformed());
            }
        }
        raw.check()
    }

    /// The request for the executor.
    pub fn into_request(self) -> Request {
        let mut request = Request::new(self.query).variables(self.variables);
        request.operation_name = self.operation_name;
        let extensions = self.extensions.into_iter();
        request.extensions.0 =
            extensions.filter_map(|(name, value)| Some((name, Value::from_json(value).ok()?))).collect();
        request
    }
}

impl Raw {
    fn check(self) -> Result<Params, Fault> {
        let query = match self.query {
            Some(Json::String(query)) => query,
            Some(_) => return Err(Fault::malformed("`query` must be a string.")),
            None => return Err(Fault::malformed("`query` is missing.")),
        };
        let operation_name = match self.operation_name {
            None | Some(Json::Null) => None,
            Some(Json::String(name)) => Some(name),
            Some(_) => return Err(Fault::malformed("`operationName` must be a string.")),
        };
        let variables = object(self.variables, "`variables` must be an object.")?;
        let extensions = object(self.extensions, "`extensions` must be an object.")?;
        if variables.values().any(pretends_a_file) {
            return Err(Fault::malformed("A variable pretends to be an uploaded file."));
        }
        Ok(Params { query, operation_name, variables: Variables::from_json(Json::Object(variables)), extensions })
    }
}

fn object(value: Option<Json>, complaint: &'static str) -> Result<serde_json::Map<String, Json>, Fault> {
    match value {
        None | Some(Json::Null) => Ok(serde_json::Map::new()),
        Some(Json::Object(object)) => Ok(object),
        Some(_) => Err(Fault::malformed(complaint)),
    }
}

/// The executor indexes uploads by the number behind the mark, unchecked; from outside it would be a way to panic.
fn pretends_a_file(value: &Json) -> bool {
    match value {
        Json::String(text) => text.starts_with(FILE_MARK),
        Json::Array(items) => items.iter().any(pretends_a_file),
        Json::Object(object) => object.values().any(pretends_a_file),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_parameters_are_refused() {
        for body in [
            "",
            "null",
            "7",
            "[]",
            r#"[{"query":"{a}"}]"#,
            r#"["{a}"]"#,
            r#"["{a}",null,null,null]"#,
            "{}",
            r#"{"query":7}"#,
            r#"{"query":null}"#,
            r#"{"query":"{a}"} x"#,
            r#"{"query":"{a}","query":"{b}"}"#,
            r#"{"query":"{a}","variables":[]}"#,
            r#"{"query":"{a}","variables":"{}"}"#,
            r#"{"query":"{a}","operationName":7}"#,
            r#"{"query":"{a}","extensions":7}"#,
            r##"{"query":"{a}","variables":{"f":["#__graphql_file__:0"]}}"##,
            r#"{"query":"\ud800"}"#,
            r#"{"query":"{a}","variables":{"n":1e999}}"#,
        ] {
            assert!(Params::from_json(body.as_bytes()).is_err(), "{body}");
        }
        for query in ["", "query={a}&query={b}", "query={a}&variables=x", "query={a}&variables=7", "variables={}"] {
            assert!(Params::from_query_string(query).is_err(), "{query}");
        }
    }

    #[test]
    fn well_formed_parameters_pass() {
        let body = r#" {"query":"{a}","variables":null,"operationName":null,"extensions":{"x":1},"documentId":"y"}"#;
        let params = Params::from_json(body.as_bytes()).unwrap();
        assert_eq!((params.query.as_str(), params.extensions.len()), ("{a}", 1));
        let params = Params::from_query_string("query=%7Ba%7D&operationName=A&variables=%7B%22b%22:1%7D&x=1").unwrap();
        assert_eq!((params.operation_name.as_deref(), params.variables.len()), (Some("A"), 1));
    }
}
