//! What goes around every request (请求护栏): its id, the client's address, CORS, and headers for browsers.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::{
    Error, HttpMessage, HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use async_graphql::Executor;
use ipnet::IpNet;

use super::{ClientInfo, Config, Edge, Host, Transport};

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Bytes of a header that are kept for the product.
const HEADER_BYTES: usize = 200;
/// Addresses of a forwarding chain that are looked at.
const HOPS: usize = 32;

/// Headers of every response, unless its handler says otherwise.
const SECURITY: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::REFERRER_POLICY, "no-referrer"),
    (header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'"),
    (header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin"),
];

/// The middleware, to be mounted by `.wrap(from_fn(guard::<E, H, _>))` on an application with `Data<Edge<E, H>>`.
///
/// It puts [`ClientInfo`] into the extensions of the request, where other handlers find it too.
///
/// # Errors
/// Those of the inner service.
pub async fn guard<E: Executor, H: Host, B: MessageBody + 'static>(
    edge: Data<Edge<E, H>>,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let client = client(&edge, request.request());
    let id = client.request_id.clone();
    let origin = allowed_origin(&edge.config, request.headers());
    let is_preflight = *request.method() == Method::OPTIONS
        && request.headers().contains_key(header::ORIGIN)
        && request.headers().contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    request.extensions_mut().insert(client);
    let mut response = if is_preflight {
        request.into_response(preflight(origin.is_some()))
    } else {
        next.call(request).await?.map_into_boxed_body()
    };
    decorate(response.headers_mut(), &edge.config, origin, &id);
    Ok(response)
}

/// Who sent a request, as the guard found out; computed anew where no guard is mounted.
pub(super) fn client<E, H: Host>(edge: &Edge<E, H>, request: &HttpRequest) -> ClientInfo {
    if let Some(client) = request.extensions().get::<ClientInfo>() {
        return client.clone();
    }
    let headers = request.headers();
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip().to_canonical());
    let trusted = &edge.config.trusted_proxies;
    let given_id = headers.get(REQUEST_ID).and_then(|value| value.to_str().ok()).filter(|id| is_sane(id));
    let given_id = given_id.filter(|_| is_trusted(trusted, peer)).map(str::to_owned);
    ClientInfo {
        address: address(trusted, peer, headers),
        request_id: given_id.unwrap_or_else(|| edge.host.new_request_id()),
        language: short(headers, header::ACCEPT_LANGUAGE),
        user_agent: short(headers, header::USER_AGENT),
        transport: Transport::Http,
    }
}

fn is_sane(id: &str) -> bool {
    (8..=64).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-'))
}

fn is_trusted(networks: &[IpNet], address: IpAddr) -> bool {
    networks.iter().any(|network| network.contains(&address))
}

/// The last address of the chain that is not a proxy of ours. What stands before it, the client may have made up.
fn address(trusted: &[IpNet], peer: IpAddr, headers: &HeaderMap) -> IpAddr {
    let lines: Vec<&str> = headers.get_all(FORWARDED_FOR).map(|value| value.to_str().unwrap_or("?")).collect();
    let mut hops = lines.iter().rev().flat_map(|line| line.rsplit(',')).take(HOPS);
    let mut current = peer;
    while is_trusted(trusted, current) {
        let Some(Ok(address)) = hops.next().map(|hop| hop.trim().parse::<IpAddr>()) else {
            break;
        };
        current = address.to_canonical();
    }
    current
}

fn short(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    let text = headers.get(name)?.to_str().ok()?;
    Some(text.chars().take(HEADER_BYTES).collect())
}

/// The request's origin, if browsers may call from it. Never an echo of what is not in the list.
fn allowed_origin(config: &Config, headers: &HeaderMap) -> Option<HeaderValue> {
    let origin = headers.get(header::ORIGIN)?;
    config.origins.iter().any(|allowed| allowed.as_bytes() == origin.as_bytes()).then(|| origin.clone())
}

/// Whether a socket may be opened: by programs, which send no origin, and by pages of the list.
pub(super) fn may_connect(config: &Config, headers: &HeaderMap) -> bool {
    !headers.contains_key(header::ORIGIN) || allowed_origin(config, headers).is_some()
}

fn preflight(is_allowed: bool) -> HttpResponse {
    if !is_allowed {
        return HttpResponse::Forbidden().finish();
    }
    HttpResponse::NoContent()
        .insert_header((header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST"))
        .insert_header((
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            "Accept, Accept-Language, Authorization, Content-Type, GraphQL-Require-Preflight, X-Client-Version",
        ))
        .insert_header((header::ACCESS_CONTROL_MAX_AGE, "600"))
        .finish()
}

fn decorate(headers: &mut HeaderMap, config: &Config, origin: Option<HeaderValue>, id: &str) {
    for (name, value) in SECURITY {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if config.hsts {
        let value = HeaderValue::from_static("max-age=31536000; includeSubDomains");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    if !config.origins.is_empty() {
        headers.append(header::VARY, HeaderValue::from_static("Origin"));
    }
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let exposed = HeaderValue::from_static("X-Request-Id, Retry-After");
        headers.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_trusted_proxies_name_the_client() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        for (peer, chain, expected) in [
            ("203.0.113.9", vec!["198.51.100.1"], "203.0.113.9"),
            ("10.0.0.1", vec![], "10.0.0.1"),
            ("10.0.0.1", vec!["198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.1.1.1, 198.51.100.1"], "198.51.100.1"),
            ("10.0.0.1", vec!["1.1.1.1", "198.51.100.1, 10.2.2.2"], "198.51.100.1"),
            ("10.0.0.1", vec!["198.51.100.1, junk"], "10.0.0.1"),
            ("10.0.0.1", vec!["junk, 10.3.3.3"], "10.3.3.3"),
            ("10.0.0.1", vec!["::ffff:198.51.100.1"], "198.51.100.1"),
            ("fd00::1", vec!["2001:db8::1"], "2001:db8::1"),
        ] {
            let mut headers = HeaderMap::new();
            chain.iter().for_each(|line| headers.append(FORWARDED_FOR, HeaderValue::from_static(line)));
            assert_eq!(address(&trusted, peer.parse().unwrap(), &headers), expected.parse::<IpAddr>().unwrap());
        }
    }

    #[test]
    fn request_ids_are_sane() {
        assert!(is_sane("0199f0aa-1b2c") && is_sane("abcd.EF_9"));
        for id in ["", "short", "with space here", "line\nbreak0", "图图图图", &"x".repeat(65)] {
            assert!(!is_sane(id), "{id}");
        }
    }
}
