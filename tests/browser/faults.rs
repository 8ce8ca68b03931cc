//! What goes wrong on a phone: killed between tap and send, and the promises of its store.

use std::path::Path;

use tests::Outcome;
use tests::browser::{DESK, PHONE};

use crate::stories::delivered;
use crate::story;

#[test]
fn a_phone_that_dies_after_the_tap_keeps_what_it_called_kept() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
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

/// From now on nothing that is written reaches the disk: each transaction stays open, as on a phone whose memory is slow.
const NOTHING_REACHES_THE_DISK: &str = "(() => {
  const begin = IDBDatabase.prototype.transaction;
  IDBTransaction.prototype.commit = () => {};
  window.held = 0;
  IDBDatabase.prototype.transaction = function (stores, mode, how) {
    const transaction = begin.call(this, stores, mode, how);
    if (mode === 'readwrite') {
      window.durability = transaction.durability;
      const store = transaction.objectStore(transaction.objectStoreNames[0]);
      const hold = () => { window.held += 1; store.count().onsuccess = hold; };
      hold();
    }
    return transaction;
  };
  return true;
})()";

#[test]
fn a_phone_that_dies_before_the_act_is_on_its_disk_never_called_it_kept() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        let (_, total) = delivered(&phone).await?;
        stage.server.kill()?;
        phone.value(NOTHING_REACHES_THE_DISK).await?;
        phone.taps_on("#delivered").await?;
        phone.waits("the act to be written", "window.held > 1000").await?;
        let said = "document.querySelector('.notices').innerText.includes('Bezorgd')";
        assert_eq!(phone.value(said).await?, false, "called kept before it was");
        assert_eq!(
            phone.value("window.durability").await?,
            "strict",
            "called kept while it is in memory only"
        );
        phone.dies().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.goes(&url).await?;
        // What was never called kept is not there, and can be done once more.
        phone.sees(&format!("0 van {total} klaar")).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("1 bewaard op dit toestel").await?;
        phone.sees(&format!("1 van {total} klaar")).await
    })
}

#[test]
fn the_store_of_this_browser_keeps_the_promises_of_every_store() -> Outcome {
    story(async |mut stage| {
        stage.server.shows_trial()?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.goes(&format!("{}/store", stage.server.url())).await?;
        phone.waits("the suite to end", "document.querySelector('main').innerText === 'kept'").await
    })
}

#[test]
fn a_phone_that_cannot_send_hands_in_a_file_and_nothing_counts_twice() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.phone_at_shared_round().await?;
        let (_, total) = delivered(&phone).await?;
        stage.server.stop()?;
        for done in 1..=2 {
            phone.taps_on("#delivered").await?;
            phone.sees(&format!("{done} van {total} klaar")).await?;
        }
        phone.taps_on(".chip").await?;
        let file = stage.saves_outbox(&phone).await?;
        stage.server.up()?;
        phone.network(false).await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Bestand van een telefoon inleveren").await?;
        let noise = stage.folder.path().join("noise.noaber");
        std::fs::write(&noise, "not an outbox")?;
        desk.picks("hand-in", &noise).await?;
        desk.sees("Dit is geen bestand van Noaber").await?;
        desk.picks("hand-in", &file).await?;
        desk.taps("Lever in").await?;
        desk.sees("2 aangenomen, 0 niet aangenomen").await?;
        desk.taps("Planning").await?;
        desk.taps("Gieten-Samen").await?;
        desk.sees(&format!("2 van {total} klaar")).await?;
        // The phone comes back after all, and sends the same two.
        phone.network(true).await?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await?;
        desk.sees(&format!("2 van {total} klaar")).await?;
        desk.waits(
            "one log an address",
            "document.querySelector('.detail-pane li.item').innerText.split('Anna Hoving').length === 2",
        )
        .await
    })
}

#[test]
fn a_full_phone_says_so_and_takes_up_again_when_there_is_room() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_on_the_road().await?;
        let (_, total) = delivered(&phone).await?;
        // Opened anew: the browser remembers for half a minute how much room there was.
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.room(&url, Some(1)).await?;
        phone.goes(&url).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("Je toestel is vol").await?;
        // Nothing was called kept that is not.
        phone.sees(&format!("0 van {total} klaar")).await?;
        phone.room(&url, None).await?;
        phone.taps_on("#delivered").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.sees_no_more("Je toestel is vol").await?;
        phone.sees("Alles is aangekomen").await
    })
}

#[test]
fn a_browser_that_keeps_nothing_says_so_before_anybody_works() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        let without =
            serde_json::json!({ "source": "Object.defineProperty(window, 'indexedDB', { value: null });" });
        phone.cdp("Page.addScriptToEvaluateOnNewDocument", without).await?;
        phone.goes(&url).await?;
        phone.sees("Deze browser bewaart niets").await
    })
}

#[test]
fn a_new_version_waits_for_what_is_typed_and_keeps_what_is_not_sent() -> Outcome {
    story(async |mut stage| {
        let app = stage.serves_a_copy()?;
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        let (_, total) = delivered(&phone).await?;
        phone.waits("the app to be kept", "!!navigator.serviceWorker.controller").await?;
        // Another version lies on the server.
        change(&app, "service-worker.js", "const VERSION = '", "const VERSION = 'next-")?;
        change(&app, "index.html", "<head>", "<head><meta name=\"version\" content=\"next\">")?;
        phone.taps("Niet gelukt").await?;
        phone.taps("Anders").await?;
        phone.types("note", "De bel deed het niet").await?;
        phone
            .value(
                "navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => true)",
            )
            .await?;
        phone.taps("Nieuwe versie klaar").await?;
        phone.sees("Bewaar eerst wat je hebt ingevuld").await?;
        phone
            .waits("what was typed", "document.querySelector('#note').value === 'De bel deed het niet'")
            .await?;
        stage.server.stop()?;
        phone.taps_on("form button[type=submit]").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.taps("Nieuwe versie klaar").await?;
        phone.waits("the new version", "!!document.querySelector('meta[name=version]')").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.sees("1 bewaard op dit toestel").await?;
        stage.server.up()?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await
    })
}

#[test]
fn an_app_that_is_too_old_hands_in_what_was_done_and_asks_for_its_newer_self() -> Outcome {
    story(async |mut stage| {
        let app = stage.serves_a_copy()?;
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.waits("the app to be kept", "!!navigator.serviceWorker.controller").await?;
        let (_, total) = delivered(&phone).await?;
        stage.server.stop()?;
        phone.taps_on("#delivered").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        // The server comes back with a newer app, and gives this one nothing any more.
        change(&app, "service-worker.js", "const VERSION = '", "const VERSION = 'next-")?;
        change(&app, "index.html", "<head>", "<head><meta name=\"version\" content=\"next\">")?;
        stage.server.minimum_protocol = Some(2);
        stage.server.up()?;
        phone.value("dispatchEvent(new Event('online')), true").await?;
        phone.sees("Alles is aangekomen").await?;
        phone.sees("Deze app is te oud").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.taps("Nieuwe versie klaar").await?;
        phone.waits("the new version", "!!document.querySelector('meta[name=version]')").await?;
        phone.sees(&format!("1 van {total} klaar")).await
    })
}

#[test]
fn of_two_tabs_one_leads_and_the_other_takes_over() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let desk = stage.opens("anna", DESK).await?;
        desk.signs_in(&url, "bezorger").await?;
        let (_, total) = delivered(&desk).await?;
        let leader = desk.client.window().await?;
        let follower = desk.client.new_window(true).await?.handle;
        desk.client.switch_to_window(follower.clone()).await?;
        desk.goes(&url).await?;
        desk.sees("Alles is aangekomen").await?;
        // The tab that follows acts, and the one that leads writes.
        desk.taps_on("#delivered").await?;
        desk.sees(&format!("1 van {total} klaar")).await?;
        desk.sees("Bezorgd:").await?;
        desk.client.switch_to_window(leader.clone()).await?;
        desk.sees(&format!("1 van {total} klaar")).await?;
        stage.server.stop()?;
        desk.taps_on("#delivered").await?;
        desk.sees(&format!("2 van {total} klaar")).await?;
        desk.client.close_window().await?;
        desk.client.switch_to_window(follower).await?;
        desk.sees(&format!("2 van {total} klaar")).await?;
        desk.taps_on("#delivered").await?;
        desk.sees(&format!("3 van {total} klaar")).await?;
        desk.sees("2 bewaard op dit toestel").await?;
        stage.server.up()?;
        desk.goes(&url).await?;
        desk.sees("Alles is aangekomen").await
    })
}

/// Copies the files of a built app.
pub(crate) fn copy(from: &Path, to: &Path) -> Outcome {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Changes a file of the app, and takes its packed copies away.
pub(crate) fn change(app: &Path, name: &str, from: &str, to: &str) -> Outcome {
    let file = app.join(name);
    let before = std::fs::read_to_string(&file)?;
    let after = before.replacen(from, to, 1);
    if after == before {
        return Err(format!("{name} does not hold {from}").into());
    }
    std::fs::write(&file, after)?;
    for ending in ["br", "gz"] {
        let _ = std::fs::remove_file(app.join(format!("{name}.{ending}")));
    }
    Ok(())
}
