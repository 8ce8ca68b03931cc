//! Servers: the real program as a process of its own, and the same code within the test.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant, SystemTime};

use sea_orm::{ConnectionTrait as _, Statement};
use server::app_state::AppState;
use server::clock::Clock;
use server::config::Config;
use server::db::Db;
use server::{maintenance, sample};
use sync_core::time::Timestamp;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::Outcome;

/// Where the program lies that was built beside this test.
pub fn program() -> Outcome<PathBuf> {
    let test = std::env::current_exe()?;
    let beside =
        test.ancestors().skip(1).take(2).map(|folder| folder.join("noaber")).find(|path| path.exists());
    beside.ok_or_else(|| "the program noaber is not built: cargo build --package server".into())
}

/// A sample library in a file is not older than this: what it tells of today must be true.
const SAMPLE_LASTS: Duration = Duration::from_mins(30);

/// Copies the sample library, as of this hour, to this file: filled once by the program for all the servers that begin with it.
fn copy_sample_of_today(to: &Path) -> Outcome {
    let program = program()?;
    let file = program.with_extension("sample.db");
    let lock = std::fs::File::create(program.with_extension("sample.lock"))?;
    lock.lock()?;
    let built = std::fs::metadata(&program)?.modified()?;
    let at = |time: SystemTime| -> Outcome<Timestamp> {
        Ok(Timestamp(i64::try_from(time.duration_since(SystemTime::UNIX_EPOCH)?.as_millis())?))
    };
    let (now, built) = (Clock::Machine.now(), at(built)?);
    let made = std::fs::metadata(&file).and_then(|found| found.modified());
    let made = at(made.unwrap_or(SystemTime::UNIX_EPOCH))?;
    let lasts = now.millis_since(made) < i64::try_from(SAMPLE_LASTS.as_millis())?;
    if made < built || !lasts || made.local_date() != now.local_date() {
        let folder = tempfile::tempdir_in(program.parent().ok_or("a program without a folder")?)?;
        let fresh = folder.path().join("noaber.db");
        let filled = Command::new(&program)
            .arg("sample")
            .env("NOABER_DATABASE", format!("sqlite:{}", fresh.display()))
            .env("NOABER_DATA", folder.path())
            .stdout(Stdio::null())
            .output()?;
        // A database that was closed is one file: what stood beside it would be lost.
        let beside = folder.path().join("noaber.db-wal");
        if !filled.status.success() || std::fs::metadata(beside).is_ok_and(|left| left.len() > 0) {
            return Err(format!("no sample: {}", String::from_utf8_lossy(&filled.stderr)).into());
        }
        std::fs::rename(fresh, &file)?;
    }
    std::fs::copy(&file, to)?;
    Ok(())
}

/// Where the app lies that was built.
#[must_use]
pub fn built_app() -> PathBuf {
    std::env::var_os("NOABER_APP").map_or_else(|| "../var/app".into(), PathBuf::from)
}

/// The real program, on a folder of its own.
#[derive(Debug)]
pub struct Process {
    child: Option<Child>,
    folder: PathBuf,
    database: String,
    port: u16,
    /// The folder of the app that it serves, when it is another one than was built.
    pub app: Option<PathBuf>,
    /// The oldest protocol to which it gives data, when it is another one than the default.
    pub minimum_protocol: Option<u32>,
    /// How its log looks, when it is not for people.
    pub log_format: Option<&'static str>,
}

impl Process {
    /// Starts it with the sample library, on a fresh SQLite file in this folder and a free port.
    pub fn start(folder: &Path) -> Outcome<Self> {
        let file = folder.join("noaber.db");
        copy_sample_of_today(&file)?;
        Self::start_on(folder, &format!("sqlite:{}", file.display()))
    }

    /// Starts it with the sample library on this database.
    pub fn start_on(folder: &Path, database: &str) -> Outcome<Self> {
        // Taken and given back: the server takes it a moment later.
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut process = Self {
            child: None,
            folder: folder.to_owned(),
            database: database.to_owned(),
            port,
            app: None,
            minimum_protocol: None,
            log_format: None,
        };
        process.up()?;
        Ok(process)
    }

    /// Starts it again with the page that tries what needs no screen instead of the app.
    pub fn shows_trial(&mut self) -> Outcome {
        self.stop()?;
        self.app = Some(built_app().with_file_name("trial"));
        self.up()
    }

    /// Its process, while it runs.
    #[must_use]
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// Starts it again, on the same port.
    pub fn up(&mut self) -> Outcome {
        let told = self.folder.join("server.log");
        let log = std::fs::File::options().create(true).append(true).open(&told)?;
        // Its own word for it: on a port that was given back somebody else may listen.
        let listens = || std::fs::read_to_string(&told).map_or(0, |log| log.matches("listening").count());
        let before = listens();
        let app = self.app.clone().unwrap_or_else(built_app);
        // Started by a shell that ignores the signal of a file that may not grow: a write then fails as on a full disk.
        let mut child = Command::new("sh")
            .args(["-c", "trap '' XFSZ; exec \"$0\" serve --sample"])
            .arg(program()?)
            .env("NOABER_LISTEN", format!("127.0.0.1:{}", self.port))
            .env("NOABER_PUBLIC_ADDRESS", self.url())
            .env("NOABER_DATABASE", &self.database)
            .env("NOABER_DATA", &self.folder)
            .env("NOABER_APP", app)
            .envs(self.minimum_protocol.map(|number| ("NOABER_MINIMUM_PROTOCOL", number.to_string())))
            .envs(self.log_format.map(|format| ("NOABER_LOG_FORMAT", format)))
            .env("NOABER_REQUESTS_PER_MINUTE", "6000")
            .env("NOABER_LOG_FILTER", "info,sqlx=warn,sea_orm=warn")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()?;
        let begun = Instant::now();
        while listens() == before {
            let ended = child.try_wait()?.is_some();
            if ended || begun.elapsed() > Duration::from_mins(1) {
                // What does not listen is not left behind.
                let _ = child.kill();
                let _ = child.wait();
                let log = std::fs::read_to_string(self.folder.join("server.log"))?;
                return Err(format!("the server does not listen:\n{log}").into());
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        self.child = Some(child);
        Ok(())
    }

    /// Its address.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Its folder.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// No file may grow beyond this size any more, in bytes; nothing takes the limit away.
    pub fn files_up_to(&self, bytes: Option<u64>) -> Outcome {
        let child = self.child.as_ref().ok_or("the server is not up")?;
        let limit = bytes.map_or_else(|| "unlimited".to_owned(), |bytes| bytes.to_string());
        let status = Command::new("prlimit")
            .args(["--pid", &child.id().to_string(), &format!("--fsize={limit}:unlimited")])
            .status()?;
        if status.success() { Ok(()) } else { Err("prlimit failed".into()) }
    }

    /// Ends it at once: the power is gone.
    pub fn kill(&mut self) -> Outcome {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> Outcome {
        if let Some(mut child) = self.child.take() {
            let status = Command::new("kill").args(["-TERM", &child.id().to_string()]).status()?;
            if !status.success() {
                return Err("the server could not be asked to stop".into());
            }
            child.wait()?;
        }
        Ok(())
    }

    /// Runs another command of the program on the same database; its output.
    pub fn command(&self, arguments: &[&str]) -> Outcome<String> {
        let output = Command::new(program()?)
            .args(arguments)
            .env("NOABER_DATABASE", &self.database)
            .env("NOABER_DATA", &self.folder)
            .output()?;
        if output.status.success() {
            Ok(String::from_utf8(output.stdout)?)
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A failed test leaves no server behind.
        let _ = self.kill();
    }
}

/// The server within the test: the same router on a real socket, with a clock that the test moves.
#[derive(Debug)]
pub struct Within {
    /// What its requests can reach.
    pub state: AppState,
    /// Its clock.
    pub clock: Clock,
    /// Its address.
    pub url: String,
    stop: watch::Sender<bool>,
    served: Option<tokio::task::JoinHandle<std::io::Result<()>>>,
    _folder: tempfile::TempDir,
}

/// A configuration for tests.
pub fn config(folder: &Path, database: &str, address: &str) -> Outcome<Config> {
    let pairs = [
        ("NOABER_SECURITY_CONTACT", "mailto:veilig@voorbeeld.invalid".to_owned()),
        ("NOABER_DATA", folder.display().to_string()),
        ("NOABER_DATABASE", database.to_owned()),
        ("NOABER_PUBLIC_ADDRESS", address.to_owned()),
        ("NOABER_REQUESTS_PER_MINUTE", "60000".to_owned()),
        // What is due is done when a test asks for it, however long the test takes.
        ("NOABER_CLOCK_SECONDS", "3600".to_owned()),
    ];
    Ok(Config::load(None, pairs.map(|(key, value)| (key.to_owned(), value)))?)
}

/// A day on which every test within the process begins: Tuesday 24 November 2026, 9.00 in Amsterdam.
pub const MORNING: Timestamp = Timestamp(1_795_507_200_000);

/// The sample library in a file: filled once by every program of tests, since hundreds of them begin with it.
async fn sample_file(clock: &Clock) -> Outcome<PathBuf> {
    let program = std::env::current_exe()?;
    let built = std::fs::metadata(&program)?.modified()?;
    let file = program.with_extension("sample.db");
    let is_new =
        |path: &Path| std::fs::metadata(path).and_then(|found| found.modified()).is_ok_and(|at| at >= built);
    if !is_new(&file) {
        let folder = tempfile::tempdir_in(program.parent().ok_or("a program without a folder")?)?;
        let db = Db::open(&format!("sqlite:{}", folder.path().join("filled.db").display())).await?;
        maintenance::migrate(&db).await?;
        sample::fill(&db, clock, 1).await?;
        let whole = folder.path().join("whole.db");
        db.write.execute_unprepared(&format!("VACUUM INTO '{}'", whole.display())).await?;
        // Whoever was first, both are the same.
        std::fs::rename(whole, &file)?;
    }
    Ok(file)
}

/// Fills an empty database with the sample library, from the file.
async fn copy_sample(db: &Db, clock: &Clock) -> Outcome {
    let file = sample_file(clock).await?;
    let backend = db.write.get_database_backend();
    // As an address with a mode: else it would be attached in memory too, and be empty.
    let attach = format!("ATTACH DATABASE 'file:{}?mode=ro' AS sample", file.display());
    db.write.execute_unprepared(&attach).await?;
    let tables = "SELECT name FROM sample.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'migrations'";
    for row in db.write.query_all_raw(Statement::from_string(backend, tables)).await? {
        let name: String = row.try_get("", "name")?;
        let copied = format!("INSERT INTO main.\"{name}\" SELECT * FROM sample.\"{name}\"");
        db.write.execute_unprepared(&copied).await?;
    }
    db.write.execute_unprepared("DETACH DATABASE sample").await?;
    Ok(())
}

impl Within {
    /// Starts with the sample library, in memory.
    pub async fn start() -> Outcome<Self> {
        Self::start_on("sqlite::memory:").await
    }

    /// The same, with a mail server that is down: letters stay where a test can read them.
    pub async fn start_without_post() -> Outcome<Self> {
        let down = "smtp://localhost:1?tls=required".to_owned();
        Self::start_as("sqlite::memory:", |config| config.mail_server = down).await
    }

    /// Starts with the sample library on this database.
    pub async fn start_on(database: &str) -> Outcome<Self> {
        Self::start_as(database, |_| {}).await
    }

    /// The same, with something else in the configuration.
    pub async fn start_as(database: &str, change: impl FnOnce(&mut Config)) -> Outcome<Self> {
        let folder = tempfile::tempdir()?;
        let clock = Clock::set(MORNING);
        let db = Db::open(database).await?;
        maintenance::migrate(&db).await?;
        if database == "sqlite::memory:" {
            copy_sample(&db, &clock).await?;
        } else {
            sample::fill(&db, &clock, 1).await?;
        }
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let (stop, stopping) = watch::channel(false);
        let mut config = config(folder.path(), database, &url)?;
        change(&mut config);
        let state = AppState::start(config, db, clock.clone(), stopping.clone())?;
        let served = tokio::spawn(server::run(listener, state.clone(), stopping));
        Ok(Self { state, clock, url, stop, served: Some(served), _folder: folder })
    }

    /// Stops, and waits until everything that was handed in is committed.
    pub async fn stop(&mut self) -> Outcome {
        self.stop.send_replace(true);
        if let Some(served) = self.served.take() {
            served.await??;
        }
        Ok(())
    }
}
