//! Looking for words in files: what a stranger would find.

use std::fs;
use std::path::Path;

use crate::Outcome;

/// The files below a folder that hold one of these words, as bytes or in two bytes a letter.
pub fn holding(folder: &Path, words: &[&str]) -> Outcome<Vec<String>> {
    let mut found = Vec::new();
    for path in all(folder)? {
        // What is a socket or gone by now tells nothing.
        let Ok(bytes) = fs::read(&path) else { continue };
        for word in words {
            let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
            let holds = |part: &[u8]| bytes.windows(part.len()).any(|window| window == part);
            if holds(word.as_bytes()) || holds(&wide) {
                found.push(format!("{word} in {}", path.display()));
            }
        }
    }
    Ok(found)
}

/// Every file below a folder.
pub fn all(folder: &Path) -> Outcome<Vec<std::path::PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(all(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}
