//! Mensen: everybody who works in one's branches, found by typing; and somebody new.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::access::Role;
use sync_core::ids::UserId;
use sync_core::problem::ProblemKind;
use sync_core::time::Timestamp;

use super::detail::Detail;
use super::{
    Asked, BranchRow, GivenRole, NotYet, PersonRow, ask, branch_name, chosen_role, read, role_options,
    role_text, tell, why,
};
use crate::address::param;
use crate::components::{Choice, Field, Fields, FormErrors, Icon};
use crate::driver::driver;
use crate::search::{Search, SearchBox};
use crate::settings::{label, words};
use crate::when;

/// The list, and one person beside it (or alone, on a phone).
#[component]
pub fn PeopleScreen() -> impl IntoView {
    let people: Asked<Vec<PersonRow>> = RwSignal::new(None);
    let branches: Asked<Vec<BranchRow>> = RwSignal::new(None);
    let fetch = Callback::new(move |()| ask(people, "/api/people"));
    fetch.run(());
    ask(branches, "/api/branches");
    let typed = RwSignal::new(String::new());
    let chosen = Memo::new(|_| param::<UserId>("user"));
    let found = Memo::new(move |_| {
        let search = Search::of(&typed.get());
        let rows = people.get().and_then(Result::ok).unwrap_or_default();
        rows.into_iter()
            .filter(|row| search.finds(|| format!("{} {}", row.name, row.email)))
            .collect::<Vec<_>>()
    });
    let known = Memo::new(move |_| branches.get().and_then(Result::ok).unwrap_or_default());
    let one = Memo::new(move |_| {
        let id = chosen.get()?;
        people.get()?.ok()?.into_iter().find(|row| row.user == id)
    });
    // Drawn anew for somebody else only: a code that is being read out stays when the list is fetched again.
    let imports = driver().is(Role::VolunteerCoordinator) || driver().is(Role::TaalhuisCoordinator);
    let shown = Memo::new(move |_| one.get().map(|row| (row.user, row.name, row.email)));
    let refusal = Memo::new(move |_| people.get().map(Result::err));
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <div class="head">
                    <h1>{move || words().place_people()}</h1>
                    <A href="/mensen/nieuw" attr:class="button main"><Icon name="plus" />{move || words().new_person()}</A>
                </div>
                <super::quiet::Quiet />
                <SearchBox typed label=words::Words::search_people />
                {move || match refusal.get() {
                    Some(None) => {
                        view! { <p class="soft" role="status">{words().people_found(found.with(Vec::len))}</p> }
                            .into_any()
                    }
                    Some(refusal) => view! { <NotYet refusal /> }.into_any(),
                    None => view! { <NotYet refusal=None /> }.into_any(),
                }}
                <ul class="rows">
                    <For each=move || found.get() key=told let:row>
                        <Row row branches=known />
                    </For>
                </ul>
                {imports.then(|| view! { <p><A href="/importeren/vrijwilligers">{move || words().import_from_file()}</A></p> })}
            </div>
            <div class="pane detail-pane">
                {move || match shown.get() {
                    Some((user, name, email)) => {
                        view! { <Detail user name email person=one branches=known changed=fetch /> }.into_any()
                    }
                    None => view! { <p class="soft">{words().choose_person()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// What a row tells: it is drawn again when any of it changes.
fn told(row: &PersonRow) -> impl Eq + std::hash::Hash + use<> {
    let roles = row.roles.iter().map(|role| (role.role.as_str(), role.branch, role.from_on, role.until_on));
    (row.user, row.name.clone(), roles.collect::<Vec<_>>(), row.last_contact_at)
}

#[component]
fn Row(row: PersonRow, branches: Memo<Vec<BranchRow>>) -> impl IntoView {
    let driver = driver();
    let roles = row.roles.clone();
    let lasting = move || {
        let today = driver.now().local_date();
        let branches = branches.get();
        let mut texts: Vec<String> = roles
            .iter()
            .filter(|role| role.lasts(today))
            .map(|role| format!("{} {}", role_text(role.role), branch_name(&branches, role.branch)))
            .collect();
        if texts.len() > 2 {
            texts.truncate(1);
            texts.push("…".to_owned());
        }
        if texts.is_empty() { words().works_no_more().to_owned() } else { texts.join(", ") }
    };
    let contact = row.last_contact_at.map(Timestamp);
    view! {
        <li>
            <A href=format!("/mensen/{}", row.user) attr:class="item link">
                <span class="grow"><b>{row.name.clone()}</b><span class="soft">{lasting}</span></span>
                <span class="soft">
                    {move || {
                        contact
                            .map_or_else(
                                || words().not_in_yet().to_owned(),
                                |at| when::lately(words(), at, driver.now()),
                            )
                    }}
                </span>
            </A>
        </li>
    }
}

/// Somebody new: a name and a first role; an address only when there is one.
#[component]
pub fn NewPersonScreen() -> impl IntoView {
    let navigate = use_navigate();
    let branches: Asked<Vec<BranchRow>> = RwSignal::new(None);
    ask(branches, "/api/branches");
    let fields = Fields::new([]);
    let options = Memo::new(move |_| role_options(&branches.get().and_then(Result::ok).unwrap_or_default()));
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let chosen = fields.get("role");
        let first = options.get_untracked().first().map(|(value, _)| value.clone()).unwrap_or_default();
        let chosen = if chosen.is_empty() { first } else { chosen };
        let Some((branch, role)) = chosen_role(&chosen) else {
            return fields.fail("role", words().problem_field_missing());
        };
        let role = GivenRole { branch, role, from_on: None, until_on: None, employer: String::new() };
        let new =
            serde_json::json!({ "name": fields.get("name"), "email": fields.get("email"), "roles": [role] });
        let navigate = navigate.clone();
        spawn_local(async move {
            match tell("/api/people", &new).await.and_then(|body| read::<PersonRow>(&body)) {
                Ok(added) => {
                    fields.kept();
                    navigate(&format!("/mensen/{}", added.user), NavigateOptions::default());
                }
                Err(refusal) => {
                    let field = match refusal.kind {
                        ProblemKind::AddressInUse | ProblemKind::InvalidEmail => "email",
                        ProblemKind::NotAllowed => "role",
                        _ => "name",
                    };
                    fields.fail(field, why(&refusal));
                }
            }
        });
    };
    view! {
        <A href="/mensen" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().new_person()}</h1>
        <FormErrors fields />
        <form on:submit=submit novalidate class="form">
            <Field fields name="name" label=label(words::Words::person_name) hint=label(words::Words::person_name_hint) />
            <Choice fields name="role" label=label(words::Words::person_role) options />
            <Field
                fields
                name="email"
                label=label(words::Words::email)
                hint=label(words::Words::person_email_hint)
                kind="email"
                input_mode="email"
                optional=true
            />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
}
