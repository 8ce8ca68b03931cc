//! What goes wrong on a phone: killed between tap and send, and the promises of its store.

use tests::Outcome;
use tests::browser::PHONE;

use crate::story;

#[test]
fn a_phone_that_dies_after_the_tap_keeps_what_it_called_kept() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        stage.server.kill()?;
        phone.taps_on("#delivered").await?;
        phone.sees("Bezorgd:").await?;
        phone.dies().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.goes(&url).await?;
        phone.sees("1 bewaard op dit toestel").await?;
        phone.sees("1 van").await?;
        Ok(())
    })
}

#[test]
fn the_store_of_this_browser_keeps_the_promises_of_every_store() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.goes(&format!("{url}/conformance")).await?;
        phone.waits("the suite to end", "document.querySelector('#conformance')?.innerText === 'kept'").await
    })
}
