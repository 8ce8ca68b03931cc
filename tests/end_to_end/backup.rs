//! Backups: locked for one key, gone by themselves, and a restore brings nobody back who was forgotten since.

use std::path::Path;
use std::process::Command;

use age::secrecy::ExposeSecret as _;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use server::db::Db;
use server::people::entity::invitation;
use server::sync::entity::document;
use server::{after_restore, backup, maintenance};
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::files;
use tests::server::{MORNING, Within};

fn wanted(target: &Path, recipient: Option<String>) -> backup::Wanted {
    backup::Wanted { target: target.to_owned(), recipient, keep_days: Some(30) }
}

async fn database_in(folder: &Path) -> Outcome<(Within, String)> {
    let url = format!("sqlite:{}", folder.join("bibliotheek").display());
    Ok((Within::start_on(&url).await?, url))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_backup_tells_nothing_and_opens_with_its_own_key_only() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (mut server, url) = database_in(folder.path()).await?;
    let backups = tempfile::tempdir()?;
    let key = age::x25519::Identity::generate();
    let plain =
        backup::backup(&server.state.db, &wanted(&backups.path().join("leesbaar.db"), None), MORNING).await?;
    assert!(
        !files::holding(backups.path(), &["Veldman"])?.is_empty(),
        "the word is found in what is readable"
    );
    std::fs::remove_file(plain)?;
    let locked = wanted(backups.path(), Some(key.to_public().to_string()));
    let file = backup::backup(&server.state.db, &locked, MORNING).await?;
    assert_eq!(file.file_name().and_then(|name| name.to_str()), Some("noaber-20261124-080000.db.age"));
    assert_eq!(files::holding(backups.path(), &["Veldman", "Gieten"])?, Vec::<String>::new());
    assert!(backup::backup(&server.state.db, &locked, MORNING).await.is_err(), "nothing is written over");
    let nonsense = wanted(backups.path(), Some("age1niets".to_owned()));
    assert!(backup::backup(&server.state.db, &nonsense, MORNING).await.is_err());
    server.stop().await?;
    server.state.db.write.clone().close().await?;
    server.state.db.read.clone().close().await?;
    let identity = backups.path().join("sleutel");
    let data = folder.path();
    for wrong in [None, Some(age::x25519::Identity::generate())] {
        let path = wrong
            .map(|other| {
                std::fs::write(&identity, other.to_string().expose_secret()).map(|()| identity.clone())
            })
            .transpose()?;
        let restored = backup::restore(&url, data, &file, path.as_deref(), MORNING).await;
        assert!(matches!(restored, Err(maintenance::MaintenanceError::Locked(_))), "{restored:?}");
    }
    // A key that did not fit has changed nothing.
    let db = Db::open(&url).await?;
    assert!(maintenance::check(&db).await? > 0);
    db.write.close().await?;
    db.read.close().await?;
    std::fs::write(&identity, key.to_string().expose_secret())?;
    backup::restore(&url, data, &file, Some(&identity), MORNING).await?;
    let db = Db::open(&url).await?;
    assert!(maintenance::check(&db).await? > 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn old_backups_go_and_other_files_stay() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (mut server, _) = database_in(folder.path()).await?;
    let backups = tempfile::tempdir()?;
    for name in
        ["noaber-20200101-000000.db.age", "noaber-20200101-000000.db", "vakantie.jpg", "noaber-notities.txt"]
    {
        std::fs::write(backups.path().join(name), "x")?;
        let touched =
            Command::new("touch").args(["-d", "2020-01-01"]).arg(backups.path().join(name)).status()?;
        assert!(touched.success());
    }
    std::fs::write(backups.path().join("noaber-20261101-000000.db"), "van deze maand")?;
    backup::backup(&server.state.db, &wanted(backups.path(), None), MORNING).await?;
    let mut left: Vec<String> = std::fs::read_dir(backups.path())?
        .map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().into_owned()))
        .collect::<Result<_, _>>()?;
    left.sort();
    assert_eq!(
        left,
        ["noaber-20261101-000000.db", "noaber-20261124-080000.db", "noaber-notities.txt", "vakantie.jpg"]
    );
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_brings_nobody_back_who_was_forgotten_and_no_device_that_was_shut_out() -> Outcome {
    let folder = tempfile::tempdir()?;
    let (mut server, url) = database_in(folder.path()).await?;
    let mut coordinator = Program::sign_in(&server.url, "bezorging").await?;
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let documents = coordinator.fetch_all().await?;
    let reader = documents.iter().find(|found| found["kind"] == json!("reader")).ok_or("no reader")?;
    let (reader, name) =
        (reader["id"].as_str().unwrap_or_default(), reader["content"]["profile"]["street"].clone());
    let lost = Program::sign_in(&server.url, "bezorger").await?;
    let klaas = Program::sign_in(&server.url, "bezorger10").await?;
    let klaas = klaas.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned();
    let post =
        async |path: String, body| Program::ask(administrator.request("POST", &path).json(&body)).await;
    let email = json!({ "way": "link" });
    let marga = coordinator.signed_in["user"]["id"].as_str().unwrap_or_default().to_owned();
    assert_eq!(post(format!("/api/people/{marga}/invitation"), email).await?.0, 200);
    let file =
        backup::backup(&server.state.db, &wanted(&folder.path().join("maandag"), None), MORNING).await?;
    // Since then a reader was erased, a phone was lost, and somebody left who asked to be forgotten.
    let at = MORNING.as_millis();
    coordinator.sync(vec![command(fresh_id(at), reader, "erase_reader", at, &json!({}))]).await?;
    assert_eq!(post(format!("/api/devices/{}/revoke", lost.device), json!({})).await?.0, 204);
    assert_eq!(post(format!("/api/people/{klaas}/end"), json!({})).await?.0, 204);
    assert_eq!(post(format!("/api/people/{klaas}/forget"), json!({})).await?.0, 204);
    // And a coordinator left: she is not forgotten, but her password must not open again.
    assert_eq!(post(format!("/api/people/{marga}/end"), json!({})).await?.0, 204);
    // A reader who came and was erased since is in no backup; the phone that noted her must not bring her back.
    let mut petra = Program::sign_in(&server.url, "bezorging3").await?;
    let short = fresh_id(at).to_string();
    let profile = json!({ "name": "Mevrouw Kort", "street": "Kaftstraat", "house_number": "1", "postcode": "9481 SS", "place": "Vries" });
    let body = json!({ "branch": petra.signed_in["user"]["roles"][0]["branch"], "profile": profile });
    let register = command(fresh_id(at), &short, "register_reader", at, &body);
    petra.sync(vec![register.clone()]).await?;
    petra.sync(vec![command(fresh_id(at), &short, "erase_reader", at, &json!({}))]).await?;
    let noted = after_restore::note(&server.state.db, folder.path(), &mut None).await;
    noted.map_err(|problem| problem.kind().slug())?;
    server.stop().await?;
    server.state.db.write.clone().close().await?;
    server.state.db.read.clone().close().await?;
    backup::restore(&url, folder.path(), &file, None, MORNING).await?;
    let mut server = Within::start_on(&url).await?;
    let (status, answer) = Program::ask(lost.request("GET", "/api/devices")).await.unwrap_or_default();
    assert!(status == 401 || status == 0, "{answer}");
    let devices = server::auth::entity::device::Entity::find().all(&server.state.db.read).await?;
    let row = devices.iter().find(|row| row.id == lost.device).ok_or("the device is not in the backup")?;
    assert!(row.revoked_at.is_some(), "the lost phone is let in again");
    let tombstone = document::Entity::find().filter(document::Column::Id.eq(reader.parse::<uuid::Uuid>()?));
    assert!(tombstone.one(&server.state.db.read).await?.is_some_and(|row| row.erased), "{name}");
    let person = server::auth::entity::user::Entity::find().all(&server.state.db.read).await?;
    let klaas = person.iter().find(|row| row.id.to_string() == klaas).ok_or("no account")?;
    assert_eq!((klaas.name.as_str(), klaas.email.as_str()), ("", ""));
    assert!(Program::sign_in(&server.url, "bezorging").await.is_err(), "who left is let in again");
    let mut petra = Program::sign_in(&server.url, "bezorging3").await?;
    let again = petra.sync(vec![register]).await?;
    assert_eq!(again["results"][0]["refused"]["problem"], json!("document-gone"), "{again}");
    // A link of before may have been used since: none opens.
    let open = invitation::Entity::find().filter(invitation::Column::ExpiresAt.gt(MORNING.as_millis()));
    assert_eq!(open.all(&server.state.db.read).await?.len(), 0);
    server.stop().await
}
