//! What is kept about somebody can be asked for, and what is forgotten is nowhere any more.

use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::{Value, json};
use server::maintenance;
use server::retention::{self, Due, Terms};
use server::sync::entity::document;
use server::sync::{anew, whole};
use sync_core::deliveries::RecordKilometres;
use sync_core::ids::{DocumentId, OrganisationId};
use sync_core::summary::Content;
use sync_core::time::DAY_MS;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::files;
use tests::phone::Phone;
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

/// The documents of the database that hold this word, in their content or anywhere in their history.
async fn documents_holding(server: &Within, word: &str) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for row in
        document::Entity::find().filter(document::Column::Erased.eq(false)).all(&server.state.db.read).await?
    {
        let whole =
            whole(&server.state.db.read, OrganisationId(row.organisation_id), DocumentId(row.id)).await;
        let bytes = whole.map_err(|problem| problem.kind().slug())??.save_plain();
        if bytes.windows(word.len()).any(|part| part == word.as_bytes()) {
            found.push(format!("{} {}", row.kind, row.id));
        }
        let summary = row.summary;
        if summary.windows(word.len()).any(|part| part == word.as_bytes()) {
            found.push(format!("row of {} {}", row.kind, row.id));
        }
    }
    Ok(found)
}

/// A round of today of this volunteer to this reader, with what was said at the door.
async fn round_with_words(
    server: &Within,
    coordinator: &mut Program,
    rider: &mut Program,
    reader: &str,
) -> Outcome<String> {
    let at = MORNING.as_millis();
    let (round, stop) = (fresh_id(at).to_string(), fresh_id(at));
    let user = &rider.signed_in["user"];
    let plan = json!({ "branch": coordinator.signed_in["user"]["roles"][0]["branch"], "name": "Woorden", "on": MORNING.local_date().to_string(),
        "day_segment": "afternoon", "assignees": [{ "user": user["id"], "name": user["name"] }],
        "stops": [{ "stop": stop, "reader": reader, "bag": "Tas 1", "bring": format!("Voor {NAME}: 2 boeken"), "fetch": "" }] });
    coordinator.sync(vec![command(fresh_id(at), &round, "plan_round", at, &plan)]).await?;
    let log = json!({ "log": fresh_id(at), "stop": stop, "outcome": "delivered", "items_out": 2,
        "wish": format!("{NAME} wil een kookboek"), "note": format!("{NAME} was vrolijk") });
    let answer = rider.sync(vec![command(fresh_id(at), &round, "log_delivery", at, &log)]).await?;
    assert!(answer["results"][0]["refused"].is_null(), "{answer}");
    assert!(!documents_holding(server, NAME).await?.is_empty(), "nothing to forget");
    Ok(round)
}

#[tokio::test(flavor = "multi_thread")]
async fn what_rounds_tell_about_an_erased_reader_goes_when_nobody_works_on_them_any_more() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let mut rider = Program::sign_in(&server.url, "bezorger").await?;
    let reader = reader_with_traces(&mut coordinator).await?;
    let round = round_with_words(&server, &mut coordinator, &mut rider, &reader).await?;
    rider.fetch_all().await?;
    let mut phone = Phone::of(&rider, 1, MORNING)?;
    phone.exchanges(&rider, MORNING).await?;
    // While the round is ridden it stays as it is: a volunteer may have a log of it that is not sent.
    let (at, own) = (MORNING.as_millis(), organisation(&coordinator)?);
    coordinator.sync(vec![command(fresh_id(at), &reader, "erase_reader", at, &json!({}))]).await?;
    let write = async |now| {
        anew::write_due(&server.state.db, own, now).await.map_err(|problem| problem.kind().slug())
    };
    assert_eq!(write(MORNING).await?, 0);
    let late = RecordKilometres { metres: 6_000 };
    phone.acts(round.parse::<DocumentId>()?, late, MORNING).ok_or("not kept")?;
    let after = MORNING.plus_millis(2 * DAY_MS);
    server.clock.move_to(after);
    assert_eq!(write(after).await?, 1);
    assert_eq!(documents_holding(&server, NAME).await?, Vec::<String>::new());
    assert_eq!(write(after).await?, 0, "once");
    // The phone gets the round whole, and its act of before counts on it; so does the visit.
    rider.refreshes().await?;
    phone.exchanges(&rider, after).await?;
    assert_eq!((phone.replica.status().unsent, phone.replica.status().refused), (0, 0));
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let all = coordinator.fetch_all().await?;
    let told = all.iter().find(|found| found["id"] == json!(round)).ok_or("the round is gone")?;
    let content = &told["content"];
    assert_eq!(content["stops"][0]["state"], json!({ "logged": "delivered" }), "{content}");
    assert!(
        content["stops"][0]["reader"].is_null() && content["history"][0]["wish"] == json!(""),
        "{content}"
    );
    assert_eq!(content["history"][0]["items_out"], json!(2), "{content}");
    assert!(content["metres"].to_string().contains("6000"), "{content}");
    assert!(maintenance::check(&server.state.db).await? > 0);
    // A phone that was offline for days still tells of her: the log counts, and its words go as well.
    let stop = content["stops"][0]["stop"].clone();
    let late =
        json!({ "log": fresh_id(at), "stop": stop, "outcome": "delivered", "note": format!("{NAME} groet") });
    let mut rider = Program::sign_in(&server.url, "bezorger").await?;
    let answer = rider.sync(vec![command(fresh_id(at), &round, "log_delivery", at, &late)]).await?;
    assert!(answer["results"][0]["refused"].is_null(), "{answer}");
    assert!(!documents_holding(&server, NAME).await?.is_empty());
    assert_eq!(write(after).await?, 1);
    assert_eq!(documents_holding(&server, NAME).await?, Vec::<String>::new());
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn of_rounds_and_worries_of_two_years_ago_only_the_counts_are_left() -> Outcome {
    let mut server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let mut rider = Program::sign_in(&server.url, "bezorger").await?;
    let reader = reader_with_traces(&mut coordinator).await?;
    let round = round_with_words(&server, &mut coordinator, &mut rider, &reader).await?;
    let at = MORNING.as_millis();
    let signals = coordinator.fetch_all().await?;
    for signal in signals.iter().filter(|found| found["kind"] == json!("signal")) {
        let id = signal["id"].as_str().unwrap_or_default();
        let settled = json!({ "state": "settled", "note": format!("{NAME} gebeld") });
        coordinator.sync(vec![command(fresh_id(at), id, "settle_signal", at, &settled)]).await?;
    }
    let own = organisation(&coordinator)?;
    let terms = terms(&server, own).await?;
    let late = MORNING.plus_millis((terms.reader + 1) * DAY_MS);
    let due = retention::due(&server.state.db.read, own, terms, late).await?;
    assert!(due.rounds.iter().any(|id| id.to_string() == round) && !due.signals.is_empty(), "{due:?}");
    retention::erase(&server.state.db, own, terms, late).await.map_err(|problem| problem.kind().slug())?;
    let again = retention::due(&server.state.db.read, own, terms, late).await?;
    assert!(again.rounds.is_empty() && again.signals.is_empty(), "{again:?}");
    // The reader himself is still served: only his own document tells of him.
    let left = documents_holding(&server, NAME).await?;
    assert!(left.iter().all(|found| found.ends_with(&reader)), "{left:?}");
    assert!(!left.is_empty());
    server.stop().await
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
    Box::pin(forgets_in_time(&mut Within::start().await?)).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_forgets_who_stopped_long_ago() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let mut server = Within::start_on(&cluster.database("forgetting")?).await?;
    Box::pin(forgets_in_time(&mut server)).await
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
    // She rode a round, and a link was sent to her.
    let mut marga = Program::sign_in(&server.url, "bezorging").await?;
    let readers = marga.fetch_all().await?;
    let reader = readers.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let reader = reader["id"].as_str().unwrap_or_default().to_owned();
    let mut rides = mieke;
    round_with_words(&server, &mut marga, &mut rides, &reader).await?;
    let invite = format!("/api/people/{user}/invitation");
    assert_eq!(Program::ask(marga.request("POST", &invite).json(&json!({ "way": "link" }))).await?.0, 200);
    server.state.housekeep().await.map_err(|problem| problem.kind().slug())?;
    assert!(!files::holding(folder.path(), &[NAME])?.is_empty(), "nothing to forget");
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
    // Once; and nowhere is the name, also not in the history of the team's list, in a round, or in a file of a mail.
    server.state.post.sweep(&server.state.db).await?;
    retention::overwrite(&server.state.db).await?;
    assert_eq!(documents_holding(&server, NAME).await?, Vec::<String>::new());
    assert_eq!(files::holding(folder.path(), &[NAME])?, Vec::<String>::new());
    let again = retention::due(&server.state.db.read, own, terms, after(terms.person + 2)).await?;
    assert_eq!(again.people.len(), 0);
    assert!(Program::sign_in(&server.url, "mieke@quaddevliet.invalid").await.is_err());
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    assert!(people.to_string().contains("Hoving") && !people.to_string().contains(NAME), "{people}");
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_consent_back_is_named_in_no_group_any_more_nor_in_its_history() -> Outcome {
    let server = Within::start().await?;
    let mut coordinator = Program::sign_in(&server.url, "taalhuis").await?;
    let (at, own) = (MORNING.as_millis(), organisation(&coordinator)?);
    let branch = coordinator.signed_in["user"]["roles"][0]["branch"].clone();
    let (learner, group) = (fresh_id(at).to_string(), fresh_id(at).to_string());
    let today = MORNING.local_date().to_string();
    // Each a moment later: of two words on one instant the one that takes consent back would count.
    let mut later = at;
    let mut acts = async |acts: Vec<(&str, &String, Value)>| -> Outcome {
        for (kind, document, body) in acts {
            later += 1_000;
            let answer = coordinator.sync(vec![command(fresh_id(at), document, kind, later, &body)]).await?;
            assert!(answer["results"][0]["refused"].is_null(), "{kind}: {answer}");
        }
        Ok(())
    };
    let consent = |given: bool| {
        let text = "2026-11";
        json!({ "entry": fresh_id(at), "purpose": "buddy", "given": given, "on": today, "text_version": text })
    };
    let named = || json!({ "learner": learner, "name": NAME });
    let registered = json!({ "branch": branch, "answers": { "call_name": "Amina" } });
    acts(vec![
        ("register_learner", &learner, registered),
        ("record_consent", &learner, consent(true)),
        ("plan_group", &group, json!({ "branch": branch, "name": "Taalcafé" })),
        ("set_group_member", &group, named()),
    ])
    .await?;
    let write = async || {
        anew::write_due(&server.state.db, own, MORNING).await.map_err(|problem| problem.kind().slug())
    };
    assert_eq!(write().await?, 0, "whoever consents is named");
    let there = async || documents_holding(&server, NAME).await;
    assert_eq!(there().await?, [format!("group {group}")]);
    // Only the act on the learner, as from a device that does not know the group.
    acts(vec![("record_consent", &learner, consent(false))]).await?;
    assert_eq!(write().await?, 1, "the group alone is written anew");
    assert!(there().await?.is_empty(), "neither in it, nor in its history");
    let whole = whole(&server.state.db.read, own, group.parse::<DocumentId>()?).await;
    let told = Content::read(&whole.map_err(|problem| problem.kind().slug())??);
    let Some(Content::Group(view)) = told else { return Err("it is no group".into()) };
    assert_eq!(view.members.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), ["Deelnemer"]);
    // A phone that had not heard of it names the learner once more.
    acts(vec![("set_group_member", &group, named())]).await?;
    assert_eq!(write().await?, 1);
    assert!(there().await?.is_empty());
    acts(vec![("record_consent", &learner, consent(true)), ("set_group_member", &group, named())]).await?;
    assert_eq!(write().await?, 0, "consent that is given again");
    assert!(!there().await?.is_empty());
    Ok(())
}
