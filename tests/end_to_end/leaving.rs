//! Who leaves loses nothing that was done before; who is called otherwise is put right; and somebody always administers the library.

use serde_json::{Value, json};
use sync_core::deliveries::RecordKilometres;
use sync_core::summary::Summary;
use sync_core::taalhuis::{LogSession, Mood};
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, knock};
use tests::phone::Phone;
use tests::server::{MORNING, Within};

use crate::taalhuis::{Pair, branch, text};

async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

async fn hand_in(program: &Program, bytes: Vec<u8>) -> Outcome<(u16, Value)> {
    let asked = program
        .request("POST", "/api/sync/hand-in")
        .header("content-type", "application/octet-stream")
        .body(bytes);
    Program::ask(asked).await
}

fn user(program: &Program) -> String {
    text(&program.signed_in["user"]["id"])
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_done_before_somebody_left_is_taken_and_what_was_done_after_is_told_as_refused() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let yesterday = MORNING.plus_millis(-DAY_MS);
    let mut phone = Phone::of(&program, 1, yesterday)?;
    phone.exchanges(&program, yesterday).await?;
    let round = phone.replica.rows().find_map(|(id, row)| match row {
        Summary::Round(round) if round.on == Some(MORNING.local_date()) => Some(id),
        _ => None,
    });
    let round = round.ok_or("no round today")?;
    phone.acts(round, RecordKilometres { metres: 4_000 }, yesterday).ok_or("not kept")?;
    phone.acts(round, RecordKilometres { metres: 9_000 }, MORNING.plus_millis(DAY_MS)).ok_or("not kept")?;
    // The role ends yesterday: that is how the end of somebody's work is noted.
    assert_eq!(post(&coordinator, &format!("/api/people/{}/end", user(&program)), json!({})).await?.0, 204);
    let files = phone.replica.export_outbox(MORNING);
    let [file] = files.as_slice() else { return Err(format!("{} files", files.len()).into()) };
    let (status, handed) = hand_in(&coordinator, file.to_bytes()).await?;
    assert_eq!((status, handed), (200, json!({ "accepted": 1, "refused": 1 })));
    let (_, acts) = Program::ask(coordinator.request("GET", "/api/deliveries/refused-acts")).await?;
    let of_them = acts.as_array().into_iter().flatten().filter(|act| act["user"] == json!(user(&program)));
    assert_eq!(of_them.count(), 1, "nothing is lost: {acts}");
    // Nobody of another branch hands it in.
    let stranger = Program::sign_in(&server.url, "bezorging3").await?;
    assert_eq!(hand_in(&stranger, file.to_bytes()).await?.0, 404);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_phone_of_a_buddy_is_handed_in_at_the_taalhuis() -> Outcome {
    let mut server = Within::start().await?;
    let mut pair = Pair::new(&server, true).await?;
    pair.begins().await?;
    let mut phone = Phone::of(&pair.buddy, 1, MORNING)?;
    phone.exchanges(&pair.buddy, MORNING).await?;
    let session = LogSession {
        entry: tests::api::fresh_id(MORNING.as_millis()).into(),
        on: MORNING.local_date(),
        minutes: 60,
        place: None,
        subject: None,
        mood: Mood::Good,
        note: String::new(),
    };
    let pairing: uuid::Uuid = pair.pairing.parse()?;
    phone.acts(sync_core::ids::DocumentId(pairing), session, MORNING).ok_or("not kept")?;
    let path = format!("/api/devices/{}/revoke", pair.buddy.device);
    assert_eq!(post(&pair.coordinator, &path, json!({})).await?.0, 204);
    let files = phone.replica.export_outbox(MORNING);
    let [file] = files.as_slice() else { return Err(format!("{} files", files.len()).into()) };
    let (status, handed) = hand_in(&pair.coordinator, file.to_bytes()).await?;
    assert_eq!((status, handed), (200, json!({ "accepted": 1, "refused": 0 })));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_and_an_address_are_put_right_and_the_old_address_opens_nothing_any_more() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let new = json!({ "name": "Mieke Nabber", "email": "typfout@voorbeeld.invalid",
        "roles": [{ "branch": branch(&coordinator), "role": "deliverer" }] });
    let (_, row) = post(&coordinator, "/api/people", new).await?;
    let mieke = text(&row["user"]);
    let invite = format!("/api/people/{mieke}/invitation");
    let (_, invited) = post(&coordinator, &invite, json!({ "way": "code" })).await?;
    let path = format!("/api/people/{mieke}");
    let right = json!({ "name": "Mieke Naber", "email": "mieke@voorbeeld.invalid" });
    assert_eq!(post(&coordinator, &path, right.clone()).await?.0, 204);
    let (_, people) = Program::ask(coordinator.request("GET", "/api/people")).await?;
    let row = people.as_array().into_iter().flatten().find(|row| row["user"] == json!(mieke)).cloned();
    let row = row.ok_or("she is on no list any more")?;
    assert_eq!((&row["name"], &row["email"]), (&right["name"], &right["email"]));
    // What was on its way to a stranger is over.
    let code = json!({ "secret": invited["code"], "device_name": "Telefoon" });
    assert_eq!(knock(&server.url, "/api/join", code).await?.0, 401);
    // The team document tells the new name, and the address of somebody else is not to be had.
    let mut marga = Program::sign_in(&server.url, "bezorging").await?;
    assert!(serde_json::to_string(&marga.fetch_all().await?)?.contains("Mieke Naber"));
    let taken = json!({ "name": "Mieke Naber", "email": "beheer@voorbeeld.invalid" });
    assert_eq!(post(&coordinator, &path, taken).await?.1["type"], json!("/problems/address-in-use"));
    assert_eq!(post(&coordinator, &path, json!({ "name": " ", "email": "" })).await?.0, 422);
    // Nobody puts a boss right, nor somebody of elsewhere.
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let above = format!("/api/people/{}", user(&administrator));
    assert_ne!(post(&coordinator, &above, right.clone()).await?.0, 204);
    let stranger = Program::sign_in(&server.url, "bezorging3").await?;
    assert_eq!(post(&stranger, &path, right).await?.0, 404);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_works_here_already_gets_a_second_kind_of_work_under_the_same_account() -> Outcome {
    let mut server = Within::start().await?;
    let rider = Program::sign_in(&server.url, "bezorger").await?;
    let taalhuis = Program::sign_in(&server.url, "taalhuis").await?;
    let new = json!({ "name": "Anna", "email": "bezorger@voorbeeld.invalid",
        "roles": [{ "branch": branch(&taalhuis), "role": "buddy" }] });
    let (status, row) = post(&taalhuis, "/api/people", new).await?;
    assert_eq!(
        (status, &row["user"], &row["name"]),
        (200, &json!(user(&rider)), &json!("Anna Hoving")),
        "{row}"
    );
    let again = Program::sign_in(&server.url, "bezorger").await?;
    let roles: Vec<&Value> =
        again.signed_in["user"]["roles"].as_array().into_iter().flatten().map(|own| &own["role"]).collect();
    assert!(roles.contains(&&json!("deliverer")) && roles.contains(&&json!("buddy")), "{roles:?}");
    // No more than whoever asks may give.
    let above = json!({ "name": "Anna", "email": "bezorger@voorbeeld.invalid",
        "roles": [{ "branch": branch(&taalhuis), "role": "administrator" }] });
    assert_eq!(post(&taalhuis, "/api/people", above).await?.0, 403);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_always_administers_the_library_for_good() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let roles: Vec<Value> = administrator.signed_in["user"]["roles"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|own| json!({ "branch": own["branch"], "role": "administrator" }))
        .collect();
    let new = json!({ "name": "Tweede Beheerder", "email": "tweede@voorbeeld.invalid", "roles": roles });
    let (status, row) = post(&administrator, "/api/people", new).await?;
    assert_eq!(status, 200, "{row}");
    let second = Program::let_in(&server.url, &administrator, &text(&row["user"])).await?;
    let own_roles = administrator.signed_in["user"]["roles"].as_array().cloned().unwrap_or_default();
    let give: Vec<Value> = own_roles
        .iter()
        .filter(|own| own["role"] == json!("administrator"))
        .map(|own| json!({ "branch": own["branch"], "role": "administrator", "until_on": "2027-01-31" }))
        .collect();
    let ends = json!({ "give": give });
    let own = format!("/api/people/{}/roles", user(&administrator));
    assert_eq!(post(&second, &own, ends.clone()).await?.0, 204, "the second one stays");
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let of_second = format!("/api/people/{}/roles", user(&second));
    let (status, problem) = post(&administrator, &of_second, ends).await?;
    assert_eq!((status, &problem["type"]), (422, &json!("/problems/last-administrator")), "{problem}");
    let (status, problem) =
        post(&administrator, &format!("/api/people/{}/end", user(&second)), json!({})).await?;
    assert_eq!((status, &problem["type"]), (422, &json!("/problems/last-administrator")), "{problem}");
    server.stop().await
}
