//! A pairing as a coordinator sees it: how it stands, what can follow, check-ins and sessions.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use sync_core::ids::{PairingId, UserId};
use sync_core::taalhuis::view::PairingView;
use sync_core::taalhuis::{
    CheckIn, CheckPairing, ContactKind, EndReason, MovePairing, NoteContact, PairingState,
};

use super::session::{Card, Held};
use super::{books_of, noted, pairing_view, typed_on};
use crate::address::param;
use crate::components::{Choice, DateField, Fields, FormErrors, Icon, TextArea, Unfold, notices};
use crate::driver::driver;
use crate::forms::{choices, none_or_choices, send};
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// What the acts are called that lead to a state.
fn act_text(state: PairingState) -> &'static str {
    match state {
        PairingState::Proposed | PairingState::IntroPlanned => words().plan_intro(),
        PairingState::Trial => words().begin_trial(),
        PairingState::Running => words().goes_on(),
        PairingState::Paused => words().pause(),
        PairingState::Ended => words().end_pairing(),
    }
}

/// The screen.
#[component]
pub fn PairingDeskScreen() -> impl IntoView {
    let id = Memo::new(|_| param::<PairingId>("pairing").filter(|id| pairing_view(*id).is_some()));
    view! {
        {move || match id.get() {
            Some(id) => {
                let view = Memo::new(move |_| pairing_view(id).unwrap_or_default());
                view! { <Body id view /> }.into_any()
            }
            None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
        }}
    }
}

/// Who a pairing is about.
#[derive(Clone, PartialEq)]
struct People {
    learner: String,
    buddy: String,
    /// The other pairings of this learner that are under way, with what the buddy is called.
    others: Vec<(PairingId, String)>,
}

impl People {
    fn of(id: PairingId, view: &PairingView) -> Self {
        let books = view.learner.and_then(books_of).unwrap_or_default();
        let named = |user: Option<UserId>| user.map(|user| books.buddy_name(user)).unwrap_or_default();
        let pairings = view.learner.into_iter().flat_map(|learner| books.pairings_of(learner));
        let others = pairings.filter(|(other, row)| *other != id && row.state() != PairingState::Ended);
        Self {
            learner: view.learner.map(|learner| books.name(learner)).unwrap_or_default(),
            buddy: named(view.user),
            others: others.map(|(other, row)| (other, named(row.user))).collect(),
        }
    }
}

/// What is told follows what others do; the forms stay while somebody types in them.
#[component]
fn Body(id: PairingId, view: Memo<PairingView>) -> impl IntoView {
    let state = Memo::new(move |_| view.with(PairingView::state));
    let people = Memo::new(move |_| view.with(|view| People::of(id, view)));
    // After which weeks is asked next: the form is another one then.
    let week = Memo::new(move |_| {
        let meets = state.get().meets();
        let checks = view.with(|view| view.checks.clone());
        // After the last one it is asked again only where it did not go well.
        let again = checks.last().filter(|check| check.goes.needs_attention()).map(|check| check.week);
        view.with(PairingView::next_check).or(again).filter(|_| meets)
    });
    view! {
        {move || view! { <Head id view=view.get() people=people.get() /> }}
        {move || view! { <Next id state=state.get() /> }}
        {move || view! { <Steps view=view.get() /> }}
        {move || week.get().map(|week| view! { <Check id week /> })}
        {move || view! { <Sessions id view=view.get() /> }}
        <Card id view />
    }
}

/// Who it is about, how it stands, and what somebody has to choose.
#[component]
fn Head(id: PairingId, view: PairingView, people: People) -> impl IntoView {
    let (state, learner_id) = (view.state(), view.learner);
    let People { learner, buddy, others } = people;
    let answers = view.states;
    view! {
        {learner_id.map(|learner| view! { <A href=format!("/deelnemers/{learner}") attr:class="back">{words().back()}</A> })}
        <h1>{words().two_people(buddy, learner)}</h1>
        <p><span class="stamp" class:attention=!state.meets()>{answer_text("pairing", state.as_str())}</span></p>
        {(!others.is_empty())
            .then(|| {
                view! {
                    <div class="warning">
                        <Icon name="attention" />
                        <div>
                            <p>{words().two_pairings()}</p>
                            {others
                                .into_iter()
                                .map(|(other, name)| view! { <p><A href=format!("/koppelingen/{other}")>{name}</A></p> })
                                .collect_view()}
                        </div>
                    </div>
                }
            })}
        {(answers.len() > 1)
            .then(|| {
                view! {
                    <section class="card">
                        <h2><Icon name="attention" />{words().two_answers()}</h2>
                        <p>{words().two_answers_text()}</p>
                        <div class="pair">
                            {answers
                                .into_iter()
                                .map(|state| view! { <Chosen id state /> })
                                .collect_view()}
                        </div>
                    </section>
                }
            })}
    }
}

/// What happened, and how it went at the check-ins.
#[component]
fn Steps(view: PairingView) -> impl IntoView {
    let steps = view
        .steps
        .iter()
        .map(|step| {
            let on = noted(step.on, step.by);
            let reason = step.reason.map(|reason| answer_text("end_reason", reason.as_str()));
            let told: Vec<String> =
                [Some(on), reason.map(str::to_owned), Some(step.note.clone())].into_iter().flatten().filter(|part| !part.is_empty()).collect();
            view! { <li class="item"><b>{answer_text("pairing", step.state.as_str())}</b><span class="grow">{told.join(" · ")}</span></li> }
        })
        .collect_view();
    let checks = view
        .checks
        .iter()
        .map(|check| {
            let on = check.on.map(|on| when::whole_day(words(), on)).unwrap_or_default();
            view! {
                <li class="item">
                    <b>{words().after_weeks(check.week)}</b>
                    <span class="grow">{format!("{} · {on} {}", answer_text("check", check.goes.as_str()), check.note)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <ul class="rows">{steps}</ul>
        <h2>{words().check_ins()}</h2>
        <ul class="rows">{checks}</ul>
    }
}

/// The sessions.
#[component]
fn Sessions(id: PairingId, view: PairingView) -> impl IntoView {
    let minutes: u32 = view.sessions.iter().map(|session| u32::from(session.minutes)).sum();
    let sessions = view.sessions.len();
    let held = view
        .sessions
        .iter()
        .rev()
        .take(10)
        .map(|session| view! { <Held id session=session.clone() /> })
        .collect_view();
    view! {
        <h2>{words().sessions_so_far()}</h2>
        <p class="soft">{words().sessions_total(sessions, minutes / 60)}</p>
        <ul class="rows">{held}</ul>
    }
}

/// One of two states that people gave apart.
#[component]
fn Chosen(id: PairingId, state: PairingState) -> impl IntoView {
    let choose = move |_| {
        let reason = (state == PairingState::Ended).then_some(EndReason::Other);
        let step = MovePairing {
            entry: driver().fresh(),
            state,
            on: driver().now().local_date(),
            reason,
            note: String::new(),
        };
        super::learner::act(id, step);
    };
    view! { <button class="button" on:click=choose>{answer_text("pairing", state.as_str())}</button> }
}

/// What can follow.
#[component]
fn Next(id: PairingId, state: PairingState) -> impl IntoView {
    let open = RwSignal::new(None::<PairingState>);
    let possible: Vec<PairingState> =
        PairingState::ALL.iter().copied().filter(|next| state.may_become(*next)).collect();
    view! {
        <div class="row">
            {possible
                .into_iter()
                .enumerate()
                .map(|(place, next)| {
                    view! {
                        <button
                            class="button"
                            class:main=place == 0 && next != PairingState::Paused
                            class:danger=next == PairingState::Ended
                            on:click=move |_| open.set(Some(next))
                        >
                            {if next == PairingState::IntroPlanned && state == next { words().move_intro() } else { act_text(next) }}
                        </button>
                    }
                })
                .collect_view()}
        </div>
        {move || open.get().map(|next| view! { <Step id next open /> })}
    }
}

#[component]
fn Step(id: PairingId, next: PairingState, open: RwSignal<Option<PairingState>>) -> impl IntoView {
    let today = driver().now().local_date();
    let on = if next == PairingState::IntroPlanned { sync_core::time::days_after(today, 7) } else { today };
    let fields = Fields::new([
        ("step_on", when::typed_day(on)),
        ("step_reason", String::new()),
        ("step_note", String::new()),
    ]);
    fields.when_kept(move || open.set(None));
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "step_on") else { return };
        let reason = EndReason::parse(&fields.get("step_reason"));
        if next == PairingState::Ended && reason.is_none() {
            return fields.fail("step_reason", words().problem_field_missing());
        }
        let step =
            MovePairing { entry: driver().fresh(), state: next, on, reason, note: fields.get("step_note") };
        send(fields, id.into(), step, "step_on");
    };
    view! {
        <form class="card" on:submit=save novalidate>
            <h2>{act_text(next)}</h2>
            <FormErrors fields />
            <DateField fields name="step_on" label=label(words::Words::day_label) />
            {(next == PairingState::Ended)
                .then(|| view! { <Choice fields name="step_reason" label=label(words::Words::why_ends) options=none_or_choices("end_reason", EndReason::WORDS) /> })}
            <TextArea fields name="step_note" label=label(words::Words::note_label) hint=label(words::Words::step_note_hint) optional=true />
            <div class="row">
                <button class="button main" type="submit">{words().save()}</button>
                <button class="button" type="button" on:click=move |_| open.set(None)>{words().stay()}</button>
            </div>
        </form>
    }
}

/// *Hoe gaat het?*
#[component]
fn Check(id: PairingId, week: u16) -> impl IntoView {
    let fields = Fields::new([
        ("goes", CheckIn::Good.as_str().to_owned()),
        ("check_note", String::new()),
        ("check_on", when::typed_day(driver().now().local_date())),
    ]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "check_on") else { return };
        let check = CheckPairing {
            entry: driver().fresh(),
            week,
            goes: CheckIn::parse(&fields.get("goes")).unwrap_or(CheckIn::Good),
            on,
            note: String::new(),
        };
        // What somebody tells of the other one is for coordinators alone: it goes into the file, not to the buddy's phone.
        let note = fields.get("check_note");
        let learner = pairing_view(id).and_then(|view| view.learner).filter(|_| !note.trim().is_empty());
        spawn_local(async move {
            if let Some(learner) = learner {
                let contact =
                    NoteContact { entry: driver().fresh(), contact: ContactKind::FollowUp, on, note };
                if let Err(refusal) = driver().act(learner.file(), contact).await {
                    return fields.fail("check_note", problem_text(refusal.kind));
                }
            }
            match driver().act(id, check).await {
                Ok(()) => {
                    fields.begin_anew();
                    notices().say(words().kept());
                }
                Err(refusal) => fields.fail("goes", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <Unfold summary=Signal::derive(move || words().ask_how_it_goes(week)) fields>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Choice fields name="goes" label=label(words::Words::how_it_goes) options=choices("check", CheckIn::WORDS) />
                <TextArea fields name="check_note" label=label(words::Words::note_label) hint=label(words::Words::contacts_text) optional=true />
                <DateField fields name="check_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}
