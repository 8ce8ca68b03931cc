//! `cargo xtask soak`: mixed traffic for an hour against a real server process: the work of a day, over and over. Its memory and its open
//! files must stay as they are, and nothing may go wrong (security, figures to hold).

use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value, json};
use server::clock::Clock;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::Process;

/// So long one person waits between two requests: below the limit of sixty a minute.
const PACE: Duration = Duration::from_millis(1_200);
/// How often the server is looked at.
const LOOK: Duration = Duration::from_secs(30);
/// An access token lasts ten minutes.
const REFRESH: Duration = Duration::from_secs(400);
/// What memory may grow between the first quarter and the end: caches fill, pages are not given back.
const GROWTH_KIB: u64 = 32 * 1_024;
const FILES_MORE: usize = 16;

#[derive(Args)]
pub(crate) struct Arguments {
    /// How long, such as 60m.
    #[arg(long = "for", default_value = "60m", value_parser = minutes)]
    length: Duration,
}

/// A number of minutes, such as 60m.
fn minutes(text: &str) -> Result<Duration, String> {
    let number = text.strip_suffix('m').unwrap_or(text);
    let minutes: u64 = number.parse().map_err(|_| format!("{text} is no number of minutes such as 60m"))?;
    Ok(Duration::from_mins(minutes))
}

/// The memory of a process in KiB, and how many files it has open.
fn look(pid: u32) -> Outcome<(u64, usize)> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    let kib = resident.trim().trim_end_matches(" kB").parse()?;
    Ok((kib, std::fs::read_dir(format!("/proc/{pid}/fd"))?.count()))
}

/// What one person asks for, over and over.
const ASKS: [(&str, &[&str]); 6] = [
    ("bezorger", &["/api/devices", "/", "/api/me/about"]),
    (
        "bezorging",
        &[
            "/api/people",
            "/api/deliveries/refused-acts",
            "/api/deliveries/visits?from=2026-01-01&until=2027-12-31",
        ],
    ),
    ("taalhuis", &["/api/taalhuis/refused-acts", "/api/taalhuis/overview?from=2026-01-01&until=2027-12-31"]),
    ("taalmaatje", &["/api/devices"]),
    ("beheer", &["/api/audit", "/api/devices/all", "/api/settings", "/api/retention"]),
    ("balie", &["/api/devices", "/aanmelden.css"]),
];

/// One person at work until the end: exchanges, an act now and then, and what the own screens ask. How many requests went well.
async fn works(
    url: String,
    who: &'static str,
    asks: &'static [&'static str],
    until: Instant,
) -> Outcome<usize> {
    let mut program = Program::sign_in(&url, who).await?;
    let mut refreshed = Instant::now();
    let mut mine: Option<Value> = None;
    let mut count = 0;
    while Instant::now() < until {
        if refreshed.elapsed() > REFRESH {
            program.refreshes().await?;
            refreshed = Instant::now();
        }
        let commands = match &mine {
            Some(round) if who == "bezorger" => {
                let at = Clock::Machine.now().as_millis();
                let id = round["id"].as_str().unwrap_or_default();
                let metres = json!({ "metres": 1_000 + count });
                vec![command(fresh_id(at), id, "record_kilometres", at, &metres)]
            }
            _ => Vec::new(),
        };
        let answer = program.sync(commands).await?;
        if let Some(refused) =
            answer["results"].as_array().into_iter().flatten().find(|one| !one["refused"].is_null())
        {
            return Err(format!("{who}: {refused}").into());
        }
        let rounds = answer["documents"].as_array().into_iter().flatten();
        let own = |round: &&Value| {
            round["content"]["assignees"].to_string().contains(&program.signed_in["user"]["id"].to_string())
        };
        mine = mine.or_else(|| rounds.filter(|found| found["kind"] == json!("round")).find(own).cloned());
        tokio::time::sleep(PACE).await;
        let path = asks[count % asks.len()];
        let (status, answer) = Program::ask(program.request("GET", path)).await?;
        // Proof is fresh for five minutes only: that it is asked for is as it should be.
        if status != 200 && answer["type"] != json!("/problems/proof-needed") {
            return Err(format!("{who} {path}: {status} {answer}").into());
        }
        tokio::time::sleep(PACE).await;
        count += 1;
    }
    Ok(count * 2)
}

#[expect(clippy::print_stderr, reason = "a developer sees how far it is")]
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let pid = server.pid().ok_or("the server did not start")?;
    let until = Instant::now() + arguments.length;
    let people: Vec<_> = ASKS
        .iter()
        .flat_map(|(who, asks)| [(*who, *asks); 2])
        .map(|(who, asks)| tokio::spawn(works(server.url(), who, asks, until)))
        .collect();
    let mut seen = Vec::new();
    while Instant::now() < until {
        tokio::time::sleep(LOOK.min(until.saturating_duration_since(Instant::now()))).await;
        let (kib, files) = look(pid)?;
        eprint!("\r{} MiB, {files} files open ", kib / 1_024);
        seen.push((kib, files));
    }
    eprintln!();
    let mut requests = 0;
    for one in people {
        requests += one.await??;
    }
    server.stop()?;
    let early = seen.get(seen.len() / 4).copied().ok_or("too short to see anything")?;
    let late = seen.last().copied().unwrap_or_default();
    let most = seen.iter().map(|(kib, _)| *kib).max().unwrap_or_default();
    eprintln!(
        "{requests} requests, none went wrong. Memory {} MiB after a quarter, {} MiB at the end, {} MiB at most; files {} and {}",
        early.0 / 1_024,
        late.0 / 1_024,
        most / 1_024,
        early.1,
        late.1
    );
    if late.0 > early.0 + GROWTH_KIB || late.1 > early.1 + FILES_MORE {
        return Err("memory or open files grew".into());
    }
    Ok(())
}
