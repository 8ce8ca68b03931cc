//! The lock on a phone's data: wrong and forgotten PINs, the phone that is put away, and what the disk tells.

use tests::Outcome;
use tests::browser::{PHONE, PIN};

use crate::story;

#[test]
fn a_wrong_pin_says_so_and_after_five_it_waits() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.visits(&url).await?;
        phone.sees("Vul je pincode in").await?;
        phone.sees_no_more("Hilbrands").await?;
        phone.tries_pin("135246").await?;
        phone.sees("Je kunt het nog 9 keer proberen").await?;
        phone.picture(std::path::Path::new("/tmp/wrong.png")).await?;
        phone.tries_pin(PIN).await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}

#[test]
fn without_a_network_a_pin_is_not_lost_and_can_be_sent_again() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.visits(&url).await?;
        phone.types("email", "bezorger@voorbeeld.invalid").await?;
        phone.types("password", tests::api::PASSWORD).await?;
        phone.taps_on("form button[type=submit]").await?;
        phone.sees("Kies een pincode").await?;
        stage.server.stop()?;
        phone.chooses_pin().await?;
        phone.sees("Die is nodig om je gegevens op slot te doen").await?;
        phone.visits(&url).await?;
        stage.server.up()?;
        phone.visits(&url).await?;
        phone.chooses_pin().await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}
