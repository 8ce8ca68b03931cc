//! A key that outlives a page for a moment: the service worker holds its handle in memory, so that a page that is loaded
//! anew, or opened beside another, does not ask for the PIN again.

use futures_channel::oneshot;
use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::*;
use web_sys::{CryptoKey, MessageChannel, MessageEvent, ServiceWorker};

use super::listener::Listener;

/// A worker that was started for this question must have answered by now; one that runs answers at once.
const PATIENCE_MS: u32 = 2_000;

fn worker() -> Option<ServiceWorker> {
    let navigator = web_sys::window()?.navigator();
    if !Reflect::has(&navigator, &"serviceWorker".into()).ok()? {
        return None;
    }
    navigator.service_worker().controller()
}

/// The name and the handle that are held, if any.
pub(crate) async fn ask() -> Option<(String, CryptoKey)> {
    let worker = worker()?;
    let channel = MessageChannel::new().ok()?;
    let (answer, answered) = oneshot::channel::<JsValue>();
    let heard = Closure::once_into_js(move |event: MessageEvent| {
        let _ = answer.send(event.data());
    });
    channel.port1().set_onmessage(Some(heard.unchecked_ref()));
    let ports = js_sys::Array::of1(&channel.port2());
    worker.post_message_with_transferable(&"ask".into(), &ports).ok()?;
    let late = gloo_timers::future::TimeoutFuture::new(PATIENCE_MS);
    let held = match futures_util::future::select(answered, late).await {
        futures_util::future::Either::Left((answer, _)) => answer.ok()?,
        futures_util::future::Either::Right(_) => return None,
    };
    channel.port1().close();
    let name = Reflect::get(&held, &"name".into()).ok()?.as_string()?;
    let key = Reflect::get(&held, &"key".into()).ok()?.dyn_into().ok()?;
    Some((name, key))
}

/// Has the worker hold this; nothing makes it forget.
pub(crate) fn hold(held: Option<(&str, &CryptoKey)>) {
    let Some(worker) = worker() else { return };
    let message = Object::new();
    let value = match held {
        Some((name, key)) => {
            let value = Object::new();
            let _ = Reflect::set(&value, &"name".into(), &name.into());
            let _ = Reflect::set(&value, &"key".into(), key);
            value.into()
        }
        None => JsValue::NULL,
    };
    let _ = Reflect::set(&message, &"hold".into(), &value);
    // Without a worker that listens the PIN is asked again: no harm.
    let _ = worker.post_message(&message);
}

/// Calls this when the page goes, and when another page of the app asks.
pub(crate) fn when_wanted(give: impl Fn() + Clone + 'static) {
    let Some(window) = web_sys::window() else { return };
    let leaving = give.clone();
    Listener::new(&window, "pagehide", move |_| leaving()).forever();
    let navigator = window.navigator();
    if Reflect::has(&navigator, &"serviceWorker".into()).unwrap_or(false) {
        Listener::new(&navigator.service_worker(), "message", move |_| give()).forever();
    }
}
