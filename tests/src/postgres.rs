//! A throw-away PostgreSQL cluster for the tests: on a free port, in a folder of its own, as another user than root.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use crate::Outcome;

/// A running cluster; gone when dropped.
#[derive(Debug)]
pub struct Cluster {
    folder: TempDir,
    binaries: PathBuf,
    port: u16,
    as_root: bool,
}

fn binaries() -> Option<PathBuf> {
    let mut versions: Vec<PathBuf> = Path::new("/usr/lib/postgresql")
        .read_dir()
        .ok()
        .into_iter()
        .flatten()
        .filter_map(|entry| Some(entry.ok()?.path().join("bin")))
        .filter(|folder| folder.join("initdb").exists())
        .collect();
    versions.sort();
    versions.pop().or_else(|| {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").exists())
    })
}

impl Cluster {
    /// Starts a cluster; nothing when PostgreSQL is not on this machine. In CI it must be there.
    pub fn start() -> Outcome<Option<Self>> {
        let Some(binaries) = binaries() else {
            if std::env::var_os("CI").is_some() {
                return Err("PostgreSQL is not installed, and in CI its tests must run".into());
            }
            return Ok(None);
        };
        let folder = tempfile::tempdir()?;
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let as_root = Command::new("id").arg("-u").output()?.stdout.starts_with(b"0");
        let cluster = Self { folder, binaries, port, as_root };
        if as_root {
            // initdb refuses root; Debian's package brings this user.
            let owned = Command::new("chown").args(["postgres"]).arg(cluster.folder.path()).status()?;
            if !owned.success() {
                return Err("as root the tests need the user postgres".into());
            }
        }
        let data = cluster.data();
        let data = data.to_str().ok_or("the folder has no plain name")?;
        cluster.run(
            "initdb",
            &["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        )?;
        cluster.comes_back()?;
        Ok(Some(cluster))
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// It starts, on the port where it was before.
    pub fn comes_back(&self) -> Outcome {
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200",
            self.port
        );
        let (data, log) = (self.data(), self.folder.path().join("log"));
        let plain = |path: &Path| path.to_str().map(str::to_owned).ok_or("the folder has no plain name");
        self.run("pg_ctl", &["-D", &plain(&data)?, "-w", "-l", &plain(&log)?, "-o", &options, "start"])
    }

    /// It goes away in the middle of everything, as when its machine does.
    pub fn goes_away(&self) -> Outcome {
        let data = self.data();
        self.run("pg_ctl", &["-D", data.to_str().unwrap_or_default(), "-m", "immediate", "stop"])
    }

    /// Makes an empty database; its address.
    pub fn database(&self, name: &str) -> Outcome<String> {
        let port = self.port.to_string();
        self.run("createdb", &["-h", "127.0.0.1", "-p", &port, "-U", "postgres", "-T", "template0", name])?;
        Ok(format!("postgres://postgres@127.0.0.1:{port}/{name}"))
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Outcome {
        let program = self.binaries.join(program);
        let mut command = if self.as_root {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        let status = command
            .args(arguments)
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()?;
        if status.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        // It may be away already.
        let _ = self.goes_away();
    }
}
