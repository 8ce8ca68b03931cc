//! What makes a page an app: service worker, install, storage that stays.

use js_sys::Reflect;
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerRegistration, ServiceWorkerState};

use super::listener::Listener;
use super::machine::{load_again, media};

/// A new version of the app.
#[derive(Clone)]
pub(crate) enum Update {
    /// It waits for a tap.
    Waits(ServiceWorker),
    /// It runs in another tab; this one still shows the old version, because something is typed in it.
    Runs,
}

/// The new version, if there is one.
pub(crate) type Waiting = RwSignal<Option<Update>, LocalStorage>;
/// The browser's offer to install the app.
pub(crate) type InstallOffer = RwSignal<Option<InstallPrompt>, LocalStorage>;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(extends = web_sys::Event, typescript_type = "Event")]
    #[derive(Clone)]
    pub(crate) type InstallPrompt;
    #[wasm_bindgen(method, catch)]
    pub(crate) fn prompt(this: &InstallPrompt) -> Result<js_sys::Promise, JsValue>;
}

/// Registers the service worker. A new version that waits is taken at the start; one that is found later fills `waiting`
/// and is for a person to take. The page is never loaded anew while `busy` says that something is typed in it.
pub(crate) async fn register(waiting: Waiting, busy: fn() -> bool) -> Result<(), JsValue> {
    let Some(window) = web_sys::window() else { return Ok(()) };
    let navigator: JsValue = window.navigator().into();
    if !Reflect::has(&navigator, &"serviceWorker".into())? {
        return Ok(());
    }
    let container = window.navigator().service_worker();
    let mut first = container.controller().is_none();
    Listener::new(&container, "controllerchange", move |_| {
        // The first worker of a page runs the version that the page already shows.
        if !std::mem::take(&mut first) {
            if busy() { waiting.set(Some(Update::Runs)) } else { load_again() }
        }
    })
    .forever();
    let registration: ServiceWorkerRegistration =
        JsFuture::from(container.register("/service-worker.js")).await?.unchecked_into();
    if let Some(worker) = registration.waiting() {
        if busy() { waiting.set(Some(Update::Waits(worker))) } else { take_over(&worker) }
    }
    let found = registration.clone();
    Listener::new(&registration, "updatefound", move |_| {
        let Some(worker) = found.installing() else { return };
        let installed = worker.clone();
        Listener::new(&worker, "statechange", move |_| {
            // With a controller this is an update, without one the first install.
            let update = web_sys::window()
                .is_some_and(|window| window.navigator().service_worker().controller().is_some());
            if installed.state() == ServiceWorkerState::Installed && update {
                waiting.set(Some(Update::Waits(installed.clone())));
            }
        })
        .forever();
    })
    .forever();
    // An app on the home screen is not opened anew for weeks: it asks when a person comes back to it.
    if let Some(page) = window.document() {
        let seen = page.clone();
        Listener::new(&page, "visibilitychange", move |_| {
            if seen.visibility_state() == web_sys::VisibilityState::Visible {
                let _ = registration.update();
            }
        })
        .forever();
    }
    Ok(())
}

/// Asks the server for a newer app now, not at the next look; one that is found fills the signal of [`register`].
pub(crate) async fn look_for_newer() {
    let Some(window) = web_sys::window() else { return };
    if !Reflect::has(&window.navigator(), &"serviceWorker".into()).unwrap_or(false) {
        return;
    }
    let ready = window.navigator().service_worker().get_registration();
    if let Ok(registration) = JsFuture::from(ready).await
        && let Ok(registration) = registration.dyn_into::<ServiceWorkerRegistration>()
        && let Ok(update) = registration.update()
    {
        let _ = JsFuture::from(update).await;
    }
}

/// Starts the new version.
pub(crate) fn update(update: &Update) {
    match update {
        Update::Waits(worker) => take_over(worker),
        Update::Runs => load_again(),
    }
}

/// The page is loaded anew when the worker has taken over.
fn take_over(worker: &ServiceWorker) {
    let _ = worker.post_message(&"skip-waiting".into());
}

/// Keeps the browser's offer to install for a button of our own. Must be called before the first screen.
pub(crate) fn keep_install_offer(offer: InstallOffer) {
    let Some(window) = web_sys::window() else { return };
    Listener::new(&window, "beforeinstallprompt", move |event| {
        event.prevent_default();
        offer.set(Some(event.unchecked_into()));
    })
    .forever();
    Listener::new(&window, "appinstalled", move |_| offer.set(None)).forever();
}

/// Whether the app runs from the home screen.
pub(crate) fn installed() -> bool {
    media("(display-mode: standalone)") || media("(display-mode: fullscreen)")
}

/// Asks the browser not to throw our data away; whether it promised.
pub(crate) async fn persist() -> bool {
    storage_promise("persist").await.and_then(|value| value.as_bool()).unwrap_or(false)
}

/// Whether the browser promised so before.
pub(crate) async fn persisted() -> bool {
    storage_promise("persisted").await.and_then(|value| value.as_bool()).unwrap_or(false)
}

async fn storage_promise(method: &str) -> Option<JsValue> {
    let navigator: JsValue = web_sys::window()?.navigator().into();
    let storage = Reflect::get(&navigator, &"storage".into()).ok()?;
    let function: js_sys::Function = Reflect::get(&storage, &method.into()).ok()?.dyn_into().ok()?;
    let promise: js_sys::Promise = function.call0(&storage).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()
}

/// How much is used and how much there is, in bytes.
pub(crate) async fn estimate() -> Option<(f64, f64)> {
    let estimate = storage_promise("estimate").await?;
    let number = |key: &str| Reflect::get(&estimate, &key.into()).ok().and_then(|value| value.as_f64());
    Some((number("usage")?, number("quota")?))
}
