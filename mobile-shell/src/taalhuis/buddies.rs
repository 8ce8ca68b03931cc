//! Taalmaatjes: the volunteers of a Taalhuis, with what they offer and their file.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::ids::{BranchId, PairingId, UserId, VolunteerId};
use sync_core::summary::Content;
use sync_core::taalhuis::PairingState;
use sync_core::taalhuis::needs::vog_is_in_order;
use sync_core::taalhuis::rows::PairingRow;
use sync_core::time::typed_day;
use sync_core::volunteers::view::VolunteerFileView;
use sync_core::volunteers::{NoteTalk, NoteTraining, RecordVog, Training, VogState};

use super::facts::send;
use super::learner::choices;
use super::own::Volunteer;
use super::{all_books, answer_text};
use crate::address::param;
use crate::components::{Choice, DateField, Field, Fields, FormErrors, Icon, TextArea};
use crate::driver::driver;
use crate::help::call_link;
use crate::search::{SearchBox, forgives};
use crate::settings::words;
use crate::when;

/// A volunteer in the list.
#[derive(Clone, PartialEq)]
struct Line {
    branch: BranchId,
    user: UserId,
    name: String,
    phone: String,
    has_vog: bool,
    free: u16,
    pairings: Vec<(PairingId, String, PairingRow)>,
    is_paused: bool,
}

fn lines() -> Vec<Line> {
    let today = driver().now().local_date();
    let mut all = Vec::new();
    for books in all_books() {
        let offers = books.offers(today);
        for user in books.buddies() {
            let id = VolunteerId::of(books.branch, user);
            let own = books.volunteers.get(&id);
            let offer = offers.iter().find(|offer| offer.volunteer == id);
            let pairings = books
                .pairings
                .iter()
                .filter(|(_, row)| row.user == Some(user))
                .map(|(id, row)| {
                    let name = row.learner.map(|learner| books.name(learner)).unwrap_or_default();
                    (*id, name, row.clone())
                })
                .collect();
            all.push(Line {
                branch: books.branch,
                user,
                name: books.buddy_name(user),
                phone: own.map(|own| own.answers.get("phone").to_owned()).unwrap_or_default(),
                has_vog: vog_is_in_order(&books.house, books.volunteer_files.get(&id), today),
                free: offer.map_or(0, |offer| offer.minutes_free),
                pairings,
                is_paused: offer.and_then(|offer| offer.paused_until).is_some_and(|until| until >= today),
            });
        }
    }
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

/// The screen.
#[component]
pub fn BuddiesScreen() -> impl IntoView {
    let typed = RwSignal::new(String::new());
    let lines = Memo::new(|_| lines());
    let chosen = Memo::new(move |_| {
        let user = param::<UserId>("user")?;
        lines.get().into_iter().find(|line| line.user == user)
    });
    let found = Memo::new(move |_| {
        let typed = typed.get();
        lines
            .get()
            .into_iter()
            .filter(|line| forgives(&format!("{} {}", line.name, line.phone), &typed))
            .collect::<Vec<_>>()
    });
    view! {
        <div class="two" class:chosen=move || chosen.get().is_some()>
            <div class="pane list-pane">
                <h1>{move || words().place_buddies()}</h1>
                <SearchBox typed label=words::Words::search_buddies />
                <p class="soft" role="status">{move || words().buddies_found(found.with(Vec::len))}</p>
                <ul class="rows">
                    <For each=move || found.get() key=|line| (line.user, line.name.clone(), line.has_vog, line.free, line.is_paused) let:line>
                        <li>
                            <A href=format!("/taalmaatjes/{}", line.user) attr:class="item link">
                                <span class="grow"><b>{line.name.clone()}</b><span class="soft">{room_text(&line)}</span></span>
                                {(!line.has_vog).then(|| view! { <span class="stamp attention">{words().no_vog()}</span> })}
                            </A>
                        </li>
                    </For>
                </ul>
            </div>
            <div class="pane detail-pane">
                {move || match chosen.get() {
                    Some(line) => view! { <Detail line /> }.into_any(),
                    None => view! { <p class="soft">{words().choose_buddy()}</p> }.into_any(),
                }}
            </div>
        </div>
    }
}

fn room_text(line: &Line) -> String {
    let under_way = line.pairings.iter().filter(|(_, _, row)| row.state() != PairingState::Ended).count();
    if line.is_paused {
        words().buddy_paused().to_owned()
    } else if line.free >= 60 {
        words().buddy_free(under_way)
    } else {
        words().buddy_full(under_way)
    }
}

#[component]
fn Detail(line: Line) -> impl IntoView {
    let id = VolunteerId::of(line.branch, line.user);
    let file = Memo::new(move |_| match driver().read(|replica| replica.content(id.file())) {
        Some(Content::VolunteerFile(view)) => view,
        _ => VolunteerFileView::default(),
    });
    let (branch, user) = (line.branch, line.user);
    let pairings = line
        .pairings
        .clone()
        .into_iter()
        .map(|(id, name, row)| {
            view! {
                <li>
                    <A href=format!("/koppelingen/{id}") attr:class="item link">
                        <span class="grow"><b>{name}</b></span>
                        <span class="stamp" class:attention=!row.state().meets()>{answer_text("pairing", row.state().as_str())}</span>
                    </A>
                </li>
            }
        })
        .collect_view();
    view! {
        <A href="/taalmaatjes" attr:class="back narrow">{words().back()}</A>
        <h2>{line.name.clone()}</h2>
        {(!line.phone.is_empty())
            .then(|| {
                view! { <a class="button" href=call_link(&line.phone) rel="external"><Icon name="phone" />{line.phone.clone()}</a> }
            })}
        <h3>{words().pairings_title()}</h3>
        <ul class="rows">{pairings}</ul>
        {move || view! { <File branch user file=file.get() /> }}
        <details class="change">
            <summary>{words().own_part_of()}</summary>
            <Volunteer branch user />
        </details>
    }
}

/// VOG, training and talks: coordinators only.
#[component]
fn File(branch: BranchId, user: UserId, file: VolunteerFileView) -> impl IntoView {
    let id = VolunteerId::of(branch, user).file();
    let today = driver().now().local_date();
    let fields = Fields::new([
        ("vog_state", VogState::Seen.as_str().to_owned()),
        ("vog_on", when::typed_day(today)),
        ("vog_profile", String::new()),
        ("training", Training::Basic.as_str().to_owned()),
        ("training_on", when::typed_day(today)),
        ("talk", String::new()),
    ]);
    let vog = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("vog_on")) else {
            return fields.fail("vog_on", words().problem_date_out_of_range());
        };
        let state = VogState::parse(&fields.get("vog_state")).unwrap_or_default();
        send(
            fields,
            id,
            RecordVog {
                branch,
                user,
                entry: driver().fresh(),
                state,
                on,
                profile: fields.get("vog_profile"),
            },
            "vog_on",
        );
    };
    let training = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let (Some(on), Some(training)) =
            (typed_day(&fields.get("training_on")), Training::parse(&fields.get("training")))
        else {
            return fields.fail("training_on", words().problem_date_out_of_range());
        };
        let note =
            NoteTraining { branch, user, entry: driver().fresh(), training, on, by_whom: String::new() };
        send(fields, id, note, "training_on");
    };
    let talk = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        send(
            fields,
            id,
            NoteTalk { branch, user, entry: driver().fresh(), on: today, note: fields.get("talk") },
            "talk",
        );
    };
    let day = |on: Option<sync_core::time::LocalDate>| {
        on.map(|on| when::whole_day(words(), on)).unwrap_or_default()
    };
    let last = file.vog.last().cloned();
    let vog_told = last.map_or_else(
        || answer_text("vog", "unknown").to_owned(),
        |vog| format!("{}, {}", answer_text("vog", vog.state.as_str()), day(vog.on)),
    );
    let trainings = file
        .trainings
        .iter()
        .map(|one| view! { <li class="item"><b>{answer_text("training", one.training.as_str())}</b><span class="soft">{day(one.on)}</span></li> })
        .collect_view();
    let talks = file
        .talks
        .iter()
        .rev()
        .map(|one| view! { <li class="item"><span class="soft">{day(one.on)}</span><span class="grow">{one.note.clone()}</span></li> })
        .collect_view();
    let label = |text: fn(words::Words) -> &'static str| Signal::derive(move || text(words()).to_owned());
    view! {
        <h3>{words().vog()}</h3>
        <p>{vog_told}</p>
        <FormErrors fields />
        <details class="change">
            <summary>{words().note_vog()}</summary>
            <p class="soft">{words().vog_hint()}</p>
            <form on:submit=vog novalidate>
                <Choice fields name="vog_state" label=label(words::Words::vog) options=choices("vog", VogState::WORDS) />
                <DateField fields name="vog_on" label=label(words::Words::day_label) />
                <Field fields name="vog_profile" label=label(words::Words::vog_profile) optional=true />
                <button class="button" type="submit">{words().save()}</button>
            </form>
        </details>
        <h3>{words().trainings()}</h3>
        <ul class="rows">{trainings}</ul>
        <details class="change">
            <summary>{words().note_training()}</summary>
            <form on:submit=training novalidate>
                <Choice fields name="training" label=label(words::Words::trainings) options=choices("training", Training::WORDS) />
                <DateField fields name="training_on" label=label(words::Words::day_label) />
                <button class="button" type="submit">{words().save()}</button>
            </form>
        </details>
        <h3>{words().talks()}</h3>
        <ul class="rows">{talks}</ul>
        <details class="change">
            <summary>{words().note_talk()}</summary>
            <form on:submit=talk novalidate>
                <TextArea fields name="talk" label=label(words::Words::note_label) />
                <button class="button" type="submit">{words().save()}</button>
            </form>
        </details>
    }
}
