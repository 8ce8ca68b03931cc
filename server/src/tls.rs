//! TLS of our own, for a library without a proxy in front: certificate and key from files, read again when they change, so that
//! a renewed certificate needs no restart.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use axum::Router;
use axum::extract::connect_info::IntoMakeServiceWithConnectInfo;
use axum_server::Handle;
use axum_server::tls_rustls::RustlsConfig;
use tokio::net::TcpListener;
use tokio::sync::watch;

use crate::config::Config;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_mins(1);
/// How long connections may take to finish when the server stops.
const STOPPING: Duration = Duration::from_secs(20);

/// The files of a certificate.
#[derive(Clone, Debug)]
pub struct Files {
    certificate: PathBuf,
    key: PathBuf,
}

impl Files {
    /// The files of the configuration, if it names them.
    #[must_use]
    pub fn of(config: &Config) -> Option<Self> {
        (!config.tls_certificate.is_empty())
            .then(|| Self { certificate: (&config.tls_certificate).into(), key: (&config.tls_key).into() })
    }

    /// When the newest of them was written.
    fn changed(&self) -> Option<SystemTime> {
        let at = |path: &PathBuf| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
        at(&self.certificate).max(at(&self.key))
    }
}

/// Serves over TLS until `stop` turns true.
pub async fn serve(
    listener: TcpListener,
    files: Files,
    service: IntoMakeServiceWithConnectInfo<Router, SocketAddr>,
    mut stop: watch::Receiver<bool>,
) -> std::io::Result<()> {
    // Another part of the program may have installed it already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let config = RustlsConfig::from_pem_file(&files.certificate, &files.key).await?;
    let handle = Handle::new();
    let (reloaded, stopped) = (config.clone(), handle.clone());
    let watcher = tokio::spawn(async move {
        let mut seen = files.changed();
        loop {
            tokio::select! {
                _ = stop.wait_for(|stop| *stop) => break,
                () = tokio::time::sleep(LOOK) => {}
            }
            let changed = files.changed();
            if changed != seen {
                seen = changed;
                match reloaded.reload_from_pem_file(&files.certificate, &files.key).await {
                    Ok(()) => tracing::info!("the certificate was read again"),
                    // The old one stays in use.
                    Err(error) => tracing::warn!(%error, "the new certificate cannot be read"),
                }
            }
        }
        stopped.graceful_shutdown(Some(STOPPING));
    });
    let served =
        axum_server::from_tcp_rustls(listener.into_std()?, config)?.handle(handle).serve(service).await;
    watcher.abort();
    served
}
