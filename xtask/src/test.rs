//! Running tests, benches, simulation and pictures: all of them programs of the `tests` crate.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Outcome, app, borders, check, size, tools};

fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// What is built and run: everything with tests in it, and the programs that tests start as processes of their own.
const TESTED: [&str; 4] = ["--locked", "--workspace", "--bins", "--tests"];

/// How the whole run compiles the core: simulated lives spend a quarter less there, and it is compiled once for all of them. Whoever
/// changes the core and runs a few tests waits less without.
const WHOLE_RUN: [&str; 4] = [
    "--config",
    "profile.dev.package.sync-core.opt-level=1",
    "--config",
    "profile.dev.package.sync-core.codegen-units=16",
];

/// Runs everything.
pub(crate) fn test(filter: Option<&str>, quick: bool, engines: &str) -> Outcome {
    if filter.is_none() {
        check::at_once()?;
    }
    postgres()?;
    if !quick {
        tools::browser_tools()?;
    }
    // Beside each other: the last step of the app is the work of one processor.
    let app = (!quick).then(|| std::thread::spawn(app_and_trial));
    let lints = filter.is_none();
    let built = build(lints);
    if let Some(app) = app {
        app.join().map_err(|_| "building the app panicked")??;
        size::check()?;
    }
    built?;
    let has_nextest = tools::has("cargo-nextest");
    let mut tests = cargo();
    tests.args(if has_nextest { &["nextest", "run"][..] } else { &["test"][..] });
    tests.args(TESTED);
    if lints {
        tools::with_lints(tests.args(WHOLE_RUN));
    }
    if quick {
        tests.env("TEST_QUICK", "1");
    }
    tests.env("TEST_ENGINES", engines).env("NOABER_APP", std::path::absolute(app::FOLDER)?);
    if let Some(filter) = filter {
        tests.arg(filter);
    }
    // Reading every crate for examples takes half a minute: only where there is one.
    if borders::any_example()? {
        tools::say("Examples in the documentation");
        let mut examples = cargo();
        // All of it, so that nothing is compiled for another choice of features.
        examples.args(["test", "--locked", "--quiet", "--doc", "--workspace"]);
        if lints {
            tools::with_lints(examples.args(WHOLE_RUN));
        }
        tools::run(&mut examples)?;
    }
    tools::say("Tests");
    tools::run(&mut tests)
}

/// The app, and what is tried within a browser beside it.
fn app_and_trial() -> Result<(), String> {
    app::build().and_then(|()| app::build_trial()).map_err(|error| error.to_string())
}

/// Everything that is compiled before a test can run: in one go, so that no crate is compiled twice for two choices of features, and
/// linted while it is compiled.
fn build(lints: bool) -> Outcome {
    let mut build = cargo();
    build.arg("build").args(tools::quiet()).args(TESTED);
    if !lints {
        tools::say("Building the tests (some minutes the first time)");
        return tools::run(&mut build);
    }
    check::lints_are_awake()?;
    tools::say("Building and linting the tests (some minutes the first time)");
    tools::run(tools::with_lints(build.args(WHOLE_RUN)))?;
    check::lints_of_the_app()
}

/// Kills the server over and over under load, on each database.
pub(crate) fn torture(kills: u64) -> Outcome {
    postgres()?;
    tools::run(cargo().args(["build", "--locked", "--package", "server"]).args(tools::quiet()))?;
    tools::say(&format!("The power goes {kills} times on each database"));
    let mut tests = cargo();
    tests.args(["test", "--locked", "--quiet", "--package", "tests", "--test", "end_to_end", "torture::"]);
    tools::run(tests.env("TEST_KILLS", kills.to_string()))
}

/// In CI the tests against PostgreSQL always run; elsewhere when it is there.
fn postgres() -> Outcome {
    let there = tools::has("initdb") || Path::new("/usr/lib/postgresql").is_dir();
    if there || std::env::var_os("CI").is_none() {
        return Ok(());
    }
    tools::need(&["initdb"], &["postgresql"])
        .or_else(|error| if Path::new("/usr/lib/postgresql").is_dir() { Ok(()) } else { Err(error) })
}

/// A program of the tests, built with the server beside it that it may start.
fn program(name: &str) -> Result<Command, Box<dyn std::error::Error>> {
    tools::say("Building (some minutes the first time)");
    let both = ["--package", "tests", "--bin", "tool", "--package", "server", "--bin", "noaber"];
    tools::run(cargo().args(["build", "--locked", "--release"]).args(tools::quiet()).args(both))?;
    let mut command = cargo();
    command.args([
        "run",
        "--locked",
        "--quiet",
        "--release",
        "--package",
        "tests",
        "--bin",
        "tool",
        "--",
        name,
    ]);
    Ok(command)
}

/// Runs a bench.
pub(crate) fn bench(name: &str, json: bool, peers: bool) -> Outcome {
    let which = match name {
        "sync" => "bench-sync",
        "sign-in" => "bench-sign-in",
        "start" => "bench-start",
        "matching" => "bench-matching",
        other => {
            return Err(
                format!("there is no bench {other}; there are sync, start, sign-in and matching").into()
            );
        }
    };
    if peers && name != "matching" {
        return Err(format!("{name} has no peers to measure: only matching has").into());
    }
    if ["start", "matching"].contains(&name) {
        app_and_trial()?;
        tools::browser_tools()?;
    }
    let mut command = program(which)?;
    command.env("NOABER_APP", std::path::absolute(app::FOLDER)?);
    if json {
        command.arg("--json");
    }
    if peers {
        command.arg("--peers").arg(scipy()?);
    }
    tools::run(&mut command)
}

/// Phones come back with a day of work, all within this time.
pub(crate) fn load(phones: usize, within: &str, json: bool) -> Outcome {
    let mut command = program("load")?;
    command.args(["--phones", &phones.to_string(), "--within", within]);
    if json {
        command.arg("--json");
    }
    tools::run(&mut command)
}

/// The traffic of a day, over and over.
pub(crate) fn soak(length: &str) -> Outcome {
    tools::run(program("soak")?.args(["--for", length]))
}

/// Installs `scipy` for the bench, below `var/`; the folder of its packages.
fn scipy() -> Result<PathBuf, Box<dyn std::error::Error>> {
    let packages = std::path::absolute("var/peers/python")?;
    if !packages.join("scipy").exists() {
        tools::say("Installing SciPy");
        let mut pip = Command::new("python3");
        pip.args(["-m", "pip", "install", "--quiet", "--target"])
            .arg(&packages)
            .args(["numpy==2.3.5", "scipy==1.16.3"]);
        tools::run(&mut pip)
            .map_err(|error| format!("{error}; python3 with pip is needed (apt-get install python3-pip)"))?;
    }
    Ok(packages)
}

/// Runs the simulation.
pub(crate) fn sim(seed: u64, seeds: Option<&str>, length: &str, kind: &str, twice: bool) -> Outcome {
    let mut command = program("sim")?;
    command.args(["--seed", &seed.to_string(), "--for", length, "--kind", kind]);
    if let Some(seeds) = seeds {
        command.args(["--seeds", seeds]);
    }
    if twice {
        command.arg("--twice");
    }
    tools::run(&mut command)
}

/// Makes the pictures.
pub(crate) fn screenshots(out: &Path) -> Outcome {
    app::build()?;
    tools::browser_tools()?;
    let mut command = program("screenshots")?;
    command.env("NOABER_APP", std::path::absolute(app::FOLDER)?).arg(std::path::absolute(out)?);
    tools::run(&mut command)
}
