//! `cargo xtask screenshots`: every screen at the size of a phone and of a desk, light and dark; on a phone in English too.

use std::path::{Path, PathBuf};

use tests::Outcome;
use tests::browser::{Browser, DESK, Engine, PHONE, Screen};
use tests::server::Process;
use tests::tour::{ADMINISTRATOR, COORDINATOR, LOCK, Stop, VOLUNTEER, visit};

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
        browser.taps_on("#by-code").await?;
        browser.waits("the field for a code", "!!document.querySelector('#code')").await?;
        album.both_themes(&browser, "aanmelden-code").await?;
        browser.enters(&url, "bezorger").await?;
        for step in LOCK {
            step.reaches(&browser, &url).await?;
            album.both_themes(&browser, step.name()).await?;
        }
        browser.goes(&url).await?;
        album.all(&browser, &url, &VOLUNTEER).await?;
        browser.closes().await?;
        let browser =
            Browser::open(engine, &folder.path().join(format!("marga-{size}")), screen, &url).await?;
        browser.signs_in(&url, "bezorging").await?;
        album.all(&browser, &url, &COORDINATOR).await?;
        browser.closes().await?;
        let browser =
            Browser::open(engine, &folder.path().join(format!("roel-{size}")), screen, &url).await?;
        browser.signs_in(&url, "beheer").await?;
        album.all(&browser, &url, &ADMINISTRATOR).await?;
        browser.closes().await?;
    }
    Ok(())
}

#[tokio::main]
async fn main() -> Outcome {
    let out = std::env::args().nth(1).ok_or("say where the pictures go")?;
    pictures(Path::new(&out)).await
}
