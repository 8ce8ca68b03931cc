//! Vandaag: the next round of a volunteer, the address at hand in full, the others below.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::Outcome;
use sync_core::deliveries::view::{RoundState, RoundView, StopState, StopView};
use sync_core::ids::{RoundId, UserId};
use sync_core::summary::RoundRow;

use super::{Picture, log, log_of, outcome_text, own_rounds, picture, reader, rests, unsent_logs};
use crate::address::param;
use crate::components::{Book, Icon, Plank};
use crate::driver::driver;
use crate::help::call_link;
use crate::settings::words;
use crate::when;

/// The round that a volunteer wants to see: one that runs today, else the first one to come.
fn next_round(rounds: &[(RoundId, RoundRow)]) -> Option<RoundId> {
    let today = driver().now().local_date();
    let open = |round: &RoundRow| !round.cancelled && round.done() < round.stops.len();
    let running = rounds.iter().find(|(_, round)| round.on == Some(today) && open(round));
    let coming = rounds.iter().find(|(_, round)| round.on >= Some(today) && !round.cancelled && open(round));
    let done_today = rounds.iter().rev().find(|(_, round)| round.on == Some(today) && !round.cancelled);
    running.or(coming).or(done_today).map(|(id, _)| *id)
}

/// The home of a volunteer.
#[component]
pub fn Today() -> impl IntoView {
    let driver = driver();
    let next = Memo::new(move |_| next_round(&own_rounds()));
    view! {
        <div class="head">
            <h1>{move || words().place_today()}</h1>
            <span class="soft">{move || when::full_day(words(), driver.now().local_date())}</span>
        </div>
        {move || match next.get() {
            Some(id) => view! { <Round id /> }.into_any(),
            None => {
                view! {
                    <section class="empty">
                        <h2>{words().no_round_title()}</h2>
                        <p>{words().no_round_text()}</p>
                        <A href="/rooster" attr:class="button">{words().place_schedule()}</A>
                    </section>
                }
                    .into_any()
            }
        }}
        <Later next />
    }
}

/// One round, by its address.
#[component]
pub fn RoundScreen() -> impl IntoView {
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        {move || match param::<RoundId>("round") {
            Some(id) => view! { <Round id is_page=true /> }.into_any(),
            None => view! { <h1>{words().nothing_here()}</h1> }.into_any(),
        }}
    }
}

/// The other rounds that wait.
#[component]
fn Later(next: Memo<Option<RoundId>>) -> impl IntoView {
    let driver = driver();
    let later = move || {
        let today = driver.now().local_date();
        own_rounds()
            .into_iter()
            .filter(|(id, round)| Some(*id) != next.get() && round.on >= Some(today) && !round.cancelled)
            .take(3)
            .collect::<Vec<_>>()
    };
    let later = Memo::new(move |_| later());
    view! {
        {move || {
            let rounds = later.get();
            (!rounds.is_empty())
                .then(|| {
                    view! {
                        <section class="list">
                            <h2>{words().later()}</h2>
                            <ul class="rows">
                                {rounds
                                    .into_iter()
                                    .map(|(id, round)| {
                                        let day = round
                                            .on
                                            .map(|on| when::day(words(), on, driver.now().local_date()))
                                            .unwrap_or_default();
                                        view! {
                                            <li>
                                                <A href=format!("/ronde/{id}") attr:class="item link">
                                                    <b>{round.name.clone()}</b>
                                                    <span class="soft">
                                                        {day}" · "{words().addresses(round.stops.len())}
                                                    </span>
                                                </A>
                                            </li>
                                        }
                                    })
                                    .collect_view()}
                            </ul>
                        </section>
                    }
                })
        }}
    }
}

fn books(stops: &[&StopView]) -> Vec<Book> {
    let now = stops.iter().position(|stop| stop.state == StopState::Planned);
    stops
        .iter()
        .enumerate()
        .map(|(index, stop)| match stop.state {
            StopState::Logged(outcome) if outcome.succeeded() => Book::Done,
            StopState::Logged(_) | StopState::Disputed => Book::Failed,
            StopState::Planned | StopState::Removed if Some(index) == now => Book::Now,
            StopState::Planned | StopState::Removed => Book::Open,
        })
        .collect()
}

/// `is_page` where nothing else stands on it: its name is the heading of the page then.
#[component]
fn Round(id: RoundId, #[prop(optional)] is_page: bool) -> impl IntoView {
    let driver = driver();
    let user = Memo::new(move |_| driver.person().map(|person| person.user));
    let shown = Memo::new(move |_| picture(id));
    view! {
        {move || match (shown.get(), user.get()) {
            (Some(Picture { round, .. }), Some(user)) => view! { <RoundBody id round user is_page /> }.into_any(),
            _ if is_page => view! { <h1>{words().round_gone()}</h1> }.into_any(),
            _ => view! { <p>{words().round_gone()}</p> }.into_any(),
        }}
    }
}

#[component]
fn RoundBody(id: RoundId, round: RoundView, user: UserId, is_page: bool) -> impl IntoView {
    let driver = driver();
    let name = words().round_name(&round.name);
    let name =
        if is_page { view! { <h1>{name}</h1> }.into_any() } else { view! { <h2>{name}</h2> }.into_any() };
    let stops: Vec<StopView> = round.stops_for(user).into_iter().cloned().collect();
    let shelf = books(&round.stops_for(user));
    let done = round.done();
    let total = round.stops.len();
    let current = stops.iter().find(|stop| stop.state == StopState::Planned).cloned();
    let current_id = current.as_ref().map(|stop| stop.stop);
    let on = round.day();
    let today = driver.now().local_date();
    let day = on.filter(|on| *on != today).map(|on| when::full_day(words(), on));
    let with: Vec<String> =
        round.assignees.iter().filter(|(other, _)| *other != user).map(|(_, name)| name.clone()).collect();
    let cancelled = round.state == RoundState::Cancelled;
    let ready = !cancelled && stops.iter().filter_map(|stop| stop.reader).all(|id| reader(id).is_some());
    let has_distance = round.metres.contains_key(&user);
    let rest: Vec<(usize, StopView)> =
        stops.into_iter().enumerate().filter(|(_, stop)| Some(stop.stop) != current_id).collect();
    view! {
        <div class="round-head">
            <div>
                {name}
                <p class="soft">{words().stops_done(done, total)}</p>
                {day.map(|day| view! { <p class="soft">{day}</p> })}
                {(!with.is_empty()).then(|| view! { <p class="soft">{words().together_with(with.join(", "))}</p> })}
            </div>
            <Plank books=shelf />
        </div>
        {cancelled
            .then(|| {
                view! {
                    <div class="warning" role="status">
                        <Icon name="no" />
                        <p>{words().round_cancelled_text()}" "{round.cancel_reason.clone()}</p>
                    </div>
                }
            })}
        {(ready && done == 0 && driver.durable.get())
            .then(|| view! { <p class="stamp">{words().ready_on_phone()}</p> })}
        {(!ready && !cancelled && on > Some(today))
            .then(|| view! { <p class="soft">{words().addresses_come_later()}</p> })}
        {(!cancelled).then(|| current.map(|stop| view! { <Current round=id stop /> }))}
        {(done == total && total > 0 && !cancelled)
            .then(|| {
                view! {
                    <section class="card finished">
                        <p class="stamp">{words().round_done()}</p>
                        <p>{words().round_done_text()}</p>
                    </section>
                }
            })}
        {(!cancelled)
            .then(|| {
                view! {
                    <div class="row">
                        <A href=format!("/ronde/{id}/kilometers") attr:class="button">
                            <Icon name="car" />
                            {if has_distance { words().change_kilometres() } else { words().note_kilometres() }}
                        </A>
                        <A href=format!("/ronde/{id}/volgorde") attr:class="button">
                            <Icon name="order" />
                            {words().change_order()}
                        </A>
                    </div>
                }
            })}
        <section class="list">
            <h2>{words().all_addresses()}</h2>
            <ul class="rows">
                {rest.into_iter().map(|(index, stop)| view! { <Row round=id index stop /> }).collect_view()}
            </ul>
        </section>
    }
}

/// One address in the list.
#[component]
fn Row(round: RoundId, index: usize, stop: StopView) -> impl IntoView {
    let known = stop.reader.and_then(reader);
    let name = known
        .as_ref()
        .map_or_else(|| words().reader_unknown().to_owned(), |reader| reader.profile.name.clone());
    let address = known
        .as_ref()
        .map(|reader| {
            let profile = &reader.profile;
            format!("{} {}, {}", profile.street, profile.house_number, profile.place)
        })
        .unwrap_or_default();
    // Each log has ticks of its own: what arrived does not wait for what was done since.
    let unsent = unsent_logs(round);
    let unsent = stop.logs.iter().any(|log| unsent.contains(&log.log));
    let state = match stop.state {
        StopState::Logged(outcome) => {
            let (icon, text) =
                if unsent { ("tick", words().on_phone()) } else { ("ticks", words().arrived()) };
            view! {
                <span class="stamp" class:attention=!outcome.succeeded()>{outcome_text(outcome)}</span>
                <span class="tick"><Icon name=icon />{text}</span>
            }
            .into_any()
        }
        StopState::Disputed => {
            view! { <span class="stamp attention">{words().two_answers()}</span> }.into_any()
        }
        StopState::Planned | StopState::Removed => {
            view! { <span class="soft">{stop.bag.first().cloned()}</span> }.into_any()
        }
    };
    view! {
        <li>
            <A href=format!("/ronde/{round}/adres/{}", stop.stop) attr:class="item link numbered">
                <b class="number">{index + 1}</b>
                <span class="grow"><b>{name}</b><span class="soft">{address}</span></span>
                <span class="end">{state}</span>
            </A>
        </li>
    }
}

/// The address at hand, with the one main act.
#[component]
fn Current(round: RoundId, stop: StopView) -> impl IntoView {
    let known = stop.reader.and_then(reader);
    let Some(known) = known else {
        return view! {
            <section class="card">
                <h2 class="name">{words().reader_unknown()}</h2>
                <p>{words().reader_unknown_text()}</p>
                <A href=format!("/ronde/{round}/adres/{}", stop.stop) attr:class="button">{words().open()}</A>
            </section>
        }
        .into_any();
    };
    let profile = known.profile;
    let (call, route) = (call_link(&profile.phone), super::stop::map_link(&profile));
    let (title, door_note) = (profile.name.clone(), profile.door_note.clone());
    let address = format!("{} {}, {}", profile.street, profile.house_number, profile.place);
    let bring = stop.bring.first().cloned().unwrap_or_default();
    let bag = stop.bag.first().cloned().unwrap_or_default();
    let fetch = stop.fetch.first().cloned().unwrap_or_default();
    let what = [bag, bring].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(": ");
    let (id, name) = (stop.stop, profile.name.clone());
    let resting = move || rests().get().then_some("true");
    let delivered = move |_| {
        if rests().get_untracked() {
            return;
        }
        let (name, entry) = (name.clone(), log_of(id, Outcome::Delivered, &[]));
        spawn_local(async move {
            log(round, name, entry).await;
        });
    };
    view! {
        <section class="card current">
            <h2 class="name">
                <A href=format!("/ronde/{round}/adres/{id}")>{title}</A>
            </h2>
            <p class="address">{address}</p>
            <ul class="facts-list">
                {(!what.is_empty()).then(|| view! { <li><Icon name="bag" />{what}</li> })}
                {(!fetch.is_empty()).then(|| view! { <li><Icon name="return" />{words().fetch_what(fetch)}</li> })}
                {(!door_note.is_empty()).then(|| view! { <li><Icon name="note" />{door_note}</li> })}
            </ul>
            <div class="pair">
                {(!profile.phone.is_empty())
                    .then(|| view! { <a class="button" href=call rel="external"><Icon name="phone" />{words().call()}</a> })}
                <a class="button" href=route target="_blank" rel="noopener noreferrer external">
                    <Icon name="pin" />
                    {words().route()}
                </a>
            </div>
            <button class="button main big" id="delivered" aria-disabled=resting on:click=delivered>
                <Icon name="tick" />
                {outcome_text(Outcome::Delivered)}
            </button>
            <div class="pair">
                <A href=format!("/ronde/{round}/adres/{id}/niet-gelukt") attr:class="button">{words().not_done()}</A>
                <A href=format!("/ronde/{round}/adres/{id}") attr:class="button">{words().open_stop()}</A>
            </div>
        </section>
    }
    .into_any()
}
