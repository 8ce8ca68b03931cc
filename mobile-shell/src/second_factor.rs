//! The second step for who signs in with a password: six digits from an app.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;

use crate::browser::files;
use crate::components::{Field, Fields, FormErrors, Icon, Picture, Qr, notices};
use crate::driver::driver;
use crate::people::{read, tell, why};
use crate::session::problem_text;
use crate::settings::words;

/// The field for the six digits.
#[component]
pub fn CodeField(fields: Fields) -> impl IntoView {
    view! {
        <Field
            fields
            name="code"
            label=Signal::derive(move || words().step_code().to_owned())
            hint=Signal::derive(move || words().step_code_hint().to_owned())
            input_mode="numeric"
            autocomplete="one-time-code"
        />
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
struct Standing {
    on: bool,
    password: bool,
    recovery_codes_left: usize,
}

/// Codes on paper, told once.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct RecoveryCodes {
    recovery_codes: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Begun {
    secret: String,
    address: String,
    qr: Option<Picture>,
}

/// The codes for paper, until their person says that they are kept.
#[component]
fn Codes(codes: RwSignal<Option<RecoveryCodes>>) -> impl IntoView {
    let all = move || codes.get().map(|told| told.recovery_codes).unwrap_or_default();
    let save = move |_| {
        let text = format!("{}\n\n{}\n", words().codes_title(), untrack(all).join("\n"));
        match files::save("noodcodes.txt", "text/plain", text.as_bytes()) {
            Ok(()) => notices().say(words().codes_saved()),
            Err(_) => notices().wrong(words().save_failed()),
        }
    };
    view! {
        <div class="hint" id="recovery-codes" role="status">
            <h3>{words().codes_title()}</h3>
            <p>{words().codes_text()}</p>
            <ul class="codes">{move || all().into_iter().map(|code| view! { <li>{code}</li> }).collect_view()}</ul>
            <div class="row">
                <button class="button" on:click=save><Icon name="install" />{words().codes_save()}</button>
                <button class="button" on:click=move |_| codes.set(None)>{words().codes_done()}</button>
            </div>
        </div>
    }
}

/// Setting it up and taking it away, under *Ik*. Shown with a network, to who signs in with a password.
#[component]
#[expect(clippy::too_many_lines, reason = "one card, step by step")]
pub fn SecondStep() -> impl IntoView {
    let driver = driver();
    let standing = RwSignal::new(None::<Standing>);
    let begun = RwSignal::new(None::<Begun>);
    let asking = RwSignal::new(false);
    let codes = RwSignal::new(None::<RecoveryCodes>);
    let fields = Fields::new([]);
    let look = move || {
        spawn_local(async move {
            // Without a network there is nothing to set up; the section is not shown.
            let told = driver.call("GET", "/api/second-factor", None).await;
            let told = told.ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
            let _ = standing.try_set(told);
        });
    };
    look();
    let set_up = move |_| {
        spawn_local(async move {
            match tell("/api/second-factor", &json!({})).await.and_then(|body| read::<Begun>(&body)) {
                Ok(told) => begun.set(Some(told)),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    let make_codes = move |_| {
        spawn_local(async move {
            let made = tell("/api/second-factor/recovery-codes", &json!({})).await;
            match made.and_then(|body| read::<RecoveryCodes>(&body)) {
                Ok(told) => {
                    codes.set(Some(told));
                    look();
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let path = if begun.with(Option::is_some) { "confirm" } else { "remove" };
        spawn_local(async move {
            let body = json!({ "code": fields.get("code") });
            match tell(&format!("/api/second-factor/{path}"), &body).await {
                Ok(body) => {
                    // Of taking it away there is nothing to tell.
                    codes.set(read(&body).ok());
                    fields.set("code", "");
                    fields.kept();
                    begun.set(None);
                    asking.set(false);
                    let said = if path == "confirm" { words().step_on() } else { words().step_off() };
                    notices().say(said);
                    look();
                }
                Err(refusal) => fields.fail("code", problem_text(refusal.kind)),
            }
        });
    };
    let form = move || {
        view! {
            <FormErrors fields />
            <form on:submit=submit novalidate>
                <CodeField fields />
                <button class="button" type="submit">{words().go_on()}</button>
            </form>
        }
    };
    move || {
        let standing = standing.get().filter(|standing| standing.password)?;
        let inside = match (begun.get(), standing.on) {
            (Some(begun), _) => view! {
                <p>{words().step_app()}</p>
                <p><a class="button" href=begun.address rel="external">{words().step_open()}</a></p>
                {begun.qr.map(|picture| view! { <p>{words().step_camera()}</p><Qr picture label=words().step_camera() /> })}
                <p>{words().step_type()}</p>
                <p class="code small" id="step-secret">{begun.secret}</p>
                {form()}
            }
            .into_any(),
            (None, false) => view! {
                <p>{words().step_why()}</p>
                <button class="button" on:click=set_up>{words().step_begin()}</button>
            }
            .into_any(),
            (None, true) if asking.get() => form().into_any(),
            (None, true) => view! {
                <p><Icon name="tick" />{words().step_is_on()}</p>
                {match codes.get() {
                    Some(_) => view! { <Codes codes /> }.into_any(),
                    None => view! {
                        <p>{words().codes_left(standing.recovery_codes_left)}</p>
                        <button class="button" on:click=make_codes>{words().codes_make()}</button>
                    }
                    .into_any(),
                }}
                <button class="button" on:click=move |_| asking.set(true)>{words().step_remove()}</button>
            }
            .into_any(),
        };
        Some(view! { <section class="spaced"><h2>{words().step_title()}</h2>{inside}</section> })
    }
}
