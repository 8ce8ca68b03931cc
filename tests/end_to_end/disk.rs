//! A disk that is full, and a database that goes away: a clear answer, nothing called arrived that is not, and work goes on when
//! there is room again, or when it is back, without anybody starting the server anew.

use std::time::Duration;

use serde_json::{Value, json};
use tests::api::{Program, command, fresh_id};
use tests::postgres::Cluster;
use tests::server::{MORNING, Process};
use tests::{Outcome, until};

use crate::faults::round_of_today;

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_refuses_clearly_and_is_forgotten_when_there_is_room() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let mut program = Program::sign_in(&server.url(), "bezorger").await?;
    let round = round_of_today(&mut program).await?;
    let id = round["id"].as_str().unwrap_or_default().to_owned();
    let at = MORNING.as_millis();
    let log = || json!({ "log": fresh_id(at), "stop": round["content"]["stops"][0]["stop"], "outcome": "delivered" });
    let act = || command(fresh_id(at), &id, "log_delivery", at, &log());
    let send = async |program: &Program, act: &Value| {
        let body = json!({ "protocol": 1, "device_id": program.device, "commands": [act] });
        Program::ask(program.request("POST", "/api/sync").json(&body)).await
    };
    let mut acknowledged = 0;
    let mut send_one = async |program: &Program, act: &Value| -> Outcome<(u16, Value)> {
        let (status, answer) = send(program, act).await?;
        if status == 200 && answer["results"][0]["accepted"].is_object() {
            acknowledged += 1;
        }
        Ok((status, answer))
    };
    assert_eq!(send_one(&program, &act()).await?.0, 200);
    // No file of the server may grow beyond what it is now.
    server.files_up_to(Some(16 * 1_024))?;
    let refused = act();
    for _ in 0..3 {
        let (status, answer) = send_one(&program, &refused).await?;
        assert_eq!((status, &answer["type"]), (503, &json!("/problems/storage-unavailable")), "{answer}");
    }
    // What is read goes on being read.
    let (status, _) = Program::ask(program.request("GET", "/api/openapi.json")).await?;
    assert_eq!(status, 200);
    server.files_up_to(None)?;
    let (status, answer) = send_one(&program, &refused).await?;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(send_one(&program, &act()).await?.0, 200);
    let after = program.fetch_all().await?;
    let kept = after.iter().find(|found| found["id"] == json!(id)).ok_or("the round is gone")?;
    assert_eq!(kept["content"]["history"].as_array().map_or(0, Vec::len), acknowledged);
    server.stop()?;
    server.up()?;
    assert!(server.command(&["check"])?.contains("as they should be"));
    Ok(())
}

/// The status of the page on which an operator looks whether this server can work.
async fn ready(server: &Process) -> Outcome<u16> {
    Ok(reqwest::get(format!("{}/health/ready", server.url())).await?.status().as_u16())
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_that_goes_away_refuses_clearly_and_is_forgotten_when_it_is_back() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let mut server = Process::start_on(folder.path(), &cluster.database("gone")?)?;
    let mut program = Program::sign_in(&server.url(), "bezorger").await?;
    let round = round_of_today(&mut program).await?;
    let id = round["id"].as_str().unwrap_or_default().to_owned();
    let at = MORNING.as_millis();
    let log = || json!({ "log": fresh_id(at), "stop": round["content"]["stops"][0]["stop"], "outcome": "delivered" });
    let acts: Vec<Value> = (0..3).map(|_| command(fresh_id(at), &id, "log_delivery", at, &log())).collect();
    let send = async |program: &Program, act: &Value| {
        let body = json!({ "protocol": 1, "device_id": program.device, "commands": [act] });
        Program::ask(program.request("POST", "/api/sync").json(&body)).await
    };
    assert_eq!(send(&program, &acts[0]).await?.0, 200);
    cluster.goes_away()?;
    for act in &acts[1..] {
        let (status, answer) = send(&program, act).await?;
        assert_eq!((status, &answer["type"]), (503, &json!("/problems/storage-unavailable")), "{answer}");
    }
    assert_eq!(ready(&server).await?, 503);
    let live = reqwest::get(format!("{}/health/live", server.url())).await?;
    assert_eq!(live.status().as_u16(), 200, "the program itself lives");
    cluster.comes_back()?;
    until("the server to have its database back", Duration::from_mins(1), async || {
        ready(&server).await.ok().filter(|status| *status == 200)
    })
    .await?;
    for act in &acts {
        let answer = program.sync(vec![act.clone()]).await?;
        assert!(answer["results"][0]["accepted"].is_object(), "{answer}");
    }
    let after = program.fetch_all().await?;
    let kept = after.iter().find(|found| found["id"] == json!(id)).ok_or("the round is gone")?;
    assert_eq!(kept["content"]["history"].as_array().map(Vec::len), Some(acts.len()), "each once");
    assert!(server.command(&["check"])?.contains("as they should be"));
    server.stop()
}
