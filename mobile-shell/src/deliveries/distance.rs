//! A round's kilometres: filled in from the last time, two taps.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::deliveries::RecordKilometres;
use sync_core::ids::{RoundId, UserId};

use super::{own_rounds, round};
use crate::address::{goes_on, param};
use crate::components::{Field, Fields, FormErrors};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// What this volunteer drove on the newest earlier round of the same name, else on any.
fn last_metres(user: UserId, current: RoundId) -> Option<u32> {
    let rounds = own_rounds();
    let name = rounds.iter().find(|(id, _)| *id == current).map(|(_, row)| row.name.clone());
    let earlier: Vec<_> = rounds.into_iter().rev().filter(|(id, _)| *id != current).collect();
    let same = earlier.iter().filter(|(_, row)| Some(&row.name) == name.as_ref());
    same.chain(earlier.iter()).take(12).find_map(|(id, _)| round(*id)?.metres.get(&user).copied())
}

/// The screen.
#[component]
pub fn DistanceScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let id: Option<RoundId> = untrack(|| param("round"));
    let (Some(id), Some(person)) = (id, untrack(|| driver.person())) else {
        return view! { <h1>{move || words().nothing_here()}</h1> }.into_any();
    };
    let noted = untrack(|| round(id)).and_then(|round| round.metres.get(&person.user).copied());
    let filled = noted.or_else(|| untrack(|| last_metres(person.user, id)));
    let fields = Fields::new([(
        "kilometres",
        filled.map(|metres| when::kilometres(untrack(words), metres)).unwrap_or_default(),
    )]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(metres) = when::metres(&fields.get("kilometres")) else {
            return fields.fail("kilometres", words().kilometres_needed());
        };
        let navigate = navigate.clone();
        spawn_local(async move {
            match driver.act(id, RecordKilometres { metres }).await {
                Ok(()) => {
                    crate::components::notices()
                        .say(words().kilometres_kept(when::kilometres(words(), metres)));
                    goes_on(navigate, &format!("/ronde/{id}")).await;
                }
                Err(refusal) => fields.fail("kilometres", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <A href=format!("/ronde/{id}") attr:class="back">{move || words().back()}</A>
        <h1>{move || words().kilometres_title()}</h1>
        <FormErrors fields />
        <form on:submit=submit novalidate>
            <Field
                fields
                name="kilometres"
                label=label(words::Words::kilometres_label)
                hint=Signal::derive(move || {
                    let hint = if filled.is_some() { words().kilometres_hint() } else { words().kilometres_hint_first() };
                    hint.to_owned()
                })
                input_mode="decimal"
            />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
    .into_any()
}
