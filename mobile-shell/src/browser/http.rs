//! Requests with bytes, a time limit, and gzip when it pays.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStream, RequestCache, RequestCredentials, RequestInit, Response,
    WritableStream,
};

/// From this size on a body is packed.
const PACK_FROM: usize = 1_024;

// "Unstable" in web-sys; Chrome has it since 80, Safari since 16.4: without it the body goes unpacked.
#[wasm_bindgen]
extern "C" {
    type CompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<CompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &CompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &CompressionStream) -> WritableStream;
}

/// What the server answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// The body.
    pub(crate) body: Vec<u8>,
}

/// The server could not be reached, or not in time.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NotReached;

async fn gzip(bytes: &[u8]) -> Result<Vec<u8>, JsValue> {
    let packer = CompressionStream::new("gzip")?;
    let blob = web_sys::Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes)))?;
    let pair = web_sys::ReadableWritablePair::new(&packer.readable(), &packer.writable());
    let stream = blob.stream().pipe_through(&pair);
    let buffer =
        JsFuture::from(Response::new_with_opt_readable_stream(Some(&stream))?.array_buffer()?).await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn has_packer() -> bool {
    js_sys::Reflect::has(&js_sys::global(), &"CompressionStream".into()).unwrap_or(false)
}

/// By what a request shows who asks.
#[derive(Clone, Copy, Default)]
pub(crate) struct Shown<'a> {
    /// The access token, for `Authorization`.
    pub(crate) token: Option<&'a str>,
    /// What only an opened device knows, beside an act that erases.
    pub(crate) secret: Option<&'a str>,
}

impl<'a> Shown<'a> {
    /// By the access token alone.
    pub(crate) fn token(token: Option<&'a str>) -> Self {
        Self { token, secret: None }
    }
}

/// Sends a request to our own server.
pub(crate) async fn send(
    method: &str,
    path: &str,
    kind: &str,
    shown: Shown<'_>,
    body: Option<&[u8]>,
    limit_ms: u32,
) -> Result<Answer, NotReached> {
    try_send(method, path, kind, shown, body, limit_ms).await.map_err(|_| NotReached)
}

async fn try_send(
    method: &str,
    path: &str,
    kind: &str,
    shown: Shown<'_>,
    body: Option<&[u8]>,
    limit_ms: u32,
) -> Result<Answer, JsValue> {
    let headers = Headers::new()?;
    headers.set("content-type", kind)?;
    headers.set("accept", "application/cbor, application/json")?;
    // Another site cannot set it without asking first.
    headers.set("noaber-app", "1")?;
    if let Some(token) = shown.token {
        headers.set("authorization", &format!("Bearer {token}"))?;
    }
    if let Some(secret) = shown.secret {
        headers.set("noaber-device-secret", secret)?;
    }
    let init = RequestInit::new();
    init.set_method(method);
    if let Some(body) = body {
        let bytes = if body.len() >= PACK_FROM && has_packer() {
            headers.set("content-encoding", "gzip")?;
            Uint8Array::from(gzip(body).await?.as_slice())
        } else {
            Uint8Array::from(body)
        };
        init.set_body_opt_u8_array(Some(&bytes));
    }
    init.set_headers_headers(&headers);
    init.set_credentials(RequestCredentials::SameOrigin);
    init.set_cache(RequestCache::NoStore);
    let abort = AbortController::new()?;
    init.set_signal(Some(&abort.signal()));
    // Covers the body too; dropped, and so off, when this ends.
    let _limit = gloo_timers::callback::Timeout::new(limit_ms, move || abort.abort());
    let window = web_sys::window().ok_or(JsValue::NULL)?;
    let response: Response =
        JsFuture::from(window.fetch_with_str_and_init(path, &init)).await?.unchecked_into();
    let buffer = JsFuture::from(response.array_buffer()?).await?;
    Ok(Answer { status: response.status(), body: Uint8Array::new(&buffer).to_vec() })
}
