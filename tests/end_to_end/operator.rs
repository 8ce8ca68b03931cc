//! What an operator meets: a wrong value, the log, and whether the server is well.

use std::process::Command;

use sea_orm::ConnectionTrait as _;
use serde_json::json;
use tests::Outcome;
use tests::api::{Program, command, fresh_id};
use tests::files;
use tests::server::{Process, Within, built_app, program};

#[test]
fn a_wrong_value_stops_the_start_and_says_which_and_what_is_allowed() -> Outcome {
    let folder = tempfile::tempdir()?;
    for (name, value, said) in [
        ("NOABER_LEASE_DAYS", "0", ["lease_days", "\"0\"", "1 to 365"]),
        ("NOABER_LOG_FORMAT", "xml", ["log_format", "xml", "text"]),
        ("NOABER_REQUESTS_PER_MINUTE", "0", ["requests_per_minute", "\"0\"", "10 to"]),
        ("NOABER_LISTEN", "0.0.0.0:80", ["listen", "0.0.0.0:80", "loopback"]),
        (
            "NOABER_MAIL_SERVER",
            "smtp://geheim@mail.voorbeeld.invalid",
            ["mail_server", "smtp", "tls=required"],
        ),
        ("NOABER_PROT", "80", ["prot", "unknown", "listen"]),
    ] {
        let output =
            Command::new(program()?).args(["serve"]).current_dir(folder.path()).env(name, value).output()?;
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{name}={value} was taken");
        assert!(said.iter().all(|part| told.contains(part)), "{name}={value}: {told}");
        assert!(!told.contains("geheim") && !told.contains("Range {"), "{told}");
    }
    assert_eq!(files::all(folder.path())?.len(), 0, "nothing was begun");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_log_names_nobody_whatever_goes_right_or_wrong() -> Outcome {
    for format in ["text", "json"] {
        let folder = tempfile::tempdir()?;
        let mut server = Process::start(folder.path())?;
        server.stop()?;
        server.log_format = Some(format);
        server.up()?;
        let mut marga = Program::sign_in(&server.url(), "bezorging").await?;
        assert!(Program::sign_in(&server.url(), "quaddevliet@voorbeeld.invalid").await.is_err());
        marga.fetch_all().await?;
        let branch = marga.signed_in["user"]["roles"][0]["branch"].clone();
        let profile = json!({ "name": "Mevrouw Quaddevliet", "street": "Quaddestraat", "house_number": "1", "postcode": "fout", "place": "Gieten" });
        let body = json!({ "branch": branch, "profile": profile });
        marga.sync(vec![command(fresh_id(1), &fresh_id(2).to_string(), "register_reader", 1, &body)]).await?;
        let new = json!({ "name": "Mieke Quaddevliet", "email": "mieke@quaddevliet.invalid", "roles": [{ "branch": branch, "role": "deliverer" }] });
        let (_, added) = Program::ask(marga.request("POST", "/api/people").json(&new)).await?;
        let invite = format!("/api/people/{}/invitation", added["user"].as_str().unwrap_or_default());
        Program::ask(marga.request("POST", &invite).json(&json!({ "way": "link" }))).await?;
        Program::ask(marga.request("GET", "/api/people?naam=Quaddevliet")).await?;
        Program::ask(marga.request("POST", "/api/sync").body("Quaddevliet")).await?;
        server.stop()?;
        let log = std::fs::read_to_string(folder.path().join("server.log"))?;
        assert!(log.contains("listening"), "{log}");
        assert_eq!(log.lines().last().is_some_and(|line| line.starts_with('{')), format == "json", "{log}");
        for word in [
            "Quadde",
            "quadde",
            "Veldman",
            "voorbeeld.invalid",
            "noaber-voorbeeld",
            &marga.token,
            &marga.refresh,
        ] {
            assert!(!log.contains(word), "the log tells {word}:\n{log}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_its_database_says_so_and_a_well_one_is_ready() -> Outcome {
    let mut server = Within::start().await?;
    let status = async |path: &str| -> Outcome<u16> {
        Ok(reqwest::get(format!("{}{path}", server.url)).await?.status().as_u16())
    };
    assert_eq!((status("/health/live").await?, status("/health/ready").await?), (200, 200));
    let page = reqwest::get(format!("{}/api/docs", server.url)).await?;
    assert_eq!(page.status().as_u16(), 200);
    let page = page.text().await?;
    for told in ["/api/sync", "log_delivery", "/problems/round-cancelled"] {
        assert!(page.contains(told), "the readable page lacks {told}");
    }
    let program = Program::sign_in(&server.url, "bezorger").await?;
    // The tables are gone: nothing works, and it is said as such.
    server.state.db.write.execute_unprepared("ALTER TABLE documents RENAME TO elsewhere").await?;
    server.state.db.write.execute_unprepared("ALTER TABLE organisations RENAME TO elsewhere_too").await?;
    let sent =
        program.request("POST", "/api/sync").json(&json!({ "protocol": 1, "device_id": program.device }));
    let (code, answer) = Program::ask(sent).await?;
    assert_eq!((code, &answer["type"]), (503, &json!("/problems/storage-unavailable")), "{answer}");
    assert_eq!(status("/health/ready").await?, 503);
    assert_eq!(status("/health/live").await?, 200, "the program itself is well");
    // And back, without a new start.
    server.state.db.write.execute_unprepared("ALTER TABLE elsewhere RENAME TO documents").await?;
    server.state.db.write.execute_unprepared("ALTER TABLE elsewhere_too RENAME TO organisations").await?;
    let sent =
        program.request("POST", "/api/sync").json(&json!({ "protocol": 1, "device_id": program.device }));
    assert_eq!(Program::ask(sent).await?.0, 200);
    server.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_carries_the_headers_of_a_careful_house() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Process::start(folder.path())?;
    let asset = files::all(&built_app())?;
    let asset = asset.iter().find(|path| path.extension().is_some_and(|ending| ending == "css"));
    let asset =
        asset.and_then(|path| path.file_name()).map(|name| format!("/assets/{}", name.to_string_lossy()));
    let pages =
        ["/", "/api/docs", "/api/openapi.json", "/api/people", "/nergens", "/mail?x=1", "/service-worker.js"];
    for page in pages.into_iter().map(str::to_owned).chain(asset) {
        let answer = reqwest::get(format!("{}{page}", server.url())).await?;
        let header =
            |name: &str| answer.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let policy = header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{page}: {policy}"
        );
        assert!(
            policy.contains("base-uri 'none'") && !policy.contains("'unsafe-inline'"),
            "{page}: {policy}"
        );
        assert_eq!(header("x-content-type-options"), "nosniff", "{page}");
        assert_eq!(header("referrer-policy"), "no-referrer", "{page}");
        assert_eq!(header("cross-origin-opener-policy"), "same-origin", "{page}");
        assert_eq!(header("cross-origin-resource-policy"), "same-origin", "{page}");
        assert!(header("permissions-policy").contains("geolocation=()"), "{page}");
        if page.starts_with("/api/") {
            assert_eq!(header("cache-control"), "no-store", "{page}");
        }
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_library_takes_all_that_is_kept_elsewhere_in_one_file() -> Outcome {
    let folder = tempfile::tempdir()?;
    let server = Process::start(folder.path())?;
    let file = folder.path().join("alles.jsonl");
    let path = file.display().to_string();
    // There are two libraries in the sample: which one is meant must be said, and must be there.
    let refused = |arguments: &[&str]| {
        server.command(arguments).err().map(|error| error.to_string()).unwrap_or_default()
    };
    assert!(refused(&["export", &path]).contains("give the name of one"));
    assert!(refused(&["export", &path, "--organisation", "Nergens"]).contains("no library with this name"));
    assert!(!file.exists(), "something was begun");
    let marga = Program::sign_in(&server.url(), "bezorging").await?;
    let own = "Voorbeeldbibliotheek Gieten";
    server.command(&["export", &path, "--organisation", own])?;
    let text = std::fs::read_to_string(&file)?;
    let lines: Vec<serde_json::Value> = text.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let count =
        |kind: &str| lines.iter().filter(|line| line["kind"] == kind || line["document"] == kind).count();
    assert_eq!(count("organisation"), 1);
    for kind in ["person", "branch", "reader", "round", "learner", "volunteer"] {
        assert!(count(kind) > 0, "no {kind} in the file");
    }
    let marga_there = lines
        .iter()
        .any(|line| line["id"] == marga.signed_in["user"]["id"] && line["roles"][0]["branch"].is_string());
    assert!(marga_there && text.contains("Veldman"), "somebody who works here is not in it");
    assert!(!text.contains("argon2") && !text.contains("password"), "a secret is in the file");
    assert!(!text.contains("Xander Otten") && !text.contains("Verweg"), "another library is in the file");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file)?.permissions().mode() & 0o077, 0, "others can read it");
    }
    // A file that is there stays as it is.
    assert!(refused(&["export", &path, "--organisation", own]).contains("exists already"));
    assert_eq!(std::fs::read_to_string(&file)?, text);
    Ok(())
}
