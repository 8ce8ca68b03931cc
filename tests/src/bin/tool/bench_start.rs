//! `cargo xtask bench start`: a cold start without a network, with 2,000 documents on the phone, and the time from a tap to
//! *bewaard*, on a processor that is four times slower.

use std::path::Path;

use clap::Args;
use serde_json::json;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::browser::{Browser, Engine, PHONE, PIN};
use tests::server::Process;

/// Documents on the phone.
const DOCUMENTS: usize = 2_000;
/// Runs; the median is told.
const RUNS: usize = 5;
/// How much slower the processor is.
const SLOWER: f64 = 4.0;

#[derive(Args)]
pub(crate) struct Arguments {
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

/// When this mark of the app was made, in milliseconds since the page began.
async fn mark(browser: &Browser, name: &str) -> Outcome<f64> {
    let script = format!("performance.getEntriesByName('noaber-{name}').at(-1)?.startTime ?? null");
    browser.value(&script).await?.as_f64().ok_or_else(|| format!("the app left no mark {name}").into())
}

/// From nothing to the question for the PIN, from the PIN to the key, from there until all is read, and from there to the first
/// screen: what the machine takes, without the person.
async fn start(browser: &Browser, url: &str) -> Outcome<[f64; 4]> {
    browser.slower(SLOWER).await?;
    browser.visits(&format!("{url}/lezers")).await?;
    browser.opens_with(PIN).await?;
    browser.sees("De heer Dekker").await?;
    let asked = mark(browser, "pin-asked").await?;
    let typed = mark(browser, "pin-typed").await?;
    let key = mark(browser, "key-open").await?;
    let loaded = mark(browser, "loaded").await?;
    let shown = mark(browser, "first-screen").await?;
    browser.slower(1.0).await?;
    Ok([asked, key - typed, loaded - key, shown - loaded])
}

/// A row of the bench: its name, its budget in milliseconds, and what was measured.
struct Row {
    name: &'static str,
    budget: f64,
    times: Vec<f64>,
}

impl Row {
    fn median(&self) -> f64 {
        let mut times = self.times.clone();
        times.sort_by(f64::total_cmp);
        times.get(times.len() / 2).copied().unwrap_or_default()
    }
}

/// The time from a tap on this element until the app says that the act is kept, and the next picture is drawn.
async fn act(browser: &Browser, selector: &str) -> Outcome<f64> {
    const SCRIPT: &str = "const [selector, done] = arguments; const said = document.querySelector('.notices'); \
        let begun; new MutationObserver((_, seen) => { if (said.innerText.trim()) { seen.disconnect(); \
        requestAnimationFrame(() => done(performance.now() - begun)); } }).observe(said, { childList: true, subtree: true }); \
        begun = performance.now(); document.querySelector(selector).click();";
    let there = format!(
        "!!document.querySelector({selector:?}) && !document.querySelector('.notices').innerText.trim()"
    );
    browser.waits(selector, &there).await?;
    browser.slower(SLOWER).await?;
    let ms = browser.client.execute_async(SCRIPT, vec![json!(selector)]).await?;
    browser.slower(1.0).await?;
    ms.as_f64().ok_or_else(|| format!("no time: {ms}").into())
}

/// Takes the act back and closes the notice.
async fn undo(browser: &Browser) -> Outcome {
    browser.taps("Ongedaan maken").await?;
    browser.sees("Ongedaan gemaakt").await?;
    browser.taps("Sluiten").await
}

/// The acts of a volunteer on the road, without a network.
async fn acts(engine: Engine, folder: &Path, server: &mut Process) -> Outcome<Vec<Row>> {
    let url = server.url();
    let phone = Browser::open(engine, &folder.join("anna"), PHONE, &url).await?;
    phone.signs_in(&url, "bezorger").await?;
    phone.sees("Staat klaar op deze telefoon").await?;
    server.stop()?;
    let row = |name| Row { name, budget: 100.0, times: Vec::new() };
    let (mut delivered, mut not_home, mut kilometres) =
        (row("act_delivered"), row("act_not_home"), row("act_kilometres"));
    for _ in 0..RUNS {
        delivered.times.push(act(&phone, "#delivered").await?);
        undo(&phone).await?;
        phone.taps("Niet gelukt").await?;
        not_home.times.push(act(&phone, ".tiles button").await?);
        undo(&phone).await?;
        phone.taps_on("a[href$='/kilometers']").await?;
        kilometres.times.push(act(&phone, "form button[type=submit]").await?);
        phone.taps("Sluiten").await?;
    }
    phone.closes().await?;
    server.up()?;
    Ok(vec![delivered, not_home, kilometres])
}

/// *Afspraak geweest* of a buddy, without a network.
async fn meeting(engine: Engine, folder: &Path, server: &mut Process) -> Outcome<Row> {
    let url = server.url();
    let phone = Browser::open(engine, &folder.join("vera"), PHONE, &url).await?;
    phone.signs_in(&url, "taalmaatje").await?;
    phone.sees("Afspraak geweest").await?;
    server.stop()?;
    let mut row = Row { name: "act_meeting", budget: 100.0, times: Vec::new() };
    for _ in 0..RUNS {
        phone.taps("Afspraak geweest").await?;
        row.times.push(act(&phone, "form button[type=submit]").await?);
        undo(&phone).await?;
    }
    phone.closes().await?;
    server.up()?;
    Ok(row)
}

/// A coordinator's phone with everything on it, closed, and opened without a network.
async fn cold(engine: Engine, folder: &Path, server: &mut Process) -> Outcome<Vec<Row>> {
    let url = server.url();
    fill(&url).await?;
    let profile = folder.join("marga");
    let browser = Browser::open(engine, &profile, PHONE, &url).await?;
    // The PIN is chosen on the slow processor too: its cost is tuned there.
    browser.enters(&url, "bezorging").await?;
    browser.slower(SLOWER).await?;
    browser.chooses_pin().await?;
    browser.sees("Alles is aangekomen").await?;
    browser.slower(1.0).await?;
    browser.goes(&format!("{url}/lezers")).await?;
    browser.sees(&format!("{} lezers", DOCUMENTS + 20)).await?;
    browser.sees("Alles is aangekomen").await?;
    browser.closes().await?;
    server.stop()?;
    let names =
        ["cold_offline_to_pin", "cold_offline_key", "cold_offline_read", "cold_offline_draw", "cold_offline"];
    let mut rows = names.map(|name| Row { name, budget: 1_500.0, times: Vec::new() });
    for _ in 0..RUNS {
        let browser = Browser::open(engine, &profile, PHONE, &url).await?;
        browser.network(false).await?;
        let parts = start(&browser, &url).await?;
        let whole = parts.iter().sum();
        for (row, part) in rows.iter_mut().zip(parts.into_iter().chain([whole])) {
            row.times.push(part);
        }
        browser.closes().await?;
    }
    Ok(rows.into())
}

#[expect(clippy::print_stdout, reason = "what was asked for")]
pub(crate) async fn run(arguments: &Arguments) -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let engine = Engine::asked()?.first().copied().ok_or("no engine was asked for")?;
    let mut rows = acts(engine, folder.path(), &mut server).await?;
    rows.push(meeting(engine, folder.path(), &mut server).await?);
    rows.extend(cold(engine, folder.path(), &mut server).await?);
    if !arguments.json {
        println!(
            "on a processor {SLOWER} times slower; median of {RUNS}\n{:<22}{:>8}{:>10}",
            "", "ms", "budget"
        );
    }
    for row in &rows {
        let ms = row.median();
        if arguments.json {
            let documents = if row.name.starts_with("cold_offline") { DOCUMENTS } else { 0 };
            let line = json!({ "bench": "start", "row": row.name, "ms": ms.round(), "documents": documents, "slower": SLOWER });
            println!("{line}");
        } else {
            println!("{:<22}{ms:>8.0}{:>10.0}", row.name, row.budget);
        }
    }
    Ok(())
}
