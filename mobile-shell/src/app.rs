//! The app: what is always on the screen, and which screen is where.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{A, Router};
use leptos_router::hooks::use_location;
use sync_core::access::Role;
use sync_core::problem::ProblemKind;
use sync_core::replica::Reach;

use crate::browser::indexed_db::StoreError;
use crate::browser::listener::Listener;
use crate::browser::machine;
use crate::browser::pwa::{self, InstallOffer, Waiting};
use crate::components::{Icon, Notices, UndoBar, has_draft, notices};
use crate::driver::{Driver, Stage, driver};
use crate::screens::Screens;
use crate::settings::{Settings, words};
use crate::{deliveries, me, office, pin, places, proof, session, taalhuis};

/// So many days before the data closes for want of contact, a person is told.
const LEASE_WARNING_DAYS: usize = 5;

/// What the browser offers the whole app.
#[derive(Clone, Copy)]
pub(crate) struct Offers {
    /// To install it.
    pub(crate) install: InstallOffer,
    /// A new version that waits.
    pub(crate) waiting: Waiting,
}

/// Everything.
#[component]
pub fn App(offer: InstallOffer) -> impl IntoView {
    Settings::provide();
    Notices::provide();
    let driver = Driver::provide();
    let waiting = RwSignal::new_local(None);
    provide_context(Offers { install: offer, waiting });
    spawn_local(async move {
        if let Err(error) = pwa::register(waiting, has_draft).await {
            leptos::logging::warn!("no service worker: {error:?}");
        }
    });
    watch_network(driver);
    // Drawn anew only when it differs: a fresh token says again that somebody is signed in.
    let stage = Memo::new(move |_| driver.stage.get());
    view! {
        <Router>
            {move || match stage.get() {
                Stage::Starting => view! { <p class="starting" role="status">{words().starting()}</p> }.into_any(),
                Stage::NewPin => view! { <pin::NewPinScreen /> }.into_any(),
                Stage::Closed => view! { <pin::PinScreen /> }.into_any(),
                Stage::SignedOut => view! { <session::SignIn /> }.into_any(),
                Stage::Ready => view! { <Frame /> }.into_any(),
            }}
        </Router>
    }
}

/// Exchanges when a network comes back, and when the person comes back to the screen.
fn watch_network(driver: Driver) {
    let Some(window) = web_sys::window() else { return };
    let sync = move |_| driver.sync();
    Listener::new(&window, "online", sync).forever();
    Listener::new(&window, "offline", move |_| driver.version.update(|version| *version += 1)).forever();
    if let Some(page) = window.document() {
        let seen = page.clone();
        Listener::new(&page, "visibilitychange", move |_| {
            let hidden = seen.visibility_state() == web_sys::VisibilityState::Hidden;
            // The picture that a phone keeps of an app in the background shows nobody's address.
            machine::html_attribute("data-covered", hidden.then_some("yes"));
            driver.watch_background(hidden);
            if !hidden {
                driver.sync();
            }
        })
        .forever();
    }
}

#[component]
fn Frame() -> impl IntoView {
    let driver = driver();
    Effect::new(move |before: Option<u64>| {
        let count = driver.refusals.get();
        if before.is_some_and(|before| before != count) {
            notices().wrong(words().refused_notice());
        }
        count
    });
    // On a phone the bar of a volunteer has this place already.
    let coordinates = move || driver.is(Role::DeliveryCoordinator) || driver.is(Role::TaalhuisCoordinator);
    let locked = Memo::new(move |_| driver.locked());
    let location = use_location();
    Effect::new(move |_| {
        location.pathname.track();
        // Another screen begins at its top.
        machine::scroll_up("main");
    });
    view! {
        <a class="skip" href="#main" rel="external">{move || words().skip_to_content()}</a>
        <div class="app">
            <header class="top">
                <Chip />
                <Offered />
                <A href="/ik" attr:class=move || if coordinates() { "top-link" } else { "top-link in-bar" }><Icon name="person" /><span>{move || words().place_me()}</span></A>
                <A href="/hulp" attr:class="top-link"><Icon name="help" /><span>{move || words().place_help()}</span></A>
            </header>
            <nav class="places" aria-label=move || words().places()>
                <p class="brand"><Icon name="books" />{move || words().app_name()}</p>
                <places::Bar />
            </nav>
            <main id="main" tabindex="0">
                <Warnings />
                {move || {
                    if locked.get() { view! { <Locked /> }.into_any() } else { view! { <Screens /> }.into_any() }
                }}
            </main>
            <UndoBar />
            <proof::ProofAsked />
        </div>
    }
}

#[component]
fn Locked() -> impl IntoView {
    view! {
        <section class="card">
            <h1>{move || words().locked_title()}</h1>
            <p>{move || words().locked_text()}</p>
            <div class="row">
                <button class="button main" on:click=move |_| driver().sync()>{move || words().try_now()}</button>
                // What was done here is never locked in with the rest.
                <button class="button" on:click=move |_| me::outbox::save_file()>
                    <Icon name="install" />
                    {move || words().save_as_file()}
                </button>
            </div>
        </section>
    }
}

/// The first screen of a person: by role, and merged when there are several.
#[component]
pub(crate) fn Home() -> impl IntoView {
    let driver = driver();
    let (delivers, helps) = (driver.is(Role::Deliverer), driver.is(Role::Buddy));
    let refers = taalhuis::refer::refers();
    let person = driver.person();
    let office =
        person.is_some_and(|person| person.memberships.iter().any(|own| office::works_there(own.role)));
    view! {
        {office.then(office::home)}
        {delivers.then(|| view! { <deliveries::today::Today /> })}
        {helps.then(|| view! { <taalhuis::today::BuddyToday /> })}
        {refers.then(|| view! { <taalhuis::refer::ReferTile /> })}
        {(!delivers && !helps && !office && !refers)
            .then(|| {
                view! {
                    <h1>{move || words().welcome()}</h1>
                    <p>{move || words().no_work_here()}</p>
                }
            })}
    }
}

/// Mijn uren: of rounds, of sessions, or of both.
#[component]
pub(crate) fn HoursScreen() -> impl IntoView {
    let driver = driver();
    let helps = driver.is(Role::Buddy);
    view! {
        <h1>{move || words().place_hours()}</h1>
        {(driver.is(Role::Deliverer) || !helps).then(|| view! { <deliveries::hours::Hours /> })}
        {helps.then(|| view! { <taalhuis::today::SessionHours /> })}
    }
}

/// The sync chip: in words, counted from the outbox. It never says *aangekomen* before the server said so.
#[component]
fn Chip() -> impl IntoView {
    let driver = driver();
    let told = move || {
        let words = words();
        driver.version.track();
        let status = driver.status.get();
        let offline = driver.offline();
        let ago = if status.last_contact.as_millis() == 0 {
            words.chip_no_contact_yet().to_owned()
        } else {
            words.chip_last_contact(crate::when::lately(words, status.last_contact, driver.now()))
        };
        if driver.sign_in_needed.get().is_some() {
            ("no", "refused", words.chip_sign_in().to_owned(), words.chip_kept(status.unsent))
        } else if status.refused > 0 {
            ("no", "refused", words.chip_refused(status.refused), words.chip_look().to_owned())
        } else if offline {
            let kept = if status.unsent > 0 { words.chip_kept(status.unsent) } else { ago };
            ("no-network", "offline", words.chip_offline().to_owned(), kept)
        } else if status.reach == Reach::Busy {
            let kept = if status.unsent > 0 { words.chip_kept(status.unsent) } else { ago };
            ("no-network", "offline", words.chip_busy().to_owned(), kept)
        } else if matches!(status.reach, Reach::Rejected(_)) {
            ("no", "refused", words.chip_rejected().to_owned(), words.chip_kept(status.unsent))
        } else if status.unsent > 0 {
            ("tick", "unsent", words.chip_unsent(status.unsent), words.chip_on_its_way().to_owned())
        } else if status.saving {
            ("tick", "unsent", words.chip_saving().to_owned(), ago)
        } else if status.reach == Reach::Reached {
            ("ticks", "arrived", words.chip_arrived().to_owned(), ago)
        } else {
            ("tick", "unknown", words.chip_checking().to_owned(), ago)
        }
    };
    view! {
        <A href="/ik/verzenden" attr:class="chip">
            {move || {
                let (icon, state, first, second) = told();
                view! {
                    <span class="chip-state" data-state=state>
                        <Icon name=icon />
                        <span><b>{first}</b><small>{second}</small></span>
                    </span>
                }
            }}
        </A>
    }
}

/// The offers of the browser: a new version, and to install.
#[component]
fn Offered() -> impl IntoView {
    let offers = expect_context::<Offers>();
    view! {
        {move || {
            offers
                .waiting
                .get()
                .map(|update| {
                    let take = move |_| {
                        if has_draft() { notices().wrong(words().new_version_draft()) } else { pwa::update(&update) }
                    };
                    view! { <button class="button small" on:click=take>{move || words().new_version()}</button> }
                })
        }}
    }
}

/// What stands in the way of working: no room, no promise to keep, a sign-in that ended.
#[component]
fn Warnings() -> impl IntoView {
    let driver = driver();
    let location = use_location();
    let sign_in = move || {
        driver.sign_in_needed.get().map(|problem| {
            let text = match problem {
                ProblemKind::DeviceRevoked => words().problem_device_revoked(),
                ProblemKind::SecondStepMissing => {
                    return view! {
                        <div class="warning" role="alert">
                            <Icon name="attention" />
                            <p>{words().problem_second_step_missing()}</p>
                            <A href="/ik" attr:class="button">{move || words().how()}</A>
                        </div>
                    }
                    .into_any();
                }
                _ => words().sign_in_again_text(),
            };
            view! {
                <div class="warning" role="alert">
                    <Icon name="attention" />
                    <p>{text}</p>
                    <button class="button" on:click=move |_| driver.stage.set(Stage::SignedOut)>
                        {move || words().sign_in()}
                    </button>
                </div>
            }
            .into_any()
        })
    };
    let outdated = Memo::new(move |_| driver.status.get().update_needed);
    let too_old = move || {
        outdated.get().then(|| {
            view! {
                <div class="warning" role="alert">
                    <Icon name="attention" />
                    <p>{move || words().new_version_needed()}</p>
                </div>
            }
        })
    };
    let fleeting = move || {
        let home = location.pathname.get() == "/";
        (home && !driver.durable.get()).then(|| {
            view! {
                <div class="warning">
                    <Icon name="attention" />
                    <p>{move || words().not_durable()}</p>
                    <A href="/ik" attr:class="button">{move || words().how()}</A>
                </div>
            }
        })
    };
    let lease = Memo::new(move |_| driver.read(|replica| replica.lease_days_left(driver.now())));
    let ending = move || {
        lease.get().filter(|left| *left <= LEASE_WARNING_DAYS).map(|left| {
            view! { <div class="warning"><Icon name="attention" /><p>{words().lease_warning(left)}</p></div> }
        })
    };
    view! { {sign_in} <StoreTrouble /> {too_old} {fleeting} {ending} }
}

/// The store refused: there is no room, or this browser keeps nothing.
#[component]
pub fn StoreTrouble() -> impl IntoView {
    let driver = driver();
    move || {
        driver.store_trouble.get().map(|trouble| {
            let text = match trouble {
                StoreError::Full => words().store_full(),
                StoreError::Refused(_) => words().store_refused(),
            };
            view! { <div class="warning" role="alert"><Icon name="attention" /><p>{text}</p></div> }
        })
    }
}
