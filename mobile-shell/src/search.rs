//! Search that forgives typing: accents, capitals, a slip of the finger.

use leptos::prelude::*;
use leptos::task::spawn_local;
use rapidfuzz::distance::osa;

use crate::browser::machine::{after_paint, fold};
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

/// So many rows are drawn before the first picture: more than a screen holds.
const FIRST: usize = 25;

/// How many rows of a long list are drawn: a screenful at once, the rest up to so many picture by picture. Whoever opens the list
/// waits for the first ones only.
pub(crate) fn drawn_up_to(many: usize) -> RwSignal<usize> {
    let shown = RwSignal::new(FIRST.min(many));
    spawn_local(async move {
        while shown.try_get_untracked().is_some_and(|drawn| drawn < many) {
            after_paint().await;
            // The list may be left meanwhile.
            shown.try_update(|drawn| *drawn = many.min(*drawn + FIRST));
        }
    });
    shown
}

/// What was typed into a search box.
pub(crate) struct Search(Vec<String>);

impl Search {
    /// Of what was typed.
    pub(crate) fn of(typed: &str) -> Self {
        Self(fold(typed).split_whitespace().map(str::to_owned).collect())
    }

    /// Whether every typed word is in this text, give or take a slip of the finger. Where nothing was typed it is not even asked for.
    pub(crate) fn finds(&self, text: impl FnOnce() -> String) -> bool {
        if self.0.is_empty() {
            return true;
        }
        let text = fold(&text());
        let squeezed: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        self.0.iter().all(|word| {
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
}
