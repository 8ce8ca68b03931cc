//! Consent of a learner: what is asked in words that are read or read aloud, and what stops when it is taken back.

use leptos::prelude::*;
use leptos::task::spawn_local;
use sync_core::ids::LearnerId;
use sync_core::taalhuis::view::LearnerView;
use sync_core::taalhuis::{Purpose, RecordConsent, SetGroupMember};
use sync_core::time::LocalDate;

use super::learner::groups_of;
use super::noted;
use crate::browser::speech;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::questions::answer_text;
use crate::session::problem_text;
use crate::settings::words;

/// The version of the text of a consent that is read or read aloud now.
const CONSENT_TEXT: &str = "2026-11-27";

/// The text of a consent, as it is read or read aloud to the learner.
fn consent_text(purpose: Purpose) -> &'static str {
    let words = words();
    match purpose {
        Purpose::Buddy => words.consent_text_buddy(),
        Purpose::Providers => words.consent_text_providers(),
        Purpose::Library => words.consent_text_library(),
        Purpose::News => words.consent_text_news(),
        Purpose::Signed => words.consent_text_signed(),
    }
}

const fn consent_icon(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Buddy => "people",
        Purpose::Providers => "building",
        Purpose::Library => "books",
        Purpose::News => "bag",
        Purpose::Signed => "note",
    }
}

/// Takes the name of a learner out of the groups: what was shared with buddies stops with the consent.
async fn hide_in_groups(id: LearnerId) {
    for group in groups_of(id) {
        let hidden = SetGroupMember { learner: id, name: words().learner_hidden().to_owned() };
        if let Err(refusal) = driver().act(group, hidden).await {
            notices().wrong(problem_text(refusal.kind));
        }
    }
}

/// Consent per purpose: dated, and to be taken back.
#[component]
#[expect(clippy::needless_pass_by_value, reason = "a part of a screen owns what it draws")]
pub(super) fn Consents(id: LearnerId, learner: LearnerView) -> impl IntoView {
    let driver = driver();
    let rows = Purpose::ALL
        .iter()
        .map(|purpose| {
            let purpose = *purpose;
            let given = learner.consents_to(purpose);
            let last = learner.consents.iter().rev().find(|one| one.purpose == purpose);
            let told = last.map(|one| {
                let on = noted(one.on, one.by);
                if one.given { words().consent_since(on) } else { words().consent_withdrawn(on) }
            });
            let turn = move |_| {
                let on: LocalDate = driver.now().local_date();
                let consent = RecordConsent {
                    entry: driver.fresh(),
                    purpose,
                    given: !given,
                    on,
                    text_version: CONSENT_TEXT.to_owned(),
                };
                spawn_local(async move {
                    match driver.act(id, consent).await {
                        Ok(()) => notices().say(words().kept()),
                        Err(refusal) => return notices().wrong(problem_text(refusal.kind)),
                    }
                    if given && purpose == Purpose::Buddy {
                        hide_in_groups(id).await;
                    }
                });
            };
            let give = match (given, purpose) {
                (true, _) => words().consent_take_back(),
                (false, Purpose::Signed) => words().consent_is_signed(),
                (false, _) => words().consent_give(),
            };
            view! {
                <li class="item stacked consent">
                    <span class="grow">
                        <b><Icon name=consent_icon(purpose) />{answer_text("purpose", purpose.as_str())}</b>
                        <span>{consent_text(purpose)}</span>
                        <span class="soft">{told.unwrap_or_else(|| words().consent_not_asked().to_owned())}</span>
                    </span>
                    <span class="pair">
                        <button class="button" class:main=false on:click=turn>
                            {give}
                        </button>
                        {speech::can_speak()
                            .then(|| {
                                view! {
                                    <button class="button quiet" on:click=move |_| speech::say(consent_text(purpose))>
                                        {words().read_aloud()}
                                    </button>
                                }
                            })}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <p>{words().consent_free()}</p>
        <ul class="rows">{rows}</ul>
    }
}
