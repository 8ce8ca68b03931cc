//! Hulp: the coordinator's number first, then cards that can be read without a network.

use leptos::prelude::*;
use sync_core::access::Role;
use sync_core::summary::Summary;

use crate::components::Icon;
use crate::driver::driver;
use crate::settings::words;

/// The branches this person works for: name, whom to ask, telephone.
pub(crate) fn helpers() -> Vec<(String, String, String)> {
    driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(_, row)| match row {
                Summary::Branch(branch) => {
                    Some((branch.name.clone(), branch.help_name.clone(), branch.phone.clone()))
                }
                _ => None,
            })
            .collect()
    })
}

/// A link that calls a number.
pub(crate) fn call_link(phone: &str) -> String {
    let digits: String = phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    format!("tel:{digits}")
}

/// The screen.
#[component]
pub fn HelpScreen() -> impl IntoView {
    let driver = driver();
    view! {
        <h1>{move || words().help_title()}</h1>
        {move || {
            helpers()
                .into_iter()
                .map(|(branch, name, phone)| {
                    let link = call_link(&phone);
                    view! {
                        <section class="card">
                            <h2>{words().help_call(&name)}</h2>
                            <p class="soft">{words().help_branch(branch)}</p>
                            <a class="button main" href=link rel="external"><Icon name="phone" />{phone}</a>
                        </section>
                    }
                })
                .collect_view()
        }}
        {move || {
            driver
                .is(Role::Deliverer)
                .then(|| {
                    view! {
                        <p>
                            <a class="button" href="/zorgen/onveilig/geen">
                                <Icon name="attention" />
                                {words().unsafe_button()}
                            </a>
                        </p>
                    }
                })
        }}
        <section>
            <h2>{move || words().help_cards()}</h2>
            <details><summary>{move || words().help_offline_title()}</summary><p>{move || words().help_offline_text()}</p></details>
            <details><summary>{move || words().help_ticks_title()}</summary><p>{move || words().help_ticks_text()}</p></details>
            <details><summary>{move || words().help_wrong_title()}</summary><p>{move || words().help_wrong_text()}</p></details>
            <details><summary>{move || words().help_door_title()}</summary><p>{move || words().help_door_text()}</p></details>
            <details><summary>{move || words().help_lost_title()}</summary><p>{move || words().help_lost_text()}</p></details>
        </section>
    }
}
