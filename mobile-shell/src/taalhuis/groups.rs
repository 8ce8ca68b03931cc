//! Groepen: a Taalcafé or a course, with learners, buddies and who was there.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::ids::{BranchId, GroupId, LearnerId, UserId};
use sync_core::summary::Summary;
use sync_core::taalhuis::rows::GroupRow;
use sync_core::taalhuis::view::GroupView;
use sync_core::taalhuis::{ChangeGroup, EndGroup, GroupKind, PlanGroup, SetGroupBuddy, SetGroupMember};

use super::learner::act;
use super::learners::{branches, lines};
use super::{all_books, books_of, group_view};
use crate::address::param;
use crate::components::{Choice, Field, Fields, FormErrors, Icon, notices};
use crate::driver::driver;
use crate::forms::choices;
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

fn group_rows() -> Vec<(GroupId, GroupRow)> {
    let mut all: Vec<(GroupId, GroupRow)> = driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(id, row)| match row {
                Summary::Group(row) => Some((GroupId::from(id), row.clone())),
                _ => None,
            })
            .collect()
    });
    all.sort_by(|(_, one), (_, other)| (one.ended_on, &one.name).cmp(&(other.ended_on, &other.name)));
    all
}

/// The screen.
#[component]
pub fn GroupsScreen() -> impl IntoView {
    let groups = Memo::new(|_| group_rows());
    let navigate = use_navigate();
    let places = untrack(branches);
    let first = places.first().map(|(branch, _)| branch.to_string()).unwrap_or_default();
    let kind = GroupKind::default().as_str().to_owned();
    let fields =
        Fields::new([("branch", first), ("name", String::new()), ("when", String::new()), ("kind", kind)]);
    let many = places.len() > 1;
    let options = Signal::derive(move || {
        places.iter().map(|(branch, name)| (branch.to_string(), name.clone())).collect::<Vec<_>>()
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Ok(branch) = fields.get("branch").parse::<BranchId>() else { return };
        let group: GroupId = driver().fresh();
        let kind = GroupKind::parse(&fields.get("kind")).unwrap_or_default();
        let plan = PlanGroup { branch, name: fields.get("name"), when: fields.get("when"), kind };
        let navigate = navigate.clone();
        spawn_local(async move {
            match driver().act(group, plan).await {
                Ok(()) => {
                    fields.kept();
                    navigate(&format!("/groepen/{group}"), leptos_router::NavigateOptions::default());
                }
                Err(refusal) => fields.fail("name", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <A href="/deelnemers" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().place_groups()}</h1>
        {move || {
            let groups = groups.get();
            if groups.is_empty() {
                return view! { <p class="empty">{words().no_groups()}</p> }.into_any();
            }
            view! {
                <ul class="rows">
                    {groups
                        .into_iter()
                        .map(|(id, row)| {
                            let meetings = usize::try_from(row.meetings).unwrap_or_default();
                            view! {
                                <li>
                                    <A href=format!("/groepen/{id}") attr:class="item link">
                                        <span class="grow"><b>{row.name.clone()}</b><span class="soft">{row.when.clone()}</span></span>
                                        <span class="soft">{words().group_count(meetings, row.members.len())}</span>
                                    </A>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
                .into_any()
        }}
        <details class="change">
            <summary>{move || words().new_group()}</summary>
            <form on:submit=save novalidate>
                <FormErrors fields />
                {many.then(|| view! { <Choice fields name="branch" label=label(words::Words::branch) options /> })}
                <Described fields />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </details>
    }
}

/// What a group is: asked when it begins, and when it changes.
#[component]
fn Described(fields: Fields) -> impl IntoView {
    view! {
        <Field fields name="name" label=label(words::Words::group_name) />
        <Field fields name="when" label=label(words::Words::group_when) optional=true />
        <Choice fields name="kind" label=label(words::Words::group_kind) hint=label(words::Words::group_kind_hint) options=choices("group", GroupKind::WORDS) />
    }
}

/// Says anew what a group is.
#[component]
fn Change(id: GroupId, name: String, when: String, kind: GroupKind) -> impl IntoView {
    let fields = Fields::new([("name", name), ("when", when), ("kind", kind.as_str().to_owned())]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let kind = GroupKind::parse(&fields.get("kind")).unwrap_or_default();
        let change = ChangeGroup { name: fields.get("name"), when: fields.get("when"), kind };
        spawn_local(async move {
            match driver().act(id, change).await {
                Ok(()) => {
                    fields.kept();
                    notices().say(words().kept());
                }
                Err(refusal) => fields.fail("name", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <details class="change">
            <summary>{move || words().change_group()}</summary>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Described fields />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </details>
    }
}

/// One group.
#[component]
pub fn GroupScreen() -> impl IntoView {
    let shown = Memo::new(|_| {
        let id = param::<GroupId>("group")?;
        Some((id, group_view(id)?))
    });
    view! {
        <A href="/groepen" attr:class="back">{move || words().back()}</A>
        {move || match shown.get() {
            Some((id, view)) => view! { <Group id view /> }.into_any(),
            None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
        }}
    }
}

#[component]
fn Group(id: GroupId, view: GroupView) -> impl IntoView {
    let fields = Fields::new([("member", String::new()), ("buddy", String::new())]);
    let branch = view.branch;
    let members: Vec<LearnerId> = view.members.iter().map(|(id, _)| *id).collect();
    let buddies: Vec<UserId> = view.buddies.iter().map(|(id, _)| *id).collect();
    let learners = Signal::derive(move || {
        std::iter::once((String::new(), words().choose_learner().to_owned()))
            .chain(
                lines()
                    .into_iter()
                    .filter(|line| !members.contains(&line.id) && line.is_here(branch))
                    .map(|line| (line.id.to_string(), line.name)),
            )
            .collect::<Vec<_>>()
    });
    let helpers = Signal::derive(move || {
        let all = all_books();
        let named = all
            .iter()
            .filter(|books| branch.is_none_or(|branch| books.branch == branch))
            .flat_map(|books| books.buddies().map(|user| (user, books.buddy_name(user))).collect::<Vec<_>>());
        let mut named: Vec<(UserId, String)> = named.filter(|(user, _)| !buddies.contains(user)).collect();
        named.sort_by(|(_, one), (_, other)| one.cmp(other));
        std::iter::once((String::new(), words().choose_buddy().to_owned()))
            .chain(named.into_iter().map(|(user, name)| (user.to_string(), name)))
            .collect::<Vec<_>>()
    });
    // Whoever is chosen is in: no second tap.
    Effect::new(move |_| {
        if let Ok(learner) = fields.get("member").parse::<LearnerId>() {
            fields.kept();
            // Whoever does not consent to sharing is in the group without a name.
            let shared = untrack(|| {
                books_of(learner)
                    .is_some_and(|books| books.learners.get(&learner).is_some_and(|row| row.is_shared))
            });
            let name =
                if shared { super::call_name(Some(learner)) } else { words().learner_hidden().to_owned() };
            act(id, SetGroupMember { learner, name });
        }
        if let Ok(user) = fields.get("buddy").parse::<UserId>() {
            fields.kept();
            let name = untrack(|| {
                all_books().iter().map(|books| books.buddy_name(user)).find(|name| !name.is_empty())
            });
            act(id, SetGroupBuddy { user, name: name.unwrap_or_default() });
        }
    });
    let people = view
        .members
        .clone()
        .into_iter()
        .map(|(learner, name)| {
                        let all = view.meetings.len();
            let count = view.meetings.iter().filter(|meeting| meeting.present.contains(&learner)).count();
            view! {
                <li class="item">
                    <span class="grow">
                        <A href=format!("/deelnemers/{learner}")>{name.clone()}</A>
                        <span class="soft">{words().was_there(all, count)}</span>
                    </span>
                    <button class="button small quiet" on:click=move |_| act(id, SetGroupMember { learner, name: String::new() })>
                        {words().take_out()}
                    </button>
                </li>
            }
        })
        .collect_view();
    let helping = view
        .buddies
        .clone()
        .into_iter()
        .map(|(user, name)| {
            view! {
                <li class="item">
                    <span class="grow"><b>{name.clone()}</b></span>
                    <button class="button small quiet" on:click=move |_| act(id, SetGroupBuddy { user, name: String::new() })>
                        {words().take_out()}
                    </button>
                </li>
            }
        })
        .collect_view();
    let meetings = view
        .meetings
        .clone()
        .into_iter()
        .rev()
        .map(|meeting| {
            let on = meeting.on.map(|on| when::full_day(words(), on)).unwrap_or_default();
            view! {
                <li class="item">
                    <span class="grow"><b>{on}</b><span class="soft">{meeting.note.clone()}</span></span>
                    <span class="end">
                        <span>{words().were_there(meeting.present.len())}</span>
                        <button class="button small quiet" on:click=move |_| super::session::take_meeting_back(id, meeting.entry)>
                            {words().take_session_back()}
                        </button>
                    </span>
                </li>
            }
        })
        .collect_view();
    let ended = view.ended_on;
    view! {
        <h1>{view.name.clone()}</h1>
        <p class="soft">{view.when.clone()}</p>
        <p class="soft">{answer_text("group", view.kind.as_str())}</p>
        {ended.map(|on| view! { <p><span class="stamp attention">{words().group_ended(when::whole_day(words(), on))}</span></p> })}
        <A href=format!("/groep/{id}/geweest") attr:class="button main"><Icon name="people" />{words().roll_call()}</A>
        <h2>{words().place_learners()}</h2>
        <ul class="rows">{people}</ul>
        <Choice fields name="member" label=label(words::Words::add_member) options=learners />
        <h2>{words().place_buddies()}</h2>
        <ul class="rows">{helping}</ul>
        <Choice fields name="buddy" label=label(words::Words::add_buddy) options=helpers />
        <h2>{words().meetings()}</h2>
        <ul class="rows">{meetings}</ul>
        {ended
            .is_none()
            .then(|| {
                view! {
                    <Change id name=view.name.clone() when=view.when.clone() kind=view.kind />
                    <button class="button danger" on:click=move |_| act(id, EndGroup { on: driver().now().local_date() })>
                        {words().end_group()}
                    </button>
                }
            })}
    }
}
