//! Vrijwilligers: everybody who works here without pay, whatever the work, with what they offer and their file. From this device's own
//! documents, so also where there is no coverage.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::access::Role;
use sync_core::ids::{BranchId, VolunteerId};
use sync_core::volunteers::VogState;
use sync_core::volunteers::team::{Volunteer, volunteers};

use super::file::File;
use super::own::OwnPart;
use crate::address::param;
use crate::components::Icon;
use crate::driver::driver;
use crate::hand_in::HandIn;
use crate::help::call_link;
use crate::people::role_text;
use crate::questions::answer_text;
use crate::search::{Search, SearchBox};
use crate::settings::words;
use crate::when;

/// The branches whose volunteers the person who is signed in looks after.
fn branches() -> Vec<BranchId> {
    let Some(person) = driver().person() else { return Vec::new() };
    let own = person.memberships.iter().filter(|own| own.role == Role::VolunteerCoordinator);
    own.map(|own| own.branch).collect()
}

fn everybody() -> Vec<Volunteer> {
    let branches = branches();
    driver().read(|replica| volunteers(&branches, replica.rows()))
}

/// What a volunteer does, and where: *Bezorger Gieten*.
fn work_text(one: &Volunteer) -> String {
    let roles: Vec<&str> = one.roles.iter().map(|role| role_text(*role)).collect();
    format!("{} {}", roles.join(", "), driver().branch_name(one.branch))
}

fn state_text(state: VogState) -> String {
    answer_text("vog", state.as_str()).to_lowercase()
}

/// The list, and one volunteer beside it (or alone, on a phone).
#[component]
pub fn VolunteersScreen() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let lacking = RwSignal::new(false);
    let all = Memo::new(|_| everybody());
    let without_vog = Memo::new(move |_| all.with(|all| all.iter().filter(|one| one.lacks_vog()).count()));
    let found = Memo::new(move |_| {
        let (search, lacking) = (Search::of(&typed.get()), lacking.get());
        let text = |one: &Volunteer| format!("{} {}", one.name, one.own.answers.get("phone"));
        let mut found = all.get();
        found.retain(|one| (!lacking || one.lacks_vog()) && search.finds(|| text(one)));
        found
    });
    let chosen = Memo::new(|_| param::<VolunteerId>("volunteer"));
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <h1>{move || words().place_volunteers()}</h1>
                <SearchBox typed label=words::Words::search_volunteers />
                <label class="choice" for="lacking">
                    <input
                        id="lacking"
                        type="checkbox"
                        prop:checked=lacking
                        on:change:target=move |event| lacking.set(event.target().checked())
                    />
                    <span>{move || words().only_without_vog(without_vog.get())}</span>
                </label>
                <p class="soft" role="status">{move || words().volunteers_found(found.with(Vec::len))}</p>
                <ul class="rows">
                    <For
                        each=move || found.get()
                        key=|one| (one.user, one.branch, one.name.clone(), one.roles.clone(), one.file.vog, one.own.answers.get("paused_until").to_owned())
                        let:one
                    >
                        <Row one />
                    </For>
                </ul>
                <p><A href="/importeren/vrijwilligers">{move || words().import_from_file()}</A></p>
                <HandIn done=Callback::new(|()| {}) />
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(volunteer) => view! { <Detail volunteer all /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_volunteer()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// One volunteer of one branch.
#[component]
fn Detail(volunteer: VolunteerId, all: Memo<Vec<Volunteer>>) -> impl IntoView {
    let shown =
        Memo::new(move |_| all.with(|all| all.iter().find(|one| one.volunteer() == volunteer).cloned()));
    let who = Memo::new(move |_| shown.with(|one| one.as_ref().map(|one| (one.branch, one.user))));
    view! {
        <A href="/vrijwilligers" attr:class="back narrow">{move || words().back()}</A>
        {move || match who.get() {
            Some((branch, user)) => {
                view! {
                    {move || shown.get().map(|one| view! { <Head one /> })}
                    <File branch user />
                    <details class="change">
                        <summary>{move || words().own_part_of()}</summary>
                        <OwnPart branch user />
                    </details>
                    <p><A href=format!("/mensen/{user}")>{move || words().access_and_devices()}</A></p>
                }
                    .into_any()
            }
            None => view! { <h2>{words().volunteer_gone()}</h2> }.into_any(),
        }}
    }
}

#[component]
fn Row(one: Volunteer) -> impl IntoView {
    let driver = driver();
    let shown = one.clone();
    let told = move || {
        let paused = shown.paused_until(driver.now().local_date());
        let paused = paused.map(|until| words().paused_until_day(when::short_day(words(), until)));
        [Some(work_text(&shown)), paused].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let (lacks, awaits, state) = (one.lacks_vog(), one.awaits_vog(), one.file.vog);
    view! {
        <li>
            <A href=format!("/vrijwilligers/{}", one.volunteer()) attr:class="item link">
                <span class="grow"><b>{one.name.clone()}</b><span class="soft">{told}</span></span>
                {lacks
                    .then(|| {
                        view! {
                            <span class="stamp" class:attention=!awaits>
                                {move || words().vog_stands(state_text(state))}
                            </span>
                        }
                    })}
            </A>
        </li>
    }
}

/// Who it is, what the work is, and how to reach.
#[component]
fn Head(one: Volunteer) -> impl IntoView {
    let paused = one.paused_until(driver().now().local_date());
    let paused = paused.map(|until| words().paused_until_day(when::whole_day(words(), until)));
    let told = [Some(work_text(&one)), paused].into_iter().flatten().collect::<Vec<_>>().join(" · ");
    let phone = one.own.answers.get("phone").to_owned();
    view! {
        <h2>{one.name.clone()}</h2>
        <p class="soft">{told}</p>
        {(!phone.is_empty())
            .then(|| {
                view! { <a class="button" href=call_link(&phone) rel="external"><Icon name="phone" />{phone.clone()}</a> }
            })}
    }
}
