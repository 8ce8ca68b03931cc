//! Two apps: a volunteer never fetches the screens of the office, and who works there has them without a network too.

use tests::Outcome;
use tests::browser::DESK;

use crate::faults::change;
use crate::story;

/// Whether the browser keeps the screens of the office for a start without a network, in a cache with this in its name.
fn kept(version: &str) -> String {
    format!(
        "(async () => {{ for (const name of await caches.keys()) {{ if (!name.includes('{version}')) continue; \
         const kept = await (await caches.open(name)).keys(); \
         if (kept.filter((file) => file.url.includes('/assets/office-')).length === 2) return true; }} return false; }})()"
    )
}

#[test]
fn a_volunteer_never_fetches_the_screens_of_the_office() -> Outcome {
    story(async |stage| {
        let phone = stage.phone_on_the_road().await?;
        let fetched = phone
            .value("performance.getEntriesByType('resource').some((file) => file.name.includes('/assets/office-'))")
            .await?;
        assert_eq!(fetched, false);
        assert_eq!(phone.value(&kept("noaber")).await?, false);
        Ok(())
    })
}

#[test]
fn who_works_in_the_office_has_its_screens_without_a_network_and_after_an_update() -> Outcome {
    story(async |mut stage| {
        let app = stage.serves_a_copy()?;
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.sees("Alles is aangekomen").await?;
        desk.waits("the office to be kept", &kept("noaber")).await?;
        // Whoever has a role of the office and still the app for the road, from before there were two, gets the other one.
        desk.value("localStorage.removeItem('bundle'), location.reload(), true").await?;
        let office = "localStorage.getItem('bundle') === 'office' && \
            !performance.getEntriesByType('resource').some((file) => file.name.includes('/assets/road-'))";
        desk.waits("the office to be back", office).await?;
        desk.sees("Alles is aangekomen").await?;
        // Another version lies on the server.
        change(&app, "service-worker.js", "const VERSION = '", "const VERSION = 'next-")?;
        let update =
            "navigator.serviceWorker.getRegistration().then((found) => found.update()).then(() => true)";
        desk.value(update).await?;
        desk.waits("the office of the new version to be kept", &kept("next-")).await?;
        desk.closes().await?;
        stage.server.stop()?;
        let desk = stage.opens("marga", DESK).await?;
        desk.goes(&format!("{url}/planning")).await?;
        desk.sees("Ronde plannen").await
    })
}
