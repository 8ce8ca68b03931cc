//! The app itself: files from the folder of the built app, or those built into the program, packed beforehand, with the
//! headers of security promise 10.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse as _, Response};
use sha2::{Digest as _, Sha256};
use sync_core::problem::ProblemKind;
use sync_core::time::DAY_MS;

use crate::app_state::AppState;
use crate::problem::Problem;

/// The app that was built into this program: empty until `cargo xtask` has built one.
#[derive(rust_embed::RustEmbed)]
#[folder = "../var/app"]
#[allow_missing = true]
struct BuiltIn;

/// The policy of every page: our own origin only, no inline script or style, and no text becomes a page or script but through the one policy
/// of `loader.js` (`docs/decisions/0006-content-security-policy.md`).
const POLICY: &str = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; \
    img-src 'self' data: blob:; font-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none'; \
    form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types default";

/// Headers that every answer carries.
#[must_use]
pub(crate) fn security_headers(secure: bool) -> Vec<(HeaderName, HeaderValue)> {
    let mut headers = vec![
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY)),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
        (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
        (
            HeaderName::from_static("permissions-policy"),
            HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
        ),
    ];
    if secure {
        headers.push((
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000; includeSubDomains"),
        ));
    }
    headers
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').any(|part| {
            let mut words = part.split(';').map(str::trim);
            words.next().is_some_and(|name| name.eq_ignore_ascii_case(coding))
                && !words.any(|quality| {
                    quality.starts_with("q=0") && !quality.contains(|c: char| ('1'..='9').contains(&c))
                })
        })
    })
}

async fn read(folder: &str, path: &str) -> Option<Cow<'static, [u8]>> {
    if folder.is_empty() {
        return BuiltIn::get(path).map(|file| file.data);
    }
    // Only plain names below the folder.
    let safe = Path::new(path).components().all(|part| matches!(part, std::path::Component::Normal(_)));
    if !safe {
        return None;
    }
    let file: PathBuf = Path::new(folder).join(path);
    tokio::fs::read(file).await.ok().map(Cow::Owned)
}

/// How long what `security.txt` says can be held on to, in days; RFC 9116 wants less than a year.
const CONTACT_DAYS: i64 = 180;

/// Where somebody who finds a hole can write (RFC 9116).
pub(crate) async fn security_txt(State(state): State<AppState>) -> Response {
    let contact = &state.config.security_contact;
    if contact.is_empty() {
        return Problem::new(ProblemKind::NotFound).into_response();
    }
    let until = state.clock.now().plus_millis(CONTACT_DAYS * DAY_MS).as_millis();
    let until =
        chrono::DateTime::from_timestamp_millis(until).map(|until| until.format("%Y-%m-%dT%H:%M:%SZ"));
    let until = until.map(|until| until.to_string()).unwrap_or_default();
    let here = state.config.public_address.trim_end_matches('/');
    let text = format!(
        "Contact: {contact}\nExpires: {until}\nPreferred-Languages: nl, en\nCanonical: {here}/.well-known/security.txt\n"
    );
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], text).into_response()
}

/// Everything that is no address of the API: a file of the app, or a screen of it.
pub(crate) async fn app(
    State(state): State<AppState>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let asked = uri.path().trim_start_matches('/');
    if asked.starts_with("api/") {
        return Problem::new(ProblemKind::NotFound).into_response();
    }
    if method != Method::GET && method != Method::HEAD {
        return Problem::new(ProblemKind::MethodNotAllowed).into_response();
    }
    // A path without a dot is a screen of the app.
    let path = if asked.contains('.') { asked } else { "index.html" };
    let folder = &state.config.app;
    let mut found = None;
    for (ending, coding) in [(".br", "br"), (".gz", "gzip")] {
        if accepts(&headers, coding)
            && let Some(data) = read(folder, &format!("{path}{ending}")).await
        {
            found = Some((data, Some(coding)));
            break;
        }
    }
    let Some((data, coding)) = (match found {
        Some(found) => Some(found),
        None => read(folder, path).await.map(|data| (data, None)),
    }) else {
        if path == "index.html" {
            let hint = "The app is not built yet: cargo xtask serve builds it.";
            return (StatusCode::NOT_FOUND, [(header::CONTENT_TYPE, "text/plain; charset=utf-8")], hint)
                .into_response();
        }
        return Problem::new(ProblemKind::NotFound).into_response();
    };
    let mut answer = HeaderMap::new();
    let tag = format!("\"{:x}\"", Sha256::digest(&data));
    // A name with a hash never changes its content; page and service worker are asked for again each time.
    let hashed = path.starts_with("assets/");
    let caching = if hashed { "public, max-age=31536000, immutable" } else { "no-cache" };
    answer.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    answer.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        answer.insert(header::ETAG, value);
    }
    let known = headers.get(header::IF_NONE_MATCH).and_then(|value| value.to_str().ok());
    if known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag)) {
        return (StatusCode::NOT_MODIFIED, answer).into_response();
    }
    answer.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type(path)));
    if let Some(coding) = coding {
        answer.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    let body = match data {
        Cow::Borrowed(bytes) => axum::body::Bytes::from_static(bytes),
        Cow::Owned(bytes) => bytes.into(),
    };
    (answer, body).into_response()
}
