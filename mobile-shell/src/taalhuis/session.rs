//! What a buddy does with a pairing: tell that they met, in one tap that is filled in; see what a buddy needs to know; and write the card
//! for whoever comes next.

use std::collections::BTreeSet;

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::ids::{EntryId, GroupId, PairingId, UserId};
use sync_core::taalhuis::view::{GroupView, PairingView, SessionView};
use sync_core::taalhuis::{
    HandOver, LogSession, Mood, PairingState, RecordMeeting, WithdrawMeeting, WithdrawSession,
};
use sync_core::time::{LocalDate, typed_day};
use sync_core::volunteers::{Place, Subject};

use super::{call_name, group_view, learner_view, pairing_view};
use crate::address::{goes_on, param};
use crate::components::{Choice, DateField, Field, Fields, FormErrors, Icon, TextArea, notices};
use crate::driver::driver;
use crate::help::call_link;
use crate::questions::{answer_text, question_text, told_answer};
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// What a session takes where nothing was logged before, in minutes.
const USUAL_MINUTES: u16 = 60;

/// The options of a list, with an empty one first.
fn options(list: &'static str, all: &'static [&'static str]) -> Signal<Vec<(String, String)>> {
    Signal::derive(move || {
        std::iter::once((String::new(), words().not_answered().to_owned()))
            .chain(all.iter().map(|word| ((*word).to_owned(), answer_text(list, word).to_owned())))
            .collect()
    })
}

/// *Afspraak geweest*: filled in as it was last time.
#[component]
pub fn SessionScreen() -> impl IntoView {
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        {move || {
            let id = param::<PairingId>("pairing");
            match id.and_then(|id| Some((id, untrack(|| pairing_view(id))?))) {
                Some((id, view)) => view! { <Session id view /> }.into_any(),
                None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
            }
        }}
    }
}

#[component]
fn Session(id: PairingId, view: PairingView) -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let name = call_name(view.learner);
    let last = view.sessions.last().cloned();
    let minutes = last.as_ref().map_or(USUAL_MINUTES, |last| last.minutes);
    let place = last.as_ref().and_then(|last| last.place).unwrap_or(Place::Library);
    let subject = last.as_ref().and_then(|last| last.subject).map_or("", Subject::as_str);
    let fields = Fields::new([
        ("on", when::typed_day(driver.now().local_date())),
        ("minutes", minutes.to_string()),
        ("place", place.as_str().to_owned()),
        ("subject", subject.to_owned()),
        ("mood", Mood::Good.as_str().to_owned()),
        ("note", String::new()),
    ]);
    let title = name.clone();
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("on")) else {
            return fields.fail("on", words().problem_date_out_of_range());
        };
        let Ok(minutes) = fields.get("minutes").trim().parse::<u16>() else {
            return fields.fail("minutes", words().problem_number_out_of_range());
        };
        let entry: EntryId = driver.fresh();
        let session = LogSession {
            entry,
            on,
            minutes,
            place: Place::parse(&fields.get("place")),
            subject: Subject::parse(&fields.get("subject")),
            mood: Mood::parse(&fields.get("mood")).unwrap_or_default(),
            note: fields.get("note"),
        };
        let (navigate, name) = (navigate.clone(), name.clone());
        spawn_local(async move {
            match driver.act(id, session).await {
                Ok(()) => {
                    fields.kept();
                    notices().say_with_undo(words().session_kept(name), move || take_back(id, entry));
                    goes_on(navigate, "/").await;
                }
                Err(refusal) => {
                    let field = if refusal.detail.contains("minutes") { "minutes" } else { "on" };
                    fields.fail(field, problem_text(refusal.kind));
                }
            }
        });
    };
    view! {
        <h1>{move || words().session_with(title.clone())}</h1>
        <form on:submit=save novalidate>
            <FormErrors fields />
            <button class="button main big" type="submit">{move || words().save()}</button>
            <DateField fields name="on" label=label(words::Words::day_label) />
            <Field fields name="minutes" label=label(words::Words::session_minutes) input_mode="numeric" />
            <Choice fields name="place" label=label(words::Words::session_place) options=options("places", Place::WORDS) />
            <Choice fields name="subject" label=label(words::Words::session_subject) options=options("subjects", Subject::WORDS) />
            <fieldset>
                <legend>{move || words().session_mood()}</legend>
                <div class="options">
                    {Mood::ALL
                        .iter()
                        .map(|mood| {
                            let mood = *mood;
                            view! {
                                <label class="choice">
                                    <input
                                        type="radio"
                                        name="mood"
                                        checked=mood == Mood::Good
                                        on:change=move |_| fields.set("mood", mood.as_str())
                                    />
                                    <span>{move || answer_text("mood", mood.as_str())}</span>
                                </label>
                            }
                        })
                        .collect_view()}
                </div>
            </fieldset>
            <TextArea fields name="note" label=label(words::Words::note_label) hint=label(words::Words::session_note_hint) optional=true />
        </form>
    }
}

fn take_back(id: PairingId, session: EntryId) {
    spawn_local(async move {
        match driver().act(id, WithdrawSession { session }).await {
            Ok(()) => notices().say(words().taken_back()),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// What a buddy needs to know of a learner, and the sessions so far.
#[component]
pub fn PairingScreen() -> impl IntoView {
    let id = Memo::new(|_| param::<PairingId>("pairing").filter(|id| pairing_view(*id).is_some()));
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        {move || match id.get() {
            Some(id) => {
                let view = Memo::new(move |_| pairing_view(id).unwrap_or_default());
                view! {
                    {move || view! { <Pairing id view=view.get() /> }}
                    <Card id view />
                    {move || view! { <Sessions id view=view.get() /> }}
                }
                    .into_any()
            }
            None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
        }}
    }
}

/// The questions of which a buddy needs the answers, in this order.
const NEEDED: &[&str] =
    &["wish", "subjects", "week", "availability_note", "places", "languages", "interests", "contact_by"];

#[component]
fn Pairing(id: PairingId, view: PairingView) -> impl IntoView {
    let learner = view.learner.and_then(learner_view);
    let phone = learner.as_ref().map(|learner| learner.answers.get("phone").to_owned()).unwrap_or_default();
    let facts = learner.as_ref().map(|learner| {
        NEEDED
            .iter()
            .filter_map(|key| {
                let question = sync_core::taalhuis::questions::LEARNER.iter().find(|one| one.key == *key)?;
                let answer = learner.answers.get(key);
                let told = (!answer.is_empty()).then(|| told_answer(question, answer))?;
                Some(view! { <dt>{question_text(key)}</dt><dd>{told}</dd> })
            })
            .collect_view()
    });
    let state = view.state();
    let hidden = learner.is_none() && state != PairingState::Ended;
    let steps_note = view
        .steps
        .iter()
        .rev()
        .find(|step| step.state == PairingState::IntroPlanned)
        .map(|step| step.note.clone());
    view! {
        <h1>{call_name(view.learner)}</h1>
        <p><span class="stamp" class:attention=!state.meets()>{answer_text("pairing", state.as_str())}</span></p>
        {hidden.then(|| view! { <p class="warning"><Icon name="attention" />{words().learner_hidden_text()}</p> })}
        <div class="row">
            {(!phone.is_empty())
                .then(|| {
                    view! {
                        <a class="button" href=call_link(&phone) rel="external"><Icon name="phone" />{phone.clone()}</a>
                    }
                })}
            {state
                .meets()
                .then(|| {
                    view! { <A href=format!("/koppeling/{id}/geweest") attr:class="button main">{words().session_held()}</A> }
                })}
        </div>
        {steps_note.filter(|note| !note.is_empty()).map(|note| view! { <blockquote>{note}</blockquote> })}
        <dl class="facts">{facts}</dl>
    }
}

/// The last sessions.
#[component]
fn Sessions(id: PairingId, view: PairingView) -> impl IntoView {
    let sessions: Vec<SessionView> = view.sessions.iter().rev().take(10).cloned().collect();
    view! {
        <h2>{words().sessions_so_far()}</h2>
        {if sessions.is_empty() {
            view! { <p class="soft">{words().no_session_yet()}</p> }.into_any()
        } else {
            view! { <ul class="rows">{sessions.into_iter().map(|session| view! { <Held id session /> }).collect_view()}</ul> }
                .into_any()
        }}
    }
}

/// A session that was held.
#[component]
pub(super) fn Held(id: PairingId, session: SessionView) -> impl IntoView {
    let day = session.on.map(|on| when::full_day(words(), on)).unwrap_or_default();
    let place = session.place.map_or("", |place| answer_text("places", place.as_str()));
    let subject = session.subject.map_or("", |subject| answer_text("subjects", subject.as_str()));
    let parts: Vec<String> = [words().minutes_short(session.minutes), place.to_owned(), subject.to_owned()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    let (entry, mood, note) = (session.entry, session.mood, session.note);
    view! {
        <li class="item">
            <span class="grow">
                <b>{day}</b>
                <span class="soft">{parts.join(" · ")}</span>
                {(!note.is_empty()).then(|| view! { <span>{note}</span> })}
            </span>
            <span class="end">
                <span>{answer_text("mood", mood.as_str())}</span>
                <button class="button small quiet" on:click=move |_| take_back(id, entry)>{words().take_session_back()}</button>
            </span>
        </li>
    }
}

/// The card for the next buddy.
#[component]
pub(super) fn Card(id: PairingId, view: Memo<PairingView>) -> impl IntoView {
    let driver = driver();
    let fields = Fields::new([]);
    fields.follow("works", move || view.with(|view| view.works.clone()));
    fields.follow("material", move || view.with(|view| view.material.clone()));
    fields.follow("goal", move || view.with(|view| view.goal.clone()));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let card = HandOver {
            works: fields.get("works"),
            material: fields.get("material"),
            goal: fields.get("goal"),
        };
        spawn_local(async move {
            match driver.act(id, card).await {
                Ok(()) => {
                    fields.kept();
                    notices().say(words().kept());
                }
                Err(refusal) => fields.fail("works", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <details class="change">
            <summary>{move || words().card_title()}</summary>
            <p class="soft">{move || words().card_text()}</p>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <TextArea fields name="works" label=label(words::Words::card_works) />
                <TextArea fields name="material" label=label(words::Words::card_material) optional=true />
                <TextArea fields name="goal" label=label(words::Words::card_goal) optional=true />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </details>
    }
}

/// *Wie was er?*: everybody was, unless somebody says otherwise.
#[component]
pub fn RollCallScreen() -> impl IntoView {
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        {move || {
            let id = param::<GroupId>("group");
            match id.and_then(|id| Some((id, untrack(|| group_view(id))?))) {
                Some((id, view)) => view! { <RollCall id view /> }.into_any(),
                None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
            }
        }}
    }
}

/// Takes a meeting back: it does not count any more.
pub(super) fn take_meeting_back(id: GroupId, meeting: EntryId) {
    spawn_local(async move {
        match driver().act(id, WithdrawMeeting { meeting }).await {
            Ok(()) => notices().say(words().taken_back()),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// Ids that are ticked, of everybody on a list.
#[component]
fn Ticks<T: Copy + Ord + Send + Sync + 'static>(
    legend: Signal<String>,
    people: Vec<(T, String)>,
    ticked: RwSignal<BTreeSet<T>>,
) -> impl IntoView {
    let options = people
        .into_iter()
        .map(|(who, name)| {
            view! {
                <label class="choice">
                    <input
                        type="checkbox"
                        checked=ticked.with_untracked(|ticked| ticked.contains(&who))
                        on:change:target=move |event| {
                            let there = event.target().checked();
                            ticked.update(|ticked| {
                                if there { ticked.insert(who); } else { ticked.remove(&who); }
                            });
                        }
                    />
                    <span>{name}</span>
                </label>
            }
        })
        .collect_view();
    view! {
        <fieldset>
            <legend>{legend}</legend>
            <div class="options">{options}</div>
        </fieldset>
    }
}

#[component]
fn RollCall(id: GroupId, view: GroupView) -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let today: LocalDate = driver.now().local_date();
    // A meeting of today that was told already is put right, not told twice.
    let known = view.meetings.iter().find(|meeting| meeting.on == Some(today)).cloned();
    let last = known.as_ref().or(view.meetings.last());
    let minutes = last.map_or(USUAL_MINUTES, |last| last.minutes);
    let fields = Fields::new([
        ("on", when::typed_day(today)),
        ("minutes", minutes.to_string()),
        ("note", known.as_ref().map(|known| known.note.clone()).unwrap_or_default()),
    ]);
    let members = view.members.clone();
    let everybody = members.iter().map(|(learner, _)| *learner).collect();
    let present = RwSignal::new(known.as_ref().map_or(everybody, |known| known.present.clone()));
    let buddies = view.buddies.clone();
    let me = driver.person().map(|person| person.user);
    let usual: BTreeSet<UserId> = match me.filter(|me| buddies.iter().any(|(buddy, _)| buddy == me)) {
        Some(me) => [me].into(),
        None => buddies.iter().map(|(buddy, _)| *buddy).collect(),
    };
    let helped = RwSignal::new(known.as_ref().map_or(usual, |known| known.helped.clone()));
    let several = buddies.len() > 1;
    let told = known.is_some();
    let (title, name) = (view.name.clone(), view.name.clone());
    let meetings = view.meetings;
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("on")) else {
            return fields.fail("on", words().problem_date_out_of_range());
        };
        let Ok(minutes) = fields.get("minutes").trim().parse::<u16>() else {
            return fields.fail("minutes", words().problem_number_out_of_range());
        };
        let same_day = meetings.iter().find(|meeting| meeting.on == Some(on)).map(|meeting| meeting.entry);
        let meeting = RecordMeeting {
            entry: same_day.unwrap_or_else(|| driver.fresh()),
            on,
            minutes,
            present: present.get_untracked().into_iter().collect(),
            helped: helped.get_untracked().into_iter().collect(),
            note: fields.get("note"),
        };
        let (navigate, name) = (navigate.clone(), name.clone());
        spawn_local(async move {
            match driver.act(id, meeting).await {
                Ok(()) => {
                    fields.kept();
                    notices().say(words().session_kept(name));
                    goes_on(navigate, "/").await;
                }
                Err(refusal) => fields.fail("on", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <h1>{title}</h1>
        {told.then(|| view! { <p class="warning"><Icon name="attention" />{move || words().meeting_told()}</p> })}
        <form on:submit=save novalidate>
            <FormErrors fields />
            <Ticks legend=label(words::Words::who_was_there) people=members ticked=present />
            <button class="button main big" type="submit">{move || words().save()}</button>
            {several.then(|| view! { <Ticks legend=label(words::Words::who_helped) people=buddies ticked=helped /> })}
            <DateField fields name="on" label=label(words::Words::day_label) />
            <Field fields name="minutes" label=label(words::Words::session_minutes) input_mode="numeric" />
            <TextArea fields name="note" label=label(words::Words::note_label) optional=true />
        </form>
    }
}
