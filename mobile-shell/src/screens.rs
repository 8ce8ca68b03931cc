//! Which screen is at which address. One table of functions instead of the router's own tree of types: of that, every cold start
//! compiled several hundred small functions before anything was to be seen (`docs/decisions/0031-a-table-of-screens.md`).

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::hooks::use_location;
use leptos_router::path;
use matchit::{InsertError, Router};

use crate::address::Parts;
use crate::app::{Home, HoursScreen};
#[cfg(feature = "office")]
use crate::people;
use crate::settings::words;
use crate::{deliveries, help, me, office, places, taalhuis, volunteers};

/// How a screen is drawn.
type Draw = fn() -> AnyView;

/// The addresses of the app, and the screen at each.
#[derive(Default)]
struct Table {
    /// Of every address the number of its screen.
    numbers: Router<usize>,
    screens: Vec<Draw>,
}

/// A screen that was found at an address.
#[derive(Clone, PartialEq, Eq)]
struct Found {
    number: usize,
    parts: Parts,
}

impl Table {
    /// Every screen that this app has.
    fn whole() -> Result<Self, InsertError> {
        let mut table = Self::default();
        table.road()?;
        #[cfg(feature = "office")]
        {
            table.office()?;
            table.taalhuis()?;
        }
        Ok(table)
    }

    /// One screen at these addresses: it stays when a person goes from the one to the other.
    fn add<const N: usize>(&mut self, addresses: [&str; N], draw: Draw) -> Result<(), InsertError> {
        for address in addresses {
            self.numbers.insert(address, self.screens.len())?;
        }
        self.screens.push(draw);
        Ok(())
    }

    /// The screens that everybody has.
    fn road(&mut self) -> Result<(), InsertError> {
        self.add(["/", "/uitnodiging"], || Home().into_any())?;
        self.add(["/ronde/{round}"], || deliveries::today::RoundScreen().into_any())?;
        self.add(["/ronde/{round}/volgorde"], || deliveries::order::OrderScreen().into_any())?;
        self.add(["/ronde/{round}/kilometers"], || deliveries::distance::DistanceScreen().into_any())?;
        self.add(["/ronde/{round}/adres/{stop}"], || deliveries::stop::StopScreen().into_any())?;
        self.add(["/ronde/{round}/adres/{stop}/niet-gelukt"], || {
            deliveries::outcome::OutcomeScreen().into_any()
        })?;
        self.add(["/ronde/{round}/adres/{stop}/meer"], || deliveries::outcome::DetailsScreen().into_any())?;
        self.add(["/zorgen/{round}/{reader}"], || deliveries::signal::SignalScreen().into_any())?;
        self.add(["/uren"], || HoursScreen().into_any())?;
        self.add(["/rooster"], || deliveries::hours::ScheduleScreen().into_any())?;
        self.add(["/koppeling/{pairing}"], || taalhuis::session::PairingScreen().into_any())?;
        self.add(["/koppeling/{pairing}/geweest"], || taalhuis::session::SessionScreen().into_any())?;
        self.add(["/groep/{group}/geweest"], || taalhuis::session::RollCallScreen().into_any())?;
        self.add(["/verwijzen"], || taalhuis::refer::ReferScreen().into_any())?;
        self.add(["/ik/vrijwilliger"], || volunteers::own::OwnScreen().into_any())?;
        self.add(["/ik"], || me::MeScreen().into_any())?;
        self.add(["/ik/verzenden"], || me::outbox::OutboxScreen().into_any())?;
        self.add(["/ik/toegankelijkheid"], || me::AccessibilityScreen().into_any())?;
        self.add(["/meer"], || places::MoreScreen().into_any())?;
        self.add(["/hulp"], || help::HelpScreen().into_any())
    }

    /// The screens of coordinators and administrators.
    #[cfg(feature = "office")]
    fn office(&mut self) -> Result<(), InsertError> {
        self.add(["/lezers/nieuw"], || deliveries::reader_form::NewReaderScreen().into_any())?;
        self.add(["/lezers", "/lezers/{reader}"], || deliveries::readers::ReadersScreen().into_any())?;
        self.add(["/lezers/{reader}/wijzigen"], || deliveries::reader_form::ChangeReaderScreen().into_any())?;
        self.add(["/planning/nieuw"], || deliveries::plan_form::PlanScreen().into_any())?;
        self.add(["/planning", "/planning/{round}"], || deliveries::planning::PlanningScreen().into_any())?;
        self.add(["/overzicht"], || deliveries::overview::OverviewScreen().into_any())?;
        self.add(["/beheer"], || people::manage::ManageScreen().into_any())?;
        self.add(["/logboek"], || people::log::LogScreen().into_any())?;
        self.add(["/mensen/nieuw"], || people::list::NewPersonScreen().into_any())?;
        self.add(["/mensen", "/mensen/{user}"], || people::list::PeopleScreen().into_any())?;
        self.add(["/vrijwilligers", "/vrijwilligers/{volunteer}"], || {
            volunteers::list::VolunteersScreen().into_any()
        })?;
        self.add(["/importeren/{what}"], || crate::import::ImportScreen().into_any())
    }

    /// The screens of a Taalhuis.
    #[cfg(feature = "office")]
    fn taalhuis(&mut self) -> Result<(), InsertError> {
        self.add(["/deelnemers/nieuw"], || taalhuis::learners::NewLearnerScreen().into_any())?;
        self.add(["/deelnemers", "/deelnemers/{learner}"], || {
            taalhuis::learners::LearnersScreen().into_any()
        })?;
        self.add(["/deelnemers/{learner}/intake"], || taalhuis::intake::IntakeScreen().into_any())?;
        self.add(["/deelnemers/{learner}/intake/{section}"], || {
            taalhuis::intake::SectionScreen().into_any()
        })?;
        self.add(["/deelnemers/{learner}/samenvatting"], || taalhuis::intake::SummaryScreen().into_any())?;
        self.add(["/deelnemers/{learner}/koppelen"], || taalhuis::matching::ShortlistScreen().into_any())?;
        self.add(["/koppelen"], || taalhuis::matching::ProposalScreen().into_any())?;
        self.add(["/koppelingen/{pairing}"], || taalhuis::pairing::PairingDeskScreen().into_any())?;
        self.add(["/taalmaatjes", "/taalmaatjes/{user}"], || taalhuis::BuddiesScreen().into_any())?;
        self.add(["/groepen"], || taalhuis::groups::GroupsScreen().into_any())?;
        self.add(["/groepen/{group}"], || taalhuis::groups::GroupScreen().into_any())?;
        self.add(["/taalhuis"], || taalhuis::overview::TaalhuisOverviewScreen().into_any())
    }

    fn find(&self, path: &str) -> Option<Found> {
        // Somebody may have typed it with a stroke at its end.
        let path = match path.trim_end_matches('/') {
            "" => "/",
            path => path,
        };
        let found = self.numbers.at(path).ok()?;
        let parts = found.params.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Some(Found { number: *found.value, parts })
    }

    fn draw(&self, number: usize) -> Option<AnyView> {
        self.screens.get(number).map(|draw| draw())
    }
}

/// The screen at the address of now.
#[component]
pub(crate) fn Screens() -> impl IntoView {
    // The router asks for routes before it finishes a navigation: one that takes every address.
    view! {
        <FlatRoutes fallback=nothing>
            <Route path=path!("/*address") view=Screen />
        </FlatRoutes>
    }
}

#[component]
fn Screen() -> impl IntoView {
    // The addresses stand in this file and a test reads them all: without a table there would be nothing to show.
    let table = StoredValue::new_local(Table::whole().ok());
    let pathname = use_location().pathname;
    let found = Memo::new(move |_| {
        pathname.with(|path| table.with_value(|table| table.as_ref().and_then(|table| table.find(path))))
    });
    let number = Memo::new(move |_| found.with(|found| found.as_ref().map(|found| found.number)));
    move || {
        let shown = number.get();
        // A screen that is left keeps what its address said until it is gone.
        provide_context(Memo::new(move |before: Option<&Parts>| {
            found.with(|found| match found {
                Some(found) if Some(found.number) == shown => found.parts.clone(),
                _ => before.cloned().unwrap_or_default(),
            })
        }));
        untrack(|| table.with_value(|table| table.as_ref()?.draw(shown?)))
            .unwrap_or_else(|| nothing().into_any())
    }
}

/// An address without a screen.
fn nothing() -> impl IntoView {
    if cfg!(not(feature = "office")) && office::is_theirs() {
        office::home().into_any()
    } else {
        view! { <h1>{move || words().nothing_here()}</h1> }.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn every_address_has_its_screen() {
        let table = Table::whole().expect("the addresses do not contradict each other");
        let at = |path: &str| table.find(path).map(|found| found.number);
        assert_eq!(at("/"), Some(0));
        assert_eq!(at("/uitnodiging"), Some(0));
        assert_eq!(at("/ronde/1/adres/2/meer/"), at("/ronde/3/adres/4/meer"));
        assert_ne!(at("/ronde/1"), at("/ronde/1/volgorde"));
        assert_eq!(at("/nergens"), None);
        assert_eq!(at("/ronde"), None);
    }

    #[test]
    fn the_parts_of_an_address_are_named() {
        let table = Table::whole().expect("the addresses do not contradict each other");
        let found = table.find("/ronde/een/adres/twee").expect("a stop");
        assert_eq!(found.parts.get("round").map(String::as_str), Some("een"));
        assert_eq!(found.parts.get("stop").map(String::as_str), Some("twee"));
    }

    #[cfg(feature = "office")]
    #[test]
    fn a_list_and_what_is_chosen_from_it_are_one_screen() {
        let table = Table::whole().expect("the addresses do not contradict each other");
        let at = |path: &str| table.find(path).map(|found| found.number);
        assert_eq!(at("/lezers"), at("/lezers/1"));
        assert_ne!(at("/lezers"), at("/lezers/nieuw"));
    }
}
