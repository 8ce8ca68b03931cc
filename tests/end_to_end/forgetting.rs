//! What is kept about somebody can be asked for, and what is forgotten is nowhere any more.

use serde_json::{Value, json};
use server::retention::{self, Due, Terms};
use sync_core::ids::OrganisationId;
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::files;
use tests::postgres::Cluster;
use tests::server::{MORNING, Within};

/// A name that stands nowhere else.
const NAME: &str = "Quaddevliet";

fn organisation(program: &Program) -> Outcome<OrganisationId> {
    Ok(program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?)
}

async fn terms(server: &Within, id: OrganisationId) -> Outcome<Terms> {
    let terms = Terms::of(&server.state.db.read, &server.state.config, id).await;
    terms.map_err(|problem| problem.kind().slug().into())
}

/// A reader with this name, a worry about the reader, and an act on the reader that is refused.
async fn reader_with_traces(coordinator: &mut Program) -> Outcome<String> {
    let at = MORNING.as_millis();
    let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
    let (reader, signal) = (fresh_id(at).to_string(), fresh_id(at).to_string());
    let profile = json!({ "name": format!("Mevrouw {NAME}"), "street": "Kaftstraat", "house_number": "1", "postcode": "9461 SS", "place": "Gieten", "door_note": format!("Bel bij {NAME}") });
    let status = json!({ "status": "active" });
    let acts = [
        ("register_reader", &reader, json!({ "branch": branch, "profile": profile })),
        ("set_reader_status", &reader, status),
        (
            "raise_signal",
            &signal,
            json!({ "branch": branch, "signal": "worry", "reader": reader, "note": format!("{NAME} was in de war") }),
        ),
        // Longer than a name may be: refused, and kept for the coordinator to look at.
        ("change_reader", &reader, json!({ "changes": { "name": NAME.repeat(30) } })),
    ];
    let mut results = Vec::new();
    for (kind, document, body) in acts {
        let answer = coordinator.sync(vec![command(fresh_id(at), document, kind, at, &body)]).await?;
        results.push(answer["results"][0].clone());
    }
    assert!(results[..3].iter().all(|result| result["refused"].is_null()), "{results:?}");
    assert_eq!(results[3]["refused"]["problem"], json!("text-too-long"), "{results:?}");
    Ok(reader)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_about_a_reader_is_told_to_who_may_and_erased_from_every_file() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server =
        Within::start_on(&format!("sqlite:{}", folder.path().join("noaber.db").display())).await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let reader = reader_with_traces(&mut coordinator).await?;
    let path = format!("/api/deliveries/readers/{reader}/about");
    let (status, about) = Program::ask(coordinator.request("GET", &path)).await?;
    assert_eq!(status, 200, "{about}");
    assert_eq!(about["profile"]["name"], json!(format!("Mevrouw {NAME}")));
    assert_eq!(about["worries"][0]["note"], json!(format!("{NAME} was in de war")));
    assert!(about["deeds"].as_array().map_or(0, Vec::len) >= 3, "{about}");
    assert!(about["recipients"].as_array().map_or(0, Vec::len) >= 1, "{about}");
    let page = coordinator.request("GET", &format!("{path}?format=html")).send().await?;
    let disposition = page.headers()["content-disposition"].to_str()?.to_owned();
    assert!(!disposition.contains(NAME), "a name in the name of a file: {disposition}");
    let page = page.text().await?;
    assert!(page.contains(NAME) && page.contains("Wat de bibliotheek van u bewaart"), "{page}");
    // Elsewhere there is no such reader; the answer is that for no reader at all.
    let elsewhere = Program::sign_in(&server.url, "bezorging3").await?;
    let nobody = format!("/api/deliveries/readers/{}/about", fresh_id(0));
    let not_there = Program::ask(elsewhere.request("GET", &nobody)).await?;
    assert_eq!(not_there.0, 404);
    assert_eq!(Program::ask(elsewhere.request("GET", &path)).await?, not_there);
    // A phone that was offline still changes the reader after the erasure.
    let at = MORNING.as_millis();
    assert!(!files::holding(folder.path(), &[NAME])?.is_empty(), "nothing to erase");
    coordinator.sync(vec![command(fresh_id(at), &reader, "erase_reader", at, &json!({}))]).await?;
    let late = json!({ "changes": { "mobility": format!("{NAME} loopt slecht") } });
    let answer = coordinator.sync(vec![command(fresh_id(at), &reader, "change_reader", at, &late)]).await?;
    assert_eq!(answer["results"][0]["refused"]["problem"], json!("document-gone"), "{answer}");
    assert_eq!(Program::ask(coordinator.request("GET", &path)).await?, not_there);
    let left = coordinator.fetch_all().await?;
    assert!(!json!(left).to_string().contains(NAME), "a document still tells the name");
    retention::overwrite(&server.state.db).await?;
    assert_eq!(
        files::holding(folder.path(), &[NAME])?,
        Vec::<String>::new(),
        "the server's files still tell the name"
    );
    server.stop().await?;
    assert_eq!(files::holding(folder.path(), &[NAME])?, Vec::<String>::new());
    Ok(())
}

async fn forgets_in_time(server: &mut Within) -> Outcome {
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let reader = reader_with_traces(&mut coordinator).await?;
    let stopped = json!({ "status": "stopped_no_contact" });
    let at = MORNING.as_millis();
    let answer =
        coordinator.sync(vec![command(fresh_id(at), &reader, "set_reader_status", at, &stopped)]).await?;
    assert!(answer["results"][0]["refused"].is_null(), "{answer}");
    let id = organisation(&coordinator)?;
    let terms = terms(server, id).await?;
    let visits = async |program: &Program| -> Outcome<Value> {
        Ok(Program::ask(program.request("GET", "/api/deliveries/visits?from=2026-10-01&until=2026-12-31"))
            .await?
            .1)
    };
    let before = visits(&coordinator).await?;
    let db = &server.state.db;
    let early = MORNING.plus_millis((terms.reader - 1) * DAY_MS);
    let not_yet = retention::due(&db.read, id, terms, early).await?;
    assert!(not_yet.readers.is_empty(), "a day too early: {not_yet:?}");
    let late = MORNING.plus_millis((terms.reader + 1) * DAY_MS);
    let due = retention::due(&db.read, id, terms, late).await?;
    assert!(due.readers.iter().any(|due| due.to_string() == reader), "{due:?}");
    // A preview erases nothing; erasing erases just what the preview told, and once.
    assert_eq!(retention::due(&db.read, id, terms, late).await?, due);
    let erased = retention::erase(db, id, terms, late).await.map_err(|problem| format!("{problem:?}"))?;
    assert_eq!(erased, due);
    let again = retention::erase(db, id, terms, late).await.map_err(|problem| format!("{problem:?}"))?;
    assert_eq!(again, Due::default());
    let left = coordinator.fetch_all().await?;
    assert!(!json!(left).to_string().contains(NAME), "a document still tells the name");
    assert_eq!(visits(&coordinator).await?, before, "what was counted stays counted");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_stopped_long_ago_is_forgotten_by_itself() -> Outcome {
    forgets_in_time(&mut Within::start().await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_forgets_who_stopped_long_ago() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    forgets_in_time(&mut Within::start_on(&cluster.database("forgetting")?).await?).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_colleague_reads_what_is_kept_and_is_forgotten_two_years_after_leaving() -> Outcome {
    let folder = tempfile::tempdir()?;
    let mut server =
        Within::start_on(&format!("sqlite:{}", folder.path().join("noaber.db").display())).await?;
    let coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let branch = &coordinator.signed_in["user"]["roles"][0]["branch"];
    let new = json!({ "name": format!("Mieke {NAME}"), "email": "mieke@quaddevliet.invalid", "roles": [{ "branch": branch, "role": "deliverer", "employer": "Welzijn" }] });
    let (_, added) = Program::ask(coordinator.request("POST", "/api/people").json(&new)).await?;
    let user = added["user"].as_str().unwrap_or_default().to_owned();
    let mieke = Program::let_in(&server.url, &coordinator, &user).await?;
    let (status, about) = Program::ask(mieke.request("GET", "/api/me/about")).await?;
    assert_eq!((status, &about["name"]), (200, &json!(format!("Mieke {NAME}"))), "{about}");
    assert_eq!(about["roles"][0]["employer"], json!("Welzijn"));
    assert_eq!(about["devices"].as_array().map(Vec::len), Some(1), "{about}");
    let path = format!("/api/people/{user}/about?format=html");
    let page = coordinator.request("GET", &path).send().await?.text().await?;
    assert!(page.contains(NAME) && page.contains("Bezorger"), "{page}");
    // Another branch knows of no such person.
    let elsewhere = Program::sign_in(&server.url, "bezorging3").await?;
    assert_eq!(Program::ask(elsewhere.request("GET", &path)).await?.0, 404);
    let end = format!("/api/people/{user}/end");
    assert_eq!(Program::ask(coordinator.request("POST", &end).json(&json!({}))).await?.0, 204);
    let own = organisation(&coordinator)?;
    let terms = terms(&server, own).await?;
    let after = |days: i64| MORNING.plus_millis(days * DAY_MS);
    assert_eq!(retention::due(&server.state.db.read, own, terms, after(terms.person)).await?.people.len(), 0);
    // An administrator sees it coming; looking erases nothing.
    server.clock.move_to(after(terms.person + 1));
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    for _ in 0..2 {
        let (status, tonight) = Program::ask(administrator.request("GET", "/api/retention")).await?;
        assert_eq!((status, &tonight["people"]), (200, &json!(format!("Mieke {NAME}"))), "{tonight}");
    }
    let due = retention::erase(&server.state.db, own, terms, after(terms.person + 1)).await;
    let due = due.map_err(|problem| problem.kind().slug())?;
    assert_eq!(due.people, vec![user.parse::<uuid::Uuid>()?]);
    // Once; and the history of the team's list is the one place left (docs/decisions/0014-forgetting.md).
    let again = retention::due(&server.state.db.read, own, terms, after(terms.person + 2)).await?;
    assert_eq!(again.people.len(), 0);
    assert!(Program::sign_in(&server.url, "mieke@quaddevliet.invalid").await.is_err());
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    assert!(people.to_string().contains("Hoving") && !people.to_string().contains(NAME), "{people}");
    server.stop().await
}
