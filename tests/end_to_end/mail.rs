//! Mail to a real mail server: over TLS and with an account, and nothing is lost while it is down.

use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use server::mail::Post;
use tests::api::Program;
use tests::server::{MORNING, Within, config};
use tests::{Outcome, until};

const HOUR_MS: i64 = 3_600_000;

/// A mail server as a process of its own.
struct MailServer(Child);

impl MailServer {
    async fn start(port: u16, folder: &Path) -> Outcome<Self> {
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/mail/server.mjs");
        let child = Command::new("node")
            .args([script, &port.to_string()])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()?;
        let server = Self(child);
        until("the mail server to listen", Duration::from_secs(30), async || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        })
        .await?;
        Ok(server)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// The mails that the server took, one each line.
fn taken(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("taken.json")).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

async fn invite(server: &Within) -> Outcome {
    let administrator = Program::sign_in(&server.url, "beheer").await?;
    let (_, people) = Program::ask(administrator.request("GET", "/api/people")).await?;
    let anna = people.as_array().into_iter().flatten().find(|row| row["name"] == json!("Anna Hoving"));
    let user = anna.ok_or("no Anna")?["user"].as_str().unwrap_or_default().to_owned();
    let asked = administrator
        .request("POST", &format!("/api/people/{user}/invitation"))
        .json(&json!({ "way": "link" }));
    let (status, answer) = Program::ask(asked).await?;
    if status == 200 { Ok(()) } else { Err(format!("{status} {answer}").into()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_goes_over_tls_and_waits_while_the_mail_server_is_down() -> Outcome {
    if std::env::var_os("TEST_QUICK").is_some() {
        return Ok(());
    }
    let folder = tempfile::tempdir()?;
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    std::fs::write(folder.path().join("cert.pem"), certified.cert.pem())?;
    std::fs::write(folder.path().join("key.pem"), certified.signing_key.serialize_pem())?;
    let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    let mut server = Within::start_without_post().await?;
    let mut settings = config(folder.path(), "sqlite::memory:", &server.url)?;
    settings.mail_server = format!("smtp://noaber:geheim@localhost:{port}?tls=required");
    settings.mail_certificate = folder.path().join("cert.pem").display().to_string();
    let postman = Post::new(&settings)?;
    let send = async |post: &Post, server: &Within| {
        let sent = server::mail::send_due(&server.state.db, post, server.state.clock.now()).await;
        sent.map_err(|problem| format!("{problem:?}"))
    };
    // Down for an hour: tried again and again, and not lost.
    invite(&server).await?;
    for minute in [0, 1, 3, 7, 15, 31, 61] {
        server.clock.move_to(MORNING.plus_millis(minute * 60_000));
        assert_eq!(send(&postman, &server).await?, 0);
    }
    let waiting = server::mail::queue(&server.state.db, organisation(&server).await?, 10).await;
    let waiting = waiting.map_err(|problem| format!("{problem:?}"))?;
    assert!(waiting.len() == 1 && waiting[0].dead_at.is_none() && waiting[0].tries > 3, "{waiting:?}");
    // Up again: it goes out once, over TLS and with the account.
    let mail_server = MailServer::start(port, folder.path()).await?;
    server.clock.move_to(MORNING.plus_millis(4 * HOUR_MS));
    assert_eq!(send(&postman, &server).await?, 1);
    assert_eq!(send(&postman, &server).await?, 0);
    let mails = taken(folder.path());
    let [mail] = mails.as_slice() else { return Err(format!("{} mails", mails.len()).into()) };
    assert_eq!(mail["to"], json!(["bezorger@voorbeeld.invalid"]));
    assert!(
        mail["text"].as_str().is_some_and(|text| text.contains("Subject: Je uitnodiging voor Noaber")),
        "{mail}"
    );
    // Nothing of it stays behind: neither the address nor the link.
    let left = server::mail::queue(&server.state.db, organisation(&server).await?, 10).await;
    assert!(left.map_err(|problem| format!("{problem:?}"))?.is_empty());
    // A wrong account is tried again too, until somebody mends it.
    settings.mail_server = format!("smtp://noaber:verkeerd@localhost:{port}?tls=required");
    invite(&server).await?;
    assert_eq!(send(&Post::new(&settings)?, &server).await?, 0);
    server.clock.move_to(MORNING.plus_millis(5 * HOUR_MS));
    assert_eq!(send(&postman, &server).await?, 1);
    assert_eq!(taken(folder.path()).len(), 2);
    drop(mail_server);
    server.stop().await
}

async fn organisation(server: &Within) -> Outcome<uuid::Uuid> {
    let program = Program::sign_in(&server.url, "beheer").await?;
    Ok(program.signed_in["user"]["organisation"].as_str().unwrap_or_default().parse()?)
}
