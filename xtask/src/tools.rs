//! Finding and, where it can be done, installing what a task needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Outcome;

/// Says something to the developer; on standard error, so that standard output is only for what was asked.
#[expect(clippy::print_stderr, reason = "a developer is told what happens")]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}

/// The folder of the project.
pub(crate) fn root() -> Result<PathBuf, Box<dyn std::error::Error>> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    Ok(manifest.parent().ok_or("xtask lies outside the project")?.to_path_buf())
}

/// Whether a program is on the path.
pub(crate) fn has(program: &str) -> bool {
    std::env::var_os("PATH")
        .is_some_and(|path| std::env::split_paths(&path).any(|folder| folder.join(program).is_file()))
}

/// Runs a program; an error when it fails.
pub(crate) fn run(command: &mut Command) -> Outcome {
    let status = command.status().map_err(|error| format!("{command:?} cannot start: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

/// Runs a program quietly, for at most so long; whether it succeeded.
pub(crate) fn try_quietly(command: &mut Command, limit: Duration) -> bool {
    let Ok(mut child) = command.stdout(Stdio::null()).stderr(Stdio::null()).stdin(Stdio::null()).spawn()
    else {
        return false;
    };
    let begun = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if begun.elapsed() < limit => std::thread::sleep(Duration::from_millis(50)),
            _ => {
                // Ours: started three lines up.
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

/// Whether cargo keeps what it compiles to itself: a person sees it go by, a log of CI does without eight hundred lines.
pub(crate) fn quiet() -> Option<&'static str> {
    std::env::var_os("CI").map(|_| "--quiet")
}

/// Has cargo compile our own crates with clippy's compiler: the same, and it lints what it compiles. What is built to be tested needs
/// no second look then, nor do the crates of others, which are most of the work.
pub(crate) fn with_lints(command: &mut Command) -> &mut Command {
    let separator = "__CLIPPY_HACKERY__";
    let deny: String = ["-D", "warnings"].into_iter().flat_map(|word| [word, separator]).collect();
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", deny)
}

fn is_root_on_debian() -> bool {
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.starts_with(b"0"));
    root && has("apt-get")
}

/// Makes sure that these programs are there, from these Debian packages when that can be done.
pub(crate) fn need(programs: &[&str], packages: &[&str]) -> Outcome {
    let missing: Vec<&str> = programs.iter().copied().filter(|program| !has(program)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    if is_root_on_debian() {
        say(&format!("Installing {}", packages.join(" ")));
        let mut update = Command::new("apt-get");
        run(update.args(["update", "-qq"]))?;
        let mut install = Command::new("apt-get");
        run(install
            .args(["install", "-y", "-qq", "--no-install-recommends"])
            .args(packages)
            .stdout(Stdio::null()))?;
        if programs.iter().all(|program| has(program)) {
            return Ok(());
        }
    }
    Err(format!("install {} (on Debian: apt-get install {})", missing.join(", "), packages.join(" ")).into())
}

/// How the app is compiled on this machine.
#[derive(Clone, Copy)]
pub(crate) enum WebCompiler {
    /// With the WebAssembly target of the own toolchain.
    Own,
    /// With the compiler of Debian, which brings its own standard library as source.
    Debian,
}

/// Finds a compiler for WebAssembly: the own target, else fetched by rustup within seconds, else Debian's packages.
pub(crate) fn web_compiler() -> Result<WebCompiler, Box<dyn std::error::Error>> {
    let target = "wasm32-unknown-unknown";
    if let Some(there) = web_compiler_there() {
        return Ok(there);
    }
    if has("rustup") {
        let mut add = Command::new("rustup");
        // A machine without a way out must not make anybody wait.
        if try_quietly(add.args(["target", "add", target]), Duration::from_secs(20))
            && own_target_present(target)
        {
            return Ok(WebCompiler::Own);
        }
    }
    need(&["wasm-ld-19"], &["rustc-web", "cargo-web", "rust-web-src", "lld-19"])
        .map_err(|_| "the app needs the WebAssembly target: rustup target add wasm32-unknown-unknown")?;
    web_compiler_there().ok_or_else(|| "rustup target add wasm32-unknown-unknown".into())
}

/// What makes WebAssembly on this machine by now; nothing is installed.
pub(crate) fn web_compiler_there() -> Option<WebCompiler> {
    if own_target_present("wasm32-unknown-unknown") {
        return Some(WebCompiler::Own);
    }
    let debian =
        has("wasm-ld-19") && Path::new("/usr/bin/rustc").exists() && Path::new("/usr/bin/cargo").exists();
    debian.then_some(WebCompiler::Debian)
}

fn own_target_present(target: &str) -> bool {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    output.is_ok_and(|output| {
        let sysroot = String::from_utf8_lossy(&output.stdout);
        Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib").is_dir()
    })
}

/// What the tests need that is not Rust: a browser with its driver, and axe-core and a mail server from npm.
pub(crate) fn browser_tools() -> Outcome {
    need(&["chromium", "chromedriver"], &["chromium", "chromium-driver"])?;
    let packages = Path::new("tests/browser/node_modules");
    if !["axe-core", "smtp-server"].iter().all(|name| packages.join(name).is_dir()) {
        need(&["npm"], &["npm"])?;
        let mut install = Command::new("npm");
        run(install
            .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"])
            .current_dir("tests/browser"))?;
    }
    Ok(())
}
