//! Werklijst: everything that waits for a coordinator, oldest first, each with its one next act.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::due::{Due, due};
use sync_core::deliveries::view::SignalView;
use sync_core::deliveries::{SettleSignal, SignalKind, SignalState};
use sync_core::ids::{ReaderId, RoundId, SignalId};
use sync_core::summary::{Content, ReaderRow, RoundRow, StopProgress, Summary};
use sync_core::time::days_after;

use super::{colleague, in_sentence, reader_name, round_rows};
use crate::browser::machine::tidy;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::hand_in::HandIn;
use crate::refused::{Refused, RefusedAct};
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// The readers on this device.
pub(super) fn reader_rows() -> Vec<(ReaderId, ReaderRow)> {
    let mut rows: Vec<(ReaderId, ReaderRow)> = driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Reader(reader) => Some((ReaderId::from(id), reader.clone())),
                _ => None,
            })
            .collect()
    });
    rows.sort_by(|(_, one), (_, other)| one.name.cmp(&other.name));
    rows
}

/// Whose turn it is.
pub(super) fn dues() -> Vec<Due> {
    let readers = reader_rows();
    let rounds: Vec<RoundRow> = round_rows().into_iter().map(|(_, row)| row).collect();
    due(readers.iter().map(|(id, row)| (*id, row)), &rounds, driver().now().local_date())
}

fn open_signals() -> Vec<(SignalId, SignalView)> {
    let ids: Vec<SignalId> = driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Signal(signal) if signal.state != SignalState::Settled => Some(SignalId::from(id)),
                _ => None,
            })
            .collect()
    });
    let mut signals: Vec<(SignalId, SignalView)> = ids
        .into_iter()
        .filter_map(|id| match driver().read(|replica| replica.content(id.into())) {
            Some(Content::Signal(view)) => Some((id, view)),
            _ => None,
        })
        .collect();
    // Who feels unsafe comes first, then the oldest.
    signals.sort_by_key(|(_, signal)| (signal.signal != SignalKind::Unsafe, signal.at));
    signals
}

/// The rounds that somebody rides soon without having them on a phone.
fn not_fetched() -> Vec<(RoundId, RoundRow)> {
    let told = driver().read(|replica| replica.not_fetched().to_vec());
    round_rows().into_iter().filter(|(id, _)| told.contains(id)).collect()
}

/// The screen.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn Worklist() -> impl IntoView {
    let driver = driver();
    let refused = RwSignal::new(Vec::<RefusedAct>::new());
    let asked = RwSignal::new(false);
    let fetch = move || {
        spawn_local(async move {
            // What was refused lies with the server alone: without it the list is not known to be empty.
            match driver.call("GET", "/api/deliveries/refused-acts", None).await {
                Ok(body) => {
                    asked.set(true);
                    refused.set(serde_json::from_slice(&body).unwrap_or_default());
                }
                Err(_) => asked.set(false),
            }
        });
    };
    // Again when the app has been in contact.
    let contact = Memo::new(move |_| driver.status.get().last_contact);
    Effect::new(move |_| {
        contact.track();
        fetch();
    });
    let signals = Memo::new(|_| open_signals());
    let disputes = Memo::new(|_| {
        round_rows()
            .into_iter()
            .filter(|(_, row)| row.stops.iter().any(|stop| stop.progress == StopProgress::Disputed))
            .collect::<Vec<_>>()
    });
    let unfinished = Memo::new(move |_| {
        let today = driver.now().local_date();
        let from = days_after(today, -14);
        round_rows()
            .into_iter()
            .filter(|(_, row)| {
                !row.cancelled && row.on < Some(today) && row.on >= Some(from) && row.done() < row.stops.len()
            })
            .collect::<Vec<_>>()
    });
    let not_fetched = Memo::new(|_| not_fetched());
    let waiting = Memo::new(move |_| {
        let today = driver.now().local_date();
        dues()
            .into_iter()
            .filter(|due| due.planned_on.is_none() && due.due_on < Some(today) && due.due_on.is_some())
            .count()
    });
    let count = move || {
        signals.get().len()
            + refused.get().len()
            + disputes.get().len()
            + unfinished.get().len()
            + not_fetched.get().len()
            + usize::from(waiting.get() > 0)
    };
    view! {
        <div class="head">
            <h1>{move || words().place_worklist()}</h1>
            <span class="soft">{move || words().things_for_you(count())}</span>
        </div>
        {move || {
            (count() == 0)
                .then(|| {
                    let text = if asked.get() { words().worklist_empty() } else { words().worklist_not_asked() };
                    view! { <p class="empty">{text}</p> }
                })
        }}
        // Each by itself: what somebody types about one stays when another one comes in.
        <For each=move || signals.get() key=|(id, signal)| (*id, signal.state) let((id, signal))>
            <Signal id signal />
        </For>
        {move || {
            let acts = refused.get();
            (!acts.is_empty())
                .then(|| {
                    view! {
                        <h2 class="group late">{words().refused_acts()}<span>{acts.len()}</span></h2>
                        <ul class="rows">
                            {acts.into_iter().map(|act| view! { <Refused desk="deliveries" act refused /> }).collect_view()}
                        </ul>
                    }
                })
        }}
        {move || {
            group("group late", disputes.get(), words().two_answers(), None, words().choose(), &|_| String::new())
        }}
        {move || {
            let text = Some(words().not_fetched_text());
            group("group", not_fetched.get(), words().not_fetched(), text, words().open(), &|row| {
                let day = row.on.map(|on| when::day(words(), on, driver.now().local_date())).unwrap_or_default();
                let names: Vec<&str> = row.assignees.iter().map(|(_, name)| name.as_str()).collect();
                format!("{day} · {}", names.join(", "))
            })
        }}
        {move || {
            group("group", unfinished.get(), words().unfinished(), None, words().open(), &|row| {
                let day = row.on.map(|on| when::full_day(words(), on)).unwrap_or_default();
                format!("{day} · {}", words().stops_done(row.done(), row.stops.len()))
            })
        }}
        {move || {
            let count = waiting.get();
            (count > 0)
                .then(|| {
                    view! {
                        <h2 class="group">{words().due_title()}<span>{count}</span></h2>
                        <div class="item">
                            <span class="grow"><b>{words().due_count(count)}</b></span>
                            <A href="/planning/nieuw" attr:class="button">{words().plan_round()}</A>
                        </div>
                    }
                })
        }}
        <HandIn done=Callback::new(move |()| fetch()) />
    }
}

/// Rounds that ask for the same: how many, why, and a way to each with what is to be known of it. Nothing when there are none.
fn group(
    class: &'static str,
    rounds: Vec<(RoundId, RoundRow)>,
    title: &'static str,
    text: Option<&'static str>,
    act: &'static str,
    about: &dyn Fn(&RoundRow) -> String,
) -> impl IntoView + use<> {
    let count = rounds.len();
    let rows = rounds
        .into_iter()
        .map(|(id, row)| {
            let about = about(&row);
            view! {
                <li class="item">
                    <span class="grow">
                        <b>{words().round_name(row.name)}</b>
                        {(!about.is_empty()).then(|| view! { <span class="soft">{about}</span> })}
                    </span>
                    <A href=format!("/planning/{id}") attr:class="button">{act}</A>
                </li>
            }
        })
        .collect_view();
    (count > 0).then(|| {
        view! {
            <h2 class=class>{title}<span>{count}</span></h2>
            {text.map(|text| view! { <p class="soft">{text}</p> })}
            <ul class="rows">{rows}</ul>
        }
    })
}

#[component]
fn Signal(id: SignalId, signal: SignalView) -> impl IntoView {
    let driver = driver();
    let who = reader_name(signal.reader);
    let by = signal.by.map(colleague).unwrap_or_default();
    let worry = signal.signal == SignalKind::Worry;
    let taken = signal.state == SignalState::TakenUp;
    let at = signal.at;
    let done = RwSignal::new(String::new());
    let settle = move |state: SignalState| {
        let note = tidy(&done.get_untracked());
        spawn_local(async move {
            match driver.act(id, SettleSignal { state, note }).await {
                Ok(()) => notices().say(words().kept()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <section class="card signal">
            <h2>
                <Icon name=if worry { "heart" } else { "attention" } />
                {if worry { words().signal_worry(in_sentence(&who)) } else { words().signal_unsafe(&by) }}
            </h2>
            {(!signal.note.is_empty()).then(|| view! { <blockquote>{signal.note.clone()}</blockquote> })}
            <p class="soft">{by}" · "{when::moment(words(), at, driver.now())}</p>
            {taken
                .then(|| {
                    view! {
                        // No id: several worries may stand here.
                        <label class="field">
                            <span>{words().what_was_done()}<span class="soft">" "{words().optional()}</span></span>
                            <textarea rows="2" prop:value=done on:input:target=move |event| done.set(event.target().value())></textarea>
                        </label>
                    }
                })}
            <div class="row">
                {(!taken)
                    .then(|| {
                        view! {
                            <button class="button" on:click=move |_| settle(SignalState::TakenUp)>
                                {words().take_up()}
                            </button>
                        }
                    })}
                {taken.then(|| view! { <span class="stamp attention">{words().taken_up()}</span> })}
                <button class="button" on:click=move |_| settle(SignalState::Settled)>{words().settle()}</button>
            </div>
        </section>
    }
}
