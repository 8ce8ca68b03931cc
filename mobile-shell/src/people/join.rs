//! Coming in on a new phone: by a code that a colleague shows, or by the link of a mail.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::problem::{ProblemKind, Refusal};

use crate::browser::machine;
use crate::components::{Field, Fields, FormErrors, Icon};
use crate::driver::driver;
use crate::driver::network::Joined;
use crate::second_factor::CodeField;
use crate::session::{device_name, problem_text};
use crate::settings::words;

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
        let code: String = fields.get("code").chars().filter(char::is_ascii_digit).collect();
        if code.len() != 9 {
            return fields.fail("code", words().code_needed());
        }
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        spawn_local(async move {
            match driver.join(&code, &device_name(), "", "").await {
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

/// Coming in by the link of a mail; whoever is more than a volunteer chooses a password.
#[component]
pub fn ByLink(secret: String) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let asked = RwSignal::new(false);
    let code_asked = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let secret = StoredValue::new(secret);
    let enter = move || {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        fields.clear_errors();
        spawn_local(async move {
            let password = fields.get("password");
            match driver.join(&secret.get_value(), &device_name(), &password, &fields.get("code")).await {
                Ok(Joined::In) => {
                    machine::go_home();
                    return;
                }
                Ok(Joined::PasswordNeeded) => asked.set(true),
                Ok(Joined::Waiting { .. }) => {}
                Err(refusal) if refusal.kind == ProblemKind::SecondFactorNeeded => code_asked.set(true),
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
        <p>{move || words().link_intro()}</p>
        <FormErrors fields />
        <form on:submit=submit novalidate>
            {move || {
                asked
                    .get()
                    .then(|| {
                        view! {
                            <Field
                                fields
                                name="password"
                                label=Signal::derive(move || words().new_password().to_owned())
                                hint=Signal::derive(move || words().new_password_hint().to_owned())
                                kind="password"
                                autocomplete="new-password"
                            />
                        }
                    })
            }}
            {move || code_asked.get().then(|| view! { <CodeField fields /> })}
            <button class="button main big" type="submit">
                <Icon name="tick" />
                {move || if busy.get() { words().one_moment() } else { words().come_in() }}
            </button>
        </form>
    }
}
