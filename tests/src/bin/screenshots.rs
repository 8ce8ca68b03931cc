//! `cargo xtask screenshots`: every screen at the size of a phone and of a desk, light and dark.

use std::path::{Path, PathBuf};

use tests::Outcome;
use tests::browser::{Browser, DESK, Engine, PHONE, Screen};
use tests::server::Process;

/// A screen: its name, its address, and the text by which it is known.
type Picture = (&'static str, &'static str, &'static str);

const VOLUNTEER: [Picture; 6] = [
    ("vandaag", "/", "Vandaag"),
    ("uren", "/uren", "Mijn uren"),
    ("rooster", "/rooster", "Rooster"),
    ("ik", "/ik", "Zo zie ik het graag"),
    ("verzenden", "/ik/verzenden", "Wacht op verzenden"),
    ("hulp", "/hulp", "Goed om te weten"),
];
const COORDINATOR: [Picture; 6] = [
    ("werklijst", "/", "Werklijst"),
    ("lezers", "/lezers", "Lezers"),
    ("lezer-nieuw", "/lezers/nieuw", "Nieuwe lezer"),
    ("planning", "/planning", "Planning"),
    ("ronde-plannen", "/planning/nieuw", "Wie is aan de beurt?"),
    ("overzicht", "/overzicht", "Bezoeken per week"),
];

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

    async fn all(&self, browser: &Browser, url: &str, screens: &[Picture]) -> Outcome {
        for (name, path, known_by) in screens {
            browser.goes(&format!("{url}{path}")).await?;
            browser.sees(known_by).await?;
            browser.sees("Alles is aangekomen").await?;
            self.both_themes(browser, name).await?;
        }
        Ok(())
    }

    /// The screens that are reached by tapping.
    async fn volunteer(&self, browser: &Browser, url: &str) -> Outcome {
        browser.goes(url).await?;
        browser.sees("Staat klaar").await?;
        browser.taps_on(".card.current a.button[href*='/adres/']:last-of-type").await?;
        browser.sees("Ik maak me zorgen").await?;
        self.both_themes(browser, "adres").await?;
        browser.taps("Niet gelukt").await?;
        browser.sees("Toch gelukt").await?;
        self.both_themes(browser, "niet-gelukt").await?;
        browser.goes(url).await?;
        browser.taps("Volgorde").await?;
        browser.sees("Sleep een adres").await?;
        self.both_themes(browser, "volgorde").await?;
        browser.goes(url).await?;
        browser.taps("Kilometers noteren").await?;
        browser.sees("Hoeveel kilometer").await?;
        self.both_themes(browser, "kilometers").await?;
        browser.goes(&format!("{url}/zorgen/onveilig/geen")).await?;
        browser.sees("In nood").await?;
        self.both_themes(browser, "niet-veilig").await
    }

    async fn coordinator(&self, browser: &Browser, url: &str) -> Outcome {
        browser.goes(&format!("{url}/lezers")).await?;
        browser.taps("Mevrouw Kuipers").await?;
        browser.sees("Laatste bezoeken").await?;
        self.both_themes(browser, "lezer").await?;
        browser.goes(&format!("{url}/planning")).await?;
        browser.taps("Gieten-Samen").await?;
        browser.sees("Ronde veranderen").await?;
        self.both_themes(browser, "ronde-live").await
    }
}

async fn pictures(out: &Path) -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Process::start(folder.path())?;
    let url = server.url();
    let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
    let sizes: [(&str, Screen); 2] = [("telefoon", PHONE), ("bureau", DESK)];
    for (size, screen) in sizes {
        let album = Album { out: out.to_owned(), size };
        let browser =
            Browser::open(engine, &folder.path().join(format!("anna-{size}")), screen, &url).await?;
        browser.goes(&url).await?;
        browser.sees("Aanmelden").await?;
        album.both_themes(&browser, "aanmelden").await?;
        browser.signs_in(&url, "bezorger").await?;
        album.all(&browser, &url, &VOLUNTEER).await?;
        album.volunteer(&browser, &url).await?;
        browser.closes().await?;
        let browser =
            Browser::open(engine, &folder.path().join(format!("marga-{size}")), screen, &url).await?;
        browser.signs_in(&url, "bezorging").await?;
        album.all(&browser, &url, &COORDINATOR).await?;
        album.coordinator(&browser, &url).await?;
        browser.closes().await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome {
    let out = std::env::args().nth(1).ok_or("say where the pictures go")?;
    pictures(Path::new(&out)).await
}
