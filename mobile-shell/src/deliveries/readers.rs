//! Lezers: a list that forgives typing, and one reader beside it (or alone, on a phone).

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::view::{ReaderView, StopState};
use sync_core::deliveries::{EraseReader, ReaderStatus, SetReaderStatus};
use sync_core::ids::ReaderId;
use sync_core::summary::ReaderRow;
use sync_core::time::{LocalDate, typed_day};

use super::worklist::reader_rows;
use super::{letters, outcome_text, reader, round, round_rows};
use crate::address::param;
use crate::components::{DateField, Fields, Icon, notices};
use crate::driver::driver;
use crate::help::call_link;
use crate::search::{Search, SearchBox, ShowMore, drawn_up_to};
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The word for a status.
pub(super) fn status_text(status: ReaderStatus) -> &'static str {
    words().by_key(&format!("status-{}", status.as_str().replace('_', "-"))).unwrap_or_default()
}

/// So many rows are drawn at once; the next ones are asked for.
const AT_ONCE: usize = 100;

/// What is searched of a reader.
fn searched(row: &ReaderRow) -> String {
    format!("{} {} {} {} {}", row.name, row.address, row.postcode, row.place, row.phone)
}

/// The screen.
#[component]
pub fn ReadersScreen() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let shown = drawn_up_to(AT_ONCE);
    let chosen = Memo::new(|_| param::<ReaderId>("reader"));
    let rows = Memo::new(|_| reader_rows());
    // The places of those that were found: two thousand rows are not copied for a hundred that are drawn.
    let found = Memo::new(move |_| {
        let search = Search::of(&typed.get());
        let is_found = |(_, (_, row)): &(usize, &(ReaderId, ReaderRow))| search.finds(|| searched(row));
        rows.with(|rows| rows.iter().enumerate().filter(is_found).map(|(at, _)| at).collect::<Vec<_>>())
    });
    let drawn = Memo::new(move |_| {
        let row = |rows: &Vec<(ReaderId, ReaderRow)>, at: &usize| rows.get(*at).cloned();
        found.with(|found| {
            rows.with(|rows| {
                found.iter().take(shown.get()).filter_map(|at| row(rows, at)).collect::<Vec<_>>()
            })
        })
    });
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <div class="head">
                    <h1>{move || words().place_readers()}</h1>
                    <A href="/lezers/nieuw" attr:class="button"><Icon name="plus" />{move || words().new_reader()}</A>
                </div>
                <SearchBox typed label=words::Words::search_readers />
                <p class="soft" role="status">{move || words().found(found.with(Vec::len))}</p>
                <ul class="rows">
                    <For each=move || drawn.get() key=|(id, row)| (*id, row.name.clone(), row.address.clone(), row.status.as_str()) let((id, row))>
                        <li>
                            <A href=format!("/lezers/{id}") attr:class="item link">
                                <span class="grow">
                                    <b>{row.name.clone()}</b>
                                    <span class="soft">{format!("{}, {}", row.address, row.place)}</span>
                                </span>
                                {(row.status != ReaderStatus::Active)
                                    .then(|| {
                                        let status = row.status;
                                        view! { <span class="stamp attention">{move || status_text(status)}</span> }
                                    })}
                            </A>
                        </li>
                    </For>
                </ul>
                <ShowMore shown all=Signal::derive(move || found.with(Vec::len)) step=AT_ONCE />
                <p><A href="/importeren/lezers">{move || words().import_from_file()}</A></p>
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(id) => view! { <Detail id /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_reader()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

#[component]
fn Detail(id: ReaderId) -> impl IntoView {
    let shown = Memo::new(move |_| reader(id));
    let status =
        Memo::new(move |_| shown.with(|view| view.as_ref().map(|view| view.status)).unwrap_or_default());
    view! {
        <A href="/lezers" attr:class="back narrow">{move || words().back()}</A>
        <Show
            when=move || shown.with(Option::is_some)
            fallback=|| view! { <h2>{move || words().reader_unknown()}</h2> }
        >
            {move || shown.get().map(|view| view! { <Reader id view /> })}
            // By itself: the day that somebody types stays when a colleague changes something else of this reader.
            {move || view! { <Status id status=status.get() /> }}
        </Show>
    }
}

#[component]
fn Reader(id: ReaderId, view: ReaderView) -> impl IntoView {
    let profile = view.profile;
    let fact = |label: &'static str, text: String| {
        (!text.trim().is_empty()).then(|| view! { <dt>{label}</dt><dd>{text}</dd> })
    };
    let frequency = words()
        .by_key(&format!("frequency-{}", profile.frequency.as_str().replace('_', "-")))
        .unwrap_or_default();
    let segment = words().by_key(&format!("segment-{}", profile.day_segment.as_str())).unwrap_or_default();
    view! {
        <h2>{profile.name.clone()}</h2>
        <p>
            <span class="stamp" class:attention=view.status != ReaderStatus::Active>{status_text(view.status)}</span>
            {view.paused_until.map(|until| format!(" {}", words().until_day(when::short_day(words(), until))))}
        </p>
        <p class="address">
            {format!("{} {}", profile.street, profile.house_number)}<br />
            {format!("{} {}", profile.postcode, profile.place)}
        </p>
        <div class="row">
            {(!profile.phone.is_empty())
                .then(|| {
                    view! {
                        <a class="button" href=call_link(&profile.phone) rel="external">
                            <Icon name="phone" />
                            {profile.phone.clone()}
                        </a>
                    }
                })}
            <A href=format!("/lezers/{id}/wijzigen") attr:class="button">{words().change()}</A>
        </div>
        <dl class="facts">
            {fact(words().frequency(), format!("{frequency}, {segment}"))}
            {fact(words().weekday(), profile.weekday.clone())}
            {fact(words().door(), profile.door_note.clone())}
            {fact(words().letters(), letters(&profile).to_owned())}
            {fact(words().most(), if profile.max_items > 0 { words().items(usize::from(profile.max_items)) } else { String::new() })}
            {fact(words().item_kinds(), profile.item_kinds.clone())}
            {fact(words().likes(), profile.interests.clone())}
            {fact(words().avoid(), profile.avoid.clone())}
            {fact(words().mobility(), profile.mobility.clone())}
            {fact(words().contact_person(), [profile.contact_name.clone(), profile.contact_phone.clone()].join(" "))}
            {fact(words().needed_until(), profile.needed_until.map(|date| when::short_day(words(), date)).unwrap_or_default())}
        </dl>
        <Visits id />
    }
}

/// The last visits to a reader, the newest first: the day, how it went, and the wish for next time.
fn last_visits(id: ReaderId, most: usize) -> Vec<(LocalDate, StopState, String)> {
    let mut visits: Vec<(LocalDate, StopState, String)> = Vec::new();
    for (round_id, row) in round_rows().into_iter().rev() {
        if visits.len() >= most {
            break;
        }
        if row.done() == 0 || row.stops.iter().all(|stop| stop.reader != Some(id)) {
            continue;
        }
        let (Some(on), Some(view)) = (row.on, round(round_id)) else { continue };
        for stop in view.stops.iter().filter(|stop| stop.reader == Some(id) && !stop.logs.is_empty()) {
            let wish = stop.logs.iter().map(|log| log.wish.clone()).find(|wish| !wish.is_empty());
            visits.push((on, stop.state, wish.unwrap_or_default()));
        }
    }
    visits
}

/// What a reader wished for next time at the last visit.
pub(super) fn last_wish(id: ReaderId) -> Option<String> {
    last_visits(id, 1).into_iter().next().map(|(.., wish)| wish).filter(|wish| !wish.is_empty())
}

/// The last visits, with wishes for the chooser.
#[component]
fn Visits(id: ReaderId) -> impl IntoView {
    let visits = Memo::new(move |_| last_visits(id, 5));
    view! {
        <h3>{move || words().last_visits()}</h3>
        {move || {
            let visits = visits.get();
            if visits.is_empty() {
                return view! { <p class="soft">{words().no_visits()}</p> }.into_any();
            }
            view! {
                <ul class="rows">
                    {visits
                        .into_iter()
                        .map(|(on, state, wish)| {
                            let text = match state {
                                StopState::Logged(outcome) => outcome_text(outcome),
                                _ => words().two_answers(),
                            };
                            view! {
                                <li class="item">
                                    <span class="grow">
                                        <b>{when::short_day(words(), on)}</b>
                                        <span class="soft">{text}</span>
                                        {(!wish.is_empty()).then(|| view! { <span>{words().wish_told(wish)}</span> })}
                                    </span>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
                .into_any()
        }}
    }
}

/// Starting, pausing and ending the deliveries; erasing asks first, since nothing brings it back.
#[component]
fn Status(id: ReaderId, status: ReaderStatus) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    let pausing = RwSignal::new(false);
    let erasing = RwSignal::new(false);
    // A status from which there is no way back: asked first.
    let asks_for = RwSignal::new(None::<ReaderStatus>);
    let set = move |status: ReaderStatus, paused_until: Option<LocalDate>| {
        spawn_local(async move {
            match driver.act(id, SetReaderStatus { status, paused_until }).await {
                Ok(()) => notices().say(words().kept()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    let pause = move |_| {
        let typed = fields.get("paused_until");
        match (typed_day(&typed), typed.is_empty()) {
            (None, false) => fields.fail("paused_until", words().problem_date_out_of_range()),
            (date, _) => set(ReaderStatus::Paused, date),
        }
    };
    let erase = move |_| {
        spawn_local(async move {
            if !driver.is_proven_here().await {
                return;
            }
            match driver.act(id, EraseReader {}).await {
                Ok(()) => notices().say(words().erased()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    let save_about = move |_| crate::people::save_about(format!("/api/deliveries/readers/{id}/about"));
    let next = ReaderStatus::ALL
        .iter()
        .copied()
        .filter(|next| *next != status && *next != ReaderStatus::Paused && status.may_become(*next))
        .map(|next| {
            let tapped = move |_| if next.is_final() { asks_for.set(Some(next)) } else { set(next, None) };
            view! { <button class="button" on:click=tapped>{move || status_text(next)}</button> }
        })
        .collect_view();
    view! {
        <h3>{move || words().change_status()}</h3>
        <div class="row">
            {status
                .may_become(ReaderStatus::Paused)
                .then(|| view! { <button class="button" on:click=move |_| pausing.set(true)>{words().pause()}</button> })}
            {next}
        </div>
        {move || {
            asks_for
                .get()
                .map(|next| {
                    view! {
                        <div class="errors" role="alert">
                            <p>{words().status_for_good(status_text(next))}</p>
                            <div class="row">
                                <button class="button" on:click=move |_| asks_for.set(None)>{words().stay()}</button>
                                <button class="button danger" on:click=move |_| set(next, None)>{words().status_sure(status_text(next))}</button>
                            </div>
                        </div>
                    }
                })
        }}
        {move || {
            pausing
                .get()
                .then(|| {
                    view! {
                        <div class="card">
                            <DateField
                                fields
                                name="paused_until"
                                label=label(words::Words::paused_until)
                                hint=label(words::Words::date_hint)
                                optional=true
                            />
                            <button class="button" on:click=pause>{words().pause()}</button>
                        </div>
                    }
                })
        }}
        <h3>{move || words().about_access()}</h3>
        <div class="row">
            <button class="button" on:click=save_about><Icon name="install" />{move || words().about_save()}</button>
        </div>
        <h3>{move || words().erase_title()}</h3>
        {move || {
            if erasing.get() {
                view! {
                    <div class="errors" role="alert">
                        <p>{words().erase_text()}</p>
                        <div class="row">
                            <button class="button" on:click=move |_| erasing.set(false)>{words().stay()}</button>
                            <button class="button danger" on:click=erase>{words().erase_for_good()}</button>
                        </div>
                    </div>
                }
                    .into_any()
            } else {
                view! { <button class="button" on:click=move |_| erasing.set(true)>{words().erase_reader()}</button> }
                    .into_any()
            }
        }}
    }
}
