//! Beheer: branches and networks, and what the library decides for itself. Only with a network.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sync_core::access::Role;
use sync_core::problem::ProblemKind;

use super::devices::Devices;
use super::{Asked, BranchRow, NotYet, ask, tell, why};
use crate::components::{Choice, Field, Fields, FormErrors, Icon, notices};
use crate::driver::driver;
use crate::settings::{label, words};

/// The fields that are a number; the word for each is `settings-` and its name.
const NUMBERS: [&str; 7] = [
    "quiet_days",
    "lease_days",
    "lease_learner_days",
    "retention_reader_days",
    "retention_person_days",
    "retention_mail_days",
    "pin_digits",
];

/// What the library decided, as the server tells it.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct House(serde_json::Map<String, Value>);

impl House {
    fn text(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => String::new(),
        }
    }
}

/// The screen.
#[component]
pub fn ManageScreen() -> impl IntoView {
    let branches: Asked<Vec<BranchRow>> = RwSignal::new(None);
    let fetch = Callback::new(move |()| ask(branches, "/api/branches"));
    fetch.run(());
    let house: Asked<House> = RwSignal::new(None);
    ask(house, "/api/settings");
    let adding = RwSignal::new(false);
    view! {
        <h1>{move || words().place_manage()}</h1>
        <section class="spaced" id="branches">
            <h2>{move || words().branches()}</h2>
            {move || match branches.get() {
                Some(Ok(rows)) => {
                    view! {
                        <ul class="rows">
                            {rows
                                .into_iter()
                                .filter(|row| row.gives.contains(&Role::Administrator))
                                .map(|row| view! { <Place row changed=fetch /> })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
                Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
                None => view! { <NotYet refusal=None /> }.into_any(),
            }}
            {move || {
                if adding.get() {
                    let done = Callback::new(move |()| {
                        adding.set(false);
                        fetch.try_run(());
                    });
                    view! { <PlaceForm row=None done /> }.into_any()
                } else {
                    view! {
                        <button class="button" on:click=move |_| adding.set(true)>
                            <Icon name="plus" />
                            {words().branch_add()}
                        </button>
                    }
                        .into_any()
                }
            }}
        </section>
        {move || match house.get() {
            Some(Ok(told)) => view! { <HouseForm told /> }.into_any(),
            Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
            None => view! { <NotYet refusal=None /> }.into_any(),
        }}
        <Tonight />
        <section class="spaced" id="devices">
            <h2>{move || words().devices()}</h2>
            <Devices path="/api/devices/all".to_owned() paged=true />
        </section>
    }
}

/// What is forgotten by itself; the word for each is `tonight-` and its name.
const FORGOTTEN: [&str; 8] =
    ["readers", "learners", "people", "rounds", "signals", "mails", "invitations", "refused_acts"];

/// A look ahead at what is forgotten in the coming night, while a term can still be changed.
#[component]
fn Tonight() -> impl IntoView {
    let due: Asked<House> = RwSignal::new(None);
    ask(due, "/api/retention");
    let line = |due: &House, name: &str| {
        let value = due.text(name);
        let label = words().by_key(&format!("tonight-{}", name.replace('_', "-"))).unwrap_or_default();
        (value != "0" && !value.is_empty()).then(|| view! { <li>{format!("{label}: {value}")}</li> })
    };
    view! {
        <section class="spaced" id="tonight">
            <h2>{move || words().tonight()}</h2>
            {move || match due.get() {
                Some(Ok(due)) => {
                    let lines: Vec<_> = FORGOTTEN.into_iter().filter_map(|name| line(&due, name)).collect();
                    if lines.is_empty() {
                        view! { <p class="soft">{words().tonight_nothing()}</p> }.into_any()
                    } else {
                        view! { <ul>{lines}</ul> }.into_any()
                    }
                }
                Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
                None => view! { <NotYet refusal=None /> }.into_any(),
            }}
        </section>
    }
}

#[component]
fn Place(row: BranchRow, changed: Callback<()>) -> impl IntoView {
    let changing = RwSignal::new(false);
    let done = Callback::new(move |()| {
        changing.set(false);
        changed.run(());
    });
    let shown = StoredValue::new(row);
    move || {
        let row = shown.get_value();
        if changing.get() {
            return view! { <li><PlaceForm row=Some(row) done /></li> }.into_any();
        }
        let kind = if row.kind == "network" { words().branch_network() } else { words().branch_branch() };
        let help = [row.help_name.as_str(), row.phone.as_str()].map(str::trim).join(" ");
        view! {
            <li class="item">
                <span class="grow">
                    <b>{row.name.clone()}</b>
                    <span class="soft">{kind}{(!row.municipality.is_empty()).then(|| format!(", {}", row.municipality))}</span>
                    {(!help.trim().is_empty()).then(|| view! { <span class="soft">{words().branch_help(help)}</span> })}
                </span>
                <button class="button" on:click=move |_| changing.set(true)>{words().change()}</button>
            </li>
        }
        .into_any()
    }
}

/// A branch or network: new, or changed.
#[component]
fn PlaceForm(row: Option<BranchRow>, done: Callback<()>) -> impl IntoView {
    let id = row.as_ref().map(|row| row.branch);
    let fields = Fields::new(row.into_iter().flat_map(|row| {
        [
            ("kind", row.kind),
            ("name", row.name),
            ("municipality", row.municipality),
            ("help_name", row.help_name),
            ("phone", row.phone),
        ]
    }));
    let kinds = Memo::new(|_| {
        let one = |value: &str, text: &str| (value.to_owned(), text.to_owned());
        vec![one("branch", words().branch_branch()), one("network", words().branch_network())]
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let kind = if fields.get("kind") == "network" { "network" } else { "branch" };
        let body = json!({ "kind": kind, "name": fields.get("name"), "municipality": fields.get("municipality"),
            "help_name": fields.get("help_name"), "phone": fields.get("phone") });
        let path = id.map_or_else(|| "/api/branches".to_owned(), |id| format!("/api/branches/{id}"));
        spawn_local(async move {
            match tell(&path, &body).await {
                Ok(_) => {
                    fields.kept();
                    notices().say(words().saved());
                    // A new place is one of one's own from the next token on.
                    driver().forget_token();
                    done.try_run(());
                }
                Err(refusal) => {
                    let field = if refusal.kind == ProblemKind::InvalidPhone { "phone" } else { "name" };
                    fields.fail(field, why(&refusal));
                }
            }
        });
    };
    view! {
        <FormErrors fields />
        <form on:submit=submit novalidate class="form">
            <Field fields name="name" label=label(words::Words::branch_name) />
            <Choice fields name="kind" label=label(words::Words::branch_kind) hint=label(words::Words::branch_kind_hint) options=kinds />
            <Field fields name="municipality" label=label(words::Words::branch_municipality) optional=true />
            <Field fields name="help_name" label=label(words::Words::branch_help_name) hint=label(words::Words::branch_help_hint) optional=true />
            <Field fields name="phone" label=label(words::Words::branch_phone) kind="tel" input_mode="tel" optional=true />
            <div class="row">
                <button class="button" type="button" on:click=move |_| done.run(())>{move || words().stay()}</button>
                <button class="button main" type="submit">{move || words().save()}</button>
            </div>
        </form>
    }
}

/// What the library decides for itself.
#[component]
fn HouseForm(told: House) -> impl IntoView {
    let numbers = NUMBERS.map(|name| (name, told.text(name)));
    let words_and_steps = ["second_step", "buddy_word"].map(|name| (name, told.text(name)));
    let fields = Fields::new(numbers.into_iter().chain(words_and_steps));
    let options = |list: &'static str, values: &'static [&'static str]| {
        Memo::new(move |_| {
            let one = |value: &&str| {
                let text = words().by_key(&format!("{list}-{value}")).unwrap_or_default();
                ((*value).to_owned(), text.to_owned())
            };
            values.iter().map(one).collect::<Vec<_>>()
        })
    };
    let steps = options("settings-step", &["offered", "demanded"]);
    let buddies = options("buddy", &["taalmaatje", "taalvrijwilliger", "taalcoach"]);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let mut body = serde_json::Map::new();
        for name in NUMBERS {
            match fields.get(name).parse::<u16>() {
                Ok(number) => body.insert(name.to_owned(), number.into()),
                Err(_) => return fields.fail(name, words().problem_number_out_of_range()),
            };
        }
        for name in ["second_step", "buddy_word"] {
            body.insert(name.to_owned(), fields.get(name).into());
        }
        spawn_local(async move {
            match tell("/api/settings", &Value::Object(body)).await {
                Ok(_) => {
                    fields.kept();
                    notices().say(words().saved());
                }
                Err(refusal) => {
                    // The server names the field and what is allowed there.
                    let (field, allowed) = refusal.detail.split_once(": ").unwrap_or_default();
                    match NUMBERS.into_iter().find(|name| *name == field) {
                        Some(name) => {
                            fields.fail(
                                name,
                                words().settings_allowed(allowed.replace("to", words().until_word())),
                            );
                        }
                        None if refusal.kind == ProblemKind::SecondStepMissing => {
                            fields.fail("second_step", words().step_first_own());
                        }
                        None => fields.fail("quiet_days", why(&refusal)),
                    }
                }
            }
        });
    };
    view! {
        <section class="spaced" id="settings">
            <h2>{move || words().settings_title()}</h2>
            <FormErrors fields />
            <form on:submit=submit novalidate class="form">
                {NUMBERS
                    .into_iter()
                    .map(|name| {
                        let key = format!("settings-{}", name.replace('_', "-"));
                        let label = Signal::derive(move || words().by_key(&key).unwrap_or_default().to_owned());
                        view! { <Field fields name label input_mode="numeric" /> }
                    })
                    .collect_view()}
                <Choice fields name="second_step" label=label(words::Words::step_title) options=steps />
                <Choice fields name="buddy_word" label=label(words::Words::settings_buddy) options=buddies />
                <button class="button main" type="submit">{move || words().save()}</button>
            </form>
        </section>
    }
}
