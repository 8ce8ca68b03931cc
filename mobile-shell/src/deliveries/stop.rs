//! One address: everything a volunteer needs at the door.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::view::{LogView, RoundState, StopState, StopView};
use sync_core::deliveries::{ChangeStop, LogDelivery, Outcome, ReaderProfile};
use sync_core::ids::{RoundId, StopId};

use super::{colleague, letters, log, log_of, outcome_text, picture, reader, rests, round};
use crate::address::param;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::help::call_link;
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// A link that opens the address in the phone's own maps.
pub(crate) fn map_link(profile: &ReaderProfile) -> String {
    let address =
        format!("{} {}, {} {}", profile.street, profile.house_number, profile.postcode, profile.place);
    let encoded = String::from(js_sys::encode_uri_component(&address));
    // Android asks which app; an iPhone and a Mac open this address in their own maps. Elsewhere it is a page.
    let agent = web_sys::window().and_then(|window| window.navigator().user_agent().ok()).unwrap_or_default();
    if agent.contains("Android") {
        format!("geo:0,0?q={encoded}")
    } else if ["iPhone", "iPad", "Macintosh"].iter().any(|machine| agent.contains(machine)) {
        format!("https://maps.apple.com/?q={encoded}")
    } else {
        format!("https://www.openstreetmap.org/search?query={encoded}")
    }
}

/// Round and stop from the address of the screen.
pub(super) fn here() -> Option<(RoundId, StopView)> {
    let (id, stop): (RoundId, StopId) = (param("round")?, param("stop")?);
    let stop = round(id)?.stops.into_iter().find(|found| found.stop == stop)?;
    Some((id, stop))
}

/// The screen.
#[component]
pub fn StopScreen() -> impl IntoView {
    let shown = Memo::new(|_| here().map(|(round, stop)| (round, stop, picture(round))));
    view! {
        {move || match shown.get() {
            Some((round, stop, _)) => view! { <Stop round stop /> }.into_any(),
            None => {
                view! {
                    <A href="/" attr:class="back">{words().back()}</A>
                    <h1>{words().stop_gone()}</h1>
                }
                    .into_any()
            }
        }}
    }
}

/// Whether a visit can be told of now: the round may be off.
fn may_log(id: RoundId, log: &LogDelivery) -> bool {
    let is_off = round(id).is_none_or(|round| round.state == RoundState::Cancelled);
    !is_off && driver().read(|replica| replica.may(id.into(), &log.clone().into()))
}

#[component]
fn Stop(round: RoundId, stop: StopView) -> impl IntoView {
    let known = stop.reader.and_then(reader);
    let name = known
        .as_ref()
        .map_or_else(|| words().reader_unknown().to_owned(), |known| known.profile.name.clone());
    let reader_id = stop.reader;
    let seen = stop.logs.clone();
    let planned = stop.state == StopState::Planned;
    let can = planned && may_log(round, &log_of(stop.stop, Outcome::Delivered, &[]));
    let disputed = stop.state == StopState::Disputed;
    let id = stop.stop;
    let said = name.clone();
    let resting = move || rests().get().then_some("true");
    let delivered = move |_| {
        if rests().get_untracked() {
            return;
        }
        let (name, entry) = (said.clone(), log_of(id, Outcome::Delivered, &seen));
        spawn_local(async move {
            log(round, name, entry).await;
        });
    };
    view! {
        <A href=format!("/ronde/{round}") attr:class="back">{words().back()}</A>
        <h1>{name.clone()}</h1>
        {match known {
            Some(known) => view! { <Door profile=known.profile stop=stop.clone() round /> }.into_any(),
            None => view! { <p>{words().reader_unknown_text()}</p> }.into_any(),
        }}
        {disputed.then(|| view! { <Dispute round stop=stop.clone() name=name.clone() /> })}
        {(!stop.logs.is_empty() && !disputed).then(|| view! { <Logged log=stop.logs[0].clone() /> })}
        // Within reach of a thumb, however much is told above.
        <div class="acts at-hand">
            {can
                .then(|| {
                    view! {
                        <button class="button main big" id="delivered" aria-disabled=resting on:click=delivered>
                            <Icon name="tick" />
                            {outcome_text(Outcome::Delivered)}
                        </button>
                    }
                })}
            <A href=format!("/ronde/{round}/adres/{id}/niet-gelukt") attr:class="button">
                {if planned { words().not_done() } else { words().correct_it() }}
            </A>
        </div>
        <div class="acts">
            <A href=format!("/ronde/{round}/adres/{id}/meer") attr:class="button">{words().details()}</A>
            {reader_id
                .map(|reader| {
                    view! {
                        <A href=format!("/zorgen/{round}/{reader}") attr:class="button">
                            <Icon name="heart" />
                            {words().worried_button()}
                        </A>
                    }
                })}
        </div>
    }
}

/// What is known of the address and the person.
#[component]
fn Door(profile: ReaderProfile, stop: StopView, round: RoundId) -> impl IntoView {
    let fact = |label: &'static str, text: String| {
        (!text.trim().is_empty()).then(|| view! { <dt>{label}</dt><dd>{text}</dd> })
    };
    let most =
        if profile.max_items > 0 { words().items(usize::from(profile.max_items)) } else { String::new() };
    let contact = [profile.contact_name.clone(), profile.contact_phone.clone()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(", ");
    view! {
        <p class="address">
            {format!("{} {}", profile.street, profile.house_number)}<br />
            {format!("{} {}", profile.postcode, profile.place)}
        </p>
        <div class="pair">
            {(!profile.phone.is_empty())
                .then(|| {
                    view! {
                        <a class="button" href=call_link(&profile.phone) rel="external">
                            <Icon name="phone" />
                            {profile.phone.clone()}
                        </a>
                    }
                })}
            <a class="button" href=map_link(&profile) target="_blank" rel="noopener noreferrer external">
                <Icon name="pin" />
                {words().route()}
            </a>
        </div>
        <dl class="facts card">
            {fact(words().door(), profile.door_note.clone())}
            {fact(words().mobility(), profile.mobility.clone())}
            <Bring label=words().bag() field=Part::Bag round stop=stop.clone() />
            <Bring label=words().bring() field=Part::Bring round stop=stop.clone() />
            <Bring label=words().fetch() field=Part::Fetch round stop=stop.clone() />
            {fact(words().likes(), profile.interests.clone())}
            {fact(words().avoid(), profile.avoid.clone())}
            {fact(words().item_kinds(), profile.item_kinds.clone())}
            {fact(words().letters(), letters(&profile).to_owned())}
            {fact(words().most(), most)}
            {fact(words().contact_person(), contact)}
        </dl>
    }
}

/// A part of what is carried.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// Which bag.
    Bag,
    /// What to bring.
    Bring,
    /// What to fetch.
    Fetch,
}

/// One part; with two answers when two people set it apart from each other, for a coordinator to choose.
#[component]
pub fn Bring(label: &'static str, field: Part, round: RoundId, stop: StopView) -> impl IntoView {
    let answers = match field {
        Part::Bag => stop.bag,
        Part::Bring => stop.bring,
        Part::Fetch => stop.fetch,
    };
    let shown = answers.first().cloned().unwrap_or_default();
    let several = answers.len() > 1;
    let id = stop.stop;
    let choose = move |answer: String| {
        let driver = driver();
        let change = ChangeStop {
            stop: id,
            bag: (field == Part::Bag).then(|| answer.clone()),
            bring: (field == Part::Bring).then(|| answer.clone()),
            fetch: (field == Part::Fetch).then(|| answer.clone()),
        };
        spawn_local(async move {
            if let Err(refusal) = driver.act(round, change).await {
                notices().wrong(problem_text(refusal.kind));
            }
        });
    };
    (!shown.is_empty() || several).then(|| {
        let options = if several {
            let buttons = answers
                .into_iter()
                .map(|answer| {
                    let text = if answer.is_empty() { words().nothing().to_owned() } else { answer.clone() };
                    view! { <button class="button small" on:click=move |_| choose(answer.clone())>{text}</button> }
                })
                .collect_view();
            view! {
                <span class="danger"><Icon name="attention" />{words().two_answers_text()}</span>
                <span class="row">{buttons}</span>
            }
            .into_any()
        } else {
            view! { {shown} }.into_any()
        };
        view! { <dt>{label}</dt><dd>{options}</dd> }
    })
}

/// What was logged.
#[component]
fn Logged(log: LogView) -> impl IntoView {
    let driver = driver();
    let Some(outcome) = log.outcome else { return ().into_any() };
    let by = log.by.map(colleague).unwrap_or_default();
    let books = books_of(&log);
    view! {
        <section class="card">
            <p>
                <span class="stamp" class:attention=!outcome.succeeded()>{outcome_text(outcome)}</span>
            </p>
            <p class="soft">{when::moment(words(), log.at, driver.now())}" · "{by}</p>
            {books.map(|books| view! { <p>{books}</p> })}
            {(!log.wish.is_empty()).then(|| view! { <p>{words().wish_told(log.wish.clone())}</p> })}
            {(!log.note.is_empty()).then(|| view! { <p>{log.note.clone()}</p> })}
        </section>
    }
    .into_any()
}

/// How many books went out and came in, when somebody counted them.
pub(super) fn books_of(log: &LogView) -> Option<String> {
    let counted = [
        log.items_out.map(|count| words().items_out(usize::from(count))),
        log.items_in.map(|count| words().items_in(usize::from(count))),
    ];
    let told: Vec<String> = counted.into_iter().flatten().collect();
    (!told.is_empty()).then(|| told.join(" · "))
}

/// Two people logged different outcomes: a person chooses.
#[component]
pub fn Dispute(round: RoundId, stop: StopView, name: String) -> impl IntoView {
    let driver = driver();
    let (id, seen) = (stop.stop, stop.logs.clone());
    let answers = stop
        .logs
        .into_iter()
        .filter_map(|entry| entry.outcome.map(|outcome| (entry, outcome)))
        .map(move |(entry, outcome)| {
            let (seen, name) = (seen.clone(), name.clone());
            let by = entry.by.map(colleague).unwrap_or_default();
            let chosen = entry.clone();
            let choose = move |_| {
                let mut kept = log_of(id, outcome, &seen);
                kept.items_out = chosen.items_out;
                kept.items_in = chosen.items_in;
                kept.wish.clone_from(&chosen.wish);
                kept.note.clone_from(&chosen.note);
                let name = name.clone();
                spawn_local(async move {
                    log(round, name, kept).await;
                });
            };
            view! {
                <li class="item">
                    <span class="grow">
                        <b>{outcome_text(outcome)}</b>
                        <span class="soft">{by}" · "{when::moment(words(), entry.at, driver.now())}</span>
                    </span>
                    <button class="button" on:click=choose>{words().this_is_right()}</button>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="warning stacked" role="status">
            <h2><Icon name="attention" />{words().two_answers()}</h2>
            <p>{words().two_answers_text()}</p>
            <ul class="rows">{answers}</ul>
        </section>
    }
}
