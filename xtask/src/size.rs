//! The size of the app: per file, and what a first visit costs.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::{Outcome, app, tools};

/// The most each app may weigh with everything that goes with it, packed with brotli (`docs/decisions/0020-two-apps.md`).
const BUDGETS: [(&str, u64); 2] = [("road", 925 * 1024), ("office", 1_196 * 1024)];

struct Sizes {
    file: String,
    raw: u64,
    gzip: u64,
    brotli: u64,
}

fn measure() -> Result<Vec<Sizes>, Box<dyn std::error::Error>> {
    app::build()?;
    let mut sizes = Vec::new();
    for folder in ["", "assets"] {
        for entry in fs::read_dir(Path::new(app::FOLDER).join(folder))? {
            let path = entry?.path();
            let name = path.strip_prefix(app::FOLDER)?.display().to_string();
            let ending = path.extension().and_then(OsStr::to_str);
            if !path.is_file() || matches!(ending, Some("br" | "gz" | "txt")) {
                continue;
            }
            let raw = fs::metadata(&path)?.len();
            let packed = |ending: &str| {
                fs::metadata(format!("{}{ending}", path.display())).map_or(raw, |found| found.len())
            };
            sizes.push(Sizes { raw, gzip: packed(".gz"), brotli: packed(".br"), file: name });
        }
    }
    sizes.sort_by_key(|size| std::cmp::Reverse(size.brotli));
    // Everything but what only the other app needs; the whole of the larger one is the total.
    let whole = |file: &str, without: &str| {
        let kept = sizes.iter().filter(|size| !size.file.starts_with(&format!("assets/{without}")));
        kept.fold(Sizes { file: file.to_owned(), raw: 0, gzip: 0, brotli: 0 }, |sum, size| Sizes {
            raw: sum.raw + size.raw,
            gzip: sum.gzip + size.gzip,
            brotli: sum.brotli + size.brotli,
            ..sum
        })
    };
    let wholes = [whole("road", "office-"), whole("office", "road-"), whole("total", "road-")];
    sizes.extend(wholes);
    Ok(sizes)
}

/// Prints the sizes.
#[expect(clippy::print_stdout, reason = "what was asked for")]
pub(crate) fn size(as_json: bool) -> Outcome {
    for size in measure()? {
        if as_json {
            println!(
                "{}",
                json!({ "file": size.file, "raw": size.raw, "gzip": size.gzip, "brotli": size.brotli })
            );
        } else {
            println!("{:<60} {:>9} {:>9} {:>9}", size.file, size.raw, size.gzip, size.brotli);
        }
    }
    Ok(())
}

/// Fails when one of the apps is over its budget.
pub(crate) fn check() -> Outcome {
    let sizes = measure()?;
    for (app, budget) in BUDGETS {
        let weighs = sizes.iter().find(|size| size.file == app).map_or(0, |size| size.brotli);
        let (kib, allowed) = (weighs / 1024, budget / 1024);
        tools::say(&format!("The app for the {app} weighs {kib} KiB packed; {allowed} KiB is allowed"));
        if weighs > budget {
            return Err("the app is over its budget: cargo xtask size tells which file".into());
        }
    }
    Ok(())
}
