//! Planning a round: the day, the volunteers, and the readers whose turn it is first.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::deliveries::due::Due;
use sync_core::deliveries::{Assignee, DaySegment, NewStop, PlanRound};
use sync_core::ids::{BranchId, ReaderId, RoundId, UserId};
use sync_core::problem::ProblemKind;
use sync_core::summary::ReaderRow;
use sync_core::text::SHORT_TEXT_MAX;
use sync_core::time::{LocalDate, days_after, typed_day};

use super::planning::deliverers;
use super::reader_form::{own_branches, segments};
use super::readers::last_wish;
use super::worklist::{dues, reader_rows};
use crate::components::{Choice, DateField, Field, Fields, FormErrors, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// Why a reader stands where in the list, in words.
fn reason(due: &Due, today: LocalDate) -> String {
    let words = words();
    if let Some(on) = due.planned_on {
        return words.already_planned(when::short_day(words, on));
    }
    let last = due.last_on.map_or_else(
        || words.never_visited().to_owned(),
        |on| words.last_visited(when::short_day(words, on)),
    );
    match due.due_on {
        Some(on) if on < today => words.overdue_since(when::short_day(words, on), last),
        Some(on) => words.due_from(when::short_day(words, on), last),
        None => words.on_call(last),
    }
}

/// The screen.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn PlanScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let today = driver.now().local_date();
    let branches = untrack(own_branches);
    let fields = Fields::new([
        ("branch", branches.first().map(|(branch, _)| branch.to_string()).unwrap_or_default()),
        ("name", branches.first().map(|(_, name)| name.clone()).unwrap_or_default()),
        ("on", when::typed_day(days_after(today, 7))),
        ("day_segment", DaySegment::default().as_str().to_owned()),
    ]);
    let branch = Memo::new(move |_| fields.get("branch").parse::<BranchId>().ok());
    let several = branches.len() > 1;
    let branches: Vec<(String, String)> =
        branches.into_iter().map(|(branch, name)| (branch.to_string(), name)).collect();
    let people = RwSignal::new(BTreeSet::<UserId>::new());
    let readers = RwSignal::new(Vec::<ReaderId>::new());
    let list = Memo::new(move |_| {
        let rows = reader_rows();
        let branch = branch.get();
        dues()
            .into_iter()
            .filter_map(|due| {
                let (_, row) = rows.iter().find(|(id, _)| *id == due.reader)?;
                (row.branch == branch).then(|| (due, row.clone()))
            })
            .collect::<Vec<(Due, ReaderRow)>>()
    });
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("on")) else {
            return fields.fail("on", words().problem_date_out_of_range());
        };
        let Some(branch) = branch.get_untracked() else { return };
        let everybody = untrack(|| deliverers(Some(branch)));
        let chosen = people.get_untracked();
        let assignees = everybody
            .into_iter()
            .filter(|(user, _)| chosen.contains(user))
            .map(|(user, name)| Assignee { user, name })
            .collect();
        let rows = list.get_untracked();
        let stops = (1..)
            .zip(readers.get_untracked())
            .map(|(place, reader)| {
                let row = rows.iter().find(|(due, _)| due.reader == reader).map(|(_, row)| row);
                NewStop {
                    stop: driver.fresh(),
                    reader,
                    bag: words().bag_number(place),
                    bring: row.map(|row| bring(reader, row)).unwrap_or_default(),
                    fetch: String::new(),
                }
            })
            .collect();
        let day_segment = DaySegment::parse(&fields.get("day_segment")).unwrap_or_default();
        let round = PlanRound { branch, name: fields.get("name"), on, day_segment, assignees, stops };
        let navigate = navigate.clone();
        spawn_local(async move {
            let id: RoundId = driver.fresh();
            match driver.act(id, round).await {
                Ok(()) => {
                    notices().say(words().kept());
                    navigate(&format!("/planning/{id}"), NavigateOptions::default());
                }
                Err(refusal) => {
                    let field = match refusal.kind {
                        ProblemKind::NoAssignee => "people",
                        ProblemKind::NoStops | ProblemKind::TooManyStops => "readers",
                        ProblemKind::DateOutOfRange => "on",
                        _ => "name",
                    };
                    fields.fail(field, problem_text(refusal.kind));
                }
            }
        });
    };
    view! {
        <A href="/planning" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().plan_round()}</h1>
        <FormErrors fields />
        <form on:submit=submit novalidate class="form">
            {several
                .then(|| {
                    view! {
                        <Choice fields name="branch" label=label(words::Words::branch) options=Signal::derive(move || branches.clone()) />
                    }
                })}
            <Field fields name="name" label=label(words::Words::round_name_label) hint=label(words::Words::round_name_hint) />
            <DateField fields name="on" label=label(words::Words::day_label) hint=label(words::Words::date_hint) />
            <Choice fields name="day_segment" label=label(words::Words::day_segment) options=segments() />
            <fieldset id="people" tabindex="-1">
                <legend>{move || words().who_brings()}</legend>
                {move || {
                    deliverers(branch.get())
                        .into_iter()
                        .map(|(user, name)| view! { <Person user name people /> })
                        .collect_view()
                }}
            </fieldset>
            <fieldset id="readers" tabindex="-1">
                <legend>{move || words().whom_to_visit()}</legend>
                <p class="soft">{move || words().chosen_addresses(readers.with(Vec::len))}</p>
                <For each=move || list.get() key=|(due, _)| due.reader let((due, row))>
                    <Turn due row readers today />
                </For>
            </fieldset>
            <button class="button main big" type="submit">{move || words().plan_it()}</button>
        </form>
    }
}

/// What goes into the bag: what the profile says, and what was wished for at the last visit, as far as there is room for it.
fn bring(reader: ReaderId, row: &ReaderRow) -> String {
    let wish = last_wish(reader)
        .map(|wish| words().wish_told(wish.split_whitespace().collect::<Vec<_>>().join(" ")));
    let all = [Some(usual(row)), wish].into_iter().flatten().collect::<Vec<_>>().join(". ");
    all.chars().take(SHORT_TEXT_MAX).collect()
}

fn usual(row: &ReaderRow) -> String {
    let count = if row.max_items > 0 {
        words().items(usize::from(row.max_items))
    } else {
        words().books().to_owned()
    };
    if row.large_print { format!("{count}, {}", words().large_print().to_lowercase()) } else { count }
}

/// A volunteer to choose.
#[component]
pub fn Person(user: UserId, name: String, people: RwSignal<BTreeSet<UserId>>) -> impl IntoView {
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || people.with(|people| people.contains(&user))
                on:change:target=move |event| {
                    let on = event.target().checked();
                    people.update(|people| {
                        if on { people.insert(user) } else { people.remove(&user) };
                    });
                }
            />
            <span>{name}</span>
        </label>
    }
}

#[component]
fn Turn(due: Due, row: ReaderRow, readers: RwSignal<Vec<ReaderId>>, today: LocalDate) -> impl IntoView {
    let id = due.reader;
    // Looked up when somebody is chosen: it stands in the last round.
    let wish =
        Memo::new(move |_| readers.with(|readers| readers.contains(&id)).then(|| last_wish(id)).flatten());
    view! {
        <label class="choice">
            <input
                type="checkbox"
                prop:checked=move || readers.with(|readers| readers.contains(&id))
                on:change:target=move |event| {
                    let on = event.target().checked();
                    readers.update(|readers| {
                        readers.retain(|other| *other != id);
                        if on {
                            readers.push(id);
                        }
                    });
                }
            />
            <span>
                <b>{row.name.clone()}</b>
                <span class="soft">{format!("{}, {}", row.address, row.place)}</span>
                <span class="soft">{move || reason(&due, today)}</span>
                {move || wish.get().map(|wish| view! { <span>{words().wish_told(wish)}</span> })}
            </span>
        </label>
    }
}
