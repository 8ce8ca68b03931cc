//! `cargo xtask bench start`: a cold start without a network, with 2,000 documents on the phone, on a processor that is four
//! times slower.

use clap::Parser;
use serde_json::json;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::browser::{Browser, Engine, PHONE};
use tests::server::Process;

/// Documents on the phone.
const DOCUMENTS: usize = 2_000;
/// Runs; the median is told.
const RUNS: usize = 5;
/// How much slower the processor is.
const SLOWER: f64 = 4.0;

#[derive(Parser)]
struct Arguments {
    #[arg(long)]
    json: bool,
}

/// Registers readers until the coordinator's phone holds this many documents.
async fn fill(url: &str) -> Outcome {
    let mut program = Program::sign_in(url, "bezorging").await?;
    let at = 1_795_507_200_000;
    let branch = program.signed_in["user"]["roles"][0]["branch"].clone();
    let commands: Vec<_> = (0..DOCUMENTS)
        .map(|number| {
            let profile = json!({ "name": format!("Lezer {number}"), "street": "Kaftstraat", "house_number": "1",
                "postcode": "9461 SS", "place": "Gieten", "interests": "Streekromans, tuinboeken en levensverhalen" });
            command(fresh_id(at), &fresh_id(at).to_string(), "register_reader", at, &json!({ "branch": branch, "profile": profile }))
        })
        .collect();
    for part in commands.chunks(400) {
        program.sync(part.to_vec()).await?;
    }
    Ok(())
}

async fn start(browser: &Browser, url: &str) -> Outcome<f64> {
    browser.slower(SLOWER).await?;
    browser.goes(&format!("{url}/lezers")).await?;
    browser.sees("Lezer 12").await?;
    let script = "performance.getEntriesByName('noaber-first-screen')[0]?.startTime ?? null";
    let ms = browser.value(script).await?.as_f64().ok_or("the app left no mark")?;
    browser.slower(1.0).await?;
    Ok(ms)
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "what was asked for")]
async fn main() -> Outcome {
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let url = server.url();
    fill(&url).await?;
    let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
    let profile = folder.path().join("marga");
    let browser = Browser::open(engine, &profile, PHONE, &url).await?;
    browser.signs_in(&url, "bezorging").await?;
    browser.goes(&format!("{url}/lezers")).await?;
    browser.sees(&format!("{} lezers", DOCUMENTS + 20)).await?;
    browser.closes().await?;
    server.stop()?;
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let browser = Browser::open(engine, &profile, PHONE, &url).await?;
        browser.network(false).await?;
        times.push(start(&browser, &url).await?);
        browser.closes().await?;
    }
    times.sort_by(f64::total_cmp);
    let ms = times[RUNS / 2];
    if arguments.json {
        let line = json!({ "bench": "start", "row": "cold_offline", "ms": ms.round(), "documents": DOCUMENTS, "slower": SLOWER });
        println!("{line}");
    } else {
        println!(
            "cold start offline, {DOCUMENTS} documents, processor {SLOWER} times slower: {ms:.0} ms (budget 1500)"
        );
    }
    Ok(())
}
