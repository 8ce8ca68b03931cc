//! Devices: when each was last heard of, and shutting one out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde_json::json;
use sync_core::time::Timestamp;

use super::{Asked, DeviceRow, NotYet, ask, tell, why};
use crate::components::notices;
use crate::driver::driver;
use crate::settings::words;
use crate::when;

/// The list that this address answers.
#[component]
pub fn Devices(path: String) -> impl IntoView {
    let devices: Asked<Vec<DeviceRow>> = RwSignal::new(None);
    let fetch = Callback::new(move |()| ask(devices, path.clone()));
    fetch.run(());
    move || match devices.get() {
        Some(Ok(rows)) if rows.is_empty() => view! { <p class="soft">{words().no_devices()}</p> }.into_any(),
        Some(Ok(rows)) => view! {
            <ul class="rows">
                {rows.into_iter().map(|row| view! { <Device row changed=fetch /> }).collect_view()}
            </ul>
        }
        .into_any(),
        Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
        None => view! { <NotYet refusal=None /> }.into_any(),
    }
}

#[component]
fn Device(row: DeviceRow, changed: Callback<()>) -> impl IntoView {
    let driver = driver();
    let id = row.device;
    let revoke = move |_| {
        spawn_local(async move {
            match tell(&format!("/api/devices/{id}/revoke"), &json!({})).await {
                Ok(_) => {
                    notices().say(words().device_out());
                    changed.run(());
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    let contact = when::moment(words(), Timestamp(row.last_contact_at), driver.now());
    let out = row.revoked_at.map(|at| when::moment(words(), Timestamp(at), driver.now()));
    let open = out.is_none();
    view! {
        <li class="item">
            <span class="grow">
                <b>{row.name.clone()}</b>
                <span class="soft">{words().last_heard(contact)}</span>
                {out.map(|at| view! { <span class="danger">{words().shut_out_on(at)}</span> })}
            </span>
            {row.this.then(|| view! { <span class="stamp">{words().this_device()}</span> })}
            {(open && !row.this)
                .then(|| view! { <button class="button" on:click=revoke>{words().shut_out()}</button> })}
        </li>
    }
}
