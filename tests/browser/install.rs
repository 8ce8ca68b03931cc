//! What makes the page an app that stays: the promise of the browser to keep its data, and its place on the home screen.

use serde_json::{Value, json};
use tests::Outcome;
use tests::browser::{Browser, PHONE};

use crate::story;

/// What *Ik* says of this phone, below this label.
async fn fact(phone: &Browser, label: &str) -> Outcome<String> {
    let labels = "[...document.querySelectorAll('.facts dt')]";
    let found = format!(
        "{labels}.find((one) => one.innerText === {})?.nextElementSibling.innerText ?? ''",
        json!(label)
    );
    Ok(phone.value(&found).await?.as_str().unwrap_or_default().to_owned())
}

#[test]
fn a_browser_that_promises_nothing_keeps_acts_and_no_addresses() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = Browser::open_fleeting(stage.engine, &stage.profile("anna"), PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        // The round is there to work with while the page is open, and is not said to stay.
        phone.sees("Deze browser belooft niet dat hij gegevens bewaart").await?;
        phone.waits("the address of a reader", "!!document.querySelector('#delivered')").await?;
        phone.sees_no_more("Staat klaar op deze telefoon").await?;
        assert_eq!(phone.disk_counts("documents").await?, 0);
        stage.server.stop()?;
        phone.network(false).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("1 bewaard op dit toestel").await?;
        phone.closes().await?;
        // Opened without coverage: no address, and the act is still there.
        let phone = Browser::open_fleeting(stage.engine, &stage.profile("anna"), PHONE).await?;
        phone.network(false).await?;
        phone.goes(&url).await?;
        phone.sees("1 bewaard op dit toestel").await?;
        phone.waits("no address", "!document.querySelector('#delivered')").await?;
        stage.server.up()?;
        phone.network(true).await?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await?;
        phone.sees("1 van").await?;
        // On *Ik* the browser is asked again; it still promises nothing, and now it does.
        phone.goes(&format!("{url}/ik")).await?;
        assert_eq!(fact(&phone, "Blijft bewaard").await?, "niet zeker; daarom geen adressen op dit toestel");
        phone.taps("Vraag de browser om te bewaren").await?;
        phone.sees("De browser belooft het niet. Zet de app op je beginscherm.").await?;
        assert_eq!(phone.disk_counts("documents").await?, 0);
        phone.promises_to_keep(&url).await?;
        phone.taps("Vraag de browser om te bewaren").await?;
        phone.sees_no_more("niet zeker; daarom geen adressen").await?;
        assert_eq!(fact(&phone, "Blijft bewaard").await?, "ja");
        phone.sees_no_more("Vraag de browser om te bewaren").await?;
        phone.closes().await?;
        // From here on the round is there without a network too.
        stage.server.stop()?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.network(false).await?;
        phone.goes(&url).await?;
        phone.waits("the next address", "!!document.querySelector('#delivered')").await
    })
}

#[test]
fn it_is_told_how_much_stands_on_the_phone() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        phone.goes(&format!("{url}/ik")).await?;
        phone.sees("Wat staat er op dit toestel").await?;
        phone.sees("MB gebruikt").await?;
        let told = fact(&phone, "Ruimte").await?;
        let numbers: Vec<f64> =
            told.split(' ').filter_map(|word| word.replace(',', ".").parse().ok()).collect();
        let [used, whole] = numbers.as_slice() else { return Err(format!("not a room: {told}").into()) };
        assert!(*used > 0.0 && whole > used, "{told}");
        let count = async |label: &str| {
            Ok::<_, Box<dyn std::error::Error + Send + Sync>>(fact(&phone, label).await?.parse::<u64>()?)
        };
        let (rounds, addresses) = (count("Rondes").await?, count("Lezers met adres").await?);
        assert!(rounds > 0 && addresses > 0, "{rounds} rounds, {addresses} addresses");
        assert!(phone.disk_counts("documents").await? >= rounds + addresses);
        assert_eq!(fact(&phone, "Blijft bewaard").await?, "ja");
        assert!(fact(&phone, "Laatste contact").await?.contains("uur"), "a time of the last contact");
        Ok(())
    })
}

#[test]
fn the_app_can_be_installed_and_offers_it_itself() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        let manifest = phone.cdp("Page.getAppManifest", json!({})).await?;
        assert_eq!(manifest["errors"], json!([]), "{manifest}");
        // A browser with a profile for tests counts as incognito, where nothing is installed; it has no other objection.
        let found = phone.cdp("Page.getInstallabilityErrors", json!({})).await?;
        let objections: Vec<&Value> = found["installabilityErrors"]
            .as_array()
            .ok_or("no list")?
            .iter()
            .filter(|error| error["errorId"] != "in-incognito")
            .collect();
        assert!(objections.is_empty(), "{objections:?}");
        // Some browsers find somebody ready for it by themselves, at a moment of their own: theirs is kept out of this story.
        phone
            .cdp(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": "addEventListener('beforeinstallprompt', (offer) => { \
                    if (offer.isTrusted) { offer.preventDefault(); offer.stopImmediatePropagation(); } }, true);" }),
            )
            .await?;
        phone.goes(&format!("{url}/ik")).await?;
        phone.sees("Kies: Zet op beginscherm.").await?;
        // What a browser does that finds somebody ready for it.
        let offers = "(() => { const offer = new Event('beforeinstallprompt', { cancelable: true }); \
            offer.prompt = () => { window.installing = true; return Promise.resolve(); }; \
            return window.dispatchEvent(offer); })()";
        assert_eq!(phone.value(offers).await?, json!(false), "the browser's own bar is held back");
        phone.sees_no_more("Kies: Zet op beginscherm.").await?;
        phone.taps("Installeren").await?;
        phone.waits("the browser's question", "window.installing === true").await?;
        // The offer counts once.
        phone.sees("Kies: Zet op beginscherm.").await
    })
}

#[test]
fn no_text_becomes_a_script_or_a_page_that_the_app_does_not_draw() -> Outcome {
    story(async |stage| {
        let phone = stage.opens("anna", PHONE).await?;
        phone.visits(&stage.server.url()).await?;
        phone.waits("the sign-in", "!!document.querySelector('#email')").await?;
        for (what, may) in [
            (r#"document.createElement("p").innerHTML = "<b class=soft>Bezorgd</b>""#, true),
            (r#"document.createElement("p").innerHTML = "<img src=x onerror=alert(1)>""#, false),
            (r#"document.createElement("p").innerHTML = "<svg/onload=alert(1)>""#, false),
            (r#"document.createElement("p").innerHTML = "<a href='JavaScript:alert(1)'>x</a>""#, false),
            (r#"document.body.insertAdjacentHTML("beforeend", "<script src=/x.js><\/script>")"#, false),
            (r#"document.createElement("script").src = "https://voorbeeld.invalid/x.js""#, false),
            (r#"document.createElement("script").text = "alert(1)""#, false),
            (r#"trustedTypes.createPolicy("another", { createHTML: (text) => text })"#, false),
            (r#"setTimeout("alert(1)")"#, false),
        ] {
            let tried = format!("(() => {{ try {{ {what}; return true; }} catch {{ return false; }} }})()");
            assert_eq!(phone.value(&tried).await?, may, "{what}");
        }
        Ok(())
    })
}
