//! The golden paths: how many taps each takes. How long an act takes is a figure, and stands in `cargo xtask bench start`.

use tests::Outcome;
use tests::browser::PHONE;

use crate::stories::delivered;
use crate::story;

#[test]
fn a_visit_takes_one_tap_and_not_home_two_and_the_kilometres_two() -> Outcome {
    story(async |stage| {
        let phone = stage.phone_on_the_road().await?;
        let (_, total) = delivered(&phone).await?;
        // Delivered: one tap, and one to take it back.
        let before = phone.taken();
        phone.taps_on("#delivered").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        assert_eq!(phone.taken() - before, 1);
        phone.sees("Bezorgd:").await?;
        phone.taps("Ongedaan maken").await?;
        phone.sees(&format!("0 van {total} klaar")).await?;
        // Not home: two.
        let before = phone.taken();
        phone.taps("Niet gelukt").await?;
        phone.taps("Niet thuis").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        assert_eq!(phone.taken() - before, 2);
        // It was somebody else's bell: corrected later the same day.
        phone.taps_on(".rows a[href*='/adres/']").await?;
        phone.taps("Verbeteren").await?;
        phone.taps("Bezorgd aan huisgenoot").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.sees("Bezorgd aan huisgenoot of medewerker").await?;
        // Taken back, it is as it was before the correction: the visit is not gone.
        phone.taps("Ongedaan maken").await?;
        phone.sees("Niet thuis").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        // Kilometres: two, filled in from the round before.
        let before = phone.taken();
        phone.taps("Kilometers noteren").await?;
        phone.waits("kilometres filled in", "document.querySelector('#kilometres')?.value > ''").await?;
        phone.taps("Bewaren").await?;
        phone.sees("Bewaard:").await?;
        assert_eq!(phone.taken() - before, 2);
        phone.sees("Alles is aangekomen").await
    })
}

#[test]
fn a_double_tap_is_one_visit_and_a_correction_keeps_what_was_told() -> Outcome {
    story(async |stage| {
        let phone = stage.phone_on_the_road().await?;
        let (_, total) = delivered(&phone).await?;
        // The finger comes down twice: by then the next address lies under it.
        let twice = "(() => {
            const tap = () => document.querySelector('#delivered')?.click();
            tap();
            setTimeout(tap, 60);
            setTimeout(tap, 200);
            setTimeout(() => { window.tapped = true; }, 900);
            return true;
        })()";
        phone.value(twice).await?;
        phone.waits("the second tap", "window.tapped === true").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        // Books and a wish are told, and a slip in the outcome is put right: they stay.
        phone.taps_on(".rows a[href*='/adres/']").await?;
        phone.taps_on("a[href$='/meer']").await?;
        phone.types("items_out", "3").await?;
        phone.types("wish", "Graag grote letters").await?;
        phone.taps_on("main form button[type=submit]").await?;
        phone.sees("Bewaard").await?;
        phone.taps_on(".rows a[href*='/adres/']").await?;
        phone.taps("Verbeteren").await?;
        phone.taps("Bezorgd aan huisgenoot").await?;
        phone.sees(&format!("1 van {total} klaar")).await?;
        phone.taps_on(".rows a[href*='/adres/']").await?;
        phone.sees("Graag grote letters").await?;
        phone.sees("3 ").await?;
        phone.closes().await
    })
}

#[test]
fn an_own_order_is_dragged_or_tapped_and_remembered() -> Outcome {
    story(async |mut stage| {
        const NAMES: &str = "[...document.querySelectorAll('.sortable b')].map((one) => one.innerText)";
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        phone.taps("Volgorde").await?;
        phone.sees("Sleep een adres").await?;
        let before = phone.value(NAMES).await?;
        let names = before.as_array().ok_or("no names")?.clone();
        stage.server.stop()?;
        phone.drags(".sortable li:nth-child(1) .handle", ".sortable li:nth-child(3)").await?;
        let third = format!("{NAMES}[2] === {}", names[0]);
        phone.waits("the first address on the third place", &third).await?;
        phone.sees("1 bewaard op dit toestel").await?;
        // And one place up with the keyboard, as who cannot drag does.
        phone.presses_enter_on(".sortable li:nth-child(3) button").await?;
        let second = format!("{NAMES}[1] === {}", names[0]);
        phone.waits("the address on the second place", &second).await?;
        phone.sees("2 bewaard op dit toestel").await?;
        phone.closes().await?;
        let phone = stage.opens("anna", PHONE).await?;
        phone.goes(&url).await?;
        phone.taps("Volgorde").await?;
        phone.waits("the order of before", &second).await?;
        stage.server.up()?;
        phone.goes(&url).await?;
        phone.sees("Alles is aangekomen").await
    })
}
