//! The stories of a Taalhuis: from registering to meeting, an intake at a kitchen table, a session in two taps, two coordinators at once.

use serde_json::json;
use tests::Outcome;
use tests::api::Program;
use tests::browser::{Browser, DESK, PHONE};

use crate::story;

/// How many rows of this selector the page shows.
async fn count(browser: &Browser, selector: &str) -> Outcome<u64> {
    let found = browser.value(&format!("document.querySelectorAll({selector:?}).length")).await?;
    found.as_u64().ok_or_else(|| "not a number".into())
}

/// The branch of Gieten, as the page with the settings tells it.
async fn public_page(desk: &Browser, site: &str) -> Outcome<String> {
    desk.taps("Overzicht").await?;
    desk.taps("Instellingen").await?;
    desk.sees("/aanmelden/").await?;
    let told = desk
        .value("document.querySelector('details p').innerText.match(/\\/aanmelden\\/[0-9a-f-]+/)[0]")
        .await?;
    Ok(format!("{site}{}", told.as_str().unwrap_or_default()))
}

#[test]
fn somebody_registers_on_the_public_page_and_meets_a_buddy() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        let page = public_page(&desk, &url).await?;
        let begun = desk.taken();
        // A learner at home, with a name and a telephone number.
        let phone = stage.opens("nieuw", PHONE).await?;
        phone.visits(&page).await?;
        phone.types("naam", "Quaddira").await?;
        phone.types("telefoon", "06 00 00 77 77").await?;
        phone.types("wens", "Met de juf praten").await?;
        phone.taps("Versturen").await?;
        phone.sees("Dank u wel").await?;
        assert_eq!(phone.taken(), 1, "a learner fills in and sends");
        phone.closes().await?;
        // It stands in the worklist, with its one next act.
        desk.goes(&url).await?;
        desk.taps("Deelnemers").await?;
        desk.types("search", "Quaddira").await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.sees("Met de juf praten").await?;
        desk.taps("Intake doen").await?;
        desk.taps("Beschikbaarheid").await?;
        for row in 1..=7 {
            for cell in 2..=4 {
                desk.taps_on(&format!(".week tbody tr:nth-child({row}) td:nth-child({cell}) label")).await?;
            }
        }
        // Twenty-one taps, one right after the other: none is lost.
        desk.waits("a whole week", "document.querySelectorAll('.week input:checked').length === 21").await?;
        desk.sees("op dit toestel").await?;
        desk.taps_on("a.back").await?;
        desk.sees("1 van 2").await?;
        desk.taps("Toestemming").await?;
        desk.taps("Toestemming geven").await?;
        desk.sees("Gegeven op").await?;
        desk.taps_on("a.back").await?;
        desk.taps("Intake is klaar").await?;
        desk.sees("Zoek taalmaatje").await?;
        // From the learner: a shortlist, a proposal, a first meeting, a trial, and on.
        let before = desk.taken();
        desk.taps("Zoek taalmaatje").await?;
        desk.sees("Past voor").await?;
        desk.taps("Stel voor").await?;
        desk.sees("Voorgesteld. Bel nu beide mensen.").await?;
        assert_eq!(desk.taken() - before, 2, "with the tap on the worklist three");
        for (act, state) in [
            ("Kennismaking plannen", "Kennismaking gepland"),
            ("Proef begint", "Proef"),
            ("Ze gaan door", "Lopend"),
        ] {
            desk.taps(act).await?;
            desk.taps("Bewaren").await?;
            desk.waits(state, &format!("document.querySelector('main .stamp')?.innerText === {state:?}"))
                .await?;
        }
        desk.sees("Alles is aangekomen").await?;
        // From registering to a running pairing: 17 taps, beside the 21 parts of the week.
        assert_eq!(desk.taken() - begun, 17 + 21);
        desk.closes().await
    })
}

#[test]
fn an_intake_begun_at_a_kitchen_table_is_finished_by_another_coordinator() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let tablet = stage.opens("tineke", PHONE).await?;
        tablet.signs_in(&url, "taalhuis").await?;
        tablet.taps("Deelnemers").await?;
        tablet.taps("Nieuwe deelnemer").await?;
        stage.server.stop()?;
        tablet.network(false).await?;
        tablet.types("call_name", "Quaddira").await?;
        tablet.types("phone", "06 00 00 77 77").await?;
        tablet.taps("Bewaren").await?;
        tablet.sees("Intake van Quaddira").await?;
        tablet.taps("Nederlands").await?;
        tablet.taps("NT2").await?;
        // What hangs on that answer is asked now.
        tablet.types("since_year", "2019").await?;
        tablet.types("daily_language", "Tigrinya").await?;
        tablet.sees("Geen verbinding, werk door").await?;
        // The app is closed half-way, and opened again: still nothing but this tablet.
        tablet
            .waits("the last answer to be kept", "document.querySelectorAll('.asked .tick').length >= 3")
            .await?;
        tablet.closes().await?;
        let tablet = stage.opens("tineke", PHONE).await?;
        tablet.network(false).await?;
        tablet.goes(&format!("{url}/deelnemers")).await?;
        tablet.types("search", "Quaddira").await?;
        tablet.taps_on(".list-pane .rows a").await?;
        tablet.taps("Intake doen").await?;
        tablet.sees("3 van 5").await?;
        stage.server.up()?;
        tablet.network(true).await?;
        tablet.goes(&url).await?;
        tablet.sees("Alles is aangekomen").await?;
        tablet.closes().await?;
        // Joris goes on at the desk, where the first one stopped.
        let desk = stage.opens("joris", DESK).await?;
        desk.signs_in(&url, "taalhuis4").await?;
        desk.taps("Deelnemers").await?;
        desk.types("search", "Quaddira").await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.taps("Intake doen").await?;
        desk.sees("3 van 5").await?;
        desk.taps("Nederlands").await?;
        desk.waits("the answer of the tablet", "document.querySelector('#since_year')?.value === '2019'")
            .await?;
        // A year that is still to come is refused at the question, and what was typed stays.
        desk.types("since_year", "2031").await?;
        desk.taps_on("h1").await?;
        desk.sees("Deze datum kan niet.").await?;
        desk.types("since_year", "2018").await?;
        desk.taps_on("h1").await?;
        desk.sees_no_more("Deze datum kan niet.").await?;
        desk.taps_on("a.back").await?;
        desk.taps("Intake is klaar").await?;
        desk.sees("Wacht").await?;
        desk.sees("Alles is aangekomen").await?;
        desk.closes().await
    })
}

#[test]
fn a_session_takes_two_taps_without_coverage_and_counts_once() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let phone = stage.opens("vera", PHONE).await?;
        phone.signs_in(&url, "taalmaatje").await?;
        phone.sees("Afspraak geweest").await?;
        phone.taps("Mijn uren").await?;
        phone.sees("samen").await?;
        let told = "Number(document.querySelector('.lead').innerText.split(' ')[0])";
        let sessions = phone.value(told).await?.as_u64().ok_or("no number")?;
        // With the first learner; a group counts in the whole as well.
        let own = "Number(document.querySelector('main .rows .item').innerText.match(/\\d+/)[0])";
        let with_learner = phone.value(own).await?.as_u64().ok_or("no number")?;
        phone.taps("Vandaag").await?;
        stage.server.stop()?;
        phone.network(false).await?;
        let before = phone.taken();
        phone.taps("Afspraak geweest").await?;
        phone.taps("Bewaren").await?;
        phone.sees("Bewaard:").await?;
        assert_eq!(phone.taken() - before, 2);
        phone.sees("1 bewaard op dit toestel").await?;
        phone.closes().await?;
        stage.server.up()?;
        let phone = stage.opens("vera", PHONE).await?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await?;
        // The volunteer's hours, from what was told once.
        phone.taps("Mijn uren").await?;
        phone.sees(&format!("{} afspraken, samen", sessions + 1)).await?;
        phone.closes().await?;
        // The learner's pairing, at the desk.
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        desk.taps("Maatjes").await?;
        desk.types("search", "Vera Schut").await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.taps_on(".detail-pane a[href^='/koppelingen/']").await?;
        desk.sees(&format!("{} afspraken", with_learner + 1)).await?;
        desk.closes().await
    })
}

#[test]
fn what_a_coordinator_types_stays_when_the_work_of_others_arrives() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        desk.taps("Maatjes").await?;
        desk.types("search", "Vera Schut").await?;
        desk.taps_on(".list-pane .rows a").await?;
        desk.taps_on(".detail-pane a[href^='/koppelingen/']").await?;
        // On the page of the pairing: the card for the next buddy.
        desk.sees("Afspraken").await?;
        let sessions = "Number(document.querySelector('main').innerText.match(/(\\d+) afspra/)[1])";
        let before = desk.value(sessions).await?.as_u64().ok_or("no number")?;
        desk.taps_on("a.back").await?;
        desk.taps("Contact noteren").await?;
        desk.types("contact_note", "Gaat verhuizen naar Assen").await?;
        let phone = stage.opens("vera", PHONE).await?;
        phone.signs_in(&url, "taalmaatje").await?;
        phone.taps("Afspraak geweest").await?;
        phone.taps("Bewaren").await?;
        // Until this is seen the phone stays open: right after the tap it says of what was before that all has arrived.
        desk.sees(&format!("{} afspraken, sinds", before + 1)).await?;
        phone.closes().await?;
        let typed = "document.querySelector('#contact_note').value === 'Gaat verhuizen naar Assen'";
        assert_eq!(desk.value(typed).await?, true, "what was typed is still there");
        desk.taps_on("details[open] form button[type=submit]").await?;
        desk.waits("the form to close", "!document.querySelector('details[open]')").await?;
        desk.sees("Gaat verhuizen naar Assen").await?;
        assert_eq!(desk.value("document.querySelector('#contact_note').value").await?, "");
        assert_eq!(
            desk.value("document.activeElement.innerText").await?,
            "Contact noteren",
            "the focus stands where the form closed"
        );
        desk.closes().await
    })
}

#[test]
fn two_coordinators_who_pair_one_learner_apart_choose_on_one_screen() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let one = stage.opens("tineke", DESK).await?;
        one.signs_in(&url, "taalhuis").await?;
        let other = stage.opens("joris", DESK).await?;
        other.signs_in(&url, "taalhuis4").await?;
        one.taps_on("main .rows a[href$='/koppelen']").await?;
        let learner = one.value("location.pathname").await?;
        let learner = learner.as_str().unwrap_or_default().trim_end_matches("/koppelen").to_owned();
        other.taps_on(&format!("main .rows a[href='{learner}/koppelen']")).await?;
        stage.server.stop()?;
        for desk in [&one, &other] {
            desk.network(false).await?;
            desk.sees("Past voor").await?;
        }
        // Each another buddy, neither knowing of the other.
        one.taps_on(".cards section:nth-child(1) .row button").await?;
        one.sees("Voorgesteld. Bel nu beide mensen.").await?;
        other.taps_on(".cards section:nth-child(2) .row button").await?;
        other.sees("Voorgesteld. Bel nu beide mensen.").await?;
        stage.server.up()?;
        for desk in [&one, &other] {
            desk.network(true).await?;
            desk.goes(&url).await?;
            desk.sees("Alles is aangekomen").await?;
        }
        one.goes(&url).await?;
        one.sees("Deze deelnemer heeft twee koppelingen").await?;
        one.taps_on(&format!("main .rows .urgent a[href='{learner}']")).await?;
        one.waits(
            "both pairings",
            "document.querySelectorAll('.detail-pane .card a[href^=\"/koppelingen/\"]').length === 2",
        )
        .await?;
        assert_eq!(count(&one, ".detail-pane .card a[href^='/koppelingen/']").await?, 2, "both are kept");
        one.taps_on(".detail-pane .card a[href^='/koppelingen/']").await?;
        one.sees("Deze deelnemer heeft twee koppelingen").await?;
        one.taps("Koppeling stopt").await?;
        // Why is asked, and not guessed.
        one.taps("Bewaren").await?;
        one.sees("Vul dit in").await?;
        one.chooses("step_reason", "Geen klik").await?;
        one.taps("Bewaren").await?;
        one.waits("the end", "document.querySelector('main .stamp')?.innerText === 'Beëindigd'").await?;
        one.goes(&url).await?;
        one.sees("Alles is aangekomen").await?;
        one.sees_no_more("Deze deelnemer heeft twee koppelingen").await?;
        other.closes().await?;
        one.closes().await
    })
}

#[test]
fn the_desk_brings_somebody_in_and_keeps_nothing() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("wim", PHONE).await?;
        desk.signs_in(&url, "balie").await?;
        desk.taps("Meld aan").await?;
        desk.sees("Vraag eerst of het mag").await?;
        // Without a telephone number nobody can be called.
        desk.types("call_name", "Quaddira").await?;
        desk.taps_on("form button[type=submit]").await?;
        desk.waits("what is missing", "!!document.querySelector('#phone-error')").await?;
        desk.types("phone", "06 00 00 77 77").await?;
        desk.types("wish", "Met de juf praten").await?;
        desk.taps_on("form button[type=submit]").await?;
        desk.sees("Quaddira is aangemeld").await?;
        desk.sees("Alles is aangekomen").await?;
        // Whoever brings somebody in writes, and does not read.
        desk.goes(&url).await?;
        desk.sees("Alles is aangekomen").await?;
        let kept = desk.disk_counts("documents").await?;
        let own = stage.opens("tineke", DESK).await?;
        own.signs_in(&url, "taalhuis").await?;
        own.taps("Deelnemers").await?;
        own.types("search", "Quaddira").await?;
        own.taps_on(".list-pane .rows a").await?;
        own.sees("Met de juf praten").await?;
        assert!(kept < 5, "nothing but the branch and its team stays at the desk: {kept}");
        assert!(!desk.disk_lies_open("Quaddira").await?);
        own.closes().await?;
        desk.closes().await
    })
}

#[test]
fn a_buddy_who_loses_the_certificate_of_conduct_stands_at_the_top_of_the_worklist() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        let urgent = "[...document.querySelectorAll('main .rows .item')].filter((one) => \
            one.innerText.includes('De VOG van het taalmaatje is niet in orde')).length";
        desk.waits("the worklist", "!!document.querySelector('main .rows .item')").await?;
        let before = desk.value(urgent).await?.as_u64().unwrap_or_default();
        // Whom the first running pairing is with.
        desk.taps("Maatjes").await?;
        desk.taps("Vera Schut").await?;
        desk.taps("VOG noteren").await?;
        desk.chooses("vog_state", "Verlopen of ingetrokken").await?;
        desk.taps_on("details[open] form button[type=submit]").await?;
        desk.sees("Verlopen of ingetrokken,").await?;
        desk.taps("Werklijst").await?;
        desk.waits("the task", &format!("{urgent} > {before}")).await?;
        let on_top = "(() => { const told = (one) => one.innerText.includes('De VOG van het taalmaatje is niet in orde'); \
            const rows = [...document.querySelectorAll('main .rows .item')]; const all = rows.filter(told).length; \
            return rows.slice(0, all).every(told); })()";
        assert_eq!(desk.value(on_top).await?, true, "before everything else");
        // By the same rule she is proposed to nobody else, and it says why.
        desk.taps_on("main .rows a[href$='/koppelen']").await?;
        desk.sees("Waarom niet").await?;
        desk.types("search", "Vera Schut").await?;
        desk.sees("VOG niet in orde").await?;
        let proposes = "[...document.querySelectorAll('main .rows .item button')].filter((one) => one.innerText.startsWith('Stel'))";
        assert_eq!(
            desk.value(&format!("{proposes}.length")).await?,
            0,
            "what keeps a learner safe is not passed over"
        );
        // Whoever is not among the best is proposed all the same, when a person wants so.
        desk.types("search", "a").await?;
        desk.waits("somebody else", &format!("{proposes}.length > 0")).await?;
        desk.value(&format!("{proposes}[0].click(), true")).await?;
        desk.waits("the pairing", "location.pathname.startsWith('/koppelingen/')").await?;
        desk.sees("Voorgesteld").await?;
        desk.closes().await
    })
}

/// Registers somebody at the desk of a Taalhuis, and opens that page.
async fn comes_in(desk: &Browser, url: &str, name: &str, phone: &str) -> Outcome {
    desk.goes(&format!("{url}/deelnemers/nieuw")).await?;
    desk.types("call_name", name).await?;
    desk.types("phone", phone).await?;
    desk.taps_on("main form button[type=submit]").await?;
    desk.waits("the intake", "location.pathname.endsWith('/intake')").await?;
    let page = desk.value("location.pathname.replace('/intake', '')").await?;
    desk.goes(&format!("{url}{}", page.as_str().unwrap_or_default())).await?;
    desk.sees("Intake doen").await
}

#[test]
fn who_stands_there_twice_is_shown_beside_the_other_and_joined() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        comes_in(&desk, &url, "Quaddira", "06 00 00 77 77").await?;
        comes_in(&desk, &url, "Kwaddira", "0600007777").await?;
        desk.taps("Werklijst").await?;
        // What waits longest comes first; this came in today.
        desk.waits("the worklist", "!!document.querySelector('main .rows .item')").await?;
        desk.taps("Toon de volgende").await?;
        let asked = "[...document.querySelectorAll('main .rows .item')].filter((one) => \
            one.innerText.includes('Staat deze persoon er twee keer in')).length";
        desk.waits("the task, once", &format!("{asked} === 1")).await?;
        let look = "[...document.querySelectorAll('main .rows .item')].find((one) => \
            one.innerText.includes('Staat deze persoon er twee keer in')).querySelector('a').click()";
        desk.value(look).await?;
        // Both numbers, side by side.
        desk.waits("the two beside each other", "document.querySelectorAll('.beside dd').length >= 4")
            .await?;
        desk.sees("0600007777").await?;
        desk.sees("06 00 00 77 77").await?;
        desk.taps("Dezelfde persoon").await?;
        desk.sees("Dit is dezelfde persoon als Quaddira").await?;
        desk.taps("Dit is dezelfde persoon als Quaddira").await?;
        desk.sees("Wat bij Kwaddira staat").await?;
        desk.taps("Werklijst").await?;
        desk.waits("the worklist", "!!document.querySelector('main .rows .item')").await?;
        desk.taps("Toon de volgende").await?;
        desk.waits("all of it", "![...document.querySelectorAll('main button')].some((one) => one.innerText.startsWith('Toon de volgende'))").await?;
        desk.waits("nothing to settle", &format!("{asked} === 0")).await?;
        desk.closes().await
    })
}

#[test]
fn consent_is_read_and_taken_back_and_then_no_group_tells_the_name() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        comes_in(&desk, &url, "Quaddira", "06 00 00 77 77").await?;
        desk.sees("Uw dossier ziet het taalmaatje niet.").await?;
        desk.taps_on("h3 + p + .rows .item:nth-child(1) button").await?;
        desk.sees("Gegeven op").await?;
        // Into a group, with her name.
        desk.goes(&format!("{url}/groepen")).await?;
        desk.taps_on("main .rows a").await?;
        desk.chooses("member", "Quaddira").await?;
        desk.waits(
            "her name",
            "[...document.querySelectorAll('main .rows a')].some((one) => one.innerText === 'Quaddira')",
        )
        .await?;
        desk.taps("Quaddira").await?;
        desk.taps_on("h3 + p + .rows .item:nth-child(1) button").await?;
        desk.sees("Ingetrokken op").await?;
        desk.goes(&format!("{url}/groepen")).await?;
        desk.taps_on("main .rows a").await?;
        desk.sees("Taalmaatjes").await?;
        desk.sees_no_more("Quaddira").await?;
        desk.closes().await
    })
}

#[test]
fn what_somebody_follows_at_a_partner_is_noted_until_the_certificate() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        comes_in(&desk, &url, "Quaddira", "06 00 00 77 77").await?;
        for partner in ["Drenthe College", "Een vereniging"] {
            desk.taps("Doorverwijzen").await?;
            desk.types("partner", partner).await?;
            desk.taps_on("form:has(#partner) button[type=submit]").await?;
            desk.sees(partner).await?;
        }
        // The newest first; each has a form of its own, and a tick in the one is none in the other.
        for place in [1, 2] {
            let one = format!("ul:has(.told) > li:nth-child({place})");
            desk.taps_on(&format!("{one} .pair button:first-child")).await?;
            desk.taps_on(&format!("{one} summary")).await?;
        }
        desk.taps_on("ul:has(.told) > li:nth-child(2) label.choice").await?;
        let ticks = "[...document.querySelectorAll('[name=formal]')].map((one) => one.checked).join()";
        desk.waits("the tick where it was put", &format!("{ticks} === 'false,true'")).await?;
        desk.taps_on("ul:has(.told) > li:nth-child(2) form button[type=submit]").await?;
        desk.sees("Taal, begonnen").await?;
        desk.sees("Groep · Formeel").await?;
        desk.taps("Is gestopt of klaar").await?;
        desk.taps_on("ul:has(.told) > li:nth-child(2) label.choice").await?;
        desk.taps_on("ul:has(.told) > li:nth-child(2) form button[type=submit]").await?;
        desk.sees("Doel bereikt · Groep · Formeel · Certificaat").await?;
        desk.closes().await
    })
}

#[test]
fn a_roll_is_called_once_a_day_and_can_be_put_right_and_taken_back() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("tineke", DESK).await?;
        desk.signs_in(&url, "taalhuis").await?;
        desk.goes(&format!("{url}/groepen")).await?;
        desk.taps_on("main .rows a").await?;
        desk.sees("Bijeenkomsten").await?;
        let group = desk.value("location.pathname").await?;
        let group = format!("{url}{}", group.as_str().unwrap_or_default());
        let meetings = "document.querySelectorAll('main .rows:last-of-type .item').length";
        let before = desk.value(meetings).await?.as_u64().ok_or("no number")?;
        desk.taps("Groep geweest").await?;
        desk.taps_on("main form button[type=submit]").await?;
        desk.sees("Bewaard:").await?;
        desk.goes(&group).await?;
        desk.waits("one meeting more", &format!("{meetings} === {before} + 1")).await?;
        // Told once more on the same day: put right, not told twice.
        desk.taps("Groep geweest").await?;
        desk.sees("Van vandaag is al opgeschreven").await?;
        desk.taps_on("main form fieldset .options label").await?;
        desk.taps_on("main form button[type=submit]").await?;
        desk.sees("Bewaard:").await?;
        desk.goes(&group).await?;
        desk.waits("still one more", &format!("{meetings} === {before} + 1")).await?;
        desk.taps_on("main .rows:last-of-type .item button").await?;
        desk.sees("Ongedaan gemaakt").await?;
        desk.waits("as before", &format!("{meetings} === {before}")).await?;
        desk.closes().await
    })
}

#[test]
fn who_has_two_kinds_of_work_finds_all_places_and_who_reads_figures_sees_figures() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let administrator = Program::sign_in(&url, "beheer").await?;
        let taalhuis = Program::sign_in(&url, "taalhuis").await?;
        let branch = &taalhuis.signed_in["user"]["roles"][0]["branch"];
        let gives = async |name: &str, email: &str, role: &str| {
            let new = json!({ "name": name, "email": email, "roles": [{ "branch": branch, "role": role }] });
            Program::ask(administrator.request("POST", "/api/people").json(&new)).await
        };
        gives("Marga", "bezorging@voorbeeld.invalid", "taalhuis_coordinator").await?;
        let desk = stage.opens("marga", PHONE).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.sees("Werklijst").await?;
        assert_eq!(count(&desk, ".place-list a").await?, 4, "at most four places in the bar");
        desk.taps("Meer").await?;
        desk.taps("Deelnemers").await?;
        desk.waits("learners", "document.querySelectorAll('.list-pane .rows li').length > 10").await?;
        desk.taps("Meer").await?;
        desk.taps("Taalhuis").await?;
        desk.sees("Hoelang wachten mensen").await?;
        desk.closes().await?;
        // A colleague who delivers reads the figures too: they have their own place.
        gives("Anna", "bezorger@voorbeeld.invalid", "report_reader").await?;
        let reader = stage.opens("anna", DESK).await?;
        reader.signs_in(&url, "bezorger").await?;
        reader.taps("Meer").await?;
        reader.taps("Cijfers").await?;
        reader.taps("Toon de cijfers").await?;
        reader.sees("Taalmaatjes nu").await?;
        reader.sees_no_more("Instellingen").await?;
        reader.closes().await
    })
}
