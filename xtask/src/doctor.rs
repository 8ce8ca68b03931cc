//! Tells what is missing on this machine, and what to do about it.

use std::path::Path;

use crate::tools;

/// Prints a line for everything a developer needs.
#[expect(clippy::print_stdout, reason = "what was asked for")]
pub(crate) fn doctor() {
    let postgres = tools::has("initdb")
        || Path::new("/usr/lib/postgresql").read_dir().is_ok_and(|mut versions| versions.next().is_some());
    let lines = [
        ("a C compiler", tools::has("cc"), "apt-get install gcc"),
        (
            "WebAssembly",
            tools::web_compiler_there().is_some(),
            "rustup target add wasm32-unknown-unknown, or as root on Debian: cargo xtask serve installs it",
        ),
        ("Chromium", tools::has("chromium"), "apt-get install chromium"),
        ("ChromeDriver", tools::has("chromedriver"), "apt-get install chromium-driver"),
        ("npm, for axe-core", tools::has("npm"), "apt-get install npm"),
        ("PostgreSQL", postgres, "apt-get install postgresql; without it its tests are skipped outside CI"),
        ("cargo-nextest", tools::has("cargo-nextest"), "not needed: cargo test does it too"),
        (
            "cargo-deny",
            tools::has("cargo-deny"),
            "cargo install cargo-deny --locked; without it licences are not checked",
        ),
    ];
    for (what, there, remedy) in lines {
        if there {
            println!("there    {what}");
        } else {
            println!("MISSING  {what}: {remedy}");
        }
    }
}
