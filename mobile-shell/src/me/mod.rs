//! Ik: the choices of a person on this device, and what stands on it.

pub(crate) mod outbox;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::access::Role;
use sync_core::sync::message::PROTOCOL;

use crate::browser::pwa;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::session::InstallHint;
use crate::settings::{Settings, Theme, words};
use crate::when;

/// The screen.
#[component]
pub fn MeScreen() -> impl IntoView {
    let driver = driver();
    let name = move || driver.read(|replica| replica.meta().name.clone());
    // Whoever gives some role looks after people.
    let gives = Memo::new(move |_| {
        driver
            .person()
            .is_some_and(|person| person.memberships.iter().any(|own| !own.role.gives().is_empty()))
    });
    view! {
        <h1>{move || words().place_me()}</h1>
        <p class="lead">{name}</p>
        <Choices />
        <OnThisPhone />
        <section>
            <h2>{move || words().my_devices()}</h2>
            <crate::people::devices::Devices path="/api/devices".to_owned() />
        </section>
        <InstallHint />
        <section>
            <h2>{move || words().more()}</h2>
            <ul class="links">
                {move || {
                    gives.get().then(|| view! { <li><A href="/mensen">{words().place_people()}</A></li> })
                }}
                {move || {
                    driver
                        .is(Role::VolunteerCoordinator)
                        .then(|| view! { <li><A href="/vrijwilligers">{words().place_volunteers()}</A></li> })
                }}
                {move || {
                    driver
                        .is(Role::Administrator)
                        .then(|| {
                            view! {
                                <li><A href="/beheer">{words().place_manage()}</A></li>
                                <li><A href="/logboek">{words().place_log()}</A></li>
                            }
                        })
                }}
                {move || {
                    let volunteers = driver
                        .person()
                        .is_some_and(|person| person.memberships.iter().any(|own| own.role.is_of_volunteers()));
                    // Whoever has an office's places at the bottom finds the own hours here.
                    let both = volunteers && crate::office::is_theirs();
                    view! {
                        {volunteers.then(|| view! { <li><A href="/ik/vrijwilliger">{words().own_part()}</A></li> })}
                        {both.then(|| view! { <li><A href="/uren">{words().place_hours()}</A></li> })}
                        {(both && driver.is(Role::Deliverer)).then(|| view! { <li><A href="/rooster">{words().place_schedule()}</A></li> })}
                    }
                }}
                <li><A href="/ik/verzenden">{move || words().outbox_title()}</A></li>
                <li><A href="/ik/toegankelijkheid">{move || words().accessibility_title()}</A></li>
                <li><A href="/hulp">{move || words().place_help()}</A></li>
            </ul>
            <p class="soft">{move || words().version(PROTOCOL, env!("CARGO_PKG_VERSION"))}</p>
        </section>
        <crate::pin::ChangePin />
        <crate::pin::FingerChoice />
        <crate::passkeys::Passkeys />
        <crate::second_factor::SecondStep />
        <section class="spaced">
            <h2>{move || words().my_data()}</h2>
            <p>{move || words().my_data_text()}</p>
            <button class="button" on:click=move |_| crate::people::save_about("/api/me/about".to_owned())>
                <Icon name="install" />
                {move || words().my_data_save()}
            </button>
        </section>
        <SignOut />
    }
}

#[component]
fn Choices() -> impl IntoView {
    let driver = driver();
    let settings = expect_context::<Settings>();
    view! {
        <section>
            <h2>{move || words().choices()}</h2>
            <fieldset>
                <legend>{move || words().text_size()}</legend>
                <div class="options">
                    {(0..3_u8)
                        .map(|size| {
                            let label = move || match size {
                                0 => words().text_normal(),
                                1 => words().text_large(),
                                _ => words().text_largest(),
                            };
                            view! {
                                <button
                                    class="button"
                                    aria-pressed=move || (settings.size.get() == size).to_string()
                                    on:click=move |_| settings.size.set(size)
                                >
                                    {label}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <fieldset>
                <legend>{move || words().theme()}</legend>
                <div class="options">
                    {Theme::ALL
                        .map(|theme| {
                            view! {
                                <button
                                    class="button"
                                    aria-pressed=move || (settings.theme.get() == theme).to_string()
                                    on:click=move |_| settings.theme.set(theme)
                                >
                                    {move || theme.label(words())}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <fieldset>
                <legend>{move || words().language()}</legend>
                <div class="options">
                    {[(words::Words::Dutch, "Nederlands"), (words::Words::English, "English")]
                        .map(|(language, label)| {
                            view! {
                                <button
                                    class="button"
                                    lang=language.code()
                                    aria-pressed=move || (settings.words.get() == language).to_string()
                                    on:click=move |_| {
                                        settings.words.set(language);
                                        // The library hears of it with the next contact.
                                        driver.sync();
                                    }
                                >
                                    {label}
                                </button>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
        </section>
    }
}

/// Bytes as megabytes, one decimal.
fn megabytes(bytes: f64) -> String {
    format!("{:.1}", bytes / 1_048_576.0)
}

#[component]
fn OnThisPhone() -> impl IntoView {
    let driver = driver();
    let room = RwSignal::new(None::<(f64, f64)>);
    spawn_local(async move { room.set(pwa::estimate().await) });
    let counts = move || {
        driver.read(|replica| {
            let of = |kind: &str| replica.documents().filter(|document| document.kind == kind).count();
            (of("round"), of("reader"))
        })
    };
    let last = move || {
        let last = driver.status.get().last_contact;
        if last.as_millis() == 0 {
            words().chip_no_contact_yet().to_owned()
        } else {
            words().chip_last_contact(when::moment(words(), last, driver.now()))
        }
    };
    view! {
        <section>
            <h2>{move || words().on_this_phone()}</h2>
            <dl class="facts">
                <dt>{move || words().last_sync()}</dt><dd>{last}</dd>
                <dt>{move || words().rounds_here()}</dt><dd>{move || counts().0}</dd>
                <dt>{move || words().addresses_here()}</dt><dd>{move || counts().1}</dd>
                <dt>{move || words().room()}</dt>
                <dd>
                    {move || {
                        room.get()
                            .map_or_else(
                                || words().unknown().to_owned(),
                                |(used, quota)| words().room_used(megabytes(used), megabytes(quota)),
                            )
                    }}
                </dd>
                <dt>{move || words().kept_promise()}</dt>
                <dd>
                    {move || if driver.durable.get() { words().kept_promise_yes() } else { words().kept_promise_no() }}
                </dd>
            </dl>
            <div class="row">
                <button class="button" on:click=move |_| driver.sync()>{move || words().try_now()}</button>
                {move || {
                    (!driver.durable.get())
                        .then(|| {
                            view! {
                                <button
                                    class="button"
                                    on:click=move |_| {
                                        spawn_local(async move {
                                            let durable = pwa::persist().await || pwa::installed();
                                            driver.set_durable(durable);
                                            if !durable {
                                                notices().wrong(words().persist_refused());
                                            }
                                        });
                                    }
                                >
                                    {move || words().ask_to_keep()}
                                </button>
                            }
                        })
                }}
            </div>
        </section>
    }
}

#[component]
fn SignOut() -> impl IntoView {
    let driver = driver();
    let asking = RwSignal::new(false);
    let leave = move || spawn_local(driver.sign_out());
    view! {
        <section>
            {move || {
                if asking.get() {
                    view! {
                        <div class="errors" role="alert">
                            <h2><Icon name="attention" />{words().sign_out_unsent(driver.status.get().unsent)}</h2>
                            <p>{words().sign_out_unsent_text()}</p>
                            <div class="row">
                                <button class="button" on:click=move |_| asking.set(false)>{words().stay()}</button>
                                <button class="button" on:click=move |_| leave()>{words().sign_out_anyway()}</button>
                            </div>
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <button
                            class="button"
                            on:click=move |_| {
                                if driver.status.get_untracked().unsent > 0 { asking.set(true) } else { leave() }
                            }
                        >
                            {words().sign_out()}
                        </button>
                    }
                        .into_any()
                }
            }}
        </section>
    }
}

/// The accessibility statement.
#[component]
pub fn AccessibilityScreen() -> impl IntoView {
    view! {
        <h1>{move || words().accessibility_title()}</h1>
        <p>{move || words().accessibility_text()}</p>
        <p>{move || words().accessibility_known()}</p>
        <p>{move || words().accessibility_contact()}</p>
    }
}
