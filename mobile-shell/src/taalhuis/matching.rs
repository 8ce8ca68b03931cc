//! Koppelen: the shortlist of one learner with its reasons, why not the others, and the proposal for everybody who waits. A person decides.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::ids::{LearnerId, PairingId, VolunteerId};
use sync_core::taalhuis::books::Books;
use sync_core::taalhuis::matching::{Blocker, Candidate, Part, Reason, SHORTLIST, Scored};
use sync_core::taalhuis::{BlockPair, PairingState, ProposePairing};

use super::learner::act;
use super::{all_books, books_of, days_ago, pairing_view};
use crate::address::param;
use crate::browser::machine::fold;
use crate::components::{Icon, notices};
use crate::driver::driver;
use crate::questions::{answer_text, language_text, week_cell_text};
use crate::search::SearchBox;
use crate::session::problem_text;
use crate::settings::words;
use crate::when;

/// A reason in words that a person can check.
fn reason_text(scored: &Scored) -> String {
    let listed = |list: &'static str, all: Vec<&str>| {
        all.iter().map(|word| answer_text(list, word)).collect::<Vec<_>>().join(", ").to_lowercase()
    };
    match &scored.reason {
        Reason::SharedTime(week) => {
            words().match_time(week.cells().take(3).map(week_cell_text).collect::<Vec<_>>().join(", "))
        }
        Reason::TimeNotAsked => words().match_time_unknown().to_owned(),
        Reason::Apart(distance) => {
            let far = when::kilometres(words(), distance.metres);
            if distance.exact { words().match_apart(far) } else { words().match_apart_about(far) }
        }
        Reason::HomeNotKnown => words().match_home_unknown().to_owned(),
        Reason::ByVideo => words().match_by_video().to_owned(),
        Reason::Helps { subjects, knows, trained } => {
            let helps =
                listed("subjects", subjects.iter().map(sync_core::volunteers::Subject::as_str).collect());
            let mut told = if helps.is_empty() {
                words().match_helps_nothing().to_owned()
            } else {
                words().match_helps(helps)
            };
            if knows.is_some() {
                told = format!("{told}; {}", words().match_knows());
            }
            match trained {
                Some(true) => format!("{told}; {}", words().match_trained()),
                Some(false) => format!("{told}; {}", words().match_not_trained()),
                None => told,
            }
        }
        Reason::DutchIsEnough => words().match_dutch_is_enough().to_owned(),
        Reason::LanguagesNotAsked => words().match_languages_unknown().to_owned(),
        Reason::Languages(all) if all.is_empty() => words().match_no_language().to_owned(),
        Reason::Languages(all) => {
            words().match_languages(all.iter().map(|code| language_text(code)).collect::<Vec<_>>().join(", "))
        }
        Reason::InterestsNotAsked => words().match_interests_unknown().to_owned(),
        Reason::Interests(all) if all.is_empty() => words().match_no_interests().to_owned(),
        Reason::Interests(all) => {
            words().match_interests(listed("interests", all.iter().map(String::as_str).collect()))
        }
        Reason::Places(places) if places.is_empty() => words().match_place_unknown().to_owned(),
        Reason::Places(places) => words().match_places(listed(
            "places",
            places.iter().map(sync_core::volunteers::Place::as_str).collect(),
        )),
        Reason::Waits(days) => words().match_waits(usize::try_from(*days).unwrap_or_default()),
    }
}

/// Why two people cannot meet.
fn blocker_text(blocker: Blocker) -> String {
    match blocker {
        Blocker::NoBuddy => words().block_no_buddy().to_owned(),
        Blocker::NoVog => words().block_no_vog().to_owned(),
        Blocker::Away { until } => words().block_away(when::short_day(words(), until)),
        Blocker::NoRoom { left: 0, .. } => words().block_full().to_owned(),
        Blocker::NoRoom { left, needed } => words().block_no_room(left, needed),
        Blocker::OtherGender => words().block_gender().to_owned(),
        Blocker::Never => words().block_never().to_owned(),
        Blocker::MeetAlready => words().block_meets().to_owned(),
        Blocker::NoSharedTime => words().block_no_time().to_owned(),
        Blocker::NoSharedPlace => words().block_no_place().to_owned(),
        Blocker::TooFar { metres } => words().block_too_far(when::kilometres(words(), metres)),
    }
}

/// The card that the last buddy of a learner wrote.
fn card_of(books: &Books, learner: LearnerId) -> (String, String, String) {
    let last = books.pairings_of(learner).into_iter().next().and_then(|(id, _)| pairing_view(id));
    last.map(|view| (view.works, view.material, view.goal)).unwrap_or_default()
}

/// Proposes these two; the screen of the pairing comes next.
fn propose(learner: LearnerId, volunteer: VolunteerId, done: impl Fn(PairingId) + 'static) {
    let Some((books, user)) = books_of(learner).and_then(|books| {
        let user = books.user_of(volunteer)?;
        Some((books, user))
    }) else {
        return;
    };
    let (works, material, goal) = card_of(&books, learner);
    let pairing: PairingId = driver().fresh();
    let command = ProposePairing { branch: books.branch, learner, volunteer, user, works, material, goal };
    spawn_local(async move {
        match driver().act(pairing, command).await {
            Ok(()) => {
                notices().say(words().proposed_kept());
                done(pairing);
            }
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

/// The shortlist of one learner.
#[component]
pub fn ShortlistScreen() -> impl IntoView {
    let id = Memo::new(|_| param::<LearnerId>("learner"));
    let shown = Memo::new(move |_| {
        let id = id.get()?;
        let books = books_of(id)?;
        let list = books.shortlist(id, driver().now().local_date());
        let names: Vec<String> = list
            .iter()
            .map(|one| books.user_of(one.volunteer).map(|user| books.buddy_name(user)).unwrap_or_default())
            .collect();
        let busy = books.pairings_of(id).into_iter().find(|(_, row)| row.state() != PairingState::Ended);
        let busy = busy
            .map(|(pairing, row)| (pairing, row.user.map(|user| books.buddy_name(user)).unwrap_or_default()));
        Some((id, books.name(id), busy, names.into_iter().zip(list).collect::<Vec<_>>()))
    });
    let typed = RwSignal::new(String::new());
    view! {
        {move || {
            let (id, name, busy, list) = shown.get()?;
            let best: Vec<(String, Candidate)> =
                list.iter().filter(|(_, one)| one.blockers.is_empty()).take(SHORTLIST).cloned().collect();
            let rest: Vec<(String, Candidate)> =
                list.into_iter().filter(|one| !best.iter().any(|(_, other)| other.volunteer == one.1.volunteer)).collect();
            let none = best.is_empty();
            Some(view! {
                <A href=format!("/deelnemers/{id}") attr:class="back">{words().back()}</A>
                <h1>{words().buddy_for(name)}</h1>
                {busy
                    .map(|(pairing, buddy)| {
                        view! {
                            <p class="warning">
                                <Icon name="attention" />
                                <A href=format!("/koppelingen/{pairing}")>{words().has_pairing(buddy)}</A>
                            </p>
                        }
                    })}
                {none.then(|| view! { <p class="empty">{words().no_match()}</p> })}
                <div class="cards">
                    {best
                        .into_iter()
                        .enumerate()
                        .map(|(place, (name, one))| view! { <Suits learner=id name candidate=one is_first=place == 0 /> })
                        .collect_view()}
                </div>
                <WhyNot learner=id rest typed />
            })
        }}
    }
}

/// The two parts that suit least: why somebody is not among the best.
fn weakest(candidate: &Candidate) -> impl Iterator<Item = &Scored> {
    let mut parts: Vec<&Scored> =
        candidate.score.parts.iter().filter(|part| part.part != Part::Waiting && part.worth < 60).collect();
    parts.sort_by_key(|part| part.worth);
    parts.into_iter().take(2)
}

/// Everybody else, each with the reason: found by name. Whoever was left out for what two people can settle is proposed all the same.
#[component]
fn WhyNot(learner: LearnerId, rest: Vec<(String, Candidate)>, typed: RwSignal<String>) -> impl IntoView {
    let navigate = use_navigate();
    view! {
                <h2>{words().why_not()}</h2>
                <SearchBox typed label=words::Words::search_buddies />
                {move || {
                    let typed = fold(&typed.get());
                    let found = rest.iter().filter(|(name, _)| fold(name).contains(&typed)).take(if typed.is_empty() { 5 } else { 20 });
                    let rows = found
                        .map(|(name, one)| {
                            let why: Vec<String> = if one.blockers.is_empty() {
                                let less = words().suits_less(one.score.total / 10);
                                core::iter::once(less).chain(weakest(one).map(reason_text)).collect()
                            } else {
                                one.blockers.iter().map(|blocker| blocker_text(*blocker)).collect()
                            };
                            let anyway = one.blockers.iter().all(|blocker| blocker.can_be_settled());
                            let volunteer = one.volunteer;
                            let navigate = navigate.clone();
                            view! {
                                <li class="item">
                                    <span class="grow"><b>{name.clone()}</b><span class="soft">{why.join(" · ")}</span></span>
                                    {one
                                        .blockers
                                        .contains(&Blocker::Never)
                                        .then(|| {
                                            view! {
                                                <button
                                                    class="button small"
                                                    on:click=move |_| act(learner.file(), BlockPair { volunteer, is_blocked: false })
                                                >
                                                    {words().together_again()}
                                                </button>
                                            }
                                        })}
                                    {anyway
                                        .then(|| {
                                            let text = if one.blockers.is_empty() { words().propose_pairing() } else { words().propose_anyway() };
                                            let propose = move |_| {
                                                let navigate = navigate.clone();
                                                propose(learner, volunteer, move |pairing| {
                                                    navigate(&format!("/koppelingen/{pairing}"), leptos_router::NavigateOptions::default());
                                                });
                                            };
                                            view! { <button class="button small" on:click=propose>{text}</button> }
                                        })}
                                </li>
                            }
                        })
                        .collect_view();
                    view! { <ul class="rows">{rows}</ul> }
                }}
    }
}

/// Never these two, with the way back.
fn block(learner: LearnerId, volunteer: VolunteerId) {
    spawn_local(async move {
        match driver().act(learner.file(), BlockPair { volunteer, is_blocked: true }).await {
            Ok(()) => notices().say_with_undo(words().never_together_kept(), move || {
                act(learner.file(), BlockPair { volunteer, is_blocked: false });
            }),
            Err(refusal) => notices().wrong(problem_text(refusal.kind)),
        }
    });
}

#[component]
fn Suits(learner: LearnerId, name: String, candidate: Candidate, is_first: bool) -> impl IntoView {
    let navigate = use_navigate();
    let volunteer = candidate.volunteer;
    let score = candidate.score.total / 10;
    let reasons = candidate
        .score
        .parts
        .iter()
        // How long the learner waits is the same for everybody.
        .filter(|part| part.part != Part::Waiting)
        .map(|part| {
            let (icon, class) = match part.worth {
                60.. => ("tick", "good"),
                1..=59 => ("dash", "soft"),
                0 => ("attention", "less"),
            };
            view! { <li class=class><Icon name=icon /><span>{reason_text(part)}</span></li> }
        })
        .collect_view();
    let propose = move |_| {
        let navigate = navigate.clone();
        propose(learner, volunteer, move |pairing| {
            navigate(&format!("/koppelingen/{pairing}"), leptos_router::NavigateOptions::default());
        });
    };
    view! {
        <section class="card">
            <div class="head">
                <h2>{name}</h2>
                <span class="soft">{words().suits(score)}</span>
            </div>
            <ul class="facts-list">{reasons}</ul>
            <div class="row">
                <button class="button" class:main=is_first on:click=propose>{words().propose_pairing()}</button>
                <button
                    class="button quiet"
                    on:click=move |_| block(learner, volunteer)
                >
                    {words().never_together()}
                </button>
            </div>
        </section>
    }
}

/// The proposal for everybody who waits.
#[component]
pub fn ProposalScreen() -> impl IntoView {
    let shown = Memo::new(|_| {
        let today = driver().now().local_date();
        let mut pairs = Vec::new();
        let mut waiting = Vec::new();
        for books in all_books() {
            let proposal = books.proposal(today);
            let since = |id: &LearnerId| books.waiting_since(*id);
            pairs.extend(proposal.pairs.iter().map(|pair| {
                let buddy =
                    books.user_of(pair.volunteer).map(|user| books.buddy_name(user)).unwrap_or_default();
                (
                    pair.learner,
                    books.name(pair.learner),
                    since(&pair.learner),
                    pair.volunteer,
                    buddy,
                    pair.score / 10,
                )
            }));
            waiting.extend(proposal.waiting.iter().map(|id| (*id, books.name(*id), since(id))));
        }
        (pairs, waiting)
    });
    let waited = |since: Option<sync_core::time::LocalDate>| since.map(days_ago).unwrap_or_default();
    view! {
        <A href="/" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().proposal_title()}</h1>
        <p class="soft">{move || words().proposal_text()}</p>
        {move || {
            let (pairs, waiting) = shown.get();
            let rows = pairs
                .into_iter()
                .map(|(learner, name, since, volunteer, buddy, score)| {
                    view! {
                        <li class="item">
                            <span class="grow">
                                <b>{format!("{name} – {buddy}")}</b>
                                <span class="soft">{format!("{} · {}", words().suits(score), waited(since))}</span>
                            </span>
                            <span class="row">
                                <button class="button" on:click=move |_| propose(learner, volunteer, |_| {})>
                                    {words().propose_pairing()}
                                </button>
                                <A href=format!("/deelnemers/{learner}/koppelen") attr:class="button">{words().others()}</A>
                            </span>
                        </li>
                    }
                })
                .collect_view();
            let left = waiting
                .into_iter()
                .map(|(learner, name, since)| {
                    view! {
                        <li>
                            <A href=format!("/deelnemers/{learner}/koppelen") attr:class="item link">
                                <span class="grow"><b>{name}</b><span class="soft">{waited(since)}</span></span>
                                <span>{words().why_not()}</span>
                            </A>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <ul class="rows">{rows}</ul>
                <h2>{words().proposal_left()}</h2>
                <ul class="rows">{left}</ul>
            }
        }}
    }
}
