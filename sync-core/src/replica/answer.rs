//! The server answered: settle the commands, take the news, drop what may not be held, and keep all of it in one
//! write.

use std::collections::{BTreeMap, BTreeSet};

use super::{CommandState, Effect, KEEP_ACKNOWLEDGED_DAYS, Purpose, Reach, Replica, StoredDocument, Writes};
use crate::hash::Hash;
use crate::ids::{CommandId, DocumentId};
use crate::replica::entry::Entry;
use crate::summary::Summary;
use crate::sync::message::{CommandResult, DocumentNews, Notice, SyncResponse, Verdict};
use crate::time::{DAY_MS, Timestamp};

/// What an answer did, while it is being worked through.
#[derive(Default)]
struct Taken {
    writes: Writes,
    /// Documents to write.
    touched: BTreeSet<DocumentId>,
    /// Documents from which a change was taken out: later commands must run anew.
    disturbed: BTreeSet<DocumentId>,
    /// Documents of which only a part was told.
    partial: BTreeSet<DocumentId>,
    /// For documents to which changes are added: the heads before the first, and where its bytes begin.
    joined: BTreeMap<DocumentId, (Vec<Hash>, usize)>,
    /// Commands whose state changed.
    settled: BTreeSet<CommandId>,
    refused: Vec<CommandId>,
}

impl Replica {
    pub(super) fn answered(&mut self, response: SyncResponse, now: Timestamp) -> Vec<Effect> {
        let Some(sent) = self.in_flight.take() else {
            // Too late: signed out or asked anew since. What it carried comes again.
            return Vec::new();
        };
        self.refetching.clear();
        self.reach = Reach::Reached;
        self.backoff.succeed();
        let mut taken = Taken::default();
        if response.resync {
            self.resync(&mut taken);
        }
        for result in response.results {
            if let Some((_, sent_hash)) = sent.iter().find(|(id, _)| *id == result.id) {
                self.take_verdict(result, *sent_hash, now, &mut taken);
            }
        }
        let told: BTreeSet<DocumentId> = response.documents.iter().map(|news| news.id).collect();
        for news in response.documents {
            self.take_news(news, &mut taken);
        }
        for id in taken.touched.difference(&told) {
            if let Some(entry) = self.entries.get_mut(id) {
                entry.take_from_bytes();
            }
        }
        for id in response.dropped {
            self.drop_document(id, &mut taken);
        }
        self.update_needed = response.notices.iter().any(Notice::is_update_needed);
        self.not_fetched = response.notices.iter().filter_map(Notice::not_fetched).collect();
        self.meta.cursor = Some(response.cursor);
        self.meta.lease_days = response.lease_days;
        self.meta.last_contact = now;
        if !response.resync {
            // From here on the server has what it had: what it called arrived so long ago is in every backup that is still put back.
            self.forget_old(now, &mut taken);
        }
        // More than one request can carry waits: go on as long as the answers settle something.
        let waits = !taken.settled.is_empty() && !self.sendable().is_empty();
        self.finish(taken, Purpose::Answer { more: response.more || waits })
    }

    fn finish(&mut self, mut taken: Taken, purpose: Purpose) -> Vec<Effect> {
        for id in &taken.touched {
            let has_pending = self.entries.get(id).is_some_and(|entry| !entry.pending.is_empty());
            if has_pending && taken.disturbed.contains(id) {
                self.settle(*id, &mut taken.writes);
                continue;
            }
            if has_pending {
                // The server's row lacks what was done here since.
                let row = self.working(*id).ok().and_then(|document| Summary::of(document));
                if let (Some(row), Some(entry)) = (row, self.entries.get_mut(id)) {
                    entry.stored.summary = row.pack();
                    entry.row = Some(row);
                }
            }
            // A part that is missing is asked for now, not when a person needs it: where the changes themselves do not
            // show that none is, the document is read once.
            let sound = has_pending
                || !taken.partial.contains(id)
                || self.entries.get_mut(id).is_none_or(|entry| {
                    let joined = taken.joined.get(id);
                    joined.is_some_and(|(before, from)| entry.joins(before, *from)) || entry.base().is_ok()
                });
            if !sound && !self.refetch.contains(id) {
                self.refetch.push(*id);
            }
            if let Some(entry) = self.entries.get(id) {
                taken.writes.documents.push(entry.stored.clone());
            }
        }
        let kept: Vec<_> = taken
            .settled
            .iter()
            .filter_map(|id| self.commands.get(id))
            .map(|held| held.stored.clone())
            .collect();
        taken.writes.commands.extend(kept);
        taken.writes.meta = Some(self.meta.clone());
        let mut effects: Vec<Effect> = taken.touched.iter().map(|id| Effect::Changed(Some(*id))).collect();
        effects.push(Effect::Changed(None));
        if !taken.refused.is_empty() {
            effects.push(Effect::Refused(taken.refused));
        }
        effects.insert(0, self.save(purpose, taken.writes));
        effects
    }

    fn take_verdict(
        &mut self,
        result: CommandResult,
        sent_hash: Option<Hash>,
        now: Timestamp,
        taken: &mut Taken,
    ) {
        let Some(held) = self.commands.get_mut(&result.id) else { return };
        if held.stored.state != CommandState::Pending {
            return;
        }
        let document = held.stored.envelope.document;
        let own_hash = held.stored.envelope.expected_hash;
        let own_change = held.stored.change.clone();
        let accepted = match result.verdict {
            Verdict::Accepted { hash } => Some(hash),
            Verdict::Replaced { .. } | Verdict::Refused { .. } => None,
        };
        let same = accepted.is_some() && own_hash == accepted;
        if accepted.is_some() && !same && sent_hash == accepted {
            // The command was run anew here while it was on its way: the server takes it that this phone has the change
            // that it sent, and it has not any more.
            self.refetch.push(document);
        }
        held.stored.state = match result.verdict {
            Verdict::Accepted { .. } | Verdict::Replaced { .. } => CommandState::Acknowledged { at: now },
            Verdict::Refused { problem, detail, .. } => {
                taken.refused.push(result.id);
                CommandState::Refused { problem, detail, at: now }
            }
        };
        taken.settled.insert(result.id);
        let Some(entry) = self.entries.get_mut(&document) else { return };
        taken.touched.insert(document);
        entry.pending.retain(|pending| *pending != result.id);
        match own_change {
            Some(change) if same => {
                if entry.stored.confirmed.is_empty()
                    && let Ok(skeleton) = entry.base()
                {
                    entry.stored.confirmed = skeleton.save();
                }
                taken.joined.entry(document).or_insert_with(|| entry.end());
                entry.stored.confirmed.extend_from_slice(&change);
                entry.stored.appended += 1;
            }
            _ => {
                entry.erased = false;
                entry.working = None;
                taken.disturbed.insert(document);
            }
        }
        if entry.pending.is_empty() && entry.stored.confirmed.is_empty() {
            // A document that only this phone had, and the server would not have.
            self.drop_document(document, taken);
        }
    }

    fn take_news(&mut self, news: DocumentNews, taken: &mut Taken) {
        let id = news.id;
        let fresh = || {
            Entry::new(StoredDocument {
                id,
                kind: news.kind.clone(),
                summary: news.summary.clone(),
                confirmed: Vec::new(),
                heads: Vec::new(),
                appended: 0,
            })
        };
        let known = self.entries.contains_key(&id);
        if !news.whole && self.entries.get(&id).is_none_or(|entry| entry.stored.confirmed.is_empty()) {
            // The server takes it that this phone has the rest, and it has not: ask for all of it.
            self.refetch.push(id);
            return;
        }
        let entry = self.entries.entry(id).or_insert_with(fresh);
        if news.whole {
            entry.stored.confirmed = news.bytes;
            entry.stored.appended = 0;
            taken.joined.remove(&id);
        } else {
            taken.partial.insert(id);
            taken.joined.entry(id).or_insert_with(|| entry.end());
            if !news.bytes.is_empty() {
                entry.stored.confirmed.extend_from_slice(&news.bytes);
                entry.stored.appended += 1;
            }
        }
        entry.stored.heads = crate::document::sorted(news.heads);
        entry.stored.summary = news.summary;
        entry.stored.kind = news.kind;
        entry.row = entry.stored.row();
        entry.working = None;
        taken.writes.dropped.retain(|dropped| *dropped != id);
        taken.touched.insert(id);
        if !known {
            self.revive_created();
        }
    }

    fn drop_document(&mut self, id: DocumentId, taken: &mut Taken) {
        // Unsent commands on it stay in the outbox: they are sent, and if refused they are shown.
        self.entries.remove(&id);
        self.loaded.retain(|loaded| *loaded != id);
        taken.touched.remove(&id);
        taken.writes.dropped.push(id);
    }

    /// The server lives another life (a restored backup): fetch all anew, and send again what it may have lost. Everything that is still
    /// here, however old: a phone that was away hears of a backup long after it was put back.
    fn resync(&mut self, taken: &mut Taken) {
        taken.writes.clear_documents = true;
        self.entries.clear();
        self.loaded.clear();
        for held in self.commands.values_mut() {
            if matches!(held.stored.state, CommandState::Acknowledged { .. }) {
                held.stored.state = CommandState::Pending;
                taken.settled.insert(held.stored.envelope.id);
            }
        }
        // Documents that only this phone has yet.
        self.revive_created();
        taken.touched.extend(self.entries.keys().copied());
        taken.disturbed.extend(self.entries.keys().copied());
        self.sync_again = true;
    }

    fn forget_old(&mut self, now: Timestamp, taken: &mut Taken) {
        let old: Vec<CommandId> = self
            .commands
            .values()
            .filter(|held| {
                matches!(held.stored.state, CommandState::Acknowledged { at }
                    if now.millis_since(at) > KEEP_ACKNOWLEDGED_DAYS * DAY_MS)
            })
            .map(|held| held.stored.envelope.id)
            .collect();
        for id in &old {
            self.commands.remove(id);
            taken.settled.remove(id);
        }
        taken.writes.forgotten.extend(old);
    }
}
