//! Media types: what the client accepts, and what it sent.

use actix_web::http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap};

/// The two answers that GraphQL over HTTP knows (应答媒体类型).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: 200 for every well-formed request.
    Json,
    /// `application/graphql-response+json`: the status tells whether the operation ran.
    GraphqlResponse,
}

impl Media {
    /// The `Content-Type` of the answer.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    const fn subtype(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::GraphqlResponse => "graphql-response+json",
        }
    }
}

/// What the request body is (请求媒体类型).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Body {
    /// `application/json`.
    Json,
    /// `multipart/form-data` with its boundary.
    Multipart(String),
}

/// One media range of an `Accept` header.
struct Range<'a> {
    kind: &'a str,
    subtype: &'a str,
    quality: f32,
}

/// Chooses the answer's media type; `None` when the client accepts neither (406).
///
/// Without a header, and for wildcards, it is `application/json`, as clients older than the specification expect.
pub(super) fn accepted(headers: &HeaderMap) -> Option<Media> {
    if !headers.contains_key(ACCEPT) {
        return Some(Media::Json);
    }
    let values: Vec<&str> = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<Range<'_>> = values.iter().flat_map(|value| value.split(',')).filter_map(range).collect();
    let json = preference(&ranges, Media::Json);
    let graphql = preference(&ranges, Media::GraphqlResponse);
    match (json, graphql) {
        (None, None) => None,
        (Some(_), None) => Some(Media::Json),
        (None, Some(_)) => Some(Media::GraphqlResponse),
        (Some(json), Some(graphql)) => Some(if graphql > json { Media::GraphqlResponse } else { Media::Json }),
    }
}

/// How much a media type is wanted, to be compared: quality, then named rather than matched by a wildcard, then earlier.
fn preference(ranges: &[Range<'_>], media: Media) -> Option<(f32, u8, std::cmp::Reverse<usize>)> {
    let matching = ranges.iter().enumerate().filter_map(|(place, range)| {
        let specificity = match (range.kind, range.subtype) {
            ("application", subtype) if subtype.eq_ignore_ascii_case(media.subtype()) => 2,
            ("application", "*") => 1,
            ("*", "*") => 0,
            _ => return None,
        };
        Some((specificity, range.quality, place))
    });
    let (specificity, quality, place) =
        matching.max_by_key(|(specificity, _, place)| (*specificity, usize::MAX - place))?;
    (quality > 0.0).then_some((quality, specificity, std::cmp::Reverse(place)))
}

fn range(text: &str) -> Option<Range<'_>> {
    let mut parts = text.split(';').map(str::trim);
    let (kind, subtype) = parts.next()?.split_once('/')?;
    let mut quality = 1.0_f32;
    for part in parts {
        let (name, value) = part.split_once('=')?;
        match name.trim().to_ascii_lowercase().as_str() {
            "q" => quality = value.trim().parse().ok().filter(|quality| (0.0..=1.0).contains(quality))?,
            "charset" if !is_utf8(value) => return None,
            _ => {}
        }
    }
    let kind = if kind.eq_ignore_ascii_case("application") { "application" } else { kind };
    Some(Range { kind, subtype, quality })
}

fn is_utf8(charset: &str) -> bool {
    let charset = charset.trim().trim_matches('"');
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// Reads the type of the body; `None` for everything that is refused with 415.
///
/// A browser sends `text/plain` and forms across origins without asking; hence they are not JSON here.
pub(super) fn body(headers: &HeaderMap) -> Option<Body> {
    let identity = |value: &str| value.trim().is_empty() || value.trim().eq_ignore_ascii_case("identity");
    let is_plain = headers.get_all(CONTENT_ENCODING).all(|value| value.to_str().is_ok_and(identity));
    let mut types = headers.get_all(CONTENT_TYPE);
    let (Some(value), None, true) = (types.next(), types.next(), is_plain) else {
        return None;
    };
    let value = value.to_str().ok()?;
    let (essence, rest) = value.split_once(';').unwrap_or((value, ""));
    let essence = essence.trim();
    if essence.eq_ignore_ascii_case("application/json") {
        let charset = parameter(rest, "charset");
        return charset.is_none_or(is_utf8).then_some(Body::Json);
    }
    if essence.eq_ignore_ascii_case("multipart/form-data") {
        return multer::parse_boundary(value).ok().map(Body::Multipart);
    }
    None
}

fn parameter<'a>(parameters: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = parameters.split(';').filter_map(|part| part.split_once('='));
    pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::{HeaderName, HeaderValue};

    use super::*;

    fn headers(name: HeaderName, values: &[&'static str]) -> HeaderMap {
        let mut map = HeaderMap::new();
        values.iter().for_each(|value| map.append(name.clone(), HeaderValue::from_static(value)));
        map
    }

    #[test]
    fn accept_is_negotiated() {
        use Media::{GraphqlResponse, Json};
        for (accept, expected) in [
            (vec![], Some(Json)),
            (vec!["*/*"], Some(Json)),
            (vec!["application/*"], Some(Json)),
            (vec!["application/json"], Some(Json)),
            (vec!["application/json; charset=utf-8"], Some(Json)),
            (vec!["application/json; charset=UTF8"], Some(Json)),
            (vec!["application/json; charset=iso-8859-1"], None),
            (vec!["application/graphql-response+json"], Some(GraphqlResponse)),
            (vec!["Application/GraphQL-Response+JSON"], Some(GraphqlResponse)),
            (vec!["application/graphql-response+json, application/json"], Some(GraphqlResponse)),
            (vec!["application/json, application/graphql-response+json"], Some(Json)),
            (vec!["application/json", "application/graphql-response+json;q=0.9"], Some(Json)),
            (vec!["application/json;q=0.5, application/graphql-response+json"], Some(GraphqlResponse)),
            (vec!["application/graphql-response+json, */*"], Some(GraphqlResponse)),
            (vec!["application/json;q=0, */*"], Some(GraphqlResponse)),
            (vec!["*/*;q=0"], None),
            (vec!["text/html"], None),
            (vec![""], None),
            (vec!["application/json;q=7"], None),
        ] {
            assert_eq!(accepted(&headers(ACCEPT, &accept)), expected, "{accept:?}");
        }
    }

    #[test]
    fn bodies_are_told_apart() {
        let form = Body::Multipart("x".to_owned());
        for (value, expected) in [
            (vec![], None),
            (vec!["application/json"], Some(Body::Json)),
            (vec!["application/json; charset=\"UTF-8\""], Some(Body::Json)),
            (vec!["application/json; charset=utf-16"], None),
            (vec!["application/json", "text/plain"], None),
            (vec!["text/plain"], None),
            (vec!["application/jsonp"], None),
            (vec!["multipart/form-data; boundary=x"], Some(form)),
            (vec!["multipart/form-data"], None),
        ] {
            assert_eq!(body(&headers(CONTENT_TYPE, &value)), expected, "{value:?}");
        }
        let mut packed = headers(CONTENT_TYPE, &["application/json"]);
        packed.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        assert_eq!(body(&packed), None);
    }
}
