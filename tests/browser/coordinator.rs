//! What a coordinator does, and what reaches her.

use tests::Outcome;
use tests::browser::{Browser, DESK, PHONE};

use crate::stories::delivered;
use crate::story;

/// Tomorrow, as people type it.
async fn tomorrow(browser: &Browser) -> Outcome<String> {
    let day = browser.value("new Date(Date.now() + 864e5).toLocaleDateString('nl-NL')").await?;
    Ok(day.as_str().ok_or("no day")?.to_owned())
}

#[test]
fn a_reader_is_registered_found_and_planned_and_stands_on_the_phone() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.taps("Lezers").await?;
        desk.taps("Nieuwe lezer").await?;
        for (field, text) in [
            ("name", "Mevrouw Proefveld"),
            ("street", "Kaftstraat"),
            ("house_number", "12"),
            ("postcode", "9461 ss"),
            ("place", "Gieten"),
            ("phone", "0592 000 123"),
            ("door_note", "Haar BSN is 111222333."),
        ] {
            desk.types(field, text).await?;
        }
        desk.taps("Bewaren").await?;
        // Refused at the field, in the summary too, and nothing typed is lost.
        desk.sees("Hier lijkt een BSN te staan").await?;
        desk.waits("the focus on what is wrong", "document.activeElement?.id === 'form-errors'").await?;
        desk.waits("the name as typed", "document.querySelector('#name').value === 'Mevrouw Proefveld'")
            .await?;
        desk.types("door_note", "Bel twee keer.").await?;
        desk.taps("Bewaren").await?;
        desk.sees("Bel twee keer.").await?;
        desk.taps("Actief").await?;
        desk.sees_no_more("Aangemeld").await?;
        // Found with a slip of the finger, and by the end of the telephone number.
        desk.types("search", "proefvelt").await?;
        desk.sees("1 lezer").await?;
        desk.types("search", "000123").await?;
        desk.sees("Mevrouw Proefveld").await?;
        desk.goes(&format!("{url}/planning/nieuw")).await?;
        desk.types("name", "Proefronde").await?;
        for (field, text) in [("on", "31"), ("on-month", "feb"), ("on-year", "2027")] {
            desk.types(field, text).await?;
        }
        desk.taps("Plan de ronde").await?;
        desk.sees("Deze datum kan niet").await?;
        desk.waits("the focus on the errors", "document.activeElement?.id === 'form-errors'").await?;
        // A whole date in the first field fills all three.
        let day = tomorrow(&desk).await?;
        desk.types("on", &day).await?;
        let year = day.rsplit('-').next().unwrap_or_default();
        desk.waits(
            "the year in its field",
            &format!("document.querySelector('#on-year').value === '{year}'"),
        )
        .await?;
        desk.taps("Plan de ronde").await?;
        desk.sees("Kies minstens één").await?;
        desk.taps("Anna Hoving").await?;
        desk.taps("Mevrouw Proefveld").await?;
        desk.taps("Plan de ronde").await?;
        desk.sees("Ronde Proefronde").await?;
        desk.sees("Alles is aangekomen").await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.taps("Rooster").await?;
        phone.taps("Proefronde").await?;
        phone.sees("Kaftstraat 12, Gieten").await?;
        phone.sees("Bel twee keer.").await
    })
}

#[test]
fn a_slip_is_said_when_the_field_is_left() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.goes(&format!("{url}/lezers/nieuw")).await?;
        let slips = [
            ("phone", "bel maar", "Vul een telefoonnummer in van minstens 8 cijfers", "0592 000 123"),
            ("postcode", "946 SS", "Vul een postcode in, zoals 9461 AB", "9461 SS"),
            ("max_items", "een paar", "Vul een heel getal in", "3"),
            ("door_note", "Haar BSN is 111222333.", "Hier lijkt een BSN te staan", "Bel twee keer."),
            ("needed_until", "31-13-2027", "Deze datum kan niet", "31-12-2027"),
        ];
        for (field, slip, error, right) in slips {
            desk.types(field, slip).await?;
            desk.sees_no_more(error).await?;
            // On to another field.
            desk.types("contact_name", "Buurvrouw").await?;
            desk.sees(error).await?;
            let aloud = format!("document.querySelector('#{field}-error')?.role === 'alert'");
            desk.waits("the error said aloud", &aloud).await?;
            desk.waits("the focus where it went", "document.activeElement?.id === 'contact_name'").await?;
            desk.waits("no summary of a form that was not sent", "!document.querySelector('#form-errors')")
                .await?;
            desk.types(field, right).await?;
            desk.sees_no_more(error).await?;
        }
        // Who only passes by a field that must be filled in hears nothing yet.
        desk.types("name", "").await?;
        desk.types("contact_name", "Buurvrouw").await?;
        desk.types("phone", "bel maar").await?;
        desk.types("contact_name", "Buurvrouw").await?;
        desk.sees("Vul een telefoonnummer in van minstens 8 cijfers").await?;
        desk.waits("one error and no more", "document.querySelectorAll('p.error').length === 1").await
    })
}

#[test]
fn a_round_is_watched_as_it_goes_and_what_is_being_typed_stays() -> Outcome {
    story(async |stage| {
        let desk = stage.desk_at_shared_round("marga").await?;
        desk.taps_on(".detail-pane li:nth-child(2) button").await?;
        desk.types("bring", "Twee kookboeken").await?;
        let phone = stage.phone_at_shared_round().await?;
        let (_, total) = delivered(&phone).await?;
        phone.taps_on("#delivered").await?;
        // By itself, without a tap at the desk.
        desk.sees(&format!("1 van {total} klaar")).await?;
        desk.waits("what was typed", "document.querySelector('[name=bring]')?.value === 'Twee kookboeken'")
            .await?;
        desk.taps_on(".detail-pane form button[type=submit]").await?;
        // And the other way.
        phone.sees("Twee kookboeken").await
    })
}

#[test]
fn a_worry_is_for_the_coordinator_alone() -> Outcome {
    story(async |stage| {
        const WORRY: &str = "Ze was in de war en at niet";
        let url = stage.server.url();
        let phone = stage.phone_at_shared_round().await?;
        phone.taps_on(".card.current a.button[href*='/adres/']:last-of-type").await?;
        phone.taps("Ik maak me zorgen").await?;
        phone.types("note", WORRY).await?;
        phone.taps("Geef door").await?;
        phone.sees("De coördinator krijgt het te zien").await?;
        phone.sees("Alles is aangekomen").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        desk.sees(WORRY).await?;
        desk.sees("Anna Hoving").await?;
        // Who rides along does not get it, nor does the phone it came from keep it as a document.
        let other = stage.opens("carla", PHONE).await?;
        other.signs_in(&url, "bezorger3").await?;
        assert!(!other.disk_holds("documents", WORRY).await?, "a colleague's phone holds the note");
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await?;
        assert!(!phone.disk_holds("documents", WORRY).await?, "the volunteer's phone keeps the note");
        // Hers is the newest of the two that wait.
        desk.taps_on(".card.signal ~ .card.signal button").await?;
        desk.sees("Opgepakt").await?;
        desk.taps_on(".card.signal ~ .card.signal button").await?;
        desk.sees_no_more(WORRY).await
    })
}

#[test]
fn two_desks_that_change_one_address_apart_are_both_heard() -> Outcome {
    story(async |mut stage| {
        let url = stage.server.url();
        let mut desks = Vec::new();
        for name in ["marga-desk", "marga-laptop"] {
            desks.push(stage.desk_at_shared_round(name).await?);
        }
        stage.server.stop()?;
        for (desk, books) in desks.iter().zip(["Vijf boeken", "Zes boeken"]) {
            desk.taps_on(".detail-pane li:nth-child(1) button").await?;
            desk.types("bring", books).await?;
            desk.taps_on(".detail-pane form button[type=submit]").await?;
            desk.sees("1 bewaard op dit toestel").await?;
        }
        stage.server.up()?;
        for desk in &desks {
            desk.goes(&format!("{url}/ik/verzenden")).await?;
            desk.sees("Alles is aangekomen").await?;
        }
        for desk in &desks {
            desk.taps("Planning").await?;
            desk.taps("Gieten-Samen").await?;
            desk.sees("Twee mensen vulden iets anders in").await?;
            desk.sees("Vijf boeken").await?;
            desk.sees("Zes boeken").await?;
        }
        desks[0].taps("Vijf boeken").await?;
        for desk in &desks {
            desk.sees_no_more("Twee mensen vulden iets anders in").await?;
            desk.sees_no_more("Zes boeken").await?;
        }
        Ok(())
    })
}

#[test]
fn a_round_cancelled_meanwhile_refuses_the_log_and_both_can_see_it() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let phone = stage.phone_at_shared_round().await?;
        phone.network(false).await?;
        phone.taps_on("#delivered").await?;
        phone.sees("1 bewaard op dit toestel").await?;
        let desk = stage.desk_at_shared_round("marga").await?;
        desk.taps("Ronde veranderen").await?;
        desk.types("reason", "Sneeuw op de weg").await?;
        desk.taps("Ronde afgelasten").await?;
        desk.taps("Ja, afgelasten").await?;
        desk.sees("Deze ronde is afgelast. Sneeuw op de weg").await?;
        // Not only at the desk: the library has it before the phone is heard of again.
        desk.sees("Alles is aangekomen").await?;
        phone.network(true).await?;
        phone.goes(&url).await?;
        phone.sees("1 niet aangenomen").await?;
        phone.taps_on(".chip").await?;
        phone.sees("Deze ronde is afgelast.").await?;
        // The coordinator hears of it too, with whose it was.
        desk.taps("Werklijst").await?;
        desk.sees("Anna Hoving: Bezorging").await?;
        desk.taps_on("ul.rows > .item > button").await?;
        desk.sees_no_more("Anna Hoving: Bezorging").await?;
        // Dropped, and taken back in time; then dropped for good.
        phone.taps("Weghalen").await?;
        phone.taps("Ongedaan maken").await?;
        phone.sees("1 niet aangenomen").await?;
        phone.taps("Weghalen").await?;
        phone.sees("Alles is aangekomen").await
    })
}
