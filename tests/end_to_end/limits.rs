//! The limits of the exchange: each is told by its name, loses nothing, and does not stand in the way of a right.

use serde_json::{Value, json};
use sync_core::sync::message::{COMMANDS_MAX, DOCUMENT_MAX, DOCUMENTS_MAX};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::{MORNING, Within};

fn act(document: &str, kind: &str, body: &Value) -> Value {
    command(fresh_id(MORNING.as_millis()), document, kind, MORNING.as_millis(), body)
}

fn refused(answer: &Value) -> &Value {
    &answer["results"][0]["refused"]["problem"]
}

#[tokio::test(flavor = "multi_thread")]
async fn one_act_that_is_too_large_is_refused_and_the_one_beside_it_is_not() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
    let worry = |note: String| {
        let body = json!({ "branch": branch, "signal": "worry", "note": note });
        act(&fresh_id(MORNING.as_millis()).to_string(), "raise_signal", &body)
    };
    let answer = coordinator.sync(vec![worry("z".repeat(17 * 1_024)), worry("Kort".to_owned())]).await?;
    assert_eq!(*refused(&answer), json!("command-too-large"));
    assert!(answer["results"][1]["accepted"].is_object(), "{answer}");
    let many = (0..=COMMANDS_MAX).map(|_| worry("Kort".to_owned())).collect();
    let (status, answer) = coordinator.tries_to_sync(many).await?;
    assert_eq!((status, &answer["type"]), (413, &json!("/problems/too-many-commands")));
    server.stop().await
}

/// Text that does not become smaller when it is packed.
fn noise(seed: usize) -> String {
    let mut state = u64::try_from(seed).unwrap_or_default().wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let letters = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ +-";
    let next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(letters[usize::try_from(state % 55).unwrap_or_default()])
    };
    std::iter::repeat_with(next).take(3_900).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_that_is_full_says_so_and_can_still_be_erased() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let documents = coordinator.fetch_all().await?;
    let reader = documents.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let reader = reader["id"].as_str().unwrap_or_default().to_owned();
    let mut full = false;
    // Three times as often as it takes.
    for turn in 0..15 {
        let acts = (0..20).map(|nth| {
            let changes = json!({ "changes": { "door_note": noise(turn * 20 + nth) } });
            act(&reader, "change_reader", &changes)
        });
        let answer = coordinator.sync(acts.collect()).await?;
        let results = answer["results"].as_array().cloned().unwrap_or_default();
        full = results.iter().any(|one| one["refused"]["problem"] == json!("document-full"));
        if full {
            break;
        }
        let wrong = results.iter().find(|one| !one["accepted"].is_object());
        assert_eq!(wrong, None, "before it is full");
    }
    assert!(full, "more than {DOCUMENT_MAX} bytes fit");
    // A right does not end where a document does.
    let answer = coordinator.sync(vec![act(&reader, "erase_reader", &json!({}))]).await?;
    assert!(answer["results"][0]["accepted"].is_object(), "{answer}");
    assert!(coordinator.fetch_all().await?.iter().all(|found| found["id"] != json!(reader)));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_all_the_time_has_to_wait_and_somebody_else_does_not() -> Outcome {
    let mut server = Within::start_as("sqlite::memory:", |config| config.requests_per_minute = 60).await?;
    let mut eager = Program::sign_in(&server.url, "bezorging").await?;
    let mut patient = Program::sign_in(&server.url, "bezorger").await?;
    let mut answered = 0;
    let problem = loop {
        let (status, answer) = eager.tries_to_sync(Vec::new()).await?;
        if status != 200 {
            break answer;
        }
        answered += 1;
        assert!(answered < 1_000, "nobody stops it");
    };
    assert!(answered >= 60, "stopped after {answered}");
    assert_eq!(problem["type"], json!("/problems/too-many-requests"));
    patient.sync(Vec::new()).await?;
    server.clock.move_to(MORNING.plus_millis(60_000));
    eager.sync(Vec::new()).await?;
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_a_page_however_much_is_asked() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
    let reader = |number: usize| {
        let profile = json!({ "name": format!("Lezer {number}"), "street": "Kaftstraat", "house_number": "1",
            "postcode": "9461 SS", "place": "Gieten" });
        let body = json!({ "branch": branch, "profile": profile });
        act(&fresh_id(MORNING.as_millis()).to_string(), "register_reader", &body)
    };
    coordinator.sync((0..COMMANDS_MAX).map(reader).collect()).await?;
    let (mut cursor, mut seen, mut pages) = (Value::Null, 0, 0);
    loop {
        let mut body =
            json!({ "protocol": 1, "device_id": coordinator.device, "commands": [], "want": 100_000 });
        if !cursor.is_null() {
            body["cursor"] = cursor;
        }
        let (status, answer) = Program::ask(coordinator.request("POST", "/api/sync").json(&body)).await?;
        assert_eq!(status, 200, "{answer}");
        let documents = answer["documents"].as_array().cloned().unwrap_or_default();
        let bytes: usize =
            documents.iter().map(|one| one["bytes"].as_str().unwrap_or_default().len() * 3 / 4).sum();
        assert!(documents.len() <= usize::try_from(DOCUMENTS_MAX)?, "{} documents", documents.len());
        assert!(bytes <= 1_024 * 1_024 + DOCUMENT_MAX, "{bytes} bytes");
        (cursor, seen, pages) = (answer["cursor"].clone(), seen + documents.len(), pages + 1);
        if answer["more"] != json!(true) {
            break;
        }
    }
    let mut whole = coordinator.clone();
    assert!(pages > 1 && seen == whole.fetch_all().await?.len(), "{seen} in {pages} pages");
    server.stop().await
}
