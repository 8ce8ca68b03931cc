//! What people do, in a real browser, on the real program: with the server really stopped, the app really closed.

mod coordinator;
mod faults;
mod golden;
mod people;
mod screens;
mod stories;

use std::path::PathBuf;
use std::sync::OnceLock;

use tests::Outcome;
use tests::browser::{Browser, Engine, Screen};
use tests::server::Process;

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
