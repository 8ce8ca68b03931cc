//! A fresh proof before what is grave, passkeys that are none, and a live connection of a device that was shut out.

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{PASSWORD, Program, knock};
use tests::server::{MORNING, Within};
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;
use uuid::Uuid;

async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

fn problem(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["type"].as_str().unwrap_or_default().trim_start_matches("/problems/"))
}

#[tokio::test(flavor = "multi_thread")]
async fn five_minutes_after_a_sign_in_what_is_grave_asks_who_one_is() -> Outcome {
    let mut server = Within::start().await?;
    let mut administrator = Program::sign_in(&server.url, "beheer").await?;
    let branch = &administrator.signed_in["user"]["roles"][0]["branch"];
    let new = json!({ "name": "Nieuw", "roles": [{ "branch": branch, "role": "deliverer" }] });
    assert_eq!(post(&administrator, "/api/people", new.clone()).await?.0, 200);
    server.clock.move_to(MORNING.plus_millis(5 * 60_000 + 1));
    let grave: [(&str, &str, Value); 6] = [
        ("POST", "/api/people", new.clone()),
        ("POST", &format!("/api/people/{}/roles", Uuid::nil()), json!({})),
        ("POST", &format!("/api/people/{}/invitation", Uuid::nil()), json!({ "way": "code" })),
        ("POST", "/api/second-factor", json!({})),
        ("POST", "/api/passkeys/begin", json!({})),
        ("GET", "/api/audit?format=csv", Value::Null),
    ];
    for (method, path, body) in &grave {
        let answer = Program::ask(administrator.request(method, path).json(body)).await?;
        assert_eq!(problem(&answer), (403, "proof-needed"), "{method} {path}");
    }
    // Reading on and everyday work ask nothing.
    assert_eq!(Program::ask(administrator.request("GET", "/api/people")).await?.0, 200);
    let (_, ways) = Program::ask(administrator.request("GET", "/api/prove")).await?;
    assert_eq!(ways["ways"], json!(["password"]));
    let wrong = [
        json!({ "with": "password", "password": "iets heel anders" }),
        json!({ "with": "pin", "device_secret": "0" }),
        json!({ "with": "passkey", "ceremony": Uuid::nil(), "credential": {} }),
    ];
    for proof in wrong {
        let (status, answer) = post(&administrator, "/api/prove", proof).await?;
        assert!((400..500).contains(&status) && status != 401, "{status} {answer}");
    }
    let right = json!({ "with": "password", "password": PASSWORD });
    assert_eq!(post(&administrator, "/api/prove", right).await?.0, 204);
    assert_eq!(post(&administrator, "/api/people", new.clone()).await?.0, 200);
    // A fresh token is no proof: it asks nothing of the person.
    server.clock.move_to(MORNING.plus_millis(DAY_MS / 3));
    administrator.refreshes().await?;
    assert_eq!(problem(&post(&administrator, "/api/people", new).await?), (403, "proof-needed"));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_passkey_that_is_none_opens_nothing_and_says_nothing() -> Outcome {
    let mut server = Within::start().await?;
    let url = server.url.clone();
    let begin = async || knock(&url, "/api/sign-in/passkey/begin", Value::Null).await;
    let (status, asked) = begin().await?;
    assert_eq!(status, 200, "{asked}");
    // Who is asked for is not said: the question is the same for everybody.
    assert_eq!(asked["options"]["publicKey"]["allowCredentials"], json!([]));
    assert_eq!(asked["options"]["publicKey"]["userVerification"], json!("required"));
    let answer = |owner: &str| {
        json!({ "id": "AAAA", "rawId": "AAAA", "type": "public-key", "clientExtensionResults": {},
            "response": { "authenticatorData": "AAAA", "clientDataJSON": "AAAA", "signature": "AAAA", "userHandle": owner } })
    };
    let enters = async |ceremony: &Value, credential: Value| {
        let body = json!({ "ceremony": ceremony, "credential": credential, "device_name": "Laptop" });
        knock(&url, "/api/sign-in/passkey", body).await
    };
    assert_eq!(enters(&asked["ceremony"], json!({})).await?.0, 400);
    let nobody = "AAAAAAAAAAAAAAAAAAAAAA";
    assert_eq!(problem(&enters(&asked["ceremony"], answer(nobody)).await?), (401, "passkey-wrong"));
    // What was asked is asked once; what was never asked, or too long ago, is the same.
    assert_eq!(problem(&enters(&asked["ceremony"], answer(nobody)).await?), (401, "passkey-wrong"));
    assert_eq!(problem(&enters(&json!(Uuid::nil()), answer(nobody)).await?), (401, "passkey-wrong"));
    let (_, late) = begin().await?;
    server.clock.move_to(MORNING.plus_millis(5 * 60_000 + 1));
    assert_eq!(problem(&enters(&late["ceremony"], answer(nobody)).await?), (401, "passkey-wrong"));
    // Guessing is slowed down by address, loosely: a passkey is not guessed, and many share an address.
    let mut told = Vec::new();
    for _ in 0..60 {
        told.push(enters(&json!(Uuid::nil()), answer(nobody)).await?.0);
    }
    assert_eq!(told.last(), Some(&429), "{told:?}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_is_shut_out_loses_its_live_connection_at_once() -> Outcome {
    let mut server = Within::start().await?;
    let phone = Program::sign_in(&server.url, "bezorger").await?;
    let (_, ticket) = post(&phone, "/api/sync/ticket", json!({})).await?;
    let ticket = ticket["ticket"].as_str().unwrap_or_default().to_owned();
    let address = format!("{}/api/sync/live?ticket={ticket}", server.url.replace("http", "ws"));
    let (mut socket, _) = connect_async(&address).await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let out = format!("/api/devices/{}/revoke", phone.device);
    assert_eq!(post(&coordinator, &out, json!({})).await?.0, 204);
    // Until the end of the connection: no news comes, only its closing.
    while let Some(message) = socket.next().await {
        match message {
            Ok(Message::Text(text)) => return Err(format!("a device that is out heard {text}").into()),
            Ok(_) => {}
            Err(_) => break,
        }
    }
    // The ticket was used up.
    assert!(connect_async(&address).await.is_err());
    server.stop().await
}
