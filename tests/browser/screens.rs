//! Every screen, in both themes and languages: what axe finds, and whether it holds when the letters are twice as large.

use serde_json::json;
use tests::Outcome;
use tests::api::Program;
use tests::browser::{Browser, DESK, PHONE, Screen};
use tests::tour::{
    ADMINISTRATOR, BUDDY, COORDINATOR, LOCK, RECRUITER, Stop, TAALHUIS, VOLUNTEER, states, visit,
};

use crate::story;

/// Chooses a language, as the button on the screen for signing in does.
async fn speaks(browser: &Browser, site: &str, language: &str) -> Outcome {
    browser.goes(&format!("{site}/ik")).await?;
    browser.waits("the choice of a language", "!!document.querySelector('main fieldset')").await?;
    browser.taps(if language == "en" { "English" } else { "Nederlands" }).await?;
    browser.waits("the language", &format!("document.documentElement.lang === {}", json!(language))).await
}

/// A word in the bar at the top that lies over its neighbour. Line by line: the box around a text that goes on in a second
/// line also holds what stands before it in the first.
const COVERED: &str = "(() => { const parts = [...document.querySelectorAll('.top .chip b, .top .chip small, .top .top-link')]; \
    const lines = parts.flatMap((part) => [...part.getClientRects()].filter((line) => line.width > 0).map((line) => [part, line])); \
    const over = lines.find(([one, a]) => lines.some(([other, b]) => one !== other && \
    a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)); \
    return over ? 'covered: ' + over[0].outerHTML.slice(0, 160) : null; })()";

/// What sticks out at the side of the page, or of a part of it that scrolls by itself.
const OUT: &str = "(() => { const frames = [document.documentElement, ...document.querySelectorAll('main, .pane')]; \
    const frame = frames.find((one) => one.clientWidth > 0 && one.scrollWidth > one.clientWidth + 1); \
    if (!frame) return null; \
    const wide = frame.getBoundingClientRect().left + frame.clientWidth; \
    const out = [...frame.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().right > wide + 1); \
    return out.slice(0, 3).map((one) => one.outerHTML.slice(0, 160)).join('\\n') || frame.tagName; })()";

/// What stands in the margin of the part of the page that it is in.
const IN_MARGIN: &str = "(() => { for (const frame of document.querySelectorAll('main, .list-pane, .detail-pane')) { \
    const own = getComputedStyle(frame); \
    const wide = frame.getBoundingClientRect().left + frame.clientLeft + frame.clientWidth - parseFloat(own.paddingRight); \
    const placed = (one) => one !== frame && (['fixed', 'absolute', 'sticky'].includes(getComputedStyle(one).position) || placed(one.parentElement)); \
    const out = [...frame.querySelectorAll('*')].filter((one) => one.getBoundingClientRect().width > 0 \
        && one.getBoundingClientRect().right > wide + 5 && !placed(one)); \
    if (out.length) return 'in the margin: ' + out.slice(0, 3).map((one) => one.outerHTML.slice(0, 160)).join('\\n'); } \
    return null; })()";

/// What sticks out at the side: as it is, or when a letter is twice as large as the browser's own 16 px.
async fn sticks_out(browser: &Browser) -> Outcome<Option<String>> {
    let mut wrong = None;
    for size in ["", "200%"] {
        browser.value(&format!("document.documentElement.style.fontSize = '{size}'")).await?;
        for question in [OUT, IN_MARGIN, COVERED] {
            if let Some(found) = browser.value(question).await?.as_str() {
                wrong.get_or_insert_with(|| format!("{size} {found}"));
            }
        }
    }
    browser.value("document.documentElement.style.fontSize = ''").await?;
    Ok(wrong)
}

fn axe_source() -> Outcome<String> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/browser/node_modules/axe-core/axe.min.js");
    Ok(std::fs::read_to_string(path)?)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_the_lock() -> Outcome {
    story(async |stage| {
        let axe = axe_source()?;
        let url = stage.server.url();
        let mut wrong = Vec::new();
        for language in ["nl", "en"] {
            let phone = stage.opens(language, PHONE).await?;
            phone.visits(&url).await?;
            phone.taps(if language == "en" { "English" } else { "Nederlands" }).await?;
            phone.enters(&url, "bezorger").await?;
            for step in LOCK {
                step.reaches(&phone, &url).await?;
                let found = phone.axe(&axe).await?;
                wrong.extend(found.into_iter().map(|found| format!("{step:?}, {language}, {found}")));
                if let Some(out) = sticks_out(&phone).await? {
                    wrong.push(format!("{step:?}, {language}: sticks out: {out}"));
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

fn no_violations(who: &'static str, screens: &'static [Stop], screen: Screen) -> Outcome {
    story(async |stage| {
        let axe = axe_source()?;
        let url = stage.server.url();
        let browser = stage.opens(who, screen).await?;
        browser.goes(&url).await?;
        browser.sees("Aanmelden").await?;
        let mut wrong = browser.axe(&axe).await?;
        browser.signs_in(&url, who).await?;
        for language in ["nl", "en"] {
            speaks(&browser, &url, language).await?;
            for stop in screens {
                visit(&browser, &url, stop).await?;
                let found = browser.axe(&axe).await?;
                wrong.extend(found.into_iter().map(|found| format!("{}, {language}, {found}", stop.name)));
                if let Some(out) = sticks_out(&browser).await? {
                    wrong.push(format!("{}, {language}: sticks out: {out}", stop.name));
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

#[test]
fn axe_finds_nothing_where_something_waits_or_was_refused() -> Outcome {
    story(async |stage| {
        let axe = axe_source()?;
        let url = stage.server.url();
        let phone = stage.opens("anna", PHONE).await?;
        phone.signs_in(&url, "bezorger").await?;
        let desk = stage.opens("marga", DESK).await?;
        desk.signs_in(&url, "bezorging").await?;
        let mut wrong = Vec::new();
        states(&phone, &desk, &url, async |browser, name| {
            let found = browser.axe(&axe).await?;
            wrong.extend(found.into_iter().map(|found| format!("{name}, {found}")));
            if let Some(out) = sticks_out(browser).await? {
                wrong.push(format!("{name}: sticks out: {out}"));
            }
            Ok(())
        })
        .await?;
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_coordinator_of_volunteers() -> Outcome {
    no_violations("vrijwilligers", &RECRUITER, DESK)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_volunteer() -> Outcome {
    no_violations("bezorger", &VOLUNTEER, PHONE)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_coordinator() -> Outcome {
    no_violations("bezorging", &COORDINATOR, DESK)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_an_administrator() -> Outcome {
    no_violations("beheer", &ADMINISTRATOR, DESK)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_taalhuis() -> Outcome {
    no_violations("taalhuis", &TAALHUIS, DESK)
}

#[test]
fn axe_finds_nothing_on_the_screens_of_a_buddy() -> Outcome {
    no_violations("taalmaatje", &BUDDY, PHONE)
}

/// The page on which anybody registers, without the app: in each of its languages, with an answer that it does not take.
#[test]
fn axe_finds_nothing_on_the_page_for_registering() -> Outcome {
    story(async |stage| {
        let axe = axe_source()?;
        let url = stage.server.url();
        let tineke = Program::sign_in(&url, "taalhuis").await?;
        let branch = tineke.signed_in["user"]["roles"][0]["branch"].as_str().ok_or("no branch")?.to_owned();
        let phone = stage.opens("anybody", PHONE).await?;
        let mut wrong = Vec::new();
        for language in ["nl", "en", "ar", "ti", "uk"] {
            phone.visits(&format!("{url}/aanmelden/{branch}?taal={language}")).await?;
            phone
                .waits("the language", &format!("document.documentElement.lang === {}", json!(language)))
                .await?;
            for part in ["empty", "refused"] {
                let found = phone.axe(&axe).await?;
                wrong.extend(found.into_iter().map(|found| format!("{part}, {language}, {found}")));
                if let Some(out) = sticks_out(&phone).await? {
                    wrong.push(format!("{part}, {language}: sticks out: {out}"));
                }
                phone.value("document.querySelector('form').noValidate = true").await?;
                phone.types("naam", "Quaddira").await?;
                phone.types("telefoon", "geen").await?;
                phone.taps_on("form button[type=submit]").await?;
                phone.waits("what is wrong", "document.activeElement.matches('.error')").await?;
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}

#[test]
fn the_screens_of_staff_hold_on_a_phone() -> Outcome {
    story(async |stage| {
        let url = stage.server.url();
        let mut wrong = Vec::new();
        let staff =
            [("bezorging", &COORDINATOR[..]), ("beheer", &ADMINISTRATOR[..]), ("taalhuis", &TAALHUIS[..])];
        for (who, stops) in staff {
            let phone = stage.opens(who, PHONE).await?;
            phone.signs_in(&url, who).await?;
            for stop in stops {
                visit(&phone, &url, stop).await?;
                if let Some(out) = sticks_out(&phone).await? {
                    wrong.push(format!("{}: {out}", stop.name));
                }
            }
        }
        if wrong.is_empty() { Ok(()) } else { Err(wrong.join("\n").into()) }
    })
}
