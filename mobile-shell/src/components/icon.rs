//! Pictures from `icons.svg`; always beside a word, so they say nothing themselves.

use leptos::prelude::*;

/// One picture.
#[component]
pub fn Icon(name: &'static str) -> impl IntoView {
    view! { <svg class="icon" aria-hidden="true"><use href=format!("/icons.svg#{name}")></use></svg> }
}
