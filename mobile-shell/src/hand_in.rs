//! The file of a phone that cannot send, handed in by a coordinator: first to look at, and then for good.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;

use crate::browser::files;
use crate::components::{FileField, Icon, notices};
use crate::driver::driver;
use crate::me::outbox::act_text;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// What is in the file of a phone, as the server tells it.
#[derive(Clone, Debug, Deserialize, PartialEq)]
struct InFile {
    person: String,
    #[serde(default)]
    shut_out_at: Option<i64>,
    acts: Vec<Waits>,
}

#[derive(Clone, Debug, Deserialize, PartialEq)]
struct Waits {
    kind: String,
    at: i64,
}

/// Takes the file of a phone that cannot send: first to look at, and then for good.
#[component]
pub(crate) fn HandIn(done: Callback<()>) -> impl IntoView {
    let driver = driver();
    let picked = RwSignal::new(None::<(Vec<u8>, InFile)>);
    let wrong = |refusal: &sync_core::problem::Refusal| match refusal.kind {
        ProblemKind::MalformedRequest => notices().wrong(words().hand_in_noise()),
        kind => notices().wrong(problem_text(kind)),
    };
    let pick = move |input: web_sys::HtmlInputElement| {
        spawn_local(async move {
            let Some(bytes) = files::picked(&input).await else { return };
            match driver.call("POST", "/api/sync/hand-in/look", Some(&bytes)).await {
                Ok(body) => picked.set(serde_json::from_slice(&body).ok().map(|file| (bytes, file))),
                Err(refusal) => wrong(&refusal),
            }
            input.set_value("");
        });
    };
    let hand_in = move |_| {
        let Some((bytes, _)) = picked.get_untracked() else { return };
        spawn_local(async move {
            match driver.call("POST", "/api/sync/hand-in", Some(&bytes)).await {
                Ok(body) => {
                    let counts: serde_json::Value = serde_json::from_slice(&body).unwrap_or_default();
                    let count =
                        |key: &str| counts[key].as_u64().and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
                    notices().say(words().handed_in(count("accepted"), count("refused")));
                    picked.set(None);
                    driver.sync();
                    done.try_run(());
                }
                Err(refusal) => wrong(&refusal),
            }
        });
    };
    view! {
        <details class="hand-in">
            <summary>{move || words().hand_in_title()}</summary>
            <p>{move || words().hand_in_text()}</p>
            <FileField
                id="hand-in"
                label=label(words::Words::hand_in_label)
                accept=".noaber"
                picked=Callback::new(pick)
            />
            {move || {
                picked
                    .get()
                    .map(|(_, file)| {
                        view! {
                            <div class="card" role="status">
                                <InThisFile file />
                                <div class="row">
                                    <button class="button" on:click=move |_| picked.set(None)>{words().stay()}</button>
                                    <button class="button main" on:click=hand_in>{words().hand_in_now()}</button>
                                </div>
                            </div>
                        }
                    })
            }}
        </details>
    }
}

/// The acts in a file; those of after the device was shut out are marked.
#[component]
fn InThisFile(file: InFile) -> impl IntoView {
    let now = driver().now();
    let shut_out_at = file.shut_out_at;
    let late = move |act: &Waits| shut_out_at.is_some_and(|shut_out| act.at > shut_out);
    let any_late = file.acts.iter().any(late);
    view! {
        <h3>{words().hand_in_of(file.acts.len(), file.person)}</h3>
        {any_late.then(|| view! { <p class="danger"><Icon name="no" />{words().hand_in_late()}</p> })}
        <ul class="rows">
            {file
                .acts
                .into_iter()
                .map(|act| {
                    let late = late(&act);
                    view! {
                        <li class="item">
                            <span class="grow">
                                <b>{act_text(&act.kind)}</b>
                                <span class="soft">{when::moment(words(), Timestamp(act.at), now)}</span>
                            </span>
                            {late.then(|| view! { <span class="stamp attention">{words().hand_in_late_mark()}</span> })}
                        </li>
                    }
                })
                .collect_view()}
        </ul>
    }
}
