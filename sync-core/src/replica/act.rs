//! A person acts: the command runs on this phone at once, and command and change are kept in one write.

use super::{CommandState, Effect, Held, Purpose, Replica, StoredCommand, Writes};
use crate::command::{Act, Command};
use crate::ids::{CommandId, DocumentId};
use crate::problem::{ProblemKind, Refusal};
use crate::sync::message::{COMMAND_BODY_MAX, Envelope};
use crate::time::Timestamp;

impl Replica {
    pub(super) fn act(
        &mut self,
        id: CommandId,
        document: DocumentId,
        command: &Command,
        now: Timestamp,
        instead_of: Option<CommandId>,
    ) -> Vec<Effect> {
        match self.try_act(id, document, command, now) {
            Ok(mut writes) => {
                if let Some(refused) = instead_of {
                    self.commands.remove(&refused);
                    writes.forgotten.push(refused);
                }
                vec![self.save(Purpose::Act(id), writes), Effect::Changed(Some(document))]
            }
            Err(refusal) => {
                if self.entries.get(&document).is_some_and(|entry| {
                    entry.stored.confirmed.is_empty() && entry.pending.is_empty() && entry.row.is_none()
                }) {
                    self.entries.remove(&document);
                }
                vec![Effect::Denied(id, refusal)]
            }
        }
    }

    fn try_act(
        &mut self,
        id: CommandId,
        document: DocumentId,
        command: &Command,
        now: Timestamp,
    ) -> Result<Writes, Refusal> {
        let Some(person) = self.meta.person.clone() else {
            return Err(Refusal::new(ProblemKind::NotSignedIn, "nobody is signed in"));
        };
        if self.locked(now) {
            return Err(Refusal::new(ProblemKind::LeaseOver, "too long without contact"));
        }
        if command.creates_in().is_some() {
            self.entries
                .entry(document)
                .or_insert_with(|| Self::new_entry(document, command.document_kind()));
        }
        let existed = self
            .entries
            .get(&document)
            .is_some_and(|entry| !entry.stored.confirmed.is_empty() || !entry.pending.is_empty());
        let act = Act { id, by: &person, at: now };
        let actor = self.actor;
        let working = self.working(document)?;
        command.check(working, existed, &act)?;
        let body = command.body();
        if body.size() > COMMAND_BODY_MAX {
            // The server would refuse it: better said while it can still be made shorter.
            return Err(Refusal::new(
                ProblemKind::CommandTooLarge,
                format!("at most {COMMAND_BODY_MAX} bytes"),
            ));
        }
        let base_heads = working.heads();
        let seq = working.next_seq(actor);
        let change = match command.run(working, actor, &act) {
            Ok(change) => change,
            Err(refusal) => {
                self.unload(document);
                return Err(refusal);
            }
        };
        let Some(entry) = self.entries.get_mut(&document) else {
            return Err(Refusal::new(ProblemKind::NotFound, "no such document on this phone"));
        };
        let stored = StoredCommand {
            envelope: Envelope {
                id,
                document,
                kind: command.kind().to_owned(),
                base_heads: Some(base_heads),
                after: entry.pending.last().copied(),
                actor: Some(actor),
                seq: Some(seq),
                at: now,
                expected_hash: Some(change.hash),
                body,
            },
            by: person.user,
            place: self.meta.next_place,
            change: Some(change.bytes.into()),
            state: CommandState::Pending,
        };
        self.meta.next_place += 1;
        entry.pending.push(id);
        entry.erased |= command.erases();
        entry.redraw();
        // The place of the next act follows from those that are kept: the rest of what is stored stays as it is.
        let writes = Writes {
            documents: vec![entry.stored.clone()],
            commands: vec![stored.clone()],
            ..Writes::default()
        };
        self.commands.insert(id, Held { stored, saved: false });
        Ok(writes)
    }

    pub(super) fn unload(&mut self, document: DocumentId) {
        if let Some(entry) = self.entries.get_mut(&document) {
            entry.working = None;
        }
        self.loaded.retain(|loaded| *loaded != document);
    }

    /// The store refused an act: it did not happen, and what was based on it is run anew.
    pub(super) fn take_back(&mut self, id: CommandId) -> Vec<Effect> {
        let Some(held) = self.commands.remove(&id) else { return Vec::new() };
        let document = held.stored.envelope.document;
        let mut effects = vec![Effect::NotKept(id)];
        if let Some(entry) = self.entries.get_mut(&document) {
            entry.pending.retain(|pending| *pending != id);
            entry.erased = false;
            if entry.pending.is_empty() && entry.stored.confirmed.is_empty() {
                self.entries.remove(&document);
                self.loaded.retain(|loaded| *loaded != document);
            } else {
                let mut writes = Writes { forgotten: vec![id], ..Writes::default() };
                self.settle(document, &mut writes);
                effects.push(self.save(Purpose::Other, writes));
            }
        }
        effects.push(Effect::Changed(Some(document)));
        effects
    }

    pub(super) fn retry(&mut self, refused: CommandId, id: CommandId, now: Timestamp) -> Vec<Effect> {
        let Some(held) = self.commands.get(&refused) else { return Vec::new() };
        if !matches!(held.stored.state, CommandState::Refused { .. }) {
            return Vec::new();
        }
        let envelope = held.stored.envelope.clone();
        match Command::read(&envelope.kind, &envelope.body) {
            Ok(command) => self.act(id, envelope.document, &command, now, Some(refused)),
            Err(refusal) => vec![Effect::Denied(id, refusal)],
        }
    }

    /// Loads the document anew, runs its pending commands on it again, and adds what changed to the writes.
    pub(super) fn settle(&mut self, document: DocumentId, writes: &mut Writes) {
        self.unload(document);
        if self.rebuild(document).is_err() {
            if !self.refetch.contains(&document) {
                self.refetch.push(document);
            }
            return;
        }
        let Some(entry) = self.entries.get(&document) else { return };
        writes.commands.extend(
            entry.pending.iter().filter_map(|id| self.commands.get(id)).map(|held| held.stored.clone()),
        );
        writes.documents.push(entry.stored.clone());
    }

    /// Runs the pending commands of a document again on its confirmed part. One that cannot run any more keeps
    /// its place without a change: the server decides about it.
    pub(super) fn rebuild(&mut self, document: DocumentId) -> Result<(), Refusal> {
        let actor = self.actor;
        let Some(person) = self.meta.person.clone() else {
            return Err(Refusal::new(ProblemKind::NotSignedIn, "nobody is signed in"));
        };
        let Some(entry) = self.entries.get_mut(&document) else { return Ok(()) };
        let mut working = entry.base()?;
        let mut existed = !entry.stored.confirmed.is_empty();
        let mut after = None;
        for id in entry.pending.clone() {
            let Some(held) = self.commands.get_mut(&id) else { continue };
            let envelope = &mut held.stored.envelope;
            let act = Act { id, by: &person, at: envelope.at };
            let base_heads = working.heads();
            let seq = working.next_seq(actor);
            let before = working.clone();
            let run = Command::read(&envelope.kind, &envelope.body).and_then(|command| {
                command.check(&working, existed, &act)?;
                command.run(&mut working, actor, &act)
            });
            envelope.after = after.replace(id);
            if let Ok(change) = run {
                existed = true;
                envelope.base_heads = Some(base_heads);
                envelope.actor = Some(actor);
                envelope.seq = Some(seq);
                envelope.expected_hash = Some(change.hash);
                held.stored.change = Some(change.bytes.into());
            } else {
                working = before;
                envelope.base_heads = None;
                envelope.actor = None;
                envelope.seq = None;
                envelope.expected_hash = None;
                held.stored.change = None;
            }
        }
        entry.refresh_row(&working);
        entry.working = Some(working);
        Ok(())
    }
}
