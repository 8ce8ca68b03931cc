//! Coming in on a new phone: by a code that a colleague shows, or by the link of a mail.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::problem::{ProblemKind, Refusal};

use crate::browser::machine;
use crate::components::{Field, Fields, FormErrors, Icon};
use crate::driver::driver;
use crate::driver::network::{Joined, WayIn};
use crate::second_factor::CodeField;
use crate::session::{device_name, problem_text};
use crate::settings::{label, words};

/// Between two questions whether a colleague confirmed.
const ASK_MS: u32 = 1_500;

fn why(refusal: &Refusal) -> &'static str {
    if refusal.detail == "unreachable" { words().sign_in_unreachable() } else { problem_text(refusal.kind) }
}

/// The second step of who has one, after a colleague said yes.
fn take_step(fields: Fields, join: String, busy: RwSignal<bool>) {
    if busy.get_untracked() {
        return;
    }
    busy.set(true);
    spawn_local(async move {
        match driver().finish_joining(&join, &fields.get("code")).await {
            Ok(true) => return,
            Ok(false) => {}
            Err(refusal) => fields.fail("code", why(&refusal)),
        }
        busy.set(false);
    });
}

/// Typing the code; then the two digits, until a colleague has seen them.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn ByCode(back: Callback<()>, seen: Option<String>) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    if let Some(seen) = seen {
        // The camera saw it: one tap goes on.
        fields.set("code", &seen);
    }
    let digits = RwSignal::new(None::<i32>);
    let busy = RwSignal::new(false);
    // What this device waits with, once a colleague said yes and the second step is asked.
    let step = RwSignal::new(None::<String>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        if let Some(join) = step.get_untracked() {
            return take_step(fields, join, busy);
        }
        let Some(code) = nine_digits(&fields.get("code")) else {
            return fields.fail("code", words().code_needed());
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match driver.join(WayIn { secret: &code, asked: "" }, &device_name(), "", "").await {
                Ok(Joined::Waiting { join, digits: shown }) => {
                    digits.set(Some(shown));
                    loop {
                        gloo_timers::future::TimeoutFuture::new(ASK_MS).await;
                        match driver.finish_joining(&join, "").await {
                            Ok(true) => return,
                            Ok(false) => {}
                            // Without a network for a moment: asked again.
                            Err(refusal) if refusal.detail == "unreachable" => {}
                            Err(refusal) => {
                                digits.set(None);
                                if refusal.kind == ProblemKind::SecondFactorNeeded {
                                    fields.set("code", "");
                                    step.set(Some(join));
                                } else {
                                    fields.fail("code", why(&refusal));
                                }
                                break;
                            }
                        }
                    }
                }
                Ok(Joined::In) => return,
                Ok(Joined::PasswordNeeded) => {
                    fields.fail("code", problem_text(ProblemKind::InvitationOver));
                }
                Err(refusal) => fields.fail("code", why(&refusal)),
            }
            busy.set(false);
        });
    };
    view! {
        {move || match digits.get() {
            Some(digits) => {
                view! {
                    <section class="card">
                        <p>{words().digits_text()}</p>
                        <p class="code" id="digits">{digits}</p>
                        <p class="soft" role="status">{words().digits_wait()}</p>
                    </section>
                }
                    .into_any()
            }
            None if step.with(Option::is_some) => {
                view! {
                    <FormErrors fields />
                    <form on:submit=submit novalidate>
                        <CodeField fields />
                        <button class="button main big" type="submit">
                            {move || if busy.get() { words().one_moment() } else { words().go_on() }}
                        </button>
                    </form>
                }
                    .into_any()
            }
            None => {
                view! {
                    <p>{words().join_intro()}</p>
                    <FormErrors fields />
                    <form on:submit=submit novalidate>
                        <Field
                            fields
                            name="code"
                            label=Signal::derive(move || words().code_label().to_owned())
                            hint=Signal::derive(move || words().code_hint().to_owned())
                            input_mode="numeric"
                            autocomplete="one-time-code"
                        />
                        <button class="button main big" type="submit">
                            {move || if busy.get() { words().one_moment() } else { words().go_on() }}
                        </button>
                        <button class="button quiet" type="button" on:click=move |_| back.run(())>
                            {words().with_password()}
                        </button>
                    </form>
                }
                    .into_any()
            }
        }}
    }
}

/// Nine digits, however they are typed.
fn nine_digits(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    (digits.len() == 9).then_some(digits)
}

/// By what of a mail somebody comes in.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum Mailed {
    /// The link: what stands behind its `#`.
    Link(String),
    /// The code, typed where it was asked for, with what this device was given when it asked.
    Code(String),
}

#[component]
fn MailedField(fields: Fields) -> impl IntoView {
    view! {
        <Field
            fields
            name="mailed"
            label=label(words::Words::mailed_code_label)
            hint=label(words::Words::mailed_code_hint)
            input_mode="numeric"
            autocomplete="one-time-code"
        />
    }
}

#[component]
fn NewPasswordField(fields: Fields) -> impl IntoView {
    view! {
        <Field
            fields
            name="password"
            label=label(words::Words::new_password)
            hint=label(words::Words::new_password_hint)
            kind="password"
            autocomplete="new-password"
        />
    }
}

/// Coming in by a mail; whoever is more than a volunteer chooses a password.
#[component]
pub fn ByMail(mailed: Mailed) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let asked = RwSignal::new(false);
    let code_asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let is_typed = matches!(mailed, Mailed::Code(_));
    if is_typed {
        // It took the place of a longer form: what was looked at has gone.
        request_animation_frame(|| machine::focus("mailed"));
    }
    let mailed = StoredValue::new(mailed);
    let enter = move || {
        if busy.get_untracked() {
            return;
        }
        fields.clear_errors();
        let (secret, given) = match mailed.get_value() {
            Mailed::Link(secret) => (secret, String::new()),
            Mailed::Code(given) => match nine_digits(&fields.get("mailed")) {
                Some(digits) => (digits, given),
                None => return fields.fail("mailed", words().code_needed()),
            },
        };
        busy.set(true);
        spawn_local(async move {
            let (way, password) = (WayIn { secret: &secret, asked: &given }, fields.get("password"));
            match driver.join(way, &device_name(), &password, &fields.get("code")).await {
                Ok(Joined::In) => {
                    if !is_typed {
                        machine::go_home();
                    }
                    return;
                }
                Ok(Joined::PasswordNeeded) => asked.set(true),
                Ok(Joined::Waiting { .. }) => {}
                Err(refusal) if refusal.kind == ProblemKind::SecondFactorNeeded => code_asked.set(true),
                Err(refusal) if is_typed && refusal.kind == ProblemKind::InvitationOver => {
                    fields.fail("mailed", why(&refusal));
                }
                Err(refusal) => fields.fail("password", why(&refusal)),
            }
            busy.set(false);
        });
    };
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        enter();
    };
    view! {
        <p role=is_typed.then_some("status")>
            {move || if is_typed { words().recover_sent() } else { words().link_intro() }}
        </p>
        <FormErrors fields />
        <form on:submit=submit novalidate>
            {is_typed.then(|| view! { <MailedField fields /> })}
            {move || asked.get().then(|| view! { <NewPasswordField fields /> })}
            {move || code_asked.get().then(|| view! { <CodeField fields /> })}
            <button class="button main big" type="submit">
                <Icon name="tick" />
                {move || if busy.get() { words().one_moment() } else { words().come_in() }}
            </button>
        </form>
    }
}
