//! Letting somebody in on a phone: a code in large digits, then the two digits that the phone shows; or a link by mail.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::Deserialize;
use serde_json::json;
use sync_core::ids::UserId;
use uuid::Uuid;

use super::{read, tell, why};
use crate::components::{Icon, Picture, Qr, notices};
use crate::driver::driver;
use crate::settings::words;

/// Between two looks whether the phone is there.
const LOOK_MS: u32 = 1_500;

#[derive(Deserialize)]
struct Invited {
    invitation: Uuid,
    code: Option<String>,
    qr: Option<Picture>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
struct Standing {
    state: String,
    device_name: Option<String>,
    choices: Vec<i32>,
}

/// How far it is.
#[derive(Clone, Debug, PartialEq)]
enum Step {
    Idle,
    Shown { code: String, qr: Option<Picture> },
    Arrived { invitation: Uuid, device: String, choices: Vec<i32> },
    Joined,
    Over,
}

fn in_threes(code: &str) -> String {
    let digits: Vec<char> = code.chars().collect();
    digits.chunks(3).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// The ways in.
#[component]
#[expect(clippy::too_many_lines, reason = "one card, step by step")]
pub fn WayIn(user: UserId, name: String, mail: bool, changed: Callback<()>) -> impl IntoView {
    let step = RwSignal::new(Step::Idle);
    let alive = StoredValue::new(());
    let path = format!("/api/people/{user}/invitation");
    let by_mail = path.clone();
    let show = move |_| {
        let path = path.clone();
        spawn_local(async move {
            match tell(&path, &json!({ "way": "code" })).await.and_then(|body| read::<Invited>(&body)) {
                Ok(Invited { invitation, code, qr }) => {
                    step.set(Step::Shown { code: code.unwrap_or_default(), qr });
                    look(invitation, step, alive, changed).await;
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    let send = move |_| {
        let path = by_mail.clone();
        spawn_local(async move {
            match tell(&path, &json!({ "way": "link" })).await {
                Ok(_) => notices().say(words().link_sent()),
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    view! {
        <section class="card way-in">
            {move || match step.get() {
                Step::Idle => {
                    let (show, send) = (show.clone(), send.clone());
                    view! {
                        <p>{words().way_in_text()}</p>
                        <div class="row">
                            <button class="button main" id="show-code" on:click=show>
                                <Icon name="phone" />
                                {words().show_code()}
                            </button>
                            {mail.then(|| view! { <button class="button" on:click=send>{words().send_link()}</button> })}
                        </div>
                    }
                        .into_any()
                }
                Step::Shown { code, qr } => {
                    view! {
                        <p>{words().code_text()}</p>
                        <p class="code" id="code">{in_threes(&code)}</p>
                        {qr.map(|picture| view! { <p>{words().code_camera()}</p><Qr picture label=words().code_camera() /> })}
                        <p class="soft" role="status">{words().code_waits()}</p>
                    }
                        .into_any()
                }
                Step::Arrived { invitation, device, choices } => {
                    view! {
                        <p>{words().which_digits(device)}</p>
                        <div class="tiles">
                            {choices
                                .into_iter()
                                .map(|digits| {
                                    let choose = move |_| confirm(invitation, digits, step);
                                    view! { <button class="button tile code" on:click=choose>{digits}</button> }
                                })
                                .collect_view()}
                        </div>
                    }
                        .into_any()
                }
                Step::Joined => view! { <p class="stamp">{words().is_in(&name)}</p> }.into_any(),
                Step::Over => {
                    let show = show.clone();
                    view! {
                        <p>{words().problem_invitation_over()}</p>
                        <button class="button" on:click=show>{words().show_code()}</button>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// Looks whether the phone is there, until it is in, or the code is over, or the screen is gone.
async fn look(invitation: Uuid, step: RwSignal<Step>, alive: StoredValue<()>, changed: Callback<()>) {
    loop {
        gloo_timers::future::TimeoutFuture::new(LOOK_MS).await;
        if alive.is_disposed() {
            return;
        }
        let path = format!("/api/invitations/{invitation}");
        let Ok(standing) = driver().call("GET", &path, None).await.and_then(|body| read::<Standing>(&body))
        else {
            continue;
        };
        if alive.is_disposed() {
            return;
        }
        match standing.state.as_str() {
            "arrived" => {
                let device = standing.device_name.unwrap_or_default();
                let arrived = Step::Arrived { invitation, device, choices: standing.choices };
                if step.get_untracked() != arrived {
                    step.set(arrived);
                }
            }
            "joined" => {
                step.set(Step::Joined);
                changed.try_run(());
                return;
            }
            "over" => return step.set(Step::Over),
            _ => {}
        }
    }
}

fn confirm(invitation: Uuid, digits: i32, step: RwSignal<Step>) {
    spawn_local(async move {
        let path = format!("/api/invitations/{invitation}/confirm");
        if let Err(refusal) = tell(&path, &json!({ "digits": digits })).await {
            notices().wrong(why(&refusal));
            let _ = step.try_set(Step::Over);
        }
    });
}
