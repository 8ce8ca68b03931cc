//! `cargo xtask screenshots`: every screen at the size of a phone and of a desk, light and dark; on a phone in English too.

use std::path::{Path, PathBuf};

use clap::Args;
use tests::Outcome;
use tests::browser::{Browser, DESK, Engine, PHONE, Screen};
use tests::server::Process;
use tests::tour::{
    ADMINISTRATOR, BUDDY, COORDINATOR, LOCK, RECRUITER, Stop, TAALHUIS, VOLUNTEER, states, visit,
};

struct Album {
    out: PathBuf,
    size: &'static str,
}

impl Album {
    async fn both_themes(&self, browser: &Browser, name: &str) -> Outcome {
        for (dark, theme) in [(false, "licht"), (true, "donker")] {
            browser.prefers(dark).await?;
            browser.picture(&self.out.join(format!("{name}-{}-{theme}.png", self.size))).await?;
        }
        browser.prefers(false).await
    }

    async fn all(&self, browser: &Browser, url: &str, screens: &[Stop]) -> Outcome {
        for stop in screens {
            visit(browser, url, stop).await?;
            self.both_themes(browser, stop.name).await?;
        }
        if self.size == "telefoon" { self.in_english(browser, url, screens).await } else { Ok(()) }
    }

    async fn in_english(&self, browser: &Browser, url: &str, screens: &[Stop]) -> Outcome {
        browser.goes(&format!("{url}/ik")).await?;
        browser.taps("English").await?;
        browser.waits("English", "document.documentElement.lang === 'en'").await?;
        for stop in screens {
            visit(browser, url, stop).await?;
            browser.picture(&self.out.join(format!("{}-telefoon-engels.png", stop.name))).await?;
        }
        Ok(())
    }
}

/// Asked for in the place of a sign-in: what is seen while something waits, or was refused.
const STATES: &str = "standen";

/// Who works with which screens: the sign-in and what is looked at.
const PEOPLE: [(&str, &[Stop]); 5] = [
    ("bezorging", &COORDINATOR),
    ("beheer", &ADMINISTRATOR),
    ("vrijwilligers", &RECRUITER),
    ("taalhuis", &TAALHUIS),
    ("taalmaatje", &BUDDY),
];

/// The screens of somebody who comes in, and then of a volunteer.
async fn volunteer(album: &Album, browser: &Browser, url: &str) -> Outcome {
    browser.goes(url).await?;
    browser.sees("Aanmelden").await?;
    album.both_themes(browser, "aanmelden").await?;
    browser.taps_on("#by-code").await?;
    browser.waits("the field for a code", "!!document.querySelector('#code')").await?;
    album.both_themes(browser, "aanmelden-code").await?;
    browser.enters(url, "bezorger").await?;
    for step in LOCK {
        step.reaches(browser, url).await?;
        album.both_themes(browser, step.name()).await?;
    }
    browser.goes(url).await?;
    album.all(browser, url, &VOLUNTEER).await
}

async fn pictures(out: &Path, only: Option<&str>) -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Process::start(folder.path())?;
    let url = server.url();
    let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
    let wanted = |who: &str| only.is_none_or(|only| only == who);
    let sizes: [(&str, Screen); 2] = [("telefoon", PHONE), ("bureau", DESK)];
    for (size, screen) in sizes {
        let album = Album { out: out.to_owned(), size };
        let profile = |who: &str| folder.path().join(format!("{who}-{size}"));
        if wanted("bezorger") {
            let browser = Browser::open(engine, &profile("bezorger"), screen, &url).await?;
            volunteer(&album, &browser, &url).await?;
            browser.closes().await?;
        }
        for (who, screens) in PEOPLE {
            if wanted(who) {
                let browser = Browser::open(engine, &profile(who), screen, &url).await?;
                browser.signs_in(&url, who).await?;
                album.all(&browser, &url, screens).await?;
                browser.closes().await?;
            }
        }
    }
    if wanted(STATES) {
        let open = async |who: &str, screen| {
            let browser =
                Browser::open(engine, &folder.path().join(format!("{who}-{STATES}")), screen, &url).await?;
            browser.signs_in(&url, who).await?;
            Outcome::Ok(browser)
        };
        let (phone, desk) = (open("bezorger", PHONE).await?, open("bezorging", DESK).await?);
        let on_phone = Album { out: out.to_owned(), size: "telefoon" };
        let at_desk = Album { out: out.to_owned(), size: "bureau" };
        states(&phone, &desk, &url, async |browser, name| {
            let album = if std::ptr::eq(browser, &raw const phone) { &on_phone } else { &at_desk };
            album.both_themes(browser, name).await
        })
        .await?;
    }
    Ok(())
}

#[derive(Args)]
pub(crate) struct Arguments {
    /// Where the pictures go.
    out: PathBuf,
    /// Of whom, by sign-in, or `standen` for what waits or was refused; of everybody when nothing is said.
    who: Option<String>,
}

pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    pictures(&arguments.out, arguments.who.as_deref()).await
}
