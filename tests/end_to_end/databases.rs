//! The same promises on both databases: SQLite always, PostgreSQL when it is on the machine and always in CI.

use sea_orm::{ConnectionTrait as _, EntityTrait as _, QueryOrder as _, Statement};
use serde_json::json;
use server::clock::Clock;
use server::db::Db;
use server::sync::entity::{document, grant};
use server::{maintenance, sample};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::postgres::Cluster;
use tests::server::{MORNING, Within};
use uuid::Uuid;

/// Programs of several people write at once, through so many nodes, and one that reads meanwhile by turns from each misses no number.
async fn nobody_misses_a_number(database: &str, nodes: usize) -> Outcome {
    // The keys are the same on every node.
    let keys = tempfile::tempdir()?;
    let mut servers = Vec::new();
    for _ in 0..nodes {
        servers.push(Within::start_as(database, |config| keys.path().clone_into(&mut config.data)).await?);
    }
    let urls: Vec<String> = servers.iter().map(|server| server.url.clone()).collect();
    let mut watcher = Program::sign_in(&urls[0], "bezorging").await?;
    let before = watcher.fetch_all().await?;
    let branch = before
        .iter()
        .find(|found| found["kind"] == json!("branch"))
        .map(|found| found["summary"]["branch"].clone())
        .ok_or("no branch")?;
    let writers = (0..4).map(|writer| {
        let (url, branch) = (urls[writer % nodes].clone(), branch.clone());
        tokio::spawn(async move {
            let mut program = Program::sign_in(&url, "bezorging").await?;
            let mut made = Vec::new();
            for number in 0..10 {
                let reader = fresh_id(MORNING.as_millis());
                let profile = json!({ "name": format!("Lezer {writer} {number}"), "street": "Kaftstraat",
                    "house_number": "1", "postcode": "9461 SS", "place": "Gieten" });
                let body = json!({ "branch": branch, "profile": profile });
                let id = fresh_id(MORNING.as_millis());
                let act = command(id, &reader.to_string(), "register_reader", MORNING.as_millis(), &body);
                let answer = program.sync(vec![act]).await?;
                if !answer["results"][0]["accepted"].is_object() {
                    return Err(format!("not accepted: {answer}").into());
                }
                made.push(reader.to_string());
            }
            Outcome::Ok(made)
        })
    });
    let writers: Vec<_> = writers.collect();
    let mut seen = std::collections::BTreeSet::new();
    let read = async |watcher: &mut Program, seen: &mut std::collections::BTreeSet<String>| -> Outcome {
        let answer = watcher.sync(Vec::new()).await?;
        for found in answer["documents"].as_array().cloned().unwrap_or_default() {
            seen.insert(found["id"].as_str().unwrap_or_default().to_owned());
        }
        Ok(())
    };
    let mut turns = urls.iter().cycle();
    while writers.iter().any(|writer| !writer.is_finished()) {
        watcher.url = turns.next().cloned().unwrap_or_default();
        read(&mut watcher, &mut seen).await?;
    }
    read(&mut watcher, &mut seen).await?;
    for writer in writers {
        for made in writer.await?? {
            assert!(seen.contains(&made), "the reader {made} was never told");
        }
    }
    server::maintenance::check(&servers[0].state.db).await?;
    for mut server in servers {
        server.stop().await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_nobody_misses_a_number() -> Outcome {
    let folder = tempfile::tempdir()?;
    nobody_misses_a_number(&format!("sqlite:{}", folder.path().join("noaber.db").display()), 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_nobody_misses_a_number() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    nobody_misses_a_number(&cluster.database("numbers")?, 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgres_nobody_misses_a_number_that_another_node_gave_out() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    nobody_misses_a_number(&cluster.database("two_nodes")?, 2).await
}

/// Two nodes on one database: what is written through the one is heard through the other.
#[tokio::test(flavor = "multi_thread")]
async fn postgres_two_nodes_are_one_library() -> Outcome {
    let Some(cluster) = Cluster::start()? else { return Ok(()) };
    let database = cluster.database("nodes")?;
    let mut one = Within::start_on(&database).await?;
    let mut other = Within::start_on(&database).await?;
    let organisation = {
        let program = Program::sign_in(&one.url, "bezorger").await?;
        program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?
    };
    let mut bell = other.state.bell.listen(organisation);
    let mut volunteer = Program::sign_in(&one.url, "bezorger").await?;
    let documents = volunteer.fetch_all().await?;
    let round = documents.iter().find(|found| found["kind"] == json!("round")).ok_or("no round")?;
    let id = round["id"].as_str().unwrap_or_default();
    let at = MORNING.as_millis();
    let act = command(fresh_id(at), id, "record_kilometres", at, &json!({ "metres": 4_000 }));
    let rung = tokio::time::timeout(std::time::Duration::from_secs(20), async {
        // The other node may begin to listen a moment later: ring until it hears.
        loop {
            volunteer.sync(vec![act.clone()]).await?;
            if tokio::time::timeout(std::time::Duration::from_millis(200), bell.changed()).await.is_ok() {
                return Outcome::Ok(());
            }
        }
    });
    rung.await??;
    one.stop().await?;
    other.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_library_is_the_same_every_time_and_as_large_as_asked() -> Outcome {
    /// Every document with its heads, how many readers, and whether it was filled a second time.
    type Filled = (Vec<(Uuid, Vec<u8>)>, usize, bool);
    let filled = async |scale: usize| -> Outcome<Filled> {
        let db = Db::open("sqlite::memory:").await?;
        maintenance::migrate(&db).await?;
        let clock = Clock::set(MORNING);
        sample::fill(&db, &clock, scale).await?;
        let again = sample::fill(&db, &clock, scale).await?;
        let rows = document::Entity::find().order_by_asc(document::Column::Id).all(&db.read).await?;
        let readers = rows.iter().filter(|row| row.kind == "reader").count();
        Ok((rows.into_iter().map(|row| (row.id, row.heads)).collect(), readers, again))
    };
    let (one, readers, again) = filled(1).await?;
    assert!(!again, "a database that holds something is left as it is");
    assert_eq!(filled(1).await?.0, one, "the same people, the same rounds, the same bytes");
    let (three, more, _) = filled(3).await?;
    // The other library, to show that nothing crosses, stays as small as it is.
    assert_eq!((readers, more), (40 + 3, 3 * 40 + 3));
    assert!(three.len() > 2 * one.len());
    Ok(())
}

/// A document, for whom, and the numbers under which it was given and called back.
type Granted = (Uuid, String, Option<i64>, Option<i64>);

#[tokio::test(flavor = "multi_thread")]
async fn grants_of_before_roles_counted_hold_for_who_still_has_the_role() -> Outcome {
    let mut server = Within::start().await?;
    let audiences = async || -> Outcome<Vec<Granted>> {
        let rows = grant::Entity::find().all(&server.state.db.read).await?;
        let mut all: Vec<_> = rows
            .into_iter()
            .map(|row| (row.document_id, row.audience, row.granted_feed, row.revoked_feed))
            .collect();
        all.sort();
        Ok(all)
    };
    let now = audiences().await?;
    // Only rounds gave something to somebody by name then.
    let old = "UPDATE grants SET audience = 'user:' || substr(audience, -36) WHERE audience LIKE 'worker:%' \
        AND source_id IN (SELECT id FROM documents WHERE kind = 'round')";
    server.state.db.write.execute_unprepared(old).await?;
    assert_ne!(audiences().await?, now);
    // A server of today starts on it.
    maintenance::migrate(&server.state.db).await?;
    assert_eq!(audiences().await?, now, "who ever had an address is still known, and who has it now");
    let mut anna = Program::sign_in(&server.url, "bezorger").await?;
    assert!(anna.fetch_all().await?.iter().any(|found| found["kind"] == json!("reader")));
    server.stop().await
}

#[tokio::test]
async fn every_key_begins_with_the_organisation() -> Outcome {
    // Of the installation, of no library: which libraries there are, and which migrations were done.
    const OF_THE_INSTALLATION: [&str; 2] = ["migrations", "organisations"];
    let db = Db::open("sqlite::memory:").await?;
    maintenance::migrate(&db).await?;
    let backend = db.read.get_database_backend();
    let sql = "SELECT m.name AS name, COALESCE((SELECT i.name FROM pragma_table_info(m.name) i WHERE i.pk = 1), '') AS first \
               FROM sqlite_master m WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite_%'";
    let mut others = Vec::new();
    for row in db.read.query_all_raw(Statement::from_string(backend, sql)).await? {
        let (table, first): (String, String) = (row.try_get("", "name")?, row.try_get("", "first")?);
        if first != "organisation_id" {
            others.push(table);
        }
    }
    others.sort();
    assert_eq!(others, OF_THE_INSTALLATION, "it can be partitioned and moved by library");
    Ok(())
}
