//! The power goes, over and over, while phones send: what was acknowledged is there, nothing stands twice, and the server starts
//! clean each time (security, *figures to hold*). A few times here; `cargo xtask torture` does it two hundred times.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::postgres::Cluster;
use tests::server::{MORNING, Process};

/// Requests that are on their way when the power goes.
const AT_ONCE: usize = 8;
/// Acts in each.
const ACTS: usize = 5;

/// How the server ends.
#[derive(Clone, Copy, PartialEq)]
enum End {
    /// The power goes.
    Killed,
    /// It is asked to stop, as at every update.
    Asked,
}

/// How often it ends.
fn kills() -> u64 {
    std::env::var("TEST_KILLS").ok().and_then(|count| count.parse().ok()).unwrap_or(5)
}

/// Sends these acts; the ids of those that were acknowledged.
async fn sends(program: Program, acts: Vec<Value>) -> Vec<String> {
    let body = json!({ "protocol": 1, "device_id": program.device, "commands": acts });
    // Cut off: whether it was committed nobody knows.
    let Ok((200, answer)) = Program::ask(program.request("POST", "/api/sync").json(&body)).await else {
        return Vec::new();
    };
    let results = answer["results"].as_array().cloned().unwrap_or_default();
    let accepted = results.iter().filter(|result| result["accepted"].is_object());
    accepted.filter_map(|result| Some(result["id"].as_str()?.to_owned())).collect()
}

async fn holds(server: &mut Process, end: End) -> Outcome {
    let at = MORNING.as_millis();
    let mut program = Program::sign_in(&server.url(), "bezorging").await?;
    let branch = program.signed_in["user"]["roles"][0]["branch"].clone();
    let is_reader = |found: &&Value| found["kind"] == json!("reader");
    let before = program.fetch_all().await?.iter().filter(is_reader).count();
    let mut done: BTreeMap<String, Value> = BTreeMap::new();
    let mut acknowledged = Vec::new();
    for kill in 0..kills() {
        let mut sent = Vec::new();
        for request in 0..AT_ONCE {
            let acts: Vec<Value> = (0..ACTS)
                .map(|act| {
                    let profile = json!({ "name": format!("Lezer {kill}-{request}-{act}"), "street": "Kaftstraat",
                        "house_number": "1", "postcode": "9461 SS", "place": "Gieten" });
                    let body = json!({ "branch": branch, "profile": profile });
                    command(fresh_id(at), &fresh_id(at).to_string(), "register_reader", at, &body)
                })
                .collect();
            done.extend(acts.iter().filter_map(|act| Some((act["id"].as_str()?.to_owned(), act.clone()))));
            sent.push(tokio::spawn(sends(program.clone(), acts)));
        }
        // Each time at another moment of the work: nothing waits for this time to be long enough.
        tokio::time::sleep(Duration::from_millis(kill * 7 % 40)).await;
        match end {
            End::Killed => server.kill()?,
            End::Asked => server.stop()?,
        }
        for request in sent {
            acknowledged.extend(request.await?);
        }
        server.up()?;
        program.refreshes().await?;
    }
    // What was called arrived is there; the rest is sent again, as a phone does, and all of it once more.
    let there = |documents: &[Value]| -> Vec<String> {
        documents
            .iter()
            .filter(is_reader)
            .filter_map(|found| Some(found["id"].as_str()?.to_owned()))
            .collect()
    };
    let found = there(&program.fetch_all().await?);
    if end == End::Asked {
        assert_eq!(found.len(), before + acknowledged.len(), "something was done and never answered");
        assert!(!acknowledged.is_empty(), "nothing was ever under way");
    }
    for id in &acknowledged {
        let document = done[id]["document"].as_str().unwrap_or_default();
        assert!(found.iter().any(|one| one == document), "{id} was acknowledged and is gone");
    }
    for _ in 0..2 {
        for acts in done.values().cloned().collect::<Vec<_>>().chunks(200) {
            let answer = program.sync(acts.to_vec()).await?;
            let refused =
                answer["results"].as_array().into_iter().flatten().find(|one| !one["accepted"].is_object());
            assert_eq!(refused, None, "sent again");
        }
    }
    assert_eq!(there(&program.fetch_all().await?).len(), before + done.len(), "each once");
    assert!(server.command(&["check"])?.contains("as they should be"));
    server.command(&["verify-audit"])?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_acknowledged_is_lost_however_often_the_power_goes() -> Outcome {
    let folder = tempfile::tempdir()?;
    holds(&mut Process::start(folder.path())?, End::Killed).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_asked_to_stop_finishes_what_it_began() -> Outcome {
    let folder = tempfile::tempdir()?;
    holds(&mut Process::start(folder.path())?, End::Asked).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_nothing_acknowledged_is_lost_however_often_the_power_goes() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    holds(&mut Process::start_on(folder.path(), &cluster.database("torture")?)?, End::Killed).await
}
