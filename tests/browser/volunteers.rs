//! The volunteers, as their coordinator sees them: whose VOG is still missing, and what each tells about time and wishes.

use tests::Outcome;
use tests::browser::{DESK, PHONE};

use crate::story;

/// The button of the form that is open.
const SAVE: &str = ".detail-pane details[open] form button[type=submit]";

#[test]
fn whose_vog_is_missing_stands_in_a_list_and_is_noted_without_coverage() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let desk = stage.opens("sietske", DESK).await?;
        desk.signs_in(&url, "vrijwilligers").await?;
        desk.taps("Vrijwilligers").await?;
        desk.taps("Alleen wie nog geen VOG heeft").await?;
        desk.types("search", "Jan Kamps").await?;
        desk.sees("VOG: nog niet bekeken").await?;
        stage.server.stop()?;
        desk.network(false).await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.sees("Nog niet bekeken").await?;
        desk.taps("VOG noteren").await?;
        // A day that is still to come is refused at the form, and what was typed stays.
        desk.types("vog_profile", "84").await?;
        desk.types("vog_on-year", "2031").await?;
        desk.taps_on(SAVE).await?;
        desk.sees("Deze datum kan niet.").await?;
        desk.waits("the profile", "document.querySelector('#vog_profile').value === '84'").await?;
        let year = desk.value("String(new Date().getFullYear() - 1)").await?;
        desk.types("vog_on-year", year.as_str().unwrap_or_default()).await?;
        desk.taps_on(SAVE).await?;
        desk.sees("Bewaard").await?;
        desk.sees("profiel 84").await?;
        desk.waits("the form to close", "!document.querySelector('.detail-pane details[open]')").await?;
        desk.sees("Niemand").await?;
        stage.server.up()?;
        desk.network(true).await?;
        desk.goes(&url).await?;
        desk.sees("Alles is aangekomen").await?;
        desk.closes().await
    })
}

#[test]
fn what_a_volunteer_tells_on_the_own_phone_stands_at_the_coordinators_desk() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("sietske", DESK).await?;
        desk.signs_in(&url, "vrijwilligers").await?;
        desk.taps("Vrijwilligers").await?;
        desk.types("search", "Anna Hoving").await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.sees("06 00 00 40 00").await?;
        // The coordinator is typing while Anna changes her number.
        desk.taps("Gesprek noteren").await?;
        desk.types("talk", "Belt liever na zes uur.").await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.goes(&format!("{url}/ik/vrijwilliger")).await?;
        phone.waits("her number", "document.querySelector('#phone')?.value === '06 00 00 40 00'").await?;
        phone.types("phone", "06 00 00 99 99").await?;
        phone.taps_on("h1").await?;
        phone.sees("op dit toestel").await?;
        phone.sees("Alles is aangekomen").await?;
        phone.closes().await?;
        desk.sees("06 00 00 99 99").await?;
        desk.waits("what was typed", "document.querySelector('#talk').value === 'Belt liever na zes uur.'")
            .await?;
        desk.taps_on(SAVE).await?;
        desk.waits(
            "the talk in the file",
            "[...document.querySelectorAll('.detail-pane li')].some((one) => one.innerText.includes('Belt liever na zes uur.'))",
        )
        .await?;
        assert_eq!(desk.value("document.querySelector('#talk').value").await?, "");
        // From the file to the roles and devices, and back.
        desk.taps("Rollen, uitnodiging en toestellen").await?;
        desk.sees("Toestellen").await?;
        desk.taps("Tijd, wensen en VOG").await?;
        desk.sees("Gezien,").await?;
        desk.closes().await
    })
}
