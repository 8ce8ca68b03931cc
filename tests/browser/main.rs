//! What people do, in a real browser, on the real program: with the server really stopped, the app really closed.

mod coordinator;
mod faults;
mod golden;
mod import;
mod install;
mod lock;
mod people;
mod proof;
mod road;
mod screens;
mod stories;
mod taalhuis;
mod two_apps;
mod volunteers;

use std::path::PathBuf;
use std::sync::OnceLock;

use tests::browser::{Browser, DESK, Engine, PATIENCE, PHONE, Screen};
use tests::server::{Process, built_app};
use tests::tour::{to_shared_round, to_shared_round_at_desk};
use tests::{Outcome, until};

/// One browser story at a time: on two processors they disturb each other.
static TURN: OnceLock<tokio::sync::Mutex<()>> = OnceLock::new();

/// Whether this run leaves the browsers out: the inner loop only.
fn quick() -> bool {
    std::env::var_os("TEST_QUICK").is_some()
}

/// A server, a folder for profiles, and an engine.
struct Stage {
    server: Process,
    folder: tempfile::TempDir,
    engine: Engine,
    _turn: tokio::sync::MutexGuard<'static, ()>,
}

impl Stage {
    async fn new() -> Outcome<Self> {
        let turn = TURN.get_or_init(Default::default).lock().await;
        let folder = tempfile::tempdir()?;
        let server = Process::start(folder.path())?;
        let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
        Ok(Self { server, folder, engine, _turn: turn })
    }

    fn profile(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    async fn opens(&self, name: &str, screen: Screen) -> Outcome<Browser> {
        Browser::open(self.engine, &self.profile(name), screen, &self.server.url()).await
    }
}

impl Stage {
    /// Serves a copy of the app from now on, so that a newer version can be put there; its folder.
    fn serves_a_copy(&mut self) -> Outcome<PathBuf> {
        let app = self.folder.path().join("app");
        faults::copy(&built_app(), &app)?;
        self.server.stop()?;
        self.server.app = Some(app.clone());
        self.server.up()?;
        Ok(app)
    }

    /// Anna's phone with her round of today on it, ready to go.
    async fn phone_on_the_road(&self) -> Outcome<Browser> {
        let phone = self.opens("anna", PHONE).await?;
        phone.signs_in(&self.server.url(), "bezorger").await?;
        phone.sees("Staat klaar op deze telefoon").await?;
        Ok(phone)
    }

    /// Anna's phone at the round that she rides with a colleague.
    async fn phone_at_shared_round(&self) -> Outcome<Browser> {
        let phone = self.opens("anna", PHONE).await?;
        phone.signs_in(&self.server.url(), "bezorger").await?;
        to_shared_round(&phone).await?;
        Ok(phone)
    }

    /// A desk of the coordinator, at the same round.
    async fn desk_at_shared_round(&self, name: &str) -> Outcome<Browser> {
        let desk = self.opens(name, DESK).await?;
        desk.signs_in(&self.server.url(), "bezorging").await?;
        to_shared_round_at_desk(&desk).await?;
        Ok(desk)
    }

    /// What is not sent, saved as a file by the button on this screen.
    async fn saves_outbox(&self, phone: &Browser) -> Outcome<PathBuf> {
        let folder = self.folder.path().join("saved");
        phone.saves_to(&folder).await?;
        phone.taps("Bewaar als bestand").await?;
        until("the saved file", PATIENCE, async || {
            let mut files = std::fs::read_dir(&folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
            files.find(|path| path.extension().is_some_and(|ending| ending == "noaber"))
        })
        .await
    }
}

/// At a desk where somebody's card is open, lets that person in on this phone with a code: two taps on each side.
async fn lets_in(desk: &Browser, phone: &Browser) -> Outcome {
    desk.taps_on("#show-code").await?;
    desk.sees("Lees deze code voor").await?;
    let code = desk.value("document.querySelector('#code').innerText").await?;
    phone.taps_on("#by-code").await?;
    phone.types("code", code.as_str().unwrap_or_default()).await?;
    phone.taps("Verder").await?;
    phone.sees("Zeg deze cijfers tegen je coördinator").await?;
    let digits = phone.value("document.querySelector('#digits').innerText").await?;
    desk.sees("Welke cijfers staan er op").await?;
    desk.taps_just(digits.as_str().unwrap_or_default()).await
}

/// Runs a story to its end, on its own runtime.
fn story(tell: impl AsyncFnOnce(Stage) -> Outcome) -> Outcome {
    if quick() {
        return Ok(());
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    runtime.block_on(async {
        let stage = Stage::new().await?;
        tell(stage).await
    })
}
