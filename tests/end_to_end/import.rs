//! Importing over a real socket: a crooked list with its report, all of it or nothing, and who may.

use std::collections::BTreeMap;

use sea_orm::{ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use server::auth::entity::user;
use server::import::entity::{heading, import};
use server::sync::entity::document;
use server::taalhuis::entity::learner;
use sync_core::ids::LearnerId;
use sync_core::import::Ids;
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::server::{MORNING, Process, Within, program};
use tests::spreadsheet::{HEADINGS, crooked};
use uuid::Uuid;

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// The branch in which this person has this role.
fn branch(program: &Program, role: &str) -> Value {
    let roles = program.signed_in["user"]["roles"].as_array();
    let own = roles.into_iter().flatten().find(|own| own["role"] == role);
    own.map(|own| own["branch"].clone()).unwrap_or_default()
}

/// What the server takes the columns for.
fn meanings(look: &Value) -> Value {
    let columns = look["columns"].as_array().into_iter().flatten();
    let known = columns.filter(|column| !column["field"].is_null());
    known
        .map(|column| (column["number"].to_string(), column["field"].clone()))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

async fn learners(server: &Within) -> Outcome<u64> {
    Ok(learner::Entity::find().count(&server.state.db.read).await?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_crooked_list_of_five_thousand_comes_in_with_its_report() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let list = crooked(5_000)?;
    let before = learners(&server).await?;
    let (status, look) = coordinator.import("learners", "look", &json!({}), &list.file).await?;
    assert_eq!(
        (status, look["heading"].clone(), look["rows"].clone()),
        (200, json!(HEADINGS), json!(list.rows)),
        "{look}"
    );
    assert_eq!(look["sheets"], json!(["Deelnemers", "Oud"]));
    let expected = json!({ "1": "call_name", "2": "prefix", "3": "family_name", "4": "birth_date", "5": "phone",
        "6": "postcode", "7": "place", "8": "languages", "9": "wish" });
    assert_eq!(meanings(&look), expected);
    let mut plan = json!({ "columns": expected, "branch": branch(&coordinator, "taalhuis_coordinator"),
        "import": fresh_id(MORNING.as_millis()) });
    let (status, report) = coordinator.import("learners", "check", &plan, &list.file).await?;
    assert_eq!(status, 200, "{report}");
    let lines: BTreeMap<usize, &Value> = report["lines"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| Some((usize::try_from(line["row"].as_u64()?).ok()?, line)))
        .collect();
    assert_eq!(lines.len(), list.rows, "every row is told of once");
    for (row, problem) in &list.refused {
        let line = lines[row];
        assert_eq!(
            (&line["state"], &line["wrong"][0]["problem"]),
            (&json!("refused"), &json!(problem)),
            "{line}"
        );
        assert_eq!(*problem == "looks-like-bsn", line.to_string().contains("\"wish\""), "{line}");
    }
    assert!(!report.to_string().contains("111222333"), "a BSN is not repeated");
    for row in &list.doubles {
        assert_eq!(lines[row]["state"], "double", "{}", lines[row]);
    }
    let count = |state: &str| lines.values().filter(|line| line["state"] == state).count();
    assert_eq!(count("refused"), list.refused.len());
    // Of people who only share a year and half a name some look alike too: few, and a person decides.
    let more = count("double") - list.doubles.len();
    assert!(more * 50 < list.rows, "{more} look like somebody and are not");
    assert_eq!(learners(&server).await?, before, "a check writes nothing");
    plan["expect"] = report["new"].clone();
    let (status, done) = coordinator.import("learners", "run", &plan, &list.file).await?;
    assert_eq!((status, &done["done"]), (200, &json!(true)), "{done}");
    assert_eq!(done["lines"], report["lines"], "what was promised came in");
    let came = u64::try_from(count("new"))?;
    assert_eq!(learners(&server).await?, before + came);
    // Sent once more, since the answer never came: it is done, and once.
    let (status, again) = coordinator.import("learners", "run", &plan, &list.file).await?;
    assert_eq!((status, &again["new"], &again["done"]), (200, &json!(came), &json!(true)));
    assert_eq!(learners(&server).await?, before + came);
    // The same file another day: everybody in it is known.
    plan["import"] = json!(fresh_id(MORNING.as_millis()));
    let (_, second) = coordinator.import("learners", "check", &plan, &list.file).await?;
    assert_eq!(second["new"], 0, "{}", second["lines"]);
    server.stop().await
}

fn csv(rows: &[&str]) -> Vec<u8> {
    rows.join("\r\n").into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_said_of_a_column_is_proposed_the_next_time() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let file = csv(&[
        "Naam;Adres;PC;Dorp;Klantnr;Leest",
        "Mevrouw Verzonnen;Bladwijzerlaan 12 a;9461SS;Gieten;7;Romans",
    ]);
    let (_, look) = coordinator.import("readers", "look", &json!({}), &file).await?;
    assert_eq!(meanings(&look), json!({ "0": "name", "1": "address_line", "2": "postcode", "3": "place" }));
    let mut columns = meanings(&look);
    columns["5"] = json!("interests");
    let plan = json!({ "columns": columns, "branch": branch(&coordinator, "delivery_coordinator"),
        "import": fresh_id(MORNING.as_millis()), "expect": 1 });
    let (status, done) = coordinator.import("readers", "run", &plan, &file).await?;
    assert_eq!(status, 200, "{done}");
    let (_, look) = coordinator.import("readers", "look", &json!({}), &file).await?;
    assert_eq!(meanings(&look), columns);
    // In a list without headings a person stands in their place: what is remembered is not to be read.
    let kept = heading::Entity::find().all(&server.state.db.read).await?;
    assert!(!kept.is_empty() && kept.iter().all(|row| row.heading.len() == 64), "{kept:?}");
    // And the reader is there, with the address taken apart.
    let mut coordinator = coordinator;
    let found = coordinator.fetch_all().await?;
    let reader = found.iter().find(|document| document["content"]["profile"]["name"] == "Mevrouw Verzonnen");
    let profile = &reader.ok_or("no such reader")?["content"]["profile"];
    assert_eq!((&profile["street"], &profile["house_number"]), (&json!("Bladwijzerlaan"), &json!("12 a")));
    assert_eq!(reader.ok_or("no such reader")?["content"]["status"], "active");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn when_one_row_is_refused_in_the_end_none_comes_in() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let place = branch(&coordinator, "taalhuis_coordinator");
    let file = csv(&["Voornaam;Telefoon", "Quinta;0600000071", "Sextus;0600000072", "Octavia;0600000073"]);
    let import = fresh_id(MORNING.as_millis());
    let plan = json!({ "columns": { "0": "call_name", "1": "phone" }, "branch": place, "import": import, "expect": 3 });
    // Somebody made a learner with the id of the last row: what no check of a file can see.
    let taken = LearnerId(Ids::of(import, 4).part("learner"));
    let register = json!({ "branch": place, "answers": { "call_name": "Een ander", "phone": "0600000074" } });
    let at = MORNING.as_millis();
    coordinator
        .sync(vec![command(fresh_id(at), &taken.to_string(), "register_learner", at, &register)])
        .await?;
    let count = async || document::Entity::find().count(&server.state.db.read).await;
    let before = count().await?;
    let (status, answer) = coordinator.import("learners", "run", &plan, &file).await?;
    assert_eq!((status, text(&answer["type"])), (422, "/problems/already-exists".to_owned()));
    assert_eq!(count().await?, before, "not one of the three");
    assert_eq!(import::Entity::find().count(&server.state.db.read).await?, 0);
    // With an id that is free it is done as before.
    let mut plan = plan;
    plan["import"] = json!(fresh_id(at + 1));
    plan["expect"] = json!(2);
    let (status, answer) = coordinator.import("learners", "run", &plan, &file).await?;
    assert_eq!(
        (status, text(&answer["type"])),
        (409, "/problems/import-changed".to_owned()),
        "not what was promised"
    );
    assert_eq!(count().await?, before);
    plan["expect"] = json!(3);
    assert_eq!(coordinator.import("learners", "run", &plan, &file).await?.0, 200);
    assert_eq!(count().await?, before + 6);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_looks_like_somebody_comes_in_when_a_person_says_so() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let file =
        csv(&["Voornaam;Achternaam;Tel", "Quinta;Verzonnen;0600000071", "Kwinta;Verzonnen;0600000071"]);
    let mut plan = json!({ "columns": { "0": "call_name", "1": "family_name", "2": "phone" },
        "branch": branch(&coordinator, "taalhuis_coordinator"), "import": fresh_id(MORNING.as_millis()) });
    let (_, report) = coordinator.import("learners", "check", &plan, &file).await?;
    assert_eq!((&report["new"], &report["doubles"]), (&json!(1), &json!(1)));
    assert_eq!(report["lines"][1]["like"], json!({ "row": 2, "name": "Quinta Verzonnen" }));
    plan["take"] = json!([3]);
    plan["expect"] = json!(2);
    let (status, done) = coordinator.import("learners", "run", &plan, &file).await?;
    assert_eq!((status, &done["new"]), (200, &json!(2)), "{done}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn volunteers_come_in_with_an_account_and_are_invited_one_by_one() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let place = branch(&coordinator, "taalhuis_coordinator");
    let file = csv(&[
        "Naam,E-mail,Telefoon,Talen,Geslacht",
        "Quinta Verzonnen,Quinta@Voorbeeld.invalid,600000071,\"Arabisch, Engels\",v",
        "Sextus Verzonnen,,0600000072,,m",
        "Octavia Verzonnen,taalhuis@voorbeeld.invalid,0600000073,,v",
        "Decimus Verzonnen,quinta@voorbeeld.invalid,0600000074,,m",
    ]);
    let (_, look) = coordinator.import("volunteers", "look", &json!({}), &file).await?;
    let mut plan = json!({ "columns": meanings(&look), "branch": place, "role": "buddy",
        "import": fresh_id(MORNING.as_millis()), "expect": 2 });
    let (_, report) = coordinator.import("volunteers", "check", &plan, &file).await?;
    let told: Vec<&Value> =
        report["lines"].as_array().into_iter().flatten().map(|line| &line["state"]).collect();
    assert_eq!(told, ["new", "new", "refused", "refused"], "{report}");
    assert_eq!(report["lines"][2]["wrong"][0]["problem"], "address-in-use");
    let (status, done) = coordinator.import("volunteers", "run", &plan, &file).await?;
    assert_eq!(status, 200, "{done}");
    let account = user::Entity::find()
        .filter(user::Column::Email.eq("quinta@voorbeeld.invalid"))
        .one(&server.state.db.read)
        .await?
        .ok_or("no account")?;
    // Let in with a code, the volunteer finds what the list told.
    let mut quinta = Program::let_in(&server.url, &coordinator, &account.id.to_string()).await?;
    let own = quinta.fetch_all().await?;
    let own = own.iter().find(|document| document["kind"] == "volunteer").ok_or("no own part")?;
    assert_eq!(own["content"]["answers"]["languages"], "ar en");
    assert_eq!(own["content"]["answers"]["gender"], "woman");
    assert_eq!(own["content"]["answers"]["phone"], "0600000071");
    // No right that the coordinator does not give, and none without a role.
    for role in [json!("administrator"), json!("deliverer"), Value::Null] {
        plan["role"] = role;
        plan["import"] = json!(fresh_id(MORNING.as_millis()));
        let (status, answer) = coordinator.import("volunteers", "check", &plan, &file).await?;
        assert!((400..500).contains(&status), "{answer}");
    }
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_looks_after_them_brings_them_in_and_only_spreadsheets() -> Outcome {
    let mut server = Within::start().await?;
    let coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let buddy = Program::sign_in(&server.url, "taalmaatje").await?;
    let other = Program::sign_in(&server.url, "taalhuis2").await?;
    let file = csv(&["Voornaam;Telefoon", "Quinta;0600000071"]);
    let mut plan = json!({ "columns": { "0": "call_name" }, "branch": branch(&coordinator, "taalhuis_coordinator"),
        "import": fresh_id(MORNING.as_millis()), "expect": 1 });
    let kind = |(status, answer): (u16, Value)| {
        (status, text(&answer["type"]).trim_start_matches("/problems/").to_owned())
    };
    let refused = |status: u16, kind: &str| (status, kind.to_owned());
    for step in ["look", "check", "run"] {
        let answer = buddy.import("learners", step, &plan, &file).await?;
        assert_eq!(kind(answer), refused(403, "not-allowed"), "{step}");
        let answer = coordinator.import("readers", step, &plan, &file).await?;
        assert_eq!(kind(answer), refused(403, "not-allowed"), "{step}");
        let answer = coordinator.import("neighbours", step, &plan, &file).await?;
        assert_eq!(kind(answer), refused(404, "not-found"), "{step}");
    }
    // A coordinator elsewhere.
    assert_eq!(kind(other.import("learners", "check", &plan, &file).await?), refused(403, "not-allowed"));
    for (file, expected) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], refused(422, "file-not-readable")),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", refused(422, "file-not-readable")),
        (b"", refused(422, "file-not-readable")),
        ("a;b\n".repeat(10_001).as_bytes(), refused(422, "file-too-long")),
        ("a".repeat(8 * 1_024 * 1_024 + 1).as_bytes(), refused(413, "body-too-large")),
    ] {
        assert_eq!(kind(coordinator.import("learners", "look", &plan, file).await?), expected);
    }
    let malformed = coordinator.request("POST", "/api/import/learners/look").json(&json!({}));
    assert_eq!(kind(Program::ask(malformed).await?), refused(400, "malformed-request"));
    plan["columns"] = json!({ "0": "call_name", "1": "bsn" });
    assert_eq!(
        kind(coordinator.import("learners", "check", &plan, &file).await?),
        refused(422, "invalid-request")
    );
    plan["columns"] = json!({ "0": "call_name", "1": "call_name" });
    assert_eq!(
        kind(coordinator.import("learners", "check", &plan, &file).await?),
        refused(422, "invalid-request")
    );
    plan["columns"] = json!({ "0": "call_name" });
    plan["import"] = json!(Uuid::nil());
    assert_eq!(
        kind(coordinator.import("learners", "run", &plan, &file).await?),
        refused(409, "import-changed")
    );
    // Hundreds of people at once ask for a fresh proof of who does it.
    server.clock.move_to(MORNING.plus_millis(DAY_MS / 8));
    let mut coordinator = coordinator;
    coordinator.refreshes().await?;
    assert_eq!(
        kind(coordinator.import("learners", "run", &plan, &file).await?),
        refused(403, "proof-needed")
    );
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_checks_a_list_on_the_terminal_and_brings_it_in() -> Outcome {
    let folder = tempfile::tempdir()?;
    // A library with people in it, and nothing that serves it.
    Process::start(folder.path())?.stop()?;
    let list = folder.path().join("lezers.csv");
    let rows = [
        "Naam;Adres;PC;Dorp;Tel",
        "Quinta Quaddevliet;Kaftstraat 3;9461SS;Gieten;600000071",
        "Sextus;;94;Gieten;",
    ];
    std::fs::write(&list, csv(&rows))?;
    let run = |more: &[&str]| -> Outcome<(bool, String)> {
        let told = std::process::Command::new(program()?)
            .args(["import", "readers"])
            .arg(&list)
            .args(["--branch", "Gieten", "--by", "bezorging@voorbeeld.invalid"])
            .args(more)
            .env("NOABER_DATABASE", format!("sqlite:{}", folder.path().join("noaber.db").display()))
            .env("NOABER_DATA", folder.path())
            .output()?;
        let text =
            [told.stdout, told.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        Ok((told.status.success(), text))
    };
    for (more, did, left) in [
        (&[][..], "1 can come in, 0 look like", 0),
        (&["--really"], "1 brought in, 0 look like", 0),
        (&[], "0 can come in, 1 look like", 1),
    ] {
        let (done, told) = run(more)?;
        assert!(done && told.contains(did), "{told}");
        assert!(told.contains("row 3: postcode invalid-postcode: street field-missing"), "{told}");
        assert_eq!(told.matches("looks like somebody").count(), left, "{told}");
        assert!(!told.contains("Quaddevliet"), "no name on the terminal of an operator");
    }
    let (done, told) = run(&["--role", "buddy"])?;
    assert!(!done && told.contains("role"), "{told}");
    Ok(())
}
