//! One learner, as a coordinator sees it: what is next, how to reach, whom the learner meets, and the file.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::ids::{GroupId, LearnerId, PairingId};
use sync_core::questions::Answers;
use sync_core::summary::{Content, Summary};
use sync_core::taalhuis::questions::{FILE, LEARNER};
use sync_core::taalhuis::rows::PairingRow;
use sync_core::taalhuis::view::{GroupView, LearnerFileView, LearnerView};
use sync_core::taalhuis::{
    AllowSeveral, EndLearner, EndReason, EraseLearner, ExplainWaiting, MovePairing, Outflow, PairingState,
    Purpose, ResumeLearner, SetGroupMember, SettleDouble, Stage, WaitReason,
};
use sync_core::time::LocalDate;

use super::consent::Consents;
use super::double::{Alike, Doubles, alike};
use super::facts::Facts;
use super::{books_of, group_view, learner_view, typed_on};
use crate::browser::machine::fold;
use crate::components::{Choice, DateField, Fields, FormErrors, Icon, notices};
use crate::driver::driver;
use crate::forms::{choices, none_or_choices};
use crate::help::call_link;
use crate::questions::{answer_text, question_text, told_answer};
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The file of a learner.
pub(super) fn file_view(id: LearnerId) -> Option<LearnerFileView> {
    match driver().read(|replica| replica.content(id.file())) {
        Some(Content::LearnerFile(view)) => Some(view),
        _ => None,
    }
}

/// Everything that is drawn of a learner.
#[derive(Clone, Default, PartialEq)]
struct Picture {
    learner: LearnerView,
    file: LearnerFileView,
    name: String,
    /// The pairings, with what the buddy is called.
    pairings: Vec<(PairingId, PairingRow, String)>,
    joined: Option<(LearnerId, String)>,
    /// Who turned out to be the same person: the files that were kept under another name.
    same: Vec<(LearnerId, String, LearnerFileView)>,
    alike: Vec<Alike>,
    /// The groups in which the learner is.
    groups: Vec<(GroupId, GroupView)>,
    /// Whether there is help: a pairing that did not end, or a course.
    is_helped: bool,
    /// Since when there is none.
    waiting_since: Option<LocalDate>,
}

impl Picture {
    /// Whether there is a pairing that did not end.
    fn has_buddy(&self) -> bool {
        self.pairings.iter().any(|(_, row, _)| row.state() != PairingState::Ended)
    }
}

/// The groups that go on and in which this learner is.
pub(super) fn groups_of(id: LearnerId) -> Vec<GroupId> {
    driver().read(|replica| {
        replica
            .rows()
            .filter_map(|(group, row)| match row {
                Summary::Group(row) if row.ended_on.is_none() && row.members.contains(&id) => {
                    Some(GroupId::from(group))
                }
                _ => None,
            })
            .collect()
    })
}

fn picture(id: LearnerId) -> Option<Picture> {
    let books = books_of(id)?.compare(fold);
    let file = file_view(id).unwrap_or_default();
    let same: Vec<LearnerId> = books
        .files
        .iter()
        .filter(|(_, other)| other.joined_into == Some(id))
        .map(|(other, _)| *other)
        .collect();
    // One list of pairings, whichever of the names they stand under.
    let pairings = books.pairings_of(id);
    let pairings = pairings.into_iter().map(|(id, row)| {
        let buddy = row.user.map(|user| books.buddy_name(user)).unwrap_or_default();
        (id, row.clone(), buddy)
    });
    Some(Picture {
        learner: learner_view(id)?,
        name: books.name(id),
        pairings: pairings.collect(),
        same: same
            .into_iter()
            .map(|other| (other, books.name(other), file_view(other).unwrap_or_default()))
            .collect(),
        joined: file.joined_into.map(|other| (other, books.name(other))),
        alike: alike(&books, id),
        groups: groups_of(id).into_iter().filter_map(|group| Some((group, group_view(group)?))).collect(),
        is_helped: file.stage() == Stage::Waiting && !books.waits(id),
        waiting_since: books.waiting_since(id),
        file,
    })
}

/// Does something with a document of this learner, and says so.
pub(super) fn act(
    document: impl Into<sync_core::ids::DocumentId>,
    command: impl Into<sync_core::command::Command>,
) {
    let (driver, document, command) = (driver(), document.into(), command.into());
    spawn_local(async move {
        match driver.act(document, command).await {
            Ok(()) => notices().say(words().kept()),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// One learner.
#[component]
pub(super) fn Learner(id: LearnerId) -> impl IntoView {
    let shown = Memo::new(move |_| picture(id));
    view! {
        <A href="/deelnemers" attr:class="back narrow">{move || words().back()}</A>
        <Show
            when=move || shown.with(Option::is_some)
            fallback=|| view! { <h2>{move || words().learner_gone()}</h2> }
        >
            <Body id shown />
        </Show>
    }
}

/// What is told follows what others do; the forms stay while somebody types in them.
#[component]
fn Body(id: LearnerId, shown: Memo<Option<Picture>>) -> impl IntoView {
    let picture = Memo::new(move |_| shown.get().unwrap_or_default());
    let file = Memo::new(move |_| picture.with(|picture| picture.file.clone()));
    let learner = Memo::new(move |_| picture.with(|picture| picture.learner.clone()));
    let is_helped = Memo::new(move |_| picture.with(|picture| picture.is_helped));
    let live = Memo::new(move |_| {
        let going = |picture: &Picture| {
            let live = picture.pairings.iter().filter(|(_, row, _)| row.state() != PairingState::Ended);
            live.map(|(pairing, ..)| *pairing).collect::<Vec<_>>()
        };
        picture.with(going)
    });
    let same = Memo::new(move |_| {
        picture.with(|picture| picture.same.iter().map(|(other, ..)| *other).collect::<Vec<_>>())
    });
    let other = move |id: LearnerId| {
        let name = Memo::new(move |_| {
            let found = |picture: &Picture| Some(picture.same.iter().find(|one| one.0 == id)?.1.clone());
            picture.with(found).unwrap_or_default()
        });
        let file = Memo::new(move |_| {
            let found = |picture: &Picture| Some(picture.same.iter().find(|one| one.0 == id)?.2.clone());
            picture.with(found).unwrap_or_default()
        });
        view! {
            <section class="spaced">
                <h3><A href=format!("/deelnemers/{id}")>{move || words().also_known_as(name.get())}</A></h3>
                <Facts id file />
            </section>
        }
    };
    view! {
        {move || view! { <Head id picture=picture.get() /> }}
        <Facts id file />
        <For each=move || same.get() key=|id| *id children=other />
        <h3>{move || words().consents_title()}</h3>
        {move || view! { <Consents id learner=learner.get() /> }}
        <Waiting id file is_helped />
        <End id file live />
    }
}

/// Who it is, what is next, and whom the learner meets.
#[component]
fn Head(id: LearnerId, picture: Picture) -> impl IntoView {
    let has_buddy = picture.has_buddy();
    let Picture { learner, file, name, pairings, joined, alike, groups, is_helped, waiting_since, .. } =
        picture;
    let stage = file.stage();
    let phone = learner.answers.get("phone").to_owned();
    let has_consent = learner.consents_to(Purpose::Buddy);
    view! {
        <h2>{name}</h2>
        <p>
            <span class="stamp" class:attention=!is_helped>
                {if is_helped && stage == Stage::Waiting { words().learner_helped() } else { answer_text("stage", stage.as_str()) }}
            </span>
            " "
            {waited(&file, waiting_since.filter(|_| !is_helped))}
        </p>
        {joined
            .map(|(other, name)| {
                view! {
                    <div class="warning">
                        <Icon name="attention" />
                        <div>
                            <p><A href=format!("/deelnemers/{other}")>{words().joined_into(name)}</A></p>
                            <button class="button small" on:click=move |_| act(id.file(), SettleDouble { other, is_same: false })>
                                {words().double_apart_again()}
                            </button>
                        </div>
                    </div>
                }
            })}
        {(!alike.is_empty()).then(|| view! { <Doubles id alike /> })}
        <div class="row">
            {(stage == Stage::Registered)
                .then(|| view! { <A href=format!("/deelnemers/{id}/intake") attr:class="button main">{words().do_intake()}</A> })}
            {(stage == Stage::Waiting && !has_buddy)
                .then(|| {
                    let class = if is_helped { "button" } else { "button main" };
                    view! { <A href=format!("/deelnemers/{id}/koppelen") attr:class=class>{words().find_buddy()}</A> }
                })}
            {(!phone.is_empty())
                .then(|| view! { <a class="button" href=call_link(&phone) rel="external"><Icon name="phone" />{phone.clone()}</a> })}
            {(stage != Stage::Registered)
                .then(|| view! { <A href=format!("/deelnemers/{id}/intake") attr:class="button">{words().intake_answers()}</A> })}
        </div>
        {(!has_consent && stage != Stage::Registered)
            .then(|| view! { <p class="warning"><Icon name="attention" />{words().no_consent_text()}</p> })}
        <Told learner file />
        <Several id is_meant=file_view(id).unwrap_or_default().has_several pairings=pairings.clone() />
        <h3>{words().pairings_title()}</h3>
        {if pairings.is_empty() {
            view! { <p class="soft">{words().no_pairings()}</p> }.into_any()
        } else {
            view! {
                <ul class="rows">
                    {pairings
                        .into_iter()
                        .map(|(pairing, row, name)| {
                            let since = row.since.map(|on| when::whole_day(words(), on)).unwrap_or_default();
                            let sessions = usize::try_from(row.sessions).unwrap_or_default();
                            view! {
                                <li>
                                    <A href=format!("/koppelingen/{pairing}") attr:class="item link">
                                        <span class="grow">
                                            <b>{name}</b>
                                            <span class="soft">{words().sessions_since(sessions, since)}</span>
                                        </span>
                                        <span class="stamp" class:attention=!row.state().meets()>
                                            {answer_text("pairing", row.state().as_str())}
                                        </span>
                                    </A>
                                </li>
                            }
                        })
                        .collect_view()}
                </ul>
            }
                .into_any()
        }}
        {(!groups.is_empty()).then(|| view! { <Groups learner=id groups /> })}
    }
}

/// The groups of a learner, with how often the learner was there.
#[component]
fn Groups(learner: LearnerId, groups: Vec<(GroupId, GroupView)>) -> impl IntoView {
    let rows = groups.into_iter().map(|(group, view)| {
        let there = view.meetings.iter().filter(|meeting| meeting.present.contains(&learner)).count();
        view! {
            <li>
                <A href=format!("/groepen/{group}") attr:class="item link">
                    <span class="grow"><b>{view.name}</b><span class="soft">{view.when}</span></span>
                    <span class="soft">{words().was_there(view.meetings.len(), there)}</span>
                </A>
            </li>
        }
    });
    view! {
        <h3>{words().place_groups()}</h3>
        <ul class="rows">{rows.collect_view()}</ul>
    }
}

/// Two buddies at once: which one, or both. On one screen, whoever made the second one.
#[component]
fn Several(id: LearnerId, is_meant: bool, pairings: Vec<(PairingId, PairingRow, String)>) -> impl IntoView {
    let live: Vec<_> =
        pairings.into_iter().filter(|(_, row, _)| row.state() != PairingState::Ended).collect();
    if live.len() < 2 {
        return ().into_any();
    }
    if is_meant {
        return view! { <p class="soft">{words().has_several()}</p> }.into_any();
    }
    let rows = live
        .into_iter()
        .map(|(pairing, row, buddy)| {
            let told = row.proposed_on.map(|on| when::whole_day(words(), on)).unwrap_or_default();
            view! {
                <li class="item">
                    <span class="grow">
                        <b>{buddy}</b>
                        <span class="soft">{format!("{} · {told}", answer_text("pairing", row.state().as_str()))}</span>
                    </span>
                    <A href=format!("/koppelingen/{pairing}") attr:class="button small">{words().end_pairing()}</A>
                </li>
            }
        })
        .collect_view();
    view! {
        <section class="card">
            <h2><Icon name="attention" />{words().two_pairings()}</h2>
            <ul class="rows">{rows}</ul>
            <div class="row">
                <button class="button" on:click=move |_| act(id.file(), AllowSeveral { is_allowed: true })>{words().both_may()}</button>
            </div>
        </section>
    }
    .into_any()
}

/// Since when and why a learner waits; `waiting_since` where there is no help.
fn waited(file: &LearnerFileView, waiting_since: Option<LocalDate>) -> String {
    let since = match file.stage() {
        Stage::Registered => file.registered_on,
        Stage::Waiting => waiting_since,
        Stage::Ended => file.ended_on,
        Stage::Joined => None,
    };
    let reason = match file.stage() {
        Stage::Waiting if waiting_since.is_some() => {
            file.wait_reason.map(|reason| answer_text("wait", reason.as_str()))
        }
        Stage::Ended => file.end_reason.map(|reason| answer_text("end_reason", reason.as_str())),
        _ => None,
    };
    [since.map(super::days_ago), reason.map(str::to_owned)]
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(" · ")
}

/// The answers that are read most.
#[component]
fn Told(learner: LearnerView, file: LearnerFileView) -> impl IntoView {
    let facts = |questions: &'static [sync_core::questions::Question], answers: &Answers, keys: &[&str]| {
        keys.iter()
            .filter_map(|key| {
                let question = questions.iter().find(|one| one.key == *key)?;
                let answer = answers.get(key);
                let told = (!answer.is_empty()).then(|| told_answer(question, answer))?;
                Some(view! { <dt>{question_text(key)}</dt><dd>{told}</dd> })
            })
            .collect_view()
    };
    view! {
        <dl class="facts">
            {facts(LEARNER, &learner.answers, &["wish", "subjects", "week", "places", "languages", "interests", "contact_by"])}
            {facts(FILE, &file.answers, &["birth_date", "place", "first_language", "gender_wish"])}
        </dl>
    }
}

/// Why a learner waits, when that is so.
#[component]
fn Waiting(id: LearnerId, file: Memo<LearnerFileView>, is_helped: Memo<bool>) -> impl IntoView {
    let waits = Memo::new(move |_| file.with(LearnerFileView::stage) == Stage::Waiting && !is_helped.get());
    let reason = move || file.with(|file| file.wait_reason.map_or("", WaitReason::as_str).to_owned());
    let fields = Fields::new([("reason", untrack(reason))]);
    fields.follow("reason", reason);
    let options =
        Signal::derive(|| {
            std::iter::once((String::new(), words().not_answered().to_owned()))
                .chain(WaitReason::ALL.iter().map(|reason| {
                    (reason.as_str().to_owned(), answer_text("wait", reason.as_str()).to_owned())
                }))
                .collect::<Vec<_>>()
        });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.kept();
        act(id.file(), ExplainWaiting { reason: WaitReason::parse(&fields.get("reason")) });
    };
    view! {
        <Show when=move || waits.get()>
            <form on:submit=save novalidate>
                <Choice fields name="reason" label=label(words::Words::why_waiting) options />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Show>
    }
}

/// Stopping, coming back, and erasing, which asks first.
#[component]
fn End(
    id: LearnerId,
    file: Memo<LearnerFileView>,
    /// The pairings that are under way: they end too.
    live: Memo<Vec<PairingId>>,
) -> impl IntoView {
    let driver = driver();
    let stage = Memo::new(move |_| file.with(LearnerFileView::stage));
    let fields = Fields::new([
        ("reason", String::new()),
        ("outflow", Outflow::Unknown.as_str().to_owned()),
        ("end_on", when::typed_day(driver.now().local_date())),
    ]);
    let end = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(reason) = EndReason::parse(&fields.get("reason")) else {
            return fields.fail("reason", words().problem_field_missing());
        };
        let Some(on) = typed_on(fields, "end_on") else { return };
        let outflow = Outflow::parse(&fields.get("outflow")).unwrap_or_default();
        spawn_local(async move {
            if let Err(refusal) = driver.act(id.file(), EndLearner { on, reason, outflow }).await {
                return fields.fail("reason", problem_text(refusal.kind));
            }
            fields.kept();
            // The buddy's part ends with it: nobody keeps a telephone number of somebody who stopped.
            for pairing in live.get_untracked() {
                let step = MovePairing {
                    entry: driver.fresh(),
                    state: PairingState::Ended,
                    on,
                    reason: Some(reason),
                    note: String::new(),
                };
                if let Err(refusal) = driver.act(pairing, step).await {
                    notices().wrong(problem_text(refusal.kind));
                }
            }
            for group in groups_of(id) {
                if let Err(refusal) =
                    driver.act(group, SetGroupMember { learner: id, name: String::new() }).await
                {
                    notices().wrong(problem_text(refusal.kind));
                }
            }
            notices().say(words().kept());
        });
    };
    let erasing = RwSignal::new(false);
    let erase = move |_| {
        spawn_local(async move {
            if !driver.is_proven_here().await {
                return;
            }
            match driver.act(id, EraseLearner {}).await {
                Ok(()) => notices().say(words().erased()),
                Err(refusal) => notices().wrong(problem_text(refusal.kind)),
            }
        });
    };
    view! {
        {move || match stage.get() {
            Stage::Ended => {
                view! { <button class="button" on:click=move |_| act(id.file(), ResumeLearner {})>{words().learner_back()}</button> }
                    .into_any()
            }
            Stage::Registered | Stage::Waiting => {
                view! {
                    <details class="change">
                        <summary>{words().learner_ends()}</summary>
                        <form on:submit=end novalidate>
                            <FormErrors fields />
                            {move || (!live.get().is_empty()).then(|| view! { <p>{words().pairings_end_too(live.get().len())}</p> })}
                            <Choice fields name="reason" label=label(words::Words::why_ends) options=none_or_choices("end_reason", EndReason::WORDS) />
                            <Choice fields name="outflow" label=label(words::Words::what_then) options=choices("outflow", Outflow::WORDS) />
                            <DateField fields name="end_on" label=label(words::Words::day_label) />
                            <button class="button" type="submit">{words().save()}</button>
                        </form>
                    </details>
                }
                    .into_any()
            }
            Stage::Joined => ().into_any(),
        }}
        <details class="change">
            <summary>{move || words().about_access()}</summary>
            <button
                class="button"
                on:click=move |_| crate::people::save_about(format!("/api/taalhuis/learners/{id}/about"))
            >
                <Icon name="install" />
                {move || words().about_save()}
            </button>
        </details>
        <details class="change">
            <summary>{move || words().erase_title()}</summary>
            {move || {
                if erasing.get() {
                    view! {
                        <div class="errors" role="alert">
                            <p>{words().erase_learner_text()}</p>
                            <div class="row">
                                <button class="button" on:click=move |_| erasing.set(false)>{words().stay()}</button>
                                <button class="button danger" on:click=erase>{words().erase_for_good()}</button>
                            </div>
                        </div>
                    }
                        .into_any()
                } else {
                    view! { <button class="button" on:click=move |_| erasing.set(true)>{words().erase_learner()}</button> }
                        .into_any()
                }
            }}
        </details>
    }
}

/// Answers with one key, as a command wants them.
pub(super) fn one_answer(key: &'static str, answer: String) -> Answers {
    Answers(BTreeMap::from([(key.to_owned(), answer)]))
}
