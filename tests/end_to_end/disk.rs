//! A disk that is full: a clear answer, nothing called arrived that is not, and work goes on when there is room again.

use serde_json::{Value, json};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::{MORNING, Process};

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
