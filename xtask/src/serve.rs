//! Serving the app on this machine, with the sample library to click through.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::{Outcome, app, tools};

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn build_server() -> Outcome {
    tools::say("Building the server");
    tools::run(cargo().args(["build", "--locked", "--quiet", "--release", "--package", "server"]))
}

/// The server as it was built.
fn server() -> Command {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Command::new(Path::new(&target).join("release/noaber"))
}

/// Builds and serves.
pub(crate) fn serve(port: u16, database: Option<String>, data: &Path, fresh: bool) -> Outcome {
    app::build()?;
    build_server()?;
    if fresh {
        for name in ["noaber.db", "noaber.db-wal", "noaber.db-shm", "signing-key.pem"] {
            let file = data.join(name);
            if file.exists() {
                fs::remove_file(file)?;
            }
        }
    }
    fs::create_dir_all(data)?;
    let database = database.unwrap_or_else(|| format!("sqlite:{}", data.join("noaber.db").display()));
    tools::say(&format!(
        "\nNoaber: http://localhost:{port}\n\n\
         Sign in with password noaber-voorbeeld as\n  \
         bezorger@voorbeeld.invalid    a volunteer who delivers\n  \
         bezorging@voorbeeld.invalid   the coordinator of deliveries\n  \
         beheer@voorbeeld.invalid      the administrator\n\nStop with Ctrl-C.\n"
    ));
    tools::run(
        server()
            .args(["serve", "--sample"])
            .env("NOABER_LISTEN", format!("127.0.0.1:{port}"))
            .env("NOABER_PUBLIC_ADDRESS", format!("http://localhost:{port}"))
            .env("NOABER_DATABASE", database)
            .env("NOABER_DATA", data)
            .env("NOABER_APP", app::FOLDER),
    )
}

/// Fills a database with the sample library.
pub(crate) fn sample(scale: usize, database: &str) -> Outcome {
    build_server()?;
    tools::run(server().args(["sample", "--scale", &scale.to_string()]).env("NOABER_DATABASE", database))
}
