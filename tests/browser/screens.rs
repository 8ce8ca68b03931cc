//! Every screen, in both themes: what axe finds.

use tests::Outcome;
use tests::browser::{DESK, PHONE, Screen};

use crate::story;

/// The screens of a volunteer, and the text by which each is known.
pub(crate) const VOLUNTEER: [(&str, &str); 6] = [
    ("/", "Vandaag"),
    ("/uren", "Mijn uren"),
    ("/rooster", "Rooster"),
    ("/ik", "Zo zie ik het graag"),
    ("/ik/verzenden", "Wacht op verzenden"),
    ("/hulp", "Goed om te weten"),
];
/// The screens of a coordinator.
pub(crate) const COORDINATOR: [(&str, &str); 6] = [
    ("/", "Werklijst"),
    ("/lezers", "Lezers"),
    ("/lezers/nieuw", "Nieuwe lezer"),
    ("/planning", "Planning"),
    ("/planning/nieuw", "Wie is aan de beurt?"),
    ("/overzicht", "Bezoeken per week"),
];

fn no_violations(who: &'static str, screens: &'static [(&str, &str)], screen: Screen) -> Outcome {
    story(async |stage| {
        let axe = std::fs::read_to_string(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/browser/node_modules/axe-core/axe.min.js"
        ))?;
        let url = stage.server.url();
        let browser = stage.opens(who, screen).await?;
        browser.goes(&url).await?;
        browser.sees("Aanmelden").await?;
        let mut wrong = Vec::new();
        for dark in [false, true] {
            browser.prefers(dark).await?;
            wrong.extend(
                browser.axe(&axe).await?.into_iter().map(|found| format!("sign-in, dark {dark}: {found}")),
            );
        }
        browser.signs_in(&url, who).await?;
        for (path, known_by) in screens {
            browser.goes(&format!("{url}{path}")).await?;
            browser.sees(known_by).await?;
            for dark in [false, true] {
                browser.prefers(dark).await?;
                let found = browser.axe(&axe).await?;
                wrong.extend(found.into_iter().map(|found| format!("{path}, dark {dark}: {found}")));
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_volunteer() -> Outcome {
    no_violations("bezorger", &VOLUNTEER, PHONE)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_coordinator() -> Outcome {
    no_violations("bezorging", &COORDINATOR, DESK)
}
