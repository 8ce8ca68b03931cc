//! `cargo xtask bench matching`: shortlists, proposals for everybody who waits, the assignment inside them, and a proposal in the app
//! on a processor that is four times slower; with `--peers` the same assignment by SciPy.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use clap::Args;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng as _;
use serde_json::{Value, json};
use sync_core::taalhuis::matching::crowd::Crowd;
use sync_core::taalhuis::matching::{Assignment, Weights, propose, shortlist};
use tests::Outcome;
use tests::browser::{Browser, DESK, Engine};
use tests::server::{MORNING, Process};

/// Runs of each row; the median is told.
const RUNS: usize = 5;
/// How much slower the processor of a phone is.
const SLOWER: f64 = 4.0;

#[derive(Args)]
pub(crate) struct Arguments {
    #[arg(long)]
    json: bool,
    /// Measure SciPy on the same matrices, installed below this folder.
    #[arg(long)]
    peers: Option<String>,
}

/// The median of some runs in milliseconds, and what the work came to.
fn timed<T>(mut work: impl FnMut() -> T) -> (f64, T) {
    let mut once = || {
        let begun = Instant::now();
        let done = work();
        (begun.elapsed().as_secs_f64() * 1_000.0, done)
    };
    let (first, mut done) = once();
    let mut times = vec![first];
    for _ in 1..RUNS {
        let (ms, again) = once();
        times.push(ms);
        done = again;
    }
    times.sort_by(f64::total_cmp);
    (times[RUNS / 2], done)
}

struct Told {
    json: bool,
}

impl Told {
    #[expect(clippy::print_stdout, reason = "what was asked for")]
    fn row(&self, row: &str, ms: f64, peer: Option<&str>, more: &Value) {
        if self.json {
            let mut line = json!({ "bench": "matching", "row": row, "ms": (ms * 100.0).round() / 100.0 });
            if let Some(peer) = peer {
                line["peer"] = json!(peer);
            }
            for (key, value) in more.as_object().into_iter().flatten() {
                line[key] = value.clone();
            }
            println!("{line}");
        } else {
            println!("{row:<34} {:<10} {ms:>10.2} ms  {more}", peer.unwrap_or("noaber"));
        }
    }
}

/// Asks SciPy for the same assignment.
fn scipy(
    packages: &str,
    folder: &Path,
    (rows, columns, costs): (usize, usize, &[f64]),
) -> Outcome<(f64, f64)> {
    let file = folder.join("costs.bin");
    let bytes: Vec<u8> = costs.iter().flat_map(|cost| cost.to_le_bytes()).collect();
    std::fs::write(&file, bytes)?;
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/peers/assignment.py");
    let answer = Command::new("python3")
        .env("PYTHONPATH", packages)
        .args([
            script,
            &file.display().to_string(),
            &rows.to_string(),
            &columns.to_string(),
            &RUNS.to_string(),
        ])
        .output()?;
    if !answer.status.success() {
        return Err(format!("SciPy: {}", String::from_utf8_lossy(&answer.stderr)).into());
    }
    let told: Value = serde_json::from_slice(&answer.stdout)?;
    let number = |key: &str| told[key].as_f64().ok_or("SciPy tells no number");
    Ok((number("ms")?, number("total")?))
}

fn crowd(alike: bool) -> Crowd<ChaCha20Rng> {
    Crowd::new(ChaCha20Rng::seed_from_u64(1), MORNING.local_date(), alike)
}

/// The app proposes for 300 learners and 200 buddies: milliseconds (median) and the total.
async fn on_a_phone(folder: &Path) -> Outcome<(f64, u64)> {
    let mut server = Process::start(folder)?;
    server.shows_trial()?;
    let url = server.url();
    let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
    let browser = Browser::open(engine, &folder.join("browser"), DESK, &url).await?;
    let (mut times, mut total) = (Vec::new(), 0);
    for _ in 0..RUNS {
        browser.slower(SLOWER).await?;
        browser.goes(&format!("{url}/matching")).await?;
        browser.waits("the proposal", "!!document.querySelector('main').innerText").await?;
        browser.slower(1.0).await?;
        let told = browser.value("document.querySelector('main').innerText").await?;
        let (ms, sum) = told.as_str().and_then(|told| told.split_once(' ')).ok_or("the app tells nothing")?;
        times.push(ms.parse()?);
        total = sum.parse()?;
    }
    browser.closes().await?;
    times.sort_by(f64::total_cmp);
    Ok((times[RUNS / 2], total))
}

pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let today = MORNING.local_date();
    let told = Told { json: arguments.json };
    let folder = tempfile::tempdir()?;
    let weights = Weights::default();
    for volunteers in [500, 5_000] {
        let mut crowd = crowd(false);
        let (needs, offers) = (crowd.needs(1), crowd.offers(volunteers));
        let (ms, list) = timed(|| shortlist(&needs[0], &offers, &weights, today));
        told.row(&format!("shortlist_{volunteers}"), ms, None, &json!({ "volunteers": list.len() }));
    }
    for (learners, volunteers) in [(300, 200), (2_000, 1_500)] {
        for alike in [false, true] {
            let mut crowd = crowd(alike);
            let (needs, offers) = (crowd.needs(learners), crowd.offers(volunteers));
            let size = format!("{learners}x{volunteers}_{}", if alike { "ties" } else { "spread" });
            let (ms, proposal) = timed(|| propose(&needs, &offers, &weights, today));
            let served = json!({ "served": proposal.pairs.len(), "waiting": proposal.waiting.len() });
            told.row(&format!("proposal_{size}"), ms, None, &served);
            let assignment = Assignment::new(&needs, &offers, &weights, today);
            let (rows, columns, costs) = assignment.costs_of_seats();
            let (ms, solved) = timed(|| assignment.solve());
            let own: u64 = solved.total();
            // The costs of a solver are negative and hold a constant for each pair.
            let constant =
                1_001.0 * f64::from(u32::try_from(rows)?) * f64::from(u32::try_from(solved.pairs.len())?);
            let row = format!("assignment_{size}");
            told.row(&row, ms, None, &json!({ "rows": rows, "columns": columns, "total": own }));
            if let Some(packages) = &arguments.peers {
                let (ms, total) = scipy(packages, folder.path(), (rows, columns, &costs))?;
                let total: u64 = format!("{:.0}", -total - constant).parse()?;
                told.row(
                    &row,
                    ms,
                    Some("scipy"),
                    &json!({ "rows": rows, "columns": columns, "total": total }),
                );
                // Faster at another answer is no comparison.
                if total != own {
                    return Err(format!("{row}: {own} here, {total} by SciPy").into());
                }
            }
        }
    }
    let (ms, total) = on_a_phone(folder.path()).await?;
    told.row("proposal_300x200_app", ms, None, &json!({ "slower": SLOWER, "total": total }));
    Ok(())
}
