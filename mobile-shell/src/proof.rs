//! Before something grave the person shows anew who he is: with the password, a passkey, or the PIN of who has neither.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;
use sync_core::problem::{ProblemKind, Refusal};

use crate::browser::passkeys;
use crate::components::{Field, Fields, FormErrors, Icon};
use crate::driver::lock::Opened;
use crate::driver::{Driver, driver};
use crate::people::{read, why};
use crate::second_factor::CodeField;
use crate::settings::words;

#[derive(Clone, Default, PartialEq, Deserialize)]
struct Ways {
    ways: Vec<String>,
}

/// The question, over the screen that asked for it.
#[component]
pub fn ProofAsked() -> impl IntoView {
    let driver = driver();
    let asked = Memo::new(move |_| driver.proof.with(Option::is_some));
    move || {
        let by_pin = driver.proof.with_untracked(|asked| asked.as_ref().is_some_and(|asked| asked.by_pin));
        asked.get().then(|| view! { <Question driver by_pin /> })
    }
}

fn answer(driver: Driver, proven: bool) {
    let waiting = driver.proof.try_update(Option::take).flatten();
    if let Some(waiting) = waiting {
        // Whoever asked may be gone.
        let _ = waiting.answered.send(proven);
    }
}

async fn prove(driver: Driver, fields: Fields, pin: bool, by_pin: bool, code: RwSignal<bool>) {
    let (name, typed) = ("proof", fields.get("proof"));
    let proof = if pin {
        match driver.knows_pin(&typed).await {
            // Here that is enough.
            Opened::Open if by_pin => return answer(driver, true),
            Opened::Open => {}
            Opened::Wrong(left) => return fields.fail(name, words().pin_wrong(left)),
            Opened::Wait(seconds) => return fields.fail(name, words().pin_wait(seconds)),
            Opened::Over => return answer(driver, false),
        }
        json!({ "with": "pin", "device_secret": driver.device_secret() })
    } else {
        json!({ "with": "password", "password": typed, "code": fields.get("code") })
    };
    match driver.prove(&proof).await {
        Ok(()) => answer(driver, true),
        Err(refusal) if refusal.kind == ProblemKind::SecondFactorNeeded => code.set(true),
        Err(refusal) if refusal.detail == "proof" => fields.fail(name, words().proof_wrong()),
        Err(refusal) => fields.fail(if code.get_untracked() { "code" } else { name }, why(&refusal)),
    }
}

#[component]
fn Question(driver: Driver, by_pin: bool) -> impl IntoView {
    let dialog = NodeRef::<leptos::html::Dialog>::new();
    let ways = RwSignal::new(None::<Result<Ways, Refusal>>);
    let fields = Fields::new([]);
    let code = RwSignal::new(false);
    let busy = RwSignal::new(false);
    if by_pin {
        ways.set(Some(Ok(Ways { ways: vec!["pin".to_owned()] })));
    } else {
        spawn_local(async move {
            let told = driver.call("GET", "/api/prove", None).await.and_then(|body| read(&body));
            let _ = ways.try_set(Some(told));
        });
    }
    Effect::new(move |_| {
        if let Some(dialog) = dialog.get() {
            // Shown as a question above all else; everything behind it is out of reach.
            let _ = dialog.show_modal();
        }
    });
    let has = move |way: &str| {
        ways.with(|ways| matches!(ways, Some(Ok(told)) if told.ways.iter().any(|one| one == way)))
    };
    let pin = Memo::new(move |_| has("pin"));
    let types = Memo::new(move |_| has("pin") || has("password"));
    let shows = Memo::new(move |_| has("passkey") && passkeys::available());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        if busy.get_untracked() {
            return;
        }
        if fields.get("proof").is_empty() {
            let missing =
                if pin.get_untracked() { words().pin_missing() } else { words().password_missing() };
            return fields.fail("proof", missing);
        }
        busy.set(true);
        spawn_local(async move {
            prove(driver, fields, pin.get_untracked(), by_pin, code).await;
            let _ = busy.try_set(false);
        });
    };
    let show = move |_| {
        fields.clear_errors();
        spawn_local(async move {
            let proven = match driver.show_passkey().await {
                Ok(mut shown) => {
                    shown["with"] = "passkey".into();
                    driver.prove(&shown).await
                }
                Err(refusal) => Err(refusal),
            };
            match proven {
                Ok(()) => answer(driver, true),
                Err(refusal) => fields.fail("proof", why(&refusal)),
            }
        });
    };
    let label = move || if pin.get() { words().pin_label() } else { words().password() };
    view! {
        <dialog
            node_ref=dialog
            class="question"
            aria-labelledby="proof-title"
            on:cancel=move |_: web_sys::Event| answer(driver, false)
        >
            <h2 id="proof-title">{move || words().proof_title()}</h2>
            <p>{move || words().proof_text()}</p>
            <FormErrors fields />
            {move || {
                let refusal = ways.with(|ways| ways.as_ref().and_then(|told| told.as_ref().err().map(why)));
                refusal.map(|text| view! { <p class="danger" role="alert">{text}</p> })
            }}
            {move || {
                shows
                    .get()
                    .then(|| {
                        view! {
                            <button class="button" id="prove-passkey" on:click=show>
                                <Icon name="phone" />
                                {words().passkey_use()}
                            </button>
                        }
                    })
            }}
            <form on:submit=submit novalidate>
                {move || {
                    types
                        .get()
                        .then(|| {
                            view! {
                                <Field
                                    fields
                                    name="proof"
                                    label=Signal::derive(move || label().to_owned())
                                    kind="password"
                                    autocomplete="current-password"
                                />
                                {move || code.get().then(|| view! { <CodeField fields /> })}
                            }
                        })
                }}
                <div class="row">
                    <button class="button" type="button" on:click=move |_| answer(driver, false)>
                        {move || words().stay()}
                    </button>
                    {move || {
                        types
                            .get()
                            .then(|| {
                                view! {
                                    <button class="button main" type="submit">
                                        {move || if busy.get() { words().one_moment() } else { words().go_on() }}
                                    </button>
                                }
                            })
                    }}
                </div>
            </form>
        </dialog>
    }
}
