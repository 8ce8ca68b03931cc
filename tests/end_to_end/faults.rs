//! Bad input and faults: each a clear message, and nothing lost.

use serde_json::{Value, json};
use sync_core::deliveries;
use sync_core::deliveries::view::RoundView;
use sync_core::ids::{DocumentId, RoundId};
use sync_core::summary::Content;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::phone::Phone;
use tests::server::{MORNING, Process, Within};

fn at() -> i64 {
    MORNING.as_millis()
}

/// A round as this phone shows it.
fn round(phone: &mut Phone, id: RoundId) -> Outcome<RoundView> {
    match phone.replica.content(id.into()) {
        Some(Content::Round(round)) => Ok(round),
        other => Err(format!("no round: {other:?}").into()),
    }
}

pub(crate) async fn round_of_today(program: &mut Program) -> Outcome<Value> {
    let documents = program.fetch_all().await?;
    let today = documents
        .into_iter()
        .filter(|found| found["kind"] == json!("round") && found["summary"]["cancelled"] == json!(false))
        .find(|found| {
            found["content"]["stops"].as_array().is_some_and(|stops| stops[0]["state"] == json!("planned"))
        });
    today.ok_or_else(|| "no open round".into())
}

fn log_of(round: &Value) -> Value {
    json!({ "log": fresh_id(at()), "stop": round["content"]["stops"][0]["stop"], "outcome": "delivered" })
}

async fn problem(program: &Program, body: &str, kind: &str) -> Outcome<(u16, String)> {
    let request = program.request("POST", "/api/sync").header("content-type", kind).body(body.to_owned());
    let (status, answer) = Program::ask(request).await?;
    Ok((status, answer["type"].as_str().unwrap_or_default().to_owned()))
}

#[tokio::test(flavor = "multi_thread")]
async fn every_bad_request_has_its_problem() -> Outcome {
    let mut server = Within::start().await?;
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let device = program.device;
    let good = |part: Value| {
        let mut body = json!({ "protocol": 1, "device_id": device });
        for (key, value) in part.as_object().cloned().unwrap_or_default() {
            body[key] = value;
        }
        body.to_string()
    };
    let json_kind = "application/json";
    let many: Vec<Value> = (0..501)
        .map(|_| command(fresh_id(at()), &device.to_string(), "log_delivery", at(), &json!({})))
        .collect();
    for (body, kind, status, slug) in [
        ("{".to_owned(), json_kind, 400, "malformed-request"),
        (good(json!({ "unheard_of": 1 })), json_kind, 400, "malformed-request"),
        (good(json!({})), "text/plain", 415, "unsupported-media-type"),
        (good(json!({ "device_id": fresh_id(at()) })), json_kind, 422, "invalid-request"),
        (good(json!({ "commands": many })), json_kind, 413, "too-many-commands"),
        (format!("\"{}\"", "x".repeat(1_100_000)), json_kind, 413, "body-too-large"),
    ] {
        let told = problem(&program, &body, kind).await?;
        assert_eq!(told, (status, format!("/problems/{slug}")));
    }
    let right = program.token.clone();
    program.token = "not.a.token".to_owned();
    assert_eq!(problem(&program, &good(json!({})), json_kind).await?.1, "/problems/not-signed-in");
    program.token = right;
    server.clock.move_to(MORNING.plus_millis(11 * 60_000));
    assert_eq!(problem(&program, &good(json!({})), json_kind).await?.1, "/problems/token-expired");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_an_app_that_is_too_old_only_the_outbox_is_taken() -> Outcome {
    let mut server = Within::start().await?;
    let mut program = Program::sign_in(&server.url, "bezorger").await?;
    let round = round_of_today(&mut program).await?;
    let id = round["id"].as_str().unwrap_or_default().to_owned();
    let old = |program: &Program, commands: Value, cursor: Option<&String>| {
        let mut body = json!({ "protocol": 0, "device_id": program.device, "commands": commands });
        if let Some(cursor) = cursor {
            body["cursor"] = json!(cursor);
        }
        program.request("POST", "/api/sync").json(&body)
    };
    let act = command(fresh_id(at()), &id, "log_delivery", at(), &log_of(&round));
    let (status, answer) = Program::ask(old(&program, json!([act]), program.cursor.as_ref())).await?;
    assert_eq!(status, 200, "{answer}");
    assert!(answer["results"][0]["accepted"].is_object(), "{answer}");
    assert_eq!(answer["notices"], json!([{ "kind": "update_needed" }]));
    assert!(answer["documents"].is_null(), "{answer}");
    assert_eq!(answer["cursor"].as_str(), program.cursor.as_deref(), "it has fetched nothing");
    // Somebody new gets nothing either, and what may no longer be held must go all the same.
    let (_, answer) = Program::ask(old(&program, json!([]), None)).await?;
    assert!(answer["documents"].is_null(), "{answer}");
    server.clock.move_to(MORNING.plus_millis(5 * 86_400_000));
    program.refreshes().await?;
    let (_, answer) = Program::ask(old(&program, json!([]), program.cursor.as_ref())).await?;
    assert!(answer["dropped"].as_array().is_some_and(|dropped| !dropped.is_empty()), "{answer}");
    // The act counts, and the app of today gets everything that the old one did not.
    let answer = program.sync(Vec::new()).await?;
    let told = answer["documents"].as_array().cloned().unwrap_or_default();
    let round = told.iter().find(|document| document["id"] == json!(id)).ok_or("the round is not told")?;
    assert_eq!(round["content"]["history"].as_array().map(Vec::len), Some(1));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_unpacks_to_too_much_is_refused_before_any_work() -> Outcome {
    use std::io::Write as _;
    let mut server = Within::start().await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    packer.write_all(&vec![b' '; 20_000_000])?;
    let request = program
        .request("POST", "/api/sync")
        .header("content-type", "application/json")
        .header("content-encoding", "gzip")
        .body(packer.finish()?);
    let (status, answer) = Program::ask(request).await?;
    assert_eq!((status, &answer["type"]), (413, &json!("/problems/body-too-large")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_command_is_refused_with_its_reason_and_the_others_go_on() -> Outcome {
    let mut server = Within::start().await?;
    let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let mut stranger = Program::sign_in(&server.url, "bezorger2").await?;
    let round = round_of_today(&mut volunteer).await?;
    let id = round["id"].as_str().unwrap_or_default();
    let cancel = command(fresh_id(at()), id, "cancel_round", at(), &json!({ "reason": "sneeuw" }));
    let not_hers = volunteer.sync(vec![cancel.clone()]).await?;
    assert_eq!(not_hers["results"][0]["refused"]["problem"], json!("not-allowed"));
    let foreign =
        stranger.sync(vec![command(fresh_id(at()), id, "log_delivery", at(), &log_of(&round))]).await?;
    assert_eq!(foreign["results"][0]["refused"]["problem"], json!("not-found"));
    let mixed = volunteer
        .sync(vec![
            command(fresh_id(at()), id, "teleport_books", at(), &json!({})),
            command(fresh_id(at()), id, "log_delivery", at(), &json!({ "stop": 1 })),
            command(fresh_id(at()), id, "log_delivery", at(), &{
                let mut log = log_of(&round);
                log["note"] = json!("bsn 111222333");
                log
            }),
            command(fresh_id(at()), id, "record_kilometres", at(), &json!({ "metres": 12_500 })),
        ])
        .await?;
    let told: Vec<&Value> = (0..3).map(|index| &mixed["results"][index]["refused"]["problem"]).collect();
    assert_eq!(told, [&json!("unknown-command"), &json!("invalid-command"), &json!("looks-like-bsn")]);
    assert!(mixed["results"][3]["accepted"].is_object(), "{mixed}");
    // The coordinator cancels; the volunteer, who had not heard of it, logs, and is told.
    let done = coordinator.sync(vec![command(fresh_id(at()), id, "cancel_round", at(), &json!({}))]).await?;
    assert!(done["results"][0]["accepted"].is_object(), "{done}");
    let late =
        volunteer.sync(vec![command(fresh_id(at()), id, "log_delivery", at(), &log_of(&round))]).await?;
    assert_eq!(late["results"][0]["refused"]["problem"], json!("round-cancelled"));
    // And the coordinator sees what was refused, with whose it was.
    let (_, acts) = Program::ask(coordinator.request("GET", "/api/deliveries/refused-acts")).await?;
    let acts = acts.as_array().cloned().unwrap_or_default();
    assert!(acts.iter().any(
        |act| act["problem"] == json!("/problems/round-cancelled") && act["name"] == json!("Anna Hoving")
    ));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_is_erased_while_the_volunteer_is_on_the_road_costs_no_log() -> Outcome {
    let mut server = Within::start().await?;
    let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let round = round_of_today(&mut volunteer).await?;
    let id = round["id"].as_str().unwrap_or_default();
    let reader = round["content"]["stops"][0]["reader"].as_str().unwrap_or_default().to_owned();
    let erased =
        coordinator.sync(vec![command(fresh_id(at()), &reader, "erase_reader", at(), &json!({}))]).await?;
    assert!(erased["results"][0]["accepted"].is_object(), "{erased}");
    let logged =
        volunteer.sync(vec![command(fresh_id(at()), id, "log_delivery", at(), &log_of(&round))]).await?;
    assert!(logged["results"][0]["accepted"].is_object(), "{logged}");
    let dropped = logged["dropped"].as_array().cloned().unwrap_or_default();
    assert!(dropped.contains(&json!(reader)), "the phone must drop the reader: {logged}");
    let change =
        command(fresh_id(at()), &reader, "change_reader", at(), &json!({ "changes": { "name": "X" } }));
    let gone = coordinator.sync(vec![change]).await?;
    assert_eq!(gone["results"][0]["refused"]["problem"], json!("document-gone"));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_coordinators_who_change_one_stop_apart_are_both_heard() -> Outcome {
    use sync_core::deliveries::ChangeStop;
    use sync_core::ids::RoundId;

    let mut server = Within::start().await?;
    let program = Program::sign_in(&server.url, "bezorging").await?;
    let other = Program::sign_in(&server.url, "bezorging").await?;
    let id: RoundId = {
        let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
        round_of_today(&mut volunteer).await?["id"].as_str().unwrap_or_default().parse()?
    };
    let mut desk = Phone::of(&program, 1, MORNING)?;
    let mut laptop = Phone::of(&other, 2, MORNING)?;
    desk.exchanges(&program, MORNING).await?;
    laptop.exchanges(&other, MORNING).await?;
    let stop = round(&mut desk, id)?.stops[0].stop;
    let bring = |text: &str| ChangeStop { stop, bag: None, bring: Some(text.to_owned()), fetch: None };
    // Neither has heard of the other.
    let first = desk.acts(id.into(), bring("5 boeken"), MORNING).ok_or("not kept")?;
    let second = laptop.acts(id.into(), bring("6 boeken"), MORNING.plus_millis(1_000)).ok_or("not kept")?;
    desk.exchanges(&program, MORNING).await?;
    laptop.exchanges(&other, MORNING).await?;
    desk.exchanges(&program, MORNING).await?;
    for phone in [&mut desk, &mut laptop] {
        let mut answers = round(phone, id)?.stops[0].bring.clone();
        answers.sort();
        assert_eq!(answers, ["5 boeken", "6 boeken"], "both answers stand side by side");
        assert_eq!(phone.replica.status().unsent, 0);
        assert_eq!(phone.replica.status().refused, 0);
    }
    assert_ne!(first, second);
    // A person chooses, and then there is one answer on every phone.
    laptop.acts(id.into(), bring("6 boeken"), MORNING.plus_millis(2_000)).ok_or("not kept")?;
    laptop.exchanges(&other, MORNING).await?;
    desk.exchanges(&program, MORNING).await?;
    assert_eq!(round(&mut desk, id)?.stops[0].bring, ["6 boeken"]);
    server.stop().await
}

/// Asks for this act on a connection of its own, of which nothing is read yet.
async fn half_asked(program: &Program, act: &Value) -> Outcome<tokio::net::TcpStream> {
    use tokio::io::AsyncWriteExt as _;
    let body = json!({ "protocol": 1, "device_id": program.device, "commands": [act] }).to_string();
    let host = program.url.trim_start_matches("http://");
    let head = format!(
        "POST /api/sync HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        program.token,
        body.len()
    );
    let mut line = tokio::net::TcpStream::connect(host).await?;
    line.write_all(head.as_bytes()).await?;
    line.write_all(body.as_bytes()).await?;
    Ok(line)
}

/// How many facts stand in this round.
fn facts(documents: &[Value], round: &str) -> Outcome<usize> {
    let round = documents.iter().find(|found| found["id"] == json!(round)).ok_or("the round is gone")?;
    Ok(round["content"]["history"].as_array().map_or(0, Vec::len))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_killed_between_commit_and_answer_counts_the_act_once() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let mut program = Program::sign_in(&server.url(), "bezorger").await?;
    let round = round_of_today(&mut program).await?;
    let id = round["id"].as_str().unwrap_or_default().to_owned();
    let mut logs: Vec<Value> = Vec::new();
    for _ in 0..5 {
        let act = command(fresh_id(at()), &id, "log_delivery", at(), &log_of(&round));
        let answer = half_asked(&program, &act).await?;
        // Its first byte tells that the act is committed; the power goes, and nothing of the answer is read.
        answer.peek(&mut [0; 1]).await?;
        server.kill()?;
        drop(answer);
        logs.push(act);
        server.up()?;
        let there = program.fetch_all().await?;
        assert_eq!(facts(&there, &id)?, logs.len(), "what was committed is there before it is sent again");
    }
    // Sent again, as a phone does, and once more; each counts once.
    let twice = [program.sync(logs.clone()).await?, program.sync(logs.clone()).await?];
    assert_eq!(twice[0]["results"], twice[1]["results"], "the first answer again");
    let accepted = twice[0]["results"].as_array().into_iter().flatten();
    assert_eq!(accepted.filter(|result| result["accepted"].is_object()).count(), logs.len(), "{}", twice[0]);
    assert_eq!(facts(&program.fetch_all().await?, &id)?, logs.len());
    assert!(server.command(&["check"])?.contains("as they should be"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restored_backup_makes_every_device_begin_anew() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let mut program = Program::sign_in(&server.url(), "bezorger").await?;
    program.fetch_all().await?;
    let backup = folder.path().join("backup.db");
    let file = backup.to_str().ok_or("no plain name")?;
    assert!(server.command(&["backup", file])?.contains("written"));
    server.stop()?;
    server.command(&["restore", file])?;
    server.up()?;
    let answer = program.sync(Vec::new()).await?;
    assert_eq!(answer["resync"], json!(true));
    assert!(answer["documents"].as_array().is_some_and(|documents| !documents.is_empty()));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_outbox_from_a_file_is_judged_as_the_acts_of_whose_they_are() -> Outcome {
    use sync_core::deliveries::RecordKilometres;
    use sync_core::ids::{CommandId, DeviceId, DocumentId, UserId};
    use sync_core::replica::outbox_file::OutboxFile;
    use sync_core::sync::message::Envelope;
    use sync_core::sync::packed::Packed;
    let mut server = Within::start().await?;
    let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let elsewhere = Program::sign_in(&server.url, "bezorging3").await?;
    let round = round_of_today(&mut volunteer).await?;
    let file = OutboxFile {
        user: UserId(volunteer.signed_in["user"]["id"].as_str().unwrap_or_default().parse()?),
        device: Some(DeviceId(volunteer.device)),
        exported_at: MORNING,
        commands: vec![Envelope {
            id: CommandId(fresh_id(at())),
            document: DocumentId(round["id"].as_str().unwrap_or_default().parse()?),
            kind: "record_kilometres".to_owned(),
            base_heads: None,
            after: None,
            actor: None,
            seq: None,
            at: MORNING,
            expected_hash: None,
            body: Packed::cbor(&RecordKilometres { metres: 7_000 }),
        }],
    };
    let hand_in = |program: &Program| {
        program
            .request("POST", "/api/sync/hand-in")
            .header("content-type", "application/octet-stream")
            .body(file.to_bytes())
    };
    let (status, _) = Program::ask(hand_in(&volunteer)).await?;
    assert_eq!(status, 403, "only a coordinator hands in");
    let (status, _) = Program::ask(hand_in(&elsewhere)).await?;
    assert_eq!(status, 404, "a coordinator of another branch knows nothing of this volunteer");
    // She looks first: whose acts, which, and of when. That hands in nothing.
    let look = coordinator
        .request("POST", "/api/sync/hand-in/look")
        .header("content-type", "application/octet-stream")
        .body(file.to_bytes());
    let (status, told) = Program::ask(look).await?;
    assert_eq!((status, &told["person"]), (200, &json!("Anna Hoving")), "{told}");
    assert_eq!(told["acts"], json!([{ "kind": "record_kilometres", "at": MORNING.as_millis() }]));
    // A file that says that acts of one were done on the device of another is not believed.
    let forged = OutboxFile { device: Some(DeviceId(coordinator.device)), ..file.clone() };
    let forged = coordinator
        .request("POST", "/api/sync/hand-in")
        .header("content-type", "application/octet-stream")
        .body(forged.to_bytes());
    assert_eq!(Program::ask(forged).await?.0, 404);
    let (status, answer) = Program::ask(hand_in(&coordinator)).await?;
    assert_eq!((status, &answer["accepted"]), (200, &json!(1)));
    // Handed in twice, it counts once; and the noise of a file is told as such.
    assert_eq!(Program::ask(hand_in(&coordinator)).await?.1["accepted"], json!(1));
    let noise = coordinator.request("POST", "/api/sync/hand-in").body("not an outbox");
    assert_eq!(Program::ask(noise).await?.0, 400);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_answers_carry_the_headers_of_a_careful_house() -> Outcome {
    let mut server = Within::start().await?;
    let answer = reqwest::get(format!("{}/api/openapi.json", server.url)).await?;
    let header =
        |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(header("content-security-policy").starts_with("default-src 'none'"));
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "no-referrer");
    assert_eq!(header("cache-control"), "no-store");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_finds_a_hole_reads_where_to_write() -> Outcome {
    let mut server = Within::start().await?;
    let told = reqwest::get(format!("{}/.well-known/security.txt", server.url)).await?.text().await?;
    let line =
        |name: &str| told.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().to_owned();
    assert_eq!(line("Contact: "), "mailto:veilig@voorbeeld.invalid");
    assert!(line("Expires: ").starts_with("2027-"), "{told}");
    assert_eq!(line("Canonical: "), format!("{}/.well-known/security.txt", server.url));
    server.stop().await?;
    // A library that named nobody says nothing.
    let folder = tempfile::tempdir()?;
    let silent = Process::start(folder.path())?;
    assert_eq!(reqwest::get(format!("{}/.well-known/security.txt", silent.url())).await?.status(), 404);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_figures_tell_how_much_and_nothing_about_whom() -> Outcome {
    let mut server = Within::start().await?;
    let mut volunteer = Program::sign_in(&server.url, "bezorger").await?;
    let round = round_of_today(&mut volunteer).await?;
    let id = round["id"].as_str().unwrap_or_default();
    volunteer.sync(vec![command(fresh_id(at()), id, "log_delivery", at(), &log_of(&round))]).await?;
    let told = reqwest::get(format!("{}/metrics", server.url)).await?.text().await?;
    assert!(told.contains("noaber_commands_total{verdict=\"accepted\"} 1"), "{told}");
    assert!(told.contains("route=\"/api/sync\""), "{told}");
    assert!(!told.contains(id) && !told.contains("bezorger"), "{told}");
    let outside =
        reqwest::Client::new().get(format!("{}/metrics", server.url)).header("x-forwarded-for", "192.0.2.7");
    assert_eq!(outside.send().await?.status(), 404);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_is_too_old_goes_on_showing_what_was_done_on_it() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server = Process::start(folder.path())?;
    let mut program = Program::sign_in(&server.url(), "bezorger").await?;
    let id: DocumentId = round_of_today(&mut program).await?["id"].as_str().unwrap_or_default().parse()?;
    let now = server::clock::Clock::Machine.now();
    let mut phone = Phone::of(&program, 1, now)?;
    phone.exchanges(&program, now).await?;
    let stop = round(&mut phone, id.into())?.stops[0].stop;
    let log = deliveries::LogDelivery {
        log: phone.fresh(now),
        stop,
        outcome: deliveries::Outcome::Delivered,
        items_out: None,
        items_in: None,
        wish: String::new(),
        note: String::new(),
        corrects: Vec::new(),
    };
    phone.acts(id, log, now).ok_or("not kept")?;
    server.stop()?;
    server.minimum_protocol = Some(2);
    server.up()?;
    phone.exchanges(&program, now).await?;
    assert!(phone.replica.status().update_needed);
    assert_eq!((phone.replica.status().unsent, round(&mut phone, id.into())?.done()), (0, 1));
    // The app is put away and opened again; later it is new.
    phone.restart(now);
    assert_eq!(round(&mut phone, id.into())?.done(), 1);
    server.stop()?;
    server.minimum_protocol = None;
    server.up()?;
    phone.exchanges(&program, now).await?;
    assert!(!phone.replica.status().update_needed);
    assert_eq!(round(&mut phone, id.into())?.done(), 1);
    Ok(())
}
