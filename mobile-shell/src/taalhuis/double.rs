//! Two registrations that look like one person, the one beside the other.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::LearnerId;
use sync_core::taalhuis::SettleDouble;
use sync_core::taalhuis::books::Books;
use sync_core::time::LocalDate;

use super::learner::act;
use super::learner_view;
use crate::components::Icon;
use crate::questions::question_text;
use crate::settings::words;
use crate::when;

/// Somebody who looks like this learner: what is compared, this one beside the other.
#[derive(Clone, PartialEq)]
pub(super) struct Alike {
    other: LearnerId,
    /// Under whom help goes on, when they are one person.
    goes_on: LearnerId,
    facts: Vec<(&'static str, String, String)>,
}

/// Who looks like this learner, and was not said to be the same person or another one.
pub(super) fn alike(books: &Books, id: LearnerId) -> Vec<Alike> {
    let later = books.alike.iter().filter(|(_, before)| before.contains(&id)).map(|(later, _)| *later);
    let before = books.alike.get(&id).into_iter().flatten().copied();
    before
        .chain(later)
        .map(|other| {
            let (one, two) = (facts(books, id), facts(books, other));
            let facts = one.into_iter().zip(two);
            Alike {
                other,
                goes_on: books.goes_on(id, other),
                facts: facts
                    .map(|((title, one), (_, two))| (title, one, two))
                    .filter(|(_, one, two)| !(one.is_empty() && two.is_empty()))
                    .collect(),
            }
        })
        .collect()
}

/// What of a learner is compared by a person.
fn facts(books: &Books, id: LearnerId) -> Vec<(&'static str, String)> {
    let learner = books.learners.get(&id).map(|row| row.answers.clone()).unwrap_or_default();
    let file = books.files.get(&id).cloned().unwrap_or_default();
    let born = file.answers.day("birth_date").map(|born| when::whole_day(words(), born));
    let on = |on: Option<LocalDate>| on.map(|on| when::whole_day(words(), on)).unwrap_or_default();
    vec![
        (words().person_name(), books.name(id)),
        (question_text("phone"), learner.get("phone").to_owned()),
        (question_text("birth_date"), born.unwrap_or_else(|| file.answers.get("birth_year").to_owned())),
        (question_text("place"), file.answers.get("place").to_owned()),
        (words().double_registered(), on(file.registered_on)),
        (words().double_intake(), on(file.intake_on)),
        (
            question_text("wish"),
            learner_view(id).map(|view| view.answers.get("wish").to_owned()).unwrap_or_default(),
        ),
    ]
}

/// A likely double, the one beside the other: a person says whether they are one.
#[component]
pub(super) fn Doubles(id: LearnerId, alike: Vec<Alike>) -> impl IntoView {
    view! {
        <div class="card">
            <h2><Icon name="people" />{words().double_title()}</h2>
            <p>{words().double_text()}</p>
            {alike
                .into_iter()
                .map(|Alike { other, goes_on, facts }| {
                    let rows = facts
                        .into_iter()
                        .map(|(title, one, two)| {
                            let differs = one != two;
                            view! {
                                <div class:differs=differs>
                                    <dt>{title}</dt>
                                    <dd>{one}</dd>
                                    <dd>{two}</dd>
                                </div>
                            }
                        })
                        .collect_view();
                    // Whoever is further on stays; the other one is joined into it, whichever page this is.
                    let same = move |_| {
                        let joined = if goes_on == id { other } else { id };
                        act(joined.file(), SettleDouble { other: goes_on, is_same: true });
                    };
                    view! {
                        <dl class="beside">{rows}</dl>
                        <div class="row">
                            <button class="button main" on:click=same>{words().double_same()}</button>
                            <button class="button" on:click=move |_| act(id.file(), SettleDouble { other, is_same: false })>
                                {words().double_apart()}
                            </button>
                            <A href=format!("/deelnemers/{other}") attr:class="button quiet">{words().double_open()}</A>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
