//! TLS of the server's own.

use std::sync::Arc;

use server::app_state::AppState;
use server::clock::Clock;
use server::config::Config;
use server::db::Db;
use server::maintenance;
use tests::Outcome;
use tests::server::MORNING;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

const REQUEST: &[u8] = b"GET /health/ready HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

#[tokio::test(flavor = "multi_thread")]
async fn the_server_speaks_tls_with_a_certificate_from_files_and_nothing_else() -> Outcome {
    let folder = tempfile::tempdir()?;
    let certified = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
    let (certificate, key) = (folder.path().join("certificate.pem"), folder.path().join("key.pem"));
    std::fs::write(&certificate, certified.cert.pem())?;
    std::fs::write(&key, certified.signing_key.serialize_pem())?;
    let database = "sqlite::memory:".to_owned();
    let pairs = [
        ("NOABER_DATA", folder.path().display().to_string()),
        ("NOABER_DATABASE", database.clone()),
        ("NOABER_PUBLIC_ADDRESS", "https://localhost".to_owned()),
        ("NOABER_TLS_CERTIFICATE", certificate.display().to_string()),
        ("NOABER_TLS_KEY", key.display().to_string()),
    ];
    let config = Config::load(None, pairs.map(|(key, value)| (key.to_owned(), value)))?;
    let db = Db::open(&database).await?;
    maintenance::migrate(&db).await?;
    let (stop, stopping) = watch::channel(false);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let state = AppState::start(config, db, Clock::set(MORNING), stopping.clone())?;
    let served = tokio::spawn(server::run(listener, state, stopping));
    // Over TLS, checked against its certificate.
    let mut roots = RootCertStore::empty();
    roots.add(certified.cert.der().clone())?;
    let client = ClientConfig::builder().with_root_certificates(roots).with_no_client_auth();
    let name = ServerName::try_from("localhost")?;
    let stream = TcpStream::connect(address).await?;
    let mut stream = TlsConnector::from(Arc::new(client)).connect(name, stream).await?;
    stream.write_all(REQUEST).await?;
    let mut answer = String::new();
    // Whoever closes without saying so has said all the same.
    let _ = stream.read_to_string(&mut answer).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ready"), "{answer}");
    assert!(answer.to_lowercase().contains("strict-transport-security: max-age=31536000"), "{answer}");
    // Without TLS nothing is told.
    let mut plain = TcpStream::connect(address).await?;
    plain.write_all(REQUEST).await?;
    let mut told = Vec::new();
    let _ = plain.read_to_end(&mut told).await;
    assert!(!told.windows(5).any(|part| part == b"ready"), "it answers without TLS");
    stop.send_replace(true);
    served.await??;
    Ok(())
}
