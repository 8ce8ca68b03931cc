//! Devices: when each was last heard of, and shutting one out.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;
use sync_core::time::Timestamp;

use super::{Asked, DeviceRow, NotYet, ask, tell, why};
use crate::components::notices;
use crate::driver::driver;
use crate::settings::words;
use crate::when;

/// Devices on one page of a list that has more.
const PAGE: usize = 100;

/// The list that this address answers; a long one page by page.
#[component]
pub fn Devices(path: String, #[prop(optional)] paged: bool) -> impl IntoView {
    let devices: Asked<Vec<DeviceRow>> = RwSignal::new(None);
    let first = path.clone();
    let fetch = Callback::new(move |()| ask(devices, first.clone()));
    fetch.run(());
    let more = StoredValue::new(move |last: &DeviceRow| {
        ask(devices, format!("{path}?contact={}&device={}", last.last_contact_at, last.device));
    });
    move || match devices.get() {
        Some(Ok(rows)) if rows.is_empty() => view! { <p class="soft">{words().no_devices()}</p> }.into_any(),
        Some(Ok(rows)) => {
            let last = rows.last().filter(|_| paged && rows.len() == PAGE).cloned();
            view! {
                <ul class="rows">
                    {rows.into_iter().map(|row| view! { <Device row changed=fetch /> }).collect_view()}
                </ul>
                {last.map(|last| {
                    let go = move |_| more.with_value(|more| more(&last));
                    view! { <button class="button" on:click=go>{words().earlier()}</button> }
                })}
            }
            .into_any()
        }
        Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
        None => view! { <NotYet refusal=None /> }.into_any(),
    }
}

/// What a device could hold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Held {
    readers: Vec<String>,
    more_readers: usize,
    rounds: usize,
    signals: usize,
    #[serde(default)]
    learners: Vec<String>,
    #[serde(default)]
    more_learners: usize,
}

/// Told in numbers, with the names of readers to read through.
#[component]
fn HeldThere(held: Held) -> impl IntoView {
    let readers = held.readers.len() + held.more_readers;
    let learners = held.learners.len() + held.more_learners;
    let names: Vec<String> = held.readers.into_iter().chain(held.learners).collect();
    view! {
        <span>{words().held_counts(readers, held.rounds, held.signals)}</span>
        {(learners > 0).then(|| view! { <span>{words().held_learners(learners)}</span> })}
        {(!names.is_empty())
            .then(|| {
                view! {
                    <details>
                        <summary>{words().held_names()}</summary>
                        <ul>{names.into_iter().map(|name| view! { <li>{name}</li> }).collect_view()}</ul>
                    </details>
                }
            })}
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
                    changed.try_run(());
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    let held: Asked<Held> = RwSignal::new(None);
    let look = move |_| ask(held, format!("/api/devices/{id}/held"));
    let contact = when::moment(words(), Timestamp(row.last_contact_at), driver.now());
    let out = row.revoked_at.map(|at| when::moment(words(), Timestamp(at), driver.now()));
    let open = out.is_none();
    view! {
        <li class="item">
            <span class="grow">
                <b>{row.name.clone()}</b>
                {(!row.person.is_empty()).then(|| view! { <span>{row.person}</span> })}
                <span class="soft">{words().last_heard(contact)}</span>
                {move || held.get().map(|told| match told {
                    Ok(held) => view! { <HeldThere held /> }.into_any(),
                    Err(refusal) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
                })}
                {out.map(|at| view! { <span class="danger">{words().shut_out_on(at)}</span> })}
            </span>
            <Show when=move || held.with(Option::is_none)>
                <button class="button" on:click=look>{move || words().held_look()}</button>
            </Show>
            {row.this.then(|| view! { <span class="stamp">{words().this_device()}</span> })}
            {(open && !row.this)
                .then(|| view! { <button class="button" on:click=revoke>{words().shut_out()}</button> })}
        </li>
    }
}
