//! What is checked before any test runs.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::{Outcome, borders, size, tools};

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Formatting, borders and licences: what takes no time. That generated files are current is a test.
pub(crate) fn at_once() -> Outcome {
    tools::say("Formatting");
    tools::run(cargo().args(["fmt", "--all", "--check"]))?;
    tools::say("Borders");
    borders::check()?;
    licences()
}

fn lints(of: &[&str]) -> Outcome {
    let lints = ["clippy", "--locked", "--quiet"].iter().chain(of).chain(&["--", "-D", "warnings"]);
    tools::run(cargo().args(lints))
}

/// Lints of both programs of the app, as they are without its tests: nothing else on this machine is built so.
pub(crate) fn lints_of_the_app() -> Outcome {
    tools::say("Lints of the app");
    lints(&["--package", "mobile-shell", "--features", "page"])?;
    lints(&["--package", "mobile-shell", "--no-default-features", "--features", "page"])
}

/// Whether [`tools::with_lints`] refuses what it must: how cargo tells clippy is between those two, and may change.
pub(crate) fn lints_are_awake() -> Outcome {
    let folder = Path::new("target/careless");
    fs::create_dir_all(folder)?;
    fs::write(folder.join("careless.rs"), "pub fn one() -> u8 {\n    return 1;\n}\n")?;
    let mut driver = Command::new("clippy-driver");
    driver.args(["rustc", "--crate-type", "lib", "--emit", "metadata", "careless.rs"]);
    driver.current_dir(folder).stderr(Stdio::null());
    if tools::with_lints(&mut driver).status()?.success() {
        return Err(
            "clippy lets a needless return pass: xtask/src/tools.rs does not reach it any more".into()
        );
    }
    Ok(())
}

/// All of it, and the size of the app.
pub(crate) fn check() -> Outcome {
    at_once()?;
    tools::say("Lints");
    lints(&["--workspace", "--all-targets"])?;
    lints_of_the_app()?;
    size::check()
}

/// Licences, bans and sources. Without cargo-deny the check is skipped, and says so.
fn licences() -> Outcome {
    if tools::has("cargo-deny") {
        tools::say("Licences, bans and sources");
        return tools::run(cargo().args([
            "deny",
            "--log-level",
            "error",
            "check",
            "licenses",
            "bans",
            "sources",
        ]));
    }
    tools::say(
        "Licences, bans and sources: SKIPPED, cargo-deny is not installed (cargo install cargo-deny --locked)",
    );
    Ok(())
}

fn problems() -> Result<String, Box<dyn std::error::Error>> {
    let output = cargo()
        .args(["run", "--locked", "--quiet", "--package", "tests", "--bin", "tool", "--", "problems"])
        .output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// Writes the generated files.
pub(crate) fn generate() -> Outcome {
    fs::write("docs/problems.md", problems()?)?;
    tools::say("Asking who may do what (half a minute)");
    let access = cargo()
        .args(["run", "--locked", "--quiet", "--package", "tests", "--bin", "tool", "--", "access"])
        .output()?;
    if !access.status.success() {
        return Err(String::from_utf8_lossy(&access.stderr).into_owned().into());
    }
    fs::write("docs/access.md", access.stdout)?;
    // Commands that are new, recorded for the phones of the release that comes.
    let recorded = cargo()
        .args(["run", "--locked", "--quiet", "--package", "tests", "--bin", "tool", "--", "recorded"])
        .output()?;
    let mut file = fs::OpenOptions::new().create(true).append(true).open(concat!(
        "tests/recorded/commands/",
        env!("CARGO_PKG_VERSION"),
        ".txt"
    ))?;
    file.write_all(&recorded.stdout)?;
    Ok(())
}
