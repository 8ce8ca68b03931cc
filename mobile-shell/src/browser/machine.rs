//! Clock, chance and small settings of the machine.

use std::cell::Cell;
use std::rc::Rc;

use leptos::prelude::request_animation_frame;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use sync_core::time::Timestamp;

/// The longest a picture is waited for.
const FRAME_MS: u32 = 200;

/// Now.
pub(crate) fn now() -> Timestamp {
    #[expect(
        clippy::as_conversions,
        clippy::cast_possible_truncation,
        reason = "the browser gives milliseconds as a float"
    )]
    Timestamp(js_sys::Date::now() as i64)
}

/// A generator seeded by the browser's own.
pub(crate) fn rng() -> ChaCha20Rng {
    let mut seed = [0_u8; 32];
    if getrandom::fill(&mut seed).is_err() {
        // Every browser that runs this app has crypto.getRandomValues; without it nothing must be made up.
        leptos::logging::error!("no random numbers");
    }
    ChaCha20Rng::from_seed(seed)
}

/// Milliseconds since the page began, with fractions.
pub(crate) fn millis() -> f64 {
    web_sys::window().and_then(|window| window.performance()).map_or(0.0, |performance| performance.now())
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok()?
}

/// A small setting, such as the language. Never anything about people.
pub(crate) fn setting(key: &str) -> Option<String> {
    storage()?.get_item(key).ok()?
}

/// Keeps a small setting.
pub(crate) fn keep_setting(key: &str, value: &str) {
    if let Some(storage) = storage() {
        // A browser that refuses keeps the setting until the tab closes.
        let _ = storage.set_item(key, value);
    }
}

/// Forgets a small setting.
pub(crate) fn forget_setting(key: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(key);
    }
}

/// The name of the element that has the focus; nothing when it has none.
pub(crate) fn focused() -> String {
    web_sys::window()
        .and_then(|window| window.document()?.active_element())
        .map(|element| element.id())
        .unwrap_or_default()
}

/// Whether a media query holds.
pub(crate) fn media(query: &str) -> bool {
    web_sys::window()
        .and_then(|window| window.match_media(query).ok().flatten())
        .is_some_and(|list| list.matches())
}

/// Whether the browser thinks that there is a network.
pub(crate) fn online() -> bool {
    web_sys::window().is_none_or(|window| window.navigator().on_line())
}

/// A text without accents and capitals, for searching.
pub(crate) fn fold(text: &str) -> String {
    let bare = js_sys::JsString::from(text).normalize("NFD");
    String::from(bare)
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .flat_map(char::to_lowercase)
        .collect()
}

/// A typed text as it may be kept: NFC, no spaces around it, no control characters.
pub(crate) fn tidy(text: &str) -> String {
    let normal = String::from(js_sys::JsString::from(text.trim()).normalize("NFC"));
    normal.replace("\r\n", "\n").chars().filter(|c| !c.is_control() || *c == '\n').collect()
}

/// Sets an attribute of `<html>`, such as the language or the theme.
pub(crate) fn html_attribute(name: &str, value: Option<&str>) {
    let Some(html) =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.document_element())
    else {
        return;
    };
    let _ = match value {
        Some(value) => html.set_attribute(name, value),
        None => html.remove_attribute(name),
    };
}

/// Puts the focus on an element, so that a screen reader says it.
pub(crate) fn focus(id: &str) {
    use wasm_bindgen::JsCast as _;
    let found =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(id));
    if let Some(element) = found.and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Scrolls an element to its top.
pub(crate) fn scroll_up(id: &str) {
    let found =
        web_sys::window().and_then(|window| window.document()).and_then(|page| page.get_element_by_id(id));
    if let Some(element) = found {
        element.set_scroll_top(0);
    }
}

/// Waits until the picture as it stands now is on the screen; a tab that is not looked at does not draw, and does not wait.
pub(crate) async fn after_paint() {
    let looked_at = web_sys::window()
        .and_then(|window| window.document())
        .is_some_and(|page| page.visibility_state() == web_sys::VisibilityState::Visible);
    if looked_at {
        let (drawn, drawing) = futures_channel::oneshot::channel::<()>();
        let drawn = Rc::new(Cell::new(Some(drawn)));
        let first = Rc::clone(&drawn);
        request_animation_frame(move || drop(first.take()));
        // A frame may never come when the tab is put away just now.
        let late = gloo_timers::callback::Timeout::new(FRAME_MS, move || drop(drawn.take()));
        let _ = drawing.await;
        drop(late);
    }
    gloo_timers::future::TimeoutFuture::new(0).await;
}

/// What kind of machine this is, as people call it; empty when the browser does not tell.
pub(crate) fn platform() -> &'static str {
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    // In this order: an iPad may call itself a Mac, and every Android says that it is a Linux.
    ["iPhone", "iPad", "Android", "Windows", "CrOS", "Macintosh", "Linux"]
        .into_iter()
        .find(|name| agent.contains(name))
        .map_or("", |name| match name {
            "CrOS" => "Chromebook",
            "Macintosh" => "Mac",
            other => other,
        })
}

/// The path of the page, and what stands behind its `#`, which goes to no server.
pub(crate) fn address() -> (String, String) {
    let location = web_sys::window().map(|window| window.location());
    let part = |get: fn(&web_sys::Location) -> Result<String, wasm_bindgen::JsValue>| {
        location.as_ref().and_then(|location| get(location).ok()).unwrap_or_default()
    };
    (part(web_sys::Location::pathname), part(web_sys::Location::hash).trim_start_matches('#').to_owned())
}

/// Goes to the first screen; the address before it is not in the history.
pub(crate) fn go_home() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().replace("/");
    }
}

/// Loads the page anew.
pub(crate) fn load_again() {
    if let Some(window) = web_sys::window() {
        let _ = window.location().reload();
    }
}

/// Leaves a mark in the browser's timeline, for benches.
pub(crate) fn mark(name: &str) {
    if let Some(performance) = web_sys::window().and_then(|window| window.performance()) {
        let _ = performance.mark(name);
    }
}
