//! Deelnemers: a list that forgives typing, whoever waits longest first; one learner beside it.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::doubles::Likeness;
use sync_core::ids::{BranchId, LearnerId};
use sync_core::questions::Answers;
use sync_core::taalhuis::doubles::likeness;
use sync_core::taalhuis::{OpenLearnerFile, RegisterLearner, Stage, WaitReason, WayIn};
use sync_core::time::LocalDate;

use super::learner::Learner;
use super::{all_books, days_ago};
use crate::address::param;
use crate::browser::machine::fold;
use crate::components::{Choice, Field, Fields, FormErrors, Icon, TextArea};
use crate::driver::driver;
use crate::questions::{answer_text, question_text};
use crate::search::{Search, SearchBox, ShowMore, drawn_up_to};
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// So many rows are drawn at once; the next ones are asked for.
const AT_ONCE: usize = 100;

/// A learner in the list.
#[derive(Clone, PartialEq)]
pub(super) struct Line {
    pub(super) id: LearnerId,
    pub(super) name: String,
    phone: String,
    place: String,
    team: String,
    stage: Stage,
    /// Whether a pairing is under way, or a course.
    is_helped: bool,
    since: Option<LocalDate>,
    /// When somebody last met or spoke the learner.
    contact: Option<LocalDate>,
    branch: BranchId,
    /// Why somebody waits, where that was noted.
    reason: Option<WaitReason>,
    /// Whether somebody waits longer than this Taalhuis wants.
    is_late: bool,
}

impl Line {
    /// Whether this is somebody who learns in this branch, and did not stop.
    pub(super) fn is_here(&self, branch: Option<BranchId>) -> bool {
        branch.is_none_or(|branch| self.branch == branch)
            && matches!(self.stage, Stage::Registered | Stage::Waiting)
    }

    /// For how long it stands so, and when somebody last had contact. Of who has help the contact says enough.
    fn told(&self) -> String {
        let contact = self
            .contact
            .filter(|on| Some(*on) != self.since)
            .map(|on| words().contact_on(when::whole_day(words(), on)));
        let since = self.since.filter(|_| !self.is_helped || contact.is_none()).map(days_ago);
        let waits = self.stage == Stage::Waiting && !self.is_helped;
        let reason =
            self.reason.filter(|_| waits).map(|reason| answer_text("wait", reason.as_str()).to_owned());
        [since, reason, contact].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn state_text(&self) -> &'static str {
        if self.is_late {
            words().learner_late()
        } else if self.stage == Stage::Waiting && self.is_helped {
            words().learner_helped()
        } else {
            answer_text("stage", self.stage.as_str())
        }
    }
}

/// Every learner: who waits first, the longest first; who stopped last.
pub(super) fn lines() -> Vec<Line> {
    let today = driver().now().local_date();
    let mut all: Vec<Line> = all_books()
        .iter()
        .flat_map(|books| {
            let waiting = books.waiting();
            books
                .learners
                .iter()
                .map(move |(id, row)| {
                    let file = books.files.get(id);
                    let stage = file.map(|file| file.stage).unwrap_or_default();
                    Line {
                        id: *id,
                        name: books.name(*id),
                        phone: row.answers.get("phone").to_owned(),
                        place: file.map(|file| file.answers.get("place").to_owned()).unwrap_or_default(),
                        team: file.map(|file| file.answers.get("team").to_owned()).unwrap_or_default(),
                        stage,
                        is_helped: stage == Stage::Waiting && !waiting.contains(id),
                        contact: books.last_contact(*id),
                        since: file.and_then(|file| file.ended_on).or_else(|| books.waiting_since(*id)),
                        branch: books.branch,
                        reason: file.and_then(|file| file.wait_reason),
                        is_late: books.waits_too_long(*id, today),
                    }
                })
                .collect::<Vec<_>>()
        })
        .collect();
    let rank = |line: &Line| match (line.stage, line.is_helped) {
        (Stage::Registered, _) => 0,
        (Stage::Waiting, false) => 1,
        (Stage::Waiting, true) => 2,
        (Stage::Ended, _) => 3,
        (Stage::Joined, _) => 4,
    };
    all.sort_by(|one, other| (rank(one), one.since, &one.name).cmp(&(rank(other), other.since, &other.name)));
    all
}

/// The screen.
#[component]
pub fn LearnersScreen() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let shown = drawn_up_to(AT_ONCE);
    let chosen = Memo::new(|_| param::<LearnerId>("learner"));
    let lines = Memo::new(|_| lines());
    let found = Memo::new(move |_| {
        let search = Search::of(&typed.get());
        let text = |line: &Line| format!("{} {} {} {}", line.name, line.phone, line.place, line.team);
        lines.get().into_iter().filter(|line| search.finds(|| text(line))).collect::<Vec<_>>()
    });
    let drawn =
        Memo::new(move |_| found.with(|found| found.iter().take(shown.get()).cloned().collect::<Vec<_>>()));
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <div class="head">
                    <h1>{move || words().place_learners()}</h1>
                    <A href="/deelnemers/nieuw" attr:class="button"><Icon name="plus" />{move || words().new_learner()}</A>
                </div>
                <SearchBox typed label=words::Words::search_learners />
                <p class="soft" role="status">{move || words().learners_found(found.with(Vec::len))}</p>
                <ul class="rows">
                    <For each=move || drawn.get() key=|line| (line.id, line.name.clone(), line.state_text(), line.told()) let:line>
                        <li>
                            <A href=format!("/deelnemers/{}", line.id) attr:class="item link">
                                <span class="grow">
                                    <b>{line.name.clone()}</b>
                                    <span class="soft">{line.told()}</span>
                                </span>
                                <span class="stamp" class:attention=!line.is_helped>{line.state_text()}</span>
                            </A>
                        </li>
                    </For>
                </ul>
                <ShowMore shown all=Signal::derive(move || found.with(Vec::len)) step=AT_ONCE />
                <p><A href="/groepen">{move || words().place_groups()}</A></p>
                <p><A href="/importeren/deelnemers">{move || words().import_from_file()}</A></p>
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(id) => view! { <Learner id /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_learner()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

/// The branches in which the person who is signed in coordinates a Taalhuis, with their names.
pub(super) fn branches() -> Vec<(BranchId, String)> {
    let driver = driver();
    all_books().iter().map(|books| (books.branch, driver.branch_name(books.branch))).collect()
}

/// Who looks like somebody with this name, telephone and year of birth.
pub(super) fn doubles_of(name: &str, family: &str, phone: &str) -> Vec<(LearnerId, String)> {
    let typed = Likeness::new(&format!("{name} {family}"), phone, "", fold);
    if name.chars().count() < 3 {
        return Vec::new();
    }
    all_books()
        .iter()
        .flat_map(|books| {
            let like = |(id, row): &(&LearnerId, &sync_core::taalhuis::rows::LearnerRow)| {
                typed.is_like(&likeness(row, books.files.get(*id), fold))
            };
            let found: Vec<LearnerId> = books.learners.iter().filter(like).map(|(id, _)| *id).collect();
            found.into_iter().map(|id| (id, books.name(id))).collect::<Vec<_>>()
        })
        .take(3)
        .collect()
}

/// The form for somebody new: a name and a telephone number are enough.
#[component]
#[expect(clippy::too_many_lines, reason = "one screen, read top to bottom")]
pub fn NewLearnerScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let places = untrack(branches);
    let first = places.first().map(|(branch, _)| branch.to_string()).unwrap_or_default();
    let fields = Fields::new([
        ("branch", first),
        ("call_name", String::new()),
        ("family_name", String::new()),
        ("phone", String::new()),
        ("way", WayIn::Own.as_str().to_owned()),
        ("wish", String::new()),
    ]);
    let alike = Memo::new(move |_| {
        doubles_of(&fields.get("call_name"), &fields.get("family_name"), &fields.get("phone"))
    });
    let save = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Ok(branch) = fields.get("branch").parse::<BranchId>() else { return };
        let learner: LearnerId = driver.fresh();
        let told = |key: &'static str| (key.to_owned(), fields.get(key));
        let of = |keys: &[&'static str]| {
            Answers(keys.iter().map(|key| told(key)).filter(|(_, answer)| !answer.is_empty()).collect())
        };
        let register = RegisterLearner { branch, answers: of(&["call_name", "phone", "wish"]) };
        let way = WayIn::parse(&fields.get("way")).unwrap_or_default();
        let open = OpenLearnerFile { branch, learner, way, answers: of(&["family_name"]) };
        let navigate = navigate.clone();
        spawn_local(async move {
            if let Err(refusal) = driver.act(learner, register).await {
                let field = if refusal.detail.contains("phone") { "phone" } else { "call_name" };
                return fields.fail(field, problem_text(refusal.kind));
            }
            match driver.act(learner.file(), open).await {
                Ok(()) => {
                    fields.kept();
                    navigate(
                        &format!("/deelnemers/{learner}/intake"),
                        leptos_router::NavigateOptions::default(),
                    );
                }
                Err(refusal) => fields.fail("family_name", problem_text(refusal.kind)),
            }
        });
    };
    let question = |key: &'static str| Signal::derive(move || question_text(key).to_owned());
    let ways = Signal::derive(|| {
        WayIn::ALL
            .iter()
            .map(|way| (way.as_str().to_owned(), answer_text("way", way.as_str()).to_owned()))
            .collect::<Vec<_>>()
    });
    let many = places.len() > 1;
    let options = Signal::derive(move || {
        places.iter().map(|(branch, name)| (branch.to_string(), name.clone())).collect::<Vec<_>>()
    });
    view! {
        <A href="/deelnemers" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().new_learner()}</h1>
        <form on:submit=save novalidate>
            <FormErrors fields />
            {many.then(|| view! { <Choice fields name="branch" label=label(words::Words::branch) options /> })}
            <Field fields name="call_name" label=question("call_name") />
            <Field fields name="family_name" label=question("family_name") optional=true />
            <Field fields name="phone" label=question("phone") kind="tel" input_mode="tel" optional=true />
            {move || {
                let alike = alike.get();
                (!alike.is_empty())
                    .then(|| {
                        view! {
                            <div class="warning" role="status">
                                <Icon name="attention" />
                                <div>
                                    <p>{words().looks_like()}</p>
                                    {alike
                                        .into_iter()
                                        .map(|(id, name)| view! { <p><A href=format!("/deelnemers/{id}")>{name}</A></p> })
                                        .collect_view()}
                                </div>
                            </div>
                        }
                    })
            }}
            <Choice fields name="way" label=label(words::Words::way_in_label) options=ways />
            <TextArea fields name="wish" label=question("wish") optional=true />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
}
