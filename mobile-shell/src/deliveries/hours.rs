//! A volunteer's rounds: what was driven, and what is to come.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::RoundId;
use sync_core::summary::RoundRow;

use super::{own_rounds, round};
use crate::driver::driver;
use crate::settings::words;
use crate::when;

fn past() -> Vec<(RoundId, RoundRow, Option<u32>)> {
    let driver = driver();
    let today = driver.now().local_date();
    let Some(person) = driver.person() else { return Vec::new() };
    own_rounds()
        .into_iter()
        .rev()
        .filter(|(_, row)| row.on <= Some(today) && !row.cancelled && row.done() > 0)
        .map(|(id, row)| {
            let metres = round(id).and_then(|round| round.metres.get(&person.user).copied());
            (id, row, metres)
        })
        .collect()
}

/// Mijn uren en kosten: the rounds that were done, with kilometres.
#[component]
pub fn Hours() -> impl IntoView {
    let rounds = Memo::new(|_| past());
    view! {
        {move || {
            let rounds = rounds.get();
            let total: u32 = rounds.iter().filter_map(|(_, _, metres)| *metres).sum();
            if rounds.is_empty() {
                return view! { <p class="empty">{words().hours_empty()}</p> }.into_any();
            }
            view! {
                <p class="lead">{words().hours_total(rounds.len(), when::kilometres(words(), total))}</p>
                <ul class="rows">
                    {rounds
                        .into_iter()
                        .map(|(id, row, metres)| {
                            let day = row.on.map(|on| when::full_day(words(), on)).unwrap_or_default();
                            let distance = metres
                                .map_or_else(
                                    || words().note_kilometres().to_owned(),
                                    |metres| words().kilometres_short(when::kilometres(words(), metres)),
                                );
                            view! {
                                <li class="item">
                                    <span class="grow"><b>{row.name.clone()}</b><span class="soft">{day}</span></span>
                                    <A href=format!("/ronde/{id}/kilometers") attr:class="button">{distance}</A>
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

/// Rooster: the rounds to come.
#[component]
pub fn ScheduleScreen() -> impl IntoView {
    let rounds = Memo::new(|_| {
        let today = driver().now().local_date();
        own_rounds().into_iter().filter(|(_, row)| row.on >= Some(today)).collect::<Vec<_>>()
    });
    view! {
        <h1>{move || words().place_schedule()}</h1>
        {move || {
            let rounds = rounds.get();
            if rounds.is_empty() {
                return view! { <p class="empty">{words().schedule_empty()}</p> }.into_any();
            }
            view! {
                <ul class="rows">
                    {rounds
                        .into_iter()
                        .map(|(id, row)| {
                            let day = row.on.map(|on| when::full_day(words(), on)).unwrap_or_default();
                            view! {
                                <li>
                                    <A href=format!("/ronde/{id}") attr:class="item link">
                                        <span class="grow">
                                            <b>{row.name.clone()}</b>
                                            <span class="soft">{day}" · "{words().addresses(row.stops.len())}</span>
                                        </span>
                                        {row.cancelled
                                            .then(|| view! { <span class="stamp attention">{words().cancelled()}</span> })}
                                    </A>
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
