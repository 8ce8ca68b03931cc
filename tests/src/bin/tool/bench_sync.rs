//! `cargo xtask bench sync`: what the exchange costs, by a driver that does all a phone does except draw.

use std::io::{Read as _, Write as _};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::json;
use sync_core::deliveries::{ChangeReader, ReaderChanges, ReaderProfile, RegisterReader};
use sync_core::ids::{DocumentId, ReaderId};
use sync_core::sync::cbor;
use sync_core::sync::message::SyncResponse;
use sync_core::time::Timestamp;
use tests::Outcome;
use tests::api::Program;
use tests::phone::{LockedDisk, Phone};
use tests::postgres::Cluster;
use tests::server::{MORNING, Within};

/// Documents of about 1 KB that the phone holds.
const DOCUMENTS: usize = 2_000;
/// Runs of each row; the median is told.
const RUNS: usize = 7;
/// Latency of the rows that say so, for a whole round trip.
const LATENCY: Duration = Duration::from_millis(60);

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    json: bool,
}

/// What one run took.
#[derive(Clone, Copy, Debug, Default)]
struct Cost {
    ms: f64,
    up: usize,
    down: usize,
    turns: usize,
    documents: usize,
}

/// A phone with a line to the server.
struct Line {
    http: reqwest::Client,
    url: String,
    token: String,
    latency: Duration,
}

impl Line {
    /// Exchanges until nothing is left to ask or to send.
    async fn exchange(&self, phone: &mut Phone, now: Timestamp) -> Outcome<Cost> {
        let begun = Instant::now();
        let mut cost = Cost::default();
        let mut next = phone.asks(now);
        while let Some(request) = next {
            let body = cbor::to_vec(&request);
            let packed = body.len() >= 1_024;
            let body = if packed { pack(&body)? } else { body };
            cost.up += body.len();
            let mut ask = self
                .http
                .post(format!("{}/api/sync", self.url))
                .bearer_auth(&self.token)
                .header("content-type", "application/cbor")
                .header("accept-encoding", "gzip")
                .body(body);
            if packed {
                ask = ask.header("content-encoding", "gzip");
            }
            tokio::time::sleep(self.latency).await;
            let answer = ask.send().await?;
            let unpacks = answer.headers().contains_key("content-encoding");
            if !answer.status().is_success() {
                return Err(format!("the server answered {}", answer.status()).into());
            }
            let bytes = answer.bytes().await?;
            cost.down += bytes.len();
            cost.turns += 1;
            let body = if unpacks { unpack(&bytes)? } else { bytes.to_vec() };
            let response: SyncResponse = cbor::from_slice(&body)?;
            cost.documents += response.documents.len();
            phone.hears(response, now);
            next = phone.outgoing.take();
        }
        cost.ms = begun.elapsed().as_secs_f64() * 1_000.0;
        Ok(cost)
    }
}

fn pack(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packer.write_all(bytes)?;
    Ok(packer.finish()?)
}

fn unpack(bytes: &[u8]) -> Outcome<Vec<u8>> {
    let mut all = Vec::new();
    flate2::read::GzDecoder::new(bytes).read_to_end(&mut all)?;
    Ok(all)
}

fn median(mut costs: Vec<Cost>) -> Cost {
    costs.sort_by(|one, other| one.ms.total_cmp(&other.ms));
    costs[costs.len() / 2]
}

struct Bench {
    server: Within,
    database: &'static str,
    json: bool,
    now: Timestamp,
}

impl Bench {
    async fn new(address: &str, database: &'static str, json: bool) -> Outcome<Self> {
        Ok(Self { server: Within::start_on(address).await?, database, json, now: MORNING })
    }

    /// A phone of the coordinator of Vries, freshly signed in.
    async fn phone(&self, seed: u64, latency: Duration) -> Outcome<(Phone, Line)> {
        let program = Program::sign_in(&self.server.url, "bezorging3").await?;
        let mut phone = Phone::of(&program, seed, self.now)?;
        phone.locked_disk = Some(LockedDisk::on(tempfile::tempfile()?));
        let http = reqwest::Client::builder().gzip(false).build()?;
        Ok((phone, Line { http, url: self.server.url.clone(), token: program.token, latency }))
    }

    #[expect(clippy::print_stdout, reason = "what was asked for")]
    fn tell(&self, row: &str, cost: Cost) {
        if self.json {
            let line = json!({ "bench": "sync", "row": row, "ms": (cost.ms * 10.0).round() / 10.0, "bytes_up": cost.up,
                "bytes_down": cost.down, "round_trips": cost.turns, "documents": cost.documents,
                "database": self.database });
            println!("{line}");
        } else {
            println!(
                "{:<10} {:<34} {:>9.1} ms {:>9} B up {:>9} B down {:>3} turns {:>5} documents",
                self.database, row, cost.ms, cost.up, cost.down, cost.turns, cost.documents
            );
        }
    }

    async fn fill(&self) -> Outcome<Vec<DocumentId>> {
        let (mut phone, line) = self.phone(1, Duration::ZERO).await?;
        line.exchange(&mut phone, self.now).await?;
        let branch = phone.person.memberships[0].branch;
        let mut readers = Vec::new();
        for number in 0..DOCUMENTS {
            let id: ReaderId = phone.fresh(self.now);
            let profile = ReaderProfile {
                name: format!("Lezer {number}"),
                street: "Bladwijzerlaan".to_owned(),
                house_number: number.to_string(),
                postcode: "9481 SS".to_owned(),
                place: "Vries".to_owned(),
                interests: format!("Nummer {number} leest {}", WORDS.repeat(2 + number % 3)),
                door_note: format!("Bel {} keer, {}", number % 4, WORDS),
                ..ReaderProfile::default()
            };
            phone.acts(id.into(), RegisterReader { branch, profile }, self.now);
            readers.push(id.into());
        }
        line.exchange(&mut phone, self.now).await?;
        Ok(readers)
    }

    fn change(&self, phone: &mut Phone, readers: &[DocumentId], text: &str) {
        for reader in readers {
            let changes = ReaderChanges { weekday: Some(text.to_owned()), ..ReaderChanges::default() };
            phone.acts(*reader, ChangeReader { changes }, self.now);
        }
    }

    async fn rows(&self) -> Outcome {
        let readers = self.fill().await?;
        for latency in [Duration::ZERO, LATENCY] {
            let suffix = if latency.is_zero() { "" } else { "_latency_60" };
            let mut costs = Vec::new();
            for run in 0..RUNS {
                let (mut phone, line) = self.phone(100 + u64::try_from(run)?, latency).await?;
                costs.push(line.exchange(&mut phone, self.now).await?);
            }
            self.tell(&format!("first_sync{suffix}"), median(costs));
            // A seed of its own: the same seed gives the same ids, which count once.
            let seed = 10 + u64::try_from(latency.as_millis())?;
            let (mut other, other_line) = self.phone(seed, Duration::ZERO).await?;
            other_line.exchange(&mut other, self.now).await?;
            let (mut phone, line) = self.phone(seed + 1, latency).await?;
            line.exchange(&mut phone, self.now).await?;
            let mut costs = Vec::new();
            for run in 0..RUNS {
                let from = run * DOCUMENTS / 100;
                self.change(
                    &mut other,
                    &readers[from..from + DOCUMENTS / 100],
                    &format!("dag {run}{suffix}"),
                );
                other_line.exchange(&mut other, self.now).await?;
                costs.push(line.exchange(&mut phone, self.now).await?);
            }
            self.tell(&format!("reconnect_one_percent{suffix}"), median(costs));
            if latency.is_zero() {
                let mut costs = Vec::new();
                for _ in 0..RUNS {
                    costs.push(line.exchange(&mut phone, self.now).await?);
                }
                self.tell("reconnect_nothing_changed", median(costs));
            }
            let mut costs = Vec::new();
            for run in 0..RUNS {
                let day = &readers[1_000 + run * 40..1_040 + run * 40];
                for act in 0..5 {
                    self.change(&mut phone, day, &format!("werk {act}{suffix}"));
                }
                // The first act asked for an exchange at once; the phone had no network then.
                phone.hears_nothing(self.now);
                costs.push(line.exchange(&mut phone, self.now).await?);
            }
            self.tell(&format!("days_work_up{suffix}"), median(costs));
        }
        Ok(())
    }
}

/// Filler that reads like a profile and does not pack away to nothing.
const WORDS: &str = "graag streekromans, tuinboeken, levensverhalen en boeken over de geschiedenis van Drenthe; \
    geen oorlog, liever iets vrolijks, en elke maand een nieuw deel van dezelfde serie. ";

pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let folder = tempfile::tempdir()?;
    let sqlite = format!("sqlite:{}", folder.path().join("noaber.db").display());
    let mut bench = Bench::new(&sqlite, "sqlite", arguments.json).await?;
    bench.rows().await?;
    bench.server.stop().await?;
    if let Some(cluster) = Cluster::start()? {
        let mut bench = Bench::new(&cluster.database("bench")?, "postgres", arguments.json).await?;
        bench.rows().await?;
        bench.server.stop().await?;
    }
    Ok(())
}
