//! Passkeys, and showing anew who one is before something grave.

use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};
use server::db::Db;
use tests::Outcome;
use tests::api::PASSWORD;
use tests::browser::{Browser, DESK, PHONE, PIN};

use crate::{Stage, story};

/// A finger on this computer that is always right, and what the browser calls the device that sees it.
async fn has_a_finger(browser: &Browser) -> Outcome<Value> {
    browser.cdp("WebAuthn.enable", json!({})).await?;
    let options = json!({ "protocol": "ctap2", "ctap2Version": "ctap2_1", "transport": "internal",
        "hasResidentKey": true, "hasUserVerification": true, "hasPrf": true, "isUserVerified": true,
        "automaticPresenceSimulation": true });
    let device = browser.cdp("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await?;
    Ok(device["authenticatorId"].clone())
}

impl Stage {
    /// More than five minutes go by for every proof that was given.
    async fn proofs_grow_old(&self) -> Outcome {
        let db = Db::open(&format!("sqlite:{}", self.server.folder().join("noaber.db").display())).await?;
        db.write.execute_unprepared("UPDATE devices SET proven_at = proven_at - 301000").await?;
        Ok(())
    }
}

#[test]
fn a_coordinator_makes_a_passkey_and_comes_in_with_one_tap() -> Outcome {
    story(async |stage| {
        // A passkey belongs to a name, not to a number.
        let url = stage.server.url().replace("127.0.0.1", "localhost");
        let desk = stage.opens("marga", DESK).await?;
        has_a_finger(&desk).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Ik").await?;
        // A password from five minutes ago is not enough to make a new way in.
        stage.proofs_grow_old().await?;
        desk.taps("Passkey maken op dit toestel").await?;
        desk.sees("Ben jij het?").await?;
        desk.types("proof", "niet mijn wachtwoord").await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("Dit klopt niet").await?;
        desk.types("proof", PASSWORD).await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("De passkey is gemaakt").await?;
        desk.sees("Gemaakt: vandaag").await?;
        desk.taps_on("section:last-of-type button").await?;
        desk.sees("Aanmelden met passkey").await?;
        // A password does not lead around it.
        desk.types("email", "bezorging@voorbeeld.invalid").await?;
        desk.types("password", PASSWORD).await?;
        desk.taps_on("form button[type=submit]").await?;
        desk.sees("Meld je aan met je passkey").await?;
        let before = desk.taken();
        desk.taps_on("#by-passkey").await?;
        desk.chooses_pin().await?;
        desk.sees("Alles is aangekomen").await?;
        eprintln!("in with a passkey after {} taps, the new PIN included", desk.taken() - before);
        desk.taps("Ik").await?;
        desk.sees("Laatst gebruikt: vandaag").await?;
        // It is also how one shows anew who one is; whoever closes the question does nothing.
        stage.proofs_grow_old().await?;
        desk.taps_on("#passkeys .item button").await?;
        desk.taps_on("dialog button[type=button]:not(#prove-passkey)").await?;
        desk.sees("Laat eerst zien dat jij het bent").await?;
        desk.sees("Laatst gebruikt: vandaag").await?;
        desk.taps_on("#passkeys .item button").await?;
        desk.taps_on("#prove-passkey").await?;
        desk.sees("De passkey is weg").await
    })
}

#[test]
fn who_has_no_password_shows_the_pin() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let administrator = stage.opens("roel", DESK).await?;
        administrator.signs_in(&url, "beheer").await?;
        administrator.goes(&format!("{url}/mensen/nieuw")).await?;
        administrator.types("name", "Geert Zonderwoord").await?;
        administrator.chooses("role", "Coördinator bezorgen, Gieten").await?;
        administrator.taps("Bewaren").await?;
        let desk = stage.opens("geert", DESK).await?;
        desk.goes(&url).await?;
        crate::lets_in(&administrator, &desk).await?;
        desk.chooses_pin().await?;
        desk.sees("Alles is aangekomen").await?;
        stage.proofs_grow_old().await?;
        desk.goes(&format!("{url}/mensen/nieuw")).await?;
        desk.types("name", "Mieke Naber").await?;
        desk.taps("Bewaren").await?;
        desk.sees("Ben jij het?").await?;
        desk.types("proof", "135790").await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("Deze pincode klopt niet").await?;
        desk.types("proof", tests::browser::PIN).await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("Laat deze collega binnen").await
    })
}

#[test]
fn a_finger_opens_the_lock_without_a_network_and_nobody_elses_does() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url().replace("127.0.0.1", "localhost");
        let phone = stage.opens("anna", PHONE).await?;
        let device = has_a_finger(&phone).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        phone.goes(&format!("{url}/ik")).await?;
        phone.taps("Openen met vinger of gezicht").await?;
        for (pin, said) in [("735291", "niet je pincode van nu"), (PIN, "nu met je vinger of gezicht")] {
            phone.types("finger-pin", pin).await?;
            phone.taps_on("details[open] button[type=submit]").await?;
            phone.sees(said).await?;
        }
        let put_away = async || {
            phone.is_hidden(true).await?;
            phone.later(5 * 60_000).await?;
            phone.is_hidden(false).await?;
            phone.sees("Vul je pincode in").await
        };
        stage.server.stop()?;
        put_away().await?;
        phone.taps_on("#by-finger").await?;
        phone.sees("Alleen nog met pincode openen").await?;
        put_away().await?;
        let somebody_else = json!({ "authenticatorId": device, "isUserVerified": false });
        phone.cdp("WebAuthn.setUserVerified", somebody_else).await?;
        phone.taps_on("#by-finger").await?;
        phone.sees("niet herkend").await?;
        phone.opens_with(PIN).await?;
        // Only the PIN from now on.
        phone.taps("Alleen nog met pincode openen").await?;
        phone.sees("nu alleen met je pincode").await?;
        put_away().await?;
        assert_eq!(phone.value("document.querySelector('#by-finger')").await?, Value::Null);
        phone.opens_with(PIN).await
    })
}
