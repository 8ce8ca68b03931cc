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
const SLICES: &[&str] = &["deliveries", "taalhuis", "ido", "programme", "catalogue"];
/// The other folders of the domain: below all slices, or around them.
const SHARED: &[&str] = &["organisation", "volunteers", "replica", "sync", "import"];
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

/// Whether any crate has an example in its documentation: those are tests too.
pub(crate) fn any_example() -> std::io::Result<bool> {
    let mut files = Vec::new();
    for name in CRATES {
        rust_files(Path::new(name), &mut files)?;
    }
    for file in files {
        if has_example(&fs::read_to_string(file)?) {
            return Ok(true);
        }
    }
    Ok(false)
}

fn has_example(text: &str) -> bool {
    let begins = |line: &str| {
        let said = line.trim_start().strip_prefix("///").or_else(|| line.trim_start().strip_prefix("//!"));
        said.is_some_and(|said| said.trim_start().starts_with("```"))
    };
    text.lines().any(begins)
}

/// Whether a text names this module behind `crate` or a crate of ours: `crate::ido`, `use sync_core::{deliveries, …}`.
fn knows(text: &str, slice: &str) -> bool {
    let within =
        |part: &str| part.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == slice);
    ["crate::", "sync_core::", "server::", "super::super::"].iter().any(|root| {
        text.split(root).skip(1).any(|after| match after.strip_prefix('{') {
            // The names of a list, as far as its end; what stands in a list within it is found the same way.
            Some(list) => within(list.split(';').next().unwrap_or_default()),
            None => after.split(|c: char| !c.is_alphanumeric() && c != '_').next() == Some(slice),
        })
    })
}

/// Fails at the first file that crosses a border.
pub(crate) fn check() -> Outcome {
    let mut files = Vec::new();
    for name in CRATES {
        rust_files(Path::new(name), &mut files)?;
    }
    let mut problems = Vec::new();
    for entry in fs::read_dir("sync-core/src")? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_dir() && !SLICES.contains(&name.as_str()) && !SHARED.contains(&name.as_str()) {
            problems.push(format!(
                "sync-core/src/{name}: neither a slice nor shared, as xtask/src/borders.rs knows them"
            ));
        }
    }
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
            if knows(&text, other) {
                problems.push(format!("{}: knows the slice {other}", file.display()));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_example_is_seen_and_a_string_that_looks_like_one_is_not() {
        assert!(has_example("    /// Adds.\n    /// ```\n    /// add();\n"));
        assert!(has_example("//! ```rust"));
        assert!(!has_example("/// Adds `one`.\nlet text = \"```\";"));
    }

    #[test]
    fn a_border_is_seen_in_every_way_to_write_it() {
        assert!(knows("use crate::deliveries::Outcome;", "deliveries"));
        assert!(knows("use sync_core::{access, deliveries};", "deliveries"));
        assert!(knows("let x = super::super::ido::count();", "ido"));
        assert!(!knows("use crate::ideas;", "ido"));
        assert!(!knows("/// The deliveries of a branch.", "deliveries"));
    }
}
