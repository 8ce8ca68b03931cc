//! A program that has read only `/api/openapi.json` and speaks only JSON can do all a phone can.

use serde_json::{Value, json};
use tests::Outcome;
use tests::api::{PASSWORD, Program, command, fresh_id};
use tests::server::{MORNING, Within};

/// Finds its way by the document alone: the addresses, the commands, the shapes.
#[tokio::test(flavor = "multi_thread")]
async fn it_signs_in_syncs_logs_sends_twice_is_refused_once_and_reads_it_back() -> Outcome {
    let mut server = Within::start().await?;
    let document: Value = reqwest::get(format!("{}/api/openapi.json", server.url)).await?.json().await?;
    for path in ["/api/sign-in", "/api/token", "/api/sync", "/api/sync/ticket", "/api/deliveries/visits"] {
        assert!(document["paths"][path].is_object(), "{path} is not in the document");
    }
    let schema =
        document["x-commands"]["log_delivery"]["$ref"].as_str().ok_or("log_delivery has no schema")?;
    let name = schema.rsplit('/').next().unwrap_or_default();
    let properties = &document["components"]["schemas"][name]["properties"];
    assert!(properties["outcome"].is_object() && properties["stop"].is_object(), "{properties}");
    assert_eq!(document["x-problems"]["unknown-stop"]["status"], json!(422));

    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let documents = program.fetch_all().await?;
    let today = "2026-11-24";
    let round = documents
        .iter()
        .find(|found| found["kind"] == json!("round") && found["summary"]["on"] == json!(today))
        .ok_or("no round today")?;
    let id = round["id"].as_str().unwrap_or_default();
    let stop = round["content"]["stops"][0]["stop"].clone();
    let at = MORNING.as_millis();
    let log = json!({ "log": fresh_id(at), "stop": stop, "outcome": "delivered", "items_out": 3, "wish": "Deel 4" });
    let act = command(fresh_id(at), id, "log_delivery", at, &log);

    let first = program.sync(vec![act.clone()]).await?;
    assert!(first["results"][0]["accepted"]["hash"].is_string(), "{first}");
    let again = program.sync(vec![act]).await?;
    assert_eq!(again["results"][0]["accepted"], first["results"][0]["accepted"]);

    let nowhere = json!({ "log": fresh_id(at), "stop": fresh_id(at), "outcome": "delivered" });
    let refused = program.sync(vec![command(fresh_id(at), id, "log_delivery", at, &nowhere)]).await?;
    assert_eq!(refused["results"][0]["refused"]["problem"], json!("unknown-stop"));

    let after = program.fetch_all().await?;
    let round = after.iter().find(|found| found["id"] == json!(id)).ok_or("the round is gone")?;
    let stops = round["content"]["stops"].as_array().cloned().unwrap_or_default();
    let logged = stops.iter().find(|found| found["stop"] == stop).ok_or("the stop is gone")?;
    assert_eq!(logged["logs"].as_array().map(Vec::len), Some(1), "sent twice, it counts once");
    assert_eq!(logged["logs"][0]["wish"], json!("Deel 4"));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_volunteer_has_addresses_only_around_the_day_of_a_round() -> Outcome {
    let mut server = Within::start().await?;
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let readers =
        |documents: &[Value]| documents.iter().filter(|found| found["kind"] == json!("reader")).count();
    let now = program.fetch_all().await?;
    assert!(readers(&now) > 0 && readers(&now) < 20, "{} readers", readers(&now));
    // Three days later the rounds of today and tomorrow are over, and the next is not near yet.
    server.clock.move_to(MORNING.plus_millis(3 * 24 * 3_600_000));
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let later = program.fetch_all().await?;
    assert_eq!(readers(&later), 0);
    assert!(later.iter().any(|found| found["kind"] == json!("round")), "rounds hold no address, and stay");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_turns_and_the_one_before_works_until_its_successor_was_seen() -> Outcome {
    let mut server = Within::start().await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let turn = async |token: &str| -> Outcome<(u16, Value)> {
        let request = program.request("POST", "/api/token").json(&json!({ "refresh_token": token }));
        Program::ask(request).await
    };
    let (status, first) = turn(&program.refresh).await?;
    assert_eq!(status, 200, "{first}");
    // The answer was lost: the device still has the old one.
    let (status, second) = turn(&program.refresh).await?;
    assert_eq!(status, 200, "{second}");
    let newest = second["refresh_token"].as_str().unwrap_or_default().to_owned();
    let (status, _) = turn(&newest).await?;
    assert_eq!(status, 200);
    // Its successor was seen, so the first one is worth nothing.
    let (status, problem) = turn(&program.refresh).await?;
    assert_eq!((status, &problem["type"]), (401, &json!("/problems/not-signed-in")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_an_unknown_person_and_too_many_tries_are_told_alike() -> Outcome {
    let mut server = Within::start().await?;
    let http = reqwest::Client::new();
    let sign_in = async |email: &str, password: &str| -> Outcome<(u16, Value)> {
        let body = json!({ "email": email, "password": password, "device_name": "x" });
        Program::ask(http.post(format!("{}/api/sign-in", server.url)).json(&body)).await
    };
    let wrong = sign_in("bezorger@voorbeeld.invalid", "fout").await?;
    let unknown = sign_in("niemand@voorbeeld.invalid", "fout").await?;
    assert_eq!(wrong, unknown);
    assert_eq!((wrong.0, &wrong.1["type"]), (401, &json!("/problems/wrong-credentials")));
    let mut last = 0;
    for _ in 0..6 {
        last = sign_in("bezorger@voorbeeld.invalid", "fout").await?.0;
    }
    assert_eq!(last, 429);
    // It is a wait, not a lock: later the right password works.
    server.clock.move_to(MORNING.plus_millis(20 * 60_000));
    assert_eq!(sign_in("bezorger@voorbeeld.invalid", PASSWORD).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_organisation_sees_nothing_and_gets_the_answer_of_what_does_not_exist() -> Outcome {
    let mut server = Within::start().await?;
    let mut own = Program::sign_in(&server.url, "bezorging").await?;
    let documents = own.fetch_all().await?;
    let reader = documents.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let http = reqwest::Client::new();
    let body = json!({ "email": "beheer@ander.invalid", "password": PASSWORD, "device_name": "x" });
    let signed_in: Value = http
        .post(format!("{}/api/sign-in", server.url))
        .header("noaber-program", "1")
        .json(&body)
        .send()
        .await?
        .json()
        .await?;
    let at = MORNING.as_millis();
    let foreign = reader["id"].as_str().unwrap_or_default();
    let ask = async |document: &str| -> Outcome<Value> {
        let act =
            command(fresh_id(at), document, "change_reader", at, &json!({ "changes": { "name": "Weg" } }));
        let request = json!({ "protocol": 1, "device_id": signed_in["device_id"], "commands": [act] });
        let token = signed_in["access_token"].as_str().unwrap_or_default();
        let (_, answer) =
            Program::ask(http.post(format!("{}/api/sync", server.url)).bearer_auth(token).json(&request))
                .await?;
        Ok(answer["results"][0]["refused"].clone())
    };
    let there = ask(foreign).await?;
    let not_there = ask(&fresh_id(at).to_string()).await?;
    assert_eq!(there, not_there);
    assert_eq!(there["problem"], json!("not-found"));
    server.stop().await
}
