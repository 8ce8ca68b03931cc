//! Search that forgives typing: accents, capitals, a slip of the finger.

use leptos::prelude::*;
use rapidfuzz::distance::osa;

use crate::browser::machine::fold;
use crate::components::Icon;
use crate::settings::words;

/// The field above a list in which people search.
#[component]
pub fn SearchBox(typed: RwSignal<String>, label: fn(words::Words) -> &'static str) -> impl IntoView {
    view! {
        <label class="search">
            <Icon name="search" />
            <span class="unseen">{move || label(words())}</span>
            <input
                type="search"
                autocomplete="off"
                id="search"
                placeholder=move || label(words())
                prop:value=typed
                on:input:target=move |event| typed.set(event.target().value())
            />
        </label>
    }
}

/// The button under a list of which not everything is drawn at once.
#[component]
pub fn ShowMore(shown: RwSignal<usize>, #[prop(into)] all: Signal<usize>, step: usize) -> impl IntoView {
    move || {
        let more = all.get().saturating_sub(shown.get());
        (more > 0).then(|| {
            view! {
                <button class="button" on:click=move |_| shown.update(|shown| *shown += step)>
                    {words().show_more(more.min(step), more)}
                </button>
            }
        })
    }
}

/// Whether every typed word is in the text, give or take a slip of the finger.
pub(crate) fn forgives(text: &str, typed: &str) -> bool {
    let text = fold(text);
    let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    fold(typed).split_whitespace().all(|word| {
        squeezed.contains(word)
            || text.split_whitespace().any(|have| {
                let slips = match word.chars().count() {
                    0..=3 => 0,
                    4..=7 => 1,
                    _ => 2,
                };
                slips > 0 && osa::distance(word.chars(), have.chars()) <= slips
            })
    })
}
