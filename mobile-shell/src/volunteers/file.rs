//! What only coordinators have of a volunteer: VOG, training and talks. A form stays as it is when another device adds something
//! meanwhile; only what is told above it follows.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use sync_core::ids::{BranchId, UserId, VolunteerId};
use sync_core::summary::Content;
use sync_core::time::{LocalDate, typed_day};
use sync_core::volunteers::view::{VogView, VolunteerFileView};
use sync_core::volunteers::{NoteTalk, NoteTraining, RecordVog, Training, VogState};

use crate::components::{Choice, DateField, Field, Fields, FormErrors, TextArea, Unfold};
use crate::driver::driver;
use crate::forms::{choices, send};
use crate::questions::answer_text;
use crate::settings::{label, words};
use crate::when;

fn day(on: Option<LocalDate>) -> String {
    on.map(|on| when::whole_day(words(), on)).unwrap_or_default()
}

/// How a VOG stands: *Gezien, 3 mei 2026*.
fn vog_text(state: VogState, on: Option<LocalDate>) -> String {
    let told = answer_text("vog", state.as_str()).to_owned();
    if on.is_some() { format!("{told}, {}", day(on)) } else { told }
}

/// The file of one volunteer in one branch.
#[component]
pub(crate) fn File(branch: BranchId, user: UserId) -> impl IntoView {
    let id = VolunteerId::of(branch, user).file();
    let file = Memo::new(move |_| match driver().read(|replica| replica.content(id)) {
        Some(Content::VolunteerFile(view)) => view,
        _ => VolunteerFileView::default(),
    });
    view! {
        <Vog branch user file />
        <Trainings branch user file />
        <Talks branch user file />
    }
}

#[component]
fn Vog(branch: BranchId, user: UserId, file: Memo<VolunteerFileView>) -> impl IntoView {
    let fields = Fields::new([
        ("vog_state", VogState::Seen.as_str().to_owned()),
        ("vog_on", when::typed_day(driver().now().local_date())),
        ("vog_profile", String::new()),
    ]);
    let note = move |event: SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(on) = typed_day(&fields.get("vog_on")) else {
            return fields.fail("vog_on", words().problem_date_out_of_range());
        };
        let state = VogState::parse(&fields.get("vog_state")).unwrap_or_default();
        let profile = fields.get("vog_profile");
        let note = RecordVog { branch, user, entry: driver().fresh(), state, on, profile };
        send(fields, VolunteerId::of(branch, user).file(), note, "vog_on");
    };
    // How it stands, and below it how it stood before, the last first.
    let told = move |one: &VogView| {
        let profile = (!one.profile.is_empty())
            .then(|| format!("{} {}", words().vog_profile().to_lowercase(), one.profile));
        [Some(vog_text(one.state, one.on)), profile].into_iter().flatten().collect::<Vec<_>>().join(" · ")
    };
    let now =
        move || file.with(|file| file.vog.last().map_or_else(|| vog_text(VogState::Unknown, None), told));
    let before = move || {
        let before: Vec<String> = file.with(|file| file.vog.iter().rev().skip(1).map(told).collect());
        before.into_iter().map(|one| view! { <li class="item soft">{one}</li> }).collect_view()
    };
    view! {
        <h3>{move || words().vog()}</h3>
        <p>{now}</p>
        <ul class="rows">{before}</ul>
        <Unfold summary=label(words::Words::note_vog) fields>
            <p class="soft">{move || words().vog_hint()}</p>
            <form on:submit=note novalidate>
                <FormErrors fields />
                <Choice fields name="vog_state" label=label(words::Words::vog) options=choices("vog", VogState::WORDS) />
                <DateField fields name="vog_on" label=label(words::Words::day_label) />
                <Field fields name="vog_profile" label=label(words::Words::vog_profile) optional=true />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn Trainings(branch: BranchId, user: UserId, file: Memo<VolunteerFileView>) -> impl IntoView {
    let fields = Fields::new([
        ("training", Training::Basic.as_str().to_owned()),
        ("training_on", when::typed_day(driver().now().local_date())),
        ("training_by", String::new()),
    ]);
    let note = move |event: SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let (Some(on), Some(training)) =
            (typed_day(&fields.get("training_on")), Training::parse(&fields.get("training")))
        else {
            return fields.fail("training_on", words().problem_date_out_of_range());
        };
        let by_whom = fields.get("training_by");
        let note = NoteTraining { branch, user, entry: driver().fresh(), training, on, by_whom };
        send(fields, VolunteerId::of(branch, user).file(), note, "training_on");
    };
    let all = move || {
        let all = file.with(|file| file.trainings.clone());
        all.into_iter()
            .map(|one| {
                let mut when_and_who = vec![day(one.on), one.by_whom];
                when_and_who.retain(|part| !part.is_empty());
                view! {
                    <li class="item">
                        <span class="grow">
                            <b>{answer_text("training", one.training.as_str())}</b>
                            <span class="soft">{when_and_who.join(" · ")}</span>
                        </span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h3>{move || words().trainings()}</h3>
        <ul class="rows">{all}</ul>
        <Unfold summary=label(words::Words::note_training) fields>
            <form on:submit=note novalidate>
                <FormErrors fields />
                <Choice fields name="training" label=label(words::Words::trainings) options=choices("training", Training::WORDS) />
                <DateField fields name="training_on" label=label(words::Words::day_label) />
                <Field fields name="training_by" label=label(words::Words::training_by) optional=true />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}

#[component]
fn Talks(branch: BranchId, user: UserId, file: Memo<VolunteerFileView>) -> impl IntoView {
    let fields = Fields::new([("talk", String::new())]);
    let note = move |event: SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let (entry, on) = (driver().fresh(), driver().now().local_date());
        let note = NoteTalk { branch, user, entry, on, note: fields.get("talk") };
        send(fields, VolunteerId::of(branch, user).file(), note, "talk");
    };
    let all = move || {
        let all = file.with(|file| file.talks.clone());
        all.into_iter()
            .rev()
            .map(|one| {
                view! {
                    <li class="item">
                        <span class="grow"><span class="soft">{day(one.on)}</span><span>{one.note}</span></span>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h3>{move || words().talks()}</h3>
        <ul class="rows">{all}</ul>
        <Unfold summary=label(words::Words::note_talk) fields>
            <form on:submit=note novalidate>
                <FormErrors fields />
                <TextArea fields name="talk" label=label(words::Words::note_label) />
                <button class="button" type="submit">{move || words().save()}</button>
            </form>
        </Unfold>
    }
}
