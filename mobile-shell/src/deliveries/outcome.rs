//! Why it did not succeed (two taps), and the details of a visit: items out and in, a wish, a note.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate};
use sync_core::deliveries::Outcome;

use super::stop::here;
use super::{in_sentence, log, log_of, outcome_text, reader_name};
use crate::address::goes_on;
use crate::components::{Choice, Field, Fields, FormErrors, TextArea};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};

/// The reasons; each is one tap. *Anders* asks for a few words first.
#[component]
pub fn OutcomeScreen() -> impl IntoView {
    let navigate = use_navigate();
    let shown = Memo::new(|_| here());
    // What stood there when somebody began to choose: an answer of a colleague that comes in meanwhile is not put aside unseen.
    let seen = shown.get_untracked().map(|(_, stop)| stop.logs).unwrap_or_default();
    view! {
        {move || {
            let Some((round, stop)) = shown.get() else {
                return view! { <h1>{words().stop_gone()}</h1> }.into_any();
            };
            let name = reader_name(stop.reader);
            let option = |outcome: Outcome| {
                if outcome == Outcome::Other {
                    return view! {
                        <A href=format!("/ronde/{round}/adres/{}/meer?anders", stop.stop) attr:class="button tile">
                            {outcome_text(outcome)}
                        </A>
                    }
                        .into_any();
                }
                let (name, seen, navigate, id) = (name.clone(), seen.clone(), navigate.clone(), stop.stop);
                let choose = move |_| {
                    let entry = log_of(id, outcome, &seen);
                    let (name, navigate) = (name.clone(), navigate.clone());
                    spawn_local(async move {
                        if log(round, name, entry).await {
                            goes_on(navigate, &format!("/ronde/{round}")).await;
                        }
                    });
                };
                view! { <button class="button tile" on:click=choose>{outcome_text(outcome)}</button> }.into_any()
            };
            view! {
                <A href=format!("/ronde/{round}/adres/{}", stop.stop) attr:class="back">{words().back()}</A>
                <h1>{words().what_happened(in_sentence(&name))}</h1>
                <div class="tiles">{Outcome::FAILED.iter().map(|outcome| option(*outcome)).collect_view()}</div>
                <h2>{words().succeeded_otherwise()}</h2>
                <div class="tiles">
                    {[Outcome::Delivered]
                        .iter()
                        .chain(Outcome::SUCCEEDED_OTHERWISE)
                        .map(|outcome| option(*outcome))
                        .collect_view()}
                </div>
            }
                .into_any()
        }}
    }
}

fn number(text: &str) -> Result<Option<u16>, ()> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some).map_err(drop) }
}

/// The details of a visit. Saving writes a new log in the place of the one before.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn DetailsScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let other = use_location().query.with_untracked(|query| query.get("anders").is_some());
    let shown = Memo::new(|_| here());
    let seen = shown.get_untracked().map(|(_, stop)| stop.logs).unwrap_or_default();
    let before = seen.first().cloned();
    let chosen = if other {
        Outcome::Other
    } else {
        before.as_ref().and_then(|log| log.outcome).unwrap_or(Outcome::Delivered)
    };
    let text = |count: Option<u16>| count.map(|count| count.to_string()).unwrap_or_default();
    let fields = Fields::new([
        ("outcome", chosen.as_str().to_owned()),
        ("items_out", before.as_ref().map(|log| text(log.items_out)).unwrap_or_default()),
        ("items_in", before.as_ref().map(|log| text(log.items_in)).unwrap_or_default()),
        ("wish", before.as_ref().map(|log| log.wish.clone()).unwrap_or_default()),
        ("note", before.as_ref().map(|log| log.note.clone()).unwrap_or_default()),
    ]);
    let options = Signal::derive(move || {
        Outcome::ALL
            .iter()
            .map(|outcome| (outcome.as_str().to_owned(), outcome_text(*outcome).to_owned()))
            .collect()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some((round, stop)) = shown.get_untracked() else { return };
        let outcome = Outcome::parse(&fields.get("outcome")).unwrap_or(Outcome::Delivered);
        let mut entry = log_of(stop.stop, outcome, &seen);
        for (name, slot) in [("items_out", &mut entry.items_out), ("items_in", &mut entry.items_in)] {
            match number(&fields.get(name)) {
                Ok(count) => *slot = count,
                Err(()) => return fields.fail(name, words().number_needed()),
            }
        }
        entry.wish = fields.get("wish");
        entry.note = fields.get("note");
        let navigate = navigate.clone();
        spawn_local(async move {
            match driver.act(round, entry).await {
                Ok(()) => {
                    crate::components::notices().say(words().kept());
                    goes_on(navigate, &format!("/ronde/{round}")).await;
                }
                Err(refusal) => {
                    let all = ["items_out", "items_in", "wish", "note"];
                    let name = all.into_iter().find(|name| *name == refusal.detail).unwrap_or("outcome");
                    fields.fail(name, problem_text(refusal.kind));
                }
            }
        });
    };
    view! {
        {move || {
            shown
                .get()
                .map(|(round, stop)| {
                    view! {
                        <A href=format!("/ronde/{round}/adres/{}", stop.stop) attr:class="back">{words().back()}</A>
                        <h1>{words().details_of(reader_name(stop.reader))}</h1>
                    }
                })
        }}
        <FormErrors fields />
        <form on:submit=submit novalidate>
            <Choice fields name="outcome" label=label(words::Words::how_did_it_go) options />
            <Field
                fields
                name="items_out"
                label=label(words::Words::items_out_label)
                optional=true
                input_mode="numeric"
            />
            <Field
                fields
                name="items_in"
                label=label(words::Words::items_in_label)
                optional=true
                input_mode="numeric"
            />
            <TextArea
                fields
                name="wish"
                label=label(words::Words::wish_label)
                hint=label(words::Words::wish_hint)
                optional=true
            />
            <TextArea
                fields
                name="note"
                label=label(words::Words::note_label)
                hint=label(words::Words::note_hint)
                optional=true
            />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
}
