//! What changes while a volunteer is on the road, and everything that goes over between a desk and a door.

use server::clock::Clock;
use sync_core::time::{DAY_MS, Timestamp};
use tests::browser::{Browser, DESK, PHONE, PIN};
use tests::server::{MORNING, Within, built_app};
use tests::{Outcome, until};

use crate::stories::delivered;
use crate::story;

/// The address of the first stop that is left, as the page links to it.
async fn first_stop(phone: &Browser) -> Outcome<String> {
    let link = phone.value("document.querySelector('.card.current a[href*=\"/adres/\"]').href").await?;
    let link = link.as_str().unwrap_or_default();
    let end = link.find("/adres/").map_or(link.len(), |at| at + "/adres/".len() + 36);
    Ok(link[..end].to_owned())
}

/// Waits until all that was done at this desk is with the library. Of a page that is loaded anew: one that goes on may still show what
/// was so before the last act.
async fn all_sent(desk: &Browser, site: &str) -> Outcome {
    desk.goes(&format!("{site}/planning")).await?;
    desk.sees("Alles is aangekomen").await
}

#[test]
fn what_a_desk_knows_stands_at_the_door_and_what_is_told_there_stands_at_the_desk() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.desk_at_shared_round("marga").await?;
        desk.taps_on(".detail-pane li:nth-child(1) button").await?;
        desk.types("fetch", "De drie van vorige keer").await?;
        desk.taps_on(".detail-pane form button[type=submit]").await?;
        desk.waits("the form to close", "!document.querySelector('.detail-pane form')").await?;
        let name = desk.value(
            "document.querySelector('.detail-pane li:nth-child(1) .numbered b:not(.number)').innerText",
        );
        let name = name.await?.as_str().unwrap_or_default().to_owned();
        desk.taps("Lezers").await?;
        desk.types("search", &name).await?;
        desk.sees("1 lezer").await?;
        desk.taps_on(".list-pane a.item").await?;
        desk.taps("Wijzigen").await?;
        desk.types("avoid", "Geen oorlog").await?;
        desk.taps_on("main form button[type=submit]").await?;
        desk.sees("Geen oorlog").await?;
        all_sent(&desk, &url).await?;
        // At the door: what to fetch and what to leave at home.
        let phone = stage.phone_at_shared_round().await?;
        phone.goes(&first_stop(&phone).await?).await?;
        phone.sees("De drie van vorige keer").await?;
        phone.sees("Liever niet").await?;
        phone.sees("Geen oorlog").await?;
        // What was counted and wished, once what is no number was put right; nothing that was typed is lost.
        phone.taps("Boeken en wensen").await?;
        phone.types("items_out", "drie").await?;
        phone.types("items_in", "2").await?;
        phone.types("wish", "Graag deel 3 van de serie").await?;
        phone.types("note", "De bel is stuk").await?;
        phone.taps_on("main form button[type=submit]").await?;
        phone.sees("Vul een heel getal in").await?;
        phone
            .waits(
                "the wish as typed",
                "document.querySelector('#wish').value === 'Graag deel 3 van de serie'",
            )
            .await?;
        phone.types("items_out", "3").await?;
        phone.taps_on("main form button[type=submit]").await?;
        phone.sees("1 van").await?;
        phone.sees("Alles is aangekomen").await?;
        desk.goes(&format!("{url}/planning")).await?;
        desk.taps("Gieten-Samen").await?;
        for told in
            ["3 gebracht · 2 opgehaald", "Wens: Graag deel 3 van de serie", "De bel is stuk", "Bezorgd"]
        {
            desk.sees(told).await?;
        }
        // The paper for the day on which nothing works: every address, and what to do with the sheet.
        desk.value("(() => { window.print = () => { window.paper = document.querySelector('.paper').innerHTML; }; return 1; })()").await?;
        desk.taps("Lijst afdrukken").await?;
        desk.waits("the list on paper", "(window.paper ?? '').includes('Geen oorlog')").await?;
        for there in ["De drie van vorige keer", "9461", "Geef deze lijst na de ronde terug"] {
            desk.waits(there, &format!("window.paper.includes('{there}')")).await?;
        }
        // A phone goes on while its window for printing stands open: the list stays until that is closed.
        desk.value("dispatchEvent(new Event('afterprint')), true").await?;
        desk.waits("the screen as it was", "!document.querySelector('.paper')").await?;
        // The wish stands at the reader when the next round is planned, and goes along in what to bring.
        desk.goes(&format!("{url}/planning/nieuw")).await?;
        desk.taps(&name).await?;
        desk.sees("Wens: Graag deel 3 van de serie").await?;
        desk.types("name", "Proefronde").await?;
        desk.taps("Anna Hoving").await?;
        desk.taps("Plan de ronde").await?;
        desk.sees("Ronde Proefronde").await?;
        desk.sees("Wens: Graag deel 3 van de serie").await
    })
}

#[test]
fn who_is_taken_off_a_round_meanwhile_loses_its_addresses_and_no_work() -> Outcome {
    story(async |stage| {
        let phone = stage.phone_at_shared_round().await?;
        let stop = first_stop(&phone).await?;
        phone.network(false).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("1 bewaard op dit toestel").await?;
        let desk = stage.desk_at_shared_round("marga").await?;
        desk.taps("Ronde veranderen").await?;
        let anna = "(() => { [...document.querySelectorAll('.change label')]\
            .find((one) => one.innerText.includes('Anna Hoving')).click(); return true; })()";
        desk.value(anna).await?;
        desk.taps("Toewijzen").await?;
        desk.sees("Bewaard").await?;
        all_sent(&desk, &stage.server.url()).await?;
        phone.network(true).await?;
        phone.value("dispatchEvent(new Event('online')), true").await?;
        // Told with the reason, and kept until she deals with it.
        phone.sees("1 niet aangenomen").await?;
        phone.taps_on(".chip").await?;
        phone.sees("Dit is niet jouw ronde").await?;
        // The round and its addresses are gone from the phone.
        phone.taps("Rooster").await?;
        phone.sees_no_more("Gieten-Samen").await?;
        phone.goes(&stop).await?;
        phone.sees("Dit adres staat niet op de ronde").await?;
        desk.taps("Werklijst").await?;
        desk.sees("Anna Hoving: Bezorging").await
    })
}

#[test]
fn a_reader_who_is_erased_meanwhile_is_gone_from_the_phone_and_the_visit_counts() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_at_shared_round().await?;
        let (_, total) = delivered(&phone).await?;
        let stop = first_stop(&phone).await?;
        let name =
            phone.value("document.querySelector('.card.current h2, .card.current h3').innerText").await?;
        let name = name.as_str().unwrap_or_default().to_owned();
        phone.network(false).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("1 bewaard op dit toestel").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Lezers").await?;
        desk.types("search", &name).await?;
        desk.sees("1 lezer").await?;
        desk.taps_on(".list-pane a.item").await?;
        desk.taps("Lezer wissen").await?;
        desk.taps("Voorgoed wissen").await?;
        desk.types("proof", PIN).await?;
        desk.taps_on("dialog button[type=submit]").await?;
        desk.sees("Gewist").await?;
        all_sent(&desk, &url).await?;
        phone.network(true).await?;
        phone.value("dispatchEvent(new Event('online')), true").await?;
        phone.sees("Alles is aangekomen").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.goes(&stop).await?;
        phone.sees("De gegevens van deze lezer staan niet op dit toestel").await?;
        phone.sees("Bezorgd").await?;
        assert!(!phone.disk_holds("documents", &name).await?, "the phone still knows {name}");
        desk.taps("Planning").await?;
        desk.taps("Gieten-Samen").await?;
        desk.sees(&format!("1 van {total} klaar")).await
    })
}

/// How often the server refused a request of a token that was too old.
async fn refusals(server: &Within) -> Outcome<u64> {
    let told = reqwest::get(format!("{}/metrics", server.url)).await?.text().await?;
    let counted =
        told.lines().filter(|line| line.contains("route=\"/api/sync\"") && line.contains("status=\"401\""));
    Ok(counted.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum())
}

#[test]
fn a_token_that_is_too_old_is_made_fresh_and_nobody_notices() -> Outcome {
    story(async |stage| {
        // A server with a clock that the test moves: it serves the same app.
        let app = built_app().display().to_string();
        let mut server = Within::start_as("sqlite::memory:", |config| config.app = app).await?;
        let phone = Browser::open(stage.engine, &stage.profile("anna"), PHONE, &server.url).await?;
        // The phone lives on the same day.
        let apart = MORNING.as_millis() - Clock::Machine.now().as_millis();
        let source = format!("{{ const real = Date.now; Date.now = () => real() + ({apart}); }}");
        phone.cdp("Page.addScriptToEvaluateOnNewDocument", serde_json::json!({ "source": source })).await?;
        phone.signs_in(&server.url, "bezorger").await?;
        phone.taps("Rooster").await?;
        phone.taps("Gieten-Samen").await?;
        phone.sees("Samen met").await?;
        let (_, total) = delivered(&phone).await?;
        assert_eq!(refusals(&server).await?, 0);
        // Longer than an access token lives.
        let later: Timestamp = MORNING.plus_millis(DAY_MS / 24);
        server.clock.move_to(later);
        phone.taps_on("#delivered").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        until("the refusal of the old token", std::time::Duration::from_secs(30), async || {
            refusals(&server).await.ok().filter(|count| *count > 0)
        })
        .await?;
        phone.sees("Alles is aangekomen").await?;
        phone.sees_no_more("Meld je aan").await?;
        phone.closes().await?;
        server.stop().await
    })
}
