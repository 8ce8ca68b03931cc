//! The places of the app: at most four in the bar. Whoever has several roles has more: the fourth then leads to the rest.

use leptos::prelude::*;
use leptos_router::components::A;
use sync_core::access::Role;

use crate::components::Icon;
use crate::driver::driver;
use crate::settings::words;
use crate::taalhuis;
use words::Words;

/// The most places in the bar.
const IN_THE_BAR: usize = 4;

/// A place: where it is, its icon, and what it is called.
#[derive(Clone, Copy)]
struct Place(&'static str, &'static str, fn(Words) -> &'static str);

impl PartialEq for Place {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }
}

const ME: Place = Place("/ik", "person", Words::place_me);

/// The places of one kind of work.
fn of_role(role: Role) -> &'static [Place] {
    match role {
        Role::DeliveryCoordinator => &[
            Place("/", "list", Words::place_worklist),
            Place("/lezers", "people", Words::place_readers),
            Place("/planning", "calendar", Words::place_planning),
            Place("/overzicht", "chart", Words::place_overview),
        ],
        Role::TaalhuisCoordinator => &[
            Place("/", "list", Words::place_worklist),
            Place("/deelnemers", "people", Words::place_learners),
            Place("/taalmaatjes", "heart", Words::place_buddies_short),
            Place("/taalhuis", "chart", Words::place_overview),
        ],
        Role::Deliverer => &[
            Place("/", "sun", Words::place_today),
            Place("/uren", "clock", Words::place_hours),
            Place("/rooster", "calendar", Words::place_schedule),
            ME,
        ],
        Role::VolunteerCoordinator => &[
            Place("/mensen", "people", Words::place_people),
            Place("/vrijwilligers", "heart", Words::place_volunteers),
            ME,
        ],
        Role::Administrator => &[
            Place("/mensen", "people", Words::place_people),
            Place("/beheer", "building", Words::place_manage),
            Place("/logboek", "list", Words::place_log),
            ME,
        ],
        Role::PrivacyOfficer => &[Place("/logboek", "list", Words::place_log), ME],
        Role::ReportReader => &[Place("/taalhuis", "chart", Words::figures), ME],
        _ => &[Place("/", "sun", Words::place_today), Place("/uren", "clock", Words::place_hours), ME],
    }
}

/// In this order: what waits for others comes first.
const ORDER: [Role; 8] = [
    Role::DeliveryCoordinator,
    Role::TaalhuisCoordinator,
    Role::Deliverer,
    Role::Buddy,
    Role::VolunteerCoordinator,
    Role::Administrator,
    Role::PrivacyOfficer,
    Role::ReportReader,
];

/// Every place of the person who is signed in, each once.
fn all() -> Vec<Place> {
    let driver = driver();
    let mut roles: Vec<Role> = ORDER.into_iter().filter(|role| driver.is(*role)).collect();
    if roles.is_empty() {
        // Whoever has no work here has a first screen all the same.
        roles.push(Role::Buddy);
    }
    let mut all: Vec<Place> = Vec::new();
    for place in roles.iter().flat_map(|role| of_role(*role)) {
        if !all.contains(place) {
            all.push(*place);
        }
    }
    // *Ik* last, whichever role brought it.
    if all.contains(&ME) {
        all.retain(|place| *place != ME);
        all.push(ME);
    }
    // Two of one name are none.
    if driver.is(Role::DeliveryCoordinator) {
        for place in all.iter_mut().filter(|place| place.0 == "/taalhuis") {
            place.2 = Words::place_taalhuis;
        }
    }
    // The first screen is the home of everybody.
    if let Some(first) = all.first_mut().filter(|first| first.0 != "/") {
        first.0 = "/";
    }
    all
}

fn link(place: Place) -> impl IntoView {
    let Place(href, icon, label) = place;
    view! { <A href=href exact=href == "/"><Icon name=icon /><span>{move || label(words())}</span></A> }
}

/// The bar: below on a phone, left on a desk.
#[component]
pub(crate) fn Bar() -> impl IntoView {
    let places = Memo::new(|_| all());
    move || {
        let mut all = places.get();
        if all.len() > IN_THE_BAR {
            all.truncate(IN_THE_BAR - 1);
            all.push(Place("/meer", "grip", Words::place_more));
        }
        view! { <div class="place-list">{all.into_iter().map(link).collect_view()}</div> }
    }
}

/// The places that do not fit in the bar.
#[component]
pub(crate) fn MoreScreen() -> impl IntoView {
    let places = Memo::new(|_| {
        let mut rest: Vec<Place> = all().into_iter().skip(IN_THE_BAR - 1).collect();
        if driver().is(Role::TaalhuisCoordinator) {
            rest.push(Place("/groepen", "people", Words::place_groups));
        }
        if taalhuis::refer::refers() {
            rest.push(Place("/verwijzen", "heart", Words::refer_title));
        }
        rest
    });
    view! {
        <h1>{move || words().place_more()}</h1>
        <ul class="rows">
            {move || {
                places
                    .get()
                    .into_iter()
                    .map(|Place(href, icon, label)| {
                        view! {
                            <li>
                                <A href=href attr:class="item link">
                                    <Icon name=icon />
                                    <b class="grow">{move || label(words())}</b>
                                </A>
                            </li>
                        }
                    })
                    .collect_view()
            }}
        </ul>
    }
}
