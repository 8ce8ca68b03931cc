//! Saving bytes as a file, and reading one that a person picked.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, HtmlInputElement, Url};

/// How long the bytes stay reachable for the browser that saves them.
const KEEP_MS: u32 = 60_000;

/// Offers bytes as a file.
pub(crate) fn save(name: &str, kind: &str, bytes: &[u8]) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type(kind);
    let blob = Blob::new_with_u8_array_sequence_and_options(&Array::of1(&Uint8Array::from(bytes)), &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let page = web_sys::window().and_then(|window| window.document()).ok_or(JsValue::NULL)?;
    let link: HtmlAnchorElement = page.create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    page.body().ok_or(JsValue::NULL)?.append_child(&link)?;
    link.click();
    link.remove();
    gloo_timers::callback::Timeout::new(KEEP_MS, move || drop(Url::revoke_object_url(&url))).forget();
    Ok(())
}

/// The bytes of the file that was picked.
pub(crate) async fn picked(input: &HtmlInputElement) -> Option<Vec<u8>> {
    let file = input.files()?.get(0)?;
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}
