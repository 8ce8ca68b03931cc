//! What every request can reach.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use sync_core::ids::DeviceId;
use sync_core::problem::ProblemKind;
use sync_core::time::{LocalDate, Timestamp};
use tokio::sync::{Notify, watch};
use tokio_util::task::TaskTracker;
use webauthn_rs::Webauthn;

use crate::after_restore::{self, Gone};
use crate::auth::master_key::MasterKey;
use crate::auth::password::Passwords;
use crate::auth::token::{KeyError, Keys};
use crate::clock::Clock;
use crate::config::Config;
use crate::db::Db;
use crate::mail::{self, Post, PostError};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::refused_requests::Watch;
use crate::reminders;
use crate::retention::{self, Due, Terms};
use crate::sync::anew;
use crate::sync::live::{self, Bell, Tickets};
use crate::sync::writer::Writer;
use crate::{audit, auth};

/// What every request can reach. Cheap to clone.
#[derive(Clone, Debug)]
pub struct AppState {
    /// The configuration.
    pub config: Arc<Config>,
    /// The database.
    pub db: Db,
    /// The clock.
    pub clock: Clock,
    /// The signing key.
    pub keys: Arc<Keys>,
    /// The key of the installation, which opens the keys of its organisations.
    pub master: MasterKey,
    /// The house as passkeys know it; none where its address is no name.
    pub passkeys: Option<Arc<Webauthn>>,
    /// The queue for passwords.
    pub passwords: Passwords,
    /// Where commands are handed in.
    pub writer: Writer,
    /// Rings when there is news.
    pub bell: Bell,
    /// Tickets for the live connection.
    pub tickets: Tickets,
    /// Where mail goes.
    pub post: Post,
    /// Tells that a letter waits for which somebody sits waiting: it goes at once, not at the next turn of the clock.
    pub hurry: Arc<Notify>,
    /// What `/metrics` tells.
    pub metrics: Metrics,
    /// How many requests each device sent.
    pub requests: Requests,
    /// Who was refused something lately.
    pub watch: Watch,
    /// Turns true when the server stops.
    pub stop: watch::Receiver<bool>,
    /// What must end before the server does.
    pub tasks: TaskTracker,
}

/// Why the server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// No signing key.
    #[error("the server cannot sign tokens")]
    Keys(#[from] KeyError),
    /// No passwords.
    #[error("the server cannot hash passwords")]
    Passwords,
    /// No mail.
    #[error("the server cannot send mail")]
    Post(#[from] PostError),
}

impl AppState {
    /// Starts the tasks of a server; `stop` ends them.
    pub fn start(
        config: Config,
        db: Db,
        clock: Clock,
        stop: watch::Receiver<bool>,
    ) -> Result<Self, StartError> {
        let tasks = TaskTracker::new();
        let bell = Bell::default();
        let keys = Arc::new(Keys::load(&config.data)?);
        let master = MasterKey::load(&config.data).map_err(KeyError::from)?;
        let passwords = Passwords::new().map_err(|_| StartError::Passwords)?;
        let writer = Writer::start(db.clone(), clock.clone(), bell.clone(), stop.clone(), &tasks);
        if db.is_postgres() {
            let pool = db.read.get_postgres_connection_pool().clone();
            tasks.spawn(live::listen_to_nodes(pool, bell.clone(), stop.clone()));
        }
        let post = Post::new(&config)?;
        let passkeys = auth::passkey::house(&config).map(Arc::new);
        Ok(Self {
            config: Arc::new(config),
            db,
            clock,
            keys,
            master,
            passkeys,
            passwords,
            writer,
            bell,
            tickets: Tickets::default(),
            post,
            hurry: Arc::default(),
            metrics: Metrics::default(),
            requests: Requests::default(),
            watch: Watch::default(),
            stop,
            tasks,
        })
    }

    /// Looks now and then for grants that start or end, so that phones hear of it without asking.
    pub async fn run_clock(self) {
        let every = std::time::Duration::from_secs(u64::from(self.config.clock_seconds));
        let mut turns = tokio::time::interval_at(tokio::time::Instant::now() + every, every);
        let mut stop = self.stop.clone();
        let mut forgot_on = None;
        let mut gone = None;
        let mut erased = None;
        loop {
            let is_letter = tokio::select! {
                _ = turns.tick() => false,
                () = self.hurry.notified() => true,
                _ = stop.wait_for(|stopped| *stopped) => return,
            };
            if is_letter {
                if let Err(problem) = mail::send_due(&self.db, &self.post, self.clock.now()).await {
                    tracing::warn!(problem = problem.kind().slug(), "mail had to wait");
                }
                continue;
            }
            if let Err(problem) = self.turn_clocks().await {
                tracing::warn!(problem = problem.kind().slug(), "the clock could not turn; trying again");
            }
            if let Err(problem) = self.housekeep().await {
                tracing::warn!(problem = problem.kind().slug(), "mail or audit log had to wait");
            }
            if let Err(problem) = self.forgets(&mut forgot_on, &mut erased, &mut gone).await {
                tracing::warn!(problem = problem.kind().slug(), "what is over had to stay for now");
            }
        }
    }

    /// Sends the mail that is due, and numbers the newest lines of the audit log.
    pub async fn housekeep(&self) -> Result<(), Problem> {
        for id in retention::organisations(&self.db.read).await? {
            while audit::seal(&self.db, id).await? > 0 {}
            reminders::write_due(self, id).await?;
        }
        mail::send_due(&self.db, &self.post, self.clock.now()).await?;
        Ok(())
    }

    /// Once a day, and at the start: what was kept long enough goes. And whatever was erased leaves the files.
    async fn forgets(
        &self,
        forgot_on: &mut Option<LocalDate>,
        erased: &mut Option<u64>,
        gone: &mut Option<Gone>,
    ) -> Result<(), Problem> {
        let now = self.clock.now();
        after_restore::note(&self.db, &self.config.data, gone).await?;
        if *forgot_on != Some(now.local_date()) {
            for id in retention::organisations(&self.db.read).await? {
                let terms = Terms::of(&self.db.read, &self.config, id).await?;
                let due = retention::erase(&self.db, id, terms, now).await?;
                if due != Due::default() {
                    tracing::info!(organisation = %id, readers = due.readers.len(), people = due.people.len(), mails = due.mails, "kept long enough");
                    self.bell.ring(id);
                }
            }
            auth::tries::sweep(&self.db.write, now).await?;
            auth::session::sweep(&self.db.write, now).await?;
            *forgot_on = Some(now.local_date());
            self.post.sweep(&self.db).await.map_err(Problem::failure)?;
        }
        for id in retention::organisations(&self.db.read).await? {
            if anew::write_due(&self.db, id, now).await? > 0 {
                *erased = None;
                self.bell.ring(id);
            }
        }
        let count = retention::erased(&self.db.read).await?;
        if erased.replace(count) != Some(count) {
            retention::overwrite(&self.db).await?;
        }
        Ok(())
    }

    async fn turn_clocks(&self) -> Result<(), Problem> {
        for id in retention::organisations(&self.db.read).await? {
            if crate::sync::grants::any_due(&self.db.read, id, self.clock.now()).await? {
                self.writer.turn_clock(id).await?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, Debug, Default)]
struct Counter {
    minute: i64,
    count: u32,
    contact_at: i64,
}

/// A flood guard per device and node: requests in this minute and the one before.
#[derive(Clone, Debug, Default)]
pub struct Requests {
    counters: Arc<Mutex<BTreeMap<DeviceId, Counter>>>,
}

impl Requests {
    /// Counts a request; refuses when the device has sent twice its minute's share without a pause.
    pub fn count(&self, device: DeviceId, now: Timestamp, per_minute: u32) -> Result<(), Problem> {
        let minute = now.as_millis().div_euclid(60_000);
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        if counters.len() > 100_000 {
            counters.retain(|_, counter| counter.minute >= minute - 10);
        }
        let counter = counters.entry(device).or_default();
        if counter.minute != minute {
            // What was not used in quiet minutes is the burst.
            let passed = u32::try_from(minute - counter.minute).unwrap_or(u32::MAX);
            counter.count = counter.count.saturating_sub(per_minute.saturating_mul(passed));
            counter.minute = minute;
        }
        if counter.count >= per_minute.saturating_mul(2) {
            let left = 60 - now.as_millis().rem_euclid(60_000) / 1_000;
            return Err(
                Problem::new(ProblemKind::TooManyRequests).retry_after(u64::try_from(left).unwrap_or(60))
            );
        }
        counter.count += 1;
        Ok(())
    }

    /// Whether the last written contact of a device is older than this; if so it is now.
    #[must_use]
    pub fn contact_is_old(&self, device: DeviceId, now: i64, older_than: i64) -> bool {
        let mut counters = self.counters.lock().unwrap_or_else(PoisonError::into_inner);
        let counter = counters.entry(device).or_default();
        let old = now - counter.contact_at >= older_than;
        if old {
            counter.contact_at = now;
        }
        old
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_device_has_a_burst_and_gets_it_back_after_a_pause() {
        let requests = Requests::default();
        let device = DeviceId(Uuid::from_u128(1));
        let start = Timestamp(1_790_000_000_000);
        let sent = (0..10).filter(|_| requests.count(device, start, 3).is_ok()).count();
        assert_eq!(sent, 6);
        assert!(requests.count(device, start.plus_millis(120_000), 3).is_ok());
    }
}
