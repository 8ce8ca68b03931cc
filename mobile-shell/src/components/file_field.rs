//! A button behind which a file is chosen: the field of the browser itself speaks its own language and looks like no other.

use leptos::prelude::*;

use super::Icon;

/// The button; `picked` gets the field, to read what was chosen.
#[component]
pub fn FileField(
    id: &'static str,
    #[prop(into)] label: Signal<String>,
    accept: &'static str,
    picked: Callback<web_sys::HtmlInputElement>,
) -> impl IntoView {
    let name = RwSignal::new(String::new());
    view! {
        <div class="file">
            <label class="button" for=id>
                <Icon name="install" />
                {move || label.get()}
            </label>
            <input
                id=id
                class="unseen"
                type="file"
                accept=accept
                on:change:target=move |event| {
                    let input = event.target();
                    let file = input.files().and_then(|files| files.get(0));
                    name.set(file.map(|file| file.name()).unwrap_or_default());
                    picked.run(input);
                }
            />
            <span class="soft">{move || name.get()}</span>
        </div>
    }
}
