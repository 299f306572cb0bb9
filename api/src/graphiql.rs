//! GraphiQL (接口调试页), served from files in the binary: a closed network has no CDN. Never mounted in production.

use std::net::SocketAddr;
use std::sync::LazyLock;

use actix_web::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, ETag, EntityTag, Header as _, HeaderValue, IfNoneMatch,
};
use actix_web::{HttpRequest, HttpResponse, web};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use kernel::vault::sha256;

/// Scripts, styles and data from this server alone (`'self'` covers its sockets). The digest is of the one style that
/// GraphiQL makes itself, the scroll lock behind its dialogs; the pictures stand in its stylesheet.
const POLICY: &str = "default-src 'none'; script-src 'self'; \
                      style-src 'self' 'sha256-nzTgYzXYDNe6BAHiiI7NNlfK8n/auuOAhh2t92YvuXo='; img-src data:; \
                      connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// For names that carry a version: what is behind them never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For our own files: ask again, by their tag.
const ASK_AGAIN: &str = "no-cache";

const HTML: &str = "text/html; charset=utf-8";
const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const TEXT: &str = "text/plain; charset=utf-8";

struct Asset {
    name: &'static str,
    media_type: &'static str,
    cache: &'static str,
    bytes: &'static [u8],
    tag: EntityTag,
}

macro_rules! asset {
    ($name:literal, $media_type:expr, $cache:expr) => {
        Asset::new($name, $media_type, $cache, include_bytes!(concat!("../assets/graphiql/", $name)))
    };
}

static PAGE: LazyLock<Asset> = LazyLock::new(|| asset!("index.html", HTML, ASK_AGAIN));
static FILES: LazyLock<[Asset; 7]> = LazyLock::new(|| {
    [
        asset!("graphiql-4.1.2.min.css", STYLE, FOREVER),
        asset!("graphiql-4.1.2.min.js", SCRIPT, FOREVER),
        asset!("react-18.3.1.production.min.js", SCRIPT, FOREVER),
        asset!("react-dom-18.3.1.production.min.js", SCRIPT, FOREVER),
        asset!("init.js", SCRIPT, ASK_AGAIN),
        asset!("page.css", STYLE, ASK_AGAIN),
        asset!("LICENSES.txt", TEXT, ASK_AGAIN),
    ]
});

/// The page at `/graphiql` and its files.
pub fn configure(routes: &mut web::ServiceConfig) {
    routes.route("/graphiql", web::get().to(page)).route("/graphiql/{file}", web::get().to(file));
}

/// The origins under which a browser on this machine knows the page. Browsers name the origin of every socket, and the
/// guard admits listed origins only, so without these the page could not subscribe.
#[must_use]
pub fn origins(address: SocketAddr) -> Vec<String> {
    let (ip, port) = (address.ip(), address.port());
    if ip.is_loopback() || ip.is_unspecified() {
        ["localhost", "127.0.0.1", "[::1]"].map(|host| format!("http://{host}:{port}")).into()
    } else {
        vec![format!("http://{address}")]
    }
}

async fn page(request: HttpRequest) -> HttpResponse {
    let mut answer = PAGE.answer(&request);
    answer.headers_mut().insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    answer
}

async fn file(request: HttpRequest, name: web::Path<String>) -> HttpResponse {
    match FILES.iter().find(|asset| asset.name == name.as_str()) {
        Some(asset) => asset.answer(&request),
        None => HttpResponse::NotFound().finish(),
    }
}

impl Asset {
    fn new(name: &'static str, media_type: &'static str, cache: &'static str, bytes: &'static [u8]) -> Self {
        let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(sha256(bytes)));
        Self { name, media_type, cache, bytes, tag }
    }

    fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let is_known = match IfNoneMatch::parse(request) {
            Ok(IfNoneMatch::Any) => true,
            Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|tag| tag.weak_eq(&self.tag)),
            Err(_) => false,
        };
        let mut answer = if is_known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
        answer.insert_header(ETag(self.tag.clone())).insert_header((CACHE_CONTROL, self.cache));
        if is_known { answer.finish() } else { answer.content_type(self.media_type).body(self.bytes) }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::MessageBody as _;
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn the_page_names_only_files_that_are_served() {
        let html = std::str::from_utf8(PAGE.bytes).unwrap();
        let named: Vec<&str> = html
            .split(['"', '\''])
            .filter(|part| part.contains("//") || part.starts_with('/'))
            .map(|part| part.strip_prefix("/graphiql/").unwrap_or_else(|| panic!("{part} is not ours")))
            .collect();
        assert_eq!(named.len(), 6);
        for name in named {
            assert!(FILES.iter().any(|asset| asset.name == name), "{name}");
        }
        let inline = html.split("<script").skip(1).filter(|script| !script.contains("></script>"));
        assert_eq!(inline.count(), 0, "the policy forbids inline scripts");
    }

    #[actix_web::test]
    async fn a_known_tag_is_answered_without_a_body() {
        let asset = &FILES[0];
        let fresh = asset.answer(&TestRequest::get().to_http_request());
        assert_eq!(
            (fresh.status().as_u16(), fresh.headers().get(CACHE_CONTROL).unwrap().as_bytes()),
            (200, FOREVER.as_bytes())
        );
        assert_eq!(fresh.into_body().try_into_bytes().unwrap(), asset.bytes);
        let again = TestRequest::get().insert_header(("If-None-Match", asset.tag.to_string())).to_http_request();
        let known = asset.answer(&again);
        assert_eq!(known.status().as_u16(), 304);
        assert!(known.into_body().try_into_bytes().unwrap().is_empty());
    }

    #[test]
    fn a_page_on_this_machine_may_open_sockets() {
        let of = |address: &str| origins(address.parse().unwrap());
        for here in ["127.0.0.1:8080", "0.0.0.0:8080", "[::1]:8080"] {
            assert_eq!(of(here), ["http://localhost:8080", "http://127.0.0.1:8080", "http://[::1]:8080"]);
        }
        assert_eq!(of("10.0.0.7:8080"), ["http://10.0.0.7:8080"]);
    }
}
