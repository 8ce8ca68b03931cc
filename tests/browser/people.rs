//! Somebody new on a phone within a minute, and a phone that is lost.

use std::time::Instant;

use server::clock::Clock;
use tests::api::{PASSWORD, code_at};
use tests::browser::{Browser, DESK, PATIENCE, PHONE, PIN};
use tests::{Outcome, files, until};

use crate::lock::twenty_acts;
use crate::stories::delivered;
use crate::{Stage, lets_in, story};

impl Stage {
    /// The files of the server, its mail included, that tell this.
    fn tells(&self, text: &str) -> Outcome<Vec<String>> {
        files::holding(self.server.folder(), &[text])
    }
}

#[test]
fn somebody_new_is_working_on_a_phone_with_a_code_and_without_a_password() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.goes(&format!("{url}/ik")).await?;
        desk.taps("Mensen").await?;
        desk.taps("Nieuwe collega").await?;
        desk.types("email", "geen adres").await?;
        desk.types("name", "Mieke Naber").await?;
        desk.taps("Bewaren").await?;
        desk.sees("Vul een e-mailadres in").await?;
        desk.types("email", "mieke@voorbeeld.invalid").await?;
        desk.taps("Bewaren").await?;
        desk.sees("Laat deze collega binnen").await?;
        // From here it is a minute at most for two people; the taps are counted, the seconds told.
        let begun = Instant::now();
        let phone = stage.opens("mieke", PHONE).await?;
        phone.goes(&url).await?;
        let before = (desk.taken(), phone.taken());
        lets_in(&desk, &phone).await?;
        phone.chooses_pin().await?;
        phone.sees("Geen ronde").await?;
        phone.sees("Alles is aangekomen").await?;
        desk.sees("Mieke Naber is binnen").await?;
        let taps = (desk.taken() - before.0, phone.taken() - before.1);
        assert_eq!(taps, (2, 3), "at the desk, on the phone");
        eprintln!("in after {:.1} seconds and {taps:?} taps", begun.elapsed().as_secs_f64());
        // And can be planned on a round at once.
        desk.goes(&format!("{url}/planning/nieuw")).await?;
        desk.sees("Mieke Naber").await
    })
}

#[test]
fn a_lost_phone_is_empty_at_its_next_contact_and_its_work_is_handed_in() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        let (_, total) = delivered(&phone).await?;
        assert!(phone.disk_holds("documents", "Hilbrands").await?, "nothing to lose");
        // Without coverage twenty acts are done; then the phone is reported lost.
        stage.server.stop()?;
        phone.network(false).await?;
        twenty_acts(&phone).await?;
        stage.server.up()?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.goes(&format!("{url}/mensen")).await?;
        desk.taps("Anna Hoving").await?;
        desk.sees("Noaber-app").await?;
        // Which readers must hear of it: told before the phone is shut out.
        desk.taps("Wat stond erop?").await?;
        desk.taps("Welke lezers?").await?;
        desk.sees("Hilbrands").await?;
        desk.taps("Afmelden").await?;
        desk.sees("Afgemeld vandaag").await?;
        // Its next contact: nothing is left of the readers, on the screen or on the disk.
        phone.network(true).await?;
        phone.goes(&url).await?;
        phone.sees("Dit toestel is afgemeld").await?;
        phone.sees_no_more("Hilbrands").await?;
        assert_eq!(phone.disk_counts("documents").await?, 0, "the disk still holds a document");
        // What was not sent is not lost.
        phone.sees("20 zijn nog niet verzonden").await?;
        let file = stage.saves_outbox(&phone).await?;
        desk.taps("Werklijst").await?;
        desk.taps("Bestand van een telefoon inleveren").await?;
        desk.picks("hand-in", &file).await?;
        desk.sees("Anna Hoving").await?;
        desk.taps("Lever in").await?;
        desk.sees("20 aangenomen, 0 niet aangenomen").await?;
        desk.taps("Planning").await?;
        desk.sees(&format!("0 van {total}")).await
    })
}

#[test]
fn a_reader_asks_what_is_kept_and_is_forgotten_everywhere() -> Outcome {
    const NAME: &str = "Quaddevliet";
    story(async |mut stage| {
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.goes(&format!("{url}/lezers/nieuw")).await?;
        let fields = [
            ("name", "Mevrouw Quaddevliet"),
            ("street", "Kaftstraat"),
            ("house_number", "12"),
            ("postcode", "9461 SS"),
            ("place", "Gieten"),
        ];
        for (field, text) in fields {
            desk.types(field, text).await?;
        }
        desk.taps("Bewaren").await?;
        desk.sees("Mevrouw Quaddevliet").await?;
        desk.sees("Alles is aangekomen").await?;
        assert!(desk.disk_holds("documents", NAME).await?, "nothing to forget");
        assert!(!stage.tells(NAME)?.is_empty(), "nothing to forget at the server");
        // A page to read and a file for a computer.
        let saved = tempfile::tempdir()?;
        desk.saves_to(saved.path()).await?;
        desk.taps("Gegevens opslaan voor de lezer").await?;
        for file in ["inzage.html", "inzage.json"] {
            until(file, PATIENCE, async || {
                std::fs::read_to_string(saved.path().join(file)).ok().filter(|text| text.contains(NAME))
            })
            .await?;
        }
        desk.taps("Lezer wissen").await?;
        desk.taps("Voorgoed wissen").await?;
        // Whoever passes by an open screen erases nobody.
        desk.types("proof", PIN).await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("Gewist").await?;
        desk.sees("Alles is aangekomen").await?;
        desk.sees_no_more(NAME).await?;
        assert!(!desk.disk_holds("documents", NAME).await?, "the app's storage still tells the name");
        desk.closes().await?;
        stage.server.stop()?;
        assert_eq!(stage.tells(NAME)?, Vec::<String>::new(), "a file of the server still tells the name");
        Ok(())
    })
}

#[test]
fn a_coordinator_sets_up_a_second_step_and_a_password_alone_is_not_enough() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.goes(&format!("{url}/ik")).await?;
        desk.taps("Tweede stap instellen").await?;
        desk.sees("Of tik dit daar over").await?;
        let secret = desk.value("document.querySelector('#step-secret').innerText").await?;
        let secret = secret.as_str().unwrap_or_default().to_owned();
        desk.types("code", "000000").await?;
        desk.taps("Verder").await?;
        desk.sees("Deze code klopt niet").await?;
        let now = Clock::Machine.now();
        desk.types("code", &code_at(&secret, now)?).await?;
        desk.taps("Verder").await?;
        desk.sees("De tweede stap staat aan").await?;
        // The codes for paper: seen once, and saved to be printed.
        desk.sees("Noodcodes van Noaber").await?;
        let codes =
            desk.value("[...document.querySelectorAll('.codes li')].map((one) => one.innerText)").await?;
        let codes: Vec<String> = serde_json::from_value(codes)?;
        assert_eq!(codes.len(), 10);
        let folder = stage.folder.path().join("papers");
        desk.saves_to(&folder).await?;
        desk.taps("Bewaar als bestand").await?;
        let paper = until("the saved file", PATIENCE, async || {
            std::fs::read_to_string(folder.join("noodcodes.txt")).ok()
        })
        .await?;
        assert!(codes.iter().all(|code| paper.contains(code)), "{paper}");
        desk.taps("Ik heb ze bewaard").await?;
        desk.sees("Je hebt nog 10 noodcodes").await?;
        // On another computer: the password, then a code, of which the next one is not used yet.
        let other = stage.opens("laptop", DESK).await?;
        other.visits(&url).await?;
        other.types("email", "bezorging@voorbeeld.invalid").await?;
        other.types("password", PASSWORD).await?;
        other.taps_on("form button[type=submit]").await?;
        other.sees("Code uit je app").await?;
        other.types("code", &code_at(&secret, now.plus_millis(30_000))?).await?;
        other.taps_on("form button[type=submit]").await?;
        other.chooses_pin().await?;
        other.sees("Alles is aangekomen").await?;
        // And with the app lost, a code from the paper.
        let third = stage.opens("tablet", DESK).await?;
        third.visits(&url).await?;
        third.types("email", "bezorging@voorbeeld.invalid").await?;
        third.types("password", PASSWORD).await?;
        third.taps_on("form button[type=submit]").await?;
        third.sees("App kwijt? Vul een noodcode in").await?;
        third.types("code", codes.first().map_or("", String::as_str)).await?;
        third.taps_on("form button[type=submit]").await?;
        third.chooses_pin().await?;
        third.sees("Alles is aangekomen").await?;
        third.goes(&format!("{url}/ik")).await?;
        third.sees("Je hebt nog 9 noodcodes").await?;
        third.taps("Nieuwe noodcodes maken").await?;
        third.sees("Noodcodes van Noaber").await
    })
}

/// Sets up a code from an app as a second step.
async fn sets_up_a_code(browser: &Browser) -> Outcome {
    browser.taps("Tweede stap instellen").await?;
    browser.waits("the secret", "!!document.querySelector('#step-secret')").await?;
    let secret = browser.value("document.querySelector('#step-secret').innerText").await?;
    browser.types("code", &code_at(secret.as_str().unwrap_or_default(), Clock::Machine.now())?).await?;
    browser.taps("Verder").await?;
    browser.sees("De tweede stap staat aan").await
}

#[test]
fn an_administrator_makes_a_network_and_decides_for_the_library() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("roel", DESK).await?;
        desk.signs_in(&url, "beheer").await?;
        desk.taps("Beheer").await?;
        desk.taps("Nieuwe vestiging of netwerk").await?;
        desk.types("phone", "bel maar").await?;
        desk.types("name", "Taalhuis Aa en Hunze").await?;
        desk.chooses("kind", "Netwerk").await?;
        desk.taps_on("#branches form button[type=submit]").await?;
        desk.sees("Vul een telefoonnummer in").await?;
        desk.types("phone", "0592 000 777").await?;
        desk.taps_on("#branches form button[type=submit]").await?;
        desk.sees("Hulp: 0592 000 777").await?;
        // Roles are given there as in a branch, with the employer and the last day.
        desk.goes(&format!("{url}/mensen")).await?;
        desk.taps("Marga").await?;
        desk.chooses("role", "Coördinator Taalhuis, Taalhuis Aa en Hunze").await?;
        desk.taps("Begin, einde en werkgever").await?;
        desk.types("until_on", "31-13-2027").await?;
        desk.taps("Geven").await?;
        desk.sees("Deze datum kan niet").await?;
        desk.types("until_on", "31-07-2027").await?;
        desk.types("employer", "Drenthe College").await?;
        desk.taps("Geven").await?;
        desk.sees("Drenthe College, tot en met 31 juli").await?;
        desk.taps("Beheer").await?;
        desk.types("lease_days", "500").await?;
        desk.taps_on("#settings form button[type=submit]").await?;
        desk.sees("Kies een getal van 1 tot 365").await?;
        desk.types("lease_days", "21").await?;
        desk.types("pin_digits", "8").await?;
        desk.taps_on("#settings form button[type=submit]").await?;
        desk.sees("Bewaard").await?;
        // And stands in the log, where it can be found among the rest.
        desk.taps("Logboek").await?;
        desk.sees("Vestiging of netwerk toegevoegd").await?;
        desk.chooses("log-act", "Instellingen veranderd").await?;
        desk.waits("that line alone", "document.querySelectorAll('#log li').length === 1").await?;
        // From here on a second step is asked of everybody, of the administrator as well.
        let demands = async || {
            desk.goes(&format!("{url}/beheer")).await?;
            desk.chooses("second_step", "Verplicht voor wie een wachtwoord heeft").await?;
            desk.taps_on("#settings form button[type=submit]").await
        };
        demands().await?;
        // Who has none himself would be the first to be kept out.
        desk.sees("Stel eerst zelf een tweede stap in").await?;
        desk.goes(&format!("{url}/ik")).await?;
        sets_up_a_code(&desk).await?;
        demands().await?;
        desk.sees("Bewaard").await?;
        // It holds for whoever comes in: a longer PIN, and first a second step.
        let other = stage.opens("marga", DESK).await?;
        other.enters(&url, "bezorging").await?;
        other.types("new-pin", PIN).await?;
        other.types("again", PIN).await?;
        other.taps_on("form button[type=submit]").await?;
        other.sees("minstens 8 cijfers").await?;
        other.types("new-pin", "27495138").await?;
        other.types("again", "27495138").await?;
        other.taps_on("form button[type=submit]").await?;
        other.sees("Stel die eerst in").await?;
        other.taps("Hoe?").await?;
        sets_up_a_code(&other).await?;
        other.goes(&url).await?;
        other.sees("Alles is aangekomen").await
    })
}

/// What follows this in the newest mail to this address that goes out within half a minute: without a mail server it is a file.
async fn mailed(stage: &Stage, address: &str, after: &str) -> Outcome<String> {
    let folder = stage.server.folder().join("mail");
    until("the mail", PATIENCE * 2, async || {
        let files = std::fs::read_dir(&folder).ok()?;
        let texts = files.filter_map(|file| std::fs::read_to_string(file.ok()?.path()).ok());
        // Long lines of a mail are broken off with a sign.
        let mut texts = texts.map(|text| text.replace("=\r\n", ""));
        let text = texts.find(|text| text.contains(address) && text.contains(after))?;
        Some(text.split(after).nth(1)?.lines().next()?.trim().to_owned())
    })
    .await
}

#[test]
fn who_cannot_come_in_asks_for_a_mail_and_comes_in_by_its_link_or_its_code() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let asks = async |phone: &Browser, email: &str| {
            phone.visits(&url).await?;
            phone.taps("Ik kom er niet meer in").await?;
            phone.sees("Vul je e-mailadres in").await?;
            phone.types("email", email).await?;
            phone.taps("Ik kom er niet meer in").await?;
            phone.sees("dan krijg je een mail met een link").await
        };
        let phone = stage.opens("anna", PHONE).await?;
        asks(&phone, "bezorger@voorbeeld.invalid").await?;
        let link = mailed(&stage, "bezorger@voorbeeld.invalid", "/uitnodiging#").await?;
        phone.visits(&format!("{url}/uitnodiging#{link}")).await?;
        phone.taps("Ga naar binnen").await?;
        phone.chooses_pin().await?;
        phone.sees("Alles is aangekomen").await?;
        // Where a link opens somewhere else, the code is typed where it was asked for.
        let other = stage.opens("jan", PHONE).await?;
        asks(&other, "bezorger4@voorbeeld.invalid").await?;
        other.types("mailed", "12").await?;
        other.taps("Ga naar binnen").await?;
        other.sees("Vul de negen cijfers van de code in").await?;
        let code = mailed(&stage, "bezorger4@voorbeeld.invalid", "hebt gevraagd: ").await?;
        other.types("mailed", &code).await?;
        other.taps("Ga naar binnen").await?;
        other.chooses_pin().await?;
        other.sees("Alles is aangekomen").await
    })
}
