//! The first story of the house: a round without coverage, and it arrives.

use tests::Outcome;
use tests::browser::{DESK, PHONE};

use crate::story;

/// How many addresses the round of today has left, as the page says it.
pub(crate) async fn delivered(browser: &tests::browser::Browser) -> Outcome<(u64, u64)> {
    let text = browser.value("document.querySelector('.round-head .soft').innerText").await?;
    let numbers: Vec<u64> =
        text.as_str().unwrap_or_default().split(' ').filter_map(|word| word.parse().ok()).collect();
    match numbers.as_slice() {
        [done, total] => Ok((*done, *total)),
        other => Err(format!("not a count: {text} {other:?}").into()),
    }
}

#[test]
fn a_volunteer_logs_a_round_without_coverage_and_it_arrives() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        let (_, total) = delivered(&phone).await?;
        // The network is gone: the server is stopped, and the phone knows it has none.
        stage.server.stop()?;
        phone.network(false).await?;
        for done in 1..total {
            phone.taps_on("#delivered").await?;
            phone.sees(&format!("{done} van {total} klaar")).await?;
        }
        phone.sees("Geen verbinding, werk door").await?;
        let unsent = total - 1;
        phone.sees(&format!("{unsent} bewaard op dit toestel")).await?;
        // The app is closed, and opened again: still without a network, and without a server.
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.network(false).await?;
        phone.goes(&url).await?;
        phone.sees(&format!("{unsent} van {total} klaar")).await?;
        phone.taps("Niet gelukt").await?;
        phone.taps("Niet thuis").await?;
        phone.sees("Klaar!").await?;
        phone.sees(&format!("{total} bewaard op dit toestel")).await?;
        // The network is back.
        stage.server.up()?;
        phone.network(true).await?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Planning").await?;
        desk.sees(&format!("{total} van {total}")).await?;
        desk.closes().await?;
        phone.closes().await
    })
}

#[test]
fn two_phones_on_one_round_both_keep_their_logs() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let anna = stage.opens("anna", PHONE).await?;
        anna.signs_in(&url, "bezorger").await?;
        anna.taps("Gieten-Samen").await?;
        anna.sees("Samen met").await?;
        let bram = stage.opens("carla", PHONE).await?;
        bram.signs_in(&url, "bezorger3").await?;
        bram.goes(&format!("{url}/rooster")).await?;
        bram.taps("Gieten-Samen").await?;
        bram.sees("Samen met").await?;
        let (_, total) = delivered(&anna).await?;
        stage.server.stop()?;
        // Both log the first address apart; they do not agree.
        anna.taps_on("#delivered").await?;
        anna.sees(&format!("1 van {total} klaar")).await?;
        bram.taps("Niet gelukt").await?;
        bram.taps("Niet thuis").await?;
        bram.sees(&format!("1 van {total} klaar")).await?;
        stage.server.up()?;
        anna.goes(&format!("{url}/rooster")).await?;
        anna.sees("Alles is aangekomen").await?;
        bram.goes(&format!("{url}/rooster")).await?;
        bram.sees("Alles is aangekomen").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.sees("Twee antwoorden").await?;
        desk.taps("Kiezen").await?;
        desk.sees("Niet thuis").await?;
        desk.taps("Dit klopt").await?;
        desk.sees_no_more("Twee mensen vulden iets anders in").await
    })
}
