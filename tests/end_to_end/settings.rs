//! What a library decides for itself, its branches and networks, and devices that were not heard of.

use serde_json::{Value, json};
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{PASSWORD, Program, code_at, knock};
use tests::server::{MORNING, Within};

async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

async fn get(program: &Program, path: &str) -> Outcome<Value> {
    let (status, answer) = Program::ask(program.request("GET", path)).await?;
    if status == 200 { Ok(answer) } else { Err(format!("{path}: {status} {answer}").into()) }
}

async fn decide(administrator: &Program, changes: &Value) -> Outcome<(u16, Value)> {
    let mut settings = get(administrator, "/api/settings").await?;
    for (key, value) in changes.as_object().into_iter().flatten() {
        settings[key] = value.clone();
    }
    post(administrator, "/api/settings", settings).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_library_decides_holds_there_and_not_elsewhere() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let elsewhere = Program::sign_in(&server.url, "beheer@ander.invalid").await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    assert_eq!(phone.sync(Vec::new()).await?["lease_days"], json!(35));
    for (changes, field) in [
        (json!({ "lease_days": 0 }), "lease_days: 1 to 365"),
        (json!({ "retention_reader_days": 7 }), "retention_reader_days: 30 to 3650"),
        (json!({ "pin_digits": 4 }), "pin_digits: 6 to 12"),
    ] {
        let (status, answer) = decide(&administrator, &changes).await?;
        assert_eq!((status, &answer["detail"]), (422, &json!(field)), "{answer}");
    }
    assert_eq!(decide(&administrator, &json!({ "iets_anders": 1 })).await?.0, 422);
    let buddy = &mut Program::sign_in(&server.url, "taalmaatje").await?;
    assert_eq!(buddy.sync(Vec::new()).await?["lease_days"], json!(14), "with data of learners");
    let changes = json!({ "lease_days": 14, "pin_digits": 8, "buddy_word": "taalcoach" });
    assert_eq!(decide(&administrator, &changes).await?.0, 204);
    assert_eq!(phone.sync(Vec::new()).await?["lease_days"], json!(14));
    assert_eq!(get(&phone, "/api/devices/lock").await?["pin_digits"], json!(8));
    let later = Program::sign_in(&server.url, "taalmaatje").await?;
    assert_eq!(later.signed_in["buddy_word"], json!("taalcoach"));
    assert_eq!(get(&elsewhere, "/api/settings").await?["lease_days"], json!(35));
    server.stop().await
}

async fn sets_up_a_code(program: &Program) -> Outcome {
    let (_, begun) = post(program, "/api/second-factor", json!({})).await?;
    let code = code_at(begun["secret"].as_str().unwrap_or_default(), MORNING)?;
    assert_eq!(post(program, "/api/second-factor/confirm", json!({ "code": code })).await?.0, 200);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_second_step_is_demanded_a_password_alone_opens_one_thing_only() -> Outcome {
    let mut server = Within::start().await?;
    let mut administrator = Program::sign_in(&server.url, "beheer").await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let by_code = {
        let branch = &administrator.signed_in["user"]["roles"][0]["branch"];
        let new = json!({ "name": "Nieuw", "roles": [{ "branch": branch, "role": "deliverer" }] });
        let added = post(&administrator, "/api/people", new).await?.1;
        Program::let_in(&server.url, &administrator, added["user"].as_str().unwrap_or_default()).await?
    };
    // Who has no second step would be the first to be kept out.
    let (status, answer) = decide(&administrator, &json!({ "second_step": "demanded" })).await?;
    assert_eq!((status, &answer["type"]), (403, &json!("/problems/second-step-missing")), "{answer}");
    get(&coordinator, "/api/people").await?;
    sets_up_a_code(&administrator).await?;
    administrator.refreshes().await?;
    assert_eq!(decide(&administrator, &json!({ "second_step": "demanded" })).await?.0, 204);
    // Whoever has no password came in with a device and a colleague: nothing is asked.
    get(&by_code, "/api/devices").await?;
    let (status, answer) = Program::ask(coordinator.request("GET", "/api/people")).await?;
    assert_eq!((status, &answer["type"]), (403, &json!("/problems/second-step-missing")), "{answer}");
    sets_up_a_code(&coordinator).await?;
    coordinator.refreshes().await?;
    get(&coordinator, "/api/people").await?;
    let alone =
        json!({ "email": "bezorging@voorbeeld.invalid", "password": PASSWORD, "device_name": "Laptop" });
    assert_eq!(knock(&server.url, "/api/sign-in", alone).await?.0, 401);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_network_of_several_employers_is_a_place_like_a_branch() -> Outcome {
    let mut server = Within::start().await?;
    let mut administrator = Program::sign_in(&server.url, "beheer").await?;
    let network = json!({ "name": "Taalhuis Aa en Hunze", "kind": "network", "municipality": "Aa en Hunze", "help_name": "Ineke", "phone": "0592 000 777" });
    assert_eq!(post(&administrator, "/api/branches", network.clone()).await?.0, 204);
    // Its first administrator is whoever made it, from the next token on.
    administrator.refreshes().await?;
    let again = post(&administrator, "/api/branches", network).await?;
    assert_eq!(again.1["type"], json!("/problems/already-exists"), "{again:?}");
    let find = async |administrator: &Program| {
        let all = get(administrator, "/api/branches").await?;
        let is = |row: &&Value| row["kind"] == json!("network");
        Outcome::Ok(all.as_array().into_iter().flatten().find(is).cloned().unwrap_or_default())
    };
    let place = find(&administrator).await?;
    assert_eq!((&place["help_name"], &place["phone"]), (&json!("Ineke"), &json!("0592 000 777")));
    let path = format!("/api/branches/{}", place["branch"].as_str().unwrap_or_default());
    let wrong = json!({ "name": "Taalhuis", "kind": "network", "phone": "geen nummer" });
    assert_eq!(post(&administrator, &path, wrong).await?.1["type"], json!("/problems/invalid-phone"));
    let changed = json!({ "name": "Taalhuis Gieten", "kind": "network" });
    assert_eq!(post(&administrator, &path, changed).await?.0, 204);
    assert_eq!(find(&administrator).await?["name"], json!("Taalhuis Gieten"));
    // Somebody of a ROC coordinates there; elsewhere in the library she is nobody.
    let role = json!({ "branch": place["branch"], "role": "taalhuis_coordinator", "employer": "Drenthe College", "until_on": "2027-07-31" });
    let added = post(&administrator, "/api/people", json!({ "name": "Els", "roles": [role] })).await?.1;
    assert_eq!(added["roles"][0]["employer"], json!("Drenthe College"), "{added}");
    let user = added["user"].as_str().unwrap_or_default();
    let els = Program::let_in(&server.url, &administrator, user).await?;
    let people = get(&els, "/api/people").await?;
    assert_eq!(people, json!([]), "she gives the role of buddy, and nobody has it there yet");
    assert_eq!(get(&els, "/api/branches").await?.as_array().map(Vec::len), Some(1));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_device_that_was_not_heard_of_is_told_with_the_visits_that_are_missing() -> Outcome {
    let mut server = Within::start().await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    phone.sync(Vec::new()).await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    assert_eq!(get(&coordinator, "/api/devices/quiet").await?, json!([]));
    // Eight days later today's round is a past one, of which nothing was told.
    server.clock.move_to(MORNING.plus_millis(8 * DAY_MS));
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let quiet = get(&coordinator, "/api/devices/quiet").await?;
    let anna = quiet.as_array().into_iter().flatten().find(|row| row["device"] == json!(phone.device));
    let anna = anna.ok_or_else(|| format!("not told: {quiet}"))?;
    assert_eq!(anna["name"], json!("Anna Hoving"));
    assert!(anna["missing"].as_i64().unwrap_or_default() > 0, "{anna}");
    // Whoever looks after nobody is told nothing; another branch does not hear of her.
    assert_eq!(Program::ask(phone.request("GET", "/api/devices/quiet")).await?.0, 401, "her token is over");
    let other = Program::sign_in(&server.url, "bezorging3").await?;
    let quiet = get(&other, "/api/devices/quiet").await?;
    assert!(!quiet.to_string().contains("Anna Hoving"), "{quiet}");
    phone.refreshes().await?;
    phone.sync(Vec::new()).await?;
    let quiet = get(&coordinator, "/api/devices/quiet").await?;
    assert!(!quiet.to_string().contains("Anna Hoving"), "{quiet}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_a_lost_phone_it_is_known_what_it_could_hold() -> Outcome {
    let mut server = Within::start().await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    let fetched = phone.fetch_all().await?;
    let count = |kind: &str| fetched.iter().filter(|one| one["kind"] == json!(kind)).count();
    assert!(count("reader") > 0, "nothing to tell");
    let path = format!("/api/devices/{}/held", phone.device);
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let held = get(&coordinator, &path).await?;
    // Just what it fetched: names for who may know them.
    assert_eq!(held["readers"].as_array().map(Vec::len), Some(count("reader")), "{held}");
    assert_eq!((&held["more_readers"], &held["rounds"]), (&json!(0), &json!(count("round"))), "{held}");
    // What the phone was told to drop is there no more: forty days later it holds other addresses.
    server.clock.move_to(MORNING.plus_millis(40 * DAY_MS));
    phone.refreshes().await?;
    let mut dropped = 0;
    loop {
        let answer = phone.sync(Vec::new()).await?;
        dropped += answer["dropped"].as_array().map_or(0, Vec::len);
        if answer["more"] != json!(true) {
            break;
        }
    }
    assert!(dropped > 0, "nothing was dropped in forty days");
    let there = phone.fetch_all().await?;
    let count = |kind: &str| there.iter().filter(|one| one["kind"] == json!(kind)).count();
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let held = get(&coordinator, &path).await?;
    assert_eq!(held["readers"].as_array().map(Vec::len), Some(count("reader")), "{held}");
    // An administrator shuts devices out, and knows no reader: a number is enough to report it.
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let told = get(&administrator, &path).await?;
    assert_eq!((&told["readers"], &told["more_readers"]), (&json!([]), &json!(count("reader"))), "{told}");
    let elsewhere = Program::sign_in(&server.url, "beheer@ander.invalid").await?;
    assert_eq!(Program::ask(elsewhere.request("GET", &path)).await?.0, 404);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_device_is_listed_with_whose_it_is_page_by_page() -> Outcome {
    let mut server = Within::start().await?;
    for who in ["bezorger", "bezorger2", "balie"] {
        Program::sign_in(&server.url, who).await?;
    }
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let all = get(&administrator, "/api/devices/all").await?;
    let rows = all.as_array().cloned().unwrap_or_default();
    assert_eq!(rows.len(), 4, "{all}");
    assert_eq!(rows.iter().filter(|row| row["this"] == json!(true)).count(), 1, "{all}");
    assert!(rows.iter().any(|row| row["person"] == json!("Anna Hoving")), "{all}");
    // All came in at one moment: the pages go on by id, and each device stands on one of them.
    for (place, row) in rows.iter().enumerate() {
        let after = format!(
            "?contact={}&device={}",
            row["last_contact_at"],
            row["device"].as_str().unwrap_or_default()
        );
        let rest = get(&administrator, &format!("/api/devices/all{after}")).await?;
        assert_eq!(rest.as_array().map(Vec::as_slice), rows.get(place + 1..), "{after}");
    }
    let elsewhere = Program::sign_in(&server.url, "beheer@ander.invalid").await?;
    assert_eq!(get(&elsewhere, "/api/devices/all").await?.as_array().map(Vec::len), Some(1));
    let (status, _) = Program::ask(administrator.request("GET", "/api/devices/all?contact=gisteren")).await?;
    assert_eq!(status, 400);
    server.stop().await
}
