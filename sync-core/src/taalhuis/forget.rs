//! What pairings and groups tell about somebody who is to be forgotten. That people met, when and how long stays counted.

use std::collections::BTreeMap;

use super::document;
use crate::document::{Document, DocumentKind, Forgotten};
use crate::ids::{EntryId, LearnerId, UserId};

fn words_of_pairing(pairing: &Document) -> Vec<Vec<String>> {
    let root = pairing.root();
    let of = |within: &'static str, keys: &'static [&'static str]| {
        let entries: Vec<EntryId> = root.entries::<EntryId>(within).into_iter().map(|(id, _)| id).collect();
        entries.into_iter().flat_map(move |id| {
            keys.iter().map(move |key| vec![within.to_owned(), id.to_string(), (*key).to_owned()])
        })
    };
    let card = [document::WORKS, document::MATERIAL, document::GOAL].map(|key| vec![key.to_owned()]);
    of(document::STEPS, &[document::NOTE])
        .chain(of(document::SESSIONS, &[document::NOTE]))
        .chain(of(document::CHECKS, &[document::NOTE]))
        .chain(card)
        .collect()
}

/// The learners whom a pairing or group names.
#[must_use]
pub fn learners_named(told: &Document) -> Vec<LearnerId> {
    let root = told.root();
    match told.kind() {
        Some(DocumentKind::Pairing) => root.id(document::LEARNER).into_iter().collect(),
        Some(DocumentKind::Group) => {
            root.fields::<LearnerId>(document::MEMBERS).into_iter().map(|(id, _)| id).collect()
        }
        _ => Vec::new(),
    }
}

/// Everything that a pairing or group tells about a learner.
#[must_use]
pub fn learner_elsewhere(told: &Document, learner: LearnerId) -> Forgotten {
    let root = told.root();
    let mut gone = Vec::new();
    let mut instead = BTreeMap::new();
    match told.kind() {
        Some(DocumentKind::Pairing) if root.id(document::LEARNER) == Some(learner) => {
            gone = words_of_pairing(told);
            gone.push(vec![document::LEARNER.to_owned()]);
        }
        Some(DocumentKind::Group) => {
            let key = learner.to_string();
            if root.map(document::MEMBERS).is_some_and(|members| members.keys().contains(&key)) {
                gone.push(vec![document::MEMBERS.to_owned(), key.clone()]);
            }
            for (entry, meeting) in root.entries::<EntryId>(document::MEETINGS) {
                let present = meeting.string(document::PRESENT);
                if !present.split(' ').any(|id| id == key) {
                    continue;
                }
                let path =
                    |field: &str| vec![document::MEETINGS.to_owned(), entry.to_string(), field.to_owned()];
                // That somebody was there stays counted; who it was does not.
                let without: Vec<String> = present
                    .split(' ')
                    .map(|id| if id == key { nobody(entry, &present) } else { id.to_owned() })
                    .collect();
                instead.insert(path(document::PRESENT), without.join(" "));
                // What was noted of a meeting could be about anybody who was there.
                gone.push(path(document::NOTE));
            }
        }
        _ => {}
    }
    Forgotten { gone: gone.into_iter().collect(), instead }
}

/// An id of nobody, other than those that stand there already.
fn nobody(meeting: EntryId, present: &str) -> String {
    (0_u8..=u8::MAX)
        .map(|number| uuid::Uuid::new_v5(&meeting.0, &[number]).to_string())
        .find(|id| !present.contains(id.as_str()))
        .unwrap_or_default()
}

/// The name of a volunteer on a group, for which something else stands from now on.
#[must_use]
pub fn buddy_of_group(group: &Document, user: UserId, instead: &str) -> Forgotten {
    let key = user.to_string();
    let named = group.root().map(document::BUDDIES).is_some_and(|names| !names.string(&key).is_empty());
    let path = vec![document::BUDDIES.to_owned(), key];
    Forgotten {
        instead: named.then(|| (path, instead.to_owned())).into_iter().collect(),
        ..Forgotten::default()
    }
}

/// What a learner is called on a group; nothing when the learner is not in it.
#[must_use]
pub fn name_on_group(group: &Document, learner: LearnerId) -> Option<String> {
    if group.kind() != Some(DocumentKind::Group) {
        return None;
    }
    let name = group.root().map(document::MEMBERS)?.string(&learner.to_string());
    (!name.is_empty()).then_some(name)
}

/// The name of a learner on a group, for which something else stands from now on: who takes consent back stays in the group and is not
/// named to its buddies any more (domain 3.2, consent is withdrawable).
#[must_use]
pub fn learner_of_group(group: &Document, learner: LearnerId, instead: &str) -> Forgotten {
    let named = name_on_group(group, learner);
    let path = vec![document::MEMBERS.to_owned(), learner.to_string()];
    Forgotten {
        instead: named.map(|_| (path, instead.to_owned())).into_iter().collect(),
        ..Forgotten::default()
    }
}

/// Everything that a pairing tells beside counts.
#[must_use]
pub fn words_of_everybody(told: &Document) -> Forgotten {
    let gone = if told.kind() == Some(DocumentKind::Pairing) { words_of_pairing(told) } else { Vec::new() };
    Forgotten { gone: gone.into_iter().collect(), ..Forgotten::default() }
}
