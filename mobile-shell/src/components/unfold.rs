//! A form that opens below its summary.

use leptos::html::Details;
use leptos::prelude::*;
use wasm_bindgen::JsCast as _;

use super::Fields;

/// Closed until somebody wants it, and closed again when what was typed is kept; the focus then stands on the summary.
#[component]
pub fn Unfold(#[prop(into)] summary: Signal<String>, fields: Fields, children: Children) -> impl IntoView {
    let here = NodeRef::<Details>::new();
    fields.when_kept(move || {
        let Some(details) = here.get_untracked() else { return };
        details.set_open(false);
        let summary = details.query_selector("summary").ok().flatten();
        if let Some(summary) = summary.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok()) {
            // Where the focus cannot go, it stays.
            let _ = summary.focus();
        }
    });
    view! {
        <details class="change" node_ref=here>
            <summary>{summary}</summary>
            {children()}
        </details>
    }
}
