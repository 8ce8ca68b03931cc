//! The reader form: for a new reader, and for changing one.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use sync_core::access::Role;
use sync_core::deliveries::{ChangeReader, DaySegment, Frequency, ReaderProfile, RegisterReader};
use sync_core::ids::{BranchId, ReaderId};
use sync_core::problem::Refusal;
use sync_core::time::typed_day;

use super::reader;
use crate::address::param;
use crate::components::{Choice, DateField, Field, Fields, FormErrors, Takes, TextArea, Toggle, notices};
use crate::driver::driver;
use crate::session::problem_text;
use crate::settings::{label, words};
use crate::when;

/// The fields of the form by their name in the command.
const TEXTS: [&str; 14] = [
    "name",
    "street",
    "house_number",
    "postcode",
    "place",
    "phone",
    "door_note",
    "interests",
    "avoid",
    "mobility",
    "contact_name",
    "contact_phone",
    "weekday",
    "item_kinds",
];

fn yes(flag: bool) -> String {
    if flag { "yes".to_owned() } else { String::new() }
}

fn fill(profile: &ReaderProfile) -> Fields {
    let most = if profile.max_items > 0 { profile.max_items.to_string() } else { String::new() };
    Fields::new([
        ("name", profile.name.clone()),
        ("street", profile.street.clone()),
        ("house_number", profile.house_number.clone()),
        ("postcode", profile.postcode.clone()),
        ("place", profile.place.clone()),
        ("phone", profile.phone.clone()),
        ("door_note", profile.door_note.clone()),
        ("interests", profile.interests.clone()),
        ("avoid", profile.avoid.clone()),
        ("mobility", profile.mobility.clone()),
        ("contact_name", profile.contact_name.clone()),
        ("contact_phone", profile.contact_phone.clone()),
        ("weekday", profile.weekday.clone()),
        ("item_kinds", profile.item_kinds.clone()),
        ("large_print", yes(profile.large_print)),
        ("audiobook", yes(profile.audiobook)),
        ("frequency", profile.frequency.as_str().to_owned()),
        ("day_segment", profile.day_segment.as_str().to_owned()),
        ("max_items", most),
        ("needed_until", profile.needed_until.map(when::typed_day).unwrap_or_default()),
    ])
}

/// What was typed, as a profile; nothing when something was wrong and is now said.
fn read(fields: Fields) -> Option<ReaderProfile> {
    let most = fields.get("max_items");
    let max_items = if most.is_empty() { Some(0) } else { most.parse().ok() };
    let until = fields.get("needed_until");
    let needed_until = typed_day(&until);
    if needed_until.is_none() && !until.is_empty() {
        fields.fail("needed_until", words().problem_date_out_of_range());
        return None;
    }
    let Some(max_items) = max_items else {
        fields.fail("max_items", words().number_needed());
        return None;
    };
    Some(ReaderProfile {
        name: fields.get("name"),
        street: fields.get("street"),
        house_number: fields.get("house_number"),
        postcode: fields.get("postcode").to_uppercase(),
        place: fields.get("place"),
        phone: fields.get("phone"),
        door_note: fields.get("door_note"),
        interests: fields.get("interests"),
        avoid: fields.get("avoid"),
        mobility: fields.get("mobility"),
        contact_name: fields.get("contact_name"),
        contact_phone: fields.get("contact_phone"),
        weekday: fields.get("weekday"),
        item_kinds: fields.get("item_kinds"),
        large_print: fields.get("large_print") == "yes",
        audiobook: fields.get("audiobook") == "yes",
        frequency: Frequency::parse(&fields.get("frequency")).unwrap_or_default(),
        day_segment: DaySegment::parse(&fields.get("day_segment")).unwrap_or_default(),
        max_items,
        needed_until,
    })
}

/// Says a refusal at the field it is about.
fn say(fields: Fields, refusal: &Refusal) {
    let name = TEXTS
        .into_iter()
        .chain(["max_items", "needed_until"])
        .find(|name| *name == refusal.detail)
        .unwrap_or("name");
    fields.fail(name, problem_text(refusal.kind));
}

/// The branches where this person coordinates, with their names.
pub(super) fn own_branches() -> Vec<(BranchId, String)> {
    let driver = driver();
    let Some(person) = driver.person() else { return Vec::new() };
    person
        .memberships
        .iter()
        .filter(|own| own.role == Role::DeliveryCoordinator)
        .map(|own| (own.branch, driver.branch_name(own.branch)))
        .collect()
}

/// A new reader.
#[component]
pub fn NewReaderScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let blank = ReaderProfile::default();
    let fields = fill(&blank);
    let branches = untrack(own_branches);
    if let Some((branch, _)) = branches.first() {
        fields.set("branch", branch.to_string());
    }
    let options: Vec<(String, String)> =
        branches.iter().map(|(branch, name)| (branch.to_string(), name.clone())).collect();
    let several = options.len() > 1;
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(profile) = read(fields) else { return };
        let Ok(branch) = fields.get("branch").parse() else { return };
        let navigate = navigate.clone();
        spawn_local(async move {
            let id: ReaderId = driver.fresh();
            match driver.act(id, RegisterReader { branch, profile }).await {
                Ok(()) => {
                    notices().say(words().kept());
                    navigate(&format!("/lezers/{id}"), NavigateOptions::default());
                }
                Err(refusal) => say(fields, &refusal),
            }
        });
    };
    view! {
        <A href="/lezers" attr:class="back">{move || words().back()}</A>
        <h1>{move || words().new_reader()}</h1>
        <FormErrors fields />
        <form on:submit=submit novalidate class="form">
            {several
                .then(|| {
                    view! {
                        <Choice
                            fields
                            name="branch"
                            label=label(words::Words::branch)
                            options=Signal::derive(move || options.clone())
                        />
                    }
                })}
            <ProfileFields fields />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
}

/// Changing a reader: only what differs is sent, so that two people can change different things apart.
#[component]
pub fn ChangeReaderScreen() -> impl IntoView {
    let driver = driver();
    let navigate = use_navigate();
    let id = untrack(|| param::<ReaderId>("reader"));
    let Some((id, before)) = id.and_then(|id| Some((id, untrack(|| reader(id))?.profile))) else {
        return view! { <h1>{move || words().nothing_here()}</h1> }.into_any();
    };
    let fields = fill(&before);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        fields.clear_errors();
        let Some(after) = read(fields) else { return };
        let changes = before.changes_to(&after);
        let navigate = navigate.clone();
        spawn_local(async move {
            let acted =
                if changes.is_empty() { Ok(()) } else { driver.act(id, ChangeReader { changes }).await };
            match acted {
                Ok(()) => {
                    notices().say(words().kept());
                    navigate(&format!("/lezers/{id}"), NavigateOptions::default());
                }
                Err(refusal) => say(fields, &refusal),
            }
        });
    };
    view! {
        <A href=format!("/lezers/{id}") attr:class="back">{move || words().back()}</A>
        <h1>{move || words().change_reader()}</h1>
        <FormErrors fields />
        <form on:submit=submit novalidate class="form">
            <ProfileFields fields />
            <button class="button main big" type="submit">{move || words().save()}</button>
        </form>
    }
    .into_any()
}

#[component]
fn ProfileFields(fields: Fields) -> impl IntoView {
    let frequencies = Signal::derive(|| {
        Frequency::ALL
            .iter()
            .map(|value| {
                let key = format!("frequency-{}", value.as_str().replace('_', "-"));
                (value.as_str().to_owned(), words().by_key(&key).unwrap_or_default().to_owned())
            })
            .collect::<Vec<_>>()
    });
    view! {
        <h2>{move || words().who()}</h2>
        <Field fields name="name" label=label(words::Words::reader_name) hint=label(words::Words::reader_name_hint) />
        <Field fields name="phone" label=label(words::Words::phone) kind="tel" input_mode="tel" optional=true />
        <h2>{move || words().where_lives()}</h2>
        <Field fields name="street" label=label(words::Words::street) />
        <Field fields name="house_number" label=label(words::Words::house_number) />
        <Field fields name="postcode" label=label(words::Words::postcode) takes=Takes::Postcode />
        <Field fields name="place" label=label(words::Words::town) />
        <TextArea fields name="door_note" label=label(words::Words::door) hint=label(words::Words::door_hint) optional=true />
        <h2>{move || words().how_often()}</h2>
        <Choice fields name="frequency" label=label(words::Words::frequency) options=frequencies />
        <Choice fields name="day_segment" label=label(words::Words::day_segment) options=segments() />
        <Field fields name="weekday" label=label(words::Words::weekday) optional=true />
        <Field fields name="max_items" label=label(words::Words::most) input_mode="numeric" optional=true />
        <DateField
            fields
            name="needed_until"
            label=label(words::Words::needed_until)
            hint=label(words::Words::needed_until_hint)
            optional=true
        />
        <h2>{move || words().what_kind()}</h2>
        <Field fields name="item_kinds" label=label(words::Words::item_kinds) hint=label(words::Words::item_kinds_hint) optional=true />
        <Toggle fields name="large_print" label=label(words::Words::large_print) />
        <Toggle fields name="audiobook" label=label(words::Words::audiobook) />
        <TextArea fields name="interests" label=label(words::Words::likes) optional=true />
        <TextArea fields name="avoid" label=label(words::Words::avoid) optional=true />
        <TextArea fields name="mobility" label=label(words::Words::mobility) optional=true />
        <h2>{move || words().contact_person()}</h2>
        <Field fields name="contact_name" label=label(words::Words::contact_name) optional=true />
        <Field
            fields
            name="contact_phone"
            label=label(words::Words::contact_phone)
            kind="tel"
            input_mode="tel"
            optional=true
        />
    }
}

/// The parts of the day, for a choice.
pub(super) fn segments() -> Signal<Vec<(String, String)>> {
    Signal::derive(|| {
        DaySegment::ALL
            .iter()
            .map(|value| {
                let text = words().by_key(&format!("segment-{}", value.as_str())).unwrap_or_default();
                (value.as_str().to_owned(), text.to_owned())
            })
            .collect::<Vec<_>>()
    })
}
