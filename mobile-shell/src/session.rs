//! Signing in.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::problem::ProblemKind;

use crate::browser::{machine, passkeys, pwa};
use crate::components::{Field, Fields, FormErrors, Icon};
use crate::driver::{Stage, driver};
use crate::people::join::{ByCode, ByMail, Mailed};
use crate::second_factor::CodeField;
use crate::settings::{Settings, words};
use crate::vault::Left;

/// What to say to a person about a problem.
pub(crate) fn problem_text(kind: ProblemKind) -> &'static str {
    words().by_key(&format!("problem-{}", kind.slug())).unwrap_or_default()
}

/// What the server gives to the device that asks for a mail to come in again.
#[derive(serde::Deserialize)]
struct Asked {
    asked: String,
}

/// How somebody comes in.
#[derive(Clone, PartialEq, Eq)]
enum Way {
    Password,
    Code,
    Mail(Mailed),
}

/// What this device is called in the lists of devices.
pub(crate) fn device_name() -> String {
    format!("{} {}", words().device_name(), machine::platform()).trim_end().to_owned()
}

/// The screen for coming in: with a password, a code of a colleague, or the link of a mail.
#[component]
pub fn SignIn() -> impl IntoView {
    let (path, secret) = machine::address();
    let linked = path == "/uitnodiging" && !secret.is_empty();
    // What the camera sees on a colleague's screen is the code.
    let seen = linked && secret.len() == 9 && secret.bytes().all(|byte| byte.is_ascii_digit());
    let way = RwSignal::new(if seen {
        Way::Code
    } else if linked {
        Way::Mail(Mailed::Link(secret.clone()))
    } else {
        Way::Password
    });
    let code = seen.then(|| secret.clone());
    let settings = expect_context::<Settings>();
    view! {
        <main class="sign-in" id="main">
            <p class="brand"><Icon name="books" />{move || words().app_name()}</p>
            <h1>{move || words().sign_in_title()}</h1>
            <crate::app::StoreTrouble />
            <ShutOut />
            {move || match way.get() {
                Way::Password => {
                    view! {
                        <button class="button" id="by-code" on:click=move |_| way.set(Way::Code)>
                            <Icon name="phone" />
                            {words().with_code()}
                        </button>
                        {passkeys::available().then(|| view! { <ByPasskey /> })}
                        <ByPassword mailed=Callback::new(move |given| way.set(Way::Mail(Mailed::Code(given)))) />
                    }
                        .into_any()
                }
                Way::Code => view! { <ByCode seen=code.clone() back=Callback::new(move |()| way.set(Way::Password)) /> }.into_any(),
                Way::Mail(mailed) => view! { <ByMail mailed /> }.into_any(),
            }}
            <InstallHint />
            <div class="row">
                <button class="button quiet" on:click=move |_| settings.words.set(words::Words::Dutch)>"Nederlands"</button>
                <button class="button quiet" on:click=move |_| settings.words.set(words::Words::English)>"English"</button>
            </div>
        </main>
    }
}

/// This device was shut out, or somebody signed out with work unsent: it goes with whoever signs in again, or as a file.
#[component]
fn ShutOut() -> impl IntoView {
    let driver = driver();
    let out = Memo::new(move |_| matches!(driver.left.get(), Some(Left::ShutOut(_))));
    let forgotten = Memo::new(move |_| driver.left.get() == Some(Left::Forgotten));
    // Behind the lock, or as the first version of the app kept it.
    let unsent = Memo::new(move |_| match driver.left.get() {
        Some(Left::SignedOut(unsent) | Left::ShutOut(unsent)) => unsent,
        _ => driver.status.get().unsent,
    });
    view! {
        {move || {
            (out.get() || forgotten.get() || unsent.get() > 0)
                .then(|| {
                    view! {
                        <div class="warning stacked" role="alert">
                            {forgotten.get().then(|| view! { <p>{words().left_forgotten()}</p> })}
                            {out.get().then(|| view! { <p>{words().problem_device_revoked()}</p> })}
                            {(unsent.get() > 0)
                                .then(|| {
                                    view! {
                                        <p>{words().out_unsent(unsent.get())}</p>
                                        <button class="button" on:click=move |_| crate::me::outbox::save_file()>
                                            <Icon name="install" />
                                            {words().save_as_file()}
                                        </button>
                                    }
                                })}
                        </div>
                    }
                })
        }}
    }
}

/// With a passkey: no address, no password, no code.
#[component]
fn ByPasskey() -> impl IntoView {
    let failed = RwSignal::new(None::<&'static str>);
    let busy = RwSignal::new(false);
    let show = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let signed_in = driver().sign_in_with_passkey(&device_name()).await;
            if let Err(refusal) = signed_in {
                let _ = failed.try_set(Some(match refusal.detail.as_str() {
                    "unreachable" => words().sign_in_unreachable(),
                    "not shown" => words().passkey_not_shown(),
                    _ => problem_text(refusal.kind),
                }));
            }
            let _ = busy.try_set(false);
        });
    };
    view! {
        <button class="button" id="by-passkey" on:click=show>
            <Icon name="person" />
            {move || if busy.get() { words().one_moment() } else { words().passkey_use() }}
        </button>
        {move || failed.get().map(|text| view! { <p class="danger" role="alert">{text}</p> })}
    }
}

/// With e-mail and password.
#[component]
fn ByPassword(
    /// A mail was asked for: with what its code opens here.
    mailed: Callback<String>,
) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let busy = RwSignal::new(false);
    let code_asked = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        fields.clear_errors();
        let (email, password) = (fields.get("email"), fields.get("password"));
        if email.is_empty() {
            fields.fail("email", words().email_missing());
            return;
        }
        if password.is_empty() {
            fields.fail("password", words().password_missing());
            return;
        }
        busy.set(true);
        spawn_local(async move {
            let code = fields.get("code");
            match driver.sign_in(&email, &password, &code, &device_name()).await {
                Ok(()) => {}
                // Asked for once the password is right; nothing typed is lost.
                Err(refusal) if refusal.kind == ProblemKind::SecondFactorNeeded => code_asked.set(true),
                Err(refusal) if refusal.kind == ProblemKind::SecondFactorWrong => {
                    fields.fail("code", problem_text(refusal.kind));
                }
                Err(refusal) if refusal.detail == "unreachable" => {
                    fields.fail("email", words().sign_in_unreachable());
                }
                Err(refusal) => fields.fail("email", problem_text(refusal.kind)),
            }
            busy.set(false);
        });
    };
    let recover = move |_| {
        fields.clear_errors();
        let email = fields.get("email");
        if email.is_empty() {
            return fields.fail("email", words().email_missing());
        }
        spawn_local(async move {
            match driver.call_open("/api/recover", &serde_json::json!({ "email": email })).await {
                Ok(answer) => {
                    if let Ok(Asked { asked }) = serde_json::from_slice(&answer.body) {
                        mailed.run(asked);
                    }
                }
                Err(refusal) if refusal.detail == "unreachable" => {
                    fields.fail("email", words().sign_in_unreachable());
                }
                Err(refusal) => fields.fail("email", problem_text(refusal.kind)),
            }
        });
    };
    // Somebody who is only asked to sign in again can go on without.
    let back = move || driver.person().is_some();
    view! {
            <p>{move || words().sign_in_intro()}</p>
            <FormErrors fields />
            <form on:submit=submit novalidate>
                <Field
                    fields
                    name="email"
                    label=Signal::derive(move || words().email().to_owned())
                    kind="email"
                    input_mode="email"
                    autocomplete="username"
                />
                <Field
                    fields
                    name="password"
                    label=Signal::derive(move || words().password().to_owned())
                    kind="password"
                    autocomplete="current-password"
                />
                {move || code_asked.get().then(|| view! { <CodeField fields /> })}
                <button class="button main" type="submit">
                    {move || if busy.get() { words().one_moment() } else { words().sign_in() }}
                </button>
                <button type="button" class="button quiet" id="recover" on:click=recover>
                    {move || words().recover()}
                </button>
                {move || {
                    back()
                        .then(|| {
                            view! {
                                <button type="button" class="button quiet" on:click=move |_| driver.stage.set(Stage::Ready)>
                                    {move || words().go_on_without()}
                                </button>
                            }
                        })
                }}
            </form>
    }
}

/// How to put the app on the home screen: first there, then sign in.
#[component]
pub fn InstallHint() -> impl IntoView {
    let offers = expect_context::<crate::app::Offers>();
    let installed = pwa::installed();
    view! {
        {(!installed)
            .then(|| {
                view! {
                    <section class="hint">
                        <h2>{move || words().install_title()}</h2>
                        <p>{move || words().install_why()}</p>
                        {move || match offers.install.get() {
                            Some(prompt) => {
                                view! {
                                    <button
                                        class="button"
                                        on:click=move |_| {
                                            let _ = prompt.prompt();
                                            offers.install.set(None);
                                        }
                                    >
                                        <Icon name="install" />
                                        {move || words().install()}
                                    </button>
                                }
                                    .into_any()
                            }
                            None => {
                                view! {
                                    <ol class="steps">
                                        <li>{move || words().install_step_1()}</li>
                                        <li>{move || words().install_step_2()}</li>
                                        <li>{move || words().install_step_3()}</li>
                                    </ol>
                                }
                                    .into_any()
                            }
                        }}
                    </section>
                }
            })}
    }
}
