//! Planning: the rounds by day, and one round live beside them.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::view::{RoundState, RoundView, StopState, StopView};
use sync_core::deliveries::{
    AddStop, AssignRound, Assignee, CancelRound, ChangeStop, MoveRound, NewStop, RemoveStop,
};
use sync_core::ids::{ReaderId, RoundId, StopId, UserId};
use sync_core::summary::ReaderRow;
use sync_core::time::{days_after, typed_day};

use super::plan_form::Person;
use super::round_list::{PrintRound, RoundList};
use super::stop::{Bring, Dispute, Part};
use super::worklist::reader_rows;
use super::{Picture, colleague, outcome_text, picture, reader_name, round_rows};
use crate::address::param;
use crate::components::{Book, Choice, DateField, Field, Fields, FormErrors, Icon, Plank, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The screen.
#[component]
pub fn PlanningScreen() -> impl IntoView {
    let driver = driver();
    let chosen = Memo::new(|_| param::<RoundId>("round"));
    let rows = Memo::new(move |_| {
        let from = days_after(driver.now().local_date(), -7);
        round_rows().into_iter().filter(|(_, row)| row.on >= Some(from)).collect::<Vec<_>>()
    });
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane no-print">
                <div class="head">
                    <h1>{move || words().place_planning()}</h1>
                    <A href="/planning/nieuw" attr:class="button main">
                        <Icon name="plus" />
                        {move || words().plan_round()}
                    </A>
                </div>
                {move || {
                    let mut day = None;
                    let today = driver.now().local_date();
                    let rows = rows.get();
                    if rows.is_empty() {
                        return view! { <p class="empty">{words().planning_empty()}</p> }.into_any();
                    }
                    rows.into_iter()
                        .map(|(id, row)| {
                            let heading = (row.on != day).then(|| {
                                row.on.map(|on| {
                                    view! {
                                        <h2 class="group">
                                            {when::day(words(), on, today)}
                                            {(on <= days_after(today, 1) && on >= today)
                                                .then(|| view! { <span>{when::short_day(words(), on)}</span> })}
                                        </h2>
                                    }
                                })
                            });
                            day = row.on;
                            let names: Vec<String> = row.assignees.iter().map(|(_, name)| name.clone()).collect();
                            view! {
                                {heading}
                                <A href=format!("/planning/{id}") attr:class="item link">
                                    <span class="grow">
                                        <b>{row.name.clone()}</b>
                                        <span class="soft">{names.join(", ")}</span>
                                    </span>
                                    {if row.cancelled {
                                        view! { <span class="stamp attention">{words().cancelled()}</span> }.into_any()
                                    } else {
                                        view! { <span>{words().done_of(row.done(), row.stops.len())}</span> }.into_any()
                                    }}
                                </A>
                            }
                        })
                        .collect_view()
                        .into_any()
                }}
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(id) => view! { <Live id /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_round()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// A round as it goes. Its parts follow the round by themselves: what a coordinator is typing stays while volunteers log.
#[component]
fn Live(id: RoundId) -> impl IntoView {
    let shown = Memo::new(move |_| picture(id));
    let there = Memo::new(move |_| shown.with(Option::is_some));
    let running = Memo::new(move |_| {
        shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.round.state != RoundState::Cancelled))
    });
    let stops = Memo::new(move |_| {
        shown.with(|shown| {
            let stops = shown.iter().flat_map(|shown| &shown.round.stops);
            stops.map(|stop| stop.stop).collect::<Vec<_>>()
        })
    });
    let printing = RwSignal::new(false);
    view! {
        <A href="/planning" attr:class="back narrow no-print">{move || words().back()}</A>
        {move || {
            if !there.get() {
                return view! { <h2>{words().round_gone()}</h2> }.into_any();
            }
            view! {
                <div class="spaced" class:no-print=move || printing.get()>
                    {move || shown.get().map(|picture| view! { <Head round=picture.round unsent=picture.unsent /> })}
                    <ul class="rows">
                        <For each=move || stops.get() key=|stop| *stop let:stop>
                            <Stop round=id stop shown running />
                        </For>
                    </ul>
                    {move || {
                        running
                            .get()
                            .then(|| {
                                view! {
                                    <PrintRound printing />
                                    <Change id shown />
                                }
                            })
                    }}
                </div>
                {move || printing.get().then(|| view! { <RoundList shown /> })}
            }
                .into_any()
        }}
    }
}

#[component]
fn Head(round: RoundView, unsent: bool) -> impl IntoView {
    let on = round.day();
    let names: Vec<String> = round.assignees.iter().map(|(_, name)| name.clone()).collect();
    let shelf = round
        .stops
        .iter()
        .map(|stop| match stop.state {
            StopState::Logged(outcome) if outcome.succeeded() => Book::Done,
            StopState::Logged(_) | StopState::Disputed => Book::Failed,
            StopState::Planned | StopState::Removed => Book::Open,
        })
        .collect();
    let cancelled = round.state == RoundState::Cancelled;
    let metres: u32 = round.metres.values().sum();
    view! {
        <div class="round-head">
            <div>
                <h2>{words().round_name(&round.name)}</h2>
                <p>{on.map(|on| when::full_day(words(), on)).unwrap_or_default()}</p>
                <p class="soft">{names.join(", ")}</p>
                <p class="soft">{words().stops_done(round.done(), round.stops.len())}</p>
                {(metres > 0)
                    .then(|| view! { <p class="soft">{words().kilometres_short(when::kilometres(words(), metres))}</p> })}
            </div>
            <Plank books=shelf />
        </div>
        {unsent.then(|| view! { <p class="tick"><Icon name="tick" />{words().on_phone()}</p> })}
        {(round.on.len() > 1)
            .then(|| view! { <p class="warning"><Icon name="attention" />{words().two_days()}</p> })}
        {cancelled
            .then(|| {
                view! {
                    <div class="warning">
                        <Icon name="no" />
                        <p>{words().round_cancelled_text()}" "{round.cancel_reason.clone()}</p>
                    </div>
                }
            })}
    }
}

#[component]
fn Stop(round: RoundId, stop: StopId, shown: Memo<Option<Picture>>, running: Memo<bool>) -> impl IntoView {
    let editing = RwSignal::new(false);
    let here = Memo::new(move |_| {
        shown.with(|shown| {
            let stops = &shown.as_ref()?.round.stops;
            let index = stops.iter().position(|found| found.stop == stop)?;
            Some((index, stops.get(index)?.clone()))
        })
    });
    view! {
        <li class="item stacked">
            {move || here.get().map(|(index, stop)| view! { <StopAsItGoes round index stop /> })}
            {move || {
                running
                    .get()
                    .then(|| {
                        view! {
                            <button class="button small quiet" on:click=move |_| editing.update(|open| *open = !*open)>
                                {words().change()}
                            </button>
                        }
                    })
            }}
            {move || {
                let (_, stop) = editing.get().then(|| here.get_untracked()).flatten()?;
                Some(view! { <StopForm round stop editing /> })
            }}
        </li>
    }
}

#[component]
fn StopAsItGoes(round: RoundId, index: usize, stop: StopView) -> impl IntoView {
    let driver = driver();
    let name = reader_name(stop.reader);
    let said = name.clone();
    let state = match stop.state {
        StopState::Logged(outcome) => {
            view! { <span class="stamp" class:attention=!outcome.succeeded()>{outcome_text(outcome)}</span> }
                .into_any()
        }
        StopState::Disputed => {
            view! { <span class="stamp attention">{words().two_answers()}</span> }.into_any()
        }
        StopState::Planned | StopState::Removed => {
            view! { <span class="soft">{words().planned()}</span> }.into_any()
        }
    };
    let notes: Vec<String> = stop
        .logs
        .iter()
        .flat_map(|log| {
            let by = log.by.map(colleague).unwrap_or_default();
            let first = format!("{by}, {}", when::moment(words(), log.at, driver.now()));
            let books = super::stop::books_of(log);
            let wish = (!log.wish.is_empty()).then(|| words().wish_told(log.wish.clone()));
            let note = (!log.note.is_empty()).then(|| log.note.clone());
            [Some(first), books, wish, note].into_iter().flatten()
        })
        .collect();
    let disputed = stop.state == StopState::Disputed;
    let conflict = [&stop.bag, &stop.bring, &stop.fetch].into_iter().any(|answers| answers.len() > 1);
    let what: Vec<String> = [&stop.bag, &stop.bring]
        .into_iter()
        .filter_map(|answers| answers.first().cloned())
        .filter(|text| !text.is_empty())
        .collect();
    let shown = stop.clone();
    view! {
        <span class="numbered">
            <b class="number">{index + 1}</b>
            <span class="grow"><b>{name}</b><span class="soft">{what.join(": ")}</span></span>
            <span class="end">{state}</span>
        </span>
        {notes.into_iter().map(|note| view! { <span class="soft">{note}</span> }).collect_view()}
        {conflict
            .then(|| {
                view! {
                    <dl class="facts">
                        <Bring label=words().bag() field=Part::Bag round stop=shown.clone() />
                        <Bring label=words().bring() field=Part::Bring round stop=shown.clone() />
                        <Bring label=words().fetch() field=Part::Fetch round stop=shown.clone() />
                    </dl>
                }
            })}
        {disputed.then(|| view! { <Dispute round stop=stop.clone() name=said /> })}
    }
}

#[component]
fn StopForm(round: RoundId, stop: StopView, editing: RwSignal<bool>) -> impl IntoView {
    let driver = driver();
    let first = |answers: &[String]| answers.first().cloned().unwrap_or_default();
    let before = [first(&stop.bag), first(&stop.bring), first(&stop.fetch)];
    let fields =
        Fields::new([("bag", before[0].clone()), ("bring", before[1].clone()), ("fetch", before[2].clone())])
            .among(&stop.stop);
    let id = stop.stop;
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let changed = |name: &str, before: &String| {
            let typed = fields.get(name);
            (typed != *before).then_some(typed)
        };
        let change = ChangeStop {
            stop: id,
            bag: changed("bag", &before[0]),
            bring: changed("bring", &before[1]),
            fetch: changed("fetch", &before[2]),
        };
        spawn_local(async move {
            match driver.act(round, change).await {
                Ok(()) => editing.set(false),
                Err(refusal) => fields.fail("bring", problem_text(refusal.kind)),
            }
        });
    };
    let remove = move |_| {
        spawn_local(async move {
            match driver.act(round, RemoveStop { stop: id }).await {
                Ok(()) => notices().say(words().stop_removed()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <form on:submit=save novalidate class="card">
            <FormErrors fields />
            <Field fields name="bag" label=label(words::Words::bag) optional=true />
            <Field fields name="bring" label=label(words::Words::bring) optional=true />
            <Field fields name="fetch" label=label(words::Words::fetch) optional=true />
            <div class="row">
                <button class="button" type="submit">{words().save()}</button>
                <button class="button" type="button" on:click=remove>{words().remove_stop()}</button>
            </div>
        </form>
    }
}

/// The volunteers of the branch of a round.
pub(super) fn deliverers(branch: Option<sync_core::ids::BranchId>) -> Vec<(UserId, String)> {
    use sync_core::access::Role;
    use sync_core::summary::Summary;
    driver().read(|replica| {
        let Some(branch) = branch else { return Vec::new() };
        match replica.row(branch.team_document()) {
            Some(Summary::Team(team)) => team
                .members
                .iter()
                .filter(|member| member.roles.contains(&Role::Deliverer))
                .map(|member| (member.user, member.name.clone()))
                .collect(),
            _ => Vec::new(),
        }
    })
}

/// Changing a round: another volunteer, another day, another address, or cancel.
#[component]
fn Change(id: RoundId, shown: Memo<Option<Picture>>) -> impl IntoView {
    let driver = driver();
    let now = move || shown.with_untracked(|shown| shown.as_ref().map(|shown| shown.round.clone()));
    let first = now();
    let on = first.as_ref().and_then(RoundView::day);
    let branch = first.as_ref().and_then(|round| round.branch);
    let people: RwSignal<BTreeSet<UserId>> =
        RwSignal::new(first.iter().flat_map(|round| &round.assignees).map(|(user, _)| *user).collect());
    let stood = people.get_untracked();
    let fields = Fields::new([
        ("on", on.map(when::typed_day).unwrap_or_default()),
        ("reader", String::new()),
        ("reason", String::new()),
    ]);
    let act = move |command: sync_core::command::Command, field: &'static str| {
        spawn_local(async move {
            match driver.act(id, command).await {
                Ok(()) => {
                    fields.kept();
                    notices().say(words().kept());
                }
                Err(refusal) => fields.fail(field, problem_text(refusal.kind)),
            }
        });
    };
    let assign = move |_| {
        let chosen = people.get_untracked();
        let everybody = untrack(|| deliverers(branch)).into_iter();
        let assignees: Vec<Assignee> = everybody
            .filter(|(user, _)| chosen.contains(user))
            .map(|(user, name)| Assignee { user, name })
            .collect();
        let assigned = now().map(|round| round.assignees).unwrap_or_default();
        // Only who stood here when somebody began to choose: a colleague may have added another one since.
        let released = assigned
            .into_iter()
            .map(|(other, _)| other)
            .filter(|other| !chosen.contains(other) && stood.contains(other));
        act(AssignRound { assignees, released: released.collect() }.into(), "assignee");
    };
    let shift = move |_| {
        let Some(day_segment) = now().map(|round| round.day_segment) else { return };
        match typed_day(&fields.get("on")) {
            Some(on) => act(MoveRound { on, day_segment }.into(), "on"),
            None => fields.fail("on", words().problem_date_out_of_range()),
        }
    };
    let add = move |_| {
        let Ok(reader) = fields.get("reader").parse() else {
            return fields.fail("reader", words().choose_reader());
        };
        let stop = NewStop {
            stop: driver.fresh(),
            reader,
            bag: String::new(),
            bring: String::new(),
            fetch: String::new(),
        };
        act(AddStop { stop }.into(), "reader");
    };
    // Nothing brings a round back: asked first.
    let sure = RwSignal::new(false);
    let cancel = move |_| act(CancelRound { reason: fields.get("reason") }.into(), "reason");
    let everybody = Memo::new(move |_| deliverers(branch));
    let readers = Memo::new(move |_| {
        let there: Vec<ReaderId> =
            now().into_iter().flat_map(|round| round.stops).filter_map(|stop| stop.reader).collect();
        // Of this branch, each once: a round gives nobody an address of elsewhere.
        let here = |row: &ReaderRow| branch.is_none() || row.branch == branch;
        let all = reader_rows().into_iter().filter(|(id, row)| here(row) && !there.contains(id));
        std::iter::once((String::new(), words().choose_reader().to_owned()))
            .chain(all.map(|(id, row)| (id.to_string(), format!("{}, {}", row.name, row.place))))
            .collect::<Vec<_>>()
    });
    view! {
        <details class="change">
            <summary>{move || words().change_round()}</summary>
            <FormErrors fields />
            <fieldset id="assignee" tabindex="-1">
                <legend>{move || words().who_brings()}</legend>
                <div class="options">
                    <For each=move || everybody.get() key=|(user, _)| *user let((user, name))>
                        <Person user name people />
                    </For>
                </div>
            </fieldset>
            <button class="button" on:click=assign>{move || words().assign()}</button>
            <DateField fields name="on" label=label(words::Words::day_label) hint=label(words::Words::date_hint) />
            <button class="button" on:click=shift>{move || words().move_round()}</button>
            <Choice fields name="reader" label=label(words::Words::add_address) options=readers />
            <button class="button" on:click=add>{move || words().add_address()}</button>
            <Field fields name="reason" label=label(words::Words::cancel_reason) optional=true />
            {move || {
                if sure.get() {
                    view! {
                        <div class="errors" role="alert">
                            <p>{words().cancel_sure()}</p>
                            <div class="row">
                                <button class="button" on:click=move |_| sure.set(false)>{words().stay()}</button>
                                <button class="button danger" on:click=cancel>{words().cancel_for_good()}</button>
                            </div>
                        </div>
                    }
                        .into_any()
                } else {
                    view! {
                        <button class="button danger" on:click=move |_| sure.set(true)>{words().cancel_round()}</button>
                    }
                        .into_any()
                }
            }}
        </details>
    }
}
