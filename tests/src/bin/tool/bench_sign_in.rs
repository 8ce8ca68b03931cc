//! `cargo xtask bench sign-in`: how many people come in per second with a password at its full cost, how long the slowest waits,
//! and whether the exchange of those who are in suffers from it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use tests::Outcome;
use tests::api::{PASSWORD, Program, knock};
use tests::postgres::Cluster;
use tests::server::Within;

/// So many people knock at once, over and over.
const KNOCKING: usize = 8;
/// For so long.
const LASTS: Duration = Duration::from_secs(10);
/// Phones that exchange meanwhile, in turn.
const PHONES: usize = 8;
/// Between two exchanges.
const PAUSE: Duration = Duration::from_millis(20);

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    json: bool,
}

struct Row {
    name: &'static str,
    times: Vec<f64>,
    seconds: f64,
}

impl Row {
    fn at(&self, of_hundred: usize) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times
            .get((times.len() * of_hundred / 100).min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or_default()
    }

    #[expect(clippy::print_stdout, reason = "what was asked for")]
    fn told(&self, database: &str, in_json: bool) {
        let count = u32::try_from(self.times.len()).unwrap_or(u32::MAX);
        let (median, p99, rate) = (self.at(50), self.at(99), f64::from(count) / self.seconds);
        if in_json {
            let line = json!({ "bench": "sign-in", "row": self.name, "ms": median, "p99_ms": p99, "per_second": rate,
                "count": count, "database": database });
            println!("{line}");
        } else {
            println!(
                "{:<24} {database:<9} {median:>8.1} ms  {p99:>8.1} ms at 99 %  {rate:>7.1} a second",
                self.name
            );
        }
    }
}

/// Phones exchange in turn, with nothing new, until it is over.
async fn exchanges(name: &'static str, phones: &mut [Program], over: &AtomicBool) -> Outcome<Row> {
    let begun = Instant::now();
    let mut times = Vec::new();
    let mut turn = 0;
    while !over.load(Ordering::Relaxed) {
        let index = turn % phones.len();
        let at = Instant::now();
        phones[index].sync(Vec::new()).await?;
        times.push(at.elapsed().as_secs_f64() * 1_000.0);
        turn += 1;
        tokio::time::sleep(PAUSE).await;
    }
    Ok(Row { name, times, seconds: begun.elapsed().as_secs_f64() })
}

async fn knocks(url: String, who: usize, over: Arc<AtomicBool>) -> Outcome<Vec<f64>> {
    let mut times = Vec::new();
    while !over.load(Ordering::Relaxed) {
        let email = format!("bezorger{}@voorbeeld.invalid", 2 + who % 10);
        let body = json!({ "email": email, "password": PASSWORD, "device_name": "Telefoon" });
        let at = Instant::now();
        let (status, answer) = knock(&url, "/api/sign-in", body).await?;
        if status != 200 {
            return Err(format!("{status} {answer}").into());
        }
        times.push(at.elapsed().as_secs_f64() * 1_000.0);
    }
    Ok(times)
}

async fn rows(database: &str, kind: &str, in_json: bool) -> Outcome {
    let mut server = Within::start_on(database).await?;
    let mut phones = Vec::new();
    for _ in 0..PHONES {
        let mut phone = Program::sign_in(&server.url, "bezorger").await?;
        phone.sync(Vec::new()).await?;
        phones.push(phone);
    }
    let over = AtomicBool::new(false);
    let (quiet, ()) = tokio::join!(exchanges("exchange_alone", &mut phones, &over), async {
        tokio::time::sleep(LASTS / 2).await;
        over.store(true, Ordering::Relaxed);
    });
    quiet?.told(kind, in_json);
    // Others, so that no device is over its share of the minute.
    let mut phones = Vec::new();
    for _ in 0..PHONES {
        let mut phone = Program::sign_in(&server.url, "bezorger").await?;
        phone.sync(Vec::new()).await?;
        phones.push(phone);
    }
    let over = Arc::new(AtomicBool::new(false));
    let begun = Instant::now();
    let knocking: Vec<_> =
        (0..KNOCKING).map(|who| tokio::spawn(knocks(server.url.clone(), who, Arc::clone(&over)))).collect();
    let (meanwhile, ()) = tokio::join!(exchanges("exchange_meanwhile", &mut phones, &over), async {
        tokio::time::sleep(LASTS).await;
        over.store(true, Ordering::Relaxed);
    });
    let mut times = Vec::new();
    for one in knocking {
        times.extend(one.await??);
    }
    Row { name: "sign_in", times, seconds: begun.elapsed().as_secs_f64() }.told(kind, in_json);
    meanwhile?.told(kind, in_json);
    server.stop().await
}

pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("noaber.db").display());
    rows(&sqlite, "sqlite", arguments.json).await?;
    if let Some(cluster) = Cluster::start()? {
        rows(&cluster.database("bench")?, "postgres", arguments.json).await?;
    }
    Ok(())
}
