//! How the documents of the Taalhuis lie: the only file that says their keys.

use crate::command::Act;
use crate::document::{Container, Document, DocumentError, Map, Writer};
use crate::ids::EntryId;
use crate::problem::{ProblemKind, Refusal};
use crate::questions::ANSWERS;
use crate::sync::message::ENTRIES_MAX;

// Everywhere.
pub(super) const LEARNER: &str = "learner";
pub(super) const ON: &str = "on";
pub(super) const NOTE: &str = "note";
pub(super) const BY: &str = "by";
pub(super) const AT: &str = "at";
pub(super) const STATE: &str = "state";
pub(super) const REASON: &str = "reason";
pub(super) const ERASED: &str = "erased";
// Learner.
pub(super) const CONSENTS: &str = "consents";
pub(super) const PURPOSE: &str = "purpose";
pub(super) const GIVEN: &str = "given";
pub(super) const TEXT_VERSION: &str = "text_version";
// File.
pub(super) const WAY: &str = "way";
pub(super) const REGISTERED_ON: &str = "registered_on";
pub(super) const INTAKE_ON: &str = "intake_on";
pub(super) const ENDED_ON: &str = "ended_on";
pub(super) const END_REASON: &str = "end_reason";
pub(super) const OUTFLOW: &str = "outflow";
pub(super) const WAIT_REASON: &str = "wait_reason";
pub(super) const JOINED_INTO: &str = "joined_into";
pub(super) const APART: &str = "apart";
pub(super) const SEVERAL: &str = "several";
pub(super) const NEVER: &str = "never";
pub(super) const LEVELS: &str = "levels";
pub(super) const REQUESTS: &str = "requests";
pub(super) const EVALUATIONS: &str = "evaluations";
pub(super) const CONTACTS: &str = "contacts";
pub(super) const REFERRALS: &str = "referrals";
// A level.
pub(super) const SCALE: &str = "scale";
pub(super) const SKILL: &str = "skill";
pub(super) const LEVEL: &str = "level";
pub(super) const INSTRUMENT: &str = "instrument";
pub(super) const RIGHT: &str = "right";
// A request and its evaluations.
pub(super) const TOPIC: &str = "topic";
pub(super) const APPLICATION: &str = "application";
pub(super) const WISH: &str = "wish";
pub(super) const GOAL: &str = "goal";
pub(super) const DESIRED: &str = "desired";
pub(super) const ADVISED: &str = "advised";
pub(super) const AGREED: &str = "agreed";
pub(super) const DIFFERENCE: &str = "difference";
pub(super) const REQUEST: &str = "request";
pub(super) const REACHED: &str = "reached";
pub(super) const USED: &str = "used";
pub(super) const NEXT: &str = "next";
// A contact, a referral.
pub(super) const KIND: &str = "contact";
pub(super) const PARTNER: &str = "partner";
pub(super) const WHAT: &str = "what";
pub(super) const ARRIVED: &str = "arrived";
pub(super) const ANSWERED_ON: &str = "answered_on";
// What somebody follows there: in the entry of the referral, so that whoever knows referrals only reads one that arrived.
pub(super) const OFFER: &str = "offer";
pub(super) const FORMAL: &str = "formal";
pub(super) const FORM: &str = "form";
pub(super) const BEGAN_ON: &str = "began_on";
pub(super) const FINISHED_ON: &str = "finished_on";
pub(super) const CERTIFICATE: &str = "certificate";
// Pairing.
pub(super) const VOLUNTEER: &str = "volunteer";
pub(super) const USER: &str = "user";
pub(super) const PROPOSED_ON: &str = "proposed_on";
pub(super) const STEPS: &str = "steps";
pub(super) const SESSIONS: &str = "sessions";
pub(super) const CHECKS: &str = "checks";
pub(super) const WORKS: &str = "works";
pub(super) const MATERIAL: &str = "material";
pub(super) const HANDED: &str = "handed";
// A session.
pub(super) const MINUTES: &str = "minutes";
pub(super) const PLACE: &str = "place";
pub(super) const MOOD: &str = "mood";
pub(super) const WITHDRAWN: &str = "withdrawn";
// A check-in.
pub(super) const WEEK: &str = "week";
pub(super) const GOES: &str = "goes";
// Group.
pub(super) const NAME: &str = "name";
pub(super) const MEMBERS: &str = "members";
pub(super) const BUDDIES: &str = "buddies";
pub(super) const MEETINGS: &str = "meetings";
pub(super) const PRESENT: &str = "present";
pub(super) const HELPED: &str = "helped";
pub(super) const WHEN: &str = "when";
pub(super) const GROUP_KIND: &str = "group_kind";
// House.
pub(super) const HIDDEN: &str = "hidden";
pub(super) const WEIGHTS: &str = "weights";
pub(super) const TARGET_DAYS: &str = "target_days";
pub(super) const ASKS_VOG: &str = "asks_vog";
pub(super) const VOG_YEARS: &str = "vog_years";
pub(super) const OPEN: &str = "open";

/// Where the words about a norm of the certificate stand.
pub(super) fn norm(norm: u8) -> String {
    format!("norm_{norm}")
}

/// The skeleton of the part of a learner that a buddy gets too.
pub(crate) const LEARNER_SKELETON: &[(&str, Container)] =
    &[(ANSWERS, Container::Map), (CONSENTS, Container::Map)];
/// The skeleton of the file of a learner.
pub(crate) const FILE_SKELETON: &[(&str, Container)] = &[
    (ANSWERS, Container::Map),
    (APART, Container::Map),
    (NEVER, Container::Map),
    (LEVELS, Container::Map),
    (REQUESTS, Container::Map),
    (EVALUATIONS, Container::Map),
    (CONTACTS, Container::Map),
    (REFERRALS, Container::Map),
];
/// The skeleton of a pairing.
pub(crate) const PAIRING_SKELETON: &[(&str, Container)] =
    &[(STEPS, Container::Map), (SESSIONS, Container::Map), (CHECKS, Container::Map)];
/// The skeleton of a group.
pub(crate) const GROUP_SKELETON: &[(&str, Container)] =
    &[(MEMBERS, Container::Map), (BUDDIES, Container::Map), (MEETINGS, Container::Map)];
/// The skeleton of how a Taalhuis works.
pub(crate) const HOUSE_SKELETON: &[(&str, Container)] =
    &[(HIDDEN, Container::Map), (WEIGHTS, Container::Map)];

/// Refuses an entry that is there already, or one too many.
pub(super) fn check_fresh(document: &Document, within: &str, entry: EntryId) -> Result<(), Refusal> {
    let known = document.root().map(within).map(|map| Map::keys(&map)).unwrap_or_default();
    if known.contains(&entry.to_string()) {
        return Err(Refusal::new(ProblemKind::EntryExists, within));
    }
    if known.len() >= ENTRIES_MAX {
        return Err(Refusal::new(ProblemKind::DocumentFull, format!("at most {ENTRIES_MAX} entries")));
    }
    Ok(())
}

/// Refuses unless this entry is there.
pub(super) fn check_known(document: &Document, within: &str, entry: EntryId) -> Result<(), Refusal> {
    match document.root().map(within).and_then(|map| map.map(&entry.to_string())) {
        Some(_) => Ok(()),
        None => Err(Refusal::new(ProblemKind::UnknownEntry, within)),
    }
}

/// Makes an entry with who made it and when, and gives its key.
pub(super) fn write_entry(
    writer: &mut Writer<'_>,
    within: &str,
    entry: EntryId,
    act: &Act<'_>,
) -> Result<String, DocumentError> {
    let id = entry.to_string();
    writer.make_map(&[within], &id)?;
    writer.put(&[within, &id], BY, act.by.user.to_string())?;
    writer.put(&[within, &id], AT, act.at.as_millis())?;
    Ok(id)
}

/// Writes the fields that say something.
pub(super) fn write_said(
    writer: &mut Writer<'_>,
    path: &[&str],
    fields: &[(&str, &str)],
) -> Result<(), DocumentError> {
    for (key, text) in fields {
        if !text.is_empty() {
            writer.put(path, key, *text)?;
        }
    }
    Ok(())
}
