//! The lock on a phone's data: wrong and forgotten PINs, the phone that is put away or was away too long, the store of the
//! first version, and what a stranger finds on the disk. Nothing that was not sent is lost by any of it.

use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use server::clock::Clock;
use sync_core::deliveries::RecordKilometres;
use sync_core::ids::DeviceId;
use sync_core::replica::StoredMeta;
use sync_core::summary::Summary;
use sync_core::sync::cbor;
use sync_core::time::Timestamp;
use tests::Outcome;
use tests::api::Program;
use tests::browser::{Browser, DESK, PHONE, PIN};
use tests::files;
use tests::phone::Phone;

use crate::{Stage, lets_in, story};

/// Another PIN than everybody's.
const WRONG: &str = "135246";
const DAY_MS: i64 = 24 * 3_600_000;

/// Twenty acts without coverage: ten addresses done and taken back.
pub(crate) async fn twenty_acts(phone: &Browser) -> Outcome {
    for pair in 1..=10 {
        phone.taps_on("#delivered").await?;
        phone.sees(&format!("{} bewaard op dit toestel", pair * 2 - 1)).await?;
        phone.taps("Ongedaan maken").await?;
        phone.sees(&format!("{} bewaard op dit toestel", pair * 2)).await?;
    }
    Ok(())
}

impl Stage {
    /// Anna's phone without coverage, with twenty acts on it, put away for the night.
    async fn phone_with_twenty_acts(&self) -> Outcome {
        let phone = self.phone_on_the_road().await?;
        phone.network(false).await?;
        twenty_acts(&phone).await?;
        phone.closes().await
    }

    /// The same phone, taken up again without coverage.
    async fn phone_taken_up(&self) -> Outcome<Browser> {
        let phone = self.opens("anna", PHONE).await?;
        phone.network(false).await?;
        phone.visits(&self.server.url()).await?;
        phone.sees("Vul je pincode in").await?;
        phone.sees_no_more("Hilbrands").await?;
        Ok(phone)
    }

    /// A coordinator lets Anna in on this phone, with a code.
    async fn lets_anna_in(&self, phone: &Browser) -> Outcome {
        let desk = self.opens("marga", DESK).await?;
        desk.signs_in(&self.server.url(), "bezorging").await?;
        desk.goes(&format!("{}/mensen", self.server.url())).await?;
        desk.taps("Anna Hoving").await?;
        lets_in(&desk, phone).await?;
        phone.sees("Kies een pincode").await?;
        desk.closes().await
    }

    /// How many acts of this sample person the server took since then, and how many it refused.
    async fn acts_of(&self, person: &str, since: Timestamp) -> Outcome<(usize, usize)> {
        let administrator = Program::sign_in(&self.server.url(), "beheer").await?;
        let (_, log) = Program::ask(administrator.request("GET", "/api/audit")).await?;
        let acts = ["log_delivery", "withdraw_delivery_log", "record_kilometres"];
        let mine = |line: &&Value| {
            let late = line["at"].as_i64().is_some_and(|at| at >= since.as_millis());
            late && line["name"] == person && acts.iter().any(|act| line["act"] == *act)
        };
        let lines = log.as_array().ok_or("no log")?;
        let refused = lines.iter().filter(mine).filter(|line| !line["problem"].is_null()).count();
        Ok((lines.iter().filter(mine).count() - refused, refused))
    }
}

#[test]
fn a_forgotten_pin_loses_none_of_twenty_acts() -> Outcome {
    story(async |stage| {
        let since = Clock::Machine.now();
        stage.phone_with_twenty_acts().await?;
        let phone = stage.phone_taken_up().await?;
        phone.tries_pin(WRONG).await?;
        phone.sees("Je kunt het nog 9 keer proberen").await?;
        phone.taps("Pincode vergeten?").await?;
        phone.taps("Ik heb een nieuwe nodig").await?;
        phone.sees("Je pincode opent niets meer").await?;
        phone.network(true).await?;
        let begun = Instant::now();
        stage.lets_anna_in(&phone).await?;
        phone.chooses_pin().await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        phone.sees("Alles is aangekomen").await?;
        eprintln!("working again after {:.1} seconds", begun.elapsed().as_secs_f64());
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (20, 0));
        // The new PIN opens, and what lies on the disk is still hers.
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.goes(&stage.server.url()).await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}

#[test]
fn what_lies_behind_a_forgotten_pin_waits_for_a_colleague_and_is_lost_by_nothing_else() -> Outcome {
    story(async |stage| {
        let since = Clock::Machine.now();
        stage.phone_with_twenty_acts().await?;
        let phone = stage.phone_taken_up().await?;
        phone.taps("Pincode vergeten?").await?;
        phone.taps("Ik heb een nieuwe nodig").await?;
        phone.network(true).await?;
        // A password alone, like a link in a mail, lets in and opens nothing of before.
        phone.enters(&stage.server.url(), "bezorger").await?;
        phone.chooses_pin().await?;
        phone.sees("Wat achter de oude pincode ligt, blijft veilig bewaard").await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (0, 0));
        // A colleague lets her in, and all of it is there.
        phone.goes(&format!("{}/ik", stage.server.url())).await?;
        phone.taps("Afmelden op dit toestel").await?;
        phone.waits("the sign-in", "!!document.querySelector('#email')").await?;
        stage.lets_anna_in(&phone).await?;
        phone.chooses_pin().await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (20, 0));
        Ok(())
    })
}

#[test]
fn who_signs_out_with_unsent_work_loses_none_of_it_and_somebody_else_sends_none_of_it() -> Outcome {
    story(async |stage| {
        let since = Clock::Machine.now();
        let me = format!("{}/ik", stage.server.url());
        let phone = stage.phone_on_the_road().await?;
        phone.network(false).await?;
        for done in 1..=3 {
            phone.taps_on("#delivered").await?;
            phone.sees(&format!("{done} bewaard op dit toestel")).await?;
        }
        phone.goes(&me).await?;
        phone.taps("Afmelden op dit toestel").await?;
        phone.sees("3 zijn nog niet verzonden").await?;
        phone.taps("Toch afmelden").await?;
        phone.waits("the sign-in", "!!document.querySelector('#email')").await?;
        assert_eq!(phone.disk_counts("documents").await?, 0, "what she knew stays behind");
        assert_eq!(phone.disk_counts("commands").await?, 3);
        // A colleague works on the same phone: nothing of hers goes out in that name, or at all.
        phone.network(true).await?;
        phone.enters(&stage.server.url(), "bezorger4").await?;
        phone.chooses_pin().await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (0, 0));
        phone.goes(&me).await?;
        phone.sees("Alles is aangekomen").await?;
        phone.taps("Afmelden op dit toestel").await?;
        phone.waits("the sign-in", "!!document.querySelector('#email')").await?;
        assert_eq!(phone.disk_counts("commands").await?, 3);
        // She comes back, and it arrives as hers.
        stage.lets_anna_in(&phone).await?;
        phone.chooses_pin().await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (3, 0));
        Ok(())
    })
}

#[test]
fn a_phone_that_is_found_is_emptied_behind_its_pin_and_its_work_is_handed_in() -> Outcome {
    story(async |stage| {
        stage.phone_with_twenty_acts().await?;
        let phone = stage.phone_taken_up().await?;
        assert!(phone.disk_counts("documents").await? > 0, "nothing to lose");
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&stage.server.url(), "bezorging").await?;
        desk.goes(&format!("{}/mensen", stage.server.url())).await?;
        desk.taps("Anna Hoving").await?;
        desk.taps("Afmelden").await?;
        desk.sees("Afgemeld vandaag").await?;
        // Nobody types a PIN any more; the phone has a network, and that is enough.
        phone.network(true).await?;
        phone.value("dispatchEvent(new Event('online')), true").await?;
        phone.sees("Dit toestel is afgemeld").await?;
        assert_eq!(phone.disk_counts("documents").await?, 0, "the disk still holds a document");
        let file = stage.saves_outbox(&phone).await?;
        desk.taps("Werklijst").await?;
        desk.taps("Bestand van een telefoon inleveren").await?;
        desk.picks("hand-in", &file).await?;
        desk.sees("20 handelingen van Anna Hoving").await?;
        desk.taps("Lever in").await?;
        desk.sees("20 aangenomen, 0 niet aangenomen").await
    })
}

#[test]
fn ten_wrong_pins_lose_none_of_twenty_acts() -> Outcome {
    story(async |stage| {
        let since = Clock::Machine.now();
        stage.phone_with_twenty_acts().await?;
        let phone = stage.phone_taken_up().await?;
        for left in (5..10).rev() {
            phone.tries_pin(WRONG).await?;
            phone.sees(&format!("Je kunt het nog {left} keer proberen")).await?;
        }
        // Closing the app gives no fresh tries, and the right PIN waits as well.
        phone.visits(&stage.server.url()).await?;
        phone.tries_pin(PIN).await?;
        phone.sees("Te vaak een verkeerde pincode").await?;
        for left in (1..5).rev() {
            phone.later(DAY_MS).await?;
            phone.tries_pin(WRONG).await?;
            phone.sees(&format!("Je kunt het nog {left} keer proberen")).await?;
        }
        phone.later(DAY_MS).await?;
        phone.tries_pin(WRONG).await?;
        phone.sees("Je pincode opent niets meer").await?;
        phone.network(true).await?;
        stage.lets_anna_in(&phone).await?;
        phone.chooses_pin().await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (20, 0));
        Ok(())
    })
}

#[test]
fn a_phone_away_for_too_long_shows_nothing_and_still_sends_twenty_acts() -> Outcome {
    story(async |stage| {
        let since = Clock::Machine.now();
        stage.phone_with_twenty_acts().await?;
        let phone = stage.phone_taken_up().await?;
        phone.later(31 * DAY_MS).await?;
        phone.opens_with(PIN).await?;
        phone.sees("Over 4 dagen gaan de gegevens op dit toestel anders dicht").await?;
        phone.later(5 * DAY_MS).await?;
        phone.taps("Hulp").await?;
        phone.taps_on(".chip").await?;
        phone.sees("Te lang zonder contact").await?;
        phone.sees_no_more("Hilbrands").await?;
        phone.later(-36 * DAY_MS).await?;
        phone.network(true).await?;
        phone.taps("Probeer nu").await?;
        phone.sees("Alles is aangekomen").await?;
        assert_eq!(stage.acts_of("Anna Hoving", since).await?, (20, 0));
        Ok(())
    })
}

#[test]
fn a_phone_that_is_put_away_asks_for_the_pin_and_one_that_is_looked_at_does_not() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        // Loaded anew at once, or opened beside another page: no PIN.
        phone.visits(&url).await?;
        phone.sees("Hilbrands").await?;
        // Four minutes away: nothing happens.
        phone.is_hidden(true).await?;
        phone.later(4 * 60_000).await?;
        phone.is_hidden(false).await?;
        phone.sees("Hilbrands").await?;
        phone.is_hidden(true).await?;
        phone.later(5 * 60_000).await?;
        phone.is_hidden(false).await?;
        phone.sees("Vul je pincode in").await?;
        phone.sees_no_more("Hilbrands").await?;
        // Not around it by loading it anew.
        phone.visits(&url).await?;
        phone.sees("Vul je pincode in").await?;
        phone.opens_with(PIN).await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        phone.taps_on("#delivered").await?;
        phone.sees("Alles is aangekomen").await
    })
}

#[test]
fn a_pin_is_changed_and_only_the_new_one_opens() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        phone.goes(&format!("{url}/ik")).await?;
        phone.taps("Pincode veranderen").await?;
        for (old, new, again, said) in [
            (PIN, "111111", "111111", "te makkelijk te raden"),
            (PIN, "80351", "80351", "Kies 6 tot 12 cijfers"),
            (PIN, "803516", "803517", "andere cijfers dan hierboven"),
            (WRONG, "803516", "803516", "niet je pincode van nu"),
            (PIN, "803516", "803516", "Je pincode is veranderd"),
        ] {
            phone.types("pin", old).await?;
            phone.types("new-pin", new).await?;
            phone.types("again", again).await?;
            phone.taps_on("form button[type=submit]").await?;
            phone.sees(said).await?;
        }
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.visits(&url).await?;
        phone.tries_pin(PIN).await?;
        phone.sees("Deze pincode klopt niet").await?;
        phone.opens_with("803516").await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}

#[test]
fn without_a_network_a_new_pin_is_not_lost_and_can_be_sent_again() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.enters(&url, "bezorger").await?;
        stage.server.stop()?;
        phone.chooses_pin().await?;
        phone.sees("Die is nodig om je gegevens op slot te doen").await?;
        // Closed halfway, the next start goes on where it was.
        stage.server.up()?;
        phone.visits(&url).await?;
        phone.chooses_pin().await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}

#[test]
fn who_finds_a_phone_finds_no_name_and_no_address_on_its_disk() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        // A day's use: a round on a phone, and a coordinator who looks people up, types a name and plans.
        let phone = stage.phone_on_the_road().await?;
        phone.taps_on("#delivered").await?;
        phone.sees("Alles is aangekomen").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Lezers").await?;
        desk.types("search", "Enting").await?;
        desk.taps("De heer Enting").await?;
        desk.sees("Leesbrilstraat 2, Gieten").await?;
        desk.taps("Planning").await?;
        desk.sees("Gieten-Zuid").await?;
        phone.closes().await?;
        desk.closes().await?;
        let words = ["Enting", "Bladwijzerlaan", "Leesbrilstraat", "Anna Hoving", "Marga"];
        for profile in ["anna", "marga"] {
            let count = files::all(&stage.profile(profile))?.len();
            assert!(count > 20, "only {count} files: not a profile");
            let found = files::holding(&stage.profile(profile), &words)?;
            assert!(found.is_empty(), "{profile}: {found:?}");
        }
        Ok(())
    })
}

/// Makes the store as the first version of the app did, in a page of the same site that is not the app.
const FIRST_STORE: &str = r"
const [values, done] = arguments;
const opening = indexedDB.open('noaber', 1);
opening.onupgradeneeded = () => {
  for (const store of ['documents', 'commands', 'meta']) opening.result.createObjectStore(store);
};
opening.onsuccess = () => {
  const writing = opening.result.transaction(['documents', 'commands', 'meta'], 'readwrite');
  for (const [store, key, base64] of values) {
    const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    writing.objectStore(store).put(bytes, key);
  }
  writing.oncomplete = () => { opening.result.close(); done(true); };
};
";

#[test]
fn the_store_and_the_sign_in_of_the_first_version_still_open_and_are_locked_without_loss() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        // What a phone of the first version held: Anna's round, and an act that was not sent.
        let program = Program::sign_in(&url, "bezorger").await?;
        let now = Clock::Machine.now();
        let mut before = Phone::of(&program, 7, now)?;
        before.exchanges(&program, now).await?;
        let round = before.replica.rows().find_map(|(id, row)| match row {
            Summary::Round(round) if round.on == Some(now.local_date()) => Some(id),
            _ => None,
        });
        before
            .acts(round.ok_or("no round today")?, RecordKilometres { metres: 4_321 }, now)
            .ok_or("not kept")?;
        // Its sign-in: a cookie of a device without a secret.
        let phone = stage.opens("anna", PHONE).await?;
        phone.client.goto(&format!("{url}/health/live")).await?;
        let sign_in = format!(
            "fetch('/api/sign-in', {{ method: 'POST', headers: {{ 'content-type': 'application/json' }}, \
             body: JSON.stringify({}) }}).then((answer) => answer.json()).then(arguments[0])",
            json!({ "email": "bezorger@voorbeeld.invalid", "password": tests::api::PASSWORD, "device_name": "Oud" })
        );
        let answer = phone.client.execute_async(&sign_in, vec![]).await?;
        let device: DeviceId = answer["device_id"].as_str().unwrap_or_default().parse()?;
        let meta = StoredMeta { device: Some(device), lease_days: 35, ..before.disk.meta.clone() };
        let mut values = vec![json!(["meta", "meta", STANDARD.encode(cbor::to_vec(&meta))])];
        for document in &before.disk.documents {
            values.push(json!([
                "documents",
                document.id.to_string(),
                STANDARD.encode(cbor::to_vec(document))
            ]));
        }
        for command in &before.disk.commands {
            let id = command.envelope.id.to_string();
            values.push(json!(["commands", id, STANDARD.encode(cbor::to_vec(command))]));
        }
        phone.client.execute_async(FIRST_STORE, vec![json!(values)]).await?;
        // The update comes without coverage: all goes on as it was.
        stage.server.stop()?;
        stage.server.up()?;
        phone.visits(&url).await?;
        phone.sees("Kies een pincode").await?;
        phone.taps("Straks").await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        phone.sees("Alles is aangekomen").await?;
        assert!(phone.disk_lies_open("Hilbrands").await?, "nothing to lock");
        // At the next start the PIN is asked again, and everything is locked in one go.
        phone.visits(&url).await?;
        phone.chooses_pin().await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        assert!(!phone.disk_lies_open("Hilbrands").await?, "the disk still tells a name");
        assert!(phone.disk_holds("documents", "Hilbrands").await?, "the round is lost");
        assert_eq!(stage.acts_of("Anna Hoving", now).await?, (1, 0));
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.visits(&url).await?;
        phone.opens_with(PIN).await?;
        phone.sees("Staat klaar op deze telefoon").await
    })
}
