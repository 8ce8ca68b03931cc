//! One document in memory: what is stored, the row for lists, and a loaded copy while it is in use.

use super::{CommandState, LOADED_MAX, Replica, StoredCommand, StoredDocument};
use crate::command::Command;
use crate::document::{self, Document, DocumentKind};
use crate::hash::Hash;
use crate::ids::{CommandId, DocumentId};
use crate::problem::{ProblemKind, Refusal};
use crate::summary::Summary;

/// How many changes may stand after a snapshot before they are folded into it.
const APPENDED_MAX: u32 = 32;

#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) stored: StoredDocument,
    pub(super) row: Option<Summary>,
    pub(super) pending: Vec<CommandId>,
    pub(super) working: Option<Document>,
    /// Erased on this phone, not yet on the server.
    pub(super) erased: bool,
}

impl StoredDocument {
    /// Its row: the one that came along, or, when that has a word of a newer app, the one that this app reads from the document. A round
    /// does not vanish from a list because somebody at the library has a newer app.
    pub(super) fn row(&self) -> Option<Summary> {
        Summary::unpack(&self.kind, &self.summary).or_else(|| {
            let document = (!self.confirmed.is_empty()).then(|| Document::load(&self.confirmed))?;
            Summary::of(&document.ok()?)
        })
    }
}

impl Entry {
    pub(super) fn new(stored: StoredDocument) -> Self {
        let row = stored.row();
        Self { stored, row, pending: Vec::new(), working: None, erased: false }
    }

    /// The server's part, or the skeleton when the server knows nothing of it.
    pub(super) fn base(&mut self) -> Result<Document, Refusal> {
        if self.stored.confirmed.is_empty() {
            let kind = DocumentKind::parse(&self.stored.kind)
                .ok_or_else(|| Refusal::new(ProblemKind::WrongDocument, "a kind of a newer app"))?;
            return Ok(Document::skeleton(kind)?);
        }
        let document = Document::load(&self.stored.confirmed)?;
        if document.heads() != self.stored.heads {
            return Err(Refusal::new(ProblemKind::DocumentDamaged, "a change is missing"));
        }
        if self.stored.appended > APPENDED_MAX {
            self.stored.confirmed = document.save();
            self.stored.appended = 0;
        }
        Ok(document)
    }

    /// Takes heads and row from the bytes: to an app that is too old the server says nothing beside its verdicts.
    pub(super) fn take_from_bytes(&mut self) {
        let Ok(document) = Document::load(&self.stored.confirmed) else { return };
        let Some(row) = Summary::of(&document) else { return };
        self.stored.heads = document.heads();
        self.stored.summary = row.pack();
        self.row = Some(row);
    }

    /// The heads of the confirmed part, and where its bytes end.
    pub(super) fn end(&self) -> (Vec<Hash>, usize) {
        (self.stored.heads.clone(), self.stored.confirmed.len())
    }

    /// Whether the changes that were added from there lead from these heads to those of now, with none missing. A tail
    /// that has grown long is for reading and folding.
    pub(super) fn joins(&self, before: &[Hash], from: usize) -> bool {
        self.stored.appended <= APPENDED_MAX
            && self
                .stored
                .confirmed
                .get(from..)
                .is_some_and(|added| document::connects(before, added, &self.stored.heads))
    }

    /// Takes the row from the loaded copy.
    pub(super) fn redraw(&mut self) {
        if let Some(row) = self.working.as_ref().and_then(Summary::of) {
            self.stored.summary = row.pack();
            self.row = Some(row);
        }
    }

    /// Takes the row from a loaded document.
    pub(super) fn refresh_row(&mut self, document: &Document) {
        if let Some(row) = Summary::of(document) {
            self.stored.summary = row.pack();
            self.row = Some(row);
        }
    }
}

impl Replica {
    /// The document with everything pending on it, loaded.
    pub(super) fn working(&mut self, id: DocumentId) -> Result<&mut Document, Refusal> {
        if self.entries.get(&id).is_some_and(|entry| entry.working.is_none()) {
            self.load(id)?;
        }
        self.loaded.retain(|loaded| *loaded != id);
        self.loaded.push(id);
        if self.loaded.len() > LOADED_MAX {
            let oldest = self.loaded.remove(0);
            if let Some(entry) = self.entries.get_mut(&oldest) {
                entry.working = None;
            }
        }
        self.entries
            .get_mut(&id)
            .and_then(|entry| entry.working.as_mut())
            .ok_or_else(|| Refusal::new(ProblemKind::NotFound, "no such document on this phone"))
    }

    fn load(&mut self, id: DocumentId) -> Result<(), Refusal> {
        let Some(entry) = self.entries.get_mut(&id) else { return Ok(()) };
        let base = entry.base();
        let mut document = match base {
            Ok(document) => document,
            Err(refusal) => {
                if !self.refetch.contains(&id) {
                    self.refetch.push(id);
                }
                return Err(refusal);
            }
        };
        let mut whole = true;
        for command in &entry.pending {
            let Some(held) = self.commands.get(command) else { continue };
            let (Some(change), Some(hash)) = (&held.stored.change, held.stored.envelope.expected_hash) else {
                whole = false;
                continue;
            };
            whole &= document.extend(change).is_ok() && document.holds(&[hash]);
        }
        if whole {
            entry.working = Some(document);
        } else {
            // Something the changes were based on is not there (a restored server): run the commands anew.
            self.rebuild(id)?;
        }
        Ok(())
    }

    /// The entry of a document that a command makes on this phone.
    pub(super) fn new_entry(id: DocumentId, kind: DocumentKind) -> Entry {
        Entry::new(StoredDocument {
            id,
            kind: kind.as_str().to_owned(),
            summary: crate::sync::packed::Packed::Cbor(Vec::new()),
            confirmed: Vec::new(),
            heads: Vec::new(),
            appended: 0,
        })
    }

    /// Pending commands find their documents again: those that make a document get an entry for it, and those on a
    /// document that came back take their place on it.
    pub(super) fn revive_created(&mut self) {
        let mut pending: Vec<(u64, DocumentId, CommandId)> = self
            .commands
            .values()
            .filter(|held| held.stored.state == CommandState::Pending)
            .map(|held| (held.stored.place, held.stored.envelope.document, held.stored.envelope.id))
            .collect();
        pending.sort_unstable();
        let mut fresh = Vec::new();
        for (_, document, id) in pending {
            let made = self.commands.get(&id).and_then(|held| made_by(&held.stored));
            if let (false, Some(kind)) = (self.entries.contains_key(&document), made) {
                self.entries.insert(document, Self::new_entry(document, kind));
                fresh.push(document);
            }
            if let Some(entry) = self.entries.get_mut(&document)
                && !entry.pending.contains(&id)
            {
                entry.pending.push(id);
            }
        }
        for document in fresh {
            let row = self.working(document).ok().cloned();
            if let (Some(working), Some(entry)) = (row, self.entries.get_mut(&document)) {
                entry.refresh_row(&working);
            }
        }
    }
}

/// The kind of document that a command of the outbox makes, if it makes one and this app still knows it.
fn made_by(stored: &StoredCommand) -> Option<DocumentKind> {
    let command = Command::read(&stored.envelope.kind, &stored.envelope.body).ok()?;
    command.creates_in().map(|_| command.document_kind())
}
