//! The GraphQL multipart request specification (文件上传): `operations`, `map`, one file, in any order.
//!
//! The file is held in memory until its operation ends, and there is never anything on disk to clean up. This needs
//! async-graphql without its feature `tempfile`.

use std::{collections::BTreeMap, convert::Infallible};

use actix_web::{
    HttpRequest,
    http::{StatusCode, header::AUTHORIZATION},
    web::{Bytes, Payload},
};
use async_graphql::{Request, UploadValue, Value, Variables};
use futures_util::stream;
use multer::{Constraints, Field, Multipart};

use super::{Edge, Host, answer::Fault, body, params::Params};

/// Header that a page of another origin cannot send without asking; forms can be sent without.
const PREFLIGHT: &str = "GraphQL-Require-Preflight";
/// Variables that one file may fill.
const PLACES: usize = 4;
/// Bytes of a file name that are kept.
const NAME_BYTES: usize = 255;

/// The parts of a form, as far as they have come.
#[derive(Default)]
struct Form {
    operations: Option<Bytes>,
    map: Option<Bytes>,
    file: Option<(String, UploadValue)>,
}

/// Refuses a form that a foreign page could have sent (CSRF): without a bearer token and without the header.
///
/// # Errors
/// 400.
pub(super) fn require_preflight(request: &HttpRequest) -> Result<(), Fault> {
    let headers = request.headers();
    let bearer = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).is_some_and(is_bearer);
    if bearer || headers.get(PREFLIGHT).is_some_and(|value| !value.is_empty()) {
        Ok(())
    } else {
        Err(Fault::malformed("Forms need the header `GraphQL-Require-Preflight: 1`."))
    }
}

fn is_bearer(value: &str) -> bool {
    value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("bearer "))
}

impl<E, H: Host> Edge<E, H> {
    /// Reads a form with one file, and puts the file into its variables.
    ///
    /// # Errors
    /// 400 for a form that breaks the specification, 413, 408.
    pub(super) async fn upload(
        &self,
        request: &HttpRequest,
        payload: &mut Payload,
        boundary: String,
        file_bytes: usize,
    ) -> Result<Request, Fault> {
        let limit = file_bytes.saturating_add(self.config.body_bytes);
        let body = body::read_segments(payload, request.headers(), limit, self.config.uploads.within).await?;
        let form = self.form(body, boundary, file_bytes).await?;
        let (Some(operations), Some(map), Some((part, file))) = (form.operations, form.map, form.file) else {
            return Err(Fault::malformed("A form has the parts `operations`, `map` and one file."));
        };
        let params = Params::from_json(&operations)?;
        let places = places(&map, &part, &params.variables)?;
        let mut request = params.into_request();
        for place in &places {
            // A file in memory can always be shared.
            request.set_upload(place, file.try_clone().map_err(|_| Fault::internal())?);
        }
        Ok(request)
    }

    async fn form(&self, body: Vec<Bytes>, boundary: String, file_bytes: usize) -> Result<Form, Fault> {
        let whole = stream::iter(body.into_iter().map(Ok::<_, Infallible>));
        let mut parts = Multipart::with_constraints(whole, boundary, Constraints::new());
        let mut form = Form::default();
        while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
            let name = part.name().map(str::to_owned).ok_or_else(broken)?;
            match name.as_str() {
                "operations" => once(&mut form.operations, self.text(part).await?)?,
                "map" => once(&mut form.map, self.text(part).await?)?,
                _ if part.file_name().is_some() => {
                    let file = file(part, file_bytes).await?;
                    once(&mut form.file, (name, file))?;
                }
                _ => return Err(broken()),
            }
        }
        Ok(form)
    }

    async fn text(&self, part: Field<'_>) -> Result<Bytes, Fault> {
        bounded(part, self.config.body_bytes).await
    }
}

async fn file(part: Field<'_>, limit: usize) -> Result<UploadValue, Fault> {
    let filename = base_name(part.file_name().unwrap_or_default());
    let content_type = part.content_type().map(ToString::to_string);
    let content = bounded(part, limit).await?;
    Ok(UploadValue { filename, content_type, content })
}

async fn bounded(part: Field<'_>, limit: usize) -> Result<Bytes, Fault> {
    let content = part.bytes().await.map_err(|_| broken())?;
    if content.len() > limit {
        return Err(Fault::http(StatusCode::PAYLOAD_TOO_LARGE, "A part of the form is too large."));
    }
    Ok(content)
}

fn once<T>(slot: &mut Option<T>, value: T) -> Result<(), Fault> {
    match slot.replace(value) {
        None => Ok(()),
        Some(_) => Err(Fault::malformed("A form has each part once, and one file.")),
    }
}

fn broken() -> Fault {
    Fault::malformed("The form is malformed.")
}

/// The variables that `map` gives the file to. Each must be there and hold null, as the specification demands.
fn places(map: &[u8], part: &str, variables: &Variables) -> Result<Vec<String>, Fault> {
    let mut map: BTreeMap<String, Vec<String>> = serde_json::from_slice(map).map_err(|_| broken())?;
    let (places, rest) = (map.remove(part).unwrap_or_default(), map);
    let is_sound = rest.is_empty() && (1..=PLACES).contains(&places.len());
    if is_sound && places.iter().all(|place| matches!(at(variables, place), Some(Value::Null))) {
        Ok(places)
    } else {
        Err(Fault::malformed("`map` must give the file to variables that are null."))
    }
}

fn at<'a>(variables: &'a Variables, place: &str) -> Option<&'a Value> {
    let mut steps = place.strip_prefix("variables.")?.split('.');
    let first = variables.get(steps.next()?)?;
    steps.try_fold(first, |value, step| match value {
        Value::List(items) => items.get(step.parse::<usize>().ok()?),
        Value::Object(fields) => fields.get(step),
        _ => None,
    })
}

/// The last part of a file name, without control characters: it is shown, never used as a path.
fn base_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut kept: String = base.chars().filter(|c| !c.is_control()).collect();
    while kept.len() > NAME_BYTES {
        kept.pop();
    }
    kept
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_lose_their_paths() {
        for (name, expected) in
            [("a.png", "a.png"), ("../../x", "x"), ("C:\\a\\b.pdf", "b.pdf"), ("a\0\n.png", "a.png")]
        {
            assert_eq!(base_name(name), expected);
        }
        assert!(base_name(&"图".repeat(300)).len() <= NAME_BYTES);
    }

    #[test]
    fn a_file_goes_only_where_null_is() {
        let variables = Variables::from_json(json!({"input": {"file": null, "list": [null, 1]}, "text": "x"}));
        for (map, is_sound) in [
            (json!({"0": ["variables.input.file"]}), true),
            (json!({"0": ["variables.input.list.0"]}), true),
            (json!({"0": ["variables.input.list.1"]}), false),
            (json!({"0": ["variables.text"]}), false),
            (json!({"0": ["variables.none"]}), false),
            (json!({"0": ["query"]}), false),
            (json!({"0": []}), false),
            (json!({}), false),
            (json!({"1": ["variables.input.file"]}), false),
            (json!({"0": ["variables.input.file"], "1": ["variables.input.list.0"]}), false),
            (json!({"0": "variables.input.file"}), false),
        ] {
            assert_eq!(places(map.to_string().as_bytes(), "0", &variables).is_ok(), is_sound, "{map}");
        }
    }
}
