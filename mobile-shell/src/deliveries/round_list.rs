//! A round on paper: for who has no phone that day, and for the day on which nothing works. It holds addresses, so it says what
//! to do with it afterwards.

use leptos::prelude::*;
use sync_core::deliveries::Outcome;
use sync_core::deliveries::view::{ReaderView, StopView};

use super::{Picture, letters, outcome_text};
use crate::components::Icon;
use crate::help::helpers;
use crate::settings::words;
use crate::when;

/// The button that draws the list and opens the window for printing; while it stands open, only the list is shown.
#[component]
pub fn PrintRound(printing: RwSignal<bool>) -> impl IntoView {
    let print = move |_| {
        printing.set(true);
        // Once what must be on paper is drawn.
        request_animation_frame(move || {
            if let Some(window) = web_sys::window() {
                // Where a page cannot print, the button does nothing.
                let _ = window.print();
            }
        });
    };
    // A phone goes on while its window for printing stands open: the list stays until that is closed.
    let closed = window_event_listener_untyped("afterprint", move |_| printing.set(false));
    on_cleanup(move || closed.remove());
    view! {
        <button class="button no-print" on:click=print>
            <Icon name="note" />
            {words().print_list()}
        </button>
    }
}

/// The list itself: on paper only.
#[component]
pub fn RoundList(shown: Memo<Option<Picture>>) -> impl IntoView {
    shown.get_untracked().map(|Picture { round, readers, .. }| {
        let day = round.day().map(|on| when::full_day(words(), on));
        let names: Vec<String> = round.assignees.iter().map(|(_, name)| name.clone()).collect();
        let stops = round
            .stops
            .iter()
            .enumerate()
            .map(|(at, stop)| {
                let known = stop.reader.and_then(|id| readers.get(&id).cloned());
                view! { <OnPaper number=at + 1 stop=stop.clone() known /> }
            })
            .collect_view();
        let calls = helpers()
            .into_iter()
            .map(|(_, name, phone)| view! { <p>{words().help_call(&name)}": "{phone}</p> })
            .collect_view();
        view! {
            <section class="print-only paper">
                <h2>{words().round_name(&round.name)}</h2>
                <p>{day}" · "{names.join(", ")}</p>
                {calls}
                <ol>{stops}</ol>
                <p class="fill">{words().paper_kilometres()}</p>
                <p>{words().paper_hand_in()}</p>
            </section>
        }
    })
}

#[component]
fn OnPaper(number: usize, stop: StopView, known: Option<ReaderView>) -> impl IntoView {
    let profile = known.unwrap_or_default().profile;
    let first = |answers: &[String]| answers.first().cloned().unwrap_or_default();
    let facts = [
        (words().door(), profile.door_note.clone()),
        (words().mobility(), profile.mobility.clone()),
        (words().bag(), first(&stop.bag)),
        (words().bring(), first(&stop.bring)),
        (words().fetch(), first(&stop.fetch)),
        (words().avoid(), profile.avoid.clone()),
        (words().letters(), letters(&profile).to_owned()),
    ];
    let told = facts
        .into_iter()
        .filter(|(_, text)| !text.trim().is_empty())
        .map(|(label, text)| view! { <p><b>{label}": "</b>{text}</p> })
        .collect_view();
    view! {
        <li>
            <div>
                <p>
                    <b>{number}". "{profile.name}</b>
                </p>
                <p>{format!("{} {}", profile.street, profile.house_number)}</p>
                <p>{format!("{} {}", profile.postcode, profile.place)}</p>
                <p>{profile.phone}</p>
            </div>
            <div>{told}</div>
            <p class="boxes">
                {[Outcome::Delivered, Outcome::NotHome, Outcome::Other]
                    .map(|outcome| view! { <span class="tick-box">{outcome_text(outcome)}</span> })
                    .into_iter()
                    .collect_view()}
                <span class="fill">{words().paper_brought()}</span>
                <span class="fill">{words().paper_collected()}</span>
            </p>
            <p class="fill">{words().paper_note()}</p>
        </li>
    }
}
