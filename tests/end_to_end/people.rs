//! People: added, invited by code and by mail, with other rights, shut out, and gone.

use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};
use server::people::entity::mail;
use sync_core::deliveries::RecordKilometres;
use sync_core::problem::ProblemKind;
use sync_core::replica::Input;
use sync_core::summary::Summary;
use tests::api::{Program, code_at, knock};
use tests::phone::Phone;
use tests::postgres::Cluster;
use tests::server::{MORNING, Process, Within};
use tests::{Outcome, until};

/// A request without a token, as a new phone sends it.
async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

/// Adds a deliverer to the branch of whoever asks.
async fn add(program: &Program, name: &str, email: &str) -> Outcome<String> {
    let branch = &program.signed_in["user"]["roles"][0]["branch"];
    let new = json!({ "name": name, "email": email, "roles": [{ "branch": branch, "role": "deliverer" }] });
    let (status, answer) = post(program, "/api/people", new).await?;
    assert_eq!(status, 200, "{answer}");
    Ok(answer["user"].as_str().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_lets_somebody_in_once_and_only_when_a_colleague_sees_the_same_digits() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let user = add(&coordinator, "Mieke Naber", "").await?;
    let path = format!("/api/people/{user}/invitation");
    let (_, invited) = post(&coordinator, &path, json!({ "way": "code" })).await?;
    let code = invited["code"].as_str().unwrap_or_default();
    assert!(code.len() == 9 && code.chars().all(|c| c.is_ascii_digit()), "{invited}");
    let spoken = format!("{} {} {}", &code[..3], &code[3..6], &code[6..]);
    let knocked = json!({ "secret": spoken, "device_name": "Telefoon van Mieke" });
    let (status, shown) = knock(&server.url, "/api/join", knocked.clone()).await?;
    assert_eq!((status, &shown["state"]), (200, &json!("waiting")), "{shown}");
    // Not before a colleague has looked.
    let waits = json!({ "join": shown["join"] });
    let (_, early) = knock(&server.url, "/api/join/finish", waits.clone()).await?;
    assert_eq!(early["state"], json!("waiting"));
    assert_eq!(knock(&server.url, "/api/join", knocked).await?.0, 401, "a code works once");
    let id = invited["invitation"].as_str().unwrap_or_default();
    let (_, state) = Program::ask(coordinator.request("GET", &format!("/api/invitations/{id}"))).await?;
    assert_eq!(state["state"], json!("arrived"));
    assert_eq!(state["device_name"], json!("Telefoon van Mieke"));
    let choices = state["choices"].as_array().cloned().unwrap_or_default();
    assert!(choices.len() == 3 && choices.contains(&shown["digits"]), "{state}");
    let digits = json!({ "digits": shown["digits"] });
    // Nobody else confirms it.
    let other = Program::sign_in(&server.url, "bezorging3").await?;
    assert_eq!(post(&other, &format!("/api/invitations/{id}/confirm"), digits.clone()).await?.0, 404);
    assert_eq!(post(&coordinator, &format!("/api/invitations/{id}/confirm"), digits).await?.0, 204);
    let (status, answer) = knock(&server.url, "/api/join/finish", waits.clone()).await?;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(knock(&server.url, "/api/join/finish", waits).await?.0, 401, "and only once");
    let mut phone = Program::signed_in(&server.url, answer)?;
    assert!(phone.fetch_all().await?.iter().any(|found| found["kind"] == json!("branch")));
    // The coordinator's phone knows the new colleague.
    let mut desk = coordinator.clone();
    let documents = desk.fetch_all().await?;
    let team = documents.iter().find(|found| found["kind"] == json!("team")).ok_or("no team")?;
    assert!(team["content"].to_string().contains("Mieke Naber"), "{team}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn wrong_digits_and_late_codes_let_nobody_in() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let user = add(&coordinator, "Mieke Naber", "").await?;
    let path = format!("/api/people/{user}/invitation");
    let (_, invited) = post(&coordinator, &path, json!({ "way": "code" })).await?;
    let knocked = json!({ "secret": invited["code"], "device_name": "x" });
    let (_, shown) = knock(&server.url, "/api/join", knocked).await?;
    let id = invited["invitation"].as_str().unwrap_or_default();
    let wrong = json!({ "digits": shown["digits"].as_i64().unwrap_or_default() % 89 + 10 + 1 });
    assert_eq!(post(&coordinator, &format!("/api/invitations/{id}/confirm"), wrong).await?.0, 401);
    assert_eq!(knock(&server.url, "/api/join/finish", json!({ "join": shown["join"] })).await?.0, 401);
    let (_, invited) = post(&coordinator, &path, json!({ "way": "code" })).await?;
    server.clock.move_to(MORNING.plus_millis(11 * 60_000));
    let late = json!({ "secret": invited["code"], "device_name": "x" });
    let (status, answer) = knock(&server.url, "/api/join", late).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/invitation-over")));
    // Who guesses is slowed down.
    let mut answers = Vec::new();
    for number in 0..60 {
        let guess = json!({ "secret": format!("0000000{number:02}"), "device_name": "x" });
        answers.push(knock(&server.url, "/api/join", guess).await?.0);
    }
    assert!(answers.contains(&429), "{answers:?}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_link_by_mail_works_once_and_staff_choose_a_password() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let branch = &administrator.signed_in["user"]["roles"][0]["branch"];
    let new = json!({ "name": "Nel Stavast", "email": " Nel@voorbeeld.invalid ",
        "roles": [{ "branch": branch, "role": "delivery_coordinator" }] });
    let (status, added) = post(&administrator, "/api/people", new.clone()).await?;
    assert_eq!((status, &added["email"]), (200, &json!("nel@voorbeeld.invalid")), "{added}");
    // Sent twice it is one person; of another library the address is somebody else's.
    let (status, again) = post(&administrator, "/api/people", new).await?;
    assert_eq!((status, &again["user"]), (200, &added["user"]), "{again}");
    let elsewhere = Program::sign_in(&server.url, "beheer@ander.invalid").await?;
    let stranger = json!({ "name": "Nel", "email": "nel@voorbeeld.invalid",
        "roles": [{ "branch": elsewhere.signed_in["user"]["roles"][0]["branch"], "role": "deliverer" }] });
    let (status, taken) = post(&elsewhere, "/api/people", stranger).await?;
    assert_eq!((status, &taken["type"]), (422, &json!("/problems/address-in-use")));
    let path = format!("/api/people/{}/invitation", added["user"].as_str().unwrap_or_default());
    let (_, invited) = post(&administrator, &path, json!({ "way": "link" })).await?;
    assert!(invited["code"].is_null(), "the secret goes by mail alone");
    // It goes at once, without waiting for the clock.
    let folder = server.state.config.data.join("mail");
    let letters = until("the letter", std::time::Duration::from_secs(20), async || {
        let files = std::fs::read_dir(&folder).ok()?;
        let texts = files.filter_map(|entry| std::fs::read_to_string(entry.ok()?.path()).ok());
        Some(texts.filter(|text| text.contains("/uitnodiging#")).collect::<Vec<_>>())
            .filter(|all| !all.is_empty())
    })
    .await?;
    let [letter] = letters.as_slice() else { return Err(format!("{} letters", letters.len()).into()) };
    assert!(letter.contains("Subject: Je uitnodiging voor Noaber"), "{letter}");
    // Long lines are folded in a mail.
    let whole = letter.replace("=\r\n", "").replace("=3D", "=");
    let secret: String = whole
        .split_once("/uitnodiging#")
        .map(|(_, after)| {
            after.chars().take_while(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect()
        })
        .ok_or("no link in the mail")?;
    let knocked = |password: &str| json!({ "secret": secret, "device_name": "Laptop", "password": password });
    let (_, asked) = knock(&server.url, "/api/join", knocked("")).await?;
    assert_eq!(asked["state"], json!("password_needed"));
    let (status, weak) = knock(&server.url, "/api/join", knocked("nelstavast12")).await?;
    assert_eq!((status, &weak["type"]), (422, &json!("/problems/password-too-weak")));
    let password = "regen klotst op zinken dak";
    let (status, answer) = knock(&server.url, "/api/join", knocked(password)).await?;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(knock(&server.url, "/api/join", knocked(password)).await?.0, 401, "a link works once");
    let signed = json!({ "email": "nel@voorbeeld.invalid", "password": password, "device_name": "Laptop" });
    assert_eq!(knock(&server.url, "/api/sign-in", signed).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn rights_are_given_by_who_may_and_hold_at_once() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
    let own = coordinator.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned();
    let user = add(&coordinator, "Mieke Naber", "").await?;
    let mut phone = Program::let_in(&server.url, &coordinator, &user).await?;
    let roles = |user: &str| format!("/api/people/{user}/roles");
    let give = |role: &str| json!({ "give": [{ "branch": branch, "role": role }] });
    assert_eq!(post(&coordinator, &roles(&user), give("delivery_coordinator")).await?.0, 403);
    assert_eq!(
        post(&coordinator, &roles(&own), give("chooser")).await?.0,
        404,
        "she looks after her volunteers"
    );
    let volunteer = Program::sign_in(&server.url, "bezorger").await?;
    assert_eq!(Program::ask(volunteer.request("GET", "/api/people")).await?.0, 403);
    assert_eq!(post(&volunteer, &roles(&user), give("deliverer")).await?.0, 403);
    // Another branch, and another organisation: not there.
    for stranger in ["bezorging3@voorbeeld.invalid", "beheer@ander.invalid"] {
        let stranger = Program::sign_in(&server.url, stranger).await?;
        for path in
            [roles(&user), format!("/api/people/{user}/end"), format!("/api/people/{user}/invitation")]
        {
            let body = if path.ends_with("invitation") { json!({ "way": "code" }) } else { json!({}) };
            let (status, answer) = post(&stranger, &path, body.clone()).await?;
            let nobody = path.replace(&user, &uuid::Uuid::from_u128(7).to_string());
            let (same_status, same) = post(&stranger, &nobody, body).await?;
            assert_eq!((status, &answer), (same_status, &same), "{path}");
            assert_eq!(status, 404, "{path}");
        }
    }
    // The administrator stands above the coordinator: she cannot let herself in as him.
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let above = administrator.signed_in["user"]["id"].as_str().unwrap_or_default();
    assert_eq!(post(&administrator, &roles(above), give("chooser")).await?.0, 403, "nobody his own");
    let path = format!("/api/people/{above}/invitation");
    assert_eq!(post(&coordinator, &path, json!({ "way": "code" })).await?.0, 404);
    // A right that changed holds with the next request, on the old token too.
    assert_eq!(post(&administrator, &roles(&user), give("delivery_coordinator")).await?.0, 204);
    let (status, answer) = Program::ask(phone.request("GET", "/api/people")).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/token-expired")));
    phone.refreshes().await?;
    assert_eq!(Program::ask(phone.request("GET", "/api/people")).await?.0, 200);
    // And an end is an end.
    assert_eq!(post(&administrator, &format!("/api/people/{user}/end"), json!({})).await?.0, 204);
    let (status, answer) = Program::ask(phone.request("GET", "/api/people")).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/device-revoked")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_phone_is_shut_out_at_once_and_the_log_shows_it() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    phone.fetch_all().await?;
    let user = phone.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned();
    let (_, devices) =
        Program::ask(coordinator.request("GET", &format!("/api/people/{user}/devices"))).await?;
    assert_eq!(devices.as_array().map_or(0, Vec::len), 1, "{devices}");
    let device = devices[0]["device"].as_str().unwrap_or_default().to_owned();
    // Another branch knows nothing of it.
    let elsewhere = Program::sign_in(&server.url, "bezorging3").await?;
    let path = format!("/api/devices/{device}/revoke");
    assert_eq!(post(&elsewhere, &path, json!({})).await?.0, 404);
    assert_eq!(post(&coordinator, &path, json!({})).await?.0, 204);
    let (status, answer) = Program::ask(phone.request("GET", "/api/devices")).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/device-revoked")));
    assert!(phone.refreshes().await.is_err(), "nor does it get a fresh token");
    // Every step stands in the log, and the log holds.
    server.state.housekeep().await.map_err(|problem| format!("{problem:?}"))?;
    let organisation: uuid::Uuid =
        phone.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?;
    let lines = server::audit::verify(&server.state.db, organisation).await?;
    assert!(lines > 3, "{lines}");
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let (_, log) = Program::ask(administrator.request("GET", "/api/audit?act=revoke_device")).await?;
    assert_eq!(
        (&log[0]["act"], &log[0]["name"]),
        (&json!("revoke_device"), &json!("Marga Veldman")),
        "{log}"
    );
    // It can be asked for by everything that stands in it, and by day.
    let (_, choices) = Program::ask(administrator.request("GET", "/api/audit/choices")).await?;
    let has = |list: &str, wanted: &Value| choices[list].as_array().is_some_and(|all| all.contains(wanted));
    let marga = json!({ "user": coordinator.signed_in["user"]["id"], "name": "Marga Veldman" });
    assert!(has("acts", &json!("revoke_device")) && has("people", &marga), "{choices}");
    let (today, next) = (MORNING.local_date(), MORNING.plus_millis(86_400_000).local_date());
    for (period, found) in [
        (format!("from={today}&until={today}"), 1),
        (format!("from={next}"), 0),
        (format!("until={next}"), 1),
        ("until=2020-01-01".to_owned(), 0),
    ] {
        let path = format!("/api/audit?act=revoke_device&{period}");
        let (_, log) = Program::ask(administrator.request("GET", &path)).await?;
        assert_eq!(log.as_array().map(Vec::len), Some(found), "{period}");
    }
    let (status, _) = Program::ask(administrator.request("GET", "/api/audit?from=gisteren")).await?;
    assert_eq!(status, 400);
    let (_, file) = Program::ask(administrator.request("GET", "/api/audit?format=csv")).await?;
    let file = file.as_str().unwrap_or_default();
    assert!(file.contains("revoke_device") && !file.contains("Marga"), "ids only: {file}");
    // A line that is changed, and one that is taken away, show.
    let db = &server.state.db;
    db.write.execute_unprepared("UPDATE audit SET act = 'sign_in' WHERE act = 'revoke_device'").await?;
    let changed = server::audit::verify(db, organisation).await;
    assert!(matches!(changed, Err(server::audit::Broken::Changed { .. })), "{changed:?}");
    db.write.execute_unprepared("UPDATE audit SET act = 'revoke_device' WHERE number = (SELECT max(number) FROM audit WHERE act = 'sign_in')").await?;
    db.write.execute_unprepared("DELETE FROM audit WHERE number = 2").await?;
    let missing = server::audit::verify(db, organisation).await;
    assert!(
        matches!(
            missing,
            Err(server::audit::Broken::Missing { number: 2, .. } | server::audit::Broken::Changed { .. })
        ),
        "{missing:?}"
    );
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_was_shut_out_drops_its_documents_and_keeps_its_outbox() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let mut phone = Phone::of(&program, 1, MORNING)?;
    phone.exchanges(&program, MORNING).await?;
    let round = phone.replica.rows().find_map(|(id, row)| match row {
        Summary::Round(round) if round.on == Some(MORNING.local_date()) => Some(id),
        _ => None,
    });
    phone
        .acts(round.ok_or("no round today")?, RecordKilometres { metres: 4_000 }, MORNING)
        .ok_or("not kept")?;
    let path = format!("/api/devices/{}/revoke", program.device);
    assert_eq!(post(&coordinator, &path, json!({})).await?.0, 204);
    let asked =
        program.request("POST", "/api/sync").json(&json!({ "protocol": 1, "device_id": program.device }));
    assert_eq!(Program::ask(asked).await?.1["type"], json!("/problems/device-revoked"));
    phone.handle(Input::Rejected(ProblemKind::DeviceRevoked), MORNING);
    assert_eq!(phone.replica.documents().count(), 0);
    assert!(phone.disk.documents.is_empty() && phone.disk.meta.person.is_none(), "the disk holds it still");
    assert_eq!(phone.replica.status().unsent, 1);
    let files = phone.replica.export_outbox(MORNING);
    let [file] = files.as_slice() else { return Err(format!("{} files", files.len()).into()) };
    let handed = coordinator
        .request("POST", "/api/sync/hand-in")
        .header("content-type", "application/octet-stream")
        .body(file.to_bytes());
    assert_eq!(Program::ask(handed).await?.1, json!({ "accepted": 1, "refused": 0 }));
    // Started anew it is still nobody's phone, with the same one act.
    phone.restart(MORNING);
    assert_eq!((phone.replica.person(), phone.replica.status().unsent), (None, 1));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn with_the_cookie_of_a_locked_phone_alone_nobody_gets_a_token_or_a_key() -> Outcome {
    let mut server = Within::start().await?;
    let phone = Program::sign_in(&server.url, "bezorger").await?;
    let (status, seal_to) = Program::ask(phone.request("GET", "/api/devices/lock")).await?;
    assert_eq!(status, 200, "{seal_to}");
    assert_eq!(post(&phone, "/api/devices/lock", json!({ "secret": "kort" })).await?.0, 400);
    let (status, _) = post(&phone, "/api/devices/lock", json!({ "secret": "5".repeat(64) })).await?;
    assert_eq!(status, 204);
    let asks = async |token: &str, secret: Option<String>| {
        let mut body = json!({ "refresh_token": token });
        if let Some(secret) = secret {
            body["device_secret"] = json!(secret);
        }
        knock(&server.url, "/api/token", body).await
    };
    assert_eq!(asks(&phone.refresh, None).await?.0, 401);
    assert_eq!(asks(&phone.refresh, Some("6".repeat(64))).await?.0, 401);
    // Failed tries turn nothing: the right one still comes in.
    assert_eq!(asks(&phone.refresh, Some("5".repeat(64))).await?.0, 200);
    // One that was locked and cut off before it could tell so, tells it with its next token; from then on it is needed.
    let cut_off = Program::sign_in(&server.url, "bezorger").await?;
    let (status, answer) = asks(&cut_off.refresh, Some("7".repeat(64))).await?;
    assert_eq!(status, 200, "{answer}");
    let turned = answer["refresh_token"].as_str().unwrap_or_default().to_owned();
    assert_eq!(asks(&turned, None).await?.0, 401);
    assert_eq!(asks(&turned, Some("7".repeat(64))).await?.0, 200);
    // A key that was sealed for this device: another person asks, or the device was shut out. The same answer as for what is
    // not there at all.
    let sealed = json!({ "key": seal_to["key"], "ephemeral": "BA==", "bytes": "" });
    let ask =
        |device: String| json!({ "device": device, "vault": uuid::Uuid::from_u128(1), "sealed": sealed });
    let colleague = Program::sign_in(&server.url, "bezorger4").await?;
    let not_there =
        post(&colleague, "/api/devices/unseal", ask(uuid::Uuid::from_u128(9).to_string())).await?;
    assert_eq!(not_there.0, 404);
    assert_eq!(post(&colleague, "/api/devices/unseal", ask(phone.device.to_string())).await?, not_there);
    let again = Program::sign_in(&server.url, "bezorger").await?;
    post(&again, &format!("/api/devices/{}/revoke", phone.device), json!({})).await?;
    assert_eq!(post(&again, "/api/devices/unseal", ask(phone.device.to_string())).await?, not_there);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_shows_a_token_that_is_over_has_a_copy_and_the_device_is_shut_out() -> Outcome {
    let mut server = Within::start().await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    let shows = async |token: &str| knock(&server.url, "/api/token", json!({ "refresh_token": token })).await;
    let first = phone.refresh.clone();
    // An answer that was lost is no theft: the same token works again until its successor is seen.
    assert_eq!(shows(&first).await?.0, 200);
    phone.refreshes().await?;
    let second = phone.refresh.clone();
    phone.refreshes().await?;
    assert_ne!(second, phone.refresh);
    // Somebody made a copy of the first one, and comes with it now.
    assert_eq!(shows(&first).await?.0, 401);
    let (status, answer) = Program::ask(phone.request("GET", "/api/devices")).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/device-revoked")));
    // The person is told by mail, without a name in its subject.
    let mails = mail::Entity::find().all(&server.state.db.read).await?;
    let told = mails.iter().find(|mail| mail.kind == "device_shut_out").ok_or("nobody was told")?;
    assert!(!told.subject.contains("Anna") && told.body.contains("op twee plekken"), "{}", told.subject);
    // A token that never was is nobody's.
    assert_eq!(shows("geraden").await?.0, 401);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_signing_key_signs_nobody_out() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let mut phone = Program::sign_in(&server.url(), "bezorger").await?;
    server.stop()?;
    std::fs::remove_file(folder.path().join("signing-key.pem"))?;
    server.up()?;
    assert_eq!(Program::ask(phone.request("GET", "/api/devices")).await?.0, 401, "of the old key");
    phone.refreshes().await?;
    assert_eq!(Program::ask(phone.request("GET", "/api/devices")).await?.0, 200);
    server.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_administrator_comes_in_by_a_link_from_the_terminal() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let make = |email: &str| {
        server.command(&[
            "create-administrator",
            "--organisation",
            "Bibliotheek Elders",
            "--branch",
            "Elders",
            "--municipality",
            "Elders",
            "--name",
            "Roel Beheer",
            "--email",
            email,
        ])
    };
    let said = make("roel@elders.invalid")?;
    let (_, secret) = said.split_once("/uitnodiging#").ok_or_else(|| said.clone())?;
    let secret = secret.split_whitespace().next().unwrap_or_default();
    let enter =
        json!({ "secret": secret, "device_name": "Laptop", "password": "regen klotst op zinken dak" });
    let (status, answer) = knock(&server.url(), "/api/join", enter.clone()).await?;
    assert_eq!(status, 200, "{answer}");
    let mut administrator = Program::signed_in(&server.url(), answer)?;
    assert_eq!(administrator.signed_in["user"]["roles"][0]["role"], json!("administrator"));
    // A password alone opens one thing in a new library: setting up what comes beside it.
    let (status, answer) = Program::ask(administrator.request("GET", "/api/people")).await?;
    assert_eq!((status, &answer["type"]), (403, &json!("/problems/second-step-missing")));
    let (_, begun) = post(&administrator, "/api/second-factor", json!({})).await?;
    let now = server::clock::Clock::Machine.now();
    let code = json!({ "code": code_at(begun["secret"].as_str().unwrap_or_default(), now)? });
    assert_eq!(post(&administrator, "/api/second-factor/confirm", code).await?.0, 200);
    administrator.refreshes().await?;
    // The library is her own, and empty but for herself; of the other one she sees nothing.
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    assert_eq!(people.as_array().map(Vec::len), Some(1), "{people}");
    let documents = administrator.fetch_all().await?;
    assert!(documents.iter().any(|one| one["kind"] == json!("branch")), "{documents:?}");
    assert!(!json!(documents).to_string().contains("Gieten"), "{documents:?}");
    // Once only, and an address belongs to one account.
    assert_ne!(knock(&server.url(), "/api/join", enter).await?.0, 200);
    assert!(make("roel@elders.invalid").is_err());
    server.stop()
}

#[tokio::test(flavor = "multi_thread")]
async fn with_a_second_factor_a_password_alone_opens_nothing_and_each_code_opens_once() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let (status, begun) = post(&coordinator, "/api/second-factor", json!({})).await?;
    assert_eq!(status, 200, "{begun}");
    let secret = begun["secret"].as_str().unwrap_or_default();
    assert!(begun["address"].as_str().unwrap_or_default().starts_with("otpauth://totp/Noaber:"), "{begun}");
    let enters = async |code: &str| {
        let body = json!({ "email": "bezorging@voorbeeld.invalid", "password": tests::api::PASSWORD, "code": code, "device_name": "Laptop" });
        knock(&server.url, "/api/sign-in", body).await
    };
    // Begun is not confirmed: nobody is shut out by a secret that was typed over wrongly.
    assert_eq!(enters("").await?.0, 200);
    assert_eq!(post(&coordinator, "/api/second-factor/confirm", json!({ "code": "000000" })).await?.0, 422);
    let code = code_at(secret, MORNING)?;
    assert_eq!(post(&coordinator, "/api/second-factor/confirm", json!({ "code": code })).await?.0, 200);
    let (status, answer) = enters("").await?;
    assert_eq!((status, &answer["second_factor"]), (401, &json!(["totp"])), "{answer}");
    // The code of the confirmation was used; a later one opens, once.
    assert_eq!(enters(&code).await?.1["type"], json!("/problems/second-factor-wrong"));
    server.clock.move_to(MORNING.plus_millis(60_000));
    let code = code_at(secret, server.clock.now())?;
    assert_eq!(enters(&format!("{} {}", &code[..3], &code[3..])).await?.0, 200);
    assert_eq!(enters(&code).await?.1["type"], json!("/problems/second-factor-wrong"));
    // A wrong password says nothing of a second factor.
    let wrong = json!({ "email": "bezorging@voorbeeld.invalid", "password": "iets heel anders", "device_name": "Laptop" });
    assert_eq!(
        knock(&server.url, "/api/sign-in", wrong).await?.1["type"],
        json!("/problems/wrong-credentials")
    );
    // An invitation by mail does not get around it.
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let user = coordinator.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned();
    post(&administrator, &format!("/api/people/{user}/invitation"), json!({ "way": "link" })).await?;
    let mails = mail::Entity::find().all(&server.state.db.read).await?;
    let letter = mails.iter().find(|mail| mail.kind == "invitation").ok_or("no mail")?;
    let (_, link) = letter.body.split_once("/uitnodiging#").ok_or("no link")?;
    let link = link.split_whitespace().next().unwrap_or_default();
    let join = json!({ "secret": link, "device_name": "Laptop", "password": "regen klotst op zinken dak" });
    assert_eq!(
        knock(&server.url, "/api/join", join).await?.1["type"],
        json!("/problems/second-factor-needed")
    );
    // Guessing codes is slowed down.
    for _ in 0..6 {
        enters("111111").await?;
    }
    assert_eq!(enters("111111").await?.0, 429);
    // Who lost the app is helped by who may give the rights, and by nobody else.
    coordinator.refreshes().await?;
    let path = format!("/api/people/{user}/second-factor/remove");
    assert_eq!(post(&coordinator, &path, json!({})).await?.0, 404, "nobody his own");
    assert_eq!(post(&administrator, &path, json!({})).await?.0, 204);
    server.clock.move_to(MORNING.plus_millis(3_600_000));
    assert_eq!(enters("").await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_lost_the_app_for_codes_comes_in_with_a_code_on_paper_that_opens_once() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let renew = "/api/second-factor/recovery-codes";
    assert_eq!(post(&coordinator, renew, json!({})).await?.1["type"], json!("/problems/state-not-possible"));
    let (_, begun) = post(&coordinator, "/api/second-factor", json!({})).await?;
    let secret = begun["secret"].as_str().unwrap_or_default();
    let code = json!({ "code": code_at(secret, MORNING)? });
    let (_, told) = post(&coordinator, "/api/second-factor/confirm", code).await?;
    coordinator.refreshes().await?;
    let texts = |told: &Value| -> Vec<String> {
        let codes = told["recovery_codes"].as_array().into_iter().flatten();
        codes.filter_map(|code| code.as_str().map(str::to_owned)).collect()
    };
    let codes = texts(&told);
    assert_eq!(codes.len(), 10, "{told}");
    assert_eq!(codes.iter().collect::<std::collections::BTreeSet<_>>().len(), 10, "no two alike");
    let enters = async |code: &str| {
        let body = json!({ "email": "bezorging@voorbeeld.invalid", "password": tests::api::PASSWORD, "code": code, "device_name": "Laptop" });
        knock(&server.url, "/api/sign-in", body).await
    };
    let left = async |asks: &Program| -> Outcome<Value> {
        Ok(Program::ask(asks.request("GET", "/api/second-factor")).await?.1["recovery_codes_left"].clone())
    };
    assert_eq!(left(&coordinator).await?, json!(10));
    // As it stands on the paper or typed on; once.
    assert_eq!(enters(&codes[3]).await?.0, 200);
    assert_eq!(enters(&codes[3].replace(' ', "")).await?.1["type"], json!("/problems/second-factor-wrong"));
    server.clock.move_to(MORNING.plus_millis(1_000));
    assert_eq!(enters(&codes[7].replace(' ', "")).await?.0, 200);
    assert_eq!(left(&coordinator).await?, json!(8));
    // Twice at once: one is in.
    server.clock.move_to(MORNING.plus_millis(2_000));
    let (one, other) = tokio::join!(enters(&codes[1]), enters(&codes[1]));
    let mut both = [one?.0, other?.0];
    both.sort_unstable();
    assert_eq!(both, [200, 422]);
    // Its person is told each time, and the log knows it.
    let mails = mail::Entity::find().all(&server.state.db.read).await?;
    assert_eq!(mails.iter().filter(|mail| mail.kind == "recovery_code").count(), 3);
    assert!(mails.iter().all(|mail| codes.iter().all(|code| !mail.body.contains(code))), "no code in a mail");
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let (_, log) = Program::ask(administrator.request("GET", "/api/audit?act=recovery_code_used")).await?;
    assert_eq!(log.as_array().map(Vec::len), Some(3), "{log}");
    // New ones end the old.
    let (status, told) = post(&coordinator, renew, json!({})).await?;
    assert_eq!(status, 200, "{told}");
    assert_eq!(enters(&codes[0]).await?.1["type"], json!("/problems/second-factor-wrong"));
    assert_eq!(enters(&texts(&told)[0]).await?.0, 200);
    // Without a second step there is nothing that they stand in for.
    let gone = json!({ "code": texts(&told)[1] });
    assert_eq!(post(&coordinator, "/api/second-factor/remove", gone).await?.0, 204);
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    assert_eq!(left(&coordinator).await?, json!(0));
    server.stop().await
}

/// The same on PostgreSQL: somebody comes in, works, goes, and the log holds.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_people_come_in_and_go() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let mut server = Within::start_on(&cluster.database("people")?).await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let user = add(&coordinator, "Mieke Naber", "").await?;
    let other = add(&coordinator, "Nel Stavast", "").await?;
    assert_ne!(user, other, "who has no address does not stand in another's way");
    let mut phone = Program::let_in(&server.url, &coordinator, &user).await?;
    assert!(!phone.fetch_all().await?.is_empty());
    assert_eq!(post(&coordinator, &format!("/api/people/{user}/end"), json!({})).await?.0, 204);
    let (status, _) = Program::ask(phone.request("GET", "/api/devices")).await?;
    assert_eq!(status, 401);
    server.state.housekeep().await.map_err(|problem| format!("{problem:?}"))?;
    let organisation = coordinator.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?;
    assert!(server::audit::verify(&server.state.db, organisation).await? > 3);
    server.stop().await
}
