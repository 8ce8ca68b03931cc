//! What is checked before any test runs.

use std::fs;
use std::process::Command;

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

/// Lints of everything, and of the app without the screens of the office.
pub(crate) fn lints() -> Outcome {
    tools::say("Lints");
    let road = ["--package", "mobile-shell", "--no-default-features"];
    for what in [&["--workspace", "--all-targets"][..], &road] {
        let lints = ["clippy", "--locked", "--quiet"].iter().chain(what).chain(&["--", "-D", "warnings"]);
        tools::run(cargo().args(lints))?;
    }
    Ok(())
}

/// All of it, and the size of the app.
pub(crate) fn check() -> Outcome {
    at_once()?;
    lints()?;
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
        .args(["run", "--locked", "--quiet", "--package", "server", "--example", "problems"])
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
    let access =
        cargo().args(["run", "--locked", "--quiet", "--package", "tests", "--bin", "access"]).output()?;
    if !access.status.success() {
        return Err(String::from_utf8_lossy(&access.stderr).into_owned().into());
    }
    fs::write("docs/access.md", access.stdout)?;
    Ok(())
}
