//! The borders that Cargo does not guard: no slice knows another, no file grows too long, no name says nothing.

use std::fs;
use std::path::{Path, PathBuf};

use crate::{Outcome, tools};

/// The longest a file may be.
const LINES_MAX: usize = 800;
/// Names of files that say nothing.
const EMPTY_NAMES: [&str; 9] =
    ["utils", "helpers", "common", "misc", "types", "models", "manager", "service", "handlers"];
/// Slices that may not know each other. `organisation` is under all of them; `volunteers` may be used by all.
const SLICES: [&str; 5] = ["deliveries", "taalhuis", "ido", "programme", "catalogue"];
const CRATES: [&str; 7] = ["sync-core", "words", "migrations", "server", "mobile-shell", "tests", "xtask"];

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) -> std::io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            if path.file_name().is_some_and(|name| name != "target" && name != "node_modules") {
                rust_files(&path, found)?;
            }
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
    Ok(())
}

/// Fails at the first file that crosses a border.
pub(crate) fn check() -> Outcome {
    let mut files = Vec::new();
    for name in CRATES {
        rust_files(Path::new(name), &mut files)?;
    }
    let mut problems = Vec::new();
    for file in &files {
        let text = fs::read_to_string(file)?;
        let stem = file.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        if EMPTY_NAMES.contains(&stem) {
            problems.push(format!("{}: a name that says nothing", file.display()));
        }
        if text.lines().count() > LINES_MAX {
            problems.push(format!("{}: over {LINES_MAX} lines", file.display()));
        }
        let own = SLICES.iter().find(|slice| file.components().any(|part| part.as_os_str() == **slice));
        for other in SLICES.iter().filter(|other| own.is_some_and(|own| own != *other)) {
            for way in [format!("crate::{other}"), format!("sync_core::{other}")] {
                if text.contains(&way) {
                    problems.push(format!("{}: knows the slice {other}", file.display()));
                }
            }
        }
        // The policy of the app allows no inline style.
        if file.starts_with("mobile-shell") && text.contains(" style=") {
            problems.push(format!("{}: an inline style, which the browser refuses", file.display()));
        }
    }
    if problems.is_empty() {
        tools::say(&format!("{} files keep within their borders", files.len()));
        Ok(())
    } else {
        Err(problems.join("\n").into())
    }
}
