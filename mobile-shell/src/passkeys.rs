//! One's passkeys, under *Ik*: signing in with a finger, face or the PIN of the computer, instead of a password and a code.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;
use sync_core::problem::{ProblemKind, Refusal};
use sync_core::time::Timestamp;
use uuid::Uuid;

use crate::browser::passkeys::{self, Asked};
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::people::{read, tell, why};
use crate::session::device_name;
use crate::settings::words;
use crate::when;

#[derive(Clone, PartialEq, Deserialize)]
struct Own {
    possible: bool,
    passkeys: Vec<PasskeyRow>,
}

#[derive(Clone, PartialEq, Deserialize)]
struct PasskeyRow {
    passkey: Uuid,
    name: String,
    created_at: i64,
    used_at: Option<i64>,
}

async fn make() -> Result<(), Refusal> {
    let asked: Asked = read(&tell("/api/passkeys/begin", &json!({})).await?)?;
    let credential = passkeys::create(&asked.options).await;
    let credential = credential.map_err(|_| Refusal::new(ProblemKind::PasskeyWrong, "not made"))?;
    let body = json!({ "ceremony": asked.ceremony, "name": device_name(), "credential": credential });
    tell("/api/passkeys", &body).await.map(drop)
}

/// The list, and making one. Shown with a network, in a browser that has passkeys.
#[component]
pub fn Passkeys() -> impl IntoView {
    let driver = driver();
    let own = RwSignal::new(None::<Own>);
    let look = move || {
        spawn_local(async move {
            let told = driver.call("GET", "/api/passkeys", None).await;
            let _ = own.try_set(told.ok().and_then(|body| read(&body).ok()));
        });
    };
    look();
    let done = move |outcome: Result<(), Refusal>, said: &'static str| {
        match outcome {
            Ok(()) => notices().say(said),
            Err(refusal) if refusal.detail == "not made" => notices().wrong(words().passkey_not_made()),
            Err(refusal) => notices().wrong(why(&refusal)),
        }
        look();
    };
    let add = move |_| {
        spawn_local(async move { done(make().await, words().passkey_made()) });
    };
    let remove = move |id: Uuid| {
        spawn_local(async move {
            let gone = tell(&format!("/api/passkeys/{id}/remove"), &json!({})).await;
            done(gone.map(drop), words().passkey_gone());
        });
    };
    let row = move |row: PasskeyRow| {
        let id = row.passkey;
        let used = row.used_at.map(|at| when::moment(words(), Timestamp(at), driver.now()));
        let made = when::moment(words(), Timestamp(row.created_at), driver.now());
        view! {
            <li class="item">
                <span class="grow">
                    <b>{row.name}</b>
                    <span class="soft">
                        {used.map_or_else(|| words().passkey_since(made), |at| words().passkey_used(at))}
                    </span>
                </span>
                <button class="button" on:click=move |_| remove(id)>{words().passkey_remove()}</button>
            </li>
        }
    };
    move || {
        let own = own.get().filter(|own| own.possible && passkeys::available())?;
        Some(view! {
            <section class="spaced" id="passkeys">
                <h2>{words().passkey_title()}</h2>
                <p>{words().passkey_why()}</p>
                <ul class="rows">{own.passkeys.into_iter().map(row).collect_view()}</ul>
                <button class="button" on:click=add><Icon name="phone" />{words().passkey_add()}</button>
            </section>
        })
    }
}
