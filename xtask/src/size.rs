//! The size of the app: per file, and what a first visit costs.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;

use serde_json::json;

use crate::{Outcome, app, tools};

/// The most the whole app may weigh, packed with brotli.
const BUDGET: u64 = 900 * 1024;

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
    let total = |part: fn(&Sizes) -> u64| sizes.iter().map(part).sum();
    let all = Sizes {
        file: "total".to_owned(),
        raw: total(|size| size.raw),
        gzip: total(|size| size.gzip),
        brotli: total(|size| size.brotli),
    };
    sizes.push(all);
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

/// Fails when the app is over its budget.
pub(crate) fn check() -> Outcome {
    let total = measure()?.pop().map_or(0, |total| total.brotli);
    tools::say(&format!("The app weighs {} KiB packed; {} KiB is allowed", total / 1024, BUDGET / 1024));
    if total > BUDGET {
        Err("the app is over its budget: cargo xtask size tells which file".into())
    } else {
        Ok(())
    }
}
