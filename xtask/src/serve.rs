//! Serving the app on this machine, with the sample library to click through.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, app, tools};

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

fn build_server() -> Outcome {
    tools::say("Building the server (some minutes the first time)");
    tools::run(cargo().args(["build", "--locked", "--release", "--package", "server"]).args(tools::quiet()))
}

/// The server as it was built.
fn server() -> Command {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    Command::new(Path::new(&target).join("release/noaber"))
}

/// The sign-ins of the sample library.
const SIGN_INS: [(&str, &str); 10] = [
    ("bezorger@voorbeeld.invalid", "a volunteer who delivers, with a round today"),
    ("bezorger2@voorbeeld.invalid", "another one, in the second branch"),
    ("bezorging@voorbeeld.invalid", "the coordinator of deliveries"),
    ("taalmaatje@voorbeeld.invalid", "a language buddy"),
    ("taalhuis@voorbeeld.invalid", "the coordinator of the Taalhuis"),
    ("taalhuis2@voorbeeld.invalid", "the one of the second branch"),
    ("balie@voorbeeld.invalid", "desk staff"),
    ("vrijwilligers@voorbeeld.invalid", "the coordinator of volunteers"),
    ("beheer@voorbeeld.invalid", "the administrator"),
    ("beheer@ander.invalid", "the administrator of another library altogether"),
];

/// Empties what the server keeps: its database when that is a file, its keys and its mail. Other files of the folder stay.
fn empty(data: &Path, database: &str) -> Outcome {
    let Some(file) = database.strip_prefix("sqlite:") else {
        return Err("--fresh empties a database that is a file; drop and create this one by hand".into());
    };
    let files = ["", "-wal", "-shm"].map(|ending| PathBuf::from(format!("{file}{ending}")));
    let keys = ["signing-key.pem", "vault-key"].map(|name| data.join(name));
    for file in files.iter().chain(&keys).filter(|file| file.exists()) {
        fs::remove_file(file)?;
    }
    let mail = data.join("mail");
    if mail.exists() {
        fs::remove_dir_all(mail)?;
    }
    Ok(())
}

/// Builds and serves.
pub(crate) fn serve(port: u16, database: Option<String>, data: &Path, fresh: bool) -> Outcome {
    app::build()?;
    build_server()?;
    let database = database.unwrap_or_else(|| format!("sqlite:{}", data.join("noaber.db").display()));
    if fresh {
        empty(data, &database)?;
    }
    fs::create_dir_all(data)?;
    // Taken and given back: what another program holds is told before everything else.
    std::net::TcpListener::bind(("127.0.0.1", port))
        .map_err(|error| format!("port {port} is not free ({error}); give another one with --port"))?;
    tools::say(&format!("\nNoaber: http://localhost:{port}\n\nSign in with password noaber-voorbeeld as"));
    for (name, who) in SIGN_INS {
        tools::say(&format!("  {name:<32}{who}"));
    }
    tools::say("\nStop with Ctrl-C.\n");
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
