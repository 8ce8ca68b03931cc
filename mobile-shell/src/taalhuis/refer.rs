//! Bringing somebody in at the Taalhuis: by the desk, a BoekStartcoach, or somebody of a partner. Whoever brings somebody in writes, and
//! does not read: what was told goes to the Taalhuis and does not stay on this device.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::access::Role;
use sync_core::ids::{BranchId, LearnerId};
use sync_core::questions::Answers;
use sync_core::taalhuis::{OpenLearnerFile, RegisterLearner, WayIn};

use crate::components::{Choice, Field, Fields, FormErrors, Icon, TextArea, notices};
use crate::driver::driver;
use crate::questions::question_text;
use crate::session::problem_text;
use crate::settings::{label, words};

/// The roles that bring somebody in, with how the learner came in by them.
const WAYS: [(Role, WayIn); 5] = [
    (Role::BookStartCoach, WayIn::BookStart),
    (Role::DeskStaff, WayIn::Desk),
    (Role::DeskCoordinator, WayIn::Desk),
    (Role::Host, WayIn::Library),
    (Role::Referrer, WayIn::Other),
];

/// Whether the person who is signed in brings people in.
pub(crate) fn refers() -> bool {
    WAYS.iter().any(|(role, _)| driver().is(*role))
}

/// The places at which this person can bring somebody in, and how that is called there.
fn places() -> Vec<(BranchId, String, WayIn)> {
    let driver = driver();
    let Some(person) = driver.person() else { return Vec::new() };
    let mut all: Vec<(BranchId, String, WayIn)> = Vec::new();
    for own in &person.memberships {
        let Some((_, way)) = WAYS.iter().find(|(role, _)| *role == own.role) else { continue };
        let name = driver.branch_name(own.branch);
        if !all.iter().any(|(branch, ..)| *branch == own.branch) {
            all.push((own.branch, name, *way));
        }
    }
    all
}

/// The tile on the first screen.
#[component]
pub fn ReferTile() -> impl IntoView {
    view! {
        <section class="card">
            <h2>{move || words().refer_title()}</h2>
            <p>{move || words().refer_text()}</p>
            <A href="/verwijzen" attr:class="button main big"><Icon name="heart" />{move || words().refer_act()}</A>
        </section>
    }
}

/// Notes it as a learner with a file, and says who was passed on.
fn passes_on(fields: Fields, (branch, way): (BranchId, WayIn), told: RwSignal<Option<String>>) {
    let driver = driver();
    let learner: LearnerId = driver.fresh();
    let of = |keys: &[&'static str]| {
        let told = keys.iter().map(|key| ((*key).to_owned(), fields.get(key)));
        Answers(told.filter(|(_, answer)| !answer.is_empty()).collect())
    };
    let register = RegisterLearner { branch, answers: of(&["call_name", "phone", "wish"]) };
    let open = OpenLearnerFile { branch, learner, way, answers: of(&["family_name"]) };
    let name = fields.get("call_name");
    spawn_local(async move {
        if let Err(refusal) = driver.act(learner, register).await {
            let field = if refusal.detail.contains("phone") { "phone" } else { "call_name" };
            return fields.fail(field, problem_text(refusal.kind));
        }
        match driver.act(learner.file(), open).await {
            Ok(()) => {
                fields.kept();
                for key in ["call_name", "family_name", "phone", "wish"] {
                    fields.set(key, String::new());
                }
                notices().say(words().kept());
                told.set(Some(name));
            }
            Err(refusal) => fields.fail("family_name", problem_text(refusal.kind)),
        }
    });
}

/// The form.
#[component]
pub fn ReferScreen() -> impl IntoView {
    let all = untrack(places);
    let first = all.first().map(|(branch, ..)| branch.to_string()).unwrap_or_default();
    let fields = Fields::new([
        ("branch", first),
        ("call_name", String::new()),
        ("family_name", String::new()),
        ("phone", String::new()),
        ("wish", String::new()),
    ]);
    let many = all.len() > 1;
    let known = StoredValue::new(all);
    let options = Signal::derive(move || {
        known.with_value(|all| {
            all.iter().map(|(branch, name, _)| (branch.to_string(), name.clone())).collect::<Vec<_>>()
        })
    });
    let told = RwSignal::new(None::<String>);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        for key in ["call_name", "phone"] {
            if fields.get(key).is_empty() {
                return fields.fail(key, problem_text(sync_core::problem::ProblemKind::FieldMissing));
            }
        }
        let chosen = fields.get("branch");
        let place =
            known.with_value(|all| all.iter().find(|(branch, ..)| branch.to_string() == chosen).cloned());
        let Some((branch, _, way)) = place else { return };
        passes_on(fields, (branch, way), told);
    };
    let question = |key: &'static str| Signal::derive(move || question_text(key).to_owned());
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().refer_title()}</h1>
        <p>{move || words().refer_ask()}</p>
        {move || {
            told.get().map(|name| view! { <p class="card" role="status"><Icon name="tick" />{words().refer_done(name)}</p> })
        }}
        <form on:submit=save novalidate class="form">
            <FormErrors fields />
            {many.then(|| view! { <Choice fields name="branch" label=label(words::Words::branch) options /> })}
            <Field fields name="call_name" label=question("call_name") />
            <Field fields name="family_name" label=question("family_name") optional=true />
            <Field fields name="phone" label=question("phone") kind="tel" input_mode="tel" />
            <TextArea fields name="wish" label=question("wish") optional=true />
            <button class="button main big" type="submit">{move || words().refer_act()}</button>
        </form>
    }
}
