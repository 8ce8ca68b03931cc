//! Commands as phones of every release send them: a phone that was in a drawer for weeks runs old code, and what it did is still taken.
//! Each line is the word of a command and its body in CBOR, in base64. A line is never changed.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sync_core::command::Command;
use sync_core::sync::packed::Packed;

use crate::Outcome;

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/recorded"))
}

/// Every command that was recorded: its word and its body.
pub fn all() -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder())? {
        for line in std::fs::read_to_string(file?.path())?.lines() {
            let (kind, body) = line.split_once(' ').ok_or("a line without a body")?;
            found.push((kind.to_owned(), STANDARD.decode(body)?));
        }
    }
    Ok(found)
}

/// Lines for the commands that no release has recorded yet.
pub fn missing() -> Outcome<String> {
    let known: BTreeSet<String> = all()?.into_iter().map(|(kind, _)| kind).collect();
    let mut lines = String::new();
    for (kind, example) in server::openapi::examples() {
        if known.contains(kind) {
            continue;
        }
        let command =
            Command::read(kind, &Packed::Json(example)).map_err(|refusal| format!("{kind}: {refusal:?}"))?;
        let Packed::Cbor(body) = command.body() else { return Err("a body is packed as CBOR".into()) };
        writeln!(lines, "{kind} {}", STANDARD.encode(body))?;
    }
    Ok(lines)
}
