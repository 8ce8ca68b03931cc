//! Rights that end, rights that are to come, and rights that reach no further than they should.

use sea_orm::{ConnectionTrait as _, EntityTrait as _};
use serde_json::{Value, json};
use server::audit::{self, Broken};
use server::sync::entity::command as command_row;
use sync_core::ids::OrganisationId;
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, code_at, command, fresh_id, knock};
use tests::server::{MORNING, Within};

async fn post(program: &Program, path: &str, body: Value) -> Outcome<(u16, Value)> {
    Program::ask(program.request("POST", path).json(&body)).await
}

fn branch(program: &Program) -> Value {
    program.signed_in["user"]["roles"][0]["branch"].clone()
}

fn user(program: &Program) -> String {
    program.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned()
}

fn organisation(program: &Program) -> Outcome<OrganisationId> {
    Ok(program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?)
}

fn day(after: i64) -> Value {
    json!(MORNING.plus_millis(after * DAY_MS).local_date().to_string())
}

async fn add(by: &Program, name: &str, email: &str, roles: Value) -> Outcome<String> {
    let (status, added) =
        post(by, "/api/people", json!({ "name": name, "email": email, "roles": roles })).await?;
    assert_eq!(status, 200, "{added}");
    Ok(added["user"].as_str().unwrap_or_default().to_owned())
}

fn readers(documents: &[Value]) -> usize {
    documents.iter().filter(|found| found["kind"] == json!("reader")).count()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_loses_the_role_loses_the_addresses_with_it() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let mut anna = Program::sign_in(&server.url, "bezorger").await?;
    assert!(readers(&anna.fetch_all().await?) > 0, "a round of today has readers");
    // She stays, behind the desk; the rounds are somebody else's from now on.
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let roles = format!("/api/people/{}/roles", user(&anna));
    let desk = json!({ "give": [{ "branch": branch(&coordinator), "role": "desk_staff" }] });
    assert_eq!(post(&administrator, &roles, desk).await?.0, 204);
    let no_rounds = json!({ "take": [{ "branch": branch(&coordinator), "role": "deliverer" }] });
    assert_eq!(post(&administrator, &roles, no_rounds).await?.0, 204);
    anna.refreshes().await?;
    // Her phone begins anew, with what a desk may see; asked from nothing it is the same.
    let answer = anna.sync(Vec::new()).await?;
    assert_eq!(answer["resync"], json!(true), "{answer}");
    let documents = anna.fetch_all().await?;
    assert_eq!(readers(&documents), 0);
    assert!(documents.iter().all(|found| found["kind"] != json!("round")));
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_that_comes_to_its_day_ends_by_itself_and_its_person_is_not_forgotten_by_the_house() -> Outcome
{
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let role = json!([{ "branch": branch(&coordinator), "role": "deliverer", "until_on": day(1) }]);
    let mieke = add(&coordinator, "Mieke Naber", "", role).await?;
    let phone = Program::let_in(&server.url, &coordinator, &mieke).await?;
    assert_eq!(Program::ask(phone.request("GET", "/api/devices")).await?.0, 200);
    let later = MORNING.plus_millis(2 * DAY_MS);
    server.clock.move_to(later);
    let (db, own) = (&server.state.db, organisation(&coordinator)?);
    server::people::note_left(db, own, later).await.map_err(|problem| problem.kind().slug())?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    // She is still found, as somebody who left; her phone is empty, and nothing lets her in.
    let (_, people) = Program::ask(coordinator.request("GET", "/api/people")).await?;
    let all = people.as_array().cloned().unwrap_or_default();
    let row = all.iter().find(|row| row["user"] == json!(mieke)).ok_or("she is on no list any more")?;
    assert_eq!((&row["left"], &row["devices"]), (&json!(true), &json!(0)), "{row}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_does_not_come_in_again_by_password_or_by_an_old_link() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let marga = Program::sign_in(&server.url, "bezorging").await?;
    // A link that was sent before the end; the file of the mail has it.
    let invite = format!("/api/people/{}/invitation", user(&marga));
    assert_eq!(post(&administrator, &invite, json!({ "way": "link" })).await?.0, 200);
    let mails = server::people::entity::mail::Entity::find().all(&server.state.db.read).await?;
    let link = mails.iter().find_map(|mail| mail.body.split('#').nth(1)).ok_or("no link")?;
    let secret = link.split_whitespace().next().unwrap_or_default().to_owned();
    assert_eq!(post(&administrator, &format!("/api/people/{}/end", user(&marga)), json!({})).await?.0, 204);
    assert!(Program::sign_in(&server.url, "bezorging").await.is_err(), "the password");
    let body = json!({ "secret": secret, "device_name": "Oud", "password": "een lang wachtwoord 27" });
    assert_eq!(knock(&server.url, "/api/join", body).await?.0, 401, "the link");
    // Who comes back comes in again.
    let back = json!({ "give": [{ "branch": branch(&marga), "role": "delivery_coordinator" }] });
    assert_eq!(post(&administrator, &format!("/api/people/{}/roles", user(&marga)), back).await?.0, 204);
    assert!(Program::sign_in(&server.url, "bezorging").await.is_ok());
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_to_come_counts_today_for_who_may_let_somebody_in() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let own = json!([{ "branch": branch(&coordinator), "role": "deliverer" }]);
    let mieke = add(&coordinator, "Mieke Naber", "mieke@voorbeeld.invalid", own).await?;
    let invite = format!("/api/people/{mieke}/invitation");
    let (status, invited) = post(&coordinator, &invite, json!({ "way": "code" })).await?;
    assert_eq!(status, 200, "{invited}");
    let tomorrow =
        json!({ "give": [{ "branch": branch(&coordinator), "role": "administrator", "from_on": day(1) }] });
    assert_eq!(post(&administrator, &format!("/api/people/{mieke}/roles"), tomorrow).await?.0, 204);
    // The way in that was open is closed, and she makes no new one: tomorrow she would sit in his chair.
    let code = json!({ "secret": invited["code"], "device_name": "Telefoon van Marga" });
    assert_eq!(knock(&server.url, "/api/join", code).await?.0, 401);
    for path in [invite, format!("/api/people/{mieke}/second-factor/remove")] {
        assert_eq!(post(&coordinator, &path, json!({ "way": "code" })).await?.0, 403, "{path}");
    }
    // She ends what is hers to end; the right that comes stays, and with it the account.
    assert_eq!(post(&coordinator, &format!("/api/people/{mieke}/end"), json!({})).await?.0, 204);
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    let all = people.as_array().cloned().unwrap_or_default();
    let row = all.iter().find(|row| row["user"] == json!(mieke)).ok_or("she is on no list any more")?;
    assert_eq!(row["left"], json!(false), "{row}");
    // Nor does she read everything that is kept about somebody who is more than her volunteer.
    let about = format!("/api/people/{mieke}/about");
    assert_eq!(Program::ask(coordinator.request("GET", &about)).await?.0, 403);
    assert_eq!(Program::ask(administrator.request("GET", &about)).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_administers_a_network_does_not_administer_the_library() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let new = json!({ "kind": "network", "name": "Taalhuis Aa en Hunze" });
    assert_eq!(post(&administrator, "/api/branches", new).await?.0, 204);
    let (_, branches) = Program::ask(administrator.request("GET", "/api/branches")).await?;
    let all = branches.as_array().cloned().unwrap_or_default();
    let network = all.iter().find(|row| row["kind"] == json!("network")).ok_or("no network")?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let role =
        json!([{ "branch": network["branch"], "role": "administrator", "employer": "Drenthe College" }]);
    let someone = add(&administrator, "Bert Brink", "", role).await?;
    let bert = Program::let_in(&server.url, &administrator, &someone).await?;
    for path in ["/api/audit", "/api/mails", "/api/devices/all", "/api/settings", "/api/retention"] {
        assert_eq!(Program::ask(bert.request("GET", path)).await?.0, 403, "{path}");
        assert_eq!(Program::ask(administrator.request("GET", path)).await?.0, 200, "{path}");
    }
    assert_eq!(Program::ask(bert.request("GET", "/api/people")).await?.0, 200, "his own people he manages");
    // Nor does he make himself one: by a branch of his own, or by calling the network one.
    let own = json!({ "kind": "branch", "name": "Achterdeur" });
    assert_eq!(post(&bert, "/api/branches", own.clone()).await?.0, 403);
    let change = format!("/api/branches/{}", network["branch"].as_str().unwrap_or_default());
    assert_eq!(post(&bert, &change, own).await?.0, 403);
    let name = json!({ "kind": "network", "name": "Taalhuis Aa en Hunze en Borger" });
    assert_eq!(post(&bert, &change, name).await?.0, 204, "what it is called he does change");
    assert_eq!(Program::ask(bert.request("GET", "/api/audit")).await?.0, 403);
    // All this asking stands in the log, once.
    let (_, log) = Program::ask(administrator.request("GET", "/api/audit?act=refused_request")).await?;
    let own =
        log.as_array().into_iter().flatten().filter(|line| line["user"] == bert.signed_in["user"]["id"]);
    assert_eq!(own.count(), 1, "{log}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_gives_no_reader_of_another_branch_whoever_knows_the_id() -> Outcome {
    let mut server = Within::start().await?;
    let mut gieten = Program::sign_in(&server.url, "bezorging").await?;
    let of_gieten = gieten.fetch_all().await?;
    let foreign = of_gieten.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let mut vries = Program::sign_in(&server.url, "bezorging3").await?;
    let all = vries.fetch_all().await?;
    let team = all.iter().find(|found| found["kind"] == json!("team")).ok_or("no team")?;
    let members = team["content"]["members"].as_array().cloned().unwrap_or_default();
    let rider = members.iter().find(|member| member["name"] == json!("Els Jansen")).ok_or("no rider")?;
    let round = fresh_id(MORNING.as_millis()).to_string();
    let plan = json!({ "branch": branch(&vries), "name": "Vreemd", "on": day(0), "day_segment": "afternoon",
        "assignees": [{ "user": rider["user"], "name": rider["name"] }],
        "stops": [{ "stop": fresh_id(1), "reader": foreign["id"], "bag": "", "bring": "1 boek", "fetch": "" }] });
    let at = MORNING.as_millis();
    let answer = vries.sync(vec![command(fresh_id(at), &round, "plan_round", at, &plan)]).await?;
    assert!(answer["results"][0]["refused"].is_null(), "{answer}");
    let mut els = Program::sign_in(&server.url, "bezorger5").await?;
    let told = els.fetch_all().await?;
    assert!(told.iter().any(|found| found["id"] == json!(round)), "the round is hers");
    assert!(told.iter().all(|found| found["id"] != foreign["id"]), "the reader of Gieten is not");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_lies_behind_a_forgotten_pin_does_not_open_for_a_mailbox() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    // A password alone, like a link in a mail, vouches for nobody.
    let alone = Program::sign_in(&server.url, "bezorger").await?;
    let sealed = json!({ "key": fresh_id(1), "ephemeral": "BEs=", "bytes": "q1Q=" });
    let body = json!({ "device": alone.device, "vault": fresh_id(2), "sealed": sealed });
    let (status, answer) = post(&alone, "/api/devices/unseal", body.clone()).await?;
    assert_eq!((status, &answer["type"]), (403, &json!("/problems/colleague-needed")));
    // Let in by a colleague: from there on it is asked whether the key opens.
    let vouched = Program::let_in(&server.url, &coordinator, &user(&alone)).await?;
    let (status, answer) = post(&vouched, "/api/devices/unseal", body).await?;
    assert_eq!((status, &answer["type"]), (404, &json!("/problems/not-found")));
    // With two factors as well.
    let (_, begun) = post(&coordinator, "/api/second-factor", json!({})).await?;
    let secret = begun["secret"].as_str().unwrap_or_default();
    let code = json!({ "code": code_at(secret, MORNING)? });
    assert_eq!(post(&coordinator, "/api/second-factor/confirm", code).await?.0, 200);
    let later = MORNING.plus_millis(60_000);
    server.clock.move_to(later);
    let body = json!({ "email": "bezorging@voorbeeld.invalid", "password": "noaber-voorbeeld",
        "device_name": "Laptop", "code": code_at(secret, later)? });
    let (status, signed_in) = knock(&server.url, "/api/sign-in", body).await?;
    assert_eq!(status, 200, "{signed_in}");
    let both = Program::signed_in(&server.url, signed_in)?;
    let body = json!({ "device": coordinator.device, "vault": fresh_id(2), "sealed": { "key": fresh_id(1), "ephemeral": "BEs=", "bytes": "q1Q=" } });
    assert_eq!(post(&both, "/api/devices/unseal", body).await?.0, 404);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_device_calls_its_act_is_not_in_the_log_and_a_bsn_is_kept_nowhere() -> Outcome {
    let mut server = Within::start().await?;
    let mut phone = Program::sign_in(&server.url, "bezorger").await?;
    let at = MORNING.as_millis();
    let formula = "=HYPERLINK(\"https://kwaad.invalid\")";
    phone.sync(vec![command(fresh_id(at), &fresh_id(at).to_string(), formula, at, &json!({}))]).await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let profile = json!({ "name": "Mevrouw Proef", "street": "Kaftstraat", "house_number": "1", "postcode": "9461 SS",
        "place": "Gieten", "door_note": "BSN 111222333 06 12345678" });
    let body = json!({ "branch": branch(&coordinator), "profile": profile });
    let act = command(fresh_id(at), &fresh_id(at).to_string(), "register_reader", at, &body);
    let answer = coordinator.sync(vec![act]).await?;
    assert_eq!(answer["results"][0]["refused"]["problem"], json!("looks-like-bsn"), "{answer}");
    for row in command_row::Entity::find().all(&server.state.db.read).await? {
        assert!(!row.kind.starts_with('='), "{}", row.kind);
        let body = row.body.unwrap_or_default();
        assert!(
            !body.windows(9).any(|part| part == b"111222333"),
            "the number is kept with what was refused"
        );
    }
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let (_, file) = Program::ask(administrator.request("GET", "/api/audit?format=csv")).await?;
    let file = file.as_str().unwrap_or_default();
    assert!(file.contains("unknown_command") && !file.contains("HYPERLINK"), "{file}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_that_was_kept_elsewhere_shows_that_the_log_was_cut() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let own = organisation(&administrator)?;
    server.state.housekeep().await.map_err(|problem| format!("{problem:?}"))?;
    let db = &server.state.db;
    let head = audit::head(&db.read, own.0).await?;
    audit::verify_head(db, &head).await?;
    // The newest line goes: the chain in itself is whole, but not as long as it was.
    db.write.execute_unprepared("DELETE FROM audit WHERE number = (SELECT max(number) FROM audit)").await?;
    audit::verify(db, own.0).await?;
    let cut = audit::verify_head(db, &head).await;
    assert!(matches!(cut, Err(Broken::Missing { .. })), "{cut:?}");
    let noise = audit::verify_head(db, "geen regel").await;
    assert!(matches!(noise, Err(Broken::NoHead(_))), "{noise:?}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn another_site_does_not_listen_and_a_device_takes_no_pile_of_tickets() -> Outcome {
    let mut server = Within::start().await?;
    let program = Program::sign_in(&server.url, "bezorger").await?;
    let (_, given) = post(&program, "/api/sync/ticket", json!({})).await?;
    let path = format!("/api/sync/live?ticket={}", given["ticket"].as_str().unwrap_or_default());
    let request = |path: &str, origin: &str| {
        program
            .request("GET", path)
            .header("connection", "upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .header("origin", origin)
    };
    let (status, answer) = Program::ask(request(&path, "https://kwaad.invalid")).await?;
    assert_eq!((status, &answer["type"]), (403, &json!("/problems/foreign-origin")));
    for _ in 0..4 {
        assert_eq!(post(&program, "/api/sync/ticket", json!({})).await?.0, 200);
    }
    let (status, answer) = post(&program, "/api/sync/ticket", json!({})).await?;
    assert_eq!((status, &answer["type"]), (429, &json!("/problems/too-many-requests")));
    server.clock.move_to(MORNING.plus_millis(31_000));
    assert_eq!(post(&program, "/api/sync/ticket", json!({})).await?.0, 200, "they are over in half a minute");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_burst_of_guesses_does_not_slip_past_the_slow_down() -> Outcome {
    let mut server = Within::start().await?;
    let guess = |number: usize| {
        let body = json!({ "email": "bezorging@voorbeeld.invalid", "password": format!("geraden-{number}-geraden"), "device_name": "x" });
        let url = server.url.clone();
        async move { knock(&url, "/api/sign-in", body).await.map(|(status, _)| status) }
    };
    let all = futures_util::future::join_all((0..30).map(guess)).await;
    let tried = all.into_iter().filter(|status| matches!(status, Ok(401))).count();
    assert!((1..=6).contains(&tried), "{tried} of 30 guesses at once were looked at");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_left_and_asks_to_be_forgotten_is_forgotten_at_once() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let anna = Program::sign_in(&server.url, "bezorger").await?;
    let (end, forget) =
        (format!("/api/people/{}/end", user(&anna)), format!("/api/people/{}/forget", user(&anna)));
    assert_eq!(post(&administrator, &forget, json!({})).await?.0, 422, "not while she works here");
    assert_eq!(post(&administrator, &end, json!({})).await?.0, 204);
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    assert_eq!(post(&coordinator, &forget, json!({})).await?.0, 403, "for the house to do");
    assert_eq!(post(&administrator, &forget, json!({})).await?.0, 204);
    assert_eq!(post(&administrator, &forget, json!({})).await?.0, 404, "once");
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    assert!(people.to_string().contains("Marga") && !people.to_string().contains("Hoving"), "{people}");
    // The team forgets her at once; a round of today is written anew once it is at rest.
    let mut coordinator = coordinator;
    let all = coordinator.fetch_all().await?;
    let team = all.iter().find(|found| found["kind"] == json!("team")).ok_or("no team")?;
    assert!(!team.to_string().contains("Hoving") && team.to_string().contains("Oud-collega"), "{team}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_of_staff_ends_with_the_working_day_and_every_device_within_a_year() -> Outcome {
    let mut server = Within::start().await?;
    let secret = "een-geheim-van-meer-dan-tweeendertig-tekens";
    let refresh = async |program: &Program, secret: Option<&str>| -> Outcome<(u16, Value)> {
        let body = json!({ "refresh_token": program.refresh, "device_secret": secret });
        knock(&server.url, "/api/token", body).await
    };
    let mut marga = Program::sign_in(&server.url, "bezorging").await?;
    let mut desk = Program::sign_in(&server.url, "bezorging").await?;
    let mut anna = Program::sign_in(&server.url, "bezorger").await?;
    assert_eq!(post(&desk, "/api/devices/lock", json!({ "secret": secret })).await?.0, 204);
    let hour = 3_600_000;
    server.clock.move_to(MORNING.plus_millis(12 * hour));
    marga.refreshes().await?;
    server.clock.move_to(MORNING.plus_millis(25 * hour));
    assert_eq!(refresh(&marga, None).await?.0, 401, "thirteen hours later");
    anna.refreshes().await?;
    let (status, answer) = refresh(&desk, Some(secret)).await?;
    assert_eq!(status, 200, "behind a PIN she goes on: {answer}");
    desk.refresh = answer["refresh_token"].as_str().unwrap_or_default().to_owned();
    for days in [80, 160, 240, 320, 364] {
        server.clock.move_to(MORNING.plus_millis(days * DAY_MS));
        anna.refreshes().await?;
    }
    server.clock.move_to(MORNING.plus_millis(366 * DAY_MS));
    assert!(anna.refreshes().await.is_err(), "a year is the most");
    assert_eq!(refresh(&desk, Some(secret)).await?.0, 401, "and ninety days unused");
    server.stop().await
}
