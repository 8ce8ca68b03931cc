//! A pairing as a coordinator sees it: how it stands, what can follow, check-ins and sessions.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::PairingId;
use sync_core::taalhuis::view::PairingView;
use sync_core::taalhuis::{CHECK_WEEKS, CheckIn, CheckPairing, EndReason, MovePairing, PairingState};
use sync_core::time::{LocalDate, typed_day};

use super::facts::send;
use super::learner::choices;
use super::session::{Card, Held};
use super::{answer_text, books_of, pairing_view};
use crate::address::param;
use crate::components::{Choice, DateField, Fields, FormErrors, Icon, TextArea};
use crate::driver::driver;
use crate::settings::words;
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
    let shown = Memo::new(|_| {
        let id = param::<PairingId>("pairing")?;
        let view = pairing_view(id)?;
        let learner = view.learner?;
        let books = books_of(learner)?;
        let buddy = view.user.map(|user| books.buddy_name(user)).unwrap_or_default();
        let others = books
            .pairings_of(learner)
            .into_iter()
            .filter(|(other, row)| *other != id && row.state() != PairingState::Ended)
            .map(|(other, row)| (other, row.user.map(|user| books.buddy_name(user)).unwrap_or_default()))
            .collect::<Vec<_>>();
        Some((id, view, books.name(learner), buddy, others))
    });
    view! {
        {move || match shown.get() {
            Some((id, view, learner, buddy, others)) => view! { <Body id view learner buddy others /> }.into_any(),
            None => view! { <h1>{words().pairing_gone()}</h1> }.into_any(),
        }}
    }
}

#[component]
fn Body(
    id: PairingId,
    view: PairingView,
    learner: String,
    buddy: String,
    others: Vec<(PairingId, String)>,
) -> impl IntoView {
    let state = view.state();
    let learner_id = view.learner;
    let steps = view
        .steps
        .iter()
        .map(|step| {
            let on = step.on.map(|on| when::whole_day(words(), on)).unwrap_or_default();
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
    let minutes: u32 = view.sessions.iter().map(|session| u32::from(session.minutes)).sum();
    let sessions = view.sessions.len();
    let held = view
        .sessions
        .iter()
        .rev()
        .take(10)
        .map(|session| view! { <Held id session=session.clone() /> })
        .collect_view();
    let answers = view.states.clone();
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
        <Next id state />
        <ul class="rows">{steps}</ul>
        <h2>{words().check_ins()}</h2>
        <ul class="rows">{checks}</ul>
        {state.meets().then(|| view! { <Check id view=view.clone() /> })}
        <h2>{words().sessions_so_far()}</h2>
        <p class="soft">{words().sessions_total(sessions, minutes / 60)}</p>
        <ul class="rows">{held}</ul>
        <Card id works=view.works material=view.material goal=view.goal />
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
        ("step_reason", EndReason::Succeeded.as_str().to_owned()),
        ("step_note", String::new()),
    ]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("step_on")) else {
            return fields.fail("step_on", words().problem_date_out_of_range());
        };
        let reason = (next == PairingState::Ended)
            .then(|| EndReason::parse(&fields.get("step_reason")).unwrap_or_default());
        let step =
            MovePairing { entry: driver().fresh(), state: next, on, reason, note: fields.get("step_note") };
        send(fields, id.into(), step, "step_on");
    };
    view! {
        <form class="card" on:submit=save novalidate>
            <h2>{act_text(next)}</h2>
            <FormErrors fields />
            <DateField fields name="step_on" label=Signal::derive(|| words().day_label().to_owned()) />
            {(next == PairingState::Ended)
                .then(|| view! { <Choice fields name="step_reason" label=Signal::derive(|| words().why_ends().to_owned()) options=choices("end_reason", EndReason::WORDS) /> })}
            <TextArea fields name="step_note" label=Signal::derive(|| words().note_label().to_owned()) hint=Signal::derive(|| words().step_note_hint().to_owned()) optional=true />
            <div class="row">
                <button class="button main" type="submit">{words().save()}</button>
                <button class="button" type="button" on:click=move |_| open.set(None)>{words().stay()}</button>
            </div>
        </form>
    }
}

/// *Hoe gaat het?*
#[component]
fn Check(id: PairingId, view: PairingView) -> impl IntoView {
    let asked: Vec<u16> = view.checks.iter().map(|check| check.week).collect();
    let next = CHECK_WEEKS.into_iter().find(|week| !asked.contains(week)).unwrap_or(12);
    let fields = Fields::new([("goes", CheckIn::Good.as_str().to_owned()), ("check_note", String::new())]);
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let today: LocalDate = driver().now().local_date();
        let check = CheckPairing {
            entry: driver().fresh(),
            week: next,
            goes: CheckIn::parse(&fields.get("goes")).unwrap_or(CheckIn::Good),
            on: today,
            note: fields.get("check_note"),
        };
        send(fields, id.into(), check, "check_note");
    };
    view! {
        <details class="change">
            <summary>{words().ask_how_it_goes(next)}</summary>
            <form on:submit=save novalidate>
                <FormErrors fields />
                <Choice fields name="goes" label=Signal::derive(|| words().how_it_goes().to_owned()) options=choices("check", CheckIn::WORDS) />
                <TextArea fields name="check_note" label=Signal::derive(|| words().note_label().to_owned()) optional=true />
                <button class="button" type="submit">{words().save()}</button>
            </form>
        </details>
    }
}
