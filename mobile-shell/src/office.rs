//! The office: screens of coordinators and administrators. The app for the road leaves them out; whoever needs them gets the
//! other app after signing in (`docs/decisions/0020-two-apps.md`).

use leptos::prelude::*;
use sync_core::access::Role;
#[cfg(not(feature = "office"))]
use {
    crate::browser::machine, crate::settings::words, js_sys::Reflect, wasm_bindgen::JsCast as _,
    wasm_bindgen_futures::JsFuture,
};

use crate::driver::driver;
#[cfg(feature = "office")]
use crate::{deliveries, people, taalhuis};

/// Whether this role works with the screens of the office.
pub(crate) const fn works_there(role: Role) -> bool {
    matches!(
        role,
        Role::DeliveryCoordinator
            | Role::TaalhuisCoordinator
            | Role::VolunteerCoordinator
            | Role::Administrator
            | Role::PrivacyOfficer
            | Role::ReportReader
    )
}

/// Whether the person who is signed in works with them.
pub(crate) fn is_theirs() -> bool {
    driver().person().is_some_and(|person| person.memberships.iter().any(|own| works_there(own.role)))
}

/// What a person of the office sees first.
#[cfg(feature = "office")]
pub(crate) fn home() -> impl IntoView {
    let driver = driver();
    let (delivers, coordinates) = (driver.is(Role::Deliverer), driver.is(Role::DeliveryCoordinator));
    let teaches = driver.is(Role::TaalhuisCoordinator);
    let manages = driver.is(Role::VolunteerCoordinator) || driver.is(Role::Administrator);
    let guards = driver.is(Role::PrivacyOfficer) && !coordinates && !teaches && !manages;
    view! {
        {coordinates.then(|| view! { <deliveries::worklist::Worklist /> })}
        {teaches.then(|| view! { <taalhuis::worklist::TaalhuisWorklist /> })}
        {(!delivers && !coordinates && !teaches && manages).then(|| view! { <people::list::PeopleScreen /> })}
        {guards.then(|| view! { <people::log::LogScreen /> })}
        {(!guards && !teaches && driver.is(Role::ReportReader))
            .then(|| view! { <taalhuis::overview::TaalhuisOverviewScreen /> })}
    }
}

/// This is the app for the road: the other one can be fetched.
#[cfg(not(feature = "office"))]
pub(crate) fn home() -> impl IntoView {
    let tried = RwSignal::new(false);
    let get = move || {
        leptos::task::spawn_local(async move {
            fetch().await;
            tried.set(true);
        });
    };
    // Whoever got a role of the office since, or had the app before there were two: at once.
    if !did_not_start() {
        get();
    }
    view! {
        <section class="card">
            <h1>{move || words().office_title()}</h1>
            <p>{move || if tried.get() { words().needs_network() } else { words().office_text() }}</p>
            <button class="button main" on:click=move |_| get()>{move || words().office_get()}</button>
        </section>
    }
}

/// Which app this device starts, for the loader too.
#[cfg(not(feature = "office"))]
const APP: &str = "bundle";

/// Whether the other app was chosen here and yet this one runs: loading the page again by itself would go round in a circle.
#[cfg(not(feature = "office"))]
pub(crate) fn did_not_start() -> bool {
    machine::setting(APP).is_some()
}

/// Fetches the app with the screens of the office, and starts it. Returns when that cannot be done now.
#[cfg(not(feature = "office"))]
pub(crate) async fn fetch() {
    let Some(window) = web_sys::window() else { return };
    let Ok(fetch) = Reflect::get(&window, &"noaberOffice".into()) else { return };
    let Some(promise) = fetch
        .dyn_ref::<js_sys::Function>()
        .and_then(|fetch| fetch.call0(&window).ok())
        .and_then(|answer| answer.dyn_into::<js_sys::Promise>().ok())
    else {
        return;
    };
    if JsFuture::from(promise).await.is_ok_and(|fetched| fetched.is_truthy()) {
        machine::keep_setting(APP, "office");
        machine::load_again();
        // The page goes: nothing after this.
        std::future::pending::<()>().await;
    }
}
