//! One person: let in on a phone, roles, devices, the end.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use serde_json::json;
use sync_core::access::Role;
use sync_core::ids::{BranchId, UserId, VolunteerId};
use sync_core::time::typed_day;

use super::devices::Devices;
use super::way_in::WayIn;
use super::{
    BranchRow, GivenRole, PersonRow, branch_name, chosen_role, role_options, role_text, save_about, tell, why,
};
use crate::components::{Choice, DateField, Field, Fields, FormErrors, Icon, Unfold, notices};
use crate::driver::driver;
use crate::settings::{label, words};
use crate::when;

/// What is known of somebody, and what can be done.
#[component]
pub fn Detail(
    user: UserId,
    name: String,
    email: String,
    person: Memo<Option<PersonRow>>,
    branches: Memo<Vec<BranchRow>>,
    changed: Callback<()>,
) -> impl IntoView {
    let own = driver().person().is_some_and(|person| person.user == user);
    let mail = !email.is_empty();
    let known_mail = email.clone();
    let roles = Memo::new(move |_| {
        person.with(|row| row.iter().flat_map(|row| row.roles.clone()).collect::<Vec<_>>())
    });
    let left = Memo::new(move |_| person.with(|row| row.as_ref().is_some_and(|row| row.left)));
    let devices = Memo::new(move |_| person.with(|row| row.as_ref().map(|row| row.devices)));
    view! {
        <A href="/mensen" attr:class="back narrow">{move || words().back()}</A>
        <h2>{name.clone()}</h2>
        {mail.then(|| view! { <p class="soft">{email}</p> })}
        <Known user=user.to_string() name=name.clone() email=known_mail changed />
        {(!own).then(|| view! { <WayIn user name mail changed /> })}
        <h3>{move || words().roles()}</h3>
        <ul class="rows">
            {move || {
                roles
                    .get()
                    .into_iter()
                    .map(|role| view! { <RoleRow user=user.to_string() role branches own changed /> })
                    .collect_view()
            }}
        </ul>
        {(!own).then(|| view! { <Give user=user.to_string() branches changed /> })}
        <h3>{move || words().devices()}</h3>
        {move || {
            devices.track();
            view! { <Devices path=format!("/api/people/{user}/devices") /> }
        }}
        {move || {
            let mut places: Vec<BranchId> = roles.with(|roles| {
                roles.iter().filter(|role| role.role.is_of_volunteers()).map(|role| role.branch).collect()
            });
            places.sort_unstable();
            places.dedup();
            // Each branch keeps its own file.
            driver()
                .is(Role::VolunteerCoordinator)
                .then(|| {
                    places
                        .into_iter()
                        .map(|branch| {
                            let file = VolunteerId::of(branch, user);
                            let told = words().volunteer_file(branch_name(&branches.get(), branch));
                            view! { <p><A href=format!("/vrijwilligers/{file}")>{told}</A></p> }
                        })
                        .collect_view()
                })
        }}
        {(!own && mail && driver().is(Role::Administrator))
            .then(|| view! { <LostSecondStep user=user.to_string() /> })}
        {(!own)
            .then(|| {
                let path = format!("/api/people/{user}/about");
                view! {
                    <h3>{move || words().their_data()}</h3>
                    <button class="button" on:click=move |_| save_about(path.clone())>
                        <Icon name="install" />
                        {move || words().their_data_save()}
                    </button>
                }
            })}
        {move || match left.get() {
            _ if own => None,
            false => Some(view! { <End user=user.to_string() changed /> }.into_any()),
            true => driver().is(Role::Administrator).then(|| view! { <Forget user=user.to_string() changed /> }.into_any()),
        }}
    }
}

fn change(user: &str, body: serde_json::Value, changed: Callback<()>) {
    let path = format!("/api/people/{user}/roles");
    spawn_local(async move {
        match tell(&path, &body).await {
            Ok(_) => {
                changed.try_run(());
            }
            Err(refusal) => notices().wrong(why(&refusal)),
        }
    });
}

#[component]
fn RoleRow(
    user: String,
    role: GivenRole,
    branches: Memo<Vec<BranchRow>>,
    own: bool,
    changed: Callback<()>,
) -> impl IntoView {
    let lasts = role.lasts(driver().now().local_date());
    let (branch, from, until) = (role.branch, role.from_on, role.until_on);
    let employer = role.employer.clone();
    let today = driver().now().local_date();
    // A first day that is over says nothing any more.
    let from = from.filter(|from| today < *from);
    let text = role_text(role.role);
    let taken = role.clone();
    let mine = Memo::new(move |_| {
        branches.with(|rows| rows.iter().any(|row| row.branch == branch && row.gives.contains(&role.role)))
    });
    let take = move |_| change(&user, json!({ "take": [taken] }), changed);
    view! {
        <li class="item">
            <span class="grow">
                <b>{text}</b>
                <span class="soft">
                    {move || branch_name(&branches.get(), branch)}
                    {from.map(|from| format!(", {}", words().from_day(when::short_day(words(), from))))}
                    {(!employer.is_empty()).then(|| format!(", {employer}"))}
                    {until.map(|until| format!(", {}", words().until_day(when::short_day(words(), until))))}
                </span>
            </span>
            <Show when=move || lasts && mine.get() && !own>
                <button class="button" on:click=take.clone()>{move || words().take_role()}</button>
            </Show>
        </li>
    }
}

/// What somebody is called and where mail goes, to put it right.
#[component]
fn Known(user: String, name: String, email: String, changed: Callback<()>) -> impl IntoView {
    let fields = Fields::new([("known_name", name), ("known_email", email)]);
    let path = StoredValue::new(format!("/api/people/{user}"));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let body = json!({ "name": fields.get("known_name"), "email": fields.get("known_email") });
        spawn_local(async move {
            match tell(&path.get_value(), &body).await {
                Ok(_) => {
                    fields.kept();
                    notices().say(words().kept());
                    changed.try_run(());
                }
                Err(refusal) => {
                    let about_mail = refusal.detail.contains("email");
                    fields.fail(if about_mail { "known_email" } else { "known_name" }, why(&refusal));
                }
            }
        });
    };
    view! {
        <Unfold summary=label(words::Words::person_change) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Field fields name="known_name" label=label(words::Words::person_name) />
                <Field fields name="known_email" label=label(words::Words::email) hint=label(words::Words::person_email_hint) optional=true />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn Give(user: String, branches: Memo<Vec<BranchRow>>, changed: Callback<()>) -> impl IntoView {
    let fields = Fields::new([]);
    let options = Memo::new(move |_| {
        let none = (String::new(), words().choose_role().to_owned());
        std::iter::once(none).chain(role_options(&branches.get())).collect::<Vec<_>>()
    });
    let give = move |_| {
        let Some((branch, role)) = chosen_role(&fields.get("role")) else {
            return fields.fail("role", words().problem_field_missing());
        };
        let mut given = json!({ "branch": branch, "role": role, "employer": fields.get("employer") });
        for name in ["from_on", "until_on"] {
            let typed = fields.get(name);
            if typed.is_empty() {
                continue;
            }
            match typed_day(&typed) {
                Some(on) => given[name] = on.to_string().into(),
                None => return fields.fail(name, words().problem_date_out_of_range()),
            }
        }
        fields.clear_errors();
        fields.kept();
        change(&user, json!({ "give": [given] }), changed);
    };
    view! {
        <div class="form">
            <Choice fields name="role" label=label(words::Words::give_role) options />
            <details>
                <summary>{move || words().role_more()}</summary>
                <div class="form">
                    <DateField fields name="from_on" label=label(words::Words::role_from) hint=label(words::Words::date_hint) optional=true />
                    <DateField fields name="until_on" label=label(words::Words::role_until) hint=label(words::Words::date_hint) optional=true />
                    <Field fields name="employer" label=label(words::Words::role_employer) hint=label(words::Words::role_employer_hint) optional=true />
                </div>
            </details>
            <div class="row"><button class="button" on:click=give>{move || words().give()}</button></div>
        </div>
    }
}

/// Takes the second step away of a colleague who lost the app for codes: the next sign-in asks for the password alone.
#[component]
fn LostSecondStep(user: String) -> impl IntoView {
    let path = StoredValue::new(format!("/api/people/{user}/second-factor/remove"));
    let remove = move |_| {
        spawn_local(async move {
            match tell(&path.get_value(), &json!({})).await {
                Ok(_) => notices().say(words().step_removed_of()),
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    view! {
        <h3>{move || words().step_title()}</h3>
        <button class="button" on:click=remove>{move || words().step_remove_of()}</button>
    }
}

/// The words of something that cannot be undone.
#[derive(Clone, Copy)]
struct Asks {
    title: fn(words::Words) -> &'static str,
    text: fn(words::Words) -> &'static str,
    act: fn(words::Words) -> &'static str,
    for_good: fn(words::Words) -> &'static str,
    done: fn(words::Words) -> &'static str,
}

/// The end of somebody's work: asks first, since devices are emptied.
#[component]
fn End(user: String, changed: Callback<()>) -> impl IntoView {
    let asks = Asks {
        title: words::Words::end_title,
        text: words::Words::end_text,
        act: words::Words::end_work,
        for_good: words::Words::end_for_good,
        done: words::Words::ended,
    };
    view! { <ForGood path=format!("/api/people/{user}/end") asks changed /> }
}

/// Forgetting somebody who left, before the term is over: for who asks for it.
#[component]
fn Forget(user: String, changed: Callback<()>) -> impl IntoView {
    let asks = Asks {
        title: words::Words::forget_title,
        text: words::Words::forget_text,
        act: words::Words::forget_person,
        for_good: words::Words::forget_for_good,
        done: words::Words::forgotten,
    };
    view! { <ForGood path=format!("/api/people/{user}/forget") asks changed /> }
}

/// Something that cannot be undone: asks first.
#[component]
fn ForGood(path: String, asks: Asks, changed: Callback<()>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let path = StoredValue::new(path);
    let act = move |_| {
        spawn_local(async move {
            match tell(&path.get_value(), &json!({})).await {
                Ok(_) => {
                    asking.set(false);
                    notices().say((asks.done)(words()));
                    changed.try_run(());
                }
                Err(refusal) => notices().wrong(why(&refusal)),
            }
        });
    };
    view! {
        <h3>{move || (asks.title)(words())}</h3>
        {move || {
            if asking.get() {
                view! {
                    <div class="errors" role="alert">
                        <p>{(asks.text)(words())}</p>
                        <div class="row">
                            <button class="button" on:click=move |_| asking.set(false)>{words().stay()}</button>
                            <button class="button danger" on:click=act><Icon name="no" />{(asks.for_good)(words())}</button>
                        </div>
                    </div>
                }
                    .into_any()
            } else {
                view! { <button class="button" on:click=move |_| asking.set(true)>{(asks.act)(words())}</button> }
                    .into_any()
            }
        }}
    }
}
