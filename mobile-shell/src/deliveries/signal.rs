//! *Ik maak me zorgen*: a short note that only the coordinator reads. And *Ik voel me niet veilig*: the number first.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::access::Role;
use sync_core::deliveries::{RaiseSignal, SignalKind};
use sync_core::ids::{BranchId, ReaderId, RoundId, SignalId};

use super::{reader_name, round};
use crate::address::{goes_on, param};
use crate::components::{Fields, FormErrors, Icon, TextArea, notices};
use crate::driver::driver;
use crate::help::{call_link, helpers};
use crate::session::problem_text;
use crate::settings::{label, words};

/// The branch of the round, else the branch for which this person delivers.
fn branch(round_id: Option<RoundId>) -> Option<BranchId> {
    round_id.and_then(|id| round(id)?.branch).or_else(|| {
        let person = driver().person()?;
        let own = person.memberships.iter();
        own.filter(|own| matches!(own.role, Role::Deliverer | Role::DeliveryCoordinator))
            .map(|own| own.branch)
            .next()
    })
}

/// The screen.
#[component]
pub fn SignalScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let is_unsafe = untrack(|| param::<String>("round")).as_deref() == Some("onveilig");
    let round_id: Option<RoundId> = untrack(|| param("round"));
    let reader_id: Option<ReaderId> = untrack(|| param("reader"));
    let back = round_id.map_or_else(|| "/hulp".to_owned(), |id| format!("/ronde/{id}"));
    let after = back.clone();
    let fields = Fields::new([]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(branch) = untrack(|| branch(round_id)) else {
            return fields.fail("note", words().nothing_here());
        };
        let raised = RaiseSignal {
            branch,
            signal: if is_unsafe { SignalKind::Unsafe } else { SignalKind::Worry },
            round: round_id,
            reader: reader_id,
            note: fields.get("note"),
        };
        let (navigate, after) = (navigate.clone(), after.clone());
        spawn_local(async move {
            let signal: SignalId = driver.fresh();
            match driver.act(signal, raised).await {
                Ok(()) => {
                    notices().say(words().signal_kept());
                    goes_on(navigate, &after).await;
                }
                Err(refusal) => fields.fail("note", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <A href=back attr:class="back">{move || words().back()}</A>
        <h1>{move || if is_unsafe { words().unsafe_title() } else { words().worried_title() }}</h1>
        {move || {
            (!is_unsafe).then(|| view! { <p class="lead">{reader_name(reader_id)}</p> })
        }}
        {move || {
            is_unsafe
                .then(|| {
                    helpers()
                        .into_iter()
                        .map(|(_, name, phone)| {
                            let link = call_link(&phone);
                            view! {
                                <a class="button main big" href=link rel="external">
                                    <Icon name="phone" />
                                    {words().help_call(name)}
                                </a>
                            }
                        })
                        .collect_view()
                })
        }}
        <p>{move || if is_unsafe { words().unsafe_text() } else { words().worried_text() }}</p>
        <FormErrors fields />
        <form on:submit=submit novalidate>
            <TextArea
                fields
                name="note"
                label=Signal::derive(move || {
                    if is_unsafe { words().unsafe_label() } else { words().worried_label() }.to_owned()
                })
                hint=label(words::Words::worried_hint)
            />
            <button class="button main" type="submit">{move || words().pass_on()}</button>
        </form>
    }
}
