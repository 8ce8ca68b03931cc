//! Commands as phones of every release send them: a phone that was in a drawer for weeks runs old code, and what it did is still taken.
//! In `commands` each line is the word of a command and its body in CBOR, in base64; in `acts` an act of a phone with the base it was done on
//! and the change it came to. A line is never changed.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Mutex;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use sync_core::access::Person;
use sync_core::command::Command;
use sync_core::document::Document;
use sync_core::hash::Hash;
use sync_core::ids::{CommandId, DocumentId};
use sync_core::ledger::{self, Outcome as Replayed};
use sync_core::sync::cbor;
use sync_core::sync::message::{CommandResult, Envelope, Verdict};
use sync_core::sync::packed::Packed;

use crate::world::World;
use crate::{Kind, Outcome};

/// The seed and the days of the life of which acts are recorded, and how many of each kind.
const LIFE: (u64, i64, usize) = (2, 9, 16);

fn folder() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/recorded"))
}

/// Every command that was recorded: its word and its body.
pub fn all() -> Outcome<Vec<(String, Vec<u8>)>> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder().join("commands"))? {
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

/// An act of a phone, of which the server made the very same change.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Act {
    person: Person,
    envelope: Envelope,
    hash: Hash,
}

/// Notes what the server took of these as it was.
pub fn note(acts: &Mutex<Vec<Act>>, person: &Person, sent: Vec<Envelope>, results: &[CommandResult]) {
    let Ok(mut acts) = acts.lock() else { return };
    for (envelope, result) in sent.into_iter().zip(results) {
        let Verdict::Accepted { hash } = result.verdict else { continue };
        let known = acts.iter().any(|act| act.envelope.id == envelope.id);
        if !known && envelope.expected_hash == Some(hash) {
            acts.push(Act { person: person.clone(), envelope, hash });
        }
    }
}

/// Runs acts one after the other, each on the base that its phone had; which came to another change, or to none.
pub fn differing<'a>(acts: impl IntoIterator<Item = &'a Act>) -> Outcome<BTreeSet<CommandId>> {
    let mut documents: BTreeMap<DocumentId, Document> = BTreeMap::new();
    let mut differing = BTreeSet::new();
    for Act { person, envelope, hash } in acts {
        let command = Command::read(&envelope.kind, &envelope.body)
            .map_err(|refusal| format!("{} is not read: {refusal:?}", envelope.kind))?;
        let existed = documents.contains_key(&envelope.document);
        let mut document = match documents.remove(&envelope.document) {
            Some(document) => document,
            None => Document::skeleton(command.document_kind())?,
        };
        let same = match ledger::replay(&mut document, existed, envelope, &command, person) {
            Ok(Replayed::Accepted(change)) => change.hash == *hash,
            _ => false,
        };
        if same || existed {
            documents.insert(envelope.document, document);
        }
        if !same {
            differing.insert(envelope.id);
        }
    }
    Ok(differing)
}

/// The acts of a life with a Taalhuis that can be run again by themselves, a few of every kind: a line each.
pub async fn life() -> Outcome<String> {
    let (seed, days, each) = LIFE;
    let mut world = World::new(Kind::Taalhuis, seed, None).await?;
    world.records();
    Box::pin(world.lives(days)).await?;
    let acts = world.acts.lock().map_err(|_| "the notes are lost")?.clone();
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    let mut chosen: BTreeSet<DocumentId> = BTreeSet::new();
    for act in acts.iter().filter(|act| !act.envelope.erases()) {
        let of_kind = count.entry(act.envelope.kind.clone()).or_insert(0);
        *of_kind += 1;
        if *of_kind <= each {
            chosen.insert(act.envelope.document);
        }
    }
    // Of a document all or nothing: an act is based on those before it.
    let kept = || acts.iter().filter(|act| chosen.contains(&act.envelope.document) && !act.envelope.erases());
    let differing = differing(kept())?;
    let mut lines = String::new();
    for act in kept().filter(|act| !differing.contains(&act.envelope.id)) {
        writeln!(lines, "{}", STANDARD.encode(cbor::to_vec(act)))?;
    }
    Ok(lines)
}

/// The acts that were recorded of each release.
pub fn acts() -> Outcome<Vec<Act>> {
    let mut found = Vec::new();
    for file in std::fs::read_dir(folder().join("acts"))? {
        for line in std::fs::read_to_string(file?.path())?.lines() {
            found.push(cbor::from_slice(&STANDARD.decode(line)?)?);
        }
    }
    Ok(found)
}
