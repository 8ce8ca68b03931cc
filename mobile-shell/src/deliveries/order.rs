//! One's own order of the addresses: by dragging, or with the buttons up and down (WCAG 2.5.7). Remembered per round.

use leptos::ev::PointerEvent;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::deliveries::OrderRound;
use sync_core::ids::{RoundId, StopId};

use super::{reader_name, round};
use crate::address::param;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::words;

#[derive(Clone, PartialEq)]
struct Line {
    stop: StopId,
    name: String,
}

/// The screen.
#[component]
pub fn OrderScreen() -> impl IntoView {
    let driver = driver();
    let id: Option<RoundId> = untrack(|| param("round"));
    let (Some(id), Some(person)) = (id, untrack(|| driver.person())) else {
        return view! { <h1>{move || words().nothing_here()}</h1> }.into_any();
    };
    let lines: Vec<Line> = untrack(|| round(id))
        .map(|round| {
            round
                .stops_for(person.user)
                .into_iter()
                .map(|stop| Line { stop: stop.stop, name: untrack(|| reader_name(stop.reader)) })
                .collect()
        })
        .unwrap_or_default();
    let lines = RwSignal::new(lines);
    let keep = move || {
        let order = lines.with_untracked(|lines| lines.iter().map(|line| line.stop).collect());
        spawn_local(async move {
            if let Err(refusal) = driver.act(id, OrderRound { order }).await {
                notices().wrong(problem_text(refusal.kind));
            }
        });
    };
    view! {
        <A href=format!("/ronde/{id}") attr:class="back">{move || words().back()}</A>
        <h1>{move || words().order_title()}</h1>
        <p class="soft">{move || words().order_hint()}</p>
        <Sortable lines keep=Callback::new(move |()| keep()) />
    }
    .into_any()
}

#[component]
fn Sortable(lines: RwSignal<Vec<Line>>, keep: Callback<()>) -> impl IntoView {
    let dragging = RwSignal::new(None::<StopId>);
    let said = RwSignal::new(String::new());
    let list = NodeRef::<html::Ol>::new();
    let place =
        move |stop: StopId| lines.with_untracked(|lines| lines.iter().position(|line| line.stop == stop));
    let move_to = move |stop: StopId, to: usize| {
        lines.update(|lines| {
            if let Some(from) = lines.iter().position(|line| line.stop == stop)
                && from != to
                && to < lines.len()
            {
                let line = lines.remove(from);
                lines.insert(to, line);
            }
        });
        let total = lines.with_untracked(Vec::len);
        said.set(words().order_said(to + 1, total));
    };
    let drag = move |event: PointerEvent| {
        let (Some(stop), Some(list)) = (dragging.get_untracked(), list.get_untracked()) else { return };
        let y = f64::from(event.client_y());
        let rows = list.children();
        let over = (0..rows.length())
            .find(|index| rows.item(*index).is_some_and(|row| y < row.get_bounding_client_rect().bottom()))
            .unwrap_or(rows.length().saturating_sub(1));
        let to = usize::try_from(over).unwrap_or_default();
        if place(stop) != Some(to) {
            move_to(stop, to);
        }
    };
    let drop_it = move |_: PointerEvent| {
        if dragging.get_untracked().is_some() {
            dragging.set(None);
            keep.run(());
        }
    };
    let grab = move |stop: StopId| {
        move |event: PointerEvent| {
            event.prevent_default();
            // On the list, not on the row: the row is moved, and a moved node loses the pointer.
            if let Some(list) = list.get_untracked() {
                let _ = list.set_pointer_capture(event.pointer_id());
            }
            dragging.set(Some(stop));
        }
    };
    view! {
        <ol class="rows sortable" node_ref=list on:pointermove=drag on:pointerup=drop_it on:pointercancel=drop_it>
            <For each=move || lines.get() key=|line| line.stop let:line>
                {
                    let stop = line.stop;
                    let (up, down) = (line.name.clone(), line.name.clone());
                    view! {
                        <li class="item" class:dragging=move || dragging.get() == Some(stop)>
                            <span class="handle" aria-hidden="true" on:pointerdown=grab(stop)><Icon name="grip" /></span>
                            <b class="grow">{line.name.clone()}</b>
                            <button
                                class="button square"
                                aria-label=move || words().move_up(&up)
                                on:click=move |_| {
                                    if let Some(at @ 1..) = place(stop) {
                                        move_to(stop, at - 1);
                                        keep.run(());
                                    }
                                }
                            >
                                <Icon name="up" />
                            </button>
                            <button
                                class="button square"
                                aria-label=move || words().move_down(&down)
                                on:click=move |_| {
                                    if let Some(at) = place(stop) {
                                        move_to(stop, at + 1);
                                        keep.run(());
                                    }
                                }
                            >
                                <Icon name="down" />
                            </button>
                        </li>
                    }
                }
            </For>
        </ol>
        <p class="unseen" role="status" aria-live="polite">{said}</p>
    }
}
