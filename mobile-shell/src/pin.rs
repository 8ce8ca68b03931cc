//! The screens of the PIN: open with it, choose one, change it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::pin::{self, Weak};
use sync_core::problem::{ProblemKind, Refusal};

use crate::app::StoreTrouble;
use crate::browser::passkeys;
use crate::components::{Field, Fields, FormErrors, Icon, Unfold, notices};
use crate::driver::driver;
use crate::driver::lock::Opened;
use crate::session::problem_text;
use crate::settings::{label, words};

fn weak_text(weak: Weak) -> &'static str {
    match weak {
        Weak::Length | Weak::NotDigits => words().pin_length(),
        Weak::Trivial => words().pin_trivial(),
    }
}

fn why(refusal: &Refusal) -> &'static str {
    if refusal.detail == "unreachable" { words().pin_unreachable() } else { problem_text(refusal.kind) }
}

/// A field for a PIN.
#[component]
fn PinField(
    fields: Fields,
    name: &'static str,
    #[prop(into)] label: Signal<String>,
    #[prop(optional, into)] hint: Signal<String>,
    autocomplete: &'static str,
) -> impl IntoView {
    view! { <Field fields name label hint kind="password" input_mode="numeric" autocomplete /> }
}

/// The new PIN of a form, when both fields agree and it may be used.
fn chosen(fields: Fields) -> Option<String> {
    fields.clear_errors();
    let pin = fields.get("new-pin");
    if let Err(weak) = pin::check(&pin) {
        fields.fail("new-pin", weak_text(weak));
        return None;
    }
    if pin != fields.get("again") {
        fields.fail("again", words().pin_differs());
        return None;
    }
    Some(pin)
}

/// The two fields of a new PIN.
#[component]
fn NewPinFields(fields: Fields) -> impl IntoView {
    view! {
        <PinField
            fields
            name="new-pin"
            label=Signal::derive(move || words().pin_new().to_owned())
            hint=Signal::derive(move || words().pin_new_hint().to_owned())
            autocomplete="new-password"
        />
        <PinField
            fields
            name="again"
            label=Signal::derive(move || words().pin_again().to_owned())
            autocomplete="new-password"
        />
    }
}

/// The data is locked: the PIN is asked.
#[component]
pub fn PinScreen() -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let busy = RwSignal::new(false);
    let forgotten = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        fields.clear_errors();
        let pin = fields.get("pin");
        if pin.is_empty() {
            return fields.fail("pin", words().pin_missing());
        }
        busy.set(true);
        spawn_local(async move {
            let opened = driver.open_with(&pin).await;
            busy.set(false);
            fields.set("pin", "");
            match opened {
                Opened::Open | Opened::Over => {}
                Opened::Wrong(left) => fields.fail("pin", words().pin_wrong(left)),
                Opened::Wait(seconds) => fields.fail("pin", words().pin_wait(seconds)),
            }
        });
    };
    view! {
        <main class="sign-in" id="main">
            <p class="brand"><Icon name="books" />{move || words().app_name()}</p>
            {move || {
                if forgotten.get() {
                    view! {
                        <h1>{words().pin_forgotten()}</h1>
                        <p>{words().pin_forgotten_text()}</p>
                        <button class="button main big" on:click=move |_| spawn_local(driver.give_up_pin())>
                            {words().pin_forgotten_go_on()}
                        </button>
                        <button class="button quiet" on:click=move |_| forgotten.set(false)>
                            {words().pin_try_still()}
                        </button>
                    }
                        .into_any()
                } else {
                    view! {
                        <h1>{words().pin_title()}</h1>
                        <StoreTrouble />
                        <FormErrors fields />
                        <form on:submit=submit novalidate>
                            <PinField
                                fields
                                name="pin"
                                label=Signal::derive(move || words().pin_label().to_owned())
                                autocomplete="current-password"
                            />
                            <button class="button main big" type="submit">
                                {move || if busy.get() { words().one_moment() } else { words().pin_open() }}
                            </button>
                            {driver.has_finger().then(|| view! { <OpenWithFinger busy /> })}
                            <button class="button quiet" type="button" on:click=move |_| forgotten.set(true)>
                                {words().pin_forgotten()}
                            </button>
                        </form>
                    }
                        .into_any()
                }
            }}
        </main>
    }
}

/// The button beside the PIN, where a finger or face opens the lock too.
#[component]
fn OpenWithFinger(busy: RwSignal<bool>) -> impl IntoView {
    let driver = driver();
    let unseen = RwSignal::new(false);
    let show = move |_| {
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        unseen.set(false);
        spawn_local(async move {
            let seen = driver.open_with_finger().await;
            busy.set(false);
            let _ = unseen.try_set(!seen);
        });
    };
    view! {
        <button class="button big" type="button" id="by-finger" on:click=show>
            <Icon name="person" />
            {move || words().finger_open()}
        </button>
        {move || unseen.get().then(|| view! { <p class="danger" role="alert">{words().finger_unseen()}</p> })}
    }
}

/// Opening with a finger or face as well, under *Ik*.
#[component]
pub fn FingerChoice() -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([("finger-pin", String::new())]);
    let busy = RwSignal::new(false);
    let offered = Memo::new(move |_| driver.has_pin() && passkeys::available());
    let has_finger = Memo::new(move |_| driver.has_finger());
    let add = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        fields.clear_errors();
        let pin = fields.get("finger-pin");
        busy.set(true);
        spawn_local(async move {
            match driver.add_finger(&pin).await {
                Ok(true) => {
                    fields.begin_anew();
                    notices().say(words().finger_added());
                }
                Ok(false) => fields.fail("finger-pin", words().finger_not()),
                Err(Opened::Wait(seconds)) => fields.fail("finger-pin", words().pin_wait(seconds)),
                Err(_) => fields.fail("finger-pin", words().pin_old_wrong()),
            }
            busy.set(false);
        });
    };
    let drop = move |_| {
        spawn_local(async move {
            if driver.drop_finger().await {
                notices().say(words().finger_dropped());
            }
        });
    };
    move || {
        offered.get().then(|| {
            if has_finger.get() {
                return view! {
                    <section>
                        <button class="button" id="drop-finger" on:click=drop>{words().finger_drop()}</button>
                    </section>
                }
                .into_any();
            }
            view! {
                <section>
                    <Unfold summary=label(words::Words::finger_add) fields>
                        <form on:submit=add novalidate>
                            <p class="soft">{words().finger_text()}</p>
                            <FormErrors fields />
                            <PinField
                                fields
                                name="finger-pin"
                                label=Signal::derive(move || words().pin_label().to_owned())
                                autocomplete="current-password"
                            />
                            <button class="button" type="submit">
                                {move || if busy.get() { words().one_moment() } else { words().finger_on() }}
                            </button>
                        </form>
                    </Unfold>
                </section>
            }
            .into_any()
        })
    }
}

/// Somebody came in and chooses a PIN.
#[component]
pub fn NewPinScreen() -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let busy = RwSignal::new(false);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(pin) = chosen(fields) else { return };
        busy.set(true);
        spawn_local(async move {
            match driver.choose_pin(&pin).await {
                // This library wants a longer one.
                Err(refusal) if refusal.kind == ProblemKind::NumberOutOfRange => {
                    fields.fail("new-pin", words().pin_longer(refusal.detail));
                }
                Err(refusal) => fields.fail("new-pin", why(&refusal)),
                Ok(()) => {}
            }
            busy.set(false);
        });
    };
    view! {
        <main class="sign-in" id="main">
            <p class="brand"><Icon name="books" />{move || words().app_name()}</p>
            <h1>{move || words().pin_choose()}</h1>
            <StoreTrouble />
            <p>{move || words().pin_choose_text()}</p>
            <FormErrors fields />
            <form on:submit=submit novalidate>
                <NewPinFields fields />
                <button class="button main big" type="submit">
                    {move || if busy.get() { words().one_moment() } else { words().go_on() }}
                </button>
                {driver
                    .pin_can_wait()
                    .then(|| {
                        view! {
                            <button class="button quiet" type="button" on:click=move |_| driver.pin_later()>
                                {move || words().pin_later()}
                            </button>
                        }
                    })}
            </form>
        </main>
    }
}

/// Changing the PIN, under *Ik*.
#[component]
pub fn ChangePin() -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let shown = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let has_pin = Memo::new(move |_| driver.has_pin());
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if busy.get_untracked() {
            return;
        }
        let Some(pin) = chosen(fields) else { return };
        let old = fields.get("pin");
        busy.set(true);
        spawn_local(async move {
            match driver.change_pin(&old, &pin).await {
                Ok(Opened::Open) => {
                    for name in ["pin", "new-pin", "again"] {
                        fields.set(name, "");
                    }
                    fields.kept();
                    shown.set(false);
                    notices().say(words().pin_changed());
                }
                Ok(Opened::Wait(seconds)) => fields.fail("pin", words().pin_wait(seconds)),
                Ok(Opened::Wrong(_) | Opened::Over) => fields.fail("pin", words().pin_old_wrong()),
                Err(refusal) if refusal.kind == ProblemKind::NumberOutOfRange => {
                    fields.fail("new-pin", words().pin_longer(refusal.detail));
                }
                Err(refusal) => fields.fail("pin", problem_text(refusal.kind)),
            }
            busy.set(false);
        });
    };
    move || {
        has_pin.get().then(|| {
            if !shown.get() {
                return view! {
                    <section>
                        <button class="button" on:click=move |_| shown.set(true)>{words().pin_change()}</button>
                    </section>
                }
                .into_any();
            }
            view! {
                <section>
                    <h2>{words().pin_change()}</h2>
                    <FormErrors fields />
                    <form on:submit=submit novalidate>
                        <PinField
                            fields
                            name="pin"
                            label=Signal::derive(move || words().pin_old().to_owned())
                            autocomplete="current-password"
                        />
                        <NewPinFields fields />
                        <button class="button" type="submit">
                            {move || if busy.get() { words().one_moment() } else { words().save() }}
                        </button>
                    </form>
                </section>
            }
            .into_any()
        })
    }
}
