//! Werklijst of a Taalhuis: everything that waits, what is urgent first, then the oldest, each with its one next act.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::access::Role;
use sync_core::taalhuis::due::{Task, TaskKind};
use sync_core::time::LocalDate;

use super::{all_books, days_ago};
use crate::browser::machine::fold;
use crate::driver::driver;
use crate::hand_in::HandIn;
use crate::refused::{Refused, RefusedAct};
use crate::settings::words;

/// A task with what its row says.
#[derive(Clone, PartialEq)]
struct Line {
    task: Task,
    learner: String,
    buddy: String,
    /// Since when it is told to wait: of somebody who waits for a buddy, since there is no help.
    told: LocalDate,
}

fn lines() -> Vec<Line> {
    let today = driver().now().local_date();
    let mut all: Vec<Line> = all_books()
        .into_iter()
        .map(|books| books.compare(fold))
        .flat_map(|books| {
            let tasks = books.tasks(today).into_iter().map(|task| {
                let waits = (task.kind == TaskKind::FindBuddy).then(|| books.waiting_since(task.learner));
                let told = waits.flatten().unwrap_or(task.since);
                let row = task.pairing.and_then(|id| books.pairings.get(&id));
                let buddy =
                    row.and_then(|row| row.user).map(|user| books.buddy_name(user)).unwrap_or_default();
                Line { learner: books.name(task.learner), buddy, told, task }
            });
            tasks.collect::<Vec<_>>()
        })
        .collect();
    all.sort_by_key(|line| (!line.task.kind.is_urgent(), line.task.since));
    all
}

/// What is to be done, what the act is called, and where it is done.
fn act(task: &Task) -> (String, &'static str, String) {
    let learner = task.learner;
    let of_learner = || format!("/deelnemers/{learner}");
    let of_pairing = || task.pairing.map_or_else(of_learner, |id| format!("/koppelingen/{id}"));
    let words = words();
    match task.kind {
        TaskKind::Double => (words.double_title().to_owned(), words.look(), of_learner()),
        TaskKind::LearnerEnded => (words.task_learner_ended().to_owned(), words.look(), of_pairing()),
        TaskKind::BuddyLeft => (words.task_buddy_left().to_owned(), words.look(), of_pairing()),
        TaskKind::Intake => {
            (words.task_intake().to_owned(), words.do_intake(), format!("/deelnemers/{learner}/intake"))
        }
        TaskKind::FindBuddy => (
            words.task_find_buddy().to_owned(),
            words.find_buddy(),
            format!("/deelnemers/{learner}/koppelen"),
        ),
        TaskKind::Choose => (words.two_pairings().to_owned(), words.choose(), of_learner()),
        TaskKind::TwoAnswers => (words.two_answers().to_owned(), words.choose(), of_pairing()),
        TaskKind::Proposed => (words.task_proposed().to_owned(), words.look(), of_pairing()),
        TaskKind::Met => (words.task_met().to_owned(), words.look(), of_pairing()),
        TaskKind::TrialOver => (words.task_trial_over().to_owned(), words.look(), of_pairing()),
        TaskKind::CheckIn(week) => (words.ask_how_it_goes(week), words.ask(), of_pairing()),
        TaskKind::Attention => (words.task_attention().to_owned(), words.look(), of_pairing()),
        TaskKind::Silent => (words.task_silent().to_owned(), words.look(), of_pairing()),
        TaskKind::NoVog => (words.task_no_vog().to_owned(), words.look(), of_pairing()),
        TaskKind::NoConsent => (words.task_no_consent().to_owned(), words.look(), of_learner()),
        TaskKind::Ask => (words.does_it_work().to_owned(), words.ask(), of_learner()),
        TaskKind::Measure => (words.task_measure().to_owned(), words.add_level(), of_learner()),
        TaskKind::Nudge => (words.task_nudge().to_owned(), words.ask(), of_learner()),
        TaskKind::Quiet => (words.task_quiet().to_owned(), words.look(), of_learner()),
    }
}

/// So many rows are drawn at once.
const AT_ONCE: usize = 50;

/// The screen.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn TaalhuisWorklist() -> impl IntoView {
    let lines = Memo::new(|_| lines());
    let waiting = Memo::new(|_| all_books().iter().map(|books| books.waiting().len()).sum::<usize>());
    let shown = RwSignal::new(AT_ONCE);
    let refused = RwSignal::new(Vec::<RefusedAct>::new());
    let driver = driver();
    // Again when the app has been in contact: what was refused lies with the server alone.
    let contact = Memo::new(move |_| driver.status.get().last_contact);
    let ask = Callback::new(move |()| {
        spawn_local(async move {
            if let Ok(body) = driver.call("GET", "/api/taalhuis/refused-acts", None).await {
                refused.set(serde_json::from_slice(&body).unwrap_or_default());
            }
        });
    });
    Effect::new(move |_| {
        contact.track();
        ask.run(());
    });
    view! {
        <div class="head">
            <h1>{move || words().place_worklist()}</h1>
            <span class="soft">{move || words().things_for_you(lines.with(Vec::len) + refused.with(Vec::len))}</span>
        </div>
        {move || {
            let waiting = waiting.get();
            (waiting > 0)
                .then(|| {
                    view! {
                        <div class="row">
                            <A href="/koppelen" attr:class="button">{words().proposal_for(waiting)}</A>
                        </div>
                    }
                })
        }}
        {move || {
            let acts = refused.get();
            (!acts.is_empty())
                .then(|| {
                    view! {
                        <h2 class="group late">{words().refused_acts()}<span>{acts.len()}</span></h2>
                        <ul class="rows">
                            {acts.into_iter().map(|act| view! { <Refused desk="taalhuis" act refused /> }).collect_view()}
                        </ul>
                    }
                })
        }}
        {move || lines.with(Vec::is_empty).then(|| view! { <p class="empty">{words().worklist_empty()}</p> })}
        <ul class="rows">
            {move || {
                let all = lines.get();
                all.into_iter()
                    .take(shown.get())
                    .map(|line| {
                        let (what, button, href) = act(&line.task);
                        let who = if line.buddy.is_empty() {
                            line.learner.clone()
                        } else {
                            words().two_people(line.buddy.clone(), line.learner.clone())
                        };
                        let class = if line.task.kind.is_urgent() { "item refused urgent" } else { "item" };
                        view! {
                            <li class=class>
                                <span class="grow">
                                    <b>{who}</b>
                                    <span class="soft">{format!("{what} · {}", days_ago(line.told))}</span>
                                </span>
                                <A href=href attr:class="button">{button}</A>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
        {move || {
            let more = lines.with(Vec::len).saturating_sub(shown.get());
            (more > 0)
                .then(|| {
                    view! {
                        <button class="button" on:click=move |_| shown.update(|shown| *shown += AT_ONCE)>
                            {words().show_more(more.min(AT_ONCE), more)}
                        </button>
                    }
                })
        }}
        // Once on a page: whoever coordinates deliveries too has it there.
        {(!driver.is(Role::DeliveryCoordinator))
            .then(|| view! { <HandIn done=ask /> })}
    }
}
