//! Logboek: who did what, newest first; and mail that waits.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;
use sync_core::access::Role;
use sync_core::problem::ProblemKind;
use sync_core::time::{Timestamp, typed_day};
use uuid::Uuid;

use super::{Asked, NotYet, ask, read, tell, why};
use crate::browser::files;
use crate::components::{DateField, Fields, FormErrors, Icon, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// A line, as the server tells it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
struct LogLine {
    number: i64,
    at: i64,
    act: String,
    name: String,
    problem: Option<String>,
}

/// What the log can be asked for.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
struct LogChoices {
    acts: Vec<String>,
    people: Vec<LogPerson>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct LogPerson {
    user: Uuid,
    name: String,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct MailRow {
    mail: Uuid,
    kind: String,
    created_at: i64,
    tries: i32,
    dead_at: Option<i64>,
}

/// The word for an act: of a command, or of the house itself.
fn act_text(act: &str) -> String {
    let slug = act.replace('_', "-");
    let words = words();
    words
        .by_key(&format!("act-{slug}"))
        .or_else(|| words.by_key(&format!("audit-{slug}")))
        .unwrap_or(act)
        .to_owned()
}

/// The screen.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn LogScreen() -> impl IntoView {
    let lines = RwSignal::new(Vec::<LogLine>::new());
    let trouble = RwSignal::new(None);
    let refused = RwSignal::new(false);
    let more = RwSignal::new(false);
    // Acts by their word, people by their name: all that stand in the log, also where no page of it was read yet.
    let choices: Asked<LogChoices> = RwSignal::new(None);
    ask(choices, "/api/audit/choices");
    let there = move || choices.get().and_then(Result::ok).unwrap_or_default();
    let acts = Signal::derive(move || there().acts.into_iter().map(|act| (act_text(&act), act)).collect());
    let people = Signal::derive(move || {
        there().people.into_iter().map(|one| (one.name, one.user.to_string())).collect()
    });
    let (act, person) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let period = Fields::new([("from", String::new()), ("until", String::new())]);
    let filter = move || {
        let one = |key: &str, value: String| {
            if value.is_empty() { String::new() } else { format!("&{key}={value}") }
        };
        let (act, person) = (one("act", act.get_untracked()), one("user", person.get_untracked()));
        let day =
            |key: &str| one(key, typed_day(&period.get(key)).map(|day| day.to_string()).unwrap_or_default());
        format!("refused={}{act}{person}{}{}", refused.get_untracked(), day("from"), day("until"))
    };
    // Which question is asked: the answer to one before comes too late, and is not added to what answers this one.
    let question = StoredValue::new(0_u32);
    let fetch = move |from_start: bool| {
        if from_start {
            question.update_value(|number| *number += 1);
            lines.set(Vec::new());
        }
        let asked = question.get_value();
        let before = lines.with_untracked(|lines| lines.last().map(|line| line.number));
        let before = before.map(|number| format!("&before={number}")).unwrap_or_default();
        let path = format!("/api/audit?{}{before}", filter());
        spawn_local(async move {
            let answer = driver().call("GET", &path, None).await.and_then(|body| read::<Vec<LogLine>>(&body));
            if question.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(page) => {
                    more.set(page.len() >= 100);
                    lines.update(|lines| lines.extend(page));
                    trouble.set(None);
                }
                Err(refusal) => trouble.set(Some(refusal)),
            }
        });
    };
    fetch(true);
    let save = move |_| {
        spawn_local(async move {
            let path = format!("/api/audit?format=csv&{}", filter());
            match driver().call("GET", &path, None).await {
                Ok(body) => {
                    if files::save("logboek.csv", "text/csv", &body).is_err() {
                        notices().wrong(words().save_failed());
                    }
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    view! {
        <div class="head">
            <h1>{move || words().place_log()}</h1>
            <button class="button" on:click=save><Icon name="install" />{move || words().save_as_file()}</button>
        </div>
        <label class="choice" for="only-refused">
            <input
                id="only-refused"
                type="checkbox"
                prop:checked=refused
                on:change:target=move |event| {
                    refused.set(event.target().checked());
                    fetch(true);
                }
            />
            <span>{move || words().only_refused()}</span>
        </label>
        <details class="change">
            <summary>{move || words().log_period()}</summary>
            <form
                novalidate
                on:submit=move |event: leptos::ev::SubmitEvent| {
                    event.prevent_default();
                    period.clear_errors();
                    for day in ["from", "until"] {
                        let typed = period.get(day);
                        if !typed.is_empty() && typed_day(&typed).is_none() {
                            return period.fail(day, words().problem_date_out_of_range());
                        }
                    }
                    period.kept();
                    fetch(true);
                }
            >
                <FormErrors fields=period />
                <DateField fields=period name="from" label=label(words::Words::log_from) optional=true />
                <DateField fields=period name="until" label=label(words::Words::log_until) optional=true />
                <button class="button" type="submit">{move || words().log_show()}</button>
            </form>
        </details>
        <div class="row">
            <Filter id="log-act" label=words::Words::log_act all=acts chosen=act changed=Callback::new(move |()| fetch(true)) />
            <Filter id="log-person" label=words::Words::log_person all=people chosen=person changed=Callback::new(move |()| fetch(true)) />
        </div>
        {move || trouble.get().map(|refusal| view! { <NotYet refusal=Some(refusal) /> })}
        <ul class="rows" id="log">
            <For each=move || lines.get() key=|line| line.number let:line>
                <Line line />
            </For>
        </ul>
        {move || {
            more.get().then(|| view! { <button class="button" on:click=move |_| fetch(false)>{words().earlier()}</button> })
        }}
        {driver().is(Role::Administrator).then(|| view! { <Mails /> })}
    }
}

/// One of these, or all of it.
#[component]
fn Filter(
    id: &'static str,
    label: fn(words::Words) -> &'static str,
    all: Signal<BTreeSet<(String, String)>>,
    chosen: RwSignal<String>,
    changed: Callback<()>,
) -> impl IntoView {
    view! {
        <label class="filter" for=id>
            <span>{move || label(words())}</span>
            <select
                id=id
                autocomplete="off"
                on:change:target=move |event| {
                    chosen.set(event.target().value());
                    changed.try_run(());
                }
            >
                <option value="">{move || words().log_all()}</option>
                {move || {
                    let now = chosen.get();
                    all.get()
                        .into_iter()
                        .map(|(text, value)| {
                            let selected = value == now;
                            view! { <option value=value selected=selected>{text}</option> }
                        })
                        .collect_view()
                }}
            </select>
        </label>
    }
}

#[component]
fn Line(line: LogLine) -> impl IntoView {
    let driver = driver();
    let act = line.act.clone();
    let problem = line.problem.as_deref().and_then(ProblemKind::from_slug);
    let at = Timestamp(line.at);
    view! {
        <li class="item">
            <span class="grow">
                <b>{move || act_text(&act)}</b>
                <span class="soft">{line.name.clone()}</span>
                {problem
                    .map(|kind| {
                        view! { <span class="danger"><Icon name="no" />{move || problem_text(kind)}</span> }
                    })}
            </span>
            <span class="soft">{move || when::moment(words(), at, driver.now())}</span>
        </li>
    }
}

/// Mail that waits or was given up.
#[component]
fn Mails() -> impl IntoView {
    let mails: Asked<Vec<MailRow>> = RwSignal::new(None);
    let fetch = Callback::new(move |()| ask(mails, "/api/mails"));
    fetch.run(());
    let retry = move |id: Uuid| {
        spawn_local(async move {
            match tell(&format!("/api/mails/{id}/retry"), &json!({})).await {
                Ok(_) => {
                    notices().say(words().mail_again());
                    fetch.try_run(());
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    view! {
        <section>
            <h2>{move || words().mail_waiting()}</h2>
            {move || match mails.get() {
                Some(Ok(rows)) if rows.is_empty() => {
                    view! { <p class="soft">{words().mail_none()}</p> }.into_any()
                }
                Some(Ok(rows)) => {
                    view! {
                        <ul class="rows">
                            {rows
                                .into_iter()
                                .map(|row| {
                                    let (id, created) = (row.mail, Timestamp(row.created_at));
                                    let kind = act_text(&format!("mail_{}", row.kind));
                                    let tries = usize::try_from(row.tries).unwrap_or_default();
                                    view! {
                                        <li class="item">
                                            <span class="grow">
                                                <b>{kind}</b>
                                                <span class="soft">
                                                    {when::moment(words(), created, driver().now())}" · "
                                                    {words().mail_tries(tries)}
                                                </span>
                                                {row
                                                    .dead_at
                                                    .map(|_| {
                                                        view! {
                                                            <span class="danger"><Icon name="no" />{words().mail_dead()}</span>
                                                        }
                                                    })}
                                            </span>
                                            <button class="button" on:click=move |_| retry(id)>{words().try_again()}</button>
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    }
                        .into_any()
                }
                Some(Err(refusal)) => view! { <NotYet refusal=Some(refusal) /> }.into_any(),
                None => view! { <NotYet refusal=None /> }.into_any(),
            }}
        </section>
    }
}
