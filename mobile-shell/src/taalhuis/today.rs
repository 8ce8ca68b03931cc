//! Vandaag for a buddy: the learners and groups, each with *Afspraak geweest*.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::{GroupId, PairingId};
use sync_core::taalhuis::PairingState;
use sync_core::taalhuis::rows::{GroupRow, PairingRow};

use super::{call_name, own_groups, own_pairings};
use crate::components::Icon;
use crate::driver::driver;
use crate::questions::answer_text;
use crate::settings::words;
use crate::when;

/// The learners and groups of a buddy.
#[component]
pub fn BuddyToday() -> impl IntoView {
    let driver = driver();
    let pairings = Memo::new(|_| {
        let shown = |row: &PairingRow| !matches!(row.state(), PairingState::Proposed | PairingState::Ended);
        own_pairings().into_iter().filter(|(_, row)| shown(row)).collect::<Vec<_>>()
    });
    let groups = Memo::new(|_| own_groups());
    view! {
        <div class="head">
            <h1>{move || words().place_today()}</h1>
            <span class="soft">{move || when::full_day(words(), driver.now().local_date())}</span>
        </div>
        {move || {
            (pairings.get().is_empty() && groups.get().is_empty())
                .then(|| {
                    view! {
                        <section class="empty">
                            <h2>{words().no_pairing_title()}</h2>
                            <p>{words().no_pairing_text()}</p>
                            <A href="/ik/vrijwilliger" attr:class="button">{words().own_part()}</A>
                        </section>
                    }
                })
        }}
        {move || pairings.get().into_iter().map(|(id, row)| view! { <Pairing id row /> }).collect_view()}
        {move || groups.get().into_iter().map(|(id, row)| view! { <Group id row /> }).collect_view()}
        <p><A href="/ik/vrijwilliger">{move || words().own_part()}</A></p>
    }
}

/// The sessions of a buddy, per learner and group: they were told once, and count as hours by themselves.
#[component]
pub fn SessionHours() -> impl IntoView {
    let rows = Memo::new(|_| {
        let pairings =
            own_pairings().into_iter().map(|(_, row)| (call_name(row.learner), row.sessions, row.minutes));
        let me = driver().person().map(|person| person.user);
        let groups = own_groups().into_iter().map(|(_, row)| {
            let own = row.helpers.iter().find(|(user, ..)| Some(*user) == me);
            (row.name.clone(), own.map_or(0, |own| own.1), own.map_or(0, |own| own.2))
        });
        pairings.chain(groups).filter(|(_, sessions, _)| *sessions > 0).collect::<Vec<_>>()
    });
    move || {
        let rows = rows.get();
        if rows.is_empty() {
            return view! { <p class="empty">{words().no_session_yet()}</p> }.into_any();
        }
        let count = |number: u32| usize::try_from(number).unwrap_or_default();
        let sessions = rows.iter().map(|(_, sessions, _)| count(*sessions)).sum();
        let minutes: u32 = rows.iter().map(|(_, _, minutes)| minutes).sum();
        view! {
            <p class="lead">{words().hours_of_sessions(sessions, minutes / 60)}</p>
            <ul class="rows">
                {rows
                    .into_iter()
                    .map(|(name, sessions, minutes)| {
                        view! {
                            <li class="item">
                                <span class="grow"><b>{name}</b></span>
                                <span>{words().sessions_total(count(sessions), minutes / 60)}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        }
        .into_any()
    }
}

/// The last session, in words.
pub(super) fn last_told(row: &PairingRow) -> String {
    row.last_session.map_or_else(
        || words().no_session_yet().to_owned(),
        |on| words().last_session(when::short_day(words(), on)),
    )
}

#[component]
fn Pairing(id: PairingId, row: PairingRow) -> impl IntoView {
    let name = call_name(row.learner);
    let state = row.state();
    let unsent = driver().read(|replica| replica.has_unsent(id.into()));
    let intro = (state == PairingState::IntroPlanned).then_some(row.since).flatten();
    view! {
        <section class="card">
            <h2>{name}</h2>
            {match intro {
                Some(on) => view! { <p>{words().intro_on(when::full_day(words(), on))}</p> }.into_any(),
                None => view! { <p class="soft">{last_told(&row)}</p> }.into_any(),
            }}
            {(!state.meets())
                .then(|| view! { <p><span class="stamp attention">{answer_text("pairing", state.as_str())}</span></p> })}
            {unsent.then(|| view! { <p class="tick"><Icon name="tick" />{words().on_phone()}</p> })}
            {state
                .meets()
                .then(|| {
                    view! {
                        <A href=format!("/koppeling/{id}/geweest") attr:class="button main big">
                            {words().session_held()}
                        </A>
                    }
                })}
            <A href=format!("/koppeling/{id}") attr:class="button">{words().learner_more()}</A>
        </section>
    }
}

#[component]
fn Group(id: GroupId, row: GroupRow) -> impl IntoView {
    let last = row.last_meeting.map_or_else(
        || words().no_session_yet().to_owned(),
        |on| words().last_session(when::short_day(words(), on)),
    );
    view! {
        <section class="card">
            <h2>{row.name.clone()}</h2>
            <p class="soft">{row.when.clone()}</p>
            <p class="soft">{last}</p>
            <A href=format!("/groep/{id}/geweest") attr:class="button main big">{words().roll_call()}</A>
        </section>
    }
}
