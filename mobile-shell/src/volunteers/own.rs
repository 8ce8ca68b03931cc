//! What a volunteer offers and wishes: the own part, changed on the own phone.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::{BranchId, UserId, VolunteerId};
use sync_core::questions::{Answers, Question};
use sync_core::summary::Content;
use sync_core::volunteers::DescribeVolunteer;
use sync_core::volunteers::questions::QUESTIONS;

use crate::driver::driver;
use crate::questions::{Asked, Questions};
use crate::settings::words;

/// The sections of the own part.
const SECTIONS: &[&str] = &["contact", "availability", "offer"];

/// The screen of a volunteer.
#[component]
pub fn OwnScreen() -> impl IntoView {
    let own = Memo::new(|_| {
        let person = driver().person()?;
        let membership = person.memberships.iter().find(|own| own.role.is_of_volunteers())?;
        Some((membership.branch, person.user))
    });
    view! {
        <A href="/ik" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().own_part()}</h1>
        <p class="soft">{move || words().own_part_text()}</p>
        {move || own.get().map(|(branch, user)| view! { <OwnPart branch user /> })}
    }
}

/// The own part of this volunteer, section by section.
#[component]
pub(crate) fn OwnPart(branch: BranchId, user: UserId) -> impl IntoView {
    let id = VolunteerId::of(branch, user);
    let is_own = driver().person().is_some_and(|person| person.user == user);
    let answers = Memo::new(move |_| match driver().read(|replica| replica.content(id.into())) {
        Some(Content::Volunteer(view)) => view.answers,
        _ => Answers::default(),
    });
    let keep = Callback::new(move |(key, answer): (&'static str, String)| {
        let answers = Answers(BTreeMap::from([(key.to_owned(), answer)]));
        let act: std::pin::Pin<Box<dyn Future<Output = crate::driver::Acted>>> =
            Box::pin(driver().act(id, DescribeVolunteer { branch, user, answers }));
        act
    });
    let asked = Asked { answers, others: Memo::new(|_| BTreeMap::new()), keep };
    SECTIONS
        .iter()
        .map(|section| {
            let questions: Vec<&'static Question> = QUESTIONS
                .iter()
                // The library sets this one on a map.
                .filter(|question| question.section == *section && (question.key != "position" || !is_own))
                .collect();
            view! {
                <section>
                    <h2>{move || words().by_form_key(&format!("section-{section}")).unwrap_or_default()}</h2>
                    <Questions questions asked />
                </section>
            }
        })
        .collect_view()
}
