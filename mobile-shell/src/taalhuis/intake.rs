//! The intake: one block of questions a screen, each answer kept as it is given; another person goes on with it on another device, at a
//! kitchen table without a network if need be.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::ids::LearnerId;
use sync_core::questions::{Answers, Question};
use sync_core::taalhuis::questions::{FILE, LEARNER, SECTIONS};
use sync_core::taalhuis::{
    AnswerIntake, AnswerLearner, FinishIntake, OpenLearnerFile, Purpose, Stage, WayIn,
};

use super::consent::Consents;
use super::facts::{Levels, Requests};
use super::learner::{file_view, one_answer};
use super::{books_of, learner_view, noted, typed_on};
use crate::address::param;
use crate::components::{DateField, Fields, FormErrors, Icon, notices};
use crate::driver::{Acted, driver};
use crate::questions::{Asked, Questions, answer_text, question_text, told_answer};
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The steps of an intake: the sections that this Taalhuis asks, then what is agreed.
fn steps(id: LearnerId) -> Vec<&'static str> {
    let hidden = books_of(id).map(|books| books.house.hidden).unwrap_or_default();
    let dutch = file_view(id).is_some_and(|file| file.answers.get("first_language") == "nt1");
    SECTIONS
        .iter()
        .copied()
        .filter(|section| !hidden.iter().any(|hidden| hidden == section))
        // Who grew up with Dutch does not have to integrate.
        .filter(|section| !(dutch && *section == "civic"))
        .chain(["request", "levels", "consent"])
        .collect()
}

fn step_text(step: &str) -> String {
    let key = format!("section-{}", step.replace('_', "-"));
    match step {
        "request" => words().requests_title().to_owned(),
        "levels" => words().levels_title().to_owned(),
        "consent" => words().consents_title().to_owned(),
        _ => words().by_form_key(&key).unwrap_or_default().to_owned(),
    }
}

fn questions(section: &str) -> Vec<&'static Question> {
    LEARNER.iter().chain(FILE).filter(|question| question.section == section).collect()
}

/// How many questions of a section were asked and answered, and how many there are.
fn answered(section: &str, answers: &Answers) -> (usize, usize) {
    let all: Vec<&Question> = questions(section).into_iter().filter(|one| one.is_asked(answers)).collect();
    (all.iter().filter(|one| !answers.get(one.key).is_empty()).count(), all.len())
}

fn all_answers(id: LearnerId) -> Answers {
    let mut all = learner_view(id).map(|view| view.answers).unwrap_or_default();
    all.0.extend(file_view(id).map(|view| view.answers.0).unwrap_or_default());
    all
}

/// The list of steps: where an intake begins and goes on.
#[component]
pub fn IntakeScreen() -> impl IntoView {
    let id = Memo::new(|_| param::<LearnerId>("learner"));
    let fields = Fields::new([("intake_on", when::typed_day(driver().now().local_date()))]);
    view! {
        {move || {
            let id = id.get()?;
            let name = books_of(id).map(|books| books.name(id))?;
            let answers = all_answers(id);
            let stage = file_view(id).map(|file| file.stage()).unwrap_or_default();
            let rows = steps(id)
                .into_iter()
                .map(|step| {
                    let (done, all) = answered(step, &answers);
                    let told = if all > 0 { words().answered_of(all, done) } else { String::new() };
                    view! {
                        <li>
                            <A href=format!("/deelnemers/{id}/intake/{step}") attr:class="item link">
                                <span class="grow"><b>{step_text(step)}</b></span>
                                <span class="soft">{told}</span>
                            </A>
                        </li>
                    }
                })
                .collect_view();
            Some(view! {
                <A href=format!("/deelnemers/{id}") attr:class="back">{words().back()}</A>
                <h1>{words().intake_of(name)}</h1>
                <p class="soft">{words().intake_text()}</p>
                <ul class="rows">{rows}</ul>
                {(stage == Stage::Registered).then(|| view! { <Finish id fields /> })}
                <div class="row">
                    <A href=format!("/deelnemers/{id}/samenvatting") attr:class="button">{words().summary()}</A>
                </div>
            })
        }}
    }
}

/// The end of an intake, on the day on which it was: what was written on paper is typed in later.
#[component]
fn Finish(id: LearnerId, fields: Fields) -> impl IntoView {
    let navigate = use_navigate();
    let finish = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_on(fields, "intake_on") else { return };
        let navigate = navigate.clone();
        spawn_local(async move {
            match driver().act(id.file(), FinishIntake { on }).await {
                Ok(()) => {
                    notices().say(words().kept());
                    navigate(&format!("/deelnemers/{id}"), leptos_router::NavigateOptions::default());
                }
                Err(refusal) => fields.fail("intake_on", problem_text(refusal.kind)),
            }
        });
    };
    view! {
        <form on:submit=finish novalidate>
            <FormErrors fields />
            <DateField fields name="intake_on" label=label(words::Words::intake_on) />
            <button class="button main" type="submit">{move || words().finish_intake()}</button>
        </form>
    }
}

/// Keeps one answer where it belongs. A file that is not there yet is begun first.
async fn keep(id: LearnerId, key: &'static str, answer: String) -> Acted {
    let driver = driver();
    let answers = one_answer(key, answer);
    if LEARNER.iter().any(|question| question.key == key) {
        return driver.act(id, AnswerLearner { answers }).await;
    }
    if driver.peek(|replica| replica.row(id.file()).is_none()) {
        let Some(branch) = learner_view(id).and_then(|view| view.branch) else {
            return driver.act(id.file(), AnswerIntake { answers }).await;
        };
        let open = OpenLearnerFile { branch, learner: id, way: WayIn::default(), answers };
        return driver.act(id.file(), open).await;
    }
    driver.act(id.file(), AnswerIntake { answers }).await
}

/// One block of questions.
#[component]
pub fn SectionScreen() -> impl IntoView {
    let here = Memo::new(|_| {
        let id = param::<LearnerId>("learner")?;
        let step = param::<String>("section")?;
        let all = steps(id);
        let place = all.iter().position(|one| *one == step)?;
        Some((id, all[place], place.checked_sub(1).map(|before| all[before]), all.get(place + 1).copied()))
    });
    view! {
        {move || {
            let (id, step, before, after) = here.get()?;
            let to = move |step: Option<&'static str>| match step {
                Some(step) => format!("/deelnemers/{id}/intake/{step}"),
                None => format!("/deelnemers/{id}/intake"),
            };
            Some(view! {
                <A href=format!("/deelnemers/{id}/intake") attr:class="back">{words().back()}</A>
                <h1>{step_text(step)}</h1>
                <Step id step />
                <div class="row">
                    <A href=to(after) attr:class="button main">{if after.is_some() { words().next_block() } else { words().to_overview() }}</A>
                    {before.map(|before| view! { <A href=to(Some(before)) attr:class="button">{words().block_before()}</A> })}
                </div>
            })
        }}
    }
}

#[component]
fn Step(id: LearnerId, step: &'static str) -> impl IntoView {
    let file = Memo::new(move |_| file_view(id).unwrap_or_default());
    let learner = Memo::new(move |_| learner_view(id).unwrap_or_default());
    match step {
        "request" => view! { <Requests id file /> }.into_any(),
        "levels" => view! { <Levels id file /> }.into_any(),
        "consent" => view! { {move || view! { <Consents id learner=learner.get() /> }} }.into_any(),
        section => {
            let answers = Memo::new(move |_| all_answers(id));
            let others = Memo::new(move |_| {
                let mut others = learner.get().others;
                others.extend(file.get().others);
                others
            });
            let keep = Callback::new(move |(key, answer): (&'static str, String)| {
                let act: std::pin::Pin<Box<dyn Future<Output = Acted>>> = Box::pin(keep(id, key, answer));
                act
            });
            view! { <Questions questions=questions(section) asked=Asked { answers, others, keep } /> }
                .into_any()
        }
    }
}

/// What is no answer: requests, levels and consent.
fn facts_on_paper(id: LearnerId) -> impl IntoView + use<> {
    let (file, learner) = (file_view(id).unwrap_or_default(), learner_view(id).unwrap_or_default());
    let line = |what: String, told: String| view! { <dt>{what}</dt><dd>{told}</dd> };
    let requests: Vec<_> = file
        .requests
        .iter()
        .map(|one| {
            let goal = (!one.goal.is_empty()).then(|| words().goal_told(one.goal.clone()));
            let told = [Some(one.wish.clone()), goal].into_iter().flatten().collect::<Vec<_>>().join(". ");
            line(answer_text("topic", one.topic.as_str()).to_owned(), told)
        })
        .collect();
    let levels: Vec<_> = file
        .levels
        .iter()
        .map(|one| {
            let (level, how) =
                (answer_text("level", &one.level), answer_text("instrument", one.instrument.as_str()));
            let skill = answer_text("skill", one.skill.as_str()).to_owned();
            line(skill, format!("{level} ({how}), {}", noted(one.on, one.by)))
        })
        .collect();
    let consents: Vec<_> = Purpose::ALL
        .iter()
        .filter_map(|purpose| {
            let last = learner.consents.iter().rev().find(|one| one.purpose == *purpose)?;
            let told = if last.given {
                words().consent_since(noted(last.on, last.by))
            } else {
                words().consent_withdrawn(noted(last.on, last.by))
            };
            Some(line(answer_text("purpose", purpose.as_str()).to_owned(), told))
        })
        .collect();
    [("request", requests), ("levels", levels), ("consent", consents)]
        .into_iter()
        .filter(|(_, lines)| !lines.is_empty())
        .map(|(step, lines)| view! { <h2>{step_text(step)}</h2><dl class="facts">{lines}</dl> })
        .collect_view()
}

/// Everything that was answered, on paper.
#[component]
pub fn SummaryScreen() -> impl IntoView {
    let id = Memo::new(|_| param::<LearnerId>("learner"));
    view! {
        {move || {
            let id = id.get()?;
            let name = books_of(id).map(|books| books.name(id))?;
            let answers = all_answers(id);
            let sections = steps(id)
                .into_iter()
                .filter_map(|step| {
                    let lines: Vec<_> = questions(step)
                        .into_iter()
                        .filter(|question| question.is_asked(&answers) && !answers.get(question.key).is_empty())
                        .map(|question| {
                            let told = told_answer(question, answers.get(question.key));
                            view! { <dt>{question_text(question.key)}</dt><dd>{told}</dd> }
                        })
                        .collect();
                    (!lines.is_empty()).then(|| view! { <h2>{step_text(step)}</h2><dl class="facts">{lines}</dl> })
                })
                .collect_view();
            let today = when::whole_day(words(), driver().now().local_date());
            let print = move |_| {
                if let Some(window) = web_sys::window() {
                    // Where a page cannot print, the button does nothing.
                    let _ = window.print();
                }
            };
            Some(view! {
                <A href=format!("/deelnemers/{id}/intake") attr:class="back no-print">{words().back()}</A>
                <div class="head">
                    <h1>{words().intake_of(name)}</h1>
                    <button class="button no-print" on:click=print><Icon name="note" />{words().print()}</button>
                </div>
                <p class="soft">{today}</p>
                {sections}
                {facts_on_paper(id)}
            })
        }}
    }
}
