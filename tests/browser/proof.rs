//! Passkeys, and showing anew who one is before something grave.

use sea_orm::ConnectionTrait as _;
use serde_json::json;
use server::db::Db;
use tests::Outcome;
use tests::api::PASSWORD;
use tests::browser::{Browser, DESK};

use crate::{Stage, story};

/// A finger on this computer that is always right.
async fn has_a_finger(browser: &Browser) -> Outcome {
    browser.cdp("WebAuthn.enable", json!({})).await?;
    let options = json!({ "protocol": "ctap2", "transport": "internal", "hasResidentKey": true,
        "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true });
    browser.cdp("WebAuthn.addVirtualAuthenticator", json!({ "options": options })).await.map(drop)
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
