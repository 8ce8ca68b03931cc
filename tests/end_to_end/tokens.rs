//! Attacks on what somebody shows to get in or to do something grave: copied tokens, other sites, old browsers, half a proof.

use reqwest::{Client, RequestBuilder};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use server::auth::entity::organisation_key;
use server::auth::master_key;
use server::people::entity::mail;
use sync_core::time::Timestamp;
use tests::Outcome;
use tests::api::{PASSWORD, Program, code_at, command, fresh_id, knock};
use tests::server::{MORNING, Within};

async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

fn problem(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["type"].as_str().unwrap_or_default().trim_start_matches("/problems/"))
}

/// Sets up a second step; the secret of its app and the codes on paper. What was signed in before asks for a fresh token.
async fn second_step(program: &mut Program) -> Outcome<(String, Vec<Value>)> {
    let (_, begun) = post(program, "/api/second-factor", json!({})).await?;
    let secret = begun["secret"].as_str().ok_or("no secret")?.to_owned();
    let code = json!({ "code": code_at(&secret, MORNING)? });
    let (status, told) = post(program, "/api/second-factor/confirm", code).await?;
    assert_eq!(status, 200, "{told}");
    program.refreshes().await?;
    Ok((secret, told["recovery_codes"].as_array().cloned().unwrap_or_default()))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_gets_no_token_with_the_cookie_of_a_browser() -> Outcome {
    let mut server = Within::start().await?;
    let http = Client::new();
    let url = |path: &str| format!("{}{path}", server.url);
    let sign_in =
        json!({ "email": "bezorging@voorbeeld.invalid", "password": PASSWORD, "device_name": "Balie" });
    let came = http.post(url("/api/sign-in")).json(&sign_in).send().await?;
    let cookie = came.headers().get("set-cookie").ok_or("no cookie")?.to_str()?.to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let with = |header: Option<(&str, &str)>| -> RequestBuilder {
        let request = http.post(url("/api/token")).header("cookie", &cookie);
        header.map_or(request, |(name, value)| {
            http.post(url("/api/token")).header("cookie", &cookie).header(name, value)
        })
    };
    let foreign = [
        None,
        Some(("origin", "https://voorbeeld.invalid")),
        Some(("origin", "null")),
        Some(("sec-fetch-site", "cross-site")),
        Some(("sec-fetch-site", "same-site")),
    ];
    for header in foreign {
        let answer = Program::ask(with(header)).await?;
        assert_eq!(problem(&answer), (403, "foreign-origin"), "{header:?}");
    }
    // Not even when it says that it is the app.
    let answer = Program::ask(with(Some(("noaber-app", "1"))).header("sec-fetch-site", "cross-site")).await?;
    assert_eq!(problem(&answer), (403, "foreign-origin"));
    let own = url("");
    for header in [("noaber-app", "1"), ("sec-fetch-site", "same-origin"), ("origin", own.as_str())] {
        let (status, answer) = Program::ask(with(Some(header))).await?;
        assert_eq!(status, 200, "{header:?} {answer}");
        assert!(answer["refresh_token"].is_null(), "a browser gets it as a cookie, where no script reads it");
    }
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_that_is_shown_before_its_successor_ends_both() -> Outcome {
    let mut server = Within::start().await?;
    let browser = Program::sign_in(&server.url, "bezorging").await?;
    let shows = async |token: &str| knock(&server.url, "/api/token", json!({ "refresh_token": token })).await;
    let text = |answer: &Value| answer["refresh_token"].as_str().unwrap_or_default().to_owned();
    // The browser turned its token, and before it showed the new one somebody came with a copy of the old one.
    let own = text(&shows(&browser.refresh).await?.1);
    let copied = shows(&browser.refresh).await?;
    assert_eq!(copied.0, 200, "a lost answer looks the same");
    // Now the browser comes with what it was given: nobody can tell which of the two is the person.
    assert_eq!(shows(&own).await?.0, 401);
    assert_eq!(problem(&shows(&text(&copied.1)).await?), (401, "device-revoked"));
    let mails = mail::Entity::find().all(&server.state.db.read).await?;
    assert!(mails.iter().any(|mail| mail.kind == "device_shut_out"), "the person is told");
    // Behind a PIN a copy opens nothing, and an answer that comes late locks nobody out of a round.
    let phone = Program::sign_in(&server.url, "bezorger").await?;
    let secret = "5".repeat(64);
    assert_eq!(post(&phone, "/api/devices/lock", json!({ "secret": secret })).await?.0, 204);
    let shows = async |token: &str| {
        knock(&server.url, "/api/token", json!({ "refresh_token": token, "device_secret": secret })).await
    };
    let late = text(&shows(&phone.refresh).await?.1);
    let newest = text(&shows(&phone.refresh).await?.1);
    assert_eq!(shows(&late).await?.0, 401);
    assert_eq!(shows(&newest).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn tabs_that_wake_together_are_not_refused_and_are_no_thieves() -> Outcome {
    let mut server = Within::start().await?;
    let browser = Program::sign_in(&server.url, "bezorging").await?;
    let all = (0..8).map(|_| knock(&server.url, "/api/token", json!({ "refresh_token": browser.refresh })));
    for answer in futures_util::future::join_all(all).await {
        assert_eq!(answer?.0, 200);
    }
    assert_eq!(Program::ask(browser.request("GET", "/api/devices")).await?.0, 200, "it is not shut out");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_step_that_changes_ends_what_was_opened_without_it() -> Outcome {
    let mut server = Within::start().await?;
    let elsewhere = Program::sign_in(&server.url, "bezorging").await?;
    let phone = Program::sign_in(&server.url, "bezorging").await?;
    let pin = "5".repeat(64);
    assert_eq!(post(&phone, "/api/devices/lock", json!({ "secret": pin })).await?.0, 204);
    let mut here = Program::sign_in(&server.url, "bezorging").await?;
    second_step(&mut here).await?;
    let body = json!({ "refresh_token": elsewhere.refresh });
    assert_eq!(problem(&knock(&server.url, "/api/token", body).await?), (401, "device-revoked"));
    let body = json!({ "refresh_token": phone.refresh, "device_secret": pin });
    assert_eq!(knock(&server.url, "/api/token", body).await?.0, 200, "a phone behind a PIN stays");
    assert_eq!(Program::ask(here.request("GET", "/api/devices")).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_vouches_for_a_face_and_not_for_the_second_step() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let (secret, _) = second_step(&mut coordinator).await?;
    let user = coordinator.signed_in["user"]["id"].as_str().unwrap_or_default();
    let invite = format!("/api/people/{user}/invitation");
    let (_, invited) = post(&administrator, &invite, json!({ "way": "code" })).await?;
    let knocked = json!({ "secret": invited["code"], "device_name": "Nieuwe telefoon" });
    let (_, shown) = knock(&server.url, "/api/join", knocked).await?;
    let confirm = format!("/api/invitations/{}/confirm", invited["invitation"].as_str().unwrap_or_default());
    assert_eq!(post(&administrator, &confirm, json!({ "digits": shown["digits"] })).await?.0, 204);
    let finish = async |code: &str| {
        knock(&server.url, "/api/join/finish", json!({ "join": shown["join"], "code": code })).await
    };
    assert_eq!(problem(&finish("").await?), (401, "second-factor-needed"));
    assert_eq!(problem(&finish("000000").await?), (422, "second-factor-wrong"));
    // The app shows the next one; what was asked before stays open for it.
    let later = Timestamp(MORNING.as_millis() + 60_000);
    server.clock.move_to(later);
    assert_eq!(finish(&code_at(&secret, later)?).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_erased_by_who_did_not_show_anew_who_he_is() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let documents = coordinator.fetch_all().await?;
    let reader = documents.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let reader = reader["id"].as_str().unwrap_or_default().to_owned();
    let later = MORNING.plus_millis(5 * 60_000 + 1);
    server.clock.move_to(later);
    let at = later.as_millis();
    // As the app sends it: with what it expects. Another act beside it is judged as always.
    let mut erase = command(fresh_id(at), &reader, "erase_reader", at, &json!({}));
    erase["expected_hash"] = json!("A".repeat(43) + "=");
    let change = command(
        fresh_id(at),
        &reader,
        "change_reader",
        at,
        &json!({ "changes": { "mobility": "Rollator" } }),
    );
    let answer = coordinator.sync(vec![erase.clone(), change.clone()]).await?;
    let of = |id: &Value| answer["results"].as_array().into_iter().flatten().find(|one| one["id"] == *id);
    let refused = of(&erase["id"]).ok_or("no answer")?;
    assert_eq!(refused["refused"]["problem"], json!("proof-needed"), "{answer}");
    assert!(of(&change["id"]).ok_or("no answer")?["refused"].is_null(), "{answer}");
    // A secret that is not the one behind the PIN of this device is none, nor is one where there is no PIN.
    let body = json!({ "protocol": 1, "device_id": coordinator.device, "commands": [erase] });
    let with = async |program: &Program, secret: &str| {
        let request = program.request("POST", "/api/sync").header("noaber-device-secret", secret);
        Outcome::Ok(Program::ask(request.json(&body)).await?.1["results"][0].clone())
    };
    let pin = "5".repeat(64);
    assert_eq!(with(&coordinator, &pin).await?["refused"]["problem"], json!("proof-needed"));
    assert_eq!(post(&coordinator, "/api/devices/lock", json!({ "secret": pin })).await?.0, 204);
    assert_eq!(with(&coordinator, &"6".repeat(64)).await?["refused"]["problem"], json!("proof-needed"));
    // Nothing of it was kept: the same act goes through once it is shown.
    let done = with(&coordinator, &pin).await?;
    assert!(done["refused"].is_null() && !done.is_null(), "{done}");
    assert!(coordinator.fetch_all().await?.iter().all(|found| found["id"] != json!(reader)));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_key_of_the_installation_is_turned_while_the_server_serves_and_nobody_notices() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let (secret, paper) = second_step(&mut coordinator).await?;
    // The key of the library, to which phones seal theirs, is made when the first one asks for it.
    let (_, before) = Program::ask(coordinator.request("GET", "/api/devices/lock")).await?;
    let keys = async || organisation_key::Entity::find().all(&server.state.db.read).await;
    let locked_before = keys().await?;
    let enters = async |code: Value| {
        let body = json!({ "email": "bezorging@voorbeeld.invalid", "password": PASSWORD, "code": code, "device_name": "Laptop" });
        knock(&server.url, "/api/sign-in", body).await
    };
    let folder = server.state.config.data.clone();
    let old_key = std::fs::read(folder.join("vault-key"))?;
    let turned = master_key::turn(&server.state.db, &folder, false).await?;
    assert_eq!((turned.organisations, turned.second_steps), (locked_before.len(), 1));
    let (locked_after, ring) = (keys().await?, std::fs::read(folder.join("vault-key"))?);
    assert!(locked_before.iter().zip(&locked_after).all(|(old, new)| {
        old.locked_scalar != new.locked_scalar && old.public_point == new.public_point
    }));
    assert_eq!((ring.len(), &ring[32..]), (64, old_key.as_slice()), "the newest first");
    // The app for codes, a code on paper and the key for phones are what they were.
    server.clock.move_to(MORNING.plus_millis(60_000));
    assert_eq!(enters(json!(code_at(&secret, MORNING.plus_millis(60_000))?)).await?.0, 200);
    assert_eq!(enters(paper[0].clone()).await?.0, 200);
    assert_eq!(Program::ask(coordinator.request("GET", "/api/devices/lock")).await?.1, before);
    // When somebody may know the old one it is forgotten: what was derived from it opens nothing, the rest does.
    master_key::turn(&server.state.db, &folder, true).await?;
    assert_eq!(std::fs::read(folder.join("vault-key"))?.len(), 32);
    server.clock.move_to(MORNING.plus_millis(120_000));
    assert_eq!(problem(&enters(paper[1].clone()).await?), (422, "second-factor-wrong"));
    server.clock.move_to(MORNING.plus_millis(180_000));
    assert_eq!(enters(json!(code_at(&secret, MORNING.plus_millis(180_000))?)).await?.0, 200);
    let (_, standing) = Program::ask(coordinator.request("GET", "/api/second-factor")).await?;
    assert_eq!(standing["recovery_codes_left"], json!(0), "she is told to make new ones");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_who_guess_keep_nobody_out_of_the_own_browser() -> Outcome {
    // Strangers come from everywhere: what a proxy tells of each.
    let mut server =
        Within::start_as("sqlite::memory:", |config| "127.0.0.1".clone_into(&mut config.trusted_proxies))
            .await?;
    let http = Client::new();
    let from = |address: &str, password: &str| {
        let body =
            json!({ "email": "bezorging@voorbeeld.invalid", "password": password, "device_name": "x" });
        http.post(format!("{}/api/sign-in", server.url)).header("x-forwarded-for", address).json(&body)
    };
    let came = from("198.51.100.1", PASSWORD).send().await?;
    let cookie = came.headers().get("set-cookie").ok_or("no cookie")?.to_str()?.to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    for stranger in 0..60 {
        Program::ask(from(&format!("203.0.113.{stranger}"), "geraden wachtwoord")).await?;
    }
    // From elsewhere she has to wait, as anybody would; where she was let in before she has not.
    assert_eq!(problem(&Program::ask(from("198.51.100.2", PASSWORD)).await?), (429, "too-many-tries"));
    let own = from("198.51.100.3", PASSWORD).header("cookie", &cookie);
    assert_eq!(Program::ask(own).await?.0, 200);
    // The cookie of one person is no help at the account of another.
    let other = json!({ "email": "beheer@voorbeeld.invalid", "password": "geraden", "device_name": "x" });
    for stranger in 0..60 {
        let request = http.post(format!("{}/api/sign-in", server.url)).header("cookie", &cookie);
        let request = request.header("x-forwarded-for", format!("203.0.113.{stranger}"));
        Program::ask(request.json(&other)).await?;
    }
    let request = http.post(format!("{}/api/sign-in", server.url)).header("cookie", &cookie);
    let last = request.header("x-forwarded-for", "198.51.100.4").json(&other);
    assert_eq!(problem(&Program::ask(last).await?), (429, "too-many-tries"));
    server.stop().await
}
