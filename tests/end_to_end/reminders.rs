//! Mail that comes by itself, its switch, the end of the log, and a link for who cannot come in.

use chrono::{Datelike as _, Weekday};
use sea_orm::EntityTrait as _;
use serde_json::json;
use server::people::entity::mail;
use server::reminders::{self, entity::reminder};
use sync_core::ids::OrganisationId;
use sync_core::time::{DAY_MS, Timestamp};
use tests::api::{Program, code_at, knock};
use tests::server::{MORNING, Within};
use tests::{Outcome, until};

const HOUR_MS: i64 = 3_600_000;

fn own(program: &Program) -> Outcome<OrganisationId> {
    Ok(program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?)
}

async fn due(server: &Within, organisation: OrganisationId, at: Timestamp) -> Outcome<usize> {
    server.clock.move_to(at);
    let written = reminders::write_due(&server.state, organisation).await;
    written.map_err(|problem| format!("{problem:?}").into())
}

async fn mails(server: &Within, kind: &str) -> Outcome<Vec<mail::Model>> {
    let all = mail::Entity::find().all(&server.state.db.read).await?;
    Ok(all.into_iter().filter(|one| one.kind == kind).collect())
}

/// The mails with a link to come in again, once there are so many.
async fn sent_to(server: &Within, count: usize) -> Outcome<Vec<mail::Model>> {
    until("a link to come in again", std::time::Duration::from_secs(30), async || {
        mails(server, "recovery").await.ok().filter(|sent| sent.len() >= count)
    })
    .await
}

/// The address in a mail, from `http` to the end of the line.
fn link(mail: &mail::Model) -> Outcome<String> {
    let from = mail.body.find("http").ok_or("no link")?;
    Ok(mail.body[from..].split_whitespace().next().unwrap_or_default().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_phone_that_has_not_fetched_tomorrows_round_is_reminded_once_and_can_switch_it_off() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let organisation = own(&coordinator)?;
    // On every day of a fortnight somebody rides whose phone was never there; nobody before the afternoon.
    let rounds = async |at: Timestamp| {
        let before = mails(&server, "round").await?.len();
        due(&server, organisation, at).await?;
        Outcome::Ok(mails(&server, "round").await?.len() - before)
    };
    let (mut first, mut first_day) = (None, 0);
    for day in 0..14 {
        let noon = MORNING.plus_millis(day * DAY_MS);
        assert_eq!(rounds(noon).await?, 0, "in the morning of day {day}");
        let afternoon = noon.plus_millis(8 * HOUR_MS);
        let written = rounds(afternoon).await?;
        let anna =
            mails(&server, "round").await?.iter().any(|one| one.address == "bezorger@voorbeeld.invalid");
        if first.is_none() && anna {
            (first, first_day) = (Some(afternoon), written);
        }
        assert_eq!(rounds(afternoon).await?, 0, "twice on day {day}");
    }
    let first = first.ok_or("Anna was not reminded")?;
    let found = mails(&server, "round").await?;
    let anna = found.iter().find(|one| one.address == "bezorger@voorbeeld.invalid").ok_or("not Anna")?;
    // The subject names nobody, and the text no reader.
    assert_eq!(anna.subject, "Morgen staat er een ronde voor je klaar");
    assert!(anna.body.contains("Dag Anna Hoving") && !anna.body.contains("9461"), "{}", anna.body);
    // Opening the link changes nothing; the button does.
    let http = reqwest::Client::new();
    let address = link(anna)?;
    let (_, secret) = address.split_once("secret=").ok_or("no secret")?;
    let page = format!("{}/api/mail-switch?secret={secret}", server.url);
    for _ in 0..2 {
        assert!(http.get(&page).send().await?.text().await?.contains("Je krijgt deze mail."));
    }
    let turn = async |on: &str| {
        // As a browser sends a form; a secret has no character that needs an escape.
        let answer = http
            .post(format!("{}/api/mail-switch", server.url))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(format!("secret={secret}&on={on}"))
            .send()
            .await?;
        Outcome::Ok(answer.text().await?)
    };
    assert!(turn("false").await?.contains("niet meer"));
    // The same afternoon once more, as if nothing had been sent yet: for the others as before, nothing for her.
    reminder::Entity::delete_many().exec(&server.state.db.write).await?;
    let before = mails(&server, "round").await?;
    let again = rounds(first).await?;
    let fresh: Vec<_> =
        mails(&server, "round").await?.into_iter().filter(|one| !before.contains(one)).collect();
    assert!(
        fresh.iter().all(|one| one.address != "bezorger@voorbeeld.invalid"),
        "mail that was switched off"
    );
    assert_eq!(again + 1, first_day, "the others hear of it");
    assert!(turn("true").await?.contains("Je krijgt deze mail."));
    let wrong = http.get(format!("{}/api/mail-switch?secret=iets", server.url)).send().await?;
    assert_eq!(wrong.status().as_u16(), 404);
    // Whoever was here lately is not reminded: the phone has it.
    let mut phone = Program::sign_in(&server.url, "bezorger4").await?;
    phone.sync(Vec::new()).await?;
    let after = mails(&server, "round").await?.len();
    let now = server.clock.now();
    due(&server, organisation, now).await?;
    let fresh = mails(&server, "round").await?.split_off(after);
    assert!(fresh.iter().all(|one| one.address != "bezorger4@voorbeeld.invalid"), "{fresh:?}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn on_monday_a_coordinator_hears_in_numbers_what_waits() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let organisation = own(&coordinator)?;
    let monday = (0..7)
        .map(|day| MORNING.plus_millis(day * DAY_MS))
        .find(|at| at.local_date().weekday() == Weekday::Mon)
        .ok_or("no Monday")?;
    for day in 1..7 {
        due(&server, organisation, monday.plus_millis(-day * DAY_MS)).await?;
    }
    assert_eq!(mails(&server, "digest").await?.len(), 0, "on another day");
    due(&server, organisation, monday).await?;
    due(&server, organisation, monday.plus_millis(HOUR_MS)).await?;
    let digests = mails(&server, "digest").await?;
    let own: Vec<_> = digests.iter().filter(|one| one.address == "bezorging@voorbeeld.invalid").collect();
    assert_eq!(own.len(), 1, "{digests:?}");
    assert!(
        own[0].body.contains("van vrijwilligers") || own[0].body.contains("van een vrijwilliger"),
        "{}",
        own[0].body
    );
    assert_eq!(own[0].subject, "Er wacht werk in Noaber");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_end_of_the_log_leaves_the_machine_once_a_day() -> Outcome {
    let mut server = Within::start().await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let organisation = own(&administrator)?;
    let mut state = server.state.clone();
    let mut config = (*state.config).clone();
    config.audit_mail = "logboek@voorbeeld.invalid".to_owned();
    state.config = config.into();
    let write = async |state: &server::app_state::AppState| {
        state.housekeep().await.map_err(|problem| format!("{problem:?}"))
    };
    write(&state).await?;
    write(&state).await?;
    let sent = mails(&server, "audit_head").await?;
    // One for each library of the installation; what was sent keeps no text.
    let own: Vec<_> = sent.iter().filter(|one| one.organisation_id == organisation.0).collect();
    assert_eq!(own.len(), 1);
    assert!(own[0].sent_at.is_some(), "not sent");
    server.clock.move_to(MORNING.plus_millis(DAY_MS));
    write(&state).await?;
    assert_eq!(mails(&server, "audit_head").await?.len(), 2 * sent.len());
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_speaks_the_language_of_its_person() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let volunteer = Program::sign_in(&server.url, "bezorger").await?;
    let chooses = async |language: &str| {
        let body = json!({ "language": language });
        Program::ask(volunteer.request("POST", "/api/me/language").json(&body)).await
    };
    let (status, answer) = chooses("fy").await?;
    assert_eq!((status, &answer["type"]), (422, &json!("/problems/invalid-command")), "{answer}");
    let ask =
        async || knock(&server.url, "/api/recover", json!({ "email": "bezorger@voorbeeld.invalid" })).await;
    ask().await?;
    sent_to(&server, 1).await?;
    assert_eq!(chooses("en").await?.0, 204);
    ask().await?;
    let subjects: Vec<String> = sent_to(&server, 2).await?.into_iter().map(|one| one.subject).collect();
    for subject in ["Weer binnenkomen in Noaber", "Coming back into Noaber"] {
        assert_eq!(subjects.iter().filter(|one| *one == subject).count(), 1, "{subjects:?}");
    }
    server.stop().await
}

/// The nine digits in a mail.
fn digits(mail: &mail::Model) -> Outcome<String> {
    let line = mail.body.lines().find(|line| line.contains("gevraagd:")).ok_or("no code")?;
    Ok(line.chars().filter(char::is_ascii_digit).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_of_a_mail_opens_once_and_only_where_it_was_asked_for() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let ask = async || {
        let asked = json!({ "email": "bezorger@voorbeeld.invalid" });
        let (_, answer) = knock(&server.url, "/api/recover", asked).await?;
        Outcome::Ok(answer["asked"].as_str().unwrap_or_default().to_owned())
    };
    let enter = async |secret: &str, asked: &str| {
        let body = json!({ "secret": secret, "asked": asked, "device_name": "iPhone" });
        Outcome::Ok(knock(&server.url, "/api/join", body).await?.0)
    };
    let own = ask().await?;
    let code = digits(&sent_to(&server, 1).await?[0])?;
    assert_eq!(code.len(), 9);
    let stranger = ask().await?;
    let mails = sent_to(&server, 2).await?;
    assert_eq!(enter(&code, &stranger).await?, 401, "the code of another asking");
    assert_eq!(enter(&code, "").await?, 401, "as if a colleague had shown it");
    assert_eq!(enter("000000000", &own).await?, 401);
    assert_eq!(enter(&code, &own).await?, 200);
    assert_eq!(enter(&code, &own).await?, 401, "a second time");
    // With it every other way in by mail is over.
    for mail in &mails {
        let secret = link(mail)?.split_once('#').ok_or("no secret")?.1.to_owned();
        assert_eq!(enter(&secret, "").await?, 401);
    }
    // Guessing where it was asked for soon takes long, from wherever.
    let again = ask().await?;
    let mut answers = Vec::new();
    for guess in 1..12 {
        answers.push(enter(&format!("{guess:09}"), &again).await?);
    }
    assert!(answers.contains(&429), "{answers:?}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_cannot_come_in_gets_a_link_and_a_stranger_learns_nothing() -> Outcome {
    let mut server = Within::start_without_post().await?;
    let ask = async |email: &str| knock(&server.url, "/api/recover", json!({ "email": email })).await;
    // Whoever asks is given something to wait with, known or not, each time something else.
    let mut given = Vec::new();
    for email in ["niemand@voorbeeld.invalid", "Bezorger@voorbeeld.invalid"] {
        let (status, answer) = ask(email).await?;
        assert_eq!((status, answer.as_object().map(serde_json::Map::len)), (200, Some(1)), "{answer}");
        given.push(answer["asked"].as_str().unwrap_or_default().to_owned());
    }
    assert!(given[0].len() == given[1].len() && given[0] != given[1]);
    // It is written after the answer: whether there is such a person does not show in how long that takes.
    let sent = sent_to(&server, 1).await?;
    assert_eq!(sent.len(), 1, "only who is known");
    let secret = link(&sent[0])?.split_once('#').ok_or("no secret")?.1.to_owned();
    let enter = json!({ "secret": secret, "device_name": "Nieuwe telefoon" });
    // A volunteer chooses nothing but a PIN afterwards. The link opens once.
    assert_eq!(knock(&server.url, "/api/join", enter.clone()).await?.0, 200);
    assert_eq!(knock(&server.url, "/api/join", enter).await?.0, 401);
    // Staff with a second step need it still.
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let (_, begun) = Program::ask(coordinator.request("POST", "/api/second-factor").json(&json!({}))).await?;
    let code = code_at(begun["secret"].as_str().unwrap_or_default(), MORNING)?;
    let confirm = coordinator.request("POST", "/api/second-factor/confirm").json(&json!({ "code": code }));
    assert_eq!(Program::ask(confirm).await?.0, 200);
    ask("bezorging@voorbeeld.invalid").await?;
    let sent = sent_to(&server, 2).await?;
    let staff = sent.iter().find(|one| one.address.starts_with("bezorging@")).ok_or("no mail")?;
    let secret = link(staff)?.split_once('#').ok_or("no secret")?.1.to_owned();
    let enter =
        json!({ "secret": secret, "device_name": "Laptop", "password": "regen klotst op zinken dak" });
    let (status, answer) = knock(&server.url, "/api/join", enter).await?;
    assert_eq!((status, &answer["type"]), (401, &json!("/problems/second-factor-needed")), "{answer}");
    // Where the old password had opened a browser, it does no more once there is a new one.
    let desk = Program::sign_in(&server.url, "balie").await?;
    assert_eq!(Program::ask(desk.request("GET", "/api/devices")).await?.0, 200);
    ask("balie@voorbeeld.invalid").await?;
    let sent = sent_to(&server, 3).await?;
    let mail = sent.iter().find(|one| one.address.starts_with("balie@")).ok_or("no mail")?;
    let secret = link(mail)?.split_once('#').ok_or("no secret")?.1.to_owned();
    let enter = json!({ "secret": secret, "device_name": "Thuis", "password": "regen klotst op zinken dak" });
    assert_eq!(knock(&server.url, "/api/join", enter).await?.0, 200);
    let (_, shut) = Program::ask(desk.request("GET", "/api/devices")).await?;
    assert_eq!(shut["type"], json!("/problems/device-revoked"), "{shut}");
    // Nobody fills a mailbox, and nobody asks for a list.
    let mut told = Vec::new();
    for _ in 0..8 {
        told.push(ask("beheer@voorbeeld.invalid").await?.0);
    }
    assert_eq!(told.last(), Some(&429), "{told:?}");
    server.stop().await
}

/// The rounds that the answers to this program name in such notices, until there is no more.
async fn told(program: &mut Program, kind: &str) -> Outcome<Vec<String>> {
    let mut told = Vec::new();
    loop {
        let answer = program.sync(Vec::new()).await?;
        let notices = answer["notices"].as_array().into_iter().flatten();
        let such = notices.filter(|notice| notice["kind"] == json!(kind));
        told.extend(such.filter_map(|notice| Some(notice["document"].as_str()?.to_owned())));
        if answer["more"] != json!(true) {
            return Ok(told);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_round_is_told_to_be_ready_and_until_then_to_be_on_no_phone() -> Outcome {
    let mut server = Within::start().await?;
    let mut marga = Program::sign_in(&server.url, "bezorging").await?;
    let rounds = marga.fetch_all().await?;
    let shared = rounds.iter().find(|found| found["summary"]["name"] == json!("Gieten-Samen"));
    let shared = shared.and_then(|found| found["id"].as_str()).ok_or("no shared round")?.to_owned();
    // In the morning of the day before there is time enough.
    let early = told(&mut marga, "round_not_fetched").await?;
    assert!(!early.contains(&shared) && !early.is_empty(), "today's round is on no phone: {early:?}");
    server.clock.move_to(MORNING.plus_millis(8 * HOUR_MS));
    marga.refreshes().await?;
    let open = |told: &[String]| told.iter().filter(|round| **round == shared).count();
    assert_eq!(open(&told(&mut marga, "round_not_fetched").await?), 1, "once, and by every answer");
    assert_eq!(open(&told(&mut marga, "round_not_fetched").await?), 1);
    // Two ride it: each is told that it is ready, and that once; then nothing is missing.
    for (who, left) in [("bezorger", 1), ("bezorger3", 0)] {
        let mut rider = Program::sign_in(&server.url, who).await?;
        assert_eq!(open(&told(&mut rider, "round_ready").await?), 1, "{who} has it whole");
        assert_eq!(open(&told(&mut rider, "round_ready").await?), 0, "{who} was told");
        assert_eq!(open(&told(&mut rider, "round_not_fetched").await?), 0, "that is for who coordinates");
        assert_eq!(open(&told(&mut marga, "round_not_fetched").await?), left, "after {who}");
    }
    // Who coordinates elsewhere hears nothing of it.
    let mut elsewhere = Program::sign_in(&server.url, "bezorging3").await?;
    assert_eq!(open(&told(&mut elsewhere, "round_not_fetched").await?), 0);
    server.stop().await
}
