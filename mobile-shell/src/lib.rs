//! The app on the phone: screens, and the browser around [`sync_core`]. No rule lives here: a screen shows what a view
//! says and turns a tap into a command.
#![expect(unreachable_pub, reason = "Leptos's components are public")]
#![cfg_attr(
    not(feature = "office"),
    expect(
        dead_code,
        unused_imports,
        reason = "shared parts that only the office uses; the linker leaves them out"
    )
)]

mod address;
mod app;
mod browser;
mod components;
mod deliveries;
mod driver;
mod forms;
#[cfg(feature = "office")]
mod hand_in;
mod help;
#[cfg(feature = "office")]
mod import;
mod me;
mod office;
mod passkeys;
mod people;
mod pin;
mod places;
mod proof;
mod questions;
#[cfg(feature = "office")]
mod refused;
mod screens;
#[cfg(feature = "office")]
mod search;
mod second_factor;
mod session;
mod settings;
mod store;
mod taalhuis;
#[cfg(feature = "office")]
pub mod trial;
mod vault;
mod volunteers;
mod when;

use leptos::prelude::*;

/// Starts the app.
pub fn start() {
    console_error_panic_hook::set_once();
    // Signals made before the first screen live as long as the page.
    let owner = Owner::new();
    let offer = owner.with(|| RwSignal::new_local(None));
    browser::pwa::keep_install_offer(offer);
    mount_to_body(move || view! { <app::App offer /> });
    std::mem::forget(owner);
}
